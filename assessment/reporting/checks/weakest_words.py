"""Which sections are weakest: all that share the lowest score, by name up to three and by number from four on."""

from collections.abc import Sequence
from typing import Final

from assessment.i18n import Language

NAMED: Final = 3


def named(titles: Sequence[str], language: Language) -> str:
    """The sections within a sentence; of several each stands in marks, as many a title is a list itself."""
    if len(titles) == 1:
        return titles[0]
    if len(titles) <= NAMED:
        return language.list_of(language.gettext("“%(title)s”") % {"title": title} for title in titles)
    text = language.ngettext("%(num)s section", "%(num)s sections", len(titles))
    return text % {"num": language.number(len(titles))}


def yours(titles: Sequence[str], language: Language) -> str:
    """The finding as a heading on a company's own results."""
    text = language.ngettext(
        "%(section)s is your weakest section", "%(section)s are your weakest sections", len(titles)
    )  # fmt: skip
    return _shared(titles, language) or text % {"section": named(titles, language)}


def beside_score(titles: Sequence[str], language: Language) -> str:
    """The same behind the score."""
    text = language.ngettext("%(section)s, your weakest section", "%(section)s, your weakest sections", len(titles))
    return _shared(titles, language) or text % {"section": named(titles, language)}


def heading(titles: Sequence[str], language: Language) -> str:
    """The same as a heading on paper."""
    text = language.ngettext("The weakest section is %(section)s", "The weakest sections are %(section)s", len(titles))
    return _shared(titles, language) or text % {"section": named(titles, language)}


def _shared(titles: Sequence[str], language: Language) -> str:
    if len(titles) <= NAMED:
        return ""
    text = language.ngettext(
        "%(num)s section shares the lowest score", "%(num)s sections share the lowest score", len(titles)
    )  # fmt: skip
    return text % {"num": language.number(len(titles))}
