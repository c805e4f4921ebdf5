"""Writes GraphML, in a process of its own: the library for it is large, and a web worker needs it for nothing else.

`python -m assessment.content.clusters.graph_writer <name>` reads JSON from standard input (nodes as pairs of id and
attributes, edges as triples, and what each attribute means) and writes the file as a JSON text. `network_files.py`
starts it.
"""

import json
import sys
from typing import Any
from xml.etree import ElementTree

import networkx

from assessment.content.reading_apart import limit

SPACE = "http://graphml.graphdrawing.org/xmlns"


def written(nodes: list[list[Any]], edges: list[list[Any]], meanings: dict[str, str]) -> str:
    """The GraphML of a directed graph in which two nodes may be linked more than once.

    What an attribute means stands in the `desc` of its key, where the format has it.
    """
    graph = networkx.MultiDiGraph()
    graph.add_nodes_from((name, found) for name, found in nodes)
    graph.add_edges_from((source, target, found) for source, target, found in edges)
    root = ElementTree.fromstring("\n".join(networkx.generate_graphml(graph)))  # noqa: S314 - just written here
    for key in root.iter(f"{{{SPACE}}}key"):
        if meaning := meanings.get(key.get("attr.name", "")):
            described = ElementTree.Element(f"{{{SPACE}}}desc")
            described.text = meaning
            key.insert(0, described)
    ElementTree.register_namespace("", SPACE)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def main() -> int:
    """The command of the module docstring."""
    limit()
    given = json.load(sys.stdin)
    json.dump(written(given["nodes"], given["edges"], given["meanings"]), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
