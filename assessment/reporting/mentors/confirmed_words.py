"""How much of a score a mentor has confirmed, in one sentence that pages and papers share."""

from assessment.core.checks.review import Share
from assessment.i18n import Language


def pair_sentence(declared: int | None, confirmed: int | None, share: Share, language: Language) -> str:
    """Both overall scores with how much of the declared one is confirmed, for whoever reads the results alone."""
    values = {
        "declared": declared, "confirmed": confirmed, "some": language.number(share.confirmed),
        "all": language.number(share.scored), "share": language.percent(share.percent),
    }  # fmt: skip
    _ = language.gettext
    if declared is None:
        text = _("A mentor has confirmed %(some)s of %(all)s scored answers (%(share)s).")
    elif confirmed is None:
        text = _(
            "Self-declared: %(declared)s out of 100. A mentor has confirmed %(some)s of %(all)s scored answers "
            "(%(share)s); a confirmed score is shown from 60 %% on."
        )
    else:
        text = _(
            "Self-declared: %(declared)s out of 100. Mentor-confirmed: %(confirmed)s, from %(some)s of %(all)s scored "
            "answers (%(share)s)."
        )
    return text % values
