"""Files as a person reads them: cells of a spreadsheet, text of a document or a PDF, and what lies packed within."""

import io
import re
import zipfile
import zlib
from functools import lru_cache

from pypdfium2 import PdfiumError  # type: ignore[import-untyped]

from tests.reporting.paper import Paper, words_of


@lru_cache(maxsize=256)
def readable(body: bytes) -> bytes:
    """What stands in a file, beside its bytes as they are."""
    if body.startswith(b"%PDF"):
        return body + b"\n" + _printed(body)
    if not body.startswith(b"PK\x03\x04"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return b"\n".join(_entry(name, packed.read(name)) for name in packed.namelist())


def _entry(name: str, content: bytes) -> bytes:
    return re.sub(rb"<[^>]*>", b" ", content) if name.endswith((".xml", ".rels")) else readable(content)


def _printed(body: bytes) -> bytes:
    try:
        return Paper(body).text.encode()
    except PdfiumError:
        # Some tests are content with the first bytes of a PDF.
        return b""


def told_on_paper(html: str, _report: object) -> bytes:
    """A PDF with the words of a document, packed as in every PDF: for where how it looks does not matter."""
    lines = re.findall(r".{1,90}", words_of(html).encode("ascii", "replace").decode())
    said = "".join("(" + re.sub(r"[()\\]", " ", line) + ") '\n" for line in lines)
    stream = zlib.compress(f"BT /F1 4 Tf 5 TL 10 {20 + 5 * len(lines)} Td\n{said}ET".encode())
    pieces = (
        b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 %d] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>>>>"
        % (40 + 5 * len(lines)),
        b"<</Filter /FlateDecode /Length %d>>\nstream\n" % len(stream) + stream + b"\nendstream",
        b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
    )  # fmt: skip
    objects = (f"{number} 0 obj\n".encode() + piece + b"\nendobj\n" for number, piece in enumerate(pieces, 1))
    return b"%PDF-1.7\n" + b"".join(objects) + b"trailer\n<</Root 1 0 R>>\n%%EOF\n"
