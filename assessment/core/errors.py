"""The whole exception family on one page.

AssessmentError
├── NotFound          the thing does not exist, or the caller may not know that it does
│   └── NoResults     the check has no results yet: nothing to show, and nothing wrong
├── NotYours          it exists and the caller may know, but this is not theirs to do
├── Refused           it exists, but this act is not allowed
├── Conflict          somebody else changed it first; both versions are in the exception
├── NotSaved          the store could not take the change (full, locked, away); nothing was written
├── TooBusy           too much of the same is going on at once; a moment later it works
├── NotMade           a report could not be made; what it was to show is safe
├── InvalidAnswers    answers that the questionnaire does not accept, one Problem each
└── InvalidContent    author's files that cannot be used, one Flaw each

Each edge (page, command line) translates these once; nothing else catches them.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flaw:
    """One author's mistake in a content file: where it is, what is wrong, how to cure it."""

    file: str
    line: int
    path: str
    message: str
    cure: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.path}: {self.message} {self.cure}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One answer that cannot be taken.

    `code` names the kind of problem (the edge holds its words), `values` fills them, and `field`
    names the part of a question with several figures.
    """

    question: str
    code: str
    field: str = ""
    values: tuple[tuple[str, str], ...] = ()


class AssessmentError(Exception):
    """Base of everything that this product raises on purpose."""


class NotFound(AssessmentError):
    """Nothing of that name is here for this caller."""


class NoResults(NotFound):
    """The check is there for this caller, but its results were not asked for yet."""


class NotYours(AssessmentError):
    """The thing is known to this caller, who may not do this with it; unlike a refusal no form can mend that."""


class Refused(AssessmentError):
    """The act is not allowed; `code` says why, and the edge holds its words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Clash:
    """One answer that was changed elsewhere while it was being edited here (values as stored JSON)."""

    question: str
    theirs: str
    revision: int
    changed_at: str
    basis: str = ""
    note: str = ""
    reason: str = ""


class Conflict(AssessmentError):
    """Saving would overwrite a change that the caller has not seen."""

    def __init__(self, clashes: Sequence[Clash] = ()) -> None:
        super().__init__(", ".join(clash.question for clash in clashes))
        self.clashes = tuple(clashes)


class NotSaved(AssessmentError):
    """The store did not take the change; `code` is `full`, `busy` or `away`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TooBusy(AssessmentError):
    """Too much of the same is going on at once; nothing was done, and a moment later it works."""


class NotMade(AssessmentError):
    """A report was not made; `code` is `busy` (try later) or says what limit it met."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class InvalidAnswers(AssessmentError):
    """Answers were refused; nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{p.question}: {p.code}" for p in problems))
        self.problems = tuple(problems)


class InvalidContent(AssessmentError):
    """Content files were refused, with every flaw that was found."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__("\n".join(str(flaw) for flaw in flaws))
        self.flaws = tuple(flaws)
