"""What the table of quantities must satisfy: each figure exists, leads to a line that exists, and in its unit."""

from collections.abc import Iterator, Mapping

from assessment.content.checks.questionnaires import Version, flaw_in
from assessment.core.checks.questionnaire import QuantityOf
from assessment.core.checks.questions import Figure, Number, Numbers, Question
from assessment.core.errors import Flaw
from assessment.core.money.factor_lookups import Factors
from assessment.core.money.sheet_lines import LineUnit

NAMES_OF: Mapping[LineUnit, frozenset[str]] = {
    "kWh": frozenset({"kwh"}), "m3": frozenset({"m3"}), "t": frozenset({"t", "tonne"}), "kg": frozenset({"kg"}),
    "EUR": frozenset({"eur"}), "people": frozenset({"people", "headcount"}), "m2": frozenset({"m2"}),
    "km": frozenset({"km"}), "passenger-km": frozenset({"passenger-km"}), "t-km": frozenset({"t-km"}),
}  # fmt: skip
"""The ids that the base unit of a figure may have in questionnaires, by the unit of the line."""


def quantity_flaws(version: Version, factors: Factors) -> Iterator[Flaw]:
    """Everything that is wrong with the table."""
    front, seen = version.sources.front, set[str]()
    for index, quantity in enumerate(version.questionnaire.quantities):
        question = version.questionnaire.questions.get(quantity.question)
        for step, message, cure in _mistakes(quantity, question, factors):
            yield flaw_in(front, ("quantities", index, step), message, cure)
        if quantity.line in seen:
            message = f"The line {quantity.line} has a figure already."
            yield flaw_in(front, ("quantities", index, "line"), message, "Give it from one figure only.")
        seen.add(quantity.line)


def _mistakes(quantity: QuantityOf, question: Question | None, factors: Factors) -> Iterator[tuple[str, str, str]]:
    line = factors.lines.get(quantity.line)
    if line is None:
        yield "line", f"The resource sheet has no line {quantity.line}.", "Name a line of factors/lines.yaml."
    if question is None:
        yield "question", f"There is no question {quantity.question}.", "Correct the id."
        return
    figure = _figure(question, quantity.figure)
    if figure is None:
        message = f"{question.id} does not give this figure."
        yield "figure", message, "Name a number, or one figure of a question with several."
        return
    if line is not None and not any(unit.id in NAMES_OF[line.unit] and unit.factor == 1 for unit in figure.units):
        yield "line", f"{line.id} is in {line.unit}, the figure is not.", "Choose another line or figure."
    unknown = [unit for unit in quantity.gross_units if figure.unit(unit) is None]
    if unknown:
        yield "gross_units", f"The figure has no unit {', '.join(unknown)}.", "Correct the list."


def _figure(question: Question, name: str | None) -> Figure | None:
    match question:
        case Number():
            return question if name is None else None
        case Numbers():
            return None if name is None else question.figure(name)
        case _:
            return None
