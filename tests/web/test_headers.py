"""Headers and cookies: the table of the product, word for word, on every answer, and the list of addresses."""

from collections.abc import Callable

import pytest
from flask import Flask

from assessment.core.access import Standpoint
from assessment.web.policies import needs
from tests.web.routes import ADDRESSES, DEMO_ONLY, DOWNLOADS, PROMISED, Finished, public_parts
from tests.web.visiting import Page, Site

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; frame-src 'none'; "
    "worker-src 'none'; manifest-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
)
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Cookie",
}
SECURITY = {*EVERYWHERE, "Content-Security-Policy", "Strict-Transport-Security", "Cache-Control", "Server",
            "X-Powered-By", "Clear-Site-Data", "Access-Control-Allow-Origin"}  # fmt: skip


def table(https: bool, download: bool = False, static: bool = False) -> dict[str, str]:
    """The headers that one answer must have, and no others of their kind."""
    page = POLICY + "; upgrade-insecure-requests" if https else POLICY
    return {
        **EVERYWHERE,
        "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'" if download else page,
        "Cache-Control": "public, max-age=31536000, immutable" if static else "no-store",
        **({"Strict-Transport-Security": "max-age=63072000; includeSubDomains"} if https else {}),
    }


def told(page: Page) -> dict[str, str]:
    """The headers of an answer that the table is about."""
    assert all(len(page.headers.getlist(name)) <= 1 for name in SECURITY)
    return {name: page.headers[name] for name in SECURITY if name in page.headers}


@pytest.fixture(params=[True, False], ids=["production", "demo"])
def check(request: pytest.FixtureRequest, make_finished: Callable[..., Finished]) -> Finished:
    return make_finished(production=request.param)


@pytest.fixture
def anywhere(check: Finished) -> Site:
    return check.site


def rules(app: Flask, method: str) -> set[str]:
    return {rule.rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())}


def test_the_addresses_are_those_that_were_promised(anywhere: Site) -> None:
    missing = DEMO_ONLY if anywhere.instance.settings.secure else ()
    for method in ("GET", "POST"):
        listed = {
            address for errand in PROMISED.values() for address, asked in errand.items() if method in asked
        }  # fmt: skip
        assert rules(anywhere.app, method) == listed - {*missing}
    other = {method for rule in anywhere.app.url_map.iter_rules() for method in rule.methods or ()}
    assert other == {"GET", "HEAD", "OPTIONS", "POST"}


def test_every_page_and_file_has_exactly_the_headers_of_the_table(anywhere: Site, check: Finished) -> None:
    https = anywhere.instance.settings.secure
    for template in ADDRESSES["GET"]:
        if https and template in DEMO_ONLY:
            continue
        page = Page(check.owner.client.get(check.address(template), base_url=anywhere.address))
        assert page.status in (200, 302), template
        wanted = table(https, download=template in DOWNLOADS, static=template.startswith("/static/"))
        assert told(page) == wanted, template


def test_errors_and_redirects_have_the_headers_too(anywhere: Site) -> None:
    https = anywhere.instance.settings.secure
    visitor, wanted = anywhere.visitor(), table(https)
    hub = visitor.start()
    parts = public_parts(anywhere)
    found = [
        visitor.get("/nowhere", 404),
        visitor.get(f"/static/000000000000/{parts['name']}", 404),
        visitor.get("/static/../app.py", 404),
        visitor.get(f"/static/000000000000/{'n' * 5000}", 404),
        visitor.send("/start", {"depth": "full"}),
        visitor.send("/start", {"depth": "full"}, Sec_Fetch_Site="cross-site"),
        visitor.send("/nowhere", {}),
        visitor.post("/start", {"depth": ""}, 422),
        visitor.post(hub + "/full"),
        visitor.send("/start", {"depth": "x" * 300_000}),
        Page(visitor.client.get("/", base_url=anywhere.address, headers={"Host": "evil.example"})),
        Page(visitor.client.put("/start", base_url=anywhere.address, headers={"Origin": anywhere.address})),
        Page(visitor.client.options("/start", base_url=anywhere.address)),
        Page(visitor.client.head("/start", base_url=anywhere.address)),
    ]
    assert [page.status for page in found] == [404, 404, 404, 404, 400, 403, 404, 422, 303, 413, 400, 405, 200, 200]
    assert [told(page) for page in found] == [wanted] * len(found)


def test_a_fault_of_ours_shows_a_number_and_nothing_from_inside(anywhere: Site) -> None:
    @needs(Standpoint.ANYBODY)
    def broken() -> str:
        raise RuntimeError("the inside of SELECT answers FROM /srv/secret")

    anywhere.app.view_functions["public.help_page"] = broken
    page = anywhere.visitor().get("/help", 500)
    assert told(page) == table(anywhere.instance.settings.secure)
    assert "Request number:" in page.words
    assert not any(word in page.text for word in ("SELECT", "secret", "Traceback", "RuntimeError"))


def test_the_cookie_of_a_public_instance_is_bound_to_host_https_and_http_alone(production: Site) -> None:
    visitor = production.visitor()
    first = visitor.get("/start").headers.getlist("Set-Cookie")
    visitor.start()
    again = visitor.get("/start").headers.getlist("Set-Cookie")
    assert again == []
    assert len(first) == 1
    name, *attributes = first[0].split("; ")
    assert name.startswith("__Host-session=")
    assert len(name) == len("__Host-session=") + 43
    kept = {attribute for attribute in attributes if not attribute.startswith(("Expires", "Max-Age"))}
    assert kept == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


def test_the_cookie_of_a_demo_works_on_plain_http_and_is_closed_to_scripts(site: Site) -> None:
    (cookie,) = site.visitor().get("/start").headers.getlist("Set-Cookie")
    kept = {part for part in cookie.split("; ") if not part.startswith(("Expires", "Max-Age", "session="))}
    assert kept == {"HttpOnly", "Path=/", "SameSite=Lax"}


@pytest.mark.parametrize("address", ["/", "/catalogue", "/method", "/privacy", "/livez"])
def test_who_only_reads_gets_no_cookie(production: Site, address: str) -> None:
    assert "Set-Cookie" not in production.visitor().get(address).headers


def test_leaving_the_computer_clears_the_browser_and_takes_the_cookie_away(production: Site) -> None:
    visitor = production.visitor()
    visitor.start()
    page = visitor.post("/leave")
    assert told(page) == {**table(True), "Clear-Site-Data": '"cache", "storage"'}
    (cookie,) = page.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-session=;")
    assert "Max-Age=0" in cookie
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))


def test_no_page_of_the_product_loads_or_runs_anything_that_the_policy_forbids(finished: Finished) -> None:
    check, site = finished, finished.site
    for template in ADDRESSES["GET"]:
        page = Page(check.owner.client.get(check.address(template), base_url=site.address))
        if not page.is_html or page.status != 200:
            continue
        for element in page.tree.iter():
            named = [name for name in element.attrib if name.startswith("on") or name == "style"]
            assert not named, f"{template}: {named}"
            assert element.tag not in ("style", "iframe", "object", "embed", "base"), template
            if element.tag == "script":
                assert element.attrib["src"].startswith("/static/"), template
            for name in ("src", "srcset", "action", "formaction"):
                assert element.attrib.get(name, "/").startswith("/"), template
            if element.tag == "link":
                assert element.attrib["href"].startswith("/static/"), template
