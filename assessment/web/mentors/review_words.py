"""The words of a review, as its mentor and as the company read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assessment.core.checks.answers import Value
from assessment.core.checks.questions import TOP_LEVEL, Question
from assessment.core.checks.review import Share, Side
from assessment.i18n import Language
from assessment.services.mentors.reviewing import Changed, ReviewedAnswer, ReviewedCheck, level_here
from assessment.web.checks.shown import in_words

SHOWN: tuple[str, ...] = ("open", "company", "mentor", "settled")
"""What a list of answers can be narrowed to."""


@dataclass(frozen=True, slots=True)
class Tag:
    """Where a review stands, in words and by a colour that says nothing more."""

    text: str
    colour: str


class ScoreRow(NamedTuple):
    """One line of the table of scores; a figure is None where there is none."""

    label: str
    declared: int | None
    confirmed: int | None
    answers: str
    strong: bool = False


def tag_of(answer: ReviewedAnswer, side: Side, language: Language) -> Tag:
    """Where the review of an answer stands."""
    _ = language.gettext
    if answer.changed:
        return Tag(_("Changed since"), "yellow")
    match answer.state:
        case "open":
            return Tag(_("Not reviewed"), "grey")
        case "confirmed":
            return Tag(_("Confirmed"), "green")
        case "accepted":
            return Tag(_("Different answer accepted"), "blue")
        case "disputed":
            return Tag(_("The company keeps its answer") if side == "mentor" else _("You keep your answer"), "orange")
        case "asked" if answer.review.reply:
            return Tag(_("The company replied") if side == "mentor" else _("You replied"), "orange")
        case _:
            return Tag(_("Waiting for the company") if side == "mentor" else _("Waiting for you"), "yellow")


def shown_words(language: Language) -> dict[str, str]:
    """The choices of what to show."""
    _ = language.gettext
    return {
        "open": _("Not reviewed"), "company": _("Waiting for the company"), "mentor": _("Waiting for you"),
        "settled": _("Confirmed or accepted"),
    }  # fmt: skip


def passes(answer: ReviewedAnswer, shown: str) -> bool:
    """Whether an answer is among those to show; an empty choice shows all."""
    match shown:
        case "open":
            return answer.state == "open"
        case "company" | "mentor":
            return answer.turn == shown
        case "settled":
            return answer.review.settles(answer.entry.revision)
        case _:
            return True


def level_words(question: Question, value: Value, language: Language) -> str:
    """The level of an answer, empty where it has none."""
    level = level_here(question, value)
    if level is None:
        return ""
    return language.gettext("level %(level)s of %(top)s") % {"level": level, "top": TOP_LEVEL}


def answer_words(question: Question, value: Value, language: Language) -> str:
    """An answer on one line."""
    return language.list_of(list(in_words(question, value, language)))


def change_words(question: Question, change: Changed, language: Language) -> str:
    """What an answer was changed from and to."""
    _ = language.gettext
    before = "" if change.was is None else answer_words(question, change.was, language)
    after = "" if change.to.value is None else answer_words(question, change.to.value, language)
    if change.to.value == change.was:
        return _("changed what stands beside the answer")
    if not before:
        return _("answered %(after)s") % {"after": after}
    if not after:
        return _("took back %(before)s") % {"before": before}
    return _("changed %(before)s to %(after)s") % {"before": before, "after": after}


def road_words(change: Changed, language: Language) -> str:
    """By which road an answer came."""
    _ = language.gettext
    return {
        "own": _("The company’s own answer"),
        "accepted": _("Accepted as a mentor proposed it"),
        "interview": _("Noted by a mentor in an interview, then confirmed"),
    }[change.to.road]


def score_rows(check: ReviewedCheck, language: Language) -> Sequence[ScoreRow]:
    """Declared and confirmed, section by section and overall."""
    scores = check.scores
    rows = []
    for part in scores.declared.sections:
        section = check.opened.edition.questionnaire.section(part.section)
        confirmed = scores.confirmed.section(part.section)
        if section is None or confirmed is None:
            continue
        share = scores.shares[part.section]
        told = _share_words(share, language)
        rows.append(ScoreRow(section.title, part.score.headline, share.headline_of(confirmed.score), told))
    confirmed_overall = scores.share.headline_of(scores.confirmed.overall)
    told = _share_words(scores.share, language)
    overall = ScoreRow(language.gettext("Overall"), scores.declared.overall.headline, confirmed_overall, told, True)
    return [*rows, overall]


def _share_words(share: Share, language: Language) -> str:
    return language.gettext("%(some)s of %(all)s answers confirmed, %(share)s %%") % {
        "some": share.confirmed, "all": share.scored, "share": share.percent,
    }  # fmt: skip
