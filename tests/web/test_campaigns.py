"""Campaigns: the list and its flaws, what the mail says, sending, reminders, opting out, coming in, forgetting."""

import csv
import io
import zipfile
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import openpyxl
import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from assessment.services.clusters import campaign_sending, opting_out
from assessment.services.upkeep import upkeep
from assessment.storage.clusters import campaigns as stored
from assessment.storage.clusters import cluster_members
from assessment.storage.clusters import clusters as stored_clusters
from assessment.storage.people import companies, people
from assessment.storage.tables import assessments
from tests.web.conftest import MakeSite
from tests.web.mailbox import Mailbox, text_of
from tests.web.people import person, signed_in
from tests.web.visiting import Page, Site, Visitor

NAME = "Black Sea Food Cluster"
ROWAN, ALDER = "office@rowan.example", "office@alder.example"
LIST = f"{ROWAN};Rowan Ltd\n{ALDER};Alder Ltd"


def people_id(run: "Run", email: str) -> str:
    """The id of an account."""
    with run.site.instance.database.reading() as connection:
        found = people.find_person(connection, email=email)
    assert found is not None
    return found.id


class Run:
    """A manager with a campaign of a cluster."""

    def __init__(self, site: Site, mailbox: Mailbox) -> None:
        self.site, self.mailbox = site, mailbox
        self.manager = signed_in(site, person(site, "manager@cluster.example", "manager", name="Maria"))
        self.cluster_id = self.manager.post("/clusters", {"name": NAME}).location.split("/")[2]
        made = self.manager.post(f"/clusters/{self.cluster_id}/campaigns", {"name": "Spring"})
        self.campaign_id = made.location.split("/")[4]
        self.home = f"/clusters/{self.cluster_id}/campaigns/{self.campaign_id}"

    def later(self, wait: timedelta) -> None:
        """Time passes, and the manager comes back."""
        self.site.clock.now += wait
        self.manager = signed_in(self.site, people_id(self, "manager@cluster.example"))

    def bring(self, text: str) -> Page:
        """Paste a list; the page that shows what it came to."""
        self.upload({"pasted": text})
        return self.manager.get(self.home + "/addresses")

    def upload(self, fields: dict[str, Any], status: int = 303) -> Page:
        """Send a list as a browser does."""
        boundary, body = encode_multipart({"csrf_token": self.manager.token(), **fields})
        kind = f"multipart/form-data; boundary={boundary}"
        found = self.manager.send(self.home + "/addresses", body, Content_Type=kind)
        assert found.status == status, found.status
        return found

    def take(self, text: str = LIST) -> None:
        self.bring(text)
        self.manager.post(self.home + "/addresses/take", {"act": "take"})

    def send(self, text: str = LIST) -> None:
        self.take(text)
        self.manager.post(self.home + "/send")

    def states(self) -> dict[str, str]:
        with self.site.instance.database.reading() as connection:
            found = stored.addresses_of(connection, self.campaign_id)
        return {each.email or "": each.state for each in found}

    def invited(self, address: str) -> str:
        """The path of the invitation in the newest mail to an address."""
        return urlsplit(links_of(self.mailbox.to(address)[-1])[0]).path

    def way_out(self, address: str) -> str:
        return urlsplit(links_of(self.mailbox.to(address)[-1])[1]).path


def links_of(mail: EmailMessage) -> list[str]:
    """The invitation, then the way out."""
    return [line for line in text_of(mail).splitlines() if "/invited/" in line or "/opt-out/" in line]


@pytest.fixture
def run(mailed: Site, mailbox: Mailbox) -> Run:
    return Run(mailed, mailbox)


JOIN = {"company": "Rowan Ltd", "name": "Rosa", "depth": "quick"}


def accept(run: Run, address: str, **more: str | list[str]) -> tuple[Visitor, Page]:
    visitor = run.site.visitor()
    page = visitor.get(run.invited(address))
    return visitor, visitor.submit(page, {**JOIN, **more}, "/invited")


# The list


def test_a_list_shows_every_flaw_with_row_and_cure_and_is_taken_only_when_somebody_says_so(run: Run) -> None:
    page = run.bring(f"{LIST}\nno address here\nanna(at)elm.example;Elm\nroot@@x\n{ROWAN}")
    assert "2 addresses can be taken" in page.words
    assert "3 rows give no address" in page.words
    assert "1 address stands there again" in page.words
    assert "3 no address here There is no mail address in this row." in page.words
    assert "5 root@@x This is no mail address that we can write to." in page.words
    assert run.states() == {}
    run.manager.post(run.home + "/addresses/take", {"act": "take"})
    assert run.states() == {ROWAN: "listed", ALDER: "listed"}


def test_three_hundred_bad_rows_among_five_thousand_are_all_shown(run: Run) -> None:
    rows = [f"firm{n}@example.org;Firm {n}" if n % 16 else f"firm{n}@@example;Firm {n}" for n in range(4_800)]
    page = run.bring("\n".join(rows))
    assert "4,500 addresses can be taken" in page.words
    assert page.words.count("This is no mail address that we can write to.") == 300
    assert "firm4784@@example" in page.words
    run.manager.post(run.home + "/addresses/take", {"act": "take"})
    assert len(run.states()) == 4_500


def test_flawed_rows_are_put_right_where_they_stand_and_join_the_others(run: Run) -> None:
    page = run.bring(f"{ROWAN};Rowan Ltd\nanna@@elm.example;Elm Works")
    form = next(form for form in page.forms() if "elm.example" in form.fields.get("pasted", ""))
    assert form.fields["pasted"].split("\n")[0] == "anna@@elm.example; Elm Works"
    run.upload({"pasted": "anna@elm.example; Elm Works\nstill none", "act": "correct"})
    page = run.manager.get(run.home + "/addresses")
    assert "2 addresses can be taken" in page.words
    assert "1 row gives no address" in page.words
    run.manager.post(run.home + "/addresses/take", {"act": "take"})
    assert set(run.states()) == {ROWAN, "anna@elm.example"}


def test_a_list_that_is_put_away_leaves_nothing(run: Run) -> None:
    run.bring(LIST)
    run.manager.post(run.home + "/addresses/take", {"act": "put-away"})
    run.manager.post(run.home + "/addresses/take", {"act": "take"})
    assert run.states() == {}
    assert not [row for row in run.site.dump() if ROWAN in row]


def workbook(*rows: list[str | int | None]) -> bytes:
    book, packed = openpyxl.Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    book.save(packed)
    return packed.getvalue()


@pytest.mark.parametrize("content", [
    workbook(["Town", "Company", "E-mail"], ["Sofia", "Rowan Ltd", ROWAN], [None, 5, "broken"]),
    f"Town,Company,E-mail\r\nSofia,Rowan Ltd,{ROWAN}\r\n,5,broken".encode("utf-8-sig"),
    f"Town\tCompany\tE-mail\nSofia\tRowan Ltd\t{ROWAN}\n\t5\tbroken".encode("utf-16"),
])  # fmt: skip
def test_a_table_is_read_from_a_file(run: Run, content: bytes) -> None:
    run.upload({"list": FileStorage(io.BytesIO(content), "list.xlsx")})
    page = run.manager.get(run.home + "/addresses")
    assert "1 address can be taken" in page.words
    assert f"{ROWAN} Rowan Ltd" in page.words
    assert "3 broken; 5 " in page.words


@pytest.mark.parametrize(("content", "said"), [
    (b"\xd0\xcf\x11\xe0old", "old Excel format"), (b"\xff\xd8\xff\xe0jpeg", "no list that we can read"),
    (b"PK\x03\x04broken", "cannot be read"), (b" \n ", "This list is empty"),
    (workbook(["E-mail"], ["=1+1"]), "Row 2 holds a formula"), (b"a" * (1024 * 1024 + 1), "larger than 1 MB"),
    (b"a@b.example\0", "no list that we can read"),
], ids=["old", "picture", "broken", "blank", "formula", "large", "nul"])  # fmt: skip
def test_a_file_that_is_no_list_is_refused_in_words(run: Run, content: bytes, said: str) -> None:
    assert said in run.upload({"list": FileStorage(io.BytesIO(content), "list.csv")}, 422).words


def test_paste_and_file_together_are_refused_and_what_was_pasted_stays(run: Run) -> None:
    page = run.upload({"pasted": LIST, "list": FileStorage(io.BytesIO(b"x@y.example"), "list.csv")}, 422)
    assert "one of the two" in page.words
    assert LIST.replace("\n", "") in page.text.replace("\n", "")
    assert "Paste addresses, or choose a file" in run.upload({"pasted": " "}, 422).words


def test_more_addresses_than_a_campaign_has_are_refused_before_anything_is_kept(run: Run) -> None:
    rows = "\n".join(f"firm{n}@example.org" for n in range(5_001))
    page = run.upload({"pasted": rows}, 422)
    assert "5,000 addresses at most" in page.words
    assert "firm5000@example.org" in page.text


def test_members_and_those_who_want_no_mail_are_marked_and_get_none(run: Run) -> None:
    with run.site.instance.database.writing() as connection:
        owner = person_in(run, connection, ROWAN)
        firm = companies.add_company(connection, "Rowan Ltd", owner, run.site.clock())
        cluster_members.join(connection, run.cluster_id, firm.id, "Rowan Ltd", "code", 0, run.site.clock())
        digest = opting_out.digest_of(run.site.instance, ALDER)
        stored.opt_out(connection, digest, run.cluster_id, run.site.clock())
    page = run.bring(f"{LIST}\nnew@elm.example")
    assert "1 address belongs to a member already" in page.words
    assert "1 address wants no mail" in page.words
    run.manager.post(run.home + "/addresses/take", {"act": "take"})
    run.manager.post(run.home + "/send")
    assert run.states() == {ROWAN: "joined", ALDER: "opted-out", "new@elm.example": "sent"}
    assert not run.mailbox.to(ROWAN)
    assert not run.mailbox.to(ALDER)


def person_in(run: Run, connection: object, email: str) -> str:
    return people.add_person(connection, email, run.site.clock(), uniquifier="u" * 64, name="Rosa").id  # type: ignore[arg-type]


# What the mail says


def test_the_mail_carries_the_clusters_words_one_link_and_the_way_out(run: Run) -> None:
    texts = {"subject-en": "{cluster} asks {company}", "text-en": "Dear <b>{company}</b>,\nline two\n\nplease come."}
    page = run.manager.get(run.home + "/words")
    shown = run.manager.follow(run.manager.submit(page, texts, "/words"))
    assert f"{NAME} asks Mill Bakery" in shown.words
    run.send()
    (mail,) = run.mailbox.to(ROWAN)
    assert mail["Subject"] == f"{NAME} asks Rowan Ltd"
    assert "Dear <b>Rowan Ltd</b>,\nline two\n\nplease come." in text_of(mail)
    invitation, way_out = links_of(mail)
    assert mail["List-Unsubscribe"] == f"<{way_out}>"
    html = mail.get_body(("html",))
    assert html is not None
    written = html.get_content()
    assert "Dear &lt;b&gt;Rowan Ltd&lt;/b&gt;,<br>line two" in written
    assert written.count("<a ") == 2
    assert {address for address in (invitation, way_out) if f'href="{address}"' in written} == {invitation, way_out}


@pytest.mark.parametrize(("text", "said"), [
    ("See https://evil.example/x", "Take out “https://evil.example/x”"),
    ("See evil.example", "Take out “evil.example”"),
    ("Mail ana@firm.example", "Take out “ana@firm.example”"), ("Dear {name}", "Nothing is put in for {name}"),
    ("", "Type a text"), ("x" * 3_001, "Shorten this to 3,000 characters"),
])  # fmt: skip
def test_words_that_would_mislead_are_refused_and_stay_on_the_page(run: Run, text: str, said: str) -> None:
    page = run.manager.submit(run.manager.get(run.home + "/words"), {"text-en": text}, "/words", 422)
    assert said in page.words
    assert text in page.text


def test_line_ends_in_names_and_subjects_break_no_header(run: Run) -> None:
    page = run.manager.get(run.home + "/words")
    run.manager.submit(page, {"subject-en": "One\r\nBcc: x@y\u2028Two {company}".replace("@", " ")}, "/words")
    run.send(f"{ROWAN};Rowan\u2028Bcc evil.example{'x' * 60}")
    (mail,) = run.mailbox.to(ROWAN)
    assert mail["Bcc"] is None
    assert "\u2028" not in str(mail["Subject"])
    assert "evil.example" not in str(mail["Subject"])


def test_a_test_mail_goes_to_oneself_and_leads_to_the_page_of_the_cluster(run: Run) -> None:
    page = run.manager.get(run.home + "/words")
    for _ in range(3):
        run.manager.submit(page, {}, "/test")
    (mail, *_) = run.mailbox.to("manager@cluster.example")
    assert mail["Subject"].startswith("Test: ")
    assert "/c/black-sea-food-cluster" in text_of(mail)
    assert links_of(mail) == []
    assert "Three mails an hour" in run.manager.follow(run.manager.submit(page, {}, "/test")).words
    assert len(run.mailbox.mails) == 3


# Sending


def test_a_campaign_writes_to_each_once_and_says_what_became_of_it(run: Run) -> None:
    run.take()
    page = run.manager.get(run.home + "/send")
    assert "Send 2 invitations?" in page.words
    run.manager.submit(page, {}, "/send")
    assert sorted(str(mail["To"]) for mail in run.mailbox.mails) == [ALDER, ROWAN]
    shown = run.manager.get(run.home)
    assert "Sent 2" in shown.words
    answer = run.manager.post(run.home + "/send", status=422)
    assert "There is nobody to write to now" in answer.words
    assert len(run.mailbox.mails) == 2
    assert "Invited 2" in run.manager.get(f"/clusters/{run.cluster_id}").words


def test_no_more_go_out_in_an_hour_than_the_instance_allows_and_stopping_keeps_the_rest(
    make_site: MakeSite, mailbox: Mailbox
) -> None:
    run = Run(make_site(smtp_url=mailbox.url, mail_from="check@example.org", campaign_mails=3), mailbox)
    run.send("\n".join(f"firm{n}@example.org" for n in range(8)))
    assert len(mailbox.mails) == 3
    shown = run.manager.get(run.home)
    bar = shown.tree.find(".//progress")
    assert bar is not None
    assert (bar.attrib["value"], bar.attrib["max"]) == ("3", "8")
    run.site.clock.forward(minutes=20)
    campaign_sending.send_here(run.site.instance)
    assert len(mailbox.mails) == 3
    run.manager.submit(shown, {}, "/stop")
    run.later(timedelta(hours=2))
    campaign_sending.send_here(run.site.instance)
    assert len(mailbox.mails) == 3
    assert sorted(run.states().values()) == ["listed"] * 5 + ["sent"] * 3
    run.manager.post(run.home + "/send")
    run.site.clock.forward(hours=2)
    campaign_sending.send_here(run.site.instance)
    assert len({mail["To"] for mail in mailbox.mails}) == len(mailbox.mails) == 8


def test_one_address_gets_three_mails_an_hour_at_most_from_all_campaigns(run: Run) -> None:
    run.send(ROWAN)
    others = []
    for number in range(3):
        made = run.manager.post(f"/clusters/{run.cluster_id}/campaigns", {"name": f"More {number}"})
        run.home = made.location.removesuffix("/words")
        run.campaign_id = run.home.split("/")[4]
        others.append(run.campaign_id)
        run.send(ROWAN)
    assert len(run.mailbox.to(ROWAN)) == 3
    run.site.clock.forward(minutes=61)
    campaign_sending.send_here(run.site.instance)
    assert len(run.mailbox.to(ROWAN)) == 4


def refused_for_good(run: Run) -> None:
    """A mail that the receiver's box does not take, however often it is tried."""
    run.mailbox.refusal = "550 no such box"
    run.send(ROWAN)
    for _ in range(6):
        run.site.clock.forward(hours=3)
        campaign_sending.send_here(run.site.instance)
    run.later(timedelta())
    assert run.states() == {ROWAN: "failed"}


def test_a_mail_that_is_refused_for_good_is_shown_and_can_be_sent_again(run: Run) -> None:
    refused_for_good(run)
    assert "Not delivered 1" in run.manager.get(run.home).words
    run.mailbox.refusal = ""
    run.manager.post(run.home + "/send")
    assert len(run.mailbox.to(ROWAN)) == 1
    assert run.states() == {ROWAN: "sent"}


def test_two_reminders_at_most_a_week_apart_with_the_same_link(run: Run) -> None:
    run.send(ROWAN)
    first = run.invited(ROWAN)
    waits = [(timedelta(days=7) - timedelta(seconds=1), 1), (timedelta(seconds=1), 2), (timedelta(days=6), 2),
             (timedelta(days=1), 3), (timedelta(days=20), 3)]  # fmt: skip
    for wait, mails in waits:
        run.later(wait)
        answer = run.manager.send(run.home + "/remind", {"csrf_token": run.manager.token()})
        assert answer.status in (303, 422)
        assert len(run.mailbox.to(ROWAN)) == mails, wait
    assert run.mailbox.to(ROWAN)[-1]["Subject"].startswith("Reminder: ")
    assert run.invited(ROWAN) == first
    assert run.site.visitor().get(first).status == 200


def test_the_page_says_when_the_next_reminder_can_go_out_and_when_none_is_left(run: Run) -> None:
    run.send(ROWAN)
    sent = run.site.clock()
    for number in (1, 2):
        words = run.manager.get(run.home).words
        day = run.site.instance.now() + timedelta(days=7)
        assert f"The next reminder can go out on {day.day} {day:%B %Y}" in words
        assert "Send 1 reminder" not in words
        run.later(timedelta(days=7))
        assert "Send 1 reminder" in run.manager.get(run.home).words
        assert "The next reminder" not in run.manager.get(run.home).words
        run.manager.post(run.home + "/remind")
        assert len(run.mailbox.to(ROWAN)) == number + 1
    assert run.site.clock() - sent == timedelta(days=14)
    run.later(timedelta(days=7))
    words = run.manager.get(run.home).words
    assert "Everybody who has not come was reminded twice" in words
    assert "The next reminder" not in words


def test_a_reminder_is_asked_about_with_its_number_and_its_words_before_it_goes_out_once(run: Run) -> None:
    run.send()
    run.later(timedelta(days=7))
    page = run.manager.get(run.home)
    assert run.home + "/remind" in page.links()
    asked = run.manager.get(run.home + "/remind")
    assert "Send 2 reminders?" in asked.words
    assert "Reminder: An invitation from Black Sea Food Cluster to Mill Bakery" in asked.words
    assert len(run.mailbox.mails) == 2
    run.manager.submit(asked, {}, "/remind")
    assert len(run.mailbox.mails) == 4
    run.manager.send(run.home + "/remind", {"csrf_token": run.manager.token()})
    assert len(run.mailbox.mails) == 4
    after = run.manager.get(run.home + "/remind")
    assert "There is nobody to write to now" in after.words
    assert "Bring the addresses" not in after.words


def test_nobody_is_called_reminded_whom_no_mail_has_reached(run: Run) -> None:
    refused_for_good(run)
    assert "Everybody who has not come was reminded twice" not in run.manager.get(run.home).words


def test_who_joined_or_opted_out_is_not_reminded(run: Run) -> None:
    run.send(f"{LIST}\nnew@elm.example")
    accept(run, ROWAN)
    visitor = run.site.visitor()
    visitor.submit(visitor.get(run.way_out(ALDER)), {"which": "one"}, "/opt-out")
    run.later(timedelta(days=8))
    assert "Send 1 reminder" in run.manager.get(run.home).words
    run.manager.post(run.home + "/remind")
    assert [mail["To"] for mail in run.mailbox.mails[3:]] == ["new@elm.example"]


# Coming in


def test_an_invitation_makes_account_company_membership_and_check_on_one_page(run: Run) -> None:
    run.send()
    path = run.invited(ROWAN)
    before = run.site.dump(without=("limit_counters", "sessions"))
    visitor = run.site.visitor()
    page = visitor.get(path)
    assert f"{NAME} invites you" in page.words
    assert page.form("/invited").fields.getlist("agreed") == []
    assert page.form("/invited").fields["company"] == "Rowan Ltd"
    assert run.site.dump(without=("limit_counters", "sessions")) == before, "looking changed something"
    wrong = visitor.submit(page, {"company": "Rowan & Daughters"}, "/invited", 422)
    assert "Type your name" in wrong.words
    assert "Choose the quick check or the full check" in wrong.words
    assert wrong.form("/invited").fields["company"] == "Rowan & Daughters"
    done = visitor.submit(wrong, {"name": "Rosa", "depth": "quick", "agreed": ["progress"]}, "/invited")
    assert "/assessments/" in visitor.follow(done).path
    with run.site.instance.database.reading() as connection:
        (member,) = cluster_members.members_of(connection, run.cluster_id)
    assert (member.name, member.origin, member.stage) == ("Rowan & Daughters", "invitation", 1)
    assert (member.progress, member.counted, member.named, member.on_map) == (True, False, False, False)
    assert run.states()[ROWAN] == "joined"
    assert "Joined: Check begun" in run.manager.get(run.home).words
    assert "Joined 1" in run.manager.get(f"/clusters/{run.cluster_id}").words


def test_an_invitation_to_a_questionnaire_without_a_quick_path_asks_no_choice(run: Run) -> None:
    page = f"/clusters/{run.cluster_id}/page"
    run.manager.submit(run.manager.get(page), {"asked": "business-model/"}, page)
    run.send()
    visitor = run.site.visitor()
    invited = visitor.get(run.invited(ROWAN))
    assert "For one idea or offer that saves resources" in invited.words
    assert "energy, water and materials" not in invited.words
    assert "16 questions in 6 sections" in invited.words
    assert "How much time do you have?" not in invited.words
    assert "Sustainable business model check" in invited.words
    unnamed = visitor.submit(invited, {"name": "Rosa"}, "/invited", status=422)
    assert "Give it a name, so that you find it again" in unnamed.words
    hub = visitor.follow(visitor.submit(unnamed, {"site": "Mended pumps"}, "/invited"))
    assert "Sustainable business model check" in hub.words
    with run.site.instance.database.reading() as connection:
        (check,) = connection.execute(select(assessments.c.site, assessments.c.company_name)).all()
    assert tuple(check) == ("Mended pumps", "Rowan Ltd, Mended pumps")


def test_how_far_a_company_is_does_not_show_where_it_did_not_agree(run: Run) -> None:
    run.send()
    accept(run, ROWAN)
    words = run.manager.get(run.home).words
    assert "Joined" in words
    assert "Check begun" not in words
    assert "Check begun" not in list_of(run)["list.csv"]


def test_an_invitation_works_once_and_says_what_to_do_then(run: Run) -> None:
    run.send()
    path = run.invited(ROWAN)
    accept(run, ROWAN)
    again = run.site.visitor().get(path, 404)
    assert "It was accepted already" in again.words
    assert run.site.visitor().get("/invited/" + "x" * 43, 404).words == again.words


def test_in_a_browser_where_somebody_else_is_signed_in_it_does_nothing(run: Run) -> None:
    run.send()
    path = run.invited(ROWAN)
    stranger = signed_in(run.site, person(run.site, "stranger@else.example"))
    assert "another address than that of your account" in stranger.get(path, 404).words
    stranger.post("/invited", {"token": path.rpartition("/")[2], **JOIN}, 404)
    assert run.states()[ROWAN] == "sent"


def test_whoever_has_an_account_chooses_one_of_their_companies(run: Run) -> None:
    owner = person(run.site, ROWAN)
    with run.site.instance.database.writing() as connection:
        firm = companies.add_company(connection, "Rowan Works", owner, run.site.clock())
        other = companies.add_company(
            connection, "Not theirs", person_in(run, connection, "x@y.example"), run.site.clock()
        )
    run.send(f"{ALDER}")
    made = run.manager.post(f"/clusters/{run.cluster_id}/campaigns", {"name": "Two"})
    run.home = made.location.removesuffix("/words")
    run.campaign_id = run.home.split("/")[4]
    run.send(ROWAN)
    page = run.site.visitor().get(run.invited(ROWAN))
    assert "Rowan Works" in page.words
    visitor = run.site.visitor()
    bad = visitor.submit(visitor.get(run.invited(ROWAN)), {**JOIN, "into": other.id}, "/invited", 422)
    assert "Choose a company" in bad.words
    accept(run, ROWAN, into=firm.id)
    with run.site.instance.database.reading() as connection:
        (member,) = cluster_members.members_of(connection, run.cluster_id)
    assert member.company_id == firm.id


def test_the_invitation_of_a_cluster_that_is_gone_says_so_and_leaves_no_address(run: Run) -> None:
    run.send()
    path = run.invited(ROWAN)
    run.manager.post(f"/clusters/{run.cluster_id}/delete")
    assert "the cluster is gone" in run.site.visitor().get(path, 404).words
    assert not [row for row in run.site.dump() if ROWAN in row]
    # The way out still works, now for all clusters.
    visitor = run.site.visitor()
    out = visitor.get(run.way_out(ROWAN))
    assert NAME not in out.words
    visitor.submit(out, {"which": "all"}, "/opt-out")


# No more mails


def test_looking_at_the_way_out_changes_nothing_and_the_button_holds_for_ever(run: Run) -> None:
    run.send()
    path, visitor = run.way_out(ROWAN), run.site.visitor()
    page = visitor.get(path)
    assert f"No more mails from {NAME}" in page.words
    assert ROWAN not in page.text
    assert run.states()[ROWAN] == "sent"
    done = visitor.follow(visitor.submit(page, {"which": "one"}, "/opt-out"))
    assert "You get no more of these mails" in done.words
    assert run.states()[ROWAN] == "opted-out"
    run.manager.post(run.home + "/delete")
    made = run.manager.post(f"/clusters/{run.cluster_id}/campaigns", {"name": "Years later"})
    run.home = made.location.removesuffix("/words")
    run.campaign_id = run.home.split("/")[4]
    run.later(timedelta(days=3 * 365))
    run.take()
    assert run.states() == {ROWAN: "opted-out", ALDER: "listed"}


def test_opting_out_of_one_cluster_says_nothing_to_another_and_of_all_does(run: Run) -> None:
    run.send()
    other_id = run.manager.post("/clusters", {"name": "Other"}).location.split("/")[2]
    for which, states in (("one", "listed"), ("all", "opted-out")):
        visitor = run.site.visitor()
        visitor.submit(visitor.get(run.way_out(ROWAN)), {"which": which}, "/opt-out")
        made = run.manager.post(f"/clusters/{other_id}/campaigns", {"name": which})
        elsewhere = Run.__new__(Run)
        elsewhere.site, elsewhere.mailbox, elsewhere.manager = run.site, run.mailbox, run.manager
        elsewhere.home = made.location.removesuffix("/words")
        elsewhere.campaign_id = elsewhere.home.split("/")[4]
        elsewhere.take(ROWAN)
        assert elsewhere.states() == {ROWAN: states}, which


def test_a_backup_that_is_brought_back_does_not_undo_opting_out(run: Run) -> None:
    run.send()
    visitor = run.site.visitor()
    visitor.submit(visitor.get(run.way_out(ROWAN)), {"which": "one"}, "/opt-out")
    with run.site.instance.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM opt_outs")
        connection.exec_driver_sql("DELETE FROM campaign_addresses")
    run.take()
    assert run.states() == {ROWAN: "opted-out", ALDER: "listed"}


def test_a_forged_way_out_leads_nowhere(run: Run) -> None:
    run.send()
    path = run.way_out(ROWAN)
    for forged in (path[:-1] + ("A" if path[-1] != "A" else "B"), "/opt-out/x", "/opt-out/é", path[:20]):
        assert "This link is not complete" in run.site.visitor().get(forged, 404).words
    other = path.rpartition("/")[2]
    swapped = ("B" if other[0] != "B" else "C") + other[1:]
    run.site.visitor().post("/opt-out", {"token": swapped, "which": "all"}, 404)
    assert run.states()[ROWAN] == "sent"


# What is kept


@pytest.mark.parametrize(("after", "stays"), [(timedelta(seconds=-1), True), (timedelta(seconds=1), False)])
def test_the_address_of_who_did_not_come_is_forgotten_thirty_days_after_the_last_mail(
    run: Run, after: timedelta, stays: bool
) -> None:
    """PRV-07. Who came stays on the list, the count stays, and the old link opens nothing."""
    run.send()
    accept(run, ALDER, company="Alder Ltd")
    run.later(timedelta(days=10))
    run.manager.post(run.home + "/remind")
    path, way_out = run.invited(ROWAN), run.way_out(ROWAN)
    run.site.clock.now += timedelta(days=30) + after
    for _ in range(2):
        upkeep.prune(run.site.instance)
    left = [row for row in run.site.dump() if ROWAN in row]
    assert bool(left) is stays, left
    assert set(run.states()) == ({ROWAN, ALDER} if stays else {ALDER})
    run.site.visitor().get(path, 200 if stays else 404)
    with run.site.instance.database.reading() as connection:
        assert stored.invited_to(connection, run.cluster_id) == 2
    # The way out holds longer than the address.
    visitor = run.site.visitor()
    visitor.submit(visitor.get(way_out), {"which": "one"}, "/opt-out")


def test_an_account_that_goes_takes_its_address_off_the_lists(run: Run) -> None:
    run.send()
    accept(run, ROWAN)
    owner = people_id(run, ROWAN)
    with run.site.instance.database.writing() as connection:
        (firm, _role) = companies.companies_of(connection, owner)[0]
    visitor = signed_in(run.site, owner)
    visitor.submit(visitor.get(f"/companies/{firm.id}/delete"), {}, "/delete")
    run.site.clock.forward(days=8)
    upkeep.prune(run.site.instance)
    assert not [row for row in run.site.dump() if ROWAN in row]


def test_the_list_is_taken_as_a_file_in_which_nothing_runs(run: Run) -> None:
    run.take(f"{ROWAN};=1+1\n{ALDER};Alder Ltd")
    with run.site.instance.database.writing() as connection:
        digest = opting_out.digest_of(run.site.instance, ALDER)
        stored.opt_out(connection, digest, stored.ALL_CLUSTERS, run.site.clock())
    text = list_of(run)["list.csv"]
    assert text.splitlines()[1:] == [f"{ALDER},Alder Ltd,en,Wants no mail,,0,", f"{ROWAN},'=1+1,en,Not written to,,0,"]
    sheet = openpyxl.load_workbook(io.BytesIO(run.manager.get(run.home + "/list.xlsx").body)).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2))
    assert [(cell.value, cell.data_type) for cell in rows[1][:2]] == [(ROWAN, "s"), ("=1+1", "s")]
    run.manager.get(run.home + "/list.pdf", 404)


def list_of(run: Run) -> dict[str, str]:
    """The texts of the files in the ZIP of the list."""
    with zipfile.ZipFile(io.BytesIO(run.manager.get(run.home + "/list.csv").body)) as archive:
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def test_the_list_has_a_codebook_that_names_every_column_and_state_in_both_forms(run: Run) -> None:
    run.take(f"{ROWAN};Rowan Ltd")
    found = list_of(run)
    described = [*csv.reader(io.StringIO(found["codebook.csv"]))]
    columns = [row[1] for row in described[1:]]
    assert described[0] == ["table", "column", "meaning", "values"]
    assert columns == found["list.csv"].splitlines()[0].split(",")
    assert all(row[2] for row in described[1:])
    (state,) = (row[3] for row in described if row[1] == "State")
    assert {"Not written to", "Wants no mail", "Joined"} <= set(state.split("; "))
    book = openpyxl.load_workbook(io.BytesIO(run.manager.get(run.home + "/list.xlsx").body))
    assert book.sheetnames == ["list", "codebook"]
    written = [["" if cell is None else cell for cell in row] for row in book["codebook"].iter_rows(values_only=True)]
    assert written == described


def test_a_campaign_of_another_cluster_is_not_found_under_ones_own(run: Run) -> None:
    other = signed_in(run.site, person(run.site, "other@cluster.example", "manager"))
    other_id = other.post("/clusters", {"name": "Other"}).location.split("/")[2]
    for path in ("", "/words", "/addresses", "/send", "/delete", "/list.csv"):
        other.get(run.home + path, 404)
        other.get(f"/clusters/{other_id}/campaigns/{run.campaign_id}{path}", 404)
    for path in ("/words", "/addresses", "/addresses/take", "/send", "/remind", "/stop", "/delete", "/test"):
        other.post(f"/clusters/{other_id}/campaigns/{run.campaign_id}{path}", {"act": "take"}, 404)


# The poster


def test_a_poster_is_made_and_made_anew_when_the_cluster_changes(run: Run, mailbox: Mailbox) -> None:
    path = f"/clusters/{run.cluster_id}/poster"
    run.manager.submit(run.manager.get(path))
    first = next(link for link in run.manager.get(path).links() if link.endswith(".pdf"))
    assert run.manager.get(first).body.startswith(b"%PDF")
    run.site.clock.forward(seconds=1)
    run.manager.post(f"/clusters/{run.cluster_id}/code")
    assert not [link for link in run.manager.get(path).links() if link.endswith(".pdf")]
    run.manager.submit(run.manager.get(path))
    run.manager.get(first, 404)
    with run.site.instance.database.reading() as connection:
        assert stored_clusters.find(connection, id=run.cluster_id) is not None


def test_nobody_is_written_to_where_the_instance_sends_no_mail(make_site: MakeSite, mailbox: Mailbox) -> None:
    run = Run(make_site(production=True), mailbox)
    run.take()
    assert "sends no mail" in run.manager.post(run.home + "/send", status=422).words
    assert set(run.states().values()) == {"listed"}
