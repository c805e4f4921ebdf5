"""Results of members that agreed to be seen by name: apart from the figures of many, one company at a time."""

from collections.abc import Mapping

from flask import Blueprint, render_template

from assessment.core.access import Action
from assessment.reporting.plans.action_words import status_words
from assessment.services.clusters import named_results
from assessment.services.clusters.named_results import Result
from assessment.web.clusters.clusters import around
from assessment.web.current import instance, language
from assessment.web.policies import asking, needs

blueprint = Blueprint("named_results", __name__)


@blueprint.get("/clusters/<cluster_id>/named")
@needs(Action.SEE_NAMED)
def listed(cluster_id: str) -> str:
    """Who agreed to it."""
    named = named_results.listed(instance(), asking(), cluster_id)
    return render_template("pages/cluster/named.html", **around(named.entered), named=named)


@blueprint.get("/clusters/<cluster_id>/named/<member_id>")
@needs(Action.SEE_NAMED)
def one(cluster_id: str, member_id: str) -> str:
    """One member's scores and plan."""
    found = named_results.one(instance(), asking(), cluster_id, member_id, language().code)
    titles = titles_of(found.result)
    return render_template(
        "pages/cluster/named_one.html", **around(found.entered), found=found, titles=titles,
        status_words=lambda status: status_words(status, language()),
    )  # fmt: skip


def titles_of(result: Result) -> Mapping[str, str]:
    """The titles of the sections that a result tells of, in the order of its questionnaire."""
    return {section.id: section.title for section in result.edition.questionnaire.sections}
