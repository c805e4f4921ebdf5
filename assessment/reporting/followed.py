"""What came of a plan, as its report shows it: what was spent, measured, and how that lies beside the forecast."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessment.core.follow_up import Compared, Measured, MeasuredUse, Tracked, verdict_of
from assessment.i18n import Language
from assessment.reporting.measured_words import (
    compared_words,
    forecast_words,
    saving_sentence,
    use_amount,
    use_name,
    verdict_words,
)
from assessment.reporting.money_document import Followed, FollowedRow


@dataclass(frozen=True)
class Measurements:
    """What the company noted: the measured actions by number, what `with_cost` actions cost, and the sums."""

    actions: Sequence[tuple[int, str, Measured, Tracked | None]]
    cost: Decimal | None
    with_cost: int
    saved: Mapping[MeasuredUse, float]
    totals: Sequence[Compared]


def followed(noted: Measurements, language: Language) -> Followed | None:
    """What came of the plan in words; None where nothing did yet."""
    if noted.cost is None and not noted.actions:
        return None
    return Followed(
        tuple(_lines(noted, language)),
        tuple(_row(number, title, found, pair, language) for number, title, found, pair in noted.actions),
        tuple(compared_words(total, language) for total in noted.totals),
    )


def _lines(noted: Measurements, language: Language) -> Iterator[str]:
    _ = language.gettext
    if noted.cost is not None:
        text = language.ngettext(
            "Spent: %(cost)s on %(num)s action.", "Spent: %(cost)s on %(num)s actions.", noted.with_cost
        )
        yield text % {"cost": language.money(noted.cost), "num": language.number(noted.with_cost)}
    for use, saved in noted.saved.items():
        text = _("Measured: %(use)s, %(amount)s a year more than before.")
        if saved >= 0:
            text = _("Measured saving: %(use)s, %(amount)s a year.")
        yield text % {"use": use_name(use, language), "amount": use_amount(use, abs(saved), language)}


def _row(number: int, title: str, found: Measured, pair: Tracked | None, language: Language) -> FollowedRow:
    forecast = verdict = ""
    if pair is not None:
        forecast = forecast_words(pair[0], language)
        verdict = verdict_words(verdict_of(pair[0], found.saving), language)
    return FollowedRow(number, title, saving_sentence(found, language), forecast, verdict)
