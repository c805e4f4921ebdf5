"""The form of an offer or a need, and of the place that a company takes part from."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, get_args

from werkzeug.datastructures import MultiDict

from assessment.content.clusters.cluster_lists import cluster_lists
from assessment.core.clusters.cluster_lists import Unit
from assessment.core.clusters.exchange import ALL_MONTHS, Period, Side
from assessment.i18n import Language
from assessment.services.clusters.exchange import LONGEST_NOTE, LONGEST_TITLE, REACHES, Typed
from assessment.storage.clusters.exchanges import StoredPost
from assessment.web.checks.fields import cleaned
from assessment.web.clusters.exchange_words import unit_words
from assessment.web.money.money_forms import MoneyFields, plain, typed_of

LARGEST: Final = Decimal(1_000_000_000)
PLACES: Final = 3

_SIDES: Final[Mapping[str, Side]] = {side: side for side in get_args(Side)}
_PERIODS: Final[Mapping[str, Period]] = {period: period for period in get_args(Period)}
_UNITS: Final[Mapping[str, Unit]] = {unit: unit for unit in get_args(Unit)}
_LINES: Final = ("title", "material", "code", "unit", "period", "reach", "side")


@dataclass(frozen=True, slots=True)
class PostFields:
    """What stands in the controls; `number` also holds what is wrong with the amount and how it may be read."""

    values: Mapping[str, str]
    months: frozenset[int]
    number: MoneyFields

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


def empty_fields() -> PostFields:
    """A new form: all months, any distance of 100 km."""
    return PostFields({"period": "year", "reach": "100"}, ALL_MONTHS, MoneyFields({}))


def fields_of(post: StoredPost, language: Language) -> PostFields:
    """A post as its controls show it."""
    values = {
        "side": post.side, "title": post.title, "material": post.material, "code": post.waste_code, "unit": post.unit,
        "period": post.period, "reach": str(post.reach), "note": post.note,
    }  # fmt: skip
    amount = MoneyFields({"amount": plain(Decimal(post.amount), language)})
    return PostFields(values, frozenset(map(int, post.months.split(","))), amount)


def read_post(
    sent: "MultiDict[str, str]", language: Language
) -> tuple[PostFields, Typed | None, list[tuple[str, str]]]:
    """What was typed, the post it makes, and what is wrong with it."""
    values = {name: " ".join(cleaned(sent.get(name, "")).split())[: LONGEST_TITLE + 1] for name in _LINES}
    values["note"] = cleaned(sent.get("note", "")).strip()[: LONGEST_NOTE + 1]
    months = frozenset(int(month) for month in sent.getlist("month") if month in map(str, ALL_MONTHS))
    fields = PostFields(values, months, typed_of(sent, "amount"))
    errors = _plain_errors(fields, language)
    amount = fields.number.number("amount", language.gettext("Amount"), "", language)
    errors += fields.number.errors or _amount_errors(amount, language)
    if errors or amount is None:
        return fields, None, sorted(errors, key=lambda error: _ORDER.index(error[0]))
    typed = Typed(
        _SIDES[values["side"]], values["material"], values["title"], values["code"], amount, _UNITS[values["unit"]],
        _PERIODS[values["period"]], months if values["period"] != "once" else ALL_MONTHS, int(values["reach"]),
        values["note"],
    )  # fmt: skip
    return fields, typed, []


_ORDER: Final = ("side", "material", "title", "amount", "unit", "period", "month", "reach", "code", "note")


def _plain_errors(fields: PostFields, language: Language) -> list[tuple[str, str]]:
    _ = language.gettext
    lists, errors = cluster_lists(), []
    material = lists.materials.get(fields["material"])
    if fields["side"] not in _SIDES:
        errors.append(("side", _("Say whether you offer or look for it")))
    if material is None:
        errors.append(("material", _("Choose what it is")))
    if not fields["title"]:
        errors.append(("title", _("Describe it in a few words, for example: surplus bread, unsold, no mould")))
    elif len(fields["title"]) > LONGEST_TITLE:
        errors.append(("title", _("Shorten this to %(most)s characters") % {"most": LONGEST_TITLE}))
    if fields["unit"] not in _UNITS:
        errors.append(("unit", _("Choose a unit")))
    elif material is not None and fields["unit"] not in material.units:
        names = unit_words(language)
        units = language.list_of([names[unit] for unit in material.units])
        errors.append(("unit", _("Choose one of these units for it: %(units)s") % {"units": units}))
    if fields["period"] not in _PERIODS:
        errors.append(("period", _("Say how often")))
    if not fields.months and fields["period"] != "once":
        errors.append(("month", _("Tick at least one month")))
    if fields["reach"] not in map(str, REACHES):
        errors.append(("reach", _("Choose how far it may be")))
    if fields["code"] and fields["code"] not in lists.codes:
        errors.append(("code", _("Choose one of the codes offered, or none")))
    if len(fields["note"]) > LONGEST_NOTE:
        errors.append(("note", _("Shorten this to %(most)s characters") % {"most": LONGEST_NOTE}))
    return errors


def _amount_errors(amount: Decimal | None, language: Language) -> list[tuple[str, str]]:
    _ = language.gettext
    if amount is None:
        return [("amount", _("Type how much there is, for example 12. An estimate will do"))]
    if amount <= 0:
        return [("amount", _("Type an amount above 0"))]
    if amount > LARGEST:
        return [("amount", _("Check the amount: it is larger than any company has. Choose a larger unit"))]
    if amount != round(amount, PLACES):
        return [("amount", _("Type three decimals at most, or choose a smaller unit"))]
    return []
