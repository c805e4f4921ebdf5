"""The press: where results, reports and the PDF engine meet.

A web worker's press renders through a fresh child process, the worker's through a fork that has the engine loaded;
which one is the caller's choice, and neither imports the engine here.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from assessment.content import folders
from assessment.content.checks.examples import Example
from assessment.core.aggregates.practices import Told
from assessment.core.errors import NotFound, NotMade
from assessment.i18n import Language, languages
from assessment.reporting import pdf
from assessment.reporting.aggregates.cluster_document import ClusterReadinessDocument
from assessment.reporting.aggregates.cluster_names import document_of
from assessment.reporting.checks.blank_questionnaire import blank_questionnaire_document
from assessment.reporting.checks.since import since
from assessment.reporting.clusters.cluster_poster import cluster_poster_document
from assessment.reporting.compose import compose, report_of
from assessment.reporting.documents import ActionPlanDocument, Contact, Document
from assessment.reporting.mentors.confirmed_words import pair_sentence
from assessment.reporting.mentors.mentor_review import (
    STATES,
    Confirmed,
    Reviewed,
    ReviewFindings,
    Suggested,
    mentor_review_document,
)
from assessment.reporting.mentors.review_document import (
    CommentRow,
    MentorReviewDocument,
    SignedRow,
    StatementRow,
    SuggestedRow,
    VisitRow,
)
from assessment.reporting.money.money_maker import Reckoned
from assessment.reporting.plans.action_plan import Findings, PlanLine, Setting, action_plan_document
from assessment.reporting.plans.action_words import investment_words
from assessment.reporting.plans.exports import EXPORTS
from assessment.reporting.plans.followed import Measurements, NotedAction, with_outcomes
from assessment.reporting.plans.plan_files import Form
from assessment.services.aggregates import readiness
from assessment.services.aggregates.cluster_figures import Shown
from assessment.services.checks import results
from assessment.services.checks.kept_results import Results
from assessment.services.clusters.poster_material import PosterForPrint
from assessment.services.demo import seeding
from assessment.services.instance import Instance
from assessment.services.mentors.contacts import WhomToCall, whom_to_call
from assessment.services.mentors.review_material import ReviewForPrint
from assessment.services.money import money
from assessment.services.money.money import Reckoning
from assessment.services.plans import planning, reports
from assessment.services.plans.planning import Card, Plan
from assessment.services.plans.reports import ForPrint
from assessment.storage.mentors.confirmed_savings import SavingStatement
from assessment.storage.mentors.mentor_suggestions import Suggested as StoredSuggestion

Render = Callable[[str, str], bytes]
"""From the HTML and the name of a report to its PDF."""

SAMPLE_EXAMPLE = "bakery-bg"


class ReportPress:
    """Makes the PDFs of an instance."""

    def __init__(self, render: Render = pdf.render_pdf) -> None:
        self._render = render

    @cached_property
    def edition(self) -> str:
        """A digest of templates, styles and code: with another one the same content may print differently."""
        code = Path(pdf.__file__).parent.rglob("*.py")
        files = sorted([*folders.REPORTS.rglob("*"), *folders.TEMPLATES.glob("macros/*"), *code])
        digest = hashlib.sha256()
        for path in files:
            if path.is_file() and path.suffix != ".ttf":
                digest.update(path.name.encode() + path.read_bytes())
        return digest.hexdigest()

    def pages(self, content: bytes) -> int:
        """How many pages a PDF of ours has."""
        return pdf.pages(content)

    def action_plan(self, instance: Instance, material: ForPrint) -> bytes:
        """The plan of a draft."""
        return self.printed(plan_document(instance, material), material.language)

    def mentor_review(self, instance: Instance, material: ReviewForPrint) -> bytes:
        """The review of a check."""
        return self.printed(review_document(instance, material), material.language)

    def review_shown(self, instance: Instance, material: ReviewForPrint) -> str:
        """Everything that the PDF of a review shows, as text."""
        return repr(review_document(instance, material))

    def cluster_poster(self, instance: Instance, material: PosterForPrint) -> bytes:
        """The poster of a cluster."""
        told = material
        document = cluster_poster_document(
            told.name, told.text, told.logo_kind, told.logo, told.address, told.code
        )  # fmt: skip
        return self.printed(document, material.language)

    def cluster_document(self, instance: Instance, found: Shown, code: str) -> ClusterReadinessDocument:
        """A snapshot with its words."""
        return cluster_document(instance, found, code)

    def cluster_report(self, instance: Instance, found: Shown, code: str) -> bytes:
        """The report of a snapshot."""
        return self.printed(cluster_document(instance, found, code), code)

    def cluster_report_shown(self, instance: Instance, found: Shown, code: str) -> str:
        """Everything that the PDF of such a report shows, as text."""
        return repr(cluster_document(instance, found, code))

    def example(self, instance: Instance, example: Example, code: str) -> bytes:
        """The plan of an example company, straight from its answers."""
        return self.printed(example_document(instance, example, code), code)

    def export(self, instance: Instance, material: ForPrint, form: Form) -> bytes:
        """The plan of a draft as another file."""
        return EXPORTS[form](plan_document(instance, material), language_of(material.language))

    def public(self, instance: Instance, report: str, language: str) -> bytes:
        """A PDF that belongs to nobody.

        Raises NotFound for a report that is not one of them.
        """
        if report == reports.SAMPLE:
            return self.example(instance, instance.library.examples()[SAMPLE_EXAMPLE], language)
        if report != reports.BLANK:
            raise NotFound(report)
        name, version = instance.library.newest
        return self.blank(instance, name, version, language)

    def blank(self, instance: Instance, name: str, version: str, language: str) -> bytes:
        """All questions of a version on paper."""
        edition = instance.library.edition(name, version, language)
        return self.printed(blank_questionnaire_document(edition.questionnaire, instance.settings.base_url), language)

    def printed(self, document: Document, code: str) -> bytes:
        """The PDF of a document. Raises NotMade where it could not be made."""
        try:
            return self._render(compose(document, language_of(code)), report_of(document))
        except pdf.RenderFailed as failure:
            raise NotMade(failure.code) from failure


def cluster_document(instance: Instance, found: Shown, code: str) -> ClusterReadinessDocument:
    """A snapshot of a cluster with its words."""
    return document_of(
        found.snapshot, found.edition, found.cluster.name, language_of(code), link=instance.settings.base_url,
        example=instance.settings.mode == "demo", model=found.model, previous=found.before,
    )  # fmt: skip


def readiness_document(instance: Instance, cluster_id: str, code: str) -> ClusterReadinessDocument:
    """The newest figures of a cluster with their words. Raises NotFound where there are none."""
    return cluster_document(instance, readiness.newest(instance, cluster_id, code), code)


def plan_document(instance: Instance, material: ForPrint) -> ActionPlanDocument:
    """What the plan of a draft shows, on paper and in every file."""
    draft, spoken = material.opened.draft, language_of(material.language)
    example = seeding.is_invented(instance, draft.id)
    document = _document(
        instance,
        material.frozen.results,
        material.plan,
        material.reckoning,
        _Whose(draft.company_name, example, material.call),
        spoken,
        material.lacked,
    )
    compared = material.since
    changes = since(compared.comparison, compared.day, compared.question, compared.title, spoken) if compared else None
    pair = material.pair
    confirmed = pair_sentence(pair.declared, pair.confirmed, pair.share, spoken) if pair else ""
    return with_outcomes(replace(document, since=changes, confirmed=confirmed), _measurements(material), spoken)


def example_document(instance: Instance, example: Example, code: str) -> ActionPlanDocument:
    """What the plan of an example company shows, straight from its answers."""
    edition = instance.library.edition(*example.version, code)
    found = results.results_from(
        instance, edition, example.sheet.depth, example.answers, example.remarks, code, instance.today,
        entries=example.entries,
    )  # fmt: skip
    plan = planning.laid_over(found, [], instance.today)
    reckoning = money.reckon(found, plan, seeding.money_told(example.sheet.money), instance.today)
    return _document(
        instance,
        found,
        plan,
        reckoning,
        _Whose(example.sheet.name, True, whom_to_call(instance, None)),
        language_of(code),
    )


def review_document(instance: Instance, material: ReviewForPrint) -> MentorReviewDocument:
    """What the report of a review shows."""
    check, spoken = material.check, language_of(material.language)
    opened, visit, mark = check.opened, check.visit, check.mark
    questionnaire, home = opened.edition.questionnaire, instance.settings.base_url
    findings = ReviewFindings(
        company=opened.draft.company_name, sector=questionnaire.trade_of(opened.answers),
        example=seeding.is_invented(instance, opened.draft.id), day=material.day,
        home=home.partition("://")[2] or home, questionnaire=questionnaire, scores=check.scores,
        answered=len(check.answers),
        answers=[
            Reviewed(
                each.question, each.section.title, each.entry.value, each.entry.revision, each.review,
                each.stored.mentor, each.stored.changed_at.date(),
            )
            for each in check.answers if each.stored is not None
        ],
        suggestions=[_suggested(each, material) for each in check.suggestions],
        savings=[
            Confirmed(said.noted, _statement_row(said)) for said in material.savings
        ],
        comments=[
            CommentRow(each.question, each.words, each.who, each.at.date(), each.waits_for or "")
            for each in check.comments
        ],
        signed=SignedRow(mark.who, mark.at.date()) if mark else None,
        # A visit that is over is no longer the next one.
        visit=VisitRow(visit.day, visit.words, visit.who) if visit and visit.day >= material.today else None,
    )  # fmt: skip
    return mentor_review_document(findings, spoken)


def _suggested(found: StoredSuggestion, material: ReviewForPrint) -> Suggested:
    """A suggestion; of an accepted one also how its line of the plan stands."""
    row = SuggestedRow(found.title, found.why, found.who, found.changed_at.date(), found.reply)
    state = STATES[found.state]
    item = material.plan.get(found.key)
    if state != "accepted" or item is None:
        return Suggested(state, row)
    fields = item.fields
    return Suggested(state, replace(row, status=fields.status, owner=fields.owner, deadline=fields.deadline))


def _statement_row(said: SavingStatement) -> StatementRow:
    terms = said.terms
    return StatementRow(
        said.title, "", (), terms.baseline, terms.method, terms.floor, terms.share, said.who, said.at.date()
    )


@dataclass(frozen=True, slots=True)
class _Whose:
    company: str
    example: bool
    call: WhomToCall


def _document(
    instance: Instance, found: Results, plan: Plan, reckoning: Reckoning, whose: _Whose, language: Language,
    members: Told | None = None,
) -> ActionPlanDocument:  # fmt: skip
    findings = Findings(
        found.edition.questionnaire, found.route, found.answers, found.remarks, found.scorecard, found.reasons,
        found.profile, found.catalogue, found.on,
    )  # fmt: skip
    setting = Setting(
        whose.company, whose.example, contact_of(whose.call, language),
        instance.settings.base_url, lambda entry: reports.short_address(instance, entry), instance.today,
    )  # fmt: skip
    reckoned = Reckoned(
        reckoning.sheet, reckoning.footprint, reckoning.site, reckoning.savings, reckoning.totals, reckoning.added_up()
    )
    lines = [_line(card) for card in plan.cards]
    reckons = found.edition.questionnaire.reckons
    document = action_plan_document(
        findings, lines, (*plan.more, *plan.may_fit), setting, language, reckoned if reckons else None,
        results.support_of(found, instance.today), members,
    )  # fmt: skip
    return replace(document, without_investment=investment_words(plan.investment, language) if reckons else "")


def _measurements(material: ForPrint) -> Measurements:
    progress = material.progress
    numbers = {card.key: number for number, card in enumerate(material.plan.cards, 1)}
    actions = [
        NotedAction(
            numbers[outcome.card.key], outcome.card.title, outcome.card.item.follow_up, outcome.measured,
            outcome.tracked,
        )
        for outcome in progress.outcomes
    ]  # fmt: skip
    return Measurements(actions, progress.cost, progress.with_cost, progress.saved, progress.totals)


def language_of(code: str) -> Language:
    """The language of a code, else the one the product is written in."""
    known = languages(folders.LOCALE)
    return known.get(code) or known["en"]


def contact_of(call: WhomToCall, language: Language) -> Contact | None:
    """Who to call, as it is printed; none where nobody is named."""
    title = (language.gettext("Your mentor"),) if call.mentor else ()
    return Contact(call.name, (*title, *call.lines)) if call.name or call.lines else None


def _line(card: Card) -> PlanLine:
    """A card of the plan as its report shows it."""
    entry = card.entry.id if card.entry is not None else ""
    item = card.item
    return PlanLine(
        card.title, card.step, entry, item.owner, item.deadline, item.status == "done", item.note,
        item.status,
    )  # fmt: skip
