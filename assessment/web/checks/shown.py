"""Answers in words, for the pages that show them back: check answers, conflict, why this score."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from assessment.core.checks.answers import Marker, Remark, Value, from_json
from assessment.core.checks.questionnaire import Section
from assessment.core.checks.questions import Question
from assessment.core.errors import Clash
from assessment.i18n import Language
from assessment.reporting import words
from assessment.services.checks.answering import OpenDraft, to_look_at
from assessment.storage.checks.assessments import Change


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One question with its answer as lines of words; no line where it was not answered."""

    question: Question
    lines: tuple[str, ...]
    basis: str
    reason: str
    note: str
    href: str


@dataclass(frozen=True, slots=True)
class ShownLeg:
    """The answers of one section."""

    section: Section
    rows: tuple[ShownAnswer, ...]


@dataclass(frozen=True, slots=True)
class ShownClash:
    """One question with the two answers to choose from."""

    question: Question
    mine: str
    theirs: str
    day: str
    time: str
    who: str
    revision: int


def in_words(question: Question, value: Value, language: Language) -> tuple[str, ...]:
    """A value as the person would say it, one line per part; reports leave the markers to their own places."""
    if isinstance(value, Marker):
        _ = language.gettext
        return (_("I do not know") if value is Marker.DO_NOT_KNOW else _("Does not apply to us"),)
    return words.in_words(question, value, language)


def shown_legs(opened: OpenDraft, language: Language) -> list[ShownLeg]:
    """Every section with every question that applies."""
    return [
        ShownLeg(
            leg.section,
            tuple(_row(opened, leg.section, page.id, q, language) for page in leg.pages for q in page.questions),
        )
        for leg in opened.route.legs
    ]


def _row(opened: OpenDraft, section: Section, page: str, question: Question, language: Language) -> ShownAnswer:
    value, remark = opened.answers.get(question.id), opened.remarks.get(question.id)
    return ShownAnswer(
        question,
        in_words(question, value, language) if value is not None else (),
        _bases(language)[remark.basis] if remark and value is not None else "",
        remark.reason if remark and value is not None else "",
        remark.note if remark else "",
        page_of(opened, section.id, page, question.id),
    )


def page_of(opened: OpenDraft, section: str, page: str, question: str) -> str:
    """The address of a question, from the check page and back to it."""
    values = {"draft_id": opened.draft.id, "section": section, "page": page, "from": "check", "_anchor": question}
    return url_for("answering.page", **values)  # type: ignore[arg-type]


def look(opened: OpenDraft) -> list[tuple[str, Question, str]]:
    """What deserves a look, each with the address of its page."""
    pages = {q.id: (leg.section.id, page.id) for leg in opened.route.legs for page in leg.pages for q in page.questions}
    return [
        (reason, question, page_of(opened, *pages[question.id], question.id)) for reason, question in to_look_at(opened)
    ]


def shown_clashes(
    pairs: Sequence[tuple[Question, Clash, Change]], givers: Mapping[str, str], language: Language
) -> list[ShownClash]:
    """The two sides of each conflict in words; `givers` are the names of who gave theirs, where they may be told."""
    return [
        ShownClash(question, _side(question, mine.value, mine.remark, language),
                   _side(question, _stored(clash), clash, language),
                   language.date(at := datetime.fromisoformat(clash.changed_at)), language.time(at),
                   givers.get(question.id, ""), clash.revision)
        for question, clash, mine in pairs
    ]  # fmt: skip


def _stored(clash: Clash) -> Value | None:
    """The stored side; None where the answer was taken back."""
    stored = json.loads(clash.theirs)
    return None if stored is None else from_json(stored)


def _side(question: Question, value: Value | None, beside: Remark | Clash, language: Language) -> str:
    """An answer with what stands beside it, as two answers can differ in that alone."""
    answer = language.gettext("no answer")
    if value is not None:
        answer = language.list_of(list(in_words(question, value, language)))
    return "; ".join(filter(None, (answer, _bases(language)[beside.basis], beside.note, beside.reason)))


def _bases(language: Language) -> dict[str, str]:
    _ = language.gettext
    return {"": "", "bills": _("From bills or a meter"), "estimate": _("My estimate")}
