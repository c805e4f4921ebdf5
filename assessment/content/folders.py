"""Where the content folders lie: inside the installed package, else beside it in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_BUNDLED = _PACKAGE / "bundled"
_ROOT = _BUNDLED if _BUNDLED.is_dir() else _PACKAGE.parent

QUESTIONNAIRES = _ROOT / "questionnaires"
TEMPLATES = _ROOT / "templates"
REPORTS = _ROOT / "reports"
CATALOGUE = _PACKAGE / "catalogue"
LOCALE = _PACKAGE / "locale"
