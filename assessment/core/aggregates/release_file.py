"""The shape of a release file: one snapshot with what its ids mean, for research and for clusters elsewhere.

    ReleaseFile   cluster, questionnaire, titles, codebook, Snapshot; and a Signature, or none in a plain export

It is anonymous: it holds what everybody sees and nothing of the ledger, and the key of the population is replaced by a
digest. What is added later is optional and leaves the version; what changes or goes makes a new one.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from assessment.core.aggregates.snapshots import Rule, Snapshot, TableId
from assessment.core.model import Line, Model

FORMAT_NAME: Final = "green-pathways-release"
SCHEMA_VERSION: Final = 1

Title = Annotated[str, StringConstraints(max_length=1000)]
Hex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]+$", max_length=256)]
KindOfKey = Literal["stage", "section", "sector", "size", "region", "practice", "amount"]


class CodebookEntry(Model):
    """What one column of one table means."""

    table: TableId
    table_title: Title
    column: Annotated[str, StringConstraints(max_length=60)]
    column_title: Title
    unit: Annotated[str, StringConstraints(max_length=60)]
    rule: Rule
    rule_in_words: Title
    population: Annotated[str, StringConstraints(max_length=60)]
    taken_on: Annotated[str, StringConstraints(max_length=20)]
    k: int
    withheld: Title = Field(description="What a missing figure means.")


class Signature(Model):
    """An Ed25519 signature over the canonical JSON of everything else in the file."""

    algorithm: Literal["Ed25519"]
    public_key: Hex
    value: Hex


class ReleaseFile(Model):
    """One snapshot of one cluster. A figure of null is withheld: too few companies, protected, or nothing there."""

    format: Literal["green-pathways-release"]
    schema_version: Annotated[int, Field(ge=1, le=SCHEMA_VERSION)]
    json_schema: Annotated[str, StringConstraints(max_length=300)] = Field(
        description="Where the schema of this file is published."
    )
    language: Annotated[str, StringConstraints(max_length=20)]
    cluster: Line
    example: bool
    questionnaire: Annotated[str, StringConstraints(max_length=100)] = Field(
        description="The id of the questionnaire: only files about the same one can be compared."
    )
    questionnaire_title: Annotated[str, StringConstraints(max_length=300)]
    titles: Mapping[KindOfKey, Mapping[str, Title]] = Field(description="What the keys of rows mean, by their kind.")
    codebook: tuple[CodebookEntry, ...]
    snapshot: Snapshot
    signature: Signature | None = None
