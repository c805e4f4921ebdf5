"""One database with everybody in it: three companies and more, their checks, and whoever stands to them in some way."""

import json
import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import yaml
from sqlalchemy import Connection, insert

from assessment.core.aggregates.snapshots import Ledger
from assessment.core.checks.answers import Marker
from assessment.core.checks.attachments import attachment_of
from assessment.core.checks.review import Review
from assessment.core.clusters.exchange import FEWEST, SIDES
from assessment.core.plans.follow_up import FollowUp
from assessment.press import ReportPress
from assessment.reporting.aggregates.cluster_exports import release_file
from assessment.services.aggregates.board_reports import BOARD_JOB
from assessment.services.clusters import clusters, opting_out
from assessment.services.clusters.cluster_posters import POSTER_JOB
from assessment.services.people import links_once
from assessment.services.people.links_once import Bound, Purpose
from assessment.storage import jobs
from assessment.storage.aggregates import comparison_groups, contributions, releases
from assessment.storage.aggregates.contributions import StoredContribution
from assessment.storage.checks import assessments, evidence
from assessment.storage.clusters import (
    campaigns,
    cluster_documents,
    cluster_map,
    cluster_members,
    exchanges,
    joint_actions,
    roadmap,
)
from assessment.storage.clusters import clusters as stored_clusters
from assessment.storage.clusters.campaigns import NewAddress
from assessment.storage.clusters.cluster_tables import exchange_posts
from assessment.storage.clusters.clusters import Cluster
from assessment.storage.clusters.roadmap import LineFields
from assessment.storage.mentors import confirmed_savings, interviews, mentor_suggestions, reviews
from assessment.storage.mentors.confirmed_savings import Terms
from assessment.storage.people import access, companies, people
from assessment.storage.people.people_tables import companies as companies_table
from assessment.storage.people.people_tables import grants, opened_glass
from assessment.storage.sqlite import driver
from assessment.storage.tables import session_drafts
from assessment.storage.upkeep import erasure
from assessment.web.browser import hash_of, new_id
from tests.papers import paper
from tests.reporting.languages import ENGLISH
from tests.reporting.snapshots import small, whole_document
from tests.web.people import person, signed_in
from tests.web.readable import told_on_paper
from tests.web.routes import EXAMPLE, Finished, filled
from tests.web.test_canaries import Marks, fill_in
from tests.web.test_follow_up import WHOLE
from tests.web.visiting import Site, copy_database

WRITTEN: Final[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "matrix.yaml").read_text())
ROLES: Final = tuple(WRITTEN["roles"])
REVIEWED: Final = "ene-03"
SECTION: Final = "ene"
"""The section that the section link opens."""
NOBODY: Final = "0" * 32
MARKS: Final = {
    "unowned": ("Kestrelmarke", 41_000), "ours": ("Ospreymarke", 57_000), "theirs": ("Harriermarke", 63_000),
    "restricted": ("Merlinmarke", 74_000), "leaving": ("Buzzardmarke", 85_000), "erased": ("Gosmarke", 96_000),
}  # fmt: skip
"""A word and the beginning of all numbers in each check: what is found elsewhere has leaked."""
_EXCHANGE: Final = "/companies/<company_id>/clusters/<cluster_id>/exchange"
LINKS: Final[dict[str, Purpose]] = {
    "section-links": "section", "mentor-invitations": "mentor", "/invitations": "join", "manager-invitations": "manage",
}  # fmt: skip
"""What the links are for that an address names."""
CLUSTER_MARKS: Final = {"our cluster": ("Wigeonmarke", 917_000), "their cluster": ("Tealmarke", 928_000)}
"""The same for clusters: what stands on their lists, and not on their public pages."""
BELONGS: Final = {
    "ours": "our cluster", "restricted": "our cluster", "leaving": "our cluster", "theirs": "their cluster",
}  # fmt: skip
OWNED: Final = ("ours", "theirs", "restricted", "leaving", "erased")
EXTRAS: Final = ("their colleague", "their mentor", "manager who helps")
"""Who belongs to the other company, so that there is somebody to be named under ours."""
OBJECTS: Final = ("missing", *MARKS)
CLUSTERS: Final = ("missing", *CLUSTER_MARKS)
"""The objects of a route that is about a cluster."""


@dataclass
class World:
    """Everybody's session, and what stands in for the parts of an address, by object."""

    kept: Path
    marks_given: int
    sessions: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    checks: dict[str, str] = field(default_factory=dict)
    companies: dict[str, str] = field(default_factory=dict)
    colleagues: dict[str, str] = field(default_factory=dict)
    grants: dict[str, str] = field(default_factory=dict)
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    clusters: dict[str, Cluster] = field(default_factory=dict)
    typed: dict[str, dict[str, str]] = field(default_factory=dict)
    """By address what its form needs that nobody knows before everybody is there."""
    resting: str = ""
    """A job that waits for an administrator."""

    def opener(self, of: str) -> str:
        """The role that may do most with an object."""
        return {"unowned": "holder of the link", "theirs": "owner of another company"}.get(of, "owner")

    def openers(self, of: str) -> tuple[str, ...]:
        """The roles that are shown all pages of an object between them: some are for a mentor alone."""
        if of in CLUSTER_MARKS:
            return ("manager" if of == "our cluster" else "manager of another cluster",)
        return (self.opener(of), "mentor who may fill in") if of == "ours" else (self.opener(of),)

    def parts(self, of: str, address: str, role: str = "") -> Mapping[str, str]:
        """What an address names for an object; where that is not there, the rest is as for our own."""
        if of in CLUSTER_MARKS or (of == "missing" and address.startswith("/clusters/")):
            return self._cluster_parts(of, address)
        there = of if of in OWNED and of != "erased" else "ours"
        kind = "pdf" if address.endswith(".pdf") else "card"
        kind = "review" if "/review-report/" in address else kind
        said = "note" if "/notes/" in address else "comment"
        link = next((purpose for part, purpose in LINKS.items() if part in address), "join")
        return {
            "draft_id": self.checks.get(of, NOBODY), "company_id": self.companies.get(of, NOBODY),
            "key": self.keys.get((kind, of), self.keys[kind, "ours"]), "person_id": self.colleagues[there],
            "grant_id": self.grants[there], "link_id": self.keys.get((link, of), self.keys[link, there]),
            "document_id": self.keys.get(("document", of), self.keys["document", there]),
            "question": REVIEWED, "suggestion_id": self.keys["suggestion", there],
            "words_id": self.keys.get((f"{said} of {role}", there), self.keys[f"{said} of anybody", there]),
            "cluster_id": self.clusters[BELONGS[there]].id, "what": "counted",
            "post_id": self.keys["post", there], "other_id": self.keys["other", BELONGS[there]],
            "talk_id": self.keys["talk", there],
            "action_id": self.keys["joint", BELONGS[there]],
        }  # fmt: skip

    def _cluster_parts(self, of: str, address: str) -> Mapping[str, str]:
        there = of if of in CLUSTER_MARKS else "our cluster"
        with_account = "/named/" in address or address.endswith("/mentor")
        printed = "board report" if "/readiness/" in address else "poster"
        member = "asking" if address.endswith("/request") else "named" if with_account else "listed"
        return {
            "cluster_id": self.clusters[of].id if of in self.clusters else NOBODY,
            "member_id": self.keys[member, there], "person_id": self.people["manager who helps"],
            "link_id": self.keys["manage", there], "connection_id": self.keys["link", there],
            "action_id": self.keys["joint", there],
            "line_id": self.keys["line", there],
            "group_id": self.keys["group", there],
            "campaign_id": self.keys["campaign", there], "form": "csv", "key": self.keys[printed, there],
        }  # fmt: skip


def relation(role: str, of: str) -> str:
    """How a role stands to an object, as it is written down; empty for not at all."""
    stands: Mapping[str, str] = WRITTEN["roles"][role]
    return stands.get(of, "")


def build(site: Site, kept: Path) -> World:
    """Everybody and everything, once; the database is kept to start from again."""
    # What is printed holds its words, so that a mark that got into a PDF is found there.
    site.app.extensions["assessment-press"] = cache(partial(ReportPress, render=told_on_paper))
    marks = Marks(*MARKS["unowned"])
    check = fill_in(site, marks)
    check.owner.post(check.owner.hub + "/selection", {"slot": "a", "name": marks.text()})
    world = World(kept, marks.given)
    world.checks["unowned"] = check.owner.hub.rpartition("/")[2]
    world.sessions["holder of the link"] = check.owner.session
    for role in (*ROLES, *EXTRAS):
        if role not in WRITTEN["without an account"]:
            staff = next((staff for staff in ("mentor", "manager", "administrator") if staff in role.split()), "")
            world.people[role] = person(site, f"{role.replace(' ', '.')}@firm.example", staff, name=role.capitalize())
            world.sessions[role] = signed_in(site, world.people[role]).session
    site.instance.database.close()
    with closing(driver.connect(site.database)) as connection:
        for name in OWNED:
            world.checks[name] = copy_check(connection, world.checks["unowned"], name)
        connection.execute("UPDATE assessments SET depth = 'quick' WHERE id = ?", (world.checks["theirs"],))
        connection.commit()
    with site.instance.database.writing() as connection:
        _companies(connection, world, site)
        _let_in(connection, world, site)
        _browsers(connection, world, site)
        _reviews(connection, world, site)
        _clusters(connection, world, site)
        _exchanges(connection, world, site)
        world.resting = _resting(connection, site)
        erasure.erase(connection, world.checks["erased"])
        connection.execute(companies_table.delete().where(companies_table.c.id == world.companies["erased"]))
    for of, draft_id in world.checks.items():
        if of != "erased":
            opened = Finished(site, world.sessions[world.opener(of)], draft_id)
            world.keys["pdf", of] = opened.pdf().rpartition("/")[2].removesuffix(".pdf")
            world.keys["card", of] = opened.address("/plan/<key>").removeprefix("/plan/")
            if of in OWNED:
                world.keys["review", of] = _review_printed(opened)
            _saved(world, site, opened, of)
            _proved(world, site, of)
    for of in ("ours", "theirs", "restricted", "leaving"):
        # The first look at the exchange notes what it was told of distances; the next ones change nothing.
        owner = Finished(site, world.sessions[world.opener(of)], world.checks[of]).owner
        owner.client.get(filled(_EXCHANGE, world.parts(of, _EXCHANGE)), base_url=site.address).close()
    site.instance.database.close()
    copy_database(site.database, kept)
    return world


def copy_check(connection: Any, original: str, name: str) -> str:
    """The same check once more with marks of its own, row by row; returns its id."""
    copied = uuid4().hex
    (word, first), (new_word, new_first) = MARKS["unowned"], MARKS[name]

    def marked(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        # Not inside an id, which is drawn in hexadecimal digits and looks like one now and then.
        own = rf"(?<![0-9a-f]){first // 1000}(?=[0-9]{{3}}(?![0-9a-f]))"
        numbered = re.sub(own, str(new_first // 1000), value)
        return numbered.replace(word, new_word).replace(original, copied)

    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in found:
        described = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
        columns = [column[1] for column in described]
        if table in ("tokens", "session_drafts", "idempotency", "jobs"):
            continue
        key = "id" if table == "assessments" else "assessment_id"
        if key not in columns:
            continue
        numbered = {column[1] for column in described if column[5] and column[2].upper() in ("INTEGER", "BIGINT")}
        for row in connection.execute(f'SELECT * FROM "{table}" WHERE {key} = ?', (original,)).fetchall():
            values = {column: marked(value) for column, value in zip(columns, row, strict=True)}
            if table != "assessments" and "id" in values:
                values["id"] = None if "id" in numbered else uuid4().hex
            marks = ", ".join("?" for _ in columns)
            connection.execute(f'INSERT INTO "{table}" VALUES ({marks})', tuple(values.values()))
    return copied


def _companies(connection: Connection, world: World, site: Site) -> None:
    now = site.clock()
    for name in OWNED:
        owner = world.people["owner of another company" if name == "theirs" else "owner"]
        company = companies.add_company(connection, f"{MARKS[name][0]}000 Ltd", owner, now)
        world.companies[name] = company.id
        assert companies.claim(connection, world.checks[name], company.id, now)
    states: dict[str, dict[str, Any]] = {
        "restricted": {"restricted": True},
        "leaving": {"erase_at": now + timedelta(days=7)},
    }
    for name, values in states.items():
        stands = companies_table.c.id == world.companies[name]
        connection.execute(companies_table.update().where(stands).values(**values))
    for name in OWNED:
        world.colleagues[name] = world.people["their colleague"] if name == "theirs" else world.people["editor"]
        companies.add_member(connection, world.companies[name], world.colleagues[name], "editor", now)
        for purpose in LINKS.values():
            bound = Bound(company_id=world.companies[name], email=f"{MARKS[name][0]}900@{purpose}.example")
            if purpose == "section":
                bound = Bound(assessment_id=world.checks[name])
            owner = world.people["owner of another company" if name == "theirs" else "owner"]
            more = {"section": SECTION} if purpose == "section" else {"role": "editor", "person": owner}
            world.keys[purpose, name] = links_once.make(site.instance, connection, purpose, bound, more).id


GRANTED: Final = {
    "mentor": "active", "their mentor": "active", "mentor who may fill in": "active",
    "mentor who was only offered it": "offered", "mentor who declined": "declined",
    "mentor whose access has ended": "ended",
}  # fmt: skip


def _resting(connection: Connection, site: Site) -> str:
    """A job that has failed for good."""
    job = jobs.enqueue(connection, "report", {}, "report:resting", site.clock())
    held = jobs.lease(connection, job, site.clock())
    assert held is not None
    jobs.fail(connection, held, "NotMade", site.clock(), for_good=True)
    return job


def _let_in(connection: Connection, world: World, site: Site) -> None:
    now = site.clock()
    for role, state in GRANTED.items():
        for name in ("theirs",) if role == "their mentor" else ("ours", "restricted", "leaving"):
            agreed = now if role == "mentor who may fill in" else None
            row: dict[str, Any] = {
                "id": uuid4().hex, "company_id": world.companies[name], "mentor_id": world.people[role],
                "state": state, "from_grant": None, "interview_agreed_at": agreed, "offered_at": now,
                "begun_at": now if state in ("active", "ended") else None,
                "ended_at": now if state in ("declined", "ended") else None,
            }  # fmt: skip
            connection.execute(insert(grants), row)
            if role in ("mentor", "their mentor"):
                world.grants[name] = row["id"]
    hours = {"administrator with opened glass": 1, "administrator whose time is over": -1}
    for role, ends in hours.items():
        for name in ("ours", "restricted", "leaving"):
            opened: dict[str, Any] = {
                "id": uuid4().hex, "administrator_id": world.people[role], "company_id": world.companies[name],
                "reason": "The owner asked us on the telephone to look", "opened_at": now - timedelta(hours=2),
                "ends_at": now + timedelta(hours=ends),
            }  # fmt: skip
            connection.execute(insert(opened_glass), opened)


def _browsers(connection: Connection, world: World, site: Site) -> None:
    now = site.clock()
    for role in WRITTEN["without an account"]:
        if role in world.sessions:
            continue
        world.sessions[role] = new_id()
        if role != "nobody":
            access.create_session(connection, hash_of(world.sessions[role]), now)
    replaced = hash_of(world.sessions["holder whose link was replaced"])
    access.grant(connection, replaced, world.checks["unowned"], now)
    access.leave(connection, replaced, world.checks["unowned"])
    name, version = site.instance.library.newest
    own = assessments.create(
        connection, questionnaire=name, version=version, depth="full", language="en", now=now
    )  # fmt: skip
    access.grant(connection, hash_of(world.sessions["holder of another link"]), own.id, now)
    example = site.example(EXAMPLE)
    assessments.create(
        connection, questionnaire=name, version=version, depth="full", language="en", now=now, draft_id=example
    )  # fmt: skip
    link = links_once.make(
        site.instance, connection, "section", Bound(assessment_id=world.checks["unowned"]), {"section": SECTION}
    )  # fmt: skip
    world.keys["section", "unowned"] = link.id
    with_account = hash_of(world.sessions["holder of the link with an account"])
    access.grant(connection, with_account, world.checks["unowned"], now)
    section = hash_of(world.sessions["holder of a section link"])
    row = {"session_hash": section, "assessment_id": world.checks["ours"], "opened_at": now, "section": SECTION}
    connection.execute(insert(session_drafts), row)


def _reviews(connection: Connection, world: World, site: Site) -> None:
    """What a mentor and a company say to each other, each with the mark of the company."""
    now = site.clock()
    for name in OWNED:
        check, words = world.checks[name], f"{MARKS[name][0]}900"
        sides = ["owner", "editor", "mentor", "mentor who may fill in"]
        if name != "ours":
            # A mentor who is out may still take out what they once said themselves, so here it was another.
            own = ["owner of another company"] if name == "theirs" else ["owner", "editor"]
            sides = [*own, "their mentor"]
        for role in sides:
            kinds: tuple[reviews.Audience, ...] = ("shared", "private") if "mentor" in role else ("shared",)
            for audience in kinds:
                kind = "note" if audience == "private" else "comment"
                at = (connection, check, REVIEWED, words, world.people[role], now)
                made = (
                    reviews.add_note(*at) if audience == "private"
                    else reviews.add_comment(*at, by_mentor="mentor" in role)
                )  # fmt: skip
                world.keys[f"{kind} of {role}", name] = made
                world.keys.setdefault((f"{kind} of anybody", name), made)
        mentor = world.people["mentor" if name == "ours" else "their mentor"]
        made = mentor_suggestions.suggest(connection, check, "", words, words, mentor, now)
        world.keys["suggestion", name] = made
        interviews.propose_answer(connection, check, REVIEWED, Marker.DO_NOT_KNOW, words, mentor, now)
        asked = Review(REVIEWED, "asked", 1, None, None, words, "", 1)
        reviews.keep_step(connection, check, asked, words, mentor, now, by_mentor=True)


def _clusters(connection: Connection, world: World, site: Site) -> None:
    """Two clusters with members, a listed organisation and one that asks to join, each with the cluster's mark."""
    now = site.clock()
    for of, (word, _number) in CLUSTER_MARKS.items():
        organisation = companies.add_company(connection, of.capitalize(), world.people["manager who helps"], now)
        cluster = Cluster(
            uuid4().hex, of.capitalize(), of.replace(" ", "-"), {"en": "Who we are"}, "https://www.example.org/", "",
            site.instance.library.newest[0], "", 5, True, now - timedelta(days=1), None, None, organisation.id, now,
        )  # fmt: skip
        world.clusters[of] = cluster
        code = clusters.code_hash(site.instance, clusters.code_of(site.instance, cluster))
        stored_clusters.add(connection, cluster, code, world.people[world.openers(of)[0]])
        stored_clusters.add_manager(connection, cluster.id, world.people["manager who helps"], now)
        listed = cluster_members.list_organisation(
            connection, cluster.id, now, name=f"{word}900", region=f"{word}901", role="firm"
        )  # fmt: skip
        asking = companies.add_company(connection, "Rowan Ltd", world.people["stranger with an account"], now)
        cluster_members.ask(connection, cluster.id, asking.id, f"{word}902", now)
        asks = cluster_members.member_of_company(connection, cluster.id, asking.id)
        assert asks is not None
        world.keys["listed", of], world.keys["asking", of] = listed, asks.id
        until = now.date() + timedelta(days=9)
        world.keys["joint", of] = joint_actions.add(
            connection, cluster.id, "", "Share a lorry", "On Mondays", until, None, world.people["manager who helps"],
            now,
        )  # fmt: skip
        world.keys["line", of] = roadmap.add(connection, cluster.id, LineFields(f"{word}905", f"{word}906"), now)
        group = release_file(whole_document(), ENGLISH).model_copy(update={"cluster": f"{word}907"})
        world.keys["group", of] = comparison_groups.add(
            connection, cluster.id, group, "0" * 64, world.people["manager who helps"], now
        )
        bound = Bound("somebody.else@firm.example", company_id=organisation.id)
        world.keys["manage", of] = links_once.make(
            site.instance, connection, "manage", bound, {"cluster": cluster.id}
        ).id
        world.keys["campaign", of] = _campaign(connection, world, site, cluster, word)
        world.keys["poster", of] = cluster.id * 2
        world.keys["board report", of] = cluster.id[::-1] * 2
        for report, key in (
            (POSTER_JOB, world.keys["poster", of]),
            (f"{BOARD_JOB}:en", world.keys["board report", of]),
        ):
            cluster_documents.keep(connection, cluster.id, report, key, 1, word.encode(), now)
    for name, of in BELONGS.items():
        title = f"{MARKS[name][0]}000 Ltd"
        company, cluster_id = world.companies[name], world.clusters[of].id
        cluster_members.join(connection, cluster_id, company, title, "code", 2, now)
    _counted(connection, world, site)
    _released(connection, world, site)
    # Whoever lost the role of a manager runs nothing, whatever else is left of it.
    for cluster in world.clusters.values():
        stored_clusters.add_manager(connection, cluster.id, world.people["stranger with an account"], now)
    left = world.people["manager who left"]
    stored_clusters.add_manager(connection, world.clusters["our cluster"].id, left, now)
    stored_clusters.remove_manager(connection, world.clusters["our cluster"].id, left)
    code = clusters.code_of(site.instance, world.clusters["their cluster"])
    world.typed["/companies/<company_id>/clusters/code"] = {"code": code, "act": "join", "agreed": "counted"}
    world.typed["/companies/<company_id>/clusters/ask"] = {"slug": world.clusters["their cluster"].slug}
    found = world.people["mentor who declined"]
    people.change_person(connection, found, takes_clients=True)
    world.typed["/clusters/<cluster_id>/members/<member_id>/mentor"] = {"mentor": found}


def _counted(connection: Connection, world: World, site: Site) -> None:
    """As many members with a result as figures need."""
    name, version = site.instance.library.newest
    now = site.clock()
    for number in range(6):
        owner = people.add_person(
            connection, f"counted{number}@firm.example", now, uniquifier=f"counted {number}"
        ).id  # fmt: skip
        company = companies.add_company(connection, f"Counted {number} Ltd", owner, now)
        check = assessments.create(
            connection, questionnaire=name, version=version, depth="full", language="en", now=now,
            company_id=company.id,
        )  # fmt: skip
        # The last belongs to the other cluster, so that each sees somebody by name.
        of = "their cluster" if number == 5 else "our cluster"
        agreed = ("counted", "named")
        member = cluster_members.join(
            connection, world.clusters[of].id, company.id, company.name, "code", 2, now, agreed
        )  # fmt: skip
        world.keys["named", of] = member
        figures = {
            "sector": "food", "size": "small", "region": "", "overall": 40 + number, "practices": {},
            "sections": {"ene": 40 + number},
        }  # fmt: skip
        given = StoredContribution(company.id, check.id, f"result {number}", now, figures)
        contributions.keep(connection, name, given)


def _exchanges(connection: Connection, world: World, site: Site) -> None:
    """Links on the maps; and in each cluster enough companies that exchange for matches to show, one with each."""
    now = site.clock()
    earlier = now - timedelta(days=60)
    for of in CLUSTER_MARKS:
        cluster_id, listed = world.clusters[of].id, world.keys["listed", of]
        cluster_map.add_links(connection, cluster_id, [(listed, "energy-audit", "works-with", True)], {"energy-audit"})
        world.keys["link", of] = cluster_map.links_of(connection, cluster_id)[0].id
        for at in range(FEWEST + 1):
            email = f"rowan{at}.{len(world.keys)}@firm.example"
            person_id = people.add_person(connection, email, now, name=f"Rowan {at}", uniquifier=email).id
            other = companies.add_company(connection, f"Rowan {at}", person_id, now).id
            cluster_members.join(connection, cluster_id, other, f"Rowan {at}", "code", 0, now)
            exchanges.take_part(connection, cluster_id, other, "BG", "Sofia", person_id, earlier)
            made = [_posted(connection, cluster_id, other, person_id, side, f"Rowan {side}", now) for side in SIDES]
            world.keys.setdefault(("other", of), made[SIDES.index("need")])
    for name, of in BELONGS.items():
        cluster_id, company = world.clusters[of].id, world.companies[name]
        person_id, word = world.people[world.opener(name)], MARKS[name][0]
        exchanges.take_part(connection, cluster_id, company, "BG", "Sofia", person_id, earlier)
        for kind in ("post", "talk"):
            posted = _posted(connection, cluster_id, company, person_id, "offer", f"{word}000 wood", now)
            world.keys[kind, name] = posted
        # A talk whose other side is gone.
        gone = _posted(connection, cluster_id, company, person_id, "need", f"{word}000 bark", now)
        exchanges.say(connection, cluster_id, {"offer": world.keys["talk", name], "need": gone}, "offer", now)
        connection.execute(exchange_posts.delete().where(exchange_posts.c.id == gone))
        talks = exchanges.talks_of(connection, cluster_id, company)
        world.keys["talk", name] = next(talk.id for talk in talks if talk.need_id is None)


def _posted(
    connection: Connection, cluster_id: str, company: str, person_id: str, side: str, title: str, now: datetime
) -> str:  # fmt: skip
    return exchanges.add_post(
        connection, cluster_id, company, person_id, now, side=side, material="wood", title=title, waste_code="",
        amount="12", unit="t", period="year", months="1,2,3,4,5,6,7,8,9,10,11,12", reach=100, note="",
    )  # fmt: skip


def _released(connection: Connection, world: World, site: Site) -> None:
    """Figures of each cluster, taken a month ago when five others were counted."""
    then = site.clock() - timedelta(days=30)
    for cluster in world.clusters.values():
        shown = small().model_copy(update={"population": cluster.id, "taken_at": then})
        ledger = Ledger(population=cluster.id, taken_at=then, unknowns=(), entries=())
        releases.add(
            connection, cluster.id, cluster.questionnaire, then, None, shown.model_dump_json(), ledger.model_dump_json()
        )  # fmt: skip


def _campaign(connection: Connection, world: World, site: Site, cluster: Cluster, word: str) -> str:
    """A campaign that is being sent: with a list that waits, one address to write to and one to remind."""
    now, texts = site.clock(), {"en": {"subject": f"{word}920", "text": f"{word}921"}}
    made = campaigns.add(connection, cluster.id, f"{word}922", texts, world.people["manager who helps"], now)
    pending = {"good": [], "flawed": [{"row": 1, "typed": f"{word}923", "why": "no-address"}], "repeated": []}
    kept = json.dumps({**pending, "language": "en"})
    campaigns.change(connection, made, state="sending", sent_at=now, pending=kept, pending_at=now)
    new = []
    for number, (name, state) in enumerate([("new", "listed"), ("old", "sent"), ("next", "queued")], 924):
        email = f"{name}@firm.example"
        digest = opting_out.digest_of(site.instance, email)
        new.append(NewAddress(email, digest, f"{word}{number}", "en", state))
    campaigns.add_addresses(connection, made, new)
    (old,) = (each for each in campaigns.addresses_of(connection, made) if each.state == "sent")
    campaigns.mark_sent(connection, old.id, 0, now - timedelta(days=8))
    return made


def _review_printed(opened: Finished) -> str:
    """The key of the PDF of a review as it stands; what is done later makes another one due."""
    path = opened.owner.hub + "/review-report"
    opened.owner.submit(opened.owner.get(path))
    (link,) = (link for link in opened.owner.get(path).links() if link.endswith(".pdf"))
    return link.rpartition("/")[2].removesuffix(".pdf")


def _saved(world: World, site: Site, opened: Finished, of: str) -> None:
    """A measured saving of the first action, and what a mentor confirmed of it, so that a statement is there."""
    key, words = world.keys["card", of], f"{MARKS[of][0]}900"
    card = opened.owner.get(f"{opened.owner.hub}/plan/{key}")
    opened.owner.submit(card, {**WHOLE, "status": "planned"})
    mentor = world.people["mentor" if of == "ours" else "their mentor"]
    terms, noted = Terms(words, words, 100, Decimal(30)), FollowUp(besides=words)
    with site.instance.database.writing() as connection:
        confirmed_savings.confirm_saving(connection, world.checks[of], key, words, noted, terms, mentor, site.clock())


def _proved(world: World, site: Site, of: str) -> None:
    """A document at an answer, with the mark of the company in its name and in its bytes."""
    mark = f"{MARKS[of][0]}900"
    attachment, person_id = attachment_of(paper(mark)), world.people["editor"]
    with site.instance.database.writing() as connection:
        evidence.attach(
            connection, world.checks[of], REVIEWED, f"{mark}.pdf", attachment, person_id, site.clock()
        )  # fmt: skip
        (found,) = evidence.documents_of(connection, world.checks[of])
    world.keys["document", of] = found.id
