"""The pieces of a review's rows that look the same to everybody, each rendered once and kept.

A question's own words and those of its options are kept, and the names of states; what somebody typed is not.
"""

from collections.abc import Sequence
from typing import Any

from flask import current_app
from jinja2 import Environment
from markupsafe import Markup

from assessment.core.answers import Value
from assessment.core.questions import Question
from assessment.core.review import Review
from assessment.i18n import Language
from assessment.services.reviewing import ReviewedAnswer
from assessment.storage.drafts import Entry
from assessment.web.review_words import answer_words, level_words, tag_of

_EXTENSION = "assessment-kept-review"
_TEMPLATE = "pages/review/row.html"

Row = tuple[str, str, Markup, Markup, Markup, ReviewedAnswer, Review, Entry, bool, bool]
"""The title of a section that begins here (else empty), the question's id, what is asked and answered, what links are
about, where the review stands; answer, review and entry; whether nobody has looked, and whether it can be confirmed."""

MOST_PIECES = 5_000
"""About 200 bytes each."""


class KeptReview:
    """Renders pieces, and keeps them."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        # The question is kept as well, so that its identity in a key is not given to another.
        self._kept: dict[tuple[object, ...], tuple[Question | None, Markup]] = {}

    def rows(self, answers: Sequence[ReviewedAnswer], here: Language) -> list[Row]:
        """The rows of the list, in order."""
        if len(self._kept) >= MOST_PIECES:
            self._kept.clear()
        rows, before = [], ""
        for answer in answers:
            section, question, review, is_open = answer.section, answer.question, answer.review, answer.state == "open"
            title = section.title if section.id != before else ""
            before = section.id
            rows.append((
                title, question.id, self._head(question, answer.entry.value, here), self._about(question, here),
                self._tag(answer, here), answer, review, answer.entry, is_open, is_open or answer.changed,
            ))  # fmt: skip
        return rows

    def _head(self, question: Question, value: Value, here: Language) -> Markup:
        # Words and numbers are the company's own.
        if type(value) is not str or question.kind != "choice":
            return self._new_head(question, value, here)
        key = (here, id(question), value)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = question, self._new_head(question, value, here)
        return found[1]

    def _new_head(self, question: Question, value: Value, here: Language) -> Markup:
        return self._part("head", question, answer_words(question, value, here), level_words(question, value, here))

    def _about(self, question: Question, here: Language) -> Markup:
        found = self._kept.get((here, id(question)))
        if found is None:
            found = self._kept[here, id(question)] = question, self._part("about", question)
        return found[1]

    def _tag(self, answer: ReviewedAnswer, here: Language) -> Markup:
        said = tag_of(answer, "mentor", here)
        found = self._kept.get((here, said.text, said.colour))
        if found is None:
            found = self._kept[here, said.text, said.colour] = None, self._part("tag", said)
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
