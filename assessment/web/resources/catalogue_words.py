"""How catalogue entries and their facets read in words."""

from collections.abc import Iterator

from assessment.content.resources.link_check import Checked
from assessment.core.resources.catalogue import BuildingBlock, Catalogue, Scheme
from assessment.core.resources.search import FREE, PRICED, UNSTATED
from assessment.i18n import Language
from assessment.web.plans.plan_words import instrument_words, kind_words, language_words, resource_words, scheme_terms

Entry = Scheme | BuildingBlock
Row = tuple[str, str, bool]
"""Label, value, and whether the value is a name that is not translated."""


def entry_title(entry: Entry) -> str:
    """The name of an entry."""
    return entry.name if isinstance(entry, Scheme) else entry.title


def title_of(catalogue: Catalogue, entry_id: str) -> str:
    """The name of a scheme, a building block or a measure by its id; empty for an unknown one."""
    scheme = catalogue.schemes.get(entry_id)
    found = catalogue.blocks.get(entry_id) or catalogue.measures.get(entry_id)
    return scheme.name if scheme else found.title if found else ""


def entry_text(entry: Entry) -> str:
    """What an entry is, in a sentence or two."""
    return entry.description if isinstance(entry, Scheme) else entry.summary


def entry_kind(entry: Entry, language: Language) -> str:
    """What kind of entry it is."""
    return kind_words("funding" if isinstance(entry, Scheme) else entry.kind, language)


def entry_line(entry: Entry, language: Language) -> str:
    """Kind, country and terms or language, for a list."""
    where = language.list_of([country_words(code, language) for code in entry.countries[:4]])
    last = scheme_terms(entry, language) if isinstance(entry, Scheme) else language_words(entry, language)
    return " · ".join(part for part in (entry_kind(entry, language), where, last) if part)


def stale_words(entry: Entry, language: Language) -> str:
    """That an entry was last checked long ago."""
    return language.gettext("Last checked in %(year)s") % {"year": entry.as_of}


def link_words(found: Checked, language: Language) -> str:
    """What the last check of an address found, where it did not answer."""
    _ = language.gettext
    day = language.date(found.at.date())
    if found.outcome == "gone":
        return _("On %(day)s there was no page at this address.") % {"day": day}
    return _("This address did not answer on %(day)s.") % {"day": day}


def country_words(code: str, language: Language) -> str:
    """A country, or one of the two that are none."""
    _ = language.gettext
    return {"EU": _("European Union"), "INT": _("international")}.get(code) or language.country(code)


def sector_words(letter: str, language: Language) -> str:
    """A NACE Rev. 2 section in plain words."""
    _ = language.gettext
    return {
        "all": _("All trades"), "A": _("Agriculture"), "B": _("Mining"), "C": _("Industry and crafts"),
        "D": _("Energy supply"), "E": _("Water and waste"), "F": _("Construction"), "G": _("Trade and repair"),
        "H": _("Transport"), "I": _("Hotels and restaurants"), "J": _("Information and communication"),
        "K": _("Finance"), "L": _("Property"), "M": _("Professional services"), "N": _("Business services"),
        "O": _("Public administration"), "P": _("Education"), "Q": _("Health and care"), "R": _("Culture and sport"),
        "S": _("Other services"),
    }.get(letter, letter)  # fmt: skip


def facet_names(language: Language) -> dict[str, str]:
    """The facets by name, as they stand on the page."""
    _ = language.gettext
    return {
        "kind": _("Kind"), "topic": _("Topic"), "sector": _("Trade"), "country": _("Country"),
        "language": _("Language"), "cost": _("Cost or support"),
    }  # fmt: skip


def facet_label(name: str, value: str, language: Language) -> str:
    """One value of a facet in words."""
    _ = language.gettext
    if name == "language":
        return _("all official EU languages") if value == "all-eu" else language.language_name(value)
    if name == "cost":
        prices = {FREE: _("Free of charge"), PRICED: _("At a price"), UNSTATED: _("Price not stated")}
        return prices.get(value) or instrument_words(value, language).capitalize()
    words = {"kind": kind_words, "topic": resource_words, "sector": sector_words, "country": country_words}[name]
    return words(value, language)


def entry_rows(entry: Entry, language: Language) -> list[Row]:
    """The facts of an entry for its page."""
    return _scheme_rows(entry, language) if isinstance(entry, Scheme) else _block_rows(entry, language)


def _scheme_rows(scheme: Scheme, language: Language) -> list[Row]:
    _ = language.gettext
    sizes = {
        "micro": _("micro (under 10 people)"), "small": _("small (under 50)"), "medium": _("medium (under 250)"),
        "midcap": _("mid-cap"), "large": _("large"),
    }  # fmt: skip
    states = {
        "open": _("open"), "recurring": _("by calls: look for the next one"), "ending": _("ends soon"),
        "closed": _("closed"), "unverified": _("not confirmed"),
    }  # fmt: skip
    ways = {
        "continuous": _("at any time"), "calls": _("in dated calls"),
        "via-intermediary": _("through a bank or partner"),
        "automatic": _("through the tax return or a register"),
    }  # fmt: skip
    rows = [
        (_("Provider"), scheme.provider, True),
        (_("Where"), language.list_of([country_words(code, language) for code in scheme.countries]), False),
        (_("Region"), scheme.region or "", True),
        (_("Who"), language.list_of([sizes.get(size, size) for size in scheme.company_sizes]), False),
        (_("Trades"), _trades(scheme, language), False),
        (_("Support"), scheme_terms(scheme, language), False),
        (_("What for"), " ".join(_purposes(scheme, language)), False),
        (_("About the amount"), scheme.amount_note or "", False),
        (_("Single investments of one firm"), _single_investments(scheme, language), False),
        (_("State"), states[scheme.status], False),
        (_("Until"), language.date(scheme.valid_until) if scheme.valid_until else "", False),
        (_("Last checked"), str(scheme.as_of), False),
        (_("How to apply"), ways[scheme.application], False),
        (_("Topics"), _topics(scheme, language), False),
        (_("Where we know it from"), "; ".join(scheme.source), True),
    ]
    return [row for row in rows if row[1]]


def _trades(scheme: Scheme, language: Language) -> str:
    """The trades that it is kept to; nothing where its terms name none."""
    letters = scheme.sectors.nace if scheme.sectors is not None else ()
    return language.list_of([sector_words(letter, language) for letter in letters])


def _purposes(scheme: Scheme, language: Language) -> Iterator[str]:
    """Why plans leave it out beside what one firm can buy ready; nothing for money that buys such things."""
    _ = language.gettext
    if scheme.for_development:
        yield _(
            "Only for developing something new: research, a prototype or the first plant of its kind. It buys nothing "
            "that can be bought ready."
        )
    if scheme.for_partnerships:
        yield _("For projects that several partners share, not for what one firm buys for itself.")


def _single_investments(scheme: Scheme, language: Language) -> str:
    """What the best plan reckons with where a company wants grants to be counted."""
    _ = language.gettext
    if scheme.pays_share_pct is None:
        return ""
    share = language.number(scheme.pays_share_pct)
    if scheme.pays_from_eur is None:
        return _("may pay %(share)s %% of the cost") % {"share": share}
    values = {"share": share, "money": language.money(scheme.pays_from_eur)}
    return _("may pay %(share)s %% of the cost, from a cost of %(money)s on") % values


def _block_rows(block: BuildingBlock, language: Language) -> list[Row]:
    _ = language.gettext
    states = {
        "current": _("current"), "archived": _("finished project or older document, still useful"),
        "unverified": _("a claim of its publisher, not confirmed"),
    }  # fmt: skip
    rows = [
        (_("Publisher"), block.publisher, True),
        (_("Year"), str(block.year) if block.year else _("not stated"), False),
        (_("Language"), language_words(block, language), False),
        (_("Where"), language.list_of([country_words(code, language) for code in block.countries]), False),
        (_("Trades"), language.list_of([sector_words(letter, language) for letter in block.sectors]), False),
        (_("Topics"), _topics(block, language), False),
        (_("Figures, as the source claims them"), block.figures or "", False),
        (_("State"), states[block.status], False),
        (_("Last checked"), str(block.as_of) if block.as_of else _("not noted"), False),
        (_("Licence"), block.licence or _("not stated"), block.licence is not None),
    ]
    return [row for row in rows if row[1]]


def _topics(entry: Entry, language: Language) -> str:
    return language.list_of([resource_words(topic, language) for topic in entry.resources])
