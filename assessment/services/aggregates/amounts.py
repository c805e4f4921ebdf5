"""The amounts of a snapshot: what the plan of each check is to save, what was measured, what joint action could save.

Shape: `added` gives contributions with their amounts. Working a plan out takes some hundredths of a second, and most of
thousands stay as they are from one snapshot to the next: what each came to is kept with a digest of all that it follows
from, and worked out anew only where that is another one by now.
"""

import hashlib
import hmac
import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

import assessment
from assessment.content.clusters.joint_actions import joint_kinds
from assessment.core.aggregates.contributions import Amount, Contribution
from assessment.core.clusters.joint_action import SAVING, lacks_any, questions_of
from assessment.core.errors import NoResults, NotFound
from assessment.core.money.savings import Totals
from assessment.core.plans.follow_up import MeasuredUse
from assessment.services.aggregates import counting
from assessment.services.instance import Instance
from assessment.services.plans import reports
from assessment.services.plans.reports import Reckoned
from assessment.storage.aggregates import contributions, kept_amounts

PLANNED_SAVING: Final = "planned"
"""The amount of what the plans of members save, in EUR a year."""
MEASURED: Final = "measured-"
"""What the names of amounts begin with that were measured, by use."""
_PLANNED: Final = frozenset({"planned", "in-progress", "done"})
_PORTION: Final = 200
"""So many checks are worked out and kept at a time: if the worker is stopped meanwhile, it goes on from there."""

Amounts = Mapping[str, Amount]


def added(
    instance: Instance, questionnaire: str, companies: Collection[str], counted: Sequence[Contribution]
) -> list[Contribution]:  # fmt: skip
    """The same contributions with their amounts.

    Each amount has a version of its own: a plan goes on while the result stays as it is.
    """
    with instance.database.reading() as connection:
        found = contributions.checks_behind(connection, companies, questionnaire)
    checks = {counting.digest(instance, result): check for result, check in found.items()}
    practices = {checks[given.version]: given.practices for given in counted if given.version in checks}
    amounts = _amounts(instance, practices)
    return [_with_its_amounts(instance, given, amounts.get(checks.get(given.version, ""), {})) for given in counted]


def _with_its_amounts(instance: Instance, given: Contribution, amounts: Amounts) -> Contribution:
    versions = {
        name: counting.digest(instance, f"{given.version} {name} {amount.value!r}") for name, amount in amounts.items()
    }
    named = {name: amount.model_copy(update={"version": versions[name]}) for name, amount in amounts.items()}
    return given.model_copy(update={"amounts": named}) if named else given


def _amounts(instance: Instance, practices: Mapping[str, Mapping[str, bool]]) -> dict[str, Amounts]:
    """What each check comes to; `practices` are those of each that are missing or not."""
    found: dict[str, Amounts] = {}
    left = iter(sorted(practices))
    while checks := list(islice(left, _PORTION)):
        with instance.database.reading() as connection:
            sources = kept_amounts.sources(connection, checks)
            kept = kept_amounts.kept(connection, checks)
        # The digest is of what was there before: what changes meanwhile makes another one next time.
        marks = {check: _mark(instance, sources[check], practices[check]) for check in checks}
        known = {check: amounts for check in kept if (amounts := _read(kept[check], marks[check])) is not None}
        new = {check: _amounts_of(instance, check, practices[check]) for check in checks if check not in known}
        with instance.database.writing() as connection:
            kept_amounts.keep(connection, {check: _written(amounts, marks[check]) for check, amounts in new.items()})
        found |= known | new
    return found


def _mark(instance: Instance, sources: Sequence[tuple[Any, ...]], practices: Mapping[str, bool]) -> str:
    """A digest of all that the amounts of a check follow from, under a key, since owners and notes are among it.

    The day is not: funding opens and closes with the calendar, and what a measure saves does not depend on who pays.
    """
    told = repr((instance.library.digest, _code(), sources, sorted(practices.items())))
    return hmac.digest(instance.settings.ledger_key, told.encode(), "sha256").hex()


@cache
def _code() -> str:
    """A digest of the modules that work amounts out: what another release of the product came to is not kept."""
    package = Path(assessment.__file__).resolve().parent
    modules = sorted(
        path for floor in ("core", "content", "services") for path in package.joinpath(floor).rglob("*.py")
    )
    return hashlib.sha256(b"".join(path.read_bytes() for path in modules)).hexdigest()


def _written(amounts: Amounts, mark: str) -> str:
    return json.dumps({"of": mark, "amounts": {name: [each.value, each.estimate] for name, each in amounts.items()}})


def _read(written: str, mark: str) -> Amounts | None:
    """The amounts that were kept; None where they are of anything else."""
    kept = json.loads(written)
    if kept["of"] != mark:
        return None
    return {name: Amount(value=value, estimate=estimate) for name, (value, estimate) in kept["amounts"].items()}


def _amounts_of(instance: Instance, draft_id: str, practices: Mapping[str, bool]) -> dict[str, Amount]:
    """What the plan of a check is to save in EUR a year, what was measured of each use, and what each kind of joint
    action could save in EUR a year where the company lacks what it brings.

    A saving of a use that somebody estimated is marked as an estimate. It counts in no sum
    (`core.aggregates.contributions.Amount`).
    """
    try:
        material = reports.reckoned_for(instance, draft_id, "en")
    except (NotFound, NoResults):
        return {}
    chosen = [
        card.step.measure.id for card in material.plan.cards
        if card.step is not None and card.item.status in _PLANNED and card.step.measure.id in material.reckoning.steps
    ]  # fmt: skip
    amounts = measured_amounts(material.progress.saved)
    amounts |= _by_joint_action(material, practices)
    totals = material.reckoning.ready.together(chosen)
    if totals.eur is not None and totals.eur.typical > 0:
        amounts[PLANNED_SAVING] = Amount(value=totals.eur.typical, estimate=not _from_bills(material, totals))
    return amounts


def measured_amounts(saved: Mapping[MeasuredUse, float]) -> dict[str, Amount]:
    """What was measured of each use. Whoever measured and saved nothing, or used more, is counted with 0: left out,
    those that are in would be told to have saved.
    """
    return {MEASURED + use: Amount(value=max(found, 0.0)) for use, found in saved.items()}


def _by_joint_action(material: Reckoned, practices: Mapping[str, bool]) -> dict[str, Amount]:
    """What joint action could save the company: an estimate throughout, and called one where it is shown."""
    reckoning, actions = material.reckoning, material.frozen.results.edition.actions
    found = {}
    for kind in joint_kinds():
        if lacks_any(practices, questions_of(kind, actions)):
            totals = reckoning.ready.together([name for name in kind.measures if name in reckoning.steps])
            if totals.eur is not None and totals.eur.typical > 0:
                found[SAVING + kind.id] = Amount(value=totals.eur.typical)
    return found


def _from_bills(material: Reckoned, totals: Totals) -> bool:
    """Whether what a saving is a part of stands on bills or a meter, for each resource that it saves."""
    sheet = material.reckoning.sheet
    rows = [sheet.of(saving.resource) for saving in totals.resources if saving.saved.typical > 0]
    return bool(rows) and all(row.basis == "bills" for of_resource in rows for row in of_resource)
