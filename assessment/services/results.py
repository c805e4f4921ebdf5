"""Results: worked out on read while answers can change, frozen at submission.

A frozen result keeps the answers it came from, so the same result can be worked out again later under the same
questionnaire version and engine; only funding is always looked up for the day it is shown.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assessment.content.library import Edition
from assessment.core import scoring
from assessment.core.answers import Answers, Remark, from_json, to_json
from assessment.core.catalogue import Catalogue, Profile
from assessment.core.errors import NotFound, Refused
from assessment.core.plan import ActionPlan, profile_of, recommend
from assessment.core.route import Depth, Route
from assessment.core.scoring import Reason, Scorecard
from assessment.services.answering import OpenDraft
from assessment.services.instance import Instance
from assessment.storage import assessments, jobs

REPORT_JOB = "action-plan"


@dataclass(frozen=True)
class Results:
    """What one set of answers came to at one moment."""

    edition: Edition
    route: Route
    answers: Answers
    remarks: Mapping[str, Remark]
    scorecard: Scorecard
    reasons: tuple[Reason, ...]
    documented: int
    plan: ActionPlan
    profile: Profile
    catalogue: Catalogue
    on: date
    language: str

    @property
    def indicative(self) -> bool:
        """Whether this is the result of the quick check."""
        return self.route.depth == "quick"


@dataclass(frozen=True)
class Frozen:
    """A submitted result as stored."""

    id: str
    taken_at: datetime
    depth: Depth
    results: Results
    overall: int | None
    """The headline that was shown when it was frozen."""


def results_from(
    instance: Instance,
    edition: Edition,
    depth: Depth,
    answers: Answers,
    remarks: Mapping[str, Remark],
    language: str,
    on: date,
    settled: Collection[str] = (),
) -> Results:
    """Score the answers and recommend a plan."""
    route = edition.routes.of(answers, depth)
    counted = route.counted(answers)
    catalogue = instance.library.catalogue(language)
    profile = profile_of(edition.questionnaire, counted, language)
    return Results(
        edition, route, counted, remarks, scoring.score(route, counted), scoring.reasons(route, counted),
        scoring.documented(route, counted, remarks),
        recommend(route, counted, edition.actions, catalogue, profile, settled),
        profile, catalogue, on, language,
    )  # fmt: skip


def early_results(instance: Instance, opened: OpenDraft, language: str) -> Results:
    """The result of the answers as they stand; nothing is frozen."""
    draft = opened.draft
    edition = instance.edition_of(draft, language)
    return results_from(instance, edition, draft.depth, draft.answers, draft.remarks, language, instance.today)


def submit(instance: Instance, opened: OpenDraft, language: str) -> None:
    """Freeze the result of the answers as they stand and order the PDF, in one transaction.

    Raises Refused("answers-needed") while the profile does not yet say what applies or no scored question is
    answered.
    """
    draft = opened.draft
    with instance.database.reading() as connection:
        settled = assessments.settled_measures(connection, draft.id)
    edition = instance.edition_of(draft, language)
    results = results_from(
        instance, edition, draft.depth, draft.answers, draft.remarks, language, instance.today, settled
    )
    overall = results.scorecard.overall
    if opened.route.missing(opened.answers) or overall.known + overall.unsure == 0:
        raise Refused("answers-needed")
    now = instance.now()
    with instance.database.writing() as connection:
        result_id = assessments.add_result(
            connection, draft.id, depth=draft.depth, engine=scoring.ENGINE, version=draft.version,
            language=language, frozen=frozen_json(results, settled), now=now,
        )  # fmt: skip
        job = order_report(instance, connection, draft.id, language, result_id)
    if job is not None:
        instance.wake(job)


def order_report(instance: Instance, connection: Any, draft_id: str, language: str, key: str) -> str | None:
    """A job for the PDF, in the caller's transaction; none where requests make it themselves."""
    if instance.settings.jobs == "inline":
        return None
    arguments = {"assessment": draft_id, "language": language}
    return jobs.enqueue(connection, REPORT_JOB, arguments, f"{REPORT_JOB}:{key}", instance.now())


def latest(instance: Instance, opened: OpenDraft, language: str) -> Frozen:
    """The result to show: the newest, save that a quick one stays until a full one reaches a headline.

    Raises NotFound before the first submission.
    """
    with instance.database.reading() as connection:
        rows = list(assessments.results_of(connection, opened.draft.id))
    if not rows:
        raise NotFound("results")
    thawed = [thaw(instance, opened, row, language) for row in rows]
    newest = thawed[0]
    if newest.depth == "full" and newest.overall is None:
        return next((older for older in thawed if older.depth == "quick" and older.overall is not None), newest)
    return newest


def thaw(instance: Instance, opened: OpenDraft, row: Any, language: str) -> Frozen:
    """A stored result, worked out again from the answers it was frozen with."""
    kept = json.loads(row.frozen)
    answers = Answers({question: from_json(value) for question, value in kept["answers"].items()})
    remarks = {question: Remark(**remark) for question, remark in kept["remarks"].items()}
    edition = instance.library.edition(opened.draft.questionnaire, row.version, language)
    results = results_from(
        instance, edition, row.depth, answers, remarks, language, row.taken_at.date(), kept["settled"]
    )
    return Frozen(row.id, row.taken_at, row.depth, results, kept["overall"]["headline"])


def frozen_json(results: Results, settled: Collection[str]) -> str:
    """A result as stored: the answers it came from and every figure that was shown."""
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
        },
        ensure_ascii=False,
    )


def _figures(score: scoring.Score) -> dict[str, Any]:
    return {
        "headline": score.headline, "range": score.range, "known": score.known, "unsure": score.unsure,
        "applicable": score.applicable,
    }  # fmt: skip

