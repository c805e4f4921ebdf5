"""What a company says about its use beside the questionnaire: own figures, prices, kinds and wishes.

Storage keeps it as JSON (`model_dump(mode="json")`, `model_validate`). Figures that make no sense (a negative amount)
are kept as they were typed; the sheet does not count with them and says so.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from assessment.core.model import Model, Slug
from assessment.core.money.factor_lookups import Contract
from assessment.core.money.factors import FactorId
from assessment.core.money.sheet_lines import TypedUnit

Typed = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=24)]


LONGEST_PERIOD: Final = 60
Period = Annotated[str, StringConstraints(max_length=LONGEST_PERIOD)]
"""Which year or months figures are of, in the company's own words."""

MONTHS: Final = 12

QuantityKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,60}\.[a-z0-9-]{1,60}$")]


def quantity_key(resource: str, end_use: str) -> str:
    """Where the quantity of an end use stands among the entries."""
    return f"{resource}.{end_use}"


class OwnFigure(Model):
    """A yearly amount in the unit of its line, and whether it was read on bills or a meter.

    `typed` and `unit` are what was typed, where the line can be typed in several units. `months` is how many months
    that was of; `amount` is for twelve.
    """

    amount: Typed
    from_bills: bool = False
    typed: Typed | None = None
    unit: TypedUnit | None = None
    months: Annotated[int, Field(ge=1, le=MONTHS)] = MONTHS


class SheetEntries(Model):
    """The company's own words about its resource sheet.

    `amounts` go by line of the sheet and take the place of answers (also floor area, money spent on materials and
    waste, cooling agent refilled); `prices` are in EUR per unit of the line; `kinds` name the factor of a line that
    offers a choice; `pieces` the number of pieces of a measure, `steps` its bars or degrees; `quantities`, by resource
    and end use, how much a year of something comes that is no line of the sheet (`quantity_key`);
    `without_estimates` the lines that are not to be estimated; `period` what year or months all of it is of, `periods`
    those of single lines that differ.
    """

    amounts: Mapping[Slug, OwnFigure] = Field(default_factory=dict)
    prices: Mapping[Slug, Typed] = Field(default_factory=dict)
    kinds: Mapping[Slug, FactorId] = Field(default_factory=dict)
    contract: Contract | None = None
    pieces: Mapping[Slug, Typed] = Field(default_factory=dict)
    steps: Mapping[Slug, Typed] = Field(default_factory=dict)
    quantities: Mapping[QuantityKey, Typed] = Field(default_factory=dict)
    without_estimates: tuple[Slug, ...] = ()
    period: Period = ""
    periods: Mapping[Slug, Period] = Field(default_factory=dict)

    def with_lasting_of(self, earlier: "SheetEntries") -> "SheetEntries":
        """Beside all that is said here, what was said a year before and lasts: an amount and a period do not."""
        lasting = ("prices", "kinds", "pieces", "steps")
        off = {*earlier.without_estimates, *self.without_estimates}
        return self.model_copy(
            update={
                **{name: {**getattr(earlier, name), **getattr(self, name)} for name in lasting},
                "contract": self.contract or earlier.contract, "without_estimates": tuple(sorted(off)),
            }
        )  # fmt: skip


NO_ENTRIES = SheetEntries()
