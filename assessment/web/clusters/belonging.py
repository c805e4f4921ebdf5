"""A company's clusters, for its own people: joining by a code, asking to belong, what each may see, leaving."""

from collections.abc import Sequence
from typing import get_args

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.clusters.network_rows import BETWEEN
from assessment.core.errors import NotFound, NotSaved, Refused
from assessment.reporting.plans.action_words import status_words
from assessment.services.clusters import belonging, seen_of_member
from assessment.services.clusters.belonging import AGREEMENTS, Agreement
from assessment.services.people.company_consents import Words
from assessment.web.clusters import cluster_words
from assessment.web.clusters.cluster_map_words import link_words, step_words, topic_words
from assessment.web.clusters.named_results import titles_of
from assessment.web.current import instance, language
from assessment.web.limits import CODES, limited
from assessment.web.people.companies import Errors, typed
from assessment.web.policies import asking, needs
from assessment.web.problems import NOT_SAVED_STATUS, PAGE, not_saved

blueprint = Blueprint("belonging", __name__)

JOINING = "joining-page"


@blueprint.get("/companies/<company_id>/clusters")
@needs(Action.SEE_CLUSTERS)
def listed(company_id: str) -> str:
    """The clusters of a company, and the ways into one."""
    return _list_page(company_id, "", [])


def _list_page(company_id: str, code: str, errors: Errors) -> str:
    entered, mine = belonging.clusters_of(instance(), asking(), company_id)
    return render_template(
        "pages/cluster/of_company.html", entered=entered, company=entered.company, mine=mine, code=code, errors=errors,
        begun=belonging.begun_at(instance(), asking(), company_id),
    )  # fmt: skip


@blueprint.post("/companies/<company_id>/clusters/code")
@limited(CODES)
@needs(Action.JOIN_CLUSTERS)
def by_code(company_id: str) -> Answer | str | tuple[str, int]:
    """Which cluster a code belongs to, and what it may see; then join it."""
    _ = language().gettext
    code = typed("code", 40)
    entered, _mine = belonging.clusters_of(instance(), asking(), company_id)
    try:
        cluster = belonging.by_code(instance(), code)
    except NotFound:
        words = _("No cluster has this code. Check each sign, or ask the cluster for its code")
        return _list_page(company_id, code, [("code", words)]), 422
    ticked = [what for what in request.form.getlist("agreed") if what in AGREEMENTS]
    if request.form.get("act") != "join":
        return _join_page(company_id, code, ticked, [])
    try:
        agreed = cluster_words.agreed_by(ticked, cluster, JOINING)
        belonging.join_by_code(instance(), asking(), company_id, code, agreed)
    except Refused as refused:
        wrong = {
            "own-organisation": _("%(company)s runs this cluster, so it is no member of it"),
            "leaving": _("%(company)s is about to be deleted. Take that back first, then join"),
        }
        words = wrong[refused.code] % {"company": entered.company.name}
        return _list_page(company_id, code, [("code", words)]), 422
    except NotSaved as failure:
        errors = [(PAGE, not_saved(language()))]
        return _join_page(company_id, code, ticked, errors), NOT_SAVED_STATUS[failure.code]
    return redirect(
        url_for("belonging.home", company_id=company_id, cluster_id=cluster.id, notice="cluster-joined"), 303
    )


def _join_page(company_id: str, code: str, ticked: Sequence[str], errors: Errors) -> str:
    entered, _mine = belonging.clusters_of(instance(), asking(), company_id)
    cluster = belonging.by_code(instance(), code)
    words = [(what, cluster_words.agreement_words(what, cluster)) for what in AGREEMENTS]
    return render_template(
        "pages/cluster/join.html", company=entered.company, cluster=cluster, code=code, words=words, ticked=ticked,
        errors=errors,
    )  # fmt: skip


@blueprint.post("/companies/<company_id>/clusters/ask")
@needs(Action.JOIN_CLUSTERS)
def ask(company_id: str) -> Answer:
    """Ask to belong to a cluster."""
    try:
        belonging.ask(instance(), asking(), company_id, typed("slug", 60))
    except Refused as refused:
        if refused.code != "member-already":
            raise
        return redirect(url_for("belonging.listed", company_id=company_id), 303)
    return redirect(url_for("belonging.listed", company_id=company_id, notice="cluster-asked"), 303)


@blueprint.get("/companies/<company_id>/clusters/<cluster_id>")
@needs(Action.SEE_CLUSTERS)
def home(company_id: str, cluster_id: str) -> str:
    """A company in a cluster: what the cluster may see, one switch for each, and the way out."""
    belongs = belonging.belongs(instance(), asking(), company_id, cluster_id)
    words = [
        (what, cluster_words.agreement_words(what, belongs.cluster), getattr(belongs.member, what))
        for what in AGREEMENTS
    ]  # fmt: skip
    return render_template(
        "pages/cluster/belongs.html", belongs=belongs, company=belongs.entered.company, cluster=belongs.cluster,
        words=words,
    )  # fmt: skip


@blueprint.get("/companies/<company_id>/clusters/<cluster_id>/seen")
@needs(Action.SEE_CLUSTERS)
def seen(company_id: str, cluster_id: str) -> str:
    """All that the cluster sees of the company, piece by piece."""
    found = seen_of_member.look(instance(), asking(), company_id, cluster_id, language().code)
    return render_template(
        "pages/cluster/seen.html", found=found, company=found.belongs.entered.company, cluster=found.belongs.cluster,
        member=found.belongs.member, words=cluster_words, steps=step_words(language()),
        topics=lambda one: topic_words(one, language()), kinds=link_words(language()),
        services="; ".join(topic_words(one, language()) for one in found.belongs.member.services.split(BETWEEN) if one),
        titles=titles_of(found.result) if found.result else {},
        status_words=lambda status: status_words(status, language()),
    )  # fmt: skip


@blueprint.post("/companies/<company_id>/clusters/<cluster_id>/agreements/<what>")
@needs(Action.JOIN_CLUSTERS)
def agree(company_id: str, cluster_id: str, what: str) -> Answer:
    """Agree that the cluster may see something, or no longer."""
    belongs = belonging.belongs(instance(), asking(), company_id, cluster_id)
    known: dict[str, Agreement] = {name: name for name in get_args(Agreement)}
    if what not in known:
        abort(404)
    words = Words(cluster_words.agreement_words(known[what], belongs.cluster), language().code, "cluster-page")
    given = request.form.get("given") == "yes"
    belonging.agree(instance(), asking(), company_id, cluster_id, known[what], given, words)
    return redirect(url_for("belonging.home", company_id=company_id, cluster_id=cluster_id, notice="consent-kept"), 303)


@blueprint.post("/companies/<company_id>/clusters/<cluster_id>/leave")
@needs(Action.JOIN_CLUSTERS)
def leave(company_id: str, cluster_id: str) -> Answer:
    """No longer belong to a cluster, or no longer ask to."""
    belonging.leave(instance(), asking(), company_id, cluster_id)
    return redirect(url_for("belonging.listed", company_id=company_id, notice="cluster-left"), 303)


@blueprint.post("/companies/<company_id>/consents/compared")
@needs(Action.GIVE_CONSENT)
def be_compared(company_id: str) -> Answer:
    """Agree to be counted where all companies are compared, or no longer."""
    words = Words(cluster_words.compared_words(), language().code)
    belonging.be_compared(instance(), asking(), company_id, request.form.get("given") == "yes", words)
    return redirect(url_for("consents.listed", company_id=company_id, notice="consent-kept"), 303)
