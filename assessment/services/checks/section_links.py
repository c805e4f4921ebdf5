"""A link by which a colleague without an account fills in one section of a check, and nothing else of it.

Each section has one such link at a time. It can be opened again and again while it holds; ending it also shuts the
browsers that opened it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assessment.core.errors import NotFound
from assessment.services.checks import answering
from assessment.services.checks.answering import OpenDraft
from assessment.services.instance import Instance
from assessment.services.people import links_once
from assessment.services.people.links_once import Bound
from assessment.storage.checks import assessments
from assessment.storage.people import access, single_links


@dataclass(frozen=True, slots=True)
class SectionLink:
    """One link that holds."""

    id: str
    section: str
    token: str
    expires_at: datetime


def links_of(instance: Instance, opened: OpenDraft) -> Sequence[SectionLink]:
    """The links of a check that hold, the oldest first."""
    with instance.database.reading() as connection:
        held = single_links.held_by(connection, "section", instance.now(), assessment_id=opened.draft.id)
    return [
        SectionLink(link.id, str(link.arguments["section"]), links_once.token_of(instance, link.id), link.expires_at)
        for link in held
    ]


def look(instance: Instance, token: str, language: str) -> tuple[str, datetime]:
    """The title of a link's section and until when it holds, without using it. Raises NotFound where it does not."""
    link = links_once.look(instance, "section", token)
    with instance.database.reading() as connection:
        draft = assessments.draft_of(connection, link.bound.assessment_id)
    if draft is None:
        raise NotFound("section")
    asked = instance.edition_of(draft, language).questionnaire.section(str(link.arguments["section"]))
    if asked is None:
        raise NotFound("section")
    return asked.title, link.expires_at


def make(instance: Instance, opened: OpenDraft, section: str) -> None:
    """A link to a section; one that holds stays. Raises NotFound for a section that is not asked here."""
    if opened.route.leg(section) is None:
        raise NotFound(section)
    if any(link.section == section for link in links_of(instance, opened)):
        return
    bound = Bound(assessment_id=opened.draft.id, company_id=opened.draft.company_id or "")
    with answering.writing(instance, opened) as connection:
        links_once.make(instance, connection, "section", bound, {"section": section})


def end(instance: Instance, opened: OpenDraft, link_id: str) -> None:
    """End a link, and shut the section to every browser that came by it. Raises NotFound where it does not hold."""
    now, draft_id = instance.now(), opened.draft.id
    section = next((link.section for link in links_of(instance, opened) if link.id == link_id), None)
    if section is None:
        raise NotFound(link_id)
    with answering.writing(instance, opened) as connection:
        single_links.end(connection, now, id=link_id, assessment_id=draft_id, purpose="section")
        access.shut_section(connection, draft_id, section)


def admit(instance: Instance, old_session: str, new_session: str, token: str) -> tuple[str, str]:
    """Open the section of a link in this browser, under a new session: check and section.

    Who may open the whole check already keeps that. Raises NotFound where the link does not hold.
    """
    now = instance.now()
    links_once.look(instance, "section", token)
    with instance.database.writing() as connection:
        # Asked again: it may have been ended meanwhile, with whatever it had opened.
        link = links_once.look_in(instance, connection, "section", token)
        draft_id, section = link.bound.assessment_id, str(link.arguments["section"])
        if assessments.draft_of(connection, draft_id) is None:
            raise NotFound(draft_id)
        access.renew_session(connection, old_session, new_session, now)
        access.grant_section(connection, new_session, draft_id, section, now)
    return draft_id, section
