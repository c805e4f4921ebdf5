"""How much of other people's words one report prints: a report has to end."""

from assessment.i18n import Language


class Budget:
    """Characters left for free words."""

    def __init__(self, characters: int) -> None:
        self._left = characters

    def take(self, text: str, longest: int) -> tuple[str, bool]:
        """As much of the text as may be printed, and whether that is less than all."""
        room = min(longest, self._left)
        kept = text[:room]
        self._left -= len(kept)
        return kept, len(kept) < len(text)

    def told(self, text: str, longest: int, language: Language) -> str:
        """As much of the text as may be printed, with a word where that is less than all."""
        kept, shortened = self.take(text, longest)
        return f"{kept} {language.gettext('[shortened; the whole text is online]')}".strip() if shortened else kept
