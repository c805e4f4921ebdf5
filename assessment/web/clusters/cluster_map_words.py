"""Words and values of a cluster's map: labels of symbols, what the table says, why a row of a file is refused."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log2
from typing import Final

from assessment.content.clusters.cluster_lists import cluster_lists
from assessment.content.clusters.network_files import Table
from assessment.core.clusters.cluster_lists import STEPS, Step
from assessment.core.clusters.network import LINK_KINDS, Gaps, LinkKind, Member, Network, Passage, passages
from assessment.core.clusters.network_layout import Drawing, Point, wrapped
from assessment.core.clusters.network_rows import LINK_COLUMNS, MEMBER_COLUMNS, Code, RowProblem
from assessment.i18n import Language
from assessment.reporting.csv_files import ColumnWords
from assessment.web.clusters.cluster_words import role_words

DOTS_IN_A_ROW: Final = 11
"""As many as fit the narrowest phone."""
_MOST_DOTS: Final = 4 * DOTS_IN_A_ROW
_FOR_ONE_DOT: Final = (1, 2, 5, 10, 20, 50, 100)
"""Members that a dot may stand for."""
_THINNEST: Final = 1.5


def step_words(language: Language) -> Mapping[Step, str]:
    """The steps of the value chain."""
    _ = language.gettext
    return {
        "inputs": _("Inputs"), "processing": _("Processing"), "sale": _("Sale and use"), "after-use": _("After use"),
        "support": _("Support"),
    }  # fmt: skip


def link_words(language: Language) -> Mapping[LinkKind, str]:
    """The kinds of links, as they lead from one member to another."""
    _ = language.gettext
    return {
        "supplies": _("supplies"), "works-with": _("works with"), "researches-for": _("researches for"),
        "finances": _("finances"), "trains": _("trains"),
    }  # fmt: skip


def topic_words(topic: str, language: Language) -> str:
    """A category or a service by its id."""
    lists = cluster_lists()
    found = lists.categories.get(topic) or lists.services.get(topic)
    return language.gettext(found.label) if found else topic


def categories(language: Language) -> Mapping[str, str]:
    """The categories by id."""
    return {one: topic_words(one, language) for one in cluster_lists().categories}


def services(language: Language) -> Mapping[str, str]:
    """The services by id."""
    return {one: topic_words(one, language) for one in cluster_lists().services}


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol with what is written in it and under it."""

    point: Point
    inside: str
    lines: Sequence[str]
    is_name: bool


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step on a small screen: how many stand there, as words and dots, and what leads on from it.

    `dots` are the shapes to draw, each with its place; `rows` how many rows they take.
    """

    label: str
    count: str
    dots: Sequence[tuple[str, int, int]]
    rows: int
    onward: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """A member as the table shows it."""

    member: Member
    number: str
    role: str
    step: str
    does: str
    linked: Sequence[tuple[str, str]]
    wants: Sequence[tuple[str, str]]


def symbols(drawing: Drawing, network: Network, language: Language) -> Sequence[Symbol]:
    """The symbols of a drawing with their words."""
    return [_symbol(point, network, language) for point in drawing.points]


def _symbol(point: Point, network: Network, language: Language) -> Symbol:
    _ = language.gettext
    if point.shape in ("firm", "support"):
        return Symbol(point, language.number(point.number), wrapped(network.by_id[point.key].name), True)
    if point.shape == "gap":
        words = _("Gap: %(service)s") % {"service": topic_words(point.key, language)}
        return Symbol(point, "?", wrapped(words), False)
    if point.shape == "others":
        words = _("Other fields")
    elif point.step == "support":
        words = role_words()[point.key]
    else:
        words = topic_words(point.key, language) if point.key else _("No field named")
    return Symbol(point, language.number(point.held), wrapped(words), False)


def thickness(weight: int) -> float:
    """How thick a line is: thicker for more kinds of links, or for more links between groups."""
    return round(_THINNEST + log2(weight), 1)


def step_lines(network: Network, gaps: Gaps, language: Language) -> Sequence[StepLine]:
    """The map for a small screen."""
    words, between, of_each = step_words(language), passages(network), for_one_dot(network)
    found = []
    for at, step in enumerate(STEPS):
        here = [member for member in network.members if member.place == step]
        count = _count(step, len(here), len(gaps.wanted), language)
        onward = [(STEPS[to], between.get((step, STEPS[to]))) for to in range(at + 1, len(STEPS))]
        said = [_passage(words[to], passage, language) for to, passage in onward if passage is not None]
        shape, missing = ("support", len(gaps.wanted)) if step == "support" else ("firm", 0)
        dots = _dots([shape] * ceil(len(here) / of_each) + ["gap"] * ceil(missing / of_each))
        found.append(StepLine(words[step], count, dots, ceil(len(dots) / DOTS_IN_A_ROW), ". ".join(said)))
    return found


def for_one_dot(network: Network) -> int:
    """How many members a dot stands for on a small screen, the same in each step."""
    most = max(Counter(member.place for member in network.members).values(), default=0)
    return next((each for each in _FOR_ONE_DOT if most <= each * _MOST_DOTS), _FOR_ONE_DOT[-1])


def _dots(shapes: Sequence[str]) -> Sequence[tuple[str, int, int]]:
    return [(shape, at % DOTS_IN_A_ROW, at // DOTS_IN_A_ROW) for at, shape in enumerate(shapes[:_MOST_DOTS])]


def _count(step: Step, members: int, missing: int, language: Language) -> str:
    if step != "support":
        return language.ngettext("%(num)s firm", "%(num)s firms", members) % {"num": language.number(members)}
    bodies = language.ngettext("%(num)s organisation", "%(num)s organisations", members)
    said = bodies % {"num": language.number(members)}
    gaps = language.ngettext("%(num)s gap", "%(num)s gaps", missing) % {"num": language.number(missing)}
    return language.list_of([said, gaps]) if missing else said


def _passage(to: str, passage: Passage, language: Language) -> str:
    links = language.ngettext("%(num)s link to %(step)s", "%(num)s links to %(step)s", passage.links)
    said = links % {"num": language.number(passage.links), "step": to}
    if not passage.wanted:
        return said
    wanted = language.gettext("%(links)s, %(wanted)s wanted")
    return wanted % {"links": said, "wanted": language.number(passage.wanted)}


def table(network: Network, language: Language) -> Sequence[TableRow]:
    """The same as a table: one row for each member, in the order of their numbers."""
    steps, roles, kinds = step_words(language), role_words(), link_words(language)
    rows = []
    for number, member in enumerate(network.members, start=1):
        linked: dict[str, list[str]] = {}
        wants: dict[str, list[str]] = {}
        for link in sorted(network.of(member.id), key=lambda link: LINK_KINDS.index(link.kind)):
            other = link.target if link.source == member.id else link.source
            if not link.wanted:
                linked.setdefault(other, []).append(kinds[link.kind])
            elif link.source == member.id:
                wants.setdefault(other, []).append(kinds[link.kind])
        does = [topic_words(one, language) for one in filter(None, (member.category, *member.services))]
        rows.append(
            TableRow(
                member, language.number(number), roles[member.role], steps[member.place], language.list_of(does),
                [(network.by_id[other].name, language.list_of(said)) for other, said in linked.items()],
                [_wanted(network, other, said, language) for other, said in wants.items()],
            )
        )  # fmt: skip
    return rows


def _wanted(network: Network, other: str, kinds: Sequence[str], language: Language) -> tuple[str, str]:
    """A member by its name, which is not translated, or a service, which is."""
    if other in network.by_id:
        return network.by_id[other].name, language.list_of(kinds)
    return "", topic_words(other, language)


def heading(gaps: Gaps, language: Language) -> str:
    """What the map shows, in a sentence."""
    if gaps.wanted:
        words = language.ngettext(
            "%(num)s service is asked for, and nobody offers it",
            "%(num)s services are asked for, and nobody offers them", len(gaps.wanted),
        )  # fmt: skip
        return words % {"num": language.number(len(gaps.wanted))}
    return language.gettext("Map of the cluster")


def file_words(code: str, language: Language) -> str:
    """Why a file cannot be read, and what to do."""
    _ = language.gettext
    return {
        "none": _("Choose a file on your computer"),
        "empty": _("This file is empty. Choose another one"),
        "too-large": _("This file is larger than 1 MB. Import it in parts"),
        "too-many": _("This file has more than 5,000 rows. Import it in parts"),
        "packed": _(
            "This is a ZIP file or a workbook. Unpack it, or save a table as CSV (UTF-8), and bring in one table after "
            "the other: members, then links"
        ),
        "broken": _("This file is damaged, or no UTF-8 text. Save it anew as CSV (UTF-8) or GraphML"),
        "declares": _("This XML file declares a document type, which we do not read. Save it anew as GraphML"),
        "no-graph": _("This XML file is no GraphML that we can read. Save it anew as GraphML"),
        "no-columns": _(
            "The first row names no columns of ours: it needs `name` for members, `from` and `to` for links"
        ),
    }[code]


def row_words(problem: RowProblem, language: Language) -> str:
    """Why a row of a file cannot be taken, and what to do."""
    _ = language.gettext
    words: Mapping[Code, str] = {
        "unknown-role": _("“%(value)s” is no role. Use firm, research, training, finance, public or association"),
        "unknown-step": _("“%(value)s” is no step. Use inputs, processing, sale, after-use or support"),
        "unknown-category": _("“%(value)s” is no category of the list. Leave it empty or use an id of the list below"),
        "unknown-service": _("“%(value)s” names a service that is not on the list. Use ids of the list below"),
        "unknown-kind": _(
            "“%(value)s” is no kind of link. Use supplies, works-with, researches-for, finances or trains"
        ),
        "unknown-end": _("Nobody is called “%(value)s”, here or in this file. Correct the name, or add the member"),
        "unclear-end": _("Several members are called “%(value)s”. Use the id instead of the name"),
        "unclear-wanted": _("“%(value)s” is neither yes nor no"),
        "not-wanted": _("A link to a service can only be wanted. Write yes"),
        "to-itself": _("A member cannot be linked with itself"),
        "no-name": _("The name is missing"),
        "long-name": _("The name is longer than 200 characters. Shorten it"),
        "own-name": _("“%(value)s”: a company with an account changes its name itself. Take the name it has"),
        "twice": _("“%(value)s” stands in this file twice. Keep one row"),
        "too-many-members": _("The cluster would have more than 2,000 members. Import fewer"),
        "too-many-links": _("The cluster would have more than 5,000 links. Import fewer"),
    }
    return words[problem.code] % {"value": problem.value}


def codebook(language: Language) -> Mapping[Table, Sequence[ColumnWords]]:
    """What stands in the columns of the files of members and links, in their order."""
    _ = language.gettext
    columns = (
        ColumnWords("id", _("The mark of the member, the same in both files")),
        ColumnWords("name", _("Its name")),
        ColumnWords("role", ids=role_words()),
        ColumnWords("step", ids={str(step): said for step, said in step_words(language).items()}),
        ColumnWords("category", ids=categories(language)),
        ColumnWords("services", _("What it does for others, with semicolons between:"), services(language)),
        ColumnWords("from", _("The mark of the member that the link begins at")),
        ColumnWords("to", _("The mark of the other member, or service: and the mark of a service that is wanted")),
        ColumnWords("kind", ids={str(kind): said for kind, said in link_words(language).items()}),
        ColumnWords("wanted", _("Whether the link is wanted and not there yet: yes or no")),
    )
    by_name = {column.name: column for column in columns}
    return {
        "members": [by_name[name] for name in MEMBER_COLUMNS], "links": [by_name[name] for name in LINK_COLUMNS],
    }  # fmt: skip
