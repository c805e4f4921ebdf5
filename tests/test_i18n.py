"""Languages: texts from .po files, numbers, dates and lists as each language writes them, and numbers read back."""

import time
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from babel import UnknownLocaleError
from babel.numbers import NumberFormatError, parse_decimal
from hypothesis import given
from hypothesis import strategies as st

from assessment.i18n import AmbiguousNumber, Language, NumberProblem, exactly, languages

CODES = ("en", "de", "fr", "bg", "pl", "es", "el")
LANGUAGES = {code: Language(code) for code in CODES}

NUMBERS = {
    "0": "0", "7": "7", "12": "12", "1234": "1234", "12000": "12000", "007": "7",
    "  42  ": "42", "\u00a042\u00a0": "42",
    "12.5": "12.5", "12,5": "12.5", "1.25": "1.25", "1,25": "1.25", ".5": "0.5", ",5": "0.5",
    "0.234": "0.234", "0,234": "0.234", "0.0": "0.0", "00.234": "0.234", "012,345": "12.345",
    "1.2345": "1.2345", "1,2345": "1.2345", "1234.567": "1234.567", "1234,567": "1234.567",
    "1,234,567": "1234567", "1.234.567": "1234567", "12,345,678": "12345678",
    "1,234.5": "1234.5", "1.234,5": "1234.5", "1,234.567": "1234.567", "1.234,567": "1234.567",
    "1.234,56": "1234.56", "1,234,567.89": "1234567.89", "1.234.567,89": "1234567.89",
    "1 234": "1234", "1\u00a0234": "1234", "1\u202f234": "1234", "1\u2009234": "1234", "12 345 678": "12345678",
    "1 234,5": "1234.5", "1 234.5": "1234.5", "1\u202f234,567": "1234.567", "1 234.567": "1234.567",
    "1'234": "1234", "1’234": "1234", "1'234'567.5": "1234567.5",
    "-5": "-5", "−5": "-5", "- 5": "-5", "-12,5": "-12.5", "−1 234,5": "-1234.5", "-0": "0", "-0,0": "0",
    "123456789012345678": "123456789012345678", "0.12345678901234567": "0.12345678901234567",
    "123 456 789 012 345 678": "123456789012345678",
}  # fmt: skip

AMBIGUOUS = {
    "1.234": ("1234", "1.234"), "1,234": ("1234", "1.234"), "12.345": ("12345", "12.345"),
    "999,999": ("999999", "999.999"), "-1.234": ("1234", "1.234"), "1.000": ("1000", "1.000"),
}  # fmt: skip

REFUSED = {
    "": "not-a-number", "   ": "not-a-number", "-": "not-a-number", ".": "not-a-number", ",": "not-a-number",
    "NaN": "not-a-number", "nan": "not-a-number", "sNaN": "not-a-number", "Infinity": "not-a-number",
    "-inf": "not-a-number", "1e400": "not-a-number", "1E+999999999": "not-a-number", "1e5": "not-a-number",
    "1_000": "not-a-number", "0x1f": "not-a-number", "1/2": "not-a-number", "12 kWh": "not-a-number",
    "about 12": "not-a-number", "12%": "not-a-number", "½": "not-a-number", "²": "not-a-number",
    "5.": "not-a-number", "5,": "not-a-number", "1..5": "not-a-number", "1,,5": "not-a-number",
    "1.2.3": "not-a-number", "1,23,456": "not-a-number", "1.234,5.6": "not-a-number", "1,234.567,8": "not-a-number",
    "0,234,567": "not-a-number", "12 34": "not-a-number", "1 2345": "not-a-number", "1  234": "not-a-number",
    "1'23": "not-a-number", "1 234'567": "not-a-number", "1,2 3": "not-a-number", "--5": "not-a-number",
    "5-": "not-a-number", "1 234 567,890,123": "not-a-number", "1\u200b2": "not-a-number", "1\x002": "not-a-number",
    "１２": "other-digits", "٣": "other-digits", "१२": "other-digits",
    "1234567890123456789": "too-many-digits", "0.1234567890123456789": "too-many-digits",
    "1" * 1_000_000: "too-many-digits",
}  # fmt: skip


def test_the_table_of_numbers_is_long_enough_to_trust() -> None:
    assert len(NUMBERS) + len(AMBIGUOUS) + len(REFUSED) >= 100


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(("typed", "number"), NUMBERS.items())
def test_a_number_is_read_the_same_in_every_language(code: str, typed: str, number: str) -> None:
    read = LANGUAGES[code].read_number(typed)
    assert read == Decimal(number)
    assert read < 0 or not read.is_signed()


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(("typed", "meanings"), AMBIGUOUS.items())
def test_one_mark_and_three_digits_is_asked_back_and_can_be_settled(
    code: str, typed: str, meanings: tuple[str, str]
) -> None:
    language = LANGUAGES[code]
    with pytest.raises(AmbiguousNumber) as asked:
        language.read_number(typed)
    whole, decimal = map(Decimal, meanings)
    sign = -1 if typed.startswith("-") else 1
    assert (asked.value.whole, asked.value.decimal) == (sign * whole, sign * decimal)
    assert language.read_number(typed, "whole") == sign * whole
    assert language.read_number(typed, "decimal") == sign * decimal


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("typed", REFUSED, ids=lambda typed: repr(typed[:20]))
def test_what_is_not_a_plain_number_is_refused_with_a_code(code: str, typed: str) -> None:
    with pytest.raises(NumberProblem) as refused:
        LANGUAGES[code].read_number(typed)
    assert refused.value.code == REFUSED[typed]
    assert all(len(value) <= 60 for value in refused.value.values.values())


def test_other_digits_are_told_in_digits_that_can_be_typed() -> None:
    with pytest.raises(NumberProblem) as refused:
        LANGUAGES["en"].read_number("１２,٣")
    assert refused.value.values["plain"] == "12,3"


def test_a_settled_reading_changes_nothing_about_an_unambiguous_number() -> None:
    assert LANGUAGES["en"].read_number("12.5", "whole") == Decimal("12.5")
    assert LANGUAGES["en"].read_number("1,234,567", "decimal") == 1234567


def test_babel_alone_would_misread_what_people_type() -> None:
    """The reason for a reader of our own: these are Babel's answers, and each is wrong or a refusal."""
    assert parse_decimal("12.5", locale="de") == 125
    assert parse_decimal("1.234", locale="en") == Decimal("1.234")
    with pytest.raises(NumberFormatError):
        parse_decimal("1'234", locale="fr")
    assert Decimal("1_000") == 1000
    assert Decimal("１２") == 12


@pytest.mark.parametrize(
    "hostile",
    ["1" * 100_000, " " * 100_000, "1 " * 50_000, "1,234" * 20_000, "1.2" * 33_333, "'" * 100_000, "-" * 100_000,
     "1" * 99_999 + "x", "٣" * 100_000, "1,111" + ",111" * 25_000, "−" * 100_000, "9.9,9" * 20_000],
    ids=lambda hostile: repr(hostile[:6]),
)  # fmt: skip
def test_a_hundred_kilobytes_are_refused_at_once(hostile: str) -> None:
    start = time.process_time()
    with pytest.raises(NumberProblem):
        LANGUAGES["de"].read_number(hostile)
    assert time.process_time() - start < 0.05


@given(st.text(alphabet="0123456789.,' \u00a0\u202f−-e+_x", max_size=24))
def test_any_text_is_a_finite_number_or_a_named_problem(typed: str) -> None:
    known = {"not-a-number", "ambiguous", "too-many-digits", "other-digits"}
    try:
        number = LANGUAGES["bg"].read_number(typed)
    except NumberProblem as problem:
        known.remove(problem.code)
    else:
        assert number.is_finite()
        assert abs(number) < 10**18


@pytest.mark.parametrize("code", CODES)
@given(value=st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_a_number_reads_back_as_it_was_written(code: str, value: Decimal) -> None:
    language = LANGUAGES[code]
    assert language.read_number(language.number(value, 2)) == value


@pytest.mark.parametrize(
    ("code", "number", "money", "percent", "day", "listed"),
    [
        ("en", "12,345.5", "EUR\u00a01,234", "56\u00a0%", "24 November 2026", "a, b and c"),
        ("de", "12.345,5", "1.234\u00a0EUR", "56\u00a0%", "24. November 2026", "a, b und c"),
        ("fr", "12\u202f345,5", "1\u202f234\u00a0EUR", "56\u00a0%", "24 novembre 2026", "a, b et c"),
        ("bg", "12\u00a0345,5", "1\u00a0234\u00a0EUR", "56%", "24 ноември 2026\u202fг.", "a, b и c"),
        ("pl", "12\u00a0345,5", "1\u00a0234\u00a0EUR", "56%", "24 listopada 2026", "a, b i c"),
        ("es", "12.345,5", "1.234\u00a0EUR", "56\u00a0%", "24 de noviembre de 2026", "a, b y c"),
        ("el", "12.345,5", "1.234\u00a0EUR", "56%", "24 Νοεμβρίου 2026", "a, b και c"),
    ],
)
def test_figures_and_days_are_written_as_the_language_does(
    code: str, number: str, money: str, percent: str, day: str, listed: str
) -> None:
    language = LANGUAGES[code]
    assert language.number(Decimal("12345.5")) == number
    assert language.percent(56) == percent
    assert language.date(date(2026, 11, 24)) == day
    assert language.list_of(["a", "b", "c"]) == listed
    assert language.money(1234) == money


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("0", "0"),
        ("1E+3", "1,000"),
        ("1200.00", "1,200"),
        ("0.0001234", "0.000123"),
        ("2.71828", "2.718"),
        ("-3", "-3"),
    ],
)
def test_a_number_shows_the_decimals_that_matter(value: str, written: str) -> None:
    assert LANGUAGES["en"].number(Decimal(value)) == written


@pytest.mark.parametrize(
    ("value", "written"), [("12345", "12,000"), ("99999", "100,000"), ("0.0567", "0.057"), ("7", "7"), ("1.04", "1")]
)
def test_an_estimate_has_two_significant_figures(value: str, written: str) -> None:
    assert LANGUAGES["en"].about(Decimal(value)) == written


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("about %(amount)s t CO2e a year", "about %(amount)s~t~CO2e a year"),
        ("%(amount)s kg CO2e", "%(amount)s~kg~CO2e"),
        ("%(low)s to %(high)s km apart", "%(low)s to %(high)s~km apart"),
        ("about %(amount)s %(unit)s (estimate)", "about %(amount)s~%(unit)s (estimate)"),
        ("about EUR %(amount)s a year", "about EUR~%(amount)s a year"),
        ("up to %(share)s %% of the cost", "up to %(share)s~%% of the cost"),
        ("%(company)s takes part, EUR 5", "%(company)s takes part, EUR 5"),
    ],
)
def test_a_number_stays_on_the_line_of_its_unit_and_words_part_where_they_like(text: str, held: str) -> None:
    english, held = LANGUAGES["en"], held.replace("~", "\u00a0")
    assert (english.gettext(text), english.ngettext(text, text, 2)) == (held, held)


def test_cents_are_shown_only_where_there_are_some() -> None:
    assert LANGUAGES["en"].money(Decimal("12.5")) == "EUR\u00a012.50"
    assert LANGUAGES["en"].money(Decimal("12.00")) == "EUR\u00a012"


@pytest.mark.parametrize(
    ("price", "english", "german"),
    [
        ("0.3", "EUR\u00a00.30", "0,30\u00a0EUR"), ("0.148", "EUR\u00a00.148", "0,148\u00a0EUR"),
        ("0.058136", "EUR\u00a00.05814", "0,05814\u00a0EUR"), ("0", "EUR\u00a00", "0\u00a0EUR"),
        ("1.65", "EUR\u00a01.65", "1,65\u00a0EUR"), ("236.4", "EUR\u00a0236.40", "236,40\u00a0EUR"),
        ("21", "EUR\u00a021", "21\u00a0EUR"),
    ],
)  # fmt: skip
def test_a_price_has_cents_and_more_figures_only_where_a_cent_is_too_coarse(
    price: str, english: str, german: str
) -> None:
    assert (LANGUAGES["en"].price(Decimal(price)), Language("de").price(Decimal(price))) == (english, german)


@pytest.mark.parametrize(
    ("amount", "written"), [("8.413", "EUR\u00a08.4"), ("8000.1", "EUR\u00a08,000"), ("0", "EUR\u00a00")]
)
def test_an_estimate_in_euros_has_as_many_figures_as_any_other(amount: str, written: str) -> None:
    assert LANGUAGES["en"].money_about(Decimal(amount)) == written


def test_percentages_keep_one_decimal_at_most() -> None:
    assert LANGUAGES["de"].percent(Decimal("12.34")) == "12,3\u00a0%"
    assert LANGUAGES["en"].percent(100) == "100\u00a0%"


def test_a_moment_is_told_on_the_clock_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Sofia")
    time.tzset()
    try:
        late = datetime(2026, 11, 24, 22, 32, tzinfo=UTC)
        assert LANGUAGES["en"].time(late) == "00:32"
        assert LANGUAGES["en"].date(late) == "25 November 2026"
        assert LANGUAGES["en"].datetime(late) == "25 Nov 2026, 00:32:00"
        monkeypatch.setenv("TZ", "UTC")
        time.tzset()
        assert LANGUAGES["en"].time(late) == "22:32\u00a0UTC"
        assert LANGUAGES["en"].datetime(late) == "24 Nov 2026, 22:32:00\u00a0UTC"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_countries_have_names_and_an_unknown_code_stays_itself() -> None:
    assert LANGUAGES["bg"].country("GR") == "Гърция"
    assert LANGUAGES["en"].country("ZQ") == "ZQ"


def test_a_language_is_listed_under_its_own_name_and_direction() -> None:
    assert [(language.name, language.direction) for language in LANGUAGES.values()][:4] == [
        ("English", "ltr"), ("Deutsch", "ltr"), ("français", "ltr"), ("български", "ltr"),
    ]  # fmt: skip
    assert Language("ar").direction == "rtl"


POLISH = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);\\n"

msgid "Continue"
msgstr "Dalej"

msgctxt "verb"
msgid "Open"
msgstr "Otwórz"

msgctxt "state"
msgid "Open"
msgstr "Otwarte"

msgid "%(count)s answer"
msgid_plural "%(count)s answers"
msgstr[0] "%(count)s odpowiedź"
msgstr[1] "%(count)s odpowiedzi"
msgstr[2] "%(count)s odpowiedzi."

#, fuzzy
msgid "Doubtful"
msgstr "Wątpliwe"

msgid "Untranslated"
msgstr ""
"""


@pytest.fixture
def polish(tmp_path: Path) -> Language:
    folder = tmp_path / "pl"
    folder.mkdir()
    folder.joinpath("messages.po").write_text(POLISH, encoding="utf-8")
    return languages(tmp_path)["pl"]


def test_texts_come_from_the_po_file_with_contexts_apart(polish: Language) -> None:
    assert polish.gettext("Continue") == "Dalej"
    assert polish.pgettext("verb", "Open") == "Otwórz"
    assert polish.pgettext("state", "Open") == "Otwarte"


def test_missing_doubtful_and_empty_translations_fall_back_to_the_source(polish: Language) -> None:
    assert [polish.gettext(text) for text in ("Missing", "Doubtful", "Untranslated", "Open")] == [
        "Missing", "Doubtful", "Untranslated", "Open",
    ]  # fmt: skip
    assert polish.ngettext("one %(n)s", "many %(n)s", 5) == "many %(n)s"


@pytest.mark.parametrize(("count", "form"), [(1, "ź"), (3, "zi"), (5, "zi."), (12, "zi."), (22, "zi")])
def test_plurals_follow_the_rule_of_the_file(polish: Language, count: int, form: str) -> None:
    assert polish.ngettext("%(count)s answer", "%(count)s answers", count).endswith(f"odpowied{form}")


def test_english_needs_no_file_and_comes_first(tmp_path: Path) -> None:
    for code in ("bg", "de", "qaa"):
        tmp_path.joinpath(code).mkdir()
        tmp_path.joinpath(code, "messages.po").write_text('msgid ""\nmsgstr ""\n', encoding="utf-8")
    assert list(languages(tmp_path)) == ["en", "bg", "de", "qaa"]
    assert LANGUAGES["en"].gettext("Continue") == "Continue"


def test_a_folder_that_is_no_language_stops_the_start(tmp_path: Path) -> None:
    tmp_path.joinpath("xx").mkdir()
    tmp_path.joinpath("xx", "messages.po").write_text('msgid ""\nmsgstr ""\n', encoding="utf-8")
    with pytest.raises(UnknownLocaleError):
        languages(tmp_path)


def test_a_conversion_loses_no_digit_and_adds_no_zero() -> None:
    assert str(exactly(Decimal("1.5"), Decimal(1000))) == "1500"
    assert str(exactly(Decimal("0.1"), Decimal("0.3"))) == "0.03"
    amount, factor = Decimal("123456789012345.678"), Decimal("277.777777777778")
    assert Fraction(exactly(amount, factor)) == Fraction(amount) * Fraction(factor)
    # Multiplied with the 28 digits that Decimal keeps by itself, the end would be lost.
    assert amount * factor != exactly(amount, factor)
