"""An administrator's pages for running the instance: people and their roles, jobs that rest, the audit log."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Standpoint
from assessment.core.errors import Refused
from assessment.services.clusters import successors
from assessment.services.people.addresses import normal_address
from assessment.services.upkeep import administering
from assessment.services.upkeep.administering import ENTRIES, StaffRole
from assessment.web.checks.fields import cleaned
from assessment.web.clusters import cluster_mails
from assessment.web.current import instance, language
from assessment.web.limits import MAILS, limited
from assessment.web.people import account_mails
from assessment.web.people.account import here
from assessment.web.people.arriving import going_on
from assessment.web.policies import needs
from assessment.web.problems import PAGE
from assessment.web.upkeep.audit_words import PAGES, event_words, subject_words

blueprint = Blueprint("running", __name__)

P = ParamSpec("P")
R = TypeVar("R")
Errors = list[tuple[str, str]]
ROLES: Final[dict[str, StaffRole]] = {
    "none": "", "mentor": "mentor", "manager": "manager", "administrator": "administrator",
}  # fmt: skip


def role_words(role: str) -> str:
    """What somebody is to the instance."""
    _ = language().gettext
    return {
        "": _("No staff role"), "mentor": _("Mentor"), "manager": _("Cluster manager"),
        "administrator": _("Administrator"),
    }[role]  # fmt: skip


def is_fresh() -> bool:
    """Whether the second factor was given in the last five minutes."""
    return here().fresh and here().factors >= 2


def just_proved(view: Callable[P, R]) -> Callable[P, R | Answer]:
    """The view is only for an administrator who gave the second factor a moment ago; others do that first."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Answer:
        if is_fresh():
            return view(*args, **kwargs)
        asked = request.view_args or {}
        back = "running.person" if "person_id" in asked else "running.jobs" if "job_id" in asked else "running.people"
        given = {name: value for name, value in asked.items() if name == "person_id"}
        return redirect(going_on("account.prove", url_for(back, **given)), 303)

    return guarded


# People


@blueprint.get("/administration/people")
@needs(Standpoint.ADMINISTRATOR)
def people() -> str:
    """People by address, name or id, and a form to invite staff."""
    return _people_page("", [])


def _people_page(email: str, errors: Errors, successor: str = "") -> str:
    typed = " ".join(cleaned(request.args.get("q", "")).split())[:100]
    return render_template(
        "pages/administration/people.html", typed=typed, found=administering.find(instance(), typed) if typed else (),
        role_words=role_words, email=email, errors=errors, chosen=request.form.get("role", ""), fresh=is_fresh(),
        prove=going_on("account.prove", url_for("running.people")), deserted=successors.deserted(instance()),
        successor=successor, ownerless=administering.without_owner(instance()),
    )  # fmt: skip


@blueprint.post("/administration/people")
@limited(MAILS)
@just_proved
@needs(Standpoint.ADMINISTRATOR)
def invite() -> Answer | tuple[str, int]:
    """Mail somebody a link by which they set up an account with a staff role."""
    _ = language().gettext
    shown, role = cleaned(request.form.get("email", ""))[:255], ROLES.get(request.form.get("role", ""))
    email = normal_address(shown)
    errors: Errors = []
    if email is None:
        errors.append(("email", _("Type one mail address, for example name@example.org")))
    if not role:
        errors.append(("role", _("Choose a role")))
    if errors or email is None or not role:
        return _people_page(shown, errors), 422
    try:
        found = administering.invite(
            instance(), here().person_id, email, role, language().code, account_mails.new_role(email, role)
        )
    except Refused:
        return _people_page(shown, [("email", _("Somebody with this address has a staff role already"))]), 422
    return redirect(url_for("running.person", person_id=found, notice="invited"), 303)


@blueprint.get("/administration/people/<person_id>")
@needs(Standpoint.ADMINISTRATOR)
def person(person_id: str) -> str:
    """One account: who it is, its role, whether it is on."""
    return _person_page(person_id, "", [])


def _person_page(person_id: str, successor: str, errors: Errors) -> str:
    seen = administering.look(instance(), person_id)
    return render_template(
        "pages/administration/person.html", seen=seen, person=seen.person, roles=ROLES, role_words=role_words,
        oneself=person_id == here().person_id, fresh=is_fresh(),
        prove=going_on("account.prove", url_for("running.person", person_id=person_id)), errors=errors,
        alone=successors.alone(instance(), person_id), successor=successor,
        chosen=request.form.get("role", ""),
    )  # fmt: skip


def _no_successor() -> str:
    return language().gettext("No cluster manager who can sign in has this address")


@blueprint.post("/administration/people/<person_id>/role")
@just_proved
@needs(Standpoint.ADMINISTRATOR)
def give_role(person_id: str) -> Answer | tuple[str, int]:
    """Give somebody a role, or none."""
    role = ROLES.get(request.form.get("role", ""))
    successor = cleaned(request.form.get("successor", ""))[:255]
    seen = administering.look(instance(), person_id)
    if role is not None:
        told = account_mails.new_role(seen.person.email, role)
        try:
            administering.give_role(
                instance(), here().person_id, person_id, role, told, account_mails.mentor_is_out(seen.person.name),
                cluster_mails.handed_over, successor,
            )  # fmt: skip
        except Refused as refused:
            if refused.code == "oneself":
                raise
            words = {
                "last-manager": language().gettext("Type the mail address of the manager who takes the clusters over"),
                "no-such-manager": _no_successor(),
            }[refused.code]
            return _person_page(person_id, successor, [("successor", words)]), 422
    return redirect(url_for("running.person", person_id=person_id, notice="role-changed"), 303)


@blueprint.post("/administration/people/<person_id>/active")
@just_proved
@needs(Standpoint.ADMINISTRATOR)
def switch(person_id: str) -> Answer:
    """Switch an account off or on."""
    active = request.form.get("active") == "yes"
    told = account_mails.switched(administering.look(instance(), person_id).person.email, active=active)
    administering.switch(instance(), here().person_id, person_id, active=active, mail=told)
    notice = "account-on" if active else "account-off"
    return redirect(url_for("running.person", person_id=person_id, notice=notice), 303)


@blueprint.post("/administration/clusters/manager")
@limited(MAILS)
@just_proved
@needs(Standpoint.ADMINISTRATOR)
def name_manager() -> Answer | tuple[str, int]:
    """Let a manager run a cluster that nobody runs."""
    cluster_id, typed = request.form.get("cluster", "")[:32], cleaned(request.form.get("successor", ""))[:255]
    try:
        successors.name_manager(instance(), here().person_id, cluster_id, typed, cluster_mails.handed_over)
    except Refused as refused:
        if refused.code == "has-manager":
            words = language().gettext("Somebody runs this cluster already. Their managers invite others themselves")
            return _people_page("", [(PAGE, words)]), 422
        return _people_page("", [(f"successor-{cluster_id}", _no_successor())], typed), 422
    return redirect(url_for("running.people", notice="manager-named"), 303)


# Jobs that rest


@blueprint.get("/administration/jobs")
@needs(Standpoint.ADMINISTRATOR)
def jobs() -> str:
    """Mails and other jobs that have failed for good."""
    return render_template(
        "pages/administration/jobs.html", resting=administering.resting(instance()), fresh=is_fresh(),
        prove=going_on("account.prove", url_for("running.jobs")),
    )  # fmt: skip


@blueprint.post("/administration/jobs/<job_id>")
@just_proved
@needs(Standpoint.ADMINISTRATOR)
def settle(job_id: str) -> Answer:
    """Try one again, or give it up."""
    again = request.form.get("act") == "again"
    administering.settle(instance(), here().person_id, job_id, again=again)
    return redirect(url_for("running.jobs", notice="job-again" if again else "job-gone"), 303)


# The audit log


@blueprint.get("/administration/audit")
@needs(Standpoint.ADMINISTRATOR)
def log() -> str:
    """Who did what, by ids, to read alone."""
    typed, event, before = (request.args.get(name, "") for name in ("day", "event", "before"))
    day = _day(typed)
    acts = event_words(language())
    event = event if event in acts else ""
    row = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None
    found = administering.entries(instance(), day, event, row)
    return render_template(
        "pages/administration/audit.html", entries=found, day=day.isoformat() if day else "", event=event, acts=acts,
        subject=lambda entry: subject_words(entry.subject, language()), lookups=PAGES,
        older=found[-1].number if len(found) == ENTRIES else None, moment=_moment,
    )  # fmt: skip


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
