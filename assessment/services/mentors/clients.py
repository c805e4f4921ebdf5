"""A mentor's client list: how far each client is, whose turn it is, and what comes next."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final, Literal, NamedTuple

from assessment.core.checks.route import Depth
from assessment.core.ordering import by_name
from assessment.services.instance import Instance
from assessment.services.mentors.kept_progress import Progress
from assessment.storage.checks.drafts import StoredAnswers
from assessment.storage.mentors import clients
from assessment.storage.mentors.clients import Answered, ClientCheck
from assessment.storage.written import Found

ClientState = Literal["no-check", "answering", "to-review", "reviewed", "changed"]
CLIENT_STATES: Final[tuple[ClientState, ...]] = ("to-review", "changed", "reviewed", "answering", "no-check")
Turn = Literal["you", "company", "nobody"]
TURNS: Final[tuple[Turn, ...]] = ("you", "company", "nobody")
Order = Literal["company", "activity", "deadline", "completion"]
ORDERS: Final[tuple[Order, ...]] = ("company", "activity", "deadline", "completion")


class Client(NamedTuple):
    """One line of the list: a check of a client, or a client without one (then `draft_id` is empty)."""

    company_id: str
    company: str
    site: str
    draft_id: str
    state: ClientState
    last_activity: datetime
    for_you: int
    for_company: int
    answered: int
    asked: int
    deadline: date | None
    """The earliest of the mentor's next visit and what the plan names."""
    is_visit: bool
    reviewed_at: datetime | None

    @property
    def waits_for_you(self) -> bool:
        """Whether it is the mentor's turn."""
        return bool(self.for_you) or self.state in ("to-review", "changed")

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Whose turn it is; with several answers it can be both sides'."""
        found: list[Turn] = []
        if self.waits_for_you:
            found.append("you")
        if self.for_company or self.state in ("no-check", "answering"):
            found.append("company")
        return tuple(found) or ("nobody",)

    @property
    def completion(self) -> int:
        """Answered questions as a whole per cent of those that apply, rounded down."""
        return self.answered * 100 // self.asked if self.asked else 0


def find(instance: Instance, mentor_id: str) -> Found:
    """What there is of a mentor's clients, for `listed`. Of two that are equal each list is the same."""
    return clients.find(instance.database, mentor_id)


def listed(instance: Instance, found: Found) -> list[Client]:
    """All clients of a mentor by name."""
    checks = clients.checks_in(found)
    progress = _progress(instance, checks)
    return sorted((_client(check, progress) for check in checks), key=_by_name)


def chosen(found: Sequence[Client], state: str, turn: str, order: str) -> list[Client]:
    """The clients in one state and with one turn (empty for all), in an order."""
    kept = [c for c in found if (not state or c.state == state) and (not turn or turn in c.turns)]
    match order:
        case "activity":
            return sorted(kept, key=lambda client: client.last_activity, reverse=True)
        case "deadline":
            return sorted(kept, key=lambda client: client.deadline or date.max)
        case "completion":
            return sorted(kept, key=lambda client: client.completion)
        case _:
            return kept


def _by_name(client: Client) -> tuple[object, ...]:
    return by_name(client.company), client.company_id, by_name(client.site), client.draft_id


def _client(check: ClientCheck, progress: Mapping[str, Progress]) -> Client:
    answered, asked = progress.get(check.draft_id, (0, 0))
    planned, visit = check.deadline, check.visit
    comes = visit is not None and (planned is None or visit <= planned)
    return Client(
        check.company_id, check.company, check.site, check.draft_id, _state(check), check.active_at, check.for_mentor,
        check.for_company, answered, asked, visit if comes else planned, comes, check.marked_at,
    )  # fmt: skip


def _state(check: ClientCheck) -> ClientState:
    marked = check.marked_at
    if not check.draft_id:
        return "no-check"
    if marked is None:
        return "to-review" if check.has_results else "answering"
    # Accepting what was proposed changes the check as well, and is nothing to look at again.
    looked = max(marked, check.last_step) if check.last_step else marked
    return "changed" if check.active_at > looked else "reviewed"


def _progress(instance: Instance, checks: Sequence[ClientCheck]) -> dict[str, Progress]:
    """How many of the questions that apply have an answer, by check.

    It is kept until the check is changed again: reading two hundred documents takes longer than all else on the page.
    """
    kept = instance.progress
    wanted = {check.draft_id: (check.draft_id, check.counter, check.active_at) for check in checks if check.draft_id}
    late = [name for name, key in wanted.items() if kept.get(key) is None]
    if late:
        with instance.database.reading() as connection:
            answered = clients.answered_in(connection, late)
        for check in answered:
            kept.keep(wanted[check.draft_id], _counted(instance, check))
    return {name: kept.get(key) or (0, 0) for name, key in wanted.items()}


def _counted(instance: Instance, check: Answered) -> Progress:
    edition = instance.library.edition(check.questionnaire, check.version, "en")
    depth: Depth = "quick" if check.depth == "quick" else "full"
    asked = edition.routes.of(StoredAnswers(check.document), depth).questions
    return sum(1 for name, entry in check.document.items() if entry["v"] is not None and name in asked), len(asked)
