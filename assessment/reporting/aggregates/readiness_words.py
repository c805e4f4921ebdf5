"""Words for the parts of a snapshot: tables, columns, units, rules, whom figures are about, what a hole means."""

from collections.abc import Mapping
from datetime import date

from assessment.core.aggregates.snapshots import Column, Figure, Row, Rule, Rules, Snapshot, Table, TableId
from assessment.i18n import Language
from assessment.reporting.aggregates.cluster_document import ClusterReadinessDocument, ClusterWords
from assessment.reporting.money import amounts

OF_THE_ROW = "of the row"
"""The unit of a column whose rows have units of their own."""


def day_of(snapshot: Snapshot) -> date:
    """The day a snapshot was taken."""
    return snapshot.taken_at.date()


def table_titles(language: Language) -> Mapping[TableId, str]:
    """What each table is about."""
    _ = language.gettext
    return {
        "participation": _("How far members came"),
        "companies-by-sector": _("Companies by sector"),
        "companies-by-size": _("Companies by size"),
        "companies-by-region": _("Companies by region"),
        "sections": _("Scores by section"),
        "sectors": _("Mean scores by sector and section"),
        "sizes": _("Mean scores by size and section"),
        "regions": _("Mean scores by region and section"),
        "percentiles": _("Percentiles by section"),
        "practices": _("Missing practices"),
        "amounts": _("Planned and measured savings"),
        "change": _("Change since the last snapshot"),
        "comparison": _("Comparison with other clusters"),
    }


def kind_words(table: Table, language: Language) -> str:
    """The head of the column that names the rows."""
    _ = language.gettext
    return {
        "stage": _("Stage"), "section": _("Section"), "sector": _("Sector"), "size": _("Size"),
        "region": _("Region"), "practice": _("Practice"), "amount": _("Amount"),
    }[table.kind]  # fmt: skip


def column_words(table: Table, column: Column, words: ClusterWords, language: Language) -> str:
    """The head of a column; of a table by category the columns are sections."""
    _ = language.gettext
    known = {
        "companies": _("Companies"), "share": _("Share"), "mean": _("Mean"), "median": _("Median"),
        "low": _("Middle half from"), "high": _("Middle half to"), "missing": _("Missing in"),
        "known": _("Companies that answered"), "sum": _("Together a year"), "before": _("Before"), "now": _("Now"),
        "change": _("Change"), "own": _("This cluster"), "clusters": _("Median of other clusters"),
        "model": words.model or _("Chosen model"),
    }  # fmt: skip
    if table.population == "members" and column.key == "companies":
        return _("Members")
    if column.rule == "percentile":
        return _("%(percent)s %% score this or less") % {"percent": column.key.removeprefix("p")}
    return known.get(column.key) or words.title("section", column.key)


def unit_words(unit: str, language: Language) -> str:
    """A unit as people read it."""
    _ = language.gettext
    known = {
        "companies": _("companies"), "points": _("points out of 100"), "per cent": _("per cent"),
        OF_THE_ROW: _("as its row says"),
    }  # fmt: skip
    return known.get(unit) or amounts.unit_words(unit, language)


def unit_of(column: Column, row: Row) -> str:
    """The unit of one figure."""
    return row.unit if column.unit == OF_THE_ROW else column.unit


def population_words(table: Table, language: Language) -> str:
    """Whom the figures of a table are about."""
    _ = language.gettext
    return {
        "members": _("members of the cluster"),
        "companies with a result": _("companies with a result that agreed to be counted"),
        "clusters": _("clusters, by their published figures"),
    }[table.population]


def rule_words(rule: Rule, rules: Rules, language: Language) -> str:
    """How figures of a rule are made and protected."""
    _ = language.gettext
    values = {
        "k": language.number(rules.k), "rounding": language.number(rules.rounding),
        "medians": language.number(rules.medians_from), "percentiles": language.number(rules.percentiles_from),
    }  # fmt: skip
    texts = {
        "count": _(
            "Rounded to the nearest %(rounding)s. A part is shown only where it and the rest are %(k)s companies or "
            "more. Of how many a figure is, is told as the same number wherever fewer than %(k)s are left out."
        ),
        "share": _("Worked out from the rounded numbers beside it, and rounded again to the nearest %(rounding)s."),
        "mean": _("Mean of whole points, as a whole number, from %(k)s companies on."),
        "median": _("Middle value and middle half, as whole numbers, from %(medians)s companies on."),
        "percentile": _("As a whole number, from %(percentiles)s companies on. No lowest and no highest is shown."),
        "sum": _("Three significant digits, from %(k)s companies on, and only where none dominates the sum."),
        "difference": _("Difference of two published figures."),
        "median-of-clusters": _("Median of figures that clusters published, from three other clusters on."),
    }
    return texts[rule] % values


def withheld_words(language: Language) -> str:
    """What a missing figure means."""
    return language.gettext(
        "Withheld: too few companies, a figure that would tell of single companies, or nothing there. "
        "Which of these it is, is not told."
    )


def caption(table: Table, document: ClusterReadinessDocument, language: Language) -> str:
    """Whom a table is about, and when: the line under or over each table and drawing."""
    values = {"population": population_words(table, language), "day": language.date(day_of(document.snapshot))}
    return language.gettext("Snapshot of %(day)s; %(population)s.") % values


def figure_words(figure: Figure, language: Language, *, signed: bool = False) -> str:
    """A figure as it is printed; nothing for one that is withheld."""
    if figure is None:
        return ""
    written = language.number(abs(amounts.exact(figure)))
    if figure < 0:
        return f"–{written}"
    return f"+{written}" if signed and figure else written
