"""A document in words: its kind, size and day, and what is wrong with one that cannot be taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessment.config import EvidenceLimits
from assessment.core.checks.attachments import MOST_MEGAPIXELS, Kind
from assessment.i18n import Language
from assessment.storage.checks.evidence import Document

_KINDS: Mapping[Kind, str] = {"pdf": "PDF", "jpeg": "JPEG", "png": "PNG"}


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document in a list: its name, kind, size and day in words, and who attached it."""

    id: str
    name: str
    words: str
    who: str


def shown_documents(documents: Sequence[Document], language: Language) -> list[ShownDocument]:
    """Documents as a page lists them."""
    told = language.gettext("%(kind)s, %(size)s, %(day)s")
    return [
        ShownDocument(each.id, each.name, told % {
            "kind": _KINDS[each.kind], "size": size_words(each.size, language), "day": language.date(each.at),
        }, each.who)
        for each in documents
    ]  # fmt: skip


def size_words(size: int, language: Language) -> str:
    """How large a file is."""
    if size >= 1_000_000:
        return language.gettext("%(number)s MB") % {"number": language.number(Decimal(round(size / 100_000)) / 10)}
    return language.gettext("%(number)s kB") % {"number": language.number(max(1, round(size / 1000)))}


def refusal_words(code: str, limits: EvidenceLimits, language: Language) -> str:
    """Why a document was not attached, and what to do."""
    _, figures = language.gettext, language.number
    return {
        "none": _("Choose a file to attach"),
        "empty": _("This file is empty. Choose another one"),
        "unknown-kind": _("Choose a PDF, JPEG or PNG. Save other files as one of these first"),
        "broken": _("This file is damaged or was cut off. Open it on your device, save it anew and attach that one"),
        "too-many-pixels": _("This picture has more than %(most)s megapixels. Save it smaller, then attach it again")
        % {"most": figures(MOST_MEGAPIXELS)},
        "too-large": _("A file may have %(most)s MB at most. Scan or save it smaller, then attach it again")
        % {"most": figures(limits.file_mib)},
        "too-many": _("%(most)s documents at most belong to an answer. Remove one of them first")
        % {"most": figures(limits.per_answer)},
        "company-full": _("The documents of your company may have %(most)s MB in all. Remove some first")
        % {"most": figures(limits.company_mib)},
    }[code]
