"""What a version must satisfy beyond the shape of its files: every mistake at once, with its place and cure.

Each check is a generator of flaws over a version that was read; `CHECKS` lists them all. The models catch what
one entry can show by itself, `content/catalogue.py` what the catalogue can.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, assert_never

from assessment.content.questionnaires import MOST_QUESTIONS, Version, flaw_in
from assessment.content.reach import TooManyAlternatives, reachable
from assessment.core.catalogue import Catalogue
from assessment.core.conditions import (
    Answered,
    AnyOf,
    AtLeast,
    AtMost,
    Condition,
    FlagIs,
    Includes,
    Is,
    leaves_of,
    questions_of,
)
from assessment.core.errors import Flaw, InvalidContent
from assessment.core.questions import TOP_LEVEL, Choice, MultiChoice, Number, Numbers, Question

MOST_ON_A_PAGE = 5

Place = tuple[str | int, ...]
Check = Callable[[Version], Iterator[Flaw]]


def check_version(version: Version, catalogue: Catalogue) -> None:
    """Raise InvalidContent with every flaw of a version and of its advice; return where there is none."""
    flaws = list(flaws_of(version))
    if not flaws:
        flaws = [*advice_flaws(version, catalogue)]
    if flaws:
        raise InvalidContent(sorted(flaws, key=lambda flaw: (flaw.file, flaw.line)))


def flaws_of(version: Version) -> Iterator[Flaw]:
    """The flaws of the questionnaire by itself; checks that follow references run once the ids are sound."""
    first = [flaw for check in FIRST_CHECKS for flaw in check(version)]
    yield from first
    if not first:
        for check in CHECKS:
            yield from check(version)


def _walk(version: Version) -> Iterator[tuple[Question, str, Place]]:
    """Every question with its section and its place in that section's file."""
    for section in version.questionnaire.sections:
        for index, question in enumerate(section.questions):
            yield question, section.id, ("questions", index)


def ids_are_unique(version: Version) -> Iterator[Flaw]:
    """No question id twice, and no more questions than anybody can answer."""
    seen: dict[str, str] = {}
    for question, section, place in _walk(version):
        if question.id in seen:
            message = f"The id {question.id} is already taken in section {seen[question.id]}."
            yield version.sources.flaw(section, (*place, "id"), message, "Give this question an id of its own.")
        seen[question.id] = section
    if len(seen) > MOST_QUESTIONS:
        yield flaw_in(version.sources.front, ("sections",), f"There are {len(seen)} questions.",
                      f"Keep to {MOST_QUESTIONS} at most.")  # fmt: skip


def section_ids_match(version: Version) -> Iterator[Flaw]:
    """A section's id is the name of its file, so that the front page finds it."""
    for name, document in version.sources.sections.items():
        written = document.data.get("id") if isinstance(document.data, dict) else None
        if written != name:
            yield flaw_in(document, ("id",), f"The section is called {written} here and {name} on the front page.",
                          f"Write `id: {name}` or rename the file.")  # fmt: skip


def options_are_sound(version: Version) -> Iterator[Flaw]:
    """Option ids are unique; scored options have levels from 0 to 4, unscored questions have none."""
    for question, section, place in _walk(version):
        match question:
            case Choice() | MultiChoice():
                yield from _option_flaws(version, question, section, (*place, "options"))
            case _:
                if question.weight is not None:
                    yield version.sources.flaw(section, (*place, "weight"), "Only questions with options can be scored.",
                                               "Remove the weight, or ask with options.")  # fmt: skip


def _option_flaws(version: Version, question: Choice | MultiChoice, section: str, place: Place) -> Iterator[Flaw]:
    twice = [option for option, count in Counter(option.id for option in question.options).items() if count > 1]
    for option in twice:
        yield version.sources.flaw(section, place, f"The option {option} is there twice.", "Give each an id of its own.")
    levels = {option.points for option in question.options if option.points is not None}
    if question.weight is None:
        if levels:
            yield version.sources.flaw(section, place, "The options have points but the question has no weight.",
                                       "Add `weight: 1` to `3`, or remove the points.")  # fmt: skip
        return
    missing = [option.id for option in question.options if option.points is None and not option.unscored]
    if missing:
        yield version.sources.flaw(section, place, f"These options have no points: {', '.join(missing)}.",
                                   "Give each `points: 0` to `4`, or `unscored: true`.")  # fmt: skip
    if not {0, TOP_LEVEL} <= levels:
        yield version.sources.flaw(section, place, "The ladder does not reach from 0 to 4 points.",
                                   "Give the lowest option 0 and the highest 4.")  # fmt: skip


def figures_are_sound(version: Version) -> Iterator[Flaw]:
    """Every number has one base unit (factor 1), unique units, and limits that leave room."""
    for question, section, place in _walk(version):
        figures: list[tuple[Any, Place]] = []
        if isinstance(question, Number):
            figures = [(question, place)]
        elif isinstance(question, Numbers):
            figures = [(figure, (*place, "fields", index)) for index, figure in enumerate(question.fields_)]
        for figure, where in figures:
            if sum(unit.factor == 1 for unit in figure.units) != 1 and not _same_size(figure):
                yield version.sources.flaw(section, (*where, "units"), "No unit, or more than one, has the factor 1.",
                                           "Give the base unit `factor: \"1\"` and the others their size in it.")  # fmt: skip
            if figure.minimum >= figure.maximum:
                yield version.sources.flaw(section, where, "The minimum is not below the maximum.", "Correct one of them.")


def _same_size(figure: Any) -> bool:
    """Units that only name what was counted (headcount, full-time equivalents)."""
    return all(unit.factor == 1 for unit in figure.units)


def pages_are_sound(version: Version) -> Iterator[Flaw]:
    """Questions of a page stand together, five at most; a page of several has a title, and every title a page."""
    for section in version.questionnaire.sections:
        document = version.sources.sections[section.id]
        titled = {page.id for page in section.pages}
        last, done, counts = None, set(), Counter(q.page for q in section.questions if q.page)
        for index, question in enumerate(section.questions):
            where: Place = ("questions", index, "page")
            if question.page and question.page != last and question.page in done:
                yield flaw_in(document, where, f"The page {question.page} is interrupted by other questions.",
                              "Put its questions one after the other.")  # fmt: skip
            if question.page and counts[question.page] > 1 and question.page not in titled:
                yield flaw_in(document, where, f"The page {question.page} has no title.", "Add it under `pages:`.")
                titled.add(question.page)
            done.add(question.page)
            last = question.page
        for page, count in counts.items():
            if count > MOST_ON_A_PAGE:
                yield flaw_in(document, ("pages",), f"The page {page} has {count} questions.",
                              f"Put at most {MOST_ON_A_PAGE} on a page.")  # fmt: skip
        for index, title in enumerate(section.pages):
            if title.id not in counts:
                yield flaw_in(document, ("pages", index), f"No question stands on the page {title.id}.", "Remove it.")


def tables_are_sound(version: Version) -> Iterator[Flaw]:
    """Bands start at 0 and rise; each sector weighs exactly the scored sections; roles name questions."""
    questionnaire, front = version.questionnaire, version.sources.front
    starts = [band.from_ for band in questionnaire.bands]
    if starts[0] != 0 or starts != sorted(set(starts)):
        yield flaw_in(front, ("bands",), "The bands do not start at 0 and rise.", "Order them by `from`, the first at 0.")
    scored = {section.id for section in questionnaire.scored_sections}
    for index, sector in enumerate(questionnaire.sectors):
        if set(sector.weights) != scored:
            wrong = ", ".join(sorted(set(sector.weights) ^ scored))
            yield flaw_in(front, ("sectors", index, "weights"), f"Weights missing or without a scored section: {wrong}.",
                          "Give each scored section one weight from 1 to 3.")  # fmt: skip
    for role, named in questionnaire.roles.model_dump().items():
        if named not in questionnaire.questions:
            yield flaw_in(front, ("roles", role), f"There is no question {named}.", "Name an existing question.")
    if not any(question.quick and question.scored for question in questionnaire.questions.values()):
        yield flaw_in(front, ("sections",), "No scored question is on the quick path.", "Mark some with `quick: true`.")


def flags_are_sound(version: Version) -> Iterator[Flaw]:
    """Flags name known flags only, and never themselves, however far round."""
    flags = version.questionnaire.flags
    for name, condition in flags.items():
        place: Place = ("flags", name)
        for other in _flags_in(condition):
            if other not in flags:
                yield flaw_in(version.sources.front, place, f"There is no flag {other}.", "Correct the name or define it.")
        if _comes_back(name, condition, {name}, version):
            yield flaw_in(version.sources.front, place, f"The flag {name} is defined by itself.", "Break the circle.")


def _flags_in(condition: Condition) -> list[str]:
    return [leaf.flag for leaf in leaves_of(condition) if isinstance(leaf, FlagIs)]


def _comes_back(name: str, condition: Condition, passed: set[str], version: Version) -> bool:
    for other in _flags_in(condition):
        if other == name:
            return True
        if other in version.questionnaire.flags and other not in passed:
            passed.add(other)
            if _comes_back(name, version.questionnaire.flags[other], passed, version):
                return True
    return False


def conditions_are_sound(version: Version) -> Iterator[Flaw]:
    """Conditions name earlier questions and existing options, ask numbers for amounts, and can hold."""
    earlier: set[str] = set()
    for question, section, place in _walk(version):
        for key, condition in (("when", question.when), ("scored_when", question.scored_when)):
            if condition is not None:
                for message, cure in _condition_mistakes(version, condition, earlier, question.id):
                    yield version.sources.flaw(section, (*place, key), message, cure)
        yield from _narrowing_flaws(version, question, section, place, earlier)
        earlier.add(question.id)
    for name, condition in version.questionnaire.flags.items():
        for message, cure in _condition_mistakes(version, condition, set(version.questionnaire.questions), ""):
            yield flaw_in(version.sources.front, ("flags", name), message, cure)


def _condition_mistakes(
    version: Version, condition: Condition, earlier: set[str], asking: str
) -> Iterator[tuple[str, str]]:
    flags, questions = version.questionnaire.flags, version.questionnaire.questions
    sound = True
    for leaf in leaves_of(condition):
        mistake = _leaf_mistake(leaf, version)
        if mistake:
            sound = False
            yield mistake
    for named in dict.fromkeys(questions_of(condition, flags)):
        if named in questions and named not in earlier:
            sound = False
            yield (f"The condition asks about {named}, which comes no earlier than {asking}.",
                   "Ask only about questions that come before.")  # fmt: skip
    if sound:
        try:
            if not reachable(condition, flags, questions):
                yield "The condition can never hold, so nobody will see this.", "Correct or remove it."
        except TooManyAlternatives:
            yield "The condition has too many alternatives to be understood.", "Name its parts as flags, or simplify it."


def _leaf_mistake(leaf: Condition, version: Version) -> tuple[str, str] | None:
    if isinstance(leaf, FlagIs):
        unknown = leaf.flag not in version.questionnaire.flags
        return (f"There is no flag {leaf.flag}.", "Correct the name or define it under `flags:`.") if unknown else None
    question = version.questionnaire.questions.get(leaf.question)  # type: ignore[union-attr]
    if question is None:
        return f"There is no question {leaf.question}.", "Correct the id."  # type: ignore[union-attr]
    match leaf:
        case Is(value=value):
            wanted: tuple[str, ...] = (value,)
        case AnyOf(any_of=options):
            wanted = options
        case Includes(includes=option):
            wanted = (option,)
        case AtLeast() | AtMost():
            numeric = isinstance(question, Number)
            return None if numeric else (f"{question.id} is not a number.", "Ask for its options with `is` or `any_of`.")
        case Answered():
            return None
        case _:
            assert_never(leaf)  # type: ignore[arg-type]
    if not isinstance(question, Choice | MultiChoice):
        return f"{question.id} has no options.", "Ask with `answered`, `at_least` or `at_most`."
    unknown_options = [name for name in wanted if question.option(name) is None]
    if unknown_options:
        return f"{question.id} has no option {', '.join(unknown_options)}.", "Use the ids of its options."
    return None


def _narrowing_flaws(
    version: Version, question: Question, section: str, place: Place, earlier: set[str]
) -> Iterator[Flaw]:
    """`options_by` names an earlier choice, and `for` lists options of that choice."""
    if not isinstance(question, Choice | MultiChoice):
        return
    by = version.questionnaire.questions.get(question.options_by or "")
    if question.options_by is None:
        if any(option.for_ for option in question.options):
            yield version.sources.flaw(section, place, "Options have `for:`, but `options_by:` is missing.",
                                       "Say which question narrows them.")  # fmt: skip
        return
    if not isinstance(by, Choice) or by.id not in earlier:
        yield version.sources.flaw(section, (*place, "options_by"), f"{question.options_by} is not an earlier choice.",
                                   "Name a choice question that comes before.")  # fmt: skip
        return
    unknown = sorted({name for option in question.options for name in option.for_ if by.option(name) is None})
    if unknown:
        yield version.sources.flaw(section, (*place, "options"), f"{by.id} has no option {', '.join(unknown)}.",
                                   "Correct the `for:` lists.")  # fmt: skip


FIRST_CHECKS: tuple[Check, ...] = (ids_are_unique, section_ids_match, flags_are_sound)
CHECKS: tuple[Check, ...] = (
    options_are_sound, figures_are_sound, pages_are_sound, tables_are_sound, conditions_are_sound,
)  # fmt: skip


def advice_flaws(version: Version, catalogue: Catalogue) -> Iterator[Flaw]:
    """Advice names known questions and measures, once each, and forgets no scored question and no measure."""
    questions, document = version.questionnaire.questions, version.sources.actions
    advised: set[str] = set()
    for index, advice in enumerate(version.actions.questions):
        place: Place = ("questions", index)
        question = questions.get(advice.question)
        if question is None:
            yield flaw_in(document, (*place, "question"), f"There is no question {advice.question}.", "Correct the id.")
        elif question.scored is (advice.below is None):
            word = "scored: use `below`" if question.scored else "not scored: use `when`"
            yield flaw_in(document, place, f"{question.id} is {word}.", "Change the trigger.")
        if advice.question in advised:
            yield flaw_in(document, place, f"{advice.question} is advised on twice.", "Join the two entries.")
        if question is not None and question.scored and advice.find_out is None:
            yield flaw_in(document, place, f"{advice.question} lacks `find_out`.", "Say how to find the answer out.")
        advised.add(advice.question)
        yield from _measure_flaws(version, advice.measures, (*place, "measures"), catalogue)
        if advice.when is not None and advice.when != "unanswered":
            for message, cure in _condition_mistakes(version, advice.when, set(questions), ""):
                yield flaw_in(document, (*place, "when"), message, cure)
    for index, rule in enumerate(version.actions.by_profile):
        yield from _measure_flaws(version, rule.measures, ("by_profile", index, "measures"), catalogue)
        if rule.when is not None:
            for message, cure in _condition_mistakes(version, rule.when, set(questions), ""):
                yield flaw_in(document, ("by_profile", index, "when"), message, cure)
    yield from _forgotten(version, catalogue, advised)


def _measure_flaws(version: Version, measures: tuple[str, ...], place: Place, catalogue: Catalogue) -> Iterator[Flaw]:
    for measure in measures:
        if measure not in catalogue.measures:
            yield flaw_in(version.sources.actions, place, f"There is no measure {measure}.", "Correct the id.")


def _forgotten(version: Version, catalogue: Catalogue, advised: set[str]) -> Iterator[Flaw]:
    for question in version.questionnaire.questions.values():
        if question.scored and question.id not in advised:
            yield flaw_in(version.sources.actions, ("questions",), f"Nothing is advised on {question.id}.", "Add an entry.")
    named = {measure for advice in version.actions.questions for measure in advice.measures}
    named |= {measure for rule in version.actions.by_profile for measure in rule.measures}
    for measure in catalogue.measures:
        if measure not in named:
            yield flaw_in(version.sources.actions, ("questions",), f"Nobody is ever advised the measure {measure}.",
                          "Name it under a question or under `by_profile`.")  # fmt: skip
