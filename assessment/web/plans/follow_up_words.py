"""What came of an action in words: amounts and units, savings, forecasts, and the questions about odd figures."""

from dataclasses import dataclass
from datetime import date

from assessment.core.plans import follow_up
from assessment.core.plans.follow_up import Doubt, FollowUp, Measured, Tracked
from assessment.i18n import Language
from assessment.reporting.plans.measured_words import (
    compared_words,
    forecast_words,
    noted_lines,
    saving_sentence,
    use_amount,
    use_name,
)
from assessment.services.checks.years import MeasuredSaving
from assessment.services.plans.following import Outcome, Progress


def measured_action(saving: MeasuredSaving, language: Language) -> str:
    """What was measured after an action, in one sentence beside the question about that use."""
    _ = language.gettext
    text = _("You measured %(amount)s a year less after “%(action)s”.") if saving.found.saving >= 0 else _(
        "You measured %(amount)s a year more after “%(action)s”."
    )  # fmt: skip
    return text % {
        "amount": use_amount(saving.found.use, abs(saving.found.saving), language), "action": saving.title,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class NotedView:
    """What a card shows of what was noted."""

    lines: tuple[str, ...]
    besides: str
    doubts: tuple[str, ...]
    measured: bool


def noted_view(outcome: Outcome, language: Language) -> NotedView:
    """What was noted about one action, as its card shows it."""
    return _view(outcome.card.item.follow_up, outcome.measured, outcome.tracked, outcome.doubts, language)


def view_as_of(noted: FollowUp, day: date, language: Language) -> NotedView:
    """What was noted about one action, as it was to be looked at on that day."""
    return _view(noted, follow_up.measured(noted), None, follow_up.doubts(noted, day), language)


def _view(
    noted: FollowUp, measured: Measured | None, tracked: Tracked | None, doubts: tuple[Doubt, ...], language: Language
) -> NotedView:
    lines = noted_lines(noted, measured, tracked, language)
    asked = tuple(doubt_words(doubt, language) for doubt in doubts)
    return NotedView(tuple(lines), noted.besides, asked, measured is not None)


@dataclass(frozen=True, slots=True)
class ProgressView:
    """What came of the whole plan, in sentences."""

    lines: tuple[str, ...]
    rows: tuple[tuple[str, str, str, str], ...]
    """For each measured action: its key, title, what was measured, what was forecast ("" where nothing was)."""
    totals: tuple[str, ...]


def progress_view(progress: Progress, language: Language) -> ProgressView:
    """What came of a plan so far, as its page shows it."""
    _ = language.gettext
    lines = []
    if progress.cost is not None:
        text = language.ngettext(
            "Spent: %(cost)s on %(num)s action.", "Spent: %(cost)s on %(num)s actions.", progress.with_cost
        )
        lines.append(text % {"cost": language.money(progress.cost), "num": language.number(progress.with_cost)})
    for use, saved in progress.saved.items():
        text = _("Measured saving: %(use)s, %(amount)s a year.") if saved >= 0 else _(
            "Measured: %(use)s, %(amount)s a year more than before."
        )  # fmt: skip
        lines.append(text % {"use": use_name(use, language), "amount": use_amount(use, abs(saved), language)})
    return ProgressView(
        tuple(lines), tuple(_row(outcome, language) for outcome in progress.measured),
        tuple(compared_words(total, language) for total in progress.totals),
    )  # fmt: skip


def _row(outcome: Outcome, language: Language) -> tuple[str, str, str, str]:
    found = outcome.measured
    words = saving_sentence(found, language) if found is not None else ""
    forecast = forecast_words(outcome.tracked[0], language) if outcome.tracked is not None else ""
    return outcome.card.key, outcome.card.title, words, forecast


def doubt_words(doubt: Doubt, language: Language) -> str:
    """What to look at again, as a question or a piece of advice."""
    _ = language.gettext
    return {
        "incomplete": _(
            "The saving is worked out once both readings have an amount, a first and a last day."
        ),
        "no-use": _("Choose what the amount measures and in which unit; until then it cannot be compared."),
        "backwards": _("A last day lies before its first day. Are they the wrong way round?"),
        "not-over": _("A period of a reading is not over yet. Is the amount for all of it?"),
        "overlap": _("The period after begins before the period before has ended. Are the days right?"),
        "before-done": _("The period after begins before the action was done, so part of it shows no saving yet."),
        "part-of-year": _(
            "A period is shorter than a year, so the seasons may show more than the action. Read again after a year, "
            "or correct by degree days or by how much you made."
        ),
        "uses-differ": _("The two readings measure different things, so they cannot be compared."),
        "units-differ": _("The two readings are in different units. Is each amount in the unit beside it?"),
        "far-apart": _("One reading is at least ten times the other. Is the unit right, such as kWh instead of MWh?"),
        "more-used": _("More was used after than before. What else changed? A note helps you to remember."),
        "small": _(
            "The difference is less than a tenth of the whole, and a meter goes up and down by that much by itself. A "
            "meter for the machine alone would tell more."
        ),
        "negative": _("An amount is below zero. Solar power that you sold belongs to a reading of its own."),
        "too-much": _("An amount is larger than any firm uses. Is the unit right?"),
        "one-activity": _("For the correction, both periods need their figure, above zero."),
        "cost-negative": _("The cost is below zero. A grant is better noted in words."),
        "cost-high": _("The cost is above 10 million EUR. Is it right?"),
        "done-before-start": _("The action was done before it was started. Are the dates the right way round?"),
        "done-later": _("The day on which it was done lies ahead. “Planned for” is meant for that."),
    }[doubt]  # fmt: skip
