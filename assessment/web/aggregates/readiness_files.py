"""A cluster's figures to take away: files to work on with, the signed file for others.

All of them are made of the snapshot that the page shows, `?of=` an older one as there.
"""

from typing import Final

from flask import Blueprint, Response, request

from assessment.core.access import Action
from assessment.core.errors import NotFound
from assessment.reporting.aggregates.cluster_document import ClusterReadinessDocument
from assessment.reporting.aggregates.cluster_exports import CLUSTER_EXPORTS, NAME, release_file
from assessment.services.aggregates import readiness, release_files
from assessment.services.clusters import clusters
from assessment.services.clusters.clusters import EnteredCluster
from assessment.web.current import instance, language, press
from assessment.web.limits import PDFS, limited
from assessment.web.policies import asking, needs

blueprint = Blueprint("readiness_files", __name__)

RELEASE_NAME: Final = "green-pathways-release"


def _document(entered: EnteredCluster) -> ClusterReadinessDocument:
    """The document of the snapshot that the address names. Raises NotFound where there is none."""
    found = readiness.shown(instance(), entered.cluster, request.args.get("of", "")[:32], language().code)
    if found is None:
        raise NotFound(entered.cluster.id)
    document: ClusterReadinessDocument = press().cluster_document(instance(), found, language().code)
    return document


def _file(content: bytes, document: ClusterReadinessDocument, name: str, mimetype: str) -> Response:
    stem, _, ending = name.rpartition(".")
    named = f"{stem}-{document.snapshot.taken_at.date().isoformat()}.{ending}"
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{named}"'})


@blueprint.get("/clusters/<cluster_id>/readiness/files/<form>")
@limited(PDFS)
@needs(Action.SEE_CLUSTER)
def take(cluster_id: str, form: str) -> Response:
    """The figures as CSV with a codebook, as a workbook or as JSON."""
    entered = clusters.enter(instance(), asking(), cluster_id)
    known = next((name for name in CLUSTER_EXPORTS if name == form), None)
    if known is None:
        raise NotFound(form)
    export, document = CLUSTER_EXPORTS[known], _document(entered)
    return _file(export.make(document, language()), document, f"{NAME}.{export.ending}", export.mimetype)


@blueprint.get("/clusters/<cluster_id>/release-file")
@limited(PDFS)
@needs(Action.RUN_CLUSTER)
def release(cluster_id: str) -> Response:
    """The signed file that other clusters bring in to compare with, and that research reads."""
    document = _document(clusters.enter(instance(), asking(), cluster_id))
    content = release_files.signed(instance(), release_file(document, language()))
    return _file(content, document, f"{RELEASE_NAME}.json", "application/json")
