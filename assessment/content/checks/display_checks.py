"""What `results:` must satisfy: it names sections and questions that are there, scored, and each where it belongs."""

from collections import Counter
from collections.abc import Iterator, Sequence

from assessment.content.checks.questionnaires import Place, Version, flaw_in
from assessment.content.strict_yaml import Document
from assessment.core.checks.display import Axis, Gates, Pairs
from assessment.core.checks.questionnaire import Questionnaire
from assessment.core.checks.questions import Number, Numbers
from assessment.core.errors import Flaw


def display_is_sound(version: Version) -> Iterator[Flaw]:
    """Everything that is wrong with how results are to be shown."""
    match version.questionnaire.results:
        case Pairs() as pairs:
            yield from _pair_flaws(version, pairs)
        case Gates() as gates:
            yield from _gate_flaws(version, gates)
        case None:
            return


def _pair_flaws(version: Version, pairs: Pairs) -> Iterator[Flaw]:
    questionnaire, front = version.questionnaire, version.sources.front
    for index, series in enumerate(pairs.series):
        yield from _unscored(version, series.questions, ("results", "series", index, "questions"))
    counts = Counter(question for series in pairs.series for question in series.questions)
    for section in questionnaire.scored_sections:
        for question in section.questions:
            if question.scored and counts[question.id] != 1:
                message = f"{question.id} stands in {counts[question.id]} series."
                yield flaw_in(front, ("results", "series"), message, "Put each scored question into one of the two.")
    scored = {section.id for section in questionnaire.scored_sections}
    for name in pairs.members.sections if pairs.members else ():
        if name not in scored:
            place: Place = ("results", "members", "sections", name)
            yield flaw_in(front, place, f"{name} is no scored section.", "Name one that has two scores.")


def members_flaws(document: Document, pairs: Pairs, answered: Sequence[Questionnaire]) -> Iterator[Flaw]:
    """Practices beside the pairs that no version of the members' questionnaire asks after.

    One version is enough: a published check cannot follow when a later one drops a question.
    """
    members = pairs.members
    if members is None:
        return
    if not answered:
        place: Place = ("results", "members", "questionnaire")
        yield flaw_in(document, place, f"There is no questionnaire {members.questionnaire}.", "Correct the name.")
        return
    known = {question.id for held in answered for question in held.questions.values() if question.scored}
    for section, practices in members.sections.items():
        wrong = [practice for practice in practices if practice not in known]
        if wrong:
            message = f"{members.questionnaire} has no scored question {', '.join(wrong)}."
            yield flaw_in(document, ("results", "members", "sections", section), message, "Name scored questions.")


def _gate_flaws(version: Version, gates: Gates) -> Iterator[Flaw]:
    questionnaire, front = version.questionnaire, version.sources.front
    scored = [section.id for section in questionnaire.scored_sections]
    named = [stage.section for stage in gates.stages]
    for index, stage in enumerate(gates.stages):
        if stage.section not in scored or named.count(stage.section) > 1:
            message = f"{stage.section} is no scored section, or is a stage twice."
            yield flaw_in(front, ("results", "stages", index, "section"), message, "Name a scored section, once.")
    if named != sorted(named, key=lambda section: scored.index(section) if section in scored else -1):
        message = "The stages stand in another order than their sections."
        yield flaw_in(front, ("results", "stages"), message, "Order them as they are asked.")
    for side, axis in (("across", gates.across), ("up", gates.up)):
        yield from _axis_flaws(version, side, axis)
    impact = questionnaire.questions.get(gates.impact or "")
    if gates.impact is not None and not isinstance(impact, Number | Numbers):
        message = f"{gates.impact} is no question with amounts."
        yield flaw_in(front, ("results", "impact"), message, "Name a question with numbers, or leave it out.")


def _axis_flaws(version: Version, side: str, axis: Axis) -> Iterator[Flaw]:
    place: Place = ("results", side, "questions")
    yield from _unscored(version, axis.questions, place)
    if len(set(axis.questions)) < len(axis.questions):
        yield flaw_in(version.sources.front, place, "A question is there twice.", "Remove one.")


def _unscored(version: Version, questions: Sequence[str], place: Place) -> Iterator[Flaw]:
    held = version.questionnaire.questions
    wrong = [name for name in questions if name not in held or not held[name].scored]
    if wrong:
        message = f"No scored question: {', '.join(wrong)}."
        yield flaw_in(version.sources.front, place, message, "Name scored questions.")
