"""The best plan: three by hand, every rule beside what happens without it, and many by trying everything."""

import math
from collections.abc import Sequence

import pytest

from assessment.core.money.savings import Calculator, Candidate
from assessment.core.money.uses import Site
from assessment.core.plans.choices import Limits, Plan, Task, Wishes, barred, worth
from assessment.core.plans.optimise import posed
from assessment.core.plans.reasons import Reason, reasons, steps
from assessment.core.resources.entries import Measure
from assessment.solver import Solver
from tests.core.exhaustive import best_of_sets, best_of_years
from tests.core.tasks import drawn_task
from tests.sites import adding, bought, method, saving, share, site, that_saves

POWER = site(electricity=10_000)  # 2,000 EUR
FREE = Limits(budget=None)


def task(
    where: Site, measures: Sequence[Measure | Candidate], limits: Limits = FREE, wishes: Wishes | None = None,
    excluded: Sequence[str] = (), done: Sequence[str] = (),
) -> Task:  # fmt: skip
    """A task with measures of which nothing is done."""
    candidates = [found if isinstance(found, Candidate) else Candidate(found) for found in measures]
    return Task(Calculator(where, method(), candidates), wishes or Wishes(), limits, excluded, done)


def planned(asked: Task) -> Plan:
    """The plan that the solver finds. The program sees the same worth as the totals, so its bound is one on them."""
    problem = posed(asked)
    solution = Solver(problem.program, until=math.inf).solve()
    found = problem.plan(asked, solution)
    assert solution.gain == pytest.approx(found.worth, rel=1e-6, abs=1e-8)
    return found


def why(asked: Task, name: str) -> Reason:
    """Why a measure is not in the best plan."""
    return next(reason for reason in reasons(asked, planned(asked)) if reason.measure == name)


def one(name: str, fraction: float = 0.1, cost: float = 0, **more: object) -> Measure:
    """A measure on all electricity."""
    return that_saves(name, saving("electricity", fraction), cost=cost, **more)


# Three plans by hand


def test_by_hand_the_dear_measure_first_because_it_is_worth_the_wait() -> None:
    where = site([share("electricity", "lighting", 0.3), share("electricity", "motors", 0.2)], electricity=10_000)
    lamps = that_saves("lamps", saving("electricity", 0.5, "lighting"), cost=900)
    drives = that_saves("drives", saving("electricity", 0.3, "motors"), cost=400)
    found = planned(task(where, [one("routine"), lamps, drives], Limits(budget=500)))
    # {routine}                1,000 kWh                                                       = 200 EUR
    # {routine, drives}        2,000 (1 - 0.7 x 0.9) + 8,000 x 0.1 = 740 + 800   = 1,540 kWh   = 308 EUR
    # {routine, lamps}         3,000 (1 - 0.5 x 0.9) + 7,000 x 0.1 = 1,650 + 700 = 2,350 kWh   = 470 EUR
    # all                      1,650 + 740 + 5,000 x 0.1                         = 2,890 kWh   = 578 EUR
    # There are 500, 1,000, 1,500 EUR by the end of each year:
    # drives in year 1, lamps in year 3:  308 + 308 + 578 = 1,194 EUR
    # lamps in year 2, drives in year 3:  200 + 470 + 578 = 1,248 EUR
    assert found.years == {"routine": 1, "lamps": 2, "drives": 3}
    assert found.worth == pytest.approx((1248 - 1e-4 * 1300) / 2000, abs=1e-6)
    assert found.gap == pytest.approx(0, abs=1e-6)


def test_by_hand_the_heat_pump_before_the_walls_where_carbon_matters() -> None:
    where = site([share("heat", "space-heating", 0.6)], heat=50_000, electricity=10_000)
    timers = that_saves("timers", saving("heat", 0.1))
    adds = adding("electricity", 0.3)
    pump = that_saves(
        "pump", saving("heat", 0.8, "space-heating", adds_use=adds), cost=5000, prerequisites=["timers"]
    )  # fmt: skip
    walls = that_saves("walls", saving("heat", 0.25, "space-heating"), cost=3000)
    found = planned(task(where, [pump, walls, timers], Limits(budget=5000), Wishes(cost=0, carbon=1)))
    # {timers, walls}  30,000 (1 - 0.75 x 0.9) + 20,000 x 0.1 = 11,750 kWh heat x 0.2               = 2,350 kg
    # {timers, pump}   moved 24,000, of the 6,000 left 600, of the rest 2,000 = 26,600 kWh x 0.2    = 5,320 kg
    #                  added 24,000 x 0.3 x 0.9 = 6,480 kWh x 0.3 = 1,944 kg                        = 3,376 kg
    # all              moved 24,000, 6,000 (1 - 0.675) = 1,950, rest 2,000 = 27,950 kWh x 0.2       = 5,590 kg
    #                  added 24,000 x 0.3 x 0.675 = 4,860 kWh x 0.3 = 1,458 kg                      = 4,132 kg
    # walls in year 1, pump in year 2:  2,350 + 2 x 4,132 = 10,614 kg
    # pump in year 1, walls in year 2:  3,376 + 2 x 4,132 = 11,640 kg of 3 x 13,000 kg; the site has 6,000 EUR
    assert found.years == {"timers": 1, "pump": 1, "walls": 2}
    assert found.worth == pytest.approx(11_640 / 13_000 - 1e-4 * 8000 / 6000, abs=1e-6)


def test_by_hand_an_umbrella_until_what_it_covers_is_bought() -> None:
    audit = that_saves("audit", saving("water", 0.15), umbrella=True)
    taps = that_saves("taps", saving("water", 0.1), cost=30, alternative_to=["spray"])
    spray = that_saves("spray", saving("water", 0.12), cost=60)
    toilets = that_saves("toilets", saving("water", 0.2), cost=200)
    wishes = Wishes(cost=0, water=1)
    found = planned(task(site(water=100), [audit, taps, spray, toilets], Limits(budget=100), wishes))
    # year 1: the audit alone saves 15 m3; spray heads would save 12 and end what the audit counts
    # year 2: 200 EUR are there, toilets save 20 m3
    # year 3: 300 EUR, toilets and spray heads 1 - 0.8 x 0.88 = 29.6 m3 for 260 EUR; with taps it would be 28
    assert found.years == {"audit": 1, "toilets": 2, "spray": 3}
    assert found.worth == pytest.approx((15 + 20 + 29.6) / 100 - 1e-4 * 260 / 400, abs=1e-6)


def test_an_umbrella_on_all_costs_stays_beside_what_has_no_price() -> None:
    system = that_saves("system", saving("cost-resources", 0.05), umbrella=True)
    bins = that_saves("bins", saving("waste", 0.02), cost=30)
    wishes = Wishes(cost=0.9, waste=0.1)
    priced = site(cost_resources=10_000, waste=100)
    assert planned(task(priced, [system, bins], Limits(budget=None, years=1), wishes)).years == {"system": 1}
    unpriced = site(unknown=["waste"], cost_resources=10_000, waste=100)
    assert planned(task(unpriced, [system, bins], Limits(budget=None, years=1), wishes)).years == {
        "system": 1,
        "bins": 1,
    }


# Each rule, with what happens without it


def test_without_money_the_plan_is_what_costs_nothing() -> None:
    measures = [one("free"), one("dear", 0.3, cost=1), one("priced-at-nothing", 0.0)]
    assert planned(task(POWER, measures, Limits(budget=0))).years == {"free": 1}
    assert planned(task(POWER, measures)).years == {"free": 1, "dear": 1}


def test_money_not_spent_is_kept_for_later() -> None:
    dear = one("dear", 0.3, cost=250)
    assert planned(task(POWER, [dear], Limits(budget=100))).years == {"dear": 3}
    assert planned(task(POWER, [dear], Limits(budget=83))).years == {}


def test_money_and_hours_beyond_what_everything_takes_are_no_rows_of_the_program() -> None:
    ready = Calculator(
        site(electricity=1000), method(), [Candidate(that_saves("a", saving("electricity", 0.1), cost=100))]
    )
    bound, boundless = (
        posed(Task(ready, Wishes(), Limits(budget=figure, hours=figure))).program for figure in (1.0, 1e14)
    )
    assert len(bound.money) == 3
    assert boundless.money == []
    # Figures so far apart take the solver long, and it reckons with them less truly.
    assert max(row.upper for row in boundless.rows) < 10


def test_own_hours_are_kept_to() -> None:
    project = one("project", 0.3, difficulty=3)  # 80 hours
    assert planned(task(POWER, [project], Limits(None, hours=40))).years == {"project": 2}
    assert planned(task(POWER, [project], Limits(None, hours=20))).years == {}
    assert why(task(POWER, [project], Limits(None, hours=20)), "project").why == "hours"


def test_what_a_measure_needs_first_is_taken_no_later() -> None:
    second = one("second", 0.3, prerequisites=["first"])
    first = one("first", 0.0, cost=150)
    asked = task(POWER, [second, first], Limits(budget=100))
    assert planned(asked).years == {"first": 2, "second": 2}
    assert planned(task(POWER, [second, first], Limits(budget=100), done=["first"])).years == {"second": 1}


def test_what_is_no_candidate_holds_nothing_up_because_it_is_done_or_not_for_the_firm() -> None:
    second = one("second", 0.3, prerequisites=["first"])
    asked = task(POWER, [second], Limits(budget=100))
    assert barred(asked) == {}
    assert planned(asked).years == {"second": 1}
    # While it could be chosen and may not be, it does hold it up.
    first = one("first", 0.0)
    barring = task(POWER, [second, first], Limits(budget=100), excluded=["first"])
    assert planned(barring).years == {}
    assert (why(barring, "second").why, why(barring, "second").other) == ("prerequisite", "first")


def test_what_stays_out_is_told_without_the_cost_of_what_is_no_candidate() -> None:
    dear = one("dear", 0.3, cost=1000, prerequisites=["first", "answered"])
    reason = why(task(POWER, [dear, one("first", 0.0, cost=100)], Limits(budget=300)), "dear")
    assert (reason.why, reason.cost) == ("money", 1100)


def test_what_needs_something_excluded_cannot_be_chosen_either() -> None:
    chain = [one("third", prerequisites=["second"]), one("second", prerequisites=["first"]), one("first")]
    asked = task(POWER, chain, excluded=["first"])
    assert barred(asked) == {"first": "excluded", "second": "prerequisite", "third": "prerequisite"}
    assert planned(asked).years == {}
    assert set(planned(task(POWER, chain)).years) == {"first", "second", "third"}


def test_of_alternatives_one_is_taken() -> None:
    doors, curtains = one("doors", 0.3, alternative_to=["curtains"]), one("curtains", 0.2)
    asked = task(POWER, [doors, curtains])
    assert planned(asked).years == {"doors": 1}
    assert (why(asked, "curtains").why, why(asked, "curtains").other) == ("alternative", "doors")
    assert len(planned(task(POWER, [one("doors", 0.3), curtains])).years) == 2


def test_an_end_use_is_switched_once() -> None:
    where = site([share("heat", "space-heating", 0.6), share("heat", "hot-water", 0.2)], heat=1000)
    switches = [
        that_saves(name, saving("heat", part, end_use), action_area="renewables")
        for name, part, end_use in (("a", 0.3, "space-heating"), ("b", 0.4, "space-heating"), ("c", 0.3, "hot-water"))
    ]
    assert planned(task(where, switches)).years == {"b": 1, "c": 1}


def test_the_cap_makes_more_of_the_same_useless() -> None:
    measures = [one("most", 0.4, cost=10), one("more", 0.3, cost=10)]
    assert planned(task(POWER, measures)).years == {"most": 1}
    asked = task(POWER, measures)
    assert why(asked, "more").why == "nothing"


def test_the_payback_limit_counts_what_the_company_pays_itself() -> None:
    dear = one("dear", 0.1, cost=1000)  # 200 EUR a year: 5 years
    limits = Limits(None, payback=4)
    assert planned(task(POWER, [dear], limits)).years == {}
    assert why(task(POWER, [dear], limits), "dear").why == "payback"
    assert planned(task(POWER, [Candidate(dear, funded=0.25)], limits)).years == {"dear": 1}
    assert planned(task(POWER, [dear], Limits(None, payback=5))).years == {"dear": 1}


def test_funding_brings_a_measure_forward() -> None:
    dear = one("dear", 0.3, cost=300)
    assert planned(task(POWER, [dear], Limits(budget=100))).years == {"dear": 3}
    assert planned(task(POWER, [Candidate(dear, funded=0.5)], Limits(budget=100))).years == {"dear": 2}


def test_whether_a_use_is_too_small_is_decided_by_the_companys_own_payback_and_not_by_a_usual_one() -> None:
    least = {"resource": "electricity", "per_year": 10_001, "unit": "kWh", "basis": "estimate"}
    # EUR 200 a year for EUR 900: four and a half years.
    small = one("small", cost=900, worthwhile_from=least)
    assert planned(task(POWER, [small])).years == {"small": 1}
    assert planned(task(POWER, [small], Limits(None, payback=5))).years == {"small": 1}
    assert why(task(POWER, [small], Limits(None, payback=4)), "small").why == "payback"


def test_what_is_excluded_or_has_no_figure_is_said_so() -> None:
    pieces = that_saves("pieces", saving("electricity", 0.1), investment=bought(5, unit="per lamp"))
    other = that_saves("other", {**saving("materials", 0.1), "base": "other", "end_use": "product-line"})
    asked = task(POWER, [pieces, other, one("unwanted")], excluded=["unwanted"])
    assert planned(asked).years == {}
    found = {reason.measure: reason for reason in reasons(asked, planned(asked))}
    assert {name: reason.why for name, reason in found.items()} == {
        "pieces": "pieces", "other": "figures", "unwanted": "excluded",
    }  # fmt: skip
    assert found["other"].missing[0].end_use == "product-line"
    assert found["pieces"].missing[0].lack == "pieces"


def test_what_stays_out_for_want_of_money_is_told_with_what_it_would_bring() -> None:
    asked = task(POWER, [one("free"), one("dear", 0.3, cost=1000)], Limits(budget=300))
    reason = why(asked, "dear")
    # beside the 1,000 kWh of the free one: 10,000 x (1 - 0.9 x 0.7) - 1,000 = 2,700 kWh
    assert (reason.why, reason.cost) == ("money", 1000)
    assert reason.eur == pytest.approx(540)


def test_what_would_bring_little_is_told_with_its_cost() -> None:
    # 200,000 EUR for 2 EUR a year is less than what stands against cost for nothing
    asked = task(POWER, [one("little", 0.001, cost=200_000)])
    reason = why(asked, "little")
    assert (reason.why, reason.cost) == ("little", 200_000)
    assert reason.eur == pytest.approx(2)


def test_what_saves_only_what_has_no_weight_is_told_so_with_what_it_would_save() -> None:
    where = site(electricity=10_000, water=500)
    measures = [one("power"), that_saves("taps", saving("water", 0.1)), one("none", 0)]
    water = Wishes(cost=0, water=1)
    reason = why(task(where, measures, wishes=water), "power")
    assert (reason.why, reason.water) == ("unwanted", 0)
    assert reason.eur == pytest.approx(200)
    assert why(task(where, measures, wishes=water), "none").why == "nothing"
    # Neither money nor payback is the reason then, however dear it is; water that has a weight is no nothing.
    dear = [one("power", cost=900), that_saves("taps", saving("water", 0.1), cost=900)]
    asked = task(where, dear, Limits(budget=100), wishes=water)
    assert why(asked, "power").why == "unwanted"
    taps = why(asked, "taps")
    assert taps.why == "money"
    assert taps.water == pytest.approx(50)


def test_the_wishes_decide() -> None:
    where = site(electricity=10_000, water=500)  # 2,000 EUR each
    measures = [one("power", 0.1, cost=100), that_saves("water", saving("water", 0.09), cost=100)]
    once = Limits(budget=100, years=1)
    assert planned(task(where, measures, once)).years == {"power": 1}
    assert planned(task(where, measures, once, Wishes(cost=0.5, water=0.5))).years == {"water": 1}


def test_what_has_no_price_counts_where_the_quantity_is_wished_for() -> None:
    where = site(unknown=["water"], water=500, electricity=1000)
    taps = that_saves("taps", saving("water", 0.1))
    assert planned(task(where, [taps])).years == {}
    assert planned(task(where, [taps], wishes=Wishes(cost=0.5, water=0.5))).years == {"taps": 1}


def test_each_step_of_money_tells_what_it_brings() -> None:
    asked = task(POWER, [one("a", 0.1, cost=100), one("b", 0.1, cost=200)], Limits(budget=100, years=1))
    problem = posed(asked)
    solver = Solver(problem.program, until=math.inf)
    plans = []
    for budget in (100.0, 200.0, 300.0):
        solver.budget(budget)
        plans.append(problem.plan(asked, solver.solve()))
    found = steps(asked, (100.0, 200.0, 300.0), plans)
    # 1,000 kWh, then the same again for nothing more, then 1,900 kWh
    assert [round(step.eur) for step in found] == [200, 200, 380]
    assert [round(step.more_eur) for step in found] == [0, 0, 180]


# Everything tried


@pytest.mark.parametrize("seed", range(40))
def test_no_choice_of_years_is_better(seed: int) -> None:
    asked = drawn_task(seed, measures=4, years=3)
    found = planned(asked)
    assert found.worth == pytest.approx(best_of_years(asked)[0], rel=1e-6, abs=1e-9)
    assert found.gap == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("seed", "size"), [*((seed, 8) for seed in range(12)), (1, 14), (3, 14)])
def test_no_set_for_one_year_is_better(seed: int, size: int) -> None:
    asked = drawn_task(seed, measures=size, years=1)
    assert planned(asked).worth == pytest.approx(best_of_sets(asked)[0], rel=1e-6, abs=1e-9)


def test_a_plan_is_worth_what_it_says() -> None:
    asked = drawn_task(5, measures=6, years=3)
    found = planned(asked)
    assert worth(asked, found.years) == found.worth
    assert worth(asked, {}) == 0
