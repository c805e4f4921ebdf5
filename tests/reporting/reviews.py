"""The review of a made-up metal shop as a mentor and a company left it, and ways to make it longer or emptier."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from assessment.reporting.mentors.review_document import (
    AnswerWords,
    Asked,
    ChangedRow,
    CommentRow,
    ConfirmedRow,
    ConfirmedTable,
    MentorReviewDocument,
    OpenRow,
    PairRow,
    SignedRow,
    StatementRow,
    SuggestedRow,
    VisitRow,
)
from tests.reporting.samples import LEVELS, SECTIONS

MENTOR = "Mira Petrova"
DAY = date(2026, 11, 24)


def review(longer: str = "", words: str = "The diary covers the shop only; the kiosks have meters of their own.") -> (
    MentorReviewDocument
):  # fmt: skip
    """The review; `longer` is put behind every text of ours, `words` is what people said."""
    rows = tuple(
        PairRow(
            title + longer, score, score + 10 - 2 * place if place % 3 else None, place % 5, 7, place % 5 * 100 // 7
        )
        for place, (_, title, _, score) in enumerate(SECTIONS)
    )
    answer = AnswerWords(LEVELS[2] + longer, 2)
    asked: tuple[Asked, ...] = ("asked", "proposed", "asked", "replied", "disputed", "changed")
    questions = tuple(
        OpenRow(
            f"ENE-{number:02}", "How closely you follow your use" + longer, "Energy" + longer, kind, answer,
            AnswerWords(LEVELS[1] + longer, 1) if kind in ("proposed", "disputed") else None, words,
            words if kind in ("replied", "disputed") else "", MENTOR, DAY,
        )
        for number, kind in enumerate(asked, 1)
    )  # fmt: skip
    suggested = SuggestedRow("Ask the mill whether it takes the bran back" + longer, words, MENTOR, DAY, words)
    return MentorReviewDocument(
        company="Sample Metal Shop", sector="Metal and plastics", example=True, day=DAY,
        overall=PairRow("Overall" + longer, 43, 51, 23, 68, 33), sections=rows, answers=72, reviewed=29,
        signed=SignedRow(MENTOR, DAY), visit=VisitRow(date(2027, 3, 4), "Look at the compressor together", MENTOR),
        changed=tuple(
            ChangedRow(
                f"WAT-{number:02}", "Water used more than once" + longer, "Water" + longer, answer,
                AnswerWords(LEVELS[4] + longer, 4), words, MENTOR,
            )
            for number in range(1, 4)
        ),
        for_company=questions[:3], for_mentor=questions[3:],
        agreed=(
            replace(suggested, status="planned", owner="Ana", deadline=date(2027, 2, 1)),
            replace(suggested, title="Turn the oven down", status="not-started", reply=""),
            replace(suggested, title="Read the meter every Monday"),
        ),
        declined=(replace(suggested, title="Solar power on the roof", reply="The roof is rented."),),
        offered=(replace(suggested, title="Weigh surplus bread", reply=""),),
        savings=(
            StatementRow(
                "Replace older lamps with LED" + longer, "Electricity: 4,200 kWh a year less than before.",
                ("Before: 12 MWh, 1 January 2024 to 30 December 2024, from a bill",),
                "12,000 kWh in 2024", "Both bills, same output", 1500, Decimal(30), MENTOR, DAY,
            ),
        ),
        comments=(
            CommentRow("", words, MENTOR, DAY, "company"), CommentRow("Following energy use (ENE-03)", words, "", DAY),
        ),
        older_comments=0, comments_for_company=1, comments_for_mentor=2,
        confirmed=tuple(
            ConfirmedTable(
                title + longer,
                tuple(
                    ConfirmedRow(f"{key.upper()}-{number:02}", "How closely you follow your use" + longer, answer)
                    for number in range(1, 4)
                ),
            )
            for key, title, _, _ in SECTIONS[:7]
        ),
        home="gp.example.org", questionnaire="Resource efficiency check", version="1",
    )  # fmt: skip


def untouched() -> MentorReviewDocument:
    """The same check before anybody has looked at it."""
    empty = tuple(replace(row, confirmed=None, known=0, share=0) for row in review().sections)
    return replace(
        review(), overall=PairRow("Overall", 43, None, 0, 68, 0), sections=empty, reviewed=0, signed=None, visit=None,
        changed=(), for_company=(), for_mentor=(), agreed=(), declined=(), offered=(), savings=(), comments=(),
        comments_for_company=0, comments_for_mentor=0, confirmed=(),
    )  # fmt: skip
