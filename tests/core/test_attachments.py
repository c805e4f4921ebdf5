"""What is attached is told by its bytes, measured without being unpacked, and named without tricks. INP-09."""

import io
import struct
import time
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.core.checks.attachments import (
    ENDINGS,
    KINDS,
    LONGEST_NAME,
    MOST_MEGAPIXELS,
    Kind,
    attachment_of,
    shown_name,
)
from assessment.core.errors import Refused
from tests.papers import chunk, drawing, paper, photo

FILES: dict[Kind, bytes] = {"pdf": paper(), "jpeg": photo(), "png": drawing()}
MEGAPIXEL = 1000


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        attachment_of(content)
    return caught.value.code


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_told_by_its_bytes_and_kept_as_it_is(kind: Kind) -> None:
    found = attachment_of(FILES[kind])
    assert (found.kind, found.content) == (kind, FILES[kind])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"), (b"<html><script>x()</script>", "unknown-kind"), (b"<svg xmlns='x'/>", "unknown-kind"),
        (b"GIF89a", "unknown-kind"), (b"PK\x03\x04", "unknown-kind"), (b"MZ\x90\0", "unknown-kind"),
        (b"\x00\x00\x00\x18ftypheic", "unknown-kind"), (b"\n" + paper(), "unknown-kind"),
        (b"<html>" + paper(), "unknown-kind"), (b"%PDF-9.9\n%%EOF", "unknown-kind"), (b"%PDF-1.4\n", "broken"),
        (b"\xff\xd8\xff", "broken"), (b"\xff\xd8\xff\xe0<html>", "broken"), (b"\xff\xd8\xff\xd9", "broken"),
        (b"\x89PNG\r\n\x1a\n", "broken"), (b"\x89PNG\r\n\x1a\n<html>and much more", "broken"),
        (b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""), "broken"), (photo(0, 30), "broken"), (drawing(4, 0), "broken"),
        (drawing().replace(b"IDAT", b"IDAX"), "broken"), (photo(65_000, 65_000), "too-many-pixels"),
        (drawing(60_000, 60_000), "too-many-pixels"), (drawing(2**31, 2**31), "too-many-pixels"),
    ],
)  # fmt: skip
def test_what_is_none_of_the_three_or_not_whole_or_would_unpack_to_too_much_is_refused(
    content: bytes, code: str
) -> None:
    assert refusal(content) == code


@pytest.mark.parametrize("make", [photo, drawing])
def test_a_picture_of_exactly_the_most_pixels_is_taken_and_one_more_row_is_not(make: object) -> None:
    assert callable(make)
    assert attachment_of(make(MOST_MEGAPIXELS * MEGAPIXEL, 1000))
    assert refusal(make(MOST_MEGAPIXELS * MEGAPIXEL, 1001)) == "too-many-pixels"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tail", [b"PK\x03\x04 a whole archive", b"<script>x()</script>", b"MZ\x90", b"\xff" * 999])
def test_a_second_file_in_the_same_bytes_is_cut_off(kind: Kind, tail: bytes) -> None:
    assert attachment_of(FILES[kind] + tail).content == FILES[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_was_cut_off_anywhere_is_refused(kind: Kind) -> None:
    whole = FILES[kind].rstrip()
    for length in range(10, len(whole)):
        assert refusal(whole[:length]) == "broken", length


def test_an_image_is_not_unpacked_however_small_its_bytes_are() -> None:
    bomb = zlib.compress(b"\0" * 50_000_000, 9)
    header = struct.pack(">IIBBBBB", 7000, 7000, 8, 0, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", bomb) + chunk(b"IEND", b"")
    began = time.process_time()
    assert attachment_of(content).kind == "png"
    assert time.process_time() - began < 0.05


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8" + b"\xff" * 10_000_000, b"\xff\xd8\xff" + b"\xd0\xff" * 5_000_000,
        b"%PDF-1.7" + b"%%EO" * 2_500_000,
        b"%PDF-1.7%%EOF" + b" " * 10_000_000, b"\xff\xd8\xff\xe0" + b"\x00\x02\xff\xe0" * 2_500_000,
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", drawing()[16:29]) + chunk(b"tEXt", b"") * 800_000,
        photo(scan=b"\x12" * 10_000_000), photo(scan=b"\xff\x00" * 5_000_000),
    ],
)  # fmt: skip
def test_no_file_of_ten_megabytes_takes_long(content: bytes) -> None:
    began = time.process_time()
    with suppress(Refused):
        attachment_of(content)
    assert time.process_time() - began < 0.5


@given(st.sampled_from(sorted(FILES)), st.binary(max_size=200), st.integers(0, 250))
def test_whatever_the_bytes_are_they_are_taken_or_refused(kind: Kind, other: bytes, at: int) -> None:
    whole = FILES[kind]
    for content in (other, whole[:at] + other, whole[:at] + other + whole[at + len(other) :]):
        try:
            found = attachment_of(content)
        except Refused:
            continue
        assert content.startswith(found.content)


def test_files_that_a_camera_and_a_scanner_make_are_taken() -> None:
    image = pytest.importorskip("PIL.Image").new("RGB", (64, 48), "white")
    for kind, how in (("jpeg", {"progressive": True, "exif": b"Exif\0\0MM"}), ("jpeg", {}), ("png", {}), ("pdf", {})):
        written = io.BytesIO()
        image.save(written, kind, **how)
        found = attachment_of(written.getvalue())
        assert found.kind == kind
        assert found.content == written.getvalue()


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("bill.pdf", "bill.pdf"), ("Bill.PDF", "Bill.pdf"), ("bill", "bill.pdf"), ("bill.html", "bill.html.pdf"),
        ("../../etc/passwd", "passwd.pdf"), ("C:\\Bills\\may.pdf", "may.pdf"), ("CON", "_CON.pdf"),
        ("nul.pdf", "_nul.pdf"), ("com1.tar.pdf", "_com1.tar.pdf"), ("", "document.pdf"), ("...", "document.pdf"),
        (".pdf", "document.pdf"), ("a\0b.pdf", "ab.pdf"), ("\u202efdp.exe", "fdp.exe.pdf"),
        ("a\r\nX-Probe: 1.pdf", "a X-Probe 1.pdf"), ('"x";y=<b>|?*.pdf', "x;y=b.pdf"),
        ("  Фактура  май .pdf ", "Фактура май.pdf"), ("e\u0301t\u00e9.pdf", "été.pdf"),
        ("\ud800.pdf", "document.pdf"), ("\u200b.pdf", "document.pdf"),
        ("x" * 300 + ".pdf", "x" * LONGEST_NAME + ".pdf"),
    ],
)  # fmt: skip
def test_a_name_is_cleaned_of_whatever_could_mislead(given_name: str, shown: str) -> None:
    assert shown_name(given_name, "pdf") == shown


@given(st.text(max_size=300), st.sampled_from(KINDS))
def test_every_name_is_short_visible_and_ends_as_its_kind_does(given_name: str, kind: Kind) -> None:
    name = shown_name(given_name, kind)
    assert name.lower().endswith(ENDINGS[kind])
    assert len(name) <= LONGEST_NAME + 6
    assert not set(name) & set('/\\:*?"<>|\0\r\n')
    assert not name.startswith((".", " "))
    assert name.encode()
    assert shown_name(name, kind) == name
