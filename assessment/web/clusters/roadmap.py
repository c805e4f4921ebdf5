"""A cluster's own plan: the list, which prints as it stands, and a form for each line."""

from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.errors import Conflict, NotSaved
from assessment.services.clusters import clusters, joint_actions, roadmap
from assessment.services.clusters.clusters import EnteredCluster
from assessment.storage.clusters.roadmap import LineFields
from assessment.web.clusters.clusters import around
from assessment.web.clusters.joint_actions import about, fields_of, typed_date, typed_words
from assessment.web.current import instance, language
from assessment.web.people.companies import Errors, typed
from assessment.web.policies import asking, needs
from assessment.web.problems import NOT_SAVED_STATUS, PAGE, not_saved

blueprint = Blueprint("roadmap", __name__)

LONGEST: Final = 200
LONGEST_AIM: Final = 500


def state_words() -> dict[str, str]:
    """The states of a line."""
    _ = language().gettext
    return {"planned": _("Planned"), "started": _("Started"), "done": _("Done"), "dropped": _("Dropped")}


@blueprint.get("/clusters/<cluster_id>/roadmap")
@needs(Action.SEE_CLUSTER)
def page(cluster_id: str) -> str:
    """The plan."""
    entered = clusters.enter(instance(), asking(), cluster_id)
    return render_template(
        "pages/cluster/roadmap.html", **around(entered), lines=roadmap.lines_of(instance(), cluster_id),
        states=state_words(), today=instance().today,
    )  # fmt: skip


@blueprint.get("/clusters/<cluster_id>/roadmap/new")
@needs(Action.RUN_CLUSTER)
def new(cluster_id: str) -> str:
    """A form for another line; from a joint action it is filled in."""
    entered = clusters.enter(instance(), asking(), cluster_id)
    given = {"title": "", "aim": "", "owner": "", "effect": "", "state": "planned", "joint_action": "", "revision": "0"}
    action_id = request.args.get("joint", "")[:32]
    found = next((one for one in joint_actions.of_cluster(instance(), cluster_id) if one.action.id == action_id), None)
    if found is not None:
        given |= {"title": found.action.title, "joint_action": action_id, "effect": _effect(entered, found.action.kind)}
    return _form(entered, "", given, {"begins_on": fields_of(None), "ends_on": fields_of(None)}, [])


def _effect(entered: EnteredCluster, kind: str) -> str:
    """What the figures of the members let expect, where they tell it."""
    shown, proposals = joint_actions.proposed_by_figures(instance(), entered.cluster, language().code)
    saving = next((one.saving for one in proposals if one.kind.id == kind), None)
    if saving is None or shown is None:
        return ""
    words = language().gettext(
        "about EUR %(saving)s a year for all who lack it together (estimate from the figures of %(day)s)"
    )
    return words % {"saving": about(saving), "day": language().date(shown.snapshot.taken_at.date())}


def _form(
    entered: EnteredCluster, line_id: str, given: dict[str, str], days: dict[str, dict[str, str]], errors: Errors
) -> str:  # fmt: skip
    return render_template(
        "pages/cluster/roadmap_line.html", **around(entered), line_id=line_id, given=given, days=days, errors=errors,
        states=state_words(),
    )  # fmt: skip


def _read() -> tuple[dict[str, str], dict[str, dict[str, str]], LineFields, Errors]:
    """What was typed about a line, and what is wrong with it."""
    _ = language().gettext
    given = {name: typed(name, LONGEST) for name in ("title", "owner", "effect")}
    given |= {
        "aim": typed_words("aim", LONGEST_AIM), "state": typed("state", 20), "revision": typed("revision", 9),
        "joint_action": typed("joint_action", 32),
    }  # fmt: skip
    errors: Errors = []
    if not given["title"]:
        errors.append(("title", _("Say in one line what is to be done")))
    for name, longest in (("title", LONGEST), ("owner", LONGEST), ("effect", LONGEST), ("aim", LONGEST_AIM)):
        if len(given[name]) > longest:
            errors.append((name, _("Shorten this to %(most)s characters") % {"most": longest}))
    if given["state"] not in roadmap.STATES:
        errors.append(("state", _("Choose one of the states")))
    begins, begins_on, begins_right = typed_date("begins_on")
    ends, ends_on, ends_right = typed_date("ends_on")
    for name, right in (("begins_on", begins_right), ("ends_on", ends_right)):
        if not right:
            errors.append((f"{name}.day", _("Enter a real date with day, month and year, for example 31 3 2027")))
    if begins_on is not None and ends_on is not None and ends_on < begins_on:
        errors.append(("ends_on.day", _("The end comes before the beginning. Correct one of the two")))
    fields = LineFields(
        given["title"], given["aim"], given["owner"], begins_on, ends_on, given["effect"], given["state"],
        given["joint_action"] or None,
    )  # fmt: skip
    return given, {"begins_on": begins, "ends_on": ends}, fields, errors


@blueprint.post("/clusters/<cluster_id>/roadmap")
@needs(Action.RUN_CLUSTER)
def add(cluster_id: str) -> Answer | tuple[str, int]:
    """Another line."""
    entered = clusters.enter(instance(), asking(), cluster_id)
    given, days, fields, errors = _read()
    if len(roadmap.lines_of(instance(), cluster_id)) >= roadmap.MOST_LINES:
        words = language().gettext("A plan holds %(most)s lines at most. Remove one that is done")
        errors.append((PAGE, words % {"most": roadmap.MOST_LINES}))
    if errors:
        return _form(entered, "", given, days, errors), 422
    try:
        roadmap.add(instance(), asking(), cluster_id, fields)
    except NotSaved as failure:
        errors = [(PAGE, not_saved(language()))]
        return _form(entered, "", given, days, errors), NOT_SAVED_STATUS[failure.code]
    return redirect(url_for("roadmap.page", cluster_id=cluster_id, notice="cluster-kept"), 303)


@blueprint.get("/clusters/<cluster_id>/roadmap/<line_id>")
@needs(Action.RUN_CLUSTER)
def one(cluster_id: str, line_id: str) -> str:
    """One line, to change."""
    entered = clusters.enter(instance(), asking(), cluster_id)
    found = roadmap.line(instance(), cluster_id, line_id)
    given = {name: str(getattr(found.fields, name) or "") for name in ("title", "aim", "owner", "effect", "state")}
    given |= {"revision": str(found.revision), "joint_action": found.fields.joint_action_id or ""}
    days = {"begins_on": fields_of(found.fields.begins_on), "ends_on": fields_of(found.fields.ends_on)}
    return _form(entered, line_id, given, days, [])


@blueprint.post("/clusters/<cluster_id>/roadmap/<line_id>")
@needs(Action.RUN_CLUSTER)
def change(cluster_id: str, line_id: str) -> Answer | tuple[str, int]:
    """Keep what is said about a line."""
    entered = clusters.enter(instance(), asking(), cluster_id)
    found = roadmap.line(instance(), cluster_id, line_id)
    given, days, fields, errors = _read()
    if errors:
        return _form(entered, line_id, given, days, errors), 422
    seen = int(given["revision"]) if given["revision"].isascii() and given["revision"].isdigit() else 0
    try:
        roadmap.change(instance(), asking(), cluster_id, line_id, fields, seen)
    except Conflict:
        words = language().gettext(
            "Somebody else changed this line while you typed. What you typed is still here: compare it with "
            "“%(title)s” and send it once more to replace that"
        )
        given["revision"] = str(found.revision)
        return _form(entered, line_id, given, days, [(PAGE, words % {"title": found.fields.title})]), 409
    except NotSaved as failure:
        errors = [(PAGE, not_saved(language()))]
        return _form(entered, line_id, given, days, errors), NOT_SAVED_STATUS[failure.code]
    return redirect(url_for("roadmap.page", cluster_id=cluster_id, notice="cluster-kept"), 303)


@blueprint.post("/clusters/<cluster_id>/roadmap/<line_id>/remove")
@needs(Action.RUN_CLUSTER)
def remove(cluster_id: str, line_id: str) -> Answer:
    """Take a line away."""
    roadmap.remove(instance(), asking(), cluster_id, line_id)
    return redirect(url_for("roadmap.page", cluster_id=cluster_id, notice="cluster-kept"), 303)
