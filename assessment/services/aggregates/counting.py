"""What figures about many are made of: who is counted for whom, and all that was ever released around them.

Shape: `given` takes companies that agreed to be counted and gives their contributions, one for each owner; `around`
gives what the audit of their figures has to know besides. Which figures may then be shown is decided in the core alone.
"""

import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from assessment.core.access import Action
from assessment.core.aggregates.contributions import Contribution, contributors_of, one_per_contributor
from assessment.core.aggregates.disclosure import reachable
from assessment.core.aggregates.snapshots import Ledger
from assessment.services.instance import Instance
from assessment.storage.aggregates import contributions, releases
from assessment.storage.aggregates.contributions import StoredContribution
from assessment.storage.clusters import cluster_members
from assessment.storage.people import companies as stored_companies


@dataclass(frozen=True)
class Around:
    """What `core.aggregates.readiness.release` asks for beside the contributions."""

    earlier: Sequence[Ledger]
    background: Sequence[Contribution]
    same: Mapping[str, str]
    known: Collection[str]


def given(
    instance: Instance, connection: Connection, questionnaire: str, companies: Collection[str]
) -> list[Contribution]:  # fmt: skip
    """What some companies give, each owner once."""
    whose = _whose(connection)
    return list(one_per_contributor(_each(instance, connection, questionnaire, companies, whose)))


def around(
    instance: Instance, connection: Connection, questionnaire: str, counted: Sequence[Contribution]
) -> Around:  # fmt: skip
    """All that was released which may lead to a figure about those that are counted, with the values behind it."""
    whose = _whose(connection)
    same = {
        digest(instance, company): digest(instance, owner) for company, owner in whose.items() if company != owner
    }  # fmt: skip
    ledgers = [Ledger.model_validate_json(ledger) for ledger in releases.ledgers(connection, questionnaire)]
    earlier = reachable(ledgers, counted, same)
    return Around(
        earlier, _background(instance, connection, questionnaire, earlier, whose), same,
        _seen_by_name(instance, connection, questionnaire),
    )  # fmt: skip


def digest(instance: Instance, word: str) -> str:
    """Ledgers name nobody: whoever reads a backup cannot tell whom a mark stands for without the key."""
    return hmac.digest(instance.settings.ledger_key, word.encode(), "sha256").hex()[:24]


def _each(
    instance: Instance, connection: Connection, questionnaire: str, companies: Collection[str],
    whose: Mapping[str, str],
) -> list[Contribution]:  # fmt: skip
    rows = contributions.of_companies(connection, companies, questionnaire)
    return [_contribution(instance, row, whose[row.company_id]) for row in rows]


def _whose(connection: Connection) -> Mapping[str, str]:
    """Whom each company that is or was counted anywhere is counted for: also the owner of a company in one cluster and
    of another in another one knows both.
    """
    companies = {*cluster_members.companies_anywhere(connection), *contributions.companies_compared(connection)}
    return contributors_of(contributions.owners_of(connection, companies))


def _contribution(instance: Instance, row: StoredContribution, contributor: str) -> Contribution:
    figures = row.figures
    return Contribution(
        contributor=digest(instance, contributor), version=digest(instance, row.result_id),
        finished_at=row.taken_at, sector=figures["sector"], size=figures["size"], region=figures["region"],
        overall=figures.get("overall"), sections=figures["sections"],
        practices={question: bool(missing) for question, missing in figures["practices"].items()},
    )  # fmt: skip


def _background(
    instance: Instance, connection: Connection, questionnaire: str, earlier: Sequence[Ledger],
    whose: Mapping[str, str],
) -> list[Contribution]:  # fmt: skip
    """The newest results of all companies that an earlier ledger counts."""
    counted = {unknown.version for ledger in earlier for unknown in ledger.unknowns}
    results = contributions.results_of(connection, whose, questionnaire) if counted else {}
    found = [company for company, result in results.items() if digest(instance, result) in counted]
    return _each(instance, connection, questionnaire, found, whose)


def _seen_by_name(instance: Instance, connection: Connection, questionnaire: str) -> frozenset[str]:
    """The results that somebody looked at by name, in whichever cluster, whatever was agreed to since."""
    looks = stored_companies.looked_at(connection, Action.SEE_NAMED.value)
    rows = contributions.of_companies(connection, looks, questionnaire)
    return frozenset(digest(instance, row.result_id) for row in rows if row.taken_at <= looks[row.company_id])
