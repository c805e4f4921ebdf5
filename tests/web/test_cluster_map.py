"""The map of a cluster: the same as its table, with gaps; names for others only by consent; files in and out."""

import csv
import io
import re
import zipfile

import pytest
from defusedxml.ElementTree import fromstring

from assessment.storage.clusters import cluster_map, cluster_members
from assessment.storage.people import companies
from tests.web.clustered import Company, add_cluster, add_member, manager_of
from tests.web.visiting import Page, Site, Visitor


class World:
    """A cluster with a mill, a bakery, a hotel and a lab."""

    def __init__(self, site: Site) -> None:
        self.site = site
        who, self.manager = manager_of(site)
        self.id = add_cluster(site, who)
        self.map = f"/clusters/{self.id}/map"
        self.mill = add_member(site, self.id, "Example Mill", nace="10.61", step="inputs", category="forest")
        self.bakery = add_member(site, self.id, "Example Bakery", nace="10.71", services="shared-transport")
        self.hotel = add_member(site, self.id, "Hotel Sample", nace="55.10")
        with site.instance.database.writing() as connection:
            self.lab = cluster_members.list_organisation(
                connection, self.id, site.clock(), name="University lab", role="research", services="laboratory"
            )
            mill, bakery, hotel = (self._member(connection, one) for one in (self.mill, self.bakery, self.hotel))
            links = [
                (mill, bakery, "supplies", False), (bakery, mill, "works-with", False),
                (bakery, hotel, "supplies", False), (self.lab, bakery, "researches-for", False),
                (hotel, "container-washing", "works-with", True), (bakery, "biogas", "supplies", True),
            ]  # fmt: skip
            cluster_map.add_links(connection, self.id, links, {"container-washing", "biogas"})
        self.member_ids = {"mill": mill, "bakery": bakery, "hotel": hotel}

    def _member(self, connection: object, company: Company) -> str:
        found = cluster_members.member_of_company(connection, self.id, company.id)  # type: ignore[arg-type]
        assert found is not None
        return found.id

    def neighbours(self, count: int) -> list[Company]:
        return [add_member(self.site, self.id, f"Neighbour {at}") for at in range(count)]

    def agree(self, company: Company) -> None:
        company.owner.post(f"{company.home}/agreements/on_map", {"given": "yes"})

    def upload(self, content: bytes, name: str = "members.csv", status: int = 200) -> Page:
        page = self.manager.get(f"{self.map}/import")
        files = {**page.form().fields, "file": (io.BytesIO(content), name)}
        answer = self.manager.send(f"{self.map}/import", files)
        assert answer.status == status, answer.words
        return answer

    def rows(self) -> list[str]:
        return self.site.dump(without=("limit_counters", "audit_log", "access_log", "sessions"))


@pytest.fixture
def world(site: Site) -> World:
    return World(site)


def drawn(page: Page) -> str:
    """The words of the drawing."""
    found = re.search(r'<svg class="gp-map__drawing".*?</svg>', page.text, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


# What is shown


def test_members_stand_in_the_order_of_their_names_and_numbers_and_a_phone_shows_each_as_a_dot(world: World) -> None:
    world.neighbours(30)
    for page in (world.manager.get(world.map), world.manager.get(f"/clusters/{world.id}/members")):
        assert page.words.rindex("Neighbour 2 ") < page.words.rindex("Neighbour 10 ")
    rows = re.findall(r'<svg class="gp-map__dots".*?</svg>', world.manager.get(world.map).text, re.DOTALL)
    dots = [re.findall(r'<circle cx="(\d+)" cy="(\d+)"', row) for row in rows]
    assert sum(map(len, dots)) == 33
    assert all(len(set(row)) == len(row) for row in dots)
    assert all(int(x) < 242 for row in dots for x, _ in row)


def test_the_map_names_each_member_in_its_drawing_and_in_its_table(world: World) -> None:
    page = world.manager.get(world.map)
    for name in ("Example Mill", "Example Bakery", "Hotel Sample", "University lab"):
        assert name in drawn(page)
        assert page.words.count(name) > 1
    for row in ("Example Bakery (supplies and works with)", "Hotel Sample (supplies)", "Biogas or compost plant"):
        assert row in page.words


def test_its_heading_says_what_is_missing_and_who_asked_for_it(world: World) -> None:
    page = world.manager.get(world.map)
    assert "2 services are asked for, and nobody offers them" in page.words
    assert "Gap: Washing of crates and containers Asked for by: Hotel Sample" in page.words
    assert "Gap: Biogas or" in drawn(page)
    assert "Renewable energy" in page.words
    with world.site.instance.database.writing() as connection:
        cluster_members.describe(connection, world.member_ids["mill"], services="biogas;container-washing")
    assert "Map of the cluster" in world.manager.get(world.map).words


def test_filters_show_a_part_of_it_without_scripts(world: World) -> None:
    page = world.manager.get(f"{world.map}?kind=researches-for")
    assert "Hotel Sample" not in drawn(page)
    assert "University lab" in drawn(page)
    assert page.form().fields["kind"] == "researches-for"
    assert "Hotel Sample" not in drawn(world.manager.get(f"{world.map}?topic=forest"))
    assert "Nobody fits these filters" in world.manager.get(f"{world.map}?topic=noise").words
    assert world.manager.get(f"{world.map}?topic=x&kind=y")


def test_many_members_are_drawn_together_and_the_page_says_so(world: World) -> None:
    rows = "".join(f"Firm {at},firm,processing,waste\n" for at in range(150))
    world.manager.submit(world.upload(f"name,role,step,category\n{rows}".encode()), action="/import")
    page = world.manager.get(world.map)
    assert "There are too many members to draw each" in page.words
    assert "Firm 77" not in drawn(page)
    assert "Firm 77" in page.words
    assert "150 Waste and recycling" in drawn(page)


def test_a_long_table_comes_in_pages_that_keep_the_filters(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assessment.web.clusters.cluster_map.ON_A_PAGE", 3)
    page = world.manager.get(f"{world.map}?kind=&topic=")
    assert "Page 1 of 2" in page.words
    (onward,) = (link for link in page.links() if "page=2" in link)
    assert world.manager.get(onward).words.count("Page 2 of 2") == 1
    assert "Page 2 of 2" in world.manager.get(f"{world.map}?page=99").words


def test_a_step_that_nobody_named_is_the_usual_one_of_the_trade(world: World) -> None:
    words = world.manager.get(world.map).words
    assert re.search(r"Hotel Sample Sale and use", words)
    assert re.search(r"Example Bakery Processing", words)


# Who is named to whom


def test_a_member_sees_those_who_agreed_and_support_and_nobody_else(world: World) -> None:
    listed_firm = b"name,role\nUnasked Firm,firm\n"
    world.manager.submit(world.upload(listed_firm), action="/import")
    world.agree(world.bakery)
    page = world.hotel.owner.get(f"{world.hotel.home}/map")
    assert "Example Bakery" in drawn(page)
    assert "University lab" in drawn(page)
    assert "2 more companies belong to the cluster" in page.words
    for hidden in ("Example Mill", "Hotel Sample", "Unasked Firm"):
        # Whoever looks is named in the header.
        assert hidden not in page.text.replace("Owner of Hotel Sample", "")
    # Without their links as well: what the hotel wants would tell of the hotel.
    assert "Washing of crates" not in page.words.partition("What else nobody does here")[0].partition("Topic")[0]
    assert "supplies and works with" not in page.words


def test_a_name_that_is_taken_back_is_gone_from_the_next_page(world: World) -> None:
    world.agree(world.bakery)
    assert "Example Bakery" in world.mill.owner.get(f"{world.mill.home}/map").text
    world.bakery.owner.post(f"{world.bakery.home}/agreements/on_map", {"given": "no"})
    assert "Example Bakery" not in world.mill.owner.get(f"{world.mill.home}/map").text


def test_another_clusters_map_is_shown_to_nobody_from_here(world: World, site: Site) -> None:
    other = add_cluster(site, owner_id(site, world.mill), "Other")
    stranger = add_member(site, other, "Stranger")
    assert stranger.owner.get(f"/companies/{stranger.id}/clusters/{world.id}/map", status=404)
    assert stranger.owner.get(world.map, status=404)
    assert stranger.owner.get(f"{world.map}/network.graphml", status=404)


def owner_id(site: Site, company: Company) -> str:
    with site.instance.database.reading() as connection:
        return companies.members_of(connection, company.id)[0].person_id


# Links by hand


def links_page(world: World, member: str) -> tuple[str, Visitor]:
    return f"/clusters/{world.id}/members/{world.member_ids[member]}/links", world.manager


def test_links_are_added_and_taken_away(world: World) -> None:
    path, manager = links_page(world, "hotel")
    page = manager.follow(manager.submit(manager.get(path), {"target": world.lab, "kind": "finances"}, action=path))
    assert "Hotel Sample finances University lab" in page.words
    form = next(form for form in page.forms() if re.search(r"/links/[0-9a-f]{32}$", form.action))
    after = manager.follow(manager.post(form.action))
    assert len(after.forms()) == len(page.forms()) - 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"target": "", "kind": "supplies"}, "Choose whom or what it is linked with"),
        ({"target": "lab", "kind": "adores"}, "Choose what kind of link it is"),
        ({"target": "nobody", "kind": "supplies"}, "This member is not there any more"),
        ({"target": "self", "kind": "supplies"}, "A member cannot be linked with itself"),
        ({"target": "biogas", "kind": "supplies"}, "A link to a service can only be wanted"),
    ],
)
def test_a_link_that_cannot_be_is_asked_back(world: World, typed: dict[str, str], said: str) -> None:
    path, manager = links_page(world, "hotel")
    known = {"lab": world.lab, "self": world.member_ids["hotel"]}
    before = world.rows()
    sent = {**typed, "target": known.get(typed["target"], typed["target"])}
    page = manager.send(path, {"csrf_token": manager.token(), **sent})
    assert page.status == 422
    assert said in page.words
    assert world.rows() == before


def test_what_a_member_does_is_kept_with_what_it_is(world: World) -> None:
    path = f"/clusters/{world.id}/members/{world.member_ids['hotel']}"
    given: dict[str, str | list[str]] = {
        "step": "after-use",
        "category": "water-saving",
        "services": ["biogas", "repair"],
    }
    world.manager.submit(world.manager.get(path), given, action="")
    page = world.manager.get(world.map)
    assert "Hotel Sample After use Saving water, Biogas or compost plant and Repair and reworking" in page.words
    assert "1 service is asked for, and nobody offers it" in page.words
    wrong = world.manager.submit(world.manager.get(path), {"step": "moon", "category": "magic"}, action="", status=422)
    assert "Choose one of the steps" in wrong.words
    assert "Choose one of the fields" in wrong.words


# Files


@pytest.mark.parametrize("name", ["members.csv", "links.csv", "network.graphml"])
def test_a_file_of_the_map_comes_back_as_no_change(world: World, name: str) -> None:
    saved = {**tables_of(world), "network.graphml": world.manager.get(f"{world.map}/network.graphml").body}[name]
    assert "Nothing: all of it is there already" in world.upload(saved, name).words


def tables_of(world: World) -> dict[str, bytes]:
    """The files in the ZIP of the map."""
    with zipfile.ZipFile(io.BytesIO(world.manager.get(f"{world.map}/tables.zip").body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_files_of_the_map_say_what_stands_in_their_columns(world: World) -> None:
    tables = {name: [*csv.DictReader(io.StringIO(content.decode("utf-8-sig")))]
              for name, content in tables_of(world).items()}  # fmt: skip
    heads = {name: [*rows[0]] for name, rows in tables.items() if rows}
    described = {(row["table"], row["column"]): row for row in tables["codebook.csv"]}
    for table in ("members", "links"):
        assert [column for name, column in described if name == table] == heads[f"{table}.csv"]
    assert all(row["meaning"] or row["values"] for row in described.values())
    assert "supplies" in described["links", "kind"]["values"]
    assert {row["role"] for row in tables["members.csv"]} <= {
        value.partition(":")[0] for value in described["members", "role"]["values"].split("; ")
    }
    # The same in the other format, where each attribute is declared.
    root = fromstring(world.manager.get(f"{world.map}/network.graphml").body)
    space = "{http://graphml.graphdrawing.org/xmlns}"
    keys = {key.get("attr.name"): key.findtext(f"{space}desc") or "" for key in root.findall(f"{space}key")}
    assert all(keys.values()), keys
    assert keys["name"] == described["members", "name"]["meaning"]
    assert described["links", "kind"]["values"] in keys["kind"]


def test_the_zip_itself_is_refused_with_what_to_do(world: World) -> None:
    packed = world.manager.get(f"{world.map}/tables.zip").body
    assert "Unpack it" in world.upload(packed, "map.zip", 422).words


def test_a_file_is_looked_at_first_and_changes_nothing_until_it_is_taken_over(world: World) -> None:
    before = world.rows()
    content = b"name;role;services\nGas Sample;firm;biogas\nHOTEL SAMPLE;firm;repair\n"
    page = world.upload(content)
    assert "1 new member, 1 changed, 0 new links" in page.words
    assert world.rows() == before
    world.manager.submit(page, action="/import")
    after = world.manager.get(world.map)
    assert "Gas Sample" in after.words
    assert "1 service is asked for" in after.words


def test_mistakes_are_told_by_row_and_column_and_nothing_of_the_file_is_taken(world: World) -> None:
    before = world.rows()
    content = (
        b"id,name,role,category\n,Gas Sample,firm,magic\n" + f"{world.member_ids['mill']},New Name,firm,\n".encode()
    )
    page = world.upload(content, status=422)
    assert "2 mistakes in this file" in page.words
    assert "2 category “magic” is no category of the list" in page.words
    assert "3 name “New Name”: a company with an account changes its name itself" in page.words
    assert world.rows() == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "This file is empty"), (b"a,b\n1,2\n", "names no columns of ours"), (b"\xff\xfe", "is damaged"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><graphml/>', "declares a document type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no GraphML that we can read"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_with_a_way_on(world: World, content: bytes, said: str) -> None:
    assert said in world.upload(content, status=422).words


def test_a_page_that_brings_something_else_than_it_was_given_is_refused(world: World) -> None:
    for packed in ("!!!", "AAAA"):
        page = world.manager.send(f"{world.map}/import", {"csrf_token": world.manager.token(), "packed": packed})
        assert page.status == 422
        assert "is damaged" in page.words
