"""The whole way without a script: from the first page to the plan, on the pages as a browser reads them."""

from collections.abc import Collection

import pytest

from assessment.core.checks.answers import Marker
from assessment.services.checks.results import results_from
from tests.web.visiting import PROFILE, Site, controls_of


@pytest.mark.parametrize("name", ["bakery-bg", "office-ict-es", "metal-shop-de"])
def test_a_company_answers_page_by_page_and_gets_the_score_that_its_answers_are_worth(site: Site, name: str) -> None:
    example = site.instance.library.examples()[name]
    owner = site.visitor()
    owner.start(example.sheet.depth)
    owner.answer_all(example.answers)
    hub = owner.get(owner.hub).words
    assert hub.index("Check your answers and see your results") < hub.index("First of all")
    owner.submit(owner.get(owner.hub + "/check"), action="/submit")
    results = owner.get(owner.hub + "/results")
    assert str(example.sheet.expected.overall) in results.words
    plan = owner.get(owner.hub + "/plan")
    # Without its own prices and amounts: an example may expect another plan because of them.
    edition = site.instance.library.edition(*site.instance.library.newest, "en")
    depth, today = example.sheet.depth, site.instance.today
    worked_out = results_from(site.instance, edition, depth, example.answers, {}, "en", today)
    for step in worked_out.plan.steps:
        assert step.measure.title in plan.words
    # The office rents its rooms and drives nothing: no investment of ours is for it, and the plan says so.
    none_fits = "of those that we know, none fits your answers"
    assert (none_fits in plan.words) == (name == "office-ict-es")
    assert none_fits not in owner.get(owner.hub + "/plan?topic=energy").words


def test_the_quick_check_becomes_the_full_one_and_keeps_its_answers(site: Site) -> None:
    owner = site.visitor()
    owner.start("quick")
    assert "Begin with the questions about your company" in owner.get(owner.hub).words
    for controls in PROFILE:
        owner.answer(controls)
    assert "About 5 minutes left." in owner.get(owner.hub).words
    before = owner.get(owner.hub + "/data.json").body
    owner.submit(owner.get(owner.hub), action="/full")
    full = owner.get(owner.hub).words
    assert "Full check" in full
    assert "About 25 minutes left." in full
    assert owner.get(owner.page_of("p-03")).form().fields["p-03"] == "6"
    assert b'"p-03"' in before


def test_the_quick_check_runs_from_one_section_to_the_next_and_ends_at_the_check_of_answers(site: Site) -> None:
    owner = site.visitor()
    owner.start("quick")
    for controls in PROFILE[:-1]:
        owner.answer(controls)
    asked = site.instance.library.edition(*site.instance.library.newest, "en").questionnaire.questions
    page = owner.follow(owner.answer(PROFILE[-1]))
    seen: list[str] = []

    def unknown(names: Collection[str]) -> dict[str, str | list[str]]:
        return {key: typed for name in names for key, typed in controls_of(asked[name], Marker.DO_NOT_KNOW).items()}

    while page.path != owner.hub + "/check":
        assert page.path.startswith(f"{owner.hub}/sections/"), seen
        assert page.path not in seen, "a page came twice"
        seen.append(page.path)
        names = {name.partition(".")[0] for name in page.form().fields} & set(asked)
        page = owner.follow(owner.submit(page, {"action": "continue", **unknown(names)}))
    on_hub = {link.split("/")[-1] for link in owner.get(owner.hub).links() if "/sections/" in link}
    assert {path.split("/")[-2] for path in seen} == on_hub - {"profile"}
    # Changing one answer afterwards leads back to where all of them stand.
    assert owner.answer(controls_of(asked["man-02"], Marker.DO_NOT_KNOW)).location == owner.hub + "/check"


def test_the_hub_has_one_button_for_what_comes_next(site: Site) -> None:
    owner = site.visitor()
    owner.start("quick")
    begin = owner.get(owner.hub)
    assert "Begin the questions" in begin.words
    assert "Go on to the full check" not in begin.words
    assert owner.hub + "/sections/profile" in begin.links()
    for controls in PROFILE:
        owner.answer(controls)
    assert "Continue: About your company" in owner.get(owner.hub).words
    owner.answer({"p-01-region": "not-sure"})
    assert "Continue: Management and strategy" in owner.get(owner.hub).words
    assert "Go on to the full check" in owner.get(owner.hub).words


def test_the_plan_of_a_quick_check_leads_on_to_the_full_one_and_that_of_a_full_check_does_not(examples: Site) -> None:
    quick, full = examples.visitor(), examples.visitor()
    quick.open_example("design-studio-fi")
    full.open_example("accountants-at")
    assert "Go on to the full check" not in full.get(full.hub + "/plan").words
    plan = quick.get(quick.hub + "/plan")
    assert "This is a first plan, from the quick check." in plan.words
    on = quick.follow(quick.submit(plan, action="/full"))
    assert "This is the quick check." not in on.words


def test_only_what_a_meter_can_tell_is_asked_whether_one_did(site: Site) -> None:
    owner = site.visitor()
    owner.start("full")
    asked = {question: owner.get(owner.page_of(question)).words for question in ("p-03", "ene-01")}
    assert {question: "From bills or a meter" in words for question, words in asked.items()} == {
        "p-03": False, "ene-01": True,
    }  # fmt: skip
