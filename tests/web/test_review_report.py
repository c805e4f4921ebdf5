"""The report of a review: made for mentor and company alike, by the worker too, and only while somebody may see it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import pytest

from assessment.press import ReportPress
from assessment.services.checks.answering import OpenDraft
from assessment.services.instance import Instance
from assessment.services.mentors import review_material, review_reports, reviewing
from assessment.services.mentors.review_material import ReviewForPrint
from assessment.services.mentors.review_reports import REVIEW_JOB
from assessment.services.mentors.reviewing import ReviewedCheck
from assessment.services.plans.reports import Press
from assessment.services.upkeep.running import run_due
from assessment.storage import jobs
from assessment.storage.jobs import Job
from assessment.storage.mentors import grants
from assessment.storage.mentors.grants import Recorded
from assessment.storage.people import companies
from assessment.worker import handlers_of
from tests.reporting.paper import Paper
from tests.web.conftest import PAPER
from tests.web.mentored import CHOICE, Mentored, mentored, stranger
from tests.web.test_confirmed_savings import TERMS, measured
from tests.web.test_next_visit import planned
from tests.web.visiting import Visitor

__all__ = ["mentored"]

NOTE, COMMENT = "NOTE-8842 seems unsure", "COMMENT-8842 well done"


def ordered(visitor: Visitor, mentored: Mentored, tail: str = "/review-report") -> str:
    """The address of the PDF as the review stands now, or of the plan's, made where it is not there."""
    page = visitor.get(mentored.hub + tail)
    if "Make the PDF" in page.words:
        visitor.submit(page)
        page = visitor.get(mentored.hub + tail)
    return next(link for link in page.links() if link.endswith(".pdf"))


def paper(visitor: Visitor, mentored: Mentored) -> Paper:
    """The PDF, really printed."""
    mentored.site.app.extensions["assessment-press"] = cache(ReportPress)
    return Paper(visitor.get(ordered(visitor, mentored)).body)


def end_access(mentored: Mentored) -> None:
    page = mentored.owner.get(mentored.home + "/mentors")
    mentored.owner.submit(page, {"act": "end"}, action=next(f.action for f in page.forms() if "/mentors/" in f.action))


def reviewed(mentored: Mentored) -> None:
    """One answer accepted, one disputed, one confirmed; actions agreed and declined, a saving, words, a visit."""
    mentored.review(CHOICE, "propose", "The diary covers the shop only", mentored.options(CHOICE)[0])
    mentored.reply(CHOICE, "accept")
    mentored.review("ene-04", "propose", "We saw no audit", mentored.options("ene-04")[0])
    mentored.reply("ene-04", "reply", "It was made in May")
    mentored.review("wat-03", "ask", "Which meter is it?")
    mentored.review("man-01", "confirm")
    page = mentored.mentor.get(mentored.hub + "/review-suggest")
    mentored.mentor.submit(page, {"title": "Ask the mill about bran", "why": "They take it back"})
    mentored.mentor.submit(page, {"key": "measure:solar-pv", "why": "A large roof"})
    for title, said in (("bran", {"act": "accept"}), ("", {"act": "decline", "words": "Rented roof"})):
        offered = mentored.owner.get(mentored.hub + "/mentor")
        forms = [form for form in offered.forms() if "/mentor-suggestions/" in form.action]
        own = next(form for form in forms if not title or form.action in offered.text.partition("about bran")[2])
        mentored.owner.send(own.action, own.filled(said))
    plan = mentored.owner.get(mentored.hub + "/plan")
    line = next(link for link in plan.links() if "/plan/own:" in link and "about bran" in mentored.owner.get(link).text)
    due = {"owner": "Ana", "deadline.day": "1", "deadline.month": "2", "deadline.year": "2027", "status": "planned"}
    mentored.owner.submit(mentored.owner.get(line), due)
    key = measured(mentored)
    mentored.mentor.submit(mentored.mentor.get(f"{mentored.hub}/review-savings/{key}"), TERMS)
    words = mentored.mentor.get(f"{mentored.hub}/review/{CHOICE}")
    mentored.mentor.submit(words, {"words": NOTE}, action="/notes")
    mentored.mentor.submit(words, {"words": COMMENT}, action="/comments")
    planned(mentored)
    mentored.mentor.submit(mentored.mentor.get(mentored.hub + "/review"), action="/review-finish")


def test_it_counts_the_comments_that_wait_for_an_answer_until_they_have_one(mentored: Mentored) -> None:
    page = mentored.mentor.get(f"{mentored.hub}/review/{CHOICE}")
    mentored.mentor.submit(page, {"words": COMMENT}, action="/comments")
    assert "1 comment waits for the company" in paper(mentored.mentor, mentored).pages[0]
    answering = mentored.owner.get(mentored.hub + "/mentor")
    mentored.owner.submit(answering, {"words": "Thank you", "question": CHOICE}, action="/comments")
    told = paper(mentored.mentor, mentored).pages[0]
    assert "waits for the company" not in told
    assert "1 comment waits for the mentor" in told


def test_it_shows_what_both_made_of_the_check_and_never_a_private_note(mentored: Mentored) -> None:
    reviewed(mentored)
    assert "NOTE-8842" in mentored.mentor.get(f"{mentored.hub}/review/{CHOICE}").words
    text = paper(mentored.owner, mentored).text
    for told in (
        "2 of ", "scored answers are confirmed", "Reviewed by Mira Petrova on 24 November 2026.",
        "4 March 2027", "Look at the compressor",
        "1 answer was changed by the review", "The diary covers the shop only",
        "2 questions are open", "Waiting for the company: 1", "Which meter is it?",
        "Waiting for the mentor: 1", "We saw no audit", "It was made in May",
        "1 action was agreed", "Ask the mill about bran", "Owner: Ana. By 1 February 2027.",
        "Declined: 1", "Rented roof",
        "1 measured saving is confirmed", "12,000 kWh in 2024", "Both bills, same output",
        "COMMENT-8842 well done",
    ):  # fmt: skip
        assert told in text, told
    assert "NOTE-8842" not in text
    assert "seems unsure" not in text


def test_a_page_that_printed_a_note_would_be_found(mentored: Mentored, monkeypatch: pytest.MonkeyPatch) -> None:
    page = mentored.mentor.get(f"{mentored.hub}/review/{CHOICE}")
    mentored.mentor.submit(page, {"words": NOTE}, action="/notes")
    found = reviewing.review_of

    def careless(instance: Instance, opened: OpenDraft, *, for_mentor: bool) -> ReviewedCheck:
        assert not for_mentor
        check = found(instance, opened, for_mentor=True)
        return replace(check, comments=check.notes)

    monkeypatch.setattr(reviewing, "review_of", careless)
    assert "NOTE-8842" in paper(mentored.mentor, mentored).text


def test_both_sides_get_the_same_file_and_a_change_makes_another_one_due(mentored: Mentored) -> None:
    mentored.review(CHOICE, "confirm")
    mine = ordered(mentored.mentor, mentored)
    assert ordered(mentored.owner, mentored) == mine
    for visitor in (mentored.mentor, mentored.owner):
        page = visitor.get(mine)
        assert page.body == PAPER
        assert page.headers["Content-Type"] == "application/pdf"
        assert "green-pathways-mentor-review.pdf" in page.headers["Content-Disposition"]
    ordered(mentored.owner, mentored, "/report")
    planned(mentored)
    assert "There is no PDF yet" in mentored.owner.get(mentored.hub + "/review-report").words
    other = ordered(mentored.owner, mentored)
    assert other != mine
    # What it replaced is gone; the action plan is not.
    mentored.owner.get(mine, 404)
    assert "Download the PDF" in mentored.owner.get(mentored.hub + "/report").words


def test_a_private_note_makes_no_other_report(mentored: Mentored) -> None:
    mine = ordered(mentored.mentor, mentored)
    page = mentored.mentor.get(f"{mentored.hub}/review/{CHOICE}")
    mentored.mentor.submit(page, {"words": NOTE}, action="/notes")
    assert ordered(mentored.mentor, mentored) == mine


def test_a_foreign_mentor_and_one_whose_access_ended_take_nothing(mentored: Mentored) -> None:
    file, page = ordered(mentored.mentor, mentored), mentored.hub + "/review-report"
    other = stranger(mentored)
    for path in (file, page):
        other.get(path, 404)
    other.post(page, {}, 404)
    end_access(mentored)
    for path in (file, page):
        mentored.mentor.get(path, 404)
    mentored.mentor.post(page, {}, 404)
    assert mentored.owner.get(file).body == PAPER


def test_the_report_is_not_handed_out_as_an_action_plan_nor_the_plan_as_a_report(mentored: Mentored) -> None:
    review = ordered(mentored.owner, mentored).rpartition("/")[2]
    plan = ordered(mentored.owner, mentored, "/report").rpartition("/")[2]
    mentored.owner.get(f"{mentored.hub}/report/{plan}")
    mentored.owner.get(f"{mentored.hub}/report/{review}", 404)
    mentored.owner.get(f"{mentored.hub}/review-report/{plan}", 404)


# By the worker


class Printing(ReportPress):
    """A press that does something between reading and keeping, as a slow one leaves time for."""

    def __init__(self, meanwhile: Sequence[Callable[[], object]] = ()) -> None:
        super().__init__(render=lambda html, report: PAPER)
        self.meanwhile = meanwhile
        self.printed_times = 0

    def mentor_review(self, instance: Instance, material: ReviewForPrint) -> bytes:
        """The PDF."""
        self.printed_times += 1
        for act in self.meanwhile:
            act()
        return super().mentor_review(instance, material)


def waiting(mentored: Mentored) -> Job:
    """The job of the report that the mentor orders while nobody works."""
    instance = replace(
        mentored.site.instance, settings=replace(mentored.site.instance.settings, jobs="worker"), wake=lambda job: None
    )
    press: Press = mentored.site.app.extensions["assessment-press"]()
    draft_id = mentored.draft_id
    material = review_material.material_for(instance, draft_id, "en")
    review_reports.order(instance, press, material, mentored.mentor_id)
    assert review_reports.state_of(instance, press, material, mentored.mentor_id).state == "being-made"
    with instance.database.reading() as connection:
        (job,) = (job for job in jobs.due(connection, instance.now()) if job.kind == REVIEW_JOB)
    return job


def kept(mentored: Mentored) -> int:
    return len([row for row in mentored.site.dump() if row.startswith("documents: ") and REVIEW_JOB in row])


def run(mentored: Mentored, job: Job, press: Printing) -> None:
    handlers = handlers_of(mentored.site.instance, press)
    run_due(mentored.site.instance, handlers, job.id)


def test_the_worker_makes_it_for_whoever_ordered_it(mentored: Mentored) -> None:
    press = Printing()
    mentored.site.app.extensions["assessment-press"] = lambda: press
    job = waiting(mentored)
    run(mentored, job, press)
    assert kept(mentored) == 1
    assert mentored.mentor.get(ordered(mentored.mentor, mentored)).body == PAPER
    assert press.printed_times == 1


def test_a_job_of_a_mentor_whose_access_ended_meanwhile_reads_and_keeps_nothing(mentored: Mentored) -> None:
    press = Printing()
    job = waiting(mentored)
    end_access(mentored)
    run(mentored, job, press)
    assert press.printed_times == 0
    assert kept(mentored) == 0


def test_access_that_ends_while_it_is_printed_keeps_nothing(mentored: Mentored) -> None:
    press = Printing([lambda: end_access(mentored)])
    run(mentored, waiting(mentored), press)
    assert press.printed_times == 1
    assert kept(mentored) == 0


def test_a_check_that_is_deleted_while_it_is_printed_leaves_nothing(mentored: Mentored) -> None:
    page = mentored.owner.get(mentored.hub + "/delete")
    press = Printing([lambda: mentored.owner.submit(page)])
    run(mentored, waiting(mentored), press)
    assert press.printed_times == 1
    assert kept(mentored) == 0


# Other companies


def test_nothing_of_another_company_of_the_same_mentor_comes_into_it(mentored: Mentored) -> None:
    site, other = mentored.site, mentored.site.visitor()
    other.start("quick")
    draft_id = other.hub.rpartition("/")[2]
    with site.instance.database.writing() as connection:
        company = companies.add_company(connection, "Ospreymarke001", mentored.owner_id, site.clock())
        companies.claim(connection, draft_id, company.id, site.clock())
        recorded = Recorded("digest", "en", "test", mentored.owner_id)
        grants.begin(connection, company.id, mentored.mentor_id, recorded, site.clock())
    theirs = f"/assessments/{draft_id}"
    page = mentored.mentor.get(theirs + "/review")
    mentored.mentor.submit(page, {"words": "Ospreymarke002"}, action="/comments")
    visit = {"visit.day": "4", "visit.month": "3", "visit.year": "2027", "words": "Ospreymarke003"}
    mentored.mentor.submit(mentored.mentor.get(theirs + "/next-visit"), visit)
    mentored.mentor.submit(
        mentored.mentor.get(theirs + "/review-suggest"), {"title": "Ospreymarke004", "why": "Ospreymarke005"}
    )
    assert re.findall(r"Ospreymarke00\d", paper(mentored.mentor, mentored).text) == []
    mentored.hub = theirs
    assert len(set(re.findall(r"Ospreymarke00\d", paper(mentored.mentor, mentored).text))) >= 4
