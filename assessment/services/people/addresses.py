"""Mail addresses in the one form in which they are kept, so that one person has one account."""

import importlib
from functools import cache
from typing import Any

LONGEST: int = 254


@cache
def _validator() -> Any:
    """Loaded when the first address is typed: its rules take a tenth of the start of a web worker."""
    return importlib.import_module("email_validator")


def normal_address(typed: str) -> str | None:
    """The address as it is kept: small letters, the domain as mail servers write it; None where it is none.

    Lists, comments, quoted names and line breaks are no addresses. Nobody is asked whether it exists.
    """
    if len(typed) > LONGEST * 2:
        return None
    rules = _validator()
    try:
        found = rules.validate_email(typed.strip(), allow_smtputf8=False, check_deliverability=False)
    except rules.EmailNotValidError:
        return None
    plain = (found.ascii_email or "").lower()
    return plain if plain and len(plain) <= LONGEST else None
