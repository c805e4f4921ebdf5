"""Why a release file is refused, in one sentence that says what to do, for pages and the command line alike."""

from assessment.content.aggregates.release_files import LARGEST
from assessment.i18n import Language


def refusal_words(code: str, language: Language) -> str:
    """The sentence of a refusal. Raises KeyError for a code that no reading or bringing in gives."""
    _ = language.gettext
    return {
        "none": _("Choose a release file on your computer"),
        "empty": _("This file is empty. Ask the other cluster to send it again"),
        "too-large": _(
            "This file is larger than %(most)s kB. No release file is: ask the other cluster for the right one"
        )
        % {"most": language.number(LARGEST // 1024)},
        "not-json": _("This is no release file. Choose the file with the ending .json that the other cluster sent"),
        "cut-off": _("The end of this file is missing. Download it again, or ask for it again"),
        "no-release": _("This file holds something else. Choose the release file that the other cluster downloaded"),
        "newer": _("This file was made by a newer version of the software. Update this one, then bring it in again"),
        "unsigned": _("This file is not signed. Ask for the release file, not for the plain export"),
        "altered": _(
            "This file was changed after it was signed. Do not use it, and ask the other cluster for a new one"
        ),
        "broken": _("This file does not keep to the published form. Ask the other cluster to make it anew"),
        "own": _("This file comes from this site, whose clusters are compared already. Choose one of another site"),
        "other-questionnaire": _("These figures are about another questionnaire. Ask for those of the one you use"),
        "older": _("You have newer figures of this cluster already. Keep those, or remove them first"),
        "already": _("You have these figures already, so there is nothing to do"),
        "too-many": _("There are as many comparisons as one cluster may keep. Remove one first"),
    }[code]
