"""What factors are about, by readable names: materials, kinds of waste, cooling agents."""

import re
from collections.abc import Mapping
from functools import cache

from assessment.core.money.factors import Factor
from assessment.i18n import Language
from assessment.reporting.money.amounts import mode_words

_PREFIX = re.compile(r"^(?:plastics|metal|organic)-(?=[a-z])")
"""Waste tables name the family before the thing; its name is the same as that of the material."""

_AGENT = re.compile(r"r-([0-9]+)([a-z]*)")


def kind_words(factor: Factor, language: Language) -> str:
    """What a factor is about; a hotel by its country."""
    if factor.group == "hotels":
        if factor.geography == "EU":
            return language.gettext("Other countries, or several")
        return language.country(factor.geography)
    return subject_words(factor.subject, language)


def kind_and_mode(factor: Factor, language: Language) -> str:
    """What a factor is about, and how that is made, treated or counted."""
    return ", ".join(filter(None, (kind_words(factor, language), mode_words(factor.mode or "", language))))


def subject_words(subject: str, language: Language) -> str:
    """The thing itself, as a sentence would begin with it."""
    name = _PREFIX.sub("", subject)
    found = _names(language).get(name)
    if found is not None:
        return found
    agent = _AGENT.fullmatch(name)
    if agent:
        return f"R-{agent[1]}{agent[2].upper() if len(agent[1]) == 3 and agent[1][0] in '45' else agent[2]}"
    plain = name.replace("-", " ")
    return plain[:1].upper() + plain[1:]


@cache
def _names(language: Language) -> Mapping[str, str]:
    """All names of one language: a list of kinds asks for each of them, and they never change while it is shown."""
    return {**_materials(language), **_wastes(language), **_agents(language)}


def _materials(language: Language) -> dict[str, str]:
    _ = language.gettext
    return {
        "aggregates": _("Sand, gravel and crushed stone"),
        "aluminium": _("Aluminium"),
        "aluminium-cans-and-foil-excl-forming": _("Aluminium cans and foil"),
        "asbestos": _("Asbestos"),
        "asphalt": _("Asphalt"),
        "average-construction": _("Building materials, average"),
        "average-plastic-film": _("Plastic film, average"),
        "average-plastic-rigid": _("Rigid plastic, average"),
        "average-plastics": _("Plastics, average"),
        "batteries-alkaline": _("Alkaline batteries"),
        "batteries-li-ion": _("Lithium-ion batteries"),
        "batteries-nimh": _("Nickel-metal hydride batteries"),
        "books": _("Books"),
        "bricks": _("Bricks"),
        "cement": _("Cement"),
        "clothing": _("Clothing"),
        "compost-derived-from-food-and-garden-waste": _("Compost of food and garden waste"),
        "compost-derived-from-garden-waste": _("Compost of garden waste"),
        "concrete": _("Concrete"),
        "electrical-items-fridges-and-freezers": _("Fridges and freezers"),
        "electrical-items-it": _("Computers and other IT equipment"),
        "electrical-items-large": _("Large electrical equipment"),
        "electrical-items-small": _("Small electrical equipment"),
        "food-and-drink": _("Food and drink"),
        "glass": _("Glass"),
        "hdpe-incl-forming": _("Hard polyethylene (HDPE)"),
        "insulation": _("Insulation"),
        "ldpe-and-lldpe-incl-forming": _("Soft polyethylene (LDPE, LLDPE)"),
        "metals": _("Metals, average"),
        "mineral-oil": _("Mineral oil"),
        "mixed-cans": _("Cans of steel and aluminium, mixed"),
        "paper-and-board-board": _("Cardboard"),
        "paper-and-board-mixed": _("Paper and cardboard, mixed"),
        "paper-and-board-paper": _("Paper"),
        "pet-incl-forming": _("PET, as in bottles"),
        "plasterboard": _("Plasterboard"),
        "pp-incl-forming": _("Polypropylene (PP)"),
        "ps-incl-forming": _("Polystyrene (PS)"),
        "pvc-incl-forming": _("PVC"),
        "scrap-metal": _("Scrap metal"),
        "soils": _("Soil"),
        "steel": _("Steel"),
        "steel-cans": _("Steel cans"),
        "tyres": _("Tyres"),
        "wood": _("Wood"),
    }


def _wastes(language: Language) -> dict[str, str]:
    _ = language.gettext
    return {
        "batteries": _("Batteries"),
        "commercial-and-industrial-waste": _("Mixed waste of firms"),
        "food-and-drink-waste": _("Food and drink waste"),
        "garden-waste": _("Garden waste"),
        "household-residual-waste": _("Mixed waste as of households"),
        "mixed-food-and-garden-waste": _("Food and garden waste, mixed"),
        "weee-fridges-and-freezers": _("Old fridges and freezers"),
        "weee-large": _("Old electrical equipment, large"),
        "weee-mixed": _("Old electrical equipment, mixed"),
        "weee-small": _("Old electrical equipment, small"),
    }


def _agents(language: Language) -> dict[str, str]:
    _ = language.gettext
    return {
        "ch4": _("Methane (CH4)"),
        "n2o": _("Laughing gas (N2O)"),
        "nf3": _("Nitrogen trifluoride (NF3)"),
        "sf6": _("Sulphur hexafluoride (SF6)"),
        "r-1234ze-e": "R-1234ze(E)",
        "r-1270-propylene": _("R-1270 (propylene)"),
        "r-290-propane": _("R-290 (propane)"),
        "r-600a-isobutane": _("R-600a (isobutane)"),
        "r-717-ammonia": _("R-717 (ammonia)"),
        "r-744-co2": _("R-744 (carbon dioxide)"),
    }
