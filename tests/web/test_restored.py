"""A restored backup brings nothing back that ended after it was written: rights, agreements, words. PRV-05."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from assessment.core.access import Action
from assessment.core.checks.attachments import attachment_of
from assessment.services.asking import Asking
from assessment.services.clusters import belonging, clusters, exchange, joint_actions
from assessment.services.mails import Mail
from assessment.services.mentors import mentoring
from assessment.services.mentors.mentoring import Agreement
from assessment.services.people import companies, company_consents, parting, parting_accounts
from assessment.services.people.company_consents import Words
from assessment.services.upkeep import administering, restoring
from assessment.storage.checks import evidence
from assessment.storage.clusters import cluster_members, exchanges
from assessment.storage.clusters import clusters as stored_clusters
from assessment.storage.clusters import joint_actions as stored_joint
from assessment.storage.mentors import grants, reviews
from assessment.storage.people import companies as stored
from assessment.storage.people import company_consents as stored_consents
from assessment.storage.people import people
from assessment.storage.people.people_tables import companies as company_table
from assessment.storage.upkeep.erasure_list import FILE
from tests.web.clustered import add_cluster
from tests.web.mentored import Mentored, mentored
from tests.web.people import person, signed_in
from tests.web.visiting import Visitor

__all__ = ["mentored"]

PAPER = b"%PDF-1.7\n1 0 obj\n<</Type /Page>>\nendobj\ntrailer\n%%EOF\n"
SAID = Words("words", "en")
TOLD = Mail("", "x", ("x",), notice=True)


@dataclass
class Full:
    """A company that has given all there is to give, in a cluster, with a colleague."""

    both: Mentored
    colleague: str
    cluster: str
    member: str
    action: str
    manager: str
    admin: str
    alone: Visitor
    """Somebody with a check without an account."""

    def asking(self, action: Action, by: str = "") -> Asking:
        return Asking("", action, by or self.both.owner_id)


def full(both: Mentored) -> Full:
    site = both.site
    colleague, manager = person(site, "emil@bakery.example.org"), person(site, "mina@cluster.example", "manager")
    second, admin = person(site, "max@cluster.example", "manager"), person(site, "ada@run.example", "administrator")
    cluster, now = add_cluster(site, manager), site.clock()
    with site.instance.database.writing() as connection:
        stored.add_member(connection, both.company_id, colleague, "owner", now)
        stored_clusters.add_manager(connection, cluster, second, now)
        member = cluster_members.join(
            connection, cluster, both.company_id, "Bakery", "code", 0, now,
            dict.fromkeys(cluster_members.AGREEMENTS, True),
        )  # fmt: skip
        exchanges.take_part(connection, cluster, both.company_id, "BG", "Sofia", both.owner_id, now)
        action = stored_joint.add(connection, cluster, "buying", "Lamps", "", date(2027, 6, 1), None, manager, now)
        stored_joint.say(connection, action, both.company_id, "yes", "Count us in", both.owner_id, now)
        reviews.add_comment(connection, both.draft_id, "", "Comment 4711", both.owner_id, now, by_mentor=False)
        evidence.attach(connection, both.draft_id, "ene-03", "b.pdf", attachment_of(PAPER), both.owner_id, now)
        people.change_person(connection, colleague, password_hash="old hash", name="Emil")
    alone = site.visitor()
    alone.start("quick")
    found = Full(both, colleague, cluster, member, action, second, admin, alone)
    agree(found, True)
    return found


def agree(it: Full, given: bool) -> None:
    """The company says yes, or no, to everything that it is asked."""
    instance, company = it.both.site.instance, it.both.company_id
    (grant,) = mentors(it)
    mentoring.agree_to_interview(
        instance, it.asking(Action.MANAGE_MENTORS), company, grant, given, Agreement("words", "en")
    )
    belonging.be_compared(instance, it.asking(Action.GIVE_CONSENT), company, given, SAID)
    company_consents.agree_to_reminders(instance, it.asking(Action.GIVE_CONSENT), company, given, SAID)
    joint_actions.answer(
        instance, it.asking(Action.JOIN_CLUSTERS), company, it.cluster, it.action, "yes" if given else "no", "",
    )  # fmt: skip
    asking = it.asking(Action.JOIN_CLUSTERS)
    belonging.agree(instance, asking, company, it.cluster, "named", given, SAID)
    parting.restrict(instance, it.asking(Action.DELETE_COMPANY), company, not given)
    if given:
        exchange.take_part(instance, it.asking(Action.SPEAK_IN_CLUSTER), company, it.cluster, "BG", "Sofia")
    else:
        exchange.leave(instance, it.asking(Action.SPEAK_IN_CLUSTER), company, it.cluster)
    role: companies.Role = "owner" if given else "editor"
    companies.change_role(instance, it.asking(Action.MANAGE_COLLEAGUES), company, it.colleague, role)


def mentors(it: Full) -> list[str]:
    with it.both.site.instance.database.reading() as connection:
        return [grant.id for grant in grants.grants_of(connection, it.both.company_id, it.both.site.clock())]


def state(it: Full) -> dict[str, Any]:
    """What the database says now."""
    with it.both.site.instance.database.reading() as connection:
        company = connection.execute(select(company_table).where(company_table.c.id == it.both.company_id)).one()
        member = cluster_members.find_member(connection, it.cluster, it.member)
        agreed = grants.grants_of(connection, it.both.company_id, it.both.site.clock())
        action = stored_joint.find(connection, it.cluster, it.action)
        colleague = people.find_person(connection, id=it.colleague)
        assert member is not None
        assert action is not None
        assert colleague is not None
        return {
            "restricted": company.restricted, "compared": company.compared, "erase_at": company.erase_at,
            "named": member.named, "state": member.state,
            "interview": [bool(grant.interview_agreed_at) for grant in agreed],
            "exchange": exchanges.place_of(connection, it.cluster, it.both.company_id) is not None,
            "joint": len(stored_joint.takers_of(connection, action)),
            "role": stored.role_of(connection, it.both.company_id, it.colleague),
            "comments": len(reviews.words_of(connection, "shared", it.both.draft_id)),
            "documents": len(evidence.documents_of(connection, it.both.draft_id)),
            "on": colleague.active, "leaves": colleague.erase_at, "password": colleague.password_hash,
            "manager": stored_clusters.is_manager(connection, it.cluster, it.manager),
            "reminders": stored_consents.is_given(connection, it.both.company_id, "reminders"),
        }  # fmt: skip


@pytest.fixture
def restored(mentored: Mentored, tmp_path: Path) -> Callable[[Callable[[Full], None]], tuple[Full, dict[str, Any]]]:
    """Backs up a company that has given everything, lets something happen, and brings the backup back."""

    def run(happens: Callable[[Full], None]) -> tuple[Full, dict[str, Any]]:
        it, site = full(mentored), mentored.site
        settings, database = site.instance.settings, site.instance.database
        before = state(it)
        restoring.back_up(settings, database, tmp_path / "copy", site.clock())
        site.clock.forward(hours=1)
        happens(it)
        site.clock.forward(hours=1)
        database.close()
        restoring.bring_back(settings, tmp_path / "copy", replace=True, now=site.clock)
        return it, before

    return run


Restored = Callable[[Callable[[Full], None]], tuple[Full, dict[str, Any]]]


def test_what_a_company_took_back_stays_taken_back(restored: Restored) -> None:
    it, before = restored(lambda it: agree(it, False))
    assert (before["interview"], before["role"], before["joint"]) == ([True], "owner", 1)
    after = state(it)
    assert {name for name in after if after[name] != before[name]} == {
        "restricted", "compared", "named", "interview", "exchange", "joint", "role", "reminders",
    }  # fmt: skip
    assert after["restricted"] is True


def test_without_the_list_it_would_all_come_back(restored: Restored) -> None:
    """The negative control."""

    def forget(it: Full) -> None:
        agree(it, False)
        (it.both.site.instance.settings.data_dir / FILE).unlink()

    it, before = restored(forget)
    assert state(it) == before


def test_what_was_given_again_counts_as_in_the_backup(restored: Restored) -> None:
    def to_and_fro(it: Full) -> None:
        agree(it, False)
        agree(it, True)

    it, before = restored(to_and_fro)
    assert state(it) == before


def test_who_went_or_was_shut_out_stays_out(restored: Restored) -> None:
    def go(it: Full) -> None:
        instance, company = it.both.site.instance, it.both.company_id
        companies.remove(instance, it.asking(Action.MANAGE_COLLEAGUES), company, it.colleague)
        clusters.remove_manager(instance, it.asking(Action.RUN_CLUSTER, it.manager), it.cluster, it.manager)
        administering.switch(instance, it.admin, it.colleague, active=False, mail=TOLD)
        administering.give_role(instance, it.admin, it.manager, "", lambda _: TOLD, lambda *_: TOLD, lambda *_: TOLD)

    it, before = restored(go)
    after = state(it)
    assert {name for name in after if after[name] != before[name]} == {"role", "manager", "on"}
    assert after["role"] == ""
    with it.both.site.instance.database.reading() as connection:
        manager = people.find_person(connection, id=it.manager)
    assert manager is not None
    assert manager.staff_role == ""


def test_what_was_deleted_stays_deleted_and_what_waits_for_that_goes_on_the_day_that_was_told(
    restored: Restored,
) -> None:
    def delete(it: Full) -> None:
        instance, asking = it.both.site.instance, it.asking(Action.DELETE_COMPANY)
        owner = it.both.owner
        owner.submit(owner.get(f"{it.both.hub}/mentor"), action="/delete")
        page = owner.get(f"{it.both.hub}/evidence/ene-03")
        owner.submit(page, action="/remove")
        parting_accounts.ask_erasing(instance, it.colleague)
        parting.ask_erasing(instance, asking, it.both.company_id)

    it, before = restored(delete)
    after = state(it)
    assert {name for name in after if after[name] != before[name]} == {
        "comments", "documents", "erase_at", "leaves", "on"
    }  # fmt: skip
    assert f"{after['erase_at']:%d %H}" == f"{after['leaves']:%d %H}" == "01 13"


def test_an_old_password_and_an_old_way_back_open_nothing_any_more(restored: Restored) -> None:
    links: list[str] = []

    def change(it: Full) -> None:
        links.append(resume_link(it))
        it.alone.post(f"{it.alone.hub}/keep")
        signed_in(it.both.site, it.colleague).post("/account/password", {"password": "a new one of 2026"})

    it, before = restored(change)
    assert before["password"] == "old hash"
    assert state(it)["password"] == ""
    it.both.site.visitor().get(links[0], status=404)


@pytest.mark.parametrize("left", [True, False])
def test_a_browser_that_was_closed_stays_closed_and_another_stays_open(restored: Restored, left: bool) -> None:
    cookies: list[str] = []

    def leave(it: Full) -> None:
        cookies.append(it.alone.session)
        if left:
            it.alone.post("/leave")
            # Nobody is here any more, so there is nothing to put down.
            it.alone.post("/leave")

    it, _ = restored(leave)
    again = it.both.site.visitor()
    again.session = cookies[0]
    again.get(it.alone.hub, status=404 if left else 200)
    listed = (it.both.site.instance.settings.data_dir / FILE).exists()
    assert listed is left


def test_a_way_back_that_nobody_replaced_still_works(restored: Restored) -> None:
    links: list[str] = []
    it, before = restored(lambda it: links.append(resume_link(it)))
    assert state(it) == before
    it.both.site.visitor().get(links[0])


def resume_link(it: Full) -> str:
    """The way back to the check without an account."""
    return next(urlsplit(link).path for link in it.alone.get(f"{it.alone.hub}/keep").links() if "/resume/" in link)
