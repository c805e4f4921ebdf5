"""Writes GraphML, in a process of its own: the library for it is large, and a web worker needs it for nothing else.

`python -m assessment.content.clusters.graph_writer <name>` reads JSON from standard input (nodes as pairs of id and
attributes, edges as triples) and writes the file as a JSON text. `network_files.py` starts it.
"""

import json
import sys
from typing import Any

import networkx

from assessment.content.reading_apart import limit


def written(nodes: list[list[Any]], edges: list[list[Any]]) -> str:
    """The GraphML of a directed graph in which two nodes may be linked more than once."""
    graph = networkx.MultiDiGraph()
    graph.add_nodes_from((name, found) for name, found in nodes)
    graph.add_edges_from((source, target, found) for source, target, found in edges)
    return "\n".join(networkx.generate_graphml(graph)) + "\n"


def main() -> int:
    """The command of the module docstring."""
    limit()
    given = json.load(sys.stdin)
    json.dump(written(given["nodes"], given["edges"]), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
