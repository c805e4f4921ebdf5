"""Mails speak the language of whoever gets them."""

import pytest

from assessment.i18n import Language
from assessment.services import mails
from assessment.services.people import sessions
from assessment.storage.people import companies, people
from tests.brackets import Pseudo, bracketed
from tests.web.mailbox import Mailbox
from tests.web.people import person, signed_in
from tests.web.visiting import Site


def test_each_mail_is_in_the_language_of_whoever_gets_it_and_not_of_whoever_causes_it(
    mailed: Site, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mails, "language_of", lambda code: Pseudo() if code == "xx" else Language("en"))
    owner, other = person(mailed, "owner@firm.example"), person(mailed, "other@firm.example")
    mentor, admin = person(mailed, "mentor@help.example", "mentor"), person(mailed, "a@run.example", "administrator")
    with mailed.instance.database.writing() as connection:
        company = companies.add_company(connection, "Firm", owner, mailed.clock()).id
        companies.add_member(connection, company, other, "owner", mailed.clock())
        people.change_person(connection, other, language="xx")
        people.change_person(connection, mentor, language="xx")
    by_mentor, by_owner, by_admin = (signed_in(mailed, one) for one in (mentor, owner, admin))
    for address in ("owner@firm.example", "other@firm.example"):
        by_mentor.post("/mentor/offers", {"email": address})
    by_owner.post(f"/companies/{company}/delete")
    by_owner.post(f"/companies/{company}/keep")
    reason = {"reason": "They asked us by telephone to look"}
    by_admin.post(f"/administration/companies/{company}/open", reason)
    by_owner.post(f"/companies/{company}/mentors", {"email": "mentor@help.example"})
    by_admin.post(f"/administration/people/{mentor}/role", {"role": "none"})
    in_their_own = {
        address: [bracketed("x")[0] in str(mail["Subject"]) for mail in mailbox.to(address)]
        for address in ("owner@firm.example", "other@firm.example", "mentor@help.example")
    }
    assert len(in_their_own["other@firm.example"]) >= 4
    assert not any(in_their_own["owner@firm.example"])
    assert all(in_their_own["other@firm.example"])
    assert all(in_their_own["mentor@help.example"])
    assert len(in_their_own["mentor@help.example"]) == 2


def test_whoever_signs_in_in_another_language_is_written_to_in_that_one(mailed: Site) -> None:
    owner = person(mailed, "owner@firm.example")
    with mailed.instance.database.reading() as connection:
        before = people.find_person(connection, id=owner)
    assert before is not None
    sessions.enter(mailed.instance, "", "a" * 64, before, factors=1, device="", language="xx")
    with mailed.instance.database.reading() as connection:
        after = people.find_person(connection, id=owner)
    assert after is not None
    assert (before.language, after.language) == ("en", "xx")
