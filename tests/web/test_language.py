"""Every text on every page can be translated: a language made of brackets shows what escaped it."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from assessment.app import create_app, make_instance
from assessment.config import Settings
from assessment.content import folders
from assessment.content.library import Library, load_library
from assessment.i18n import Language
from assessment.services.instance import Instance
from assessment.storage import assessments, migrating
from assessment.storage.assessments import Change

CODE = "qaa"
SPOKEN = {"title", "alt", "aria-label", "placeholder", "data-saved", "data-not-saved", "data-failed", "data-conflict"}
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


def bracketed(words: str) -> str:
    """The words of the made-up language."""
    return f"⟦{words}⟧"


class Pseudo(Language):
    """A language that shows each text in brackets, also those that come from the language data of the platform."""

    def gettext(self, text: str) -> str:
        return bracketed(text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return bracketed(one if count == 1 else many)

    def country(self, code: str) -> str:
        return bracketed(super().country(code))

    def language_name(self, code: str) -> str:
        return bracketed(super().language_name(code))

    def list_of(self, items: Iterable[str]) -> str:
        return ", ".join(items)

    def date(self, value: dt.date) -> str:
        return bracketed(super().date(value))

    def money(self, amount: Decimal | int) -> str:
        return bracketed(super().money(amount))


class Escaped(HTMLParser):
    """Collects letters that stand outside brackets, save where an element says that it is not translated."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._text = ""
        self.feed(page)
        self._check(self._text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        shielded = given.get("translate") == "no" or tag in {"script", "style"} or self._shielded
        if not shielded:
            for name in SPOKEN & given.keys():
                self._check(given[name] or "")
        if tag not in VOID:
            self._open.append((tag, shielded))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        # What is shielded is a hole in a sentence; brackets may open before it and close after it.
        self._text += " " if self._shielded else data

    @property
    def _shielded(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def _check(self, text: str) -> None:
        plain = text.replace("Green Pathways", "")
        while (inner := re.sub(r"⟦[^⟦⟧]*⟧", " ", plain)) != plain:
            plain = inner
        self.found += [line.strip() for line in plain.splitlines() if re.search(r"[^\W\d_]{2,}", line)]


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    plain = load_library([folders.QUESTIONNAIRES], folders.CATALOGUE, None)
    key = (*plain.newest, CODE)
    library = Library(
        plain._versions, plain._catalogue, {key: lambda _, words: bracketed(words)},
        {CODE: lambda _, words: bracketed(words)}, plain._folders,
    )  # fmt: skip
    environment = {"ASSESSMENT_MODE": "test", "ASSESSMENT_DATA": str(tmp_path_factory.mktemp("data"))}
    instance = make_instance(Settings.from_env({**environment, "ASSESSMENT_JOBS": "inline"}), library)
    migrating.upgrade(instance.database)
    yield instance
    instance.database.close()


@pytest.fixture(scope="module")
def visitor(product: Instance) -> FlaskClient:
    app = create_app(product=product)
    app.extensions["assessment-languages"][CODE] = Pseudo(CODE)
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = CODE
    return client


def token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def check(product: Instance, visitor: FlaskClient) -> str:
    """A check answered as the bakery and submitted; its address."""
    begun = visitor.post("/start", data={"csrf_token": token(visitor.get("/start").text), "depth": "full"})
    address = begun.headers["Location"]
    example = product.library.examples()["bakery-bg"]
    with product.database.reading() as connection:
        draft = assessments.draft_of(connection, address.rpartition("/")[2])
    assert draft is not None
    changes = [Change(question, value) for question, value in example.answers.items()]
    with product.database.writing() as connection:
        assessments.save_answers(connection, draft, changes, product.now())
    sent = visitor.post(address + "/submit", data={"csrf_token": token(visitor.get(address + "/check").text)})
    assert sent.headers["Location"].endswith("/results")
    return address


PUBLIC = ["/", "/start", "/resume", "/method", "/questions", "/privacy", "/accessibility", "/help", "/licences",
          "/catalogue", "/catalogue?q=led", "/left", "/deleted", "/nowhere"]  # fmt: skip
OWN = ["", "/check", "/keep", "/early", "/data", "/delete", "/results", "/results/ene", "/plan", "/plan?all=1",
       "/plan-own", "/report", "/sections/profile/p-01", "/sections/ene/ene-01", "/sections/ene/ene-02",
       "/sections/ene/ene-03", "/sections/profile/p-07"]  # fmt: skip


def test_public_pages_speak_the_language_of_the_visitor_alone(visitor: FlaskClient) -> None:
    assert {address: Escaped(visitor.get(address).text).found for address in PUBLIC} == {
        address: [] for address in PUBLIC
    }


def test_pages_of_a_check_speak_the_language_of_the_visitor_alone(visitor: FlaskClient, check: str) -> None:
    assert {tail: Escaped(visitor.get(check + tail).text).found for tail in OWN} == {tail: [] for tail in OWN}


def test_a_text_that_cannot_be_translated_is_found() -> None:
    page = "<p>⟦Saved ⟦Energy⟧ on⟧ <b translate=no>Mill Bakery</b></p><img alt='A forgotten text'><p>Forgotten, too</p>"
    assert Escaped(page).found == ["A forgotten text", "Forgotten, too"]
