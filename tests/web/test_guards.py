"""Guards: forms from elsewhere, foreign hosts, too much at once, and what one visitor can learn of another's check."""

from collections.abc import Callable

import pytest

from assessment.storage.sqlite import driver
from assessment.web.browser import BrowserSession
from tests.web.conftest import MakeSite
from tests.web.routes import ADDRESSES, CANARY, EXAMPLE, NOTED, Finished, effective, filled, of_draft, target
from tests.web.visiting import Page, Site, Visitor

NOBODY = "0" * 32


ATTACKS: dict[str, Callable[[Visitor, Visitor, str, dict[str, str]], Page]] = {
    "without a token": lambda owner, other, path, data: owner.send(path, data),
    "with a made-up token": lambda owner, other, path, data: owner.send(path, {**data, "csrf_token": "x" * 91}),
    "with a token of other letters": lambda owner, other, path, data: owner.send(
        path, {**data, "csrf_token": "\u00e9" * 64}
    ),
    "with another visitor's token": lambda owner, other, path, data: owner.send(
        path, {**data, "csrf_token": other.token()}
    ),
    "from a foreign origin": lambda owner, other, path, data: owner.send(
        path, {**data, "csrf_token": owner.token()}, Origin="https://evil.example"
    ),
    "from an origin that hides": lambda owner, other, path, data: owner.send(
        path, {**data, "csrf_token": owner.token()}, Origin="null"
    ),
    "from another site": lambda owner, other, path, data: owner.send(
        path, {**data, "csrf_token": owner.token()}, Sec_Fetch_Site="cross-site"
    ),
}


@pytest.mark.parametrize("address", ADDRESSES["POST"])
def test_a_form_that_is_not_ours_changes_nothing_and_ours_does(finished: Finished, address: str) -> None:
    owner, other, site = finished.owner, finished.site.visitor(), finished.site
    path, data = target(finished, address), effective(finished, address)
    site.clock.forward(hours=1)
    before = site.dump()
    for name, attack in ATTACKS.items():
        page = attack(owner, other, path, data)
        assert page.status == (400 if "token" in name else 403), f"{address} {name}: {page.status}"
        assert "Set-Cookie" not in page.headers, f"{address} {name}"
        assert site.dump() == before, f"{address} {name}"
    page = owner.send(path, {**data, "csrf_token": owner.token()})
    assert page.status == 303, f"{address}: {page.status}"
    assert site.dump() != before, f"the same form with a token of ours changes nothing at {address}"


def test_without_the_guard_a_form_without_a_token_would_have_changed_something(
    finished: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BrowserSession, "gave", lambda _session, _token: True)
    before = finished.site.dump()
    assert finished.owner.send(finished.owner.hub + "/delete", {}).status == 303
    assert finished.site.dump() != before


@pytest.mark.parametrize("referer", ["", "http://check.example.org/start", "https://check.example.org.evil.example/"])
def test_over_https_a_form_comes_from_one_of_our_pages(production: Site, referer: str) -> None:
    visitor = production.visitor()
    data = {"csrf_token": visitor.token(), "depth": "full"}
    assert visitor.send("/start", data, Referer=referer).status == 400
    assert visitor.send("/start", data).status == 303


def test_a_token_ends_with_the_id_it_was_made_for(site: Site) -> None:
    visitor = site.visitor()
    before = visitor.token()
    visitor.start()
    assert visitor.send("/start", {"csrf_token": before, "depth": "full"}).status == 400


def test_looking_at_every_page_changes_nothing(finished: Finished) -> None:
    before = finished.site.dump()
    for template in ADDRESSES["GET"]:
        path = finished.address(template)
        for method in ("GET", "HEAD", "OPTIONS"):
            Page(finished.owner.client.open(path, method=method, base_url=finished.site.address))
    assert finished.site.dump() == before


def test_pages_that_only_take_forms_do_not_act_on_being_looked_at(finished: Finished) -> None:
    before = finished.site.dump()
    for template in set(ADDRESSES["POST"]) - set(ADDRESSES["GET"]):
        page = Page(finished.owner.client.get(target(finished, template), base_url=finished.site.address))
        assert page.status in (404, 405), template
    assert finished.site.dump() == before


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_somebody_elses_check_answers_like_one_that_does_not_exist(finished: Finished, method: str) -> None:
    stranger = finished.site.visitor()
    stranger.start()
    before = finished.site.dump()
    for template in of_draft(method):
        path = finished.address(template)
        nowhere = path.replace(finished.parts["draft_id"], NOBODY)
        data = {**effective(finished, template), "csrf_token": stranger.token()} if method == "POST" else None
        own = {"Origin": finished.site.address}
        theirs, missing = (
            Page(stranger.client.open(at, method=method, base_url=finished.site.address, data=data, headers=own))
            for at in (path, nowhere)
        )
        assert (theirs.status, len(theirs.body)) == (404, len(missing.body)), template
        assert missing.status == 404, template
        assert sorted(theirs.headers.keys()) == sorted(missing.headers.keys()), template
    assert finished.site.dump() == before


def test_nothing_of_a_check_is_seen_by_another_visitor(finished: Finished) -> None:
    stranger = finished.site.visitor()
    hub = stranger.start()
    own = {**finished.parts, "draft_id": hub.rpartition("/")[2]}
    seen, shown = [], []
    for template in ADDRESSES["GET"]:
        shown.append(Page(finished.owner.client.get(finished.address(template), base_url=finished.site.address)))
        if "<key>" not in template:
            seen.append(Page(stranger.client.get(filled(template, own), base_url=finished.site.address)))
        seen.append(Page(stranger.client.get(finished.address(template), base_url=finished.site.address)))
    assert any(CANARY in page.text for page in shown if page.is_html)
    for page in seen:
        assert CANARY.encode() not in page.body, page.path
        assert CANARY not in str(page.headers), page.path


def test_more_than_was_asked_for_in_a_form_is_not_stored(finished: Finished) -> None:
    owner, draft = finished.owner, finished.parts["draft_id"]
    more = {"id": NOBODY, "assessment_id": NOBODY, "owner_id": "1", "score": "100", "overall": "100", "depth": "quick",
            "version": "9", "questionnaire": "other", "created_at": "2000-01-01", "submitted_at": "2000-01-01",
            "counter": "0", "session_hash": "x"}  # fmt: skip
    columns = "id, questionnaire, version, depth, created_at"
    before = rows(finished.site, f"SELECT {columns} FROM assessments WHERE id = '{draft}'")
    for address in ("/assessments/<draft_id>/plan-own", "/assessments/<draft_id>/report",
                    "/assessments/<draft_id>/submit",
                    "/assessments/<draft_id>/sections/<section>/<page>"):  # fmt: skip
        owner.post(target(finished, address), {**effective(finished, address), **more})
    assert rows(finished.site, f"SELECT {columns} FROM assessments WHERE id = '{draft}'") == before
    assert rows(finished.site, f"SELECT count(*) FROM plan_items WHERE assessment_id = '{NOBODY}'") == [(0,)]


def rows(site: Site, query: str) -> list[tuple[object, ...]]:
    connection = driver.connect(site.database)
    found: list[tuple[object, ...]] = connection.execute(query).fetchall()
    connection.close()
    return found


@pytest.mark.parametrize(
    "host", ["evil.example", "check.example.org.evil.example", "check.example.org@evil.example", ""]
)
def test_a_foreign_host_is_refused(production: Site, host: str) -> None:
    visitor = production.visitor()
    for path in ("/", "/start", "/livez", "/nowhere"):
        page = Page(visitor.client.get(path, base_url=production.address, headers={"Host": host}))
        assert page.status == 400, f"{host} {path}"
        assert "evil" not in page.text + page.location


def test_headers_of_a_proxy_that_was_not_configured_are_not_believed(production: Site) -> None:
    visitor = production.visitor()
    visitor.start()
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Forwarded-For": "203.0.113.9"}
    for path in ("/", "/start", visitor.hub + "/keep", visitor.hub + "/sections/profile"):
        page = Page(visitor.client.get(path, base_url=production.address, headers=forged))
        assert page.status in (200, 302), path
        assert "evil" not in page.text + page.location
        assert "Strict-Transport-Security" in page.headers


def test_the_link_to_come_back_carries_the_configured_address(production: Site) -> None:
    visitor = production.visitor()
    keep = visitor.get(visitor.start() + "/keep")
    assert [link for link in keep.links() if link.startswith("https://check.example.org/resume/")]


@pytest.mark.parametrize(
    "where", ["//evil.example", "\\\\evil.example", "https:evil.example", "/%2f/evil", "a\r\nSet-Cookie: a=b"]
)
def test_words_in_an_address_never_lead_elsewhere(finished: Finished, where: str) -> None:
    owner = finished.owner
    keep = owner.get(owner.hub + "/keep", query_string={"section": where, "page": where, "next": where})
    local = [link for link in keep.links() if not link.startswith(finished.site.instance.settings.base_url)]
    assert all((link.startswith(("/", "#")) and not link.startswith("//")) or link == "" for link in local)
    saved = owner.post(owner.page_of(NOTED), {**effective(finished, SAVE), "from": where, "next": where})
    assert saved.location.startswith(owner.hub)
    assert "Set-Cookie" not in saved.headers


SAVE = "/assessments/<draft_id>/sections/<section>/<page>"


@pytest.mark.parametrize("size", [257 * 1024, 600 * 1024])
def test_a_body_that_is_too_large_is_refused_unread(finished: Finished, size: int) -> None:
    before = finished.site.dump()
    for template in ADDRESSES["POST"]:
        page = finished.owner.send(target(finished, template), {"title": "x" * size})
        assert page.status == 413, template
    assert finished.site.dump() == before


@pytest.mark.parametrize("form", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_too_many_fields_are_refused(finished: Finished, form: str) -> None:
    before = finished.site.dump()
    token = finished.owner.token()
    for template in ADDRESSES["POST"]:
        data = {**effective(finished, template), "csrf_token": token, **{f"f{number}": "1" for number in range(2000)}}
        page = Page(
            finished.owner.client.post(
                target(finished, template), base_url=finished.site.address, data=data, content_type=form,
                headers={"Origin": finished.site.address},
            )
        )  # fmt: skip
        assert page.status == 413, template
    assert finished.site.dump() == before


def test_a_full_page_of_answers_is_far_below_the_limit_of_fields(site: Site) -> None:
    visitor = site.visitor()
    visitor.start()
    answer = visitor.send(
        "/start", {"csrf_token": visitor.token(), "depth": "full", **{f"f{n}": "1" for n in range(900)}}
    )
    assert answer.status == 303


def test_public_instances_do_not_know_the_examples(make_site: MakeSite) -> None:
    site = make_site(production=True, start="seeded")
    visitor = site.visitor()
    visitor.get("/examples", 404)
    visitor.post(f"/examples/{site.example(EXAMPLE)}", status=404)
    visitor.get(f"/assessments/{site.example(EXAMPLE)}", 404)


@pytest.mark.parametrize("path", ["/start", "/resume/link"])
def test_limits_are_kept_where_they_are_on(make_site: MakeSite, path: str) -> None:
    site = make_site(limited=True)
    visitor = site.visitor()
    statuses = []
    for _ in range(31):
        statuses.append(visitor.send(path, {"csrf_token": visitor.token(), "depth": "quick", "token": "x"}).status)
    allowed = {"/start": [303] * 30 + [429], "/resume/link": [404] * 10 + [429] * 21}
    assert statuses == allowed[path]
