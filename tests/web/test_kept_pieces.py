"""Pieces that are kept for everybody hold nothing of anybody."""

import pytest
from flask import g

from assessment.web import kept_pieces
from assessment.web.kept_pieces import KeptPieces
from tests.reporting.languages import ENGLISH
from tests.web.mentored import CHOICE, Mentored, mentored
from tests.web.routes import Finished
from tests.web.visiting import Site

__all__ = ["mentored"]


def kept_by(site: Site) -> list[str]:
    """What the application has kept so far."""
    pieces = site.app.extensions["assessment-pieces"]
    assert isinstance(pieces, KeptPieces)
    return [str(piece) for piece in pieces._kept.values()]


def test_a_draft_and_a_token_are_on_the_page_and_not_among_what_is_kept(finished: Finished) -> None:
    owner = finished.owner
    page = owner.get(owner.page_of("man-01"))
    token = page.form("/leave").fields["csrf_token"]
    draft_id = owner.hub.rpartition("/")[2]
    assert f'href="{owner.hub}/data"' in page.text
    pieces = kept_by(finished.site)
    assert any("gp-header" in piece for piece in pieces)
    for secret in (draft_id, token, owner.session):
        assert not [piece for piece in pieces if secret in piece]


def test_what_stands_in_an_address_as_an_id_is_put_in_as_an_address(site: Site) -> None:
    site.visitor().get("/")
    pieces, here = site.app.extensions["assessment-pieces"], (ENGLISH, "answering.hub", "", True, "", False)
    with site.app.test_request_context("/"):
        g.language = ENGLISH
        header = pieces.of(here, '"><b onmouseover=x>', lambda: "token")("layout/around.html", "header")
    assert "<b onmouseover" not in header
    assert "/assessments/%22%3E%3Cb%20onmouseover%3Dx%3E/results" in header


def test_a_page_without_a_form_gives_no_cookie(site: Site) -> None:
    assert "Set-Cookie" not in site.app.test_client().get("/privacy", base_url=site.address).headers


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch, finished: Finished) -> None:
    monkeypatch.setattr(kept_pieces, "_MOST_KEPT", 3)
    for question in ("man-01", "p-03"):
        finished.owner.get(finished.owner.page_of(question))
    finished.owner.get("/privacy")
    assert 0 < len(kept_by(finished.site)) <= 3


def kept_of_mentors(mentored: Mentored) -> list[str]:
    """What the pages of mentors have kept so far, with what it is kept by."""
    cells = mentored.site.app.extensions["assessment-kept-clients"]._cells
    review = mentored.site.app.extensions["assessment-kept-review"]
    pieces = [*review._kept.items(), *review._pieces.items()]
    return [f"{key[1:]} {cell.decode()}" for key, cell in cells.items()] + [
        f"{key[1:]} {piece.decode() if isinstance(piece, bytes) else piece}" for key, (_, piece) in pieces
    ]


def test_what_is_kept_for_mentors_names_no_company_and_holds_nothing_that_was_typed(mentored: Mentored) -> None:
    mentored.review(CHOICE, "ask", "A canary in the words of the mentor")
    mentored.reply(CHOICE, "reply", "A canary in the words of the company")
    clients, review = mentored.mentor.get("/mentor"), mentored.mentor.get(f"{mentored.hub}/review")
    assert "Sample Bakery" in clients.text
    assert "A canary in the words of the company" in review.text
    kept = kept_of_mentors(mentored)
    assert any("Last activity" in piece for piece in kept)
    assert any("gp-break" in piece for piece in kept)
    for secret in ("Sample Bakery", "canary", mentored.draft_id, mentored.company_id, "csrf"):
        assert not [piece for piece in kept if secret in piece]
    # Looked at again, the pages are the same, now from the pieces that are kept.
    for about in (mentored.draft_id, mentored.mentor_id):
        mentored.site.instance.pages.forget(about)
    assert mentored.mentor.get("/mentor").text == clients.text
    assert mentored.mentor.get(f"{mentored.hub}/review").text == review.text
    assert kept_of_mentors(mentored) == kept


def test_what_somebody_typed_is_never_the_place_of_the_rows(mentored: Mentored) -> None:
    said = f"{kept_pieces.ROWS} {kept_pieces.PLACE} %s <b>"
    mentored.review(CHOICE, "ask", said)
    mentored.mentor.submit(
        mentored.mentor.get(f"{mentored.hub}/review"), {"words": said}, action="/comments"
    )  # fmt: skip
    page = mentored.mentor.get(f"{mentored.hub}/review")
    assert page.text.count(f'id="answer-{CHOICE}"') == 1
    assert kept_pieces.ROWS not in page.text
    assert page.words.count(said) == 2
