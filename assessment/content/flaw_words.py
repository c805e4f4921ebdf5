"""What a model refuses, in words: what is wrong, and what to write instead."""

import difflib
import re
from decimal import Decimal
from typing import Any, Final, get_args

from pydantic import BaseModel, StringConstraints
from pydantic_core import ErrorDetails

from assessment.core import model
from assessment.core.clusters import cluster_lists
from assessment.core.money import benchmarks, factors, sheet_entries
from assessment.core.resources import entries


def _pattern(annotated: Any) -> str:
    """The pattern of one of the kinds of text that our models share."""
    return next(str(part.pattern) for part in get_args(annotated) if isinstance(part, StringConstraints))


def in_words(error: ErrorDetails, within: type[BaseModel]) -> tuple[str, str]:
    """Message and cure for one complaint."""
    kind, context = error["type"], error.get("ctx", {})
    name = str(error["loc"][-1]) if error["loc"] else ""
    if kind == "missing":
        return f"`{name}` is missing.", f"Give `{name}` a value."
    if kind == "extra_forbidden":
        return f"`{name}` is not known here.", _nearest(name, within)
    if kind == "value_error":
        reason = context.get("error")
        told = [str(part) for part in getattr(reason, "args", ())] or [error["msg"]]
        return told[0], told[1] if len(told) > 1 else "Correct it."
    if kind in _LISTS:
        message, cure = _LISTS[kind]
        return message, cure.format(**context)
    shown = _shown(error["input"])
    if kind == "string_pattern_mismatch":
        return f"{shown} does not fit here.", PATTERN_CURES.get(str(context.get("pattern")), "Correct the value.")
    if kind == "literal_error":
        return f"{shown} does not fit here.", _one_of(error["input"], str(context["expected"]))
    message = f"{shown} does not fit here: {_REASONS.get(kind, _lowered(error['msg'])).format(**context)}."
    if kind == "string_type" and isinstance(error["input"], int | Decimal):
        return message, f'Put it in quotes: "{str(error["input"]).lower()}".'
    return message, _CURES.get(kind, "Correct the value.").format(**{"expected_tags": "", **context})


PATTERN_CURES: Final = {
    _pattern(model.Slug): "Write small letters, digits and hyphens only, such as led-lamps.",
    _pattern(model.OptionId): "Write letters, digits and hyphens only.",
    _pattern(model.Version): "Write a number such as 2 or 2.1.",
    _pattern(entries.Country): "Write the code of a country in two capital letters, such as DE, or EU or INT.",
    _pattern(entries.Region): "Write the NUTS code of a region in capital letters, such as DE, DE2 or DE21.",
    _pattern(entries.Url): "Write a web address that begins with https:// and holds no spaces.",
    _pattern(entries.NaceSection): "Write the NACE section as one capital letter from A to U, or all.",
    _pattern(entries.NaceDivision): "Write the NACE division as its section and two digits, such as C10.",
    _pattern(entries.LanguageCode): "Write the code of a language in two small letters, such as de, or all-eu.",
    _pattern(factors.FactorId): "Write small letters, digits and hyphens only, such as natural-gas.",
    _pattern(factors.DataVersion): "Write a year, a point and a number, such as 2026.1.",
    _pattern(sheet_entries.QuantityKey): "Write a question and a part of it with a point between, such as heat.gas.",
    _pattern(cluster_lists.ChapterCode): "Write two digits, such as 15.",
    _pattern(cluster_lists.WasteCode): "Write three pairs of digits with spaces between, such as 15 01 01.",
    _pattern(benchmarks.NaceCode): "Write a NACE code such as C, C10 or C10.71, or all.",
}
"""What to type where a text is not in the form that it must have, by the pattern of that form."""

_LISTS: Final = {
    "too_short": ("Too few are listed here.", "List at least {min_length}."),
    "too_long": ("Too many are listed here.", "List at most {max_length}."),
}

_REASONS: Final = {
    "string_type": "it is no text",
    **dict.fromkeys(("bool_type", "bool_parsing"), "it is neither true nor false"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "it is no whole number"),
    **dict.fromkeys(("decimal_type", "decimal_parsing"), "it is no number"),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing"), "it is no date"),
    **dict.fromkeys(("tuple_type", "list_type", "frozen_set_type"), "it is no list"),
    "string_too_short": "it is too short",
    "string_too_long": "it is longer than {max_length} characters",
    "greater_than_equal": "it is below {ge}",
    "greater_than": "it is not above {gt}",
    "less_than_equal": "it is above {le}",
    "less_than": "it is not below {lt}",
}

_CURES: Final = {
    "greater_than_equal": "Write a number from {ge} up.",
    "greater_than": "Write a number above {gt}.",
    "less_than_equal": "Write a number up to {le}.",
    "less_than": "Write a number below {lt}.",
    "string_type": "Write a text.",
    "string_too_short": "Write a longer text.",
    "string_too_long": "Shorten the text to {max_length} characters.",
    "bool_type": "Write true or false.",
    "bool_parsing": "Write true or false.",
    "int_type": "Write a whole number.",
    "int_parsing": "Write a whole number.",
    "int_from_float": "Write a whole number.",
    "decimal_type": "Write a number such as 2.5.",
    "decimal_parsing": "Write a number such as 2.5.",
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing"), "Write a date such as 2027-12-31."),
    "union_tag_invalid": "Write one of: {expected_tags}.",
    "union_tag_not_found": "Say which kind it is.",
    **dict.fromkeys(("tuple_type", "list_type", "frozen_set_type"), "Write a list, even of one: [a, b]."),
    **dict.fromkeys(("dict_type", "mapping_type", "model_type", "model_attributes_type"), "Write `key: value` lines."),
}


def _one_of(written: object, expected: str) -> str:
    """What it can be; the likeliest first, where one is like what was written."""
    close = difflib.get_close_matches(str(written).lower(), re.findall(r"'([^']+)'", expected), n=1, cutoff=0.7)
    return f"Did you mean `{close[0]}`? It can be {expected}." if close else f"Write one of: {expected}."


def _nearest(name: str, within: type[BaseModel]) -> str:
    """A guess at the key that was meant, among those of the model and the models inside it."""
    schema = within.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    keys = sorted({key for part in parts for key in part.get("properties", {})})
    close = difflib.get_close_matches(name, keys, n=1)
    return f"Did you mean `{close[0]}`?" if close else "Check its spelling and its place, or remove it."


def _shown(value: object) -> str:
    if value is None:
        return "Nothing"
    if isinstance(value, dict | list):
        return "What is written"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"`{text if len(text) <= 60 else text[:57] + '...'}`"


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:].rstrip(".")
