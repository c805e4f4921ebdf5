"""Results: worked out on read while answers can change, frozen at submission.

A frozen result keeps the answers it came from, so the same result can be worked out again later under the same
questionnaire version and engine; only funding is always looked up for the day it is shown.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from assessment.content.library import Edition
from assessment.core.checks import scoring
from assessment.core.checks.answers import Answers, Remark, from_json, to_json
from assessment.core.checks.display import Gates
from assessment.core.checks.gates import standing_of
from assessment.core.checks.route import Depth
from assessment.core.errors import NoResults, Refused
from assessment.core.money.sheet_entries import NO_ENTRIES, SheetEntries
from assessment.core.plans.plan import profile_of, recommend
from assessment.core.resources.catalogue import FundingMatch, funding_of_kind
from assessment.services.aggregates import contributing
from assessment.services.checks import answering
from assessment.services.checks.answering import OpenDraft, depth_of
from assessment.services.checks.kept_results import Frozen, Results
from assessment.services.instance import Instance
from assessment.services.plans.refusals import is_settled
from assessment.storage import jobs
from assessment.storage.checks import results as stored_results
from assessment.storage.checks import years
from assessment.storage.checks.results import StoredResult
from assessment.storage.money import money
from assessment.storage.plans import plan_items
from assessment.storage.plans.plan_items import PlanItem

REPORT_JOB = "action-plan"


def support_of(results: Results, today: date) -> FundingMatch | None:
    """Funding for the stage that is worked on; None where there are no stages or no country to match it by."""
    gates = results.edition.questionnaire.results
    if not isinstance(gates, Gates) or not results.profile.country:
        return None
    following = standing_of(gates, results.route, results.answers).next
    stage = next((each for each in gates.stages if following and each.section == following.section), gates.stages[-1])
    return funding_of_kind(stage.funding, results.profile, today, results.catalogue)


def results_from(
    instance: Instance,
    edition: Edition,
    depth: Depth,
    answers: Answers,
    remarks: Mapping[str, Remark],
    language: str,
    on: date,
    settled: Collection[str] = (),
    entries: SheetEntries = NO_ENTRIES,
) -> Results:
    """Score the answers and recommend a plan; own figures tell which measures would not come back."""
    route = edition.routes.of(answers, depth)
    counted = route.counted(answers)
    catalogue = instance.library.catalogue(language)
    profile = profile_of(edition.questionnaire, counted, language)
    return Results(
        edition, route, counted, remarks, scoring.score(route, counted), scoring.reasons(route, counted),
        scoring.documented(route, counted, remarks),
        recommend(route, counted, edition.actions, catalogue, profile, settled, entries),
        profile, catalogue, on, language,
    )  # fmt: skip


def early_results(instance: Instance, opened: OpenDraft, language: str) -> Results:
    """The result of the answers as they stand; nothing is frozen."""
    draft = opened.draft
    edition = instance.edition_of(draft, language)
    return results_from(instance, edition, depth_of(draft), draft.answers, draft.remarks, language, instance.today)


def submit(
    instance: Instance, opened: OpenDraft, language: str, printed: bool = True, entries: SheetEntries | None = None
) -> None:  # fmt: skip
    """Freeze the result of the answers as they stand and (where `printed`) order the PDF, in one transaction.

    `entries` are the company's own figures, unless given those that it has now.
    Raises Refused("answers-needed") while the profile does not yet say what applies or no scored question is
    answered.
    """
    draft = opened.draft
    with instance.database.reading() as connection:
        if entries is None:
            entries = SheetEntries.as_far_as_readable(money.money_of(connection, draft.id).entries)
        plans = [draft.id, *years.earlier_checks(connection, draft.id)]
        settled = settled_measures([item for plan in plans for item in plan_items.plan_of(connection, plan)])
    edition = instance.edition_of(draft, language)
    results = results_from(
        instance, edition, depth_of(draft), draft.answers, draft.remarks, language, instance.today, settled, entries
    )
    overall = results.scorecard.overall
    if opened.route.missing(opened.answers) or overall.known + overall.unsure == 0:
        raise Refused("answers-needed")
    now = instance.now()
    with answering.writing(instance, opened) as connection:
        stored = stored_results.add_result(
            connection, draft.id, depth=draft.depth, engine=scoring.ENGINE, questionnaire=draft.questionnaire,
            version=draft.version, language=language, frozen=frozen_json(results, settled, entries), now=now,
        )  # fmt: skip
        if draft.company_id is not None:
            figures = contributing.figures_of(
                results.route, results.answers, results.scorecard, results.reasons, results.profile
            )
            contributing.keep(connection, draft.company_id, stored, figures)
        job = order_report(instance, connection, draft.id, language, stored.id) if printed else None
    if job is not None:
        instance.wake(job)


def order_report(
    instance: Instance, connection: Connection, draft_id: str, language: str, key: str, by: str = ""
) -> str | None:
    """A job for the PDF, in the caller's transaction; none where requests make it themselves.

    `by` is the person who orders it from outside the company: it is made with their rights.
    """
    if instance.settings.jobs == "inline":
        return None
    arguments = {"assessment": draft_id, "language": language, "person": by}
    return jobs.enqueue(connection, REPORT_JOB, arguments, report_effect(key, by), instance.now(), draft_id)


def report_effect(key: str, by: str = "") -> str:
    """The effect of a job for the PDF: of each person from outside for itself, else of the company."""
    return f"{REPORT_JOB}:{key}:{by}" if by else f"{REPORT_JOB}:{key}"


def latest(instance: Instance, opened: OpenDraft, language: str) -> Frozen:
    """The result to show: the newest, save that a quick one stays until a full one reaches a headline.

    Raises NoResults before the first submission.
    """
    with instance.database.reading() as connection:
        newest = stored_results.latest_result(connection, opened.draft.id)
        by_depth = stored_results.latest_results_by_depth(connection, opened.draft.id)
    if newest is None:
        raise NoResults(opened.draft.id)
    shown = thaw(instance, opened, newest, language)
    if newest.depth == "full" and shown.overall is None and "quick" in by_depth:
        quick = thaw(instance, opened, by_depth["quick"], language)
        return quick if quick.overall is not None else shown
    return shown


def changed_since(opened: OpenDraft, frozen: Frozen) -> int:
    """How many answers that count differ from those a result was made of."""
    before, now = frozen.results.answers, opened.answers
    return sum(before.get(question) != now.get(question) for question in {*before, *now})


def taken_at(instance: Instance, opened: OpenDraft) -> datetime | None:
    """When the newest result was taken; None before the first submission."""
    with instance.database.reading() as connection:
        newest = stored_results.latest_result(connection, opened.draft.id)
    return newest.taken_at if newest else None


def thaw(instance: Instance, opened: OpenDraft, row: StoredResult, language: str) -> Frozen:
    """A stored result, worked out again from the answers it was frozen with; one that was just shown is still kept."""
    return instance.results.get(
        opened.draft.id, f"{language} {row.depth}", row.id, lambda: _worked_out(instance, opened, row, language)
    )


def _worked_out(instance: Instance, opened: OpenDraft, row: StoredResult, language: str) -> Frozen:
    kept = json.loads(row.frozen)
    answers = Answers({question: from_json(value) for question, value in kept["answers"].items()})
    remarks = {question: Remark(**remark) for question, remark in kept["remarks"].items()}
    edition = instance.library.edition(opened.draft.questionnaire, row.version, language)
    results = results_from(
        instance,
        edition,
        "quick" if row.depth == "quick" else "full",
        answers,
        remarks,
        language,
        row.taken_at.date(),
        kept["settled"],
        SheetEntries.as_far_as_readable(kept.get("entries", {})),
    )
    return Frozen(row.id, row.taken_at, results.route.depth, results, kept["overall"]["headline"])


def frozen_json(results: Results, settled: Collection[str], entries: SheetEntries) -> str:
    """A result as stored: the answers and own figures it came from, and every figure that was shown."""
    card = results.scorecard
    return json.dumps(
        {
            "answers": {question: to_json(value) for question, value in sorted(results.answers.items())},
            "remarks": {
                question: {"basis": remark.basis, "note": remark.note, "reason": remark.reason}
                for question, remark in sorted(results.remarks.items())
                if question in results.answers and remark
            },
            "overall": _figures(card.overall),
            "sections": {section.section: _figures(section.score) for section in card.sections},
            "weights": dict(results.route.weights),
            "plan": [step.measure.id for step in results.plan.steps],
            "settled": sorted(settled),
            "entries": entries.model_dump(mode="json", exclude_defaults=True),
        },
        ensure_ascii=False,
    )


def _figures(score: scoring.Score) -> dict[str, Any]:
    return {
        "headline": score.headline, "range": score.range, "known": score.known, "unsure": score.unsure,
        "applicable": score.applicable,
    }  # fmt: skip


def settled_measures(items: Sequence[PlanItem]) -> list[str]:
    """Measures that are done or were refused: a new result does not advise them again."""
    return [item.key.partition(":")[2] for item in items if item.key.startswith("measure:") and is_settled(item.fields)]
