"""What figures about many are made of: who is counted for whom, and all that was ever released around them.

Shape: `given` takes companies that agreed to be counted and gives their contributions, one for each owner; `around`
gives what the audit of their figures has to know besides. Which figures may then be shown is decided in the core alone.
"""

import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from assessment.core.access import Action
from assessment.core.aggregates.contributions import Contribution, Standing, contributors_of, one_per_contributor
from assessment.core.aggregates.disclosure import reachable
from assessment.core.aggregates.older_ledgers import completed, is_older
from assessment.core.aggregates.snapshots import Ledger, Snapshot
from assessment.services.instance import Instance
from assessment.storage.aggregates import contributions, releases
from assessment.storage.aggregates.contributions import StoredContribution
from assessment.storage.clusters import cluster_members
from assessment.storage.clusters.clusters import Cluster
from assessment.storage.people import companies as stored_companies


@dataclass(frozen=True)
class Around:
    """What `core.aggregates.readiness.release` asks for beside the contributions."""

    earlier: Sequence[Ledger]
    background: Sequence[Contribution]
    standings_before: Sequence[Standing]
    same: Mapping[str, str]
    known: Collection[str]


def given(
    instance: Instance, connection: Connection, questionnaire: str, companies: Collection[str]
) -> list[Contribution]:  # fmt: skip
    """What some companies give, each owner once."""
    whose = _whose(connection)
    return list(one_per_contributor(_each(instance, connection, questionnaire, companies, whose)))


def standings(
    instance: Instance, connection: Connection, cluster: Cluster, counted: Sequence[Contribution]
) -> list[Standing]:  # fmt: skip
    """How far each member of a cluster is. What it says of itself in a result goes before what the cluster lists."""
    members = cluster_members.members_of(connection, cluster.id, ("active",))
    companies = [member.company_id for member in members if member.company_id is not None]
    rows = contributions.of_companies(connection, companies, cluster.questionnaire)
    said = {row.company_id: row.figures for row in rows}
    whose, there = _whose(connection), {given.contributor for given in counted}
    return [
        _standing(
            instance, member.company_id, whose[member.company_id], member.stage + 1, there,
            said.get(member.company_id, {"size": member.size, "region": member.region}),
        )
        for member in members if member.company_id is not None
    ]  # fmt: skip


def standings_compared(
    instance: Instance, connection: Connection, companies: Collection[str], counted: Sequence[Contribution]
) -> list[Standing]:  # fmt: skip
    """Which of those who agreed to be compared with all companies are: there are no stages among them."""
    whose, there = _whose(connection), {given.contributor for given in counted}
    return [_standing(instance, company, whose[company], 0, there, {}) for company in sorted(companies)]


def _standing(
    instance: Instance, company: str, owner: str, reached: int, there: Collection[str], about: Mapping[str, Any]
) -> Standing:  # fmt: skip
    contributor = digest(instance, owner)
    counted = contributor in there
    return Standing(
        contributor=contributor, version=digest(instance, f"{company} reached {reached}"),
        counted_version=digest(instance, f"{company} counted {counted}"), reached=reached, counted=counted,
        sector=about.get("sector", ""), size=about.get("size", ""), region=about.get("region", ""),
    )  # fmt: skip


def around(
    instance: Instance, connection: Connection, questionnaire: str, counted: Sequence[Contribution | Standing]
) -> Around:  # fmt: skip
    """All that was released which may lead to a figure about those that are counted, with the values behind it."""
    whose = _whose(connection)
    same = {
        digest(instance, company): digest(instance, owner) for company, owner in whose.items() if company != owner
    }  # fmt: skip
    ledgers = [_ledger(*kept) for kept in releases.ledgers(connection, questionnaire)]
    earlier = reachable(ledgers, counted, same)
    return Around(
        earlier, _background(instance, connection, questionnaire, earlier, whose),
        _standings_before(instance, earlier, whose), same,
        _seen_by_name(instance, connection, questionnaire) | _seen_progress(instance, connection, questionnaire),
    )  # fmt: skip


def _ledger(kept: str, shown: str) -> Ledger:
    """A ledger, with what its snapshot published of counts where it is from before these were in it."""
    ledger = Ledger.model_validate_json(kept)
    return completed(ledger, Snapshot.model_validate_json(shown)) if is_older(ledger) else ledger


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


def _standings_before(
    instance: Instance, earlier: Sequence[Ledger], whose: Mapping[str, str]
) -> list[Standing]:  # fmt: skip
    """The standings that earlier ledgers count: there are few that a company can have, so each is tried."""
    counted = {unknown.version for ledger in earlier for unknown in ledger.unknowns}
    if not counted:
        return []
    tried = (
        # One stage in two stands for being counted, so that each value of both is among them.
        _standing(instance, company, owner, reached, (digest(instance, owner),) if reached % 2 else (), {})
        for company, owner in sorted(whose.items())
        for reached in range(len(cluster_members.STAGES) + 1)
    )
    return [one for one in tried if one.version in counted or one.counted_version in counted]


def _seen_progress(instance: Instance, connection: Connection, questionnaire: str) -> frozenset[str]:
    """How far those are who let a cluster see it by name, whichever cluster that is."""
    seen = cluster_members.progress_shown(connection, questionnaire)
    return frozenset(digest(instance, f"{company} reached {stage + 1}") for company, stage in seen)


def _seen_by_name(instance: Instance, connection: Connection, questionnaire: str) -> frozenset[str]:
    """The results that somebody looked at by name, in whichever cluster, whatever was agreed to since."""
    looks = stored_companies.looked_at(connection, Action.SEE_NAMED.value)
    rows = contributions.of_companies(connection, looks, questionnaire)
    return frozenset(digest(instance, row.result_id) for row in rows if row.taken_at <= looks[row.company_id])
