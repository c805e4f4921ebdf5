"""A plan as JSON, in a form that is published as a JSON Schema and has a version of its own.

What is added later is optional and leaves the version; what changes or goes makes a new one, with a schema beside the
old. The schema of this version is kept as a file, and a test holds it to the models.
"""

import json
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field

from assessment.core.model import Model
from assessment.core.money.uses import Range
from assessment.core.plans.follow_up import Compared
from assessment.i18n import Language
from assessment.reporting.checks.display_files import PairsEntry, StagesEntry, pairs_entry, stages_entry
from assessment.reporting.documents import ActionCard, ActionPlanDocument, Rating
from assessment.reporting.money import amounts
from assessment.reporting.money.money_document import (
    EmissionLine,
    Followed,
    MeasuredFigures,
    Money,
    Noted,
    SavingFigures,
    UseRow,
)
from assessment.reporting.plans.headlines import headline
from assessment.reporting.plans.plan_files import SCHEMA_PATH, SCHEMA_VERSION

FORMAT_NAME: Final = "green-pathways-plan"


class _Part(Model):
    # Worked out when the first file is written: a web worker need not wait for it at its start.
    model_config = ConfigDict(defer_build=True)


class Figure(_Part):
    """An estimate from low to high."""

    low: float
    typical: float
    high: float
    shown: str = Field(default="", description="As pages show it: typical (low to high), to two figures.")


class Quantity(_Part):
    """What is saved of a resource a year, and what a switch adds to it."""

    resource: str
    unit: str
    use_now: float | None = Field(description="Use a year in the same unit; null where it is not known.")
    saved: Figure
    added: Figure


_EUR_A_YEAR: Final = "Below zero where it costs more to run than it saves."


class SavingEntry(_Part):
    """What one action saves by itself. null: not known, which is not zero."""

    eur_a_year: Figure | None = Field(description=_EUR_A_YEAR)
    kg_co2e_a_year: Figure | None
    quantities: tuple[Quantity, ...]
    cost_eur: Figure | None = Field(description="Paid once, before funding; null while the number of pieces is open.")
    cost_eur_after_funding: Figure | None
    price_of_a_piece_eur: Figure
    piece: str
    payback_years: float | None
    own_hours: float
    certainty: Literal["measured", "sourced", "adapted", "estimated"] | None
    missing: tuple[str, ...]


class MeasuredEntry(_Part):
    """What two readings show for a year at the conditions after; below zero more was used."""

    use: str
    unit: str
    before_a_year: float
    after_a_year: float
    saved_a_year: float
    corrected_for_activity: bool
    forecast_a_year: Figure | None = Field(description="null where this action had no forecast of this use.")
    beside_forecast: Literal["below", "within", "above"] | None


class FollowUpEntry(_Part):
    """How an action went."""

    planned_for: date | None
    started_on: date | None
    done_on: date | None
    real_cost_eur: str | None = Field(description="A decimal number as text, so that no digit is lost.")
    measured: MeasuredEntry | None
    what_else_changed: str


class ComparedEntry(_Part):
    """The actions of one use that have a forecast and a measured saving."""

    actions: int
    saved_a_year: float
    forecast_a_year: Figure
    beside_forecast: Literal["below", "within", "above"]


class MeasuredTotalEntry(_Part):
    """All that was measured of one use; the same readings given for several actions count once."""

    use: str
    unit: str
    saved_a_year: float
    compared: ComparedEntry | None


class FollowedEntry(_Part):
    """What came of the plan so far."""

    real_cost_eur: str | None
    actions_with_cost: int
    measured: tuple[MeasuredTotalEntry, ...]


class ActionEntry(_Part):
    """One action of the plan."""

    number: int
    title: str
    measure: str | None = Field(description="The id of the measure in the catalogue; null for an own action.")
    effort: Literal["quick", "plan", "invest"] | None
    status: str
    owner: str
    deadline: date | None
    first_step: str
    note: str
    saving: SavingEntry | None
    what_others_do: str = Field(default="", description="How many other firms act, where somebody counted.")
    follow_up: FollowUpEntry | None = Field(default=None, description="null where nothing was noted yet.")


class TotalsEntry(_Part):
    """What the plan comes to. These are no sums of the actions: those on one use share it."""

    eur_a_year: Figure | None = Field(description=_EUR_A_YEAR)
    kwh_a_year: Figure | None
    kg_co2e_a_year: Figure | None
    cost_eur: Figure
    cost_eur_after_funding: Figure
    payback_years: float | None = Field(description="Without what is paid for actions whose saving is not known.")
    payback_leaves_out: tuple[int, ...] = Field(description="Numbers of those actions.")
    own_hours: float
    certainty: Literal["measured", "sourced", "adapted", "estimated"] | None
    not_counted: tuple[int, ...] = Field(description="Numbers of actions that add nothing of their own to the sums.")
    missing: tuple[str, ...]


class UseEntry(_Part):
    """One line of the resource sheet, for a year; figures are decimal numbers."""

    line: str
    label: str
    unit: str
    amount: Annotated[str, Field(description="A decimal number as text, so that no digit is lost.")] | None
    basis: Literal["bills", "own-estimate", "our-estimate", "missing"]
    price_eur: str | None
    price_source: str
    cost_eur: str | None
    basis_in_words: str = Field(
        default="", description="Where the amount comes from; also of which months it is, where that is told."
    )


class EmissionEntry(_Part):
    """One part of the footprint: kg_co2e = amount x in_factor_unit x factor."""

    line: str
    part: str
    scope: int
    method: Literal["both", "location", "market"]
    amount: str
    unit: str
    in_factor_unit: str
    factor: str
    factor_unit: str
    source: str
    compared_with_primary_file: bool
    kg_co2e: str


class FootprintEntry(_Part):
    """The carbon footprint; the two figures of scope 2 are never added.

    Of `unknown_scopes` nothing is known: their figure is no zero.
    """

    lines: tuple[EmissionEntry, ...]
    scope_1_kg: str
    scope_2_location_kg: str
    scope_2_market_kg: str
    scope_3_known_kg: str
    missing: tuple[str, ...]
    factors_version: str
    unknown_scopes: tuple[int, ...] = ()


class ScoreEntry(_Part):
    """A score out of 100 with its range; null below the coverage needed."""

    section: str | None
    score: int | None
    low: int | None
    high: int | None
    known: int
    applicable: int


class AnswerEntry(_Part):
    """One answer as its words; `level` from 0 to 4."""

    code: str
    question: str
    section: str
    state: Literal["known", "do-not-know", "not-applicable", "unanswered"]
    answer: tuple[str, ...]
    level: int | None
    basis: str
    note: str


class SourceEntry(_Part):
    """A publication that figures come from."""

    title: str
    publisher: str
    year: int | None
    link: str


class PlanFile(_Part):
    """The action plan of one company on one day."""

    format: Literal["green-pathways-plan"]
    schema_version: Literal["1"]
    json_schema: str = Field(description="Where the schema of this file is published.")
    language: str
    company: str
    example: bool
    day: date
    headline: str
    overall: ScoreEntry
    sections: tuple[ScoreEntry, ...]
    actions: tuple[ActionEntry, ...]
    totals: TotalsEntry | None
    resource_sheet: tuple[UseEntry, ...]
    footprint: FootprintEntry | None
    answers: tuple[AnswerEntry, ...]
    sources: tuple[SourceEntry, ...]
    questionnaire: str
    questionnaire_version: str
    followed: FollowedEntry | None = None
    stages: StagesEntry | None = Field(default=None, description="Where the check leads through stages.")
    pairs: PairsEntry | None = Field(default=None, description="Where the check scores each section twice.")
    period_of_figures: str = Field(default="", description="Of which year or months the figures are, as a sentence.")


def schema() -> dict[str, Any]:
    """The JSON Schema of the file."""
    found = PlanFile.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:green-pathways:plan:1", **found}


def schema_text() -> str:
    """The schema as its file holds it."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def as_json(document: ActionPlanDocument, language: Language) -> bytes:
    """The plan as a JSON document."""
    written = plan_file(document, language).model_dump(mode="json")
    return json.dumps(written, ensure_ascii=False, indent=1).encode() + b"\n"


def plan_file(document: ActionPlanDocument, language: Language) -> PlanFile:
    """The plan in the published form."""
    money = document.money
    return PlanFile(
        format=FORMAT_NAME, schema_version=SCHEMA_VERSION, json_schema=document.link + SCHEMA_PATH,
        language=language.code, company=document.company.name, example=document.company.example, day=document.day,
        headline=headline(document, language),
        overall=_score(document.overall, None),
        sections=tuple(_score(section.rating, section.title) for section in document.sections),
        actions=tuple(_action(action, language) for action in document.actions),
        totals=_totals(money, language) if money else None,
        resource_sheet=tuple(_use(row) for row in money.sheet) if money else (),
        footprint=_footprint(money) if money else None,
        answers=tuple(
            AnswerEntry(
                code=row.code, question=row.short, section=table.title, state=row.state, answer=row.answer,
                level=row.level, basis=row.basis, note=row.note,
            )
            for table in document.answers
            for row in table.rows
        ),
        sources=tuple(
            SourceEntry(title=row.title, publisher=row.publisher, year=row.year, link=row.link)
            for row in document.sources
        ),
        questionnaire=document.versions.questionnaire, questionnaire_version=document.versions.version,
        period_of_figures=money.period if money else "",
        followed=_followed(document.followed, language) if document.followed else None,
        stages=stages_entry(document.stages) if document.stages else None,
        pairs=pairs_entry(document.pairs) if document.pairs else None,
    )  # fmt: skip


def _score(rating: Rating, section: str | None) -> ScoreEntry:
    return ScoreEntry(
        section=section, score=rating.headline, low=rating.low, high=rating.high, known=rating.known,
        applicable=rating.applicable,
    )  # fmt: skip


def _figure(figure: Range, language: Language) -> Figure:
    low, typical, high = (round(value, 3) for value in figure)
    return Figure(low=low, typical=typical, high=high, shown=amounts.typical_and_span(figure, language))


def _perhaps(figure: Range | None, language: Language) -> Figure | None:
    return None if figure is None else _figure(figure, language)


def _action(action: ActionCard, language: Language) -> ActionEntry:
    return ActionEntry(
        number=action.number, title=action.title, measure=action.measure or None, effort=action.effort,
        status=action.status, owner=action.owner, deadline=action.deadline, first_step=action.first_step,
        note=action.note, saving=_saving(action.saving, language) if action.saving else None,
        what_others_do=action.others,
        follow_up=_follow_up(action.noted, language) if action.noted else None,
    )  # fmt: skip


def _follow_up(noted: Noted, language: Language) -> FollowUpEntry:
    return FollowUpEntry(
        planned_for=noted.planned_for, started_on=noted.started_on, done_on=noted.done_on,
        real_cost_eur=_digits(noted.cost), measured=_measured(noted.measured, language) if noted.measured else None,
        what_else_changed=noted.besides,
    )  # fmt: skip


def _measured(found: MeasuredFigures, language: Language) -> MeasuredEntry:
    return MeasuredEntry(
        use=found.use, unit=found.unit, before_a_year=round(found.before, 3), after_a_year=round(found.after, 3),
        saved_a_year=round(found.saving, 3), corrected_for_activity=found.corrected,
        forecast_a_year=_perhaps(found.forecast, language), beside_forecast=found.verdict,
    )  # fmt: skip


def _followed(followed: Followed, language: Language) -> FollowedEntry:
    return FollowedEntry(
        real_cost_eur=_digits(followed.cost), actions_with_cost=followed.with_cost,
        measured=tuple(
            MeasuredTotalEntry(
                use=total.use, unit=total.unit, saved_a_year=round(total.saving, 3),
                compared=_compared(total.compared, language) if total.compared else None,
            )
            for total in followed.uses
        ),
    )  # fmt: skip


def _compared(total: Compared, language: Language) -> ComparedEntry:
    forecast = total.forecast
    return ComparedEntry(
        actions=total.actions, saved_a_year=round(total.saving, 3),
        forecast_a_year=_figure(Range(forecast.low, forecast.typical, forecast.high), language),
        beside_forecast=total.verdict,
    )  # fmt: skip


def _saving(saving: SavingFigures, language: Language) -> SavingEntry:
    return SavingEntry(
        eur_a_year=_perhaps(saving.eur, language), kg_co2e_a_year=_perhaps(saving.carbon, language),
        quantities=tuple(
            Quantity(
                resource=row.resource, unit=row.unit, use_now=row.used, saved=_figure(row.saved, language),
                added=_figure(row.added, language),
            )
            for row in saving.quantities
        ),
        cost_eur=_perhaps(saving.cost, language), cost_eur_after_funding=_perhaps(saving.own_cost, language),
        price_of_a_piece_eur=_figure(saving.piece, language), piece=saving.unit, payback_years=saving.payback,
        own_hours=saving.hours, certainty=saving.certainty, missing=saving.missing,
    )  # fmt: skip


def _totals(money: Money, language: Language) -> TotalsEntry:
    totals = money.totals
    return TotalsEntry(
        eur_a_year=_perhaps(totals.eur, language), kwh_a_year=_perhaps(totals.energy, language),
        kg_co2e_a_year=_perhaps(totals.carbon, language),
        cost_eur=_figure(totals.cost, language), cost_eur_after_funding=_figure(totals.own_cost, language),
        payback_years=totals.payback, payback_leaves_out=totals.unreckoned,
        own_hours=totals.hours, certainty=totals.certainty,
        not_counted=tuple(sorted(row.number for row in (*money.contained, *money.set_aside))), missing=money.missing,
    )  # fmt: skip


def _digits(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _use(row: UseRow) -> UseEntry:
    return UseEntry(
        line=row.line, label=row.label, unit=row.unit, amount=_digits(row.amount), basis=row.basis,
        price_eur=_digits(row.price), price_source=row.price_source, cost_eur=_digits(row.cost),
        basis_in_words=row.basis_words,
    )  # fmt: skip


def _footprint(money: Money) -> FootprintEntry:
    found = money.footprint
    return FootprintEntry(
        lines=tuple(_emission(line) for line in found.lines), scope_1_kg=f"{found.scope_1:f}",
        scope_2_location_kg=f"{found.scope_2_location:f}", scope_2_market_kg=f"{found.scope_2_market:f}",
        scope_3_known_kg=f"{found.scope_3:f}", missing=found.gaps, factors_version=found.version,
        unknown_scopes=tuple(sorted(found.unknown)),
    )  # fmt: skip


def _emission(line: EmissionLine) -> EmissionEntry:
    return EmissionEntry(
        line=line.line, part=line.part, scope=line.scope, method=line.method, amount=f"{line.amount:f}",
        unit=line.unit, in_factor_unit=f"{line.in_unit:f}", factor=f"{line.factor:f}", factor_unit=line.factor_unit,
        source=line.source, compared_with_primary_file=line.checked, kg_co2e=f"{line.kg:f}",
    )  # fmt: skip
