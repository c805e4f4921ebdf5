"""Members and links of a cluster as CSV and GraphML: read back unchanged, and foreign files refused in time."""

import subprocess
import sys
from xml.etree import ElementTree

import pytest
from defusedxml.ElementTree import fromstring

from assessment.content.clusters.cluster_lists import cluster_lists
from assessment.content.clusters.network_files import LARGEST, MOST_ROWS, csv_of, graphml_of, read_file
from assessment.core.clusters.network import Link, Member, network_of
from assessment.core.clusters.network_rows import Rows, rows_of
from assessment.core.errors import Refused

LISTS = cluster_lists()
NETWORK = network_of(
    [
        Member("m1", '=HYPERLINK("x"); Mill', step="inputs", category="forest", services=("biogas", "repair")),
        Member("m2", "Хлебозавод <Пример> & Co"), Member("m3", "Lab", role="research", step="support"),
    ],
    [
        Link("m1", "m2", "supplies"), Link("m1", "m2", "works-with"), Link("m3", "m2", "researches-for"),
        Link("m2", "container-washing", "works-with", wanted=True),
    ],
    LISTS,
)  # fmt: skip

MEANINGS = {"name": "Its <name>", "kind": "How they are linked"}

GRAPHML = """<?xml version="1.0"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="d0" for="node" attr.name="label" attr.type="string"/>
<graph edgedefault="undirected"><node id="n0"><data key="d0">Mill</data></node><node id="n1"/>
<edge source="n0" target="n1"/></graph></graphml>"""

BOMB = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><graphml><graph><node id="&c;"/></graph></graphml>"""


def cells(rows: Rows) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    return [dict(row.cells) for row in rows.members], [dict(row.cells) for row in rows.links]


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        read_file(content)
    return caught.value.code


def test_csv_is_read_back_as_it_was_and_holds_no_formula() -> None:
    members, links = csv_of(NETWORK, "members"), csv_of(NETWORK, "links")
    assert b"\r\nm1,=" not in members
    read = Rows(read_file(members).members, read_file(links).links)
    assert cells(read) == cells(rows_of(NETWORK))


def test_graphml_is_read_back_as_it_was() -> None:
    members, links = cells(read_file(graphml_of(NETWORK, MEANINGS)))
    expected_members, expected_links = cells(rows_of(NETWORK))
    assert members == expected_members
    assert sorted(map(sorted, map(dict.items, links))) == sorted(map(sorted, map(dict.items, expected_links)))


def test_graphml_is_what_other_programs_read() -> None:
    root = fromstring(graphml_of(NETWORK, MEANINGS))
    space = "{http://graphml.graphdrawing.org/xmlns}"
    assert root.tag == f"{space}graphml"
    assert len(root.findall(f"{space}graph/{space}node")) == 4
    assert len(root.findall(f"{space}graph/{space}edge")) == 4
    said = {key.get("attr.name"): key.findtext(f"{space}desc") for key in root.findall(f"{space}key")}
    assert (said["name"], said["kind"]) == ("Its <name>", "How they are linked")


def test_graphml_of_another_program_is_taken_by_labels_and_ids() -> None:
    members, links = cells(read_file(GRAPHML.encode()))
    assert [(row["id"], row["name"]) for row in members] == [("n0", "Mill"), ("n1", "n1")]
    assert links == [{"from": "n0", "to": "n1"}]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"), (b" \n ", "empty"), (BOMB.encode(), "declares"), (b"<graphml><graph>", "broken"),
        (b"<html><body/></html>", "no-graph"), (b"\xff\xfename", "broken"), (b"a,b\n1,2\n", "no-columns"),
        (b'name\n"open', "broken"), (b"name\n" + b"x\n" * (MOST_ROWS + 1), "too-many"),
        (b"name\n" + b"x" * LARGEST, "too-large"), (b"<a>" * 100_000, "broken"),
        (GRAPHML.replace("n1", "n\u0000").encode(), "broken"),
        (GRAPHML.replace('edge source="n0" target="n1"', "hyperedge").encode(), "no-graph"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_is_refused_with_its_reason(content: bytes, code: str) -> None:
    assert refusal(content) == code


def test_an_entity_that_grows_would_be_taken_without_the_guard() -> None:
    # The standard library's own parser does what the guard refuses: the thousand letters are there.
    node = ElementTree.fromstring(BOMB).find("graph/node")  # noqa: S314 - this is what is shown to be dangerous
    assert node is not None
    assert len(node.attrib["id"]) == 1000


def test_semicolons_and_quoted_line_ends_are_read_and_rows_are_counted_as_an_editor_does() -> None:
    read = read_file('\ufeffName;services\r\n"Mill";"repair;biogas"\r\n\r\n"Two\r\nlines";\r\nLab;\r\n'.encode())
    assert [(row.number, row.cell("name"), row.cell("services")) for row in read.members] == [
        (2, "Mill", "repair;biogas"), (5, "Two\r\nlines", ""), (6, "Lab", ""),
    ]  # fmt: skip


def test_the_library_for_graphs_is_never_loaded_beside_the_pages() -> None:
    probe = "import sys, assessment.content.clusters.network_files; sys.exit('networkx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0
