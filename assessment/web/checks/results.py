"""Results: the score with its reasons, and the printed plan."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.checks.display import Pairs
from assessment.core.checks.replies import opening_of
from assessment.core.checks.scoring import PROOF_LEVEL
from assessment.core.errors import NotSaved
from assessment.reporting.checks import weakest_words
from assessment.reporting.checks.display_document import PairTable, Stages
from assessment.reporting.checks.display_maker import shown_of
from assessment.reporting.checks.since import Since, since
from assessment.reporting.mentors.confirmed_words import pair_sentence
from assessment.services.aggregates import comparing, members_told
from assessment.services.checks import answering, results, years
from assessment.services.checks.answering import OpenDraft
from assessment.services.checks.kept_results import Frozen, Results
from assessment.services.mentors import reviewing
from assessment.services.mentors.contacts import whom_to_call
from assessment.services.money import money
from assessment.services.plans import planning, reports
from assessment.web.browser import browser
from assessment.web.checks.fields import cleaned
from assessment.web.checks.shown import in_words
from assessment.web.current import instance, language, press
from assessment.web.limits import PDFS, limited
from assessment.web.money import money_words
from assessment.web.plans.effort_matrix import matrix_of
from assessment.web.policies import asking, needs, opened_draft
from assessment.web.problems import NOT_SAVED_STATUS, not_saved

blueprint = Blueprint("results", __name__)

LONGEST_NAME = 100
STRENGTHS = 4
_PDF_HEADERS = [("Content-Disposition", 'attachment; filename="green-pathways-action-plan.pdf"')]


@blueprint.get("/assessments/<draft_id>/results")
@needs(Action.READ_RESULTS)
def show(draft_id: str) -> str:
    """The newest result, with the first steps and what changed since."""
    opened = opened_draft(draft_id)
    frozen = results.latest(instance(), opened, language().code)
    plan = planning.plan_of(instance(), opened, frozen.results)
    known = [reason for reason in frozen.results.reasons if reason.level is not None and reason.level >= PROOF_LEVEL]
    reckoning = money.reckoning_of(instance(), opened, frozen.results, plan)
    titles = _titles(frozen.results)
    return render_template(
        "pages/results/results.html", opened=opened, frozen=frozen, results=frozen.results, plan=plan,
        changed=results.changed_since(opened, frozen), titles=titles,
        weakest=weakest_words.yours([titles[row.section] for row in frozen.results.scorecard.weakest], language()),
        since=_since(opened, frozen), matrix=matrix_of(reckoning, plan.cards, language()),
        savings=money_words.card_savings(reckoning, frozen.results.catalogue, language()),
        years=years.neighbours(instance(), asking(), opened),
        mark=reviewing.mark_of(instance(), opened) if opened.draft.company_id else None,
        confirmed=_confirmed(opened),
        opening=opening_of(frozen.results.route, frozen.results.answers),
        call=whom_to_call(instance(), opened.draft.company_id),
        strengths=sorted(known, key=lambda reason: (-(reason.level or 0), -reason.weight))[:STRENGTHS],
        **_beside(frozen.results), **_as_content_says(opened, frozen.results),
    )  # fmt: skip


def _beside(found: Results) -> dict[str, object]:
    """What other companies score, where this questionnaire's results are compared."""
    questionnaire = found.edition.questionnaire
    sector = questionnaire.sector_of(found.answers)
    return {
        "is_compared": comparing.is_compared(found.edition), "trade": questionnaire.trade_of(found.answers),
        "beside": comparing.beside(instance(), found.edition, sector.id),
    }  # fmt: skip


def _confirmed(opened: OpenDraft) -> str:
    """Both scores where a mentor has looked at the answers; empty where none has."""
    pair = reviewing.pair_of(instance(), opened)
    return pair_sentence(pair.declared, pair.confirmed, pair.share, language()) if pair else ""


@blueprint.get("/assessments/<draft_id>/years")
@needs(Action.READ_RESULTS)
def years_compared(draft_id: str) -> str:
    """The scores of this year beside those of the year before, and why they moved."""
    opened = opened_draft(draft_id)
    frozen = results.latest(instance(), opened, language().code)
    return render_template("pages/results/years.html", opened=opened, frozen=frozen, since=_since(opened, frozen))


def _since(opened: OpenDraft, frozen: Frozen) -> Since | None:
    found = years.since_last_year(instance(), opened, frozen, language().code)
    return since(found.comparison, found.day, found.question, found.title, language()) if found else None


def _as_content_says(opened: OpenDraft, found: Results) -> dict[str, object]:
    """Stages or pairs of scores, where the questionnaire wants them, and the funding of the stage at work."""
    lacked = members_told.lacked_beside(instance(), opened, language().code)
    shown = shown_of(found.route, found.answers, found.scorecard, language(), lacked)
    return {
        "stages": shown if isinstance(shown, Stages) else None,
        "pairs": shown if isinstance(shown, PairTable) else None,
        "support": results.support_of(found, instance().today),
    }


def _titles(found: Results) -> dict[str, str]:
    return {section.id: section.title for section in found.edition.questionnaire.sections}


@blueprint.get("/assessments/<draft_id>/early")
@needs(Action.READ_RESULTS)
def early(draft_id: str) -> str:
    """The scores of the sections answered so far; nothing is frozen."""
    opened = opened_draft(draft_id)
    current = results.early_results(instance(), opened, language().code)
    return render_template(
        "pages/results/early.html",
        opened=opened,
        results=current,
        told=answering.sections_told(opened),
        **_as_content_says(opened, current),
    )


@blueprint.get("/assessments/<draft_id>/results/<section>")
@needs(Action.READ_RESULTS)
def why(draft_id: str, section: str) -> str:
    """Why this score: each question with its points, and what would add most."""
    opened = opened_draft(draft_id)
    frozen = results.latest(instance(), opened, language().code)
    scored = frozen.results.scorecard.section(section)
    if scored is None:
        abort(404)
    reasons = [reason for reason in frozen.results.reasons if reason.section == section]
    questions, given = frozen.results.edition.questionnaire.questions, frozen.results.answers
    answers = {
        reason.question: in_words(questions[reason.question], given[reason.question], language())
        if reason.question in given else ()
        for reason in reasons
    }  # fmt: skip
    return render_template(
        "pages/results/why.html", opened=opened, frozen=frozen, results=frozen.results, scored=scored, reasons=reasons,
        answers=answers, **_gate_of(frozen.results, section),
    )  # fmt: skip


def _gate_of(found: Results, section: str) -> dict[str, object]:
    """The stage that a section is, and the name of what each of its questions belongs to."""
    shown = shown_of(found.route, found.answers, found.scorecard, language())
    stage = next((row for row in shown.rows if row.id == section), None) if isinstance(shown, Stages) else None
    display = found.edition.questionnaire.results
    series = {
        question: each.label for each in display.series for question in each.questions
    } if isinstance(display, Pairs) else {}  # fmt: skip
    return {"stage": stage, "opens_at": shown.opens_at if isinstance(shown, Stages) else 0, "series": series}


def _material(draft_id: str) -> reports.ForPrint:
    opened = opened_draft(draft_id)
    frozen = results.latest(instance(), opened, language().code)
    return reports.material_of(instance(), opened, frozen, language().code)


def _report_page(material: reports.ForPrint, error: str, typed: str) -> str:
    made = reports.state_of(instance(), press(), material, _by(material))
    return render_template(
        "pages/results/report.html", opened=material.opened, frozen=material.frozen, made=made, error=error, typed=typed
    )


@blueprint.get("/assessments/<draft_id>/report")
@needs(Action.TAKE_FILES)
def report(draft_id: str) -> str:
    """Where the PDF is fetched; while it is being made the page says so and asks again by itself."""
    material = _material(draft_id)
    return _report_page(material, "", material.opened.draft.company_name)


def _by(material: reports.ForPrint) -> str:
    """Who takes the PDF from outside the company; empty for those inside, whose it is."""
    return browser().person_id if material.opened.looking_on else ""


@blueprint.post("/assessments/<draft_id>/report")
@limited(PDFS)
@needs(Action.TAKE_FILES)
def order_report(draft_id: str) -> Answer | tuple[str, int]:
    """Put the company's name on the plan, if it wants, and have the PDF made."""
    material = _material(draft_id)
    named = material.opened.draft.company_name
    # Whoever may not change the name is not asked for one.
    asked = material.opened.may(Action.CHANGE_PLAN)
    name = " ".join(cleaned(request.form.get("company_name", "")).split()) if asked else named
    if len(name) > LONGEST_NAME:
        error = language().gettext("The company name must be 100 characters or fewer")
        return _report_page(material, error, name), 422
    try:
        if name != named:
            answering.name_company(instance(), material.opened, name)
            material = _material(draft_id)
        reports.order(instance(), press(), material, _by(material))
    except NotSaved as failure:
        return _report_page(material, not_saved(language()), name), NOT_SAVED_STATUS[failure.code]
    return redirect(url_for("results.report", draft_id=draft_id), 303)


@blueprint.get("/assessments/<draft_id>/report/<key>.pdf")
@needs(Action.TAKE_FILES)
def report_file(draft_id: str, key: str) -> Answer:
    """A PDF that was made."""
    content = reports.stored(instance(), asking(), draft_id, results.REPORT_JOB, key)
    return Response(content, content_type="application/pdf", headers=_PDF_HEADERS)
