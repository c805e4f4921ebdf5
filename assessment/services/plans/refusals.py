"""Measures that a company does not want, told from those that only gave way when a plan was put together."""

from typing import Final

from assessment.storage.plans.plan_items import PlanFields

N_ = str
"""Marks a text for extraction; it is stored as it stands here and translated where it is shown."""

LEFT_OUT: Final = N_("Left out when the plan was put together")
NOT_BEST: Final = N_("Not in the best plan for your wishes")
PUT_ASIDE: Final = frozenset({LEFT_OUT, NOT_BEST})
"""Why the product itself put a measure aside: with other wishes it may come back at any time."""


def is_settled(item: PlanFields) -> bool:
    """Whether a measure is done, or was refused by the company itself: it is not advised again."""
    return item.status == "done" or (item.status == "not-for-us" and item.refusal not in PUT_ASIDE)
