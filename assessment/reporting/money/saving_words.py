"""A saving besides its money: what is saved of each resource, what a switch adds, and the emissions."""

from collections.abc import Iterator

from assessment.i18n import Language
from assessment.reporting.money import amounts
from assessment.reporting.money.money_document import QuantityRow, SavingFigures


def parts_of(saving: SavingFigures, language: Language) -> Iterator[str]:
    """The parts of one action's saving, each as a phrase."""
    for row in saving.quantities:
        if row.resource.startswith("cost-"):
            continue  # its euros are said already
        yield from _quantity(row, language)
    if saving.carbon is not None and (saving.in_carbon or amounts.is_loss(saving.carbon)):
        text = (
            language.gettext("about %(amount)s more") if not saving.in_carbon else language.gettext("about %(amount)s")
        )
        yield text % {"amount": amounts.carbon(amounts.size_of(saving.carbon).typical, language)}


def _quantity(row: QuantityRow, language: Language) -> Iterator[str]:
    _ = language.gettext
    for figure, words in ((row.saved, _("about %(amount)s of %(resource)s")),
                          (row.added, _("about %(amount)s more of %(resource)s"))):  # fmt: skip
        if figure.typical > 0:
            yield words % {"amount": amounts.amount_of(row.resource, figure.typical, language), "resource": row.name}
