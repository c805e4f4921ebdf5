"""What must be true of every plan, whatever the answers, the advice and the catalogue."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from assessment.core.checks.answers import Marker
from assessment.core.checks.questionnaire import PlanSize
from assessment.core.checks.route import Routes
from assessment.core.plans.actions import Actions, Effort
from assessment.core.plans.plan import EFFORTS, PRIORITY_UNIT, ActionPlan, Step, effort_of, recommend
from assessment.core.resources.catalogue import Catalogue, measure_fits
from tests.builders import actions, advice, by_profile, catalogue, measure, profile
from tests.core.formula import level_of, true, walk, weights_of
from tests.core.generated import Case, cases

MEASURES = tuple(f"m{n}" for n in range(7))
EASE: dict[Effort, Fraction] = {"quick": Fraction(13, 10), "plan": Fraction(1), "invest": Fraction(7, 10)}
FEW = settings(max_examples=50)
WHO = profile(nace=("C10",))


@dataclass(frozen=True)
class Asking:
    """Somebody's answers, the advice on them, the catalogue and what is settled."""

    case: Case
    advised: Actions
    measures: Catalogue
    settled: frozenset[str]

    def plan(self) -> ActionPlan:
        """The plan that the core recommends."""
        route = Routes(self.case.questionnaire).of(self.case.answers, self.case.depth)
        return recommend(route, self.case.answers, self.advised, self.measures, WHO, self.settled)


@st.composite
def askings(draw: st.DrawFn) -> Asking:
    """Advice on every scored question; needs lead to earlier measures only, so that an order exists."""
    case = draw(cases())
    measures = [
        measure(
            name,
            nace=draw(st.sampled_from([("all",), ("C",), ("I",)])),
            level=draw(st.sampled_from(["none", "medium", "high"])),
            prerequisites=sorted(draw(st.sets(st.sampled_from(MEASURES[:n]), max_size=2))) if n else [],
            alternative_to=sorted(draw(st.sets(st.sampled_from(MEASURES[n + 1 :]), max_size=1))) if n < 6 else [],
        )
        for n, name in enumerate(MEASURES)
    ]
    named = st.lists(st.sampled_from(MEASURES), min_size=1, max_size=3, unique=True)
    advised = actions(
        *(
            advice(asked, *draw(named), effort=draw(st.sampled_from([*EASE])), below=draw(st.integers(1, 4)))
            for asked, written in case.questions.items()
            if "weight" in written
        ),
        by_profile(*draw(named), note="Only sometimes"),
    )
    return Asking(case, advised, catalogue(*measures), draw(st.frozensets(st.sampled_from(MEASURES), max_size=2)))


def reasons_by_hand(asking: Asking) -> dict[str, list[tuple[str, Fraction]]]:
    """Each measure that some answer calls for, with the questions that do and the priority that each gives."""
    case = asking.case
    on_route, counted = walk(case)
    weights = weights_of(case, counted)
    section_of = {found["id"]: part["id"] for part in case.written["sections"] for found in part["questions"]}
    called: dict[str, list[tuple[str, Fraction]]] = {}
    for found in asking.advised.questions:
        asked = case.questions[found.question]
        here = found.question in on_route and (case.depth == "full" or asked["quick"])
        level = level_of(asked, case.said.get(found.question))
        if not here or ("scored_when" in asked and not true(asked["scored_when"], counted, case)):
            continue
        if level != "unsure" and not (isinstance(level, int) and found.below is not None and level < found.below):
            continue
        gap = 1 - Fraction(level, 4) if isinstance(level, int) else Fraction(1)
        for position, name in enumerate(found.measures):
            entry = asking.measures.measures[name]
            if name not in asking.settled and entry.sectors.nace != ("I",):
                ease = EASE[effort_of(entry) if position else found.effort]
                priority = gap * asked["weight"] * weights[section_of[found.question]] * ease
                called.setdefault(name, []).append((found.question, priority))
    return called


@settings(max_examples=60)
@given(askings())
def test_every_step_has_the_priority_and_the_reasons_worked_out_by_hand(asking: Asking) -> None:
    plan, called = asking.plan(), reasons_by_hand(asking)
    steps = {step.measure.id: step for step in (*plan.steps, *plan.more)}
    assert steps.keys() == called.keys()
    for name, step in steps.items():
        assert Fraction(step.priority, PRIORITY_UNIT) == max(priority for _, priority in called[name])
        assert sorted(why.question for why in step.why) == sorted(question for question, _ in called[name])
        assert [why.priority for why in step.why] == sorted((why.priority for why in step.why), reverse=True)
        assert all(Fraction(why.priority, PRIORITY_UNIT) == dict(called[name])[why.question] for why in step.why)
        assert step.effort == step.why[0].effort


@FEW
@given(askings())
def test_each_measure_stands_in_a_plan_once_fits_and_is_not_settled(asking: Asking) -> None:
    found = [step.measure for step in asking.plan()]
    assert len({entry.id for entry in found}) == len(found)
    assert all(measure_fits(entry, WHO) and entry.id not in asking.settled for entry in found)


@FEW
@given(askings())
def test_the_default_plan_keeps_its_places_and_holds_no_alternatives(asking: Asking) -> None:
    steps = asking.plan().steps
    counts = Counter(step.effort for step in steps)
    assert all(counts[effort] <= PlanSize().of(effort) for effort in EFFORTS)
    assert not any(alternatives(one, other) for one, other in combinations(steps, 2))


def alternatives(one: Step, other: Step) -> bool:
    return other.measure.id in one.measure.alternative_to or one.measure.id in other.measure.alternative_to


@FEW
@given(askings())
def test_a_question_leads_to_two_measures_of_the_default_plan_only_where_no_other_has_one_for_the_place(
    asking: Asking,
) -> None:
    plan = asking.plan()
    leads = Counter(step.why[0].question for step in plan.steps)
    again = {step.effort for step in plan.steps if leads[step.why[0].question] > 1}
    for step in plan.more:
        if step.effort in again and step.why[0].question not in leads:
            assert any(alternatives(step, other) for other in plan.steps)


def in_order(steps: Sequence[Step]) -> bool:
    """Whether nothing comes before what it needs."""
    order = [step.measure.id for step in steps]
    return all(
        order.index(needed) < place
        for place, step in enumerate(steps)
        for needed in step.measure.prerequisites
        if needed in order
    )


@FEW
@given(askings())
def test_what_a_measure_needs_stands_before_it(asking: Asking) -> None:
    plan = asking.plan()
    assert in_order(plan.steps)
    assert in_order(plan.more)


@FEW
@given(askings())
def test_the_order_of_answering_changes_no_plan(asking: Asking) -> None:
    said = asking.case.said
    backwards = replace(asking, case=replace(asking.case, said={name: said[name] for name in reversed([*said])}))
    assert asking.plan() == backwards.plan()


@FEW
@given(askings())
def test_an_answer_that_does_not_apply_calls_for_nothing(asking: Asking) -> None:
    for name in asking.case.questions:
        plan = replace(asking, case=asking.case.saying(name, Marker.NOT_APPLICABLE)).plan()
        assert all(why.question != name for step in plan for why in step.why)


def test_a_plan_by_priority_alone_would_be_caught() -> None:
    def by_priority(asking: Asking) -> list[Step]:
        return sorted(asking.plan().steps, key=lambda step: -step.priority)

    once = settings(max_examples=2000, derandomize=True, database=None, phases=[Phase.generate])
    assert find(askings(), lambda asking: not in_order(by_priority(asking)), settings=once)
