"""The measured savings that a mentor stands behind: what was measured, on which terms, and what became of it later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import Connection, func, insert, select

from assessment.core.plans import follow_up
from assessment.core.plans.follow_up import FollowUp
from assessment.storage.mentors.review_tables import saving_confirmations
from assessment.storage.people.people_tables import people

_S: Final = saving_confirmations.c


@dataclass(frozen=True, slots=True)
class Terms:
    """What a confirmed saving rests on: `floor` in whole euros a year, `share` in per cent of the saving."""

    baseline: str
    method: str
    floor: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class SavingStatement:
    """One time that somebody stood behind a measured saving, with everything that was noted of it then.

    A withdrawn one repeats what it ends, and says why in `words`.
    """

    item: str
    title: str
    noted: FollowUp
    terms: Terms
    withdrawn: bool
    words: str
    who: str
    at: datetime


def confirm_saving(
    connection: Connection, assessment_id: str, item: str, title: str, noted: FollowUp, terms: Terms, mentor_id: str,
    now: datetime,
) -> None:  # fmt: skip
    """Stand behind the saving of a line of the plan; what was confirmed before is kept beside it."""
    _add(connection, assessment_id, "confirmed", item, title, noted, terms, "", mentor_id, now)


def withdraw_saving(
    connection: Connection, assessment_id: str, ended: SavingStatement, words: str, mentor_id: str, now: datetime
) -> None:
    """No longer stand behind it; what had been confirmed is kept."""
    _add(
        connection, assessment_id, "withdrawn", ended.item, ended.title, ended.noted, ended.terms, words, mentor_id, now
    )


def _add(
    connection: Connection, assessment_id: str, act: str, item: str, title: str, noted: FollowUp, terms: Terms,
    words: str, mentor_id: str, now: datetime,
) -> None:  # fmt: skip
    row = {
        "assessment_id": assessment_id, "item": item, "act": act, "title": title, "noted": follow_up.write(noted),
        "baseline": terms.baseline, "method": terms.method, "floor": terms.floor, "share": str(terms.share),
        "words": words, "mentor_id": mentor_id, "at": now,
    }  # fmt: skip
    connection.execute(insert(saving_confirmations).values(row))


def statements_of(connection: Connection, assessment_id: str) -> dict[str, Sequence[SavingStatement]]:
    """Everything that mentors said of the savings of a check, by the line of the plan; the newest first."""
    listed = (
        select(
            _S.item, _S.title, _S.noted, _S.baseline, _S.method, _S.floor, _S.share, _S.act, _S.words,
            func.coalesce(people.c.name, ""), _S.at,
        )
        .outerjoin(people, people.c.id == _S.mentor_id)
        .where(_S.assessment_id == assessment_id)
        .order_by(_S.id.desc())
    )  # fmt: skip
    found: dict[str, list[SavingStatement]] = {}
    for item, title, noted, baseline, method, floor, share, act, words, who, at in connection.execute(listed):
        terms = Terms(baseline, method, floor, Decimal(share))
        said = SavingStatement(
            item, title, follow_up.read(noted), terms, act == "withdrawn", words, who, at
        )  # fmt: skip
        found.setdefault(item, []).append(said)
    return dict(found)
