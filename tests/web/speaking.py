"""Sites in made-up languages, and somebody who reads one of them."""

from typing import Any

from assessment.core.access import Standpoint
from assessment.core.checks.answers import Remark
from assessment.core.errors import Conflict
from assessment.i18n import Language
from assessment.storage.checks import assessments
from assessment.storage.checks.assessments import Change
from assessment.web.policies import needs
from tests.brackets import CODE, Escaped
from tests.web.routes import EXAMPLE
from tests.web.visiting import Page, Site, Visitor

TYPED = "‹as typed›"
"""What people type stands in brackets here."""


def speaking(site: Site, language: Language) -> Site:
    """The site with one more language, and with a view for each mishap that no shipped view has."""
    site.app.extensions["assessment-languages"][CODE] = language
    site.app.add_url_rule("/fault", view_func=fail)
    site.app.add_url_rule("/clash", view_func=clash)
    return site


@needs(Standpoint.ANYBODY)
def fail() -> str:
    """A view with a fault."""
    raise RuntimeError("broken on purpose")


@needs(Standpoint.ANYBODY)
def clash() -> str:
    """A view that meets a change made elsewhere, and has no page of its own for it."""
    raise Conflict(())


def visitor_of(site: Site) -> Visitor:
    visitor = site.visitor()
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = CODE
    return visitor


def finished(site: Site) -> Visitor:
    """Somebody who began a check in the made-up language, answered it as a company did, and has results and a plan."""
    owner = visitor_of(site)
    hub = owner.start()
    draft_id = hub.rpartition("/")[2]
    example = site.instance.library.examples()[EXAMPLE]
    remark = Remark(note=TYPED)
    changes = [Change(question, value, remark) for question, value in example.answers.items()]
    with site.instance.database.writing() as connection:
        draft = assessments.draft_of(connection, draft_id)
        assert draft is not None
        assessments.save_answers(connection, draft, changes, site.instance.now())
    owner.post(hub + "/submit")
    owner.post(hub + "/plan-own", {"title": TYPED, "owner": "Maria", "note": TYPED})
    owner.post(hub + "/report", {"company_name": TYPED})
    return owner


def escaped(page: Page, name: str = "") -> list[str]:
    """What escaped on a page, which may hold a name in a place that no mark can shield."""
    return Escaped(page.text.replace(name, "") if name else page.text).found


def nothing(names: Any) -> dict[Any, list[str]]:
    return {name: [] for name in names}
