"""The facts of a catalogue entry in words: what its page says, and what it leaves out where nothing is known."""

from decimal import Decimal

from assessment.content import folders
from assessment.content.resources.catalogue import load_catalogue
from assessment.core.resources.entries import BuildingBlock, Scheme
from assessment.i18n import languages
from assessment.web.resources.catalogue_words import Row, entry_rows
from tests import builders

ENGLISH = languages(folders.LOCALE)["en"]


def told(rows: list[Row]) -> dict[str, str]:
    """The rows by their label."""
    return {label: text for label, text, _ in rows}


def test_a_scheme_says_who_gives_what_to_whom_until_when_and_where_we_know_it_from() -> None:
    found = told(entry_rows(
        builders.scheme(
            "bg-lamps", sectors={"nace": ["C", "I"]}, company_sizes=["micro", "midcap"], valid_until="2027-06-30",
            pays_for=["lamps"], pays_share_pct=Decimal(40), pays_from_eur=Decimal(10000),
            region="Plovdiv", level="regional", regions=["BG42"], source=["first", "second"],
        ), ENGLISH,
    ))  # fmt: skip
    assert found["Provider"] == "An agency"
    assert found["Region"] == "Plovdiv"
    assert found["Who"] == "micro (under 10 people) and mid-cap"
    assert found["Trades"] == "Industry and crafts and Hotels and restaurants"
    assert found["Single investments of one firm"] == "may pay 40\u00a0% of the cost, from a cost of EUR\u00a010,000 on"
    assert found["Until"] == "30 June 2027"
    assert found["Where we know it from"] == "first; second"


def test_a_scheme_that_pays_for_development_alone_says_so() -> None:
    found = told(entry_rows(builders.scheme("bg-lamps", for_development=True), ENGLISH))
    assert found["What for"].startswith("Only for developing something new")


def test_a_scheme_for_projects_of_several_says_so_after_what_it_develops() -> None:
    found = told(entry_rows(builders.scheme("eu-join", for_development=True, for_partnerships=True), ENGLISH))
    assert found["What for"].startswith("Only for developing something new")
    assert found["What for"].endswith(
        "For projects that several partners share, not for what one firm buys for itself."
    )


def test_what_is_not_known_of_a_scheme_has_no_row() -> None:
    found = told(entry_rows(builders.scheme("bg-lamps"), ENGLISH))
    assert (
        not {"Region", "Trades", "What for", "Single investments of one firm", "Until", "About the amount"}
        & found.keys()
    )
    assert found["State"] == "open"


def test_a_building_block_says_what_is_not_stated() -> None:
    found = told(entry_rows(builders.block("guide", year=None, licence=None, status="archived"), ENGLISH))
    assert (found["Year"], found["Licence"], found["Last checked"]) == ("not stated", "not stated", "not noted")
    assert found["Trades"] == "All trades"
    assert found["State"] == "finished project or older document, still useful"


def test_every_entry_that_ships_is_told_without_keys_of_ours() -> None:
    held = load_catalogue(folders.CATALOGUE)
    entries: list[Scheme | BuildingBlock] = [*held.schemes.values(), *held.blocks.values()]
    for entry in entries:
        for label, text, theirs in entry_rows(entry, ENGLISH):
            assert text.strip(), (entry.id, label)
            if not theirs:
                assert "_" not in text, (entry.id, label)
                assert "all-eu" not in text, (entry.id, label)
