"""A check without an account: start it, keep the way back, come back, leave this computer, take out, delete."""

import json
from collections.abc import Callable

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action, Standpoint
from assessment.core.checks.questionnaire import Questionnaire
from assessment.core.checks.route import Depth
from assessment.core.errors import NotFound, NotSaved
from assessment.services import mails
from assessment.services.checks import drafts, link_mails
from assessment.services.clusters import clusters
from assessment.services.instance import Instance
from assessment.services.people.addresses import normal_address
from assessment.storage.clusters.clusters import Cluster
from assessment.web.browser import browser, hash_of
from assessment.web.checks.fields import cleaned
from assessment.web.current import instance, language
from assessment.web.limits import MAILS, RESUMES, RESUMES_IN_ALL, STARTS, limited
from assessment.web.people.companies import Errors, site_errors, typed
from assessment.web.policies import needs, opened_draft
from assessment.web.problems import NOT_SAVED_STATUS, PAGE, not_saved
from assessment.web.public import question_counts

blueprint = Blueprint("drafts", __name__)


NotTaken = tuple[str, int, dict[str, str]]
"""A page that still holds what the store did not take."""


def _not_taken(page: str, failure: NotSaved) -> NotTaken:
    return page, NOT_SAVED_STATUS[failure.code], {"Retry-After": "10"}


@blueprint.get("/start")
@needs(Standpoint.ANYBODY)
def start() -> str:
    """Consent, and the choice between the quick and the full check."""
    return _start_page([])


def _start_page(errors: Errors) -> str:
    cluster = _cluster()
    return render_template(
        "pages/drafts/start.html", counts=question_counts(instance(), cluster), errors=errors,
        depth=request.form.get("depth", ""), cluster=cluster, check=_asked_by(cluster), site=typed("site"),
        gone=cluster is None and bool(request.values.get("cluster")),
        open_drafts=drafts.drafts_here(instance(), browser().hash), settings=instance().settings,
    )  # fmt: skip


def _cluster() -> Cluster | None:
    """The cluster on whose page somebody begins; None where there is none (any more)."""
    try:
        return clusters.by_slug(instance(), request.values.get("cluster", "")[:60])
    except NotFound:
        return None


def _asked_by(cluster: Cluster | None) -> Questionnaire | None:
    """What a cluster asks its members to answer."""
    return clusters.edition_of(instance(), cluster, language().code).questionnaire if cluster is not None else None


@blueprint.post("/start")
@limited(STARTS)
@needs(Standpoint.ANYBODY)
def begin() -> Answer | NotTaken | tuple[str, int]:
    """Start a check in this browser."""
    depths: dict[str, Depth] = {"quick": "quick", "full": "full"}
    chosen = depths.get(request.form.get("depth", ""))
    cluster = _cluster()
    asked, site, errors = _asked_by(cluster), "", list[tuple[str, str]]()
    if cluster is None and request.form.get("cluster"):
        words = language().gettext(
            "The cluster whose page led you here is not there any more, so nothing was begun. You can do the check by "
            "yourself: choose below"
        )
        return _start_page([("depth", words)]), 422
    if asked is not None and asked.subject is not None:
        site = typed("site")
        errors += site_errors(asked, site)
    if chosen is None and question_counts(instance(), cluster)["quick"]:
        errors.append(("depth", language().gettext("Choose the quick check or the full check")))
    if errors:
        return _start_page(errors), 422
    session = browser()
    renewed = session.next_id()
    try:
        draft_id = drafts.start(
            instance(), session.hash, hash_of(renewed), chosen or "full", language().code, begun_at=cluster, site=site
        )
    except NotSaved as failure:
        return _not_taken(_start_page([(PAGE, not_saved(language()))]), failure)
    session.become(renewed)
    return redirect(url_for("answering.hub", draft_id=draft_id), 303)


@blueprint.get("/assessments/<draft_id>/keep")
@needs(Action.COME_BACK)
def keep(draft_id: str) -> str:
    """The link and the code to come back with."""
    return _keep_page(draft_id, "", [])


def _keep_page(draft_id: str, typed: str, errors: list[tuple[str, str]]) -> str:
    opened = opened_draft(draft_id)
    way = drafts.way_back(instance(), opened)
    link = instance().settings.base_url + url_for("drafts.resume_link", token=way.token)
    return render_template(
        "pages/drafts/keep.html", opened=opened, link=link, code=way.code_in_groups,
        keeping=drafts.keeping(instance(), opened), typed=typed, errors=errors,
        remind=request.form.get("remind") == "yes", onward=_onward(draft_id), settings=instance().settings,
    )  # fmt: skip


def _onward(draft_id: str) -> str:
    """Where "Continue" leads: the page that follows the one just saved, if it says so, else the hub."""
    section, page = request.args.get("section", ""), request.args.get("page", "")
    if section and page:
        return url_for("answering.page", draft_id=draft_id, section=section, page=page)
    return url_for("answering.hub", draft_id=draft_id)


@blueprint.post("/assessments/<draft_id>/keep")
@needs(Action.COME_BACK)
def replace_keep(draft_id: str) -> Answer:
    """Replace the link and the code; whoever has the old ones is out."""
    opened = opened_draft(draft_id)
    drafts.replace_way_back(instance(), opened)
    return redirect(url_for("drafts.keep", draft_id=draft_id, notice="new-way-back"), 303)


@blueprint.post("/assessments/<draft_id>/keep/mail")
@limited(MAILS)
@needs(Action.COME_BACK)
def mail_link(draft_id: str) -> Answer | NotTaken | tuple[str, int]:
    """Mail the link to an address. The answer is the same whether the address takes mail from us."""
    opened = opened_draft(draft_id)
    typed = cleaned(request.form.get("email", ""))[:255]
    email = normal_address(typed)
    if email is None or not mails.can_send(instance()):
        words = language().gettext("Type one mail address, for example name@example.org")
        return _keep_page(draft_id, typed, [("email", words)]), 422
    remind = request.form.get("remind") == "yes"
    try:
        link_mails.ask(instance(), opened, email, language().code, remind=remind)
    except NotSaved as failure:
        return _not_taken(_keep_page(draft_id, typed, [(PAGE, not_saved(language()))]), failure)
    return redirect(url_for("drafts.keep", draft_id=draft_id, notice="link-mailed"), 303)


@blueprint.get("/resume")
@needs(Standpoint.ANYBODY)
def resume() -> str:
    """Where the code is typed."""
    return _resume_page("", "")


def _resume_page(typed: str, error: str) -> str:
    here = drafts.drafts_here(instance(), browser().hash)
    return render_template("pages/drafts/resume.html", typed=typed, error=error, open_drafts=here)


@blueprint.post("/resume")
@limited(RESUMES, RESUMES_IN_ALL)
@needs(Standpoint.ANYBODY)
def resume_by_code() -> Answer | NotTaken | tuple[str, int]:
    """Open the draft of a typed code in this browser."""
    typed = cleaned(request.form.get("code", ""))[:100]
    if not typed.strip():
        return _resume_page(typed, language().gettext("Enter the code that you wrote down")), 422
    try:
        return _admit(drafts.admit_by_code, typed)
    except NotFound:
        return _resume_page(typed, _unknown_code()), 422
    except NotSaved as failure:
        return _not_taken(_resume_page(typed, not_saved(language())), failure)


def _unknown_code() -> str:
    return language().gettext(
        "No check has this code. Look at it again: it has 12 letters and digits. A check that was deleted, or that "
        "nobody used for a long time, cannot be opened any more."
    )


@blueprint.get("/resume/<token>")
@needs(Standpoint.ANYBODY)
def resume_link(token: str) -> tuple[str, int]:
    """Where a link leads: a page with a button. Looking changes nothing, because mail scanners look too."""
    try:
        drafts.look(instance(), token)
    except NotFound:
        return render_template("pages/drafts/link_ended.html"), 404
    return render_template("pages/drafts/resume_link.html", token=token), 200


@blueprint.post("/resume/link")
@limited(RESUMES, RESUMES_IN_ALL)
@needs(Standpoint.ANYBODY)
def resume_by_link() -> Answer | tuple[str, int]:
    """Open the draft of a link in this browser; the token leaves the address here."""
    try:
        return _admit(drafts.admit_by_token, request.form.get("token", "")[:200])
    except NotFound:
        return render_template("pages/drafts/link_ended.html"), 404


def _admit(by: Callable[[Instance, str, str, str], str], given: str) -> Answer:
    session = browser()
    renewed = session.next_id()
    draft_id = by(instance(), session.hash, hash_of(renewed), given)
    session.become(renewed)
    return redirect(url_for("answering.hub", draft_id=draft_id), 303)


@blueprint.post("/leave")
@needs(Standpoint.ANYBODY)
def leave() -> Answer:
    """Close every check in this browser, as on a computer that others use."""
    session = browser()
    drafts.leave(instance(), session.hash)
    session.ended = True
    answer = redirect(url_for("drafts.left"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@blueprint.get("/left")
@needs(Standpoint.ANYBODY)
def left() -> str:
    """What leaving meant, and how to come back."""
    return render_template("pages/drafts/left.html")


@blueprint.get("/assessments/<draft_id>/data")
@needs(Action.TAKE_FILES)
def data(draft_id: str) -> str:
    """What can be taken out, and the way to delete it."""
    opened = opened_draft(draft_id)
    return render_template(
        "pages/drafts/data.html", opened=opened, keeping=drafts.keeping(instance(), opened),
        settings=instance().settings,
    )  # fmt: skip


@blueprint.get("/assessments/<draft_id>/data.json")
@needs(Action.TAKE_FILES)
def data_file(draft_id: str) -> Response:
    """Everything that is kept of this check, as a JSON file."""
    opened = opened_draft(draft_id)
    content = json.dumps(drafts.take_out(instance(), opened), ensure_ascii=False, indent=2, default=str)
    headers = {"Content-Disposition": 'attachment; filename="green-pathways-data.json"'}
    return Response(content, mimetype="application/json", headers=headers)


@blueprint.get("/assessments/<draft_id>/delete")
@needs(Action.DELETE_CHECK)
def confirm_delete(draft_id: str) -> str:
    """Say what would be deleted, and ask."""
    opened = opened_draft(draft_id)
    backup_days = instance().settings.periods.backup
    return render_template("pages/drafts/delete.html", opened=opened, backup_days=backup_days)


@blueprint.post("/assessments/<draft_id>/delete")
@needs(Action.DELETE_CHECK)
def delete(draft_id: str) -> Answer:
    """Delete the check at once."""
    opened = opened_draft(draft_id)
    drafts.erase(instance(), opened)
    return redirect(url_for("drafts.deleted"), 303)


@blueprint.get("/deleted")
@needs(Standpoint.ANYBODY)
def deleted() -> str:
    """The check is gone."""
    return render_template("pages/drafts/deleted.html")
