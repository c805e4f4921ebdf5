"""Effort and saving of the plan on the results page: every action in the list, those with euros in the drawing."""

import re

from tests.web.routes import Finished
from tests.web.visiting import Site


def drawing(site: Site, finished: Finished) -> tuple[list[str], list[str], str]:
    """The numbers in the drawing, those in the list, and the words of the page."""
    page = finished.owner.get(finished.owner.hub + "/results")
    svg = page.text.partition('<svg class="matrix"')[2].partition("</svg>")[0]
    listed = page.text.partition("gp-matrix__list")[2].partition("</ol>")[0]
    return re.findall(r">(\d+)</text>", svg), re.findall(r'<li value="(\d+)"', listed), page.words


def test_actions_with_a_saving_in_euros_are_drawn_and_all_measures_are_listed(finished: Finished) -> None:
    drawn, listed, words = drawing(finished.site, finished)
    assert len(drawn) >= 2
    assert set(drawn) < set(listed)
    assert len(listed) == 7
    assert "no saving in euros" in words


def test_the_heading_names_the_action_that_saves_most(finished: Finished) -> None:
    _, _, words = drawing(finished.site, finished)
    named = re.search(r"“([^”]+)” saves most by itself", words)
    assert named is not None
    savings = {
        title.strip(): int(eur.replace(",", ""))
        for title, eur in re.findall(r"\d ([A-Z][^;]{5,60}?) about EUR\s([\d,]+) a year", words)
    }
    assert named[1] == max(savings, key=lambda title: savings[title])


def test_a_saving_that_cannot_be_reckoned_yet_is_not_called_none(examples: Site) -> None:
    owner = examples.visitor()
    words = owner.get(owner.open_example("grocer-gr") + "/results").words
    # The price of waste is not known; green electricity saves emissions alone.
    assert "Find the true cost of waste not known in euros yet; Quick win" in words
    assert "Buy renewable electricity no saving in euros; Quick win" in words
