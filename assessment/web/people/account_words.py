"""What is wrong with what somebody typed about their account, in words."""

from assessment.services.people.accounts import LONGEST_PASSWORD, SHORTEST_PASSWORD, PasswordFlaw
from assessment.web.current import language


def password_words(flaw: PasswordFlaw) -> str:
    """Why a password is not taken, and what to type instead."""
    _ = language().gettext
    match flaw:
        case "too-short":
            return _("Use at least %(count)s characters. Several words in a row are easy to remember.") % {
                "count": SHORTEST_PASSWORD
            }
        case "too-long":
            return _("Use no more than %(count)s characters") % {"count": LONGEST_PASSWORD}
        case "common":
            return _("Many people use this password, so it is guessed first. Choose another one.")
        case "own-words":
            return _("Others who know you or your company would guess this password. Choose another one.")
