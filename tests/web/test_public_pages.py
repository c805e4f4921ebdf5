"""What the public pages say about figures, sources and licences is what the product counts with and is built from."""

import configparser
import re
from decimal import Decimal
from importlib.metadata import metadata

import pytest

from assessment.config import Periods
from assessment.content import folders
from assessment.content.resources.catalogue import load_catalogue
from assessment.core.plans.actions import EASE
from assessment.core.plans.plan import EFFORTS
from assessment.core.resources.catalogue import Catalogue
from tests.architecture.test_layout import ROOT
from tests.web.conftest import MakeSite
from tests.web.visiting import Visitor


@pytest.fixture(scope="module")
def held() -> Catalogue:
    return load_catalogue(folders.CATALOGUE)


@pytest.fixture
def visitor(make_site: MakeSite) -> Visitor:
    return make_site().visitor()


def _parts_used() -> list[str]:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg")
    lines = parser["options"]["install_requires"].strip().splitlines()
    return [re.split(r"[\s\[>=<;]", line)[0] for line in lines]


def test_the_licences_page_names_every_part_with_the_licence_that_it_states(visitor: Visitor) -> None:
    page = visitor.get("/licences").text
    rows = re.findall(r'<dt class="govuk-summary-list__key">(.*?)</dt><dd[^>]*>(.*?)</dd>', page)
    licence_of = {part.lower(): licence for licence, parts in rows for part in re.split(r", | \(|\)", parts)}
    used = _parts_used()
    assert len(used) > 20
    assert [part for part in used if part.lower() not in licence_of] == []
    stated = {part: metadata(part)["License-Expression"] for part in used}
    assert sum(1 for licence in stated.values() if licence) > 8
    assert {part: licence_of[part.lower()] for part, licence in stated.items() if licence} == {
        part: licence for part, licence in stated.items() if licence
    }


def test_every_source_of_a_factor_or_benchmark_stands_there_with_its_licence(visitor: Visitor, held: Catalogue) -> None:
    words = visitor.get("/licences").words
    for source in (*held.factors.sources.values(), *held.benchmarks.sources.values()):
        assert source.title in words
        assert source.licence
        assert source.licence in words
    for figures in held.factors.sources.values():
        assert not figures.compared or f"Compared with: {figures.compared}" in words


def test_a_source_of_the_measures_without_a_licence_is_said_to_state_none(visitor: Visitor, held: Catalogue) -> None:
    page = visitor.get("/method")
    without = {(source.publisher, source.title) for source in held.sources.values() if source.licence is None}
    assert without
    assert page.words.count("Licence: not stated") == len(without)


def test_the_method_page_takes_its_figures_from_what_is_counted_with(visitor: Visitor, held: Catalogue) -> None:
    words = visitor.get("/method").words
    method, factors = held.method, held.factors
    assert f"counts up to {method.cap_share_of_site * 100:.0f} % of what you use" in words
    quick, planned, invest = (f"{Decimal(EASE[effort]) / 10:.1f}" for effort in EFFORTS)
    assert f"{quick} for a quick step, {planned} for one to plan and {invest} for an investment" in words
    assert "it ranks by half its priority" in words
    assert f"{method.own_hours.easy} for an easy measure, {method.own_hours.planned} for one to plan" in words
    assert f"multiply it by {factors.conversions['gas-gross-to-net'].value}" in words
    assert f"version {factors.about.version} of" in words
    assert f"{len(factors.factors)} emission factors and {len(factors.prices)} prices" in words
    assert "not compared with the primary file" in words
    from_memory = sum(not factor.usable for factor in (*factors.factors.values(), *factors.prices.values()))
    assert f"{from_memory} of them were written down from memory" in words


def test_the_method_page_follows_a_changed_rule(make_site: MakeSite) -> None:
    site = make_site()
    library = site.instance.library
    held = library.catalogue("en")
    changed = held.model_copy(update={"method": held.method.model_copy(update={"cap_share_of_site": Decimal("0.25")})})
    library._catalogues["en"] = changed
    try:
        assert "counts up to 25 % of what you use" in site.visitor().get("/method").words
    finally:
        library._catalogues["en"] = held


def test_pages_about_figures_lead_to_how_they_are_reckoned(visitor: Visitor) -> None:
    page = visitor.get("/method")
    places = set(re.findall(r' id="(\w+)"', page.text))
    templates = "\n".join(path.read_text("utf-8") for path in (ROOT / "templates").rglob("*.html"))
    asked = set(re.findall(r"url_for\('public\.method'\) }}#(\w+)", templates))
    assert {"savings", "footprint", "years", "scores", "sources"} <= asked <= places


def test_an_entry_whose_licence_nobody_states_says_so(visitor: Visitor, held: Catalogue) -> None:
    block = next(block for block in held.blocks.values() if block.licence is None)
    assert "Licence not stated" in visitor.get(f"/catalogue/{block.id}").words


def test_what_the_privacy_notice_says_of_accounts_follows_from_the_settings(make_site: MakeSite) -> None:
    usual = make_site()
    periods = Periods(undo=11, account=723, session=29, token=31, audit=701, backup=37)
    other = make_site(periods=periods)
    before, after = (site.visitor().get("/privacy").words for site in (usual, other))
    for words in (before, after):
        assert "If you have an account" in words
        assert "2 hours without a visit, 24 hours at most" in words
        assert "for 60 minutes, and the owners are told" in words
    for figure in (11, 723, 29, 31, 701, 37):
        assert f" {figure} day" in after, figure
        assert f" {figure} day" not in before, figure
