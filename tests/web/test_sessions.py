"""Sessions of people: on the server, with an end by time, by sign-out, by a change. SES-01 to SES-08."""

import re
from datetime import timedelta
from typing import Any

import pytest

from assessment.services.people import sessions
from assessment.storage.database import Database
from assessment.storage.people import companies, people, presence
from tests.web.entering import PASSWORD, account, is_in, sign_in, signs_out, stored_hash
from tests.web.people import person, signed_in
from tests.web.routes import SIGNING_IN
from tests.web.visiting import Page, Site

ANA = "ana@firma.example"


@pytest.fixture(name="ana")
def _ana(site: Site) -> str:
    return person(site, ANA)


def test_a_cookie_opens_nothing_after_signing_out_and_what_the_browser_kept_is_cleared(site: Site, ana: str) -> None:
    visitor = signed_in(site, ana)
    before = visitor.session
    answer = signs_out(visitor)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert visitor.session == ""
    replayed = site.visitor()
    replayed.session = before
    assert not is_in(replayed)
    assert "signed out" in visitor.follow(answer).words


def test_signing_out_needs_the_browsers_own_token(site: Site, ana: str) -> None:
    visitor = signed_in(site, ana)
    foreign = signed_in(site, person(site, "eve@firma.example")).token()
    for token in ("", foreign):
        assert visitor.send("/sign-out", {"csrf_token": token}).status == 400
        assert is_in(visitor)


@pytest.mark.parametrize(
    ("role", "idle", "absolute"),
    [("", timedelta(hours=2), timedelta(hours=24)), ("mentor", timedelta(minutes=30), timedelta(hours=12)),
     ("administrator", timedelta(minutes=30), timedelta(hours=12))],
)  # fmt: skip
def test_a_session_ends_after_a_rest_and_after_a_day_in_any_case(
    site: Site, role: str, idle: timedelta, absolute: timedelta
) -> None:
    person_id, second = person(site, ANA, role), timedelta(seconds=1)
    resting = signed_in(site, person_id)
    site.clock.now += idle - second
    assert is_in(resting)
    site.clock.now += idle
    assert not is_in(resting)
    # What has ended does not come back with an earlier clock.
    site.clock.now -= idle
    assert not is_in(resting)
    busy = signed_in(site, person_id)
    began = site.clock.now
    while site.clock.now < began + absolute - idle:
        site.clock.now += idle - second
        assert is_in(busy)
    site.clock.now = began + absolute - second
    assert is_in(busy)
    site.clock.now += second
    assert not is_in(busy)


def test_without_the_limits_it_would_last(site: Site, ana: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "is_over", lambda *_: False)
    visitor = signed_in(site, ana)
    site.clock.forward(days=20)
    assert is_in(visitor)


def test_what_was_begun_without_an_account_stays_open_when_the_session_of_the_person_ends(site: Site, ana: str) -> None:
    visitor = signed_in(site, ana)
    hub = visitor.start()
    site.clock.forward(hours=3)
    assert not is_in(visitor)
    visitor.get(hub)
    visitor.post("/sign-out")
    visitor.get(hub, status=404)


@pytest.mark.parametrize("change", [{"active": False}, {"staff_role": "administrator"}])
def test_who_is_disabled_or_gets_a_role_is_not_in_any_more(site: Site, ana: str, change: dict[str, object]) -> None:
    visitor = signed_in(site, ana, factors=1)
    assert is_in(visitor)
    with site.instance.database.writing() as connection:
        people.change_person(connection, ana, **change)
    assert not is_in(visitor)


def test_whose_session_has_ended_is_led_through_signing_in_back_to_the_same_page(site: Site) -> None:
    owner = account(site, ANA)
    with site.instance.database.writing() as connection:
        company = companies.add_company(connection, "Firma", owner, site.clock())
    there = f"/companies/{company.id}"
    visitor = site.visitor()
    sign_in(visitor, ANA)
    visitor.get(there)
    site.clock.forward(hours=3)
    for path in (there, "/companies/" + "0" * 32):
        assert visitor.get(path, status=303).location == f"/sign-in?next={path}"
    page = visitor.get(f"/sign-in?next={there}")
    assert visitor.submit(page, {"email": ANA, "password": PASSWORD}, "/sign-in").location == there
    visitor.get("/companies/" + "0" * 32, status=404)
    site.visitor().get(there, status=404)


def test_half_way_in_lasts_half_an_hour(site: Site) -> None:
    milan = person(site, "milan@mentors.example", "mentor")
    visitor = signed_in(site, milan, factors=1, complete=False)
    site.clock.forward(minutes=29)
    visitor.get("/sign-in/set-up")
    site.clock.forward(minutes=1)
    assert visitor.get("/sign-in/set-up", status=303).location.startswith("/sign-in?next=")


def test_the_database_holds_no_id_of_a_session(site: Site, ana: str) -> None:
    visitor = signed_in(site, ana)
    assert len(visitor.session) == 44
    assert visitor.session not in "".join(site.dump())
    assert stored_hash(visitor) in "".join(site.dump())


def test_the_cookies_are_those_that_only_this_site_reads(production: Site) -> None:
    account(production, ANA)
    visitor = production.visitor()
    sign_in(visitor, ANA)
    token = visitor.token()
    visitor.send("/sign-out", {"csrf_token": token})
    answer = sign_in(visitor, ANA)
    cookies = {cookie.partition("=")[0]: cookie for cookie in answer.headers.get_all("Set-Cookie")}
    assert set(cookies) == {"__Host-session", "__Host-known"}
    for cookie in cookies.values():
        parts = set(re.split("; ", cookie))
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= parts
        assert not [part for part in parts if part.startswith("Domain")]


def test_who_is_here_is_one_read_and_a_visit_is_noted_once_a_minute(
    site: Site, ana: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = signed_in(site, ana)
    read: list[object] = []
    noted: list[object] = []
    first, touch = Database.first, presence.touch

    def counted(self: Database, statement: object, **values: object) -> object:
        read.append(statement)
        return first(self, statement, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(Database, "first", counted)

    def touched(*given: Any) -> None:
        noted.append(given)
        touch(*given)

    monkeypatch.setattr(presence, "touch", touched)
    for _ in range(3):
        visitor.get("/privacy")
    assert read == [presence._HERE] * 3
    assert not noted
    site.clock.forward(minutes=1)
    for _ in range(3):
        visitor.get("/privacy")
    assert len(noted) == 1
    read.clear()
    visitor.client.get("/livez", base_url=site.address)
    site.visitor().get("/privacy")
    assert not read


def test_of_a_browser_in_which_nobody_signed_in_nobody_is_read(
    site: Site, ana: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []
    first = Database.first

    def counted(self: Database, statement: object, **values: object) -> object:
        read.append(statement)
        return first(self, statement, **values)  # type: ignore[arg-type]

    visitor, known = site.visitor(), signed_in(site, ana)
    hub = visitor.start()
    monkeypatch.setattr(Database, "first", counted)
    visitor.get(hub)
    assert read
    assert presence._HERE not in read
    known.get("/privacy")
    assert presence._HERE in read


def test_an_id_without_the_mark_of_a_sign_in_or_with_one_it_was_not_given_opens_nothing(site: Site, ana: str) -> None:
    visitor, owner = signed_in(site, ana), site.visitor()
    checks = {visitor: visitor.start(), owner: owner.start()}
    assert is_in(visitor)
    for browser in (visitor, owner):
        thief, marked = site.visitor(), browser.session.endswith(".")
        thief.session = browser.session[:-1] if marked else browser.session + "."
        assert not is_in(thief)
        thief.get(checks[browser], 404)
        # The id itself does.
        thief.session = browser.session
        assert is_in(thief) == marked
        thief.get(checks[browser])


def test_whoever_is_signed_in_stays_so_through_every_new_id(site: Site, ana: str) -> None:
    visitor, other = signed_in(site, ana), site.visitor()
    other.start()
    code = re.search(r"[A-Z0-9]{4}(?:-[A-Z0-9]{4})+", other.get(other.hub + "/keep").text)
    assert code is not None
    ids = [visitor.session]
    for renew in (visitor.start, lambda: visitor.post("/resume", {"code": code[0]})):
        renew()
        assert is_in(visitor)
        ids.append(visitor.session)
    assert len(set(ids)) == 3


def test_a_static_file_asks_nobody(site: Site, ana: str, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = signed_in(site, ana)
    page = visitor.get("/privacy")
    (address,) = re.findall(r'href="(/static/[^"]+app\.css)"', page.text)
    monkeypatch.setattr(Database, "first", lambda *_, **__: pytest.fail("the database was asked"))
    visitor.get(address)


def test_looking_at_the_pages_of_an_account_changes_nothing(site: Site, ana: str) -> None:
    visitor = signed_in(site, ana)
    before = site.dump()
    for address in SIGNING_IN["GET"]:
        path = address.replace("<token>", "made-up")
        for method in (visitor.client.get, visitor.client.head, visitor.client.options):
            Page(method(path, base_url=site.address))
    assert site.dump() == before


def test_a_form_of_an_account_without_its_token_or_from_elsewhere_changes_nothing(site: Site, ana: str) -> None:
    visitor = signed_in(site, ana)
    before = site.dump()
    for path in SIGNING_IN["POST"]:
        assert visitor.send(path, {"name": "Eve", "csrf_token": "made up"}).status == 400, path
        foreign = {"csrf_token": "made up", "name": "Eve"}
        assert visitor.send(path, foreign, Origin="https://evil.example").status == 403, path
        assert visitor.send(path, foreign, Sec_Fetch_Site="cross-site").status == 403, path
    assert site.dump() == before
    visitor.post("/account/name", {"name": "Ana"})
    assert site.dump() != before


def test_whoever_is_not_signed_in_changes_nothing_in_an_account(site: Site, ana: str) -> None:
    visitor = site.visitor()
    visitor.token()
    before = site.dump()
    for path in SIGNING_IN["POST"]:
        if path.startswith("/account"):
            assert visitor.post(path).location == "/sign-in"
    assert site.dump() == before
