"""The poster of a cluster, for those who run it."""

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.services.clusters import cluster_posters
from assessment.web.clusters.clusters import around
from assessment.web.current import instance, language, press
from assessment.web.limits import PDFS, limited
from assessment.web.policies import asking, needs

blueprint = Blueprint("cluster_posters", __name__)

_PDF_HEADERS = [("Content-Disposition", 'attachment; filename="green-pathways-poster.pdf"')]


@blueprint.get("/clusters/<cluster_id>/poster")
@needs(Action.RUN_CLUSTER)
def page(cluster_id: str) -> str:
    """Where the poster is fetched; while it is being made the page says so and asks again by itself."""
    entered, made = cluster_posters.look(instance(), press(), asking(), cluster_id, language().code)
    return render_template("pages/campaigns/poster.html", **around(entered), made=made)


@blueprint.post("/clusters/<cluster_id>/poster")
@limited(PDFS)
@needs(Action.RUN_CLUSTER)
def order(cluster_id: str) -> Answer:
    """Have the poster made as the cluster is now."""
    cluster_posters.order(instance(), press(), asking(), cluster_id, language().code)
    return redirect(url_for("cluster_posters.page", cluster_id=cluster_id), 303)


@blueprint.get("/clusters/<cluster_id>/poster/<key>.pdf")
@needs(Action.RUN_CLUSTER)
def file(cluster_id: str, key: str) -> Answer:
    """A poster that was made."""
    content = cluster_posters.take(instance(), asking(), cluster_id, key)
    return Response(content, content_type="application/pdf", headers=_PDF_HEADERS)
