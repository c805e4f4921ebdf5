"""What an operator's instance of the product consists of; every service function takes it first."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection

from assessment.config import Settings
from assessment.content.library import Edition, Library
from assessment.core.aggregates.methods import PLAIN, Methods
from assessment.services.checks.kept_results import KeptResults
from assessment.services.kept import Kept
from assessment.services.mentors.kept_progress import KeptProgress
from assessment.services.plans.kept_plans import KeptPlans
from assessment.storage.checks.drafts import Draft
from assessment.storage.database import Database
from assessment.storage.upkeep import audit


@dataclass(frozen=True)
class Instance:
    """Settings, store, content and clock of one instance; `now` is aware of its time zone (UTC)."""

    settings: Settings
    database: Database
    library: Library
    now: Callable[[], datetime]
    wake: Callable[[str], None] = field(default=lambda _: None)
    """Tells the worker of a job that was committed; without it the job waits for the next look around."""
    results: KeptResults = field(default_factory=KeptResults)
    plans: KeptPlans = field(default_factory=KeptPlans)
    pages: Kept[tuple[bytes, ...]] = field(default_factory=Kept)
    """Pages of the web; about 100 kB each."""
    progress: KeptProgress = field(default_factory=KeptProgress)
    methods: Methods = PLAIN
    """With what snapshots are audited; the worker's take the same steps with a library that the web never loads."""

    def forget(self, draft_id: str) -> None:
        """Keep nothing of a draft in this process any more."""
        self.results.forget(draft_id)
        self.plans.forget(draft_id)
        self.pages.forget(draft_id)

    def note(self, connection: Connection, event: audit.Event, actor: str, subject: audit.Subject) -> None:
        """Put down in the audit log what the transaction at hand does, by ids alone; best as its last step."""
        audit.note(connection, self.settings.audit_key, event, actor, subject, self.now())

    @property
    def today(self) -> date:
        """The day by UTC."""
        return self.now().date()

    def edition_of(self, draft: Draft, language: str) -> Edition:
        """The questionnaire version that a draft stays on, in the language of whoever looks at it."""
        return self.library.edition(draft.questionnaire, draft.version, language)
