"""Bringing a company in that was taken out elsewhere: what it answered, planned and reckoned with, and no claim of it.

Of the file only what the company itself typed is taken, by the same checks as on the pages. Every id is new; who owns
it is said by whoever brings it in; scores and plans are worked out anew. What speaks of other people (mentors, reviews,
comments, consents, who looked) stays behind, and so do papers and attached documents. All or nothing is written.
"""

import json
import re
import secrets
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from io import BytesIO
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from assessment.core.checks.answers import Answers, Remark, Value, from_json
from assessment.core.checks.questionnaire import check_value
from assessment.core.errors import AssessmentError, NotFound, Refused
from assessment.core.money.sheet_entries import SheetEntries
from assessment.core.plans.follow_up import NOTHING_NOTED, FollowUp
from assessment.core.plans.follow_up import read as read_follow_up
from assessment.core.plans.goals import Goals
from assessment.services.checks import answering, results
from assessment.services.instance import Instance
from assessment.services.people.addresses import normal_address
from assessment.services.people.taking_out import COMPANY_SCHEMA
from assessment.services.plans.planning import MOST_ACTIONS
from assessment.storage.checks import assessments
from assessment.storage.checks.assessments import Change
from assessment.storage.money import money
from assessment.storage.people import companies, people
from assessment.storage.plans import plan_items
from assessment.storage.plans.plan_items import PlanFields

MOST_BYTES: Final = 100 * 1024 * 1024
MOST_CHECKS: Final = 500
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

Line = Annotated[str, StringConstraints(max_length=200)]
Words = Annotated[str, StringConstraints(max_length=3000)]
Status = Literal["not-started", "planned", "in-progress", "done", "not-for-us"]


class FileRefused(AssessmentError):
    """The file is not one that can be brought in; it says why."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Answer(_Part):
    v: Any = None
    b: Literal["", "bills", "estimate"] = ""
    n: Words = ""
    y: Annotated[str, StringConstraints(max_length=300)] = ""


class _Assessment(_Part):
    id: Line
    questionnaire: Line
    version: Line
    depth: Literal["quick", "full"]
    language: Line
    company_name: Line
    site: Line = ""
    previous_id: Line | None = None
    created_at: AwareDatetime
    answers: dict[Line, _Answer]


class _Item(_Part):
    id: Line
    measure: Line | None = None
    entry: Line | None = None
    title: Annotated[str, StringConstraints(max_length=500)] = ""
    status: Status
    owner: Line = ""
    deadline: date | None = None
    note: Words = ""
    refusal: Words = ""
    follow_up: Any = None
    position: int | None = None


class _Money(_Part):
    entries: SheetEntries
    wishes: Any = Field(default_factory=dict)


class _Scenario(_Part):
    slot: Literal["a", "b"]
    name: Line
    measures: Annotated[list[Line], Field(max_length=500)]


class _Frozen(_Part):
    entries: SheetEntries = SheetEntries()


class _Result(_Part):
    taken_at: AwareDatetime
    frozen: _Frozen = _Frozen()


class _Check(_Part):
    assessments: Annotated[list[_Assessment], Field(min_length=1, max_length=1)]
    plan_items: Annotated[list[_Item], Field(max_length=2 * MOST_ACTIONS)] = []
    money: Annotated[list[_Money], Field(max_length=1)] = []
    scenarios: Annotated[list[_Scenario], Field(max_length=2)] = []
    results: Annotated[list[_Result], Field(max_length=10_000)] = []

    @property
    def own(self) -> _Assessment:
        return self.assessments[0]


class _Company(_Part):
    schema_: Literal["green-pathways-company-1"] = Field(alias="schema")
    company: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    checks: Annotated[dict[Line, _Check], Field(max_length=MOST_CHECKS)]


@dataclass
class BroughtIn:
    """What came of it: the company's new id, how many checks, and what was left out, in words for an operator."""

    company_id: str = ""
    checks: int = 0
    left_out: list[str] = field(default_factory=list)


def document_of(content: bytes) -> Mapping[str, Any]:
    """The document in a file that was taken out, the ZIP or its `data.json` alone. Raises FileRefused."""
    if zipfile.is_zipfile(BytesIO(content)):
        try:
            with zipfile.ZipFile(BytesIO(content)) as archive, archive.open("data.json") as inner:
                content = inner.read(MOST_BYTES + 1)
        except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as flaw:
            raise FileRefused("The ZIP has no data.json that can be read.") from flaw
    if len(content) > MOST_BYTES:
        raise FileRefused("The file is larger than any company's data.")
    try:
        found = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError) as flaw:
        raise FileRefused("The file is not JSON, or not text in UTF-8.") from flaw
    if not isinstance(found, dict) or found.get("schema") != COMPANY_SCHEMA:
        raise FileRefused(f"The file does not say that it is a company that was taken out ({COMPANY_SCHEMA}).")
    return found


def _no_number(name: str) -> None:
    raise ValueError(name)


def bring_in(instance: Instance, document: Mapping[str, Any], owner: str) -> BroughtIn:
    """Bring a company in for the owner of an address, who gets an account where they have none.

    Raises FileRefused with what is wrong; nothing is written then.
    """
    email = normal_address(owner)
    if email is None:
        raise FileRefused(f"{owner!r} is not a mail address.")
    if any(_UNPRINTABLE.search(text) for text in _texts(document)):
        raise FileRefused("A text in the file holds signs that no page can have sent.")
    try:
        told = _Company.model_validate(document)
    except ValidationError as flaws:
        first = flaws.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise FileRefused(
            f"{flaws.error_count()} mistakes in the file. The first is at {place}: {first['msg']}."
        ) from None
    found = BroughtIn()
    ready = [_read(instance, check, found) for check in sorted(told.checks.values(), key=lambda c: c.own.created_at)]
    with instance.database.writing() as connection:
        person = people.find_person(connection, email=email) or people.add_person(
            connection, email, instance.now(), uniquifier=secrets.token_hex(32)
        )
        company = companies.add_company(connection, told.company, person.id, instance.now())
        found.company_id = company.id
        new_ids: dict[str, str] = {}
        written = []
        for check, changes in ready:
            written.append(_write(instance, connection, check, changes, company.id, new_ids, found))
            new_ids[check.own.id] = written[-1]
        instance.note(connection, "company made", person.id, {"company": company.id, "checks": len(ready)})
    found.checks = len(ready)
    for draft_id, (check, _) in zip(written, ready, strict=True):
        _submit(instance, draft_id, check)
    return found


def _texts(value: Any) -> Iterator[str]:
    """Every text in a document, names included."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str(text):
                yield text
            case dict(inner):
                waiting += [*inner.keys(), *inner.values()]
            case list(inner):
                waiting += inner


def _read(instance: Instance, check: _Check, found: BroughtIn) -> tuple[_Check, list[Change]]:
    """The answers of a check that its questionnaire takes. Raises FileRefused for a version that is not here."""
    own = check.own
    try:
        asked = instance.library.edition(own.questionnaire, own.version, own.language).questionnaire
    except NotFound as unknown:
        raise FileRefused(f"This instance has no questionnaire {own.questionnaire} {own.version}.") from unknown
    values: dict[str, Value] = {}
    for name, answer in own.answers.items():
        if name in asked.questions and answer.v is not None:
            with suppress(ValueError, TypeError, AttributeError):
                values[name] = from_json(answer.v)
    together, changes = Answers(values), []
    for name, answer in own.answers.items():
        value = values.get(name)
        known = asked.questions.get(name)
        if known is None or (answer.v is not None and (value is None or check_value(known, value, together))):
            found.left_out.append(f"{own.site or own.created_at.year}: the answer to {name}")
            continue
        changes.append(Change(name, value, Remark(answer.b, answer.n, answer.y)))
    return check, changes


def _write(
    instance: Instance, connection: Any, check: _Check, changes: Sequence[Change], company_id: str,
    new_ids: Mapping[str, str], found: BroughtIn,
) -> str:  # fmt: skip
    own = check.own
    then = min(own.created_at, instance.now())
    draft = assessments.create(
        connection, questionnaire=own.questionnaire, version=own.version, depth=own.depth, language=own.language,
        now=then, previous_id=new_ids.get(own.previous_id or ""), company_id=company_id, site=own.site,
    )  # fmt: skip
    assessments.set_company_name(connection, draft.id, own.company_name, then)
    assessments.save_answers(connection, draft, changes, then)
    _write_plan(instance, connection, draft.id, check.plan_items, found)
    for told in check.money:
        wishes: Mapping[str, Any] = {}
        if told.wishes:
            with suppress(ValidationError):
                wishes = Goals.model_validate(told.wishes).model_dump(mode="json")
        money.save_money(
            connection, draft.id, 0, then, entries=told.entries.model_dump(mode="json"), wishes=wishes
        )  # fmt: skip
    measures = instance.library.catalogue(own.language).measures
    for scenario in check.scenarios:
        known = [name for name in scenario.measures if name in measures]
        money.save_scenario(connection, draft.id, scenario.slot, scenario.name, known, then)
    return draft.id


def _write_plan(
    instance: Instance, connection: Any, draft_id: str, items: Sequence[_Item], found: BroughtIn
) -> None:  # fmt: skip
    catalogue, now, keys = instance.library.catalogue("en"), instance.now(), []
    named: set[str] = set()
    for item in items:
        if (name := item.measure or item.entry or item.id) in named:
            raise FileRefused(f"The plan names {name} twice.")
        named.add(name)
        fields = PlanFields(
            item.title, item.status, item.owner, item.deadline, item.note, item.refusal, _follow_up(item.follow_up)
        )
        if item.measure is not None and item.measure in catalogue.measures:
            key = plan_items.save_item(connection, draft_id, f"measure:{item.measure}", fields, 0, now).key
        elif item.entry is not None and (item.entry in catalogue.schemes or item.entry in catalogue.blocks):
            key = plan_items.add_entry(connection, draft_id, item.entry, item.title, now).key
            plan_items.save_item(connection, draft_id, key, fields, 1, now)
        elif item.measure is None and item.entry is None:
            key = plan_items.add_own(connection, draft_id, fields, now).key
        else:
            found.left_out.append(f"the action {item.measure or item.entry}, which this catalogue does not have")
            continue
        if item.position is not None:
            keys.append((item.position, key))
    if keys:
        plan_items.reorder(connection, draft_id, [key for _, key in sorted(keys)], now)


def _follow_up(noted: Any) -> FollowUp:
    if not noted:
        return NOTHING_NOTED
    try:
        return read_follow_up(json.dumps(noted))
    except ValidationError as flaw:
        raise FileRefused("What was noted about an action cannot be read.") from flaw


def _submit(instance: Instance, draft_id: str, check: _Check) -> None:
    """Work out anew what was seen as results there, as of the day it was seen and with the own figures of then."""
    newest = max(check.results, key=lambda result: result.taken_at, default=None)
    if newest is None:
        return
    with instance.database.reading() as connection:
        draft = assessments.draft_of(connection, draft_id)
    then: datetime = min(newest.taken_at, instance.now())
    if draft is not None:
        with suppress(Refused):
            opened = answering.with_route(instance, draft, draft.language)
            then_on = replace(instance, now=lambda: then)
            results.submit(then_on, opened, draft.language, printed=False, entries=newest.frozen.entries)
