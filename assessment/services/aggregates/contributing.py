"""What a company gives to figures of many: worked out as it submits, kept in one row, and worked out anew by command.

Whether it may be counted is not asked here: a company's agreements say that when a snapshot is taken, so that what is
taken back counts at once.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from assessment.core.aggregates.contributions import is_missing
from assessment.core.checks.answers import Answers, from_json
from assessment.core.checks.route import Route
from assessment.core.checks.scoring import Reason, Scorecard, reasons, score
from assessment.core.plans.plan import profile_of
from assessment.core.resources.catalogue import Profile
from assessment.services.instance import Instance
from assessment.storage.aggregates import contributions
from assessment.storage.aggregates.contributions import StoredContribution
from assessment.storage.checks import results as stored_results
from assessment.storage.checks.drafts import Draft
from assessment.storage.checks.results import StoredResult
from assessment.storage.clusters import cluster_members, clusters

STARTED, FINISHED, PLANNED = (cluster_members.STAGES.index(name) for name in ("started", "finished", "planned"))

Figures = Mapping[str, Any]
"""`sector`, `size`, `region` (ids, empty where not said), `overall` and `sections` (whole points, without those that
have no headline), `practices` (question -> 1 where the practice is missing, 0 where it is not)."""


def figures_of(route: Route, answers: Answers, card: Scorecard, why: tuple[Reason, ...], profile: Profile) -> Figures:
    """What one result gives."""
    questionnaire = route.questionnaire
    figures: dict[str, Any] = {
        "sector": questionnaire.sector_of(answers).id if questionnaire.roles.sector else "",
        "size": profile.size if questionnaire.roles.people and questionnaire.roles.people in answers else "",
        "region": profile.region or "",
        "sections": {
            section.section: headline for section in card.sections if (headline := section.score.headline) is not None
        },
        "practices": {reason.question: int(is_missing(reason.level)) for reason in why if reason.level is not None},
    }  # fmt: skip
    if card.overall.headline is not None:
        figures["overall"] = card.overall.headline
    return figures


def keep(connection: Connection, company_id: str, result: StoredResult, figures: Figures) -> None:
    """Keep what a company's newest result gives, in the transaction that submits it.

    A result without a headline does not take the place of one with it: the check has become longer, not worse.
    """
    before = contributions.of_company(connection, company_id, result.questionnaire)
    if before is not None and "overall" in before.figures and "overall" not in figures:
        return
    row = StoredContribution(company_id, result.assessment_id, result.id, result.taken_at, figures)
    contributions.keep(connection, result.questionnaire, row)
    cluster_members.advance(connection, company_id, result.questionnaire, FINISHED)


def take_in(instance: Instance, connection: Connection, company_id: str, questionnaire: str) -> None:
    """Keep what a company's checks give after some of them came to it, in the transaction that brings them."""
    note_started(connection, company_id, questionnaire)
    _keep_all(instance, connection, company_id)


def give_anew(instance: Instance, connection: Connection, company_id: str, questionnaire: str) -> None:
    """After a check went with what it gave, in the transaction that erases it: the others give it from now on."""
    if contributions.of_company(connection, company_id, questionnaire) is None:
        _keep_all(instance, connection, company_id)


def _keep_all(instance: Instance, connection: Connection, company_id: str) -> None:
    found = stored_results.results_of_company(connection, company_id)
    for result in sorted(found, key=lambda result: (result.taken_at, result.number)):
        keep(connection, company_id, result, _figures_again(instance, result))


def note_started(connection: Connection, company_id: str, questionnaire: str) -> None:
    """A company has begun a check."""
    cluster_members.advance(connection, company_id, questionnaire, STARTED)


def note_planned(connection: Connection, draft: Draft) -> None:
    """A company has made the plan of a check its own."""
    if draft.company_id is not None:
        cluster_members.advance(connection, draft.company_id, draft.questionnaire, PLANNED)


def rebuild(instance: Instance) -> int:
    """Work out all contributions and all counts of clusters anew from what is stored; how many companies give some."""
    with instance.database.reading() as connection:
        owned = stored_results.owned_results(connection)
    worked_out = [(company_id, result, _figures_again(instance, result)) for company_id, result in owned]
    with instance.database.writing() as connection:
        contributions.forget_all(connection)
        for company_id, result, figures in worked_out:
            keep(connection, company_id, result, figures)
        for cluster in clusters.all_of_them(connection):
            cluster_members.keep_sums(connection, cluster.id, cluster_members.count_anew(connection, cluster.id))
    return len({company_id for company_id, _, _ in worked_out})


def _figures_again(instance: Instance, result: StoredResult) -> Figures:
    """What a stored result gives, worked out from the answers it was frozen with."""
    kept = json.loads(result.frozen)
    answers = Answers({question: from_json(value) for question, value in kept["answers"].items()})
    edition = instance.library.edition(result.questionnaire, result.version, result.language)
    route = edition.routes.of(answers, "quick" if result.depth == "quick" else "full")
    counted = route.counted(answers)
    profile = profile_of(edition.questionnaire, counted, result.language)
    return figures_of(route, counted, score(route, counted), reasons(route, counted), profile)
