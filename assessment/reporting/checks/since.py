"""What changed since last year's result, in plain values that page and paper show alike."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from assessment.core.checks.comparison import Comparison, Kind, Moved, in_tenths
from assessment.core.checks.questions import TOP_LEVEL, Question
from assessment.i18n import Language

MOST_CHANGES = 40
"""Changes told one by one; the rest is told as one sum."""


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One score in both results; None where there was none to show. `change` is empty where it cannot be told."""

    title: str
    before: int | None
    after: int | None
    change: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One question whose answer changed: how, and how many points of the section's and the overall score it made."""

    code: str
    short: str
    detail: str
    section: str
    section_effect: str
    effect: str


@dataclass(frozen=True, slots=True)
class SumRow:
    """What several questions made together."""

    title: str
    effect: str


@dataclass(frozen=True, slots=True)
class BreakRow:
    """A question that is not compared, and why."""

    code: str
    short: str
    why: str


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since the result of `day`; effects are empty where one of the results has no headline."""

    day: date
    overall: ScoreRow
    sections: tuple[ScoreRow, ...]
    changes: tuple[ChangeRow, ...]
    sums: tuple[SumRow, ...]
    total: str
    breaks: tuple[BreakRow, ...]
    other_depth: bool

    @property
    def drawn(self) -> tuple[ScoreRow, ...]:
        """The rows of the chart: the overall score, then the sections."""
        return (self.overall, *self.sections)


def since(
    comparison: Comparison,
    day: date,
    asked: Callable[[str], Question],
    titles: Callable[[str], str],
    language: Language,
) -> Since:
    """What changed, in the words of a language.

    Effects are rounded to tenths so that they add up to the total that is shown.
    """
    _ = language.gettext
    told, left = comparison.changes[:MOST_CHANGES], comparison.changes[MOST_CHANGES:]
    others = sum((moved.effect for moved in left), comparison.reweighted)
    broken = sum((moved.effect for moved in comparison.breaks), Fraction(0))
    tenths = in_tenths([*(moved.effect for moved in told), others, broken])
    effects = [signed(value, language) if comparison.has_scores else "" for value in tenths]
    sums = []
    if tenths[-2] and comparison.has_scores:
        title = _("Answers that did not change count more or less, because others came or went")
        sums.append(SumRow(title, effects[-2]))
    if comparison.breaks and comparison.has_scores:
        sums.append(SumRow(_("Questions that changed with the questionnaire"), effects[-1]))
    return Since(
        day,
        _scores(_("Overall"), comparison.before, comparison.after, language),
        tuple(_scores(titles(row.section), row.before, row.after, language) for row in comparison.sections),
        tuple(
            _change(moved, asked(moved.question), titles(moved.section), effect, language)
            for moved, effect in zip(told, effects, strict=False)
        ),
        tuple(sums),
        signed(sum(tenths), language) if comparison.has_scores else "",
        tuple(_break(moved, asked(moved.question), language) for moved in comparison.breaks),
        comparison.other_depth,
    )  # fmt: skip


def signed(tenths: int, language: Language) -> str:
    """A number of tenths of a point with its sign."""
    words = language.number(Decimal(abs(tenths)) / 10, 1)
    sign = "+" if tenths > 0 else "\N{MINUS SIGN}" if tenths < 0 else ""
    return sign + words


def _scores(title: str, before: int | None, after: int | None, language: Language) -> ScoreRow:
    if before is None or after is None:
        return ScoreRow(title, before, after, "")
    sign = "+" if after > before else "\N{MINUS SIGN}" if after < before else ""
    return ScoreRow(title, before, after, sign + language.number(abs(after - before)))


def _change(moved: Moved, question: Question, section: str, effect: str, language: Language) -> ChangeRow:
    (within,) = in_tenths([moved.section_effect])
    return ChangeRow(
        question.id.upper(), question.short, _detail(moved, question, language), section,
        signed(within, language) if effect else "", effect,
    )  # fmt: skip


def _detail(moved: Moved, question: Question, language: Language) -> str:
    _ = language.gettext
    values = {
        "before": _state(moved.before, moved.level_before, language),
        "after": _state(moved.after, moved.level_after, language),
    }
    text = _("Last year: %(before)s. Now: %(after)s.") % values
    if moved.points_before is None or moved.points_after is None or question.weight is None:
        return text
    points = _("Points: %(before)s, now %(after)s, of %(possible)s.") % {
        "before": language.number(moved.points_before), "after": language.number(moved.points_after),
        "possible": language.number(TOP_LEVEL * question.weight),
    }  # fmt: skip
    return f"{text} {points}"


def _state(state: str | None, level: int | None, language: Language) -> str:
    _ = language.gettext
    if level is not None:
        return _("level %(level)s of 4") % {"level": level}
    return {
        "do-not-know": _("I do not know"), "not-applicable": _("does not apply"), "unanswered": _("no answer"),
    }.get(state or "", _("not asked"))  # fmt: skip


def _break(moved: Moved, question: Question, language: Language) -> BreakRow:
    _ = language.gettext
    why: dict[Kind, str] = {
        "new": _("new in this version"), "gone": _("no longer asked"),
        "new-meaning": _("means something else than in the version of last year"),
    }  # fmt: skip
    return BreakRow(question.id.upper(), question.short, why[moved.kind])
