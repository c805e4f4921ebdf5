"""The figures of a cluster in words: what rows and columns are called, and how one figure reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assessment.content.clusters.joint_actions import joint_kinds
from assessment.core.aggregates.readiness import KINDS, OVERALL, Kind
from assessment.core.aggregates.snapshots import Figure, Row, Table, TableId
from assessment.core.clusters.joint_action import SAVING
from assessment.i18n import Language
from assessment.reporting.checks.weakest_words import named
from assessment.services.aggregates.amounts import MEASURED, PLANNED_SAVING
from assessment.services.aggregates.cluster_figures import Shown
from assessment.web.clusters.cluster_words import size_words

HEAT_STEPS: Final = (20, 40, 60, 80)
"""Where the five shades of a heat table change: with the bands of the score."""


@dataclass(frozen=True, slots=True)
class Heat:
    """A table of means: its columns, and its rows with how many companies each is of and a mean for each column; None
    where it is not shown.
    """

    columns: Sequence[str]
    rows: Sequence[tuple[str, Figure, Sequence[Figure]]]

    @property
    def counted(self) -> bool:
        """Whether it shows of any row how many companies it is of: a column of nothing says nothing."""
        return any(companies is not None for _, companies, _ in self.rows)


class Labels:
    """What the ids of a snapshot are called in the language of the page."""

    def __init__(self, shown: Shown, language: Language) -> None:
        _ = language.gettext
        questionnaire = shown.edition.questionnaire
        self.sections = {OVERALL: _("Overall"), **{section.id: section.title for section in questionnaire.sections}}
        self.sectors = {sector.id: sector.label for sector in questionnaire.sectors}
        region = questionnaire.questions.get(questionnaire.roles.region or "")
        self.regions = {option.id: option.label for option in getattr(region, "options", ())}
        self.practices = {question.id: question.short for question in questionnaire.questions.values()}
        self.sizes: Mapping[str, str] = size_words()
        self.amounts = {
            PLANNED_SAVING: _("What plans are to save"),
            **_measured(language),
            **{SAVING + kind.id: _("%(action)s (estimate)") % {"action": kind.title} for kind in joint_kinds()},
        }
        self.stages = {
            "joined": _("Joined"), "started": _("Check begun"), "finished": _("Check finished"),
            "planned": _("Plan made"),
        }  # fmt: skip

    def of(self, kind: str) -> Mapping[str, str]:
        """The names of the rows of a kind of table."""
        return {
            "section": self.sections, "sector": self.sectors, "size": self.sizes, "region": self.regions,
            "practice": self.practices, "amount": self.amounts, "stage": self.stages,
        }[kind]  # fmt: skip


def _measured(language: Language) -> dict[str, str]:
    _ = language.gettext
    names = {
        "electricity": _("Electricity saved, measured"), "heat": _("Heat saved, measured"),
        "transport": _("Fuel of vehicles saved, measured"), "water": _("Water saved, measured"),
        "waste": _("Waste avoided, measured"), "materials": _("Materials saved, measured"),
        "refrigerant": _("Cooling agent saved, measured"), "cost-resources": _("Cost of resources saved, measured"),
    }  # fmt: skip
    return {MEASURED + use: name for use, name in names.items()}


def heat_of(shown: Shown, kind: Kind, labels: Labels) -> Heat | None:
    """The means by sector, size or region with the numbers of companies; rows without any figure are left out, None
    where all are.

    A row that is left out is no secret by that: nothing of it is shown, as of a group that nobody is in.
    """
    table, counts = (shown.snapshot.table(name) for name in KINDS[kind])
    names = labels.of(kind)
    rows = [
        (names.get(row.key, row.key), companies, row.figures)
        for row in table.rows
        if (companies := counts.figure(row.key, "companies")) is not None
        or any(figure is not None for figure in row.figures)
    ]
    columns = [labels.sections.get(column.key, column.key) for column in table.columns]
    return Heat(columns, rows) if rows else None


def shade(figure: Figure) -> int:
    """The shade of a mean from 0 (lowest) to 4."""
    return sum(figure is not None and figure >= step for step in HEAT_STEPS)


def practices_of(shown: Shown, labels: Labels) -> Sequence[tuple[str, Figure, Figure, Figure]]:
    """The practices that are shown, what most companies lack first: what it is, how many lack it, of how many, the
    share in per cent.
    """
    table = shown.snapshot.table("practices")
    told = [row for row in table.rows if row.figures[0] is not None]
    ordered = sorted(told, key=lambda row: (-_number(row.figures[2]), -_number(row.figures[0])))
    return [(labels.practices.get(row.key, row.key), *row.figures[:3]) for row in ordered]  # type: ignore[misc]


def _number(figure: Figure) -> float:
    return -1 if figure is None else figure


def rows_of(shown: Shown, name: TableId, labels: Labels) -> Sequence[tuple[str, Row]]:
    """The rows of a table that show anything, with their names; of stages and sections, which are few and the same for
    everybody, all of them where any does.
    """
    table: Table = shown.snapshot.table(name)
    names = labels.of(table.kind)
    told = [row for row in table.rows if any(figure is not None for figure in row.figures)]
    rows = table.rows if told and table.kind in ("stage", "section") else told
    return [(names.get(row.key, row.key), row) for row in rows]


def weakest_of(shown: Shown, labels: Labels, language: Language) -> str:
    """Which sections have the lowest mean, and that; empty where fewer than two are shown, or all are alike."""
    found = [
        (row.figures[1], row.key) for row in shown.snapshot.table("sections").rows
        if row.key != OVERALL and row.figures[1] is not None
    ]  # fmt: skip
    means = [int(_number(mean)) for mean, _ in found]
    if len(set(means)) < 2:
        return ""
    weakest = [labels.sections.get(key, key) for mean, (_, key) in zip(means, found, strict=True) if mean == min(means)]
    text = language.ngettext(
        "%(section)s is weakest: %(mean)s on average", "%(section)s are weakest: %(mean)s each on average", len(weakest)
    )  # fmt: skip
    return text % {"section": named(weakest, language), "mean": language.number(min(means))}
