"""The map of a cluster as files to work on with, each with its codebook: CSV in one ZIP, and GraphML.

The tables and the graph are those that are read in again (`content/clusters/network_files.py`).
"""

from collections.abc import Mapping, Sequence

from assessment.content.clusters.network_files import Table, csv_of, graphml_of
from assessment.core.clusters.network import Network
from assessment.reporting.csv_files import CODEBOOK, CODEBOOK_COLUMNS, ColumnWords, codebook_rows, csv_table, zipped


def as_zip(network: Network, columns: Mapping[Table, Sequence[ColumnWords]]) -> bytes:
    """Members, links and the codebook."""
    tables = {f"{name}.csv": csv_of(network, name) for name in columns}
    described = [row for name, of_table in columns.items() for row in codebook_rows(name, of_table)]
    return zipped({**tables, f"{CODEBOOK}.csv": csv_table(CODEBOOK_COLUMNS, described)})


def as_graphml(network: Network, columns: Mapping[Table, Sequence[ColumnWords]]) -> bytes:
    """Both in one file, in which each attribute is described where it is declared."""
    rows = [row for name, of_table in columns.items() for row in codebook_rows(name, of_table)]
    return graphml_of(network, {str(row[1]): " ".join(str(word) for word in row[2:] if word) for row in rows})
