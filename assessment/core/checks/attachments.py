"""What may be attached to an answer: which kinds of file, told by their bytes alone, and under what name.

A file is kept up to its own end: what follows a picture or a document, such as a second file in the same bytes, is cut
off. Pictures are measured by their headers and never decoded, so a small file that would unpack to a huge one costs
nothing here, and is refused for whoever opens it.
"""

import re
import struct
import unicodedata
import zlib
from dataclasses import dataclass
from typing import Final, Literal

from assessment.core.errors import Refused

Kind = Literal["pdf", "jpeg", "png"]

KINDS: Final[tuple[Kind, ...]] = ("pdf", "jpeg", "png")
TYPES: Final[dict[Kind, str]] = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}
ENDINGS: Final[dict[Kind, tuple[str, ...]]] = {"pdf": (".pdf",), "jpeg": (".jpg", ".jpeg"), "png": (".png",)}
"""The first is put to a name that has none of its kind."""

MOST_MEGAPIXELS: Final = 64
"""Of a picture: the largest that common cameras take, and 200 MB once it is unpacked."""
LONGEST_NAME: Final = 100
"""Without its ending."""

_PDF: Final = re.compile(rb"%PDF-[12]\.[0-9]")
_PDF_END: Final = re.compile(rb"%%EOF[ \t\r\n\0]*")
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_JPEG_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers of JPEG that nothing belongs to."""
_JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Those that say how large the picture is."""
_JPEG_SCAN, _JPEG_END = 0xDA, 0xD9
_JPEG_FILL: Final = re.compile(rb"\xff+")
_JPEG_NEXT: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""The end of a scan: in its data, 0xff is followed by nothing else."""

_MOST_PIECES: Final = 20_000
"""Of which a picture is made; one with more of them is no honest picture, and would take long to walk through."""

# What no name of a file should hold: controls, what turns the direction of writing or is not seen, lone surrogates,
# and what separates folders or is forbidden somewhere.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_FORBIDDEN: Final = frozenset('<>:"|?*/\\')
_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(10))}
)
"""Names that Windows takes for devices, whatever their ending."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that may be kept: its kind, and its bytes up to its own end."""

    kind: Kind
    content: bytes


def attachment_of(content: bytes) -> Attachment:
    """The file in these bytes.

    Raises Refused: `empty`, `unknown-kind`, `broken` where it is cut off or damaged, `too-many-pixels`.
    """
    if not content:
        raise Refused("empty")
    if _PDF.match(content):
        return Attachment("pdf", content[: _end_of_pdf(content)])
    if content.startswith(_JPEG):
        return Attachment("jpeg", content[: _end_of_jpeg(content)])
    if content.startswith(_PNG):
        return Attachment("png", content[: _end_of_png(content)])
    raise Refused("unknown-kind")


def _end_of_pdf(content: bytes) -> int:
    last = content.rfind(b"%%EOF")
    found = _PDF_END.match(content, last) if last >= 0 else None
    if found is None:
        raise Refused("broken")
    return found.end()


def _end_of_jpeg(content: bytes) -> int:
    at, measured = 2, False
    try:
        for _ in range(_MOST_PIECES):
            filled = _JPEG_FILL.match(content, at)
            if filled is None:
                raise Refused("broken")
            at = filled.end() + 1
            marker = content[at - 1]
            if marker == _JPEG_END and measured:
                return at
            if marker in _JPEG_ALONE:
                continue
            length = int.from_bytes(content[at : at + 2])
            if length < 2 or marker == _JPEG_END:
                raise Refused("broken")
            if marker in _JPEG_FRAMES:
                height, width = struct.unpack_from(">HH", content, at + 3)
                _insist_on_size(width, height)
                measured = True
            at += length
            if marker == _JPEG_SCAN:
                data = _JPEG_NEXT.search(content, at)
                if data is None:
                    raise Refused("broken")
                at = data.start()
    except (IndexError, struct.error):
        pass
    raise Refused("broken")


def _end_of_png(content: bytes) -> int:
    at, names = len(_PNG), set[bytes]()
    for _ in range(_MOST_PIECES):
        end = at + 12 + int.from_bytes(content[at : at + 4])
        name = content[at + 4 : at + 8]
        whole = end <= len(content) and content[end - 4 : end] == zlib.crc32(content[at + 4 : end - 4]).to_bytes(4)
        if not whole or (name == b"IHDR") == bool(names) or (name == b"IHDR" and end - at < 20):
            raise Refused("broken")
        if name == b"IHDR":
            _insist_on_size(*struct.unpack_from(">II", content, at + 8))
        names.add(name)
        at = end
        if name == b"IEND" and b"IDAT" in names:
            return at
    raise Refused("broken")


def _insist_on_size(width: int, height: int) -> None:
    if not width or not height:
        raise Refused("broken")
    if width * height > MOST_MEGAPIXELS * 1_000_000:
        raise Refused("too-many-pixels")


def shown_name(given: str, kind: Kind) -> str:
    """The name that a file is shown and saved under: the last part of the one given, without what could mislead."""
    last = re.split(r"[/\\]", given[-1000:])[-1]
    plain = "".join(" " if sign.isspace() else sign for sign in unicodedata.normalize("NFC", last))
    seen = (sign for sign in plain if sign not in _FORBIDDEN and unicodedata.category(sign) not in _UNSEEN)
    name = " ".join("".join(seen).split())
    ending = next((known for known in ENDINGS[kind] if name.lower().endswith(known)), "")
    stem = name[: len(name) - len(ending)].strip(". ")[:LONGEST_NAME].rstrip(". ")
    if not stem:
        stem = "document"
    elif stem.partition(".")[0].strip().lower() in _RESERVED:
        stem = f"_{stem}"
    return stem + (ending or ENDINGS[kind][0])
