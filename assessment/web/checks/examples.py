"""Example companies of a demo: the list, and opening one in this browser. Registered in demo mode alone."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from assessment.content.checks.examples import Sheet
from assessment.core.access import Standpoint
from assessment.core.errors import NotFound
from assessment.services.checks import drafts
from assessment.services.demo import seeding
from assessment.storage.checks.assessments import DraftLine
from assessment.web.browser import browser, hash_of
from assessment.web.current import instance, language
from assessment.web.policies import needs

blueprint = Blueprint("examples", __name__)


@blueprint.get("/examples")
@needs(Standpoint.ANYBODY)
def examples() -> str:
    """The example companies, to look at a finished check."""
    product = instance()
    found = [(line, seeding.example_of(product, line.id)) for line in seeding.examples_here(product)]
    groups: dict[str, list[tuple[DraftLine, Sheet]]] = {}
    # Those of the check for anyone come first, then the others by kind.
    for line, example in sorted(found, key=lambda pair: pair[1] is None or pair[1].version != product.library.newest):
        if example is not None:
            title = product.library.edition(*example.version, language().code).questionnaire.title
            groups.setdefault(title, []).append((line, example.sheet))
    return render_template("pages/examples/examples.html", groups=groups)


@blueprint.post("/examples/<draft_id>")
@needs(Standpoint.ANYBODY)
def open_example(draft_id: str) -> Answer:
    """Open an example in this browser, as its link would."""
    if seeding.example_of(instance(), draft_id) is None:
        raise NotFound(draft_id)
    session = browser()
    renewed = session.next_id()
    drafts.admit(instance(), session.hash, hash_of(renewed), draft_id)
    session.become(renewed)
    return redirect(url_for("results.show", draft_id=draft_id), 303)
