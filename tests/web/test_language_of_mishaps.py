"""Mistakes, conflicts, refusals and faults speak the language of the visitor alone, and so do answers to scripts."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from assessment.content.library import Library, Read
from assessment.core.errors import NotMade, Problem
from assessment.core.plans.actions import Actions
from assessment.i18n import Language
from assessment.web import problems
from tests.brackets import Pseudo, bracketed, laid_over, outside_brackets
from tests.web.conftest import MakeSite
from tests.web.speaking import TYPED, escaped, finished, nothing, speaking, visitor_of
from tests.web.test_answering import failing
from tests.web.test_forms import QUESTIONNAIRE
from tests.web.visiting import Controls, Page, Visitor


@pytest.fixture(scope="module")
def in_brackets(library: Library) -> Library:
    return laid_over(library, bracketed)


@pytest.fixture
def make_owner(make_site: MakeSite, in_brackets: Library) -> Callable[[Language], Visitor]:
    """Makes somebody with results, a plan and a PDF, who reads a made-up language."""
    return lambda language: finished(speaking(make_site(content=in_brackets), language))


@pytest.fixture
def owner(make_owner: Callable[[Language], Visitor]) -> Visitor:
    return make_owner(Pseudo())


# Mistakes


MISTAKES: dict[str, Controls] = {
    "answer needed": {"p-01": ""},
    "unknown option": {"ene-03": "gold"},
    "too many ticks": {"p-09": ["cost", "no-time", "landlord", "procedures"]},
    "none and some": {"man-05": ["none", "emas"]},
    "ticks and marker": {"man-05": ["emas"], "man-05.marker": "do-not-know"},
    "ambiguous": {"ene-01": "1.234"},
    "not a number": {"ene-01": "plenty"},
    "other digits": {"ene-01": "١٢٣"},
    "too many digits": {"ene-01": "1" * 30},
    "too small": {"ene-01": "-1"},
    "too large": {"ene-01": "999999999999999"},
    "not whole": {"peo-03.women": "2.5"},
    "unknown unit": {"ene-01": "5", "ene-01.unit": "spoon"},
    "number and marker": {"ene-01": "5", "ene-01.marker": "do-not-know"},
    "both markers": {"ene-02.marker": ["do-not-know", "not-applicable"]},
    "wrong basis": {"ene-01": "5", "ene-01.basis": "gossip"},
    "one of several": {"ene-02.diesel": "1.234"},
    "bad revision": {"ene-03": "in-bills", "ene-03.revision": "x"},
    "long note": {"ene-03.note": TYPED * 500},
    "long reason": {"ene-03.reason": TYPED * 50},
    "twice": {"ene-03": ["in-bills", "yearly"]},
    "foreign field": {"ene-03.colour": "red"},
    "foreign question": {"ene-03": "in-bills", "wat-01": "5"},
    "unknown question": {"ene-03": "in-bills", "zzz-99": "5"},
}  # fmt: skip


def test_the_pages_of_mistakes_speak_it_too(owner: Visitor) -> None:
    pages = {name: owner.answer(controls, status=422) for name, controls in MISTAKES.items()}
    assert {name: escaped(page) for name, page in pages.items()} == nothing(pages)


TINY: dict[str, Controls] = {
    "ticks": {"a-uses": ["heat", "cool", "none"]},
    "text": {"a-words": TYPED * 9},
    "half a date": {"a-since.day": "31"},
    "no date": {"a-since.day": "31", "a-since.month": "2", "a-since.year": "2020"},
    "ambiguous": {"a-power": "1.234", "a-power.unit": "mwh"},
    "all at once": {"a-land": "", "a-staff": "x", "a-fuels.oil": "1.234", "a-words": TYPED * 9, "a-since.day": "40"},
}  # fmt: skip


def test_a_page_with_every_kind_of_question_speaks_it_too(make_site: MakeSite, library: Library) -> None:
    read = Read(questionnaire=QUESTIONNAIRE, actions=Actions(questions=()))
    plain = Library({("tiny", "1"): read}, library.catalogue("en"))
    visitor = visitor_of(speaking(make_site(content=laid_over(plain, bracketed)), Pseudo()))
    visitor.start()
    page = visitor.get(visitor.hub + "/sections/a/all")
    pages = {name: visitor.submit(page, {"a-land": "bg", **typed}, status=422) for name, typed in TINY.items()}
    assert {name: escaped(found) for name, found in {"empty": page, **pages}.items()} == nothing(["empty", *pages])


@pytest.mark.parametrize("code", problems.SENTENCES)
def test_every_sentence_about_a_problem_can_be_translated(code: str) -> None:
    names = set(re.findall(r"%\((\w+)\)s", problems.SENTENCES[code])) - {"label"}
    problem = Problem("ene-01", code, "", tuple((name, "5") for name in sorted(names)))
    assert outside_brackets(problems.sentence(problem, None, Pseudo())) == []
    assert outside_brackets(problems.sentence(problem, None, Language("en"))) != []


def test_mistakes_in_the_other_forms_speak_it_too(owner: Visitor) -> None:
    card = next(link for link in owner.get(owner.hub + "/plan").links() if "/plan/measure:" in link)
    no_day = {"deadline.day": "31", "deadline.month": "2", "deadline.year": "2027"}
    forms: dict[str, tuple[str, Controls]] = {
        "start": ("/start", {}),
        "no code": ("/resume", {"code": ""}),
        "unknown code": ("/resume", {"code": "AAAA-BBBB-CCCC"}),
        "card": (card, {"status": "not-for-us", "refusal": "", "owner": TYPED * 50, **no_day}),
        "card, year": (card, {"status": "planned", "deadline.day": "1", "deadline.month": "2", "deadline.year": "9"}),
        "own": (owner.hub + "/plan-own", {"title": ""}),
        "report": (owner.hub + "/report", {"company_name": TYPED * 50}),
    }
    pages = {
        name: owner.submit(owner.get(path), controls, action=path, status=422)
        for name, (path, controls) in forms.items()
    }
    assert {name: escaped(page) for name, page in pages.items()} == nothing(pages)


# Conflicts


def test_both_sides_of_a_conflict_speak_it_too(owner: Visitor) -> None:
    typed: Mapping[str, tuple[Controls, Controls]] = {
        "choice": ({"ene-03": "yearly"}, {"ene-03": "do-not-know"}),
        "ticks": ({"man-05": ["emas"]}, {"man-05": ["iso-14001", "iso-50001"]}),
        "number": ({"ene-01": "5", "ene-01.unit": "mwh"}, {"ene-01.marker": "not-applicable", "ene-01": ""}),
        "numbers": ({"ene-02.diesel": "7"}, {"ene-02.diesel": "8"}),
    }
    for name, (theirs, mine) in typed.items():
        first, second = (owner.get(owner.page_of(next(iter(theirs)).partition(".")[0])) for _ in range(2))
        owner.submit(first, {"action": "continue", **theirs})
        clash = owner.submit(second, {"action": "continue", **mine}, status=409)
        assert escaped(clash) == [], name
        assert ".keep" in clash.text
        again = owner.submit(first, {"action": "continue", **mine}, status=409)
        assert escaped(again) == [], name


def test_a_card_changed_elsewhere_speaks_it_too(owner: Visitor) -> None:
    card = next(link for link in owner.get(owner.hub + "/plan").links() if "/plan/measure:" in link)
    first, second = owner.get(card), owner.get(card)
    owner.submit(first, {"status": "planned", "owner": "Ana", "note": TYPED, "deadline.day": "1",
                         "deadline.month": "3", "deadline.year": "2027"})  # fmt: skip
    assert escaped(owner.submit(second, {"status": "done", "owner": "Ivo"}, status=409)) == []


# Refusals and faults


class Jammed:
    """A press that makes nothing."""

    edition = "jammed"

    def action_plan(self, instance: object, material: object) -> bytes:
        raise NotMade("timeout")


def refusals(owner: Visitor) -> dict[str, Page]:
    """The page of every refusal and fault."""
    site, hub = owner.site, owner.hub
    first = owner.get(owner.page_of("ene-03"))
    report = owner.get(hub + "/report")
    site.app.extensions["assessment-press"] = Jammed
    sent = first.form().filled({"action": "continue"})
    return {
        "not found": owner.get("/nowhere", 404),
        "foreign check": owner.get("/assessments/" + "0" * 32, 404),
        "only for forms": owner.get(hub + "/submit", 405),
        "bad address": owner.get("/%00", 400),
        "from elsewhere": owner.send(first.path, sent, Origin="https://evil.test"),
        "stale": owner.send(first.path, {"csrf_token": "old"}),
        "too large": owner.send(first.path, {**sent, "ene-03.note": "x" * 600_000}),
        "too many fields": owner.send(first.path, MultiDict([("x", "1")] * 1500)),
        "fault": owner.get("/fault", 500),
        "changed elsewhere": owner.get("/clash", 409),
        "not made": owner.submit(report, status=503),
    }


def test_the_pages_of_refusals_and_faults_speak_it_too(owner: Visitor) -> None:
    pages = refusals(owner)
    statuses = [404, 404, 405, 400, 403, 400, 413, 413, 500, 409, 503]
    assert [page.status for page in pages.values()] == statuses
    assert {name: escaped(page) for name, page in pages.items()} == nothing(pages)


def test_a_foreign_host_is_told_in_it_too(make_site: MakeSite) -> None:
    visitor = visitor_of(speaking(make_site(production=True), Pseudo()))
    answer = visitor.client.get("/", base_url="https://evil.test")
    assert answer.status_code == 400
    assert answer.text.strip() == "‹This address is not served here. Go to https://check.example.org instead.›"


def test_too_many_tries_speak_it_too(make_site: MakeSite, in_brackets: Library) -> None:
    thief = visitor_of(speaking(make_site(content=in_brackets, limited=True), Pseudo()))
    code = {"csrf_token": thief.token(), "code": "AAAA-BBBB-CCCC"}
    pages = [thief.send("/resume", code) for _ in range(11)]
    assert pages[-1].status == 429
    assert escaped(pages[-1]) == []


@pytest.mark.parametrize("way", ["full", "read-only", "busy"])
def test_what_could_not_be_saved_speaks_it_too(owner: Visitor, way: str) -> None:
    site, hub = owner.site, owner.hub
    card = next(link for link in owner.get(hub + "/plan").links() if "/plan/measure:" in link)
    forms: list[tuple[Page, Controls]] = [
        (owner.get(owner.page_of("man-01")), {"man-01": "named", "man-01.note": TYPED * 200}),
        (owner.get(card), {"status": "planned", "note": TYPED * 80}),
        (owner.get(hub + "/plan-own"), {"title": TYPED, "note": TYPED * 80}),
        (owner.get(hub + "/report"), {"company_name": "‹Another name›"}),
        (owner.get("/start"), {"depth": "full"}),
    ]
    with failing(site, "read-only" if way == "full" else way) as expected:
        pages = [owner.submit(page, controls, status=expected) for page, controls in forms]
    assert [escaped(page) for page in pages] == [[] for _ in pages]


# What a script is answered


def autosaved(owner: Visitor, question: str, controls: Controls) -> tuple[int, dict[str, Any]]:
    page = owner.get(owner.page_of(question))
    answer = owner.send(page.path, page.form().filled({**controls, "autosave": "1"}), Accept="application/json")
    return answer.status, json.loads(answer.body)


def test_what_a_script_is_answered_speaks_it_too(owner: Visitor) -> None:
    for name, controls in MISTAKES.items():
        if name == "answer needed":
            continue
        status, said = autosaved(owner, next(iter(controls)).partition(".")[0], controls)
        assert status == 422
        assert [outside_brackets(text) for text in said["problems"].values()] == [[] for _ in said["problems"]], name
    assert autosaved(owner, "ene-03", {"ene-03": "in-bills"})[1]["saved_at"] == "12:00\u00a0UTC"
    totals = json.loads(owner.get(owner.hub + "/what-if?measure=led-retrofit").text)
    assert {"eur", "carbon", "cost", "score"} <= set(totals)
    assert {name: outside_brackets(text) for name, text in totals.items()} == {name: [] for name in totals}


# Forgotten texts are found


class Forgetful(Pseudo):
    """Leaves some texts as they stand, as templates do that do not ask for their translation."""

    def __init__(self, *forgotten: str) -> None:
        super().__init__()
        self._forgotten = forgotten

    def gettext(self, text: str) -> str:
        return text if text in self._forgotten else super().gettext(text)


FORGOTTEN = {
    "not found": "Page not found",
    "from elsewhere": "Open the page here and send it again.",
    "stale": "This page was open for too long",
    "too large": "Go back and shorten the text.",
    "fault": "Something went wrong on our side",
    "changed elsewhere": "This was changed in another window",
    "not made": "The file could not be made just now",
}


def test_a_forgotten_text_of_a_refusal_is_found(make_owner: Callable[[Language], Visitor]) -> None:
    pages = refusals(make_owner(Forgetful(*FORGOTTEN.values())))
    for name, text in FORGOTTEN.items():
        assert any(text in found for found in escaped(pages[name])), name


def test_a_forgotten_text_of_a_mistake_or_a_conflict_is_found_and_so_it_is_in_the_answer_to_a_script(
    make_owner: Callable[[Language], Visitor],
) -> None:
    owner = make_owner(Forgetful(problems.SENTENCES["not-a-number"], "Two different answers"))
    assert any("Type digits only" in found for found in escaped(owner.answer({"ene-01": "plenty"}, status=422)))
    (said,) = autosaved(owner, "ene-01", {"ene-01": "plenty"})[1]["problems"].values()
    assert outside_brackets(said) != []
    first, second = (owner.get(owner.page_of("ene-03")) for _ in range(2))
    owner.submit(first, {"ene-03": "yearly"})
    assert escaped(owner.submit(second, {"ene-03": "in-bills"}, status=409)) != []
