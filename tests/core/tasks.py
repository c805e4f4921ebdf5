"""Small planning tasks drawn by chance, with every rule in play."""

from dataclasses import replace
from random import Random
from typing import Any

from assessment.core.money.savings import Calculator, Candidate
from assessment.core.plans.choices import Limits, Task, Wishes
from assessment.core.resources.entries import Use
from tests.sites import adding, bought, method, saving, share, site, that_saves

PLACES: tuple[tuple[Use, str], ...] = (
    ("electricity", ""), ("electricity", "lighting"), ("electricity", "motors"), ("heat", ""),
    ("heat", "space-heating"), ("water", ""), ("waste", ""), ("cost-resources", ""),
)  # fmt: skip


def drawn_task(seed: int, measures: int, years: int) -> Task:
    """The task of a seed, with so many measures."""
    chance = Random(seed)  # noqa: S311 - the same task for the same seed
    names = [f"m{n}" for n in range(measures)]
    shares = [share(resource, end_use, chance.choice((0.2, 0.5, 0.7))) for resource, end_use in PLACES if end_use]
    unknown = ["water"] if chance.random() < 0.2 else ["electricity"] if chance.random() < 0.1 else []
    where = site(shares, unknown, electricity=20_000, heat=40_000, water=300, waste=10, cost_resources=9000)
    if seed % 3 == 0:
        where = replace(where, cut_across=("motors",))
    if seed % 4 == 1:
        where = replace(where, apart={("electricity", "lighting"): 3000.0})
    candidates = [_candidate(chance, name, names) for name in names]
    return Task(
        Calculator(where, method(), candidates), _wishes(chance),
        Limits(
            chance.choice((0.0, 100.0, 300.0, 700.0, None)), chance.choice((None, None, 20.0, 60.0)),
            chance.choice((None, None, 1.0, 4.0)), years,
        ),
        excluded=[name for name in names if chance.random() < 0.05],
        done=["outside"] if chance.random() < 0.5 else [],
    )  # fmt: skip


def _wishes(chance: Random) -> Wishes:
    drawn = [chance.choice((0.0, 1.0, 2.0)) for _ in range(4)]
    total = sum(drawn)
    return Wishes(*(wish / total for wish in drawn)) if total else Wishes()


def _candidate(chance: Random, name: str, names: list[str]) -> Candidate:
    places = chance.sample(PLACES, 1 if chance.random() < 0.7 else 2)
    switch, umbrella = chance.random() < 0.2, chance.random() < 0.2
    entries = []
    for resource, end_use in {place[0]: place for place in places}.values():
        adds = {"adds_use": adding("electricity", chance.choice((0.2, 0.5)))} if switch and resource == "heat" else {}
        entries.append(saving(resource, chance.choice((0.0, 0.05, 0.1, 0.2, 0.3, 0.6)), end_use, **adds))
    more: dict[str, Any] = {"action_area": "renewables"} if switch else {"umbrella": umbrella}
    earlier = names[: names.index(name)]
    if earlier and chance.random() < 0.25:
        more["alternative_to"] = [chance.choice(earlier)]
    if earlier and chance.random() < 0.25:
        more["prerequisites"] = [chance.choice(earlier)]
    elif chance.random() < 0.05:
        more["prerequisites"] = ["outside"]
    if chance.random() < 0.15:
        least = chance.choice((10_000, 30_000))
        more["worthwhile_from"] = {
            "resource": "electricity", "per_year": least, "unit": "kWh", "basis": "estimate",
        }  # fmt: skip
    unit = "per piece" if chance.random() < 0.1 else "per site"
    measure = that_saves(
        name, *entries, investment=bought(chance.choice((0, 0, 50, 120, 300, 900)), unit=unit),
        difficulty=chance.choice((1, 1, 2, 3)), **more,
    )  # fmt: skip
    return Candidate(
        measure, chance.choice((0.5, 1.0)), chance.choice((None, 2.0)) if unit == "per piece" else None,
        funded=chance.choice((0.0, 0.0, 0.5)),
    )  # fmt: skip
