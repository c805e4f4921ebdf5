"""The by-product exchange: what offers and needs have in common, and what is told of it before both sides agree.

A match has the same material, or the same waste code. Amounts are compared by the year in one unit; months in which
one offers and the other needs must overlap; each side says how far it would go. Every match says why it is one.

Before both sides agree nothing may tell who the other is. So a distance is told in bands, put together until in each
at least `FEWEST` others lie that could be the other side: to who looks for something these are companies with an offer,
to who offers those with a need, and companies of one owner are one. Who takes part and posted nothing hides nobody. How
far each side would go is compared with the near edge of that band, never with the distance itself: else trying other
limits would find it out. There is a match once each side has `FEWEST` such others before it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

from assessment.core.clusters.cluster_lists import Unit
from assessment.core.clusters.distances import BEYOND, Crowd, Place, Told, distance_km, within

Side = Literal["offer", "need"]
Period = Literal["week", "month", "year", "once"]
Common = Literal["material", "code"]

SIDES: Final[tuple[Side, ...]] = ("offer", "need")
PERIODS: Final[tuple[Period, ...]] = ("week", "month", "year", "once")
ALL_MONTHS: Final = frozenset(range(1, 13))
FEWEST: Final = 5
"""Other companies among which one cannot be told: the least group of every figure about companies."""

_TO_BASE: Final[Mapping[Unit, tuple[Unit, Decimal]]] = {
    "t": ("t", Decimal(1)), "kg": ("t", Decimal("0.001")), "m3": ("m3", Decimal(1)), "m2": ("m2", Decimal(1)),
    "pieces": ("pieces", Decimal(1)), "kWh": ("kWh", Decimal(1)), "MWh": ("kWh", Decimal(1000)),
    "hours": ("hours", Decimal(1)),
}  # fmt: skip
_A_YEAR: Final[Mapping[Period, Decimal]] = {
    "week": Decimal(52), "month": Decimal(12), "year": Decimal(1), "once": Decimal(1),
}  # fmt: skip
_STANDING: Final = frozenset({"m2"})
"""Units of what is not used up: a hundred square metres a month are a hundred all year round."""


@dataclass(frozen=True, slots=True)
class Post:
    """An offer or a need of a company.

    `amount` is in `unit` for each `period` in which `months` (1 to 12) are; of what comes once months say nothing.
    `reach` is the band in kilometres that the company would go for at most. `code` is a waste code, or empty.
    """

    id: str
    company: str
    side: Side
    material: str
    amount: Decimal
    unit: Unit
    period: Period
    reach: int = BEYOND
    code: str = ""
    months: frozenset[int] = ALL_MONTHS

    @property
    def base(self) -> Unit:
        """The unit in which amounts are compared."""
        return _TO_BASE[self.unit][0]

    @property
    def yearly(self) -> Decimal:
        """The amount of a year (or of the one time) in the base unit."""
        amount = self.amount * _TO_BASE[self.unit][1]
        if self.unit in _STANDING or self.period in ("year", "once"):
            return amount
        return amount * _A_YEAR[self.period] * len(self.months) / len(ALL_MONTHS)


@dataclass(frozen=True, slots=True)
class Match:
    """An offer and a need that go together, and why.

    `share` is the part of the offered amount that the need would take, `covered` the part of the need that it fills,
    both from 0 to 1 and None where the units cannot be compared. `months` are those that both have, empty where one of
    them comes once. `told` is what may be shown of the distance to each side, `kilometres` the true distance.
    """

    offer: Post
    need: Post
    common: Common
    share: Decimal | None
    covered: Decimal | None
    months: frozenset[int]
    told: Mapping[Side, Told]
    kilometres: float

    @property
    def moved(self) -> Decimal | None:
        """How much would change hands in a year (or the one time), in the base unit."""
        return None if self.share is None else self.share * self.offer.yearly

    def of(self, side: Side) -> Post:
        """The post of one side."""
        return self.offer if side == "offer" else self.need


@dataclass(frozen=True, slots=True)
class Before:
    """The ends of the bands of distances that one company was ever told, on each side.

    With `settled` it is told no others, because it could not be noted that it was.
    """

    company: str
    ends: Mapping[Side, Collection[int]]
    settled: bool = False

    def at(self, side: Side) -> Mapping[str, Collection[int]]:
        """The same as a crowd takes it, where the company stands on a side."""
        return {self.company: self.ends.get(side, ())}


def crowds(
    posts: Collection[Post], places: Mapping[str, Place], fewest: int = FEWEST,
    owners: Mapping[str, str] | None = None, before: Before | None = None,
) -> Mapping[Side, Crowd]:  # fmt: skip
    """For whoever stands on each side, what may be told of those who posted something on the other.

    `owners` says who stands behind a company, where that is not the company alone; `before` what one was told already.
    """
    posted = {side: {post.company for post in posts if post.side == side and post.company in places} for side in SIDES}

    def around(side: Side, others: Collection[str]) -> Crowd:
        told, settled = (before.at(side), before.settled) if before else ({}, False)
        return Crowd(places, fewest, others, owners or {}, told, settled)

    return {"offer": around("offer", posted["need"]), "need": around("need", posted["offer"])}


def matches(
    posts: Iterable[Post], places: Mapping[str, Place], fewest: int = FEWEST, of: str | None = None,
    owners: Mapping[str, str] | None = None, before: Before | None = None,
) -> tuple[Match, ...]:  # fmt: skip
    """All matches between posts of different companies, best first; with `of` those of one company alone.

    `places` holds every company that takes part, with or without posts. The order goes by what is in common (material
    before waste code), by the distance as it is told to whoever offers, by the share of the amount in steps of a
    tenth, by how much of the need is covered, and last by the posts' ids: never by the true distance.
    """
    held = [post for post in posts if post.company in places]
    around = crowds(held, places, fewest, owners, before)
    offers, needs = ([post for post in held if post.side == side] for side in SIDES)
    rounds = [(offers, needs)]
    if of is not None:
        mine, other = _parted(offers, of)
        rounds = [(mine, needs), (other, _parted(needs, of)[0])]
    found = [
        match
        for offered, needed in rounds
        for offer, need, common in _pairs(offered, needed, places, around["offer"])
        if (match := _match(offer, need, common, places, around)) is not None
    ]
    return tuple(sorted(found, key=_rank))


def _parted(posts: Sequence[Post], company: str) -> tuple[list[Post], list[Post]]:
    """The posts of one company, and those of all others."""
    return [post for post in posts if post.company == company], [post for post in posts if post.company != company]


class _Needs:
    """Needs of one material or code, from south to north, so that those too far away are never looked at."""

    def __init__(self, needs: Iterable[Post], places: Mapping[str, Place]) -> None:
        self._needs = sorted(needs, key=lambda need: (places[need.company].latitude, need.id))
        self._north = [places[need.company].latitude for need in self._needs]

    def near(self, place: Place, reach: int) -> Sequence[Post]:
        return self._needs[within(self._north, place.latitude, reach)]


def _pairs(
    offers: Sequence[Post], needs: Sequence[Post], places: Mapping[str, Place], crowd: Crowd
) -> Iterator[tuple[Post, Post, Common]]:
    materials = _sorted_by(needs, places, lambda need: need.material)
    codes = _sorted_by(needs, places, lambda need: need.code)
    for offer in offers:
        # The whole band in which the limit lies: any of it may be near enough, by what is told.
        here, reach = places[offer.company], crowd.told(offer.company, offer.reach).within
        if offer.material in materials:
            for need in materials[offer.material].near(here, reach):
                yield offer, need, "material"
        if offer.code and offer.code in codes:
            for need in codes[offer.code].near(here, reach):
                if need.material != offer.material:
                    yield offer, need, "code"


def _sorted_by(needs: Iterable[Post], places: Mapping[str, Place], key: Callable[[Post], str]) -> dict[str, _Needs]:
    found: dict[str, list[Post]] = {}
    for need in needs:
        found.setdefault(key(need), []).append(need)
    return {name: _Needs(held, places) for name, held in found.items()}


def _match(
    offer: Post, need: Post, common: Common, places: Mapping[str, Place], around: Mapping[Side, Crowd]
) -> Match | None:  # fmt: skip
    once = "once" in (offer.period, need.period)
    months = frozenset[int]() if once else offer.months & need.months
    if offer.company == need.company or not (once or months):
        return None
    if not all(around[post.side].is_enough(post.company) for post in (offer, need)):
        return None
    kilometres = distance_km(places[offer.company], places[need.company])
    told: Mapping[Side, Told] = {post.side: around[post.side].told(post.company, kilometres) for post in (offer, need)}
    if not (told["offer"].may_be(offer.reach) and told["need"].may_be(need.reach)):
        return None
    share, covered = _shares(offer, need)
    return Match(offer, need, common, share, covered, months, told, kilometres)


def _shares(offer: Post, need: Post) -> tuple[Decimal | None, Decimal | None]:
    if offer.base != need.base:
        return None, None
    there, wanted = offer.yearly, need.yearly
    moved = min(there, wanted)
    return moved / there, moved / wanted


def _rank(match: Match, side: Side = "offer") -> tuple[bool, int, int, Decimal, str, str]:
    share = match.share if match.share is not None else Decimal(0)
    tenths = int((share * 10).to_integral_value(ROUND_HALF_UP))
    covered = match.covered if match.covered is not None else Decimal(0)
    return match.common == "code", match.told[side].within, -tenths, -covered, match.offer.id, match.need.id


def of_company(found: Iterable[Match], company: str) -> tuple[tuple[Side, Match], ...]:
    """The matches of one company, each with the side on which it stands, in the order of what it is told itself."""
    mine = [(side, match) for match in found for side in SIDES if match.of(side).company == company]
    return tuple(sorted(mine, key=lambda one: _rank(one[1], one[0])))
