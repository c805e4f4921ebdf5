"""The catalogue: search and facets in the address, one page per entry, "add to my plan"."""

from flask import Blueprint, abort, render_template, request, url_for

from assessment.core.catalogue import BuildingBlock, Scheme
from assessment.core.search import FACETS, find
from assessment.services import drafts, reports
from assessment.web.browser import browser
from assessment.web.catalogue_words import entry_rows, facet_views
from assessment.web.current import instance, language
from assessment.web.fields import cleaned

blueprint = Blueprint("catalogue", __name__)

PAGE_SIZE = 20
MOST_CHOSEN = 20


@blueprint.get("/catalogue")
def search() -> str:
    """What fits the words and facets of the address."""
    query = cleaned(request.args.get("q", ""))[:100]
    chosen = {name: [value[:40] for value in request.args.getlist(name)[:MOST_CHOSEN]] for name in FACETS}
    closed = request.args.get("closed") == "1"
    found = find(instance().library.catalogue(language().code), query, chosen, instance().today, closed)
    pages = max(-(-len(found.entries) // PAGE_SIZE), 1)
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    address = {
        "q": query or None,
        "closed": "1" if closed else None,
        **{name: values or None for name, values in chosen.items()},
    }

    def page_url(wanted: int) -> str:
        return url_for("catalogue.search", page=wanted, **address)  # type: ignore[arg-type]

    return render_template(
        "pages/catalogue/search.html", query=query, chosen=chosen, closed=closed, total=len(found.entries),
        shown=found.entries[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], number_=number, pages=pages,
        facets=facet_views(found.counts, language()), filtered=any(chosen.values()) or closed, page_url=page_url,
    )  # fmt: skip


@blueprint.get("/catalogue/<entry_id>")
def entry(entry_id: str) -> str:
    """One entry with who can use it, its terms, source and date of the last check."""
    catalogue, today = instance().library.catalogue(language().code), instance().today
    found = catalogue.schemes.get(entry_id) or catalogue.blocks.get(entry_id)
    if found is None:
        abort(404)
    scheme = found if isinstance(found, Scheme) else None
    return render_template(
        "pages/catalogue/entry.html", entry=found, rows=entry_rows(found, language()),
        gone=scheme is not None and scheme.gone(today),
        unconfirmed=scheme is not None and not scheme.confirmed(today),
        alternatives=url_for(
            "catalogue.search", kind="funding", topic=list(found.resources[:1]), country=list(found.countries)
        ),
        home=found.official_home if isinstance(found, BuildingBlock) and found.official_home != found.url else None,
        short=reports.short_address(instance(), entry_id),
        open_drafts=drafts.drafts_here(instance(), browser().hash),
    )  # fmt: skip
