"""Printed plans: what one is made from, when it has to be made anew, and where it is kept.

A PDF is stored under a hash of everything it shows. It is made by a job ordered in the transaction of the
submission, or (without a worker) in a child process while the request waits; how it is made is the press's
business (`assessment/press.py`), which this floor knows only by its shape.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol

from assessment.content.keeping import keep
from assessment.core.access import Action
from assessment.core.aggregates.practices import Told
from assessment.core.errors import NotFound, NotMade, NotYours
from assessment.core.resources.catalogue import Catalogue
from assessment.services.aggregates import members_told
from assessment.services.aggregates.cluster_figures import Shown
from assessment.services.asking import Asking
from assessment.services.checks import answering, results, years
from assessment.services.checks.answering import OpenDraft, Right
from assessment.services.checks.kept_results import Frozen
from assessment.services.checks.results import REPORT_JOB
from assessment.services.checks.years import SinceLastYear
from assessment.services.clusters.poster_material import PosterForPrint
from assessment.services.instance import Instance
from assessment.services.mentors import reviewing
from assessment.services.mentors.contacts import WhomToCall, whom_to_call
from assessment.services.mentors.review_material import ReviewForPrint
from assessment.services.mentors.reviewing import ScorePair
from assessment.services.money import money
from assessment.services.money.money import Reckoning
from assessment.services.plans import following, planning
from assessment.services.plans.following import Progress
from assessment.services.plans.planning import Plan
from assessment.storage import jobs
from assessment.storage.checks import assessments
from assessment.storage.checks import results as stored_results

BLANK = "blank-questionnaire"
SAMPLE = "sample-action-plan"

_CODE_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
_CODE_LENGTH = 5

MOST_WAITING = 20
"""PDFs in the queue; who asks after that is told to come back (RELIABILITY OUT-04)."""

Form = Literal["xlsx", "docx", "json", "csv"]
"""The files of a plan beside its PDF."""

State = Literal["ready", "being-made", "failed", "not-ordered"]


@dataclass(frozen=True)
class Reckoned:
    """A result with its plan, what that is to save, and how far it is."""

    opened: OpenDraft
    frozen: Frozen
    plan: Plan
    reckoning: Reckoning
    progress: Progress


@dataclass(frozen=True)
class ForPrint(Reckoned):
    """Everything that a printed plan shows."""

    language: str
    call: WhomToCall
    since: SinceLastYear | None = None
    pair: ScorePair | None = None
    """Both scores, where a mentor has looked at the answers."""
    lacked: Told | None = None
    """What members of the cluster lack, beside its own check."""


class Press(Protocol):
    """Makes PDFs; `edition` changes whenever the same content would print differently."""

    @property
    def edition(self) -> str: ...

    def action_plan(self, instance: Instance, material: ForPrint) -> bytes:
        """The PDF of a plan. Raises RenderFailed where it cannot be made within the limits."""

    def mentor_review(self, instance: Instance, material: ReviewForPrint) -> bytes:
        """The PDF of a review. Raises NotMade where it cannot be made within the limits."""

    def review_shown(self, instance: Instance, material: ReviewForPrint) -> str:
        """Everything that the PDF of a review shows, as text; made without printing it."""

    def cluster_poster(self, instance: Instance, material: PosterForPrint) -> bytes:
        """The poster of a cluster. Raises NotMade where it cannot be made within the limits."""

    def cluster_document(self, instance: Instance, found: Shown, code: str) -> Any:
        """A snapshot with its words, as a document of `reporting`: what its files and its report are made of."""

    def cluster_report(self, instance: Instance, found: Shown, code: str) -> bytes:
        """The report of a snapshot as a PDF. Raises NotMade where it cannot be made within the limits."""

    def cluster_report_shown(self, instance: Instance, found: Shown, code: str) -> str:
        """Everything that the PDF of such a report shows, as text; made without printing it."""

    def export(self, instance: Instance, material: ForPrint, form: Form) -> bytes:
        """The plan as another file. Raises NotMade where it cannot be made within the limits."""

    def pages(self, content: bytes) -> int:
        """How many pages a PDF of ours has."""

    def public(self, instance: Instance, report: str, language: str) -> bytes:
        """A PDF that belongs to nobody: the blank questionnaire or the sample plan."""

    def blank(self, instance: Instance, name: str, version: str, language: str) -> bytes:
        """All questions of a version on paper."""

    def printed(self, document: Any, code: str) -> bytes:
        """The PDF of a document of `reporting`, which services do not know. Raises NotMade where it cannot be made."""


@dataclass(frozen=True, slots=True)
class Made:
    """How far the PDF of a plan is."""

    state: State
    key: str
    pages: int = 0


def material_of(instance: Instance, opened: OpenDraft, frozen: Frozen, language: str) -> ForPrint:
    """What the printed plan of a result shows now."""
    found = _reckoned(instance, opened, frozen)
    since = years.since_last_year(instance, opened, frozen, language)
    call, pair = whom_to_call(instance, opened.draft.company_id), reviewing.pair_of(instance, opened)
    lacked = members_told.lacked_beside(instance, opened, language)
    return ForPrint(
        opened, frozen, found.plan, found.reckoning, found.progress, language, call, since, pair, lacked
    )  # fmt: skip


def _reckoned(instance: Instance, opened: OpenDraft, frozen: Frozen) -> Reckoned:
    plan = planning.plan_of(instance, opened, frozen.results)
    reckoning = money.reckoning_of(instance, opened, frozen.results, plan)
    progress = following.progress_of(plan, instance.today, money.forecasts_of(reckoning))
    return Reckoned(opened, frozen, plan, reckoning, progress)


def fingerprint(instance: Instance, press: Press, material: ForPrint) -> str:
    """The hash that a plan's PDF is stored under: it changes with anything the PDF shows."""
    results_shown = material.frozen.results
    cards = [(card.key, asdict(card.item), card.position) for card in (*material.plan.cards, *material.plan.dismissed)]
    # Funding opens and closes with the calendar: other schemes make another plan.
    funding = [
        [match.scheme.id for match in (*found.schemes, *found.ask_adviser)]
        for card in material.plan.cards
        if card.step is not None
        for found in [planning.supports_of(results_shown, card.step, instance.today).funding]
    ]
    support = results.support_of(results_shown, instance.today)
    shown = {
        "press": press.edition,
        "content": instance.library.digest,
        "language": material.language,
        "result": material.frozen.id,
        "since": material.since.earlier.id if material.since else None,
        "company": material.opened.draft.company_name,
        "home": instance.settings.base_url,
        "call": asdict(material.call),
        "pair": asdict(material.pair) if material.pair else None,
        "lacked": [material.lacked.release_id, material.lacked.cluster] if material.lacked else None,
        "cards": cards,
        "funding": funding,
        "support": [match.scheme.id for match in support.schemes] if support else [],
        "money": _figures_of(material.reckoning),
    }
    return hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()


def _figures_of(reckoning: Reckoning) -> list[object]:
    """Every figure that the money of a plan is made of, the titles of its catalogue left out."""
    rows = [(row.line.id, row.amount, row.low, row.high, row.basis, row.price, row.months, row.period)
            for row in reckoning.sheet.rows]  # fmt: skip
    lines = [(line.row.line.id, line.part, line.method, line.kg) for line in reckoning.footprint.lines]
    gaps = [(gap.row.line.id, gap.part, gap.reason) for gap in reckoning.footprint.gaps]
    savings = [*reckoning.savings.items(), reckoning.sheet.entries.period, reckoning.sheet.entries.kinds]
    return [repr(each) for each in (rows, lines, gaps, reckoning.footprint.version, savings, reckoning.totals)]


def state_of(instance: Instance, press: Press, material: ForPrint, by: str = "") -> Made:
    """How far the PDF is, which the company may have ordered, or `by`, somebody from outside."""
    key = fingerprint(instance, press, material)
    # One job was ordered at submission, under the result; further ones under what they were to show.
    return how_far(
        instance, material.opened.draft.id, key,
        [results.report_effect(key), results.report_effect(material.frozen.id), results.report_effect(key, by)],
    )  # fmt: skip


def how_far(instance: Instance, draft_id: str, key: str, effects: Sequence[str]) -> Made:
    """How far a PDF is that jobs of these effects were to make."""
    with instance.database.reading() as connection:
        pages = stored_results.document_pages(connection, draft_id, key)
        if pages is not None:
            return Made("ready", key, pages)
        ordered = [jobs.find(connection, effect) for effect in effects]
    states = {job.state for job in ordered if job is not None}
    if states & {"waiting", "running"}:
        return Made("being-made", key)
    return Made("failed" if "dead" in states else "not-ordered", key)


def order(instance: Instance, press: Press, material: ForPrint, by: str = "") -> None:
    """Have the PDF made: by the worker, or here and now where there is none.

    `by` is whoever orders it from outside the company; the job asks whether they still may.

    Raises NotMade where too many wait already, or where it was tried here and failed.
    """
    key = fingerprint(instance, press, material)
    draft_id = material.opened.draft.id
    with instance.database.reading() as connection:
        if stored_results.has_document(connection, draft_id, key):
            return
    if instance.settings.jobs == "inline":
        _make(instance, press, material, key, by)
        return
    refuse_when_busy(instance)
    with answering.writing(instance, material.opened) as connection:
        job = results.order_report(instance, connection, draft_id, material.language, key, by)
    if job is not None:
        instance.wake(job)


def refuse_when_busy(instance: Instance) -> None:
    """Raises NotMade where too many PDFs wait already."""
    with instance.database.reading() as connection:
        waiting = len(jobs.due(connection, instance.now(), MOST_WAITING))
    if waiting >= MOST_WAITING:
        raise NotMade("busy")


def material_for(instance: Instance, draft_id: str, language: str) -> ForPrint:
    """What the printed plan of a draft's newest result shows now, for the worker and the command line.

    Raises NotFound where there is no such draft, or no result of it.
    """
    opened = _opened(instance, draft_id, language)
    return material_of(instance, opened, results.latest(instance, opened, language), language)


def reckoned_for(instance: Instance, draft_id: str, language: str) -> Reckoned:
    """The same without what only the paper shows: all that figures about many take of a check.

    Raises NotFound where there is no such draft, or no result of it.
    """
    opened = _opened(instance, draft_id, language)
    return _reckoned(instance, opened, results.latest(instance, opened, language))


def _opened(instance: Instance, draft_id: str, language: str) -> OpenDraft:
    with instance.database.reading() as connection:
        draft = assessments.draft_of(connection, draft_id)
    if draft is None:
        raise NotFound(draft_id)
    return answering.with_route(instance, draft, language)


def make(instance: Instance, press: Press, draft_id: str, language: str, by: str = "") -> None:
    """The job: make the PDF of the newest result as it stands.

    Nothing to do where it is there, the draft is gone, or whoever ordered it from outside may no longer take it.
    """
    if not _may(instance, draft_id, by):
        return
    try:
        material = material_for(instance, draft_id, language)
    except NotFound:
        return
    key = fingerprint(instance, press, material)
    with instance.database.reading() as connection:
        if stored_results.has_document(connection, draft_id, key):
            return
    with suppress(NotFound, NotYours):
        _make(instance, press, material, key, by)


def _may(instance: Instance, draft_id: str, by: str) -> bool:
    return not by or answering.may_open(instance, Asking("", Action.TAKE_FILES, by), draft_id)


def _make(instance: Instance, press: Press, material: ForPrint, key: str, by: str) -> None:
    content = press.action_plan(instance, material)
    right = Right(Asking("", Action.TAKE_FILES, by)) if by else None
    keep_made(instance, material.opened.draft.id, REPORT_JOB, key, content, press.pages(content), right)


def keep_made(
    instance: Instance, draft_id: str, report: str, key: str, content: bytes, pages: int, right: Right | None
) -> None:  # fmt: skip
    """Keep a PDF in the place of what it replaces, for whoever ordered it by a right of their own.

    Raises NotFound where the check is gone, and what `answering.ask_again` does: printing takes seconds, in which
    access may have ended.
    """
    with instance.database.writing() as connection:
        if right is not None:
            answering.ask_again(instance, connection, right, draft_id)
        # Printing takes seconds, and meanwhile the check may have been deleted with all that is its own.
        if assessments.draft_of(connection, draft_id) is None:
            raise NotFound(draft_id)
        stored_results.add_document(
            connection, draft_id, digest=key, report=report, pages=pages, content=content, now=instance.now()
        )
        stored_results.drop_other_documents(connection, draft_id, report, keep=key)


def stored(instance: Instance, asking: Asking, draft_id: str, report: str, key: str) -> bytes:
    """A PDF that was made, for whoever may take it now.

    Raises what `answering.admitted` does, and NotFound for one that is not there.
    """
    answering.admitted(instance, asking, draft_id)
    content = stored_results.document_content(instance.database, draft_id, report, key)
    if content is None:
        raise NotFound(key)
    return content


def public_report(instance: Instance, press: Press, report: str, language: str) -> bytes:
    """A PDF that belongs to nobody; made once for all that it shows and kept beside the database."""
    shown = [report, language, *instance.library.newest]
    return _once(instance, press, report, shown, lambda: press.public(instance, report, language))


def blank_report(instance: Instance, press: Press, name: str, language: str) -> bytes:
    """All questions of the newest version of a questionnaire on paper, made once and kept.

    Raises NotFound for a questionnaire that this instance does not hold.
    """
    key = instance.library.newest_of(name)
    return _once(instance, press, BLANK, [BLANK, language, *key], lambda: press.blank(instance, *key, language))


def _once(instance: Instance, press: Press, report: str, shown: Sequence[str], make: Callable[[], bytes]) -> bytes:
    """What was kept of a PDF that belongs to nobody, else what is made of it now."""
    settings = instance.settings
    seen = [
        press.edition, instance.library.digest, *shown,
        settings.base_url, settings.operator_name, settings.operator_contact,
    ]  # fmt: skip
    digest = hashlib.sha256(json.dumps(seen).encode()).hexdigest()
    path = settings.data_dir / "kept" / f"{report}-{digest}.pdf"
    with suppress(FileNotFoundError):
        return path.read_bytes()
    content = make()
    keep(path, content)
    return content


def code_of(entry_id: str) -> str:
    """The short code printed for a catalogue entry; it follows from the id, so old prints stay good."""
    number = int.from_bytes(hashlib.sha256(entry_id.encode()).digest()[:8])
    letters = []
    for _ in range(_CODE_LENGTH):
        number, place = divmod(number, len(_CODE_LETTERS))
        letters.append(_CODE_LETTERS[place])
    return "".join(letters)


def entry_of_code(catalogue: Catalogue, code: str) -> str | None:
    """The entry that a short code stands for, closed ones included; None for a code that was never printed."""
    wanted = code.lower()
    return next((entry for entry in (*catalogue.schemes, *catalogue.blocks) if code_of(entry) == wanted), None)


def short_address(instance: Instance, entry_id: str) -> str:
    """The short address to print for an entry."""
    return f"{instance.settings.base_url}/r/{code_of(entry_id)}"
