"""The strict reader: what it takes, what it refuses, and how it says so.

Each broken file in `fixtures/yaml` breaks one rule; the same file without the break is read in the control tests.
"""

import time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field, ValidationInfo, field_validator

from assessment.content.strict_yaml import DEEPEST, LARGEST_FILE, MOST_VALUES, parse, read, validate
from assessment.core.errors import Flaw, InvalidContent
from assessment.core.model import Line, Model, Slug

BROKEN = Path(__file__).parent.parent / "fixtures" / "yaml"
HERE = Path("here.yaml")
SOON = 1.0

REFUSED = {
    "anchor.yaml": (1, "one", "Anchors (`&first`) are not allowed."),
    "alias.yaml": (2, "two", "Aliases (`*first`) are not allowed."),
    "merge_key.yaml": (2, "one.<<", "Merge keys (`<<`) are not allowed."),
    "tag.yaml": (1, "one", "Tags (`tag:yaml.org,2002:python/object:os.system`) are not allowed."),
    "directive.yaml": (1, "(whole file)", "The file begins with a % directive."),
    "duplicate_key.yaml": (3, "label", "The key `label` stands here twice, first in line 1."),
    "two_documents.yaml": (2, "(whole file)", "A second document begins here."),
    "byte_order_mark.yaml": (1, "(whole file)", "There is a byte order mark in the file."),
    "latin_1.yaml": (2, "(whole file)", "These bytes are not UTF-8 text."),
    "nul.yaml": (2, "(whole file)", "The character U+0000 cannot stand in a text."),
    "escaped_nul.yaml": (2, "two", "The text holds an escaped control character."),
    "tab.yaml": (2, "(whole file)", "There is a tab in this line."),
    "huge_number.yaml": (2, "two", "This number has more than 18 digits."),
    "list_as_key.yaml": (2, "(whole file)", "A key must be a plain word."),
    "too_deep.yaml": (1, "one" + ".0" * (DEEPEST - 1), "This is nested more than 20 levels deep."),
    "alias_bomb.yaml": (1, "a0", "Anchors (`&a0`) are not allowed."),
    "merge_bomb.yaml": (1, "m0", "Anchors (`&m0`) are not allowed."),
}


def flaws_of(text: str | bytes) -> tuple[Flaw, ...]:
    """What the reader says against a text."""
    with pytest.raises(InvalidContent) as refused:
        parse(text.encode() if isinstance(text, str) else text, HERE)
    return refused.value.flaws


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_broken_file_is_refused_at_once_with_file_line_place_and_cure(name: str) -> None:
    started = time.perf_counter()
    with pytest.raises(InvalidContent) as refused:
        read(BROKEN / name)
    assert time.perf_counter() - started < SOON
    first = refused.value.flaws[0]
    assert first.file == str(BROKEN / name)
    assert (first.line, first.path, first.message) == REFUSED[name]
    assert first.cure


def test_every_broken_file_is_tested() -> None:
    assert {path.name for path in BROKEN.glob("*.yaml")} == {*REFUSED, "unclosed.yaml"}


def test_what_is_no_yaml_at_all_is_refused_where_it_breaks() -> None:
    with pytest.raises(InvalidContent) as refused:
        read(BROKEN / "unclosed.yaml")
    assert refused.value.flaws[0].line == 2
    assert refused.value.flaws[0].message.startswith("This is not valid YAML")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NO", "NO"), ("no", "no"), ("yes", "yes"), ("on", "on"), ("True", "True"), ("12:30", "12:30"),
        ("12:30:45", "12:30:45"), ("1_0", "1_0"), ("2026-11-24", "2026-11-24"), (".inf", ".inf"), (".nan", ".nan"),
        ("0x1f", "0x1f"), ("0o17", "0o17"), ("1e5", "1e5"), ("007", "007"), ("+49", "+49"), (".5", ".5"), ("5.", "5."),
        ("١٢", "١٢"), ("=", "="), ('"1"', "1"), ("'true'", "true"),
    ],
)  # fmt: skip
def test_what_looks_like_something_else_elsewhere_is_text_here(written: str, meant: str) -> None:
    found = parse(f"value: {written}\n".encode(), HERE).data
    assert found == {"value": meant}
    assert isinstance(found, dict)
    assert type(found["value"]) is str


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True), ("false", False), ("null", None), ("~", None), ("", None), ("0", 0), ("-12", -12),
        ("999999999999999999", 999999999999999999), ("2.50", Decimal("2.50")), ("-0.5", Decimal("-0.5")),
    ],
)  # fmt: skip
def test_plain_scalars_are_typed_and_decimals_keep_their_digits(written: str, meant: object) -> None:
    found = parse(f"value: {written}\n".encode(), HERE).data
    assert isinstance(found, dict)
    assert (found["value"], type(found["value"])) == (meant, type(meant))
    assert str(found["value"]) == str(meant)


def test_keys_are_always_text_and_so_the_same_key_is_found_however_it_is_written() -> None:
    assert parse(b"1: one\nNO: Norway\ntrue: yes\n", HERE).data == {"1": "one", "NO": "Norway", "true": "yes"}
    assert "twice" in flaws_of('1: one\n"1": two\n')[0].message


def test_the_same_key_in_two_mappings_is_no_duplicate() -> None:
    assert parse(b"- {id: a}\n- {id: a}\n", HERE).data == [{"id": "a"}, {"id": "a"}]


def test_signs_of_yaml_inside_quotes_are_plain_text() -> None:
    text = b'- "*name & <<"\n- "!tag"\n- it is 5 \xe2\x82\xac\n- "<<": x\n'
    assert parse(text, HERE).data == ["*name & <<", "!tag", "it is 5 €", {"<<": "x"}]


def test_twenty_levels_are_read() -> None:
    document = parse(("[" * DEEPEST + "]" * DEEPEST).encode(), HERE)
    assert document.data is not None


def test_a_file_from_windows_and_an_empty_file_are_read() -> None:
    assert parse(b"one: 1\r\ntwo: 2\r\n", HERE).data == {"one": 1, "two": 2}
    assert parse(b"# nothing yet\n", HERE).data is None


def test_a_missing_file_is_a_flaw_like_any_other(tmp_path: Path) -> None:
    with pytest.raises(InvalidContent, match=r"This file is missing"):
        read(tmp_path / "none.yaml")


def test_a_file_of_one_mebibyte_is_read_and_one_byte_more_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.yaml"
    path.write_bytes(b"text: " + b"a" * (LARGEST_FILE - 6))
    assert read(path).data == {"text": "a" * (LARGEST_FILE - 6)}
    path.write_bytes(b"text: " + b"a" * (LARGEST_FILE - 5))
    with pytest.raises(InvalidContent, match="larger than 1 MiB"):
        read(path)


HOSTILE = {
    "nested lists": b"- " * 500_000,
    "open brackets": b"[" * 1_000_000,
    "open braces": b"{a: " * 260_000,
    "many values": b"- a\n" * 262_144,
    "many keys": b"".join(b"k%d: v\n" % number for number in range(90_000)),
    "many aliases": b"- *a\n" * 200_000,
    "huge number": b"a: " + b"9" * 1_000_000,
    "question marks": b"? " * 500_000,
    "colons": b": " * 500_000,
    "unclosed quote": b"a: '" + b"x\n" * 500_000,
    "escapes": b'a: "' + b"\\x41" * 250_000,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_file_of_a_mebibyte_is_refused_within_a_second(name: str) -> None:
    started = time.process_time()
    flaws = flaws_of(HOSTILE[name])
    assert time.process_time() - started < SOON
    assert 1 <= len(flaws) <= 50


def test_as_many_values_as_allowed_are_read() -> None:
    document = parse(b"- a\n" * (MOST_VALUES - 1), HERE)
    assert isinstance(document.data, list)
    assert len(document.data) == MOST_VALUES - 1


def test_flaws_of_one_file_are_told_together() -> None:
    flaws = flaws_of("a: &x 1\nb: *x\na: 2\nc: !t 3\n")
    assert [flaw.line for flaw in flaws] == [1, 2, 3, 4]


class Option(Model):
    """An option for the tests."""

    id: Slug
    points: Annotated[int, Field(ge=0, le=4)]


class Choice(Model):
    """A question for the tests."""

    kind: Literal["choice"]
    label: Line
    share: Decimal | None = None
    options: tuple[Option, ...] = ()

    @field_validator("label")
    @classmethod
    def _ends(cls, value: str, info: ValidationInfo) -> str:
        if value.endswith("!"):
            raise ValueError("The label shouts.", "End it with a full stop.")
        return value


class Text(Model):
    """Another question for the tests."""

    kind: Literal["text"]
    label: Line


class Page(Model):
    """Questions for the tests."""

    questions: tuple[Annotated[Choice | Text, Field(discriminator="kind")], ...]


GOOD = "kind: choice\n    label: A\n    "


def refusals(text: str) -> dict[str, Flaw]:
    """The flaws of a page by their place."""
    with pytest.raises(InvalidContent) as refused:
        validate(Page, parse(text.encode(), HERE))
    return {flaw.path: flaw for flaw in refused.value.flaws}


def test_all_that_a_model_refuses_is_told_at_once_with_its_line_and_without_the_names_of_branches() -> None:
    found = refusals(
        "questions:\n"
        "  - kind: choice\n"
        "    lable: Wrong\n"
        "    options:\n"
        "      - {id: Not Kebab, points: 1}\n"
        "      - id: fine\n"
        "        points: 9\n"
        "  - kind: text\n"
        "    label: 12\n"
        "  - kind: riddle\n"
    )
    assert {path: flaw.line for path, flaw in found.items()} == {
        "questions.0.label": 2, "questions.0.lable": 3, "questions.0.options.0.id": 5,
        "questions.0.options.1.points": 7, "questions.1.label": 9, "questions.2": 10,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "place", "message", "cure"),
    [
        ("kind: choice", ".label", "`label` is missing.", "Give `label` a value."),
        ("kind: choice\n    label: 1", ".label", "`1` does not fit", 'Put it in quotes: "1".'),
        ("kind: choice\n    label: true", ".label", "`true` does not fit", 'Put it in quotes: "true".'),
        ("kind: choice\n    label:", ".label", "Nothing does not fit", "Write a text."),
        ("kind: choice\n    label: [a]", ".label", "What is written does not fit", "Write a text."),
        (GOOD + "lable: B", ".lable", "`lable` is not known here.", "Did you mean `label`?"),
        (GOOD + "zzz: B", ".zzz", "`zzz` is not known", "Check its spelling and its place"),
        ("kind: choice\n    label: A!", ".label", "The label shouts.", "End it with a full stop."),
        (GOOD + "share: much", ".share", "`much` does not fit", "Write a number such as 2.5."),
        (GOOD + "options: a", ".options", "`a` does not fit", "Write a list, even of one"),
        ("kind: riddle", "", "What is written does not fit", "Write one of: 'choice', 'text'."),
        ("label: A", "", "What is written does not fit", "Say which kind it is."),
    ],
)  # fmt: skip
def test_each_refusal_says_in_plain_words_what_is_wrong_and_how_to_cure_it(
    written: str, place: str, message: str, cure: str
) -> None:
    flaw = refusals(f"questions:\n  - {written}\n")[f"questions.0{place}"]
    assert flaw.message.startswith(message)
    assert flaw.cure.startswith(cure)
    assert flaw.file == "here.yaml"


def test_a_good_page_becomes_its_model_and_decimals_stay_exact() -> None:
    page = validate(Page, parse(b"questions:\n  - {kind: choice, label: Fine, share: 0.10}\n", HERE))
    assert isinstance(page.questions[0], Choice)
    assert str(page.questions[0].share) == "0.10"


def test_a_part_of_a_file_can_be_validated_and_keeps_its_lines() -> None:
    document = parse(b"shared:\n  - id: a\n    points: 7\n", HERE)
    with pytest.raises(InvalidContent) as refused:
        validate(Option, document, ("shared", 0))
    assert [(flaw.path, flaw.line) for flaw in refused.value.flaws] == [("shared.0.points", 3)]


def test_the_line_of_a_place_that_is_not_in_the_file_is_that_of_what_stands_around_it() -> None:
    document = parse(b"questions:\n  - id: a\n    when:\n      is: b\n", HERE)
    assert document.line_of(("questions", 0, "when", "is")) == 4
    assert document.line_of(("questions", 0, "choice", "when", "Is", "is")) == 4
    assert document.line_of(("questions", 0, "label")) == 2
    assert document.line_of(("sections",)) == 1
