"""The action plan: which measures these answers call for, in which order, and why.

Priority (the project's own design; printed on the method page) = gap x question weight x section relevance x
ease, where gap is the missing share of the top level ("I do not know" counts as the whole gap) and ease is 1.3
for a quick step, 1.0 for one to plan and 0.7 for an investment. Kept as a whole number of fortieths, so that
equal priorities are equal and ties go by the order of the advice.

The default plan takes three quick steps, three to plan and one investment (or what the questionnaire says), one measure
per question as long as another question has one for the place, and never two alternatives. Where there are gates, what
opens the next one comes first. A measure for which the company's known use is too small to pay back in the usual time
ranks by half its priority. One that is known to take longer than `LONGEST_PAYBACK` years gives its place to the next.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assessment.core.checks.answers import Marker, Quantity, Value
from assessment.core.checks.conditions import holds
from assessment.core.checks.gates import opening
from assessment.core.checks.questionnaire import PlanSize, Questionnaire
from assessment.core.checks.questions import TOP_LEVEL
from assessment.core.checks.route import UNKNOWN, Route, level_of
from assessment.core.money.sheet import ResourceSheet, sheet_of
from assessment.core.money.sheet_entries import NO_ENTRIES, SheetEntries
from assessment.core.plans.actions import EASE, Actions, Advice, ByProfile, Effort
from assessment.core.plans.paying_back import Paybacks
from assessment.core.resources.catalogue import Catalogue, Measure, Profile, Size, measure_fits

PRIORITY_UNIT = TOP_LEVEL * 10
"""Priorities are kept as whole fortieths: quarters of a gap times tenths of ease."""

EFFORTS: tuple[Effort, ...] = ("quick", "plan", "invest")

MICRO_BELOW, SMALL_BELOW, MEDIUM_BELOW = 10, 50, 250
"""Size classes by headcount (EU SME definition, Recommendation 2003/361/EC, headcount alone)."""


@dataclass(frozen=True, slots=True)
class Why:
    """One reason for a step; no level where the answer was "I do not know" or a figure is missing."""

    question: str
    level: int | None
    weight: int
    relevance: int
    effort: Effort
    priority: int


@dataclass(frozen=True, slots=True)
class Step:
    """One measure in the plan. `why` has the strongest reason first; it is empty for what only the profile suggests."""

    measure: Measure
    effort: Effort
    first_step: str
    find_out: str | None
    why: tuple[Why, ...]
    note: str | None = None
    small_use: bool = False
    left: int | None = None
    """Quarters of the measure that other answers leave open, where the leading reason is a missing figure."""

    @property
    def rank(self) -> int:
        """The priority by which steps are ordered: half of it where the company's use is small for the measure."""
        return self.priority // 2 if self.small_use else self.priority

    @property
    def priority(self) -> int:
        """The highest priority that a question gives, in fortieths."""
        return self.why[0].priority if self.why else 0

    @property
    def todo(self) -> float:
        """The part of the measure that is not yet done, from the answer that leads to it: all where that is not known.

        The answer's level out of 4 is read as the part done (content rule: s = level / 4). A missing figure says
        nothing of what is done, so there the answers to what else leads to the measure decide.
        """
        level = self.why[0].level if self.why else None
        if level is not None:
            return (TOP_LEVEL - level) / TOP_LEVEL
        return 1.0 if self.left is None else self.left / TOP_LEVEL

    def settles(self, questions: Collection[str]) -> bool:
        """Whether one of these questions asks for it."""
        return any(why.question in questions for why in self.why)


@dataclass(frozen=True, slots=True)
class ActionPlan:
    """The default plan, what else the answers call for, and what may also fit the profile; each in order."""

    steps: tuple[Step, ...]
    more: tuple[Step, ...]
    may_fit: tuple[Step, ...]

    def __iter__(self) -> Iterator[Step]:
        yield from self.steps
        yield from self.more
        yield from self.may_fit


def profile_of(questionnaire: Questionnaire, answers: Mapping[str, Value], language: str) -> Profile:
    """Who is answering, as far as the catalogue needs to know."""
    roles = questionnaire.roles
    sector = questionnaire.sector_of(answers)
    nace = _text(answers.get(roles.nace or ""))
    named = tuple(code for code in (nace,) if code and code[:1].isupper())
    region, people = _text(answers.get(roles.region or "")), answers.get(roles.people or "")
    return Profile(
        country=_text(answers.get(roles.country or "")) or "",
        region=region if region and region[:1].isupper() else None,
        sector=sector.id,
        nace=named or sector.nace,
        size=size_of(people),
        language=language,
        alone=isinstance(people, Quantity) and 0 < people.amount <= 1,
    )


def size_of(people: Value | None) -> Size:
    """The size class by headcount; the smallest where it was not said."""
    heads = people.amount if isinstance(people, Quantity) else 0
    if heads < MICRO_BELOW:
        return "micro"
    if heads < SMALL_BELOW:
        return "small"
    return "medium" if heads < MEDIUM_BELOW else "large"


def recommend(
    route: Route,
    answers: Mapping[str, Value],
    actions: Actions,
    catalogue: Catalogue,
    profile: Profile,
    settled: Collection[str] = (),
    entries: SheetEntries = NO_ENTRIES,
) -> ActionPlan:
    """The plan for these answers and own figures; measures in `settled` (done, or not for this firm) are left out."""
    answers = route.counted(answers)
    called = _called_for(route, answers, actions, catalogue, profile, settled)
    sheet = sheet_of(route.questionnaire, answers, {}, entries, catalogue, profile)
    judged = [replace(step, small_use=is_small_use(step.measure, sheet)) for step in called.values()]
    urgent = opening(route, answers)
    ranked = sorted(judged, key=lambda step: (not step.settles(urgent), -step.rank))
    paybacks = Paybacks(sheet, catalogue, profile)
    chosen = _default_plan(ranked, route.questionnaire.plan, urgent, paybacks)
    rest = [step for step in ranked if step.measure.id not in chosen]
    suggested = _suggested(route, answers, actions, catalogue, profile, {*called, *settled})
    by_effort = [step for effort in EFFORTS for step in ranked if step.measure.id in chosen and step.effort == effort]
    by_effort.sort(key=lambda step: not step.settles(urgent))
    return ActionPlan(tuple(_prerequisites_first(by_effort)), tuple(_prerequisites_first(rest)), suggested)


def is_small_use(measure: Measure, sheet: ResourceSheet) -> bool:
    """Whether the site is known to use less a year than the measure needs to come back in its usual time."""
    least = measure.worthwhile_from
    used = None if least is None else sheet.total(least.resource)
    return least is not None and used is not None and used < least.per_year


def effort_of(measure: Measure) -> Effort:
    """The effort of a measure that is not the first one advised."""
    if measure.investment.level in ("none", "low") and measure.difficulty == 1:
        return "quick"
    return "invest" if measure.investment.level == "high" else "plan"


def _called_for(
    route: Route,
    answers: Mapping[str, Value],
    actions: Actions,
    catalogue: Catalogue,
    profile: Profile,
    settled: Collection[str],
) -> dict[str, Step]:
    """Every fitting measure that some answer calls for, with all its reasons, in the order of the advice that leads."""
    scored = {q.id: (q.weight, q.levels) for _, _, questions in route.scored for q in questions}
    left = _left_open(answers, actions, scored)
    steps: dict[str, Step] = {}
    for advice in actions.questions:
        triggered = _trigger(route, answers, advice, scored)
        if triggered is None:
            continue
        gap, level, weight = triggered
        # A section without scored questions, such as the profile, has no weight of its own.
        relevance = route.weights.get(route.questionnaire.section_of[advice.question].id, 1)
        for position, measure_id in enumerate(advice.measures):
            measure = catalogue.measures[measure_id]
            if measure_id in settled or not measure_fits(measure, profile):
                continue
            if measure_id in advice.only and not holds(advice.only[measure_id], answers, route.questionnaire.flags):
                continue
            open_still = left.get(measure_id) if advice.when == "unanswered" else None
            if open_still == 0:
                continue
            effort = advice.effort if position == 0 else effort_of(measure)
            why = Why(advice.question, level, weight, relevance, effort, gap * weight * relevance * EASE[effort])
            first = advice.first_step if position == 0 else measure.begins_with
            find_out = advice.find_out if answers.get(advice.question) is Marker.DO_NOT_KNOW else None
            step = Step(measure, effort, first, find_out, (why,), left=open_still)
            steps[measure_id] = _joined(steps[measure_id], step) if measure_id in steps else step
    # Equal priorities go by where the advice names a step for its strongest reason, not by an earlier, weaker mention.
    places = {
        (advice.question, measure): (row, column)
        for row, advice in enumerate(actions.questions)
        for column, measure in enumerate(advice.measures)
    }
    return dict(sorted(steps.items(), key=lambda item: places[item[1].why[0].question, item[0]]))


def _left_open(
    answers: Mapping[str, Value], actions: Actions, scored: Mapping[str, tuple[int, Mapping[Value, int]]]
) -> dict[str, int]:
    """The largest gap, in quarters, that scored answers leave of each measure; nothing of one that none is known of."""
    left: dict[str, int] = {}
    for advice in actions.questions:
        value = answers.get(advice.question)
        if advice.below is None or value is None or advice.question not in scored:
            continue
        level = level_of(scored[advice.question][1], value)
        if level >= 0 or level == UNKNOWN:
            gap = TOP_LEVEL if level == UNKNOWN else TOP_LEVEL - level
            for measure_id in advice.measures:
                left[measure_id] = max(gap, left.get(measure_id, 0))
    return left


def _trigger(
    route: Route, answers: Mapping[str, Value], advice: Advice, scored: Mapping[str, tuple[int, Mapping[Value, int]]]
) -> tuple[int, int | None, int] | None:
    """Gap in quarters, level and weight where the advice applies to these answers, else None.

    An unscored question has no level: where its condition holds the gap is whole and the weight 1.
    """
    if advice.question not in route.questions:
        return None
    value = answers.get(advice.question)
    if advice.below is None:
        return (TOP_LEVEL, None, 1) if _asked_for(route, answers, advice, value) else None
    if value is None or advice.question not in scored:
        return None
    weight, levels = scored[advice.question]
    level = level_of(levels, value)
    if level == UNKNOWN:
        return TOP_LEVEL, None, weight
    return (TOP_LEVEL - level, level, weight) if 0 <= level < advice.below else None


def _asked_for(route: Route, answers: Mapping[str, Value], advice: Advice, value: Value | None) -> bool:
    if advice.when == "unanswered":
        # A section nobody has opened yet says nothing about what is missing in it.
        section = route.questionnaire.section_of[advice.question].id
        begun = route.progress(section, answers).answered > 0
        return value is Marker.DO_NOT_KNOW or (value is None and begun)
    return advice.when is not None and holds(advice.when, answers, route.questionnaire.flags)


def _joined(one: Step, other: Step) -> Step:
    """One step for a measure that several questions ask for: the stronger reason leads, the earlier one of equals."""
    lead, second = (other, one) if other.priority > one.priority else (one, other)
    return replace(lead, why=tuple(sorted(lead.why + second.why, key=lambda why: -why.priority)))


def _default_plan(ranked: Sequence[Step], size: PlanSize, urgent: Collection[str], paybacks: Paybacks) -> set[str]:
    """The measures of the default plan: first what nothing has to precede, then, for places still free, the rest.

    Places that are free after that go to second measures of the same questions: the quick path asks too little to fill
    them otherwise.
    """
    waiting = {step.measure.id for step in ranked}
    too_slow: set[str] = set()
    chosen: dict[str, Step] = {}
    for varied, patient in ((True, True), (True, False), (False, True), (False, False)):
        found = True
        while found:
            found = False
            for step in ranked:
                name = step.measure.id
                if name in too_slow or not _has_place(step, chosen, size):
                    continue
                if varied and any(step.why[0].question == other.why[0].question for other in chosen.values()):
                    continue
                if patient and _waits(step, waiting, chosen, urgent):
                    continue
                # Asked last, because it takes the whole site: most measures never come so far.
                if paybacks.too_long(step.measure, step.todo):
                    too_slow.add(name)
                    continue
                chosen[name] = step
                found = True
                break
    return set(chosen)


def _waits(step: Step, waiting: Collection[str], chosen: Mapping[str, Step], urgent: Collection[str]) -> bool:
    """Whether something has to precede the step.

    An investment never waits: its own first step is to look into it. Nor does what opens the next gate: all gates
    before it are open, so what comes first was done as far as it has to be.
    """
    if step.effort == "invest" or step.settles(urgent):
        return False
    return any(needed not in chosen for needed in step.measure.waits_for(waiting))


def _has_place(step: Step, chosen: Mapping[str, Step], size: PlanSize) -> bool:
    if step.measure.id in chosen or len(chosen) >= size.most:
        return False
    if sum(other.effort == step.effort for other in chosen.values()) >= size.of(step.effort):
        return False
    return not any(_alternatives(step.measure, other.measure) for other in chosen.values())


def _alternatives(one: Measure, other: Measure) -> bool:
    return other.id in one.alternative_to or one.id in other.alternative_to


def _prerequisites_first(steps: Sequence[Step]) -> list[Step]:
    """The same steps in the same order, save that what a step needs is moved before it."""
    waiting = {step.measure.id: step for step in steps}
    ordered: list[Step] = []

    def place(step: Step) -> None:
        if waiting.pop(step.measure.id, None) is None:
            return
        for needed in step.measure.prerequisites:
            if needed in waiting:
                place(waiting[needed])
        ordered.append(step)

    for step in steps:
        place(step)
    return ordered


def _suggested(
    route: Route,
    answers: Mapping[str, Value],
    actions: Actions,
    catalogue: Catalogue,
    profile: Profile,
    known: Collection[str],
) -> tuple[Step, ...]:
    """What may also fit: measures that the profile alone suggests, each once, with its condition."""
    steps: dict[str, Step] = {}
    for rule in actions.by_profile:
        if not _profile_fits(rule, route, answers, profile):
            continue
        for measure_id in rule.measures:
            measure = catalogue.measures[measure_id]
            if measure_id not in known and measure_id not in steps and measure_fits(measure, profile):
                steps[measure_id] = Step(measure, effort_of(measure), measure.begins_with, None, (), rule.note)
    return tuple(steps.values())


def _profile_fits(rule: ByProfile, route: Route, answers: Mapping[str, Value], profile: Profile) -> bool:
    if rule.when is not None and not holds(rule.when, answers, route.questionnaire.flags):
        return False
    return not rule.nace or any(code.startswith(named) for named in rule.nace for code in profile.nace)


def _text(value: Value | None) -> str | None:
    return value if isinstance(value, str) else None
