"""A made-up bakery with a plan as a real one has it, and ways to make it longer, stranger or emptier."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from assessment.core.checks.replies import Reply
from assessment.core.plans.actions import Effort
from assessment.reporting.charts import qr_code
from assessment.reporting.documents import (
    ActionCard,
    ActionPlanDocument,
    AnswerRow,
    AnswerTable,
    BandRow,
    BlockRow,
    Company,
    Contact,
    CostRow,
    FundingRow,
    GainRow,
    PaybackRow,
    Rating,
    SavingRow,
    SectionRow,
    SourceRow,
    Versions,
    WhyRow,
)

SECTIONS = (
    ("man", "Management and strategy", 2, 42),
    ("ene", "Energy", 3, 38),
    ("mat", "Materials and chemicals", 3, 55),
    ("wat", "Water", 3, 22),
    ("was", "Waste and by-products", 3, 58),
    ("emi", "Emissions, transport, site", 2, 40),
    ("pro", "Product and service design", 1, 50),
    ("cbm", "Circular business model", 2, 30),
    ("sup", "Supply chain and customers", 3, 48),
    ("peo", "People", 2, 63),
    ("fin", "Money, support, cooperation", 2, 29),
)
BANDS = ((0, 19, "Starting"), (20, 39, "Aware"), (40, 59, "Active"), (60, 79, "Advanced"), (80, 100, "Leading"))
LEVELS = (
    "Not done",
    "Decided, or tried once",
    "Done in part, less than half of where it applies",
    "Done in most places",
    "Done everywhere it applies, checked and improved at least yearly",
)
HOME = "https://gp.example.org"

ACTIONS: tuple[tuple[str, Effort, str, str, str, str, tuple[int, int]], ...] = (
    (
        "Name a person for energy, water and waste",
        "quick",
        "cost-resources",
        "",
        "man-01",
        "Ask who would enjoy it, agree two hours a week and write the name into the job description.",
        (2, 5),
    ),
    (
        "Run the ovens full and in falling temperature",
        "quick",
        "heat",
        "process heat",
        "ene-10",
        "Write down, for five mornings, when each oven is switched on and when the first tray goes in.",
        (5, 12),
    ),
    (
        "Weigh surplus bread for two weeks, then bake to the numbers",
        "quick",
        "waste",
        "food waste",
        "was-07",
        "Put a scale and a sheet next to the returns rack. Write weight, product and reason, every evening.",
        (10, 25),
    ),
    (
        "Replace older lamps with LED",
        "plan",
        "electricity",
        "lighting",
        "ene-07",
        "Count lamps by room on one page. Ask two fitters for a price for each lamp point.",
        (40, 70),
    ),
    (
        "Have an energy audit made",
        "plan",
        "cost-energy",
        "",
        "ene-04",
        "Ask your chamber or cluster for a list of auditors. Put twelve months of bills in one folder.",
        (0, 15),
    ),
    (
        "Use the last rinse of the crate washer twice",
        "plan",
        "water",
        "rinsing",
        "wat-04",
        "Read the meter on Saturday after closing and on Monday before work. A difference means a leak.",
        (20, 50),
    ),
    (
        "Warm wash water and proofing room with oven exhaust heat",
        "invest",
        "heat",
        "hot water",
        "ene-12",
        "Have the auditor measure exhaust temperature and running hours. Do not ask for offers before that.",
        (15, 40),
    ),
)


def plan(longer: str = "") -> ActionPlanDocument:
    """The bakery's plan; `longer` is put behind every text to see what happens to lengthy languages."""
    funding = _funding()
    cards = tuple(_card(number, action, funding, longer) for number, action in enumerate(ACTIONS, 1))
    return ActionPlanDocument(
        company=Company("Example Bakery", "Food processing", example=True),
        day=date(2026, 11, 24),
        depth="full",
        headline="weakest",
        overall=Rating(43, 40, 46, 68, 4, 72, 94, "Active"),
        sections=tuple(
            SectionRow(
                key,
                title + longer,
                weight,
                Rating(
                    score,
                    score - 4 if weight == 3 else score,
                    score + 5 if weight == 3 else score,
                    6,
                    weight == 3,
                    7,
                    85,
                ),
                weakest=key == "wat",
                red_flag=False,
            )
            for key, title, weight, score in SECTIONS
        ),
        bands=tuple(BandRow(label, first, last) for first, last, label in BANDS),
        gains=tuple(
            GainRow(code.upper(), short + longer, section, level, Decimal(gain))
            for code, short, section, level, gain in (
                ("wat-04", "Water used more than once", "Water", 0, "1.9"),
                ("wat-02", "Following water use", "Water", 1, "1.3"),
                ("fin-03", "Know and use public support", "Money, support, cooperation", 1, "1.1"),
                ("mat-02", "Know where material is lost", "Materials and chemicals", 1, "1.1"),
                ("cbm-01", "Earn more with fewer resources", "Circular business model", 1, "1"),
                ("ene-03", "Following energy use", "Energy", 1, "0.7"),
            )
        ),
        actions=cards,
        more=(),
        blocks=_blocks(),
        contact=Contact("Example advice desk", ("+359 2 000 0000", "advice@example.org", "Monday to Friday, 9 to 16")),
        home="gp.example.org",
        answers=answers(),
        sources=_sources(),
        versions=Versions("Resource efficiency check", "1", "1"),
        opening=(
            "The law is your reason: this is no legal advice, so ask your chamber which rules apply to you." + longer,
            "You look for funding: actions name programmes that may pay a part of them." + longer,
        ),
        helps=(
            Reply("It costs too much", "Begin with the quick wins, most of which cost little or nothing." + longer),
            Reply("No time", "Do one thing only, and put the next date into your calendar." + longer),
        ),
    )


def _card(
    number: int,
    action: tuple[str, Effort, str, str, str, str, tuple[int, int]],
    funding: tuple[FundingRow, ...],
    longer: str,
) -> ActionCard:
    title, effort, resource, use, code, first_step, (low, high) = action
    saving = SavingRow(
        (use or resource) + longer,
        Decimal(low),
        Decimal(high),
        "fraction",
        "adapted" if number % 2 else "estimate",
        "Carbon Trust" if number % 2 else "",
        2018 if number % 2 else None,
    )
    return ActionCard(
        number=number,
        title=title + longer,
        effort=effort,
        why=(
            WhyRow(code.upper(), "Following the use" + longer, LEVELS[1] + longer, "known", 1, 3, 3),
            WhyRow("ENE-05", "Renewable electricity", "", "do-not-know", None, 2, 3),
        )[: 1 + number % 2],
        first_step=first_step + longer,
        find_out="",
        proof="The bill of the work, and the reading of the meter before and after" + longer,
        savings=(saving,),
        cost=CostRow(
            "low" if effort == "quick" else "medium",
            Decimal(0),
            Decimal(250 * number),
            "per luminaire" if number == 4 else "per site",
            True,
        ),
        payback=PaybackRow(number, 8 * number, estimate=True),
        funding=_for_card(number, funding),
        adviser=(funding[5],) if number == 5 else (),
        blocks=_blocks()[number - 1 : number + 1],
    )


def _for_card(number: int, funding: tuple[FundingRow, ...]) -> tuple[FundingRow, ...]:
    """One or two schemes; the first card that names a scheme shows it in full."""
    named = (number % 4, *([4] if number > 3 else []))
    first = {0: 4, 1: 1, 2: 2, 3: 3, 4: 4}
    rows = [replace(funding[i], first_in=first[i]) for i in named]
    leading = next((row for row in rows if row.first_in == number), None)
    return tuple(row if row is leading else replace(row, qr=None) for row in rows)


def _funding() -> tuple[FundingRow, ...]:
    names = (
        "Energy voucher for small firms (example)",
        "Small equipment voucher (example)",
        "Green equipment grant (example)",
        "Audit voucher (example)",
        "Water and materials loan (example)",
        "Regional waste fund (example)",
    )
    rows = []
    for number, name in enumerate(names):
        address = f"{HOME}/r/example-scheme-{number}"
        rows.append(
            FundingRow(
                f"example-scheme-{number}",
                name,
                "Example development bank",
                Decimal(5000 * (number + 1)),
                Decimal(40),
                2026,
                date(2027, 10, 15) if number % 2 else None,
                "Yuzhen tsentralen" if number == 2 else None,
                False,
                address.removeprefix("https://"),
                address,
                qr_code(address),
                1,
            )
        )
    return tuple(rows)


def _blocks() -> tuple[BlockRow, ...]:
    titles = (
        "Oven schedule sheet",
        "Heat recovery guide",
        "Two-week food-waste diary",
        "Lighting guide: bright ideas for efficient use",
        "Audit data list",
        "Water balance sheet",
        "Refrigeration systems guide",
        "Guardians of Grub: cost-saving course",
    )
    return tuple(
        BlockRow(
            f"guide-{number}",
            title,
            "guide",
            ("English",),
            "Example institute",
            2021,
            f"gp.example.org/r/guide-{number}",
            f"{HOME}/r/guide-{number}",
            (number,),
        )
        for number, title in enumerate(titles, 1)
    )


def answers(note: str = "", questions: int = 7) -> tuple[AnswerTable, ...]:
    """Answers of all sections; the first carries the note."""
    return tuple(
        AnswerTable(
            title,
            tuple(
                AnswerRow(
                    f"{key.upper()}-{number:02}",
                    "How closely do you follow your use",
                    "do-not-know" if number == 5 else "known",
                    (LEVELS[number % 5],),
                    None if number == 5 else number % 5,
                    True,
                    "",
                    note if number == 1 and key == "man" else "",
                    False,
                    "",
                )
                for number in range(1, questions + 1)
            ),
        )
        for key, title, _, _ in SECTIONS
    )


def _sources() -> tuple[SourceRow, ...]:
    return tuple(
        SourceRow(
            f"Example overview of savings, part {number}", "Carbon Trust", 2018, f"https://example.org/source/{number}"
        )
        for number in range(1, 6)
    )


def with_actions(count: int) -> ActionPlanDocument:
    """The bakery with a plan of that many actions."""
    base = plan()
    cards = tuple(_numbered(base.actions[number % 7], number + 1) for number in range(count))
    return replace(base, actions=cards)


def _numbered(card: ActionCard, number: int) -> ActionCard:
    """The card at another place of the plan, with the schemes that it shows in full."""
    funding = (replace(row, first_in=number) if row.first_in == card.number else row for row in card.funding)
    return replace(card, number=number, funding=tuple(funding))
