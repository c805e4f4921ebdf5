"""The answer to a tick is quick because the plan is kept ready; yet it is never old, and never somebody else's."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from assessment.core.access import Action
from assessment.core.checks.questions import Choice
from assessment.core.money.savings import Totals
from assessment.core.money.uses import Range
from assessment.services.asking import Asking
from assessment.services.checks import drafts
from assessment.services.checks.answering import open_draft
from assessment.services.kept import MOST
from assessment.services.money.what_if import ready_plan
from assessment.services.plans.kept_plans import KeptPlans, ReadyPlan
from assessment.web.browser import hash_of
from assessment.web.money import money_words
from tests import builders
from tests.reporting.languages import ENGLISH
from tests.web.visiting import Site, Visitor

BAKERY = "bakery-bg"


def looking(owner: Visitor) -> Asking:
    return Asking(hash_of(owner.session), Action.READ_RESULTS)


def opened(site: Site, name: str = BAKERY) -> Visitor:
    visitor = site.visitor()
    visitor.open_example(name)
    return visitor


@pytest.fixture
def owner(examples: Site) -> Visitor:
    return opened(examples)


def figures(owner: Visitor, *measures: str) -> dict[str, str]:
    """What the script of the plan page is told about a selection."""
    found: dict[str, str] = json.loads(owner.get(owner.hub + "/what-if", query_string={"measure": measures}).body)
    return found


def planned(owner: Visitor) -> list[str]:
    return owner.get(owner.hub + "/plan").form("/selection").fields.getlist("measure")


def kept(owner: Visitor) -> KeptPlans:
    return owner.site.instance.plans


def test_the_plan_is_made_ready_once_and_then_kept(owner: Visitor) -> None:
    first, *rest = planned(owner)
    assert len(kept(owner)) == 0
    alone = figures(owner, first)
    assert len(kept(owner)) == 1
    assert figures(owner, first, *rest) != alone
    assert figures(owner, first) == alone
    assert len(kept(owner)) == 1


def test_another_browser_gets_nothing_although_the_plan_is_ready(owner: Visitor) -> None:
    address = owner.hub + "/what-if"
    figures(owner)
    stranger = owner.site.visitor()
    stranger.start()
    assert len(kept(owner)) == 1
    assert stranger.get(address, 404).is_html
    owner.post("/leave")
    assert owner.get(address, 404).is_html


def test_two_companies_with_the_same_measures_get_their_own_figures(owner: Visitor) -> None:
    other = opened(owner.site, "design-studio-fi")
    mine = figures(owner, *planned(owner))
    assert figures(other, *planned(owner)) != mine
    assert figures(owner, *planned(owner)) == mine


def test_a_changed_price_is_seen_at_once(owner: Visitor) -> None:
    chosen = planned(owner)
    before = figures(owner, *chosen)["eur"]
    owner.submit(owner.get(owner.hub + "/use/electricity"), {"price": "0.95"})
    after = figures(owner, *chosen)["eur"]
    assert after != before
    assert " ".join(after.split()) in owner.get(owner.hub + "/plan").words


def test_a_changed_budget_is_seen_at_once(owner: Visitor) -> None:
    chosen = planned(owner)
    cost = int(re.sub(r"\D", "", figures(owner, *chosen)["cost"].partition(" to ")[0]))
    for budget, told in ((1, "short, even over three years"), (cost, "short this year; enough over three years"),
                         (900_000, "left")):  # fmt: skip
        owner.submit(owner.get(owner.hub + "/best-plan"), {"budget": str(budget)}, action="/best-plan")
        assert figures(owner, *chosen)["budget"].endswith(told)


def test_a_measure_that_is_added_to_the_plan_counts_at_once(owner: Visitor) -> None:
    instance = owner.site.instance
    ready = ready_plan(instance, looking(owner), owner.site.example(BAKERY), "en")
    new = next(name for name in instance.library.catalogue("en").measures if name not in ready.measures.items)
    assert figures(owner, new)["count"] == "No measure is ticked"
    owner.post(owner.hub + "/plan-add", {"key": new})
    assert figures(owner, new)["count"] == "With 1 measure"


def test_a_changed_answer_is_seen_once_it_is_submitted(owner: Visitor) -> None:
    now = figures(owner)["score"]
    for name in ("ene-03", "ene-04", "ene-05", "wat-03", "was-03"):
        question = owner.site.question(name)
        assert isinstance(question, Choice)
        owner.answer({name: min(question.options, key=lambda option: option.points or 0).id})
    assert figures(owner)["score"] == now
    owner.post(owner.hub + "/submit")
    assert figures(owner)["score"] != now


def test_the_next_day_the_plan_is_reckoned_anew(owner: Visitor) -> None:
    instance, session = owner.site.instance, looking(owner)
    yesterday = ready_plan(instance, session, owner.site.example(BAKERY), "en")
    assert ready_plan(instance, session, owner.site.example(BAKERY), "en") is yesterday
    owner.site.clock.forward(days=1)
    assert ready_plan(instance, session, owner.site.example(BAKERY), "en") is not yesterday


def test_what_is_erased_is_not_kept_and_not_answered(owner: Visitor) -> None:
    figures(owner)
    other = opened(owner.site, "design-studio-fi")
    figures(other)
    draft = open_draft(owner.site.instance, looking(owner), owner.site.example(BAKERY), "en")
    drafts.erase(owner.site.instance, draft)
    assert len(kept(owner)) == 1
    owner.get(owner.hub + "/what-if", 404)
    assert len(kept(owner)) == 1


# What keeps them


@pytest.fixture
def plan(owner: Visitor) -> ReadyPlan:
    return ready_plan(owner.site.instance, looking(owner), owner.site.example(BAKERY), "en")


def test_no_more_than_the_most_are_kept_and_the_oldest_goes_first(plan: ReadyPlan) -> None:
    plans = KeptPlans()
    for number in range(MOST + 1):
        plans.get(f"draft-{number}", "en", 1, lambda: plan)
    assert len(plans) == MOST
    assert plans.get("draft-1", "en", 1, never) is plan
    with pytest.raises(AssertionError):
        plans.get("draft-0", "en", 1, never)


def never() -> ReadyPlan:
    raise AssertionError("it was not kept")


def test_a_plan_of_another_state_or_language_is_another(plan: ReadyPlan) -> None:
    plans, other = KeptPlans(), replace(plan, budget=1.0)
    plans.get("draft", "en", 1, lambda: plan)
    assert plans.get("draft", "bg", 1, lambda: other) is other
    assert plans.get("draft", "en", 2, lambda: other) is other
    assert plans.get("draft", "bg", 1, never) is other
    assert len(plans) == 2


def test_a_plan_is_forgotten_when_its_time_is_up_though_nobody_asks(plan: ReadyPlan) -> None:
    plans = KeptPlans(seconds=0.05)
    plans.get("draft", "en", 1, lambda: plan)
    assert len(plans) == 1
    plans.get("draft", "bg", 1, lambda: plan)
    until = time.monotonic() + 10
    while len(plans) and time.monotonic() < until:
        time.sleep(0.01)
    assert len(plans) == 0


def test_what_is_erased_while_it_is_made_ready_is_not_kept(plan: ReadyPlan) -> None:
    plans = KeptPlans()

    def made() -> ReadyPlan:
        plans.forget("draft")
        return plan

    assert plans.get("draft", "en", 1, made) is plan
    assert len(plans) == 0


def test_nothing_that_a_person_wrote_is_kept(owner: Visitor) -> None:
    canary = "Canary-7Q"
    card = owner.hub + f"/plan/measure:{planned(owner)[0]}"
    owner.submit(owner.get(card), {"owner": canary, "note": canary})
    figures(owner)
    plan = ready_plan(owner.site.instance, looking(owner), owner.site.example(BAKERY), "en")
    assert not any(canary in text for text in texts_in(plan, set()))


def texts_in(value: object, seen: set[int]) -> Iterator[str]:
    """Every text that can be reached from a value."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, str):
        yield value
        return
    if isinstance(value, dict):
        inside: list[object] = [*value.keys(), *value.values()]
    elif isinstance(value, list | tuple | set | frozenset):
        inside = list(value)
    else:
        names = [name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())]
        inside = [getattr(value, name) for name in names if hasattr(value, name)] + [getattr(value, "__dict__", {})]
    for each in inside:
        yield from texts_in(each, seen)


def test_what_nothing_is_known_of_is_not_called_nothing() -> None:
    zero = Range(0, 0, 0)
    sums = Totals((), zero, zero, None, (), zero, zero, 2.0, None, ("led-lighting",), (), (), ())
    view = money_words.totals_view(sums, builders.catalogue(), ENGLISH)
    assert (view.eur_a_year, view.eur) == ("Not known yet", "Not known yet")
    none = money_words.totals_view(replace(sums, set_aside=()), builders.catalogue(), ENGLISH)
    assert none.eur_a_year == "about EUR\N{NO-BREAK SPACE}0 a year"
