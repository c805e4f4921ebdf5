"""What a restored database has to do with the list beside it: erase again, and end again what had ended since.

Everything goes towards less: nothing is given back to anybody. Where the backup cannot know whether something was used
or taken back after it (sessions, links that work once), it ends for all.
"""

import json
import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, select, update

from assessment.storage.clusters import cluster_members, exchanges
from assessment.storage.clusters import clusters as stored_clusters
from assessment.storage.clusters.cluster_tables import (
    cluster_managers,
    clusters,
    exchange_members,
    exchange_talks,
    joint_answers,
)
from assessment.storage.mentors.grants import INTERVIEW
from assessment.storage.mentors.review_sums import sum_up
from assessment.storage.mentors.review_tables import comments, mentor_notes
from assessment.storage.people import access, companies, company_consents, partings, people
from assessment.storage.people.company_consents import CompanyConsent
from assessment.storage.people.partings import Gone
from assessment.storage.people.people_tables import companies as company_table
from assessment.storage.people.people_tables import grants, memberships, passkeys
from assessment.storage.people.people_tables import people as people_table
from assessment.storage.tables import assessments, evidence, session_drafts, sessions, tokens
from assessment.storage.upkeep import erasure
from assessment.storage.upkeep.erasure_list import ErasureList, Listed, digest, entry

WAYS_BACK: Final = ("resume-link", "resume-code")
_HOW: Final = "restored backup"
_WORDS: Final = "Taken back after the backup was written that was restored."


def replay(listing: ErasureList, connection: Connection, now: datetime, undo: timedelta) -> Gone:
    """Bring a restored database to the state that the list asks for; what was erased by that.

    `undo` is how long what was deleted can be taken back.
    """
    listed = listing.read()
    gone = _erase(connection, listed)
    _end_links_and_sessions(connection, listed, now)
    _end_accesses(connection, listed, now)
    _shut_accounts(connection, listed, undo)
    _let_go(connection, listed)
    _shut_companies(connection, listed, now, undo)
    _leave_clusters(connection, listed, now)
    return gone


def _erase(connection: Connection, listed: Listed) -> Gone:
    gone = Gone()
    for company in listed.among(connection.execute(select(company_table.c.id)).scalars()):
        gone += partings.erase_company(connection, company)
    for check in listed.among(connection.execute(select(assessments.c.id)).scalars()):
        erasure.erase(connection, check)
        gone += Gone(checks=(check,))
    for person in listed.among(connection.execute(select(people_table.c.id)).scalars()):
        gone += partings.erase_person(connection, person)
    for cluster in listed.among(connection.execute(select(clusters.c.id)).scalars()):
        gone += partings.erase_cluster(connection, cluster)
    for table in (evidence, comments, mentor_notes):
        for row in listed.among(connection.execute(select(table.c.id)).scalars()):
            taken = delete(table).where(table.c.id == row).returning(table.c.assessment_id)
            of = connection.execute(taken).scalar_one()
            if table is comments:
                sum_up(connection, of)
    return gone


def _end_links_and_sessions(connection: Connection, listed: Listed, now: datetime) -> None:
    connection.execute(delete(sessions).where(sessions.c.person_id.is_not(None)))
    for browser in connection.execute(select(sessions.c.hash)).scalars().all():
        if listed.since(entry("browser", browser)) is not None:
            access.end_session(connection, browser)
    connection.execute(delete(session_drafts).where(session_drafts.c.section != ""))
    holds = tokens.c.revoked_at.is_(None)
    connection.execute(update(tokens).where(tokens.c.purpose.not_in(WAYS_BACK), holds).values(revoked_at=now))
    back = select(tokens.c.assessment_id).where(tokens.c.purpose.in_(WAYS_BACK), holds).distinct()
    for check in list(connection.execute(back).scalars()):
        if (replaced := listed.since(entry("way back", check))) is not None:
            old = (tokens.c.assessment_id == check, tokens.c.purpose.in_(WAYS_BACK), tokens.c.created_at < replaced)
            connection.execute(update(tokens).where(*old, holds).values(revoked_at=now))


def _end_accesses(connection: Connection, listed: Listed, now: datetime) -> None:
    """Of mentors: the access itself, and that they may fill in for the company."""
    active = select(grants.c.id, grants.c.company_id, grants.c.mentor_id, grants.c.interview_agreed_at)
    for grant, company, mentor, agreed in connection.execute(active.where(grants.c.state == "active")).all():
        over = listed.since(grant) is not None
        if over:
            ended = update(grants).where(grants.c.id == grant)
            connection.execute(ended.values(state="ended", ended_at=now))
            _withdraw(connection, company, "mentor", now, mentor)
        if agreed is not None and (over or listed.since(entry("interview", grant)) is not None):
            connection.execute(update(grants).where(grants.c.id == grant).values(interview_agreed_at=None))
            _withdraw(connection, company, INTERVIEW, now, mentor)


def _shut_accounts(connection: Connection, listed: Listed, undo: timedelta) -> None:
    """Deleted or switched off accounts, staff roles that were taken away, what opened an account and does no longer."""
    for key in listed.among(connection.execute(select(passkeys.c.id)).scalars()):
        connection.execute(delete(passkeys).where(passkeys.c.id == key))
    with_key = set(connection.execute(select(passkeys.c.person_id)).scalars())
    for row in connection.execute(select(people_table)).all():
        person, role = row.id, row.staff_role
        if (deleted := listed.since(entry("deleted account", person))) is not None:
            partings.mark_account(connection, person, deleted + undo)
        if listed.since(entry("switched off", person)) is not None:
            people.change_person(connection, person, active=False)
        if role and listed.since(entry("role", person, role)) is not None:
            people.change_person(connection, person, staff_role="")
        if left := _less(row, listed, has_passkey=person in with_key):
            people.change_person(connection, person, uniquifier=secrets.token_hex(32), **left)
        if listed.since(entry("address", person, row.email)) is not None:
            partings.forget_words(connection, row.email)
            people.forget_address(connection, person)


def _less(person: Row[Any], listed: Listed, *, has_passkey: bool) -> dict[str, object]:
    """What has to change of an account so that nothing opens it that its owner gave up; empty where nothing has to.

    What came in its place is not known here: a mailed link sets another password, and then another second factor.
    """
    app = "" if listed.since(entry("app", person.totp_secret)) is not None else person.totp_secret
    codes = json.loads(person.recovery_codes)
    kept = [code for code in codes if listed.since(entry("recovery code", code)) is None]
    password = "" if listed.since(entry("password", person.password_hash)) is not None else person.password_hash
    if not app and not has_passkey:
        kept = []
        if listed.since(entry("password alone", person.id)) is not None:
            # Its owner meant to be asked for more as well, so whoever knows the password is not let in by it.
            password = ""
    step = person.totp_step if app else 0
    less = {"totp_secret": app, "totp_step": step, "recovery_codes": json.dumps(kept), "password_hash": password}
    return {name: value for name, value in less.items() if value != getattr(person, name)}


def _let_go(connection: Connection, listed: Listed) -> None:
    """Who no longer belongs to a company, owns it or runs a cluster; the last owner or manager stays all the same."""
    belonging = select(memberships.c.company_id, memberships.c.person_id).order_by(memberships.c.company_id)
    for company, person in connection.execute(belonging).all():
        if listed.since(entry("member", company, person)) is not None:
            if companies.remove_member(connection, company, person):
                partings.forget_author(connection, company, person)
        elif listed.since(entry("owner", company, person)) is not None:
            companies.change_role(connection, company, person, "editor")
    for cluster, person in connection.execute(
        select(cluster_managers.c.cluster_id, cluster_managers.c.person_id)
    ).all():  # fmt: skip
        over = listed.since(entry("manager", cluster, person)) is not None
        if over and stored_clusters.remove_manager(connection, cluster, person):
            partings.forget_manager(connection, cluster, person)


def _shut_companies(connection: Connection, listed: Listed, now: datetime, undo: timedelta) -> None:
    """Deleted and restricted companies, and what a company no longer agrees to."""
    for company in list(connection.execute(select(company_table.c.id)).scalars()):
        if listed.since(entry("restricted", company)) is not None:
            partings.restrict(connection, company, True)
        if (deleted := listed.since(entry("deleted company", company))) is not None:
            partings.mark_for_erasing(connection, company, deleted + undo)
        if listed.since(entry("compared", company)) is not None and companies.set_compared(connection, company, False):
            _withdraw(connection, company, company_consents.COMPARED, now)
        agreed = company_consents.is_given(connection, company, "reminders")
        if agreed and listed.since(entry("reminders", company)) is not None:
            _withdraw(connection, company, "reminders", now)


def _withdraw(connection: Connection, company_id: str, viewer: str, now: datetime, viewer_id: str = "") -> None:
    row = CompanyConsent(viewer, viewer_id, False, digest(b"", _WORDS), "en", _HOW, None, now)
    company_consents.add(connection, company_id, row)


def _leave_clusters(connection: Connection, listed: Listed, now: datetime) -> None:
    """Memberships, agreements, and what a company said to others in a cluster."""
    for member in cluster_members.all_active(connection):
        if listed.since(member.id) is not None:
            cluster_members.leave(connection, member, now)
            continue
        for what in cluster_members.AGREEMENTS:
            if listed.since(f"{member.id}:{what}") is not None:
                cluster_members.agree(connection, member.id, what, False)
    here = select(exchange_members.c.cluster_id, exchange_members.c.company_id)
    for cluster, company in connection.execute(here).all():
        if listed.since(entry("exchange", cluster, company)) is not None:
            exchanges.leave(connection, cluster, company)
    talks = exchange_talks.c
    for talk in connection.execute(select(exchange_talks)).all():
        for side, post in (("offer", talk.offer_id), ("need", talk.need_id)):
            if post and listed.since(entry("talk", talk.offer_id or "", talk.need_id or "", side)) is not None:
                ended = update(exchange_talks).where(talks.id == talk.id)
                connection.execute(ended.values({f"{side}_yes_at": None, "ended_by": side}))
    said = joint_answers.c
    for action, company in connection.execute(
        select(said.joint_action_id, said.company_id).where(said.answer == "yes")
    ).all():  # fmt: skip
        if listed.since(entry("joint", action, company)) is not None:
            mine = update(joint_answers).where(said.joint_action_id == action, said.company_id == company)
            connection.execute(mine.values(answer="no", words="", at=now))
