"""The sentence that page 1 and every file begin with: what the plan saves where that is known, else the score."""

from assessment.i18n import Language
from assessment.reporting import amounts
from assessment.reporting.documents import ActionPlanDocument


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
    score = document.overall.headline
    if document.headline == "weakest" and document.weakest is not None:
        text = _("Your resource efficiency is %(score)s out of 100, lowest in %(section)s")
        return text % {"score": score, "section": document.weakest.title}
    if document.headline == "strong":
        text = _("Your resource efficiency is %(score)s out of 100, and strong in every section")
        return text % {"score": score}
    if document.headline == "plain":
        return _("Your resource efficiency is %(score)s out of 100") % {"score": score}
    return _("Not enough answers for a score yet, but enough to start")
