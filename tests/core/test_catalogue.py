"""Which measures, schemes and building blocks suit whom; one small catalogue per rule."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from assessment.core.resources.catalogue import (
    EU_MEMBERS,
    PARTNERS,
    BuildingBlock,
    Catalogue,
    Scheme,
    blocks_for,
    funding_for,
    measure_fits,
)
from assessment.core.resources.entries import Saving
from tests.builders import TODAY, block, catalogue, measure, profile, scheme

LAMPS = measure("lamps", level="high")
REGIONAL: dict[str, Any] = {"level": "regional", "region": "The north", "regions": ["BG31", "BG32"]}


def shown(*schemes: Scheme, today: date = TODAY, **who: Any) -> list[str]:
    """The ids of the schemes shown beside the lamps."""
    return [match.scheme.id for match in funding_for(LAMPS, profile(**who), today, catalogue(*schemes)).schemes]


def asked(*schemes: Scheme, today: date = TODAY, **who: Any) -> list[str]:
    """The ids of the schemes to ask an adviser about."""
    return [match.scheme.id for match in funding_for(LAMPS, profile(**who), today, catalogue(*schemes)).ask_adviser]


def beside(*blocks: BuildingBlock, **who: Any) -> list[str]:
    """The ids of the building blocks shown beside the lamps."""
    return [found.id for found in blocks_for(LAMPS, profile(**who), catalogue(*blocks))]


# Measures


@pytest.mark.parametrize(
    ("nace", "divisions", "codes", "fits"),
    [
        (["all"], [], ["J"], True),
        (["C"], [], ["C10"], True),
        (["C"], [], ["G47"], False),
        (["C", "G"], ["C10"], ["C10"], True),
        (["C", "G"], ["C10"], ["C25"], False),
        (["C", "G"], ["C10"], ["G47"], True),
        (["C", "I"], ["C10", "I55"], ["I56"], False),
        (["C"], ["C10"], ["C"], True),
        (["C"], ["C10"], ["F", "C10"], True),
        (["C"], ["C10"], [], False),
    ],
)
def test_a_division_limits_only_its_own_section(
    nace: list[str], divisions: list[str], codes: list[str], fits: bool
) -> None:
    found = measure("one", nace=nace, divisions=divisions)
    assert measure_fits(found, profile(nace=codes)) is fits


def test_the_typical_saving_is_nearer_to_the_low_end_unless_it_is_given() -> None:
    held = catalogue()
    written = {
        "resource": "water",
        "base": "site_total",
        "low": "0.1",
        "high": "0.4",
        "basis": "estimate",
        "confidence": "low",
    }
    assert held.typical_of(Saving.model_validate(written)) == Decimal("0.199")
    assert held.typical_of(Saving.model_validate({**written, "typical": "0.3"})) == Decimal("0.3")


def test_the_share_of_a_use_is_the_default_of_its_resource_all_of_the_site_or_nothing() -> None:
    share = {"resource": "heat", "end_use": "laundry", "low": "0.1", "high": "0.3", "typical": "0.2",
             "basis": "estimate", "confidence": "low"}  # fmt: skip
    method = {**catalogue().method.model_dump(), "default_end_use_shares": [share]}
    held = catalogue(method=method)

    def typical(base: str, **use: str) -> Decimal | None:
        saving = {"resource": "heat", "base": base, "low": "0", "high": "0.1", "basis": "estimate", "confidence": "low"}
        found = held.share_of(Saving.model_validate({**saving, **use}))
        return found.typical if found else None

    assert typical("site_total") == 1
    assert typical("end_use", end_use="laundry") == Decimal("0.2")
    assert typical("end_use", end_use="cip") is None
    assert typical("other", end_use="laundry") is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"low": "0.5", "high": "0.4"}, {"low": "0.1", "high": "0.4", "typical": "0.5"}, {"low": "0", "high": "1.1"},
        {"low": "0", "high": "0.1", "basis": "sourced"}, {"low": "0", "high": "0.1", "end_use": "lighting"},
        {"low": "0", "high": "0.1", "base": "end_use"},
    ],
)  # fmt: skip
def test_a_saving_that_cannot_be_true_is_refused(wrong: dict[str, str]) -> None:
    good = {"resource": "water", "base": "site_total", "basis": "estimate", "confidence": "low"}
    assert Saving.model_validate({**good, "low": "0", "high": "0.1"})
    with pytest.raises(ValidationError):
        Saving.model_validate({**good, **wrong})


def test_a_measure_names_each_of_its_sources_once_wherever_they_stand() -> None:
    cited = {"basis": "sourced", "confidence": "high"}
    found = measure(
        "one",
        savings=[{"resource": "heat", "base": "site_total", "low": "0", "high": "0.1", "source": "a", **cited}],
        payback_months={"low": 1, "high": 2, "source": "b", **cited}, references=["c", "a"],
        facts=[{"note": "It is so.", "sources": ["d"]}], uptake={"share": "0.5", "of": "firms", "source": "b"},
    )  # fmt: skip
    assert found.sources == ("a", "b", "d", "c")


# Funding: who can apply


def test_schemes_of_the_country_and_of_the_union_are_shown_to_members_and_no_other_countrys() -> None:
    schemes = scheme("bg-one"), scheme("eu-one", level="EU", countries=["EU"]), scheme("ro-one", countries=["RO"])
    assert shown(*schemes, country="BG") == ["bg-one", "eu-one"]
    assert shown(*schemes, country="US") == []
    assert shown(*schemes, country="") == []


@pytest.mark.parametrize("country", sorted(PARTNERS))
def test_a_neighbour_sees_a_scheme_of_the_union_with_the_word_to_check(country: str) -> None:
    held = catalogue(scheme("eu-one", level="EU", countries=["EU"]), scheme("home", countries=[country]))
    found = funding_for(LAMPS, profile(country=country), TODAY, held).schemes
    assert [(match.scheme.id, match.check_participation) for match in found] == [("home", False), ("eu-one", True)]


def test_no_member_is_told_to_check() -> None:
    held = catalogue(scheme("eu-one", level="EU", countries=["EU"]))
    for country in EU_MEMBERS:
        assert not funding_for(LAMPS, profile(country=country), TODAY, held).schemes[0].check_participation


def test_a_scheme_is_shown_to_the_sizes_it_is_open_to() -> None:
    small = scheme("small-only", company_sizes=["small"])
    assert shown(small, size="small") == ["small-only"]
    assert shown(small, size="micro") == []
    assert asked(small, size="micro") == []


def test_a_scheme_for_one_trade_is_shown_to_that_trade() -> None:
    fish = scheme("fish", sectors={"nace": ["A", "C"], "divisions": ["A03"]})
    assert shown(fish, nace=["A03"]) == ["fish"]
    assert shown(fish, nace=["C25"]) == ["fish"]
    assert shown(fish, nace=["A01"]) == []
    assert shown(fish, nace=["J62"]) == []


def test_closed_and_expired_schemes_are_never_shown_and_the_last_day_still_counts() -> None:
    closed, expired = scheme("closed", status="closed"), scheme("expired", valid_until="2026-11-23")
    assert shown(closed, expired) == asked(closed, expired) == []
    assert shown(scheme("last-day", valid_until="2026-11-24")) == ["last-day"]


def test_what_is_unverified_or_stale_is_to_be_asked_about_and_stale_begins_after_two_years() -> None:
    schemes = scheme("unverified", status="unverified"), scheme("old", as_of=2023), scheme("fresh", as_of=2024)
    assert shown(*schemes) == ["fresh"]
    assert asked(*schemes) == ["old", "unverified"]
    assert asked(*schemes, today=date(2027, 1, 1)) == ["fresh", "old", "unverified"]


# Funding: regions


def test_a_regional_scheme_is_shown_where_it_holds_and_hidden_elsewhere() -> None:
    north = scheme("north", **REGIONAL)
    assert shown(north, region="BG31") == ["north"]
    assert shown(north, region="BG41") == []
    assert asked(north, region="BG41") == []


def test_where_the_region_is_not_sure_the_scheme_is_shown_with_its_region_as_condition() -> None:
    held = catalogue(scheme("north", **REGIONAL))
    assert funding_for(LAMPS, profile(region=None), TODAY, held).schemes[0].region == "The north"
    assert funding_for(LAMPS, profile(region="BG31"), TODAY, held).schemes[0].region is None


def test_a_scheme_for_a_part_of_a_region_keeps_its_condition_where_the_region_is_known() -> None:
    held = catalogue(scheme("valley", **{**REGIONAL, "region": "The valley"}, regions_in_part=True))
    assert funding_for(LAMPS, profile(region="BG31"), TODAY, held).schemes[0].region == "The valley"
    assert funding_for(LAMPS, profile(region="BG41"), TODAY, held).schemes == ()


def test_a_code_of_a_larger_region_stands_for_all_that_begins_with_it() -> None:
    north = scheme("north", **{**REGIONAL, "regions": ["BG3"]})
    assert shown(north, region="BG34") == ["north"]
    assert shown(north, region="BG41") == []


@pytest.mark.parametrize(
    "wrong", [{"level": "regional"}, {"regions": ["BG31"]}, {"level": "regional", "regions": ["bg31"]}]
)
def test_a_regional_scheme_has_region_codes_and_no_other_has(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        scheme("one", **wrong)


# Funding: order


def test_what_the_own_country_pays_comes_first_then_the_focused_scheme_and_then_status_decides() -> None:
    schemes = (
        scheme("d-union", level="EU", countries=["EU"]),
        scheme("c-recurring", status="recurring"),
        scheme("b-general", helps_with=["lighting", "motors", "hvac"]),
        scheme("a-ending", status="ending"),
    )
    assert shown(*schemes) == ["a-ending", "c-recurring", "b-general"]
    assert shown(*schemes[:3]) == ["c-recurring", "b-general", "d-union"]
    assert shown(scheme("one"), scheme("eu-one", level="EU", countries=["EU"])) == ["one", "eu-one"]


def test_advice_comes_first_for_an_early_step_and_money_for_an_investment() -> None:
    schemes = scheme("a-grant"), scheme("b-advice", instrument=["advice"])
    held = catalogue(*schemes)
    early = funding_for(measure("walk", level="low"), profile(), TODAY, held).schemes
    assert [match.scheme.id for match in early] == ["b-advice", "a-grant"]
    free = funding_for(measure("walk", level="none"), profile(), TODAY, held).schemes
    assert [match.scheme.id for match in free] == ["b-advice"], "where nothing is bought, a grant is no help"
    assert shown(*reversed(schemes)) == ["a-grant", "b-advice"]


def test_a_scheme_that_pays_from_a_cost_on_is_not_shown_with_what_never_costs_so_much() -> None:
    cost = {"level": "medium", "eur_low": 500, "eur_high": 5000, "basis": "estimate", "confidence": "low"}
    small = measure("study", investment={**cost, "unit": "per site"})
    by_piece = measure("panels", investment={**cost, "unit": "per kWp"})
    schemes = [scheme("large", pays_from_eur="5001"), scheme("just", pays_from_eur="5000"), scheme("any")]
    held = catalogue(small, by_piece, *schemes)
    shown = {
        each.id: {match.scheme.id for match in funding_for(each, profile(), TODAY, held).schemes}
        for each in (small, by_piece)
    }
    assert shown == {"study": {"just", "any"}, "panels": {"large", "just", "any"}}


def test_equals_go_by_id_whatever_the_order_of_the_files_and_three_are_shown() -> None:
    schemes = [scheme(name) for name in ("d", "b", "a", "c")]
    assert shown(*schemes) == shown(*reversed(schemes)) == ["a", "b", "c"]


def test_resources_stand_in_where_no_tag_is_shared() -> None:
    energy, water = scheme("energy", helps_with=["motors"]), scheme("water", helps_with=["lean"], resources=["water"])
    assert shown(energy, water) == ["energy"]
    assert shown(energy, water, scheme("lamps", resources=["water"])) == ["lamps"]


@pytest.mark.parametrize("mark", ["for_development", "for_partnerships"])
def test_money_for_research_or_of_several_stands_beside_making_something_new_and_not_beside_buying_what_is_ready(
    mark: str,
) -> None:
    held = catalogue(scheme("research", **{mark: True}), scheme("lamps"))
    both, ready = {"lamps", "research"}, {"lamps"}
    kinds = {
        ("product",): both, ("business-model", "organisational"): both, ("technology",): ready,
        ("technology", "business-model"): ready, ("organisational",): ready,
    }  # fmt: skip
    for kind, expected in kinds.items():
        found = funding_for(measure("one", level="high", kind=list(kind)), profile(), TODAY, held).schemes
        assert {match.scheme.id for match in found} == expected, kind
    lonely = catalogue(scheme("research", **{mark: True}, helps_with=["motors"]))
    assert not funding_for(measure("one", level="high"), profile(), TODAY, lonely).schemes


def test_a_tag_of_the_measure_itself_counts_beside_those_of_its_topic() -> None:
    held = catalogue(scheme("meters", helps_with=["metering"]), scheme("lamps"))
    metered = measure("metered", level="high", helps_with=["metering"])
    found = funding_for(metered, profile(), TODAY, held).schemes
    assert [(match.scheme.id, match.shared) for match in found] == [("lamps", ("lighting",)), ("meters", ("metering",))]


# Building blocks


def test_blocks_share_a_tag_and_suit_the_sector() -> None:
    blocks = block("lamps"), block("motors", helps_with=["motors"]), block("shops", sectors=["G"])
    assert beside(*blocks, nace=["C10"]) == ["lamps"]
    assert beside(*blocks, nace=["G"]) == ["shops", "lamps"]


def test_a_block_can_be_read_in_the_users_language_in_english_or_at_home() -> None:
    blocks = block("finnish", languages=["fi"], countries=["FI"]), block("all", languages=["all-eu"])
    assert beside(*blocks, language="fr") == ["all"]
    assert beside(*blocks, language="fi") == ["all", "finnish"]
    assert beside(*blocks, country="FI") == ["finnish", "all"]


def test_what_holds_in_another_country_only_is_not_offered() -> None:
    foreign = [block(kind, kind=kind, countries=["IE"]) for kind in ("organisation", "label", "training", "guide")]
    assert beside(*foreign) == ["guide"]
    assert beside(block("wide", kind="organisation", countries=["INT"]), country="CH") == ["wide"]
    assert beside(block("union", kind="organisation", countries=["EU"]), country="CH") == []


def test_blocks_are_ordered_by_shared_tags_state_sector_country_and_language() -> None:
    wide = measure("wide", helps_with=["hvac"])
    blocks = (
        block("a-unverified", helps_with=["lighting", "hvac"], status="unverified"),
        block("b-archived", status="archived"),
        block("c-plain"),
        block("d-both", helps_with=["lighting", "hvac"]),
    )
    found = blocks_for(wide, profile(), catalogue(*blocks))
    assert [one.id for one in found] == ["d-both", "c-plain", "b-archived"]
    assert beside(block("a-union"), block("b-home", countries=["BG"]), block("c-sector", sectors=["C"])) == [
        "c-sector", "b-home", "a-union",
    ]  # fmt: skip
    assert beside(block("a-english"), block("b-bulgarian", languages=["bg"]), language="bg") == [
        "b-bulgarian",
        "a-english",
    ]


def test_a_block_that_is_about_little_else_comes_before_one_about_much() -> None:
    assert beside(block("a-wide", helps_with=["lighting", "hvac", "motors"]), block("b-plain")) == ["b-plain", "a-wide"]


def test_a_block_of_one_trade_goes_to_no_other_of_its_section() -> None:
    brewers = block("brewers", sectors=["C", "G"], divisions=["C11"])
    assert beside(brewers, nace=["C10"]) == beside(brewers, nace=["C25"]) == []
    assert beside(brewers, nace=["C11"]) == beside(brewers, nace=["G47"]) == ["brewers"]
    assert beside(brewers, nace=["C"]) == ["brewers"], "a firm that gave only its section is not turned away"


def test_what_a_measure_names_is_all_that_is_shown_with_it_the_firms_own_country_first() -> None:
    named = measure("named", blocks=["motors", "shops", "home", "lamps", "more"])
    blocks = (
        block("better"), block("lamps"), block("home", countries=["BG"]), block("shops", sectors=["G"]),
        block("motors", helps_with=["motors"]), block("more"),
    )  # fmt: skip
    for who, found in ((profile(nace=["C10"]), ["home", "motors", "lamps"]),
                       (profile(nace=["G47"], country="FI"), ["motors", "shops", "home"])):  # fmt: skip
        assert [one.id for one in blocks_for(named, who, catalogue(*blocks))] == found
    only = measure("only", blocks=["shops"])
    assert blocks_for(only, profile(nace=["C10"]), catalogue(*blocks)) == (), (
        "nothing is better than what does not suit"
    )


def test_tags_of_a_measure_narrow_its_topic_or_widen_it() -> None:
    held = catalogue(
        block("meters", helps_with=["metering"]), block("targets", helps_with=["targets"]), block("lamps"),
        topics={"energy-lighting": {"title": "All", "helps_with": ["metering", "targets"]}},
    )  # fmt: skip
    for own, found in (
        ((), ["meters", "targets"]),
        (("targets",), ["targets"]),
        (("lighting",), ["lamps", "meters", "targets"]),
    ):
        shown_with = blocks_for(measure("m", helps_with=own), profile(), held)
        assert sorted(one.id for one in shown_with) == found


def test_a_trade_alone_is_no_subject_unless_there_is_no_other() -> None:
    held = catalogue(
        block("hotels", helps_with=["hospitality"]), block("lamps"),
        topics={"energy-lighting": {"title": "Hotels", "helps_with": ["hospitality"]}},
    )  # fmt: skip
    assert [one.id for one in blocks_for(measure("m", helps_with=["lighting"]), profile(), held)] == ["lamps"]
    assert [one.id for one in blocks_for(measure("m"), profile(), held)] == ["hotels"]


def test_a_good_practice_of_the_same_sector_takes_the_last_place() -> None:
    guides = [block(name, sectors=["C"], countries=["BG"]) for name in "abc"]
    case = block("case", kind="good-practice", sectors=["C"])
    assert beside(*guides, case) == ["a", "b", "case"]
    assert beside(*guides, block("case", kind="good-practice", sectors=["all"])) == ["a", "b", "c"]
    assert beside(*guides, block("case", kind="good-practice", sectors=["C"], status="unverified")) == ["a", "b", "c"]
    wide = measure("wide", helps_with=["hvac"])
    both = [block(name, helps_with=["lighting", "hvac"]) for name in "abc"]
    assert [one.id for one in blocks_for(wide, profile(), catalogue(*both, case))] == ["a", "b", "c"], "it fits less"


def test_a_catalogue_comes_back_from_json_as_it_was() -> None:
    held = catalogue(LAMPS, scheme("one", valid_until="2027-01-31", max_share_pct="12.5"), block("two"))
    written = held.model_dump_json(by_alias=True, exclude_unset=True)
    assert Catalogue.model_validate_json(written) == held
