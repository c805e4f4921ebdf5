"""The printed action plan, page by page."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from assessment.reporting.compose import compose
from assessment.reporting.documents import LONGEST_COMMENT, LONGEST_NOTE, ActionCard, ActionPlanDocument, Rating
from tests.reporting import samples
from tests.reporting.languages import ENGLISH, LONG
from tests.reporting.paper import Paper, complaints, in_order, outside, overprinted, printed, thin_pages, words_of


@cache
def bakery() -> Paper:
    return printed(samples.plan())


def unscored() -> ActionPlanDocument:
    """The bakery with too few answers for a score."""
    plan = samples.plan()
    sections = tuple(
        replace(section, weakest=False, rating=Rating(None, 0, 100, 0, 2, 7, 0)) for section in plan.sections
    )
    return replace(
        plan, headline="not-enough", overall=Rating(None, 10, 90, 20, 20, 72, 27), sections=sections, gains=()
    )


DOCUMENTS = {
    "the bakery": samples.plan(),
    "not enough answers": unscored(),
    "a quick check": replace(
        samples.plan(), depth="quick", company=replace(samples.plan().company, name="", example=False)
    ),
    "nothing to do": replace(
        samples.plan(), actions=(), blocks=(), sources=(), contact=None, headline="strong", gains=()
    ),
    "many more fit": replace(samples.plan(), more=tuple(f"Another measure {number}" for number in range(20))),
    "own actions": replace(
        samples.plan(),
        actions=(
            *samples.plan().actions[:2],
            ActionCard(3, "Paint the door", owner="Ана", deadline=date(2027, 1, 31), note="n" * LONGEST_COMMENT),
            ActionCard(4, "Example voucher", address="gp.example.org/r/abcde", done=True),
        ),
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_plan_is_accessible_and_nothing_is_cut_off(name: str) -> None:
    paper = printed(DOCUMENTS[name])
    assert complaints(paper) == []
    assert outside(paper) == []
    assert overprinted(paper) == []
    assert thin_pages(paper) == []


def test_page_one_works_alone() -> None:
    first = bakery().pages[0]
    words = [
        "Your resource efficiency is 43 out of 100, lowest in Water",
        "Your score is 43 out of 100 (Active). Because 4 answers are “I do not know” it could be 40 to 46.",
        "68 of the 72 questions that apply to you (94 %)",
        "The score of each section",
        "Energy 38",
        "Water 22",
        "At a glance",
        "Water, your weakest section",
        "Do these 3 first",
        "Run the ovens full",
        "This week",
        "Ask who would enjoy it",
        "Who to call",
        "Example advice desk",
    ]
    assert in_order(words_of(compose(samples.plan(), ENGLISH)), words)
    assert [word for word in words if word not in first] == []


def lowest_in(*lowest: str) -> ActionPlanDocument:
    """The bakery with other weakest sections."""
    plan = samples.plan()
    return replace(plan, sections=tuple(replace(section, weakest=section.id in lowest) for section in plan.sections))


def test_sections_that_share_the_lowest_score_are_all_named_up_to_three_and_counted_from_four_on() -> None:
    named = words_of(compose(lowest_in("wat", "ene", "mat"), ENGLISH))
    three = "“Energy”, “Materials and chemicals” and “Water”"
    assert f"43 out of 100, lowest in {three}" in named
    assert f"{three}, your weakest sections" in named
    assert f"The weakest sections are {three}" in named
    counted = words_of(compose(lowest_in("wat", "ene", "mat", "man"), ENGLISH))
    assert "43 out of 100, lowest in 4 sections" in counted
    assert "4 sections share the lowest score" in counted
    assert "weakest section" not in counted
    assert "Water, weakest" in counted


def test_chapters_follow_in_order() -> None:
    assert in_order(
        bakery().text,
        [
            "The weakest section is Water",
            "What would add most",
            "7 actions that fit your answers",
            "Name a person",
            "Warm wash water",
            "building blocks for your plan",
            "The answers behind the plan",
            "How the figures came about",
            "Sources",
        ],
    )


def test_the_box_with_whom_to_call_is_there_even_where_nobody_is_named() -> None:
    first = printed(replace(samples.plan(), contact=None)).pages[0]
    assert "Who to call Your trade association, chamber or energy agency." in first


def test_a_card_has_everything_a_step_needs() -> None:
    card = next(page for page in bakery().pages if "Replace older lamps" in page and "Owner" in page)
    words = [
        "Replace older lamps with LED",
        "Saving: 40 to 70 % of lighting. Estimate.",
        "Effort: Planned",
        "Cost: about EUR 0 to EUR 1,000 per luminaire (estimate)",
        "Payback: 4 months to 2.7 years (estimate)",
        "What shows that it is done: The bill of the work",
        "Building blocks:",
        "Why you",
        "“Decided, or tried once” (ENE-07, level 1 of 4)",
        "First step this week",
        "Count lamps by room",
        "Energy voucher for small firms (example), Example development bank",
        "Up to EUR 5,000, up to 40 % of the cost.",
        "As of 2026.",
        "gp.example.org/r/example-scheme-0",
        "Owner",
        "Start",
        "By",
    ]
    assert [word for word in words if word not in card] == []
    assert in_order(words_of(compose(samples.plan(), ENGLISH)), words[-14:])
    assert "Done" in card


def test_a_scheme_is_shown_in_full_once_and_then_referred_to() -> None:
    text = bakery().text
    assert text.count("gp.example.org/r/example-scheme-4") == 1
    assert "Water and materials loan (example) (see action 4)" in text
    assert "If your site lies in Yuzhen tsentralen." in text
    assert "Ask your adviser: Regional waste fund (example), Example development bank, not confirmed since 2026" in text


def test_bookmarks_lead_to_chapters_and_actions() -> None:
    marks = bakery().bookmarks
    chapters = [title for level, title in marks if level == 0]
    assert chapters[0].startswith("Your resource efficiency is 43")
    assert chapters[-1] == "How the figures came about"
    assert [title for level, title in marks if level == 1] == [
        f"{card.number} {card.title}" for card in samples.plan().actions
    ]


def test_title_author_language_and_pages_are_told() -> None:
    paper = bakery()
    assert paper.metadata["Title"] == "Action plan for Example Bakery"
    assert paper.metadata["Author"] == "Green Pathways"
    assert b"/Lang (en)" in paper.objects
    count = len(paper.pages)
    assert all(f"Page {number} of {count}" in page for number, page in enumerate(paper.pages, 1))


def test_an_example_says_so_on_every_page_and_a_real_company_does_not() -> None:
    assert all("all figures are examples" in page for page in bakery().pages)
    real = replace(samples.plan(), company=replace(samples.plan().company, example=False))
    assert "all figures are examples" not in compose(real, ENGLISH)


def test_only_our_two_fonts_are_used_and_embedded() -> None:
    assert bakery().fonts == {b"Report-Sans", b"Report-Sans-Bold"}


def test_without_a_reckoning_no_saving_is_given_in_money_and_nobody_is_compared() -> None:
    text = bakery().text.lower()
    for word in ("median", "similar companies", "last year", "total saving"):
        assert word not in text


SCRIPTS = {
    "bg": "Пекарна „Слънце“, Пловдив: жълтата дюля беше щастлива",
    "el": "Αρτοποιείο Ήλιος: ξεσκεπάζω την ψυχοφθόρα βδελυγμία",
    "pl": "Zażółć gęślą jaźń",
    "cs": "Příliš žluťoučký kůň úpěl ďábelské ódy",
    "hu": "Árvíztűrő tükörfúrógép",
    "ro": "Brutăria Șerban și țițeiul",
    "mt": "Ħobża tajba ġdida żgħira ċara",
    "lv": "Glāžšķūņa rūķīši, ņemiet ķļģ",
    "lt": "Įlinkdama fechtuotojo špaga",
    "et": "Põdur Zagrebi tšellomängija-följetonist",
    "sv": "Yxskaftbud, ge vår åäö",
    "fr": "Cœur d’Élève: Noël, ça et là",
    "de": "Größe, Straße, Übermaß",
    "ga": "Bréifne, ó áit go háit",
    "pt": "Pão, maçã, ações e à mão",
    "is and hr": "Þórður, đački čvorak šžć",
}


def test_all_european_letters_are_printed_in_our_font() -> None:
    base = samples.plan()
    words = list(SCRIPTS.values())
    named = replace(base, company=replace(base.company, name=words[0]))
    cards = tuple(replace(card, title=words[i], first_step=words[7 + i]) for i, card in enumerate(base.actions))
    paper = printed(replace(named, actions=cards))
    for phrase in words[:14]:
        assert phrase in paper.text
    assert paper.fonts == {b"Report-Sans", b"Report-Sans-Bold"}
    assert complaints(paper) == []


def test_the_rest_of_the_european_letters_too() -> None:
    note = " / ".join(SCRIPTS.values())
    paper = printed(replace(samples.plan(), answers=samples.answers(note)))
    joined = re.sub(r"\s", "", paper.text)
    assert all(re.sub(r"\s", "", phrase) in joined for phrase in SCRIPTS.values())
    assert complaints(paper) == []


def test_long_languages_fit() -> None:
    paper = printed(samples.plan(longer=" und mehr"), LONG)
    assert outside(paper) == []
    assert overprinted(paper) == []
    assert thin_pages(paper) == []
    assert complaints(paper) == []
    assert "Who to call" in paper.pages[0]


@pytest.mark.parametrize("note", ["Ein Wort " * (LONGEST_NOTE // 9), "x" * LONGEST_NOTE], ids=["words", "one word"])
def test_the_longest_note_is_printed_whole(note: str) -> None:
    paper = printed(replace(samples.plan(), answers=samples.answers(note)))
    assert paper.text.count("Wort") == note.count("Wort")
    assert paper.text.count("x") >= note.count("x")
    assert outside(paper) == []
    assert complaints(paper) == []


def test_sixty_actions_fit_into_sixty_pages() -> None:
    paper = printed(samples.with_actions(60))
    assert len(paper.pages) <= 40
    assert [title.split()[0] for level, title in paper.bookmarks if level == 1] == [str(n) for n in range(1, 61)]
    assert outside(paper) == []
    assert thin_pages(paper) == []
    assert complaints(paper) == []


def test_without_answers_the_page_says_what_is_missing() -> None:
    paper = printed(unscored())
    first = paper.pages[0]
    assert "Not enough answers for a score yet" in first
    assert "So far 20 of the 72 questions that apply to you have an answer (27 %); from 60 % there is a score." in first
    assert "not enough answers yet" in first
    assert "out of 100" not in paper.text.replace("Score out of 100", "")


def test_a_quick_check_is_called_indicative() -> None:
    assert "The quick check gives an indicative score: 43 out of 100" in printed(DOCUMENTS["a quick check"]).pages[0]


def test_text_from_outside_is_text() -> None:
    evil = '<script>alert(1)</script><img src="file:///etc/passwd">{{ 7*7 }}'
    base = samples.plan()
    html = compose(replace(base, company=replace(base.company, name=evil)), ENGLISH)
    assert "<script>" not in html
    assert "<img" not in html
    assert "{{ 7*7 }}" in html


def test_a_half_point_of_gain_is_told_with_one_decimal() -> None:
    base = samples.plan()
    paper = printed(replace(base, gains=(replace(base.gains[0], gain=Decimal("2.0")),)))
    assert "0 of 4 2.0" in paper.pages[1]
