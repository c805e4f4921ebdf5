"""Small things to test with: questionnaires of a few questions, answers, measures, schemes and building blocks.

Everything is built from the written form that the content files use, with defaults for what a test does not care
about, so a test names only what it is about. A ladder's options are `l0` to `l4`, one for each level.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from assessment.core.checks.answers import Answers, Marker, Quantities, Quantity, Value
from assessment.core.checks.conditions import Condition
from assessment.core.checks.questionnaire import Questionnaire, Section
from assessment.core.checks.questions import TOP_LEVEL, Choice, MultiChoice, Number, Numbers, Question
from assessment.core.checks.route import Depth, Route, Routes
from assessment.core.plans.actions import Actions, Advice, ByProfile, Effort
from assessment.core.resources.catalogue import BuildingBlock, Catalogue, Measure, Profile, Scheme, Size

DO_NOT_KNOW = Marker.DO_NOT_KNOW
NOT_APPLICABLE = Marker.NOT_APPLICABLE

Written = Mapping[str, Any]
"""A piece of content as an author writes it."""

ROLES = {name: name for name in ("country", "region", "sector", "nace", "people", "motives")}
BANDS = (("starting", 0), ("aware", 20), ("active", 40), ("advanced", 60), ("leading", 80))
TODAY = date(2026, 11, 24)

_ABOUT = {"title": "Nothing", "version": "2026.1", "date": "2026-11-22", "read_me": [], "missing": []}
_OIL = {
    "id": "oil", "fuel": "Oil", "state": "liquid", "ncv_mj_per_kg": "43", "kwh_per_kg": "11.9444", "renewable": False,
}  # fmt: skip
NO_FIGURES: Written = {
    "factors": {
        "about": _ABOUT, "factors": {}, "prices": {}, "bands": [], "conversions": {}, "sources": {}, "lines": {},
        "fuels": {"confidence": "estimate", "values": [_OIL]},
    },
    "benchmarks": {
        "about": _ABOUT, "end_uses": [], "intensities": [], "cost_structure": [], "potentials": [], "uptake": [],
        "sources": {},
    },
}  # fmt: skip
"""A catalogue without emission factors, prices and benchmarks."""

_CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)
_QUESTION: TypeAdapter[Question] = TypeAdapter(Question)


def condition(written: Written) -> Condition:
    """A condition from its written form."""
    return _CONDITION.validate_python(written)


# Questions


def question(kind: str, question_id: str, **more: Any) -> Question:
    """A question of any kind."""
    return _QUESTION.validate_python(written_question(kind, question_id, **more))


def written_question(kind: str, question_id: str, **more: Any) -> dict[str, Any]:
    """A question as an author writes it."""
    return {
        "id": question_id, "kind": kind, "theme": "energy", "label": f"What about {question_id}?",
        "short": f"About {question_id}", "hint": "Choose what fits best.",
        "help": {"why": "It matters.", "where": "On the bill.", "example": "A bakery looked."},
        **more,
    }  # fmt: skip


def rungs(*levels: int) -> list[dict[str, Any]]:
    """The written options of a ladder, from `l0` to `l4` unless told."""
    return [{"id": f"l{n}", "label": f"Level {n}", "points": n} for n in levels or range(TOP_LEVEL + 1)]


def ladder(question_id: str, weight: int = 1, **more: Any) -> Choice:
    """A scored choice with the options `l0` to `l4`."""
    built = question("choice", question_id, **{"weight": weight, "options": rungs(), **more})
    assert isinstance(built, Choice)
    return built


def pick(question_id: str, *options: str, **more: Any) -> Choice:
    """An unscored choice."""
    written = [{"id": option, "label": option} for option in options or ("yes", "no")]
    built = question("choice", question_id, **{"options": written, **more})
    assert isinstance(built, Choice)
    return built


def ticks(question_id: str, points: Mapping[str, int | None], **more: Any) -> MultiChoice:
    """A question with several ticks, and the points of each option (None: it has none)."""
    written = [
        {"id": option, "label": option, **({} if level is None else {"points": level})}
        for option, level in points.items()
    ]
    built = question("multi", question_id, **{"options": written, **more})
    assert isinstance(built, MultiChoice)
    return built


KWH = ({"id": "kwh", "label": "kWh", "factor": "1"}, {"id": "mwh", "label": "MWh", "factor": "1000"})
HEADS = ({"id": "people", "label": "people", "factor": "1"},)


def number(question_id: str, units: Sequence[Written] = KWH, **more: Any) -> Number:
    """A number, in kWh or MWh unless told."""
    built = question("number", question_id, units=units, **more)
    assert isinstance(built, Number)
    return built


def figures(question_id: str, *names: str, **more: Any) -> Numbers:
    """Several named numbers in kWh or MWh."""
    fields = [{"id": name, "label": name, "units": KWH} for name in names]
    built = question("numbers", question_id, fields=fields, **more)
    assert isinstance(built, Numbers)
    return built


def section(section_id: str, *questions: Question, **more: Any) -> Section:
    """A section with these questions."""
    return Section.model_validate(
        {"id": section_id, "title": section_id.title(), "ready": "Your bills", "minutes": 3,
         "questions": questions, **more}
    )  # fmt: skip


def sector(sector_id: str, weights: Mapping[str, int], nace: Sequence[str] = ("C10",)) -> dict[str, Any]:
    """A line of business as written, with how much each section matters in it."""
    return {"id": sector_id, "label": sector_id.title(), "nace": nace, "weights": weights}


def questionnaire(*sections: Section, weights: Mapping[str, int] | None = None, **more: Any) -> Questionnaire:
    """A questionnaire of these sections; every section matters alike (1) unless `weights` or `sectors` say."""
    equal = {found.id: 1 for found in sections}
    return Questionnaire.model_validate(
        {
            "name": "tiny", "version": "1", "language": "en", "title": "Tiny check",
            "bands": [{"id": name, "label": name.title(), "from": start} for name, start in BANDS],
            "flags": {}, "roles": ROLES, "sectors": [sector("any", {**equal, **(weights or {})})],
            "sections": sections, **more,
        }
    )  # fmt: skip


def route_of(asked: Questionnaire, answers: Mapping[str, Value], depth: Depth = "full") -> Route:
    """The route through a questionnaire, laid afresh."""
    return Routes(asked).of(answers, depth)


# Answers


def ladder_answers(**levels: int | Value | None) -> Answers:
    """Answers by keyword (`_` stands for a hyphen): a number is the level ticked, None leaves unanswered."""
    return Answers(
        {
            name.replace("_", "-"): f"l{said}" if isinstance(said, int) else said
            for name, said in levels.items()
            if said is not None
        }
    )


def amount(typed: str, unit: str = "kwh", factor: int = 1) -> Quantity:
    """A number as typed, kept in the base unit."""
    return Quantity(Decimal(typed) * factor, unit, typed)


def amounts(**named: Quantity) -> Quantities:
    """Several named numbers."""
    return Quantities(tuple(named.items()))


def heads(count: int) -> Quantity:
    """A number of people."""
    return Quantity(Decimal(count), "people", str(count))


# Actions and the catalogue


def advice(asked: str, *measures: str, effort: Effort = "quick", **more: Any) -> Advice:
    """Advice on a question; below level 3 unless `below` or `when` says otherwise."""
    trigger = {} if "when" in more else {"below": 3}
    return Advice.model_validate(
        {"question": asked, "measures": measures, "effort": effort, "first_step": f"First step for {asked}.",
         **trigger, **more}
    )  # fmt: skip


def by_profile(*measures: str, **more: Any) -> ByProfile:
    """Measures that only the profile suggests."""
    return ByProfile.model_validate({"measures": measures, **more})


def actions(*advised: Advice | ByProfile) -> Actions:
    """All advice, in this order."""
    return Actions(
        questions=tuple(found for found in advised if isinstance(found, Advice)),
        by_profile=tuple(found for found in advised if isinstance(found, ByProfile)),
    )


def measure(measure_id: str, nace: Sequence[str] = ("all",), level: str = "none", **more: Any) -> Measure:
    """An easy measure that needs no purchase and saves a tenth of the electricity, unless told."""
    estimated = {"basis": "estimate", "confidence": "low"}
    return Measure.model_validate(
        {
            "id": measure_id, "title": f"Do {measure_id}", "category": "energy-lighting", "kind": ["technology"],
            "resources": ["electricity"],
            "sectors": {"nace": nace, "divisions": more.pop("divisions", ())},
            "savings": [
                {"resource": "electricity", "base": "site_total", "low": "0.05", "high": "0.2", "typical": "0.1",
                 **estimated},
            ],
            "investment": {"level": level, "eur_low": "0", "eur_high": "0", "unit": "per site", **estimated},
            "payback_months": {"low": 0, "high": 0, **estimated},
            "difficulty": 1, "how_to": f"How to do {measure_id}. Then check it.", "action_area": "save-energy",
            **more,
        }
    )  # fmt: skip


def scheme(scheme_id: str, **more: Any) -> Scheme:
    """A national grant in Bulgaria for lighting, open to all sizes and seen this year, unless told."""
    return Scheme.model_validate(
        {
            "id": scheme_id, "name": f"Scheme {scheme_id}", "provider": "An agency", "level": "national",
            "countries": ["BG"], "instrument": ["grant"], "resources": ["energy"],
            "company_sizes": ["micro", "small", "medium", "large"], "status": "open", "as_of": TODAY.year,
            "application": "continuous", "description": "Pays a part of the cost.",
            "url": f"https://example.org/{scheme_id}", "url_checked": "seen", "source": ["example"],
            "helps_with": ["lighting"], **more,
        }
    )  # fmt: skip


def block(block_id: str, **more: Any) -> BuildingBlock:
    """A current English guide on lighting for every trade in every country, unless told."""
    return BuildingBlock.model_validate(
        {
            "id": block_id, "title": f"Guide {block_id}", "kind": "guide", "resources": ["energy"],
            "sectors": ["all"], "languages": ["en"], "countries": ["EU"], "publisher": "A publisher",
            "year": TODAY.year, "status": "current", "summary": "Explains what to do.",
            "url": f"https://example.org/{block_id}", "url_checked": "seen", "url_role": "primary",
            "helps_with": ["lighting"], **more,
        }
    )  # fmt: skip


def catalogue(*entries: Measure | Scheme | BuildingBlock, **more: Any) -> Catalogue:
    """A catalogue of these entries, in this order; the topic of every measure built here is lighting."""
    return Catalogue.model_validate(
        {
            "measures": {found.id: found for found in entries if isinstance(found, Measure)},
            "schemes": {found.id: found for found in entries if isinstance(found, Scheme)},
            "blocks": {found.id: found for found in entries if isinstance(found, BuildingBlock)},
            "sources": {},
            "topics": {"energy-lighting": {"title": "Lighting", "helps_with": ["lighting"]}},
            "method": {
                "typical_position": "0.33", "cap_share_of_site": "0.4", "currency": "EUR",
                "own_hours": {"easy": "4", "planned": "20", "project": "80", "basis": "estimate", "confidence": "low"},
                "one_off_units": ["per site"],
                "nace_version": "NACE Rev. 2", "nace_rev21_sections": {}, "default_end_use_shares": [],
            },
            **NO_FIGURES,
            **more,
        }
    )  # fmt: skip


def profile(
    country: str = "BG", region: str | None = None, nace: Sequence[str] = ("C10",), size: Size = "micro",
    language: str = "en",
) -> Profile:  # fmt: skip
    """Who asks: a micro food firm in Bulgaria unless told."""
    return Profile(country, region, "any", tuple(nace), size, language)
