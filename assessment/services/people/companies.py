"""A company with an account: its home, its checks side by side, starting another, its name, and who belongs to it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import Connection

from assessment.core.access import Action, Standing, decide
from assessment.core.checks.route import Depth
from assessment.core.errors import NotFound, Refused
from assessment.services.aggregates.contributing import note_started
from assessment.services.asking import Asking, insist
from assessment.services.instance import Instance
from assessment.services.people import links_once
from assessment.services.people.links_once import Bound, Made, StoredLink
from assessment.services.upkeep.gone import put_down_ended, put_down_whether
from assessment.storage.checks import assessments
from assessment.storage.checks import results as stored_results
from assessment.storage.checks.results import StoredResult
from assessment.storage.people import companies as stored
from assessment.storage.people import partings, single_links
from assessment.storage.people.companies import CheckLine, Company, Member
from assessment.storage.upkeep import audit
from assessment.storage.upkeep.erasure_list import entry

LONGEST_NAME: Final = 100
Role = Literal["owner", "editor"]
_LOOKS: Final = (Action.SEE_COMPANY, Action.READ_RESULTS)
"""What shows something of the company's checks."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A company that somebody may do something with, and how they stand to it."""

    company: Company
    standing: Standing

    def may(self, action: Action) -> bool:
        """Whether they may do something else there as well, such as what a link on the page leads to."""
        return decide(action, self.standing) == "yes"


@dataclass(frozen=True, slots=True)
class Scores:
    """What a check's result came to: the headline, and that of each section, None where there was too little."""

    taken_at: datetime
    depth: str
    questionnaire: str
    version: str
    overall: int | None
    sections: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a company with its result, if it has one."""

    line: CheckLine
    scores: Scores | None
    followed: bool
    """There is a later check that follows this one."""


def enter(instance: Instance, asking: Asking, company_id: str) -> Entered:
    """The company, if whoever asks may do there what they are about to.

    Raises NotFound for one that does not exist and for one of somebody else alike, NotYours where it is known but
    this is not theirs to do.
    """
    with instance.database.reading() as connection:
        found = entered(instance, connection, asking, company_id)
    if found.standing.from_outside and asking.action in _LOOKS:
        _note_look(instance, asking, company_id)
    return found


def _note_look(instance: Instance, asking: Asking, company_id: str) -> None:
    """Put down for the company that somebody from outside it saw its checks and scores, once an hour."""
    look, now = (company_id, None, asking.person_id, asking.action.value), instance.now()
    if not stored.looked_lately(instance.database, *look, now):
        with instance.database.writing() as connection:
            stored.note_look(connection, *look, now)


def entered(instance: Instance, connection: Connection, asking: Asking, company_id: str) -> Entered:
    """The same in the caller's transaction: what is written there rests on who they are now."""
    company = stored.find_company(connection, company_id)
    standing = stored.standing_in(connection, company_id, asking.person_id, instance.now())
    insist(asking, standing, company_id)
    if company is None:
        raise NotFound(company_id)
    return Entered(company, standing)


def companies_of(instance: Instance, person_id: str) -> Sequence[tuple[Company, str]]:
    """The companies that a person belongs to, each with the person's role."""
    with instance.database.reading() as connection:
        return stored.companies_of(connection, person_id)


def add_company(instance: Instance, person_id: str, name: str) -> str:
    """Another company of a person, who owns it; its id."""
    with instance.database.writing() as connection:
        company_id = stored.add_company(connection, name, person_id, instance.now()).id
        _note(instance, connection, "company made", person_id, {"company": company_id})
    return company_id


def rename(instance: Instance, asking: Asking, company_id: str, name: str) -> None:
    """Give a company another name."""
    with instance.database.writing() as connection:
        entered(instance, connection, asking, company_id)
        stored.rename(connection, company_id, name)


def checks_of(instance: Instance, company_id: str) -> list[Check]:
    """The checks of a company, the one last changed first."""
    with instance.database.reading() as connection:
        lines = stored.checks_of(connection, company_id)
        results: dict[str, list[StoredResult]] = {}
        for result in stored_results.results_of_company(connection, company_id):
            results.setdefault(result.assessment_id, []).append(result)
    followed = {line.previous_id for line in lines}
    return [Check(line, _shown(results.get(line.id, [])), line.id in followed) for line in lines]


def _shown(found: Sequence[StoredResult]) -> Scores | None:
    """The newest, save that a quick one stays until a full one reaches a headline, as on the page of results."""
    if not found:
        return None
    newest = _scores(found[-1])
    earlier = [_scores(result) for result in found[:-1]]
    quick = next((scores for scores in earlier if scores.depth == "quick" and scores.overall is not None), None)
    return quick if quick is not None and newest.overall is None else newest


def _scores(result: StoredResult) -> Scores:
    kept = json.loads(result.frozen)
    sections = {section: figures["headline"] for section, figures in kept["sections"].items()}
    return Scores(
        result.taken_at, result.depth, result.questionnaire, result.version, kept["overall"]["headline"], sections
    )


def start_check(
    instance: Instance, asking: Asking, company_id: str, depth: Depth, site: str, language: str, name: str = ""
) -> str:  # fmt: skip
    """A new check of a company, of one of its sites or offers where it has several; the check's id.

    `name` is that of another questionnaire than the one for anyone. Raises NotFound for one that is not there.
    """
    name, version = instance.library.newest_of(name) if name else instance.library.newest
    now = instance.now()
    with instance.database.writing() as connection:
        company = entered(instance, connection, asking, company_id).company
        draft = assessments.create(
            connection, questionnaire=name, version=version, depth=depth, language=language, now=now,
            company_id=company.id, site=site,
        )  # fmt: skip
        assessments.set_company_name(connection, draft.id, printed_name(company.name, site), now)
        note_started(connection, company.id, draft.questionnaire)
    return draft.id


def printed_name(name: str, site: str) -> str:
    """What stands on the plan of a check: the company, and its site where there are several."""
    return f"{name}, {site}" if site else name


# Colleagues


def members_of(instance: Instance, company_id: str) -> Sequence[Member]:
    """Everybody who belongs to a company, the longest there first."""
    with instance.database.reading() as connection:
        return stored.members_of(connection, company_id)


def invitations_of(instance: Instance, company_id: str) -> Sequence[StoredLink]:
    """The invitations that nobody has taken up and that still hold."""
    with instance.database.reading() as connection:
        return single_links.held_by(connection, "join", instance.now(), company_id=company_id)


def invite(
    instance: Instance, connection: Connection, asking: Asking, company_id: str, email: str, role: Role
) -> Made:  # fmt: skip
    """A link by which somebody joins, in the caller's transaction, which also posts the mail.

    Raises Refused("member-already") where the address belongs to somebody who is there.
    """
    entered(instance, connection, asking, company_id)
    if any(member.email == email for member in stored.members_of(connection, company_id)):
        raise Refused("member-already")
    return links_once.make(instance, connection, "join", Bound(email, company_id=company_id),
                           {"role": role, "person": asking.person_id})  # fmt: skip


def withdraw(instance: Instance, asking: Asking, company_id: str, link_id: str) -> None:
    """End an invitation. Raises NotFound where it does not hold."""
    with instance.database.writing() as connection:
        entered(instance, connection, asking, company_id)
        if not single_links.end(connection, instance.now(), id=link_id, company_id=company_id, purpose="join"):
            raise NotFound(link_id)


def change_role(instance: Instance, asking: Asking, company_id: str, person_id: str, role: Role) -> None:
    """Give a colleague another role. Raises Refused("last-owner") where no owner would be left."""
    with instance.database.writing() as connection:
        _colleague(instance, connection, asking, company_id, person_id)
        if not stored.change_role(connection, company_id, person_id, role):
            raise Refused("last-owner")
        put_down_whether(instance, entry("owner", company_id, person_id), over=role != "owner")
        subject = {"company": company_id, "person": person_id, "role": role}
        _note(instance, connection, "role changed", asking.person_id, subject)


def remove(instance: Instance, asking: Asking, company_id: str, person_id: str) -> None:
    """Let a colleague no longer belong to the company, from their next request on.

    Raises Refused("last-owner") where no owner would be left.
    """
    with instance.database.writing() as connection:
        _colleague(instance, connection, asking, company_id, person_id)
        if not stored.remove_member(connection, company_id, person_id):
            raise Refused("last-owner")
        partings.forget_author(connection, company_id, person_id)
        put_down_ended(instance, entry("member", company_id, person_id))
        _note(instance, connection, "member left", asking.person_id, {"company": company_id, "person": person_id})


def leave(instance: Instance, asking: Asking, company_id: str) -> None:
    """No longer belong to a company oneself. Raises Refused("last-owner") where no owner would be left."""
    remove(instance, asking, company_id, asking.person_id)


def colleague(instance: Instance, company_id: str, person_id: str) -> Member:
    """Somebody who belongs to a company. Raises NotFound for anybody else."""
    for member in members_of(instance, company_id):
        if member.person_id == person_id:
            return member
    raise NotFound(person_id)


def _colleague(
    instance: Instance, connection: Connection, asking: Asking, company_id: str, person_id: str
) -> None:  # fmt: skip
    """Hold the company, and go on only where the act is theirs and is about somebody who belongs there."""
    stored.hold(connection, company_id)
    entered(instance, connection, asking, company_id)
    if not stored.role_of(connection, company_id, person_id):
        raise NotFound(person_id)


def _note(
    instance: Instance, connection: Connection, event: audit.Event, actor: str, subject: audit.Subject
) -> None:  # fmt: skip
    audit.note(connection, instance.settings.audit_key, event, actor, subject, instance.now())
