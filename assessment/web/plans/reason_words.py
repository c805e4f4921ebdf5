"""Why a measure is not in the best plan, in words."""

from collections.abc import Iterator
from typing import Final

from assessment.core.plans.reasons import Reason
from assessment.core.resources.entries import Measure, Use
from assessment.i18n import Language
from assessment.reporting.money import amounts
from assessment.reporting.money.sheet_words import resource_name
from assessment.web.money.gap_words import Gap, gap_of
from assessment.web.money.money import AtHand

LEAST_QUANTITY: Final = 0.005
"""m3 of water or t of waste a year; less reads as nothing."""


def reason_words(reason: Reason, at_hand: AtHand, words: Language) -> tuple[str, str, Gap | None]:
    """The measure, why it is not in the plan, and the gap that the company could close to change that."""
    _ = words.gettext
    catalogue, measure = at_hand.frozen.results.catalogue, at_hand.reckoning.steps[reason.measure].measure
    other = catalogue.measures[reason.other].title if reason.other in catalogue.measures else ""
    eur = amounts.euros(abs(reason.eur), words)
    values = {
        "cost": amounts.euros(reason.cost, words) if reason.cost >= 1 else _("nothing"), "eur": eur, "other": other,
        "missing": "; ".join(amounts.lack_words(each, words) for each in reason.missing),
        "hours": words.number(round(reason.hours)), "gain": words.list_of(list(_gains(reason, words))),
    }  # fmt: skip
    loses = amounts.is_loss(at_hand.reckoning.ready.alone(reason.measure).eur)
    text = _of_umbrella(reason, measure, words) or _without_gain(reason, loses, words) or _sentence(reason, words)
    gaps = [gap_of(each, catalogue, words) for each in reason.missing] if reason.why in ("figures", "pieces") else []
    first = next((gap for gap in gaps if gap.measure or gap.on_sheet), None)
    return measure.title, text % values, first


def _gains(reason: Reason, words: Language) -> Iterator[str]:
    """What it would save a year."""
    if reason.eur >= 1:
        yield amounts.euros(reason.eur, words)
    if reason.carbon >= 1:
        yield amounts.carbon(reason.carbon, words)
    quantities: tuple[tuple[Use, float], ...] = (("water", reason.water), ("waste", reason.waste))
    for resource, amount in quantities:
        if amount >= LEAST_QUANTITY:
            values = {
                "amount": amounts.amount_of(resource, amount, words), "resource": resource_name(resource, words)
            }  # fmt: skip
            yield words.gettext("%(amount)s of %(resource)s") % values


def _saves_nothing(reason: Reason) -> bool:
    return reason.eur < 1 and reason.carbon < 1 and max(reason.water, reason.waste) < LEAST_QUANTITY


def _of_umbrella(reason: Reason, measure: Measure, words: Language) -> str:
    """Of a measure that finds what others save: not that it is worth nothing."""
    if not measure.umbrella or reason.why not in ("money", "hours", "little", "nothing") or not _saves_nothing(reason):
        return ""
    return words.gettext("It finds and keeps what other measures save, so beside them it adds nothing of its own.")


def _without_gain(reason: Reason, loses: bool, words: Language) -> str:
    """Of a measure that saves no money: that says more than its price.

    `loses`: by itself it costs more to run than it saves. Else a plan loses by it only where a measure that finds
    savings counts no longer beside it.
    """
    _ = words.gettext
    if reason.why == "payback":
        if reason.eur <= -1:
            return _("It costs about %(eur)s a year more to run than it saves, so it never pays back.")
        if reason.eur < 1:
            return _(
                "It saves no money that we can count, so its %(cost)s never pay back. With “Longest payback” empty it "
                "may come in."
            )  # fmt: skip
        return ""
    if reason.why not in ("money", "hours", "little", "nothing", "unwanted"):
        return ""
    if reason.eur <= -1 and not loses:
        return _("In this plan another measure finds and keeps what it would save, so it adds nothing of its own.")
    if reason.eur <= -1:
        if not list(_gains(reason, words)):
            return _("Beside the plan it would cost about %(eur)s a year more to run than it saves.")
        return _("It would save about %(gain)s a year, but cost about %(eur)s a year more to run.")
    if _saves_nothing(reason) and reason.cost >= 1:
        return _("Beside the plan it would save nothing that we can count, for %(cost)s.")
    return _("Beside the plan it would save nothing that we can count.") if _saves_nothing(reason) else ""


def _sentence(reason: Reason, words: Language) -> str:
    _ = words.gettext
    match reason.why:
        case "alternative":
            return _(
                "“%(other)s” is in the plan, and the two exclude each other. If you prefer this one, leave the other "
                "out."
            )  # fmt: skip
        case "unwanted":
            return _(
                "It would save about %(gain)s a year, but you gave that no weight. Give it one under “What matters to "
                "you?”."
            )  # fmt: skip
        case "money":
            return _(
                "It would add about %(gain)s a year for %(cost)s, more than your money allows beside the rest. With "
                "more money it may come in."
            )  # fmt: skip
        case "hours":
            return _(
                "It would take %(hours)s of your own hours, more than are left beside the rest. With more hours it may "
                "come in."
            )  # fmt: skip
        case "nothing" | "little":
            return _("It would add about %(gain)s a year for %(cost)s, less than what is in the plan.")
        case "figures" | "pieces":
            return _("We need to know: %(missing)s.")
        case "prerequisite":
            return _("“%(other)s” has to come first, and cannot be in the plan: its own line here says why.")
        case "payback":
            return _(
                "At %(cost)s for about %(eur)s a year it takes longer to pay back than you allow. With a longer "
                "payback it may come in."
            )  # fmt: skip
        case "excluded":
            return _("You left it out. Take its tick away under “Leave measures out” to let it in again.")
