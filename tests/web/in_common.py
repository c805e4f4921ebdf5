"""What hundreds of sites of a run have in common, made once: compiled templates, statements and addresses.

Making a site anew each time was a fourth of what all tests of pages cost, and left most of their garbage.
"""

from copy import copy
from typing import Any, ClassVar, Final

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Dialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Map, Rule
from werkzeug.routing.rules import RuleFactory

from assessment.storage.database import Database


class CompiledTemplates(BytecodeCache):
    """What templates were compiled to, in the same words for all sites."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was compiled from the same source."""
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key, bucket.checksum] = bucket.code


COMPILED: Final = CompiledTemplates()


class KnownAddresses(Map):
    """The addresses of a site, taken apart once for all sites that have the same ones in the same order.

    A view is found by its name in the application, so that rules of one site lead to the views of each.
    """

    _known: ClassVar[dict[tuple[object, ...], Map]] = {}

    def __init__(self, *given: Any, **more: Any) -> None:
        self._added: list[Rule] = []
        super().__init__(*given, **more)

    def add(self, rulefactory: RuleFactory) -> None:
        """Note rules; they are looked at when the first address is asked for."""
        self._added.extend(rulefactory.get_rules(self))
        self._remap = True

    def update(self) -> None:
        """Take over what is known of all rules together, or learn it."""
        if not self._remap:
            return
        # Flask notes more on a rule than Werkzeug knows of, so all of it counts.
        alike = tuple(f"{type(rule)} {vars(rule)}" for rule in self._added)
        if alike not in self._known:
            self._known[alike] = Map([copy(rule) for rule in self._added])
        known = self._known[alike]
        known.update()
        self._matcher, self._rules_by_endpoint, self._remap = known._matcher, known._rules_by_endpoint, False


_DIALECTS: Final[dict[bool, Dialect]] = {}
_STATEMENTS: Final[LRUCache[Any, Any]] = LRUCache(5_000)


def share_statements(database: Database) -> None:
    """Let a database on SQLite use what SQLAlchemy compiled for others; by itself each would compile all it asks."""
    for reads, engine in ((True, database._reader), (False, database._writer)):
        # Statements are kept by dialect, and each engine comes with one of its own.
        engine.dialect = _DIALECTS.setdefault(reads, engine.dialect)
        engine.update_execution_options(compiled_cache=_STATEMENTS)
