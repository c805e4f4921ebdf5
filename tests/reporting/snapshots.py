"""Snapshots of made-up clusters as a release shows them: one of 60 members, one of 5, and one that has nothing yet."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from assessment.core.aggregates.release_file import KindOfKey
from assessment.core.aggregates.snapshots import Column, Figure, Row, Rule, Rules, Snapshot, Table, TableId
from assessment.reporting.aggregates.cluster_document import (
    ClusterReadinessDocument,
    ClusterSource,
    ClusterWords,
    Proposal,
)

AT = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
SECTIONS = {
    "overall": "Overall", "man": "Management and strategy", "ene": "Energy", "mat": "Materials and chemicals",
    "wat": "Water", "was": "Waste and by-products", "emi": "Emissions, transport, site",
    "pro": "Product and service design", "cbm": "Circular business model", "sup": "Supply chain and customers",
    "peo": "People", "fin": "Money and measures",
}  # fmt: skip
MEDIANS: Mapping[str, int] = {
    "overall": 44, "man": 48, "ene": 46, "mat": 51, "wat": 31, "was": 58, "emi": 36, "pro": 42, "cbm": 33, "sup": 44,
    "peo": 56, "fin": 38,
}  # fmt: skip
SECTORS = {
    "food": "Food and drink processing", "hotels": "Hotels, restaurants, catering", "trade": "Shops and wholesale",
    "metal": "Metal and plastics", "textile": "Textiles", "offices": "Offices and business services",
}  # fmt: skip
SIZES = {"micro": "Fewer than 10 people", "small": "10 to 49 people", "medium": "50 to 249 people",
         "large": "250 people or more"}  # fmt: skip
REGIONS = {"BG411": "Sofia (stolitsa)", "BG421": "Plovdiv"}
STAGES = {"joined": "Joined", "started": "Check begun", "finished": "Check finished", "planned": "Plan made"}
PRACTICES = {
    "ene-04": "Energy audit in the last four years", "wat-03": "Water meter read more than once a year",
    "wat-05": "Water used more than once", "man-01": "Somebody named for energy and resources",
    "ene-12": "Waste heat used again", "mat-06": "Loss of material measured", "emi-02": "Footprint worked out",
    "sup-03": "Suppliers asked about energy", "was-07": "By-products passed on to others",
    "cbm-02": "Products taken back", "pro-04": "Repair planned for", "peo-03": "Staff trained in the last two years",
}  # fmt: skip
AMOUNTS = {"planned-eur": "Money that plans save", "planned-kwh": "Energy that plans save",
           "measured-kwh": "Energy saved, measured"}  # fmt: skip
UNITS = {"planned-eur": "EUR", "planned-kwh": "kWh", "measured-kwh": "kWh"}
CATEGORIES: Sequence[tuple[TableId, TableId, str, Mapping[str, str], Sequence[int | None]]] = (
    ("sectors", "companies-by-sector", "sector", SECTORS, (20, 10, 10, None, None, 5)),
    ("sizes", "companies-by-size", "size", SIZES, (20, 25, 5, None)),
    ("regions", "companies-by-region", "region", REGIONS, (35, 15)),
)
COMPANIES = Column(key="companies", unit="companies", rule="count")


def words(longer: str = "", example: bool = True, **more: object) -> ClusterWords:
    """The words around a snapshot; `longer` is put behind every text."""
    titles: dict[KindOfKey, Mapping[str, str]] = {
        "section": SECTIONS, "sector": SECTORS, "size": SIZES, "region": REGIONS, "stage": STAGES,
        "practice": PRACTICES, "amount": AMOUNTS,
    }  # fmt: skip
    return replace(
        ClusterWords(
            cluster="Black Sea Food Cluster" + longer, questionnaire="resource-efficiency",
            questionnaire_title="Resource efficiency check",
            titles={kind: {key: text + longer for key, text in held.items()} for kind, held in titles.items()},
            example=example, home="gp.example.org", link="https://gp.example.org", model="Danube Bakers" + longer,
            previous=date(2026, 8, 17),
            proposals=(
                Proposal("Buy energy audits together" + longer, "One tender instead of many." + longer, 35,
                         "about EUR 41,000 a year (24,000 to 65,000)"),
                Proposal("Share a measuring kit" + longer, "One set of meters goes round." + longer),
            ),
            sources=(ClusterSource("Handbook on Statistical Disclosure Control" + longer, "Eurostat", 2010,
                                   "https://cros.ec.europa.eu/"),),
        ),
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def _table(
    name: TableId, kind: str, columns: Sequence[tuple[str, str, Rule]], rows: Mapping[str, Sequence[Figure]],
    population: str = "companies with a result", units: Mapping[str, str] | None = None,
) -> Table:  # fmt: skip
    return Table(
        id=name, kind=kind, population=population,
        columns=tuple(Column(key=key, unit=unit, rule=rule) for key, unit, rule in columns),
        rows=tuple(Row(key=key, figures=tuple(found), unit=(units or {}).get(key, "")) for key, found in rows.items()),
    )  # fmt: skip


def snapshot() -> Snapshot:
    """About 50 of 60 members have a result; textiles, metal and the largest are too few."""
    return Snapshot(
        population="cluster:5f2c", taken_at=AT, rules=Rules(), companies=50,
        tables=(
            _table("participation", "stage", (("companies", "companies", "count"), ("share", "per cent", "share")),
                   {"joined": (60, 100), "started": (55, 90), "finished": (50, 85), "planned": (20, 35)}, "members"),
            *(_companies(*found) for found in CATEGORIES),
            _sections(), *(_means(*found) for found in CATEGORIES), _percentiles(), _practices(), _amounts(),
            _change(), _comparison(),
        ),
    )  # fmt: skip


def _companies(
    _: TableId, name: TableId, kind: str, titles: Mapping[str, str], counts: Sequence[int | None]
) -> Table:  # fmt: skip
    return _table(name, kind, (("companies", "companies", "count"),),
                  {key: (count,) for key, count in zip(titles, counts, strict=True)})  # fmt: skip


def _sections() -> Table:
    columns: list[tuple[str, str, Rule]] = [("companies", "companies", "count"), ("mean", "points", "mean")]
    columns += [(key, "points", "median") for key in ("median", "low", "high")]
    rows = {key: (50, middle + 2, middle, middle - 14, middle + 15) for key, middle in MEDIANS.items()}
    return _table("sections", "section", columns, rows)


def _means(
    name: TableId, _: TableId, kind: str, titles: Mapping[str, str], counts: Sequence[int | None]
) -> Table:  # fmt: skip
    parts = [key for key in MEDIANS if key != "overall"]
    rows: dict[str, Sequence[Figure]] = {}
    for at, (key, count) in enumerate(zip(titles, counts, strict=True)):
        rows[key] = [
            None if count is None or (at == 2 and place in (2, 3)) else min(100, max(0, MEDIANS[part] + 9 * at - 10))
            for place, part in enumerate(parts)
        ]
    return _table(name, kind, [(part, "points", "mean") for part in parts], rows)


def _percentiles() -> Table:
    columns: list[tuple[str, str, Rule]] = [(f"p{at}", "points", "percentile") for at in (10, 25, 50, 75, 90)]
    rows = {key: (middle - 21, middle - 14, middle, middle + 15, middle + 24) for key, middle in MEDIANS.items()}
    return _table("percentiles", "section", columns, rows)


def _practices() -> Table:
    rows: dict[str, Sequence[Figure]] = {
        key: (35 - 5 * (at // 2), 50, 70 - 10 * (at // 2)) for at, key in enumerate(PRACTICES) if at < 11
    }
    rows["peo-03"] = (None, None, None)
    columns: list[tuple[str, str, Rule]] = [("missing", "companies", "count"), ("known", "companies", "count")]
    return _table("practices", "practice", [*columns, ("share", "per cent", "share")], rows)


def _amounts() -> Table:
    rows = {"planned-eur": (212000.0, 20), "planned-kwh": (1310000.0, 20), "measured-kwh": (None, None)}
    return _table("amounts", "amount", (("sum", "of the row", "sum"), ("companies", "companies", "count")), rows,
                  units=UNITS)  # fmt: skip


def _change() -> Table:
    shifts = {"man": 0, "ene": 4, "was": -1, "wat": -3}
    rows = {key: (middle + 2 - shifts.get(key, 1), middle + 2, shifts.get(key, 1)) for key, middle in MEDIANS.items()}
    return _table("change", "section", (("before", "points", "mean"), ("now", "points", "mean"),
                                        ("change", "points", "difference")), rows)  # fmt: skip


def _comparison() -> Table:
    others = {"wat": 37, "ene": 45, "was": 54, "man": 50}
    rows = {key: (middle + 2, others.get(key, middle + 1), middle + 6) for key, middle in MEDIANS.items()}
    return _table("comparison", "section", (("own", "points", "mean"), ("clusters", "points", "median-of-clusters"),
                                            ("model", "points", "mean")), rows, "clusters")  # fmt: skip


def emptied(found: Snapshot, keep: Mapping[str, Sequence[tuple[str, str]]]) -> Snapshot:
    """The snapshot with every figure withheld but those named by table, row and column."""
    tables = tuple(
        table.model_copy(
            update={
                "rows": tuple(
                    row.model_copy(
                        update={
                            "figures": tuple(
                                figure if (row.key, column.key) in keep.get(table.id, ()) else None
                                for column, figure in zip(table.columns, row.figures, strict=True)
                            )
                        }
                    )
                    for row in table.rows
                )
            }
        )
        for table in found.tables
    )
    return found.model_copy(update={"tables": tables})


def small() -> Snapshot:
    """Five companies: nothing but the means of four sections, of which no single one can be worked out."""
    kept = [(key, column) for key in ("overall", "ene", "wat", "was") for column in ("companies", "mean")]
    found = emptied(snapshot(), {"sections": kept, "change": (), "participation": [("joined", "companies")]})
    tables = tuple(
        table.model_copy(update={"rows": tuple(
            row.model_copy(update={"figures": (5, *row.figures[1:]) if row.figures[0] else row.figures})
            for row in table.rows
        )}) if table.id in ("sections", "participation") else table
        for table in found.tables
    )  # fmt: skip
    return found.model_copy(update={"companies": 5, "tables": tables})


def nothing() -> Snapshot:
    """A snapshot in which every figure is withheld."""
    return emptied(snapshot(), {}).model_copy(update={"companies": None})


def whole_document(longer: str = "") -> ClusterReadinessDocument:
    """The document of 60 members."""
    return ClusterReadinessDocument(snapshot(), words(longer))


def small_document() -> ClusterReadinessDocument:
    """The document of five."""
    return ClusterReadinessDocument(small(), words(proposals=(), previous=None, model=""))


def nothing_document() -> ClusterReadinessDocument:
    """The document in which nothing is told."""
    return ClusterReadinessDocument(nothing(), words(proposals=(), previous=None, model="", sources=()))
