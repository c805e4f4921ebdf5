"""What one company gives to the figures of a cluster.

Shape: `Contribution` (one company's latest result, as numbers and ids, without names) -> `one_per_contributor`, which
lets each company count once. A contributor is an owner, not a legal person: whoever owns two companies knows both
results, so two of them in a group of five would leave three to hide among. `contributors_of` tells who is one.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from assessment.core.model import Model

Key = Annotated[str, StringConstraints(min_length=1, max_length=80)]
"""An opaque key. It is compared and written to ledgers, never shown and never taken apart."""

Points = Annotated[int, Field(ge=0, le=100)]
"""A headline: whole points out of 100."""

MISSING_LEVEL = 0
"""The level of a known answer at which a practice counts as missing."""


class Amount(Model):
    """A quantity of one company, never below zero, in the unit that the menu gives for it.

    `estimate` marks a figure that nobody has read off a bill or a meter. It is left out of sums, because a benchmark
    made of guesses says how people guess. `version` names this value of it, where it can change while the result stays:
    a plan goes on, and another value is another unknown. Without one, it is the result's.
    """

    value: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    estimate: bool = False
    version: str = ""


class Contribution(Model):
    """One company's latest result, as much of it as goes into figures about many.

    `version` names the result, as no other result of anybody is named: an edited one is another unknown than the one
    before it, and a result that stayed as it was must keep its version. `sections` and `overall` hold headlines, and
    leave out what has none. `practices` says for each question with a known answer whether the practice is missing
    (`is_missing`); questions without a known answer, or that do not apply, are left out. `sector`, `size` and `region`
    are ids of the menu's categories; empty, or an id that the menu does not have, counts among all companies only.
    """

    contributor: Key
    version: Key
    finished_at: datetime
    sector: str = ""
    size: str = ""
    region: str = ""
    overall: Points | None = None
    sections: Mapping[str, Points] = {}
    practices: Mapping[str, bool] = {}
    amounts: Mapping[str, Amount] = {}


class Standing(Model):
    """How far one member of a population is.

    `reached` counts the menu's stages that it came to, from the first on, and `version` names this value of it;
    `counted` says whether the figures hold a result of its contributor, and `counted_version` names that. What stays as
    it was keeps its version, in every population. `sector`, `size` and `region` are those of the member as far as they
    are known; a result of it has its own.
    """

    contributor: Key
    version: Key
    counted_version: Key
    reached: Annotated[int, Field(ge=0)] = 0
    counted: bool = False
    sector: str = ""
    size: str = ""
    region: str = ""


def is_missing(level: int) -> bool:
    """Whether a known answer at this level (0 to 4) says that the practice is missing: nothing of it is done.

    Level 1 is a beginning ("decided, or tried once"). To count it as missing would call a company that has begun one
    that has nothing, and would make the share of missing practices fall only where something is done in part.
    """
    return level <= MISSING_LEVEL


def contributors_of(owners: Mapping[str, Collection[str]]) -> Mapping[str, str]:
    """The contributor of each company: companies that share an owner, directly or through others, are one.

    Takes the owners of each company and gives the key of each: that of the first company, in order of keys, among
    those that belong together. A company without owners is its own contributor.
    """
    first: dict[str, str] = {}

    def found(company: str) -> str:
        while first[company] != company:
            company = first[company]
        return company

    of_owner: dict[str, str] = {}
    for company in sorted(owners):
        first[company] = company
        for owner in owners[company]:
            other = found(of_owner.setdefault(owner, company))
            mine = found(company)
            first[max(mine, other)] = min(mine, other)
    return {company: found(company) for company in owners}


def one_per_contributor(contributions: Iterable[Contribution]) -> tuple[Contribution, ...]:
    """The latest result of each contributor, in order of their keys; of two at one moment, the later version."""
    latest: dict[str, Contribution] = {}
    for given in contributions:
        known = latest.get(given.contributor)
        if known is None or (known.finished_at, known.version) < (given.finished_at, given.version):
            latest[given.contributor] = given
    return tuple(latest[key] for key in sorted(latest))
