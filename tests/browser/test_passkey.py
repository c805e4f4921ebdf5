"""A passkey in a real browser with an authenticator that Chromium plays: made, used to sign in, and asked for again."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from tests.browser.server import AS_DEMO, Server, environment, make_examples, running
from tests.browser.signed_in import come_in, links

pytestmark = pytest.mark.browser

PASSWORD = "correct horse battery"


@pytest.fixture(name="named", scope="module")
def _named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that goes by a name: no passkey is for an address of numbers alone."""
    env = environment(tmp_path_factory.mktemp("data"), ASSESSMENT_HOST="localhost")
    make_examples(env)
    with running(env, AS_DEMO) as started:
        yield started


@pytest.fixture(name="context")
def _context(chromium: Browser, named: Server) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=named.url.replace("127.0.0.1", "localhost"), locale="en-GB")
    context.set_default_timeout(15_000)
    yield context
    context.close()


def with_authenticator(context: BrowserContext, page: Page, *, verifies: bool = True) -> tuple[CDPSession, str]:
    """Let the browser have a key that answers at once; its session with the tools, and the key's id."""
    tools = context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    added = tools.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": verifies, "automaticPresenceSimulation": True,
    }})  # fmt: skip
    return tools, str(added["authenticatorId"])


def sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_is_made_and_then_signs_in(named: Server, context: BrowserContext) -> None:
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    tools, key = with_authenticator(context, page)
    come_in(page, links(named)["company"])
    page.goto("/account/password")
    email = page.locator('input[name="username"]').input_value()
    page.get_by_label("New password").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.goto("/account/passkeys/new")
    page.get_by_label("Name of the passkey").fill("My phone")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("ecovery codes"))
    (credential,) = tools.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    assert credential["rpId"] == "localhost"
    page.goto("/account")
    expect(page.get_by_text("My phone").first).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    sign_in(page, email)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/account/companies")
    (used,) = tools.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    assert used["signCount"] > credential["signCount"]
    # Another browser knows the password, and has no key.
    other = context.browser
    assert other is not None
    stranger = other.new_context(base_url=named.url.replace("127.0.0.1", "localhost"), locale="en-GB")
    try:
        without = stranger.new_page()
        with_authenticator(stranger, without)
        sign_in(without, email)
        without.get_by_role("button", name="Use a passkey").click()
        expect(without.locator("[data-passkey-status]")).to_contain_text("was not used")
        without.goto("/account/companies")
        assert "/sign-in" in without.url
    finally:
        stranger.close()
    assert complaints == []


def test_a_key_that_does_not_verify_the_person_makes_no_passkey(named: Server, context: BrowserContext) -> None:
    page = context.new_page()
    tools, key = with_authenticator(context, page, verifies=False)
    come_in(page, links(named)["mentor"])
    page.goto("/account/passkeys/new")
    page.get_by_label("Name of the passkey").fill("My phone")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.locator("[data-passkey-status]")).to_contain_text("was not used")
    assert tools.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"] == []
