"""A cluster as a network: its members, the links between them, and what is missing.

A link leads from one member to another, or, where it is wanted, to a service that nobody may offer yet.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from assessment.core.clusters.cluster_lists import ROLES, STEPS, ClusterLists, Role, Step
from assessment.core.ordering import by_name

LinkKind = Literal["supplies", "works-with", "researches-for", "finances", "trains"]

LINK_KINDS: Final[tuple[LinkKind, ...]] = ("supplies", "works-with", "researches-for", "finances", "trains")


@dataclass(frozen=True, slots=True)
class Member:
    """A firm or support organisation.

    `category` is a field of clean technology, `services` what it does for others, both by their ids in the lists.
    """

    id: str
    name: str
    role: Role = "firm"
    step: Step = "processing"
    category: str | None = None
    services: tuple[str, ...] = ()

    @property
    def is_firm(self) -> bool:
        """Whether it is a firm and not a support organisation."""
        return self.role == "firm"

    @property
    def place(self) -> Step:
        """Where it is drawn: support organisations stand together, whatever step they were given."""
        return self.step if self.is_firm else "support"


_STEP_OF_DIVISION: Final[tuple[tuple[int, Step], ...]] = (
    (9, "inputs"), (33, "processing"), (35, "inputs"), (39, "after-use"), (43, "processing"), (99, "sale"),
)  # fmt: skip
"""Up to which division of NACE Rev. 2 firms usually stand where: A and B yield inputs, as does energy (D); C and F make
things; E takes what is left; all others sell or use."""


def usual_step(nace: str) -> Step:
    """Where in the value chain a firm usually stands, by its NACE code; in the middle where there is none."""
    division = nace[:2]
    if not (division.isascii() and division.isdigit()):
        return "processing"
    return next((step for last, step in _STEP_OF_DIVISION if int(division) <= last), "processing")


@dataclass(frozen=True, slots=True)
class Link:
    """That `source` supplies, works with, ... `target`: another member, or with `wanted` a member or a service."""

    source: str
    target: str
    kind: LinkKind
    wanted: bool = False


@dataclass(frozen=True, slots=True)
class ServiceGap:
    """A service that no member offers, and the members that asked for it."""

    service: str
    wanted_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is missing: services and categories that no member has, members without any link."""

    services: tuple[ServiceGap, ...]
    categories: tuple[str, ...]
    unlinked: tuple[str, ...]

    @property
    def wanted(self) -> tuple[ServiceGap, ...]:
        """The missing services that somebody asked for; most asked for first."""
        return tuple(gap for gap in self.services if gap.wanted_by)


@dataclass(frozen=True, slots=True)
class Passage:
    """How much leads from one step of the value chain to the next: links there are, and links that are wanted."""

    links: int
    wanted: int


@dataclass(frozen=True)
class Network:
    """Members in the order of their names, and the links between them; a link to an unknown place is left out."""

    members: tuple[Member, ...]
    links: tuple[Link, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Member]:
        """The members by id."""
        return {member.id: member for member in self.members}

    @cached_property
    def kinds_between(self) -> Mapping[frozenset[str], frozenset[LinkKind]]:
        """By pair of members, the kinds of links there are between them, in either direction; without wanted ones."""
        found: dict[frozenset[str], set[LinkKind]] = {}
        for link in self.links:
            if not link.wanted:
                found.setdefault(frozenset((link.source, link.target)), set()).add(link.kind)
        return {pair: frozenset(kinds) for pair, kinds in found.items()}

    def of(self, member: str) -> tuple[Link, ...]:
        """The links of a member in either direction."""
        return tuple(link for link in self.links if member in (link.source, link.target))


def network_of(members: Iterable[Member], links: Iterable[Link], lists: ClusterLists) -> Network:
    """The network of these members. Repeated links count once, links to oneself and to nobody not at all."""
    known = {member.id: member for member in members}
    kept = {
        link: None
        for link in links
        if link.source in known
        and link.source != link.target
        and (link.target in known or (link.wanted and link.target in lists.services))
    }
    ordered = sorted(known.values(), key=lambda member: (by_name(member.name), member.id))
    return Network(tuple(ordered), tuple(sorted(kept, key=_order)))


def _order(link: Link) -> tuple[str, str, int, bool]:
    return link.source, link.target, LINK_KINDS.index(link.kind), link.wanted


def chosen(network: Network, kind: LinkKind | None = None, topic: str | None = None) -> Network:
    """The part of a network with links of one kind, or about one category or service; None leaves all.

    Of a topic are the members that have it, those that want it, and whoever is linked to the former.
    """
    links = [link for link in network.links if kind is None or link.kind == kind]
    if topic is None:
        if kind is None:
            return network
        ends = {end for link in links for end in (link.source, link.target)}
        return Network(tuple(member for member in network.members if member.id in ends), tuple(links))
    core = {member.id for member in network.members if topic == member.category or topic in member.services}
    links = [link for link in links if core & {link.source, link.target} or link.target == topic]
    shown = core | {end for link in links for end in (link.source, link.target)}
    return Network(tuple(member for member in network.members if member.id in shown), tuple(links))


def gaps(network: Network, lists: ClusterLists) -> Gaps:
    """What is missing in a network, by the lists of categories and services."""
    offered = {service for member in network.members for service in member.services}
    taken = {member.category for member in network.members}
    wanted: dict[str, list[str]] = {}
    for link in network.links:
        if link.target in lists.services:
            wanted.setdefault(link.target, []).append(link.source)
    missing = [
        ServiceGap(service, tuple(dict.fromkeys(wanted.get(service, ()))))
        for service in lists.services
        if service not in offered
    ]
    linked = {end for link in network.links if not link.wanted for end in (link.source, link.target)}
    return Gaps(
        tuple(sorted(missing, key=lambda gap: -len(gap.wanted_by))),
        tuple(category for category in lists.categories if category not in taken),
        tuple(member.id for member in network.members if member.id not in linked),
    )


def passages(network: Network) -> Mapping[tuple[Step, Step], Passage]:
    """How many pairs of members are linked between two steps, and how many links are wanted, the earlier step first.

    A wanted service leads nowhere and is not counted.
    """
    linked: Counter[tuple[Step, Step]] = Counter()
    wanted: Counter[tuple[Step, Step]] = Counter()
    for pair in network.kinds_between:
        linked[_between(network, pair)] += 1
    for link in network.links:
        if link.wanted and link.target in network.by_id:
            wanted[_between(network, (link.source, link.target))] += 1
    return {steps: Passage(linked[steps], wanted[steps]) for steps in sorted({*linked, *wanted}, key=_by_step)}


def _between(network: Network, ends: Collection[str]) -> tuple[Step, Step]:
    steps = sorted((network.by_id[end].place for end in ends), key=STEPS.index)
    return steps[0], steps[-1]


def _by_step(steps: tuple[Step, Step]) -> tuple[int, int]:
    return STEPS.index(steps[0]), STEPS.index(steps[1])


def by_role(network: Network) -> Mapping[Role, int]:
    """How many members have each role; roles without members are left out."""
    counted = Counter(member.role for member in network.members)
    return {role: counted[role] for role in ROLES if counted[role]}
