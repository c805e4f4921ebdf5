"""A cluster with companies in it, each with somebody who owns it and is signed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection

from assessment.core.aggregates.contributions import Amount, Contribution
from assessment.core.aggregates.readiness import release
from assessment.core.aggregates.snapshots import Ledger, Snapshot
from assessment.core.clusters.exchange import SIDES
from assessment.core.clusters.joint_action import SAVING
from assessment.services.aggregates import readiness
from assessment.services.clusters import clusters
from assessment.services.instance import Instance
from assessment.storage.aggregates import contributions, releases
from assessment.storage.aggregates.contributions import StoredContribution
from assessment.storage.clusters import cluster_members, exchanges
from assessment.storage.clusters import clusters as stored_clusters
from assessment.storage.clusters.clusters import Cluster
from assessment.storage.people import companies
from tests.core.populations import START
from tests.web.people import person, signed_in
from tests.web.visiting import Page, Site, Visitor

ASKED: Final = "resource-efficiency"
AUDITS: Final = f"{SAVING}energy-audits"
"""The amount of what energy audits that are bought together could save those who have none."""
POST: Final[dict[str, str | list[str]]] = {
    "side": "offer", "material": "bread-dough", "title": "Surplus bread", "amount": "14", "unit": "t", "period": "year",
    "month": [str(month) for month in range(1, 13)], "reach": "100", "code": "02 06 01", "note": "dry, in crates",
}  # fmt: skip


@dataclass
class Company:
    """A member of the cluster, and the browser of its owner."""

    id: str
    name: str
    cluster_id: str
    owner: Visitor
    owner_id: str
    email: str

    @property
    def home(self) -> str:
        """Its page in the cluster."""
        return f"/companies/{self.id}/clusters/{self.cluster_id}"

    @property
    def exchange(self) -> str:
        """Its page of the exchange."""
        return f"{self.home}/exchange"

    def take_part(self, town: str = "Sofia", country: str = "BG", status: int = 303) -> Page:
        """Take part in the exchange, or move."""
        given = {"country": country, "town": town, "agreed": "yes"}
        return self.owner.submit(self.owner.get(self.exchange), given, action="/exchange/place", status=status)

    def post(self, typed: Mapping[str, str | list[str]] | None = None, status: int = 303) -> Page:
        """Post an offer or a need."""
        return self.owner.submit(self.owner.get(f"{self.exchange}/posts"), {**POST, **(typed or {})}, status=status)

    def say(self, act: str) -> Page:
        """Press the button of the first match; the page after that."""
        page = self.owner.get(self.exchange)
        form = next(form for form in page.forms() if "/with/" in form.action)
        return self.owner.follow(self.owner.post(form.action, {"act": act}))


def add_cluster(site: Site, manager: str, name: str = "Example Food Cluster") -> str:
    """A cluster with its organisation and a manager; its id."""
    now = site.clock()
    with site.instance.database.writing() as connection:
        organisation = companies.add_company(connection, name, manager, now)
        made = Cluster(
            uuid4().hex, name, uuid4().hex[:20], {"en": ""}, "", "", site.instance.library.newest[0], "", 5, False, now,
            None, None, organisation.id, now,
        )  # fmt: skip
        code = clusters.code_hash(site.instance, clusters.code_of(site.instance, made))
        stored_clusters.add(connection, made, code, manager)
    return made.id


def add_member(site: Site, cluster_id: str, name: str, **about: str) -> Company:
    """A company that belongs to the cluster."""
    email = f"{name.lower().replace(' ', '.')}@firm.example"
    owner = person(site, email, name=f"Owner of {name}")
    with site.instance.database.writing() as connection:
        company = companies.add_company(connection, name, owner, site.clock())
        member = cluster_members.join(connection, cluster_id, company.id, name, "code", 0, site.clock())
        if about:
            cluster_members.describe(connection, member, **about)
    return Company(company.id, name, cluster_id, signed_in(site, owner), owner, email)


def manager_of(site: Site) -> tuple[str, Visitor]:
    """Somebody who runs clusters."""
    who = person(site, "manager@cluster.example", "manager", name="Mina Manager")
    return who, signed_in(site, who)


def exchanging(site: Site, others: int = 5) -> tuple[Company, Company, list[Company]]:
    """Two companies that take part in Sofia, and others that do, with an offer and a need that fit nobody."""
    who, _ = manager_of(site)
    cluster_id = add_cluster(site, who)
    names = ["Example Bakery", "Feed Sample", *(f"Neighbour {at}" for at in range(others))]
    members = [add_member(site, cluster_id, name) for name in names]
    members[0].take_part()
    with site.instance.database.writing() as connection:
        for member in members[1:]:
            exchanges.take_part(connection, cluster_id, member.id, "BG", "Sofia", member.owner_id, site.clock())
        for member in members[2:]:
            post_alone(connection, member, site)
    return members[0], members[1], members[2:]


def give(
    site: Site, company_id: str, score: int, sector: str = "food", result: str = "",
    also: Mapping[str, int] | None = None, water_behind: int = 10,
) -> None:  # fmt: skip
    """What a finished check of a company would give, without filling one in; `also` are further practices."""
    visitor = site.visitor()
    draft_id = visitor.start().rpartition("/")[2]
    practices = {"ene-04": int(score % 2 == 0), "wat-02": 1, **(also or {})}
    figures = {
        "sector": sector, "size": "small", "region": "", "overall": score, "practices": practices,
        "sections": {"ene": score, "wat": max(score - water_behind, 0), "was": min(score + 10, 100)},
    }  # fmt: skip
    with site.instance.database.writing() as connection:
        companies.claim(connection, draft_id, company_id, site.clock())
        row = StoredContribution(company_id, draft_id, result or f"result of {draft_id}", site.clock(), figures)
        contributions.keep(connection, ASKED, row)
        cluster_members.advance(connection, company_id, ASKED, 2)


def post_alone(connection: Connection, member: Company, site: Site) -> None:
    """Let a company offer and seek what nobody else has."""
    for side in SIDES:
        typed = {"material": f"{side} {member.name}", "title": f"{side} of {member.name}", "waste_code": "", "note": ""}
        exchanges.add_post(
            connection, member.cluster_id, member.id, member.owner_id, site.clock(), side=side, amount="1", unit="t",
            period="year", months="1", reach=10, **typed,
        )  # fmt: skip


def released(instance: Instance, cluster_id: str, given: Sequence[Contribution]) -> Snapshot:
    """A snapshot of made-up companies, audited and kept as the worker does."""
    with instance.database.reading() as connection:
        cluster = stored_clusters.find(connection, id=cluster_id)
        assert cluster is not None
        ledgers = [Ledger.model_validate_json(kept) for kept, _ in releases.ledgers(connection, cluster.questionnaire)]
    made = release(readiness.menu_of(instance, cluster), given, ledgers, at=instance.now(), background=given)
    with instance.database.writing() as connection:
        releases.add(
            connection, cluster_id, cluster.questionnaire, made.snapshot.taken_at, None,
            made.snapshot.model_dump_json(), made.ledger.model_dump_json(),
        )  # fmt: skip
    return made.snapshot


def lacking(many: int, of: int, worth: Sequence[float] = (), name: str = "") -> list[Contribution]:
    """Companies of which so many lack an energy audit (question ene-04); what doing it together could save each."""
    worth = worth or [1000.0 + 37 * at for at in range(many)]
    return [
        Contribution(
            contributor=f"{name}{at}", version=f"{name}{at}", finished_at=START, overall=30 + at, sector="food",
            practices={"ene-04": at < many, "wat-03": at % 2 == 0}, sections={"ene": 30 + at, "wat": 70 - at},
            amounts={AUDITS: Amount(value=worth[at], version=f"{name}saving {at}")} if at < many else {},
        )
        for at in range(of)
    ]  # fmt: skip
