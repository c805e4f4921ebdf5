"""Where the links of a campaign's mails lead: into the cluster, on one page, and out of its mails."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Standpoint
from assessment.core.checks.route import Depth
from assessment.core.errors import NotFound, NotSaved, Refused
from assessment.services.clusters import clusters, invitations, opting_out
from assessment.services.clusters.belonging import AGREEMENTS
from assessment.services.clusters.invitations import Invitation, Wanted
from assessment.services.people.companies import LONGEST_NAME
from assessment.services.people.joining import Comer
from assessment.web.browser import browser, hash_of
from assessment.web.clusters import cluster_words
from assessment.web.current import instance, language
from assessment.web.limits import STARTS, limited
from assessment.web.people import arriving
from assessment.web.people.companies import Errors, name_errors, site_errors, typed
from assessment.web.policies import needs
from assessment.web.problems import NOT_SAVED_STATUS, PAGE, not_saved
from assessment.web.public import question_counts

blueprint = Blueprint("invitations", __name__)

NEW = "new"
JOINING = "invitation-page"
_DEPTHS: dict[str, Depth] = {"quick": "quick", "full": "full"}


@blueprint.get("/invited/<token>")
@needs(Standpoint.ANYBODY)
def invited(token: str) -> tuple[str, int]:
    """Where an invitation leads: who invites, and all that joining needs. Looking changes nothing."""
    return _page(token, [], 200)


def _page(token: str, errors: Errors, status: int) -> tuple[str, int]:
    try:
        invitation = invitations.look(instance(), token, browser().person_id)
    except NotFound:
        return _ended()
    cluster = invitation.cluster
    posted = request.method == "POST"
    return render_template(
        "pages/campaigns/invited.html", invitation=invitation, cluster=cluster, token=token, errors=errors,
        name=typed("name"), company=typed("company") if posted else invitation.suggested,
        into=request.form.get("into", ""), depth=request.form.get("depth", ""),
        counts=question_counts(instance(), cluster), site=typed("site"),
        check=clusters.edition_of(instance(), cluster, language().code).questionnaire,
        ticked=request.form.getlist("agreed"),
        words=[(what, cluster_words.agreement_words(what, cluster)) for what in AGREEMENTS],
        text=cluster.texts.get(language().code) or next(iter(filter(None, cluster.texts.values())), ""),
        no_more=opting_out.token_of(instance(), invitation.digest, cluster.id),
    ), status  # fmt: skip


def _ended() -> tuple[str, int]:
    """One answer for every link that does not hold, whatever the cause."""
    return render_template("pages/campaigns/ended.html", signed_in=bool(browser().person_id)), 404


@blueprint.post("/invited")
@limited(STARTS)
@needs(Standpoint.ANYBODY)
def accept() -> Answer | tuple[str, int]:
    """Join the cluster and begin the check."""
    token, session = request.form.get("token", "")[:200], browser()
    renewed = session.next_id()
    try:
        invitation = invitations.look(instance(), token, session.person_id)
        wanted, errors = _wanted(invitation)
        if errors or wanted is None:
            return _page(token, errors, 422)
        comer = Comer(session.hash, hash_of(renewed), session.person_id, language().code)
        arrived = invitations.accept(instance(), token, wanted, comer)
    except NotFound:
        return _ended()
    except Refused as refused:
        return _page(token, [("into", _refusal(refused.code))], 422)
    except NotSaved as failure:
        return _page(token, [(PAGE, not_saved(language()))], NOT_SAVED_STATUS[failure.code])
    there = url_for("answering.hub", draft_id=arrived.draft_id, notice="cluster-joined")
    if session.person_id:
        session.become(renewed)
        return redirect(there, 303)
    return arriving.enter(arrived.person, factors=1, there=there)


def _refusal(code: str) -> str:
    _ = language().gettext
    wrong = {
        "own-organisation": _("This company runs the cluster, so it is no member of it. Choose another one"),
        "leaving": _("This company is about to be deleted. Choose another one, or make a new one"),
        "not-yours": _("You can let only a company join that you own. Choose another one, or make a new one"),
    }
    return wrong[code]


def _wanted(invitation: Invitation) -> tuple[Wanted | None, Errors]:
    """What was typed and ticked, and what is wrong with it."""
    _ = language().gettext
    name, company, into = typed("name"), typed("company"), request.form.get("into", NEW)
    errors: Errors = []
    if invitation.known is None:
        if not name:
            errors.append(("name", _("Type your name, so that your colleagues know who you are")))
        elif len(name) > LONGEST_NAME:
            errors.append(("name", _("Shorten the name to %(most)s characters") % {"most": LONGEST_NAME}))
    known = [each.id for each in invitation.companies]
    if into in known:
        company = ""
    elif known and into != NEW:
        errors.append(("into", _("Choose a company, or make a new one")))
    else:
        into = ""
        errors += name_errors("company", company)
    asked = clusters.edition_of(instance(), invitation.cluster, language().code).questionnaire
    site = typed("site") if asked.subject is not None else ""
    errors += site_errors(asked, site)
    depth = _DEPTHS.get(request.form.get("depth", ""), None if asked.has_quick else "full")
    if depth is None:
        errors.append(("depth", _("Choose the quick check or the full check")))
    if errors or depth is None:
        return None, errors
    ticked = [what for what in request.form.getlist("agreed") if what in AGREEMENTS]
    agreed = cluster_words.agreed_by(ticked, invitation.cluster, JOINING)
    return Wanted(name, into, company, agreed, depth, language().code, site), []


# No more mails


@blueprint.get("/opt-out/<token>")
@needs(Standpoint.ANYBODY)
def no_more(token: str) -> tuple[str, int]:
    """Where the link in a mail's foot leads: a page with a button. Looking changes nothing."""
    try:
        way = opting_out.look(instance(), token)
    except NotFound:
        return render_template("pages/campaigns/no_way_out.html"), 404
    return render_template("pages/campaigns/opt_out.html", way=way, token=token), 200


@blueprint.post("/opt-out")
@needs(Standpoint.ANYBODY)
def opt_out() -> Answer | tuple[str, int]:
    """Write to this address no more, for ever."""
    token = request.form.get("token", "")[:200]
    try:
        opting_out.opt_out(instance(), token, request.form.get("which") == "all")
    except NotFound:
        return render_template("pages/campaigns/no_way_out.html"), 404
    return redirect(url_for("invitations.opted_out"), 303)


@blueprint.get("/opted-out")
@needs(Standpoint.ANYBODY)
def opted_out() -> str:
    """No more mails come."""
    return render_template("pages/campaigns/opted_out.html")
