"""The report for a cluster's board: ordered on a page that looks again by itself, and fetched there."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.services.aggregates import board_reports
from assessment.web.clusters.clusters import around
from assessment.web.current import instance, language, press
from assessment.web.limits import PDFS, limited
from assessment.web.policies import asking, needs

blueprint = Blueprint("board_reports", __name__)

_PDF_HEADERS = [("Content-Disposition", 'attachment; filename="green-pathways-readiness.pdf"')]


def _release() -> str:
    return request.args.get("of", "")[:32]


@blueprint.get("/clusters/<cluster_id>/readiness/report")
@needs(Action.SEE_CLUSTER)
def page(cluster_id: str) -> str:
    """Where the report of a snapshot is fetched; while it is being made the page says so and asks again by itself."""
    entered, found, made = board_reports.look(
        instance(), press(), asking(), cluster_id, _release(), language().code
    )  # fmt: skip
    return render_template("pages/cluster/report.html", **around(entered), shown=found, made=made)


@blueprint.post("/clusters/<cluster_id>/readiness/report")
@limited(PDFS)
@needs(Action.SEE_CLUSTER)
def order(cluster_id: str) -> Answer:
    """Have the report made."""
    board_reports.order(instance(), press(), asking(), cluster_id, _release(), language().code)
    return redirect(url_for("board_reports.page", cluster_id=cluster_id, of=_release() or None), 303)


@blueprint.get("/clusters/<cluster_id>/readiness/report/<key>.pdf")
@needs(Action.SEE_CLUSTER)
def file(cluster_id: str, key: str) -> Answer:
    """A report that was made."""
    content = board_reports.take(instance(), asking(), cluster_id, key, language().code)
    return Response(content, content_type="application/pdf", headers=_PDF_HEADERS)
