"""Why a measure is not in the best plan, in words."""

from assessment.core.reasons import Reason
from assessment.i18n import Language
from assessment.reporting import amounts
from assessment.web.gap_words import Gap, gap_of
from assessment.web.money import AtHand


def reason_words(reason: Reason, at_hand: AtHand, words: Language) -> tuple[str, str, Gap | None]:
    """The measure, why it is not in the plan, and the gap that the company could close to change that."""
    _ = words.gettext
    steps, catalogue = at_hand.reckoning.steps, at_hand.frozen.results.catalogue
    other = catalogue.measures[reason.other].title if reason.other in catalogue.measures else ""
    eur, kg = amounts.euros(abs(reason.eur), words), amounts.carbon(reason.carbon, words)
    values = {
        "cost": amounts.euros(reason.cost, words) if reason.cost >= 1 else _("nothing"), "eur": eur, "other": other,
        "missing": "; ".join(amounts.missing_words(each, catalogue, words) for each in reason.missing),
        "hours": words.number(round(reason.hours)),
        "gain": words.list_of([told for told, much in ((eur, reason.eur), (kg, reason.carbon)) if much >= 1]),
    }  # fmt: skip
    text = _without_gain(reason, words) or _sentence(reason, words)
    gaps = [gap_of(each, catalogue, words) for each in reason.missing] if reason.why in ("figures", "pieces") else []
    first = next((gap for gap in gaps if gap.measure or gap.on_sheet), None)
    return steps[reason.measure].measure.title, text % values, first


def _without_gain(reason: Reason, words: Language) -> str:
    """Of a measure that saves no money, or costs more to run: that says more than its price."""
    _ = words.gettext
    if reason.why == "payback":
        if reason.eur <= -1:
            return _("It costs about %(eur)s a year more to run than it saves, so it never pays back.")
        return "" if reason.eur >= 1 else _("It saves no money that we can reckon, for %(cost)s.")
    if reason.why not in ("money", "hours", "little", "nothing"):
        return ""
    if reason.eur <= -1:
        if reason.carbon < 1:
            return _("Beside the plan it would cost about %(eur)s a year more to run than it saves.")
        return _("It would save about %(gain)s a year, but cost about %(eur)s a year more to run.")
    if reason.eur < 1 and reason.carbon < 1 and reason.why != "nothing":
        return _("Beside the plan it would save nothing that we can reckon, for %(cost)s.")
    return ""


def _sentence(reason: Reason, words: Language) -> str:
    _ = words.gettext
    match reason.why:
        case "alternative":
            return _("“%(other)s” is in the plan, and the two exclude each other.")
        case "money":
            return _("It would add about %(gain)s a year for %(cost)s, more than your money allows beside the rest.")
        case "hours":
            return _("It would take %(hours)s of your own hours more than there are beside the rest.")
        case "nothing":
            return _("Beside the plan it would save nothing that we can reckon.")
        case "little":
            return _("It would add about %(gain)s a year for %(cost)s, less than what is in the plan.")
        case "figures" | "pieces":
            return _("We need to know: %(missing)s.")
        case "prerequisite":
            return _("“%(other)s” has to come first, and it cannot be in the plan.")
        case "payback":
            return _("At %(cost)s for about %(eur)s a year it takes longer to pay back than you allow.")
        case "excluded":
            return _("You left it out.")
