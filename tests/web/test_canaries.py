"""Unique words and numbers in every field of two checks: nothing of one is ever shown to the other, nor logged."""

import io
import logging
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest
from openpyxl import Workbook

from assessment.core.checks.questions import Choice, Figure, MultiChoice, Number, Numbers, Question, Text
from assessment.press import ReportPress
from assessment.reporting.plans.plan_files import MIMETYPES
from assessment.storage.sqlite import driver
from tests.web.readable import readable, told_on_paper
from tests.web.routes import ADDRESSES, Finished
from tests.web.test_drafts import code_of, link_of
from tests.web.visiting import PROFILE, Site

WORD = re.compile(r"[A-Z][a-z]+marke[0-9]{3}")
OUR_LOGS = ("assessment", "werkzeug", "gunicorn")


@dataclass
class Marks:
    """The marks of one company: a word with a running number, and numbers that begin alike."""

    word: str
    first: int
    given: int = 0

    def text(self) -> str:
        self.given += 1
        return f"{self.word}{self.given:03}"

    def number(self, figure: Figure) -> str:
        self.given += 1
        marked = self.first + self.given
        fits = figure.minimum <= marked <= figure.maximum
        return str(marked if fits else figure.maximum)

    def found_in(self, body: bytes) -> set[str]:
        """The marks in a page, a file or a log; numbers with or without their thousands apart."""
        said = body.decode("utf-8", "replace")
        words = set(re.findall(rf"{self.word}[0-9]{{3}}", said))
        plain = re.sub(r"(?<=[0-9])[,\u00a0\u202f](?=[0-9]{3}\b)", "", said)
        numbers = {int(text) for text in re.findall(r"(?<![0-9A-Za-z_.-])[0-9]{5}(?![0-9A-Za-z_-])", plain)}
        return words | {str(number) for number in numbers if self.first < number <= self.first + self.given}


def controls(question: Question, marks: Marks) -> dict[str, str | list[str]]:
    """Something for every control of a question that takes words or numbers."""
    name = question.id
    found: dict[str, str | list[str]] = {f"{name}.note": marks.text(), f"{name}.reason": marks.text()}
    match question:
        case Choice():
            # Where the options depend on another answer, the last one is always offered: not sure.
            found[name] = question.options[-1 if question.options_by else 0].id
        case MultiChoice():
            found[name] = [question.options[0].id]
        case Number():
            found |= {name: marks.number(question), f"{name}.unit": question.base.id}
        case Numbers():
            for figure in question.fields_:
                found[f"{name}.{figure.id}"] = marks.number(figure)
                found[f"{name}.{figure.id}.unit"] = figure.base.id
        case Text():
            found[name] = marks.text()
    return found


def fill_in(site: Site, marks: Marks) -> Finished:
    """A whole check with a mark in every field: answers, notes, reasons, plan cards, own actions, company name."""
    owner = site.visitor()
    hub = owner.start("full")
    token = owner.token()
    questionnaire = site.instance.library.edition(*site.instance.library.newest, "en").questionnaire
    profile = {name: value for answer in PROFILE for name, value in answer.items()}
    saved = 0
    for path in dict.fromkeys(map(owner.page_of, questionnaire.questions)):
        asked = re.findall(r'name="([a-z0-9-]+)\.revision"', owner.client.get(path, base_url=site.address).text)
        if not asked:
            continue  # Off the route of a bakery.
        sent: dict[str, str | list[str]] = {"csrf_token": token, "idempotency_key": f"k{saved}", "action": "continue"}
        for name in asked:
            sent |= controls(questionnaire.questions[name], marks)
        page = owner.send(path, sent | {name: value for name, value in profile.items() if name in asked})
        assert page.status == 303, f"{path}: {page.status} {page.words}"
        saved += 1
    assert saved > 40
    owner.post(hub + "/submit")
    owner.post(hub + "/plan-own", {"title": marks.text(), "owner": marks.text(), "note": marks.text()})
    cards = [link for link in owner.get(hub + "/plan").links() if "/plan/measure:" in link]
    refused = {"status": "not-for-us", "refusal": marks.text(), "owner": marks.text(), "note": marks.text()}
    owner.submit(owner.get(cards[0]), refused)
    owner.submit(owner.get(cards[1]), {"status": "planned", "owner": marks.text(), "note": marks.text()})
    owner.post(hub + "/report", {"company_name": marks.text()})
    return Finished(site, owner.session, hub.rpartition("/")[2])


def everything_shown(check: Finished) -> dict[str, bytes]:
    """Every page and file that the browser may get, with its headers; PDF and spreadsheets as a person reads them."""
    # Files that are the same for everybody are made before anybody has answered anything.
    alike = ("/questions.pdf", "/questions/<kind>.pdf", "/sample-plan.pdf", "/static/<digest>/<path:name>")
    paths = [check.address(template) for template in ADDRESSES["GET"] if template not in alike]
    for link in check.owner.get(check.owner.hub + "/check").links():
        if "/sections/" in link:
            paths.append(link.partition("?")[0])
    paths += [link for link in check.owner.get(check.owner.hub + "/plan").links() if "/plan/" in link]
    paths += [f"{check.owner.hub}/plan/files/{form}" for form in MIMETYPES]
    shown = {}
    for path in dict.fromkeys(paths):
        answer = check.owner.client.get(path, base_url=check.site.address)
        assert answer.status_code in (200, 302), path
        shown[path] = readable(answer.data) + str(answer.headers).encode()
        answer.close()
    return shown


def two_checks(site: Site) -> tuple[Finished, Marks, Finished, Marks]:
    """Two finished checks on one instance, each with its marks."""
    ours, theirs = Marks("Kestrelmarke", 41_000), Marks("Ospreymarke", 52_000)
    return fill_in(site, ours), ours, fill_in(site, theirs), theirs


def test_no_mark_of_one_company_is_ever_shown_to_another(site: Site) -> None:
    site.app.extensions["assessment-press"] = cache(ReportPress)
    one, ours, other, theirs = two_checks(site)
    for check, own, foreign in ((one, ours, theirs), (other, theirs, ours)):
        shown = everything_shown(check)
        for path, body in shown.items():
            assert foreign.found_in(body) == set(), path
        data = own.found_in(shown[check.owner.hub + "/data.json"])
        # The search finds what is there: all words, and the numbers that their questions allow.
        assert len([mark for mark in data if WORD.fullmatch(mark)]) > 100
        assert len([mark for mark in data if mark.isdigit()]) > 5
        for ending in (".pdf", *(f"/{form}" for form in MIMETYPES)):
            file = next(body for path, body in shown.items() if path.endswith(ending) and "/assessments/" in path)
            assert len([mark for mark in own.found_in(file) if WORD.fullmatch(mark)]) >= 5, ending
        assert sum(bool(own.found_in(body)) for body in shown.values()) > 40


def test_a_page_that_shows_another_companys_answer_would_be_found(site: Site) -> None:
    one, ours, other, _ = two_checks(site)
    with driver.connect(one.site.database) as connection:
        connection.execute("UPDATE assessments SET answers = (SELECT answers FROM assessments WHERE id = ?)",
                           (one.parts["draft_id"],))  # fmt: skip
    connection.close()
    body = other.owner.get(other.owner.hub + "/check").body
    assert ours.found_in(body)


def test_a_mark_in_a_packed_file_is_found_by_reading_it_and_not_by_looking_at_its_bytes() -> None:
    marks = Marks("Kestrelmarke", 41_000)
    told = f"<body><p>{marks.text()} uses {marks.first + marks.given} kWh</p></body>"
    pdf, sheet, both = told_on_paper(told, ""), io.BytesIO(), io.BytesIO()
    workbook = Workbook()
    workbook.active.append([marks.text(), 41_001])  # type: ignore[union-attr]
    workbook.save(sheet)
    with zipfile.ZipFile(both, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.pdf", pdf)
        packed.writestr("b.xlsx", sheet.getvalue())
    first, second, number = "Kestrelmarke001", "Kestrelmarke002", "41001"
    for file, found in ((pdf, {first, number}), (sheet.getvalue(), {second, number}),
                        (both.getvalue(), {first, second, number})):  # fmt: skip
        assert marks.found_in(readable(file)) == found
        assert marks.found_in(file) == set()


def logged(caplog: pytest.LogCaptureFixture) -> bytes:
    """Every line that was logged, with its traceback, as an operator would read it."""
    kept = logging.Formatter("%(message)s")
    return "\n".join(kept.format(record) for record in caplog.records).encode()


Break = Callable[[Site], None]


def broken_history(site: Site) -> None:
    """The store refuses a row in a way that nobody foresaw."""
    with driver.connect(site.database) as connection:
        connection.execute("CREATE TRIGGER t BEFORE INSERT ON answer_history BEGIN SELECT RAISE(ABORT, 'no'); END")
        connection.execute("CREATE TRIGGER u BEFORE INSERT ON plan_items BEGIN SELECT RAISE(ABORT, 'no'); END")
        connection.execute("CREATE TRIGGER v BEFORE INSERT ON session_drafts BEGIN SELECT RAISE(ABORT, 'no'); END")
    connection.close()


def full_store(site: Site) -> None:
    """The store takes nothing."""
    raw = site.instance.database.engine.raw_connection()
    raw.cursor().execute("PRAGMA query_only = ON")
    raw.close()


@pytest.mark.parametrize(("harm", "status"), [(broken_history, 500), (full_store, 507)])
def test_logs_hold_no_answer_no_name_no_code_and_no_token(
    finished: Finished, caplog: pytest.LogCaptureFixture, harm: Break, status: int
) -> None:
    owner, marks = finished.owner, Marks("Kestrelmarke", 41_000)
    code, link = code_of(owner), link_of(owner)
    form = owner.get(owner.page_of("ene-03")).form()
    own = owner.get(owner.hub + "/plan-own").form()
    harm(finished.site)
    for name in OUR_LOGS:
        caplog.set_level(logging.DEBUG, logger=name)
    caplog.clear()
    stranger = finished.site.visitor()
    answers = [
        owner.send(form.action, form.filled({"ene-03.note": marks.text(), "ene-03": "do-not-know"})),
        owner.send(own.action, own.filled({"title": marks.text(), "owner": marks.text(), "note": marks.text()})),
        stranger.send("/resume", {"csrf_token": stranger.token(), "code": code}),
        stranger.send("/resume/link", {"csrf_token": stranger.token(), "token": link.rpartition("/")[2]}),
    ]
    assert [page.status for page in answers] == [status] * 4
    stranger.get(link)
    stranger.get("/resume/" + "x" * 40, 404)
    said = logged(caplog)
    assert said.count(b"request") >= 4 if status == 500 else said
    assert marks.found_in(said) == set()
    for secret in (code, code.replace("-", ""), link.rpartition("/")[2], owner.session, stranger.session):
        assert secret.encode() not in said
