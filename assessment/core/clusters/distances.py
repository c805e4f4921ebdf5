"""How far two places are from each other, exactly and as it may be told."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from math import asin, cos, radians, sin, sqrt
from typing import Final, NamedTuple

EARTH_KM: Final = 6371.0088
"""The mean radius of the earth (IUGG: a third of twice the equatorial and once the polar radius of GRS 80)."""

BANDS: Final[tuple[int, ...]] = (10, 25, 50, 100, 250, 500)
"""In kilometres: the only distances that are ever told before both sides agree."""
BEYOND: Final = 100_000
"""The band of everything farther away: more than half of the way round the earth."""

_KM_PER_DEGREE: Final = EARTH_KM * radians(1)


class Place(NamedTuple):
    """Degrees north and east."""

    latitude: float
    longitude: float


def distance_km(one: Place, other: Place) -> float:
    """The way over the earth's surface in kilometres, by the haversine formula (Sinnott, Sky and Telescope 68, 1984).

    The earth is taken for a ball; the error is at most 0.6 %.
    """
    north, east = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    across = cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(east / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(sin(north / 2) ** 2 + across)))


class Told(NamedTuple):
    """What may be told of a distance: that it is more than `beyond` and at most `within` kilometres."""

    beyond: int
    within: int

    def may_be(self, kilometres: int) -> bool:
        """Whether, by what is told, it may be at most so far."""
        return kilometres > self.beyond


class Crowd:
    """What may be told of the distance from a place to each of many others, so that nobody of these can be told apart.

    `among` are those who may be at the other end, `owners` says who stands behind a name where it is not that alone:
    companies of one owner are one.
    The bands of a place are put together until in each of them (farther than the one before) at least `fewest` others
    lie. So whoever learns a band knows no more than that it is one of so many. Worked out for a place when first asked.

    Others come and go, and with them the bands: who was in one from 25 to 100 km and later is in one up to 50 km would
    be between 25 and 50, maybe alone. So `before` names the ends of all bands that were ever told at a place, and a new
    end is only told where it leaves so many others (or nobody) on both sides, up to the next end that is known.
    With `settled` no new end is told there at all.
    """

    def __init__(
        self, places: Mapping[str, Place], fewest: int, among: Collection[str], owners: Mapping[str, str],
        before: Mapping[str, Collection[int]] | None = None, settled: bool = False,
    ) -> None:  # fmt: skip
        self._before, self._settled = before or {}, settled
        self._places, self._fewest, self._owners = places, fewest, owners
        self._order = sorted(among, key=lambda name: (places[name].latitude, name))
        self._north = [places[name].latitude for name in self._order]
        self._everybody = frozenset(map(self._whose, among))
        self._bands: dict[str, tuple[int, ...]] = {}

    def is_enough(self, name: str) -> bool:
        """Whether so many others may be at the other end that anything may be told there at all."""
        return len(self._everybody) - (self._whose(name) in self._everybody) >= self._fewest

    def ends(self, name: str) -> tuple[int, ...]:
        """The ends of the bands that are told at a place, the nearest first."""
        if name not in self._bands:
            self._bands[name] = self._bands_of(name)
        return self._bands[name]

    def told(self, name: str, kilometres: float) -> Told:
        """The band of a distance from that place, as it may be told there."""
        beyond = 0
        for band in self.ends(name):
            if kilometres <= band:
                return Told(beyond, band)
            beyond = band
        return Told(beyond, BEYOND)

    def _bands_of(self, name: str) -> tuple[int, ...]:
        found: list[int] = []
        for band in BANDS:
            enough = self._count(name, found[-1] if found else -1, band) >= self._fewest
            if enough and self._may_end(name, band, found):
                found.append(band)
        while found and 0 < self._count(name, found[-1], BEYOND) < self._fewest:
            # Too few lie farther away than the last band: they are put together with it.
            found.pop()
        return tuple(found)

    def _may_end(self, name: str, band: int, found: Sequence[int]) -> bool:
        """Whether a band may end there, by what was told before."""
        before = self._before.get(name)
        if before is None or band in before:
            return True
        if self._settled:
            return False
        below = max((end for end in (*before, *found) if end < band), default=-1)
        above = min((end for end in before if end > band), default=BEYOND)
        parts = (self._count(name, below, band), self._count(name, band, above))
        return not before or all(part == 0 or part >= self._fewest for part in parts)

    def _count(self, name: str, beyond: int, band: int) -> int:
        """How many others lie farther away than one band and within another; no more than asked for are counted."""
        here, mine = self._places[name], self._whose(name)
        found: set[str] = set()
        for other in self._order[within(self._north, here.latitude, band)]:
            whose = self._whose(other)
            if whose != mine and whose not in found and self._is_between(here, other, beyond, band):
                found.add(whose)
                if len(found) == self._fewest:
                    break
        return len(found)

    def _whose(self, name: str) -> str:
        return self._owners.get(name, name)

    def _is_between(self, here: Place, other: str, beyond: int, band: int) -> bool:
        return beyond < distance_km(here, self._places[other]) <= band


def within(north: Sequence[float], latitude: float, kilometres: float) -> slice:
    """Where in a list of latitudes, from south to north, those stand that may lie so near; nobody else does."""
    # A little more, for rounding.
    reach = kilometres / _KM_PER_DEGREE + 1e-6
    return slice(bisect_left(north, latitude - reach), bisect_right(north, latitude + reach))
