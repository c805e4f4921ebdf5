"""A site to test with and somebody who visits it: pages are read as a browser reads them, and checked on the way."""

import shutil
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit
from uuid import NAMESPACE_URL, uuid5

from flask import Flask
from turbohtml.etree import ElementView
from werkzeug.datastructures import Headers, MultiDict
from werkzeug.test import TestResponse

from assessment.core.checks.answers import Marker, Quantities, Quantity, Value
from assessment.core.checks.questions import Choice, Question
from assessment.services.instance import Instance
from assessment.storage.sqlite import driver
from tests.web.parsed import tree_of

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
Controls = Mapping[str, str | list[str]]
"""What is typed into the controls of a form, by their name."""


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


class Form:
    """One form of a page with what stands in its controls."""

    def __init__(self, action: str, method: str, fields: MultiDict[str, str]) -> None:
        self.action = action
        self.method = method
        self.fields = fields

    def filled(self, controls: Controls) -> MultiDict[str, str]:
        """The fields as they are sent after somebody typed."""
        sent = self.fields.copy()
        for name, typed in controls.items():
            sent.setlist(name, [typed] if isinstance(typed, str) else typed)
        return sent


class Page:
    """One answer of the site; HTML is parsed by the letter of the standard."""

    def __init__(self, response: TestResponse) -> None:
        self.status = response.status_code
        self.headers: Headers = response.headers
        self.location = response.headers.get("Location", "")
        self.body = response.data
        self.is_html = response.mimetype == "text/html"
        self.path = response.request.path
        response.close()
        self._tree: ElementView | None = None

    @property
    def text(self) -> str:
        return str(self.body, "utf-8")

    @property
    def tree(self) -> ElementView:
        """The document; raises NotValid where it is not valid."""
        if self._tree is None:
            self._tree = tree_of(self.text)
        return self._tree

    def check(self) -> None:
        """What holds of every page: a title, one first heading, valid HTML, no id twice, no error without a control."""
        titles = [" ".join(element.itertext()).strip() for element in self.tree.iterfind("head/title")]
        assert len(titles) == 1, self.path
        assert titles[0], self.path
        headings = list(self.tree.iter("h1"))
        assert len(headings) == 1, f"{self.path} has {len(headings)} first headings"
        ids = [element.attrib["id"] for element in self.tree.iter() if "id" in element.attrib]
        assert len(ids) == len(set(ids)), f"{self.path}: {sorted(name for name in ids if ids.count(name) > 1)}"
        described = {name for element in self.tree.iter() for name in element.get("aria-describedby", "").split()}
        told = {element.get("id") for element in self.tree.iter() if element.get("class") == "govuk-error-message"}
        assert told <= described, f"{self.path}: no control is described by {told - described}"
        assert described <= set(ids), f"{self.path}: nothing is called {described - set(ids)}"

    @property
    def words(self) -> str:
        """The text of the page on one line."""
        main = self.tree.find(".//main")
        assert main is not None
        return " ".join(" ".join(main.itertext()).split())

    def forms(self) -> list[Form]:
        return [_form(element, self.path) for element in self.tree.iter("form")]

    def form(self, action: str = "") -> Form:
        """The form that is sent to an address ending so; the page's own where none is told."""
        wanted = action or self.path
        return next(form for form in self.forms() if form.action.endswith(wanted))

    def links(self) -> list[str]:
        """Where the links of the page lead, without what comes after a #."""
        return [urldefrag(urljoin(self.path, a.attrib["href"])).url for a in self.tree.iter("a")]


def _form(element: ElementView, path: str) -> Form:
    fields: MultiDict[str, str] = MultiDict()
    for control in element.iter():
        name = control.attrib.get("name")
        if name is None:
            continue
        match control.tag, control.attrib.get("type", "text"):
            case "input", "radio" | "checkbox":
                if "checked" in control.attrib:
                    fields.add(name, control.attrib["value"])
            case "input", _:
                fields.add(name, control.attrib.get("value", ""))
            case "textarea", _:
                fields.add(name, (control.text or "").removeprefix("\n"))
            case "select", _:
                options = list(control.iter("option"))
                chosen = [option for option in options if "selected" in option.attrib] or options[:1]
                fields.add(name, chosen[0].attrib["value"])
    return Form(element.attrib.get("action", path), element.attrib.get("method", "get"), fields)


@dataclass
class Site:
    """An instance with its application, its clock and its database file."""

    app: Flask
    instance: Instance
    clock: Clock
    database: Path
    address: str
    known: dict[str, str] = field(default_factory=dict)

    def visitor(self) -> "Visitor":
        """Somebody with a browser of their own."""
        return Visitor(self)

    def dump(self, without: Iterable[str] = ()) -> list[str]:
        """Every row of the database as text."""
        with closing(driver.connect(self.database)) as connection:
            found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            tables = [name for (name,) in found.fetchall() if name not in without]
            return [f"{name}: {row}" for name in tables for row in connection.execute(f'SELECT * FROM "{name}"')]

    def example(self, name: str) -> str:
        """The id of the draft of an example company."""
        return uuid5(NAMESPACE_URL, f"example:{name}").hex

    def question(self, name: str) -> Question:
        """A question of the newest questionnaire, in English."""
        return self.instance.library.edition(*self.instance.library.newest, "en").questionnaire.questions[name]


class Visitor:
    """A person with a browser: keeps cookies, follows links, fills in forms, and looks at every page closely."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.client = site.app.test_client()
        self.hub = ""

    @property
    def cookie(self) -> str:
        """The name of the one cookie."""
        return "__Host-session" if self.site.address.startswith("https:") else "session"

    @property
    def session(self) -> str:
        """The id in the cookie; empty where there is none."""
        found = self.client.get_cookie(self.cookie, domain=self._domain)
        return found.value if found else ""

    @session.setter
    def session(self, value: str) -> None:
        self.client.set_cookie(self.cookie, value, domain=self._domain)

    @property
    def _domain(self) -> str:
        return urlsplit(self.site.address).hostname or ""

    def get(self, path: str, status: int = 200, **more: Any) -> Page:
        """A page, checked."""
        page = Page(self.client.get(path, base_url=self.site.address, **more))
        assert page.status == status, f"{path}: {page.status} {page.location}"
        if page.is_html and page.status not in (301, 302, 303):
            page.check()
        return page

    def follow(self, page: Page) -> Page:
        """Where a redirect leads in the end."""
        while page.location:
            there = urlsplit(page.location)
            response = self.client.get(f"{there.path}?{there.query}", base_url=self.site.address)
            page = Page(response)
        assert page.status == 200, f"{page.path}: {page.status}"
        page.check()
        return page

    def token(self) -> str:
        """A CSRF token of this browser's session."""
        return Page(self.client.get("/resume", base_url=self.site.address)).form("/resume").fields["csrf_token"]

    def send(self, path: str, data: Any, **headers: str) -> Page:
        """A form sent exactly as given, from our own page."""
        own = {"Origin": self.site.address, "Referer": self.site.address + path, "Sec-Fetch-Site": "same-origin"}
        own.update({name.replace("_", "-"): value for name, value in headers.items()})
        page = Page(self.client.post(path, base_url=self.site.address, data=data, headers=own))
        if page.is_html and page.status not in (301, 302, 303):
            page.check()
        return page

    def post(self, path: str, data: Controls | None = None, status: int = 303) -> Page:
        """A form sent with a good token."""
        page = self.send(path, {"csrf_token": self.token(), **(data or {})})
        assert page.status == status, f"{path}: {page.status}"
        return page

    def submit(self, page: Page, controls: Controls | None = None, action: str = "", status: int = 303) -> Page:
        """Fill in a form of a page and send it."""
        form = page.form(action)
        answer = self.send(form.action, form.filled(controls or {}))
        assert answer.status == status, f"{form.action}: {answer.status}"
        return answer

    # A check

    def start(self, depth: str = "full", **more: str) -> str:
        """Start a check; returns the address of its hub."""
        self.hub = self.post("/start", {"depth": depth, **more}).location
        return self.hub

    def open_example(self, name: str) -> str:
        """Open the check of an example company; returns the address of its hub."""
        self.post(f"/examples/{self.site.example(name)}")
        self.hub = f"/assessments/{self.site.example(name)}"
        return self.hub

    def page_of(self, question: str) -> str:
        """The address of the page that a question stands on for this check."""
        questionnaire = self.site.instance.library.edition(*self.site.instance.library.newest, "en").questionnaire
        section = questionnaire.section_of[question].id
        return f"{self.hub}/sections/{section}/{questionnaire.questions[question].page or question}"

    def answer(self, controls: Controls, status: int = 303) -> Page:
        """Answer questions that stand on one page."""
        question = next(iter(controls)).partition(".")[0]
        return self.submit(self.get(self.page_of(question)), {"action": "continue", **controls}, status=status)

    def answer_all(self, answers: Mapping[str, Value]) -> None:
        """Answer as a company did, page by page in the order of the questionnaire."""
        pages: dict[str, dict[str, str | list[str]]] = {}
        for name, value in answers.items():
            pages.setdefault(self.page_of(name), {}).update(controls_of(self.site.question(name), value))
        for path, controls in pages.items():
            self.submit(self.get(path), {"action": "continue", **controls})


PROFILE: list[Controls] = [
    {"p-01": "BG"}, {"p-02": "food"}, {"p-03": "6"}, {"p-05": ["shop", "kitchen"]},
    {"p-07": ["products", "packaging", "heat"]},
]  # fmt: skip
"""The least that routing needs to know: a bakery in Bulgaria."""


def controls_of(question: Question, value: Value) -> dict[str, str | list[str]]:
    """A value as it is typed into the controls of its question."""
    name = question.id
    match value:
        case Marker():
            return {name if isinstance(question, Choice) else f"{name}.marker": value.value}
        case str():
            return {name: value}
        case frozenset():
            return {name: sorted(value)}
        case Quantity():
            return {name: value.typed, f"{name}.unit": value.unit}
        case Quantities():
            found: dict[str, str | list[str]] = {}
            for figure, quantity in value.figures:
                found |= {f"{name}.{figure}": quantity.typed, f"{name}.{figure}.unit": quantity.unit}
            return found
        case _:
            return {f"{name}.day": str(value.day), f"{name}.month": str(value.month), f"{name}.year": str(value.year)}


def at(site: Site, **settings: Any) -> Instance:
    """The instance of a site with other settings."""
    return replace(site.instance, settings=replace(site.instance.settings, **settings))


def writer_of(site: Site) -> Any:
    """The driver's connection by which a site writes, always the same one on SQLite."""
    with site.instance.database.writing() as connection:
        return connection.connection.driver_connection


def copy_database(start: Path, to: Path) -> None:
    """Copy a database that may be in use: what was just written lies in a file beside it."""
    with closing(driver.connect(start)) as here, closing(driver.connect(to)) as there:
        here.backup(there)


def put_back(start: Path, to: Path) -> None:
    """The same where nobody has either file open: as quick as copying a file is, and as whole."""
    for beside in ("-wal", "-shm", "-journal"):
        to.with_name(to.name + beside).unlink(missing_ok=True)
    shutil.copyfile(start, to)
