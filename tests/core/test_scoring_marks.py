"""What is told beside a score: bands, red flags, the weakest section, reasons and proof."""

import pytest

from assessment.core.checks.answers import Answers, Remark
from assessment.core.checks.scoring import Ratio, Score, Scorecard, SectionScore, documented, percent, reasons
from tests.builders import (
    DO_NOT_KNOW,
    NOT_APPLICABLE,
    ladder,
    ladder_answers,
    questionnaire,
    route_of,
    section,
)
from tests.core.worked import card_of, energy, exact

# Bands, red flags, the weakest section


@pytest.mark.parametrize(
    ("shown", "band"),
    [(0, "starting"), (19, "starting"), (20, "aware"), (39, "aware"), (40, "active"), (59, "active"),
     (60, "advanced"), (79, "advanced"), (80, "leading"), (100, "leading")],
)  # fmt: skip
def test_each_score_has_its_band(shown: int, band: str) -> None:
    assert energy(1).band_of(shown).id == band


def test_the_band_follows_the_number_shown_and_not_the_one_behind_it() -> None:
    # 59.375 is shown as 59, and 59.5 as 60
    tiny = energy(1)
    assert tiny.band_of(percent((19, 32))).id == "active"
    assert tiny.band_of(percent((119, 200))).id == "advanced"


def both(first: int, second: int, weights: dict[str, int]) -> Scorecard:
    tiny = questionnaire(section("energy", ladder("a")), section("water", ladder("b")), weights=weights)
    return card_of(tiny, ladder_answers(a=first, b=second))


def test_a_section_that_matters_and_scores_below_ten_is_a_red_flag() -> None:
    assert [s.section for s in both(0, 4, {"energy": 2, "water": 2}).red_flags] == ["energy"]
    assert both(0, 4, {"energy": 1, "water": 2}).red_flags == ()
    assert both(1, 4, {"energy": 3, "water": 2}).red_flags == ()


@pytest.mark.parametrize(
    ("ratio", "flagged"), [((9, 100), True), ((94, 1000), True), ((95, 1000), False), ((10, 100), False)]
)
def test_a_red_flag_follows_the_number_shown(ratio: Ratio, flagged: bool) -> None:
    found = SectionScore("energy", 2, 0, 0, Score(ratio, ratio, ratio, 1, 0, 1))
    assert found.red_flag is flagged


def test_a_section_without_a_headline_is_no_red_flag_and_never_the_weakest() -> None:
    tiny = questionnaire(
        section("energy", ladder("a"), ladder("b")), section("water", ladder("c")), weights={"energy": 3, "water": 3}
    )
    card = card_of(tiny, ladder_answers(a=0, c=4))
    assert card.red_flags == ()
    assert card.weakest == (), "one alone is not the weakest"


def test_the_weakest_section_has_the_lowest_headline() -> None:
    weakest = both(3, 1, {"energy": 3, "water": 1}).weakest
    assert [found.section for found in weakest] == ["water"]


def test_sections_are_equally_weak_when_the_same_number_is_shown() -> None:
    # 24.6 and 25.0 are both shown as 25, so both are named although one is a trifle higher
    low, high, best = (246, 1000), (250, 1000), (800, 1000)
    card = Scorecard(
        "full", Score(low, low, low, 2, 0, 2),
        (SectionScore("energy", 1, 0, 0, Score(low, low, low, 1, 0, 1)),
         SectionScore("water", 2, 0, 0, Score(high, high, high, 1, 0, 1)),
         SectionScore("waste", 1, 0, 0, Score(best, best, best, 1, 0, 1))),
    )  # fmt: skip
    assert card.weakest == card.sections[:2]


# Reasons and proof


def test_every_scored_question_that_applies_has_a_reason_with_state_level_and_weight() -> None:
    tiny = energy(3, 2, 1, 1)
    said = ladder_answers(a=1, b=DO_NOT_KNOW, c=NOT_APPLICABLE)
    found = [(r.question, r.section, r.state, r.level, r.weight) for r in reasons(route_of(tiny, said), said)]
    assert found == [
        ("a", "energy", "known", 1, 3),
        ("b", "energy", "do-not-know", None, 2),
        ("c", "energy", "not-applicable", None, 1),
        ("d", "energy", "unanswered", None, 1),
    ]


def test_the_gain_of_a_reason_is_what_the_top_level_would_add_overall() -> None:
    tiny = questionnaire(
        section("energy", ladder("a", 3), ladder("b", 1)), section("water", ladder("c", 2)), weights={"energy": 3}
    )
    said = ladder_answers(a=1, b=4, c=2)
    before = exact(card_of(tiny, said).overall.value)
    assert before is not None
    for reason in reasons(route_of(tiny, said), said):
        after = exact(card_of(tiny, said.with_values({reason.question: "l4"})).overall.value)
        assert after is not None
        assert reason.gain == pytest.approx(float(100 * (after - before)))


def test_the_documented_share_counts_points_at_level_three_or_four_with_a_note() -> None:
    tiny = energy(3, 2, 1)
    said = ladder_answers(a=4, b=3, c=2)
    noted = Remark(note="Invoice of March")
    # points 12 + 6 + 2 = 20
    proofs = {"a": {"a": noted}, "b": {"b": noted}, "too low": {"c": noted}, "no note": {"a": Remark(basis="bills")}}
    shares = {name: documented(route_of(tiny, said), said, remarks) for name, remarks in proofs.items()}
    assert shares == {"a": 60, "b": 30, "too low": 0, "no note": 0}
    assert documented(route_of(tiny, Answers()), Answers(), {}) == 0
