"""An administrator's pages: people and roles, accounts off and on, failed jobs, the audit log. AUTH-12, DUR-13"""

from datetime import timedelta
from threading import Barrier, Thread
from typing import get_args
from uuid import uuid4

import pytest

from assessment.core.errors import Refused
from assessment.services import mails
from assessment.services.mails import Mail
from assessment.services.people import sessions
from assessment.services.upkeep import administering, upkeep
from assessment.storage import jobs
from assessment.storage.mentors import grants
from assessment.storage.mentors.grants import Recorded
from assessment.storage.people import companies, people
from assessment.storage.people.people import Person
from assessment.storage.upkeep import audit
from tests.web.entering import account, code_of, is_in, of, quick, sign_in, with_app
from tests.web.mailbox import Mailbox, text_of
from tests.web.people import person, signed_in
from tests.web.visiting import Page, Site, Visitor

ADA, ANA, MIRA, NEW = "ada@office.example", "ana@firma.example", "mira@mentors.example", "new@mentors.example"


@pytest.fixture(name="ada")
def _ada(mailed: Site) -> Visitor:
    """An administrator who has just given both factors."""
    quick(mailed)
    return signed_in(mailed, person(mailed, ADA, "administrator", "Ada"))


def events(site: Site) -> list[tuple[str, dict[str, object]]]:
    with site.instance.database.reading() as connection:
        assert audit.verify(connection, site.instance.settings.audit_key) is None
        return [(entry.event, dict(entry.subject)) for entry in audit.entries(connection)]


def page_of(person_id: str) -> str:
    return f"/administration/people/{person_id}"


def give(ada: Visitor, person_id: str, role: str) -> Page:
    return ada.submit(ada.get(page_of(person_id)), {"role": role}, action="/role")


# People


def test_somebody_is_found_by_a_part_of_the_address_by_name_and_by_id(mailed: Site, ada: Visitor) -> None:
    ana = person(mailed, ANA, name="Ana Petrova")
    for typed in ("ana@fir", "PETROVA", ana):
        assert page_of(ana) in ada.get(f"/administration/people?q={typed}").links()
    for typed in ("%25", "_", "nobody"):
        assert "Nobody is found by that" in ada.get(f"/administration/people?q={typed}").words
    page = ada.get(page_of(ana))
    assert 'aria-current="true">Administration' in page.text
    shown = page.words
    assert ANA in shown
    assert "No staff role" in shown
    ada.get(page_of("0" * 32), status=404)


def test_a_search_that_finds_more_than_it_shows_says_so(mailed: Site, ada: Visitor) -> None:
    told = "Only the first 50 are shown"
    for number in range(49):
        person(mailed, f"one{number}@many.example")
    few = ada.get("/administration/people?q=many.example").words
    assert told not in few
    assert "49 people" in few
    person(mailed, "fiftieth@many.example")
    assert told in ada.get("/administration/people?q=many.example").words


@pytest.mark.parametrize("role", ["", "mentor"])
def test_nobody_else_reaches_these_pages(mailed: Site, ada: Visitor, role: str) -> None:
    ana = person(mailed, ANA, role)
    other = signed_in(mailed, ana)
    before = mailed.dump()
    for path in ("people", f"people/{ana}", "jobs", "audit"):
        other.get(f"/administration/{path}", status=404)
        mailed.visitor().get(f"/administration/{path}", status=303)
    for path, sent in (("people", {"email": NEW, "role": "administrator"}), (f"people/{ana}/active", {"active": "no"}),
                       (f"people/{ana}/role", {"role": "administrator"}), ("jobs/x", {"act": "again"})):  # fmt: skip
        other.post(f"/administration/{path}", sent, 404)
    assert mailed.dump() == before


def test_nothing_is_changed_without_a_fresh_second_factor(mailed: Site, ada: Visitor) -> None:
    ana = person(mailed, ANA)
    mailed.clock.now += sessions.FRESH
    before = events(mailed)
    assert "prove first who you are" in ada.get(page_of(ana)).words
    for path, sent in ((page_of(ana) + "/role", {"role": "mentor"}), (page_of(ana) + "/active", {"active": "no"}),
                       ("/administration/people", {"email": NEW, "role": "mentor"}),
                       ("/administration/jobs/x", {"act": "again"})):  # fmt: skip
        assert ada.post(path, sent).location.startswith("/account/prove?next=%2Fadministration%2F"), path
    assert events(mailed) == before
    assert (of(mailed, ana).staff_role, of(mailed, ana).active) == ("", True)


def test_who_is_made_a_mentor_sets_up_a_second_factor_before_anything_else(
    mailed: Site, ada: Visitor, mailbox: Mailbox
) -> None:
    ana = account(mailed, ANA)
    before = signed_in(mailed, ana)
    give(ada, ana, "mentor")
    assert not is_in(before)
    assert ("staff role changed", {"person": ana, "role": "mentor"}) in events(mailed)
    (mail,) = mailbox.to(ANA)
    assert "You are a mentor now" in text_of(mail)
    visitor = mailed.visitor()
    answer = visitor.submit(visitor.get(mailbox.link(ANA)), action="/sign-in/link")
    assert answer.location.startswith("/sign-in/set-up")
    visitor.get("/mentor", status=303)


def test_a_new_mentor_is_invited_by_mail_and_the_link_works_once(mailed: Site, ada: Visitor, mailbox: Mailbox) -> None:
    for wrong in ({"email": "no address", "role": "mentor"}, {"email": NEW}):
        told = ada.post("/administration/people", wrong, 422)
        assert "There is a problem" in told.words
    ada.post("/administration/people", {"email": NEW, "role": "mentor"})
    link = mailbox.link(NEW)
    assert mailbox.to(NEW)[-1]["Subject"] == "You are invited"
    assert "signed out" not in text_of(mailbox.to(NEW)[-1])
    visitor = mailed.visitor()
    assert visitor.submit(visitor.get(link), action="/sign-in/link").location.startswith("/sign-in/set-up")
    mailed.visitor().get(link, status=404)
    again = ada.post("/administration/people", {"email": NEW, "role": "mentor"}, 422)
    assert "has a staff role already" in again.words
    assert [event for event, _ in events(mailed)].count("account made") == 1


def test_a_mentor_who_is_one_no_longer_loses_all_clients_who_are_told(
    mailed: Site, ada: Visitor, mailbox: Mailbox
) -> None:
    mira, ana = person(mailed, MIRA, "mentor", "Mira"), person(mailed, ANA)
    with mailed.instance.database.writing() as connection:
        company = companies.add_company(connection, "Firma", ana, mailed.clock())
        grants.begin(connection, company.id, mira, Recorded("digest", "en", "test", ana), mailed.clock())
    mentor = signed_in(mailed, mira)
    mentor.get(f"/companies/{company.id}")
    give(ada, mira, "none")
    with mailed.instance.database.reading() as connection:
        assert grants.all_to(connection, mira) == ()
    assert "Mira is no longer a mentor here" in text_of(mailbox.to(ANA)[0])
    assert "no staff role any more" in text_of(mailbox.to(MIRA)[0])
    again = signed_in(mailed, mira)
    again.get(f"/companies/{company.id}", status=404)
    # Nor does it come back with the role.
    give(ada, mira, "mentor")
    signed_in(mailed, mira).get(f"/companies/{company.id}", status=404)


def test_an_account_that_is_switched_off_is_out_at_once_and_its_links_end(
    mailed: Site, ada: Visitor, mailbox: Mailbox
) -> None:
    ana = account(mailed, ANA)
    visitor, asking = signed_in(mailed, ana), mailed.visitor()
    asking.post("/sign-in/mail", {"email": ANA})
    link = mailbox.link(ANA)
    ada.submit(ada.get(page_of(ana)), {}, action="/active")
    assert not is_in(visitor)
    asking.get(link, status=404)
    sign_in(mailed.visitor(), ANA, status=422)
    assert "switched your account off" in text_of(mailbox.to(ANA)[-1])
    assert "Switched off" in ada.get(f"/administration/people?q={ANA}").words
    ada.submit(ada.get(page_of(ana)), {}, action="/active")
    again = mailed.visitor()
    sign_in(again, ANA)
    assert is_in(again)
    assert not is_in(visitor)
    told = [event for event, _ in events(mailed)]
    assert (told.count("account disabled"), told.count("account enabled")) == (1, 1)


def test_whoever_switches_off_an_only_owner_is_told_what_that_means_and_the_company_loses_nothing(
    mailed: Site, ada: Visitor
) -> None:
    ana, ben = account(mailed, ANA), account(mailed, "ben@firma.example")
    with mailed.instance.database.writing() as connection:
        company = companies.add_company(connection, "Firma", ana, mailed.clock()).id
    alone, listed = "Nobody else owns these companies who can sign in: Firma", "Companies whose owners cannot sign in"
    assert alone in ada.get(page_of(ana)).words
    with mailed.instance.database.writing() as connection:
        companies.add_member(connection, company, ben, "owner", mailed.clock())
    assert alone not in ada.get(page_of(ana)).words
    ada.submit(ada.get(page_of(ana)), {}, action="/active")
    assert alone in ada.get(page_of(ben)).words
    assert listed not in ada.get("/administration/people").words
    # The other one stays away for good, and so does whoever cannot come.
    admin = _id_of(mailed, ADA)
    for days in (700, 46, 20, 400):
        mailed.clock.forward(days=days)
        with mailed.instance.database.writing() as connection:
            people.change_person(connection, admin, seen_at=mailed.clock())
        upkeep.prune(mailed.instance)
    with mailed.instance.database.reading() as connection:
        assert people.find_person(connection, id=ben) is None
        assert companies.role_of(connection, company, ana) == "owner"
    ada.session = signed_in(mailed, admin).session
    page = ada.get("/administration/people")
    assert f"{listed} Each owner of these companies is switched off." in page.words
    assert f"/administration/companies/{company}" in page.links()
    assert "Nobody who can sign in owns these companies: Firma" in ada.get(page_of(ana)).words
    with mailed.instance.database.writing() as connection:
        people.change_person(connection, ana, notices=2, told_at=mailed.clock() - timedelta(days=900))
    ada.submit(ada.get(page_of(ana)), {}, action="/active")
    assert listed not in ada.get("/administration/people").words
    # What was told before counts no more.
    upkeep.prune(mailed.instance)
    assert of(mailed, ana).active


def test_nobody_changes_or_switches_off_themselves(mailed: Site, ada: Visitor) -> None:
    own = next(row for row in mailed.dump() if row.startswith("people:") and ADA in row).split("'")[1]
    assert "This is you" in ada.get(page_of(own)).words
    ada.post(page_of(own) + "/role", {"role": "none"}, 403)
    ada.post(page_of(own) + "/active", {"active": "no"}, 403)
    assert (of(mailed, own).staff_role, of(mailed, own).active) == ("administrator", True)


def test_of_two_administrators_who_end_each_other_at_once_one_stays(mailed: Site, ada: Visitor) -> None:
    both = [person(mailed, f"admin{number}@office.example", "administrator") for number in range(2)]
    first = _id_of(mailed, ADA)
    with mailed.instance.database.writing() as connection:
        people.change_person(connection, first, staff_role="")
    gate, refused = Barrier(2), []

    def end(me: str, other: str) -> None:
        gate.wait(10)
        try:
            administering.give_role(
                mailed.instance, me, other, "", lambda _: Mail(ANA, "x", ("x",), notice=True),
                lambda owner, *_: Mail(owner.email, "x", ("x",), notice=True),
                lambda _connection, email, _clusters: Mail(email, "x", ("x",), notice=True),
            )  # fmt: skip
        except Refused:
            refused.append(me)

    threads = [Thread(target=end, args=pair) for pair in (both, both[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(refused) == 1
    assert sorted(of(mailed, one).staff_role for one in both) == ["", "administrator"]


def _id_of(site: Site, email: str) -> str:
    with site.instance.database.reading() as connection:
        found = people.find_person(connection, email=email)
    assert isinstance(found, Person)
    return found.id


# Jobs that rest


def resting(site: Site, **told: object) -> str:
    """A mail that has failed for good."""
    arguments = {"to": ANA, "subject": "Hello", "lines": ["Hello"], "link": "", "link_id": "", "company": "",
                 "handed": 0, **told}  # fmt: skip
    with site.instance.database.writing() as connection:
        job = jobs.enqueue(connection, mails.MAIL_JOB, arguments, f"mail:{uuid4().hex}", site.clock())
        held = jobs.lease(connection, job, site.clock())
        assert held is not None
        jobs.fail(connection, held, "SMTPServerDisconnected", site.clock(), for_good=True)
    return job


def test_a_mail_that_failed_for_good_is_tried_again_by_an_administrator(
    mailed: Site, ada: Visitor, mailbox: Mailbox
) -> None:
    job = resting(mailed)
    page = ada.get("/administration/jobs")
    assert ANA in page.words
    assert "SMTPServerDisconnected" in page.words
    ada.submit(page, {"act": "again"}, action=f"/jobs/{job}")
    assert len(mailbox.to(ANA)) == 1
    assert "Nothing waits" in ada.get("/administration/jobs").words
    assert ("job tried again", {"job": job}) in events(mailed)


def test_what_nobody_looks_after_for_thirty_days_loses_its_address_and_words(mailed: Site, ada: Visitor) -> None:
    job = resting(mailed)
    mailed.clock.forward(days=30, seconds=-1)
    upkeep.prune(mailed.instance)
    assert ANA in "".join(mailed.dump(["people"]))
    mailed.clock.forward(seconds=2)
    upkeep.prune(mailed.instance)
    assert not [line for line in mailed.dump() if line.startswith("jobs") and (ANA in line or "Hello" in line)]
    again = signed_in(mailed, _id_of(mailed, ADA))
    page = again.get("/administration/jobs")
    assert "its address and text are deleted" in page.words
    again.post(f"/administration/jobs/{job}", {"act": "again"}, status=403)
    again.submit(page, {"act": "give-up"}, action=f"/jobs/{job}")
    assert "Nothing waits" in again.get("/administration/jobs").words


def test_what_is_given_up_is_deleted_with_all_in_it(mailed: Site, ada: Visitor, mailbox: Mailbox) -> None:
    job = resting(mailed)
    ada.submit(ada.get("/administration/jobs"), {"act": "give-up"}, action=f"/jobs/{job}")
    assert ANA not in "".join(mailed.dump())
    assert mailbox.mails == []
    assert ("job given up", {"job": job}) in events(mailed)


def test_a_mail_that_may_have_gone_out_twice_is_not_sent_a_third_time(
    mailed: Site, ada: Visitor, mailbox: Mailbox
) -> None:
    job = resting(mailed, handed=mails.MOST_HANDED_OVER)
    page = ada.get("/administration/jobs")
    assert "may have gone out twice" in page.words
    assert "Try again" not in page.words
    ada.submit(page, {"act": "again"}, action=f"/jobs/{job}", status=403)
    assert mailbox.mails == []


def test_a_job_that_does_not_rest_is_none_to_settle(mailed: Site, ada: Visitor) -> None:
    with mailed.instance.database.writing() as connection:
        job = jobs.enqueue(connection, "other", {}, "other:1", mailed.clock() + timedelta(days=1))
    ada.post(f"/administration/jobs/{job}", {"act": "give-up"}, 404)
    ada.post("/administration/jobs/unknown", {"act": "give-up"}, 404)


# The audit log


def test_the_log_is_read_by_day_and_by_act_and_never_changed(mailed: Site, ada: Visitor) -> None:
    ana = person(mailed, ANA)
    give(ada, ana, "mentor")
    mailed.clock.forward(days=1)
    ada = signed_in(mailed, _id_of(mailed, ADA))
    ada.submit(ada.get(page_of(ana)), {}, action="/active")
    everything = ada.get("/administration/audit").words
    changed, off = "Role on this site changed", "Account switched off"
    assert changed in _rows(ada, "")
    assert ana in everything
    assert "Role: Mentor" in everything
    first = _rows(ada, "?day=2026-11-24")
    assert (changed in first, off in first) == (True, False)
    assert set(_rows(ada, "?event=account+disabled")) == {off}
    assert _rows(ada, "?day=2026-11-24&event=account+disabled") == []
    for odd in ("?day=yesterday", "?event=x", "?before=x", "?day=0000-00-00", "?before=99999999999999"):
        ada.get("/administration/audit" + odd)
    before = mailed.dump()
    for method in ("post", "put", "delete"):
        assert getattr(ada.client, method)("/administration/audit", base_url=mailed.address).status_code in (400, 405)
    assert mailed.dump() == before


def _rows(ada: Visitor, asked: str) -> list[str]:
    page = ada.get("/administration/audit" + asked)
    return [row.findall("td")[2].text or "" for row in page.tree.iter("tr") if row.findall("td")]


def test_each_act_of_the_log_and_all_that_it_names_has_words(mailed: Site, ada: Visitor) -> None:
    everything: dict[str, str | int | bool] = {
        "person": "p1", "mentor": "m1", "company": "c1", "cluster": "k1", "check": "d1", "checks": 2, "role": "editor",
        "viewer": "cluster-map", "factors": 1, "complete": False, "sessions": 3, "by": "passkey", "glass": "g1",
        "job": "j1", "up_to": 7, "mac": "x1", "erased again": 4,
    }  # fmt: skip
    with mailed.instance.database.writing() as connection:
        for act in get_args(audit.Event):
            mailed.instance.note(connection, act, "", everything)
    page = ada.get("/administration/audit")
    assert not set(get_args(audit.Event)) & set(_rows(ada, ""))
    cells = [row.findall("td")[4] for row in page.tree.iter("tr") if row.findall("td")]
    told = " ".join(cells[0].itertext())
    assert not [name for name in everything if f"{name}:" in told]
    assert "Signed in fully: No, the second factor is missing" in page.words
    assert {f"/administration/people?q={one}" for one in ("p1", "m1")} <= set(page.links())
    assert "/administration?q=c1" in page.links()


def test_older_rows_stand_on_further_pages(mailed: Site, ada: Visitor) -> None:
    with mailed.instance.database.writing() as connection:
        for number in range(administering.ENTRIES + 5):
            mailed.instance.note(connection, "check claimed", "", {"check": number})
    page = ada.get("/administration/audit?event=check+claimed")
    (older,) = [link for link in page.links() if "before=" in link]
    assert len(_rows(ada, older.removeprefix("/administration/audit"))) == 5


def test_a_staff_account_signs_in_with_both_factors_to_these_pages(mailed: Site) -> None:
    ada = account(mailed, ADA, "administrator")
    with_app(mailed, ada)
    visitor = mailed.visitor()
    sign_in(visitor, ADA)
    visitor.get("/administration/people", status=303)
    code = code_of(mailed, of(mailed, ada).totp_secret)
    visitor.submit(visitor.get("/sign-in/second"), {"code": code}, "/sign-in/second")
    visitor.get("/administration/people")
