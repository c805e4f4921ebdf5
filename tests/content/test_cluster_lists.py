"""The fixed lists of clusters: sourced, consistent, and towns as people write them."""

import re
import shutil
from pathlib import Path

import pytest

from assessment.content.clusters.cluster_lists import FOLDER, cluster_lists, towns
from assessment.core.clusters.cluster_lists import KINDS
from assessment.core.errors import InvalidContent

LISTS = cluster_lists()


def test_every_kind_of_the_exchange_has_something_to_offer() -> None:
    assert {material.kind for material in LISTS.materials.values()} == set(KINDS)
    assert len(LISTS.categories) >= 10
    assert len(LISTS.services) >= 10


def test_every_waste_code_that_is_listed_belongs_to_a_material() -> None:
    named = {code for material in LISTS.materials.values() for code in material.codes}
    assert named == set(LISTS.codes)


def altered(folder: Path, name: str, old: str, new: str) -> list[str]:
    """What is wrong with the lists once something is changed in them."""
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InvalidContent) as caught:
        cluster_lists(folder)
    return [f"{Path(flaw.file).name}:{flaw.path}: {flaw.message}" for flaw in caught.value.flaws]


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("network.yaml", "source: egss-2016}", "source: nobody}", "There is no source nobody."),
        ("network.yaml", "{id: biogas,", "{id: recycling,", "recycling stands here twice."),
        ("exchange.yaml", 'codes: ["02 06 01"]', 'codes: ["01 01 01"]', "There is no code 01 01 01."),
        ("exchange.yaml", '- {code: "04", label: "Lea', '- {code: "05", label: "Lea', "There is no chapter 04."),
        ("exchange.yaml", 'label: "Thermal processes", source: low', 'label: "Thermal", source: no', "no-2015"),
        ("exchange.yaml", "source: ispm-15", "source: ispm", "There is no source ispm."),
        ("exchange.yaml", "    source: ispm-15\n", "", "names no source"),
    ],
)
def test_what_is_wrong_with_the_lists_is_said_by_place(
    tmp_path: Path, name: str, old: str, new: str, said: str
) -> None:
    assert any(said in flaw for flaw in altered(tmp_path / "clusters", name, old, new))


@pytest.mark.parametrize(
    ("country", "typed", "name"),
    [
        ("BG", "Sofia", "Sofia"), ("BG", "  СОФИЯ ", "Sofia"), ("BG", "стара  загора", "Stara Zagora"),
        ("DE", "München", "Munich"), ("DE", "munchen", "Munich"), ("AT", "wien", "Vienna"), ("DE", "Köln", "Köln"),
        ("GR", "Θεσσαλονίκη", "Thessaloníki"), ("FR", "saint etienne", "Saint-Étienne"), ("PL", "krakow", "Kraków"),
    ],
)  # fmt: skip
def test_a_town_is_found_as_its_people_write_it(country: str, typed: str, name: str) -> None:
    town = towns().find(country, typed)
    assert town is not None
    assert town.name == name


def test_a_town_is_looked_for_in_its_own_country_and_an_unknown_one_is_none() -> None:
    assert towns().find("AT", "Sofia") is None
    assert towns().find("BG", "Nowhere at all") is None
    assert towns().find("BG", "") is None


def test_towns_lie_in_europe_and_the_file_says_whose_they_are() -> None:
    text = (FOLDER / "towns.csv").read_text("utf-8")
    assert "CC BY 4.0" in text.partition("\n")[0]
    rows = [line.split(",")[2:4] for line in text.splitlines()[2:] if not re.search('^[^,]*,"', line)]
    assert len(rows) > 6000
    # From the Canary Islands and Reykjavik to Cyprus and the north of Norway.
    assert all(27 < float(north) < 72 and -62 < float(east) < 57 for north, east in rows)
