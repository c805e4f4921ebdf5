"""The members of a cluster, for those who run it: the list, requests, what the cluster says of each, organisations."""

import re
from math import ceil
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.clusters.network_rows import BETWEEN
from assessment.core.errors import NotSaved
from assessment.services.clusters import belonging, clusters
from assessment.services.clusters.belonging import LONGEST_WORD
from assessment.services.clusters.clusters import EnteredCluster
from assessment.services.mentors import mentoring
from assessment.storage.clusters.cluster_members import ClusterMember
from assessment.web.clusters import cluster_words
from assessment.web.clusters.cluster_map_words import categories, services, step_words
from assessment.web.clusters.clusters import around
from assessment.web.current import instance, language
from assessment.web.limits import MAILS, limited
from assessment.web.people.companies import Errors, typed
from assessment.web.policies import asking, needs
from assessment.web.problems import NOT_SAVED_STATUS, PAGE, not_saved

blueprint = Blueprint("cluster_members", __name__)

NACE: Final = re.compile(r"[0-9]{2}(\.[0-9]{1,2})?")
"""A division, group or class of NACE Rev. 2."""
ON_A_PAGE: Final = 200
"""Members in the list: a cluster may have 20,000."""
_LONGEST_NUMBER: Final = 5
ABOUT: Final = ("name", "role", "nace", "size", "region", "category", "step")


@blueprint.get("/clusters/<cluster_id>/members")
@needs(Action.SEE_CLUSTER)
def listed(cluster_id: str) -> str:
    """Who belongs to the cluster, who asks to, and the organisations that it lists."""
    entered = clusters.enter(instance(), asking(), cluster_id)
    members = belonging.members_of(instance(), cluster_id, ("active", "listed", "asked"))
    active = [member for member in members if member.state == "active"]
    pages = max(1, ceil(len(active) / ON_A_PAGE))
    asked_for = request.args.get("page", "")[:_LONGEST_NUMBER]
    page = min(max(int(asked_for), 1), pages) if asked_for.isascii() and asked_for.isdigit() else 1
    return render_template(
        "pages/cluster/members.html", **around(entered), count=len(active), page=page, pages=pages,
        active=active[(page - 1) * ON_A_PAGE : page * ON_A_PAGE],
        asked=[member for member in members if member.state == "asked"],
        organisations=[member for member in members if member.state == "listed"],
        roles=cluster_words.role_words(), stage_words=cluster_words.stage_words,
    )  # fmt: skip


@blueprint.post("/clusters/<cluster_id>/members/<member_id>/request")
@needs(Action.RUN_CLUSTER)
def answer_request(cluster_id: str, member_id: str) -> Answer:
    """Let a company that asked belong to the cluster, or not."""
    accept = request.form.get("act") == "accept"
    belonging.answer_request(instance(), asking(), cluster_id, member_id, accept)
    notice = "cluster-member-in" if accept else "cluster-member-out"
    return redirect(url_for("cluster_members.listed", cluster_id=cluster_id, notice=notice), 303)


@blueprint.get("/clusters/<cluster_id>/members/<member_id>")
@needs(Action.RUN_CLUSTER)
def one(cluster_id: str, member_id: str) -> str:
    """One member: what the cluster says of it, and the way out."""
    entered = clusters.enter(instance(), asking(), cluster_id)
    member = belonging.member(instance(), cluster_id, member_id)
    given = {name: getattr(member, name) for name in (*ABOUT, "services")}
    return _one_page(entered, member, given, [])


def _one_page(entered: EnteredCluster, member: ClusterMember | None, given: dict[str, str], errors: Errors) -> str:
    return render_template(
        "pages/cluster/member.html", **around(entered), member=member, given=given, errors=errors,
        roles=cluster_words.role_words(), sizes=cluster_words.size_words(), stage_words=cluster_words.stage_words,
        steps=step_words(language()), categories=categories(language()), services=services(language()),
        offered=given["services"].split(BETWEEN), mentors=mentoring.mentors_to_find(instance()),
    )  # fmt: skip


def _given() -> tuple[dict[str, str], Errors]:
    """What was typed about a member, and what is wrong with it."""
    _ = language().gettext
    given = {name: typed(name, LONGEST_WORD) for name in ABOUT}
    offered = request.form.getlist("services")
    given["services"] = BETWEEN.join(one for one in services(language()) if one in offered)
    errors: Errors = []
    if not given["name"]:
        errors.append(("name", _("Type a name")))
    for name in ("name", "region"):
        if len(given[name]) > LONGEST_WORD:
            errors.append((name, _("Shorten this to %(most)s characters") % {"most": LONGEST_WORD}))
    if given["role"] not in cluster_words.role_words():
        errors.append(("role", _("Choose what the organisation is")))
    if given["size"] and given["size"] not in cluster_words.size_words():
        errors.append(("size", _("Choose one of the sizes, or none")))
    if given["nace"] and not NACE.fullmatch(given["nace"]):
        errors.append(("nace", _("Type the NACE code by numbers, for example 10 or 10.71")))
    if given["category"] and given["category"] not in categories(language()):
        errors.append(("category", _("Choose one of the fields, or none")))
    if given["step"] and given["step"] not in step_words(language()):
        errors.append(("step", _("Choose one of the steps, or none")))
    return given, errors


@blueprint.post("/clusters/<cluster_id>/members/<member_id>")
@needs(Action.RUN_CLUSTER)
def describe(cluster_id: str, member_id: str) -> Answer | tuple[str, int]:
    """Keep what the cluster says of a member."""
    entered = clusters.enter(instance(), asking(), cluster_id)
    member = belonging.member(instance(), cluster_id, member_id)
    given, errors = _given()
    if errors:
        return _one_page(entered, member, given, errors), 422
    try:
        belonging.describe(instance(), asking(), cluster_id, member_id, **given)
    except NotSaved as failure:
        return _one_page(entered, member, given, [(PAGE, not_saved(language()))]), NOT_SAVED_STATUS[failure.code]
    return redirect(url_for("cluster_members.listed", cluster_id=cluster_id, notice="cluster-kept"), 303)


@blueprint.post("/clusters/<cluster_id>/members/<member_id>/mentor")
@limited(MAILS)
@needs(Action.RUN_CLUSTER)
def propose_mentor(cluster_id: str, member_id: str) -> Answer:
    """Propose a mentor to a company; the answer is the same whatever the company has to do with that mentor."""
    mentoring.propose(instance(), asking(), cluster_id, member_id, request.form.get("mentor", "")[:32])
    return redirect(
        url_for("cluster_members.one", cluster_id=cluster_id, member_id=member_id, notice="mentor-proposed"), 303
    )  # fmt: skip


@blueprint.post("/clusters/<cluster_id>/members/<member_id>/remove")
@needs(Action.RUN_CLUSTER)
def remove(cluster_id: str, member_id: str) -> Answer:
    """Let a company no longer belong to the cluster, or strike an organisation off its list."""
    belonging.remove(instance(), asking(), cluster_id, member_id)
    return redirect(url_for("cluster_members.listed", cluster_id=cluster_id, notice="cluster-member-out"), 303)


@blueprint.get("/clusters/<cluster_id>/organisations")
@needs(Action.RUN_CLUSTER)
def new_organisation(cluster_id: str) -> str:
    """A form for an organisation that has no account here."""
    entered = clusters.enter(instance(), asking(), cluster_id)
    empty: dict[str, Any] = dict.fromkeys((*ABOUT, "services"), "")
    return _one_page(entered, None, empty, [])


@blueprint.post("/clusters/<cluster_id>/organisations")
@needs(Action.RUN_CLUSTER)
def list_organisation(cluster_id: str) -> Answer | tuple[str, int]:
    """Put it on the list."""
    entered = clusters.enter(instance(), asking(), cluster_id)
    given, errors = _given()
    if errors:
        return _one_page(entered, None, given, errors), 422
    try:
        belonging.list_organisation(instance(), asking(), cluster_id, **given)
    except NotSaved as failure:
        return _one_page(entered, None, given, [(PAGE, not_saved(language()))]), NOT_SAVED_STATUS[failure.code]
    return redirect(url_for("cluster_members.listed", cluster_id=cluster_id, notice="cluster-kept"), 303)
