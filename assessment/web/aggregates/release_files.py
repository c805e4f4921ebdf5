"""Figures of clusters elsewhere that a cluster compares itself with: the list, bringing one in, taking one away."""

from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.content.aggregates.release_files import LARGEST, in_groups
from assessment.core.access import Action
from assessment.core.errors import NotSaved, Refused
from assessment.reporting.aggregates.release_words import refusal_words
from assessment.services.aggregates import readiness, release_files
from assessment.services.aggregates.release_files import Looked
from assessment.services.clusters import clusters
from assessment.services.clusters.clusters import EnteredCluster
from assessment.web.clusters.clusters import around
from assessment.web.current import instance, language
from assessment.web.people.companies import Errors
from assessment.web.policies import asking, needs
from assessment.web.problems import NOT_SAVED_STATUS, PAGE, not_saved

blueprint = Blueprint("release_files", __name__)

TAKES_FILES: Final = ("release_files.look",)


@blueprint.get("/clusters/<cluster_id>/comparisons")
@needs(Action.RUN_CLUSTER)
def comparisons(cluster_id: str) -> str:
    """The clusters elsewhere that this one compares itself with, and a form to bring in another."""
    return _page(clusters.enter(instance(), asking(), cluster_id), [])


def _page(entered: EnteredCluster, errors: Errors) -> str:
    groups = release_files.brought(instance(), entered.cluster.id)
    return render_template(
        "pages/cluster/comparisons.html", **around(entered), groups=groups, errors=errors, in_groups=in_groups,
        signer=in_groups(release_files.own_signer(instance())), most=LARGEST // 1024,
        has_figures=readiness.shown(instance(), entered.cluster, "", language().code) is not None,
    )  # fmt: skip


@blueprint.post("/clusters/<cluster_id>/comparisons")
@needs(Action.RUN_CLUSTER)
def look(cluster_id: str) -> str | tuple[str, int]:
    """What a file says and who signed it, before anything is kept."""
    entered = clusters.enter(instance(), asking(), cluster_id)
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Refused("none")
        content = sent.read(LARGEST + 1)
        looked = release_files.look(instance(), entered.cluster, content)
    except Refused as refused:
        return _page(entered, [("file", refusal_words(refused.code, language()))]), 422
    return _look_page(entered, looked, release_files.packed(content), [])


def _look_page(entered: EnteredCluster, looked: Looked, packed: str, errors: Errors) -> str:
    return render_template(
        "pages/cluster/comparison_look.html", **around(entered), file=looked.verified.file, replaces=looked.replaces,
        signer=in_groups(looked.verified.signer), packed=packed, errors=errors,
    )  # fmt: skip


@blueprint.post("/clusters/<cluster_id>/comparisons/add")
@needs(Action.RUN_CLUSTER)
def add(cluster_id: str) -> Answer | tuple[str, int]:
    """Compare with the cluster of the file from now on."""
    entered = clusters.enter(instance(), asking(), cluster_id)
    packed = request.form.get("packed", "")
    try:
        content = release_files.unpacked(packed)
        looked = release_files.look(instance(), entered.cluster, content)
        release_files.bring_in(instance(), asking(), cluster_id, content)
    except Refused as refused:
        return _page(entered, [("file", refusal_words(refused.code, language()))]), 422
    except NotSaved as failure:
        errors = [(PAGE, not_saved(language()))]
        return _look_page(entered, looked, packed, errors), NOT_SAVED_STATUS[failure.code]
    return redirect(url_for("release_files.comparisons", cluster_id=cluster_id, notice="comparison-in"), 303)


@blueprint.post("/clusters/<cluster_id>/comparisons/<group_id>/remove")
@needs(Action.RUN_CLUSTER)
def remove(cluster_id: str, group_id: str) -> Answer:
    """No longer compare with a cluster."""
    release_files.remove(instance(), asking(), cluster_id, group_id)
    return redirect(url_for("release_files.comparisons", cluster_id=cluster_id, notice="comparison-out"), 303)
