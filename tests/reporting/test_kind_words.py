"""Whatever a company can choose as its kind has a name that people use."""

import re

from assessment.content import folders
from assessment.i18n import languages
from assessment.reporting.money.kind_words import kind_and_mode, kind_words
from tests.core.sheets import factors

PLAIN = {"Food and drink", "Garden waste", "Mineral oil", "Scrap metal", "Steel cans"}
"""Keys that read well as they are, beside those of one word."""

ENGLISH = languages(folders.LOCALE)["en"]


def test_every_kind_that_can_be_chosen_has_a_name_and_no_key() -> None:
    choices = [line.choice for line in factors().lines.values() if line.choice is not None]
    offered = {factor.id: factor for choice in choices for factor in factors().choices(choice)}
    assert len(offered) > 100
    for factor in offered.values():
        name = kind_words(factor, ENGLISH)
        assert name != factor.subject.replace("-", " ").capitalize() or " " not in name or name in PLAIN, name
        assert not re.search(r"\b(incl|excl|weee)\b|[a-z]-[a-z]+-", kind_and_mode(factor, ENGLISH)), name


def test_two_kinds_of_one_line_never_read_alike() -> None:
    for line in factors().lines.values():
        if line.choice is not None:
            names = [kind_and_mode(factor, ENGLISH) for factor in factors().choices(line.choice)]
            assert len(names) == len(set(names)), line.id
