"""A cluster's pages for those who run it: the list, the overview, its public page and rules, its managers; its end."""

from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.wrappers import Response
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action, Standpoint
from assessment.core.checks.attachments import TYPES
from assessment.core.errors import NotFound, NotSaved, Refused
from assessment.services import mails
from assessment.services.checks.drafts import in_groups
from assessment.services.clusters import clusters, overview
from assessment.services.clusters.clusters import (
    HIGHEST_THRESHOLD,
    LONGEST_NAME,
    LONGEST_TEXT,
    LOWEST_THRESHOLD,
    EnteredCluster,
)
from assessment.services.people.addresses import normal_address
from assessment.services.people.joining import Comer
from assessment.web.browser import browser, hash_of
from assessment.web.checks.fields import cleaned
from assessment.web.clusters import cluster_mails, cluster_words
from assessment.web.current import instance, language, spoken
from assessment.web.limits import MAILS, STARTS, limited
from assessment.web.people import arriving
from assessment.web.people.companies import Errors, typed
from assessment.web.policies import asking, needs
from assessment.web.problems import NOT_SAVED_STATUS, PAGE, not_saved

blueprint = Blueprint("clusters", __name__)

TAKES_FILES: Final = ("clusters.set_logo",)
LONGEST_WEBSITE: Final = 200


def name_errors(name: str) -> Errors:
    """What is wrong with the name of a cluster."""
    _ = language().gettext
    if not name:
        return [("name", _("Type the name of the cluster"))]
    if len(name) > LONGEST_NAME:
        return [("name", _("Shorten the name to %(most)s characters") % {"most": LONGEST_NAME})]
    return []


# The list, and making one


@blueprint.get("/clusters")
@needs(Standpoint.MANAGER)
def listed() -> str:
    """The clusters that somebody runs, and a form to make one."""
    return _list_page("", [])


def _list_page(name: str, errors: Errors) -> str:
    mine = clusters.run_by(instance(), browser().person_id)
    return render_template("pages/cluster/list.html", clusters=mine, name=name, errors=errors)


@blueprint.post("/clusters")
@limited(STARTS)
@needs(Standpoint.MANAGER)
def make() -> Answer | tuple[str, int]:
    """A new cluster."""
    name = typed("name")
    errors = name_errors(name)
    if errors:
        return _list_page(name, errors), 422
    try:
        cluster_id = clusters.make(instance(), browser().person_id, name, language().code)
    except NotSaved as failure:
        return _list_page(name, [(PAGE, not_saved(language()))]), NOT_SAVED_STATUS[failure.code]
    return redirect(url_for("clusters.page", cluster_id=cluster_id, notice="cluster-made"), 303)


# The overview


@blueprint.get("/clusters/<cluster_id>")
@needs(Action.SEE_CLUSTER)
def home(cluster_id: str) -> str:
    """How many members came how far, and what can be done here."""
    entered = clusters.enter(instance(), asking(), cluster_id)
    return render_template(
        "pages/cluster/home.html", **around(entered), funnel=overview.funnel(instance(), entered.cluster),
        waiting=overview.waiting(instance(), cluster_id), code=in_groups(clusters.code_of(instance(), entered.cluster)),
        parts=overview.parts_of(instance(), entered.cluster),
    )  # fmt: skip


def around(entered: EnteredCluster) -> dict[str, Any]:
    """What every page of a cluster shows: the cluster, and the places that whoever is here may go to.

    Where one is goes by the address, since a form that could not be taken is shown again by another view of it.
    """
    runs, address = entered.may(Action.RUN_CLUSTER), request.root_path + request.path
    places = cluster_words.places(runs)
    found = (at for at, _ in places if url_for(at, cluster_id=entered.cluster.id) == address)
    return {"cluster": entered.cluster, "runs": runs, "places": places, "here": next(found, "")}


# Its public page and its rules


@blueprint.get("/clusters/<cluster_id>/page")
@needs(Action.RUN_CLUSTER)
def page(cluster_id: str) -> str:
    """What stands on the cluster's public page, and by which rules its figures are shown."""
    entered = clusters.enter(instance(), asking(), cluster_id)
    return _page(entered, _as_kept(entered), [])


def _as_kept(entered: EnteredCluster) -> dict[str, str]:
    cluster = entered.cluster
    return {
        "name": cluster.name, "website": cluster.website,
        **{_text_field(code): cluster.texts.get(code, "") for code in spoken()},
        "threshold": str(cluster.threshold), "published": "yes" if cluster.published else "",
        "parent": cluster.parent_id or "", "model": cluster.model_id or "",
        "asked": f"{cluster.questionnaire}/{cluster.version}",
    }  # fmt: skip


def _text_field(code: str) -> str:
    """The field of the text in a language."""
    return f"text-{code}"


def _page(entered: EnteredCluster, given: dict[str, str], errors: Errors) -> str:
    others = [one for one in clusters.run_by(instance(), browser().person_id) if one.id != entered.cluster.id]
    return render_template(
        "pages/cluster/page.html", **around(entered), given=given, errors=errors, others=others,
        lowest=entered.cluster.threshold, highest=HIGHEST_THRESHOLD,
        models=clusters.models_for(instance(), entered.cluster), asked=_may_ask(),
        code=in_groups(clusters.code_of(instance(), entered.cluster)),
        texts={_text_field(code): each.name for code, each in spoken().items()},
    )  # fmt: skip


def _may_ask() -> dict[str, str]:
    """What a cluster can ask its members to answer, in words."""
    _ = language().gettext
    found = {}
    for name, version in clusters.may_ask(instance()):
        newest = instance().library.newest_of(name)[1]
        title = instance().library.edition(name, version or newest, language().code).questionnaire.title
        words = _("%(title)s, version %(version)s") if version else _("%(title)s, always the newest version")
        found[f"{name}/{version}"] = words % {"title": title, "version": version}
    return found


@blueprint.post("/clusters/<cluster_id>/page")
@needs(Action.RUN_CLUSTER)
def change(cluster_id: str) -> Answer | tuple[str, int]:
    """Keep what was typed about the cluster."""
    _ = language().gettext
    entered = clusters.enter(instance(), asking(), cluster_id)
    texts = {
        code: cleaned(request.form.get(_text_field(code), "")).strip()[: LONGEST_TEXT + 1] for code in spoken()
    }  # fmt: skip
    given = {
        "name": typed("name"), "website": typed("website", LONGEST_WEBSITE),
        **{_text_field(code): text for code, text in texts.items()},
        "threshold": typed("threshold", 5), "published": request.form.get("published", "")[:3],
        "parent": request.form.get("parent", "")[:32], "model": request.form.get("model", "")[:32],
        "asked": request.form.get("asked", _as_kept(entered)["asked"])[:150],
    }  # fmt: skip
    errors = name_errors(given["name"])
    for code, text in texts.items():
        if len(text) > LONGEST_TEXT:
            said = _("Shorten the text to %(most)s characters") % {"most": LONGEST_TEXT}
            errors.append((_text_field(code), said))
    if given["website"] and not given["website"].startswith("https://"):
        errors.append(("website", _("Type the whole address of the website, beginning with https://")))
    threshold = int(given["threshold"]) if given["threshold"].isascii() and given["threshold"].isdigit() else 0
    if not max(entered.cluster.threshold, LOWEST_THRESHOLD) <= threshold <= HIGHEST_THRESHOLD:
        errors.append(("threshold", _threshold_wrong(entered)))
    if errors:
        return _page(entered, given, errors), 422
    questionnaire, _sign, version = given["asked"].partition("/")
    try:
        clusters.change(
            instance(), asking(), cluster_id, name=given["name"], website=given["website"],
            texts={**entered.cluster.texts, **texts},
            threshold=threshold, published=given["published"] == "yes", parent_id=given["parent"] or None,
            model_id=given["model"] or None, questionnaire=questionnaire, version=version,
        )  # fmt: skip
    except Refused as refused:
        wrong = {
            "threshold-lowered": ("threshold", _threshold_wrong(entered)),
            "no-such-cluster": ("parent", _("Choose a cluster that you run and that is no part of this one")),
            "no-such-questionnaire": ("asked", _("Choose one of the questionnaires offered")),
        }
        return _page(entered, given, [wrong[refused.code]]), 422
    except NotSaved as failure:
        return _page(entered, given, [(PAGE, not_saved(language()))]), NOT_SAVED_STATUS[failure.code]
    return redirect(url_for("clusters.page", cluster_id=cluster_id, notice="cluster-kept"), 303)


def _threshold_wrong(entered: EnteredCluster) -> str:
    words = language().gettext("Type a whole number from %(least)s to %(most)s. It can be raised, never lowered")
    return words % {"least": entered.cluster.threshold, "most": HIGHEST_THRESHOLD}


@blueprint.post("/clusters/<cluster_id>/logo")
@needs(Action.RUN_CLUSTER)
def set_logo(cluster_id: str) -> Answer | tuple[str, int]:
    """Give the cluster a logo, or take it away."""
    entered = clusters.enter(instance(), asking(), cluster_id)
    sent = request.files.get("logo")
    try:
        if request.form.get("act") == "remove":
            clusters.set_logo(instance(), asking(), cluster_id, None)
        elif sent is None or not sent.filename:
            raise Refused("none")
        else:
            clusters.set_logo(instance(), asking(), cluster_id, sent.read())
    except Refused as refused:
        errors = [("logo", cluster_words.logo_words(refused.code))]
        return _page(entered, _as_kept(entered), errors), 422
    except NotSaved as failure:
        errors = [(PAGE, not_saved(language()))]
        return _page(entered, _as_kept(entered), errors), NOT_SAVED_STATUS[failure.code]
    return redirect(url_for("clusters.page", cluster_id=cluster_id, notice="cluster-kept"), 303)


@blueprint.post("/clusters/<cluster_id>/code")
@needs(Action.RUN_CLUSTER)
def renew_code(cluster_id: str) -> Answer:
    """A new code to join by; the old one no longer works."""
    clusters.renew_code(instance(), asking(), cluster_id)
    return redirect(url_for("clusters.page", cluster_id=cluster_id, notice="cluster-code"), 303)


# The public page


@blueprint.get("/c/<slug>")
@needs(Standpoint.ANYBODY)
def public(slug: str) -> str:
    """A cluster's own page: who it is, and the way to the check and into the cluster."""
    cluster = clusters.by_slug(instance(), slug)
    mine = overview.companies_that_may_ask(instance(), browser().person_id, cluster) if browser().person_id else []
    written = [code for code, text in cluster.texts.items() if text]
    # Its own words in the reader's language, else in the first that it wrote them in.
    code = language().code if language().code in written else next(iter(written), "")
    return render_template(
        "pages/cluster/public.html", cluster=cluster, text=cluster.texts.get(code, ""), text_language=code, mine=mine,
        check=clusters.edition_of(instance(), cluster, language().code).questionnaire,
        languages=[each.name for each in spoken().values()],
    )  # fmt: skip


@blueprint.get("/c/<slug>/logo")
@needs(Standpoint.ANYBODY)
def logo(slug: str) -> Response:
    """The picture on a cluster's page."""
    kind, content = clusters.logo_of(instance(), slug)
    return Response(content, mimetype=TYPES[kind])


# Who runs it


@blueprint.get("/clusters/<cluster_id>/managers")
@needs(Action.RUN_CLUSTER)
def managers(cluster_id: str) -> str:
    """Who runs the cluster, who is invited to, and a form to invite somebody."""
    return _managers_page(clusters.enter(instance(), asking(), cluster_id), "", [])


def _managers_page(entered: EnteredCluster, email: str, errors: Errors) -> str:
    there, invited = clusters.managers_of(instance(), entered.cluster.id)
    return render_template(
        "pages/cluster/managers.html", **around(entered), managers=there, invited=invited, email=email, errors=errors,
        person_id=browser().person_id,
    )  # fmt: skip


@blueprint.post("/clusters/<cluster_id>/managers")
@limited(MAILS)
@needs(Action.RUN_CLUSTER)
def invite_manager(cluster_id: str) -> Answer | tuple[str, int]:
    """Mail an invitation to run the cluster too."""
    _ = language().gettext
    entered = clusters.enter(instance(), asking(), cluster_id)
    shown = cleaned(request.form.get("email", ""))[:255]
    email = normal_address(shown)
    if email is None:
        words = _("Type one mail address, for example name@example.org")
        return _managers_page(entered, shown, [("email", words)]), 422
    here = browser().signed_in
    try:
        with instance().database.writing() as connection:
            made = clusters.invite_manager(instance(), connection, asking(), cluster_id, email)
            mail = cluster_mails.manage(connection, email, made, entered.cluster.name, here.shown_name if here else "")
            job = mails.post(instance(), connection, mail)
        mails.go_out(instance(), job)
    except Refused as refused:
        wrong = {
            "manager-already": _("Somebody with this address runs the cluster already"),
            "other-role": _("This address belongs to a mentor or an administrator. Ask for another address"),
        }
        return _managers_page(entered, shown, [("email", wrong[refused.code])]), 422
    except NotSaved as failure:
        errors = [(PAGE, not_saved(language()))]
        return _managers_page(entered, shown, errors), NOT_SAVED_STATUS[failure.code]
    return redirect(url_for("clusters.managers", cluster_id=cluster_id, notice="invited"), 303)


@blueprint.post("/clusters/<cluster_id>/manager-invitations/<link_id>")
@needs(Action.RUN_CLUSTER)
def withdraw(cluster_id: str, link_id: str) -> Answer:
    """End an invitation."""
    clusters.withdraw_invitation(instance(), asking(), cluster_id, link_id)
    return redirect(url_for("clusters.managers", cluster_id=cluster_id, notice="withdrawn"), 303)


@blueprint.post("/clusters/<cluster_id>/managers/<person_id>/remove")
@needs(Action.RUN_CLUSTER)
def remove_manager(cluster_id: str, person_id: str) -> Answer | tuple[str, int]:
    """Let somebody no longer run the cluster."""
    try:
        clusters.remove_manager(instance(), asking(), cluster_id, person_id)
    except Refused as refused:
        if refused.code != "last-manager":
            raise
        entered = clusters.enter(instance(), asking(), cluster_id)
        words = language().gettext("Somebody has to run the cluster. Invite somebody else first, or delete it")
        return _managers_page(entered, "", [(PAGE, words)]), 422
    if person_id == browser().person_id:
        return redirect(url_for("clusters.listed", notice="cluster-left"), 303)
    return redirect(url_for("clusters.managers", cluster_id=cluster_id, notice="manager-removed"), 303)


@blueprint.get("/manage/<token>")
@needs(Standpoint.ANYBODY)
def manage_link(token: str) -> tuple[str, int]:
    """Where an invitation to run a cluster leads: a page with a button. Looking changes nothing."""
    return _offered_page(token, [], 200)


def _offered_page(token: str, errors: Errors, status: int) -> tuple[str, int]:
    try:
        offered = clusters.offered(instance(), token, browser().person_id)
    except NotFound:
        return _ended()
    return render_template(
        "pages/cluster/manage.html", offered=offered, token=token, errors=errors, name=typed("name")
    ), status  # fmt: skip


def _ended() -> tuple[str, int]:
    return render_template("pages/company/link_ended.html", signed_in=bool(browser().person_id)), 404


@blueprint.post("/manage")
@needs(Standpoint.ANYBODY)
def manage() -> Answer | tuple[str, int]:
    """Accept the invitation."""
    _ = language().gettext
    token, name = request.form.get("token", "")[:200], typed("name")
    session = browser()
    renewed = session.next_id()
    try:
        offered = clusters.offered(instance(), token, session.person_id)
        if not offered.known and not 0 < len(name) <= LONGEST_NAME:
            words = _("Type your name in %(most)s characters at most") % {"most": LONGEST_NAME}
            return _offered_page(token, [("name", words)], 422)
        comer = Comer(session.hash, hash_of(renewed), session.person_id, language().code)
        landed = clusters.accept(instance(), token, name, comer)
    except NotFound:
        return _ended()
    except NotSaved as failure:
        return _offered_page(token, [(PAGE, not_saved(language()))], NOT_SAVED_STATUS[failure.code])
    there = url_for("clusters.home", cluster_id=landed.company_id, notice="manager-joined")
    if session.person_id:
        session.become(renewed)
        return redirect(there, 303)
    return arriving.enter(landed.person, factors=1, there=there)


# Its end


@blueprint.get("/clusters/<cluster_id>/delete")
@needs(Action.RUN_CLUSTER)
def delete_page(cluster_id: str) -> str:
    """What goes with the cluster, before it goes."""
    entered = clusters.enter(instance(), asking(), cluster_id)
    return render_template(
        "pages/cluster/delete.html", **around(entered), funnel=overview.funnel(instance(), entered.cluster)
    )  # fmt: skip


@blueprint.post("/clusters/<cluster_id>/delete")
@needs(Action.RUN_CLUSTER)
def delete(cluster_id: str) -> Answer:
    """Take the cluster away."""
    clusters.delete(instance(), asking(), cluster_id)
    return redirect(url_for("clusters.listed", notice="cluster-deleted"), 303)
