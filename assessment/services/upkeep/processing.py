"""The record of processing, the data map and the retention table, written out from the classification of columns."""

from collections.abc import Iterator, Mapping
from typing import Final

from assessment.config import Settings
from assessment.storage.classification import KEPT, Kind, Owner, Rule

_OWNERS: Final[Mapping[Owner, str]] = {
    "check": "Checks (of a company, or without an account)",
    "company": "Companies with an account",
    "person": "People with an account",
    "cluster": "Clusters",
    "instance": "The instance",
}
_KINDS: Final[Mapping[Kind, str]] = {
    "personal": "of a person",
    "company": "of a firm",
    "credential": "secret or its digest",
    "technical": "technical",
}


def periods_of(settings: Settings) -> Mapping[Rule, str]:
    """By which rule what goes, in words and with this instance's periods."""
    kept = settings.periods
    return {
        "check": f"without an account: {settings.draft_days} days after the last change, with results "
        f"{settings.finished_days} days after the last visit; in an account: with the company; at once when its owner "
        "deletes it",
        "company": f"{kept.undo} days after its owner deleted it, or with its last member",
        "person": f"at once when they delete it; {kept.account} days after it was last used, told twice before",
        "session": f"{kept.session} days after its last use, unless it still opens a check without an account",
        "interrupted": "an hour after it was typed, within a day at the most; at once when it is sent",
        "token": f"{kept.token} days after it ended, was used or was left unused; with what it opens",
        "idempotency": "24 hours",
        "job": "30 days after it was done; with what it is about",
        "counter": "when its window has passed, within a day at the most",
        "suggestion": "the name with the decision, after a year at the latest",
        "audit": f"{kept.audit} days",
        "cluster": "when its managers delete it or the cluster, which is at once; what names a company with that one",
        "release": "never: it holds no company, and later figures are audited against it",
        "invitation": f"the address of who did not come {kept.invitation} days after the campaign's last mail; of who "
        "came with the campaign, the cluster or the account",
        "opt-out": "never: it is honoured for ever, and is a digest under a key outside the database",
    }


def record(settings: Settings) -> str:
    """Everything as Markdown."""
    return "\n".join(_lines(settings)) + "\n"


def _lines(settings: Settings) -> Iterator[str]:
    yield "# Record of processing"
    yield ""
    yield f"Controller: {settings.operator_name or '(not set: ASSESSMENT_OPERATOR_NAME)'}"
    yield f"Contact: {settings.operator_contact or '(not set: ASSESSMENT_OPERATOR_CONTACT)'}"
    yield "Purpose: a resource-efficiency check, its plan, and advice by a mentor whom the company lets in."
    yield "Whose data: people with an account, whoever is named in answers and plans, visitors who suggest something."
    yield "Who receives it: members of the company; a mentor whom it let in; an administrator for a stated reason and"
    yield "60 minutes, told to the company. Nobody else, and nothing leaves for a third country by this program."
    yield "Sub-processors: none of the program's own. Add your host"
    yield f"and the carrier of your mail ({'set' if settings.smtp_url else 'none is set'})."
    yield "Protection: passwords by argon2id; only digests of links and sessions; deleted bytes are overwritten; an"
    yield "audit log as a chain; backups by command alone, with erasures replayed when one is restored."
    yield f"Backups: keep them {settings.periods.backup} days at most."
    rules = periods_of(settings)
    for owner, name in _OWNERS.items():
        yield ""
        yield f"## {name}"
        for table, kept in KEPT.items():
            if kept.owner != owner:
                continue
            yield ""
            yield f"### {table}"
            yield f"Why: {kept.why}."
            yield f"Goes: {rules[kept.rule]}."
            for kind, word in _KINDS.items():
                names = [column for column, its in kept.columns.items() if its == kind]
                if names:
                    yield f"- {word}: {', '.join(names)}"
