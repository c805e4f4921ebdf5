"""The reader of the catalogue: a small folder that is good, one break per test, and the folder that ships."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assessment.content.folders import CATALOGUE, QUESTIONNAIRES
from assessment.content.resources.catalogue import load_catalogue
from assessment.content.strict_yaml import read
from assessment.core.errors import Flaw, InvalidContent
from assessment.core.resources.catalogue import Catalogue
from tests.bench.measuring import calls
from tests.content.figures import FIGURES

TODAY = date(2026, 11, 24)

TOPICS = "topics:\n  energy-lighting: {title: Lighting, helps_with: [lighting]}\n"
SOURCES = "sources:\n  guide-1: {title: A guide, publisher: A publisher, kind: primary, year: 2020}\n"
METHOD = """\
currency: EUR
typical_position: 0.33
cap_share_of_site: 0.4
nace_version: NACE Rev. 2
nace_rev21_sections: {A: A}
default_end_use_shares:
  - {resource: electricity, end_use: lighting, low: 0.1, high: 0.4, typical: 0.2,
     basis: adapted, confidence: low, source: guide-1}
own_hours: {easy: 4, planned: 20, project: 80, basis: estimate, confidence: low}
one_off_units: [per site]
"""
MEASURES = """\
measures:
  - id: lamps
    title: Change lamps
    category: energy-lighting
    kind: [technology]
    action_area: save-energy
    resources: [electricity]
    sectors: {nace: [all]}
    how_to: Count them, then change them.
    savings:
      - {resource: electricity, base: end_use, end_use: lighting, low: 0.1, high: 0.5, basis: estimate, confidence: low}
    investment: {level: low, eur_low: 5, eur_high: 50, unit: per lamp, basis: estimate, confidence: low}
    payback_months: {low: 6, high: 12, basis: sourced, confidence: high, source: guide-1}
    difficulty: 1
    alternative_to: [daylight]
  - id: daylight
    title: Use daylight
    category: energy-lighting
    kind: [behaviour]
    action_area: save-energy
    resources: [electricity]
    sectors: {nace: [all]}
    how_to: Open the blinds.
    savings:
      - {resource: electricity, base: site_total, low: 0, high: 0.05, basis: estimate, confidence: low}
    investment: {level: none, eur_low: 0, eur_high: 0, unit: per site, basis: estimate, confidence: low}
    payback_months: {low: 0, high: 0, basis: estimate, confidence: low}
    difficulty: 1
    alternative_to: [lamps]
"""
SCHEMES = """\
schemes:
  - id: bg-lamps
    name: Lamp grant
    provider: An agency
    level: national
    countries: [BG]
    instrument: [grant]
    resources: [energy]
    company_sizes: [micro]
    status: open
    as_of: 2026
    valid_until: 2027-06-30
    application: calls
    description: Pays for lamps.
    url: https://example.org/lamps
    url_checked: seen
    source: [https://example.org/notice]
    helps_with: [lighting]
"""
BLOCKS = """\
building_blocks:
  - id: guide-lamps
    title: On lamps
    kind: guide
    resources: [energy]
    sectors: [all]
    languages: [en]
    countries: [INT]
    publisher: A publisher
    status: current
    summary: Tells which lamps to take.
    url: https://example.org/guide
    url_checked: seen
    url_role: primary
    helps_with: [lighting]
"""
FILES = {
    "measures/topics.yaml": TOPICS, "measures/sources.yaml": SOURCES, "measures/method.yaml": METHOD,
    "measures/lighting.yaml": MEASURES, "funding/bg.yaml": SCHEMES, "building_blocks/guide.yaml": BLOCKS, **FIGURES,
}  # fmt: skip

Folder = Callable[..., Path]


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Folder:
    """Writes the good folder with some files replaced; a change is (file, from, to)."""

    def write(*changes: tuple[str, str, str], **more: str) -> Path:
        files = {**FILES, **more}
        for name, old, new in changes:
            assert old in files[name], f"{old!r} is not in {name}"
            files[name] = files[name].replace(old, new, 1)
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture(name="shipped", scope="module")
def _shipped() -> Catalogue:
    """The catalogue that ships."""
    return load_catalogue(CATALOGUE)


def flaws_of(folder: Path) -> list[Flaw]:
    """What is wrong with a folder."""
    with pytest.raises(InvalidContent) as refused:
        load_catalogue(folder)
    return list(refused.value.flaws)


def test_a_good_folder_is_read_with_dates_and_figures_in_their_types(folder: Folder) -> None:
    held = load_catalogue(folder())
    assert list(held.measures) == ["lamps", "daylight"]
    assert held.schemes["bg-lamps"].valid_until == date(2027, 6, 30)
    assert str(held.measures["lamps"].savings[0].low) == "0.1"
    assert list(held.blocks) == ["guide-lamps"]


LIGHTING, FUNDING, GUIDES = "measures/lighting.yaml", "funding/bg.yaml", "building_blocks/guide.yaml"

BREAKS = {
    "a source that is not there": ((LIGHTING, "source: guide-1", "source: guide-2"), "There is no source guide-2."),
    "a share's source that is not there": (
        ("measures/method.yaml", "source: guide-1", "source: guide-2"),
        "There is no source guide-2.",
    ),
    "a topic that is not there": (
        (LIGHTING, "energy-lighting", "energy-lightning"),
        "There is no topic energy-lightning.",
    ),
    "a tag that nobody serves": (
        ("measures/topics.yaml", "[lighting]", "[lighting, motors]"),
        "No scheme and no building block helps with motors.",
    ),
    "a tag that does not exist": (("measures/topics.yaml", "[lighting]", "[lights]"), "`lights` does not fit here"),
    "a tag of a scheme that does not exist": ((FUNDING, "[lighting]", "[lights]"), "`lights` does not fit here"),
    "an alternative that is not there": ((LIGHTING, "[daylight]", "[candles]"), "There is no measure candles."),
    "an alternative on one side only": (
        (LIGHTING, "    alternative_to: [lamps]\n", ""),
        "lamps is an alternative to daylight, but not the other way round.",
    ),
    "an alternative to itself": ((LIGHTING, "[daylight]", "[daylight, lamps]"), "lamps names itself."),
    "a building block that is not there": (
        (LIGHTING, "alternative_to: [daylight]", "alternative_to: [daylight]\n    blocks: [guide-candles]"),
        "There is no building block guide-candles.",
    ),
    "a prerequisite that is not there": (
        (LIGHTING, "alternative_to: [daylight]", "alternative_to: [daylight]\n    prerequisites: [meter]"),
        "There is no measure meter.",
    ),
    "a grant for a measure that is not there": (
        (FUNDING, "    status: open\n", "    pays_for: [candles]\n    pays_share_pct: 50\n    status: open\n"),
        "There is no measure candles.",
    ),
    "a grant without its share": (
        (FUNDING, "    status: open\n", "    pays_for: [lamps]\n    status: open\n"),
        "`pays_for` and `pays_share_pct` go together.",
    ),
    "a use without a share": (
        (LIGHTING, "end_use: lighting", "end_use: stage-lighting"),
        "No share of electricity is known for the use stage-lighting.",
    ),
    "a scheme without an address": ((FUNDING, "    url: https://example.org/lamps\n", ""), "`url` is missing."),
    "an address that is none": (
        (FUNDING, "url: https", "url: javascript"),
        "`javascript://example.org/lamps` does not fit",
    ),
    "a scheme in another country's file": (
        (FUNDING, "id: bg-lamps", "id: ro-lamps"),
        "The id of a scheme in bg.yaml begins with bg-.",
    ),
    "a block in another kind's file": ((GUIDES, "kind: guide", "kind: tool"), "guide.yaml holds the kind guide only."),
    "an id used twice": (
        (GUIDES, "id: guide-lamps", "id: lamps"),
        "The id lamps is used twice, first in lighting.yaml.",
    ),
    "a published figure without a source": (
        (LIGHTING, ", source: guide-1", ""),
        "A figure that is `sourced` names no source.",
    ),
    "a word that is not known": ((GUIDES, "summary:", "sumary:"), "`sumary` is not known here."),
    "a day that does not exist": ((FUNDING, "2027-06-30", "2027-06-31"), "`2027-06-31` does not fit here"),
}


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_each_break_is_told_with_file_line_and_cure(folder: Folder, name: str) -> None:
    change, message = BREAKS[name]
    flaws = flaws_of(folder(change))
    told = [flaw for flaw in flaws if flaw.message.startswith(message)]
    assert told, [flaw.message for flaw in flaws]
    assert told[0].file.endswith(change[0])
    assert told[0].line >= 1
    assert told[0].cure


def test_a_flaw_names_the_line_of_the_field(folder: Folder) -> None:
    change = LIGHTING, "alternative_to: [daylight]", "alternative_to: [candles]"
    line = MEASURES[: MEASURES.index("alternative_to: [daylight]")].count("\n") + 1
    assert [flaw.line for flaw in flaws_of(folder(change)) if "candles" in flaw.message] == [line]


def test_flaws_of_all_files_are_told_together(folder: Folder) -> None:
    flaws = flaws_of(folder(
        (LIGHTING, "difficulty: 1", "difficulty: 7"), (FUNDING, "status: open", "status: maybe"),
        (GUIDES, "guide-lamps", "Guide Lamps"), ("measures/sources.yaml", "kind: primary", "kind: rumour"),
    ))  # fmt: skip
    assert {Path(flaw.file).name for flaw in flaws} == {"lighting.yaml", "bg.yaml", "guide.yaml", "sources.yaml"}


def test_a_missing_file_of_what_is_shared_is_told(folder: Folder) -> None:
    place = folder()
    (place / "measures" / "sources.yaml").unlink()
    assert "This file is missing." in [flaw.message for flaw in flaws_of(place)]


# What ships


def test_everything_collected_is_there(shipped: Catalogue) -> None:
    counts = len(shipped.measures), len(shipped.schemes), len(shipped.blocks), len(shipped.sources)
    assert counts == (248, 204, 338, 129)


def test_reading_the_catalogue_stays_cheap() -> None:
    """Counted in calls, which are the same on every machine; the seconds of all content are in the bench."""
    assert calls(lambda: load_catalogue(CATALOGUE)) < 1_400_000


def test_the_catalogue_comes_back_from_json_as_it_was(shipped: Catalogue) -> None:
    written = shipped.model_dump_json(by_alias=True, exclude_unset=True)
    assert Catalogue.model_validate_json(written) == shipped


def test_no_file_is_too_long_to_read_through() -> None:
    assert [path.name for path in CATALOGUE.rglob("*.yaml") if path.stat().st_size > 100_000] == []


def test_every_regional_code_is_one_that_companies_can_choose(shipped: Catalogue) -> None:
    for places in QUESTIONNAIRES.glob("*/*/places.yaml"):
        data = read(places).data
        assert isinstance(data, dict)
        if "regions" not in data["answer_sets"]:
            continue
        known = {region["id"] for region in data["answer_sets"]["regions"]}
        named = {code for scheme in shipped.schemes.values() for code in scheme.regions}
        assert named - known == set()


def test_every_scheme_of_a_country_stands_in_its_countrys_file_and_lists_it(shipped: Catalogue) -> None:
    for scheme in shipped.schemes.values():
        prefix = scheme.id.split("-")[0].upper()
        assert prefix == "EU" or prefix in scheme.countries, scheme.id


def test_no_grant_is_counted_at_more_than_its_terms_pay_and_calls_for_projects_of_many_are_none(
    shipped: Catalogue,
) -> None:
    paying = [scheme for scheme in shipped.schemes.values() if scheme.pays_share_pct is not None]
    assert {"at-ufi", "de-bafa-eew", "ie-leo-energy-efficiency-grant"} <= {scheme.id for scheme in paying}
    for scheme in paying:
        assert "grant" in scheme.instrument, scheme.id
        assert scheme.level != "EU", scheme.id
        assert (scheme.pays_share_pct or 0) <= (scheme.max_share_pct or 0), scheme.id
        assert all("technology" in shipped.measures[name].kind for name in scheme.pays_for), scheme.id


def test_every_figure_names_a_source_or_is_called_an_estimate(shipped: Catalogue) -> None:
    for measure in shipped.measures.values():
        for figures in (*measure.savings, measure.investment, measure.payback_months):
            assert (figures.source is None) == (figures.basis == "estimate"), measure.id
