"""Following an action up: its dates, what it really cost, and what it saved by a reading before and one after.

Everything a person gave is kept as given. A saving is worked out only where both readings are whole; what looks odd
about them is a doubt to ask about, never a reason to refuse them.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from pydantic import TypeAdapter

from assessment.core.checks.answers import Quantity

MeasuredUse = Literal[
    "electricity", "heat", "transport", "water", "waste", "materials", "refrigerant", "cost-resources"
]  # fmt: skip
"""What readings are taken of: the uses of measures that a meter, a bill or a ledger tells."""

_ENERGY: Final = {"kwh": Decimal(1), "mwh": Decimal(1000), "gj": Decimal("277.777777777778")}
_OF_A_GAS_BILL: Final = ("kwh-gas", "mwh-gas")
_EURO: Final = {"eur": Decimal(1), "thousand-eur": Decimal(1000)}
# Net calorific value in MJ/kg / 3.6, times the density, from EFRAG VSME Digital Template 1.3.0, sheet Fuel Conversion
# Parameters: the same figures that the questionnaire turns bills into kWh with, and a test holds the two alike.
_GAS_M3 = Decimal("9.33333333333333")
_OIL_LITRE = Decimal("10.0333333333333")
_LPG_LITRE = Decimal("7.095")
_PETROL_LITRE = Decimal("9.10611111111111")
# A gas bill states gross calorific value; the sheet, and so every forecast, counts net (conversions.yaml).
_GAS_GROSS = Decimal("0.903")

UNITS: Final[Mapping[MeasuredUse, Mapping[str, Decimal]]] = {
    "electricity": _ENERGY,
    "heat": {
        **_ENERGY,
        "kwh-gas": _GAS_GROSS,
        "mwh-gas": 1000 * _GAS_GROSS,
        "m3-gas": _GAS_M3,
        "litre-oil": _OIL_LITRE,
        "litre-lpg": _LPG_LITRE,
    },
    "transport": {**_ENERGY, "litre-diesel": _OIL_LITRE, "litre-petrol": _PETROL_LITRE, "litre-lpg": _LPG_LITRE},
    "water": {"m3": Decimal(1), "litre": Decimal("0.001")},
    "waste": {"t": Decimal(1), "kg": Decimal("0.001")},
    "materials": _EURO,
    "refrigerant": {"kg": Decimal(1)},
    "cost-resources": _EURO,
}
"""The units of each use; a number times its factor is in the base unit, which comes first."""

DAYS_OF_YEAR = 365
WHOLE_YEAR_FROM = 330
"""Days; a shorter period can leave out a winter or a holiday."""

FAR_APART = 10
"""A reading so many times the other is more often a slip of the unit than a saving."""

VISIBLE_FROM = 0.1
"""A saving of less than a tenth of the whole meter drowns in its usual ups and downs: EVO, the publisher of IPMVP,
says that option C makes sense where more than 10 % of the building's energy use is predicted to be saved (M&V Focus,
issue 2, "Stopping M&V Adjustment Abuse")."""

DEAREST = Decimal(10_000_000)
LARGEST = Decimal(10) ** 12

ReadingBasis = Literal["", "meter", "bill"]


@dataclass(frozen=True, slots=True)
class Reading:
    """An amount used from one day to another, both included; any part may be missing.

    Without a use the amount is as typed, in no unit. `activity` is how much was made, or how many degree days there
    were, in the same days.
    """

    use: MeasuredUse | Literal[""] = ""
    amount: Quantity | None = None
    first: date | None = None
    last: date | None = None
    basis: ReadingBasis = ""
    activity: Quantity | None = None

    @property
    def days(self) -> int | None:
        """How many days it covers; None where they are not known or run backwards."""
        if self.first is None or self.last is None or self.last < self.first:
            return None
        return (self.last - self.first).days + 1

    @property
    def usable(self) -> bool:
        """Whether a year can be worked out from it."""
        known = self.use != "" and self.amount is not None and self.days is not None
        return known and self.amount is not None and self.amount.amount >= 0

    @property
    def turned_to_net(self) -> bool:
        """Whether it was typed in gross calorific value, as gas bills have it."""
        return self.amount is not None and self.amount.unit in _OF_A_GAS_BILL

    @property
    def yearly(self) -> float:
        """The amount of a year at the same rate, in the base unit.

        Raises ValueError where the reading is not usable.
        """
        if self.amount is None or self.days is None:
            raise ValueError("a reading needs its amount and both its days")
        return float(self.amount.amount) * DAYS_OF_YEAR / self.days

    def __bool__(self) -> bool:
        return self != _NO_READING


_NO_READING = Reading()


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What a company noted about one action on its way: dates, cost, two readings, what else changed meanwhile.

    `activity_name` says what the activity of the readings counts, in the company's words.
    """

    planned_for: date | None = None
    started_on: date | None = None
    done_on: date | None = None
    cost: Quantity | None = None
    before: Reading = field(default=_NO_READING)
    after: Reading = field(default=_NO_READING)
    activity_name: str = ""
    besides: str = ""

    def __bool__(self) -> bool:
        return self != NOTHING_NOTED


NOTHING_NOTED = FollowUp()

_DOCUMENT: Final = TypeAdapter(FollowUp)


def write(noted: FollowUp) -> str:
    """What was noted as JSON, without what is empty; `read` reads it back."""
    return _DOCUMENT.dump_json(noted, exclude_defaults=True).decode()


def read(text: str) -> FollowUp:
    """What was noted, from the JSON of `write`."""
    return _DOCUMENT.validate_json(text)


@dataclass(frozen=True, slots=True)
class Measured:
    """Yearly use before and after in the base unit, at the conditions after, and the difference.

    A negative saving means that more was used. `corrected` tells that the reading before was first brought to the
    activity after.
    """

    use: MeasuredUse
    before: float
    after: float
    corrected: bool

    @property
    def saving(self) -> float:
        """Base units a year."""
        return self.before - self.after


def measured(noted: FollowUp) -> Measured | None:
    """The saving that two readings show; None where one of them is not whole.

    IPMVP Core Concepts (2016), option C (whole facility), section 5, equation 1, as EVO quotes it (M&V Focus, issue 2):

        savings = (baseline period use - reporting period use) +/- adjustments

    Here both uses are brought to 365 days. Where the activity of both periods is known, the routine adjustment restates
    the use before at the conditions after, taking it as proportional to the activity:

        savings = (use before x activity after / activity before - use after) x 365 / days after

    and without it the days themselves are the activity. What changed besides is told in words and not taken out.
    """
    before, after = noted.before, noted.after
    if before.use == "" or before.use != after.use or not before.usable or not after.usable:
        return None
    reference = before.yearly
    activities = _activities(noted)
    if activities is not None and before.days and after.days:
        made_before, made_after = activities
        reference *= (made_after / after.days) / (made_before / before.days)
    return Measured(before.use, reference, after.yearly, activities is not None)


def _activities(noted: FollowUp) -> tuple[float, float] | None:
    before, after = noted.before.activity, noted.after.activity
    if before is None or after is None or before.amount <= 0 or after.amount <= 0:
        return None
    return float(before.amount), float(after.amount)


Doubt = Literal[
    "incomplete", "no-use", "backwards", "not-over", "overlap", "before-done", "part-of-year", "uses-differ",
    "units-differ", "far-apart", "more-used", "small", "negative", "too-much", "one-activity", "cost-negative",
    "cost-high", "done-before-start", "done-later",
]  # fmt: skip
"""What looks odd about what was noted; each is a question to the company."""


def doubts(noted: FollowUp, today: date) -> tuple[Doubt, ...]:
    """What to ask about, in the order of the form."""
    return (*_doubts_of_dates(noted, today), *_doubts_of_cost(noted), *_doubts_of_readings(noted, today))


def _doubts_of_dates(noted: FollowUp, today: date) -> Iterator[Doubt]:
    if noted.done_on is not None and noted.started_on is not None and noted.done_on < noted.started_on:
        yield "done-before-start"
    if noted.done_on is not None and noted.done_on > today:
        yield "done-later"


def _doubts_of_cost(noted: FollowUp) -> Iterator[Doubt]:
    if noted.cost is not None and noted.cost.amount < 0:
        yield "cost-negative"
    if noted.cost is not None and noted.cost.amount > DEAREST:
        yield "cost-high"


def _doubts_of_readings(noted: FollowUp, today: date) -> Iterator[Doubt]:
    readings = (noted.before, noted.after)
    if not any(readings):
        return
    yield from _doubts_of_amounts([reading for reading in readings if reading.amount is not None])
    dated = [reading for reading in readings if reading.first is not None and reading.last is not None]
    if any(reading.days is None for reading in dated):
        yield "backwards"
    elif len(dated) < len(readings) or any(reading.amount is None for reading in readings):
        yield "incomplete"
    if any(reading.last is not None and reading.last > today for reading in readings):
        yield "not-over"
    if noted.after.first is not None:
        if noted.before.last is not None and noted.after.first <= noted.before.last:
            yield "overlap"
        if noted.done_on is not None and noted.after.first < noted.done_on:
            yield "before-done"
    if any(reading.activity is not None for reading in readings) and _activities(noted) is None:
        yield "one-activity"
    found = measured(noted)
    if found is not None:
        yield from _doubts_of_saving(noted, found)


def _doubts_of_amounts(readings: Sequence[Reading]) -> Iterator[Doubt]:
    uses, amounts = {reading.use for reading in readings}, [r.amount for r in readings if r.amount is not None]
    if "" in uses:
        yield "no-use"
    elif len(uses) > 1:
        yield "uses-differ"
    if any(amount.amount < 0 for amount in amounts):
        yield "negative"
    if any(amount.amount > LARGEST for amount in amounts):
        yield "too-much"
    if len(uses) == 1 and len({amount.unit for amount in amounts}) > 1:
        yield "units-differ"


def _doubts_of_saving(noted: FollowUp, found: Measured) -> Iterator[Doubt]:
    days = [reading.days or 0 for reading in (noted.before, noted.after)]
    if min(days) < WHOLE_YEAR_FROM and not found.corrected:
        yield "part-of-year"
    least, most = sorted((found.before, found.after))
    if most > 0 and most >= FAR_APART * least:
        yield "far-apart"
    elif found.saving < 0:
        yield "more-used"
    elif found.saving < VISIBLE_FROM * found.before:
        yield "small"


@dataclass(frozen=True, slots=True)
class Forecast:
    """What an action was expected to save of one use in a year, in the base unit."""

    use: MeasuredUse
    low: float
    typical: float
    high: float


Verdict = Literal["below", "within", "above"]


def verdict_of(forecast: Forecast, saving: float) -> Verdict:
    """Whether a measured saving lies in the range that was forecast."""
    if saving < forecast.low:
        return "below"
    return "above" if saving > forecast.high else "within"


@dataclass(frozen=True, slots=True)
class Compared:
    """Forecast and measured saving of one action, or of several of the same use together."""

    forecast: Forecast
    saving: float
    actions: int = 1

    @property
    def verdict(self) -> Verdict:
        """Whether the saving lies in the range."""
        return verdict_of(self.forecast, self.saving)


Tracked = tuple[Forecast, Measured]
"""One action with both figures."""


def tracked(forecasts: Iterable[Forecast], found: Measured | None) -> Tracked | None:
    """The forecast of the use that was measured beside what was measured; None where one of the two is missing."""
    if found is None:
        return None
    return next(((forecast, found) for forecast in forecasts if forecast.use == found.use), None)


def totals(pairs: Sequence[Tracked]) -> tuple[Compared, ...]:
    """For each use, all actions that have both figures together.

    Forecasts miss independently of each other, so the distances of low and high from the typical values add up as
    squares (root sum square), not as they are: all of them at their best together is no forecast.
    """
    uses = dict.fromkeys(forecast.use for forecast, _ in pairs)
    return tuple(_total(use, [pair for pair in pairs if pair[0].use == use]) for use in uses)


def _total(use: MeasuredUse, pairs: Sequence[Tracked]) -> Compared:
    forecasts = [forecast for forecast, _ in pairs]
    typical = math.fsum(forecast.typical for forecast in forecasts)
    below = math.hypot(*(forecast.typical - forecast.low for forecast in forecasts))
    above = math.hypot(*(forecast.high - forecast.typical for forecast in forecasts))
    forecast = Forecast(use, typical - below, typical, typical + above)
    return Compared(forecast, saved_by_use(found for _, found in pairs)[use], len(pairs))


def saved_by_use(found: Iterable[Measured]) -> Mapping[MeasuredUse, float]:
    """All measured savings added up by use.

    The same readings given for several actions are one meter, which shows what all of them did: they count once.
    """
    sums: dict[MeasuredUse, float] = {}
    for one in dict.fromkeys(found):
        sums[one.use] = sums.get(one.use, 0.0) + one.saving
    return sums
