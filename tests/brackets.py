"""Two made-up languages that show what did not go through a language.

One puts each text in brackets: whatever a page or paper shows outside them can never be translated. The other has
digits of its own: a figure in common digits was not written by it, and would be in the wrong dress for somebody.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from html.parser import HTMLParser

from assessment.content.library import Library
from assessment.i18n import Language

CODE = "qaa"
SPOKEN = {"title", "alt", "aria-label", "aria-description", "placeholder"}
"""Attributes that people hear or see; so are all of `data-`, from which scripts and print styles take their words."""
UNSPOKEN_DATA = {"data-figure", "data-reason-of", "data-state", "data-what-if"}
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
CELLS = {"td", "th", "text"}
"""Elements whose words do not touch those of the one before."""
DESCRIBING = {"description", "keywords"}
"""Entries of the head that are words for people."""


def bracketed(words: str) -> str:
    """The words of the made-up language."""
    return f"‹{words}›"


class Pseudo(Language):
    """Shows each text in brackets, also those that come from the language data of the platform."""

    def __init__(self) -> None:
        super().__init__(CODE)

    def gettext(self, text: str) -> str:
        return bracketed(text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return bracketed(one if count == 1 else many)

    def country(self, code: str) -> str:
        return bracketed(super().country(code))

    def month(self, number: int) -> str:
        return bracketed(super().month(number))

    def language_name(self, code: str) -> str:
        return bracketed(super().language_name(code))

    def list_of(self, items: Iterable[str]) -> str:
        return ", ".join(items)

    def date(self, value: dt.date) -> str:
        return bracketed(super().date(value))

    def datetime(self, value: dt.datetime) -> str:
        return bracketed(super().datetime(value))

    def money(self, amount: Decimal | int) -> str:
        return bracketed(super().money(amount))

    def price(self, amount: Decimal) -> str:
        return bracketed(super().price(amount))

    def money_about(self, amount: Decimal | int) -> str:
        return bracketed(super().money_about(amount))


class OwnDigits(Language):
    """Writes each figure in digits of its own, and has no figures in its texts."""

    def __init__(self) -> None:
        super().__init__(CODE)

    def gettext(self, text: str) -> str:
        return without_digits(text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return without_digits(one if count == 1 else many)

    def number(self, value: Decimal | int, digits: int | None = None) -> str:
        return super().number(value, digits).translate(_OWN)

    def money(self, amount: Decimal | int) -> str:
        return super().money(amount).translate(_OWN)

    def price(self, amount: Decimal) -> str:
        return super().price(amount).translate(_OWN)

    def money_about(self, amount: Decimal | int) -> str:
        return super().money_about(amount).translate(_OWN)

    def percent(self, value: Decimal | float) -> str:
        return super().percent(value).translate(_OWN)

    def date(self, value: dt.date) -> str:
        return super().date(value).translate(_OWN)

    def time(self, value: dt.datetime) -> str:
        return super().time(value).translate(_OWN)

    def datetime(self, value: dt.datetime) -> str:
        return super().datetime(value).translate(_OWN)


_OWN = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")


def without_digits(words: str) -> str:
    """A text whose own figures do not count: its translation writes them anew."""
    return re.sub(r"\d", "", words)


def laid_over(plain: Library, dress: Callable[[str], str]) -> Library:
    """All content as it is, and once more with each text in the dress of the made-up language."""

    def overlay(_: str, words: str) -> str:
        return dress(words)

    overlays = {(*key, CODE): overlay for key in plain._versions}
    return Library(plain._versions, plain._catalogue, overlays, {CODE: overlay}, plain._folders)


def outside_brackets(text: str) -> list[str]:
    """Lines of the text with letters that no brackets hold."""
    plain = text.replace("Green Pathways", "")
    while (inner := re.sub(r"‹[^‹›]*›", " ", plain)) != plain:
        plain = inner
    return [line.strip() for line in plain.splitlines() if re.search(r"[^\W\d_]{2,}", line)]


def common_figures(text: str) -> list[str]:
    """Figures in common digits that languages write in different ways: thousands, and all with decimals.

    A year is written alike everywhere, and so is the number of a question, a version (2026.1) or an address.
    """
    found = re.findall(r"(?<![\w.,/-])\d+(?:[.,]\d+)*(?![\w/-])", text)
    return [figure for figure in found if not re.fullmatch(r"\d{1,3}|(?:19|20)\d\d(?:\.\d)?", figure)]


class Escaped(HTMLParser):
    """Collects letters that stand outside brackets, save where an element says that it is not translated."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.words: list[str] = []
        """Every word that the page may show, in brackets or not."""
        self._open: list[tuple[str, bool]] = []
        self.text = ""
        """What stands between the tags, without what is shielded from translation."""
        self.feed(page)
        self.found += outside_brackets(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        shielded = given.get("translate") == "no" or tag in {"script", "style"} or self._shielded
        spoken = [value for name, value in given.items() if _is_spoken(name)]
        if tag == "meta" and given.get("name") in DESCRIBING:
            spoken.append(given["content"])
        # The parts of one sentence may stand in several attributes, with a figure of the style sheet between them.
        together = "\n".join(spoken)
        self.words += words_in(together)
        self.found += [] if shielded else outside_brackets(together)
        if tag in CELLS:
            self.text += " "
        if tag not in VOID:
            self._open.append((tag, shielded))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        # What is shielded is a hole in a sentence; brackets may open before it and close after it.
        self.text += " " if self._shielded else data
        self.words += words_in(data)

    @property
    def _shielded(self) -> bool:
        return bool(self._open) and self._open[-1][1]


def _is_spoken(name: str) -> bool:
    return name in SPOKEN or (name.startswith("data-") and name not in UNSPOKEN_DATA)


def words_in(text: str) -> list[str]:
    """The words of a text, without brackets and figures."""
    return re.findall(r"[^\W\d_]{2,}", text)
