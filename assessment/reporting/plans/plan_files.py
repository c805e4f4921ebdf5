"""What a web page must know of the files of a plan: their names and kinds, and the schema of one. `exports` makes them.

Apart from what makes them, so that a web worker starts without it.
"""

from collections.abc import Mapping
from typing import Final, Literal

Form = Literal["xlsx", "docx", "json", "csv"]

NAME: Final = "green-pathways-plan"
MIMETYPES: Final[Mapping[Form, str]] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
    "csv": "text/csv",
}
"""One entry for each form; what each is called on the web."""

SCHEMA_VERSION: Final = "1"
SCHEMA_PATH: Final = f"/schemas/plan-{SCHEMA_VERSION}.json"
SCHEMA_FILE: Final = f"action-plan/plan-{SCHEMA_VERSION}.schema.json"
"""Among the reports."""
