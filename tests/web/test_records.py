"""What is kept of a company and of a person can be taken out, restricted, deleted and taken back; and who looked."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from assessment.services.upkeep import upkeep
from assessment.services.upkeep.breaking_glass import OPEN_FOR
from assessment.storage.classification import KEPT
from assessment.storage.columns import metadata
from assessment.storage.mentors import reviews
from assessment.storage.people import access, companies, people
from assessment.storage.people.people_tables import company_consents, grants
from assessment.storage.people.people_tables import people as people_table
from assessment.storage.upkeep import audit, erasure
from assessment.storage.upkeep import taking_out as stored
from assessment.storage.upkeep.erasure_list import ErasureList
from tests.web.mailbox import Mailbox, text_of
from tests.web.people import person, signed_in
from tests.web.routes import CANARY, Finished
from tests.web.visiting import Page, Site, Visitor

REASON = "They asked us by telephone why a figure looks wrong"
SECOND = timedelta(seconds=1)


class Firm:
    """A company with an owner, an editor who belongs elsewhere too, a mentor, and perhaps a check."""

    def __init__(self, site: Site, check: str = "") -> None:
        self.site = site
        self.owner = person(site, "owner@firm.example", name="Olga")
        self.editor = person(site, "editor@firm.example", name="Emil")
        self.mentor = person(site, "mentor@help.example", "mentor", name="Mira")
        self.admin = person(site, "admin@run.example", "administrator", name="Ada")
        with site.instance.database.writing() as connection:
            self.id = companies.add_company(connection, "Bakery Kanarche8842", self.owner, site.clock()).id
            companies.add_member(connection, self.id, self.editor, "editor", site.clock())
            companies.add_company(connection, "Another firm", self.editor, site.clock())
            if check:
                companies.claim(connection, check, self.id, site.clock())
            row = {"id": "g", "company_id": self.id, "mentor_id": self.mentor, "state": "active"}
            connection.execute(grants.insert(), {**row, "offered_at": site.clock(), "begun_at": site.clock()})
        self.path = f"/companies/{self.id}"
        self.check = f"/assessments/{check}"
        self.answers = f"{self.check}/check"

    def as_(self, who: str, **more: bool) -> Visitor:
        return signed_in(self.site, getattr(self, who))

    def events(self) -> list[str]:
        with self.site.instance.database.reading() as connection:
            assert audit.verify(connection, self.site.instance.settings.audit_key) is None
            return [entry.event for entry in audit.entries(connection)]


@pytest.fixture
def firm(mailed: Site) -> Firm:
    return Firm(mailed)


@pytest.fixture
def firm_with_check(finished: Finished) -> Firm:
    return Firm(finished.site, finished.parts["draft_id"])


def unpacked(page: Page) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(page.body))


def everything(site: Site) -> str:
    return "\n".join(site.dump())


# Taking it out


def test_an_owner_takes_everything_of_the_company_out(firm_with_check: Firm) -> None:
    firm = firm_with_check
    visitor = firm.as_("owner")
    page = visitor.get(firm.path + "/data")
    assert "Download everything (ZIP)" in page.words
    taken = visitor.get(firm.path + "/data.zip")
    assert taken.headers["Content-Disposition"] == 'attachment; filename="green-pathways-company.zip"'
    with unpacked(taken) as archive:
        assert archive.testzip() is None
        document = json.loads(archive.read("data.json"))
        names = archive.namelist()
        answers = archive.read("tables/answer_history.csv").decode("utf-8-sig")
        papers = [name for name in names if name.startswith("papers/")]
        assert papers
        assert all(archive.read(name).startswith(b"%PDF") for name in papers)
    assert document["schema"] == "green-pathways-company-1"
    assert document["company"] == "Bakery Kanarche8842"
    (check,) = document["checks"].values()
    assert CANARY in json.dumps(check)
    assert CANARY in answers
    assert len(list(csv.DictReader(io.StringIO(answers)))) == len(check["answer_history"])
    assert {row["name"]: row["email"] for row in document["of_the_company"]["names"]} == {
        "Olga": "owner@firm.example", "Emil": "editor@firm.example", "Mira": "",
    }  # fmt: skip
    assert "data taken out" in firm.events()


def test_what_is_taken_out_holds_every_column_that_is_the_companys(firm_with_check: Firm) -> None:
    firm = firm_with_check
    document = json.loads(unpacked(firm.as_("owner").get(firm.path + "/data.zip")).read("data.json"))
    with firm.site.instance.database.reading() as connection:
        assert set(stored.company_rows(connection, firm.id)) == {
            *(name for name, kept in KEPT.items() if kept.owner == "company"), "tokens", "names",
            # Of a cluster and of a check, and about the company: they go along.
            "cluster_members", "contributions", "cluster_links", "exchange_talks",
        }  # fmt: skip
    (check,) = document["checks"].values()
    for table in metadata.sorted_tables:
        kept = KEPT[table.name]
        rows = check.get(table.name) or document["of_the_company"].get(table.name)
        if kept.owner in {"check", "company"} and rows:
            told = {name for name, kind in kept.columns.items() if kind in {"personal", "company"}}
            left_out = (
                {"content"} if table.name == "documents" else {"words"} if table.name == "mentor_notes" else set()
            )
            assert told - set(rows[0]) == left_out, table.name
            secrets = {name for name, kind in kept.columns.items() if kind == "credential"}
            assert not secrets & set(rows[0]) or table.name in {"idempotency"}, table.name


@pytest.mark.parametrize("who", ["editor", "mentor", "admin"])
def test_nobody_else_takes_out_restricts_or_deletes_the_company(firm: Firm, who: str) -> None:
    visitor = firm.as_(who)
    status = 403 if who == "editor" else 404
    before = firm.site.dump(without=["sessions"])
    for page in ("data", "data.zip", "delete"):
        visitor.get(f"{firm.path}/{page}", status=status)
    for act in ("delete", "keep", "restrict"):
        visitor.post(f"{firm.path}/{act}", {"restricted": "yes"}, status=status)
    assert firm.site.dump(without=["sessions"]) == before


def test_a_person_takes_out_what_is_kept_of_them_and_no_answer_of_a_company(firm_with_check: Firm) -> None:
    firm = firm_with_check
    with firm.site.instance.database.writing() as connection:
        draft = firm.check.rpartition("/")[2]
        reviews.add_note(connection, draft, "", "My own note", firm.mentor, firm.site.clock())
    visitor = firm.as_("mentor")
    assert "Download my data (ZIP)" in visitor.get("/account/data").words
    taken = json.loads(unpacked(visitor.get("/account/data.zip")).read("data.json"))["of_the_person"]
    text = json.dumps(taken)
    assert "mentor@help.example" in text
    assert "My own note" in text
    assert CANARY not in text
    assert "owner@firm.example" not in text
    assert taken["grants"][0]["company_id"] == firm.id
    with firm.site.instance.database.reading() as connection:
        row = connection.execute(select(people_table).where(people_table.c.id == firm.mentor)).one()
    assert row.uniquifier not in text
    assert set(taken["people"][0]) == {
        name for name, kind in KEPT["people"].columns.items() if kind != "credential"
    }  # fmt: skip


# Deleting a company


def test_a_company_is_deleted_after_a_question_and_can_be_taken_back_for_a_week(firm: Firm, mailbox: Mailbox) -> None:
    visitor = firm.as_("owner")
    page = visitor.get(firm.path + "/delete")
    assert "For 7 days an owner can take it back" in page.words
    assert "Olga (you)" in page.words
    assert "Emil" not in page.words
    after = visitor.follow(visitor.submit(page, action=firm.path + "/delete"))
    assert "Everything of it will be gone for good on 1 December 2026" in after.words
    assert "Your account belongs to no other company" in text_of(mailbox.to("owner@firm.example")[0])
    assert "Your account belongs to no other company" not in text_of(mailbox.to("editor@firm.example")[0])
    for path in (firm.path, "/account/companies"):
        assert "This company will be deleted on 1 December 2026" in visitor.get(path).words
    firm.site.clock.forward(days=7, seconds=-1)
    assert upkeep.prune(firm.site.instance).companies == 0
    visitor = firm.as_("owner")
    page = visitor.get(firm.path + "/data")
    kept = visitor.follow(visitor.submit(page, action=firm.path + "/keep"))
    assert "The company is kept." in kept.words
    assert "Nothing is lost" in text_of(mailbox.to("editor@firm.example")[-1])
    firm.site.clock.forward(days=30)
    assert upkeep.prune(firm.site.instance).companies == 0
    assert {"erasing asked", "erasing undone"} <= set(firm.events())


def test_after_a_week_nothing_of_it_is_left_anywhere(firm_with_check: Firm, tmp_path: Path) -> None:
    firm = firm_with_check
    visitor = firm.as_("owner")
    visitor.submit(visitor.get(firm.path + "/delete"), action=firm.path + "/delete")
    firm.site.clock.forward(days=7, seconds=1)
    gone = upkeep.prune(firm.site.instance)
    assert (gone.companies, gone.accounts) == (1, 1)
    words = ("Kanarche8842", CANARY, "owner@firm.example", "Olga")
    assert not any(word in everything(firm.site) for word in words)
    files = [path for path in firm.site.database.parent.rglob("*") if path.is_file()]
    assert len(files) > 1
    for path in files:
        content = path.read_bytes()
        assert not any(word.encode() in content for word in words), path
    visitor.get(firm.path, status=404)
    firm.as_("editor").get(firm.path, status=404)
    assert firm.events().count("company erased") == 1
    assert upkeep.prune(firm.site.instance).companies == 0


def test_while_it_is_being_deleted_a_mentor_sees_nothing_of_it(firm_with_check: Firm) -> None:
    firm = firm_with_check
    mentor = firm.as_("mentor")
    mentor.get(firm.answers)
    visitor = firm.as_("owner")
    visitor.submit(visitor.get(firm.path + "/delete"), action=firm.path + "/delete")
    mentor.get(firm.answers, status=404)
    visitor.get(firm.answers)


def test_restricted_data_are_kept_and_unreadable_from_outside(firm_with_check: Firm) -> None:
    firm = firm_with_check
    mentor, visitor = firm.as_("mentor"), firm.as_("owner")
    mentor.get(firm.answers)
    page = visitor.get(firm.path + "/data")
    after = visitor.follow(visitor.submit(page, action=firm.path + "/restrict"))
    assert "Nobody from outside your company can read its data now." in after.words
    mentor.get(firm.answers, status=404)
    mentor.get(firm.path, status=404)
    visitor.get(firm.answers)
    assert "The data of this company are restricted" in visitor.get(firm.path).words
    assert "Its data are restricted" in visitor.get("/account/companies").words
    visitor.follow(visitor.submit(after, action=firm.path + "/restrict"))
    mentor.get(firm.answers)
    assert {"restricted", "unrestricted"} <= set(firm.events())


def test_an_administrator_deletes_a_company_for_a_reason_that_it_reads_and_an_owner_takes_it_back(
    firm: Firm, mailbox: Mailbox
) -> None:
    admin, path = firm.as_("admin"), f"/administration/companies/{firm.id}/delete"
    page = admin.get(path)
    assert "with your reason" in page.words
    admin.submit(page, {"reason": "Too short"}, status=422)
    after = admin.follow(admin.submit(page, {"reason": REASON}))
    assert "gone for good on 1 December 2026" in after.words
    admin.post(path, {"reason": REASON})
    for address in ("owner@firm.example", "editor@firm.example"):
        (mail,) = mailbox.to(address)
        assert "An administrator of this service has deleted" in text_of(mail)
        assert REASON in text_of(mail)
    owner = firm.as_("owner")
    looks = owner.get(firm.path + "/looks").words
    assert looks.count("Deleted the company for a stated reason") == 1
    assert REASON in looks
    owner.submit(owner.get(firm.path + "/data"), action=firm.path + "/keep")
    firm.site.clock.forward(days=8)
    assert upkeep.prune(firm.site.instance).companies == 0
    late = firm.as_("admin")
    firm.site.clock.forward(minutes=6)
    assert "Prove first who you are" in late.post(path, {"reason": REASON}, status=403).words


# Deleting an account


def test_the_only_owner_first_hands_over_or_deletes_the_company(firm: Firm) -> None:
    visitor = firm.as_("owner")
    assert "You are the only owner" in visitor.get("/account/delete").words
    page = visitor.post("/account/delete", status=422)
    assert "Make somebody else an owner, or delete the company first" in page.words
    with firm.site.instance.database.writing() as connection:
        companies.change_role(connection, firm.id, firm.editor, "owner")
    after = visitor.follow(visitor.submit(visitor.get("/account/delete"), action="/account/delete"))
    assert "for 7 days it takes the deletion back" in after.words
    visitor.get("/account", status=303)
    colleague = firm.as_("editor")
    assert "You are the only owner" in colleague.get("/account/delete").words
    colleague.post(firm.path + "/leave", status=422)
    firm.site.clock.forward(days=7, seconds=1)
    upkeep.prune(firm.site.instance)
    assert "owner@firm.example" not in everything(firm.site)
    firm.as_("editor").get(firm.path)


def test_a_deleted_account_is_shut_at_once_and_its_link_takes_that_back_for_a_week(
    firm: Firm, mailbox: Mailbox
) -> None:
    with firm.site.instance.database.writing() as connection:
        people.change_person(connection, firm.editor, language="de")
        companies.change_role(connection, firm.id, firm.editor, "owner")
    other_place, visitor = firm.as_("owner"), firm.as_("owner")
    other_place.get("/account")
    visitor.submit(visitor.get("/account/delete"), action="/account/delete")
    other_place.get("/account", status=303)
    assert "on 1 December 2026" in text_of(mailbox.to("owner@firm.example")[0])
    first = mailbox.link("owner@firm.example")
    stranger = firm.site.visitor()
    stranger.post("/sign-in/mail", {"email": "owner@firm.example"})
    link = mailbox.link("owner@firm.example")
    stranger.get(first, status=404)
    firm.site.clock.forward(days=7, seconds=-1)
    assert upkeep.prune(firm.site.instance).accounts == 0
    page = stranger.get(link)
    assert "owner@firm.example" in page.words
    kept = stranger.follow(stranger.submit(page, action="/account/keep"))
    assert "Your account is kept. Sign in as before." in kept.words
    # Who has no password is asked for none, and one press mails the link.
    assert "Password" not in kept.words
    stranger.submit(kept, {"email": "owner@firm.example"}, action="/sign-in/mail")
    assert "/sign-in/link/" in mailbox.link("owner@firm.example")
    stranger.post("/account/keep", {"token": link.rpartition("/")[2]}, status=404)
    firm.site.clock.forward(days=30)
    assert upkeep.prune(firm.site.instance).accounts == 0
    firm.as_("owner").get(firm.path)
    assert {"erasing asked", "erasing undone"} <= set(firm.events())


def test_whoever_has_a_password_is_asked_for_it_when_their_account_is_kept(firm: Firm, mailbox: Mailbox) -> None:
    visitor, stranger = firm.as_("owner"), firm.site.visitor()
    with firm.site.instance.database.writing() as connection:
        companies.change_role(connection, firm.id, firm.editor, "owner")
    visitor.submit(visitor.get("/account/delete"), action="/account/delete")
    with firm.site.instance.database.writing() as connection:
        people.change_person(connection, firm.owner, password_hash="any")
    page = stranger.get(mailbox.link("owner@firm.example"))
    assert "Password" in stranger.follow(stranger.submit(page, action="/account/keep")).words


def test_after_a_week_the_link_keeps_no_account_even_where_the_calendar_is_late(firm: Firm, mailbox: Mailbox) -> None:
    visitor = firm.as_("editor")
    with firm.site.instance.database.writing() as connection:
        for company, _ in companies.companies_of(connection, firm.editor):
            companies.add_member(connection, company.id, firm.mentor, "owner", firm.site.clock())
    visitor.submit(visitor.get("/account/delete"), action="/account/delete")
    firm.site.clock.forward(days=7)
    link, stranger = mailbox.link("editor@firm.example"), firm.site.visitor()
    stranger.get(link, status=404)
    stranger.post("/account/keep", {"token": link.rpartition("/")[2]}, status=404)
    assert upkeep.prune(firm.site.instance).accounts == 1
    assert not any(word in everything(firm.site) for word in ("editor@firm.example", "Emil"))


def test_an_administrator_keeps_a_deleted_account_for_somebody_who_lost_the_link(firm: Firm) -> None:
    visitor = firm.as_("mentor")
    visitor.submit(visitor.get("/account/delete"), action="/account/delete")
    admin, path = firm.as_("admin"), f"/administration/people/{firm.mentor}"
    page = admin.get(path)
    assert "Gone for good on 1 December 2026" in page.words
    admin.follow(admin.submit(page, action=path + "/active"))
    firm.site.clock.forward(days=8)
    assert upkeep.prune(firm.site.instance).accounts == 0
    firm.as_("mentor").get("/account")


def test_an_account_is_deleted_only_shortly_after_a_proof(firm: Firm) -> None:
    visitor = firm.as_("mentor")
    firm.site.clock.forward(minutes=5, seconds=1)
    assert visitor.get("/account/delete", status=303).location.startswith("/account/prove")
    assert visitor.post("/account/delete").location.startswith("/account/prove")
    with firm.site.instance.database.reading() as connection:
        assert people.find_person(connection, id=firm.mentor) is not None


def test_the_last_administrator_stays(firm: Firm) -> None:
    visitor = firm.as_("admin")
    assert "You are the only administrator" in visitor.post("/account/delete", status=422).words
    second = person(firm.site, "second@run.example", "administrator")
    visitor.post("/account/delete")
    visitor.get("/account", status=303)
    assert "You are the only administrator" in signed_in(firm.site, second).post("/account/delete", status=422).words


def withdrawals(firm: Firm) -> list[tuple[str, str, bool]]:
    with firm.site.instance.database.reading() as connection:
        rows = connection.execute(select(company_consents).where(company_consents.c.company_id == firm.id))
        return [(row.viewer, row.viewer_id, row.given) for row in rows]


def test_a_mentor_who_deletes_the_account_leaves_each_company_with_a_record_and_a_mail(
    firm: Firm, mailbox: Mailbox
) -> None:
    with firm.site.instance.database.writing() as connection:
        people.change_person(connection, firm.owner, language="de")
    visitor = firm.as_("mentor")
    page = visitor.get("/account/delete")
    assert "You are the mentor of 1 company" in page.words
    assert "/mentor/hand-over" in page.text
    visitor.submit(page, action="/account/delete")
    assert withdrawals(firm) == [("mentor", firm.mentor, False)]
    (mail,) = mailbox.to("owner@firm.example")
    assert "Mira" in text_of(mail)
    assert firm.path + "/mentors" in text_of(mail)
    assert firm.events().count("mentor ended") == 1
    listed = ErasureList(firm.site.instance.settings.data_dir, firm.site.instance.settings.erasure_key)
    assert listed.among(["g"]) == ["g"]


def test_a_mentor_whose_unused_account_goes_leaves_the_companies_too(firm: Firm, mailbox: Mailbox) -> None:
    for days in (700, 46, 20):
        firm.site.clock.forward(days=days)
        with firm.site.instance.database.writing() as connection:
            for each in (firm.owner, firm.editor):
                people.change_person(connection, each, seen_at=firm.site.clock())
        upkeep.prune(firm.site.instance)
    with firm.site.instance.database.reading() as connection:
        assert people.find_person(connection, id=firm.mentor) is None
    assert withdrawals(firm) == [("mentor", firm.mentor, False)]
    assert len(mailbox.to("owner@firm.example")) == 1


def test_an_unused_account_is_told_twice_and_then_goes_with_its_company(firm: Firm, mailbox: Mailbox) -> None:
    ends = firm.site.clock.now + timedelta(days=730)
    for day, count in ((-61, 0), (-60, 1), (-59, 1), (-14, 2), (-13, 2)):
        firm.site.clock.now = ends + timedelta(days=day)
        assert upkeep.prune(firm.site.instance).accounts == 0
        assert len(mailbox.to("owner@firm.example")) == count
    assert all("on 23 November 2028" in text_of(mail) for mail in mailbox.to("owner@firm.example"))
    firm.site.clock.now = ends - SECOND
    assert upkeep.prune(firm.site.instance).accounts == 0
    firm.site.clock.now = ends + SECOND
    assert upkeep.prune(firm.site.instance).accounts == 3
    with firm.site.instance.database.reading() as connection:
        assert companies.find_company(connection, firm.id) is None
        assert people.find_person(connection, id=firm.admin) is not None


def test_the_audit_log_and_closed_browsers_are_kept_as_long_as_was_said_and_no_second_longer(firm: Firm) -> None:
    clock, instance = firm.site.clock, firm.site.instance
    with instance.database.writing() as connection:
        audit.note(connection, instance.settings.audit_key, "signed in", firm.owner, {}, clock())
        access.create_session(connection, "closed", clock())
    start = clock.now
    for days, kind in ((30, "sessions"), (730, "audit")):
        clock.now = start + timedelta(days=days) - SECOND
        assert getattr(upkeep.prune(instance), kind) == 0
        clock.now = start + timedelta(days=days) + SECOND
        assert getattr(upkeep.prune(instance), kind) == 1
    heads = instance.settings.data_dir / audit.HEADS
    assert heads.exists()
    with instance.database.reading() as connection:
        assert audit.verify(connection, instance.settings.audit_key, audit.read_heads(heads)) is None


# The audit log


def test_coming_in_failing_to_and_going_out_are_put_down_without_a_name(firm: Firm) -> None:
    stranger = firm.site.visitor()
    for email in ("owner@firm.example", "nobody@firm.example"):
        page = stranger.get("/sign-in")
        stranger.submit(page, {"email": email, "password": "not the one"}, action="/sign-in", status=422)
    assert firm.events() == ["sign-in failed", "sign-in failed"]
    with firm.site.instance.database.reading() as connection:
        unknown, known = audit.entries(connection)
    assert known.subject == {"person": firm.owner, "by": "password"}
    assert unknown.subject == {"person": "", "by": "password"}
    visitor = firm.as_("owner")
    visitor.submit(visitor.get("/account"), action="/sign-out")
    assert firm.events()[:2] == ["signed out", "signed in"]
    told = "\n".join(line for line in firm.site.dump() if "audit_log" in line)
    assert "firm.example" not in told
    assert "Olga" not in told


def test_everything_that_changes_who_may_do_what_is_put_down(firm: Firm) -> None:
    visitor = firm.as_("owner")
    one = f"{firm.path}/colleagues/{firm.editor}"
    visitor.post(one + "/role", {"role": "owner"})
    visitor.post(one + "/remove")
    visitor.post(firm.path + "/consents/reminders", {"given": "yes"})
    assert {"role changed", "member left", "consent given"} <= set(firm.events())


# Breaking the glass


def broken(firm: Firm, reason: str = REASON) -> Visitor:
    admin = firm.as_("admin")
    page = admin.get(f"/administration/companies/{firm.id}")
    admin.submit(page, {"reason": reason}, action=f"/administration/companies/{firm.id}/open")
    return admin


def test_an_administrator_finds_a_company_and_sees_nothing_of_its_answers(firm_with_check: Firm) -> None:
    firm = firm_with_check
    admin = firm.as_("admin")
    for typed in ("kanarche8842", firm.id):
        page = admin.get(f"/administration?q={typed}")
        assert f"/administration/companies/{firm.id}" in page.links()
    assert "No company is called that." in admin.get("/administration?q=%25").words
    assert CANARY not in admin.get(f"/administration/companies/{firm.id}").text
    for shut in (firm.check, firm.check + "/results", firm.check + "/data.json", firm.path):
        admin.get(shut, status=404)
    for who in ("owner", "editor", "mentor"):
        firm.as_(who).get("/administration", status=404)
        firm.as_(who).get(f"/administration/companies/{firm.id}", status=404)


def test_for_a_stated_reason_it_opens_for_an_hour_and_the_company_is_told(
    mailed: Site, mailbox: Mailbox, finished: Finished
) -> None:
    firm = Firm(mailed)
    broken(firm)
    (mail,) = mailbox.to("owner@firm.example")
    assert REASON in text_of(mail)
    assert mailbox.to("editor@firm.example") == []
    assert REASON in firm.as_("owner").get(firm.path + "/looks").words
    assert "glass opened" in firm.events()
    firm = Firm(finished.site, finished.parts["draft_id"])
    admin = broken(firm)
    opened = finished.site.clock.now
    assert firm.check in admin.get(f"/administration/companies/{firm.id}").links()
    admin.get(firm.answers)
    taken = admin.get(firm.check + "/data.json").text
    assert CANARY in taken
    assert json.loads(taken).keys() == erasure.READ_BY_ALL, "who looked and what was said is not for an administrator"
    assert json.loads(firm.as_("editor").get(firm.check + "/data.json").text).keys() == erasure.READ_BY_ALL
    assert json.loads(firm.as_("owner").get(firm.check + "/data.json").text)["access_log"] != []
    admin.post(firm.check + "/submit", status=404)
    words = firm.as_("owner").get(firm.path + "/looks").words
    assert "Took files of a check" in words
    finished.site.clock.now = opened + OPEN_FOR - SECOND
    firm.as_("admin").get(firm.answers)
    finished.site.clock.now = opened + OPEN_FOR + SECOND
    firm.as_("admin").get(firm.answers, status=404)


def test_it_can_be_closed_before(firm_with_check: Firm) -> None:
    firm = firm_with_check
    admin = broken(firm)
    page = admin.get(f"/administration/companies/{firm.id}")
    after = admin.follow(admin.submit(page, action=f"/administration/companies/{firm.id}/close"))
    assert "The answers are closed to you again." in after.words
    admin.get(firm.answers, status=404)
    assert "glass closed" in firm.events()


@pytest.mark.parametrize("reason", ["", "a" * 19, "a" * 501, " " * 30])
def test_a_reason_that_says_too_little_opens_nothing(firm: Firm, reason: str) -> None:
    admin = firm.as_("admin")
    page = admin.get(f"/administration/companies/{firm.id}")
    address = f"/administration/companies/{firm.id}/open"
    again = admin.submit(page, {"reason": reason}, action=address, status=422)
    assert "in 20 to 500 characters" in again.words
    assert "glass opened" not in firm.events()
    admin.submit(again, {"reason": "a" * 20}, action=address)


def test_a_second_factor_older_than_five_minutes_opens_nothing(firm: Firm) -> None:
    admin = firm.as_("admin")
    page = admin.get(f"/administration/companies/{firm.id}")
    firm.site.clock.forward(minutes=5, seconds=1)
    address = f"/administration/companies/{firm.id}/open"
    again = admin.submit(page, {"reason": REASON}, action=address, status=403)
    assert "Prove first who you are" in again.words
    assert any(link.startswith("/account/prove") for link in again.links())
    assert "glass opened" not in firm.events()


@pytest.mark.parametrize("column", ["restricted", "erase_at"])
def test_restricted_or_going_data_are_opened_for_no_reason(firm_with_check: Firm, column: str) -> None:
    firm = firm_with_check
    admin = broken(firm)
    admin.get(firm.answers)
    table = metadata.tables["companies"]
    value = True if column == "restricted" else firm.site.clock.now + timedelta(days=7)
    with firm.site.instance.database.writing() as connection:
        connection.execute(update(table).where(table.c.id == firm.id).values({column: value}))
    admin.get(firm.answers, status=404)
    page = admin.get(f"/administration/companies/{firm.id}")
    assert "Nobody from outside can open its answers." in page.words
    admin.post(f"/administration/companies/{firm.id}/open", {"reason": REASON}, status=403)


# Bad luck


def test_a_company_that_is_erased_while_its_pdf_is_made_leaves_no_trace(firm_with_check: Firm) -> None:
    firm = firm_with_check
    instance = firm.site.instance
    visitor = firm.as_("owner")
    visitor.submit(visitor.get(firm.path + "/delete"), action=firm.path + "/delete")
    firm.site.clock.forward(days=7, seconds=1)
    visitor = firm.as_("owner")
    page = visitor.get(firm.check + "/report")
    press = firm.site.app.extensions["assessment-press"]()

    class Slow(type(press)):  # type: ignore[misc]
        """Prints, and meanwhile the company goes."""

        def action_plan(self, *given: object) -> bytes:
            upkeep.prune(instance)
            return bytes(super().action_plan(*given))

    firm.site.app.extensions["assessment-press"] = Slow
    assert CANARY in everything(firm.site)
    form = page.form(firm.check + "/report")
    made = visitor.send(form.action, form.filled({"company_name": "Another name"}))
    assert made.status == 404
    assert not any(word in everything(firm.site) for word in ("Kanarche8842", CANARY, "Another name"))


def test_an_access_that_ended_is_put_on_the_list_that_a_backup_is_held_against(firm: Firm) -> None:
    visitor = firm.as_("owner")
    listed = firm.site.instance.settings.data_dir / "erased.txt"
    assert not listed.exists()
    page = visitor.get(firm.path + "/mentors")
    visitor.submit(page, {"act": "end"}, action=f"{firm.path}/mentors/g")
    assert len(listed.read_text("utf-8").splitlines()) == 1
    firm.as_("mentor").get(firm.path, status=404)
