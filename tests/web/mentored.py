"""A company with a finished check and a mentor whom it let in, for tests of what the two do together."""

from collections.abc import Callable

import pytest

from assessment.storage.mentors import grants
from assessment.storage.mentors.grants import Recorded
from assessment.storage.people import companies
from assessment.storage.people.companies import Look
from tests.web.people import person, signed_in
from tests.web.routes import Finished
from tests.web.visiting import Page, Visitor

OWNER, MENTOR = "olga@bakery.example.org", "mira@mentors.example.org"
CHOICE = "ene-03"


class Mentored:
    """The two sides, each in their own browser."""

    def __init__(self, check: Finished) -> None:
        self.site = check.site
        self.draft_id = check.parts["draft_id"]
        self.hub = f"/assessments/{self.draft_id}"
        self.owner_id = person(self.site, OWNER, name="Olga")
        self.mentor_id = person(self.site, MENTOR, "mentor", name="Mira Petrova")
        with self.site.instance.database.writing() as connection:
            company = companies.add_company(connection, "Sample Bakery", self.owner_id, self.site.clock())
            companies.claim(connection, self.draft_id, company.id, self.site.clock())
        self.company_id = company.id
        self.home = f"/companies/{company.id}"
        self.owner = signed_in(self.site, self.owner_id)
        self.mentor = signed_in(self.site, self.mentor_id)

    def let_in(self, mentor_id: str = "") -> None:
        """The company has given access."""
        recorded = Recorded("digest", "en", "test", self.owner_id)
        with self.site.instance.database.writing() as connection:
            grants.begin(connection, self.company_id, mentor_id or self.mentor_id, recorded, self.site.clock())

    def again(self) -> None:
        """Both sign in anew, as after some days."""
        self.owner = signed_in(self.site, self.owner_id)
        self.mentor = signed_in(self.site, self.mentor_id)

    def review(self, question: str, act: str, words: str = "", proposed: str = "", status: int = 303) -> Page:
        """The mentor says something of one answer."""
        page = self.mentor.get(f"{self.hub}/review/{question}")
        said: dict[str, str | list[str]] = {"act": act, "words": words}
        return self.mentor.submit(page, {**said, "proposed": proposed} if proposed else said, status=status)

    def options(self, question: str) -> list[str]:
        """What the mentor can propose in the place of an answer."""
        page = self.mentor.get(f"{self.hub}/review/{question}")
        select = page.tree.find(".//select[@id='proposed']")
        assert select is not None
        return [option.attrib["value"] for option in select.iter("option") if option.attrib["value"]]

    def reply(self, question: str, act: str, words: str = "", status: int = 303) -> Page:
        """The company says something to it."""
        page = self.owner.get(f"{self.hub}/mentor")
        return self.owner.submit(page, {"act": act, "words": words}, action=f"/mentor/{question}", status=status)

    def looks(self) -> list[Look]:
        """Who looked, as the company reads it."""
        with self.site.instance.database.reading() as connection:
            return companies.looks_at(connection, self.company_id)


@pytest.fixture
def mentored(make_finished: Callable[..., Finished]) -> Mentored:
    """A company and a mentor who has been let in."""
    found = Mentored(make_finished())
    found.let_in()
    return found


def stranger(mentored: Mentored) -> Visitor:
    """Another mentor, whom the company has not let in."""
    return signed_in(mentored.site, person(mentored.site, "noa@mentors.example.org", "mentor", name="Noa"))
