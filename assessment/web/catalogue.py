"""The catalogue: search and facets in the address, one page per entry, "add to my plan"."""

from flask import Blueprint, abort, render_template, request

from assessment.core.catalogue import find
from assessment.services import drafts, reports
from assessment.web.browser import browser
from assessment.web.current import instance, language

blueprint = Blueprint("catalogue", __name__)

FACETS = ("kind", "topic", "sector", "country", "language", "cost")
PAGE_SIZE = 20


@blueprint.get("/catalogue")
def search() -> str:
    """What fits the words and facets of the address."""
    query = request.args.get("q", "")[:100]
    chosen = {name: [value[:40] for value in request.args.getlist(name)[:20]] for name in FACETS}
    closed = request.args.get("closed") == "1"
    found = find(
        instance().library.catalogue(language().code), query, chosen, instance().today, language().code, closed
    )
    number = max(request.args.get("page", 1, type=int), 1)
    shown = found.entries[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return render_template(
        "pages/catalogue/search.html", query=query, chosen=chosen, closed=closed, found=found, shown=shown,
        number=number, pages=-(-len(found.entries) // PAGE_SIZE), today=instance().today,
    )  # fmt: skip


@blueprint.get("/catalogue/<entry_id>")
def entry(entry_id: str) -> str:
    """One entry with who can use it, its terms, source and date of the last check."""
    catalogue = instance().library.catalogue(language().code)
    found = catalogue.schemes.get(entry_id) or catalogue.blocks.get(entry_id)
    if found is None:
        abort(404)
    return render_template(
        "pages/catalogue/entry.html", entry=found, catalogue=catalogue, today=instance().today,
        short=reports.short_address(instance(), entry_id), open_drafts=drafts.drafts_here(instance(), browser().hash),
    )  # fmt: skip
