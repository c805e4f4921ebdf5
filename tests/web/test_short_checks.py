"""The two short checks of accounts: chosen, answered, shown in stages or pairs, planned and printed."""

from functools import cache

import pytest

from assessment.core.checks.answers import Value
from assessment.core.checks.questionnaire import Questionnaire
from assessment.press import ReportPress
from tests.reporting.paper import Paper
from tests.web.people import person, signed_in
from tests.web.visiting import Page, Site, Visitor, controls_of

CLUSTER, OFFER = "cluster-readiness", "business-model"
MONEY_PAGES = ("use", "footprint", "best-plan", "scenarios", "what-if", "use/electricity", "pieces/led-retrofit")


@pytest.fixture
def owner(site: Site) -> Visitor:
    """Somebody with an account and a company."""
    visitor = signed_in(site, person(site, "ana@firma.example"))
    visitor.home = visitor.post("/account/companies", {"name": "Bakery Ana"}).location  # type: ignore[attr-defined]
    return visitor


def home_of(owner: Visitor) -> str:
    return str(owner.home)  # type: ignore[attr-defined]


def asked(owner: Visitor, kind: str) -> Questionnaire:
    library = owner.site.instance.library
    return library.edition(*library.newest_of(kind), "en").questionnaire


def begun(owner: Visitor, kind: str, **typed: str) -> str:
    """A check of this kind, started from the company's page; the address of its hub."""
    page = owner.get(f"{home_of(owner)}/checks/new/{kind}")
    owner.hub = owner.submit(page, typed, action=kind).location
    return owner.hub


def answered(owner: Visitor, kind: str, answers: dict[str, Value]) -> None:
    """Answer page by page in the order of the questionnaire."""
    questionnaire = asked(owner, kind)
    pages: dict[str, dict[str, str | list[str]]] = {}
    for name, value in answers.items():
        question = questionnaire.questions[name]
        path = f"{owner.hub}/sections/{questionnaire.section_of[name].id}/{question.page or name}"
        pages.setdefault(path, {}).update(controls_of(question, value))
    for path, controls in pages.items():
        owner.submit(owner.get(path), {"action": "continue", **controls})


def example(owner: Visitor, kind: str, name: str) -> dict[str, Value]:
    library = owner.site.instance.library
    return dict(library.examples_of(*library.newest_of(kind))[name].answers)


def finished(owner: Visitor, kind: str, name: str, **typed: str) -> Page:
    """The results of a check that was answered as an example."""
    begun(owner, kind, **typed)
    answered(owner, kind, example(owner, kind, name))
    owner.submit(owner.get(owner.hub + "/check"), action="/submit")
    return owner.get(owner.hub + "/results")


def really_printed(site: Site) -> None:
    """Let PDFs be made by the engine itself."""
    site.app.extensions["assessment-press"] = cache(ReportPress)


def test_a_company_finds_the_other_checks_beside_the_one_for_anyone(owner: Visitor) -> None:
    page = owner.get(home_of(owner) + "/checks/new")
    for kind in (CLUSTER, OFFER):
        assert f"{home_of(owner)}/checks/new/{kind}" in page.links()
        assert asked(owner, kind).title in page.words
    assert "How much time do you have?" in page.words


def test_the_front_page_starts_the_check_for_anyone_and_no_other(site: Site) -> None:
    visitor = site.visitor()
    visitor.start()
    assert "How you use resources" in visitor.get(visitor.hub).words
    with site.instance.database.reading() as connection:
        kept = connection.exec_driver_sql("select questionnaire from assessments").scalars().all()
    assert set(kept) == {site.instance.library.newest[0]}


@pytest.mark.parametrize("kind", ["resource-efficiency", "nothing-of-the-kind"])
def test_what_is_not_offered_there_cannot_be_started_there(owner: Visitor, kind: str) -> None:
    owner.get(f"{home_of(owner)}/checks/new/{kind}", status=404)
    owner.post(f"{home_of(owner)}/checks/new/{kind}", {"site": "X"}, status=404)


def test_an_offer_without_a_name_is_asked_for_one_and_one_too_long_is_kept_to_shorten(owner: Visitor) -> None:
    path = f"{home_of(owner)}/checks/new/{OFFER}"
    page = owner.submit(owner.get(path), {"site": "  "}, action=OFFER, status=422)
    assert "Give it a name, so that you find it again" in page.words
    long = "Cooling " * 20
    page = owner.submit(owner.get(path), {"site": long}, action=OFFER, status=422)
    assert "Shorten the name" in page.words
    assert page.form(OFFER).fields["site"].startswith("Cooling Cooling")


def test_the_results_of_an_offer_lead_through_its_gates(owner: Visitor) -> None:
    page = finished(owner, OFFER, "leak-detection-at", site="Leak detection")
    for words in (
        "Bakery Ana, Leak detection", "Stage reached: Validate", "The next gate is “Repeat”.",
        "Waits for a stage before", "What opens “Repeat”", "Now: No, it hangs on one person.",
        "Needed at least: A second person has done it alone.", "Does it earn money? 86 out of 100",
        "Does it save resources? 64 out of 100", "Water: 52,000 m³", "bank loans and leases",
        "what opens the next gate comes first",
    ):  # fmt: skip
        assert words in page.words, words
    first = next(item for item in page.words.split("Three actions to start with")[1:])
    assert first.strip().startswith("Draw the delivery step by step")


def test_the_pages_of_an_offer_say_why_a_gate_is_shut(owner: Visitor) -> None:
    finished(owner, OFFER, "leak-detection-at", site="Leak detection")
    shut, reached, waiting = (owner.get(f"{owner.hub}/results/{stage}").words for stage in ("repeat", "test", "scale"))
    assert "This gate is shut: 1 question is below level 2" in shut
    assert "Keeps the gate shut" in shut
    assert "This stage is reached" in reached
    assert "Keeps the gate shut" not in reached
    assert "a stage before it is not passed yet" in waiting


def test_without_a_country_no_funding_is_promised_and_what_to_do_is_said(owner: Visitor) -> None:
    page = finished(owner, OFFER, "data-service-nl", site="Cooling data")
    assert "Stage reached: Repeat" in page.words
    assert "Tell us the country to see what is open there." in page.words
    assert "Funding to look at" not in page.words


def test_a_cluster_sees_two_scores_of_each_step_and_all_that_share_the_lowest(owner: Visitor) -> None:
    page = finished(owner, CLUSTER, "sofia-ict-bg")
    assert "36 out of 100" in page.words
    weakest = "“Comparing with leading clusters”, “Shared research and test facilities” and “Organising suppliers”"
    assert f"{weakest} are your weakest" in page.words
    text = page.text
    for words in ("Mapping members and their links, Done: 50 out of 100", "Mapping members and their links, Green: 25"):
        assert words in text
    assert text.count(": 75 out of 100") == 4
    assert "In your line of business" not in owner.get(owner.hub + "/results/c1").words
    assert "Does it serve the green transition?" in owner.get(owner.hub + "/results/c1").words


def test_sections_without_enough_answers_have_no_score_and_say_so(owner: Visitor) -> None:
    page = finished(owner, CLUSTER, "metal-cluster-es")
    assert "Not enough answers yet for a score." in page.words
    assert page.text.count("No score") >= 8


@pytest.mark.parametrize(
    ("kind", "name", "typed"), [(OFFER, "repair-cafe-es", {"site": "Repair"}), (CLUSTER, "food-cluster-ie", {})]
)
def test_what_makes_no_sense_without_amounts_is_neither_offered_nor_there(
    owner: Visitor, kind: str, name: str, typed: dict[str, str]
) -> None:
    page = finished(owner, kind, name, **typed)
    plan = owner.get(owner.hub + "/plan")
    for shown in (page, plan, owner.get(owner.hub), owner.get(owner.hub + "/report")):
        for path in MONEY_PAGES:
            assert f"{owner.hub}/{path}" not in shown.links(), path
        assert "Payback" not in shown.words
    for path in MONEY_PAGES:
        owner.get(f"{owner.hub}/{path}", status=404)
    for link in {link for shown in (page, plan) for link in shown.links() if link.startswith(owner.hub)}:
        owner.get(link.partition("#")[0])


def test_the_check_for_anyone_still_has_its_pages_about_money(examples: Site) -> None:
    """Negative control of what is left out of the short checks."""
    visitor = examples.visitor()
    visitor.open_example("bakery-bg")
    links = visitor.get(visitor.hub + "/plan").links()
    assert {f"{visitor.hub}/use", f"{visitor.hub}/footprint", f"{visitor.hub}/best-plan"} <= set(links)


def test_an_action_of_these_checks_says_how_to_do_it_and_can_be_changed_and_added(owner: Visitor) -> None:
    finished(owner, CLUSTER, "sofia-ict-bg")
    plan = owner.get(owner.hub + "/plan")
    assert "How to do it" in plan.words
    assert "First step this week" in plan.words
    card = next(link for link in plan.links() if "/plan/measure:cluster-map" in link).partition("?")[0]
    owner.submit(owner.get(card), {"status": "done", "owner": "Ana"})
    page = owner.get(owner.hub + "/plan?all=1")
    assert "Ana" in page.words
    owner.post(owner.hub + "/plan-add", {"key": "lead-group-purchase"})
    assert "Organise a group purchase" in owner.get(owner.hub + "/plan").words


@pytest.mark.parametrize(
    ("kind", "name", "typed", "said"),
    [
        (OFFER, "reusable-boxes-be", {"site": "Boxes"}, "Stage reached: Test. The next gate is Validate"),
        (CLUSTER, "wood-cluster-at", {}, "The weakest section"),
    ],
)
def test_the_plan_is_printed_and_taken_as_files(
    owner: Visitor, kind: str, name: str, typed: dict[str, str], said: str
) -> None:
    really_printed(owner.site)
    finished(owner, kind, name, **typed)
    owner.submit(owner.get(owner.hub + "/report"), action="/report")
    link = next(link for link in owner.get(owner.hub + "/report").links() if link.endswith(".pdf"))
    text = Paper(owner.get(link).body).text
    assert said in text
    assert asked(owner, kind).title in text
    for form in ("xlsx", "docx", "json", "csv"):
        assert owner.get(f"{owner.hub}/plan/files/{form}").status == 200


@pytest.mark.parametrize("kind", [CLUSTER, OFFER])
def test_next_year_follows_in_the_same_questionnaire_without_a_choice_of_depth(owner: Visitor, kind: str) -> None:
    names = {CLUSTER: "sofia-ict-bg", OFFER: "straw-panels-ee"}
    finished(owner, kind, names[kind], **({"site": "Panels"} if kind == OFFER else {}))
    page = owner.get(owner.hub + "/next")
    assert "How much time do you have?" not in page.words
    owner.hub = owner.submit(page, action="/next").location
    assert asked(owner, kind).sections[1].title in owner.get(owner.hub).words


def test_the_home_of_a_company_tells_the_kinds_of_checks_apart(owner: Visitor) -> None:
    finished(owner, OFFER, "leak-detection-at", site="Leak detection")
    finished(owner, CLUSTER, "sofia-ict-bg")
    page = owner.get(home_of(owner))
    assert asked(owner, OFFER).title in page.words
    assert asked(owner, CLUSTER).title in page.words
    assert home_of(owner) + "/compare" not in page.links(), "checks of different kinds cannot be compared"


@pytest.mark.parametrize("kind", [CLUSTER, OFFER])
def test_all_questions_can_be_read_and_printed_beforehand(site: Site, kind: str) -> None:
    really_printed(site)
    visitor = site.visitor()
    library = site.instance.library
    questionnaire = library.edition(*library.newest_of(kind), "en").questionnaire
    page = visitor.get(f"/questions/{kind}")
    paper = Paper(visitor.get(f"/questions/{kind}.pdf").body).text
    for question in questionnaire.questions.values():
        assert question.label in page.words
        assert question.label[:40] in paper
    visitor.get("/questions/nothing-of-the-kind", status=404)
    visitor.get("/questions/nothing-of-the-kind.pdf", status=404)


def test_the_method_says_how_gates_and_pairs_work(site: Site) -> None:
    page = site.visitor().get("/method")
    for words in ("How gates work", "“I do not know” and no answer keep a gate shut", "Level that opens a gate: 2 of 4",
                  "How two scores of a section are made"):  # fmt: skip
        assert words in page.words


def test_an_early_look_shows_stages_too(owner: Visitor) -> None:
    begun(owner, OFFER, site="Boxes")
    some = {name: value for name, value in example(owner, OFFER, "reusable-boxes-be").items() if name[0] == "t"}
    answered(owner, OFFER, some)
    assert "Stage reached: Test" in owner.get(owner.hub + "/early").words
