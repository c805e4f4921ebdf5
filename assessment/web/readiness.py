"""A cluster's figures for those who run it, and for its members where it shows them: the newest snapshot or an older.

The pages read one kept document, so they cost the same however many companies stand behind it.
"""

from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.disclosure import rules_of
from assessment.core.errors import NotFound, NotSaved, Refused
from assessment.core.snapshots import Rules
from assessment.services import belonging, clusters, readiness
from assessment.services.clusters import EnteredCluster
from assessment.services.readiness import Shown
from assessment.storage.clusters import Cluster
from assessment.web import readiness_words
from assessment.web.clusters import around
from assessment.web.companies import Errors
from assessment.web.current import instance, language
from assessment.web.limits import PDFS, limited
from assessment.web.policies import asking, needs
from assessment.web.problems import NOT_SAVED_STATUS, PAGE, not_saved

blueprint = Blueprint("readiness", __name__)


@blueprint.get("/clusters/<cluster_id>/readiness")
@needs(Action.SEE_CLUSTER)
def page(cluster_id: str) -> str:
    """The newest figures, or those of an older snapshot."""
    return _page(clusters.enter(instance(), asking(), cluster_id), [])


def _page(entered: EnteredCluster, errors: Errors) -> str:
    found = readiness.shown(instance(), entered.cluster, request.args.get("of", "")[:32], language().code)
    return render_template(
        "pages/cluster/readiness.html", **around(entered), **figures(found), errors=errors,
        state=readiness.state_of(instance(), entered.cluster.id), can_change=True,
        rules=_rules(entered.cluster),
    )  # fmt: skip


def _rules(cluster: Cluster) -> Rules:
    return rules_of(cluster.threshold)


def figures(found: Shown | None) -> dict[str, Any]:
    """What the page shows of a snapshot; the same for managers and members."""
    if found is None:
        return {"shown": None, "snapshot": None}
    labels = readiness_words.Labels(found, language())
    return {
        "shown": found, "snapshot": found.snapshot, "labels": labels, "shade": readiness_words.shade,
        "weakest": readiness_words.weakest_of(found, labels),
        "practices": readiness_words.practices_of(found, labels),
        "heats": {
            name: heat for name in ("sectors", "sizes", "regions")
            if (heat := readiness_words.heat_of(found, name, labels)) is not None
        },
        **{
            f"{name}_rows": readiness_words.rows_of(found, name, labels)
            for name in ("participation", "sections", "percentiles", "amounts", "change", "comparison")
        },
    }  # fmt: skip


@blueprint.post("/clusters/<cluster_id>/readiness")
@limited(PDFS)
@needs(Action.RUN_CLUSTER)
def ask(cluster_id: str) -> Answer | tuple[str, int]:
    """Ask for a new snapshot."""
    entered = clusters.enter(instance(), asking(), cluster_id)
    try:
        readiness.ask(instance(), asking(), cluster_id)
    except Refused as refused:
        if refused.code == "not-yours":
            raise
        return _page(entered, [(PAGE, _not_now(entered.cluster, refused.code))]), 422
    except NotSaved as failure:
        return _page(entered, [(PAGE, not_saved(language()))]), NOT_SAVED_STATUS[failure.code]
    inline = instance().settings.jobs == "inline"
    notice = "snapshot-made" if inline else "snapshot-asked"
    return redirect(url_for("readiness.page", cluster_id=cluster_id, notice=notice), 303)


def _not_now(cluster: Cluster, code: str) -> str:
    """Why there are no new figures now, and what to do."""
    _, rules = language().gettext, _rules(cluster)
    said = {"least": language().number(rules.k), "days": language().number(rules.days)}
    if code == "too-soon":
        found = readiness.shown(instance(), cluster, "", language().code)
        if found is not None:
            said["day"] = language().date((found.snapshot.taken_at + timedelta(days=rules.days)).date())
    words = {
        "too-few-companies": _(
            "Figures need %(least)s companies that finished the check and agreed to be counted. There are not so many "
            "yet. Invite more members, or ask those who finished whether they agree to be counted."
        ),
        "too-soon": _(
            "New figures can be taken %(days)s days after the last ones: on %(day)s. Closer together they would show "
            "what single companies changed."
        ),
        "too-few-changes": _(
            "Since the last figures too few companies joined or changed their answers. New figures need %(least)s of "
            "them, so that nobody can be found in the difference. The last ones stay on show."
        ),
    }
    return words[code] % said


# For members


@blueprint.get("/companies/<company_id>/clusters/<cluster_id>/readiness")
@needs(Action.SEE_CLUSTERS)
def for_member(company_id: str, cluster_id: str) -> str:
    """What the cluster sees of its members, as a member sees it: the same figures, where the cluster shows them."""
    belongs = belonging.belongs(instance(), asking(), company_id, cluster_id)
    if not belongs.cluster.published:
        raise NotFound(cluster_id)
    found = readiness.shown(instance(), belongs.cluster, request.args.get("of", "")[:32], language().code)
    return render_template(
        "pages/cluster/readiness_member.html", company=belongs.entered.company, cluster=belongs.cluster,
        **figures(found), errors=[], can_change=False, rules=_rules(belongs.cluster),
    )  # fmt: skip
