"""The whole way without a script: from the first page to the plan, on the pages as a browser reads them."""

import pytest

from tests.web.visiting import PROFILE, Site


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
    catalogue = site.instance.library.catalogue("en")
    for measure in example.sheet.expected.plan:
        assert catalogue.measures[measure].title in plan.words


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
