"""Where the parts of a cluster's map are drawn, as plain numbers.

Firms stand in a column for each step of the value chain, in the order that crosses fewest lines; support
organisations stand in rows below. Nothing ever overlaps: every symbol has a cell of its own, and a column that would
hold more than `MOST_ROWS` makes the whole map one of groups (step and category, or role), the smallest of which are
put together where there are still too many. Of very many lines the strongest are drawn. The same network always has
the same map.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from assessment.core.clusters.cluster_lists import ROLES, STEPS, Step
from assessment.core.clusters.network import Gaps, Network

Shape = Literal["firm", "support", "gap", "group", "others"]

COLUMNS: Final[tuple[Step, ...]] = tuple(step for step in STEPS if step != "support")

WIDTH: Final = 960
"""In units of the drawing, at which text is 15 high."""
CELL: Final = 240
ROW: Final = 84
HEAD: Final = 56
"""Above the first row of a column: its title."""
RADIUS: Final = 17
MOST_ROWS: Final = 12
MOST_LINES: Final = 40
_GAP: Final = 16
_SWEEPS: Final = 4


class Point(NamedTuple):
    """A symbol at its middle. `key` is a member, a service, or the group's category or role; `number` is its own.

    `held` is how many members it stands for. A group of what has no category has an empty key.
    """

    step: Step
    shape: Shape
    key: str
    x: int
    y: int
    number: int
    held: int


class Curve(NamedTuple):
    """A line from one point to another, as a cubic curve; `weight` is its number of kinds of links, or of links."""

    x1: int
    y1: int
    x2: int
    y2: int
    x3: int
    y3: int
    x4: int
    y4: int
    weight: int
    wanted: bool


class Panel(NamedTuple):
    """The ground of a column, or of the support organisations."""

    step: Step
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map. `grouped` says that symbols stand for several members; `left_out` how many lines are not drawn."""

    height: int
    panels: tuple[Panel, ...]
    points: tuple[Point, ...]
    curves: tuple[Curve, ...]
    grouped: bool
    left_out: int


@dataclass(slots=True)
class _Spot:
    """A symbol before it has a place; `members` are those it stands for."""

    step: Step
    shape: Shape
    key: str
    members: tuple[str, ...]
    number: int = 0
    rank: float = 0.0
    near: list[tuple["_Spot", int]] = field(default_factory=list)


def draw(network: Network, gaps: Gaps) -> Drawing:
    """The map of a network with the services that are missing and asked for."""
    spots = _single(network)
    grouped = any(len(found) > MOST_ROWS for found in _by_step(spots).values())
    if grouped:
        spots = _groups(network)
    spots += [_Spot("support", "gap", gap.service, ()) for gap in gaps.wanted[:MOST_ROWS]]
    lines = _lines(network, spots)
    for (first, second), (weight, _) in lines.items():
        spots[first].near.append((spots[second], weight))
        spots[second].near.append((spots[first], weight))
    columns = _ordered(_by_step(spots))
    return _placed(columns, spots, lines, grouped)


def _single(network: Network) -> list[_Spot]:
    return [
        _Spot(member.place, "firm" if member.is_firm else "support", member.id, (member.id,), number)
        for number, member in enumerate(network.members, start=1)
    ]


def _groups(network: Network) -> list[_Spot]:
    found: dict[tuple[Step, str], list[str]] = {}
    for member in network.members:
        key = member.category or "" if member.is_firm else member.role
        found.setdefault((member.place, key), []).append(member.id)
    spots = [_Spot(step, "group", key, tuple(members)) for (step, key), members in found.items()]
    kept: list[_Spot] = []
    for step, held in _by_step(spots).items():
        largest = sorted(held, key=lambda spot: (-len(spot.members), spot.key))
        room = len(held) if len(held) <= MOST_ROWS else MOST_ROWS - 1
        kept += largest[:room]
        rest = tuple(member for spot in largest[room:] for member in spot.members)
        if rest:
            kept.append(_Spot(step, "others", "", rest))
    return kept


def _by_step(spots: Iterable[_Spot]) -> dict[Step, list[_Spot]]:
    found: dict[Step, list[_Spot]] = {step: [] for step in STEPS}
    for spot in spots:
        found[spot.step].append(spot)
    return found


def _lines(network: Network, spots: Sequence[_Spot]) -> dict[tuple[int, int], tuple[int, bool]]:
    """By pair of spots, how strong the line between them is, and whether it is only wanted."""
    at = {member: position for position, spot in enumerate(spots) for member in spot.members}
    at |= {spot.key: position for position, spot in enumerate(spots) if spot.shape == "gap"}
    weights: dict[tuple[int, int], int] = {}
    for pair, kinds in network.kinds_between.items():
        first, second = sorted(at[end] for end in pair)
        if first != second:
            weights[first, second] = weights.get((first, second), 0) + len(kinds)
    lines = {pair: (weight, False) for pair, weight in weights.items()}
    for link in network.links:
        if link.wanted and link.target in at:
            first, second = sorted((at[link.source], at[link.target]))
            if first != second:
                lines.setdefault((first, second), (1, True))
    return lines


def _ordered(columns: dict[Step, list[_Spot]]) -> dict[Step, list[_Spot]]:
    """Each column by the middle of what its symbols are linked to, in a few sweeps: a known way to fewer crossings."""
    for found in columns.values():
        found.sort(key=_standing)
        _rank(found)
    for sweep in range(_SWEEPS):
        steps = list(columns) if sweep % 2 == 0 else list(reversed(columns))
        for step in steps:
            # All middles first: while the column is being sorted, none may move.
            standing = [(_middle(spot), _standing(spot), at, spot) for at, spot in enumerate(columns[step])]
            columns[step] = [spot for *_, spot in sorted(standing, key=lambda one: one[:3])]
            _rank(columns[step])
    return columns


def _standing(spot: _Spot) -> tuple[bool, bool, int, int, int, str]:
    """The order of what nothing else orders: gaps last, the rest of groups before them, then large before small."""
    role = ROLES.index(spot.key) if spot.step == "support" and spot.key in ROLES else 0
    return spot.shape == "gap", spot.shape == "others", role, -len(spot.members), spot.number, spot.key


def _rank(found: Sequence[_Spot]) -> None:
    for position, spot in enumerate(found):
        spot.rank = (position + 0.5) / len(found)


def _middle(spot: _Spot) -> float:
    total = sum(weight for _, weight in spot.near)
    return sum(other.rank * weight for other, weight in spot.near) / total if total else spot.rank


def _placed(
    columns: Mapping[Step, Sequence[_Spot]],
    spots: Sequence[_Spot],
    lines: Mapping[tuple[int, int], tuple[int, bool]],
    grouped: bool,
) -> Drawing:
    rows = max((len(columns[step]) for step in COLUMNS), default=0) or 1
    ground = HEAD + rows * ROW
    panels = [Panel(step, at * CELL + _GAP // 2, 0, CELL - _GAP, ground) for at, step in enumerate(COLUMNS)]
    places: dict[int, tuple[int, int]] = {}
    for at, step in enumerate(COLUMNS):
        above = (rows - len(columns[step])) * ROW // 2
        for row, spot in enumerate(columns[step]):
            places[id(spot)] = (at * CELL + CELL // 2, HEAD + above + row * ROW + ROW // 3)
    height, support = ground, columns["support"]
    if support:
        top, across = ground + _GAP, WIDTH // CELL
        below = HEAD + -(-len(support) // across) * ROW
        panels.append(Panel("support", _GAP // 2, top, WIDTH - _GAP, below))
        for position, spot in enumerate(support):
            row, column = divmod(position, across)
            places[id(spot)] = (column * CELL + CELL // 2, top + HEAD + row * ROW + ROW // 3)
        height = top + below
    points = tuple(
        Point(spot.step, spot.shape, spot.key, *places[id(spot)], spot.number, len(spot.members))
        for found in columns.values()
        for spot in found
    )
    # What is wanted is what the map is looked at for: it is never left out before a line that is there.
    strongest = sorted(lines.items(), key=lambda line: (not line[1][1], -line[1][0], line[0]))
    curves = tuple(
        _curve(places[id(spots[first])], places[id(spots[second])], weight, wanted)
        for (first, second), (weight, wanted) in strongest[:MOST_LINES]
    )
    return Drawing(height, tuple(panels), points, curves, grouped, max(0, len(lines) - MOST_LINES))


def _curve(one: tuple[int, int], other: tuple[int, int], weight: int, wanted: bool) -> Curve:
    """A line that leaves and arrives sideways; between two of a column it bows out to the right."""
    (x1, y1), (x4, y4) = sorted((one, other))
    out = RADIUS + 2
    if x1 == x4:
        bow = CELL // 2 - out
        return Curve(x1 + out, y1, x1 + out + bow, y1, x4 + out + bow, y4, x4 + out, y4, weight, wanted)
    half = (x4 - x1) // 2
    return Curve(x1 + out, y1, x1 + half, y1, x4 - half, y4, x4 - out, y4, weight, wanted)


_WIDE: Final = frozenset("WMwm@%ШЩЖЮФМшщжюфм")
_NARROW: Final = frozenset("iljtfrI.,:;'!|()[] -")
_FULL_WIDTH: Final = 0x2E7F
"""Signs from here on are those of East Asia, as wide as high."""
LABEL_WIDTH: Final = CELL - 2 * _GAP - 8
LETTER: Final = 15


def text_width(text: str) -> float:
    """About how wide a text is at the size of labels; rather too much than too little."""
    return LETTER * sum(map(_share, text))


def _share(sign: str) -> float:
    """The width of a sign as a part of its height."""
    if sign in _WIDE or ord(sign) > _FULL_WIDTH:
        return 1.0
    if sign in _NARROW:
        return 0.36
    return 0.74 if sign.isupper() else 0.6


def wrapped(text: str, most: int = 2) -> tuple[str, ...]:
    """A label in lines that fit into a cell; what does not is cut off and ends in three dots."""
    lines, line = [], ""
    for word in text.split():
        joined = f"{line} {word}".strip()
        if text_width(joined) <= LABEL_WIDTH or not line:
            line = joined
        else:
            lines.append(line)
            line = word
    lines.append(line)
    kept = lines[:most]
    if len(lines) > most:
        kept[-1] += "..."
    return tuple(_cut(one) for one in kept)


def _cut(line: str) -> str:
    if text_width(line) <= LABEL_WIDTH:
        return line
    plain = line.removesuffix("...")
    while plain and text_width(plain + "...") > LABEL_WIDTH:
        plain = plain[:-1]
    return plain + "..."
