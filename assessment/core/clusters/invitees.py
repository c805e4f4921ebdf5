"""Whom a cluster invites: addresses out of what was pasted or sent as a table, with what is wrong, row by row.

People paste what they have: one address a line, columns of a spreadsheet, the recipients of a mail. So an address is
found by its @, and what stands beside it is the company, or a language by its code. A first row that names the columns
says it better.
"""

import csv
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

MOST_INVITEES: Final = 5_000
LONGEST_COMPANY: Final = 100
_LONGEST_SHOWN: Final = 120

Why = Literal["no-address", "not-an-address", "company-too-long"]
Row = tuple[int, Sequence[str]]
"""The number of a row as people count, from 1, and its cells."""

_HEADS: Final[Mapping[str, frozenset[str]]] = {
    "email": frozenset({
        "e-mail", "email", "mail", "e mail", "address", "mail address", "e-mail address", "email address", "adresse",
        "e-mail-adresse", "courriel", "correo", "имейл", "е-поща",
    }),
    "company": frozenset({
        "company", "firm", "organisation", "organization", "name", "company name", "firma", "unternehmen", "entreprise",
        "empresa", "azienda", "фирма", "компания", "предприятие",
    }),
    "language": frozenset({"language", "lang", "sprache", "langue", "idioma", "lingua", "език"}),
}  # fmt: skip
"""How people name the columns, in small letters."""


@dataclass(frozen=True, slots=True)
class Invitee:
    """An address as it is kept, with the row that it was found in; company and language may be empty."""

    row: int
    email: str
    company: str
    language: str


@dataclass(frozen=True, slots=True)
class Flawed:
    """A row that gives no address, what stands there as it can be typed again, and why."""

    row: int
    typed: str
    why: Why


@dataclass(frozen=True, slots=True)
class Repeated:
    """An address that stands in the list again; `first` is the row that counts, 0 where it was there before."""

    row: int
    email: str
    first: int


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a list came to."""

    good: tuple[Invitee, ...]
    flawed: tuple[Flawed, ...]
    repeated: tuple[Repeated, ...]


def rows_of_text(text: str) -> list[Row]:
    """The rows of pasted text: a line each, its cells parted by tabs, else semicolons, else commas. Empty lines go."""
    lines = enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1)
    return [(number, _cells(line)) for number, line in lines if line.strip()]


def _cells(line: str) -> list[str]:
    delimiter = next((sign for sign in ("\t", ";", ",") if sign in line), ",")
    try:
        (row,) = csv.reader([line], delimiter=delimiter, skipinitialspace=True)
    except (csv.Error, ValueError):
        return [line.strip()]
    return [cell.strip() for cell in row]


def recognise(
    rows: Sequence[Row], normal: Callable[[str], str | None], languages: Collection[str], known: Collection[str] = ()
) -> Recognised:
    """Addresses, flaws and repetitions of a list. `normal` gives an address as it is kept, None where it is none.

    `known` are the addresses that are there already. Whatever is wrong with one row says nothing of the others.
    """
    columns = _columns(rows[0][1]) if rows else {}
    good: dict[str, Invitee] = {}
    flawed: list[Flawed] = []
    repeated: list[Repeated] = []
    for number, cells in rows[1:] if columns else rows:
        for found in _found(number, cells, columns, normal, languages):
            if isinstance(found, Flawed):
                flawed.append(found)
            elif found.email in good or found.email in known:
                first = good[found.email].row if found.email in good else 0
                repeated.append(Repeated(number, found.email, first))
                _fill_in(good, found)
            else:
                good[found.email] = found
    return Recognised(tuple(good.values()), tuple(flawed), tuple(repeated))


def _fill_in(good: dict[str, Invitee], found: Invitee) -> None:
    """Of an address that stands there twice, what one row leaves out is taken from the other."""
    first = good.get(found.email)
    if first is not None:
        company, language = first.company or found.company, first.language or found.language
        good[found.email] = Invitee(first.row, first.email, company, language)


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """The columns that a first row names; none where it is a row like others."""
    if any("@" in cell for cell in cells):
        return {}
    names = [" ".join(cell.casefold().split()) for cell in cells]
    found = {
        what: next((at for at, name in enumerate(names) if name in words), None) for what, words in _HEADS.items()
    }  # fmt: skip
    return {what: at for what, at in found.items() if at is not None} if found["email"] is not None else {}


def _found(
    number: int, cells: Sequence[str], columns: Mapping[str, int], normal: Callable[[str], str | None],
    languages: Collection[str],
) -> Iterator[Invitee | Flawed]:  # fmt: skip
    def named(what: str) -> str:
        at = columns.get(what)
        return " ".join(cells[at].split()) if at is not None and at < len(cells) else ""

    # As it can be typed again, put right: of a table with names the columns that count.
    telling = [named("email"), named("company"), named("language")] if columns else list(cells)
    shown = "; ".join(" ".join(cell.split()) for cell in (telling if any(telling) else cells) if cell.strip())
    shown = shown[:_LONGEST_SHOWN]
    places = [named("email")] if columns else [cell for cell in cells if "@" in cell]
    places = [part for place in places for part in _apart(place)]
    if not any(places):
        yield Flawed(number, shown, "no-address")
        return
    company, language = (named("company"), named("language")) if columns else _beside(cells, languages)
    for place in places:
        name, typed = _named_address(place)
        email = normal(typed)
        called = company if len(places) == 1 and company else name
        if email is None:
            yield Flawed(number, shown if len(places) == 1 else place[:_LONGEST_SHOWN], "not-an-address")
        elif len(called) > LONGEST_COMPANY:
            yield Flawed(number, shown, "company-too-long")
        else:
            code = language.lower()
            yield Invitee(number, email, called, code if code in languages else "")


def _apart(cell: str) -> Iterable[str]:
    """Several addresses with nothing but spaces between them."""
    words = cell.split()
    return words if len(words) > 1 and all("@" in word for word in words) else [cell.strip()]


def _beside(cells: Sequence[str], languages: Collection[str]) -> tuple[str, str]:
    """Company and language among the cells without an address."""
    others = [" ".join(cell.split()) for cell in cells if cell.strip() and "@" not in cell]
    language = next((cell for cell in others if cell.lower() in languages), "")
    return next((cell for cell in others if cell != language), ""), language


def _named_address(cell: str) -> tuple[str, str]:
    """Name and address of what is written like Mill Bakery <office@mill.example>."""
    name, opened, rest = cell.partition("<")
    if not opened:
        return "", cell.removeprefix("mailto:").strip()
    return " ".join(name.replace('"', " ").split()), rest.partition(">")[0].strip()
