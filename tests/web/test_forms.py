"""Forms: a page sent by a browser becomes changes or problems in words, and comes back showing what was typed."""

import json
import re
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict

from assessment.content import folders
from assessment.content.library import Edition
from assessment.core.checks.answers import Marker, Quantities, Quantity, Remark, Value, to_json
from assessment.core.checks.questionnaire import Page, Questionnaire, Roles
from assessment.core.checks.route import Leg
from assessment.core.errors import Problem
from assessment.core.plans.actions import Actions
from assessment.i18n import Language
from assessment.services.checks.answering import OpenPage
from assessment.storage.checks.assessments import Change
from assessment.storage.checks.drafts import Document, Draft
from assessment.web import problems as problem_words
from assessment.web.checks.fields import TypedDate
from assessment.web.checks.forms import NumberView, PageInput, QuestionView, read_page, views_of_answers, views_of_input
from assessment.web.problems import SENTENCES, SENTENCES_OF_PARTS, error_list

ENGLISH, GERMAN = Language("en"), Language("de")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

KWH = {"id": "kwh", "label": "kWh", "factor": "1"}
MWH = {"id": "mwh", "label": "MWh", "factor": "1000"}
PERSON = {"id": "people", "label": "people", "factor": "1"}


def _question(question_id: str, kind: str, **more: Any) -> dict[str, Any]:
    name = question_id.replace("-", " ")
    words = {"label": f"What about {name}?", "short": f"Short {name}", "hint": "A hint."}
    longer = {"why": "Because.", "where": "There.", "example": "Some."}
    return {"id": question_id, "kind": kind, "page": "all", "theme": "energy", "help": longer, **words, **more}


def _options(*ids: str, **exclusive: bool) -> list[dict[str, Any]]:
    return [{"id": name, "label": name.title(), "exclusive": exclusive.get(name, False)} for name in ids]


QUESTIONS = [
    _question("a-land", "choice", options=_options("bg", "de"), required=True, do_not_know=False, not_applicable=False),
    _question("a-region", "choice", options_by="a-land", options=[
        {"id": "sofia", "label": "Sofia", "for": ["bg"]}, {"id": "berlin", "label": "Berlin", "for": ["de"]},
        {"id": "unsure", "label": "Not sure"},
    ]),
    _question("a-uses", "multi", options=_options("heat", "cool", "none", none=True), max_choices=2),
    _question("a-power", "number", units=[KWH, MWH], maximum="1000000000", minimum="0"),
    _question("a-staff", "number", units=[PERSON], whole=True, minimum="1", maximum="250"),
    _question("a-fuels", "numbers", fields=[
        {"id": "gas", "label": "Natural gas", "units": [MWH, KWH]}, {"id": "oil", "label": "Oil", "units": [KWH]},
    ]),
    _question("a-words", "text", longest=20),
    _question("a-since", "date"),
]  # fmt: skip
ELSEWHERE = [_question("b-other", "choice", options=_options("x", "y")) | {"page": "more"}]

QUESTIONNAIRE = Questionnaire.model_validate(
    {
        "name": "tiny", "version": "1", "language": "en", "title": "Tiny",
        "bands": [{"id": "low", "label": "Low", "from": 0}, {"id": "high", "label": "High", "from": 50}],
        "flags": {}, "sectors": [{"id": "any", "label": "Any", "weights": {}}],
        "roles": dict.fromkeys(Roles.model_fields, "a-land"),
        "sections": [
            {"id": "a", "title": "A", "ready": "Bills", "minutes": 5, "questions": QUESTIONS + ELSEWHERE,
             "pages": [{"id": "all", "title": "All kinds"}]},
        ],
    }
)  # fmt: skip

EDITION = Edition(QUESTIONNAIRE, Actions(questions=()))


def opened_page(
    answers: dict[str, Value] | None = None, remarks: dict[str, Remark] | None = None, only: str | None = None
) -> OpenPage:
    """The page with every kind of question, or with one question only, as a draft with these answers opens it."""
    document: Document = {}
    for name, value in (answers or {}).items():
        remark = (remarks or {}).get(name, Remark())
        document[name] = {"v": to_json(value), "r": 3, "at": NOW.isoformat(), "b": remark.basis, "n": remark.note,
                          "y": remark.reason}  # fmt: skip
    draft = Draft("d", "tiny", "1", "full", "en", "", NOW, NOW, NOW, None, None, "", 1, document)
    route = EDITION.routes.of(draft.answers)
    leg, page = route.leg("a"), route.page("a", "all")
    assert isinstance(leg, Leg)
    assert isinstance(page, Page)
    if only:
        page = Page(only, None, None, (QUESTIONNAIRE.questions[only],))
    return OpenPage(draft, EDITION, route, leg, page)


def sent(controls: dict[str, str | list[str]], opened: OpenPage | None = None, complete: bool = True) -> PageInput:
    """A page sent with these controls."""
    return read_page(opened or opened_page(), ENGLISH, MultiDict(controls), complete)


def codes(given: PageInput) -> list[tuple[str, str, str]]:
    return [(problem.question, problem.code, problem.field) for problem in given.problems]


def values(given: PageInput) -> dict[str, Value | None]:
    return {change.question: change.value for change in given.changes}


def test_a_page_with_every_kind_is_read_at_once() -> None:
    given = sent(
        {
            "a-land": "bg",
            "a-region": "sofia",
            "a-uses": ["heat", "cool"],
            "a-power": "12,5",
            "a-power.unit": "mwh",
            "a-power.basis": "bills",
            "a-staff": "12",
            "a-fuels.gas": "3",
            "a-fuels.gas.unit": "mwh",
            "a-fuels.oil": "",
            "a-words": "Zażółć",
            "a-since.day": "1",
            "a-since.month": "2",
            "a-since.year": "2020",
            "a-words.note": "see shelf",
            "a-land.revision": "4",
            "csrf_token": "abc",
            "idempotency_key": "k",
            "action": "continue",
        }
    )
    assert given.problems == []
    assert given.changes == [
        Change("a-land", "bg", Remark(), 4),
        Change("a-region", "sofia"),
        Change("a-uses", frozenset({"heat", "cool"})),
        Change("a-power", Quantity(Decimal(12500), "mwh", "12,5"), Remark("bills")),
        Change("a-staff", Quantity(Decimal(12), "people", "12")),
        Change("a-fuels", Quantities((("gas", Quantity(Decimal(3000), "mwh", "3")),))),
        Change("a-words", "Zażółć", Remark(note="see shelf")),
        Change("a-since", date(2020, 2, 1)),
    ]


def test_what_was_never_answered_and_is_left_empty_is_no_change() -> None:
    assert values(sent({"a-land": "bg"})) == {"a-land": "bg"}


def test_an_answer_that_is_cleared_is_taken_back() -> None:
    opened = opened_page({"a-uses": frozenset({"heat"}), "a-words": "x", "a-power": Marker.DO_NOT_KNOW})
    given = sent(
        {"a-land": "bg", "a-uses.revision": "3", "a-words.revision": "3", "a-power.revision": "3"}, opened=opened
    )
    assert values(given) == {"a-land": "bg", "a-uses": None, "a-words": None, "a-power": None}


def test_a_note_alone_is_kept() -> None:
    assert sent({"a-land": "bg", "a-power.note": "ask Ana"}).changes[-1] == Change(
        "a-power", None, Remark(note="ask Ana")
    )


def test_routing_questions_are_needed_on_continue_and_not_by_an_autosave_or_on_leaving() -> None:
    assert codes(sent({})) == [("a-land", "answer-needed", "")]
    assert sent({}, complete=False).problems == []
    assert sent({"action": "leave"}).problems == []


@pytest.mark.parametrize(
    ("controls", "problem"),
    [
        ({"a-land": "xx"}, ("a-land", "unknown-option", "")),
        ({"a-land": "do-not-know"}, ("a-land", "answer-needed", "")),
        ({"a-region": "berlin"}, ("a-region", "unknown-option", "")),
        ({"a-uses": ["heat", "none"]}, ("a-uses", "none-and-some", "")),
        ({"a-uses": ["heat", "what"]}, ("a-uses", "unknown-option", "")),
        ({"a-power": "2000000", "a-power.unit": "mwh"}, ("a-power", "too-large", "")),
        ({"a-power": "-1", "a-power.unit": "kwh"}, ("a-power", "too-small", "")),
        ({"a-staff": "2.5"}, ("a-staff", "not-whole", "")),
        ({"a-staff": "3", "a-staff.marker": "do-not-know"}, ("a-staff", "both", "")),
        ({"a-fuels.gas": "x", "a-fuels.gas.unit": "kwh"}, ("a-fuels", "not-a-number", "gas")),
        ({"a-fuels.oil": "1.234"}, ("a-fuels", "ambiguous", "oil")),
        ({"a-fuels.oil": "-4"}, ("a-fuels", "too-small", "oil")),
        ({"a-words": "x" * 21}, ("a-words", "too-long", "")),
        ({"a-since.day": "3"}, ("a-since", "date-incomplete", "month")),
    ],
)
def test_a_wrong_answer_is_one_problem_and_the_rest_of_the_page_is_still_read(
    controls: dict[str, str | list[str]], problem: tuple[str, str, str]
) -> None:
    given = sent({"a-land": "bg", **controls})
    assert codes(given) == [problem]
    assert problem[0] not in values(given)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("b-other", ("b-other", "not-on-this-page", "")),
        ("b-other.note", ("b-other", "not-on-this-page", "")),
        ("z-99", ("z-99", "unknown-question", "")),
        ("a-land[]", ("a-land", "unknown-field", "")),
        ("a-land.marker", ("a-land", "unknown-field", "marker")),
        ("a-land.__class__", ("a-land", "unknown-field", "__class__")),
        ("a-fuels.coal", ("a-fuels", "unknown-field", "coal")),
        ("a-fuels", ("a-fuels", "unknown-field", "")),
        ("a-words.unit", ("a-words", "unknown-field", "unit")),
    ],
)
def test_controls_that_the_page_does_not_have_are_problems(name: str, problem: tuple[str, str, str]) -> None:
    given = read_page(opened_page(), ENGLISH, MultiDict([("a-land", "bg"), (name, "x")]))
    assert codes(given) == [problem]


@pytest.mark.parametrize(
    "name", ["csrf_token", "action", "autosave", "from", "utm_source", "data", "errors", "<script>"]
)
def test_controls_that_cannot_be_meant_as_questions_are_let_be(name: str) -> None:
    assert read_page(opened_page(), ENGLISH, MultiDict([("a-land", "bg"), (name, "x")])).problems == []


def test_a_thousand_foreign_controls_come_to_a_few_problems() -> None:
    many = MultiDict([("a-land", "bg"), *[(f"z-{number}", "x") for number in range(1000)]])
    assert 0 < len(read_page(opened_page(), ENGLISH, many).problems) <= 20


def test_a_region_is_checked_against_the_country_of_the_same_page() -> None:
    assert sent({"a-land": "de", "a-region": "berlin"}, opened=opened_page({"a-land": "bg"})).problems == []


def test_an_answer_kept_from_another_window_is_not_sent_to_be_saved() -> None:
    given = sent(
        {"a-land": "de", "a-land.keep": "theirs", "a-land.revision": "7", "a-words": "mine", "a-words.keep": "mine"}
    )
    assert (values(given), given.problems) == ({"a-words": "mine"}, [])


# -- what the templates show


def view_of(views: list[QuestionView], question: str) -> QuestionView:
    return next(view for view in views if view.question.id == question)


def number_of(views: list[QuestionView], question: str, figure: str = "") -> NumberView:
    value = view_of(views, question).value
    number = value[figure] if isinstance(value, dict) else value
    assert isinstance(number, NumberView)
    return number


def date_of(views: list[QuestionView], question: str) -> TypedDate:
    value = view_of(views, question).value
    assert isinstance(value, TypedDate)
    return value


STORED: dict[str, Value] = {
    "a-land": "bg",
    "a-region": Marker.DO_NOT_KNOW,
    "a-uses": frozenset({"heat"}),
    "a-power": Quantity(Decimal(12000), "mwh", "12"),
    "a-staff": Marker.NOT_APPLICABLE,
    "a-fuels": Quantities(
        (("gas", Quantity(Decimal(1234000), "mwh", "1.234")), ("oil", Quantity(Decimal("1.5"), "kwh", "1,5")))
    ),
    "a-words": "Ä <b>",
    "a-since": date(2020, 2, 1),
}  # fmt: skip
REMARKS = {"a-power": Remark("bills", "folder 3"), "a-staff": Remark(reason="sole trader")}


def test_stored_answers_are_shown_as_they_were_typed_with_their_conversion() -> None:
    views = views_of_answers(opened_page(STORED, REMARKS), ENGLISH)
    power = view_of(views, "a-power")
    assert (number_of(views, "a-power").amount, number_of(views, "a-power").unit) == ("12", "mwh")
    assert power.conversion == "12 MWh = 12,000 kWh"
    assert (power.basis, power.note, power.revision, power.heading) == ("bills", "folder 3", 3, "h2")
    assert view_of(views, "a-staff").marker == "not-applicable"
    assert view_of(views, "a-staff").reason == "sole trader"
    assert view_of(views, "a-region").value == "do-not-know"
    assert [option.id for option in view_of(views, "a-region").options] == ["sofia", "unsure"]
    assert view_of(views, "a-uses").value == frozenset({"heat"})
    assert date_of(views, "a-since").month == "2"


def test_conversions_are_written_in_the_language_of_the_page() -> None:
    assert view_of(views_of_answers(opened_page(STORED), GERMAN), "a-power").conversion == "12 MWh = 12.000 kWh"


def test_a_number_that_was_settled_before_is_shown_settled() -> None:
    gas = number_of(views_of_answers(opened_page(STORED), ENGLISH), "a-fuels", "gas")
    assert (gas.amount, gas.reading) == ("1.234", "whole")
    assert [(reading.value, reading.label) for reading in gas.readings] == [
        ("whole", "1,234 MWh"),
        ("decimal", "1.234 MWh"),
    ]


def test_an_unanswered_page_is_shown_empty() -> None:
    for view in views_of_answers(opened_page(), ENGLISH):
        assert (view.marker, view.note, view.basis, view.revision, view.errors) == ("", "", "", 0, {})
    assert number_of(views_of_answers(opened_page(), ENGLISH), "a-power").unit == "kwh"


def test_a_question_that_stands_alone_is_the_heading_of_the_page() -> None:
    assert [view.heading for view in views_of_answers(opened_page(only="a-words"), ENGLISH)] == ["h1"]


def test_after_an_error_the_page_shows_exactly_what_was_typed() -> None:
    opened = opened_page(STORED)
    given = sent(
        {
            "a-land": "",
            "a-power": "1.234",
            "a-power.unit": "mwh",
            "a-staff": "many",
            "a-words": "x" * 30,
            "a-fuels.gas": "5",
            "a-fuels.gas.unit": "kwh",
            "a-uses.marker": ["do-not-know", "not-applicable"],
            "a-since.day": "31",
            "a-since.month": "x",
            "a-since.year": "",
        },
        opened=opened,
    )
    errors = error_list(given.problems, QUESTIONNAIRE, ENGLISH)
    views = views_of_input(opened, ENGLISH, given, errors)
    assert [target for target, _ in errors] == ["a-land", "a-uses", "a-power", "a-staff", "a-words", "a-since"]
    assert number_of(views, "a-power").amount == "1.234"
    assert [reading.label for reading in view_of(views, "a-power").readings] == ["1,234 MWh", "1.234 MWh"]
    assert number_of(views, "a-staff").amount == "many"
    assert view_of(views, "a-words").value == "x" * 30
    assert number_of(views, "a-fuels", "gas").unit == "kwh"
    assert "do-not-know" in view_of(views, "a-uses").marker
    assert "not-applicable" in view_of(views, "a-uses").marker
    assert date_of(views, "a-since").day == "31"
    for target, text in errors:
        assert view_of(views, target).errors == {target: text}


# -- words


def test_problems_say_what_was_understood_and_what_to_type() -> None:
    given = sent(
        {
            "a-land": "bg",
            "a-power": "1.234",
            "a-power.unit": "mwh",
            "a-staff": "300",
            "a-fuels.oil": "-1",
            "a-words.note": "x" * 3001,
        }
    )
    assert error_list(given.problems, QUESTIONNAIRE, ENGLISH) == [
        (
            "a-power",
            "Short a power: “1.234” can mean 1,234\u00a0MWh or 1.234\u00a0MWh. Choose below which one you mean.",
        ),
        (
            "a-staff",
            "Short a staff: we read 300\u00a0people, and it must be 250\u00a0people or less. "
            "Check the number and the unit.",
        ),
        ("a-fuels.oil", "Oil: we read -1\u00a0kWh, and it must be 0\u00a0kWh or more. Check the number and the unit."),
        ("a-words.note", "Short a words: the note must be 3,000 characters or fewer."),
    ]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("112 PS", "we read the number 112, but “PS” is no unit that we can take here. Type the number alone."),
        ("112 a b 3", "we cannot read “112 a b 3” as a number. Type digits only, for example 1250."),
        ("12,5,3", "we cannot read “12,5,3” as a number. Type digits only, for example 1250."),
        ("2000000", "we read 2,000,000\u00a0MWh, and it must be 1,000,000\u00a0MWh or less."),
    ],
)
def test_a_number_that_cannot_be_taken_is_told_as_it_was_understood(typed: str, told: str) -> None:
    given = sent({"a-land": "bg", "a-power": typed, "a-power.unit": "mwh"})
    assert told in error_list(given.problems, QUESTIONNAIRE, ENGLISH)[0][1]


@pytest.mark.parametrize(
    ("typed", "chosen", "amount", "number"),
    [("112 MWh", "mwh", 112_000, "112"), ("112 MWh", "kwh", 112_000, "112"), ("1 200 kWh", "kwh", 1200, "1 200"),
     ("1.5mwh", "mwh", 1500, "1.5")],
)  # fmt: skip
def test_a_unit_typed_behind_a_number_is_read_where_the_question_offers_it(
    typed: str, chosen: str, amount: int, number: str
) -> None:
    given = sent({"a-land": "bg", "a-power": typed, "a-power.unit": chosen})
    assert given.problems == []
    found = values(given)["a-power"]
    assert isinstance(found, Quantity)
    assert (found.amount, found.typed) == (Decimal(amount), number)


def test_a_unit_typed_against_the_one_chosen_is_asked_about() -> None:
    given = sent({"a-land": "bg", "a-power": "112 kWh", "a-power.unit": "mwh"})
    told = error_list(given.problems, QUESTIONNAIRE, ENGLISH)[0][1]
    assert "you typed 112 kWh and chose MWh. Type the number alone, and choose its unit." in told


def test_a_part_of_a_person_is_told_as_it_was_understood() -> None:
    given = sent({"a-land": "bg", "a-staff": "2,5"})
    assert "we read 2.5. Type a whole number" in error_list(given.problems, QUESTIONNAIRE, ENGLISH)[0][1]


def test_a_problem_without_a_control_points_to_the_page() -> None:
    problems = [Problem("z-9", "unknown-question"), Problem("b-other", "not-on-this-page")]
    assert [target for target, _ in error_list(problems, QUESTIONNAIRE, ENGLISH)] == [problem_words.PAGE]


def test_hostile_words_in_a_problem_are_only_words() -> None:
    given = sent({"a-land": "bg", "a-power": "%(label)s %s {0} <b>", "a-power.unit": "kwh"})
    assert error_list(given.problems, QUESTIONNAIRE, ENGLISH)[0][1].startswith(
        "Short a power: we cannot read “%(label)s %s"
    )


def test_every_code_that_the_product_can_raise_has_its_sentence() -> None:
    package = Path(folders.LOCALE).parent
    sources = [*package.glob("core/**/*.py"), *package.glob("services/**/*.py"), package / "i18n.py",
               package / "web" / "checks" / "fields.py", package / "web" / "checks" / "forms.py"]  # fmt: skip
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    raised = set(re.findall(r"Problem\(\s*[\w.]+,\s*\"([a-z-]+)\"", text))
    raised |= set(re.findall(r"(?:NumberProblem|__init__|\.problem)\(\s*\"([a-z-]+)\"", text))
    raised |= {"unknown-field", "not-on-this-page", "unknown-question", "unknown-unit", "unit-needed"}
    assert raised == set(SENTENCES)


@pytest.mark.parametrize("text", [*SENTENCES.values(), *SENTENCES_OF_PARTS.values()])
def test_every_sentence_names_its_question_and_ends(text: str) -> None:
    assert "%(label)s" in text
    assert text.endswith(".")


# -- with the templates


class Controls(HTMLParser):
    """Collects what a browser would send for a page left as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self._name = ""
        self._words: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "input" and (found.get("type") not in {"radio", "checkbox"} or "checked" in found):
            self.sent.append((found["name"], found["value"]))
        if tag in {"select", "textarea"}:
            self._name = found["name"]
            self._words = [] if tag == "textarea" else None
        if tag == "option" and "selected" in found:
            self.sent.append((self._name, found["value"]))

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._words is not None:
            self.sent.append((self._name, "".join(self._words)))
            self._words = None


@pytest.fixture(scope="module")
def fields_html() -> Callable[[list[QuestionView]], str]:
    """Renders views through the field templates."""
    environment = Environment(
        loader=FileSystemLoader(folders.TEMPLATES), undefined=StrictUndefined, autoescape=True,
        extensions=["jinja2.ext.i18n"],
    )  # fmt: skip
    environment.install_gettext_callables(ENGLISH.gettext, ENGLISH.ngettext, newstyle=True)  # type: ignore[attr-defined]

    def render(views: list[QuestionView]) -> str:
        modules = {
            kind: environment.get_template(f"fields/{kind}.html").module for kind in {v.question.kind for v in views}
        }
        return "".join(str(modules[view.question.kind].field(view)) for view in views)  # type: ignore[attr-defined]

    return render


def browser_of(html: str) -> Controls:
    controls = Controls()
    controls.feed(html)
    return controls


def test_a_page_sent_back_as_it_was_shown_changes_nothing(fields_html: Callable[[list[QuestionView]], str]) -> None:
    opened = opened_page(STORED, REMARKS)
    controls = browser_of(fields_html(views_of_answers(opened, ENGLISH)))
    given = read_page(opened, ENGLISH, MultiDict(controls.sent))
    assert given.problems == []
    assert values(given) == STORED
    assert {change.question: change.remark for change in given.changes if change.remark} == REMARKS
    assert {change.seen_revision for change in given.changes} == {3}


def test_the_page_of_an_error_has_a_control_for_each_target(fields_html: Callable[[list[QuestionView]], str]) -> None:
    opened = opened_page()
    given = sent(
        {
            "a-uses": ["none", "heat"],
            "a-power": "1,234",
            "a-power.unit": "kwh",
            "a-staff": "x",
            "a-fuels.gas": "y",
            "a-fuels.gas.unit": "kwh",
            "a-fuels.oil": "1.234",
            "a-words": "x" * 30,
            "a-words.note": "x" * 3001,
            "a-region.reason": "x" * 301,
            "a-since.day": "40",
        },
        opened=opened,
    )
    errors = error_list(given.problems, QUESTIONNAIRE, ENGLISH)
    html = fields_html(views_of_input(opened, ENGLISH, given, errors))
    controls = browser_of(html)
    assert len(errors) == 10
    assert {target for target, _ in errors} <= set(controls.ids)
    assert len(controls.ids) == len(set(controls.ids))
    again = read_page(opened, ENGLISH, MultiDict([*controls.sent, ("a-power.reading", "whole")]))
    assert "a-power" not in {problem.question for problem in again.problems}
    assert values(again)["a-power"] == Quantity(Decimal(1234), "kwh", "1,234")


def test_showing_a_page_stays_cheap() -> None:
    opened = opened_page(STORED, REMARKS)
    views_of_answers(opened, ENGLISH)
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        views_of_answers(opened, ENGLISH)
    finally:
        sys.setprofile(None)
    assert calls < 1500


def test_errors_can_be_sent_as_json() -> None:
    given = sent({"a-staff": "x"})
    assert json.loads(json.dumps(dict(error_list(given.problems, QUESTIONNAIRE, ENGLISH)))).keys() == {
        "a-land",
        "a-staff",
    }
