"""Resource sheets to test with: those of the example companies, and of a firm that gives any figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from assessment.core.checks.answers import Answers, Quantities, Quantity, Remark, Value
from assessment.core.checks.questionnaire import Questionnaire
from assessment.core.money.benchmarks import Benchmarks
from assessment.core.money.factor_lookups import Factors
from assessment.core.money.footprint import Footprint, FootprintLine, footprint_of
from assessment.core.money.sheet import ResourceSheet, Row, sheet_of
from assessment.core.money.sheet_entries import NO_ENTRIES, SheetEntries
from assessment.core.money.sheet_site import site_of
from assessment.core.money.uses import Site
from assessment.core.plans.plan import profile_of
from assessment.core.resources.catalogue import Catalogue, Profile
from tests.sites import shipped


def held() -> Catalogue:
    """The catalogue that ships."""
    return shipped().catalogue("en")


def factors() -> Factors:
    """The factors that ship."""
    return held().factors


def with_factor(factor_id: str, **changes: object) -> Factors:
    """The factors that ship, one of them changed; made afresh, since a copy would keep the look-ups of the original."""
    known = factors()
    changed = known.factors[factor_id].model_copy(update=changes)
    parts = {name: getattr(known, name) for name in Factors.model_fields}
    return Factors.model_validate({**parts, "factors": {**known.factors, factor_id: changed}})


def benchmarks() -> Benchmarks:
    """The benchmarks that ship."""
    return held().benchmarks


def asked() -> Questionnaire:
    """The newest questionnaire that ships."""
    library = shipped()
    return library.edition(*library.newest, "en").questionnaire


@dataclass(frozen=True)
class Company:
    """A company with its sheet and footprint."""

    sheet: ResourceSheet
    footprint: Footprint
    profile: Profile

    @property
    def site(self) -> Site:
        """The site that savings are computed on."""
        return site_of(self.sheet, self.footprint, held(), self.profile)

    def row(self, line: str) -> Row:
        """A row that must be there."""
        found = self.sheet.row(line)
        assert found is not None, f"{line} does not stand on the sheet"
        return found

    def part(self, line: str, part: str, method: str = "both") -> FootprintLine:
        """A part of the footprint that must be there."""
        found = [one for one in self.footprint.of(line) if one.part == part and one.method == method]
        assert len(found) == 1, f"{len(found)} parts {part} of {line}"
        return found[0]

    def gaps(self) -> set[tuple[str, str, str]]:
        """What is missing in the footprint: line, part, reason."""
        return {(gap.row.line.id, gap.part, gap.reason) for gap in self.footprint.gaps}


def company(
    answers: Mapping[str, Value], entries: SheetEntries = NO_ENTRIES, remarks: Mapping[str, Remark] | None = None,
    catalogue: Catalogue | None = None,
) -> Company:  # fmt: skip
    """The company that gives these answers and entries."""
    catalogue = catalogue or held()
    profile = profile_of(asked(), answers, "en")
    sheet = sheet_of(asked(), answers, remarks or {}, entries, catalogue, profile)
    return Company(sheet, footprint_of(sheet, catalogue.factors), profile)


def example(name: str, entries: SheetEntries = NO_ENTRIES) -> Company:
    """An example company that ships."""
    found = shipped().examples()[name]
    return company(found.answers, entries, found.remarks)


def quantity(amount: str, unit: str, factor: str = "1") -> Quantity:
    """A figure as it is stored: the amount in the base unit beside what was typed."""
    return Quantity(Decimal(amount) * Decimal(factor), unit, amount)


def office(country: str = "DE", **more: Value) -> Answers:
    """An office of ten people; more answers by question (`_` stands for a hyphen)."""
    known: dict[str, Value] = {
        "p-01": country, "p-02": "ict", "p-02-nace": "J62", "p-03": quantity("10", "headcount"),
        "p-05": frozenset({"office"}),
    }  # fmt: skip
    return Answers({**known, **{name.replace("_", "-"): value for name, value in more.items()}})


def fuels(**amounts: Quantity) -> Quantities:
    """An answer with several figures (`_` stands for a hyphen)."""
    return Quantities(tuple((name.replace("_", "-"), amount) for name, amount in amounts.items()))


def own(**amounts: str) -> dict[str, dict[str, str]]:
    """Own amounts by line as written (`_` stands for a hyphen)."""
    return {name.replace("_", "-"): {"amount": amount} for name, amount in amounts.items()}


def shown(amount: Decimal | None, places: str = "0.001") -> str:
    """A figure rounded half up as it is shown."""
    assert amount is not None
    return str(amount.quantize(Decimal(places), ROUND_HALF_UP))
