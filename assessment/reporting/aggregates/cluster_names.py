"""The document of a snapshot: the titles of its ids as the questionnaire has them, and what its figures propose."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from assessment.content.clusters.joint_actions import joint_kinds
from assessment.content.library import Edition
from assessment.core.aggregates.release_file import KindOfKey
from assessment.core.aggregates.snapshots import Snapshot
from assessment.core.checks.questionnaire import Questionnaire
from assessment.core.checks.questions import Choice, MultiChoice
from assessment.core.clusters.joint_action import SAVING, proposals
from assessment.i18n import Language
from assessment.reporting.aggregates.cluster_document import (
    ClusterReadinessDocument,
    ClusterSource,
    ClusterWords,
    Proposal,
)
from assessment.reporting.money import amounts

SOURCES: Final = (
    ClusterSource("Handbook on Statistical Disclosure Control, version 1.2", "ESSnet SDC", 2010, ""),
    ClusterSource("Recommendation 2003/361/EC, sizes of enterprises", "European Commission", 2003, ""),
)
"""The threshold and the p % rule are of the first, the classes of size of the second."""

MOST_PROPOSALS: Final = 4
"""So many fit a page; those that most members would need."""


def document_of(
    snapshot: Snapshot, edition: Edition, cluster: str, language: Language, *, link: str = "", example: bool = False,
    model: str = "", previous: date | None = None,
) -> ClusterReadinessDocument:  # fmt: skip
    """A snapshot of a cluster's members with its words, and with the joint actions that its figures speak for.

    `link` is the address of the site, `model` the name of the cluster that this one measures itself against, and
    `previous` the day of the snapshot before.
    """
    questionnaire = edition.questionnaire
    words = ClusterWords(
        cluster=cluster, questionnaire=questionnaire.name, questionnaire_title=questionnaire.title,
        titles=titles_of(questionnaire, language), example=example, home=link.partition("://")[2], link=link,
        model=model, previous=previous, proposals=tuple(_proposals(snapshot, edition, language)),
        sources=SOURCES,
    )  # fmt: skip
    return ClusterReadinessDocument(snapshot, words)


def _proposals(snapshot: Snapshot, edition: Edition, language: Language) -> Iterator[Proposal]:
    for found in proposals(joint_kinds(), edition.actions, snapshot)[:MOST_PROPOSALS]:
        saving = ""
        if found.saving is not None:
            amount = language.money_about(amounts.exact(float(found.saving)))
            saving = language.gettext("about %(amount)s a year") % {"amount": amount}
        yield Proposal(found.kind.title, found.kind.what, int(found.lacks[0].missing), saving)


def titles_of(
    questionnaire: Questionnaire, language: Language
) -> Mapping[KindOfKey, Mapping[str, str]]:  # fmt: skip
    """What the keys of each kind of row mean."""
    _ = language.gettext
    return {
        "section": {"overall": _("Overall"), **{section.id: section.title for section in questionnaire.sections}},
        "practice": {question.id: question.short for question in questionnaire.questions.values()},
        "sector": {sector.id: sector.label for sector in questionnaire.sectors},
        "size": {
            "micro": _("Fewer than 10 people"), "small": _("10 to 49 people"), "medium": _("50 to 249 people"),
            "large": _("250 people or more"),
        },
        "region": _options(questionnaire, questionnaire.roles.region),
        "stage": {
            "invited": _("Invited"), "joined": _("Joined"), "started": _("Check begun"),
            "finished": _("Check finished"), "planned": _("Plan made"),
        },
        "amount": amount_titles(language),
    }  # fmt: skip


def _options(questionnaire: Questionnaire, question: str | None) -> Mapping[str, str]:
    """The labels of a question's options."""
    asked = questionnaire.questions.get(question or "")
    return {option.id: option.label for option in asked.options} if isinstance(asked, Choice | MultiChoice) else {}


def amount_titles(language: Language) -> Mapping[str, str]:
    """What the quantities of a snapshot are called."""
    _ = language.gettext
    return {
        "planned": _("What plans are to save"), "measured-electricity": _("Electricity saved, measured"),
        "measured-heat": _("Heat saved, measured"), "measured-transport": _("Fuel of vehicles saved, measured"),
        "measured-water": _("Water saved, measured"), "measured-waste": _("Waste avoided, measured"),
        "measured-materials": _("Materials saved, measured"),
        "measured-refrigerant": _("Cooling agent saved, measured"),
        "measured-cost-resources": _("Cost of resources saved, measured"),
        **{SAVING + kind.id: _("%(action)s (estimate)") % {"action": kind.title} for kind in joint_kinds()},
    }  # fmt: skip
