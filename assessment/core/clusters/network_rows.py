"""A cluster's members and links as rows of a file, and what a file would change.

Nothing is ever taken out by a file: who is not in it stays. A file is taken whole or not at all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeVar, get_args

from assessment.core.clusters.cluster_lists import ROLES, STEPS, ClusterLists
from assessment.core.clusters.network import LINK_KINDS, Link, Member, Network

MEMBER_COLUMNS: Final = ("id", "name", "role", "step", "category", "services")
LINK_COLUMNS: Final = ("from", "to", "kind", "wanted")
SERVICE: Final = "service:"
"""What the end of a wanted link begins with where it is a service and not a member."""
BETWEEN: Final = ";"
"""What stands between the services of a member."""
LONGEST_NAME: Final = 200
MOST_MEMBERS: Final = 2_000
MOST_LINKS: Final = 5_000

_TRUE: Final = frozenset({"1", "true", "yes", "wanted"})
_FALSE: Final = frozenset({"", "0", "false", "no"})

Code = Literal[
    "unknown-role", "unknown-step", "unknown-category", "unknown-service", "unknown-kind", "unknown-end", "unclear-end",
    "unclear-wanted", "not-wanted", "to-itself", "no-name", "long-name", "own-name", "twice",
    "too-many-members", "too-many-links",
]  # fmt: skip
T = TypeVar("T", bound=str)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file by column; `number` is its line, or its place among nodes or edges."""

    number: int
    cells: Mapping[str, str]

    def cell(self, column: str) -> str:
        """What stands in a column, without spaces around it; empty where there is no such column."""
        return self.cells.get(column, "").strip()


@dataclass(frozen=True, slots=True)
class Rows:
    """What a file says of members and of links."""

    members: tuple[Row, ...] = ()
    links: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row cannot be taken: `table` is `members` or `links`, `value` what stands in the column."""

    table: Literal["members", "links"]
    row: int
    column: str
    code: Code
    value: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What a file would make of a network. Added members have ids of their own that begin with `new-`."""

    added: tuple[Member, ...]
    changed: tuple[tuple[Member, Member], ...]
    links: tuple[Link, ...]
    unchanged: int
    problems: tuple[RowProblem, ...]

    @property
    def anything(self) -> bool:
        """Whether there is something to change."""
        return bool(self.added or self.changed or self.links)


def rows_of(network: Network) -> Rows:
    """A network as rows; `changes_by` takes them back as no change."""
    members = tuple(
        Row(number, {
            "id": member.id, "name": member.name, "role": member.role, "step": member.step,
            "category": member.category or "", "services": BETWEEN.join(member.services),
        })
        for number, member in enumerate(network.members, start=2)
    )  # fmt: skip
    links = tuple(
        Row(number, {
            "from": link.source, "to": link.target if link.target in network.by_id else SERVICE + link.target,
            "kind": link.kind, "wanted": "yes" if link.wanted else "no",
        })
        for number, link in enumerate(network.links, start=2)
    )  # fmt: skip
    return Rows(members, links)


def changes_by(rows: Rows, network: Network, named: frozenset[str], lists: ClusterLists) -> Changes:
    """What rows would change in a network. `named` are members whose name is not the cluster's to change.

    A row with the id or the name of a member speaks of that member; any other row with a name adds one. A column that
    is missing leaves what is there.
    """
    reader = _Reader(network, named, lists)
    for row in rows.members:
        reader.member(row)
    for row in rows.links:
        reader.link(row)
    return reader.changes(len(rows.members))


class _Reader:
    def __init__(self, network: Network, named: frozenset[str], lists: ClusterLists) -> None:
        self._network, self._named, self._lists = network, named, lists
        self._added: dict[str, Member] = {}
        self._changed: dict[str, tuple[Member, Member]] = {}
        self._links: dict[Link, None] = {}
        self._problems: list[RowProblem] = []
        self._seen: set[str] = set()
        self._ends: dict[str, list[str]] = {}
        for member in network.members:
            self._know(member)

    def _know(self, member: Member) -> None:
        self._ends.setdefault(member.id, []).append(member.id)
        self._ends.setdefault(_plain(member.name), []).append(member.id)

    def changes(self, rows: int) -> Changes:
        changed = tuple(pair for pair in self._changed.values() if pair[0] != pair[1])
        links = tuple(link for link in self._links if link not in self._network.links)
        if len(self._network.members) + len(self._added) > MOST_MEMBERS:
            self._problems.append(RowProblem("members", 0, "name", "too-many-members", ""))
        if len(self._network.links) + len(links) > MOST_LINKS:
            self._problems.append(RowProblem("links", 0, "from", "too-many-links", ""))
        unchanged = max(0, rows - len(self._added) - len(changed))
        return Changes(tuple(self._added.values()), changed, links, unchanged, tuple(self._problems))

    def member(self, row: Row) -> None:
        wrong = len(self._problems)
        before, known = self._before(row)
        if len(self._problems) > wrong:
            return
        after = Member(
            before.id,
            self._name(row, before, known=known),
            self._one_of(row, "role", ROLES, before.role, "unknown-role"),
            self._one_of(row, "step", STEPS, before.step, "unknown-step"),
            self._category(row, before),
            self._services(row, before),
        )
        if len(self._problems) > wrong:
            return
        if before.id in self._seen:
            self._refuse("members", row, "name", "twice")
            return
        self._seen.add(before.id)
        if known:
            self._changed[before.id] = (before, after)
        else:
            self._added[before.id] = after
            self._know(after)
            given = row.cell("id")
            if given:
                # Links of the same file may speak of it by the id that the file gives it.
                self._ends.setdefault(given, []).append(after.id)

    def _before(self, row: Row) -> tuple[Member, bool]:
        given, name = row.cell("id"), row.cell("name")
        if given in self._network.by_id:
            return self._network.by_id[given], True
        same = [end for end in self._ends.get(_plain(name), ()) if end in self._network.by_id]
        if name and len(same) == 1:
            return self._network.by_id[same[0]], True
        if len(same) > 1:
            self._refuse("members", row, "name", "unclear-end")
        return Member(f"new-{row.number}", name), False

    def _name(self, row: Row, before: Member, *, known: bool) -> str:
        name = " ".join(row.cell("name").split())
        if not name and known:
            return before.name
        if not name:
            self._refuse("members", row, "name", "no-name")
        elif len(name) > LONGEST_NAME:
            self._refuse("members", row, "name", "long-name")
        elif known and before.id in self._named:
            if _plain(name) != _plain(before.name):
                self._refuse("members", row, "name", "own-name")
            return before.name
        elif not known and _plain(name) in self._ends:
            self._refuse("members", row, "name", "twice")
        return name

    def _one_of(self, row: Row, column: str, known: Sequence[T], before: T, code: Code) -> T:
        value = row.cell(column).lower()
        found = next((one for one in known if one == value), None)
        if found is None and value:
            self._refuse("members", row, column, code)
        return found or before

    def _category(self, row: Row, before: Member) -> str | None:
        if "category" not in row.cells:
            return before.category
        value = row.cell("category").lower()
        if value and value not in self._lists.categories:
            self._refuse("members", row, "category", "unknown-category")
        return value or None

    def _services(self, row: Row, before: Member) -> tuple[str, ...]:
        if "services" not in row.cells:
            return before.services
        values = [one for part in row.cell("services").split(BETWEEN) if (one := part.strip().lower())]
        if any(value not in self._lists.services for value in values):
            self._refuse("members", row, "services", "unknown-service")
        return tuple(service for service in self._lists.services if service in values)

    def link(self, row: Row) -> None:
        wrong = len(self._problems)
        wanted = row.cell("wanted").lower()
        if wanted not in _TRUE | _FALSE:
            self._refuse("links", row, "wanted", "unclear-wanted")
        kind = row.cell("kind").lower() or "works-with"
        source, target = self._end(row, "from"), self._end(row, "to")
        found = next((one for one in LINK_KINDS if one == kind), None)
        if found is None:
            self._refuse("links", row, "kind", "unknown-kind")
        elif source and source == target:
            self._refuse("links", row, "to", "to-itself")
        elif target in self._lists.services and wanted not in _TRUE:
            self._refuse("links", row, "wanted", "not-wanted")
        elif len(self._problems) == wrong:
            self._links[Link(source, target, found, wanted in _TRUE)] = None

    def _end(self, row: Row, column: str) -> str:
        value = row.cell(column)
        service = value.removeprefix(SERVICE)
        if column == "to" and value.startswith(SERVICE) and service in self._lists.services:
            return service
        found = list(dict.fromkeys(self._ends.get(value) or self._ends.get(_plain(value)) or ()))
        if len(found) != 1:
            self._refuse("links", row, column, "unclear-end" if found else "unknown-end")
            return ""
        return found[0]

    def _refuse(self, table: Literal["members", "links"], row: Row, column: str, code: Code) -> None:
        self._problems.append(RowProblem(table, row.number, column, code, row.cell(column)[:100]))


def _plain(name: str) -> str:
    return "name:" + " ".join(name.split()).casefold()


def codes() -> Iterator[str]:
    """Every reason for which a row may be refused: each has words of its own."""
    yield from get_args(Code)


def settled(changes: Changes, ids: Mapping[str, str]) -> tuple[Link, ...]:
    """The new links with the ids that added members were given."""
    return tuple(
        replace(link, source=ids.get(link.source, link.source), target=ids.get(link.target, link.target))
        for link in changes.links
    )
