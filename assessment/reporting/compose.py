"""Documents to HTML: `reports/<report>/document.html` filled by Jinja.

Templates see `reports/` and the shared macros, and nothing else.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from jinja2.loaders import ChoiceLoader
from markupsafe import Markup

from assessment.content import folders
from assessment.i18n import Language
from assessment.reporting.aggregates.cluster_document import ClusterReadinessDocument
from assessment.reporting.aggregates.readiness_pages import pages
from assessment.reporting.checks import weakest_words
from assessment.reporting.checks.blank_document import BlankQuestionnaireDocument
from assessment.reporting.checks.display_document import Stages
from assessment.reporting.documents import ActionPlanDocument, ClusterPosterDocument, Document, Rating, SectionRow
from assessment.reporting.mentors.review_document import MentorReviewDocument
from assessment.reporting.money import amounts
from assessment.reporting.money.money_charts import curve_chart, range_chart, sum_chart
from assessment.reporting.money.money_document import LeftOut, Money, SavingFigures, SumStep
from assessment.reporting.money.saving_words import parts_of
from assessment.reporting.plans.headlines import headline

PRODUCT = "Green Pathways"
_TAG_OR_CO2 = re.compile(r"<[^<>]*>|CO2")

FIRST_ACTIONS = 3


def report_of(document: Document) -> str:
    """The folder of `reports/` that a document is printed with."""
    match document:
        case ActionPlanDocument():
            return "action-plan"
        case BlankQuestionnaireDocument():
            return "blank-questionnaire"
        case MentorReviewDocument():
            return "mentor-review"
        case ClusterReadinessDocument():
            return "cluster-readiness"
        case ClusterPosterDocument():
            return "cluster-poster"


def compose(document: Document, language: Language, product: str = PRODUCT) -> str:
    """The HTML of a report in one language."""
    template = _environment(language).get_template(f"{report_of(document)}/document.html")
    shared = {"language": language.code, "product": product}
    if isinstance(document, BlankQuestionnaireDocument):
        return template.render(shared, blank=document)
    if isinstance(document, MentorReviewDocument):
        return _with_lowered_figure(template.render(shared, review=document))
    if isinstance(document, ClusterReadinessDocument):
        return _with_lowered_figure(template.render(shared, **pages(document, language)))
    if isinstance(document, ClusterPosterDocument):
        return template.render(shared, poster=document)
    html = template.render(shared, plan=document, **_page_one(document, language), **_charts(document, language))
    return _with_lowered_figure(html)


def _with_lowered_figure(html: str) -> str:
    """CO2 in all words with its figure lowered, by a letter of the typeface: mark-up comes apart when it is copied."""
    return _TAG_OR_CO2.sub(lambda found: "CO\N{SUBSCRIPT TWO}" if found[0] == "CO2" else found[0], html)


def compose_word(document: ActionPlanDocument, language: Language, product: str = PRODUCT) -> str:
    """The plain HTML that becomes a Word document."""
    template = _environment(language).get_template("action-plan/word.html")
    return template.render(
        language=language.code, product=product, plan=document, headline=headline(document, language)
    )


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
        number=language.number, money=language.money, day=day, years=years, listed=language.list_of, strong=_strong,
        named=partial(weakest_words.named, language=language),
        weakest_beside=partial(weakest_words.beside_score, language=language),
        weakest_heading=partial(weakest_words.heading, language=language),
        **_money_filters(language),
    )  # fmt: skip
    return environment


def _money_filters(language: Language) -> dict[str, Callable[..., object]]:
    """How the figures of a reckoning read."""

    def share(part: float) -> str:
        return language.gettext("%(share)s %%") % {"share": amounts.estimate(part * 100, language)}

    def whole(value: float) -> str:
        return language.converted(amounts.exact(value))

    def costs(saving: SavingFigures) -> str:
        cost, own = saving.cost, saving.own_cost
        return amounts.cost_words(cost, own, language) if cost is not None and own is not None else ""

    return {
        "about": partial(amounts.estimate, language=language),
        "span": partial(amounts.span, language=language),
        "tonne_span": partial(amounts.span, language=language, scale=0.001),
        "euro_span": partial(amounts.euro_span, language=language),
        "costs": costs,
        "carbon": partial(amounts.carbon, language=language),
        "carbon_span": partial(amounts.carbon_span, language=language),
        "tonnes": partial(amounts.tonnes, language=language),
        "factor": partial(amounts.factor, language=language),
        "unit": partial(amounts.unit_words, language=language),
        "units": partial(amounts.units_words, language=language),
        "certainty": partial(amounts.certainty_words, language=language),
        "payback": partial(amounts.payback, language=language),
        "even_one": partial(amounts.even_one, language=language), "size": amounts.size_of,
        "share": share, "whole": whole, "amount": language.converted, "price": language.price,
        "capitalised": _capitalised,
        "numbered": _numbered, "parts": partial(parts_of, language=language),
    }  # fmt: skip


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]


def _numbered(action: LeftOut) -> str:
    return f"{action.number} {action.title}"


def _charts(document: ActionPlanDocument, language: Language) -> dict[str, object]:
    """What the charts about money draw, where there is money."""
    if document.money is None:
        return {"ranges": None, "sums": None, "curve": None, "leading_step": None}
    return {
        "ranges": range_chart(document.actions, language),
        "sums": sum_chart(document.money, language),
        "curve": curve_chart(document, language),
        "leading_step": _leading_step(document.money),
    }


def _leading_step(money: Money) -> SumStep | None:
    """The action that brings more than half of the sum, if one does, others bring something too, and it stays."""
    eur = money.totals.eur
    if eur is None or len(money.steps) < 2 or any(step.after < step.before for step in money.steps):
        return None
    best = max(money.steps, key=lambda step: step.after - step.before)
    return best if (best.after - best.before) * 2 > eur.typical else None


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
        "headline": headline(document, language),
        "strongest": _strongest(rated),
        "first": document.actions[:FIRST_ACTIONS],
        "scale_bands": [
            {"first": band.first, "label": band.label, "current": band.label == overall.band} for band in document.bands
        ],
        "scale_title": _scale_title(overall, language),
        "square_title": square_title(document.stages, language) if document.stages else "",
    }


def square_title(stages: Stages, language: Language) -> str:
    """What the square says to whoever does not see it."""
    sides = []
    for axis in (stages.across, stages.up):
        known = axis.headline is not None
        told = language.gettext("%(score)s out of 100") % {"score": axis.headline} if known else ""
        sides.append(f"{axis.label} {told or language.gettext('no score')}.")
    return " ".join(sides)


def _strongest(rated: Sequence[SectionRow]) -> SectionRow | None:
    """The section with the highest headline, where another has a lower one."""
    best = max(rated, key=lambda section: section.rating.headline or 0, default=None)
    return best if len({section.rating.headline for section in rated}) > 1 else None


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
