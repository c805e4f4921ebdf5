"""Reads a foreign GraphML file, in a child process that may be killed.

`python -m assessment.content.clusters.graph_reader <file>` reads the file's bytes from standard input and writes JSON:
its nodes and edges with their attributes as text, or what is wrong with it. Declarations of document types are refused
before anything is parsed, so no entity can grow. `network_files.py` starts it.
"""

import json
import sys
from typing import Any
from xml.etree.ElementTree import ParseError

import networkx
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from assessment.content.reading_apart import limit
from assessment.content.sheet_limits import MOST_COLUMNS, MOST_ROWS


def read(content: bytes) -> dict[str, Any]:
    """Nodes as pairs of id and attributes, edges as triples; or `wrong`, which says why there are none."""
    try:
        fromstring(content, forbid_dtd=True)
        graph = networkx.parse_graphml(content.decode("utf-8-sig"), node_type=str, force_multigraph=True)
    except DefusedXmlException:
        return {"wrong": "declares"}
    except (ParseError, UnicodeDecodeError, ValueError):
        return {"wrong": "broken"}
    except (networkx.NetworkXException, KeyError, TypeError):
        return {"wrong": "no-graph"}
    if graph.number_of_nodes() > MOST_ROWS or graph.number_of_edges() > MOST_ROWS:
        return {"wrong": "too-many"}
    return {
        "nodes": [[name, _texts(found)] for name, found in graph.nodes(data=True)],
        "edges": [[source, target, _texts(found)] for source, target, found in graph.edges(data=True)],
    }


def _texts(found: dict[Any, Any]) -> dict[str, str]:
    return {str(name): str(value) for name, value in list(found.items())[:MOST_COLUMNS]}


def main() -> int:
    """The command of the module docstring."""
    limit()
    json.dump(read(sys.stdin.buffer.read()), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
