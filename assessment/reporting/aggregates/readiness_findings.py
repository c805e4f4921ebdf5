"""Which finding each page of a cluster's report tells, as a sentence: pure functions of published figures.

A finding is told only from figures that are shown. Equal figures are told together, up to three by name; what nobody
can rank is said to be alike. Sections are ranked by their median, or by their mean where no median is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from assessment.core.aggregates.snapshots import Figure, Table
from assessment.i18n import Language
from assessment.reporting.aggregates.cluster_document import ClusterReadinessDocument
from assessment.reporting.aggregates.readiness_words import figure_words, unit_of, unit_words

Kind = Literal[
    "sections", "sectors", "practices", "participation", "amounts", "change", "comparison", "proposals"
]  # fmt: skip

OVERALL: Final = "overall"
NAMED: Final = 3
"""So many of equal rank are named; more are counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a page says: its heading, and a sentence below it, which may be empty."""

    kind: Kind
    headline: str
    lead: str = ""


def summary(document: ClusterReadinessDocument, language: Language) -> str:
    """The heading of the first page: where the companies stand together."""
    _ = language.gettext
    median = document.figure("sections", OVERALL, "median")
    mean = document.figure("sections", OVERALL, "mean")
    if median is not None:
        return _("Half of the companies score %(points)s of 100 points or less") % {
            "points": figure_words(median, language)
        }  # fmt: skip
    if mean is not None:
        return _("On average the companies score %(points)s of 100 points") % {"points": figure_words(mean, language)}
    if document.snapshot.companies is not None:
        return _("Too few companies for an overall score that gives nobody away")
    return _("Too few companies to show figures yet")


def findings(document: ClusterReadinessDocument, language: Language) -> tuple[Finding, ...]:
    """All findings that the snapshot has figures for, in the order of the report's pages."""
    found = (
        sections(document, language), sectors(document, language), practices(document, language),
        participation(document, language), amounts(document, language), change(document, language),
        comparison(document, language), proposals(document, language),
    )  # fmt: skip
    return tuple(finding for finding in found if finding is not None)


def sections(document: ClusterReadinessDocument, language: Language) -> Finding | None:
    """Which section is weakest, by what half of the companies score or less."""
    _ = language.gettext
    column = "median" if document.told("sections", "median") else "mean"
    scores = _column(document.table("sections"), column)
    scores.pop(OVERALL, None)
    if not scores:
        return None
    low, high = min(scores.values()), max(scores.values())
    values = {"points": figure_words(low, language)}
    if len(scores) == 1 or low == high:
        return Finding("sections", _alike(document, column, list(scores), values, language))
    weakest = [key for key, score in scores.items() if score == low]
    named = _names(document, "section", weakest, language)
    if column == "median":
        text = language.ngettext(
            "%(what)s is weakest: half of the companies score %(points)s or less",
            "%(what)s are weakest: in each, half of the companies score %(points)s or less", len(weakest),
        )  # fmt: skip
    else:
        text = language.ngettext(
            "%(what)s is weakest: %(points)s of 100 points on average",
            "%(what)s are weakest: %(points)s of 100 points each on average", len(weakest),
        )  # fmt: skip
    strongest = [key for key, score in scores.items() if score == high]
    lead = language.ngettext(
        "Strongest: %(what)s, with %(points)s points.", "Strongest: %(what)s, with %(points)s points each.",
        len(strongest),
    )  # fmt: skip
    best = {"what": _names(document, "section", strongest, language), "points": figure_words(high, language)}
    return Finding("sections", text % {"what": named, **values}, lead % best)


def _alike(
    document: ClusterReadinessDocument, column: str, keys: Sequence[str], values: Mapping[str, str], language: Language
) -> str:
    _ = language.gettext
    if len(keys) == 1:
        text = _("%(what)s: half of the companies score %(points)s or less")
        if column == "mean":
            text = _("%(what)s: %(points)s of 100 points on average")
        return text % {"what": document.words.title("section", keys[0]), **values}
    text = _("All sections stand alike: half of the companies score %(points)s or less in each")
    if column == "mean":
        text = _("All sections stand alike: %(points)s of 100 points on average in each")
    return text % values


def sectors(document: ClusterReadinessDocument, language: Language) -> Finding | None:
    """Which section is last in most sectors, or where the lowest score of all is."""
    table = document.table("sectors")
    if table is None or not document.told("sectors"):
        return None
    last: dict[str, int] = {}
    compared, lowest = 0, _lowest(table)
    for row in table.rows:
        shown = {
            column.key: figure for column, figure in zip(table.columns, row.figures, strict=True) if figure is not None
        }
        if len(shown) > 1:
            compared += 1
            least = [key for key, figure in shown.items() if figure == min(shown.values())]
            for key in least if len(least) == 1 else ():
                last[key] = last.get(key, 0) + 1
    often = max(last.values(), default=0)
    most = [key for key, count in last.items() if count == often]
    if often > 1 and len(most) == 1:
        text = language.ngettext(
            "%(what)s is last in %(some)s of %(num)s sector", "%(what)s is last in %(some)s of %(num)s sectors",
            compared,
        )  # fmt: skip
        values = {"what": document.words.title("section", most[0]), "some": language.number(often)}
        headline = text % {**values, "num": language.number(compared)}
        return Finding("sectors", headline, _place(document, lowest, language))
    return Finding("sectors", _place(document, lowest, language, whole=True))


def _lowest(table: Table) -> tuple[Figure, list[tuple[str, str]]]:
    """The lowest figure of a heat table, and the rows and columns where it stands."""
    cells = [
        (figure, (row.key, column.key))
        for row in table.rows
        for column, figure in zip(table.columns, row.figures, strict=True)
        if figure is not None
    ]
    least = min(figure for figure, _ in cells)
    return least, [place for figure, place in cells if figure == least]


def _place(
    document: ClusterReadinessDocument, lowest: tuple[Figure, list[tuple[str, str]]], language: Language,
    *, whole: bool = False,
) -> str:  # fmt: skip
    """Where the lowest score is, as a heading (`whole`) or as the sentence below one."""
    _ = language.gettext
    points, places = lowest
    if 1 < len(places) <= NAMED:
        named = [
            _("%(section)s in %(sector)s")
            % {"section": document.words.title("section", column), "sector": document.words.title("sector", row)}
            for row, column in places
        ]
        said = _("Lowest of all, with %(points)s of 100 points on average: %(places)s") % {
            "points": figure_words(points, language), "places": "; ".join(named)
        }  # fmt: skip
    elif len(places) > NAMED:
        text = language.ngettext(
            "The lowest score, %(points)s of 100 points, stands in %(num)s place",
            "The lowest score, %(points)s of 100 points, stands in %(num)s places", len(places),
        )  # fmt: skip
        said = text % {"points": figure_words(points, language), "num": language.number(len(places))}
    else:
        ((row, column),) = places
        said = _("Lowest of all is %(section)s in %(sector)s: %(points)s of 100 points on average") % {
            "section": document.words.title("section", column), "sector": document.words.title("sector", row),
            "points": figure_words(points, language),
        }  # fmt: skip
    return said if whole else f"{said}."


def practices(document: ClusterReadinessDocument, language: Language) -> Finding | None:
    """Which practice is missing most often."""
    ranked = ranked_practices(document)
    if not ranked:
        return None
    first = ranked[0][1:]
    top = [key for key, *figures in ranked if tuple(figures) == first]
    missing, known, _ = first
    values = {"missing": figure_words(missing, language), "known": figure_words(known, language)}
    if len(top) > NAMED:
        text = language.ngettext(
            "%(num)s practice is missing most often, in about %(missing)s of %(known)s companies",
            "%(num)s practices are missing most often, each in about %(missing)s of %(known)s companies", len(top),
        )  # fmt: skip
        return Finding("practices", text % {"num": language.number(len(top)), **values})
    text = language.ngettext(
        "Most often missing, in about %(missing)s of %(known)s companies: %(what)s",
        "Most often missing, each in about %(missing)s of %(known)s companies: %(what)s", len(top),
    )  # fmt: skip
    named = "; ".join(document.words.title("practice", key) for key in top)
    return Finding("practices", text % {"what": named, **values})


def ranked_practices(document: ClusterReadinessDocument) -> list[tuple[str, Figure, Figure, Figure]]:
    """The practices that are told of, with missing, known and share, the most frequently missing first."""
    table = document.table("practices")
    if table is None:
        return []
    rows = [
        (row.key, *(table.figure(row.key, column) for column in ("missing", "known", "share")))
        for row in table.rows if table.figure(row.key, "missing") is not None
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-(row[3] or 0), -(row[1] or 0)))  # type: ignore[arg-type]


def participation(document: ClusterReadinessDocument, language: Language) -> Finding | None:
    """Between which stages most members are lost."""
    _ = language.gettext
    table = document.table("participation")
    shown = list(_column(table, "companies").items())
    if not shown:
        return None
    if len(shown) == 1:
        values = {"companies": figure_words(shown[0][1], language)}
        text = _("The cluster has about %(companies)s members; how far they came is not told yet")
        return Finding("participation", text % values)
    steps = [(one[1] - two[1], one, two) for one, two in pairwise(shown)]
    lost, before, after = max(steps, key=lambda step: step[0])
    whole = {"some": figure_words(shown[-1][1], language), "all": figure_words(shown[0][1], language)}
    last = document.words.title("stage", shown[-1][0])
    lead = _("Of about %(all)s members, about %(some)s reached “%(stage)s”.") % {**whole, "stage": last}
    if lost <= 0:
        return Finding("participation", _("About as many members reached the last stage as the first"), lead)
    text = _("Most members are lost between “%(before)s” and “%(after)s”: about %(lost)s of %(all)s")
    values = {
        "before": document.words.title("stage", before[0]), "after": document.words.title("stage", after[0]),
        "lost": figure_words(lost, language), "all": figure_words(before[1], language),
    }  # fmt: skip
    return Finding("participation", text % values, lead)


def amounts(document: ClusterReadinessDocument, language: Language) -> Finding | None:
    """The first amount that is told; the others stand on its page."""
    table = document.table("amounts")
    first = next((row for row in table.rows if row.figures[0] is not None), None) if table else None
    if table is None or first is None:
        return None
    text = language.gettext("%(what)s: %(amount)s a year in all")
    amount = amount_words(first.figures[0], unit_of(table.columns[0], first), language)
    return Finding("amounts", text % {"what": document.words.title("amount", first.key), "amount": amount})


def amount_words(figure: Figure, unit: str, language: Language) -> str:
    """An amount with its unit; euros where the language puts them."""
    if figure is None:
        return ""
    if unit == "EUR":
        return language.money(round(figure))
    return f"{figure_words(figure, language)}\u00a0{unit_words(unit, language)}"


def change(document: ClusterReadinessDocument, language: Language) -> Finding | None:
    """Which section rose most and which fell most since the last snapshot."""
    _ = language.gettext
    shifts = _column(document.table("change"), "change")
    overall = shifts.pop(OVERALL, None)
    if not shifts:
        return None
    lead = ""
    if overall is not None:
        lead = _("Overall: %(change)s.") % {"change": _points(overall, language, signed=True)}
    parts = [
        _most(document, shifts, max(shifts.values()), _("%(what)s rose most (%(change)s)"), language),
        _most(document, shifts, min(shifts.values()), _("%(what)s fell most (%(change)s)"), language),
    ]
    said = [
        part for part, told in zip(parts, (max(shifts.values()) > 0, min(shifts.values()) < 0), strict=True) if told
    ]
    headline = language.list_of(said) if said else _("No section has changed by a whole point")
    return Finding("change", headline, lead)


def _most(
    document: ClusterReadinessDocument, shifts: Mapping[str, int | float], most: int | float, text: str,
    language: Language,
) -> str:  # fmt: skip
    keys = [key for key, shift in shifts.items() if shift == most]
    return text % {
        "what": _names(document, "section", keys, language), "change": figure_words(most, language, signed=True)
    }  # fmt: skip


def comparison(document: ClusterReadinessDocument, language: Language) -> Finding | None:
    """In which section the cluster lies furthest behind others, or behind the one that it chose as its model."""
    _ = language.gettext
    table = document.table("comparison")
    other = next((column for column in ("clusters", "model") if document.told("comparison", column)), None)
    if table is None or other is None:
        return None
    theirs = _column(table, other)
    pairs = {key: (own, theirs[key]) for key, own in _column(table, "own").items() if key in theirs and key != OVERALL}
    if not pairs:
        return None
    behind = {key: other_mean - own for key, (own, other_mean) in pairs.items()}
    most = max(behind.values())
    if most <= 0:
        text = _("No section lies below the median of other clusters")
        if other == "model":
            text = _("No section lies below %(model)s")
        return Finding("comparison", text % {"model": document.words.model})
    keys = [key for key, distance in behind.items() if distance == most]
    text = language.ngettext(
        "%(what)s lies furthest below other clusters, by %(points)s on average",
        "%(what)s lie furthest below other clusters, by %(points)s each on average", len(keys),
    )  # fmt: skip
    if other == "model":
        text = language.ngettext(
            "%(what)s lies furthest below %(model)s, by %(points)s on average",
            "%(what)s lie furthest below %(model)s, by %(points)s each on average", len(keys),
        )  # fmt: skip
    named = _names(document, "section", keys, language)
    values = {"what": named, "points": _points(most, language), "model": document.words.model}
    return Finding("comparison", text % values)


def _points(figure: float, language: Language, *, signed: bool = False) -> str:
    """A difference of points with its word."""
    written = figure_words(figure, language, signed=signed)
    return language.ngettext("%(points)s point", "%(points)s points", round(abs(figure))) % {"points": written}


def proposals(document: ClusterReadinessDocument, language: Language) -> Finding | None:
    """What is proposed to do together."""
    proposed = document.words.proposals
    if not proposed:
        return None
    if len(proposed) == 1:
        return Finding("proposals", language.gettext("Proposed: %(what)s") % {"what": proposed[0].title})
    text = language.ngettext(
        "%(num)s action is proposed to do together", "%(num)s actions are proposed to do together", len(proposed)
    )  # fmt: skip
    return Finding("proposals", text % {"num": language.number(len(proposed))})


def _column(table: Table | None, name: str) -> dict[str, int | float]:
    """The shown figures of one column, by row."""
    if table is None:
        return {}
    figures = {row.key: table.figure(row.key, name) for row in table.rows}
    return {key: figure for key, figure in figures.items() if figure is not None}


def _names(
    document: ClusterReadinessDocument, kind: Literal["section", "sector"], keys: Sequence[str], language: Language
) -> str:  # fmt: skip
    """Up to three by name, more by number."""
    if len(keys) <= NAMED:
        return language.list_of(document.words.title(kind, key) for key in keys)
    text = language.ngettext("%(num)s section", "%(num)s sections", len(keys))
    return text % {"num": language.number(len(keys))}
