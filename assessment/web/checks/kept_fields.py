"""The HTML of a question's field, rendered once for everybody who sees it alike.

Rendering the fields is most of a question page's cost, and a question with a given option ticked looks the same
to everybody. So fields of options are kept; nothing that somebody typed is ever among them.
"""

from flask import g
from jinja2 import Environment
from markupsafe import Markup

from assessment.core.checks.questions import Question
from assessment.web.checks.forms import QuestionView

_MOST_KEPT = 1024
"""About 5 kB each."""


class QuestionFields:
    """Renders the field of a question: `question_field(view)` in templates."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._kept: dict[tuple[object, ...], tuple[Question, Markup]] = {}

    def __call__(self, view: QuestionView) -> Markup:
        """The HTML of the field, with everything that belongs to the question."""
        key = _key_of(view)
        if key is None:
            return self._rendered(view)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            # The question is kept as well, so that its identity in the key is not given to another.
            found = self._kept[key] = view.question, self._rendered(view)
        return found[1]

    def _rendered(self, view: QuestionView) -> Markup:
        template = self._environment.get_template(f"fields/{view.question.kind}.html")
        rendered: Markup = template.module.field(view)  # type: ignore[attr-defined]
        return rendered


def _key_of(view: QuestionView) -> tuple[object, ...] | None:
    """Everything that shows in the field of a choice, or None for a field that holds words of a person."""
    if view.errors or view.note or view.reason or view.last or view.question.kind not in ("choice", "multi"):
        return None
    options = tuple([option.id for option in view.options])
    return (
        g.language, id(view.question), view.heading, options, view.value, view.marker, view.basis, view.revision,
    )  # fmt: skip
