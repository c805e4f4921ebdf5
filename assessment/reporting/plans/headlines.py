"""The sentence that page 1 and every file begin with: what the plan saves where that is known, else the score."""

from assessment.i18n import Language
from assessment.reporting.checks import weakest_words
from assessment.reporting.checks.display_document import Stages
from assessment.reporting.documents import ActionPlanDocument
from assessment.reporting.money import amounts


def _stage(stages: Stages, language: Language) -> str:
    """How far an offer has come, and which gate is next."""
    _ = language.gettext
    if not stages.some_reached:
        return _("The first gate is still shut: what is missing is listed here")
    if stages.next is None:
        return _("All gates are open: the stage reached is %(stage)s") % {"stage": stages.name}
    text = _("Stage reached: %(stage)s. The next gate is %(next)s")
    return text % {"stage": stages.name, "next": stages.next.title}


def headline(document: ActionPlanDocument, language: Language) -> str:
    """The finding in one sentence."""
    _ = language.gettext
    eur = document.money.totals.eur if document.money else None
    if document.leads_with_money and eur is not None:
        values = {"company": document.company.name, "amount": amounts.estimate(eur.typical, language)}
        text = _("You could save about EUR %(amount)s a year")
        if document.company.name:
            text = _("%(company)s could save about EUR %(amount)s a year")
        return text % values
    if document.stages is not None:
        return _stage(document.stages, language)
    score = document.overall.headline
    lowest = weakest_words.named(document.weakest, language) if document.weakest else ""
    if document.pairs is not None and score is not None and lowest:
        text = _("Your score is %(score)s out of 100, lowest in %(section)s")
        return text % {"score": score, "section": lowest}
    if document.pairs is not None and score is not None:
        return _("Your score is %(score)s out of 100") % {"score": score}
    if document.headline == "weakest" and lowest:
        text = _("Your resource efficiency is %(score)s out of 100, lowest in %(section)s")
        return text % {"score": score, "section": lowest}
    if document.headline == "strong":
        text = _("Your resource efficiency is %(score)s out of 100, and strong in every section")
        return text % {"score": score}
    if document.headline == "plain":
        return _("Your resource efficiency is %(score)s out of 100") % {"score": score}
    return _("Not enough answers for a score yet, but enough to start")
