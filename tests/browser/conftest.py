"""A real server, and a real Chromium that fails a test on any policy breach or foreign request."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests.browser.inspection import AXE
from tests.browser.server import AS_DEMO, Server, environment, make_examples, running

WIDTHS = {"phone": (360, 740), "desktop": (1280, 900)}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
         # A new frame for each document of a site would be a fifth of the work of opening it. This takes the place of
         # Playwright's own list: the others are those of it that would ask a machine outside, or ask by https.
         "--disable-features=RenderDocument,HttpsUpgrades,NetworkTimeServiceQuerying,OptimizationHints,"
         "AimEnabled,PreconnectToSearch"]  # fmt: skip


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    env = environment(tmp_path_factory.mktemp("data"))
    make_examples(env)
    with running(env, AS_DEMO) as started:
        yield started


def chromium_path() -> str:
    """Chromium, where there is one without its own windows and menus: it opens a page for a sixth of the time."""
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    raise FileNotFoundError("Chromium is missing: apt-get install chromium")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Visit:
    """One browser window with what it complained about; `expected` are complaints that a test brings about."""

    context: BrowserContext
    page: Page
    scripts: bool
    complaints: list[str] = field(default_factory=list)
    # A refused form answers 4xx, which Chromium notes on its console: that is no fault of the page.
    expected: list[str] = field(default_factory=lambda: ["the server responded with a status of 4"])

    def unexpected(self) -> list[str]:
        """The complaints that nobody brought about."""
        return [text for text in self.complaints if not any(known in text for known in self.expected)]


def listen(opened: Visit, url: str) -> None:
    note = opened.complaints.append
    context = opened.context
    context.on("console", lambda message: note(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: note(str(error.error)))
    own = (url, "data:", "about:")
    context.on("request", lambda sent: None if sent.url.startswith(own) else note(f"foreign request: {sent.url}"))


@pytest.fixture
def visit(request: pytest.FixtureRequest, chromium: Browser, server: Server) -> Iterator[Visit]:
    """A window; parametrise indirectly with (width name, whether JavaScript runs)."""
    width, scripts = getattr(request, "param", ("desktop", True))
    size: ViewportSize = {"width": WIDTHS[width][0], "height": WIDTHS[width][1]}
    context = chromium.new_context(viewport=size, java_script_enabled=scripts, base_url=server.url, locale="en-GB")
    context.set_default_timeout(15_000)
    opened = Visit(context, context.new_page(), scripts)
    listen(opened, server.url)
    yield opened
    context.close()
    assert not opened.unexpected()


@pytest.fixture(scope="module")
def inspecting(chromium: Browser, server: Server) -> Iterator[BrowserContext]:
    """For looking into pages: the inspecting script may do what the pages' own policy forbids."""
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, base_url=server.url, locale="en-GB", bypass_csp=True
    )
    context.add_init_script(path=AXE)
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture(scope="module")
def opened(inspecting: BrowserContext) -> Page:
    """The one page of that window: a new one costs more than looking into it."""
    return inspecting.new_page()


@pytest.fixture
def inspected(opened: Page) -> Page:
    """A window to look into, as wide as on a desk."""
    width, height = WIDTHS["desktop"]
    opened.set_viewport_size({"width": width, "height": height})
    return opened
