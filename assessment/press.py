"""The press: where results, reports and the PDF engine meet.

A web worker's press renders through a fresh child process, the worker's through a fork that has the engine loaded;
which one is the caller's choice, and neither imports the engine here.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
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
from assessment.reporting.documents import Contact, Document
from assessment.reporting.since import Since, since
from assessment.services import planning, reports, results, seeding
from assessment.services.instance import Instance
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
        draft = material.opened.draft
        example = seeding.example_of(instance, draft.id) is not None
        found, spoken = material.since, language_of(material.language)
        changes = since(found.comparison, found.day, found.question, found.title, spoken) if found else None
        return self._plan(
            instance, material.frozen.results, material.plan, draft.company_name, example, material.language, changes
        )

    def example(self, instance: Instance, example: Example, code: str) -> bytes:
        """The plan of an example company, straight from its answers."""
        name, version = instance.library.newest
        edition = instance.library.edition(name, version, code)
        found = results.results_from(
            instance, edition, example.sheet.depth, example.answers, example.remarks, code, instance.today
        )
        return self._plan(instance, found, planning.laid_over(found, []), example.sheet.name, True, code)

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
        return self._print(blank_questionnaire_document(edition.questionnaire, instance.settings.base_url), language)

    def _plan(
        self,
        instance: Instance,
        found: Results,
        plan: Plan,
        company: str,
        example: bool,
        code: str,
        changes: Since | None = None,
    ) -> bytes:
        settings = instance.settings
        findings = Findings(
            found.edition.questionnaire, found.route, found.answers, found.remarks, found.scorecard, found.reasons,
            found.profile, found.catalogue, found.on,
        )  # fmt: skip
        setting = Setting(
            company, example, contact_of(settings.operator_name, settings.operator_contact), settings.base_url,
            lambda entry: reports.short_address(instance, entry), instance.today,
        )  # fmt: skip
        lines = [_line(card) for card in plan.cards]
        more = (*plan.more, *plan.may_fit)
        document = action_plan_document(findings, lines, more, setting, language_of(code))
        return self._print(replace(document, since=changes), code)

    def _print(self, document: Document, code: str) -> bytes:
        try:
            return self._render(compose(document, language_of(code)), report_of(document))
        except pdf.RenderFailed as failure:
            raise NotMade(failure.code) from failure


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
    return PlanLine(card.title, card.step, entry, item.owner, item.deadline, item.status == "done", item.note)
