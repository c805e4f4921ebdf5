"""What a company wishes of its plan: money and hours a year, the longest payback, and what matters to it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, get_args

from pydantic import Field

from assessment.core.model import Model, Slug
from assessment.core.plans.choices import Limits, Wishes

Matter = Literal["cost", "carbon", "water", "waste"]
MATTERS: tuple[Matter, ...] = get_args(Matter)

Weight = Annotated[int, Field(ge=0, le=3)]
Amount = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=24)]

Limit = Literal["budget", "hours", "payback"]
Doubt = Literal["negative", "unlikely"]
"""What should be asked about again: a limit below zero is kept and counts as zero."""

LIKELY_UP_TO: Mapping[Limit, Decimal] = {"budget": Decimal(10**8), "hours": Decimal(10**5), "payback": Decimal(100)}
"""EUR and hours a year, years; what is more is asked about."""

ASKED_FOR: Mapping[Limit, Decimal] = {"budget": Decimal(5000), "hours": Decimal(80), "payback": Decimal(5)}
"""What the form proposes before a company has said anything: the project's own choice, open to every change."""


class Goals(Model):
    """What a company wishes of its plan: EUR and own hours a year, the longest payback in years, and what matters.

    None: no limit. `matters` gives each thing a weight from 0 to 3; with nothing weighed, cost counts alone.
    """

    budget: Amount | None = ASKED_FOR["budget"]
    hours: Amount | None = ASKED_FOR["hours"]
    payback: Amount | None = ASKED_FOR["payback"]
    matters: Mapping[Matter, Weight] = {"cost": 3, "carbon": 1}
    excluded: tuple[Slug, ...] = ()
    count_funding: bool = False

    @property
    def wishes(self) -> Wishes:
        """The weights as parts of one."""
        weights = {matter: self.matters.get(matter, 0) for matter in MATTERS}
        total = sum(weights.values())
        return Wishes(**{matter: weight / total for matter, weight in weights.items()}) if total else Wishes()

    @property
    def limits(self) -> Limits:
        """What there is, as the optimiser takes it."""
        figures = (self.budget, self.hours, self.payback)
        budget, hours, payback = (None if figure is None else float(max(figure, Decimal(0))) for figure in figures)
        return Limits(budget, hours, payback)

    @property
    def doubts(self) -> Mapping[Limit, Doubt]:
        """What should be asked about again; nothing of it is refused."""
        figures: dict[Limit, Decimal | None] = {
            "budget": self.budget, "hours": self.hours, "payback": self.payback
        }  # fmt: skip
        found: dict[Limit, Doubt] = {}
        for name, figure in figures.items():
            if figure is not None and not 0 <= figure <= LIKELY_UP_TO[name]:
                found[name] = "negative" if figure < 0 else "unlikely"
        return found
