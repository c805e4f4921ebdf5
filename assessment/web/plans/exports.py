"""The plan as files to work on with, and the schema of the one that machines read."""

from flask import Blueprint, Response

from assessment.content import folders
from assessment.core.access import Action, Standpoint
from assessment.core.errors import NotFound
from assessment.reporting.plans.plan_files import MIMETYPES, NAME, SCHEMA_FILE, SCHEMA_PATH
from assessment.services.checks import results
from assessment.services.plans import reports
from assessment.web.current import instance, language, press
from assessment.web.limits import PDFS, limited
from assessment.web.policies import needs, opened_draft

blueprint = Blueprint("exports", __name__)


@blueprint.get("/assessments/<draft_id>/plan/files/<form>")
@limited(PDFS)
@needs(Action.TAKE_FILES)
def plan_file(draft_id: str, form: str) -> Response:
    """The plan as it stands, as a workbook, a Word document, JSON or CSV."""
    known = next((name for name in MIMETYPES if name == form), None)
    if known is None:
        raise NotFound(form)
    opened = opened_draft(draft_id)
    frozen = results.latest(instance(), opened, language().code)
    material = reports.material_of(instance(), opened, frozen, language().code)
    content = press().export(instance(), material, known)
    headers = {"Content-Disposition": f'attachment; filename="{NAME}.{known}"'}
    return Response(content, mimetype=MIMETYPES[known], headers=headers)


@blueprint.get(SCHEMA_PATH)
@needs(Standpoint.ANYBODY)
def plan_schema() -> Response:
    """The JSON Schema of the plan's JSON file."""
    content = (folders.REPORTS / SCHEMA_FILE).read_bytes()
    return Response(content, mimetype="application/schema+json")
