"""Documents to HTML: `reports/<report>/document.html` filled by Jinja.

Templates see `reports/` and the shared macros, and nothing else.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from jinja2.loaders import ChoiceLoader
from markupsafe import Markup

from assessment.content import folders
from assessment.i18n import Language
from assessment.reporting.documents import (
    ActionPlanDocument,
    BlankQuestionnaireDocument,
    Document,
    Rating,
    SectionRow,
)

PRODUCT = "Green Pathways"
FIRST_ACTIONS = 3


def report_of(document: Document) -> str:
    """The folder of `reports/` that a document is printed with."""
    return "action-plan" if isinstance(document, ActionPlanDocument) else "blank-questionnaire"


def compose(document: Document, language: Language, product: str = PRODUCT) -> str:
    """The HTML of a report in one language."""
    template = _environment(language).get_template(f"{report_of(document)}/document.html")
    shared = {"language": language.code, "product": product}
    if isinstance(document, BlankQuestionnaireDocument):
        return template.render(shared, blank=document)
    return template.render(shared, plan=document, **_page_one(document, language))


@lru_cache(maxsize=32)
def _environment(language: Language) -> Environment:
    macros = PrefixLoader({"macros": FileSystemLoader(folders.TEMPLATES / "macros")})
    environment = Environment(
        loader=ChoiceLoader([macros, FileSystemLoader(folders.REPORTS)]),
        undefined=StrictUndefined, autoescape=True, trim_blocks=True, extensions=["jinja2.ext.i18n"],
    )  # fmt: skip
    environment.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)  # type: ignore[attr-defined]

    def years(months: int) -> str:
        return language.number(round(Decimal(months) / 12, 1 if months % 12 and months < 36 else 0))

    def day(value: date) -> str:
        return language.date(value)

    environment.filters.update(
        number=language.number, money=language.money, day=day, years=years, listed=language.list_of, strong=_strong
    )
    return environment


def _strong(words: str) -> Markup:
    """Words set in bold inside a translated sentence."""
    return Markup("<b>{}</b>").format(words)


def _page_one(document: ActionPlanDocument, language: Language) -> dict[str, object]:
    """What the charts draw, with its words."""
    overall = document.overall
    rated = [section for section in document.sections if section.rating.headline is not None]
    return {
        "bars": [_bar(section, language) for section in document.sections],
        "has_ranges": any(section.rating.low != section.rating.high for section in rated),
        "missing_sections": len(rated) < len(document.sections),
        "strongest": _strongest(rated),
        "first": document.actions[:FIRST_ACTIONS],
        "scale_bands": [
            {"first": band.first, "label": band.label, "current": band.label == overall.band} for band in document.bands
        ],
        "scale_title": _scale_title(overall, language),
    }


def _strongest(rated: Sequence[SectionRow]) -> SectionRow | None:
    """The section with the highest headline, where that is not also the lowest."""
    best = max(rated, key=lambda section: section.rating.headline or 0, default=None)
    return None if best is None or best.weakest or len(rated) < 2 else best


def _bar(section: SectionRow, language: Language) -> dict[str, object]:
    rating = section.rating
    if rating.headline is None:
        text = title = language.gettext("not enough answers yet")
    else:
        text = str(rating.headline)
        title = language.gettext("%(section)s: %(score)s out of 100") % {"section": section.title, "score": text}
    return {"label": section.title, "value": rating.headline, "low": rating.low, "high": rating.high,
            "text": text, "title": title, "strong": section.weakest}  # fmt: skip


def _scale_title(overall: Rating, language: Language) -> str:
    if overall.headline is None:
        return ""
    values = {"score": overall.headline, "low": overall.low, "high": overall.high, "band": overall.band}
    if overall.low == overall.high:
        return language.gettext("Score %(score)s of 100, band %(band)s") % values
    return language.gettext("Score %(score)s of 100, band %(band)s, possible range %(low)s to %(high)s") % values
