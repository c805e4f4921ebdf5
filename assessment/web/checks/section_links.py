"""Asking a colleague to fill in one section: the links, and what the colleague sees before and after."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action, Standpoint
from assessment.core.errors import NotFound
from assessment.services.checks import section_links
from assessment.services.checks.answering import OpenDraft
from assessment.web.browser import browser, hash_of
from assessment.web.current import instance, language
from assessment.web.limits import RESUMES, limited
from assessment.web.policies import needs, opened_draft

blueprint = Blueprint("section_links", __name__)


@blueprint.get("/assessments/<draft_id>/section-links")
@needs(Action.HAND_ON)
def listed(draft_id: str) -> str:
    """The links that hold, and a form to make one."""
    return _page(opened_draft(draft_id), "")


def _page(opened: OpenDraft, error: str) -> str:
    base = instance().settings.base_url
    links = [
        (link, _title(opened, link.section), base + url_for("section_links.follow", token=link.token))
        for link in section_links.links_of(instance(), opened)
    ]
    taken = {link.section for link, _, _ in links}
    free = [leg.section for leg in opened.route.legs if leg.section.id not in taken]
    return render_template("pages/company/section_links.html", opened=opened, links=links, free=free, error=error)


def _title(opened: OpenDraft, section: str) -> str:
    leg = opened.route.leg(section)
    return leg.section.title if leg else section


@blueprint.post("/assessments/<draft_id>/section-links")
@needs(Action.HAND_ON)
def make(draft_id: str) -> Answer | tuple[str, int]:
    """Make a link to a section."""
    opened, section = opened_draft(draft_id), request.form.get("section", "")
    if opened.route.leg(section) is None:
        return _page(opened, language().gettext("Choose a section")), 422
    section_links.make(instance(), opened, section)
    return redirect(url_for("section_links.listed", draft_id=draft_id), 303)


@blueprint.post("/assessments/<draft_id>/section-links/<link_id>")
@needs(Action.HAND_ON)
def end(draft_id: str, link_id: str) -> Answer:
    """End a link; whoever came by it is out with the next request."""
    opened = opened_draft(draft_id)
    section_links.end(instance(), opened, link_id)
    return redirect(url_for("section_links.listed", draft_id=draft_id, notice="section-link-ended"), 303)


@blueprint.get("/section/<token>")
@needs(Standpoint.ANYBODY)
def follow(token: str) -> tuple[str, int]:
    """Where a link leads: a page with a button. Looking changes nothing, because mail scanners look too."""
    try:
        title, until = section_links.look(instance(), token, language().code)
    except NotFound:
        return _ended()
    return render_template("pages/company/section.html", token=token, title=title, until=until), 200


def _ended() -> tuple[str, int]:
    return render_template("pages/company/link_ended.html", signed_in=bool(browser().person_id)), 404


@blueprint.post("/section")
@limited(RESUMES)
@needs(Standpoint.ANYBODY)
def open_section() -> Answer | tuple[str, int]:
    """Open the section in this browser; the token leaves the address here."""
    session = browser()
    renewed = session.next_id()
    try:
        draft_id, section = section_links.admit(
            instance(), session.hash, hash_of(renewed), request.form.get("token", "")[:200]
        )  # fmt: skip
    except NotFound:
        return _ended()
    session.become(renewed)
    return redirect(url_for("answering.section", draft_id=draft_id, section=section), 303)


@blueprint.get("/assessments/<draft_id>/sections/<section>/thanks")
@needs(Action.READ_ANSWERS)
def thanks(draft_id: str, section: str) -> str:
    """After the last page of a section that somebody was asked to fill in."""
    opened = opened_draft(draft_id, section)
    leg = opened.route.leg(section)
    if leg is None:
        raise NotFound(section)
    g.section_only = opened.section_only
    progress = opened.route.progress(section, opened.answers)
    return render_template("pages/company/thanks.html", opened=opened, leg=leg, progress=progress)
