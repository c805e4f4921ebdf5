"""Two tenants in one store, and the same store without the second: what a function of storage tells of the first.

A function that is asked about the first must answer, and change, the same in both. So whatever of the second is shown,
counted or changed is seen, and no mark has to be looked for.
"""

import dataclasses
import importlib
import inspect
import pkgutil
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, text

from assessment import storage
from assessment.core.checks.answers import Marker
from assessment.core.checks.attachments import attachment_of
from assessment.core.checks.review import Review
from assessment.core.plans.follow_up import FollowUp
from assessment.reporting.aggregates.cluster_exports import release_file
from assessment.services.clusters.cluster_posters import POSTER_JOB
from assessment.storage.aggregates import contributions, releases
from assessment.storage.aggregates.contributions import StoredContribution
from assessment.storage.checks import assessments, draft_addresses, results
from assessment.storage.checks.assessments import Change
from assessment.storage.checks.draft_addresses import DraftAddress
from assessment.storage.clusters import (
    campaigns,
    cluster_map,
    cluster_members,
    clusters,
    exchanges,
    joint_actions,
    roadmap,
)
from assessment.storage.clusters.campaigns import NewAddress
from assessment.storage.clusters.clusters import Cluster
from assessment.storage.clusters.roadmap import LineFields
from assessment.storage.database import Database
from assessment.storage.idempotency import Once
from assessment.storage.mentors import grants, interviews, reviews
from assessment.storage.mentors.confirmed_savings import SavingStatement, Terms
from assessment.storage.mentors.grants import Recorded
from assessment.storage.money import money
from assessment.storage.people import (
    access,
    companies,
    company_consents,
    glass,
    interrupted,
    passkeys,
    people,
    single_links,
)
from assessment.storage.people.company_consents import CompanyConsent
from assessment.storage.people.single_links import Bound, StoredLink
from assessment.storage.plans import plan_items
from assessment.storage.plans.plan_items import PlanFields
from assessment.storage.sqlite import driver
from assessment.storage.written import Found, driver_of
from assessment.web.browser import hash_of
from tests.papers import paper
from tests.reporting.languages import ENGLISH
from tests.reporting.snapshots import whole_document
from tests.web.roles import MARKS, REVIEWED, SECTION, World
from tests.web.visiting import copy_database

ID: Final = re.compile(r"\b[0-9a-f]{32}\b")
NOW: Final = datetime(2026, 11, 25, 9, tzinfo=UTC)
WHOSE: Final = frozenset(
    {"assessment_id", "draft_id", "company_id", "cluster_id", "campaign_id", "person_id", "mentor_id", "session_hash"}
)
"""Parameters that say whom a function is asked about."""
Outcome = tuple[str, tuple[str, ...]]


class _Undo(Exception):
    """Nothing of a call stays."""


def about(world: World, of: str, cluster: str, questionnaire: str) -> dict[str, Any]:
    """What a parameter of that name is for a tenant; of some modules another person or key is meant."""
    ours, at = of == "ours", world.clusters[cluster].id
    owner = world.people["owner" if ours else "owner of another company"]
    manager = world.people["manager" if ours else "manager of another cluster"]
    check, word = world.checks[of], world.companies[of][:8]
    return {
        "assessment_id": check, "draft_id": check, "company_id": world.companies[of], "cluster_id": at,
        "campaign_id": world.keys["campaign", cluster], "person_id": owner,
        "mentor_id": world.people["mentor" if ours else "their mentor"],
        "session_hash": hash_of(world.sessions["owner" if ours else "owner of another company"]),
        "questionnaire": questionnaire, "question": REVIEWED, "questions": [REVIEWED], "section": SECTION,
        "key": world.keys["card", of], "keys": [world.keys["card", of]], "digest": world.keys["pdf", of],
        "document_id": world.keys["document", of], "grant_id": world.grants[of],
        "suggestion_id": world.keys["suggestion", of], "words_id": world.keys[f"comment of {world.opener(of)}", of],
        "group_id": world.keys["group", cluster], "member_id": world.keys["listed", cluster],
        "link_id": world.keys["link", cluster], "action_id": world.keys["joint", cluster],
        "line_id": world.keys["line", cluster], "post_id": world.keys["post", of],
        "pair": {"offer": world.keys["post", of], "need": world.keys["other", cluster]},
        "recorded": Recorded("digest", "en", "test", owner), "link_hash": f"{word}" * 8, "emails": [],
        "attachment": attachment_of(paper(f"{MARKS[of][0]}900")), "email_hash": f"{word[::-1]}" * 8,
        "clusters.clusters.person_id": manager, "people.partings.forget_manager.person_id": manager,
        "people.companies.looked_lately.person_id": world.people["mentor" if ours else "their mentor"],
        "clusters.cluster_documents.digest": world.keys["poster", cluster], "second": not ours,
    }  # fmt: skip


_CONSENT: Final = CompanyConsent("benchmark", "", True, "digest", "en", "test", None, NOW)
_ONCE: Final = Once("somebody", "key", "digest", "")
_TERMS: Final = Terms("2024", "Bills", 100, Decimal(30))
_SAME: Final = "somebody@firm.example"
_ENDED: Final = SavingStatement("own:1", "Title", FollowUp(besides="4711"), _TERMS, False, "", "Mira", NOW)
SAID: Final[Mapping[str, Any]] = {
    "now": NOW, "language": "en", "name": "Name", "title": "Title", "words": "Words", "why": "Why", "reply": "Reply",
    "note": "Note", "reason": "Somebody asked on the telephone", "texts": {}, "role": "editor",
    "action": "read answers", "ended": _ENDED,
    "since": NOW - timedelta(days=90), "before": NOW, "until": date(2027, 1, 1), "day": date(2027, 1, 1),
    "expires_at": NOW, "erase_at": NOW, "ends_at": NOW, "depth": "full", "engine": "1", "version": "1", "frozen": "{}",
    "report": "action-plan", "pages": 1, "content": b"bytes", "keep": "nothing", "state": "accepted", "stage": 3,
    "status": "planned", "audience": "shared", "by_mentor": True,
    "for_mentor": True, "result": 1, "revision": 1, "seen_revision": 0, "slot": "a", "measures": [], "side": "company",
    "given": True, "viewer": "mentor", "viewer_id": "", "what": "counted", "agreement": "counted", "origin": "code",
    "country": "BG", "town": "Varna", "told": {}, "data": {}, "device": "Firefox", "hashes": {"resume-link": "a" * 64},
    "consent": _CONSENT, "once": _ONCE, "terms": _TERMS, "noted": FollowUp(besides="4711"),
    "value": Marker.DO_NOT_KNOW, "entry": "zero-waste-network", "restricted": True, "compared": True, "wanted": True,
    "new": PlanFields(note="4711"), "item": "own:1", "address": "/somewhere", "fields": [("a", "b")],
    "kind": "report", "arguments": {}, "effect_key": "effect", "step": 4711, "notices": 1, "purpose": "section",
    "credential_id": b"4711", "public_key": b"4711", "sign_count": 0, "device_type": "single", "backed_up": False,
    "answer": "yes", "after": "[]", "old_hash": "c" * 64, "new_hash": "d" * 64, "mailed_before": NOW,
    "shown": "{}", "ledger": "{}", "taken_at": NOW,
    "review": Review(REVIEWED, "confirmed", 1, None, None, "Words", "", 2), "typed": {"title": "Glass"},
    "services": set[str](), "links": (), "sums": {}, "signer": "e" * 64,
    "file": release_file(whole_document(), ENGLISH),
}  # fmt: skip
"""What else a function is told, the same of both."""
_POST: Final = {
    "side": "offer", "material": "glass", "title": "4711", "waste_code": "", "amount": "3", "unit": "t",
    "period": "year", "months": "1", "reach": 100, "note": "",
}  # fmt: skip
MORE: Final[Mapping[str, Mapping[str, Any]]] = {
    "checks.assessments.create": {"draft_id": None}, "clusters.campaigns.change": {"name": "4711"},
    "clusters.campaigns.add_addresses": {"new": [NewAddress("a@firm.example", "f" * 64, "A", "en", "listed")]},
    "clusters.cluster_members.list_organisation": {"name": "4711", "region": "", "role": "firm"},
    "clusters.clusters.change": {"name": "4711"}, "clusters.exchanges.add_post": _POST,
    "clusters.roadmap.add": {"fields": LineFields("4711", "4711")}, "people.people.change_person": {"name": "4711"},
    "people.access.create_session": {"session_hash": "f" * 64}, "plans.plan_items.save_item": {"seen_revision": 1},
    "money.money.save_money": {"seen_revision": 1, "entries": {"a": 1}},
    "people.single_links.spend": {"purpose": "join"},
}  # fmt: skip
"""What single functions need besides."""
VARIANTS: Final[Mapping[str, Sequence[Mapping[str, Any]]]] = {
    "mentors.turns.receivers": [{"side": "mentor"}],
    "people.companies.change_role": [{"role": "owner"}],
    "people.company_consents.is_given": [{"viewer": "benchmark"}],
    "people.company_consents.said_last": [{"viewer": "benchmark"}],
    "people.companies.looked_lately": [{"assessment_id": None}],
    "people.access.grant_section": [{"section": "wat"}],
    "clusters.cluster_documents.content_of": [{"report": POSTER_JOB}],
    "clusters.cluster_documents.keep": [{"report": POSTER_JOB, "digest": "f" * 64}],
}
"""What some are asked besides, because it makes them do something else."""
KINDS: Final[Mapping[str, frozenset[str]]] = {
    "company": frozenset({"assessment_id", "draft_id", "company_id"}),
    "cluster": frozenset({"cluster_id", "campaign_id"}),
    "person": frozenset({"person_id", "mentor_id", "session_hash"}),
}
"""What a function can be asked about, by the parameters that say so."""
PARTS: Final = frozenset({
    "document_id", "grant_id", "suggestion_id", "words_id", "group_id", "member_id", "link_id", "action_id", "line_id",
    "post_id", "passkey_id", "digest", "release_id", "attachment", "link_hash", "emails", "email_hash",
})  # fmt: skip
"""What is named beside that, and belongs to somebody."""


@dataclass(frozen=True)
class Call:
    """A function with what it is told; where `foreign` is not empty, that is somebody else's and nothing is found."""

    function: FunctionType
    given: Mapping[str, Any]
    side: str
    kinds: tuple[str, ...]
    foreign: str = ""

    def __str__(self) -> str:
        more = f" with the {self.foreign} of others" if self.foreign else ""
        return f"{named(self.function)} of {self.side}{more}"


# Functions that are told what another one found, and those that are told a list.


def takers_of(connection: Connection, cluster_id: str, action_id: str) -> Any:
    action = joint_actions.find(connection, cluster_id, action_id)
    return action and joint_actions.takers_of(connection, action)


def accept_offer(connection: Connection, company_id: str, grant_id: str, recorded: Recorded, now: datetime) -> Any:
    found = grants.find_grant(connection, company_id, grant_id, now)
    return found and grants.accept(connection, found, recorded, now)


def leave_cluster(connection: Connection, cluster_id: str, company_id: str, now: datetime) -> Any:
    member = cluster_members.member_of_company(connection, cluster_id, company_id)
    return member and cluster_members.leave(connection, member, now)


def drop_proposed(connection: Connection, assessment_id: str) -> Any:
    return interviews.drop_proposed(connection, assessment_id, REVIEWED)


def end_links_to_a_person(connection: Connection, person_id: str, now: datetime) -> Any:
    return single_links.end_same(connection, "join", Bound(_SAME, person_id=person_id), now)


def end_links_to_a_company(connection: Connection, company_id: str, now: datetime) -> Any:
    return single_links.end_same(connection, "join", Bound(_SAME, company_id=company_id), now)


def end_links_to_a_check(connection: Connection, assessment_id: str, now: datetime) -> Any:
    return single_links.end_same(connection, "join", Bound(_SAME, assessment_id=assessment_id), now)


def answer_again(connection: Connection, assessment_id: str, now: datetime) -> Any:
    """What somebody was shown, sent back after others have answered."""
    draft = assessments.draft_of(connection, assessment_id)
    if draft is None:
        return None
    changes = [Change(REVIEWED, Marker.DO_NOT_KNOW), Change("ene-04", None)]
    return assessments.save_answers(connection, draft, changes, now).revisions


BY_WHAT_THEY_FOUND: Final[Sequence[Any]] = (
    takers_of, accept_offer, leave_cluster, drop_proposed, end_links_to_a_person, end_links_to_a_company,
    end_links_to_a_check, answer_again,
)  # fmt: skip


def calls(side: str, own: Mapping[str, Any], others: Mapping[str, Any]) -> Iterator[Call]:
    """Each function as it is asked about one's own, and with each thing of the others in its place.

    Raises AssertionError for a function that asks for something that nobody has said.
    """
    for function in (*functions(), *BY_WHAT_THEY_FOUND):
        name, given = named(function), {**MORE.get(named(function), {})}
        parameters = inspect.signature(function).parameters.values()
        for each in parameters:
            if each.name in ("connection", "database") or each.kind in (each.VAR_KEYWORD, each.VAR_POSITIONAL):
                continue
            mine = _meant(own, name, each.name)
            if each.name in given or (mine is None and each.default is not each.empty):
                continue
            given[each.name] = SAID.get(each.name) if mine is None else mine
            assert each.name in (*own, *SAID), f"{name}: say in tests/web/tenants.py what {each.name} is"
        kinds = tuple(kind for kind, names in KINDS.items() if names & {*given})
        for more in ({}, *VARIANTS.get(name, ())):
            yield Call(function, {**given, **more}, side, kinds)
        given |= next(iter(VARIANTS.get(name, ())), {})
        whose = WHOSE & {*given}
        for part in sorted((whose if len(whose) > 1 else set()) | (PARTS & {*given})):
            yield Call(function, {**given, part: _meant(others, name, part)}, side, kinds, part)
        if len(both := PARTS & {*given}) > 1:
            theirs = {part: _meant(others, name, part) for part in both}
            yield Call(function, {**given, **theirs}, side, (), " and ".join(sorted(both)))


def _meant(tenant: Mapping[str, Any], function: str, name: str) -> Any:
    module = function.rpartition(".")[0]
    return tenant.get(f"{function}.{name}", tenant.get(f"{module}.{name}", tenant.get(name)))


def guest(connection: Connection, cluster: Cluster) -> dict[str, Any]:
    """Somebody who has to do with a tenant and is none of it: a company, its people, a mentor and a cluster."""
    mark = uuid4().hex
    person, mentor, manager = (
        people.add_person(
            connection, f"{role}@{mark[:8]}.example", NOW, uniquifier=f"{role} {mark}", staff_role=role
        ).id
        for role in ("", "mentor", "manager")
    )
    people.change_person(connection, person, plan_reminders=True)
    company = companies.add_company(connection, f"{mark} Ltd", person, NOW).id
    check = assessments.create(
        connection, questionnaire=cluster.questionnaire, version="1", depth="full", language="en", now=NOW,
        company_id=company,
    ).id  # fmt: skip
    at = dataclasses.replace(cluster, id=uuid4().hex, name=mark, slug=mark, organisation_id=None)
    clusters.add(connection, at, mark * 2, manager)
    session = mark[::-1] * 2
    access.create_session(connection, session, NOW)
    return {
        "person_id": person, "mentor_id": mentor, "manager": manager, "company_id": company, "assessment_id": check,
        "cluster_id": at.id, "session_hash": session,
    }  # fmt: skip


def fill(connection: Connection, here: dict[str, Any], other: Mapping[str, Any]) -> None:
    """Rows of a tenant, of a guest there, and of the tenant at the guest's, where the world has none."""
    check, company, cluster = here["assessment_id"], here["company_id"], here["cluster_id"]
    owner, mentor, second = here["person_id"], here["mentor_id"], here["second"]
    name, word, many = here["questionnaire"], company[:8], 1 + second
    for at in (check, None):
        companies.note_look(connection, company, at, mentor, "read answers", NOW)
        companies.note_look(connection, company, at, other["mentor_id"], "read answers", NOW)
    for given in (True, not second):
        said = dataclasses.replace(_CONSENT, given=given, language=word)
        company_consents.add(connection, company, said)
        company_consents.add(connection, company, dataclasses.replace(said, viewer="mentor", viewer_id=mentor))
    money.save_money(connection, check, 0, NOW, entries={word: 1}, wishes={word: 2})
    reviews.add_mark(connection, check, mentor, 1, NOW)
    reviews.set_visit(connection, check, date(2027, 1, many), word, mentor, NOW)
    passkeys.add(connection, owner, word.encode(), b"key", 0, word, NOW, device_type="single", backed_up=False)
    for company_id, check_id in ((company, check), (other["company_id"], other["assessment_id"])):
        given_by = StoredContribution(company_id, check_id, word + check_id, NOW, {"overall": many})
        contributions.keep(connection, name, given_by)
        # Each of them writes in both companies.
        for at in (owner, other["person_id"]):
            reviews.add_comment(connection, check_id, REVIEWED, word, at, NOW, by_mentor=False)
            glass.break_it(connection, company_id, at, "Somebody asked on the telephone", NOW, NOW + timedelta(hours=1))
        for at, by in ((mentor, owner), (other["mentor_id"], other["person_id"])):
            grants.begin(connection, company_id, at, dataclasses.replace(here["recorded"], person_id=by), NOW)
    companies.add_member(connection, company, other["person_id"], "editor", NOW)
    companies.add_member(connection, other["company_id"], owner, "editor", NOW)
    companies.add_member(connection, other["company_id"], mentor, "editor", NOW)
    draft_addresses.keep(connection, DraftAddress(check, f"{word}@firm.example", word, "en", False), NOW)
    for session, at in ((here["session_hash"], owner), (other["session_hash"], other["person_id"])):
        interrupted.note_end(connection, session, at, NOW)
        interrupted.hold(connection, session, check, "/somewhere", [(word, word)], NOW)
        access.grant_section(connection, session, other["assessment_id"], SECTION, NOW)
        access.grant_section(connection, session, check, SECTION, NOW)
    people.change_person(connection, owner, plan_reminders=True)
    bounds = {
        here["link_hash"]: Bound(f"{word}@firm.example", owner, company, check), f"1{word}": Bound(_SAME, owner),
        f"2{word}": Bound(_SAME, company_id=company), f"3{word}": Bound(_SAME, assessment_id=check),
    }  # fmt: skip
    for link_hash, bound in bounds.items():
        link = StoredLink(uuid4().hex, "join", bound, {}, NOW, NOW + timedelta(days=9))
        single_links.add(connection, link, link_hash)
    access.add_tokens(connection, check, {"resume-link": word[::-1] * 8}, NOW)
    # More than one of what is looked up as the newest, and not as many of both.
    for number in range(many):
        results.add_result(
            connection, check, depth=("quick", "full")[number % 2], engine="1", questionnaire=name, version="1",
            language="en", frozen=f'"{word}"', now=NOW,
        )  # fmt: skip
    cluster_members.note_started_at(connection, other["assessment_id"], other["cluster_id"])
    cluster_members.note_started_at(connection, check, cluster)
    answered = "UPDATE answer_history SET person_id = :owner WHERE assessment_id = :check AND person_id IS NULL"
    connection.execute(text(answered), {"owner": owner, "check": check})
    plan_items.add_own(connection, check, PlanFields(title=word), NOW)
    plan_items.reorder(connection, check, [here["key"]], NOW)
    unclaimed = assessments.create(
        connection, questionnaire=name, version="1", depth="full", language="en", now=NOW
    ).id  # fmt: skip
    here["people.companies.claim.assessment_id"] = unclaimed
    access.grant(connection, here["session_hash"], unclaimed, NOW)
    access.add_tokens(connection, unclaimed, {"resume-link": word[::-1] * 7}, NOW)
    if second:
        asked = Review("ene-04", "asked", 1, None, None, word, "", 1)
        reviews.keep_step(connection, check, asked, word, mentor, NOW + timedelta(days=1), by_mentor=True)
        reviews.add_mark(connection, check, mentor, 1, NOW + timedelta(days=1))
    _fill_cluster(connection, here, other)


def _fill_cluster(connection: Connection, here: dict[str, Any], other: Mapping[str, Any]) -> None:
    """The same in the cluster, and in the guest's."""
    company, cluster, owner = here["company_id"], here["cluster_id"], here["person_id"]
    name, word, second, manager = (
        here["questionnaire"],
        company[:8],
        here["second"],
        here["clusters.clusters.person_id"],
    )
    many, town = (2, "Varna") if second else (1, "Sofia")
    if second:
        roadmap.add(connection, cluster, LineFields(word, word), NOW)
        releases.add(connection, cluster, name, NOW, None, "{}", "{}", took=4711)
    new = NewAddress(f"{word}@firm.example", here["email_hash"], word, "en", "sent")
    campaigns.add_addresses(connection, here["campaign_id"], [new])
    (address,) = (each for each in campaigns.addresses_of(connection, here["campaign_id"]) if each.email == new.email)
    invited = StoredLink(uuid4().hex, "member", Bound(new.email), {}, NOW, NOW + timedelta(days=9))
    single_links.add(connection, invited, f"5{word}")
    campaigns.queue(connection, {address.id: invited.id})
    for at in (other["cluster_id"], cluster):
        for each in (other["manager"], manager):
            if not clusters.is_manager(connection, at, each):
                clusters.add_manager(connection, at, each, NOW)
            action = here["action_id"] = joint_actions.add(
                connection, at, "", word, word, date(2027, 1, 1), None, each, NOW
            )
        for each, person in ((company, owner), (other["company_id"], other["person_id"])):
            member = cluster_members.join(connection, at, each, word, "code", 2, NOW)
            cluster_map.add_links(connection, at, [(member, "energy-audit", "works-with", True)], {"energy-audit"})
            exchanges.take_part(connection, at, each, "BG", town, person, NOW)
            exchanges.add_post(connection, at, each, person, NOW, **{**_POST, "title": word})
            joint_actions.say(connection, action, each, "yes", word, person, NOW)
    exchanges.keep_told(connection, company, {f"{cluster} offer": [many]})
    newest = releases.newest(connection, cluster, name)
    assert newest is not None
    here["release_id"], here["passkey_id"] = newest.id, passkeys.of_person(connection, owner)[0].id
    here["emails"] = [member.email for member in companies.members_of(connection, company)]


def without(whole: Path, target: Path, ids: Set[str]) -> None:
    """The same store without what has one of these ids, what names it, and all that hangs on that."""
    copy_database(whole, target)
    with closing(driver.connect(str(target))) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = {name: connection.execute(f'PRAGMA table_info("{name}")').fetchall() for name in names}
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')
        gone, before = set(ids), 0
        while len(gone) > before:
            before = len(gone)
            for table, columns in tables.items():
                keys = [column[1] for column in columns if column[5]]
                this = " AND ".join(f'"{key}" = ?' for key in keys)
                for values in connection.execute(f'SELECT * FROM "{table}"').fetchall():
                    if gone.intersection(value for value in values if isinstance(value, str)):
                        row = {column[1]: value for column, value in zip(columns, values, strict=True)}
                        connection.execute(f'DELETE FROM "{table}" WHERE {this}', [row[key] for key in keys])
                        gone |= {row["id"]} if isinstance(row.get("id"), str) else set()
        connection.commit()


def functions() -> Iterator[FunctionType]:
    """Every function of storage that is asked about somebody."""
    for found in pkgutil.walk_packages(storage.__path__, f"{storage.__name__}."):
        if ".migrations" not in found.name:
            module = importlib.import_module(found.name)
            for name, value in vars(module).items():
                # What makes a context or a cached value is still the function that is called.
                if isinstance(value, FunctionType) and value.__module__ == found.name and not name.startswith("_"):
                    given = inspect.signature(value).parameters
                    if {"connection", "database"} & {*given} and WHOSE & {*given}:
                        yield value


def named(function: Callable[..., Any]) -> str:
    return f"{function.__module__.removeprefix('assessment.storage.')}.{function.__name__}"


def plain(value: Any) -> Any:
    """A value so that two that say the same are written the same."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return type(value).__name__, [(f.name, plain(getattr(value, f.name))) for f in dataclasses.fields(value)]
    if isinstance(value, Found):
        return sorted(repr(plain(rows)) for rows in value._rows.values())
    if isinstance(value, Mapping):
        return sorted(((plain(name), plain(each)) for name, each in value.items()), key=repr)
    if isinstance(value, Set):
        return sorted(map(plain, value), key=repr)
    if isinstance(value, str | bytes | int | float | None | date | Decimal):
        return value
    if isinstance(value, Sequence | Iterator) or hasattr(value, "_fields"):
        return [plain(each) for each in value]
    return repr(value)


class Store:
    """A store in which functions are tried, each as if it had been the first."""

    def __init__(self, path: Path) -> None:
        self.database = Database(f"sqlite:///{path}")
        with closing(driver.connect(str(path))) as connection:
            found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
            self.tables = {name: connection.execute(f'PRAGMA table_info("{name}")').fetchall() for (name,) in found}
            self.before = self._rows(connection, self.tables)
            self.known = {*ID.findall("\n".join(str(row) for rows in self.before.values() for row in rows))}

    def _rows(self, connection: Any, names: Iterable[str]) -> dict[str, Counter[tuple[object, ...]]]:
        rows = {}
        for name in names:
            # Numbers that a database draws say nothing of whose a row is.
            told = [c[1] for c in self.tables[name] if not (c[5] and c[2].upper() in ("INTEGER", "BIGINT"))]
            quoted = ", ".join(f'"{column}"' for column in told)
            rows[name] = Counter(connection.execute(f'SELECT {quoted} FROM "{name}"').fetchall())
        return rows

    def outcome(self, call: Call) -> Outcome:
        """What a call gives and what it changes, in words; ids that it draws are like any other."""
        function, given, said = call.function, call.given, ""
        changed: list[str] = []
        if "database" in inspect.signature(function).parameters:
            return self._said(lambda: function(**{"database": self.database, **given})), ()
        with suppress(_Undo), self.database.writing() as connection:
            raw, heard = driver_of(connection), list[str]()
            count = raw.total_changes
            raw.set_trace_callback(heard.append)
            said = self._said(lambda: function(**{"connection": connection, **given}))
            raw.set_trace_callback(None)
            for table, now in self._rows(raw, self._written(heard) if raw.total_changes != count else ()).items():
                before = self.before[table]
                changed += [self._known(f"- {table}: {row}") for row in before - now]
                changed += [self._known(f"+ {table}: {row}") for row in now - before]
            raise _Undo
        return said, tuple(sorted(changed))

    def _written(self, statements: Sequence[str]) -> Set[str]:
        """The tables that may have changed: whatever is deleted takes others along."""
        words = [statement.replace('"', " ").replace("(", " ").split() for statement in statements]
        if any(said[:1] == ["DELETE"] for said in words):
            return {*self.tables}
        return {name for said in words if said[:1] in (["INSERT"], ["UPDATE"]) for name in said[1:5]} & {*self.tables}

    def _said(self, act: Callable[[], Any]) -> str:
        try:
            return self._known(repr(plain(act())))
        except Exception as error:
            return f"raised {type(error).__name__}"

    def _known(self, words: str) -> str:
        return ID.sub(lambda found: found[0] if found[0] in self.known else "#", words)


_NOTHING: Final = frozenset({"None", "False", "0", "''", "[]", "raised NotFound"})
_NOBODY: Final = "raised IntegrityError"
_NO_RELATION: Final = "('relations', [])"


_UNCLAIMED: Final = "people.companies.claim.assessment_id"
_ALONE: Final[Mapping[str, tuple[Sequence[str], Sequence[str]]]] = {
    "company": (("companies", "assessments"), ("company_id", "assessment_id", _UNCLAIMED)),
    "cluster": (("clusters",), ("cluster_id",)),
    "person": (("people", "sessions"), ("person_id", "mentor_id", "clusters.clusters.person_id", "session_hash")),
}
"""The tables of each kind, and what of them is one's own."""


BY_OTHERS: Final = frozenset({
    # By who else is there.
    ("aggregates.releases.newest_of_others", "cluster"), ("clusters.clusters.run_alone_by", "person"),
    ("clusters.clusters.remove_manager", "person"), ("people.partings.only_here", "company"),
    ("people.partings.erase_company", "company"),
    # What a colleague or a mentor said, made or attached there stands or falls with it.
    ("aggregates.comparison_groups.add", "person"), ("checks.evidence.attach", "person"),
    ("mentors.reviews.keep_step", "person"), ("mentors.reviews.add_comment", "person"),
})  # fmt: skip
"""Functions for which others of a kind rightly make a difference."""
NEW: Final = frozenset({
    ("checks.evidence.attach", "attachment"), ("checks.results.add_document", "digest"),
    ("clusters.campaigns.mark_joined", "member_id"), ("clusters.campaigns.opt_out", "email_hash"),
    ("clusters.cluster_documents.keep", "digest"), ("clusters.joint_actions.add", "release_id"),
    ("clusters.joint_actions.say", "action_id"), ("clusters.joint_actions.for_company", "cluster_id"),
    ("clusters.joint_actions.for_company", "company_id"), ("checks.evidence.room", "assessment_id"),
    ("checks.evidence.room", "company_id"), ("mentors.reviews.keep_step", "assessment_id"),
    ("people.companies.claim", "assessment_id"), ("people.interrupted.hold", "assessment_id"),
    ("people.interrupted.hold", "session_hash"),
    # Who opens a check may stand to it in two ways, and each is asked for.
    ("checks.assessments.open_draft", "person_id"), ("checks.assessments.open_draft", "session_hash"),
    # The caller has found a talk between both.
    ("clusters.exchanges.contact_of", "cluster_id"), ("clusters.exchanges.contact_of", "company_id"),
})  # fmt: skip
"""Parameters that are put down, or ask a second question, and do not look up the first."""
BETWEEN: Final = frozenset({"mentors.grants.begin", "mentors.grants.offer"})
"""What is put down between two, and only where there is none yet."""


class Tenants:
    """One store with both, and for each side stores without all other companies, clusters or people."""

    def __init__(self, world: World, folder: Path, questionnaire: str) -> None:
        copy_database(world.kept, folder / "whole")
        self.questionnaire = questionnaire
        ours, theirs = (
            about(world, of, cluster, questionnaire)
            for of, cluster in (("ours", "our cluster"), ("theirs", "their cluster"))
        )
        database = Database(f"sqlite:///{folder / 'whole'}")
        with database.writing() as connection:
            guests = [guest(connection, cluster) for cluster in world.clusters.values()]
            for tenant, other in zip((ours, theirs), guests, strict=True):
                fill(connection, tenant, other)
        database.close()
        self.whole = Store(folder / "whole")
        # Of the second only its own: what is found first must not be one's own by chance.
        second = [call for call in calls("theirs", theirs, ours) if not call.foreign]
        self.calls = [*calls("ours", ours, theirs), *second]
        self.beginner = str(guests[0]["company_id"])
        """A company that has begun a check, among others that have results."""
        self.less: dict[tuple[str, str], Store] = {}
        organisations = {cluster.organisation_id for cluster in world.clusters.values()}
        for side, own in (("ours", ours), ("theirs", theirs)):
            for kind, (tables, names) in _ALONE.items():
                listed = {str(row[0]) for table in tables for row in self.whole.before[table]}
                without(
                    folder / "whole", folder / f"{side}-{kind}", listed - {own[name] for name in names} - organisations
                )
                self.less[side, kind] = Store(folder / f"{side}-{kind}")

    def wrong(self, call: Call) -> str:
        """What is wrong with what a call comes to; empty for nothing."""
        found = self.whole.outcome(call)
        if not call.foreign:
            return self._differs(call, found, call.kinds)
        kinds = [kind for kind, names in KINDS.items() if call.foreign in names]
        # Whoever is not there cannot be put down: so nothing is looked up by them.
        if any(self.less[call.side, kind].outcome(call)[0] == _NOBODY for kind in kinds):
            both = named(call.function) in BETWEEN
            return self._differs(call, found, [kind for kind in call.kinds if both and kind not in kinds])
        nothing = found[0] in _NOTHING or _NO_RELATION in found[0] or found[0] == _NOBODY
        if (nothing and not found[1]) or (named(call.function), call.foreign) in NEW:
            return ""
        return f"{call} finds {found}"

    def _differs(self, call: Call, found: Outcome, kinds: Sequence[str]) -> str:
        for kind in kinds:
            less = self.less[call.side, kind].outcome(call)
            if less != found and (named(call.function), kind) not in BY_OTHERS:
                return f"{call} differs without the other {kind}: {found} and {less}"
        return ""


@contextmanager
def followed(wanted: Set[CodeType], met: set[CodeType]) -> Iterator[None]:
    """Puts down which of the wanted functions are gone through."""

    def called(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code in wanted:
            met.add(frame.f_code)

    sys.setprofile(called)
    try:
        yield
    finally:
        sys.setprofile(None)
