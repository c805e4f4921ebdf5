"""The rows of a review, put together from pieces that look the same to everybody, each rendered once and kept.

A row is kept for a question, the option chosen there and the state of its review, with places for the rest: whatever
somebody typed, the address of the check, the step that somebody saw. So what is kept holds nothing of anybody.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app, request
from jinja2 import Environment
from markupsafe import Markup, escape

from assessment.core.access import Action
from assessment.core.checks.answers import Marker, Value
from assessment.core.checks.questionnaire import Section
from assessment.core.checks.route import Leg
from assessment.i18n import Language
from assessment.services.checks.answering import OpenDraft
from assessment.services.checks.evidence import ByQuestion
from assessment.services.mentors.reviewing import ReviewedAnswer, ReviewedCheck
from assessment.web.kept_pieces import PLACE, in_place, shape_of
from assessment.web.mentors.review_words import ScoreRow, answer_words, level_words, shown_words, tag_of

_EXTENSION = "assessment-kept-review"
_TEMPLATE = "pages/review/row.html"
_COMPANY = "-company-"
_NOTHING = escape("")
_CHOSEN = {"choice": str, "multi": frozenset}
"""What is chosen of a list, by kind of question: the words for it are the questionnaire's own."""

MOST_PIECES = 5_000
"""About 1 kB each."""


class KeptReview:
    """Renders pieces, and keeps them."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        # What a key names by its identity is kept as well, so that the identity is not given to another.
        self._kept: dict[tuple[object, ...], tuple[object, bytes]] = {}
        self._pieces: dict[tuple[object, ...], tuple[object, Markup]] = {}

    def rows(self, answers: Sequence[ReviewedAnswer], documents: ByQuestion, here: Language) -> list[bytes]:
        """The rows of the list, in order. What they lead to lies beside the page, so no row names the check."""
        self._make_room()
        kept, lines, section = self._kept, [], None
        for answer in answers:
            question, its_section, entry, stored, _, comments = answer
            if its_section is not section:
                section = its_section
                lines.append(self._title(section, here))
            value, raw = entry
            typed = type(value) is not _CHOSEN.get(question.kind) and type(value) is not Marker
            attached = documents.get(question.id)
            if typed or stored or comments or attached or "n" in raw:
                lines.append(self._filled(answer, typed, len(attached or ()), here))
                continue
            key = (here, id(question), value, raw["r"])
            found = kept.get(key)
            if found is None:
                found = kept[key] = question, self._filled(answer, False, 0, here)
            lines.append(found[1])
        return lines

    def _filled(self, answer: ReviewedAnswer, typed: bool, documents: int, here: Language) -> bytes:
        """A row with what is the company's own."""
        question, _, entry, stored, review, comments = answer
        value, note, changed = entry.value, entry.remark.note, answer.changed
        key = (here, id(question), None if typed else value, review.state, changed, review.reply != "")
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = question, self._row(answer, typed, here)
        told = [in_place(answer_words(question, value, here))] if typed else []
        told.append(self._beside(note, documents, here) if note or documents else b"")
        told.append(self._since(stored.changed_at, here) if stored else b"")
        told.append(self._more(answer, here) if stored or comments else b"")
        if changed or not stored:
            told.append(b"%d-%d" % (entry.revision, review.step))
        return found[1] % tuple(told)

    def scores(self, rows: Sequence[ScoreRow], here: Language) -> Markup:
        """The lines of the table of scores."""
        self._make_room()
        return _NOTHING.join([self._kept_part((here, *row), "score", row) for row in rows])

    def links(self, opened: OpenDraft, check: ReviewedCheck, here: Language) -> Markup:
        """Where a mentor goes from a review."""
        draft = opened.draft
        company = draft.company_id or ""
        leads = opened.may(Action.PROPOSE_ANSWERS), check.result > 0, draft.previous_id is not None
        key = (here, request.script_root, "links", company != "", *leads)
        kept = self._kept_part(key, "links", PLACE, company and _COMPANY, *leads)
        return kept.replace(PLACE, escape(draft.id)).replace(_COMPANY, escape(company))

    def filters(self, legs: Sequence[Leg], section: str, shown: str, here: Language) -> Markup:
        """What the list can be narrowed to."""
        key = (here, id(legs), section, shown)
        found = self._pieces.get(key)
        if found is None:
            found = self._pieces[key] = legs, self._part("filters", legs, section, shown_words(here), shown)
        return found[1]

    def _make_room(self) -> None:
        for kept in (self._kept, self._pieces):
            if len(kept) >= MOST_PIECES:
                kept.clear()

    def _row(self, answer: ReviewedAnswer, typed: bool, here: Language) -> bytes:
        """A row with places for words that were typed, what stands beside, since when, what was said, what was seen."""
        question, value = answer.question, answer.entry.value
        words = PLACE if typed else answer_words(question, value, here)
        told = (question, words, level_words(question, value, here), tag_of(answer, "mentor", here), answer.changed)
        return shape_of(self._part("row", *told, answer.stored is None, PLACE))

    def _title(self, section: Section, here: Language) -> bytes:
        found = self._kept.get((here, id(section)))
        if found is None:
            found = self._kept[here, id(section)] = section, self._part("title", section).encode()
        return found[1]

    def _beside(self, note: str, documents: int, here: Language) -> bytes:
        shape = self._kept_shape((here, "beside", note != "", documents), "beside", note and PLACE, documents)
        return shape % in_place(note) if note else shape % ()

    def _since(self, moment: datetime, here: Language) -> bytes:
        return self._kept_shape((here, "since"), "since", PLACE) % in_place(here.date(moment))

    def _more(self, answer: ReviewedAnswer, here: Language) -> bytes:
        """What company and mentor said at an answer; it is theirs, and is not kept."""
        review = answer.review
        declared = None if answer.changed else review.declared
        if not (review.reason or review.reply or answer.comments) and review.proposed is declared is None:
            return b""

        def in_words(value: Value | None) -> str:
            return "" if value is None else answer_words(answer.question, value, here)

        return self._part("more", answer, review, in_words(review.proposed), in_words(declared)).encode()

    def _kept_part(self, key: tuple[object, ...], macro: str, *arguments: Any) -> Markup:
        found = self._pieces.get(key)
        if found is None:
            found = self._pieces[key] = None, self._part(macro, *arguments)
        return found[1]

    def _kept_shape(self, key: tuple[object, ...], macro: str, *arguments: Any) -> bytes:
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = None, shape_of(self._part(macro, *arguments))
        return found[1]

    def _part(self, macro: str, *arguments: Any) -> Markup:
        module = self._environment.get_template(_TEMPLATE).module
        rendered: Markup = getattr(module, macro)(*arguments)
        return rendered


def kept_review() -> KeptReview:
    """The kept pieces of the running application."""
    found: KeptReview | None = current_app.extensions.get(_EXTENSION)
    if found is None:
        found = current_app.extensions[_EXTENSION] = KeptReview(current_app.jinja_env)
    return found
