"""Every text and figure on every page goes through the language: two made-up languages show what escaped.

Mistakes, conflicts and faults are in `test_language_of_mishaps.py`.
"""

import re
from collections.abc import Callable

import pytest

from assessment.content.library import Library
from assessment.i18n import Language
from tests.brackets import (
    CODE,
    Escaped,
    OwnDigits,
    Pseudo,
    bracketed,
    common_figures,
    laid_over,
    without_digits,
)
from tests.web.conftest import Kept, MakeSite
from tests.web.routes import ADDRESSES, DOWNLOADS, Finished
from tests.web.speaking import TYPED, escaped, finished, nothing, speaking, visitor_of
from tests.web.visiting import Site, Visitor

DRAFT = "/assessments/<draft_id>"
FOR_MACHINES = {
    "/healthz",
    "/livez",
    "/readyz",
    "/schemas/plan-1.json",
    "/schemas/release-1.json",
    f"{DRAFT}/what-if",
    *DOWNLOADS,
}
PAGES = [address for address in ADDRESSES["GET"] if address not in FOR_MACHINES]
PUBLIC = [*(address for address in PAGES if "<" not in address), "/catalogue?q=led", "/catalogue?q=zzzz"]
OWN = [*(address.removeprefix(DRAFT) for address in PAGES if address.count("<") == 1 and address.startswith(DRAFT)),
       "/results/ene", "/results/fin", "/plan?all=1", "/plan?status=done", "/sections/profile/p-01",
       "/sections/profile/p-07", "/sections/profile/turnover", "/sections/ene/ene-01", "/sections/ene/ene-02",
       "/sections/ene/ene-03", "/sections/ene/rooms"]  # fmt: skip
NOTICES = ["new-way-back", "added", "plan-full", "answers-needed", "no-results"]


@pytest.fixture(scope="module")
def in_brackets(library: Library) -> Library:
    return laid_over(library, bracketed)


@pytest.fixture
def make_speaking(make_site: MakeSite, in_brackets: Library) -> Callable[..., Site]:
    """Makes sites whose pages are in brackets for everybody who asks for that language."""
    return lambda **more: speaking(make_site(content=in_brackets, **more), Pseudo())


@pytest.fixture
def owner(make_speaking: Callable[..., Site]) -> Visitor:
    """Somebody with results, a plan and a PDF, who reads a language of brackets."""
    return finished(make_speaking())


# Pages


def test_public_pages_speak_the_language_of_the_visitor_alone(make_speaking: Callable[..., Site]) -> None:
    visitor = visitor_of(make_speaking(start="seeded"))
    assert {path: escaped(visitor.get(path)) for path in PUBLIC} == nothing(PUBLIC)


def test_pages_of_a_check_speak_the_language_of_the_visitor_alone(owner: Visitor) -> None:
    assert {tail: escaped(owner.get(owner.hub + tail)) for tail in OWN} == nothing(OWN)


def test_a_check_begun_in_one_language_is_shown_in_that_of_whoever_looks_at_it(owner: Visitor) -> None:
    owner.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    owner.submit(owner.get("/catalogue/guide-ct-lighting"), action="/plan-add")
    plain = {tail: owner.get(owner.hub + tail).text.replace(TYPED, "") for tail in OWN}
    assert [tail for tail, text in plain.items() if "‹" in text] == []
    assert "Error: Electricity bought: we cannot read" in owner.answer({"ene-01": "plenty"}, status=422).words


def test_every_kind_of_entry_speaks_it_too(make_speaking: Callable[..., Site]) -> None:
    visitor = visitor_of(make_speaking())
    held = visitor.site.instance.library.catalogue(CODE)
    schemes = {f"{scheme.status} {scheme.application}": (scheme.id, scheme.name) for scheme in held.schemes.values()}
    blocks = {f"{block.status} {block.kind}": (block.id, block.title) for block in held.blocks.values()}
    entries = {**schemes, **blocks}
    assert len(entries) > 15
    found = {kind: escaped(visitor.get(f"/catalogue/{entry}"), name) for kind, (entry, name) in entries.items()}
    assert found == nothing(entries)


def test_every_card_speaks_it_too(owner: Visitor) -> None:
    cards = {link for link in owner.get(owner.hub + "/plan?all=1").links() if "/plan/measure:" in link}
    assert len(cards) > 5
    assert {path: escaped(owner.get(path)) for path in cards} == nothing(cards)


def test_notices_and_the_pages_of_links_speak_it_too(owner: Visitor) -> None:
    link = next(link for link in owner.get(owner.hub + "/keep").links() if "/resume/" in link).partition("/resume/")[2]
    pages = [f"{owner.hub}?notice={name}" for name in NOTICES] + [f"/resume/{link}"]
    for path in [*pages, "/resume/nolink", "/r/00000"]:
        page = owner.get(path, 200 if path in pages else 404)
        assert escaped(page) == [], path
    assert "notice" in owner.get(pages[0]).text


def test_a_text_that_cannot_be_translated_is_found() -> None:
    page = "<p>‹Saved ‹Energy› on› <b translate=no>Mill Bakery</b></p><img alt='A forgotten text'><p>Forgotten, too</p>"
    assert Escaped(page).found == ["A forgotten text", "Forgotten, too"]
    assert Escaped("<form data-saved='Saved %s' data-state='open' data-reason-of='ene'></form>").found == ["Saved %s"]


# Figures


@pytest.fixture
def counting(make_site: MakeSite, library: Library) -> Visitor:
    """Somebody with a finished check who reads a language with digits of its own."""
    return finished(speaking(make_site(content=laid_over(library, without_digits)), OwnDigits()))


def test_the_language_writes_every_figure_of_the_pages(counting: Visitor) -> None:
    counting.answer({"ene-01": "1234.5", "ene-01.unit": "mwh"})
    pages = [*PUBLIC, *[counting.hub + tail for tail in OWN]]
    found = {path: common_figures(Escaped(counting.get(path).text).text) for path in pages}
    assert found == nothing(pages)
    assert "①,②③④,⑤⓪⓪" in counting.get(counting.page_of("ene-01")).text


def test_the_language_writes_the_figures_of_a_mistake_and_of_a_conflict(counting: Visitor) -> None:
    for controls in ({"ene-01": "1.234"}, {"ene-01": "999999999999"}, {"ene-03.note": "x" * 4000}):
        page = counting.answer(controls, status=422)
        assert common_figures(Escaped(page.text).text.replace("“1.234”", "")) == []
    first, second = (counting.get(counting.page_of("ene-01")) for _ in range(2))
    counting.submit(first, {"ene-01": "12000", "action": "continue"})
    clash = counting.submit(second, {"ene-01": "9000", "action": "continue"}, status=409)
    assert common_figures(Escaped(clash.text).text) == []
    assert "⑨,⓪⓪⓪" in clash.text


def test_a_german_reads_decimal_commas(make_site: MakeSite, kept: Kept) -> None:
    site = make_site(start="finished")
    site.app.extensions["assessment-languages"]["de"] = Language("de")
    owner = Finished(site, kept.session, kept.draft_id).owner
    owner.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de"
    assert "1.234 kWh oder" not in owner.answer({"ene-01": "1.234"}, status=422).words
    mistaken = owner.answer({"ene-01": "1.234", "ene-01.unit": "kwh"}, status=422).words
    assert "can mean 1.234 kWh or 1,234 kWh" in mistaken
    owner.answer({"ene-01": "1234,5", "ene-01.unit": "mwh"})
    assert "1.234,5 MWh = 1.234.500 kWh" in owner.get(owner.page_of("ene-01")).words
    assert "1.234,5 MWh = 1.234.500 kWh" in owner.get(owner.hub + "/check").words
    assert "24. November 2026" in owner.get(owner.hub + "/results").words
    plan = owner.get(owner.hub + "/plan").words
    assert re.search(r"\d\.000\sEUR", plan)
    assert not re.search(r"EUR\s?\d|\d,000", plan)
