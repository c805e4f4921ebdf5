"""The lines of a sheet, the parts of a footprint and the resources of a saving, by their names."""

from datetime import date

from assessment.core.money.factor_lookups import Factors
from assessment.core.money.factors import Factor
from assessment.core.money.footprint import Footprint, FootprintLine, Gap
from assessment.core.money.sheet import Row
from assessment.core.money.sheet_entries import SheetEntries
from assessment.i18n import Language
from assessment.reporting.money.kind_words import kind_and_mode


def period_words(period: str, day: date, language: Language) -> str:
    """Of which year or months figures are: as the company says, else what it was asked for."""
    _ = language.gettext
    if period:
        return _("Figures of: %(period)s.") % {"period": period}
    return _("Figures of the last year before %(day)s.") % {"day": language.date(day)}


def line_label(line: str, label: str, language: Language) -> str:
    """A line of the sheet by its name."""
    _ = language.gettext
    names = {
        "people": _("People"), "turnover": _("Turnover"), "floor-area": _("Floor area"),
        "electricity": _("Electricity bought"), "natural-gas": _("Natural gas"), "heating-oil": _("Heating oil"),
        "lpg": _("Bottled or tank gas (LPG)"), "wood": _("Wood and pellets"), "district-heat": _("District heat"),
        "other-heat": _("Heat, fuel not known"), "petrol": _("Petrol"), "diesel": _("Diesel"),
        "other-vehicle-fuel": _("Vehicle fuel, kind not known"), "water": _("Water taken in"),
        "waste": _("Waste that is not hazardous"), "hazardous-waste": _("Hazardous waste"),
        "waste-cost": _("What the waste costs a year"), "material-cost": _("Materials bought a year"),
        "material-1": _("Biggest material"), "material-2": _("Second material"), "material-3": _("Third material"),
        "refrigerant": _("Cooling agent refilled"),
        "waste-paper": _("Waste paper and card"), "waste-plastics": _("Waste plastics"),
        "waste-metal": _("Scrap metal"), "waste-glass": _("Waste glass"), "waste-wood": _("Waste wood"),
        "waste-food": _("Food and garden waste"), "waste-rubble": _("Rubble and soil"),
        "waste-textiles": _("Waste textiles"), "waste-mixed": _("Mixed waste that is not sorted"),
        "flights-europe": _("Flights within Europe"), "flights-far": _("Longer flights"),
        "rail": _("Train journeys"), "taxis": _("Taxi journeys"),
        "own-cars": _("Business journeys in cars of employees or hired cars"),
        "freight-lorry": _("Goods carried for you by lorry"), "freight-van": _("Goods carried for you by van"),
        "freight-rail": _("Goods carried for you by train"), "freight-sea": _("Goods carried for you by ship"),
        "freight-air": _("Goods carried for you by plane"), "hotel-nights": _("Nights in hotels on business"),
    }  # fmt: skip
    return names.get(line, label)


def row_label(row: Row, entries: SheetEntries, factors: Factors, language: Language) -> str:
    """A row by the name of its line, and by the kind that the company chose for it."""
    choice = row.line.choice
    kind = factors.factors.get(entries.kinds.get(row.line.id, "")) if choice is not None else None
    chosen = kind if choice is not None and kind is not None and kind.group == choice.group else None
    return _with_kind(row, chosen, language)


def part_label(part: FootprintLine, language: Language) -> str:
    """The row that a part of the footprint is of; its kind is that of the factor."""
    return _with_kind(part.row, part.found.factor if part.row.line.choice is not None else None, language)


def _with_kind(row: Row, kind: Factor | None, language: Language) -> str:
    label = line_label(row.line.id, row.line.label, language)
    if kind is None:
        return label
    return language.gettext("%(line)s: %(kind)s") % {"line": label, "kind": kind_and_mode(kind, language)}


def part_words(part: str, language: Language) -> str:
    """Which part of a line's emissions."""
    _ = language.gettext
    return {
        "burning": _("burnt by yourself"), "heat": _("made in the heating plant"), "leak": _("leaked"),
        "grid": _("made in the power plants"), "losses": _("lost on the way"),
        "upstream": _("before it reaches you"), "supply": _("supply"), "treatment": _("treatment"),
        "production": _("made by the producers"), "trip": _("on the way"),
    }[part]  # fmt: skip


def gap_words(gap: Gap, language: Language) -> str:
    """A part that cannot be worked out, and why."""
    _ = language.gettext
    label = line_label(gap.row.line.id, gap.row.line.label, language)
    reason = {
        "no-amount": _("the amount is not known"),
        "no-factor": _("there is no factor for your country"),
        "not-checked": _("the factor has not been checked at its source yet"),
        "kind-not-told": _("you have not said which kind it is"),
    }[gap.reason]
    values = {"line": label, "part": part_words(gap.part, language), "reason": reason}
    return _("%(line)s, %(part)s: %(reason)s") % values


def gaps(footprint: Footprint, language: Language) -> list[str]:
    """What is missing in the footprint, each said once."""
    return list(dict.fromkeys(gap_words(gap, language) for gap in footprint.gaps))


def resource_name(resource: str, language: Language) -> str:
    """A resource in the middle of a sentence."""
    _ = language.gettext
    return {
        "electricity": _("electricity"), "heat": _("fuel and heat"), "water": _("water"), "waste": _("waste"),
        "materials": _("materials"), "transport": _("vehicle fuel"), "refrigerant": _("cooling agent"),
    }.get(resource, resource)  # fmt: skip
