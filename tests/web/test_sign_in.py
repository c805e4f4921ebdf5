"""Signing in: by password, by a link, by a second factor. AUTH-03 to AUTH-10, AUTH-12, AUTH-13, SES-02, SES-10."""

import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from assessment.proving import Proving
from assessment.services.people import entering, links_once
from assessment.services.people.links_once import Bound
from assessment.storage.people import people
from assessment.web.browser import new_id
from assessment.web.limits import SIGN_INS_IN_ALL, limiter
from assessment.web.people import arriving
from tests.web.conftest import MakeSite
from tests.web.entering import PASSWORD, QUICK, account, code_of, is_in, of, quick, sign_in, with_app
from tests.web.mailbox import Mailbox, link_of, text_of
from tests.web.people import person
from tests.web.visiting import Page, Site, Visitor

ANA, NOBODY = "ana@firma.example", "nobody@firma.example"


@pytest.fixture(name="ana")
def _ana(mailed: Site) -> str:
    return account(mailed, ANA)


def link_for(site: Site, email: str, person_id: str, purpose: links_once.Purpose = "sign-in", **told: object) -> str:
    """A token of a link as it would be mailed."""
    with site.instance.database.writing() as connection:
        return links_once.make(site.instance, connection, purpose, Bound(email=email, person_id=person_id), told).token


# By password


def test_the_right_password_opens_the_account_and_a_wrong_one_does_not(mailed: Site, ana: str) -> None:
    visitor = mailed.visitor()
    assert not is_in(visitor)
    page = sign_in(visitor, ANA, "wrong horse battery", status=422)
    assert "not right" in page.words
    assert not is_in(visitor)
    assert sign_in(visitor, " ANA@Firma.example ").location == "/account/companies"
    assert is_in(visitor)
    assert ANA in visitor.get("/account").words


def test_signing_in_makes_a_hash_anew_that_has_become_too_weak_and_a_wrong_password_does_not(
    mailed: Site, ana: str
) -> None:
    weaker = Proving(mailed.instance.settings, mailed.clock, {**QUICK, "memory_cost": QUICK["memory_cost"] // 2})
    kept = weaker.hashed(PASSWORD)
    with mailed.instance.database.writing() as connection:
        people.change_person(connection, ana, password_hash=kept)
    sign_in(mailed.visitor(), ANA, "wrong horse battery", 422)
    assert of(mailed, ana).password_hash == kept
    sign_in(mailed.visitor(), ANA)
    newer = of(mailed, ana).password_hash
    assert f"m={QUICK['memory_cost']}," in newer
    sign_in(mailed.visitor(), ANA)
    assert of(mailed, ana).password_hash == newer


def test_somebody_whose_account_is_not_active_does_not_come_in(mailed: Site, ana: str) -> None:
    with mailed.instance.database.writing() as connection:
        people.change_person(connection, ana, active=False)
    visitor = mailed.visitor()
    sign_in(visitor, ANA, status=422)
    assert not is_in(visitor)


def test_an_account_without_a_password_has_none_that_fits(mailed: Site) -> None:
    quick(mailed)
    person(mailed, ANA)
    for password in ("", "nobody has this password", PASSWORD):
        visitor = mailed.visitor()
        sign_in(visitor, ANA, password, status=422)
        assert not is_in(visitor)


def test_a_new_id_is_given_at_each_step_and_the_one_before_opens_nothing(mailed: Site, ana: str) -> None:
    with_app(mailed, ana)
    visitor = mailed.visitor()
    visitor.session = planted = new_id()
    answer = sign_in(visitor, ANA)
    assert answer.location == "/sign-in/second"
    assert visitor.session != planted
    half = visitor.session
    secret = of(mailed, ana).totp_secret
    visitor.submit(visitor.get("/sign-in/second"), {"code": code_of(mailed, secret)}, "/sign-in/second")
    assert visitor.session not in (planted, half)
    assert is_in(visitor)
    for old in (planted, half):
        other = mailed.visitor()
        other.session = old
        assert not is_in(other)


def test_what_was_begun_without_an_account_stays_open_through_signing_in(mailed: Site, ana: str) -> None:
    visitor = mailed.visitor()
    hub = visitor.start()
    sign_in(visitor, ANA)
    visitor.get(hub)
    assert is_in(visitor)
    # And the other way about.
    second = visitor.start()
    visitor.get(second)
    assert is_in(visitor)


@pytest.mark.parametrize(
    ("there", "led"),
    [
        ("/account/password", "/account/password"),
        ("/catalogue%3Fq%3Dheat", "/catalogue?q=heat"),
        *((evil, "/account/companies") for evil in (
            "//evil.example", "%2F%2Fevil.example", "%5C%5Cevil.example", "/%5Cevil.example", "https:evil.example",
            "https://evil.example/account", "/%252f/evil.example", "/%252f%252fevil.example", "/nowhere",
            "javascript:alert(1)", "/account%0d%0aSet-Cookie:a=b", "/%09/evil.example", "/account@evil.example",
        )),
    ],
)  # fmt: skip
def test_after_signing_in_only_an_address_of_ours_is_gone_to(mailed: Site, ana: str, there: str, led: str) -> None:
    assert sign_in(mailed.visitor(), ANA, there=there).location == led


def test_without_the_guard_the_address_would_have_led_elsewhere(
    mailed: Site, ana: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "safe_next", lambda given: given)
    assert sign_in(mailed.visitor(), ANA, there="//evil.example").location == "//evil.example"


def test_whoever_is_not_signed_in_is_led_to_signing_in_and_back(mailed: Site, ana: str) -> None:
    visitor = mailed.visitor()
    page = visitor.get("/account/address", status=303)
    assert page.location == "/sign-in?next=/account/address"
    answer = visitor.submit(visitor.get(page.location), {"email": ANA, "password": PASSWORD}, "/sign-in")
    assert answer.location == "/account/address"


# What an answer tells of others: nothing


def without_what_was_typed(page: Page) -> str:
    return re.sub(r'value="[^"]*"', "", page.text)


def test_known_and_unknown_addresses_get_the_same_answers(mailed: Site, ana: str) -> None:
    def answers(email: str) -> list[tuple[int, str, str]]:
        found = []
        visitor = mailed.visitor()
        found.append(sign_in(visitor, email, "wrong horse battery", status=422))
        for path in ("/sign-in/mail", "/sign-in/password"):
            found.append(visitor.post(path, {"email": email}))
        return [(page.status, page.location, without_what_was_typed(page)) for page in found]

    assert answers(ANA) == answers(NOBODY)


# By a link


def test_looking_at_a_link_changes_nothing_and_pressing_its_button_signs_in_once(
    mailed: Site, ana: str, mailbox: Mailbox
) -> None:
    visitor = mailed.visitor()
    assert visitor.follow(visitor.post("/sign-in/mail", {"email": ANA})).path == "/sign-in/sent"
    path = mailbox.link(ANA)
    scanner = mailed.visitor()
    before = mailed.dump()
    for method in ("get", "get", "get", "head"):
        assert getattr(scanner.client, method)(path, base_url=mailed.address).status_code == 200
    assert mailed.dump() == before
    answer = visitor.submit(visitor.get(path), action="/sign-in/link")
    assert is_in(visitor)
    token = path.rpartition("/")[2]
    assert token not in answer.location
    again = mailed.visitor()
    assert "does not work" in again.get(path, status=404).words
    again.post("/sign-in/link", {"token": token}, status=404)
    assert not is_in(again)


def test_of_many_who_press_at_once_one_comes_in(mailed: Site, ana: str) -> None:
    token = link_for(mailed, ANA, ana)
    visitors = [mailed.visitor() for _ in range(12)]
    tokens = [visitor.token() for visitor in visitors]

    def press(number: int) -> int:
        return visitors[number].send("/sign-in/link", {"csrf_token": tokens[number], "token": token}).status

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(press, range(12)))
    assert sorted(statuses) == [303] + [404] * 11
    assert sum(map(is_in, visitors)) == 1


def test_a_link_ends_after_a_quarter_of_an_hour_with_a_newer_one_and_for_another_use(mailed: Site, ana: str) -> None:
    def works(token: str) -> bool:
        return mailed.visitor().get(f"/sign-in/link/{token}", status=404 if token in ended else 200).status == 200

    ended: set[str] = set()
    old = link_for(mailed, ANA, ana)
    assert works(old)
    new = link_for(mailed, ANA, ana)
    ended.add(old)
    assert not works(old)
    assert works(new)
    mailed.clock.forward(minutes=14, seconds=59)
    assert works(new)
    mailed.clock.forward(seconds=1)
    ended.add(new)
    assert not works(new)
    for purpose in ("reset", "change-email", "join", "mentor"):
        other = link_for(mailed, ANA, ana, purpose)
        ended.add(other)
        assert not works(other)
        mailed.visitor().post("/sign-in/link", {"token": other}, status=404)


def test_a_link_to_an_address_that_the_account_no_longer_has_does_not_open_it(mailed: Site, ana: str) -> None:
    token = link_for(mailed, ANA, ana)
    with mailed.instance.database.writing() as connection:
        people.change_person(connection, ana, email="new@firma.example")
    visitor = mailed.visitor()
    visitor.post("/sign-in/link", {"token": token}, status=404)
    assert not is_in(visitor)


def test_what_the_database_keeps_of_a_link_is_none(mailed: Site, ana: str) -> None:
    token = link_for(mailed, ANA, ana)
    rows = [row for row in mailed.dump() if row.startswith("tokens:")]
    assert rows
    assert token not in "".join(mailed.dump())
    for kept in re.findall(r"'([^']{20,})'", rows[0]):
        assert mailed.visitor().get(f"/sign-in/link/{kept}", status=404)


def test_an_address_without_an_account_is_told_so_in_the_mail_alone(mailed: Site, mailbox: Mailbox) -> None:
    mailed.visitor().post("/sign-in/mail", {"email": NOBODY})
    (mail,) = mailbox.to(NOBODY)
    assert "no account" in mail["Subject"]
    assert "/sign-in/link/" not in text_of(mail)


def test_a_link_alone_is_not_enough_for_somebody_whose_role_needs_a_password(mailed: Site, mailbox: Mailbox) -> None:
    account(mailed, "milan@mentors.example", "mentor")
    mailed.visitor().post("/sign-in/mail", {"email": "milan@mentors.example"})
    (mail,) = mailbox.to("milan@mentors.example")
    assert urlsplit(link_of(mail)).path == "/sign-in"


# A forgotten password


def test_a_forgotten_password_is_set_anew_by_a_link_and_signs_everybody_out(
    mailed: Site, ana: str, mailbox: Mailbox
) -> None:
    elsewhere = mailed.visitor()
    sign_in(elsewhere, ANA)
    visitor = mailed.visitor()
    visitor.submit(visitor.get("/sign-in/password"), {"email": ANA})
    path = mailbox.link(ANA)
    page = visitor.get(path)
    for poor in ("short", "password1", "Firma-2026"):
        visitor.submit(page, {"password": poor}, "/sign-in/password/new", 422)
    visitor.submit(page, {"password": "another good one"}, "/sign-in/password/new")
    assert not is_in(elsewhere)
    assert "password was changed" in mailbox.to(ANA)[-1]["Subject"]
    visitor.get(path, status=404)
    sign_in(visitor, ANA, status=422)
    sign_in(visitor, ANA, "another good one")
    assert is_in(visitor)


# The second factor


@pytest.fixture(name="milan")
def _milan(mailed: Site) -> str:
    return account(mailed, "milan@mentors.example", "mentor")


def test_without_a_second_factor_a_mentor_reaches_nothing_but_setting_one_up(mailed: Site, milan: str) -> None:
    visitor = mailed.visitor()
    assert sign_in(visitor, "milan@mentors.example").location == "/sign-in/set-up"
    for path in ("/account", "/mentor", "/account/companies", "/account/app"):
        assert visitor.get(path, status=303).location.startswith("/sign-in/second")
    page = visitor.get("/sign-in/set-up")
    assert "password" not in page.form("/sign-in/set-up").fields
    visitor.submit(page, {"code": "000000"}, "/sign-in/set-up", 422)
    secret = page.form("/sign-in/set-up").fields["secret"]
    shown = visitor.submit(page, {"code": code_of(mailed, secret)}, "/sign-in/set-up", 200)
    assert len(re.findall(r"\b[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}\b", shown.words)) == 10
    visitor.get("/mentor")


def test_a_password_alone_opens_nothing_once_there_is_a_second_factor(mailed: Site, ana: str) -> None:
    with_app(mailed, ana)
    visitor = mailed.visitor()
    sign_in(visitor, ANA)
    assert not is_in(visitor)
    visitor.submit(visitor.get("/sign-in/second"), {"code": "000000"}, "/sign-in/second", 422)
    assert not is_in(visitor)
    # Nor does setting up another one on the way in.
    assert visitor.get("/sign-in/set-up", status=303).location == "/sign-in/second"
    visitor.post("/sign-in/set-up", {"secret": quick(mailed).new_secret(), "code": "000000"})
    assert not is_in(visitor)


def test_a_code_opens_once(mailed: Site, ana: str) -> None:
    with_app(mailed, ana)
    code = code_of(mailed, of(mailed, ana).totp_secret)
    for status, comes_in in ((303, True), (422, False)):
        visitor = mailed.visitor()
        sign_in(visitor, ANA)
        visitor.submit(visitor.get("/sign-in/second"), {"code": code}, "/sign-in/second", status)
        assert is_in(visitor) is comes_in


def test_a_code_that_two_use_at_once_opens_once(mailed: Site, ana: str) -> None:
    with_app(mailed, ana)
    code = code_of(mailed, of(mailed, ana).totp_secret)
    visitors = [mailed.visitor() for _ in range(6)]
    for visitor in visitors:
        sign_in(visitor, ANA)
    pages = [visitor.get("/sign-in/second").form("/sign-in/second").filled({"code": code}) for visitor in visitors]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda number: visitors[number].send("/sign-in/second", pages[number]), range(6)))
    assert sum(map(is_in, visitors)) == 1


def test_a_recovery_code_opens_once_and_only_its_hash_is_kept(mailed: Site, ana: str) -> None:
    codes = with_app(mailed, ana)
    assert len(set(codes)) == 10
    kept = "".join(mailed.dump())
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]
    for status, comes_in in ((303, True), (422, False)):
        visitor = mailed.visitor()
        sign_in(visitor, ANA)
        typed = codes[0].upper().replace("-", " ")
        visitor.submit(visitor.get("/sign-in/second"), {"code": typed}, "/sign-in/second", status)
        assert is_in(visitor) is comes_in
    last = mailed.visitor()
    sign_in(last, ANA)
    last.submit(last.get("/sign-in/second"), {"code": codes[1]}, "/sign-in/second")
    assert "8 are left" in last.get("/account").words


# Too many tries


@pytest.fixture(name="limited")
def _limited(make_site: MakeSite) -> Site:
    return make_site(limited=True)


def test_the_eleventh_wrong_password_waits_and_whoever_was_here_before_does_not(limited: Site) -> None:
    account(limited, ANA)
    known = limited.visitor()
    sign_in(known, ANA)
    known.post("/sign-out")
    for number in range(11):
        page = sign_in_from(limited.visitor(), f"10.0.0.{number}", "wrong horse battery")
        assert page.status == (422 if number < 10 else 429)
    assert int(page.headers["Retry-After"]) <= 300
    stranger = limited.visitor()
    assert sign_in_from(stranger, "10.0.1.1", PASSWORD).status == 429
    assert not is_in(stranger)
    sign_in(known, ANA)
    assert is_in(known)


def sign_in_from(visitor: Visitor, address: str, password: str, email: str = ANA) -> Page:
    """Type the password from an address of the network."""
    token = visitor.token()
    sent = {"csrf_token": token, "email": email, "password": password}
    response = visitor.client.post(
        "/sign-in", base_url=visitor.site.address, data=sent, environ_base={"REMOTE_ADDR": address}
    )
    return Page(response)


def test_wrong_passwords_of_everybody_together_are_limited_too(limited: Site) -> None:
    account(limited, ANA)
    known = limited.visitor()
    sign_in(known, ANA)
    known.post("/sign-out")
    with limited.app.test_request_context():
        for _ in range(999):
            limiter().count(SIGN_INS_IN_ALL)
    first = sign_in_from(limited.visitor(), "10.0.0.1", "wrong horse battery", "one@firma.example")
    assert first.status == 422
    next_one = sign_in_from(limited.visitor(), "10.0.0.2", "wrong horse battery", "two@firma.example")
    assert next_one.status == 429
    assert int(next_one.headers["Retry-After"]) > 0
    # Who has been here before comes in all the same.
    sign_in(known, ANA)
    assert is_in(known)


def test_a_mark_of_another_account_or_a_made_up_one_is_no_known_browser(limited: Site) -> None:
    account(limited, ANA)
    account(limited, "eve@firma.example")
    eve = limited.visitor()
    sign_in(eve, "eve@firma.example")
    eve.post("/sign-out")
    for number in range(10):
        sign_in_from(limited.visitor(), f"10.0.0.{number}", "wrong horse battery")
    assert sign_in_from(eve, "10.0.2.1", PASSWORD).status == 429
    eve.client.set_cookie("known", "f" * 64, domain="localhost")
    assert sign_in_from(eve, "10.0.2.1", PASSWORD).status == 429


def test_right_passwords_are_not_counted_and_wrong_ones_of_one_address_are(limited: Site) -> None:
    account(limited, ANA)
    for _ in range(15):
        assert sign_in_from(limited.visitor(), "10.0.0.1", PASSWORD).status == 303
    for number in range(11):
        page = sign_in_from(limited.visitor(), "10.0.0.1", "wrong horse", f"someone{number}@firma.example")
    assert page.status == 429


def test_the_sixth_wrong_code_waits(limited: Site) -> None:
    ana = account(limited, ANA)
    with_app(limited, ana)
    visitor = limited.visitor()
    sign_in(visitor, ANA)
    token = visitor.get("/sign-in/second").form("/sign-in/second").fields["csrf_token"]
    for number in range(6):
        page = visitor.send("/sign-in/second", {"csrf_token": token, "code": f"00000{number}"})
        assert page.status == (422 if number < 5 else 429)
    right = code_of(limited, of(limited, ana).totp_secret)
    assert visitor.send("/sign-in/second", {"csrf_token": token, "code": right}).status == 429
    assert not is_in(visitor)


def test_only_a_link_that_says_so_in_a_demo_stands_for_both_factors(mailed: Site, milan: str) -> None:
    token = link_for(mailed, "milan@mentors.example", milan, "staff", factors=2)
    assert entering.use(mailed.instance, token).factors == 2
    plain = link_for(mailed, "milan@mentors.example", milan, "staff")
    assert entering.use(mailed.instance, plain).factors == 1


def test_nowhere_else_does_a_link_stand_for_both(production: Site) -> None:
    milan = account(production, "milan@mentors.example", "mentor")
    token = link_for(production, "milan@mentors.example", milan, "staff", factors=2)
    visitor = production.visitor()
    assert visitor.post("/sign-in/link", {"token": token}).location == "/sign-in/set-up"
    assert not is_in(visitor)
