"""Colleagues: invited by mail, told what they may do, out at the next request; and no company without an owner."""

import threading

import pytest

from assessment.storage.people import people
from tests.web.mailbox import Mailbox, text_of
from tests.web.people import person, signed_in
from tests.web.test_companies import ANA, BEN, EVE, check_of, id_of, with_company
from tests.web.visiting import Page, Site, Visitor


def invited(owner: Visitor, home: str, mailbox: Mailbox, email: str = BEN, role: str = "editor") -> str:
    """The path of the link that a colleague gets."""
    page = owner.get(home + "/colleagues")
    owner.follow(owner.submit(page, {"email": email, "role": role}, action="/colleagues"))
    return mailbox.link(email)


def joined(site: Site, link: str, name: str = "Ben") -> Visitor:
    """A colleague who has followed the link."""
    visitor = site.visitor()
    page = visitor.get(link)
    visitor.follow(visitor.submit(page, {"name": name}, action="/join"))
    return visitor


def with_colleague(site: Site, mailbox: Mailbox, role: str = "editor") -> tuple[Visitor, Visitor, str]:
    """An owner, a colleague, and the address of their company."""
    owner, home = with_company(site)
    return owner, joined(site, invited(owner, home, mailbox, role=role)), home


def one(site: Site, home: str, email: str) -> str:
    """The page of one colleague."""
    return f"{home}/colleagues/{id_of(site, email)}"


def test_a_colleague_joins_by_a_mailed_link_and_works_on_the_checks(mailed: Site, mailbox: Mailbox) -> None:
    owner, colleague, home = with_colleague(mailed, mailbox)
    assert "Bakery Ana" in colleague.get("/account/companies").words
    hub = check_of(colleague, home)
    colleague.answer({"p-01": "BG"})
    owner.get(hub)
    assert "Ben" in owner.get(home + "/colleagues").words
    assert "Open invitations" not in owner.get(home + "/colleagues").words
    page = owner.get(f"{hub}/sections/profile/p-01")
    clash = owner.submit(page, {"p-01": "ES", "p-01.revision": "0"}, status=409)
    assert "Saved by Ben on 24 November 2026 at 12:00 UTC: Bulgaria" in clash.words


@pytest.mark.parametrize(("role", "may"), [("editor", "an editor"), ("owner", "an owner")])
def test_the_page_of_an_invitation_says_who_invites_whereto_and_as_what(
    mailed: Site, mailbox: Mailbox, role: str, may: str
) -> None:
    owner, home = with_company(mailed)
    with mailed.instance.database.writing() as connection:
        people.change_person(connection, id_of(mailed, ANA), name="Ana")
    link = invited(owner, home, mailbox, role=role)
    assert f"Ana invites you to join Bakery Ana as {may}" in mailed.visitor().get(link).words
    joined(mailed, link)
    for ended in (link, "/join/nothing"):
        words = mailed.visitor().get(ended, status=404).words
        assert "Ana" not in words
        assert "Bakery" not in words


def test_the_page_of_an_invitation_names_nobody_who_has_left_the_company_since(mailed: Site, mailbox: Mailbox) -> None:
    owner, colleague, home = with_colleague(mailed, mailbox, role="owner")
    link = invited(colleague, home, mailbox, email=EVE)
    owner.post(one(mailed, home, BEN) + "/remove")
    words = mailed.visitor().get(link).words
    assert "You are invited to join Bakery Ana as an editor" in words
    assert "Ben" not in words


def test_a_mail_says_who_invites_and_has_no_address_but_ours(mailed: Site, mailbox: Mailbox) -> None:
    owner, home = with_company(mailed, name="Ana\u2028https://evil.example/x")
    invited(owner, home, mailbox)
    (mail,) = mailbox.to(BEN)
    assert "\n" not in mail["Subject"]
    addresses = [word for word in text_of(mail).split() if "://" in word]
    assert {address.partition("/join/")[0] for address in addresses} == {mailed.instance.settings.base_url}


def test_an_invitation_is_for_its_address(mailed: Site, mailbox: Mailbox) -> None:
    owner, home = with_company(mailed)
    link = invited(owner, home, mailbox)
    eve = signed_in(mailed, person(mailed, EVE))
    eve.get(link, 404)
    eve.post("/join", {"token": link.rpartition("/")[2]}, 404)
    eve.get(home, 404)
    joined(mailed, link).get(home)


def test_an_invitation_works_once_and_not_after_seven_days(mailed: Site, mailbox: Mailbox) -> None:
    owner, home = with_company(mailed)
    link = invited(owner, home, mailbox)
    joined(mailed, link)
    mailed.visitor().get(link, 404)
    late = invited(owner, home, mailbox, EVE)
    mailed.clock.forward(days=7)
    mailed.visitor().get(late, 404)
    assert "Open invitations" not in signed_in(mailed, id_of(mailed, ANA)).get(home + "/colleagues").words


def test_a_withdrawn_invitation_and_one_before_a_newer_no_longer_work(mailed: Site, mailbox: Mailbox) -> None:
    owner, home = with_company(mailed)
    first, second = invited(owner, home, mailbox), invited(owner, home, mailbox)
    mailed.visitor().get(first, 404)
    page = owner.get(home + "/colleagues")
    assert "Open invitations" in page.words
    form = next(form for form in page.forms() if "/invitations/" in form.action)
    owner.follow(owner.send(form.action, form.fields))
    mailed.visitor().get(second, 404)
    assert owner.send(form.action, form.fields).status == 404


def test_whoever_has_an_account_joins_without_being_asked_for_a_name(mailed: Site, mailbox: Mailbox) -> None:
    ben = signed_in(mailed, person(mailed, BEN))
    owner, home = with_company(mailed)
    link = invited(owner, home, mailbox)
    old, page = ben.session, ben.get(link)
    assert "name" not in page.form("/join").fields
    ben.follow(ben.submit(page, action="/join"))
    assert ben.session != old
    ben.get(home)


def test_inviting_somebody_who_is_there_or_nobody_at_all_is_told_at_the_field(mailed: Site, mailbox: Mailbox) -> None:
    owner, _, home = with_colleague(mailed, mailbox)
    before = len(mailbox.mails)
    page = owner.get(home + "/colleagues")
    for email, told in ((BEN, "already"), ("ben", "Type one mail address"), ("", "Type one mail address")):
        assert told in owner.submit(page, {"email": email}, action="/colleagues", status=422).words
    assert "Choose what" in owner.submit(page, {"email": EVE, "role": "x"}, action="/colleagues", status=422).words
    assert len(mailbox.mails) == before


def test_a_fourth_invitation_in_an_hour_is_told_and_leaves_the_third_as_it_is(mailed: Site, mailbox: Mailbox) -> None:
    owner, home = with_company(mailed)
    for _ in range(3):
        link = invited(owner, home, mailbox)
    page = owner.submit(owner.get(home + "/colleagues"), {"email": BEN}, action="/colleagues", status=422)
    assert "three times within the hour" in page.words
    joined(mailed, link)


@pytest.mark.parametrize("page", ["/colleagues", "/name", "/consents", "/looks"])
def test_an_editor_is_told_what_only_an_owner_does(mailed: Site, mailbox: Mailbox, page: str) -> None:
    _, editor, home = with_colleague(mailed, mailbox)
    assert home + page not in editor.get(home).links()
    editor.get(home + page, 403)


def test_an_editor_can_neither_invite_nor_remove_nor_rise(mailed: Site, mailbox: Mailbox) -> None:
    _, editor, home = with_colleague(mailed, mailbox)
    before = mailed.dump(without=("sessions",))
    editor.post(home + "/colleagues", {"email": EVE, "role": "owner"}, 403)
    editor.post(one(mailed, home, BEN) + "/role", {"role": "owner"}, 403)
    editor.post(one(mailed, home, ANA) + "/remove", {}, 403)
    editor.post(home + "/name", {"name": "Bakery Ben"}, 403)
    assert mailed.dump(without=("sessions",)) == before


def test_an_owner_of_another_company_reaches_nobody_here(mailed: Site, mailbox: Mailbox) -> None:
    _, _, home = with_colleague(mailed, mailbox)
    eve, elsewhere = with_company(mailed, EVE, "Elsewhere")
    before = mailed.dump(without=("sessions",))
    for there, status in ((home, 404), (elsewhere, 404)):
        eve.get(one(mailed, there, BEN), status)
        eve.post(one(mailed, there, BEN) + "/remove", {}, status)
        eve.post(one(mailed, there, BEN) + "/role", {"role": "owner"}, status)
    assert mailed.dump(without=("sessions",)) == before


def test_whoever_is_removed_is_out_with_the_next_request(mailed: Site, mailbox: Mailbox) -> None:
    owner, colleague, home = with_colleague(mailed, mailbox)
    hub = check_of(colleague, home)
    open_page = colleague.get(colleague.page_of("p-01"))
    owner.follow(owner.submit(owner.get(one(mailed, home, BEN)), action="/remove"))
    assert colleague.send(open_page.path, open_page.form().filled({"p-01": "BG"})).status == 404
    colleague.get(hub, 404)
    colleague.get(home, 404)
    assert "Bakery Ana" not in colleague.get("/account/companies").words
    owner.get(hub)


def test_the_rights_of_now_apply_to_a_page_that_was_opened_before(mailed: Site, mailbox: Mailbox) -> None:
    owner, second, home = with_colleague(mailed, mailbox, "owner")
    old_page = second.get(home + "/colleagues")
    owner.follow(owner.submit(owner.get(one(mailed, home, BEN)), {"role": "editor"}, action="/role"))
    assert second.submit(old_page, {"email": EVE}, action="/colleagues", status=403)
    assert mailbox.to(EVE) == []


def test_the_last_owner_neither_leaves_nor_is_removed_nor_steps_down(mailed: Site, mailbox: Mailbox) -> None:
    owner, _, home = with_colleague(mailed, mailbox)
    before = mailed.dump(without=("sessions",))
    told = "A company needs an owner"
    page = owner.get(home + "/leave")
    assert "You are the only owner" in page.words
    assert not [form for form in page.forms() if form.action.endswith("/leave")]
    assert told in owner.post(home + "/leave", status=422).words
    page = owner.get(one(mailed, home, ANA))
    assert told in owner.submit(page, action="/remove", status=422).words
    assert told in owner.submit(page, {"role": "editor"}, action="/role", status=422).words
    assert mailed.dump(without=("sessions",)) == before


def test_an_owner_whose_account_is_switched_off_does_not_let_the_last_other_go(mailed: Site, mailbox: Mailbox) -> None:
    owner, _, home = with_colleague(mailed, mailbox, "owner")
    ben, told = id_of(mailed, BEN), "A company needs an owner"
    with mailed.instance.database.writing() as connection:
        people.change_person(connection, ben, active=False)
    assert "You are the only owner" in owner.get(home + "/leave").words
    assert told in owner.post(home + "/leave", status=422).words
    assert told in owner.post(f"{one(mailed, home, ANA)}/remove", status=422).words
    assert told in owner.post(f"{one(mailed, home, ANA)}/role", {"role": "editor"}, 422).words
    assert told in owner.post("/account/delete", status=422).words
    # Who is switched off can be taken out, and lets the other go once they are switched on again.
    with mailed.instance.database.writing() as connection:
        people.change_person(connection, ben, active=True)
    assert owner.post(home + "/leave").status == 303


def test_an_owner_leaves_once_there_is_another(mailed: Site, mailbox: Mailbox) -> None:
    owner, _, home = with_colleague(mailed, mailbox)
    owner.follow(owner.submit(owner.get(one(mailed, home, BEN)), {"role": "owner"}, action="/role"))
    assert "You no longer belong" in owner.follow(owner.submit(owner.get(home + "/leave"))).text
    owner.get(home, 404)


def test_of_two_owners_who_leave_at_the_same_moment_one_stays(mailed: Site, mailbox: Mailbox) -> None:
    owner, second, home = with_colleague(mailed, mailbox, "owner")
    forms = [(who, who.get(home + "/leave").form()) for who in (owner, second)]
    together, statuses = threading.Barrier(2), []

    def leaves(who: Visitor, data: object) -> None:
        together.wait()
        statuses.append(who.send(home + "/leave", data).status)

    threads = [threading.Thread(target=leaves, args=(who, form.fields)) for who, form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 422]


def test_what_a_colleague_answered_stays_when_they_leave(mailed: Site, mailbox: Mailbox) -> None:
    owner, colleague, home = with_colleague(mailed, mailbox)
    check_of(colleague, home)
    colleague.answer({"p-01": "BG"})
    colleague.follow(colleague.submit(colleague.get(home + "/leave")))
    owner.hub = colleague.hub
    page: Page = owner.get(owner.page_of("p-01"))
    assert page.form().fields["p-01"] == "BG"
