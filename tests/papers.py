"""Small files to attach: a PDF, a photo and a drawing, made of bytes alone, with whatever is to be wrong with them."""

import struct
import zlib


def paper(words: str = "Bill of May") -> bytes:
    """A PDF of one empty page that holds these words."""
    pieces = (
        b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Words (" + words.encode() + b")>>",
    )  # fmt: skip
    objects = (f"{number} 0 obj\n".encode() + piece + b"\nendobj\n" for number, piece in enumerate(pieces, 1))
    return b"%PDF-1.7\n" + b"".join(objects) + b"trailer\n<</Root 1 0 R>>\n%%EOF\n"


def photo(width: int = 40, height: int = 30, scan: bytes = b"\x12\xff\x00\x34\xff\xd0\x56") -> bytes:
    """A JPEG that says that it is so large; its scan holds what looks like a marker and is none."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return (
        b"\xff\xd8" + _segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00") + b"\xff"
        + _segment(0xC0, frame) + _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + scan + b"\xff\xd9"
    )  # fmt: skip


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def drawing(width: int = 4, height: int = 4) -> bytes:
    """A PNG that says that it is so large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pieces = {b"IHDR": header, b"IDAT": zlib.compress(b"\0" * 20), b"IEND": b""}
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, content) for name, content in pieces.items())


def chunk(name: bytes, content: bytes) -> bytes:
    """One piece of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
