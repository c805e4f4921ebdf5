"""Rules of addresses that learn to write an address when the first one is asked of them.

Werkzeug compiles two functions for each rule as soon as it is added. With some two hundred rules this was four fifths
of making the application, and a web worker asks most of them never.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


class LateRule(Rule):
    """Werkzeug's rule; what writes its addresses is compiled at first use, once."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        name = "_build_unknown" if append_unknown else "_build"

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            compiled = Rule._compile_builder(rule, append_unknown).__get__(rule, None)
            setattr(rule, name, compiled)
            written: tuple[str, str] = compiled(**values)
            return written

        return build
