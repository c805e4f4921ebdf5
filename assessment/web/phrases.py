"""`_` of the templates: a text of ours in the language of the page, with its values escaped.

Jinja's own comes to the same, but asks its context a dozen questions for each text, and a page has a hundred.
"""

from functools import lru_cache

from flask import g
from markupsafe import Markup

from assessment.i18n import Language


def translated(text: str, **values: object) -> Markup:
    """The text in the language of the page; values are put in after they were escaped."""
    return _phrase(g.language, text) % values if values else _plain(g.language, text)


@lru_cache(maxsize=4096)
def _phrase(language: Language, text: str) -> Markup:
    return Markup(language.gettext(text))  # noqa: S704 - our own words, and those of our translators


@lru_cache(maxsize=4096)
def _plain(language: Language, text: str) -> Markup:
    """A text without values, in which a doubled per cent sign still stands for one."""
    return _phrase(language, text) % {}
