"""How often one address may start, resume, sign in, suggest or order a PDF; counted in the database, so exactly.

The limits come from the settings. A typed resume code may be tried ten times an hour per address and a thousand
times in all (RELIABILITY AUTH-17). Only the views that have a limit pay for one: they carry the decorator.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, request
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from assessment.config import RateLimits
from assessment.core.errors import NotSaved
from assessment.storage.database import Database
from assessment.storage.limits import DatabaseStorage

P = ParamSpec("P")
R = TypeVar("R")

_EXTENSION = "assessment-limits"


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: where its figure stands in the settings, and whether all views and addresses share it."""

    setting: Callable[[RateLimits], str]
    shared: str = ""
    """The name under which everybody together is counted; empty for each address and view by itself."""


STARTS = Limit(lambda limits: limits.start)
PDFS = Limit(lambda limits: limits.report)
RESUMES = Limit(lambda limits: limits.resume)
SUGGESTIONS = Limit(lambda limits: limits.suggest)
SUGGESTIONS_IN_ALL = Limit(lambda limits: limits.suggest_in_all, shared="suggest")
MAILS = Limit(lambda limits: limits.mail)
ATTACHMENTS = Limit(lambda limits: limits.attach)
SIGN_INS = Limit(lambda limits: limits.sign_in)
SIGN_INS_IN_ALL = Limit(lambda limits: limits.sign_in_in_all, shared="sign-in")
CODES = Limit(lambda limits: limits.code)
RESUMES_IN_ALL = Limit(lambda limits: limits.resume_in_all, shared="resume")


class Limiter:
    """Counts, and says when it is too often."""

    def __init__(self, figures: RateLimits, database: Database, secret: str) -> None:
        self._figures = figures
        self._windows = FixedWindowRateLimiter(DatabaseStorage(database=database, secret=secret))

    def count(self, limit: Limit, *who: str) -> None:
        """Count the request at hand, for its address where nobody is named.

        Raises TooManyRequests where the limit is reached.
        """
        if not self._figures.enabled:
            return
        for figure in parse_many(limit.setting(self._figures)):
            if not self._hit(figure, *self._counted(limit, who)):
                raise TooManyRequests(retry_after=figure.get_expiry())

    def take_back(self, limit: Limit, *who: str) -> None:
        """Count the request at hand no more: it was right, and only wrong ones are limited."""
        if self._figures.enabled:
            for figure in parse_many(limit.setting(self._figures)):
                with suppress(NotSaved):
                    self._windows.hit(figure, *self._counted(limit, who), cost=-1)

    @staticmethod
    def _counted(limit: Limit, who: tuple[str, ...]) -> tuple[str, ...]:
        if limit.shared:
            return "everybody", limit.shared
        return who or (request.remote_addr or "", request.endpoint or "")

    def _hit(self, figure: RateLimitItem, *who: str) -> bool:
        try:
            return self._windows.hit(figure, *who)
        except NotSaved:
            return self._meanwhile.hit(figure, *who)

    @cached_property
    def _meanwhile(self) -> FixedWindowRateLimiter:
        """Counts in this process while the store takes nothing: people go on reading, and nobody guesses codes."""
        return FixedWindowRateLimiter(MemoryStorage())


def set_up(app: Flask, figures: RateLimits, database: Database, secret: str) -> None:
    """Count by these figures in this database, under names that only the secret leads to."""
    app.extensions[_EXTENSION] = Limiter(figures, database, secret)


def limiter() -> Limiter:
    """The limiter of the running application, for a view that counts by something else than the address."""
    found: Limiter = current_app.extensions[_EXTENSION]
    return found


def within(limit: Limit) -> bool:
    """Count the request at hand, for a view that goes on without what is limited; whether the limit is kept."""
    limiter: Limiter = current_app.extensions[_EXTENSION]
    try:
        limiter.count(limit)
    except TooManyRequests:
        return False
    return True


def limited(*limits: Limit) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The view is only run while none of the limits is reached; the first that is ends the counting."""

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            counting = limiter()
            for limit in limits:
                counting.count(limit)
            return view(*args, **kwargs)

        return guarded

    return guard
