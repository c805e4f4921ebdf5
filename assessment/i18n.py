"""Languages: their words, how they write numbers, dates and lists, and how a number that somebody typed is read.

English is the source language and needs no file; every other language is a folder `locale/<code>/messages.po`,
read at start, so nothing compiled has to be kept. Texts of questions are content, translated elsewhere.
"""

import datetime as dt
import gettext as plural_rules
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal, localcontext
from functools import lru_cache
from pathlib import Path
from typing import Literal

import polib  # type: ignore[import-untyped]
from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.lists import format_list
from babel.numbers import NumberPattern, format_decimal, format_percent, parse_pattern

SOURCE = "en"
MOST_DIGITS = 18
Reading = Literal["", "whole", "decimal"]
"""What somebody said an ambiguous number means; empty where nobody was asked."""

_WIDE = Context(prec=80)
"""Room for the product of any two numbers that can be typed, to the cent."""

_APART = re.compile(
    r" (?=%%)|(?<=\)s) (?=%\(unit\)s|(?:kg|t|tonnes|kWh|km|EUR)(?!\w))"
    r"|(?<=\)s kg) (?=CO2e)|(?<=\)s t) (?=CO2e)|(?<=\bEUR) (?=%\()"
)
"""A space between a number that a text is filled with and its sign or unit; texts of every language are looked at."""

_FORMATS = {"en": "en_GB"}
"""English is written for Europe: day before month, 24 hours, no comma before "and"."""


class NumberProblem(ValueError):
    """A text that is not taken as a number; `code` says why, and `values` fills the sentence about it."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class AmbiguousNumber(NumberProblem):
    """A number such as 1.234 that one country reads as a thousand and another as one and a bit."""

    def __init__(self, typed: str, whole: Decimal, decimal: Decimal) -> None:
        super().__init__("ambiguous", typed=typed, whole=str(whole), decimal=str(decimal))
        self.whole = whole
        self.decimal = decimal


def _english_form(count: int) -> int:
    return int(count != 1)


@dataclass(frozen=True)
class Texts:
    """The translated texts of one language, by context and source text, and its rule for plurals."""

    messages: Mapping[tuple[str | None, str], tuple[str, ...]] = field(default_factory=dict)
    form_of: Callable[[int], int] = _english_form


class Language:
    """One language that pages and papers are shown in."""

    def __init__(self, code: str, texts: Texts | None = None) -> None:
        self.code = code
        self._texts = texts or Texts()
        self._locale = _locale_of(code)
        self.name = (_parsed(code).get_display_name() or code) if _is_public(code) else code
        """The language's name for itself."""
        self.direction: Literal["ltr", "rtl"] = "rtl" if self._locale.character_order == "right-to-left" else "ltr"
        # The code in the place of the sign, as the style guide of the Union has it: EUR 30, 30 EUR.
        with_cents = re.sub("^\u00a4\\s?", "\u00a4\u00a4\u00a0", self._locale.currency_formats["standard"].pattern)
        with_cents = re.sub("(?<!\u00a4)\u00a4(?!\u00a4)", "\u00a4\u00a4", with_cents)
        self._with_cents = with_cents
        self._money, self._whole_money = parse_pattern(with_cents), parse_pattern(with_cents.replace("0.00", "0"))

    def __repr__(self) -> str:
        return f"Language({self.code!r})"

    # Words

    def gettext(self, text: str) -> str:
        """The text in this language, or the text itself."""
        return _held(self._texts.messages.get((None, text), (text,))[0])

    def pgettext(self, context: str, text: str) -> str:
        """The text in this language where it means what the context says."""
        return _held(self._texts.messages.get((context, text), (text,))[0])

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The form of a text that goes with the count."""
        forms = self._texts.messages.get((None, one))
        if forms is None:
            return _held(one if count == 1 else many)
        return _held(forms[min(self._texts.form_of(count), len(forms) - 1)])

    # Writing

    def number(self, value: Decimal | int, digits: int | None = None) -> str:
        """A number with its thousands marked; with `digits` exactly so many decimals, else as many as matter."""
        return _written(value, digits, self._locale)

    def converted(self, value: Decimal) -> str:
        """An amount worked out from one in another unit: whole from 100 on, since nobody measured its decimals."""
        return self.number(value, 0 if abs(value) >= 100 else None)

    def about(self, value: Decimal | int) -> str:
        """An estimate with two significant figures; the sentence around it says "about" and gives the range."""
        rounded = _significant(Decimal(value), 2)
        return self.number(rounded, max(0, -_exponent(rounded)))

    def money(self, amount: Decimal | int) -> str:
        """An amount of euros; cents only where there are some."""
        cents = _rounded(Decimal(amount), 2)
        pattern = self._whole_money if cents == cents.to_integral_value() else self._money
        return _in_euros(cents, pattern, self._locale)

    def price(self, amount: Decimal) -> str:
        """What one of something costs: to the cent, or with four figures where a cent is too coarse.

        So amount times price comes to the cost that stands beside them.
        """
        figure = _significant(amount, 4).normalize()
        if abs(amount) >= 1 or not figure:
            return self.money(amount)
        digits = max(2, -_exponent(figure))
        return _in_euros(figure, _with_decimals(self._with_cents, digits), self._locale)

    def money_about(self, amount: Decimal | int) -> str:
        """An estimate in euros, with two significant figures."""
        rounded = _significant(Decimal(amount), 2)
        digits = max(0, -_exponent(rounded))
        if not digits:
            return self.money(rounded)
        return _in_euros(rounded, _with_decimals(self._with_cents, digits), self._locale)

    def percent(self, value: Decimal | float) -> str:
        """A number of per cent: 56 is written 56 % or as the language has it, with one decimal at most.

        English keeps the sign apart, as its texts here do, though its locale does not.
        """
        share = round(Decimal(str(value)), 1).normalize() / 100
        pattern = "#,##0\u00a0%" if self._locale.language == SOURCE else None
        return format_percent(share, pattern, locale=self._locale, decimal_quantization=False)

    def date(self, value: dt.date) -> str:
        """A day in full: 24 November 2026; a moment is told as the day it was in the server's zone."""
        return _day_in_full(_here(value).date() if isinstance(value, dt.datetime) else value, self._locale)

    def time(self, value: dt.datetime) -> str:
        """A time of day in the server's zone: 14:32. UTC is named, as hardly anybody lives by it."""
        return format_time(_here(value), "short", locale=self._locale) + _zone(value)

    def datetime(self, value: dt.datetime) -> str:
        """Day and time in the server's zone."""
        return format_datetime(_here(value), "medium", locale=self._locale) + _zone(value)

    def month(self, number: int) -> str:
        """The name of a month by its number from 1 to 12, as it stands alone."""
        return str(self._locale.months["stand-alone"]["wide"][number])

    def country(self, code: str) -> str:
        """The name of a country by its ISO code, or the code where it has none."""
        return self._locale.territories.get(code) or code

    def language_name(self, code: str) -> str:
        """The name of a language, by its code."""
        return self._locale.languages.get(code) or code

    def list_of(self, items: Iterable[str]) -> str:
        """Several things in one phrase: a, b and c."""
        listed = list(items)
        return listed[0] if len(listed) == 1 else format_list(listed, locale=self._locale)

    # Reading

    def read_number(self, text: str, reading: Reading = "") -> Decimal:
        """The number that somebody typed, with the marks of any European country.

        Raises AmbiguousNumber for texts such as 1.234, unless `reading` settles it, and NumberProblem for
        everything that is not a plain number. The decimal mark is the last one that stands; languages differ
        only in how the two readings of an ambiguous number are shown, never in what is stored.
        """
        return _read(text, reading)


@lru_cache(maxsize=8)
def languages(folder: Path) -> Mapping[str, Language]:
    """Every language by code, the source language first; the others have a `messages.po` in the folder.

    Raises ValueError, or Babel's UnknownLocaleError, for a folder that is not named after a language.
    """
    found = {SOURCE: Language(SOURCE)}
    for path in sorted(folder.glob("*/messages.po")):
        code = path.parent.name
        if code != SOURCE:
            found[code] = Language(code, texts_from(path))
    return found


def texts_from(path: Path) -> Texts:
    """The finished translations of a .po file; doubtful ("fuzzy") and empty ones fall back to the source."""
    messages: dict[tuple[str | None, str], tuple[str, ...]] = {}
    catalogue = polib.pofile(str(path), encoding="utf-8")
    for entry in catalogue:
        if entry.obsolete or not entry.translated():
            continue
        forms = [entry.msgstr_plural[index] for index in sorted(entry.msgstr_plural)] or [entry.msgstr]
        messages[entry.msgctxt, entry.msgid] = tuple(forms)
    rule = re.search(r"plural=([^;]+)", catalogue.metadata.get("Plural-Forms", ""))
    return Texts(messages, plural_rules.c2py(rule[1])) if rule else Texts(messages)


def _is_public(code: str) -> bool:
    """Codes from qaa to qtz are for private use, such as the made-up language that tests translate into."""
    return not re.fullmatch(r"q[a-t][a-z].*", code)


def _parsed(code: str) -> Locale:
    return Locale.parse(code.replace("_", "-"), sep="-")


@lru_cache(maxsize=16384)
def _held(text: str) -> str:
    """The text with each number on the line of its sign or unit."""
    return _APART.sub("\u00a0", text)


def _locale_of(code: str) -> Locale:
    """How numbers and dates are written in a language."""
    return _parsed(_FORMATS.get(code, code) if _is_public(code) else _FORMATS[SOURCE])


def _here(moment: dt.datetime) -> dt.datetime:
    """The moment on the server's clock; Babel would tell it in UTC."""
    return moment.astimezone().replace(tzinfo=None)


def _zone(moment: dt.datetime) -> str:
    return "\u00a0UTC" if moment.astimezone().tzname() == "UTC" else ""


# A list of clients or answers says the same few hundred days again and again.
@lru_cache(maxsize=4096)
def _day_in_full(day: dt.date, locale: Locale) -> str:
    return format_date(day, "long", locale)


# Few estimates are written in more than two figures, so the same ones come again and again.
@lru_cache(maxsize=4096)
def _written(number: Decimal | int, digits: int | None, locale: Locale) -> str:
    value = Decimal(number)
    if digits is None:
        digits = max(0, -_exponent(_significant(value, 3) if abs(value) < 1 else _rounded(value, 3)))
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    with localcontext(_WIDE):
        return format_decimal(_rounded(value, digits), format=pattern, locale=locale)


@lru_cache(maxsize=64)
def _with_decimals(with_cents: str, digits: int) -> NumberPattern:
    """The pattern of amounts with cents, with so many decimals instead."""
    return parse_pattern(with_cents.replace("0.00", "0." + "0" * digits))


@lru_cache(maxsize=4096)
def _in_euros(cents: Decimal, pattern: NumberPattern, locale: Locale) -> str:
    with localcontext(_WIDE):
        written: str = pattern.apply(cents, locale, currency="EUR", currency_digits=False)
    return written


def _rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), context=_WIDE)


def _significant(value: Decimal, figures: int) -> Decimal:
    return Context(prec=figures).create_decimal(value)


def _exponent(value: Decimal) -> int:
    """The place of the last digit that is not a zero: -2 for 0.150, 0 for 20."""
    exponent = value.normalize(Context(prec=60)).as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


_LONGEST_NUMBER = 60
_MARKS = str.maketrans("\u00a0\u202f\u2007\u2009\u2018\u2019\u02bc\u2212", "    '''-")
"""Spaces of every width part thousands, so do apostrophes of every shape; the true minus is a minus."""
_PLAIN = re.compile(r"[0-9]+")
_GROUPED = {mark: re.compile(rf"[1-9][0-9]{{0,2}}(?:{re.escape(mark)}[0-9]{{3}})+") for mark in " '.,"}
_CHARACTERS = frozenset("0123456789 '.,")


def _read(text: str, reading: Reading) -> Decimal:
    typed = text.strip()
    body = typed.translate(_MARKS)
    negative = body.startswith("-")
    body = body.removeprefix("-").strip()
    if not body:
        raise NumberProblem("not-a-number", typed=typed[:_LONGEST_NUMBER])
    _check_characters(typed, body)
    # A minus before a zero means nothing, and would come back as "-0".
    meanings = [-meaning if negative and meaning else meaning for meaning in _meanings(typed, body)]
    if len(meanings) == 1:
        return meanings[0]
    whole, decimal = meanings
    if reading == "":
        raise AmbiguousNumber(typed, whole, decimal)
    return whole if reading == "whole" else decimal


def _check_characters(typed: str, body: str) -> None:
    """Refuse, in time linear in the length, whatever cannot be a number."""
    if not _CHARACTERS.issuperset(body):
        if len(body) <= _LONGEST_NUMBER and any(ch.isdecimal() and not ch.isascii() for ch in body):
            plain = "".join(str(unicodedata.decimal(ch)) if ch.isdecimal() else ch for ch in body)
            raise NumberProblem("other-digits", typed=typed, plain=plain)
        raise NumberProblem("not-a-number", typed=typed[:_LONGEST_NUMBER])
    if sum(map(body.count, "0123456789")) > MOST_DIGITS:
        raise NumberProblem("too-many-digits", most=str(MOST_DIGITS))
    if len(body) > _LONGEST_NUMBER:
        raise NumberProblem("not-a-number", typed=typed[:_LONGEST_NUMBER])


def _meanings(typed: str, body: str) -> list[Decimal]:
    """The one number that the text means, or two: read as a whole number, and with decimals."""
    mark = max(",.", key=body.rfind)
    front, found, fraction = body.rpartition(mark)
    if not found or (mark in front and _GROUPED[mark].fullmatch(body)):
        return [_whole(typed, body)]
    if mark in front or not _PLAIN.fullmatch(fraction):
        raise NumberProblem("not-a-number", typed=typed)
    decimal = Decimal(f"{_whole(typed, front) if front else 0}.{fraction}")
    # One mark with exactly three digits behind it can part thousands as well as decimals.
    if _PLAIN.fullmatch(front) and _GROUPED[mark].fullmatch(body):
        return [Decimal(front + fraction), decimal]
    return [decimal]


def reads_two_ways(text: str) -> bool:
    """Whether a typed number can mean a whole one as well as one with decimals, in any language."""
    try:
        _read(text, "")
    except AmbiguousNumber:
        return True
    except NumberProblem:
        pass
    return False


def _whole(typed: str, body: str) -> Decimal:
    """A number without decimals: its digits plain, or in threes with one kind of mark between them."""
    if not _PLAIN.fullmatch(body):
        mark = next((mark for mark in _GROUPED if mark in body), "")
        if not mark or not _GROUPED[mark].fullmatch(body):
            raise NumberProblem("not-a-number", typed=typed)
        body = body.replace(mark, "")
    return Decimal(body)


def exactly(number: Decimal, factor: Decimal) -> Decimal:
    """A product with no digit lost and no trailing zeros: 1.5 times 1000 is 1500."""
    with localcontext(prec=100):
        product = number * factor
        return product.quantize(Decimal(1)) if product == product.to_integral_value() else product.normalize()
