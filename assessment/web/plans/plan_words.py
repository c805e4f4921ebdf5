"""How measures, schemes and building blocks read in words: savings with their source, cost bands, payback, status."""

from collections.abc import Iterable
from decimal import Decimal

from assessment.core.aggregates.practices import Told
from assessment.core.money.terms import weakest
from assessment.core.plans.plan import Step
from assessment.core.resources.catalogue import BuildingBlock, Measure, Saving, Scheme
from assessment.i18n import Language
from assessment.reporting.money.amounts import certainty_words
from assessment.reporting.money.uses import use_words
from assessment.reporting.plans.action_words import effort_words
from assessment.services.plans.planning import Card
from assessment.services.plans.refusals import PUT_ASIDE

YEAR = 12


def resource_words(resource: str, language: Language) -> str:
    """A resource or topic by its name."""
    _ = language.gettext
    names = {
        "electricity": _("Electricity"), "heat": _("Heat"), "water": _("Water"), "materials": _("Materials"),
        "waste": _("Waste"), "transport": _("Transport fuel"), "refrigerant": _("Cooling agents"),
        "energy": _("Energy"), "circular": _("Circular economy"), "renewables": _("Renewable energy"),
        "mobility": _("Transport and travel"), "management": _("Management"), "innovation": _("Innovation"),
        "chemicals": _("Chemicals"), "emissions": _("Emissions"), "biodiversity": _("Nature on site"),
        "cost-resources": _("Cost of energy, water, materials and waste"), "cost-waste": _("Cost of waste"),
        "cost-energy": _("Cost of energy"), "cost-transport": _("Cost of transport"), "cost-heat": _("Cost of heat"),
        "cost-project": _("Cost of the project"), "cost-equipment": _("Cost of equipment"), "cost-it": _("Cost of IT"),
        "co2e-total": _("All greenhouse gases"), "co2e-materials": _("Greenhouse gases of materials"),
        "co2e-electricity": _("Greenhouse gases of electricity"), "co2e-transport": _("Greenhouse gases of transport"),
        "co2e-fuel": _("Greenhouse gases of fuel"),
    }  # fmt: skip
    return names.get(resource, resource.replace("-", " ").capitalize())


def saving_words(saving: Saving, language: Language) -> str:
    """A saving as a range in per cent of the use that it is a share of."""
    _ = language.gettext
    low, high = _per_cent(saving.low, language), _per_cent(saving.high, language)
    if saving.unit == "fraction per bar":
        words = _("%(low)s to %(high)s %% of %(use)s for each bar less")
    elif saving.unit == "fraction per degree C":
        words = _("%(low)s to %(high)s %% of %(use)s for each degree")
    elif low == high:
        words = _("about %(high)s %% of %(use)s")
    elif saving.low == 0:
        words = _("up to %(high)s %% of %(use)s")
    else:
        words = _("%(low)s to %(high)s %% of %(use)s")
    return words % {"low": low, "high": high, "use": use_words(saving, language)}


def _per_cent(share: Decimal, language: Language) -> str:
    value = share * 100
    return language.number(value.quantize(Decimal(1)) if value >= 1 or value == 0 else value.quantize(Decimal("0.1")))


def begun_words(told: Told, steps: Iterable[Step], language: Language) -> dict[str, str]:
    """How many members have begun with what an action is about, by measure: the strongest reason that is told of."""
    words = language.gettext(
        "About %(begun)s of %(known)s members of %(cluster)s have begun with this, by their figures of %(day)s: "
        "%(what)s."
    )
    shared = {"cluster": told.cluster, "day": language.date(told.taken_at.date())}
    found = {}
    for step in steps:
        practice = next((told.practices[why.question] for why in step.why if why.question in told.practices), None)
        if practice is not None:
            found[step.measure.id] = words % {
                **shared, "begun": language.number(practice.begun), "known": language.number(practice.known),
                "what": told.titles.get(practice.question, practice.question),
            }  # fmt: skip
    return found


def counted_savings(measure: Measure) -> list[Saving]:
    """The savings to show: not those that only make others possible, nor second views of the same saving."""
    return [saving for saving in measure.savings if saving.high > 0 and not saving.information_only]


def other_views(measure: Measure) -> list[Saving]:
    """Second views of a saving that is counted already: to be shown, never added."""
    return [saving for saving in measure.savings if saving.high > 0 and saving.information_only]


def level_words(level: str, language: Language) -> str:
    """A cost band in words (bands as in the catalogue: low up to about 1,000 euro, medium to about 20,000)."""
    _ = language.gettext
    return {"none": _("Nothing to buy"), "low": _("Low"), "medium": _("Medium"), "high": _("High")}.get(level, level)


def cost_words(measure: Measure, language: Language) -> str:
    """The euro range of what it is counted by; the band alone where there is none."""
    _ = language.gettext
    investment = measure.investment
    if investment.level == "none" or investment.eur_low is None or investment.eur_high is None:
        return level_words(investment.level, language)
    values = {
        "low": language.money(investment.eur_low), "high": language.money(investment.eur_high), "unit": investment.unit,
    }  # fmt: skip
    if investment.source is None:
        return _("about %(low)s to %(high)s %(unit)s (estimate)") % values
    return _("%(low)s to %(high)s %(unit)s") % values


def payback_words(measure: Measure, language: Language) -> str:
    """How long until the saving has paid for the measure."""
    _ = language.gettext
    payback = measure.payback_months
    if payback.low is None or payback.high is None:
        return _("Not counted in money")
    if payback.high == 0:
        return _("At once")
    if payback.high <= 2 * YEAR:
        words = _("%(low)s to %(high)s months") % {"low": payback.low, "high": payback.high}
    elif payback.low < YEAR:
        values = {"low": payback.low, "high": _years(payback.high, language)}
        words = (
            language.ngettext("%(low)s month to %(high)s years", "%(low)s months to %(high)s years", payback.low)
            % values
        )
    else:
        years = {"low": _years(payback.low, language), "high": _years(payback.high, language)}
        words = _("%(low)s to %(high)s years") % years
    return words if payback.source else _("%(time)s (estimate)") % {"time": words}


def _years(months: int, language: Language) -> str:
    return language.number((Decimal(months) / YEAR).quantize(Decimal("0.1")).normalize() if months else Decimal(0))


def confidence_words(measure: Measure, language: Language) -> str:
    """How sure the shares it saves are, in the words that stand at figures; empty where there is no figure."""
    certainty = weakest(saving.basis for saving in counted_savings(measure))
    return certainty_words(certainty, language) if certainty else ""


def card_effort(card: Card, language: Language) -> str:
    """What kind of action a card is; quick wins are marked to be done first."""
    _ = language.gettext
    if card.step is None:
        return _("From the catalogue") if card.kind == "entry" else _("Your own action")
    if card.step.effort == "quick":
        return _("Do first · Quick win")
    return effort_words(card.step.effort, language)


def refusal_words(refusal: str, language: Language) -> str:
    """Why a measure was put aside: ours in the language at hand, the company's own as they are."""
    return language.gettext(refusal) if refusal in PUT_ASIDE else refusal


def scheme_terms(scheme: Scheme, language: Language) -> str:
    """Instrument and the best known terms of a scheme."""
    _ = language.gettext
    parts = [language.list_of([instrument_words(name, language) for name in scheme.instrument])]
    if scheme.max_amount_eur is not None:
        parts.append(_("up to %(amount)s") % {"amount": language.money(scheme.max_amount_eur)})
    if scheme.max_share_pct is not None:
        parts.append(_("up to %(share)s %% of the cost") % {"share": language.number(scheme.max_share_pct)})
    return "; ".join(parts) + "."


def instrument_words(instrument: str, language: Language) -> str:
    """A kind of support."""
    _ = language.gettext
    return {
        "grant": _("grant"), "loan": _("loan"), "guarantee": _("guarantee"), "equity": _("equity"),
        "tax-relief": _("tax relief"), "voucher": _("voucher"), "advice": _("advice"),
    }.get(instrument, instrument)  # fmt: skip


def kind_words(kind: str, language: Language) -> str:
    """A kind of catalogue entry."""
    _ = language.gettext
    return {
        "funding": _("Funding"), "guide": _("Guide"), "tool": _("Tool"), "standard": _("Standard"),
        "label": _("Label"), "good-practice": _("Good practice"), "organisation": _("Organisation"),
        "business-model": _("Business model"), "technology": _("Technology"), "training": _("Training"),
    }.get(kind, kind)  # fmt: skip


def language_words(block: BuildingBlock, language: Language) -> str:
    """The languages of a building block, in words."""
    if "all-eu" in block.languages:
        return language.gettext("all official EU languages")
    return language.list_of([language.language_name(code) for code in block.languages])
