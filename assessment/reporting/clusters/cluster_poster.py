"""The maker of a cluster's poster: what is written on it, cut to what one page holds."""

import base64
import math
from typing import Final

from assessment.reporting.charts import qr_code
from assessment.reporting.documents import ClusterPosterDocument

LONGEST_TEXT: Final = 360
LONGEST_NAME: Final = 100
_LINE_OF_NAME: Final = 36
_LINE_OF_TEXT: Final = 70
_LINES: Final = 3
_ROOMY_ADDRESS: Final = 72
"""Name and text that take more lines together, or a longer address, are written smaller."""


def cluster_poster_document(
    name: str, text: str, logo_kind: str, logo: bytes, address: str, code: str
) -> ClusterPosterDocument:
    """The poster of a cluster; `address` is that of its page, `logo` a PNG or a JPEG that was looked at before."""
    picture = f"data:image/{logo_kind};base64,{base64.b64encode(logo).decode()}" if logo else ""
    name, text = name[:LONGEST_NAME], _cut(text)
    lines = math.ceil(len(name) / _LINE_OF_NAME) + math.ceil(len(text) / _LINE_OF_TEXT)
    dense = lines > _LINES or len(address) > _ROOMY_ADDRESS
    return ClusterPosterDocument(name, text, picture, address, qr_code(address), code, dense)


def _cut(text: str) -> str:
    words = " ".join(text.split())
    if len(words) <= LONGEST_TEXT:
        return words
    return words[:LONGEST_TEXT].rpartition(" ")[0].rstrip(".,;:") + " …"
