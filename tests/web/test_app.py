"""The application as a browser meets it: exact headers, guarded forms, drafts that only their own browser opens.

RELIABILITY SES-03, SES-06, SES-07, SES-09, SES-11, AUTH-06, AUTH-08, AUTH-10, AUTH-17, DUR-07, INP-05, INP-06, INP-10.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import MetaData, select

from assessment.app import make_app
from assessment.config import RateLimits, Settings
from assessment.content.library import Library
from assessment.opening import make_instance
from assessment.services.instance import Instance
from tests.sites import shipped
from tests.tables import with_tables

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; frame-src 'none'; "
    "worker-src 'none'; manifest-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'; "
    "upgrade-insecure-requests"
)
ALWAYS = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
        "publickey-credentials-get=(self), publickey-credentials-create=(self)"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Cookie",
}
SITE = "https://check.test"


@pytest.fixture(scope="module")
def library() -> Library:
    return shipped()


@pytest.fixture
def product(tmp_path: Path, library: Library) -> Iterator[Instance]:
    settings = Settings.from_env(
        {
            "ASSESSMENT_BASE_URL": SITE, "ASSESSMENT_DATA": str(tmp_path), "ASSESSMENT_JOBS": "inline",
            "ASSESSMENT_SECRET_KEY": "q7Rk2ZpX9vLm4TnB8sWc3HdJ6yFg1AuE", "ASSESSMENT_OPERATOR_NAME": "Test office",
            "ASSESSMENT_CODE_KEY": "m5Yt8QwN2rVb7KxD4hGj9LsP3cZf6ToU",
            "ASSESSMENT_OPERATOR_CONTACT": "office@check.test",
        }
    )  # fmt: skip
    with_tables(tmp_path)
    instance = make_instance(replace(settings, ratelimits=RateLimits(start="1000 per hour")), library)
    yield instance
    instance.database.close()


@pytest.fixture
def app(product: Instance) -> Flask:
    return make_app(product)


def browser_of(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    client.environ_base["HTTP_HOST"] = "check.test"
    client.environ_base["HTTP_REFERER"] = SITE + "/"
    return client


def token_on(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def started(client: FlaskClient) -> str:
    """A new full check; its address."""
    sent = {"csrf_token": token_on(client.get("/start", base_url=SITE).text), "depth": "full"}
    answer = client.post("/start", data=sent, base_url=SITE)
    assert answer.status_code == 303
    return answer.headers["Location"]


def country_form(client: FlaskClient, check: str, **changes: str) -> dict[str, str]:
    """The form of the first page, filled in."""
    page = client.get(f"{check}/sections/profile/p-01", base_url=SITE).text
    key = re.search(r'name="idempotency_key" value="([^"]+)"', page)
    revision = re.search(r'name="p-01.revision" value="(\d+)"', page)
    assert key
    assert revision
    form = {"csrf_token": token_on(page), "idempotency_key": key[1], "p-01.revision": revision[1], "p-01": "BG"}
    return {**form, **changes}


def dump(product: Instance) -> list[str]:
    """Every row of every table but the counters of the rate limits."""
    reflected = MetaData()
    with product.database.reading() as connection:
        reflected.reflect(connection)
        kept = [table for table in reflected.sorted_tables if table.name != "limit_counters"]
        return sorted(str(row) for table in kept for row in connection.execute(select(table)))


def test_every_page_carries_the_exact_headers(app: Flask) -> None:
    client = browser_of(app)
    check = started(client)
    addresses = [
        rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set()) and "<" not in rule.rule
    ]
    own = [check + tail for tail in ("", "/check", "/keep", "/early", "/data", "/delete", "/sections/profile/p-01")]
    for address in [*addresses, *own, "/nowhere"]:
        if address.endswith(".pdf"):
            continue
        answer = client.get(address, base_url=SITE)
        assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS, address
        assert answer.headers["Cache-Control"] == "no-store", address
        assert answer.headers["Content-Security-Policy"] == PAGE_POLICY, address
        assert "X-Powered-By" not in answer.headers


def test_a_download_is_sandboxed_and_a_static_file_is_kept_by_the_browser(app: Flask) -> None:
    client = browser_of(app)
    download = client.get(started(client) + "/data.json", base_url=SITE)
    assert download.headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    style = re.search(r'href="(/static/[^"]+app\.css)"', client.get("/", base_url=SITE).text)
    assert style
    with client.get(style[1], base_url=SITE) as served:
        assert served.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/000000000000/app.css", base_url=SITE).status_code == 404


def test_the_one_cookie_is_host_bound_secure_and_out_of_reach_of_scripts(app: Flask) -> None:
    cookie = browser_of(app).get("/start", base_url=SITE).headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    ("headers", "token", "status"),
    [
        ({}, "", 400),
        ({}, "foreign", 400),
        ({"Sec-Fetch-Site": "cross-site"}, "own", 403),
        ({"Origin": "https://evil.test"}, "own", 403),
    ],
)
def test_a_form_that_is_not_from_our_own_page_changes_nothing(
    app: Flask, product: Instance, headers: dict[str, str], token: str, status: int
) -> None:
    client, other = browser_of(app), browser_of(app)
    check = started(client)
    form = country_form(client, check)
    tokens = {"": "", "foreign": token_on(other.get("/start", base_url=SITE).text), "own": form["csrf_token"]}
    before = dump(product)
    sent = {**form, "csrf_token": tokens[token]}
    answer = client.post(f"{check}/sections/profile/p-01", data=sent, headers=headers, base_url=SITE)
    assert answer.status_code == status
    assert dump(product) == before
    good = client.post(f"{check}/sections/profile/p-01", data=form, base_url=SITE)
    assert good.status_code == 303, "the same form from our own page is taken: the guard is what refused it"
    assert dump(product) != before


def test_a_foreign_host_and_too_large_a_form_are_refused(app: Flask) -> None:
    client = browser_of(app)
    assert (
        client.get("/", base_url="https://evil.test", environ_overrides={"HTTP_HOST": "evil.test"}).status_code == 400
    )
    check = started(client)
    form = country_form(client, check, note="x" * 600_000)
    assert client.post(f"{check}/sections/profile/p-01", data=form, base_url=SITE).status_code == 413


def test_somebody_elses_check_looks_like_one_that_does_not_exist(app: Flask) -> None:
    check, other = started(browser_of(app)), browser_of(app)
    nowhere = "/assessments/" + "0" * 32
    for tail in ("", "/check", "/keep", "/early", "/results", "/plan", "/report", "/data", "/data.json", "/delete",
                 "/sections/profile", "/sections/profile/p-01"):  # fmt: skip
        foreign, missing = other.get(check + tail, base_url=SITE), other.get(nowhere + tail, base_url=SITE)
        assert (
            (foreign.status_code, len(foreign.data))
            == (missing.status_code, len(missing.data))
            == (404, len(missing.data))
        )


def way_back(client: FlaskClient, check: str) -> tuple[str, str]:
    """The link's path and the code as shown."""
    page = client.get(f"{check}/keep", base_url=SITE).text
    link, code = (
        re.search(r'href="https://check\.test(/resume/[^"]+)"', page),
        re.search(r'gp-code"[^>]*>([^<]+)<', page),
    )
    assert link
    assert code
    return link[1], code[1]


def test_looking_at_a_link_opens_nothing_and_its_button_opens_the_check(app: Flask, product: Instance) -> None:
    client, other = browser_of(app), browser_of(app)
    check = started(client)
    link, code = way_back(client, check)
    before = dump(product)
    pages = [other.get(link, base_url=SITE) for _ in range(3)]
    assert dump(product) == before
    sent = {"csrf_token": token_on(pages[-1].text), "token": link.rpartition("/")[2]}
    opened = other.post("/resume/link", data=sent, base_url=SITE)
    assert opened.headers["Location"] == check
    assert other.get(check, base_url=SITE).status_code == 200
    stored = "\n".join(dump(product))
    assert link.rpartition("/")[2] not in stored, "only hashes are kept"
    assert code.replace("-", "") not in stored


def test_a_code_may_be_typed_in_any_way_and_guessing_ends_after_ten_tries(app: Flask) -> None:
    client, other = browser_of(app), browser_of(app)
    check = started(client)
    code = way_back(client, check)[1]
    page = other.get("/resume", base_url=SITE).text
    typed = " " + code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert (
        other.post("/resume", data={"csrf_token": token_on(page), "code": typed}, base_url=SITE).headers["Location"]
        == check
    )
    guesser = browser_of(app)
    token = token_on(guesser.get("/resume", base_url=SITE).text)
    tries = [
        guesser.post("/resume", data={"csrf_token": token, "code": f"0000-0000-{number:04}"}, base_url=SITE).status_code
        for number in range(10)
    ]
    assert tries == [422] * 9 + [429], "the good try above was the first of the ten of this address"


def test_leaving_ends_the_session_on_the_server(app: Flask) -> None:
    client = browser_of(app)
    check = started(client)
    cookie = client.get_cookie("__Host-session", domain="check.test")
    page = client.get(check, base_url=SITE).text
    left = client.post("/leave", data={"csrf_token": token_on(page)}, base_url=SITE)
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    thief = browser_of(app)
    assert cookie is not None
    thief.set_cookie("__Host-session", cookie.value, domain="check.test", secure=True, path="/")
    assert thief.get(check, base_url=SITE).status_code == 404


def test_two_windows_on_one_question_are_shown_both_answers_and_nothing_is_overwritten(app: Flask) -> None:
    client = browser_of(app)
    check = started(client)
    first, second = country_form(client, check), country_form(client, check, **{"p-01": "DE"})
    address = f"{check}/sections/profile/p-01"
    assert client.post(address, data=first, base_url=SITE).status_code == 303
    clash = client.post(address, data=second, base_url=SITE)
    assert clash.status_code == 409
    assert "Bulgaria" in clash.text
    assert "Germany" in clash.text
    assert 'value="BG" selected' in client.get(address, base_url=SITE).text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', clash.text))
    assert client.post(address, data={**hidden, "p-01.keep": "mine:1"}, base_url=SITE).status_code == 303
    assert 'value="DE" selected' in client.get(address, base_url=SITE).text


def test_an_answer_that_is_not_offered_is_refused_with_what_to_do_and_nothing_is_saved(
    app: Flask, product: Instance
) -> None:
    client = browser_of(app)
    check = started(client)
    before = dump(product)
    form = country_form(client, check, **{"p-01": "ATLANTIS"})
    answer = client.post(f"{check}/sections/profile/p-01", data=form, base_url=SITE)
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert "choose one of the answers offered" in answer.text
    assert dump(product) == before


@pytest.mark.parametrize(
    "path", ["/%00", "/assessments/%FF%FE", "/catalogue?q=%00%FF&page=9999999999", "/r/%27%22", "/resume/" + "x" * 3000]
)
def test_bad_bytes_are_an_error_of_the_sender(app: Flask, path: str) -> None:
    assert browser_of(app).get(path, base_url=SITE).status_code < 500


def test_deleting_a_check_takes_its_rows_with_it(app: Flask, product: Instance) -> None:
    client = browser_of(app)
    check = started(client)
    client.post(f"{check}/sections/profile/p-01", data=country_form(client, check), base_url=SITE)
    confirm = client.get(f"{check}/delete", base_url=SITE).text
    client.post(f"{check}/delete", data={"csrf_token": token_on(confirm)}, base_url=SITE)
    assert check.rpartition("/")[2] not in "\n".join(dump(product))
    assert client.get(check, base_url=SITE).status_code == 404
