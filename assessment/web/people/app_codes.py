"""The secret of an app of codes on a page, as a drawing to scan and as letters to type; and new recovery codes.

Until its first code was typed the secret is kept nowhere but in the page, encrypted.
"""

from dataclasses import dataclass

import segno
from flask import render_template

from assessment.storage.people.people import Person
from assessment.web.current import instance, proofs


@dataclass(frozen=True, slots=True)
class AppCodes:
    """What the page shows and sends back."""

    secret: str
    typed: str
    drawing: str
    """The path of the QR code, row by row."""
    size: int


def new_app() -> str:
    """A new secret, encrypted."""
    return proofs().new_secret()


def app_codes(secret: str, email: str) -> AppCodes:
    """A secret as it is shown; one that is none is replaced by a new one."""
    try:
        typed, address = proofs().shown_secret(secret, email)
    except (ValueError, TypeError, KeyError):
        secret = new_app()
        typed, address = proofs().shown_secret(secret, email)
    code = segno.make(address, error="m")
    rows = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(code.matrix) for x, dark in enumerate(row) if dark]
    return AppCodes(secret, typed, "".join(rows), len(code.matrix))


def codes_page(own: Person, codes: list[str], there: str) -> str:
    """New recovery codes, with whose they are and where they are used: so a sheet in a drawer says it."""
    at = instance()
    return render_template(
        "pages/account/codes.html", codes=codes, there=there, email=own.email, day=at.now(), site=at.settings.base_url
    )
