"""Answering: open the hub and a page, save a page whole or not at all, see what is still to look at."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Final, Literal

import orjson
from sqlalchemy import Connection

from assessment.content.library import Edition
from assessment.core.access import STRANGER, Action, Relation, Standing, decide
from assessment.core.checks.answers import Answers, Marker, Quantities, Quantity, Remark, Value, to_json
from assessment.core.checks.questionnaire import Page, check_value, unlikely
from assessment.core.checks.questions import Question
from assessment.core.checks.route import Depth, Leg, Progress, Route
from assessment.core.errors import Conflict, InvalidAnswers, NotFound, NotSaved, NotYours, Problem
from assessment.i18n import reads_two_ways
from assessment.services.asking import Asking, insist
from assessment.services.instance import Instance
from assessment.storage.checks import assessments
from assessment.storage.checks.assessments import Change, Giver
from assessment.storage.checks.drafts import Draft, StoredAnswers
from assessment.storage.idempotency import Once
from assessment.storage.mentors import reviews
from assessment.storage.people import companies

_BY_SECTION: Final = frozenset({Relation.SECTION})


@dataclass(frozen=True, slots=True)
class Right:
    """Who asked to do what with a check; `section` is the one that it was about, empty for all."""

    asking: Asking
    section: str = ""


@dataclass(frozen=True)
class OpenDraft:
    """A draft that this browser may open, with what applies to it."""

    draft: Draft
    edition: Edition
    route: Route
    standing: Standing = field(default=STRANGER, kw_only=True)
    """How whoever opened it stood to it."""
    right: Right | None = field(default=None, kw_only=True)
    """What it was opened by, asked again before anything is written; None for a job, a command or a link."""

    @property
    def section_only(self) -> bool:
        """Whether they came by a link to one section, and see nothing else of it."""
        return self.standing.relations == _BY_SECTION

    @property
    def looking_on(self) -> bool:
        """Whether they come from outside the company: they read and change nothing."""
        return self.standing.from_outside

    def may(self, action: Action) -> bool:
        """Whether they may do something else with it as well, such as what a link on the page leads to."""
        return decide(action, self.standing) == "yes"

    @cached_property
    def answers(self) -> Answers:
        """The answers that count; those off the route stay stored but are not among them."""
        return self.route.counted(self.draft.answers)

    @property
    def remarks(self) -> Mapping[str, Remark]:
        """What stands beside the answers."""
        return self.draft.remarks


@dataclass(frozen=True)
class OpenPage(OpenDraft):
    """One page of the draft with its place in the section."""

    leg: Leg
    page: Page

    @cached_property
    def answers_here(self) -> Answers:
        """The counting answers of the page's questions, and of those that decide what these offer."""
        return self.route.counted(StoredAnswers(self.draft.document), self.page)

    @property
    def position(self) -> tuple[int, int, int]:
        """The number of the page's first and last question in its section, and the number of questions there."""
        ids = [question.id for question in self.leg.questions]
        first = ids.index(self.page.questions[0].id) + 1
        return first, first + len(self.page.questions) - 1, len(ids)


def depth_of(draft: Draft) -> Depth:
    """The depth of a draft's route."""
    return "quick" if draft.depth == "quick" else "full"


SectionState = Literal["completed", "in-progress", "not-started", "cannot-start"]


@dataclass(frozen=True, slots=True)
class HubLine:
    """One section on the hub."""

    leg: Leg
    progress: Progress
    state: SectionState


def open_draft(instance: Instance, asking: Asking, draft_id: str, language: str, section: str = "") -> OpenDraft:
    """The draft in the visitor's language, if whoever asks may do there what they are about to.

    Raises what `admitted` does.
    """
    draft, standing = admitted(instance, asking, draft_id, section)
    return _laid(draft, instance.edition_of(draft, language), standing, Right(asking, section))


def admitted(instance: Instance, asking: Asking, draft_id: str, section: str = "") -> tuple[Draft, Standing]:
    """The draft as it is kept, for whoever may do there what they are about to; `section` is the one, empty for all.

    Raises NotFound for one that does not exist and for one of somebody else alike, NotYours where it may be seen but
    this may not be done.
    """
    now = instance.now()
    found = assessments.open_draft(instance.database, asking.session_hash, asking.person_id, draft_id, now)
    if found is None:
        raise NotFound(draft_id)
    draft, standing = found
    insist(asking, standing, draft_id, section)
    if standing.from_outside:
        # Before anything is shown: a look that cannot be put down is not had.
        _note_look(instance, asking, draft, now)
    elif draft.visit_is_due(now):
        # What can be read is shown while the store takes nothing; a later page of the visit is noted instead.
        with suppress(NotSaved), instance.database.writing() as connection:
            assessments.touch_visited(connection, draft_id, now)
    return draft, standing


def _note_look(instance: Instance, asking: Asking, draft: Draft, now: datetime) -> None:
    """Put down for the company that somebody from outside it looked, once an hour for each kind of act."""
    look = (draft.company_id or "", draft.id, asking.person_id, asking.action.value)
    if not companies.looked_lately(instance.database, *look, now):
        with instance.database.writing() as connection:
            companies.note_look(connection, *look, now)


@contextmanager
def writing(instance: Instance, opened: OpenDraft, action: Action | None = None) -> Iterator[Connection]:
    """A short transaction for all that is written on a check, as long as whoever opened it still may.

    What let them in may have ended since they were asked: an access, a place in the company, a link, a session.
    `action` is what they do where it is not what they came for. Raises what `admitted` does.
    """
    with instance.database.writing() as connection:
        if opened.right is not None:
            ask_again(instance, connection, opened.right, opened.draft.id, action)
        yield connection


def ask_again(
    instance: Instance, connection: Connection, right: Right, draft_id: str, action: Action | None = None
) -> None:  # fmt: skip
    """Go on only where somebody may do with a check what they came for, as it stands in the caller's transaction."""
    asking = right.asking if action is None else replace(right.asking, action=action)
    standing = assessments.standing_now(connection, asking.session_hash, asking.person_id, draft_id, instance.now())
    if standing is None:
        raise NotFound(draft_id)
    insist(asking, standing, draft_id, right.section)


def may_open(instance: Instance, asking: Asking, draft_id: str) -> bool:
    """Whether whoever asks may do with another draft what they do here; asking is no look and no visit."""
    found = assessments.open_draft(
        instance.database, asking.session_hash, asking.person_id, draft_id, instance.now()
    )  # fmt: skip
    return found is not None and decide(asking.action, found[1]) == "yes"


def with_route(instance: Instance, draft: Draft, language: str) -> OpenDraft:
    """A draft with the edition, route and counting answers that belong to it."""
    return _laid(draft, instance.edition_of(draft, language))


def _laid(
    draft: Draft, edition: Edition, standing: Standing = STRANGER, right: Right | None = None
) -> OpenDraft:  # fmt: skip
    route = edition.routes.of(StoredAnswers(draft.document), depth_of(draft))
    return OpenDraft(draft, edition, route, standing=standing, right=right)


def hub_lines(opened: OpenDraft) -> list[HubLine]:
    """Every section of the route with its state; sections wait until the profile says what applies."""
    missing = {question.id for question in opened.route.missing(opened.answers)}
    lines = []
    for leg in opened.route.legs:
        progress = opened.route.progress(leg.section.id, opened.answers)
        waits = bool(missing) and not any(question.id in missing for question in leg.questions)
        holds_missing = any(question.required for question in leg.questions)
        lines.append(HubLine(leg, progress, "cannot-start" if waits and not holds_missing else progress.state))
    return lines


def following(lines: Sequence[HubLine]) -> HubLine | None:
    """The section to go on with: the first that can be answered and is not; None where all are."""
    return next((line for line in lines if line.state in ("in-progress", "not-started")), None)


def sections_told(opened: OpenDraft) -> tuple[int, int]:
    """In how many sections a scored question has a known answer, of how many that have one."""
    scored = [[q.id for q in leg.questions if q.scored] for leg in opened.route.legs]
    known = {name for name in opened.answers if not isinstance(opened.answers[name], Marker)}
    told = [not known.isdisjoint(ids) for ids in scored if ids]
    return sum(told), len(told)


def open_page(
    instance: Instance, asking: Asking, draft_id: str, language: str, section: str, page_id: str
) -> OpenPage:  # fmt: skip
    """One page to show or to save; what is off the route is neither.

    Raises NotFound for a page that does not exist or does not apply.
    """
    opened = open_draft(instance, asking, draft_id, language, section)
    leg, page = opened.route.leg(section), opened.route.page(section, page_id)
    if leg is None or page is None:
        raise NotFound(page_id)
    return _page_of(opened, leg, page)


def _page_of(opened: OpenDraft, leg: Leg, page: Page) -> OpenPage:
    return OpenPage(
        opened.draft, opened.edition, opened.route, leg, page, standing=opened.standing, right=opened.right
    )  # fmt: skip


def alone(opened: OpenDraft, question_id: str) -> OpenPage:
    """One question as a page of its own. Raises NotFound where it does not apply."""
    for leg in opened.route.legs:
        for question in leg.questions:
            if question.id == question_id:
                page = Page(question.id, None, None, (question,))
                return _page_of(opened, leg, page)
    raise NotFound(question_id)


@dataclass(frozen=True)
class SavedPage:
    """What a save came to: where to go on, and the new revisions."""

    opened: OpenDraft
    next_page: str | None
    revisions: Mapping[str, int]
    first_page: bool


def save_page(
    instance: Instance, opened: OpenPage, changes: Sequence[Change], actor: str, key: str, person_id: str = ""
) -> SavedPage:  # fmt: skip
    """Save the answers of a page, all or none, once per key; whoever is signed in is put down as their giver.

    Raises InvalidAnswers with every problem, Conflict where somebody else changed an answer meanwhile, and
    NotSaved where the store could not take it.
    """
    problems = problems_of(opened, changes)
    if problems:
        raise InvalidAnswers(problems)
    with writing(instance, opened) as connection:
        saved = assessments.save_answers(
            connection, opened.draft, changes, instance.now(), Once(actor, key, fingerprint(changes), ""),
            Giver(person_id),
        )  # fmt: skip
    only_ours = saved.draft.counter == opened.draft.counter + 1
    if only_ours and not opened.edition.routes.turn_on(change.question for change in changes):
        after = OpenDraft(saved.draft, opened.edition, opened.route)
    else:
        after = _laid(saved.draft, opened.edition)
    next_page = after.route.after(opened.leg.section.id, opened.page.id)
    here = {question.id for question in opened.page.questions}
    # Autosaves may have come before: what counts is that nothing but this page is answered yet.
    beyond = any(entry["v"] is not None and name not in here for name, entry in saved.draft.document.items())
    first_page = not beyond and any(question in after.draft.answers for question in here)
    return SavedPage(after, next_page, saved.revisions, first_page)


def givers(instance: Instance, opened: OpenPage, conflict: Conflict) -> dict[str, str]:
    """By question the name of whoever gave the answer that a save met, where that is known."""
    with instance.database.reading() as connection:
        given = {clash.question: reviews.answers_given(connection, opened.draft.id, clash.question)
                 for clash in conflict.clashes}  # fmt: skip
    return {question: answers[-1].who for question, answers in given.items() if answers and answers[-1].who}


def problems_of(opened: OpenPage, changes: Sequence[Change]) -> list[Problem]:
    """Why these changes cannot be saved on this page."""
    on_page = {question.id: question for question in opened.page.questions}
    given = {change.question: change.value for change in changes if change.value is not None}
    merged = opened.answers_here.with_values(given)
    problems: list[Problem] = []
    for change in changes:
        question = on_page.get(change.question)
        if question is None:
            problems.append(Problem(change.question, "not-on-this-page"))
        elif change.value is not None:
            problems.extend(check_value(question, change.value, merged))
    return problems


def fingerprint(changes: Sequence[Change]) -> str:
    """What a request says, as a digest: the same key with another content is a mistake, not a repetition."""
    said = [
        (c.question, None if c.value is None else to_json(c.value), c.remark.basis, c.remark.note, c.remark.reason)
        for c in changes
    ]
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def to_look_at(opened: OpenDraft) -> list[tuple[str, Question]]:
    """What deserves a look before the results, in order.

    Each is (`unanswered` | `do-not-know` | `unlikely` | `two-ways`, question).
    """
    found = []
    for question in opened.route.questions.values():
        value = opened.answers.get(question.id)
        if value is None:
            found.append(("unanswered", question))
        elif value is Marker.DO_NOT_KNOW:
            found.append(("do-not-know", question))
        elif unlikely(question, value):
            found.append(("unlikely", question))
        elif any(map(reads_two_ways, _typed_numbers(value))):
            found.append(("two-ways", question))
    return found


def _typed_numbers(value: Value) -> list[str]:
    """The numbers of an answer as they were typed."""
    if isinstance(value, Quantities):
        return [quantity.typed for _, quantity in value.figures]
    return [value.typed] if isinstance(value, Quantity) else []


def deepen(instance: Instance, opened: OpenDraft) -> None:
    """Go on from the quick check to the full one; the answers stay."""
    with writing(instance, opened) as connection:
        assessments.set_depth(connection, opened.draft.id, "full", instance.now())


def name_company(instance: Instance, opened: OpenDraft, name: str) -> None:
    """Keep the company's name for the printed plan; an empty one takes it off again.

    Raises NotYours for whoever may have the plan printed but not change it.
    """
    if not opened.may(Action.CHANGE_PLAN):
        raise NotYours
    with writing(instance, opened, Action.CHANGE_PLAN) as connection:
        assessments.set_company_name(connection, opened.draft.id, name, instance.now())
