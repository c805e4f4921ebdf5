"""Results and plan on the pages: what is frozen, what comes out early, and the company's own decisions on its plan."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from assessment.content import folders
from assessment.core.checks.questions import Choice
from assessment.core.errors import NotMade
from assessment.i18n import languages
from assessment.press import plan_document
from assessment.reporting.compose import compose
from assessment.services.checks import answering, results
from assessment.services.checks.kept_results import Results
from assessment.services.plans import reports
from assessment.storage.checks import assessments
from assessment.storage.sqlite import driver
from tests.reporting.paper import words_of
from tests.web.conftest import MakeSite
from tests.web.routes import EXAMPLE, Finished
from tests.web.visiting import PROFILE, Controls, Page, Site, Visitor

LATER = datetime(2060, 1, 1, tzinfo=UTC)


def plan_keys(visitor: Visitor) -> list[str]:
    """The keys of the cards in their order."""
    return re.findall(r'id="action-([^"]+)"', visitor.get(visitor.hub + "/plan").text)


def printed(visitor: Visitor) -> str:
    """What the PDF of the newest result says."""
    instance = visitor.site.instance
    material = reports.material_for(instance, visitor.hub.rpartition("/")[2], "en")
    return words_of(compose(plan_document(instance, material), languages(folders.LOCALE)["en"]))


def card_path(visitor: Visitor, place: int = 0) -> str:
    return f"{visitor.hub}/plan/{plan_keys(visitor)[place]}"


@pytest.fixture
def owner(finished: Finished) -> Visitor:
    """Whoever has the finished check open."""
    return finished.owner


# Results


def test_a_result_is_worked_out_once_until_there_is_another(owner: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    worked_out, made = [], results.results_from

    def noted(*given: Any) -> Results:
        worked_out.append(given)
        return made(*given)

    monkeypatch.setattr(results, "results_from", noted)
    for tail in ("/results", "/plan", "/results", "/use"):
        owner.get(owner.hub + tail)
    assert len(worked_out) == 1
    before = owner.get(f"{owner.hub}/results").words
    owner.answer({"man-01": "nobody"})
    assert owner.get(f"{owner.hub}/results").words != before, "it says that an answer has changed since"
    owner.post(f"{owner.hub}/submit")
    worked_out.clear()
    after = owner.get(f"{owner.hub}/results").words
    assert len(worked_out) == 1
    owner.site.instance.forget(owner.hub.rpartition("/")[2])
    assert owner.get(f"{owner.hub}/results").words == after, "what was kept is what would be made anew"
    assert len(worked_out) == 2


def test_results_wait_for_answers_that_count(site: Site) -> None:
    visitor = site.visitor()
    visitor.start()
    asked = visitor.follow(visitor.post(visitor.hub + "/submit"))
    assert asked.path == visitor.hub + "/check"
    assert "Answer the questions about your company" in asked.words
    for tail in ("/results", "/plan", "/report", "/results/ene", "/plan-own", "/use", "/next", "/plan/files/csv"):
        waiting = visitor.follow(visitor.get(visitor.hub + tail, 303))
        assert waiting.path == visitor.hub
        assert "There are no results yet" in waiting.words
    for controls in PROFILE:
        visitor.answer(controls)
    assert visitor.follow(visitor.post(visitor.hub + "/submit")).path == visitor.hub + "/check"
    visitor.answer({"man-01": "whoever"})
    shown = visitor.follow(visitor.post(visitor.hub + "/submit"))
    assert shown.path == visitor.hub + "/results"
    assert "A score is shown from 60 % on. Go on answering" in shown.words


def test_no_section_is_called_the_weakest_where_all_score_alike(site: Site) -> None:
    visitor = site.visitor()
    visitor.start("quick")
    for controls in PROFILE:
        visitor.answer(controls)

    def results_with(name: str, points: int) -> str:
        question = site.question(name)
        assert isinstance(question, Choice)
        visitor.answer({name: next(option.id for option in question.options if option.points == points)})
        visitor.post(visitor.hub + "/submit")
        return visitor.get(visitor.hub + "/results").words

    for name in ("man-01", "man-02", "sup-01"):
        assert "weakest section" not in results_with(name, 1)
    paper = printed(visitor)
    assert "Management and strategy" in paper
    for word in ("your weakest", ", weakest", "share the lowest score", "your strongest"):
        assert word not in paper
    assert "Management and strategy is your weakest section" in results_with("sup-01", 2)
    # Several that share it are all named, up to three.
    both = results_with("emi-01", 1)
    assert "“Management and strategy” and “Emissions, transport and site” are your weakest sections" in both
    results_with("cbm-01", 1)
    counted = results_with("fin-03", 1)
    assert "4 sections share the lowest score" in counted
    assert "weakest section" not in counted
    assert "4 sections share the lowest score" in printed(visitor)


def to_start_with(owner: Visitor) -> str:
    """The three actions beside the score."""
    page = owner.get(owner.hub + "/results")
    lists = [each for each in page.tree.iter("ol") if "govuk-list--number" in each.attrib.get("class", "")]
    return " ".join(" ".join(lists[-1].itertext()).split())


def test_the_results_lead_to_plan_pdf_spreadsheet_and_deletion(owner: Visitor) -> None:
    links = owner.get(owner.hub + "/results").links()
    for tail in ("/plan", "/report", "/plan/files/xlsx", "/data"):
        assert owner.hub + tail in links


def test_actions_to_start_with_are_told_in_euros_where_the_companys_figures_allow_it(examples: Site) -> None:
    bakery = examples.visitor()
    bakery.open_example("bakery-bg")
    told = to_start_with(bakery)
    assert (
        "Measure and cut food waste Saves about EUR 5,700 a year (3,100 to 9,400). Cost: EUR 200 to EUR 5,000." in told
    )
    # A change of contract saves no euros: its share stays.
    assert "Buy renewable electricity Saves 50 to 100 % of greenhouse gases from electricity." in told


def test_results_and_plan_open_with_why_the_check_is_done_and_the_plan_helps_with_what_holds_back(
    examples: Site,
) -> None:
    bakery = examples.visitor()
    hub = bakery.open_example("bakery-bg")
    plan = bakery.get(hub + "/plan").words
    for words in (plan, bakery.get(hub + "/results").words):
        assert "You want lower costs: the easiest steps come first" in words
        assert "You look for funding: actions name programmes" in words
    assert "It costs too much: Begin with the quick wins" in plan
    assert "No time: Do one thing only" in plan
    assert "The landlord decides" not in plan


def test_few_answers_give_no_headline_and_the_page_says_so(site: Site) -> None:
    visitor = site.visitor()
    visitor.start()
    for controls in PROFILE:
        visitor.answer(controls)
    visitor.answer({"man-01": "whoever"})
    visitor.post(visitor.hub + "/submit")
    connection = driver.connect(site.database)
    (frozen,) = connection.execute("SELECT frozen FROM results").fetchone()
    connection.close()
    assert json.loads(frozen)["overall"]["headline"] is None
    assert not re.search(r"\b\d+ (of|out of) 100\b", visitor.get(visitor.hub + "/results").words)


def test_a_card_counts_no_building_blocks_where_there_are_none(examples: Site) -> None:
    owner = examples.visitor()
    words = owner.get(owner.open_example("hotel-hr") + "/plan").words
    assert re.search(r"Funding \(\d\) : Fit speed control to pumps and fans", words)
    assert "(0)" not in words


def test_a_card_says_which_figure_is_missing(site: Site) -> None:
    visitor = site.visitor()
    visitor.start()
    for controls in [*PROFILE, {"ene-03": "yearly"}]:
        visitor.answer(controls)
    visitor.post(visitor.hub + "/submit")
    plan = visitor.get(visitor.hub + "/plan", query_string={"all": "1"}).words
    assert "You have not answered “Fuels and heat” yet." in plan
    assert "You said on “Following energy use”: We look at it about once a year." in plan


def test_a_section_is_never_scored_without_its_coverage_and_range_in_words(examples: Site) -> None:
    visitor = examples.visitor()
    hub = visitor.open_example(EXAMPLE)
    for page in (visitor.get(hub + "/results"), visitor.get(hub + "/early")):
        assert "Energy 9 of 10 answered, could be 24 to 38" in page.words
        assert re.search(r"Water (\d) of \1 answered", page.words)


def test_an_early_result_freezes_nothing(site: Site) -> None:
    visitor = site.visitor()
    visitor.start()
    for controls in PROFILE:
        visitor.answer(controls)
    visitor.answer({"man-01": "whoever"})
    before = site.dump()
    early = visitor.get(visitor.hub + "/early")
    assert site.dump() == before
    assert early.words
    assert visitor.get(visitor.hub + "/results", 303).location.startswith(visitor.hub)
    site.visitor().get(visitor.hub + "/results", 404)


def frozen_rows(site: Site) -> list[tuple[object, ...]]:
    connection = driver.connect(site.database)
    rows: list[tuple[object, ...]] = connection.execute("SELECT * FROM results ORDER BY id").fetchall()
    connection.close()
    return rows


def test_results_stay_as_they_were_when_answers_change(finished: Finished, owner: Visitor) -> None:
    before, rows = owner.get(owner.hub + "/results/man"), frozen_rows(finished.site)
    owner.answer({"man-01": "do-not-know"})
    assert frozen_rows(finished.site) == rows
    assert owner.get(owner.hub + "/results/man").words == before.words
    changed = owner.get(owner.hub + "/results")
    assert "1 answer" in changed.words
    finished.site.clock.forward(minutes=5)
    owner.post(owner.hub + "/submit")
    assert len(frozen_rows(finished.site)) == len(rows) + 1
    assert all(row in frozen_rows(finished.site) for row in rows)
    assert owner.get(owner.hub + "/results/man").words != before.words


def test_the_score_of_every_example_worked_out_again_is_the_stored_one(examples: Site) -> None:
    product = examples.instance
    for name, example in product.library.examples().items():
        with product.database.reading() as connection:
            draft = assessments.draft_of(connection, examples.example(name))
        assert draft is not None
        opened = answering.with_route(product, draft, "en")
        frozen = results.latest(product, opened, "en")
        fresh = results.results_from(
            product,
            product.edition_of(draft, "en"),
            example.sheet.depth,
            draft.answers,
            draft.remarks,
            "en",
            product.today,
            entries=example.entries,
        )
        connection_ = driver.connect(examples.database)
        (stored,) = connection_.execute("SELECT frozen FROM results WHERE assessment_id = ?", (draft.id,)).fetchone()
        connection_.close()
        settled = json.loads(stored)["settled"]
        last_year = example.sheet.last_year.actions if example.sheet.last_year else ()
        assert settled == [action.measure for action in last_year if action.status == "done"], name
        assert json.loads(stored) == json.loads(results.frozen_json(fresh, settled, example.entries)), name
        assert frozen.overall == fresh.scorecard.overall.headline == example.sheet.expected.overall, name
        assert draft.answers == example.answers, name


def test_every_example_can_be_looked_at_on_every_page(examples: Site) -> None:
    visitor = examples.visitor()
    for name in examples.instance.library.examples():
        visitor.open_example(name)
        for tail in ("", "/results", "/plan"):
            visitor.get(visitor.hub + tail)


# Money that is no longer there


def test_schemes_past_their_date_never_come_into_a_plan(finished: Finished, owner: Visitor) -> None:
    schemes = finished.site.instance.library.catalogue("en").schemes
    now = {link.rpartition("/")[2] for link in plan_links(owner)} & schemes.keys()
    assert now
    finished.site.clock.now = LATER
    today = LATER.date()
    later = {link.rpartition("/")[2] for link in plan_links(owner)} & schemes.keys()
    assert not [name for name in later if schemes[name].gone(today)]
    assert all(not schemes[name].gone(finished.site.clock.now.date()) for name in later)


def plan_links(visitor: Visitor) -> list[str]:
    links = visitor.get(visitor.hub + "/plan", query_string={"all": "1"}).links()
    for key in plan_keys(visitor):
        links += visitor.get(f"{visitor.hub}/plan/{key}").links()
    return links


def test_a_printed_address_of_a_scheme_that_is_gone_explains_and_offers_what_is_open(site: Site) -> None:
    schemes = site.instance.library.catalogue("en").schemes
    closed = next(scheme for scheme in schemes.values() if scheme.gone(site.instance.today))
    visitor = site.visitor()
    shown = visitor.get(f"/catalogue/{closed.id}")
    code = re.search(r"/r/([a-z0-9]+)", shown.text)
    assert code
    page = visitor.follow(visitor.get(f"/r/{code[1]}", 302))
    assert page.path == f"/catalogue/{closed.id}"
    assert "closed or its date has passed" in page.words
    offered = next(link for link in page.links() if link.startswith("/catalogue?"))
    assert visitor.get(offered).status == 200
    assert f'href="/catalogue/{closed.id}"' not in visitor.get(offered).text
    assert visitor.get(f"/r/{code[1].upper()}", 302).location == page.path


def test_every_entry_has_a_short_address_of_its_own(site: Site) -> None:
    visitor = site.visitor()
    catalogue = site.instance.library.catalogue("en")
    for name in [*list(catalogue.schemes)[::40], *list(catalogue.blocks)[::60]]:
        code = re.search(r"/r/([a-z0-9]+)", visitor.get(f"/catalogue/{name}").text)
        assert code
        assert visitor.get(f"/r/{code[1]}", 302).location == f"/catalogue/{name}"


@pytest.mark.parametrize("path", ["/r/00000", "/catalogue/nothing-of-that-name"])
def test_an_address_of_an_entry_that_is_not_in_the_catalogue_says_so_and_leads_on(site: Site, path: str) -> None:
    ended = site.visitor().get(path, 404)
    assert "not in our catalogue" in ended.words
    assert {"/catalogue", "/catalogue?kind=funding"} <= set(ended.links())


# The plan


def test_what_is_said_about_an_action_comes_back_on_its_page_and_in_the_plan(owner: Visitor) -> None:
    path = card_path(owner)
    typed: Controls = {"status": "in-progress", "owner": "Maria Ivanova", "note": "Ask the landlord <first> & soon",
                       "deadline.day": "31", "deadline.month": "3", "deadline.year": "2027"}  # fmt: skip
    owner.submit(owner.get(path), typed)
    form = owner.get(path).form().fields
    assert {name: form[name] for name in typed} == dict(typed)
    words = owner.get(owner.hub + "/plan").words
    assert "Maria Ivanova" in words
    assert "31 March 2027" in words


@pytest.mark.parametrize(
    ("controls", "field"),
    [
        ({"status": "nearly"}, "status"),
        ({"status": "not-for-us", "refusal": " "}, "refusal"),
        ({"deadline.day": "31", "deadline.month": "2", "deadline.year": "2027"}, "deadline.day"),
        ({"deadline.day": "1"}, "deadline.day"),
        ({"deadline.day": "1", "deadline.month": "1", "deadline.year": "27"}, "deadline.day"),
        ({"deadline.day": "1_0", "deadline.month": "1", "deadline.year": "2027"}, "deadline.day"),
        ({"deadline.day": "１", "deadline.month": "1", "deadline.year": "2027"}, "deadline.day"),
        ({"deadline.day": "²", "deadline.month": "1", "deadline.year": "2027"}, "deadline.day"),
        ({"deadline.day": "1", "deadline.month": "1", "deadline.year": "99999999"}, "deadline.day"),
        ({"deadline.day": "0", "deadline.month": "0", "deadline.year": "0"}, "deadline.day"),
        ({"owner": "x" * 81}, "owner"),
        ({"note": "x" * 1001}, "note"),
        ({"status": "not-for-us", "refusal": "x" * 301}, "refusal"),
    ],
    ids=lambda value: ascii(value)[:50],
)
def test_a_mistake_on_a_card_keeps_what_was_typed_and_changes_nothing(
    finished: Finished, owner: Visitor, controls: Controls, field: str
) -> None:
    page = owner.get(card_path(owner))
    before = finished.site.dump()
    answer = owner.submit(page, {"owner": "Maria", **controls}, status=422)
    assert finished.site.dump() == before
    assert "There is a problem" in answer.words
    assert f"#{field}" in [a.attrib["href"] for a in answer.tree.iter("a")]
    assert any(element.attrib.get("id") == field for element in answer.tree.iter())
    for name, typed in controls.items():
        if name != "status":
            assert answer.form().fields[name] == str(typed).strip()


def test_what_is_not_for_us_leaves_the_plan_with_its_reason_and_can_come_back(owner: Visitor) -> None:
    key = plan_keys(owner)[0]
    owner.submit(owner.get(f"{owner.hub}/plan/{key}"), {"status": "not-for-us", "refusal": "The landlord decides"})
    plan = owner.get(owner.hub + "/plan")
    assert "The landlord decides" in plan.words
    assert plan_keys(owner)[0] != key
    owner.post(owner.hub + "/plan-add", {"key": key.partition(":")[2]})
    assert key in plan_keys(owner)
    assert owner.get(f"{owner.hub}/plan/{key}").form().fields["refusal"] == ""


def test_a_card_moves_one_place_and_stays_at_the_ends(owner: Visitor) -> None:
    keys = plan_keys(owner)
    owner.post(f"{owner.hub}/plan/{keys[0]}/move", {"direction": "down"})
    assert plan_keys(owner) == [keys[1], keys[0], *keys[2:]]
    owner.post(f"{owner.hub}/plan/{keys[1]}/move", {"direction": "up"})
    assert plan_keys(owner) == [keys[1], keys[0], *keys[2:]]
    owner.post(f"{owner.hub}/plan/{keys[-1]}/move", {"direction": "down"})
    assert plan_keys(owner)[-1] == keys[-1]


def test_a_card_changed_in_another_window_is_shown_beside_what_was_typed(finished: Finished, owner: Visitor) -> None:
    path = card_path(owner)
    first, second = owner.get(path), owner.get(path)
    owner.submit(first, {"status": "planned", "owner": "Ivan"})
    before = finished.site.dump()
    clash = owner.submit(second, {"status": "done", "owner": "Maria"}, status=409)
    assert finished.site.dump() == before
    assert "Ivan" in clash.words
    assert clash.form().fields["owner"] == "Maria"
    owner.submit(clash)
    assert owner.get(path).form().fields["owner"] == "Maria"


@pytest.mark.parametrize("revision", ["", "x", "²", "-1", "1.0", "9" * 5000, "9" * 9])
def test_a_card_with_a_revision_that_nobody_was_shown_is_not_saved(
    finished: Finished, owner: Visitor, revision: str
) -> None:
    path = card_path(owner)
    owner.submit(owner.get(path), {"status": "planned", "owner": "Ivan"})
    before = finished.site.dump()
    owner.submit(owner.get(path), {"owner": "Maria", "revision": revision}, status=409)
    assert finished.site.dump() == before


def test_an_own_action_needs_a_title_and_a_plan_holds_sixty(finished: Finished, owner: Visitor) -> None:
    page = owner.get(owner.hub + "/plan-own")
    answer = owner.submit(page, {"title": " ", "note": "keep me"}, status=422)
    assert answer.form().fields["note"] == "keep me"
    here = len(plan_keys(owner))
    token = owner.token()
    for number in range(60 - here):
        owner.send(owner.hub + "/plan-own", {"csrf_token": token, "title": f"Own action {number}"})
    assert len(plan_keys(owner)) == 60
    before = finished.site.dump()
    full = owner.submit(page, {"title": "One too many"}, status=422)
    assert "60 actions at most" in full.words
    measure = next(
        name
        for name in finished.site.instance.library.catalogue("en").measures
        if f"measure:{name}" not in plan_keys(owner)
    )
    told = owner.follow(owner.post(owner.hub + "/plan-add", {"key": measure}))
    assert "60 actions at most" in told.words
    assert finished.site.dump() == before


def test_an_entry_of_the_catalogue_goes_into_the_plan_once(finished: Finished, owner: Visitor) -> None:
    catalogue = finished.site.instance.library.catalogue("en")
    for name in (next(iter(catalogue.blocks)), next(iter(catalogue.schemes))):
        page = owner.get(f"/catalogue/{name}")
        added = owner.follow(owner.submit(page, action="/plan-add"))
        assert "Added to your plan" in added.words
        before = len(plan_keys(owner))
        owner.submit(page, action="/plan-add")
        assert len(plan_keys(owner)) == before
        assert f"entry:{name}" in plan_keys(owner)
    owner.post(owner.hub + "/plan-add", {"key": "nothing-of-that-name"}, 404)
    owner.get(owner.hub + "/plan/own:nothing", 404)


def test_an_entry_that_is_added_before_there_is_a_plan_waits_for_it(site: Site) -> None:
    visitor = site.visitor()
    name = next(iter(site.instance.library.catalogue("en").blocks))
    assert "start a check first" in visitor.get(f"/catalogue/{name}").words
    visitor.start("quick")
    for controls in PROFILE:
        visitor.answer(controls)
    page = visitor.get(f"/catalogue/{name}")
    kept = visitor.follow(visitor.submit(page, action="/plan-add"))
    assert kept.path.partition("?")[0] == f"/catalogue/{name}"
    assert "Kept for your plan. It stands there once you have seen your results." in kept.words
    visitor.post(visitor.hub + "/plan-add", {"key": "nothing-of-that-name"}, 404)
    visitor.answer({"ene-03": "in-bills"})
    visitor.post(visitor.hub + "/submit")
    assert f"entry:{name}" in plan_keys(visitor)
    assert any(key.startswith("measure:") for key in plan_keys(visitor))


def ending_on_the_day(site: Site) -> str:
    """A scheme that can be added today, and whose last day will pass."""
    schemes = site.instance.library.catalogue("en").schemes.values()
    return next(s.id for s in schemes if s.valid_until is not None and not s.gone(site.instance.today))


def test_an_entry_past_its_date_never_reaches_a_plan(finished: Finished, owner: Visitor) -> None:
    schemes = finished.site.instance.library.catalogue("en").schemes.values()
    closed = next(scheme.id for scheme in schemes if scheme.gone(finished.site.instance.today))
    page = owner.get(f"/catalogue/{closed}")
    assert "Add to my plan" not in page.words
    before = finished.site.dump()
    told = owner.follow(owner.post(owner.hub + "/plan-add", {"key": closed}))
    assert told.path == f"/catalogue/{closed}"
    assert "See what is open now" in told.words
    assert finished.site.dump() == before


def test_an_entry_whose_date_passes_leaves_the_plan_with_a_word_and_its_note(
    finished: Finished, owner: Visitor
) -> None:
    name = ending_on_the_day(finished.site)
    key = f"entry:{name}"
    owner.post(owner.hub + "/plan-add", {"key": name})
    owner.submit(owner.get(f"{owner.hub}/plan/{key}"), {"status": "planned", "note": "Call them in May"})
    assert key in plan_keys(owner)
    finished.site.clock.now = LATER
    plan = owner.get(owner.hub + "/plan")
    assert key not in re.findall(r'id="action-([^"]+)"', plan.text)
    gone = plan.words.partition("No longer open")[2]
    assert finished.site.instance.library.catalogue("en").schemes[name].name in gone
    assert "Call them in May" in gone
    assert f"/catalogue/{name}" in plan.links()


def test_an_entry_that_the_company_made_use_of_stays_in_its_plan(finished: Finished, owner: Visitor) -> None:
    name = ending_on_the_day(finished.site)
    owner.post(owner.hub + "/plan-add", {"key": name})
    owner.submit(owner.get(f"{owner.hub}/plan/entry:{name}"), {"status": "in-progress"})
    finished.site.clock.now = LATER
    assert f"entry:{name}" in plan_keys(owner)


def test_filters_of_the_plan_narrow_it_and_unknown_ones_are_let_be(owner: Visitor) -> None:
    everything = len(plan_keys(owner))
    page = owner.get(owner.hub + "/plan", query_string={"status": "done"})
    assert len(re.findall(r'id="action-', page.text)) < everything
    owner.get(owner.hub + "/plan", query_string={"status": ["x" * 100, "done"], "topic": "'", "zzz": "1"})


# The printed plan


def test_a_name_on_the_plan_is_kept_printed_and_taken_off_again(finished: Finished, owner: Visitor) -> None:
    page = owner.get(owner.hub + "/report")
    owner.submit(page, {"company_name": "  Mill   &  <Sons>  "})
    assert owner.get(owner.hub + "/report").form().fields["company_name"] == "Mill & <Sons>"
    assert "Mill & <Sons>" in owner.get(owner.hub).words
    file = owner.get(finished.pdf())
    assert file.headers["Content-Type"] == "application/pdf"
    too_long = owner.submit(page, {"company_name": "x" * 101}, status=422)
    assert too_long.form().fields["company_name"] == "x" * 101
    owner.submit(page, {"company_name": ""})
    assert owner.get(owner.hub + "/report").form().fields["company_name"] == ""


def test_a_pdf_of_before_is_not_offered_after_a_change(finished: Finished, owner: Visitor) -> None:
    before = finished.pdf()
    owner.submit(owner.get(card_path(owner)), {"status": "done"})
    page = owner.get(owner.hub + "/report")
    assert ".pdf" not in page.text
    owner.submit(page)
    assert finished.pdf() != before


def test_a_pdf_that_cannot_be_made_is_told_and_nothing_is_lost(make_site: MakeSite, finished: Finished) -> None:
    finished.site.app.extensions["assessment-press"] = Jammed
    answer = finished.owner.submit(finished.owner.get(finished.owner.hub + "/report"), status=503)
    assert "could not be made" in answer.words
    assert answer.headers["Retry-After"] == "60"
    finished.owner.get(finished.owner.hub + "/results")


class Jammed:
    """A press that makes nothing."""

    edition = "jammed"

    def action_plan(self, instance: object, material: object) -> bytes:
        raise NotMade("timeout")


# The catalogue


@pytest.mark.parametrize(("typed", "as_well"), [("energía", "energia"), ("LED", "led"), ("förderung", "forderung")])
def test_search_does_not_mind_accents_and_capitals(site: Site, typed: str, as_well: str) -> None:
    visitor = site.visitor()
    assert entries(visitor.get("/catalogue", query_string={"q": typed})) == entries(
        visitor.get("/catalogue", query_string={"q": as_well})
    )


def entries(page: Page) -> list[str]:
    beside = ("/catalogue/suggest", "/catalogue/changes", "/catalogue/files/")
    return [link for link in page.links() if link.startswith("/catalogue/") and not link.startswith(beside)]


def test_every_page_of_a_search_shows_other_entries(site: Site) -> None:
    visitor = site.visitor()
    first = entries(visitor.get("/catalogue"))
    second = entries(visitor.get("/catalogue", query_string={"page": "2"}))
    assert first
    assert second
    assert not set(first) & set(second)
    last = entries(visitor.get("/catalogue", query_string={"page": "99999"}))
    assert last
    assert entries(visitor.get("/catalogue", query_string={"page": "-4"})) == first
    assert entries(visitor.get("/catalogue", query_string={"page": "two"})) == first


def test_a_search_without_a_find_says_what_to_do(site: Site) -> None:
    page = site.visitor().get("/catalogue", query_string={"q": "zzzzqqqq"})
    assert not entries(page)
    assert page.words


def test_the_example_of_the_sample_plan_exists(examples: Site) -> None:
    assert EXAMPLE in examples.instance.library.examples()
