"""Joint action: what the figures propose, proposing it to the members, and what a member says to it."""

from datetime import date, timedelta
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action
from assessment.core.errors import NotSaved, Refused
from assessment.services.clusters import clusters, joint_actions, overview
from assessment.services.clusters.clusters import EnteredCluster
from assessment.services.clusters.joint_actions import LONGEST_DAYS, LONGEST_WORDS
from assessment.services.people.companies import LONGEST_NAME
from assessment.web.aggregates import readiness_words
from assessment.web.checks.fields import cleaned, typed_day
from assessment.web.clusters import cluster_mails
from assessment.web.clusters.clusters import around
from assessment.web.current import instance, language
from assessment.web.limits import MAILS, limited
from assessment.web.people.companies import Errors, typed
from assessment.web.policies import asking, needs
from assessment.web.problems import NOT_SAVED_STATUS, PAGE, not_saved

blueprint = Blueprint("joint_actions", __name__)

PARTS: Final = ("day", "month", "year")


def typed_words(name: str, longest: int = LONGEST_WORDS) -> str:
    """A text of several lines; one sign more than may be stored, so that what is too long can be told."""
    return cleaned(request.form.get(name, "")).strip()[: longest + 1]


def typed_date(name: str) -> tuple[dict[str, str], date | None, bool]:
    """What was typed as a date, the date, and whether it is one or empty."""
    fields = {part: cleaned(request.form.get(f"{name}.{part}", ""))[:8] for part in PARTS}
    try:
        return fields, typed_day(fields["day"], fields["month"], fields["year"]), True
    except ValueError:
        return fields, None, False


def fields_of(day: date | None) -> dict[str, str]:
    """A date as it stands in its three fields."""
    return {part: str(getattr(day, part)) if day else "" for part in PARTS}


# Those who run the cluster


@blueprint.get("/clusters/<cluster_id>/joint-action")
@needs(Action.RUN_CLUSTER)
def listed(cluster_id: str) -> str:
    """What the figures speak for, and what was proposed with who takes part."""
    entered = clusters.enter(instance(), asking(), cluster_id)
    shown, proposals = joint_actions.proposed_by_figures(instance(), entered.cluster, language().code)
    labels = readiness_words.Labels(shown, language()) if shown is not None else None
    proposed = joint_actions.of_cluster(instance(), cluster_id)
    already = {one.action.kind: one.action for one in reversed(proposed) if one.is_open and one.action.kind}
    return render_template(
        "pages/cluster/joint.html", **around(entered), shown=shown, proposals=proposals, labels=labels,
        proposed=proposed, already=already, about=about,
        members=overview.funnel(instance(), entered.cluster).joined,
    )  # fmt: skip


def about(figure: float) -> str:
    """An estimate as it is worded: to two digits."""
    return language().number(int(float(f"{figure:.2g}")))


@blueprint.get("/clusters/<cluster_id>/joint-action/new")
@needs(Action.RUN_CLUSTER)
def new(cluster_id: str) -> str:
    """A form for a proposal, filled in for a kind that the address names."""
    entered = clusters.enter(instance(), asking(), cluster_id)
    kind_id = request.args.get("kind", "")[:40]
    kind = joint_actions.kind_of(kind_id) if kind_id else None
    given = {"kind": kind_id, "title": kind.title if kind else "", "words": kind.what if kind else ""}
    return _form(entered, given, fields_of(instance().today + timedelta(days=30)), [])


def _form(entered: EnteredCluster, given: dict[str, str], until: dict[str, str], errors: Errors) -> str:
    return render_template("pages/cluster/joint_new.html", **around(entered), given=given, until=until, errors=errors)


@blueprint.post("/clusters/<cluster_id>/joint-action")
@limited(MAILS)
@needs(Action.RUN_CLUSTER)
def propose(cluster_id: str) -> Answer | tuple[str, int]:
    """Propose it: members see it, and the product asks those who lack it."""
    _ = language().gettext
    entered = clusters.enter(instance(), asking(), cluster_id)
    given = {"kind": typed("kind", 40), "title": typed("title"), "words": typed_words("words")}
    fields, until, readable = typed_date("until")
    errors: Errors = []
    if not 0 < len(given["title"]) <= LONGEST_NAME:
        errors.append(("title", _("Type a title of %(most)s characters at most") % {"most": LONGEST_NAME}))
    if not 0 < len(given["words"]) <= LONGEST_WORDS:
        words = _("Say in %(most)s characters at most what you propose") % {"most": LONGEST_WORDS}
        errors.append(("words", words))
    last = instance().today + timedelta(days=LONGEST_DAYS)
    if not readable or until is None or not instance().today < until <= last:
        errors.append(("until.day", _("Enter a day after today and within a year, for example 31 3 2027")))
    if errors or until is None:
        return _form(entered, given, fields, errors), 422
    try:
        joint_actions.propose(
            instance(), asking(), cluster_id, given["kind"], given["title"], given["words"], until,
            cluster_mails.joint_action(entered.cluster, given["title"], until),
        )  # fmt: skip
    except NotSaved as failure:
        return _form(entered, given, fields, [(PAGE, not_saved(language()))]), NOT_SAVED_STATUS[failure.code]
    return redirect(url_for("joint_actions.listed", cluster_id=cluster_id, notice="joint-proposed"), 303)


@blueprint.post("/clusters/<cluster_id>/joint-action/<action_id>/close")
@needs(Action.RUN_CLUSTER)
def close(cluster_id: str, action_id: str) -> Answer:
    """Ask nobody any more."""
    joint_actions.close(instance(), asking(), cluster_id, action_id)
    return redirect(url_for("joint_actions.listed", cluster_id=cluster_id, notice="joint-closed"), 303)


# A member


@blueprint.get("/companies/<company_id>/clusters/<cluster_id>/joint-action")
@needs(Action.SEE_CLUSTERS)
def for_member(company_id: str, cluster_id: str) -> str:
    """What the cluster proposes to do together, and what this company said to it."""
    return _member_page(company_id, cluster_id, [], "", "")


def _member_page(company_id: str, cluster_id: str, errors: Errors, at: str, words: str) -> str:
    belongs, found = joint_actions.for_company(instance(), asking(), company_id, cluster_id)
    return render_template(
        "pages/cluster/joint_member.html", belongs=belongs, company=belongs.entered.company, cluster=belongs.cluster,
        found=found, errors=errors, at=at, typed_words=words,
    )  # fmt: skip


@blueprint.post("/companies/<company_id>/clusters/<cluster_id>/joint-action/<action_id>")
@needs(Action.SPEAK_IN_CLUSTER)
def say(company_id: str, cluster_id: str, action_id: str) -> Answer | tuple[str, int]:
    """Take part, or no longer."""
    _ = language().gettext
    words = typed_words("words")
    if len(words) > LONGEST_WORDS:
        errors = [(f"words-{action_id}", _("Shorten this to %(most)s characters") % {"most": LONGEST_WORDS})]
        return _member_page(company_id, cluster_id, errors, action_id, words), 422
    said: joint_actions.Said = "yes" if request.form.get("act") == "yes" else "no"
    try:
        joint_actions.answer(
            instance(), asking(), company_id, cluster_id, action_id, said, words if said == "yes" else ""
        )
    except Refused as refused:
        if refused.code != "closed":
            raise
        errors = [(PAGE, _("This is closed: nobody can answer any more. Write to the cluster instead"))]
        return _member_page(company_id, cluster_id, errors, action_id, words), 422
    except NotSaved as failure:
        errors = [(PAGE, not_saved(language()))]
        return _member_page(company_id, cluster_id, errors, action_id, words), NOT_SAVED_STATUS[failure.code]
    return redirect(
        url_for("joint_actions.for_member", company_id=company_id, cluster_id=cluster_id, notice="joint-said"), 303
    )
