"""The titles of a snapshot's ids, as the questionnaire has them in one language."""

from collections.abc import Mapping
from datetime import date

from assessment.core.questionnaire import Questionnaire
from assessment.core.questions import Choice, MultiChoice
from assessment.core.release_file import KindOfKey
from assessment.i18n import Language
from assessment.reporting.cluster_document import ClusterSource, ClusterWords, Proposal


def words_of(
    cluster: str, questionnaire: Questionnaire, language: Language, *, link: str = "", example: bool = False,
    amounts: Mapping[str, str] | None = None, model: str = "", previous: date | None = None,
    proposals: tuple[Proposal, ...] = (), sources: tuple[ClusterSource, ...] = (),
) -> ClusterWords:  # fmt: skip
    """The words around a snapshot of a cluster's members; `amounts` are the titles of its quantities by id."""
    return ClusterWords(
        cluster=cluster, questionnaire=questionnaire.name, questionnaire_title=questionnaire.title,
        titles=titles_of(questionnaire, language, amounts or {}), example=example,
        home=link.partition("://")[2] or link, link=link, model=model, previous=previous, proposals=proposals,
        sources=sources,
    )  # fmt: skip


def titles_of(
    questionnaire: Questionnaire, language: Language, amounts: Mapping[str, str]
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
        "amount": amounts,
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
    }  # fmt: skip
