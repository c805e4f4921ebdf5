"""What a version must satisfy beyond the shape of its files: every mistake at once, with its place and cure.

Each check is a generator of flaws over a version that was read; `CHECKS` lists them all. The models catch what
one entry can show by itself, `content/resources/catalogue.py` what the catalogue can.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from assessment.content.checks.condition_checks import condition_mistakes, conditions_are_sound, flags_are_sound
from assessment.content.checks.display_checks import display_is_sound
from assessment.content.checks.own_step_checks import own_step_flaws
from assessment.content.checks.quantity_checks import quantity_flaws
from assessment.content.checks.questionnaires import Place, Version, flaw_in, order_of
from assessment.content.checks.reach import Steps
from assessment.core.checks.conditions import Condition
from assessment.core.checks.questions import TOP_LEVEL, Choice, MultiChoice, Number, Numbers, Question
from assessment.core.errors import Flaw, InvalidContent
from assessment.core.plans.actions import Advice
from assessment.core.resources.catalogue import Catalogue

MOST_ON_A_PAGE = 5

PARTS_OF_A_FORM = frozenset({"marker", "basis", "note", "reason", "revision", "keep", "unit", "reading"})
"""What stands beside a figure in a form (`web/checks/forms.py`), so no figure can have that name."""

Check = Callable[[Version], Iterator[Flaw]]


def check_version(version: Version, catalogue: Catalogue | None) -> None:
    """Raise InvalidContent with every flaw of a version and of its advice; return where there is none.

    Without a catalogue (it has flaws of its own) the measures that the advice names are not looked up.
    """
    flaws = list(flaws_of(version, catalogue))
    if flaws:
        raise InvalidContent(sorted(flaws, key=lambda flaw: (flaw.file, flaw.line)))


def flaws_of(version: Version, catalogue: Catalogue | None) -> Iterator[Flaw]:
    """The flaws of a version; checks that follow references run once the ids are sound."""
    first = [flaw for check in FIRST_CHECKS for flaw in check(version)]
    yield from first
    if not first:
        for check in CHECKS:
            yield from check(version)
        yield from advice_flaws(version, catalogue)
        if catalogue is not None:
            yield from quantity_flaws(version, catalogue.factors)


def folder_has_the_name(version: Version) -> Iterator[Flaw]:
    """The folders are called as the name and the version inside: the digest of a published one goes by them."""
    folder, questionnaire = version.sources.front.path.parent, version.questionnaire
    named = (("name", questionnaire.name, folder.parent.name), ("version", questionnaire.version, folder.name))
    for key, written, found in named:
        if written != found:
            yield flaw_in(version.sources.front, (key,), f"The {key} is {written} here, but the folder is {found}.",
                          "Rename one of them.")  # fmt: skip


def ids_are_unique(version: Version) -> Iterator[Flaw]:
    """No question id twice."""
    seen: dict[str, str] = {}
    for question, section, place in version.walk():
        if question.id in seen:
            message = f"The id {question.id} is already taken in section {seen[question.id]}."
            yield version.sources.flaw(section, (*place, "id"), message, "Give this question an id of its own.")
        seen[question.id] = section


def section_ids_match(version: Version) -> Iterator[Flaw]:
    """A section's id is the name of its file, so that the front page finds it."""
    for name, document in version.sources.sections.items():
        written = document.data.get("id") if isinstance(document.data, dict) else None
        if written != name:
            yield flaw_in(document, ("id",), f"The section is called {written} here and {name} on the front page.",
                          f"Write `id: {name}` or rename the file.")  # fmt: skip


def meanings_are_of_versions(version: Version) -> Iterator[Flaw]:
    """A question can have come to mean something else in this version or an earlier one, not in a later one."""
    newest = order_of(version.questionnaire.version)
    for question, section, place in version.walk():
        if question.meaning is not None and order_of(question.meaning) > newest:
            this = version.questionnaire.version
            message = f"The meaning is of version {question.meaning}, but this is version {this}."
            cure = "Name the version in which the question last came to mean something else, or leave it out."
            yield version.sources.flaw(section, (*place, "meaning"), message, cure)


def options_are_sound(version: Version) -> Iterator[Flaw]:
    """Option ids are unique; scored options have levels from 0 to 4, unscored questions have none."""
    for question, section, place in version.walk():
        match question:
            case Choice() | MultiChoice():
                yield from _option_flaws(version, question, section, (*place, "options"))
            case _:
                if question.weight is not None:
                    message = "Only questions with options can be scored."
                    cure = "Remove the weight, or ask with options."
                    yield version.sources.flaw(section, (*place, "weight"), message, cure)


def _option_flaws(version: Version, question: Choice | MultiChoice, section: str, place: Place) -> Iterator[Flaw]:
    roles = version.questionnaire.roles
    for index, each in enumerate(question.options):
        if each.reply is not None and question.id not in (roles.motives, roles.obstacles):
            yield version.sources.flaw(section, (*place, index, "reply"), "Nobody is ever shown this reply.",
                                       "Name the question under `roles` as `motives` or `obstacles`.")  # fmt: skip
    twice = [option for option, count in Counter(option.id for option in question.options).items() if count > 1]
    for option in twice:
        yield version.sources.flaw(
            section, place, f"The option {option} is there twice.", "Give each an id of its own."
        )
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
    for question, section, place in version.walk():
        figures: list[tuple[Any, Place]] = []
        if isinstance(question, Number):
            figures = [(question, place)]
        elif isinstance(question, Numbers):
            figures = [(figure, (*place, "fields", index)) for index, figure in enumerate(question.fields_)]
        for figure, where in figures:
            if sum(unit.factor == 1 for unit in figure.units) != 1 and not _same_size(figure):
                message = "No unit, or more than one, has the factor 1."
                cure = 'Give the base unit `factor: "1"` and the others their size in it.'
                yield version.sources.flaw(section, (*where, "units"), message, cure)
            if figure.minimum >= figure.maximum:
                yield version.sources.flaw(
                    section, where, "The minimum is not below the maximum.", "Correct one of them."
                )
            if figure.likely is not None and figure.likely.from_ >= figure.likely.to:
                yield version.sources.flaw(
                    section, (*where, "likely"), "`from` is not below `to`.", "Correct one of them."
                )
            twice = [unit for unit, count in Counter(unit.id for unit in figure.units).items() if count > 1]
            for unit in twice:
                yield version.sources.flaw(
                    section, (*where, "units"), f"The unit {unit} is there twice.", "Remove one."
                )
        if isinstance(question, Numbers):
            yield from _name_flaws(version, question, section, place)


def _name_flaws(version: Version, question: Numbers, section: str, place: Place) -> Iterator[Flaw]:
    seen: set[str] = set()
    for index, figure in enumerate(question.fields_):
        where: Place = (*place, "fields", index, "id")
        if figure.id in seen:
            yield version.sources.flaw(section, where, f"The figure {figure.id} is there twice.", "Rename one.")
        if figure.id in PARTS_OF_A_FORM:
            message = f"No figure may be called {figure.id}: the form needs that name."
            yield version.sources.flaw(section, where, message, "Choose another id.")
        seen.add(figure.id)


def _same_size(figure: Any) -> bool:
    """Units that only name what was counted (headcount, full-time equivalents)."""
    return all(unit.factor == 1 for unit in figure.units)


def pages_are_sound(version: Version) -> Iterator[Flaw]:
    """Questions of a page stand together, five at most; a page of several has a title, and every title a page."""
    for section in version.questionnaire.sections:
        document = version.sources.sections[section.id]
        titled = {page.id for page in section.pages}
        taken = {question.id for question in section.questions if question.page is None}
        last, done, counts = None, set(), Counter(q.page for q in section.questions if q.page)
        for index, question in enumerate(section.questions):
            where: Place = ("questions", index, "page")
            if question.page in taken:
                yield flaw_in(
                    document, where, f"The page {question.page} is called like a question.", "Rename the page."
                )
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
    """Bands start at 0 and rise; sectors and raises weigh the scored sections; roles name questions."""
    questionnaire, front = version.questionnaire, version.sources.front
    starts = [band.from_ for band in questionnaire.bands]
    if starts[0] != 0 or starts != sorted(set(starts)):
        yield flaw_in(
            front, ("bands",), "The bands do not start at 0 and rise.", "Order them by `from`, the first at 0."
        )
    scored = {section.id for section in questionnaire.scored_sections}
    for index, sector in enumerate(questionnaire.sectors):
        if set(sector.weights) != scored:
            wrong = ", ".join(sorted(set(sector.weights) ^ scored))
            message = f"Weights missing or without a scored section: {wrong}."
            cure = "Give each scored section one weight from 1 to 3."
            yield flaw_in(front, ("sectors", index, "weights"), message, cure)
    for index, raised in enumerate(questionnaire.raises):
        if raised.section not in scored:
            yield flaw_in(front, ("raises", index, "section"), f"{raised.section} is not a scored section.",
                          "Name one of those that have weights.")  # fmt: skip
    for role, named in questionnaire.roles.named.items():
        if named not in questionnaire.questions:
            yield flaw_in(front, ("roles", role), f"There is no question {named}.", "Name an existing question.")
    # What is not started from the front page may do without a quick path, but then no question may be marked for one.
    marked = any(question.quick for question in questionnaire.questions.values())
    if not questionnaire.has_quick and (marked or questionnaire.audience == "anyone"):
        yield flaw_in(front, ("sections",), "No scored question is on the quick path.", "Mark some with `quick: true`.")


def trades_are_known(version: Version) -> Iterator[Flaw]:
    """Questions say for which trades their examples were written by the ids or groups of sectors, or ALL."""
    known = {"ALL"}.union(*({sector.id, *sector.groups} for sector in version.questionnaire.sectors))
    for question, section, place in version.walk():
        if unknown := sorted({*question.sectors} - known):
            yield version.sources.flaw(section, (*place, "sectors"), f"There is no sector {', '.join(unknown)}.",
                                       "Name ids or groups of the table of sectors, or ALL.")  # fmt: skip


def narrowing_is_sound(version: Version) -> Iterator[Flaw]:
    """Where options depend on another answer, that question comes first and has the options named."""
    earlier: set[str] = set()
    for question, section, place in version.walk():
        yield from _narrowing_flaws(version, question, section, place, earlier)
        earlier.add(question.id)


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


FIRST_CHECKS: tuple[Check, ...] = (folder_has_the_name, ids_are_unique, section_ids_match, flags_are_sound)
CHECKS: tuple[Check, ...] = (
    meanings_are_of_versions, options_are_sound, figures_are_sound, pages_are_sound, tables_are_sound,
    trades_are_known, conditions_are_sound, narrowing_is_sound, display_is_sound,
)  # fmt: skip


def advice_flaws(version: Version, catalogue: Catalogue | None) -> Iterator[Flaw]:
    """Advice names known questions and measures, once each, and forgets no scored question."""
    questions, document, steps = version.questionnaire.questions, version.sources.actions, Steps()
    known, advised = _steps_known(version, catalogue), set[str]()
    for index, advice in enumerate(version.actions.questions):
        place: Place = ("questions", index)
        question = questions.get(advice.question)
        if question is None:
            yield flaw_in(document, (*place, "question"), f"There is no question {advice.question}.", "Correct the id.")
        elif _can_score(question) is (advice.below is None):
            word = "scored: use `below`" if question.scored else "not scored: use `when`"
            yield flaw_in(document, place, f"{question.id} is {word}.", "Change the trigger.")
        if advice.question in advised:
            yield flaw_in(document, place, f"{advice.question} is advised on twice.", "Join the two entries.")
        if question is not None and _can_score(question) and advice.find_out is None:
            yield flaw_in(document, place, f"{advice.question} lacks `find_out`.", "Say how to find the answer out.")
        advised.add(advice.question)
        yield from _measure_flaws(version, advice.measures, (*place, "measures"), known)
        for where, condition in _conditions_of(advice):
            for message, cure in condition_mistakes(version, condition, questions, "", steps):
                yield flaw_in(document, (*place, *where), message, cure)
    for index, rule in enumerate(version.actions.by_profile):
        yield from _measure_flaws(version, rule.measures, ("by_profile", index, "measures"), known)
        if rule.when is not None:
            for message, cure in condition_mistakes(version, rule.when, questions, "", steps):
                yield flaw_in(document, ("by_profile", index, "when"), message, cure)
    for question in questions.values():
        if _can_score(question) and question.id not in advised:
            yield flaw_in(document, ("questions",), f"Nothing is advised on {question.id}.", "Add an entry.")
    yield from own_step_flaws(version, catalogue, known)


def _conditions_of(advice: Advice) -> Iterator[tuple[Place, Condition]]:
    if advice.when is not None and advice.when != "unanswered":
        yield ("when",), advice.when
    yield from ((("only", measure), condition) for measure, condition in advice.only.items())


def _can_score(question: Question) -> bool:
    """Whether it can earn points; a weight on any other kind is a flaw that `options_are_sound` tells."""
    return question.scored and isinstance(question, Choice | MultiChoice)


def _steps_known(version: Version, catalogue: Catalogue | None) -> frozenset[str] | None:
    """What advice may name: measures of the catalogue and steps of its own; None where no catalogue is known."""
    return None if catalogue is None else frozenset({*catalogue.measures, *(step.id for step in version.actions.steps)})


def _measure_flaws(
    version: Version, measures: tuple[str, ...], place: Place, known: frozenset[str] | None
) -> Iterator[Flaw]:
    for measure in measures:
        if known is not None and measure not in known:
            yield flaw_in(version.sources.actions, place, f"There is no measure {measure}.", "Correct the id.")
