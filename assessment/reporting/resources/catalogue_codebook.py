"""What every column of the catalogue's files means, for whoever works with them elsewhere.

In English only, like the names of the columns: it is a file for data work, not a page.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from assessment.content.resources.catalogue_columns import LICENCE_COLUMN, Cell, Column

CODEBOOK_COLUMNS: Final = ("table", "column", "type", "required", "allowed_values", "meaning")

_FIGURE: Final[Mapping[str, str]] = {
    "basis": "How the figure was come by: published in the source, adapted, an estimate, or fixed by definition.",
    "confidence": "How sure the figure is.",
    "source": "Key of the publication in the table `sources`.",
    "note": "What else must be known about the figure.",
}

_MEANINGS: Final[Mapping[str, str]] = {
    "id": "Stable id; never used again for anything else.",
    "title": "Name.",
    "name": "Name.",
    "category": "Topic of the measure.",
    "kind": "What kind of entry it is.",
    "resources": "What it saves or is about.",
    "sectors": "NACE Rev. 2 sections, or `all`.",
    "sectors.nace": "NACE Rev. 2 sections that it is for, or `all`.",
    "sectors.divisions": "NACE Rev. 2 divisions; a division limits only its own section.",
    "divisions": "NACE Rev. 2 divisions of a section that it is for alone; a division limits only its own section.",
    "blocks": "Ids of building blocks to show with it, the best first; empty where they are found by their tags.",
    "helps_with": "Tags that join measures, funding and building blocks.",
    "savings.N.resource": "What is saved: a quantity; money only (`cost-`); emissions only (`co2e-`).",
    "savings.N.base": "What the saving is a fraction of.",
    "savings.N.end_use": "The use within the site that the fraction is of.",
    "savings.N.low": "Low end of the saving, a fraction of its base.",
    "savings.N.high": "High end of the saving.",
    "savings.N.typical": "Typical saving where the source gives one.",
    "savings.N.unit": "A fraction as such, or for each step of a setting.",
    "savings.N.information_only": "Another view of a saving already given: to be shown, never added.",
    "savings.N.adds_use.resource": "What the measure uses more of.",
    "savings.N.adds_use.per_unit_saved.low": "Low end of kWh used more for each kWh saved.",
    "savings.N.adds_use.per_unit_saved.typical": "Typical kWh used more for each kWh saved.",
    "savings.N.adds_use.per_unit_saved.high": "High end of kWh used more for each kWh saved.",
    "investment.level": "How much has to be bought.",
    "investment.eur_low": "Low end of the price in euros for each unit.",
    "investment.eur_high": "High end of the price in euros for each unit.",
    "investment.unit": "What the price is for.",
    "payback_months.low": "Low end of the simple payback in months; empty where no money is counted.",
    "payback_months.high": "High end of the simple payback in months.",
    "difficulty": "From 1 (easy) to 3 (needs a project).",
    "co_benefits": "What else it brings.",
    "prerequisites": "Ids of measures that come first.",
    "alternative_to": "Ids of measures of which only one makes sense.",
    "how_to": "How it is done.",
    "first_step": "What to do first, within a week.",
    "proof": "What shows that it was done; empty where the words of its topic hold.",
    "action_area": "The area of the plan that it belongs to.",
    "umbrella": "Makes other measures possible; its saving is never added to theirs.",
    "for_teams": "Makes no sense for one person working alone, and is not advised to them.",
    "worthwhile_from.resource": "What the yearly use below is of.",
    "worthwhile_from.per_year": "Yearly use below which the cheapest investment does not come back in time.",
    "worthwhile_from.unit": "Unit of the yearly use.",
    "worthwhile_from.basis": _FIGURE["basis"],
    "facts.N.note": "A published fact in words.",
    "facts.N.sources": "Keys of its publications in the table `sources`.",
    "uptake.share": "Share of firms that have taken the measure.",
    "uptake.of": "Which firms the share is of.",
    "uptake.source": _FIGURE["source"],
    "references": "Keys of further publications in the table `sources`.",
    "provider": "Who gives the support.",
    "level": "Whether it is of the EU, a country or a region.",
    "countries": "ISO 3166-1 codes; EU for the whole Union, INT for everywhere.",
    "region": "The part of the country in words.",
    "regions": "NUTS codes; each stands for all that begins with it.",
    "regions_in_part": "The scheme covers less than these regions.",
    "instrument": "Kinds of support.",
    "company_sizes": "Sizes of firms that can apply.",
    "max_amount_eur": "Most that is paid, in euros.",
    "max_share_pct": "Most that is paid, in per cent of the cost.",
    "pays_for": "Ids of measures of which it pays a part for one firm by itself; empty if none, or if not known.",
    "pays_share_pct": "The share to count with: the least that the terms name, or the most where they name no other.",
    "pays_from_eur": "Least cost of what is paid for.",
    "for_development": "Pays for developing something new, and for nothing that can be bought ready.",
    "for_partnerships": "Pays for projects that several share, and for no action of one firm by itself.",
    "amount_note": "What else must be known about the amount.",
    "status": "State when it was last checked.",
    "as_of": "Year in which it was last checked against evidence.",
    "valid_until": "Last day, where it is known.",
    "application": "How one applies.",
    "description": "What it is, in a sentence or two.",
    "summary": "What it is, in a sentence or two.",
    "url": "Address on the web.",
    "url_checked": "`seen`: met in the evidence; `known`: the provider's home page, not opened again.",
    "url_role": "Whether the address is the original, a copy or a report about it.",
    "official_home": "Home page of the publisher.",
    "source": "Where we know it from.",
    "licence": "Licence of what the entry describes, or of the source; empty where none is stated.",
    "languages": "Languages of the resource; `all-eu` for all official languages of the Union.",
    "publisher": "Who published it.",
    "year": "Year of publication; empty where it is not stated.",
    "free": "Whether it costs nothing; empty where that is not stated.",
    "figures": "Figures as the source claims them; never a promise.",
    LICENCE_COLUMN: "Licence of this row: of our words and their arrangement.",
}  # fmt: skip


def meaning_of(column: str) -> str:
    """What a column means; parts that come several times share one meaning."""
    name = re.sub(r"\.[0-9]+\.", ".N.", column)
    return _MEANINGS.get(name) or _FIGURE[name.rpartition(".")[2]]


def codebook(table: str, columns: Sequence[Column]) -> list[list[Cell]]:
    """The lines of the codebook about one table; of numbered parts the first stands for all."""
    return [
        [
            table, re.sub(r"\.1\.", ".N.", column.name), f"list of {column.shape.holds}" if column.shape.several
            else column.shape.holds, column.required, " | ".join(column.shape.allowed) or None, meaning_of(column.name),
        ]
        for column in columns
        if not re.search(r"\.(?:[2-9]|[1-9][0-9])\.", column.name)
    ]  # fmt: skip
