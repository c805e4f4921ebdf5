"""What came of a plan, as its report shows it: what was spent, measured, and how that lies beside the forecast."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from assessment.core.money.uses import Range
from assessment.core.plans.follow_up import UNITS, Compared, FollowUp, Measured, MeasuredUse, Tracked, verdict_of
from assessment.i18n import Language
from assessment.reporting.documents import ActionPlanDocument
from assessment.reporting.money.money_document import Followed, FollowedRow, MeasuredFigures, MeasuredTotal, Noted
from assessment.reporting.plans.measured_words import (
    compared_words,
    forecast_words,
    noted_lines,
    saving_sentence,
    use_amount,
    use_name,
    verdict_words,
)


@dataclass(frozen=True, slots=True)
class NotedAction:
    """What was noted about the action of that number, and what its readings show."""

    number: int
    title: str
    noted: FollowUp
    found: Measured | None
    pair: Tracked | None


@dataclass(frozen=True)
class Measurements:
    """What the company noted about its actions, what `with_cost` of them cost, and the sums."""

    actions: Sequence[NotedAction]
    cost: Decimal | None
    with_cost: int
    saved: Mapping[MeasuredUse, float]
    totals: Sequence[Compared]


def with_outcomes(document: ActionPlanDocument, noted: Measurements, language: Language) -> ActionPlanDocument:
    """The plan with what came of it, action by action and in all."""
    by_number = {action.number: _noted(action, language) for action in noted.actions}
    cards = tuple(replace(card, noted=by_number.get(card.number)) for card in document.actions)
    return replace(document, actions=cards, followed=followed(noted, language))


def followed(noted: Measurements, language: Language) -> Followed | None:
    """What came of the plan in all; None where nothing did yet."""
    rows = tuple(_row(action, action.found, language) for action in noted.actions if action.found is not None)
    if noted.cost is None and not rows:
        return None
    compared = {total.forecast.use: total for total in noted.totals}
    return Followed(
        tuple(_lines(noted, language)), rows, tuple(compared_words(total, language) for total in noted.totals),
        noted.cost, noted.with_cost,
        tuple(MeasuredTotal(use, _unit(use), saved, compared.get(use)) for use, saved in noted.saved.items()),
    )  # fmt: skip


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


def _row(action: NotedAction, found: Measured, language: Language) -> FollowedRow:
    forecast = verdict = ""
    if action.pair is not None:
        forecast = forecast_words(action.pair[0], language)
        verdict = verdict_words(verdict_of(action.pair[0], found.saving), language)
    return FollowedRow(action.number, action.title, saving_sentence(found, language), forecast, verdict)


def _noted(action: NotedAction, language: Language) -> Noted:
    noted = action.noted
    return Noted(
        noted.planned_for, noted.started_on, noted.done_on, noted.cost.amount if noted.cost else None,
        _figures(action.found, action.pair) if action.found else None, noted.besides,
        tuple(noted_lines(noted, action.found, action.pair, language)),
    )  # fmt: skip


def _figures(found: Measured, pair: Tracked | None) -> MeasuredFigures:
    forecast = pair[0] if pair else None
    return MeasuredFigures(
        found.use, _unit(found.use), found.before, found.after, found.corrected,
        Range(forecast.low, forecast.typical, forecast.high) if forecast else None,
        verdict_of(forecast, found.saving) if forecast else None,
    )  # fmt: skip


def _unit(use: MeasuredUse) -> str:
    return next(iter(UNITS[use]))
