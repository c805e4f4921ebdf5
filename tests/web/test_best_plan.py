"""What if, scenarios and the best plan: one way to reckon, nothing lost on the way into the company's plan."""

import json
import re
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from assessment import solving
from assessment.content import folders
from assessment.core.plans.program import Program, Solution
from assessment.i18n import languages
from assessment.reporting.money import amounts
from assessment.services.checks import answering, results
from assessment.services.money import money
from assessment.services.money.money import Reckoning
from assessment.services.plans import planning
from assessment.services.plans.best_plan import years_on
from assessment.storage.checks import assessments
from assessment.storage.plans import plan_items
from tests.web.visiting import Controls, Page, Site, Visitor

ENGLISH = languages(folders.LOCALE)["en"]
BAKERY, ACCOUNTANTS, CAFE = "bakery-bg", "accountants-at", "cafe-be"
"""A company with many measures, one with few, and one whose plan has free measures."""

WISHES: Controls = {
    "budget": "3000", "hours": "60", "payback": "4", "matter.cost": "3", "matter.carbon": "1", "matter.water": "0",
    "matter.waste": "0",
}  # fmt: skip
FIGURES = ("eur", "eur_span", "quantities", "carbon", "cost", "payback", "hours", "budget", "score")


def opened(site: Site, name: str) -> Visitor:
    """Somebody who has the check of an example company open."""
    visitor = site.visitor()
    visitor.open_example(name)
    return visitor


@pytest.fixture
def owner(examples: Site) -> Visitor:
    return opened(examples, ACCOUNTANTS)


def reckoned(owner: Visitor) -> Reckoning:
    """The reckoning behind the pages."""
    product = owner.site.instance
    with product.database.reading() as connection:
        draft = assessments.draft_of(connection, owner.hub.rpartition("/")[2])
    assert draft is not None
    found = answering.with_route(product, draft, "en")
    frozen = results.latest(product, found, "en")
    return money.reckoning_of(product, found, frozen.results, planning.plan_of(product, found, frozen.results))


def planned(owner: Visitor) -> list[str]:
    """The measures of the plan in order."""
    return re.findall(r'id="action-measure:([^"]+)"', owner.get(owner.hub + "/plan").text)


def figures(page: Page) -> dict[str, str]:
    """What the what-if panel shows, by the names that its script uses."""
    return {
        element.attrib["data-figure"]: " ".join("".join(element.itertext()).split())
        for element in page.tree.iter()
        if "data-figure" in element.attrib
    }


# What if


def panel(owner: Visitor, ticked: list[str]) -> Page:
    """The plan page after the button of the panel was pressed with these ticks."""
    page = owner.get(owner.hub + "/plan")
    return owner.follow(owner.submit(page, {"measure": ticked}, action="/selection"))


@pytest.mark.parametrize("name", [BAKERY, ACCOUNTANTS, "metal-shop-de", "recycler-cz"])
def test_the_script_and_the_button_show_the_same_figures_for_the_same_ticks(examples: Site, name: str) -> None:
    owner = opened(examples, name)
    names, rows = list(reckoned(owner).ready.items), examples.dump()
    for ticked in ([], names[:1], names[1:6], planned(owner), names[::3]):
        shown = panel(owner, ticked)
        fetched = json.loads(owner.get(owner.hub + "/what-if", query_string={"measure": ticked}).body)
        for figure, text in figures(shown).items():
            assert " ".join(str(fetched[figure]).split()) == text, figure
        assert {figure for figure in FIGURES if fetched[figure]} <= figures(shown).keys()
        assert sorted(shown.form("/selection").fields.getlist("measure")) == sorted(ticked)
        assert ("No measure is ticked" in shown.words) == (fetched["eur"] == "") == (not ticked)
    assert examples.dump() == rows


def test_ticks_that_are_no_measures_of_the_company_are_passed_over(owner: Visitor) -> None:
    one = planned(owner)[:1]
    asked = {"measure": [*one, "nothing", "'", "x" * 500, *one]}
    found = json.loads(owner.get(owner.hub + "/what-if", query_string=asked).body)
    assert found == json.loads(owner.get(owner.hub + "/what-if", query_string={"measure": one}).body)
    assert found["count"] == "With 1 measure"


def test_the_panel_offers_every_measure_and_names_what_is_not_in_its_sums(examples: Site) -> None:
    owner = opened(examples, BAKERY)
    page = owner.get(owner.hub + "/plan")
    ready = reckoned(owner).ready
    offered = re.findall(r'name="measure" value="([^"]+)"', page.text)
    settled = {card for card, (status, _) in cards(owner).items() if status == "not-for-us"}
    assert len(offered) > 40
    assert set(offered) == {name for name in ready.items if f"measure:{name}" not in settled}
    unpriced = next(name for name in offered if ready.items[name].own_cost is None)
    title = ready.items[unpriced].candidate.measure.title
    page = panel(owner, [unpriced])
    left_out = f"Not in these figures: {title}: we do not know how many you need"
    assert figures(page)["left_out"].startswith(left_out)
    fetched = json.loads(owner.get(owner.hub + "/what-if", query_string={"measure": [unpriced]}).body)
    assert " ".join(fetched["left_out"].split()) == figures(page)["left_out"]
    address = f"{owner.hub}/pieces/{unpriced}"
    assert address in page.links()
    # The same on the comparison, with the way to close the gap; with a number it counts, and nothing is left to say.
    page = save(owner, "a", [unpriced])
    assert f"{title}: we do not know how many you need." in page.words
    assert address in page.links()
    owner.submit(owner.get(address), {"pieces": "3"}, status=303)
    assert "we do not know how many" not in figures(panel(owner, [unpriced]))["left_out"]


def test_of_two_that_exclude_each_other_the_one_that_gives_way_is_named_with_the_other(examples: Site) -> None:
    owner = opened(examples, BAKERY)
    ready = reckoned(owner).ready
    one, other = next(
        (name, rival) for name, item in ready.items.items() if item.own_cost is not None
        for rival in ready.conflicts[name] if ready.items[rival].own_cost is not None
    )  # fmt: skip
    kept, aside = (one, other) if one not in ready.together([one, other]).set_aside else (other, one)
    names = {name: ready.items[name].candidate.measure.title for name in (kept, aside)}
    told = figures(panel(owner, [one, other]))["left_out"]
    assert f"{names[aside]}: “{names[kept]}” takes its place, as the two exclude each other" in told


def test_the_panel_starts_with_the_plan_and_the_totals_above_it(examples: Site) -> None:
    owner = opened(examples, BAKERY)
    page = owner.get(owner.hub + "/plan")
    assert page.form("/selection").fields.getlist("measure") == planned(owner)
    assert page.words.count(figures(page)["eur"]) >= 2


# Scenarios


def save(owner: Visitor, slot: str, ticked: list[str], name: str = "") -> Page:
    """Save a selection, and see the scenarios."""
    page = owner.get(owner.hub + "/plan")
    sent: Controls = {"measure": ticked, "slot": slot, "name": name}
    return owner.follow(owner.submit(page, sent, action="/selection"))


def column(page: Page, place: int) -> dict[str, str]:
    """One column of the comparison by the heads of its rows."""
    rows = {}
    for element in page.tree.iter("tr"):
        cells = [" ".join(" ".join(cell.itertext()).split()) for cell in element]
        rows[cells[0]] = cells[place]
    return rows


def test_two_scenarios_are_saved_compared_and_forgotten(examples: Site) -> None:
    owner = opened(examples, BAKERY)
    assert "You have not saved a scenario yet" in owner.get(owner.hub + "/scenarios").words
    names = list(reckoned(owner).ready.items)
    first, second = names[:3], names[2:9]
    save(owner, "a", first, "  Cheap   and <fast> ")
    page = save(owner, "b", second)
    heads = [cell.text for cell in page.tree.iter("th") if cell.attrib.get("scope") == "col"]
    assert heads == ["Your plan", "Cheap and <fast>", "Scenario B"]
    measures = owner.site.instance.library.catalogue("en").measures
    shared = {measures[name].title for name in {*planned(owner)}.intersection(first, second)}
    assert all(title in page.words for title in shared)
    for place, ticked in ((1, planned(owner)), (2, first), (3, second)):
        shown, told = column(page, place), figures(panel(owner, ticked))
        assert shown["Saving"] == f"{told['eur']} {told['eur_span']}".strip()
        assert shown["Greenhouse gases a year"] == told["carbon"]
        assert (shown["Payback"], shown["Own hours"], shown["Score"]) == (
            told["payback"], told["hours"], told["score"],
        )  # fmt: skip
        assert {title for title, cell in shown.items() if cell == "Yes"} == {
            measures[name].title for name in ticked
        } - shared
    save(owner, "a", second, "Another")
    used = owner.submit(owner.get(owner.hub + "/scenarios"), {"act": "use"}, action="/selection")
    assert "This selection is your plan now." in owner.follow(used).words
    assert set(planned(owner)) == set(second)
    owner.post(owner.hub + "/scenarios", {"slot": "a"})
    page = owner.get(owner.hub + "/scenarios")
    assert [cell.text for cell in page.tree.iter("th") if cell.attrib.get("scope") == "col"] == [
        "Your plan", "Scenario B",
    ]  # fmt: skip
    owner.post(owner.hub + "/scenarios", {"slot": "c"}, 400)


def test_what_costs_more_to_run_than_it_saves_is_called_so_on_every_page_and_in_the_files(examples: Site) -> None:
    owner = opened(examples, BAKERY)
    owner.submit(owner.get(owner.hub + "/use/electricity"), {"price": "2"}, status=303)
    owner.submit(owner.get(owner.hub + "/pieces/space-heat-pump"), {"pieces": "20"}, status=303)
    # Outside the plan: the reason says it, whatever the longest payback.
    title = owner.site.instance.library.catalogue("en").measures["space-heat-pump"].title
    for payback in ("4", ""):
        told = left_out(owner.follow(ask(owner, payback=payback, budget="")))[title]
        assert re.search(r"costs? about EUR [\d,]+ a year more to run", told), told
    page = save(owner, "a", ["space-heat-pump"])
    loss = column(page, 2)["Saving"]
    assert re.fullmatch(r"costs about EUR [\d,]+ a year more to run [\d,]+ to [\d,]+", loss)
    assert column(page, 2)["Payback"] == "Never, as it costs more to run"
    shown = figures(panel(owner, ["space-heat-pump"]))
    assert f"{shown['eur']} {shown['eur_span']}" == loss
    owner.submit(owner.get(owner.hub + "/plan"), {"measure": ["space-heat-pump"], "act": "use"}, action="/selection")
    page, amount = owner.get(owner.hub + "/plan"), loss.split()[3]
    assert f"about EUR {amount} a year more to run than they save" in page.words
    assert f"costs about EUR {amount} a year more to run" in page.words
    assert f"It costs about EUR {amount} a year more to run" in owner.get(owner.hub + "/results").words
    low, typical = owner.get(owner.hub + "/plan/files/csv").text.splitlines()[1].split(",")[7:9]
    assert float(low) < float(typical) < 0


def test_saving_a_scenario_leaves_the_plan_as_it_is(owner: Visitor) -> None:
    before = planned(owner)
    save(owner, "a", [])
    assert planned(owner) == before


# Use this selection


def cards(owner: Visitor) -> dict[str, tuple[str, str]]:
    """Status and reason of every card, dismissed or not, by key."""
    product = owner.site.instance
    with product.database.reading() as connection:
        draft = assessments.draft_of(connection, owner.hub.rpartition("/")[2])
    assert draft is not None
    found = answering.with_route(product, draft, "en")
    plan = planning.plan_of(product, found, results.latest(product, found, "en").results)
    return {card.key: (card.item.status, card.item.refusal) for card in (*plan.cards, *plan.dismissed)}


def use(owner: Visitor, ticked: list[str]) -> Page:
    page = owner.get(owner.hub + "/plan")
    return owner.follow(owner.submit(page, {"measure": ticked, "act": "use"}, action="/selection"))


def test_a_selection_becomes_the_plan_and_keeps_what_is_begun_or_done(examples: Site) -> None:
    owner = opened(examples, BAKERY)
    before = planned(owner)
    begun, done, kept, dropped = before[:4]
    for name, status in ((begun, "in-progress"), (done, "done")):
        owner.submit(owner.get(f"{owner.hub}/plan/measure:{name}"), {"status": status, "owner": "Maria"})
    owner.submit(owner.get(f"{owner.hub}/plan-own"), {"title": "Turn the oven down"})
    new = next(name for name in reckoned(owner).ready.items if name not in before)
    page = use(owner, [kept, new])
    assert "This selection is your plan now." in page.words
    assert set(planned(owner)) == {begun, done, kept, new}
    assert "Turn the oven down" in page.words
    found = cards(owner)
    assert found[f"measure:{dropped}"] == ("not-for-us", "Left out when the plan was put together")
    assert (found[f"measure:{begun}"][0], found[f"measure:{done}"][0]) == ("in-progress", "done")
    assert owner.get(f"{owner.hub}/plan/measure:{begun}").form().fields["owner"] == "Maria"
    use(owner, [dropped, new])
    found = cards(owner)
    assert found[f"measure:{dropped}"] == ("not-started", "")
    assert found[f"measure:{kept}"][0] == "not-for-us"


def test_a_selection_of_more_than_sixty_changes_nothing_and_says_so(examples: Site) -> None:
    owner = opened(examples, BAKERY)
    before = examples.dump()
    page = use(owner, list(reckoned(owner).ready.items)[:61])
    assert "60 actions at most" in page.words
    assert examples.dump() == before
    use(owner, list(reckoned(owner).ready.items)[:60])
    assert len(cards(owner)) == 60


# The best plan


def ask(owner: Visitor, status: int = 303, **wishes: str | list[str]) -> Page:
    """Ask for the best plan; `matter_cost` stands for matter.cost."""
    typed = {name.replace("matter_", "matter."): value for name, value in wishes.items()}
    page = owner.get(owner.hub + "/best-plan")
    return owner.submit(page, {**WISHES, **typed}, action="/best-plan", status=status)


def of_plan(page: Page) -> list[str]:
    """The titles of the measures of the best plan, in its order."""
    return [" ".join((item.text or "").split()) for item in page.tree.findall(".//section[@id='plan']//ol/li")]


def left_out(page: Page) -> dict[str, str]:
    """Why the others are not in it, by title."""
    heading = next(h for h in page.tree.iter("h3") if "".join(h.itertext()).startswith("Why other measures"))
    section = page.tree.find(".//section[@id='plan']")
    assert section is not None
    rows = list(section.iter())[list(section.iter()).index(heading) :]
    terms = [" ".join("".join(e.itertext()).split()) for e in rows if e.tag == "dt"]
    texts = [" ".join("".join(e.itertext()).split()) for e in rows if e.tag == "dd"]
    return dict(zip(terms, texts, strict=True))


def titles(owner: Visitor) -> dict[str, str]:
    """The ids of the candidates, by title."""
    return {step.measure.title: name for name, step in reckoned(owner).steps.items()}


def test_every_candidate_is_in_the_plan_or_has_a_reason_and_the_plan_is_proven(owner: Visitor) -> None:
    page = owner.follow(ask(owner))
    inside, outside = of_plan(page), left_out(page)
    assert inside
    assert sorted([*inside, *outside]) == sorted(titles(owner))
    assert all(text.strip() for text in outside.values())
    proven = "No other choice of measures is better for your wishes: this is proven." in page.words
    assert proven != ("No other choice of measures can be more than" in page.words)


def test_each_measure_of_the_best_plan_says_what_it_saves_by_itself_and_costs(examples: Site) -> None:
    owner = opened(examples, BAKERY)
    page = owner.follow(ask(owner, budget="500", hours="15", payback="2"))
    ready = reckoned(owner).ready
    told = {
        (item.text or "").strip(): " ".join("".join(item.itertext()).split())
        for item in page.tree.findall(".//section[@id='plan']//ol/li")
    }
    assert len(told) > 5
    contained = ready.together([titles(owner)[title] for title in told]).contained
    for title, words in told.items():
        name = titles(owner)[title]
        saving = ready.alone(name)
        if name in contained:
            assert "Organises or finds the others." in words
        elif saving.eur is not None and saving.eur.typical > 0:
            eur = amounts.euros_a_year(saving.eur, ENGLISH).replace("\N{NO-BREAK SPACE}", " ")
            assert f"Saves {eur} by itself." in words
        assert "Cost: " in words


def test_a_measure_that_lacks_a_figure_of_its_own_leads_to_the_form_that_asks_for_it(examples: Site) -> None:
    owner = opened(examples, BAKERY)
    page = owner.follow(ask(owner, budget="", hours="", payback="1"))
    name = "refurbished-it-furniture"
    title = owner.site.instance.library.catalogue("en").measures[name].title
    assert left_out(page)[title].startswith("We need to know: ")
    address = f"{owner.hub}/pieces/{name}"
    assert address in page.links()
    typed = {"quantity.materials.equipment-purchases": "20000"}
    after = owner.follow(owner.submit(owner.get(address), typed))
    assert after.path == owner.hub + "/best-plan"
    assert "We need to know" not in left_out(after).get(title, "")


def test_a_budget_of_nothing_gives_free_measures_alone(examples: Site) -> None:
    owner = opened(examples, CAFE)
    page = owner.follow(ask(owner, budget="0", hours="", payback=""))
    items = reckoned(owner).ready.items
    free = [titles(owner)[title] for title in of_plan(page)]
    assert free
    for name in free:
        cost = items[name].own_cost
        assert cost is not None
        assert cost.typical == 0, name
    assert page.words.count("Costs about nothing") >= 1
    assert "more than your money allows beside the rest" in " ".join(left_out(page).values())


def test_reasons_say_what_has_no_weight_and_what_finds_only_what_others_save(examples: Site) -> None:
    owner = opened(examples, BAKERY)
    page = owner.follow(ask(owner, matter_cost="0", matter_carbon="0", matter_water="3", payback=""))
    reasons = list(left_out(page).values())
    no_weight = "but you gave that no weight. Give it one under “What matters to you?”."
    assert len([text for text in reasons if text.startswith("It would save about ") and no_weight in text]) > 10
    assert all("about  a year" not in text and " %" not in text for text in reasons)
    page = owner.follow(ask(owner, payback="", hours="", budget=""))
    title = owner.site.instance.library.catalogue("en").measures["energy-audit"].title
    told = left_out(page)[title]
    assert told == "It finds and keeps what other measures save, so beside them it adds nothing of its own."


def test_no_limit_at_all_leaves_out_no_measure_for_want_of_money_or_hours(owner: Visitor) -> None:
    page = owner.follow(ask(owner, budget="", hours="", payback=""))
    reasons = " ".join(left_out(page).values())
    for want in ("than your money allows", "than there are beside the rest", "longer to pay back than you allow"):
        assert want not in reasons
    assert "What each next EUR 1,000 a year would bring" not in page.words
    form = owner.get(owner.hub + "/best-plan").form("/best-plan").fields
    assert (form["budget"], form["hours"], form["payback"]) == ("", "", "")


def test_wishes_come_back_in_the_form_and_exclusions_are_kept(owner: Visitor) -> None:
    first = of_plan(owner.follow(ask(owner)))[0]
    page = owner.follow(ask(owner, budget="2500,50", excluded=[titles(owner)[first]], matter_waste="2"))
    form = page.form("/best-plan").fields
    assert (form["budget"], form["matter.waste"], form.getlist("excluded")) == ("2500.5", "2", [titles(owner)[first]])
    assert first not in of_plan(page)
    told = "You left it out. Take its tick away under “Leave measures out” to let it in again."
    assert left_out(page)[first] == told


@pytest.mark.parametrize(
    ("wishes", "told", "target"),
    [
        ({"matter_cost": "0", "matter_carbon": "0"}, "Choose at least one thing that matters to you", "matter.cost"),
        ({"matter_cost": "9"}, "Choose how much this matters to you", "matter.cost"),
        ({"budget": "much"}, "Money for this year: we cannot read", "budget"),
        ({"hours": "some"}, "Own hours for this year: we cannot read", "hours"),
        ({"payback": "1.234"}, "“1.234” can mean 1,234 years or 1.234 years", "payback"),
    ],
)
def test_wishes_that_cannot_be_followed_are_told_and_kept_in_the_form(
    examples: Site, owner: Visitor, wishes: dict[str, str], told: str, target: str
) -> None:
    before = examples.dump(without=["throttle"])
    name = next(iter(titles(owner).values()))
    refused = ask(owner, 422, budget=wishes.pop("budget", "777"), excluded=[name], **wishes)
    assert told in refused.words
    assert f"#{target}" in [a.attrib["href"] for a in refused.tree.iter("a")]
    form = refused.form("/best-plan").fields
    assert form.getlist("excluded") == [name]
    assert form["budget"] in ("777", "much")
    assert examples.dump(without=["throttle"]) == before


@pytest.mark.parametrize("budget", ["99999999999999.99", "0.1234567890123456"])
def test_any_number_that_can_be_typed_is_a_budget(owner: Visitor, budget: str) -> None:
    page = owner.follow(ask(owner, budget=budget))
    assert page.form("/best-plan").fields["budget"] == budget


@pytest.mark.parametrize(
    ("wishes", "asked"),
    [
        (
            {"budget": "-500"},
            "Money for this year: you typed -500. Below zero we plan with nothing: please",
        ),
        ({"hours": "-1"}, "Own hours for this year: you typed -1. Below zero we plan with nothing"),
        ({"payback": "-2"}, "Longest payback: you typed -2. Below zero we plan with nothing"),
        ({"budget": "999999999999999999"}, "999,999,999,999,999,999 EUR is unusual. If the number is right, leave it"),
        ({"hours": "99999999999"}, "Own hours for this year: 99,999,999,999 hours is unusual."),
        ({"payback": "500"}, "Longest payback: 500 years is unusual."),
    ],
)
def test_odd_wishes_are_kept_planned_with_and_asked_about(owner: Visitor, wishes: dict[str, str], asked: str) -> None:
    assert asked not in owner.follow(ask(owner)).words
    page = owner.follow(ask(owner, 303, **wishes))
    assert asked in page.words
    assert "No other choice of measures" in page.words
    (name,) = wishes
    assert page.form("/best-plan").fields[name] == wishes[name]
    if wishes[name].startswith("-"):
        zero = owner.follow(ask(owner, 303, **{name: "0"}))
        assert of_plan(zero) == of_plan(page)
    owner.get(owner.hub + "/plan")


def test_wishes_changed_in_another_window_are_not_overwritten(owner: Visitor) -> None:
    stale = owner.get(owner.hub + "/best-plan")
    ask(owner, budget="1000")
    clash = owner.submit(stale, {**WISHES, "budget": "2000"}, action="/best-plan", status=409)
    assert "Your wishes were changed in another window." in clash.words
    assert clash.form("/best-plan").fields["budget"] == "2000"
    assert owner.get(owner.hub + "/best-plan").form("/best-plan").fields["budget"] == "1000"
    page = owner.follow(owner.submit(clash, action="/best-plan"))
    assert page.form("/best-plan").fields["budget"] == "2000"


def test_the_best_plan_becomes_the_plan_in_the_order_of_its_years(examples: Site) -> None:
    owner = opened(examples, CAFE)
    best = of_plan(owner.follow(ask(owner, budget="500", hours="15", payback="2")))
    assert len(best) > 5
    page = owner.follow(owner.submit(owner.get(owner.hub + "/best-plan"), action="/use"))
    assert "The best plan is your plan now. Each action has the end of its year as its date." in page.words
    known = titles(owner)
    assert planned(owner) == [known[title] for title in best]
    found = cards(owner)
    dismissed = [key for key, (status, _) in found.items() if status == "not-for-us"]
    assert dismissed
    assert all(found[key][1] == "Not in the best plan for your wishes" for key in dismissed)
    totals = owner.get(owner.hub + "/best-plan").words
    assert f"you save {figures(page)['eur']}" in totals


def dates(owner: Visitor) -> dict[str, date | None]:
    """The date of each action of the plan, by key."""
    product = owner.site.instance
    with product.database.reading() as connection:
        items = plan_items.plan_of(connection, owner.hub.rpartition("/")[2])
    return {item.key: item.fields.deadline for item in items if item.fields.status != "not-for-us"}


def test_the_years_of_the_best_plan_become_dates_and_what_the_company_set_or_began_stays(examples: Site) -> None:
    owner = opened(examples, CAFE)
    page = owner.follow(ask(owner, budget="1000", hours="", payback="2"))
    today, known = owner.site.instance.today, titles(owner)
    ends = [years_on(today, number) for number in (1, 2, 3)]
    years = {}
    for number, block in enumerate(page.tree.findall(".//section[@id='plan']/ol"), 1):
        for item in block:
            years[known[" ".join((item.text or "").split())]] = number
    heads = [" ".join("".join(h.itertext()).split()) for h in page.tree.iter("h3")]
    assert heads[:3] == [f"Year {at}, until {ENGLISH.date(end)}" for at, end in enumerate(ends, 1)]
    assert {1, 2} <= set(years.values())
    own, begun, *_ = [name for name, number in years.items() if number == 1]
    soon = today + timedelta(days=30)
    day: Controls = {"deadline.day": str(soon.day), "deadline.month": str(soon.month), "deadline.year": str(soon.year)}
    for name in (own, begun):
        owner.post(owner.hub + "/plan-add", {"key": name})
    owner.submit(owner.get(f"{owner.hub}/plan/measure:{own}"), day)
    owner.submit(owner.get(f"{owner.hub}/plan/measure:{begun}"), {"status": "in-progress"})
    page = owner.follow(owner.submit(owner.get(owner.hub + "/best-plan"), action="/use"))
    found = dates(owner)
    assert found[f"measure:{own}"] == soon
    assert found[f"measure:{begun}"] is None
    for name in years.keys() - {own, begun}:
        assert found[f"measure:{name}"] == ends[years[name] - 1], name
    assert f"by {ENGLISH.date(ends[1])}" in page.words


@pytest.mark.parametrize(
    ("day", "years", "end"),
    [((2026, 11, 26), 1, (2027, 11, 26)), ((2028, 2, 29), 1, (2029, 2, 28)), ((2028, 2, 29), 4, (2032, 2, 29))],
)
def test_a_year_ends_on_the_same_day_where_there_is_one(
    day: tuple[int, int, int], years: int, end: tuple[int, int, int]
) -> None:
    assert years_on(date(*day), years) == date(*end)


def test_a_grant_that_is_counted_is_named_as_one_that_may_pay_with_the_cost_before_and_after_it(examples: Site) -> None:
    owner, name = opened(examples, "dairy-farm-ie"), "demand-controlled-ventilation"
    free = partial(ask, owner, budget="", hours="", payback="")
    assert "may pay" not in owner.follow(free()).words.partition("Your wishes")[0]
    page = owner.follow(free(count_funding="1"))
    item = reckoned(owner).ready.items[name]
    assert item.investment is not None
    assert item.own_cost is not None
    assert item.own_cost == pytest.approx([0.25 * value for value in item.investment])
    before, after = (
        amounts.euro_span(cost, ENGLISH).replace("\N{NO-BREAK SPACE}", " ") for cost in (item.investment, item.own_cost)
    )
    assert f"{before}; {after} if the grant is paid" in page.words
    assert "Energy Efficiency Grant may pay 75 %" in page.words
    assert "None is sure before it is granted" in page.words
    shown = figures(panel(owner, [name]))
    assert (shown["cost"], shown["own_cost"]) == (before, after)
    assert column(save(owner, "a", [name]), 2)["If grants are paid"] == after
    owner.submit(owner.get(owner.hub + "/plan"), {"measure": [name], "act": "use"}, action="/selection")
    assert f"If the grants are paid that you count on: {after}." in owner.get(owner.hub + "/plan").words


def test_each_further_budget_is_told_and_never_brings_less(examples: Site) -> None:
    owner = opened(examples, CAFE)
    page = owner.follow(ask(owner, budget="500"))
    for budget in ("EUR 1,500 a year", "EUR 2,500 a year", "EUR 3,500 a year"):
        assert budget in page.words
    told = re.findall(r"EUR [\d,]+ a year (about|nothing)", page.words)
    assert len(told) == 3


def late(program: Program, budgets: Any = ()) -> list[Solution]:
    """The real solver, with no time at all."""
    return partial(solving.solve, wall_limit=0.001)(program, budgets)


def test_a_solver_out_of_time_says_so_and_keeps_the_wishes(examples: Site, owner: Visitor) -> None:
    examples.app.extensions["assessment-solver"] = late
    page = owner.follow(ask(owner, budget="1777"))
    assert "The plan could not be worked out in time. Your wishes are saved" in page.words
    assert page.form("/best-plan").fields["budget"] == "1777"
    before = examples.dump(without=["throttle"])
    refused = owner.follow(owner.post(owner.hub + "/best-plan/use"))
    assert "could not be worked out in time" in refused.words
    assert examples.dump(without=["throttle"]) == before
    examples.app.extensions["assessment-solver"] = solving.solve
    page = owner.get(owner.hub + "/best-plan")
    assert of_plan(page)
    assert page.form("/best-plan").fields["budget"] == "1777"
