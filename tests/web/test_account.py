"""Looking after an account: what protects it changes after a proof, and ends all else. AUTH-09, AUTH-11, SES-05."""

from urllib.parse import urlsplit

import pytest

from assessment.services.people import links_once, sessions
from tests.web.entering import PASSWORD, account, code_of, is_in, of, quick, sign_in, with_app
from tests.web.mailbox import Mailbox, link_of, text_of
from tests.web.people import person, signed_in
from tests.web.visiting import Controls, Page, Site, Visitor

ANA = "ana@firma.example"
GUARDED: dict[str, Controls] = {
    "/account/password": {"password": "another good one"},
    "/account/address": {"email": "new@firma.example"},
    "/account/app": {"secret": "", "code": "123456"},
    "/account/app/remove": {},
    "/account/recovery-codes": {},
    "/account/passkeys/new": {"name": "My phone"},
    "/account/passkeys/remove": {"passkey": "x"},
}


@pytest.fixture(name="ana")
def _ana(mailed: Site) -> str:
    return account(mailed, ANA)


@pytest.fixture(name="here")
def _here(mailed: Site, ana: str) -> Visitor:
    """Ana's browser, where she has just signed in."""
    visitor = mailed.visitor()
    sign_in(visitor, ANA)
    return visitor


def notices(mailbox: Mailbox, address: str = ANA) -> list[str]:
    """The subjects of what an address was told."""
    return [str(mail["Subject"]) for mail in mailbox.to(address)]


@pytest.mark.parametrize("path", GUARDED)
def test_what_protects_the_account_changes_only_in_the_five_minutes_after_a_proof(
    mailed: Site, here: Visitor, path: str
) -> None:
    mailed.clock.forward(minutes=5)
    before = mailed.dump(without=["sessions"])
    assert here.post(path, GUARDED[path]).location.startswith("/account/prove")
    assert mailed.dump(without=["sessions"]) == before


def test_without_the_guard_it_would_have_changed(
    mailed: Site, here: Visitor, ana: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailed.clock.forward(minutes=6)
    monkeypatch.setattr(sessions, "FRESH", sessions.FRESH * 10)
    before = of(mailed, ana).password_hash
    here.post("/account/password", GUARDED["/account/password"])
    assert of(mailed, ana).password_hash != before


def test_a_new_proof_opens_the_way_and_a_wrong_one_does_not(mailed: Site, here: Visitor) -> None:
    mailed.clock.forward(minutes=5)
    asked = here.get("/account/password", status=303)
    page = here.get(asked.location)
    here.submit(page, {"password": "wrong horse battery"}, "/account/prove", 422)
    here.get("/account/password", status=303)
    answer = here.submit(page, {"password": PASSWORD}, "/account/prove")
    assert answer.location == "/account/password"
    here.get("/account/password")


def test_whoever_has_a_second_factor_proves_with_that(mailed: Site, ana: str) -> None:
    with_app(mailed, ana)
    visitor = signed_in(mailed, ana)
    mailed.clock.forward(minutes=5)
    page = visitor.get("/account/prove")
    assert "password" not in page.form("/account/prove").fields
    visitor.post("/account/prove", {"password": PASSWORD}, 422)
    code = code_of(mailed, of(mailed, ana).totp_secret)
    visitor.submit(page, {"code": code}, "/account/prove")
    visitor.get("/account/password")


def test_a_new_password_ends_all_else_and_the_address_is_told(
    mailed: Site, here: Visitor, ana: str, mailbox: Mailbox
) -> None:
    elsewhere = signed_in(mailed, ana)
    mailed.visitor().post("/sign-in/mail", {"email": ANA})
    mailed.visitor().post("/sign-in/password", {"email": ANA})
    paths = [urlsplit(link_of(mail)).path for mail in mailbox.to(ANA)]
    assert len(paths) == 2
    with mailed.instance.database.writing() as connection:
        bound = links_once.Bound(email=ANA, person_id=ana)
        made = links_once.make(mailed.instance, connection, "staff", bound, {"factors": 2})
    paths.append(f"/sign-in/link/{made.token}")
    for path in paths:
        mailed.visitor().get(path)
    page = here.get("/account/password")
    for poor in ("short", "password", "firma2026"):
        here.submit(page, {"password": poor}, "/account/password", 422)
    assert is_in(elsewhere)
    told = here.follow(here.submit(page, {"password": "another good one"}, "/account/password")).words
    assert "signed out everywhere else, and links that we had mailed to you no longer work" in told
    assert is_in(here)
    assert not is_in(elsewhere)
    for path in paths:
        mailed.visitor().get(path, status=404)
    assert notices(mailbox)[-1] == "Your password was changed"
    assert "links that we had mailed to you no longer work" in text_of(mailbox.to(ANA)[-1])
    sign_in(mailed.visitor(), ANA, status=422)
    sign_in(mailed.visitor(), ANA, "another good one")


def test_an_address_changes_once_its_owner_has_opened_the_link_and_the_old_one_is_told(
    mailed: Site, here: Visitor, ana: str, mailbox: Mailbox
) -> None:
    elsewhere = signed_in(mailed, ana)
    here.submit(here.get("/account/address"), {"email": "New@Firma.example"})
    path = mailbox.link("new@firma.example")
    assert of(mailed, ana).email == ANA
    # Neither somebody else nor nobody can use it.
    eve = signed_in(mailed, person(mailed, "eve@firma.example"))
    eve.get(path, status=404)
    eve.post("/account/address/confirm", {"token": path.rpartition("/")[2]}, 404)
    mailed.visitor().get(path, status=303)
    assert of(mailed, ana).email == ANA
    here.submit(here.get(path), action="/account/address/confirm")
    assert of(mailed, ana).email == "new@firma.example"
    assert notices(mailbox)[-1] == "Your address was changed"
    assert not is_in(elsewhere)
    assert is_in(here)
    here.get(path, status=404)


def test_a_link_to_another_new_address_ends_the_one_before(
    mailed: Site, here: Visitor, ana: str, mailbox: Mailbox
) -> None:
    paths = []
    for email in ("first@firma.example", "second@firma.example"):
        here.submit(here.get("/account/address"), {"email": email})
        paths.append(mailbox.link(email))
    first, second = paths
    here.get(first, status=404)
    here.post("/account/address/confirm", {"token": first.rpartition("/")[2]}, 404)
    assert of(mailed, ana).email == ANA
    here.submit(here.get(second), action="/account/address/confirm")
    assert of(mailed, ana).email == "second@firma.example"


def test_a_link_for_a_new_address_holds_an_hour(mailed: Site, here: Visitor, ana: str, mailbox: Mailbox) -> None:
    here.submit(here.get("/account/address"), {"email": "new@firma.example"})
    path = mailbox.link("new@firma.example")
    mailed.clock.forward(minutes=59)
    page = here.get(path)
    mailed.clock.forward(minutes=1)
    here.submit(page, action="/account/address/confirm", status=404)
    assert of(mailed, ana).email == ANA


def test_an_address_that_has_an_account_looks_free_and_is_not(mailed: Site, here: Visitor, mailbox: Mailbox) -> None:
    person(mailed, "eve@firma.example")
    page = here.get("/account/address")
    answers = [here.submit(page, {"email": email}) for email in ("eve@firma.example", "free@firma.example")]
    assert answers[0].location == answers[1].location
    assert "has an account already" in notices(mailbox, "eve@firma.example")[0]
    assert "Confirm" in notices(mailbox, "free@firma.example")[0]


def test_an_app_is_taken_over_with_its_first_code_and_ends_all_else(
    mailed: Site, here: Visitor, ana: str, mailbox: Mailbox
) -> None:
    elsewhere = signed_in(mailed, ana)
    page = here.get("/account/app")
    secret = page.form("/account/app").fields["secret"]
    assert secret not in "".join(mailed.dump())
    here.submit(page, {"code": "000000"}, "/account/app", 422)
    assert not of(mailed, ana).totp_secret
    shown = here.submit(page, {"code": code_of(mailed, secret)}, "/account/app", 200)
    assert "recovery codes" in shown.words
    assert not is_in(elsewhere)
    assert is_in(here)
    assert notices(mailbox)[-1] == "A second factor was added"
    assert sign_in(mailed.visitor(), ANA).location == "/sign-in/second"


def test_a_second_factor_that_goes_ends_all_else_and_a_mentor_keeps_one(mailed: Site, mailbox: Mailbox) -> None:
    for email, role, stays in ((ANA, "", False), ("milan@mentors.example", "mentor", True)):
        person_id = account(mailed, email, role)
        with_app(mailed, person_id)
        visitor, elsewhere = signed_in(mailed, person_id), signed_in(mailed, person_id)
        visitor.post("/account/app/remove")
        assert bool(of(mailed, person_id).totp_secret) is stays
        assert is_in(elsewhere) is stays
        told = "A second factor was removed" in notices(mailbox, email)
        assert told is not stays


def test_new_recovery_codes_end_the_old_ones(mailed: Site, ana: str) -> None:
    old = with_app(mailed, ana)
    visitor = signed_in(mailed, ana)
    shown = visitor.post("/account/recovery-codes", status=200)
    assert f"for {ANA}, to sign in at {mailed.instance.settings.base_url}" in shown.words
    other = mailed.visitor()
    sign_in(other, ANA)
    other.submit(other.get("/sign-in/second"), {"code": old[0]}, "/sign-in/second", 422)
    assert not is_in(other)


def test_somebody_sees_where_they_are_signed_in_and_ends_one_or_all(mailed: Site, ana: str) -> None:
    here, second, third = (signed_in(mailed, ana) for _ in range(3))
    eve = signed_in(mailed, person(mailed, "eve@firma.example"))
    page = here.get("/account")
    assert page.words.count("Firefox on Linux") == 3
    places = [form.fields["place"] for form in page.forms() if "place" in form.fields]
    assert len(places) == 2
    here.post("/account/sessions", {"place": places[0]})
    assert [is_in(visitor) for visitor in (second, third)].count(True) == 1
    here.post("/account/sessions")
    assert not is_in(second)
    assert not is_in(third)
    assert is_in(here)
    (theirs,) = [place for place in _hashes(mailed) if place not in _own(mailed, ana)]
    here.post("/account/sessions", {"place": theirs})
    assert is_in(eve)


def _hashes(site: Site) -> list[str]:
    return [row.split("'")[1] for row in site.dump() if row.startswith("sessions:")]


def _own(site: Site, person_id: str) -> list[str]:
    return [row.split("'")[1] for row in site.dump() if row.startswith("sessions:") and person_id in row]


def test_the_frame_shows_who_is_signed_in_and_keeps_nothing_of_them(mailed: Site, ana: str) -> None:
    assert "/sign-in" in mailed.visitor().get("/").links()
    visitor = signed_in(mailed, ana)
    visitor.post("/account/name", {"name": '<b>Ana & "Co"</b>'})
    page = visitor.get("/")
    assert "&lt;b&gt;Ana &amp; &#34;Co&#34;&lt;/b&gt;" in page.text
    assert "/account" in page.links()
    assert page.form("/sign-out")
    stranger = mailed.visitor().get("/")
    assert "Ana &amp;" not in stranger.text
    assert "/account" not in stranger.links()


def test_a_name_of_any_length_is_met_with_words(mailed: Site, ana: str) -> None:
    visitor = signed_in(mailed, ana)
    assert "100" in visitor.post("/account/name", {"name": "x" * 101}, 422).words


def test_a_challenge_for_a_passkey_is_for_one_answer_in_one_session(mailed: Site, ana: str) -> None:
    quick(mailed)
    visitor = signed_in(mailed, ana)
    page: Page = visitor.post("/account/passkeys/new", {"name": "My phone"}, 200)
    assert "data-passkey" in page.text
    challenge = next(row for row in mailed.dump() if row.startswith("sessions:"))
    assert "challenge" in challenge
    for said in ("{}", "no json", "[]", '{"id":"x","rawId":"x","type":"public-key","response":{}}'):
        visitor.post("/account/passkeys/new", {"name": "My phone", "passkey": said}, 422)
    assert not [row for row in mailed.dump() if row.startswith("passkeys:")]
    assert '"challenge":' not in "".join(mailed.dump())
