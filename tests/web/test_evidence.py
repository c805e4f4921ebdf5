"""Documents that prove an answer: who attaches, reads and deletes them, and what is taken for one. INP-06, INP-09."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from assessment.config import EvidenceLimits
from assessment.services.upkeep import upkeep
from assessment.storage.people import companies
from tests.papers import drawing, paper, photo
from tests.web import bad_input as bad
from tests.web.mentored import CHOICE, Mentored, mentored, stranger
from tests.web.people import person, signed_in
from tests.web.routes import Finished
from tests.web.sweeping import LIVE
from tests.web.test_section_links import made, opened
from tests.web.visiting import Page, Visitor

__all__ = ["mentored"]

SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
CANARY = "Kanarche1906"


def place(mentored: Mentored, question: str = CHOICE) -> str:
    return f"{mentored.hub}/evidence/{question}"


def attach(
    mentored: Mentored, content: bytes = b"", name: str = "bill.pdf", status: int = 303, who: Visitor | None = None,
    question: str = CHOICE,
) -> Page:  # fmt: skip
    """Send a file as a browser does; what a failed one answers is checked like every page."""
    visitor = who or mentored.owner
    page = send(visitor, place(mentored, question), content or paper(), name)
    assert page.status == status, f"{page.status} {page.words if page.is_html else ''}"
    return page


def send(visitor: Visitor, path: str, content: bytes, name: str, **more: str) -> Page:
    """A form with a file, as a browser puts it together."""
    token = more.pop("token", None)
    file = FileStorage(io.BytesIO(content), name)
    fields = {"csrf_token": visitor.token() if token is None else token, "document": file}
    boundary, body = encode_multipart(fields)
    return visitor.send(path, body, Content_Type=f"multipart/form-data; boundary={boundary}", **more)


def files(page: Page) -> list[str]:
    """Where the documents of a page are taken from."""
    return [link for link in page.links() if "/documents/" in link]


def attached(mentored: Mentored, question: str = CHOICE) -> list[str]:
    return files(mentored.owner.get(place(mentored, question)))


def kept(mentored: Mentored) -> list[str]:
    return [row for row in mentored.site.dump() if row.startswith("evidence: ")]


def limited_to(mentored: Mentored, **limits: int) -> None:
    """Another operator's limits, for the views; how large a request may be was decided when the site was made."""
    product = mentored.site.instance
    settings = replace(product.settings, evidence=EvidenceLimits(**limits))
    mentored.site.app.extensions["assessment"] = replace(product, settings=settings)


def test_an_owner_attaches_a_bill_from_the_page_of_the_question_and_nothing_typed_is_lost(mentored: Mentored) -> None:
    owner = mentored.owner
    owner.hub = mentored.hub
    asked = owner.get(owner.page_of(CHOICE))
    assert "Save and attach a document" in asked.words
    led = owner.submit(asked, {f"{CHOICE}.note": "Since May", "attach": CHOICE})
    assert led.location == place(mentored)
    page = owner.get(led.location)
    assert "Nothing is attached yet" in page.words
    assert owner.site.question(CHOICE).label in page.words
    form = page.form("/evidence/" + CHOICE)
    assert page.tree.find(".//form[@enctype='multipart/form-data']") is not None
    assert "document" in form.fields
    attach(mentored, paper("May 2026"), "Фактура май.pdf")
    asked = owner.get(owner.page_of(CHOICE))
    assert asked.form().fields[f"{CHOICE}.note"] == "Since May"
    assert "Documents that prove this answer" in asked.words
    assert "Фактура май.pdf" in asked.words
    taken = owner.get(files(asked)[0])
    assert taken.body == paper("May 2026")


def test_typed_answers_that_cannot_be_saved_are_kept_on_the_page_and_lead_nowhere(mentored: Mentored) -> None:
    owner = mentored.owner
    owner.hub = mentored.hub
    page = owner.submit(owner.get(owner.page_of(CHOICE)), {f"{CHOICE}.note": "x" * 3001, "attach": CHOICE}, status=422)
    assert "x" * 3001 in page.text
    # A made-up question leads on as if nothing had been asked.
    onward = owner.submit(owner.get(owner.page_of(CHOICE)), {"attach": "wat-01"})
    assert "/evidence/" not in onward.location


def test_enter_in_a_field_goes_on_and_does_not_attach(mentored: Mentored) -> None:
    mentored.owner.hub = mentored.hub
    page = mentored.owner.get(mentored.owner.page_of(CHOICE))
    main = next(form for form in page.tree.iter("form") if "data-autosave" in form.attrib)
    first = next(button for button in main.iter("button") if button.get("type") == "submit")
    assert (first.get("name"), first.get("value")) == ("action", "continue")


@pytest.mark.parametrize(
    ("content", "name", "kind", "shown"),
    [
        (paper(), "bill.pdf", "application/pdf", "bill.pdf"), (photo(), "Meter.JPG", "image/jpeg", "Meter.jpg"),
        (drawing(), "plan", "image/png", "plan.png"), (photo(), "invoice.pdf", "image/jpeg", "invoice.pdf.jpg"),
        (paper(), "page.html", "application/pdf", "page.html.pdf"),
        (paper(), "../../etc/x.pdf", "application/pdf", "x.pdf"),
    ],
)  # fmt: skip
def test_a_file_is_only_ever_saved_and_named_by_what_it_is(
    mentored: Mentored, content: bytes, name: str, kind: str, shown: str
) -> None:
    attach(mentored, content, name)
    taken = mentored.owner.get(attached(mentored)[0])
    assert taken.body == content
    assert taken.headers["Content-Type"] == kind
    assert taken.headers["Content-Disposition"] in (f"attachment; filename={shown}", f'attachment; filename="{shown}"')
    assert taken.headers["Content-Security-Policy"] == SANDBOX
    assert taken.headers["X-Content-Type-Options"] == "nosniff"
    assert taken.headers["Cache-Control"] == "no-store"
    assert taken.headers["Vary"] == "Cookie"


def test_a_name_of_another_script_is_told_in_both_ways(mentored: Mentored) -> None:
    attach(mentored, name="Ωμέγα.pdf")
    header = mentored.owner.get(attached(mentored)[0]).headers["Content-Disposition"]
    assert header == "attachment; filename=document.pdf; filename*=UTF-8''%CE%A9%CE%BC%CE%AD%CE%B3%CE%B1.pdf"


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "bill.pdf", "This file is empty"), (b"<html>", "bill.pdf", "Choose a PDF, JPEG or PNG"),
        (b"<svg onload='x()'/>", "photo.png", "Choose a PDF, JPEG or PNG"),
        (b"%PDF-1.7 cut off", "bill.pdf", "damaged or was cut off"), (photo()[:-1], "a.jpg", "damaged or was cut off"),
        (drawing(60_000, 60_000), "bomb.png", "more than 64 megapixels"), (paper(), "", "Choose a file to attach"),
    ],
)  # fmt: skip
def test_what_is_not_taken_is_told_with_what_to_do_and_kept_nowhere(
    mentored: Mentored, content: bytes, name: str, told: str
) -> None:
    page = send(mentored.owner, place(mentored), content, name)
    assert page.status == 422
    assert told in page.words
    assert page.words.count(told) == 2
    assert kept(mentored) == []


def test_a_form_without_any_file_or_with_words_in_its_place_asks_for_one(mentored: Mentored) -> None:
    for sent in ({}, {"document": "bill.pdf"}, {"file": "x"}):
        assert "Choose a file to attach" in mentored.owner.post(place(mentored), sent, 422).words
    assert kept(mentored) == []


def test_an_answer_takes_so_many_and_a_company_so_much(mentored: Mentored) -> None:
    limited_to(mentored, per_answer=2)
    for number in range(2):
        attach(mentored, paper(str(number)))
    assert "Delete one to attach another" in mentored.owner.get(place(mentored)).words
    assert "2 documents at most belong to an answer" in attach(mentored, paper("one more"), status=422).words
    attach(mentored, paper("elsewhere"), question="ene-04")
    limited_to(mentored, company_mib=1)
    attach(mentored, paper("x" * 600_000), question="ene-04")
    full = attach(mentored, paper("y" * 600_000), status=422, question="ene-04")
    assert "may have 1 MB in all" in full.words
    assert len(kept(mentored)) == 4


def test_a_file_sent_twice_is_kept_once(mentored: Mentored) -> None:
    limited_to(mentored, per_answer=1)
    attach(mentored)
    attach(mentored, name="again.pdf")
    assert len(kept(mentored)) == 1


def test_only_this_route_and_only_whoever_is_signed_in_may_send_much(mentored: Mentored) -> None:
    large = paper("x" * 600_000)
    attach(mentored, large)
    assert mentored.owner.get(attached(mentored)[0]).body == large
    nobody = mentored.site.visitor()
    assert attach(mentored, large, status=413, who=nobody).status == 413
    for path in (f"{mentored.hub}/submit", f"{mentored.hub}/plan-own", f"{place(mentored)}/{'0' * 32}/remove"):
        assert send(mentored.owner, path, large, "bill.pdf").status == 413
    # Words are no file: the form beside it stays as small as everywhere.
    words = {"csrf_token": mentored.owner.token(), "document": "x" * 600_000}
    assert mentored.owner.send(place(mentored), words).status == 413
    boundary, body = encode_multipart(words)
    kind = f"multipart/form-data; boundary={boundary}"
    assert mentored.owner.send(place(mentored), body, Content_Type=kind).status == 413
    assert len(kept(mentored)) == 1


@pytest.mark.parametrize(("megabytes", "status"), [(10, 422), (11, 413), (40, 413)])
def test_a_file_that_is_too_large_is_told_how_to_be_made_smaller(
    mentored: Mentored, megabytes: int, status: int
) -> None:
    content = paper("x" * (megabytes * 1024 * 1024))
    page = attach(mentored, content, status=status)
    assert "A file may have 10 MB at most" in page.words
    assert mentored.owner.get(place(mentored)).path in [*page.links(), page.path]
    assert kept(mentored) == []


def test_the_largest_file_that_may_be_sent_is_taken(mentored: Mentored) -> None:
    most = 10 * 1024 * 1024
    content = paper("x" * (most - len(paper(""))))
    assert len(content) == most
    attach(mentored, content)
    assert mentored.owner.get(attached(mentored)[0]).body == content
    assert "10.5 MB" in mentored.owner.get(place(mentored)).words


def test_a_mentor_reads_it_on_the_review_page_as_long_as_the_company_lets_them(mentored: Mentored) -> None:
    attach(mentored)
    assert "1 document" in mentored.mentor.get(f"{mentored.hub}/review").words
    page = mentored.mentor.get(f"{mentored.hub}/review/{CHOICE}")
    assert "bill.pdf" in page.words
    (link,) = files(page)
    assert mentored.mentor.get(link).body == paper()
    assert any("read answers" in look for look in mentored.looks())
    # They stand beside all answers too, for a mentor as for the company; a mentor attaches nothing.
    for visitor in (mentored.mentor, mentored.owner):
        assert files(visitor.get(f"{mentored.hub}/check")) == [link]
    mentored.mentor.get(place(mentored), 403)
    attach(mentored, status=403, who=mentored.mentor)
    mentored.mentor.post(f"{place(mentored)}/{link.rpartition('/')[2]}/remove", status=403)
    page = mentored.owner.get(f"{mentored.home}/mentors")
    end = next(form for form in page.forms() if "/mentors/" in form.action)
    mentored.owner.send(end.action, end.filled({"act": "end"}))
    mentored.mentor.get(link, 404)
    assert len(kept(mentored)) == 1


def test_nobody_else_reads_attaches_or_deletes(mentored: Mentored) -> None:
    attach(mentored, paper(CANARY))
    (link,) = attached(mentored)
    before = kept(mentored)
    outsider = signed_in(mentored.site, person(mentored.site, "other@firm.example"))
    for visitor in (mentored.site.visitor(), outsider, stranger(mentored)):
        visitor.get(link, 404)
        visitor.get(place(mentored), 404)
        attach(mentored, status=404, who=visitor)
        visitor.post(f"{place(mentored)}/{link.rpartition('/')[2]}/remove", status=404)
    assert kept(mentored) == before


def test_a_document_is_not_found_under_another_check_or_another_question(
    mentored: Mentored, make_finished: Callable[..., Finished]
) -> None:
    attach(mentored)
    document_id = attached(mentored)[0].rpartition("/")[2]
    other = mentored.owner.post(f"{mentored.home}/checks/new", {"depth": "full", "site": "Yard"}).location
    mentored.owner.get(f"{other.partition('?')[0]}/documents/{document_id}", 404)
    mentored.owner.post(f"{place(mentored, 'ene-04')}/{document_id}/remove", status=404)
    for made_up in ("0" * 32, "x", "..%2f..%2fassessment.sqlite3", "%00"):
        page = Page(mentored.owner.client.get(f"{mentored.hub}/documents/{made_up}", base_url=mentored.site.address))
        assert page.status in (400, 404)
    mentored.owner.get(place(mentored, "ene-99"), 404)
    attach(mentored, status=404, question="ene-99")
    assert len(kept(mentored)) == 1


def test_a_link_to_a_section_shows_and_takes_no_document(mentored: Mentored) -> None:
    attach(mentored)
    (link,) = attached(mentored)
    mentored.owner.hub = mentored.hub
    guest, _page = opened(mentored.site, made(mentored.owner))
    guest.hub = mentored.hub
    asked = guest.get(guest.page_of(CHOICE))
    assert files(asked) == []
    assert "document" not in asked.words
    onward = guest.submit(asked, {"attach": CHOICE})
    assert "/evidence/" not in onward.location
    guest.get(link, 404)
    attach(mentored, status=404, who=guest)


def test_a_check_without_an_account_offers_none_and_asks_the_store_for_none(
    finished: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any) -> None:
        raise AssertionError("asked")

    owner = finished.owner
    monkeypatch.setattr("assessment.services.checks.evidence.of_page", never)
    page = owner.get(owner.page_of(CHOICE))
    assert "attach" not in page.words
    owner.get(f"{owner.hub}/evidence/{CHOICE}", 404)
    onward = owner.submit(page, {"attach": CHOICE})
    assert "/evidence/" not in onward.location


def test_a_deleted_document_is_gone_at_once_from_page_and_files(mentored: Mentored) -> None:
    attach(mentored, paper(CANARY * 2000), f"{CANARY}.pdf")
    (link,) = attached(mentored)
    page = mentored.owner.get(place(mentored))
    after = mentored.owner.follow(mentored.owner.submit(page, action="/remove"))
    assert "The document is deleted." in after.words
    mentored.owner.get(link, 404)
    for path in in_folder(mentored):
        assert CANARY.encode() not in path.read_bytes(), path


def in_folder(mentored: Mentored) -> list[Path]:
    found = [path for path in mentored.site.database.parent.rglob("*") if path.is_file()]
    assert found
    return found


def test_documents_go_with_their_company(mentored: Mentored) -> None:
    attach(mentored, paper(CANARY * 2000), f"{CANARY}.pdf")
    assert any(CANARY.encode() in path.read_bytes() for path in in_folder(mentored))
    page = mentored.owner.get(f"{mentored.home}/delete")
    mentored.owner.submit(page, action="/delete")
    mentored.site.clock.forward(days=7, seconds=1)
    assert upkeep.prune(mentored.site.instance).companies == 1
    for path in in_folder(mentored):
        assert CANARY.encode() not in path.read_bytes(), path


def test_everything_taken_out_holds_each_document_and_says_where_it_lies(mentored: Mentored) -> None:
    attach(mentored, paper("May"), "CON.pdf")
    attach(mentored, photo(), "../x:y.jpg", question="ene-04")
    taken = mentored.owner.get(f"{mentored.home}/data.zip")
    assert int(taken.headers["Content-Length"]) == len(taken.body)
    with zipfile.ZipFile(io.BytesIO(taken.body)) as archive:
        assert archive.testzip() is None
        document = json.loads(archive.read("data.json"))
        table = list(csv.DictReader(io.StringIO(archive.read("tables/attachments.csv").decode("utf-8-sig"))))
        assert [row["file"] for row in table] == [each["file"] for each in document["attachments"]]
        assert {each["question"] for each in document["attachments"]} == {CHOICE, "ene-04"}
        for each in document["attachments"]:
            content = archive.read(each["file"])
            assert hashlib.sha256(content).hexdigest() == each["sha256"]
            assert len(content) == each["bytes"]
            folder, check, name = each["file"].split("/")
            assert (folder, check) == ("attachments", mentored.draft_id[:8])
            assert name.startswith(each["question"])
        (check,) = document["checks"].values()
        assert {row["name"] for row in check["evidence"]} == {"_CON.pdf", "xy.jpg"}
        assert "content" not in check["evidence"][0]
    owned = json.dumps(mentored.owner.get(f"{mentored.hub}/data.json").text)
    assert "_CON.pdf" in owned


def test_colleagues_attach_and_delete_what_others_brought(mentored: Mentored) -> None:
    colleague_id = person(mentored.site, "emil@firm.example", name="Emil")
    with mentored.site.instance.database.writing() as connection:
        companies.add_member(connection, mentored.company_id, colleague_id, "editor", mentored.site.clock())
    attach(mentored, who=signed_in(mentored.site, colleague_id))
    page = mentored.owner.get(place(mentored))
    assert "Emil" in page.words
    mentored.owner.submit(page, action="/remove")
    assert kept(mentored) == []


def test_bad_names_and_bytes_of_files_never_harm(mentored: Mentored) -> None:
    rng, token = Random(1906), mentored.owner.token()  # noqa: S311
    limited_to(mentored, per_answer=10_000)
    before = taken = 0
    for number, name in enumerate((*bad.SHORT, *bad.LONG)):
        whole = (paper(f"Bill {number}"), photo(40 + number), drawing(4, 4 + number))[number % 3]
        spoilt = bytearray(whole)
        spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
        content = bytes(spoilt) if number % 4 == 3 else whole
        page = send(mentored.owner, place(mentored), content, name[:100_000], token=token)
        assert page.status in (303, 400, 413, 422), name[:80]
        now = len(kept(mentored))
        # The same bytes again are one document, and what was refused is none.
        assert now - before in ((0, 1) if page.status == 303 else (0,)), name[:80]
        taken, before = taken + (now > before), now
    assert taken > 30
    listed = mentored.owner.get(place(mentored))
    assert not LIVE.search(listed.text)
    for link in files(listed):
        header = mentored.owner.get(link).headers["Content-Disposition"]
        assert header.startswith("attachment; filename")
        assert header.isascii()
        assert not set(header) & set("\r\n\0<>")


@pytest.mark.parametrize("token", ["", "x" * 64])
def test_a_file_from_elsewhere_is_not_taken(mentored: Mentored, token: str) -> None:
    assert send(mentored.owner, place(mentored), paper(), "bill.pdf", token=token).status == 400
    foreign = send(mentored.owner, place(mentored), paper(), "bill.pdf", Sec_Fetch_Site="cross-site")
    assert foreign.status == 403
    assert kept(mentored) == []
