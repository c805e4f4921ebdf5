"""The words of an invitation that a cluster writes: what may stand in them, and what is put in for each company."""

import re
from collections.abc import Mapping
from typing import Final

PLACES: Final = ("company", "cluster")
"""What is put in where its name stands in braces."""
LONGEST_SUBJECT: Final = 120
LONGEST_TEXT: Final = 3_000

_PLACE: Final = re.compile(r"\{([^{}\n]{0,40})\}")
_DOMAIN: Final = re.compile(r"\w[\w-]{0,62}(?:\.[\w-]{1,63}){0,8}\.[^\W\d_]{2,24}(?:[/:?#]\S*)?")
_AROUND: Final = "\"'“”‘’„«»()[]<>.,;:!?"


def unknown_places(text: str) -> list[str]:
    """What stands in braces and is not put in, each once."""
    return list(dict.fromkeys(name for name in _PLACE.findall(text) if name not in PLACES))


def addresses_in(text: str) -> list[str]:
    """The words that a mail program would make a link of, each once: a mail carries the link of the product alone."""
    return list(dict.fromkeys(word for word in text.split() if _is_address(word)))


def _is_address(word: str) -> bool:
    bare = word.strip(_AROUND)
    if "://" in word or "@" in word or bare.lower().startswith("www."):
        return True
    return len(bare) < 300 and _DOMAIN.fullmatch(bare) is not None


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its places filled, each once: braces in what is put in mean nothing."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)
