"""The languages that the tests print in: English, and English made half as long again."""

from assessment.i18n import Language

ENGLISH = Language("en")


class LongWords(Language):
    """Every text 40 per cent longer, as German often is, with accents that tell what went through it."""

    def gettext(self, text: str) -> str:
        """The text with long words behind it."""
        return text + " " + "überlänge"[: max(3, len(text) * 4 // 10)] * (1 + len(text) // 40)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The form with long words behind it."""
        return self.gettext(one if count == 1 else many)


LONG = LongWords("de")
