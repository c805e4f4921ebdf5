"""The mentor's own pages: the client list, invitations, offers, and handing clients over."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Standpoint
from assessment.core.errors import NotFound
from assessment.services import mails
from assessment.services.mails import Mail
from assessment.services.mentors import clients, mentoring
from assessment.services.mentors.clients import CLIENT_STATES, ORDERS, TURNS, Client
from assessment.services.mentors.mentoring import Agreement
from assessment.services.people.addresses import normal_address
from assessment.services.people.sessions import Here
from assessment.web.browser import browser
from assessment.web.current import instance, language, language_to
from assessment.web.kept_pages import kept_page
from assessment.web.kept_pieces import with_rows
from assessment.web.limits import MAILS, limited
from assessment.web.mentors.kept_clients import kept_clients
from assessment.web.mentors.mentor_words import client_states, orders, turns
from assessment.web.policies import needs

blueprint = Blueprint("mentoring", __name__)

Errors = list[tuple[str, str]]
MOST_AT_ONCE = 200


def _mentor() -> Here:
    here = browser().signed_in
    if here is None:
        raise NotFound("mentor")
    return here


def _chosen(name: str, known: Iterable[str]) -> str:
    """What a filter of the address says, if it is one that we have."""
    said = request.args.get(name, "")
    return said if said in known else ""


@blueprint.get("/mentor")
@needs(Standpoint.MENTOR)
def client_list() -> bytes:
    """Every client with its state, whose turn it is and what comes next."""
    mentor = _mentor()
    found = clients.find(instance(), mentor.person_id)
    return kept_page(mentor.person_id, found, lambda: _clients_page(mentor, clients.listed(instance(), found)))


def _clients_page(mentor: Here, found: Sequence[Client]) -> bytes:
    state, turn, order = _chosen("state", CLIENT_STATES), _chosen("turn", TURNS), _chosen("order", ORDERS)
    shown = clients.chosen(found, state, turn, order)
    page = render_template(
        "pages/mentor/clients.html", some=shown != [],
        mine=len({client.company_id for client in found}),
        waiting_for_you=len({client.company_id for client in found if client.waits_for_you}),
        states=client_states(language()), turns=turns(language()), orders=orders(language()), state=state, turn=turn,
        order=order, who=mentor.shown_name, today=instance().today,
    )  # fmt: skip
    return with_rows(page, kept_clients().lines(shown, instance().today, language()))


@blueprint.get("/mentor/offers")
@needs(Standpoint.MENTOR)
def offers() -> str:
    """Where a mentor offers to look after a company, and says whether companies may find them."""
    return _offers_page("", [])


def _offers_page(email: str, errors: Errors) -> str:
    return render_template(
        "pages/mentor/offers.html", email=email, errors=errors, name=_mentor().name,
        findable=mentoring.can_be_found(instance(), _mentor().person_id),
    )  # fmt: skip


@blueprint.post("/mentor/offers")
@limited(MAILS)
@needs(Standpoint.MENTOR)
def offer() -> Answer | tuple[str, int]:
    """Offer to be a company's mentor; the answer is the same whether the address has an account or not."""
    _ = language().gettext
    typed = request.form.get("email", "")
    email = normal_address(typed)
    if email is None:
        told = _("Type one mail address, for example name@example.org")
        return _offers_page(typed[:300], [("email", told)]), 422
    mentor = _mentor()
    _tell(
        lambda connection: mentoring.offer(instance(), connection, mentor.person_id, email),
        lambda _: (_("A mentor offers to help you"), _(
            "%(mentor)s offers to be the mentor of your company. They see nothing unless you agree. You have 14 days."
        )),
    )  # fmt: skip
    return redirect(url_for("mentoring.offers", notice="mentor-offered"), 303)


Act = Callable[[Any], list[tuple[str, list[str]]]]
"""What is done in a transaction, and the companies it was done to, each with its owners' addresses."""


Words = Callable[[Callable[[str], str]], tuple[str, str]]
"""Subject and sentence of a mail in a language, by the function that translates."""


def _tell(act: Act, words: Words) -> None:
    """Do something to companies and write to their owners, whom the mail leads to the page of their mentors."""
    named = {"mentor": mails.one_line(_mentor().shown_name)}
    with instance().database.writing() as connection:
        sent = []
        for company_id, owners in act(connection):
            for owner in owners:
                subject, line = words(language_to(connection, owner).gettext)
                mail = Mail(owner, subject, (line % named,), _page_of(company_id), company_id=company_id, notice=True)
                sent.append(mails.post(instance(), connection, mail))
    mails.go_out(instance(), *sent)


def _page_of(company_id: str) -> str:
    return instance().settings.base_url + url_for("company_mentors.listed", company_id=company_id)


@blueprint.post("/mentor/listing")
@needs(Standpoint.MENTOR)
def listing() -> Answer:
    """Keep whether companies may find this mentor by name."""
    mentoring.let_be_found(instance(), _mentor().person_id, request.form.get("found") == "yes")
    return redirect(url_for("mentoring.offers", notice="mentor-listing"), 303)


# An invitation


@blueprint.get("/mentor/invitation/<token>")
@needs(Standpoint.ANYBODY)
def invitation(token: str) -> tuple[str, int]:
    """Where an invitation leads: a page with a button. Looking changes nothing, because mail scanners look too."""
    try:
        found = mentoring.invitation(instance(), token)
    except NotFound:
        return render_template("pages/mentor/invitation_ended.html"), 404
    here = browser().signed_in
    theirs = here is not None and here.email == found.email and here.staff_role == "mentor"
    return render_template(
        "pages/mentor/invitation.html", invitation=found, token=token, here=here, theirs=theirs
    ), 200  # fmt: skip


@blueprint.post("/mentor/invitation")
@needs(Standpoint.MENTOR)
def accept_invitation() -> Answer | tuple[str, int]:
    """Accept an invitation; the token leaves the address here."""
    try:
        mentoring.accept_invitation(instance(), request.form.get("token", "")[:200], _mentor())
    except NotFound:
        return render_template("pages/mentor/invitation_ended.html"), 404
    return redirect(url_for("mentoring.client_list", notice="mentor-accepted"), 303)


# Handing over


@blueprint.get("/mentor/hand-over")
@needs(Standpoint.MENTOR)
def hand_over_page() -> str:
    """Which clients, and to whom."""
    return _hand_over_page([])


def _hand_over_page(errors: Errors) -> str:
    mine, mentor = mentoring.clients_of(instance(), _mentor().person_id), _mentor().person_id
    ticked = request.form.getlist("company") or request.args.getlist("company")
    return render_template(
        "pages/mentor/hand_over.html", clients=mine, successors=mentoring.successors(instance(), mentor), ticked=ticked,
        successor=request.form.get("successor", ""), email=request.form.get("email", "")[:300], errors=errors,
    )  # fmt: skip


@blueprint.post("/mentor/hand-over")
@needs(Standpoint.MENTOR)
def hand_over() -> Answer | tuple[str, int]:
    """Ask the companies to take another mentor, or leave them at once."""
    _ = language().gettext
    mentor, named, successor = _mentor(), request.form.getlist("company")[:MOST_AT_ONCE], request.form.get("successor")
    errors: Errors = []
    if not named:
        errors.append(("company", _("Choose at least one company")))
    if not successor:
        errors.append(("successor", _("Choose another mentor, or that you leave without one")))
    email = normal_address(request.form.get("email", "")) if successor == "address" else None
    if successor == "address" and email in (None, mentor.email):
        errors.append(("email", _("Type one mail address of another mentor, for example name@example.org")))
    if errors or successor is None:
        return _hand_over_page(errors), 422
    if successor == "nobody":
        words = Agreement(_("I am no longer the mentor of this company."), language().code)
        _tell(
            lambda connection: mentoring.leave(instance(), connection, mentor.person_id, named, words),
            lambda _: (_("Your mentor has left"),
                       _("%(mentor)s is no longer the mentor of your company and sees nothing more.")),
        )  # fmt: skip
        return redirect(url_for("mentoring.client_list", notice="mentor-left"), 303)
    _tell(
        lambda connection: (
            mentoring.hand_over_to(instance(), connection, mentor.person_id, named, email)
            if email
            else mentoring.hand_over(instance(), connection, mentor.person_id, named, successor)
        ),
        lambda _: (_("Your mentor would like to hand over to a colleague"), _(
            "%(mentor)s would like somebody else to be your mentor from now on. Nothing changes unless you agree."
        )),
    )  # fmt: skip
    return redirect(url_for("mentoring.client_list", notice="mentor-handed-over"), 303)
