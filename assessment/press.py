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
from assessment.content.examples import Example
from assessment.core.errors import NotFound, NotMade
from assessment.i18n import Language, languages
from assessment.reporting import pdf
from assessment.reporting.action_plan import Findings, PlanLine, Setting, action_plan_document
from assessment.reporting.blank_questionnaire import blank_questionnaire_document
from assessment.reporting.compose import compose, report_of
from assessment.reporting.documents import ActionPlanDocument, Contact, Document
from assessment.reporting.exports import EXPORTS, Form
from assessment.reporting.followed import Measurements, followed
from assessment.reporting.money_document import Followed
from assessment.reporting.money_maker import Reckoned
from assessment.reporting.since import since
from assessment.services import money, planning, reports, results, seeding
from assessment.services.instance import Instance
from assessment.services.money import Reckoning
from assessment.services.planning import Card, Plan
from assessment.services.reports import ForPrint
from assessment.services.results import Results

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
        code = Path(pdf.__file__).parent.glob("*.py")
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

    def example(self, instance: Instance, example: Example, code: str) -> bytes:
        """The plan of an example company, straight from its answers."""
        return self.printed(example_document(instance, example, code), code)

    def export(self, instance: Instance, material: ForPrint, form: Form) -> bytes:
        """The plan of a draft as another file."""
        return EXPORTS[form].make(plan_document(instance, material), language_of(material.language))

    def public(self, instance: Instance, report: str, language: str) -> bytes:
        """A PDF that belongs to nobody.

        Raises NotFound for a report that is not one of them.
        """
        if report == reports.SAMPLE:
            return self.example(instance, instance.library.examples()[SAMPLE_EXAMPLE], language)
        if report != reports.BLANK:
            raise NotFound(report)
        name, version = instance.library.newest
        edition = instance.library.edition(name, version, language)
        return self.printed(blank_questionnaire_document(edition.questionnaire, instance.settings.base_url), language)

    def printed(self, document: Document, code: str) -> bytes:
        """The PDF of a document. Raises NotMade where it could not be made."""
        try:
            return self._render(compose(document, language_of(code)), report_of(document))
        except pdf.RenderFailed as failure:
            raise NotMade(failure.code) from failure


def plan_document(instance: Instance, material: ForPrint) -> ActionPlanDocument:
    """What the plan of a draft shows, on paper and in every file."""
    draft, spoken = material.opened.draft, language_of(material.language)
    example = seeding.example_of(instance, draft.id) is not None
    document = _document(
        instance,
        material.frozen.results,
        material.plan,
        material.reckoning,
        _Whose(draft.company_name, example),
        spoken,
    )
    compared = material.since
    changes = since(compared.comparison, compared.day, compared.question, compared.title, spoken) if compared else None
    return replace(document, since=changes, followed=_followed(material, spoken))


def example_document(instance: Instance, example: Example, code: str) -> ActionPlanDocument:
    """What the plan of an example company shows, straight from its answers."""
    name, version = instance.library.newest
    edition = instance.library.edition(name, version, code)
    found = results.results_from(
        instance, edition, example.sheet.depth, example.answers, example.remarks, code, instance.today
    )
    plan = planning.laid_over(found, [], instance.today)
    reckoning = money.reckon(found, plan, seeding.money_told(example.sheet.money), instance.today)
    return _document(instance, found, plan, reckoning, _Whose(example.sheet.name, True), language_of(code))


@dataclass(frozen=True, slots=True)
class _Whose:
    company: str
    example: bool


def _document(
    instance: Instance, found: Results, plan: Plan, reckoning: Reckoning, whose: _Whose, language: Language
) -> ActionPlanDocument:
    settings = instance.settings
    findings = Findings(
        found.edition.questionnaire, found.route, found.answers, found.remarks, found.scorecard, found.reasons,
        found.profile, found.catalogue, found.on,
    )  # fmt: skip
    setting = Setting(
        whose.company, whose.example, contact_of(settings.operator_name, settings.operator_contact),
        settings.base_url, lambda entry: reports.short_address(instance, entry), instance.today,
    )  # fmt: skip
    reckoned = Reckoned(
        reckoning.sheet, reckoning.footprint, reckoning.site, reckoning.savings, reckoning.totals, reckoning.added_up()
    )
    lines = [_line(card) for card in plan.cards]
    return action_plan_document(findings, lines, (*plan.more, *plan.may_fit), setting, language, reckoned)


def _followed(material: ForPrint, language: Language) -> Followed | None:
    progress = material.progress
    numbers = {card.key: number for number, card in enumerate(material.plan.cards, 1)}
    actions = [
        (numbers[outcome.card.key], outcome.card.title, outcome.measured, outcome.tracked)
        for outcome in progress.outcomes
        if outcome.measured is not None
    ]
    return followed(Measurements(actions, progress.cost, progress.with_cost, progress.saved, progress.totals), language)


def language_of(code: str) -> Language:
    """The language of a code, else the one the product is written in."""
    known = languages(folders.LOCALE)
    return known.get(code) or known["en"]


def contact_of(name: str, contact: str) -> Contact | None:
    """Who to call, as the operator gave it: parts of the contact are parted by semicolons."""
    parts = tuple(part.strip() for part in contact.split(";") if part.strip())
    return Contact(name, parts) if name or parts else None


def _line(card: Card) -> PlanLine:
    """A card of the plan as its report shows it."""
    entry = card.entry.id if card.entry is not None else ""
    item = card.item
    return PlanLine(
        card.title, card.step, entry, item.owner, item.deadline, item.status == "done", item.note,
        item.status,
    )  # fmt: skip
