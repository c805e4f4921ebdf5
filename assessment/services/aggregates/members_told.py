"""What released figures of clusters say beside one company's own check: beside each section of a cluster's own check
what its members lack, and beside each action of a member how many others have begun with it.

Only the newest snapshot is read, and nothing is ever counted for this.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from assessment.core.access import Action
from assessment.core.aggregates.practices import Told, told_of
from assessment.core.aggregates.snapshots import Snapshot
from assessment.core.checks.display import Pairs, Practices
from assessment.services.checks.answering import OpenDraft
from assessment.services.clusters import clusters
from assessment.services.instance import Instance
from assessment.storage.aggregates import releases
from assessment.storage.clusters import cluster_members
from assessment.storage.clusters import clusters as stored_clusters
from assessment.storage.clusters.clusters import Cluster


def lacked_beside(instance: Instance, opened: OpenDraft, language: str) -> Told | None:
    """What the members of the cluster that this organisation runs lack, as its check wants to be shown beside.

    None where the check does not want it, nobody's cluster is run by the company, or nothing of it was released. The
    figures give nobody away, so whoever the organisation lets read its check reads them too.
    """
    match opened.edition.questionnaire.results:
        case Pairs(members=Practices() as members) if opened.draft.company_id is not None:
            with instance.database.reading() as connection:
                run = stored_clusters.of_organisation(connection, opened.draft.company_id)
                asked = [cluster for cluster in run if cluster.questionnaire == members.questionnaire]
                wanted = [practice for practices in members.sections.values() for practice in practices]
                return _newest(instance, connection, asked, wanted, language)
    return None


def begun_by_others(instance: Instance, opened: OpenDraft, language: str) -> Told | None:
    """What other members of the company's cluster have begun with, for whoever may see the company's clusters.

    Of several clusters the newest snapshot counts, of those that show their figures to members. None without any.
    """
    company_id, questionnaire = opened.draft.company_id, opened.edition.questionnaire
    if company_id is None or not opened.may(Action.SEE_CLUSTERS):
        return None
    with instance.database.reading() as connection:
        open_to_it = [
            cluster for cluster, member in cluster_members.clusters_of_company(connection, company_id)
            if member.state == "active" and cluster.published and cluster.questionnaire == questionnaire.name
        ]  # fmt: skip
        return _newest(instance, connection, open_to_it, questionnaire.questions, language)


def _newest(
    instance: Instance, connection: Connection, asked: Sequence[Cluster], questions: Iterable[str], language: str
) -> Told | None:  # fmt: skip
    """The newest snapshot of some clusters that tells any of some practices."""
    found = [
        (stored, cluster) for cluster in asked
        if (stored := releases.newest(connection, cluster.id, cluster.questionnaire)) is not None
    ]  # fmt: skip
    wanted = list(questions)
    for stored, cluster in sorted(found, key=lambda pair: pair[0].taken_at, reverse=True):
        practices = told_of(Snapshot.model_validate_json(stored.shown), wanted)
        if practices:
            asked_after = clusters.edition_of(instance, cluster, language).questionnaire.questions
            titles = {name: question.short for name, question in asked_after.items()}
            return Told(cluster.name, stored.id, stored.taken_at, practices, titles)
    return None
