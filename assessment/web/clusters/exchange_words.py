"""Words about the exchange: what is offered, why two posts match, what may be told of the distance."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from assessment.content.clusters.cluster_lists import cluster_lists
from assessment.core.clusters.cluster_lists import Kind
from assessment.core.clusters.distances import BANDS, BEYOND, Told
from assessment.core.clusters.exchange import ALL_MONTHS, Side
from assessment.i18n import Language
from assessment.services.clusters.exchange import Found, TalkState
from assessment.storage.clusters.exchanges import StoredPost

_HUNDRED: Final = 100


def side_words(language: Language) -> Mapping[Side, str]:
    """What a side does."""
    return {"offer": language.gettext("Offers"), "need": language.gettext("Looks for")}


def kind_words(language: Language) -> Mapping[Kind, str]:
    """The kinds of what is exchanged."""
    _ = language.gettext
    return {
        "residue": _("Residues and waste"), "material": _("Materials and packaging"),
        "heat": _("Heat, cooling and power"), "space": _("Space"), "machine": _("Machines and services"),
    }  # fmt: skip


def unit_words(language: Language) -> Mapping[str, str]:
    """The units of amounts."""
    _ = language.gettext
    return {
        "t": _("t"), "kg": _("kg"), "m3": _("m³"), "m2": _("m²"), "pieces": _("pieces"), "kWh": _("kWh"),
        "MWh": _("MWh"), "hours": _("hours"),
    }  # fmt: skip


def period_words(language: Language) -> Mapping[str, str]:
    """How often an amount is there."""
    _ = language.gettext
    return {"week": _("each week"), "month": _("each month"), "year": _("each year"), "once": _("once")}


def month_names(language: Language) -> Mapping[int, str]:
    """The months by number."""
    return {month: language.month(month) for month in sorted(ALL_MONTHS)}


def reach_words(language: Language) -> Mapping[int, str]:
    """How far a company would go."""
    _ = language.gettext
    within = {band: _("%(most)s km at most") % {"most": language.number(band)} for band in BANDS}
    return {**within, BEYOND: _("Any distance")}


def material_words(material: str, language: Language) -> str:
    """What it is, by the list."""
    found = cluster_lists().materials.get(material)
    return language.gettext(found.label) if found else material


def code_words(code: str, language: Language) -> str:
    """A waste code with what the list says it is."""
    found = cluster_lists().codes.get(code)
    label = language.gettext(found.label) if found else ""
    return language.gettext("Waste code %(code)s: %(label)s") % {"code": code, "label": label} if label else code


def amount_words(post: StoredPost, language: Language) -> str:
    """How much, how often, and when."""
    _ = language.gettext
    values = {
        "amount": language.number(Decimal(post.amount)), "unit": unit_words(language)[post.unit],
        "period": period_words(language)[post.period],
    }  # fmt: skip
    words = _("%(amount)s %(unit)s %(period)s") % values
    months = frozenset(map(int, post.months.split(",")))
    if post.period == "once" or months == ALL_MONTHS:
        return words
    return _("%(amount)s, in %(months)s") % {"amount": words, "months": months_words(months, language)}


def months_words(months: frozenset[int], language: Language) -> str:
    """Some months as a list of spans, such as August to November."""
    names = month_names(language)
    spans = [
        names[first] if first == last
        else language.gettext("%(first)s to %(last)s") % {"first": names[first], "last": names[last]}
        for first, last in _spans(months)
    ]  # fmt: skip
    return language.list_of(spans)


def _spans(months: frozenset[int]) -> list[tuple[int, int]]:
    """Months in a row; a row that goes on over the turn of the year is one."""
    begins = [month for month in sorted(months) if (month - 2) % 12 + 1 not in months]
    found = []
    for first in begins:
        last = first
        while last % 12 + 1 in months:
            last = last % 12 + 1
        found.append((first, last))
    return found


def told_words(told: Told, language: Language) -> str:
    """What may be told of a distance."""
    _ = language.gettext
    values = {"least": language.number(told.beyond), "most": language.number(told.within)}
    if told.within >= BEYOND:
        return _("more than %(least)s km apart") % values if told.beyond else _("distance told once both agree")
    if not told.beyond:
        return _("at most %(most)s km apart") % values
    return _("%(least)s to %(most)s km apart") % values


def reasons(found: Found, language: Language) -> Sequence[str]:
    """Why it is a match, in short phrases."""
    _ = language.gettext
    match = found.match
    said = [_("same material") if match.common == "material" else _("same waste code")]
    if found.state == "agreed":
        kilometres = language.number(round(match.kilometres))
        said.append(_("about %(km)s km from town to town") % {"km": kilometres})
    else:
        said.append(told_words(match.told[found.side], language))
    if not match.months:
        said.append(_("once"))
    elif match.months == ALL_MONTHS:
        said.append(_("all year"))
    else:
        said.append(_("both in %(months)s") % {"months": months_words(match.months, language)})
    if match.share is None or match.covered is None:
        said.append(_("amounts in units that cannot be compared"))
    else:
        share, covered = (_percent(part, language) for part in (match.share, match.covered))
        said.append(_("%(share)s of the offered amount") % {"share": share})
        if match.covered < 1:
            said.append(_("%(covered)s of what is needed") % {"covered": covered})
    return said


def _percent(share: Decimal, language: Language) -> str:
    """A share as a whole per cent; what is less than one is said to be."""
    text = language.percent(max(1, round(share * _HUNDRED)))
    return language.gettext("less than %(share)s") % {"share": text} if share * _HUNDRED < 1 else text


def checks_first(found: Found, language: Language) -> Sequence[str]:
    """What both sides check before anything is moved."""
    _ = language.gettext
    said = []
    for material in dict.fromkeys((found.mine.material, found.theirs.material)):
        listed = cluster_lists().materials.get(material)
        if listed is not None and listed.note:
            said.append(language.gettext(listed.note))
    if found.mine.waste_code or found.theirs.waste_code:
        said.append(_("Whoever takes waste may need a permit, unless it counts as a by-product: ask your authority."))
    return list(dict.fromkeys(said))


def state_words(state: TalkState, language: Language) -> tuple[str, str]:
    """How a match stands, and the colour of its tag."""
    _ = language.gettext
    return {
        "new": (_("New"), "blue"), "asked": (_("The other side asks for contact"), "yellow"),
        "waiting": (_("Waiting for the other side"), "yellow"), "agreed": (_("Both agreed to talk"), "green"),
        "ended-here": (_("You took your yes back"), "grey"),
        "ended-there": (_("The other side took its yes back"), "grey"),
    }[state]  # fmt: skip
