"""The report of a review as a PDF, for the mentor and for the company alike."""

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.services.mentors import review_material, review_reports
from assessment.services.mentors.review_material import ReviewForPrint
from assessment.services.plans import reports
from assessment.web.browser import browser
from assessment.web.current import instance, language, press
from assessment.web.limits import PDFS, limited
from assessment.web.policies import asking, needs, opened_draft

blueprint = Blueprint("review_reports", __name__)

_PDF_HEADERS = [("Content-Disposition", 'attachment; filename="green-pathways-mentor-review.pdf"')]


def _material(draft_id: str) -> ReviewForPrint:
    return review_material.material_of(instance(), opened_draft(draft_id), language().code)


@blueprint.get("/assessments/<draft_id>/review-report")
@needs(Action.TAKE_REVIEW)
def page(draft_id: str) -> str:
    """Where the PDF is fetched; while it is being made the page says so and asks again by itself."""
    material = _material(draft_id)
    made = review_reports.state_of(instance(), press(), material, browser().person_id)
    return render_template(
        "pages/review/report.html", opened=material.check.opened, made=made, day=material.day,
        mentor=material.check.opened.may(Action.REVIEW_ANSWERS),
    )  # fmt: skip


@blueprint.post("/assessments/<draft_id>/review-report")
@limited(PDFS)
@needs(Action.TAKE_REVIEW)
def order(draft_id: str) -> Answer:
    """Have the PDF made as the review stands now."""
    review_reports.order(instance(), press(), _material(draft_id), browser().person_id)
    return redirect(url_for("review_reports.page", draft_id=draft_id), 303)


@blueprint.get("/assessments/<draft_id>/review-report/<key>.pdf")
@needs(Action.TAKE_REVIEW)
def file(draft_id: str, key: str) -> Answer:
    """A PDF that was made."""
    content = reports.stored(instance(), asking(), draft_id, review_reports.REVIEW_JOB, key)
    return Response(content, content_type="application/pdf", headers=_PDF_HEADERS)
