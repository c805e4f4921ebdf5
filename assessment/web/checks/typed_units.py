"""A number typed together with its unit, such as "12 t" or "1 200 kWh"."""

import re
from typing import Final

from assessment.core.checks.questions import Figure, Unit

_LONGEST: Final = 60
_BOTH: Final = re.compile(r"([-+−]?[\d.,'’\s]*\d)\s*((?:[^\W\d_]|[%€])[^\d]{0,30}(?:(?<=[mM])[23])?)")
_NAMES: Final = {
    "€": "eur", "euro": "eur", "euros": "eur", "l": "litre", "ltr": "litre", "liter": "litre", "liters": "litre",
    "tonne": "t", "tonnes": "t", "ton": "t", "tons": "t", "percent": "%",
}  # fmt: skip
"""Other names of units, by how their ids or labels read."""


def parted(text: str) -> tuple[str, str]:
    """A number as it was typed, and the unit behind it; empty where none was typed."""
    found = _BOTH.fullmatch(text) if len(text) <= _LONGEST else None
    return (found[1], found[2].strip()) if found else (text, "")


def unit_named(figure: Figure, name: str) -> Unit | None:
    """The unit of a figure that somebody wrote out, if it is one of those offered."""
    wanted = _plain(name)
    wanted = _NAMES.get(wanted, wanted)
    named = ((unit, {_plain(each) for each in (unit.id, unit.label, unit.one or "")}) for unit in figure.units)
    return next((unit for unit, names in named if wanted and wanted in names), None)


def _plain(name: str) -> str:
    return re.sub(r"[\s.]", "", name).casefold().replace("²", "2").replace("³", "3")
