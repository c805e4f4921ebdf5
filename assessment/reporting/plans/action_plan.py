"""The maker of the action plan: results and what the company made of its plan, reduced to what the paper shows.

Lengths are cut here: a report is made of other people's words, and has to end.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from assessment.core.aggregates.practices import Told
from assessment.core.checks.answers import NO_REMARK, Answers, Marker, Remark, Value
from assessment.core.checks.questionnaire import Questionnaire
from assessment.core.checks.replies import help_of, opening_of
from assessment.core.checks.route import Route
from assessment.core.checks.scoring import ENGINE, Reason, Score, Scorecard, State
from assessment.core.plans.plan import Step, Why
from assessment.core.resources.catalogue import (
    BuildingBlock,
    Catalogue,
    FundingMatch,
    Match,
    Measure,
    Profile,
    Saving,
    blocks_for,
    funding_for,
)
from assessment.i18n import Language
from assessment.reporting.budget import Budget
from assessment.reporting.charts import qr_code
from assessment.reporting.checks.display_maker import shown_of
from assessment.reporting.documents import (
    ALL_NOTES,
    LONGEST_COMMENT,
    LONGEST_NOTE,
    MOST_ACTIONS,
    MOST_ROWS,
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
    Headline,
    PaybackRow,
    Rating,
    SavingRow,
    SectionRow,
    SourceRow,
    Versions,
    WhyRow,
)
from assessment.reporting.money.money_document import Money
from assessment.reporting.money.money_maker import Reckoned, figure_sources, money_of, saving_figures
from assessment.reporting.money.uses import use_words
from assessment.reporting.plans.action_words import source_words, uptake_words
from assessment.reporting.words import in_words

STRONG_FROM = 80
"""Every section at least this high: no section is called the one to start with."""

GAINS_SHOWN = 6
REASONS_SHOWN = 3
FUNDING_SHOWN = BLOCKS_SHOWN = 3
MORE_SHOWN = 12


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One action of the plan as the company has it; `step` is None for its own and for catalogue entries."""

    title: str
    step: Step | None
    entry: str = ""
    owner: str = ""
    deadline: date | None = None
    done: bool = False
    note: str = ""
    status: str = "not-started"


@dataclass(frozen=True)
class Findings:
    """All that the engine found about one set of answers on one day."""

    questionnaire: Questionnaire
    route: Route
    answers: Answers
    remarks: Mapping[str, Remark]
    scorecard: Scorecard
    reasons: tuple[Reason, ...]
    profile: Profile
    catalogue: Catalogue
    on: date


@dataclass(frozen=True)
class Setting:
    """What surrounds a report: whose it is, who may be called, and where short addresses lead."""

    company: str
    example: bool
    contact: Contact | None
    home: str
    address_of: Callable[[str], str]
    today: date


def action_plan_document(
    findings: Findings,
    lines: Sequence[PlanLine],
    more: Sequence[Step],
    setting: Setting,
    language: Language,
    reckoned: Reckoned | None = None,
    support: FundingMatch | None = None,
    members: Told | None = None,
) -> ActionPlanDocument:
    """The action plan to print; without a reckoning it has no money in it.

    `support` is the funding of the stage that is worked on, where there are stages; `members` is what those of a
    cluster lack, beside its own check.
    """
    budget = Budget(ALL_NOTES)
    cards = tuple(_cards(findings, lines[:MOST_ACTIONS], setting, language, budget))
    if reckoned is not None:
        cards = tuple(_with_saving(card, reckoned, findings.catalogue, language) for card in cards)
    card = findings.scorecard
    overall = _rating(card.overall, findings.questionnaire)
    weakest = card.weakest
    return ActionPlanDocument(
        company=Company(setting.company, findings.questionnaire.trade_of(findings.answers), setting.example),
        day=findings.on, depth=card.depth, headline=headline_of(card), overall=overall,
        sections=tuple(
            SectionRow(
                section.section, _title(findings, section.section), section.weight, _rating(section.score),
                weakest=section in weakest, red_flag=section.red_flag,
            )
            for section in card.sections
        ),
        bands=_bands(findings.questionnaire), gains=_gains(findings), actions=cards,
        more=tuple(step.measure.title for step in more[:MORE_SHOWN]), blocks=_blocks_of(cards),
        contact=setting.contact, home=setting.home.partition("://")[2] or setting.home,
        answers=tuple(_answers(findings, language, budget)), sources=_sources(findings.catalogue, lines, reckoned),
        money=_money(cards, reckoned, findings, language), link=setting.home,
        shown=shown_of(findings.route, findings.answers, card, language, members),
        support=_support(support, setting), opening=opening_of(findings.route, findings.answers),
        helps=help_of(findings.route, findings.answers),
        versions=Versions(findings.questionnaire.title, findings.questionnaire.version, ENGINE),
    )  # fmt: skip


def _support(found: FundingMatch | None, setting: Setting) -> tuple[FundingRow, ...]:
    """The schemes of a stage that are known to run, without a code to scan."""
    return tuple(_scheme(match, setting, 0, False) for match in found.schemes) if found else ()


def _money(
    cards: Sequence[ActionCard], reckoned: Reckoned | None, findings: Findings, language: Language
) -> Money | None:
    if reckoned is None:
        return None
    of_measures = [card for card in cards if card.measure]
    numbers = {card.measure: card.number for card in of_measures}
    titles = {card.measure: card.title for card in of_measures}
    return money_of(reckoned, numbers, titles, findings.catalogue, findings.on, language)


def _with_saving(card: ActionCard, reckoned: Reckoned, catalogue: Catalogue, language: Language) -> ActionCard:
    saving = reckoned.savings.get(card.measure)
    if saving is None:
        return card
    return replace(card, saving=saving_figures(saving, reckoned.site, catalogue, language))


def headline_of(card: Scorecard) -> Headline:
    """What page 1 can truly say of these scores."""
    if card.overall.headline is None:
        return "not-enough"
    rated = [section.score.headline for section in card.sections if section.score.headline is not None]
    if len(rated) == len(card.sections) and min(rated) >= STRONG_FROM:
        return "strong"
    return "weakest" if card.weakest else "plain"


def _title(findings: Findings, section_id: str) -> str:
    section = findings.questionnaire.section(section_id)
    return section.title if section else section_id


def _rating(score: Score, questionnaire: Questionnaire | None = None) -> Rating:
    low, high = score.range or (None, None)
    headline = score.headline
    band = questionnaire.band_of(headline).label if questionnaire and headline is not None else None
    return Rating(headline, low, high, score.known, score.unsure, score.applicable, score.coverage, band)


def _bands(questionnaire: Questionnaire) -> tuple[BandRow, ...]:
    ends = [band.from_ - 1 for band in questionnaire.bands[1:]] + [100]
    return tuple(BandRow(band.label, band.from_, end) for band, end in zip(questionnaire.bands, ends, strict=True))


def _gains(findings: Findings) -> tuple[GainRow, ...]:
    """The questions that would add most to the overall score."""
    ranked = sorted(findings.reasons, key=lambda reason: -reason.gain)[:GAINS_SHOWN]
    rows = []
    for reason in ranked:
        gain = Decimal(reason.gain).quantize(Decimal("0.1"))
        if reason.level is not None and gain > 0:
            question = findings.questionnaire.questions[reason.question]
            rows.append(
                GainRow(question.id.upper(), question.short, _title(findings, reason.section), reason.level, gain)
            )
    return tuple(rows)


def _cards(
    findings: Findings, lines: Sequence[PlanLine], setting: Setting, language: Language, budget: Budget
) -> Iterator[ActionCard]:
    shown: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        note = budget.take(line.note, LONGEST_COMMENT)[0]
        card = ActionCard(
            number, line.title, owner=line.owner, deadline=line.deadline, done=line.done, note=note,
            measure=line.step.measure.id if line.step else "", status=line.status,
            address=_printed(setting.address_of(line.entry)) if line.entry else "",
        )  # fmt: skip
        yield _with_step(card, line.step, findings, setting, language, shown) if line.step else card


def _with_step(
    card: ActionCard, step: Step, findings: Findings, setting: Setting, language: Language, shown: dict[str, int]
) -> ActionCard:
    measure = step.measure
    found = funding_for(measure, findings.profile, setting.today, findings.catalogue)
    funding: list[FundingRow] = []
    for match in found.schemes[:FUNDING_SHOWN]:
        first = shown.setdefault(match.scheme.id, card.number)
        leading = first == card.number and not any(row.qr for row in funding)
        funding.append(_scheme(match, setting, first, leading))
    adviser = tuple(_scheme(match, setting, 0, False) for match in found.ask_adviser[:FUNDING_SHOWN])
    blocks = blocks_for(measure, findings.profile, findings.catalogue)[:BLOCKS_SHOWN]
    more = step.first_step != measure.how_to
    return replace(
        card, effort=step.effort, why=tuple(_why(why, findings, language) for why in step.why[:REASONS_SHOWN]),
        first_step=step.first_step, find_out=step.find_out or "", proof=findings.catalogue.proof_of(measure),
        others=uptake_words(measure, findings.catalogue, language), how_to=measure.how_to if more else "",
        savings=tuple(_savings(_counted(measure), findings.catalogue, language)),
        seen_otherwise=tuple(_savings(_seen_otherwise(measure), findings.catalogue, language)),
        cost=_cost(measure, findings.catalogue, language), payback=_payback(measure),
        funding=tuple(funding), adviser=adviser,
        blocks=tuple(_block(block, setting, card.number, language) for block in blocks), condition=step.note or "",
        small_use=step.small_use,
    )  # fmt: skip


def _why(why: Why, findings: Findings, language: Language) -> WhyRow:
    question = findings.questionnaire.questions[why.question]
    value = findings.answers.get(why.question)
    answer = language.list_of(in_words(question, value, language)) if value is not None else ""
    return WhyRow(question.id.upper(), question.short, answer, _state(value), why.level, why.weight, why.relevance)


def _state(value: Value | None) -> State:
    if value is None:
        return "unanswered"
    return value.value if isinstance(value, Marker) else "known"


def _scheme(match: Match, setting: Setting, first_in: int, leading: bool) -> FundingRow:
    """A scheme as the card shows it; the leading one of a card has a code to scan."""
    scheme = match.scheme
    link = setting.address_of(scheme.id)
    return FundingRow(
        scheme.id, scheme.name, scheme.provider, scheme.max_amount_eur, scheme.max_share_pct, scheme.as_of,
        scheme.valid_until, match.region, match.check_participation, _printed(link), link,
        qr_code(link) if leading else None, first_in,
    )  # fmt: skip


def _printed(link: str) -> str:
    """An address as it is typed."""
    return link.partition("://")[2] or link


def _block(block: BuildingBlock, setting: Setting, number: int, language: Language) -> BlockRow:
    link = setting.address_of(block.id)
    languages = () if "all-eu" in block.languages else tuple(language.language_name(code) for code in block.languages)
    return BlockRow(
        block.id, block.title, block.kind, languages, block.publisher, block.year, _printed(link), link, (number,)
    )


def _blocks_of(cards: Sequence[ActionCard]) -> tuple[BlockRow, ...]:
    """Every building block of the plan once, with all the actions that name it."""
    rows: dict[str, BlockRow] = {}
    for block in (block for card in cards for block in card.blocks):
        seen = rows.get(block.id)
        rows[block.id] = replace(seen, actions=seen.actions + block.actions) if seen else block
    return tuple(rows.values())[:MOST_ROWS]


def _counted(measure: Measure) -> list[Saving]:
    """The savings to show: not those that only make others possible, nor second views of the same saving."""
    return [saving for saving in measure.savings if saving.high > 0 and not saving.information_only]


def _seen_otherwise(measure: Measure) -> list[Saving]:
    return [saving for saving in measure.savings if saving.high > 0 and saving.information_only]


def _savings(savings: Sequence[Saving], catalogue: Catalogue, language: Language) -> Iterator[SavingRow]:
    for saving in savings:
        source = catalogue.sources.get(saving.source or "")
        yield SavingRow(
            use_words(saving, language), _per_cent(saving.low), _per_cent(saving.high), saving.unit, saving.basis,
            source.publisher if source else "", source.year if source else None,
            source_words(saving.source, catalogue, language) if source else "",
        )  # fmt: skip


def _per_cent(share: Decimal) -> Decimal:
    """A share in per cent, whole from one on: more figures than two would claim too much."""
    value = share * 100
    return value.quantize(Decimal(1)) if value >= 1 or not value else value.quantize(Decimal("0.1"))


def _cost(measure: Measure, catalogue: Catalogue, language: Language) -> CostRow:
    cost = measure.investment
    source = source_words(cost.source, catalogue, language) if cost.eur_high else ""
    return CostRow(cost.level, cost.eur_low, cost.eur_high, cost.unit, cost.source is None, source)


def _payback(measure: Measure) -> PaybackRow:
    months = measure.payback_months
    return PaybackRow(months.low, months.high, months.source is None)


def _answers(findings: Findings, language: Language, budget: Budget) -> Iterator[AnswerTable]:
    states = {reason.question: reason for reason in findings.reasons}
    left = MOST_ROWS
    for leg in findings.route.legs:
        rows = []
        for question in leg.questions[:left]:
            value = findings.answers.get(question.id)
            remark = findings.remarks.get(question.id, NO_REMARK) if value is not None else NO_REMARK
            note, shortened = budget.take(remark.note, LONGEST_NOTE)
            reason = states.get(question.id)
            rows.append(AnswerRow(
                question.id.upper(), question.short, _state(value),
                in_words(question, value, language) if value is not None else (),
                reason.level if reason else None, reason is not None, remark.basis, note, shortened,
                remark.reason[:LONGEST_NOTE],
            ))  # fmt: skip
        left -= len(rows)
        yield AnswerTable(leg.section.title, tuple(rows))


def _sources(catalogue: Catalogue, lines: Sequence[PlanLine], reckoned: Reckoned | None) -> tuple[SourceRow, ...]:
    """The published sources of the figures in the plan, each once."""
    measures = [line.step.measure for line in lines[:MOST_ACTIONS] if line.step]
    keys = [
        saving.source for measure in measures for saving in (*_counted(measure), *_seen_otherwise(measure))
    ]  # fmt: skip
    keys += [key for measure in measures for key in (measure.investment.source, measure.payback_months.source)]
    keys += [measure.uptake.source for measure in measures if measure.uptake]
    known = {**catalogue.sources, **catalogue.factors.sources}
    keys += list(figure_sources(reckoned)) if reckoned is not None else []
    found = [known[key] for key in dict.fromkeys(keys) if key and key in known]
    rows = [SourceRow(source.title, source.publisher, source.year, source.url or "") for source in found]
    return tuple(rows[:MOST_ROWS])
