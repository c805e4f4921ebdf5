"""The maker of stages and pairs: what the core found, in the words of questionnaire and language."""

from collections.abc import Mapping

from assessment.core.aggregates.practices import Told
from assessment.core.checks.answers import Marker, Value
from assessment.core.checks.display import Axis, Gates, Pairs
from assessment.core.checks.gates import Missing, Passage, standing_of
from assessment.core.checks.questionnaire import Questionnaire
from assessment.core.checks.questions import Choice, MultiChoice
from assessment.core.checks.route import Route
from assessment.core.checks.scoring import Score, Scorecard
from assessment.core.checks.series import pairs_of
from assessment.i18n import Language
from assessment.reporting.checks.display_document import AxisRow, PairRow, PairTable, ProofRow, Shown, StageRow, Stages
from assessment.reporting.words import in_words


def shown_of(
    route: Route, answers: Mapping[str, Value], card: Scorecard, language: Language, members: Told | None = None
) -> Shown | None:
    """How the questionnaire wants these results shown; None where it says nothing, so that plain sections are."""
    match route.questionnaire.results:
        case Gates() as gates:
            return _stages(gates, route, answers, language)
        case Pairs() as pairs:
            return _pairs(pairs, route, answers, card, language, members)
        case None:
            return None


def _stages(gates: Gates, route: Route, answers: Mapping[str, Value], language: Language) -> Stages:
    questionnaire, found = route.questionnaire, standing_of(gates, route, answers)
    written = {stage.section: stage for stage in gates.stages}
    rows = tuple(_stage(passage, gates, questionnaire, answers, language) for passage in found.stages)
    reached, following = found.reached, found.next
    at_work = written[following.section] if following else gates.stages[-1]
    amounts = answers.get(gates.impact or "")
    told = amounts is not None and not isinstance(amounts, Marker)
    return Stages(
        name=_title(questionnaire, reached.section) if reached else gates.nothing_reached,
        says=written[reached.section].reached if reached else "", some_reached=reached is not None,
        opens_at=gates.opens_at, rows=rows,
        next=next((row for row in rows if following and row.id == following.section), None),
        across=_axis(gates.across, found.across), up=_axis(gates.up, found.up),
        impact=in_words(questionnaire.questions[gates.impact], amounts, language)
        if gates.impact is not None and amounts is not None and told else (),
        support=at_work.support,
    )  # fmt: skip


def _stage(
    passage: Passage, gates: Gates, questionnaire: Questionnaire, answers: Mapping[str, Value], language: Language
) -> StageRow:
    aim = next(stage.aim for stage in gates.stages if stage.section == passage.section)
    missing = tuple(_proof(each, gates, questionnaire, answers, language) for each in passage.missing)
    return StageRow(
        passage.section, _title(questionnaire, passage.section), aim, passage.asked, passage.reached, missing
    )


def _proof(
    missing: Missing, gates: Gates, questionnaire: Questionnaire, answers: Mapping[str, Value], language: Language
) -> ProofRow:
    question, value = questionnaire.questions[missing.question], answers.get(missing.question)
    said = ", ".join(in_words(question, value, language)) if value is not None else ""
    needed = ""
    if isinstance(question, Choice | MultiChoice):
        enough = [option for option in question.options if (option.points or 0) >= gates.opens_at]
        needed = min(enough, key=lambda option: option.points or 0).label
    return ProofRow(question.id.upper(), question.short, missing.state, said, needed)


def _axis(axis: Axis, score: Score) -> AxisRow:
    low, high = score.range or (None, None)
    return AxisRow(
        axis.label, axis.low_end, axis.high_end, score.headline, low, high, score.known, score.applicable
    )  # fmt: skip


def _pairs(
    pairs: Pairs, route: Route, answers: Mapping[str, Value], card: Scorecard, language: Language,
    members: Told | None,
) -> PairTable:  # fmt: skip
    questionnaire = route.questionnaire
    weakest = [section.section for section in card.weakest]
    rows = []
    for pair in pairs_of(pairs, route, answers):
        first, second = (score.headline if score else None for score in pair.scores)
        title = _title(questionnaire, pair.section)
        lacked = _lacked(pairs, pair.section, members, language)
        rows.append(PairRow(pair.section, title, first, second, pair.section in weakest, lacked))
    one, other = pairs.series
    return PairTable(
        one.label, one.short, other.label, other.short, tuple(rows),
        _whose(members, language) if members else "",
    )  # fmt: skip


def _whose(members: Told, language: Language) -> str:
    """Whose figures stand beside the scores, and what is not shown of them."""
    words = language.gettext(
        "Under each step stands what members of %(cluster)s lack that bears on it, by their figures of %(day)s. "
        "Numbers are rounded; what would tell of single companies is left out."
    )
    return words % {"cluster": members.cluster, "day": language.date(members.taken_at.date())}


def _lacked(pairs: Pairs, section: str, members: Told | None, language: Language) -> tuple[str, ...]:
    """What members lack that bears on a section, in sentences."""
    if members is None or pairs.members is None:
        return ()
    found = (members.practices.get(practice) for practice in pairs.members.sections.get(section, ()))
    words = language.gettext("About %(missing)s of %(known)s members have nothing of this: %(practice)s")
    return tuple(
        words % {
            "missing": language.number(practice.missing), "known": language.number(practice.known),
            "practice": members.titles.get(practice.question, practice.question),
        }
        for practice in found if practice is not None
    )  # fmt: skip


def _title(questionnaire: Questionnaire, section_id: str) -> str:
    section = questionnaire.section(section_id)
    return section.title if section else section_id
