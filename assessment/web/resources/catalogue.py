"""The catalogue: search and facets in the address, one page per entry, "add to my plan", all of it as files."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for

from assessment.core.access import Standpoint
from assessment.core.resources.catalogue import BuildingBlock, Scheme
from assessment.core.resources.search import FACETS, find
from assessment.i18n import Language
from assessment.reporting.resources.catalogue_files import ENDINGS, EXPORTS, file_of
from assessment.services.checks import drafts
from assessment.services.plans import reports
from assessment.services.resources import links
from assessment.web.browser import browser
from assessment.web.checks.fields import cleaned
from assessment.web.current import instance, language
from assessment.web.limits import PDFS, limited
from assessment.web.policies import needs
from assessment.web.resources.catalogue_words import entry_rows, link_words
from assessment.web.resources.kept_catalogue import kept_catalogue

blueprint = Blueprint("catalogue", __name__)

PAGE_SIZE = 20
MOST_CHOSEN = 20
SOURCE_LANGUAGE = "en"
"""The language that the catalogue is written in, so that a file comes back as it was written."""

TYPES = {
    "zip": "application/zip", "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


@blueprint.get("/catalogue")
@needs(Standpoint.ANYBODY)
def search() -> str:
    """What fits the words and facets of the address."""
    arguments, product, here = request.args, instance(), language()
    query = cleaned(arguments.get("q", ""))[:100]
    chosen = {name: [value[:40] for value in arguments.getlist(name)[:MOST_CHOSEN]] for name in FACETS}
    closed = arguments.get("closed") == "1"
    catalogue, today = product.library.catalogue(here.code), product.today
    found = find(catalogue, query, chosen, today, closed)
    pages = max(-(-found.total // PAGE_SIZE), 1)
    number = min(max(arguments.get("page", 1, type=int), 1), pages)
    filtered = closed or any(chosen.values())
    kept, shown = kept_catalogue(), found.slice((number - 1) * PAGE_SIZE, number * PAGE_SIZE)
    return render_template(
        "pages/catalogue/search.html", query=query, total=found.total, number_=number, pages=pages,
        heading=_heading(found.total, query, here),
        entries=kept.entries(shown, today, links.dead_links(product)), facets=kept.facets(found.counts, chosen),
        around=_around(query, chosen, closed, number, pages) if pages > 1 else {},
        frame=kept.frame(catalogue, _sizes, (filtered, closed, filtered or bool(query))),
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _count(total: int, here: Language) -> str:
    return here.ngettext("%(num)s resource", "%(num)s resources", total) % {"num": here.number(total)}


def _heading(total: int, query: str, here: Language) -> str:
    if total:
        return _count(total, here)
    if query:
        return here.gettext("Nothing found for “%(words)s”") % {"words": query}
    return here.gettext("Nothing fits these filters")


def _around(query: str, chosen: Mapping[str, Sequence[str]], closed: bool, number: int, pages: int) -> dict[str, str]:
    """The addresses of the page before and the page after of the same search."""
    asked = [("q", query)] if query else []
    asked += [(name, value) for name, values in chosen.items() for value in values]
    asked += [("closed", "1")] if closed else []
    start = f"{request.script_root}{request.path}?{urlencode([*asked, ('page', '')])}"
    before = {"before": f"{start}{number - 1}"} if number > 1 else {}
    return {**before, **({"after": f"{start}{number + 1}"} if number < pages else {})}


@blueprint.get("/catalogue/<entry_id>")
@needs(Standpoint.ANYBODY)
def entry(entry_id: str) -> str | tuple[str, int]:
    """One entry with who can use it, its terms, source and date of the last check."""
    catalogue, today = instance().library.catalogue(language().code), instance().today
    found = catalogue.schemes.get(entry_id) or catalogue.blocks.get(entry_id)
    if found is None:
        return render_template("pages/catalogue/unknown.html"), 404
    scheme, dead = found if isinstance(found, Scheme) else None, links.dead_links(instance()).get(found.url)
    return render_template(
        "pages/catalogue/entry.html", entry=found, rows=entry_rows(found, language()),
        gone=scheme is not None and scheme.gone(today),
        unconfirmed=scheme is not None and not scheme.confirmed(today), stale=found.stale(today),
        link=link_words(dead, language()) if dead else "",
        alternatives=url_for(
            "catalogue.search", kind="funding", topic=list(found.resources[:1]), country=list(found.countries)
        ),
        home=found.official_home if isinstance(found, BuildingBlock) and found.official_home != found.url else None,
        short=reports.short_address(instance(), entry_id),
        open_drafts=drafts.drafts_here(instance(), browser().hash),
    )  # fmt: skip


@blueprint.get("/catalogue/files/<form>")
@limited(PDFS)
@needs(Standpoint.ANYBODY)
def file(form: str) -> Response:
    """The whole catalogue in one file, as it was written, with its licence."""
    content = _file(form)
    ending = ENDINGS[form]
    headers = {"Content-Disposition": f'attachment; filename="green-pathways-catalogue.{ending}"'}
    return Response(content, mimetype=TYPES[ending], headers=headers)


def _file(form: str) -> bytes:
    return file_of(instance().library.catalogue(SOURCE_LANGUAGE), form, instance().settings.data_dir / "kept")


def _sizes() -> dict[str, int]:
    """How many bytes each file has; asked once for each catalogue and language."""
    return {form: len(_file(form)) for form in EXPORTS}
