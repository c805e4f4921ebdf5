"""A company lets a mentor in and out; before it agrees and after it ends nothing is seen. AZ-07, AZ-08, AUTH-06."""

import re

import pytest

from assessment.press import plan_document
from assessment.services.checks import answering, results
from assessment.services.plans import reports
from assessment.storage.checks import assessments
from assessment.storage.checks.drafts import Draft
from assessment.storage.mentors import grants
from assessment.storage.mentors.grants import Recorded
from assessment.storage.people import companies
from tests.web.mentored import MENTOR, OWNER, Mentored, mentored, stranger
from tests.web.people import person, signed_in
from tests.web.visiting import Visitor

__all__ = ["mentored"]


def link_in(printed: str) -> str:
    """The path of the last link in the mails of a demo, which go to its console."""
    found: list[str] = re.findall(r"https?://[^\s/]+(/\S+)", printed)
    return found[-1]


def ended(mentored: Mentored) -> None:
    page = mentored.owner.get(mentored.home + "/mentors")
    mentored.owner.submit(page, {"act": "end"}, action=grant_path(mentored))


def grant_path(mentored: Mentored) -> str:
    """The address of what waits for the company, else of the access that there is."""
    with mentored.site.instance.database.reading() as connection:
        found = grants.grants_of(connection, mentored.company_id, mentored.site.clock())
    newest = sorted(found, key=lambda grant: grant.state == "offered")[-1]
    return f"{mentored.home}/mentors/{newest.id}"


def test_an_invited_mentor_sees_nothing_before_they_accept_and_the_link_works_once(
    mentored: Mentored, capsys: pytest.CaptureFixture[str]
) -> None:
    ended(mentored)
    page = mentored.owner.get(mentored.home + "/mentors")
    form = next(form for form in page.forms() if "email" in form.fields)
    assert mentored.owner.send(mentored.home + "/mentors", form.filled({"email": f" {MENTOR.upper()} "})).status == 303
    link = link_in(capsys.readouterr().out)
    mentored.mentor.get(mentored.hub + "/review", 404)
    assert "Olga of Sample Bakery asks you to be its mentor" in mentored.mentor.get(link).words
    for _ in range(3):
        mentored.mentor.get(link)
    # Neither a visitor nor another mentor can use it.
    anybody = mentored.site.visitor()
    assert "Sign in" in anybody.get(link).words
    other = stranger(mentored)
    assert other.post("/mentor/invitation", {"token": link.rpartition("/")[2]}, 404).status == 404
    mentored.mentor.get(mentored.hub + "/review", 404)
    accepted = mentored.mentor.submit(mentored.mentor.get(link), action="/mentor/invitation")
    assert accepted.location.startswith("/mentor?")
    assert "Sample Bakery" in mentored.mentor.get("/mentor").words
    mentored.mentor.get(mentored.hub + "/review")
    mentored.mentor.get(link, 404)
    assert mentored.mentor.post("/mentor/invitation", {"token": link.rpartition("/")[2]}, 404).status == 404


def test_a_withdrawn_or_old_invitation_does_not_work(mentored: Mentored, capsys: pytest.CaptureFixture[str]) -> None:
    ended(mentored)
    mentored.owner.post(mentored.home + "/mentors", {"email": MENTOR})
    first = link_in(capsys.readouterr().out)
    page = mentored.owner.get(mentored.home + "/mentors")
    withdraw = next(form for form in page.forms() if "mentor-invitations" in form.action)
    assert mentored.owner.send(withdraw.action, withdraw.fields).status == 303
    mentored.mentor.get(first, 404)
    mentored.owner.post(mentored.home + "/mentors", {"email": MENTOR})
    second = link_in(capsys.readouterr().out)
    mentored.site.clock.forward(days=14, seconds=1)
    mentored.again()
    mentored.mentor.get(second, 404)


def test_access_ends_with_one_press_from_the_next_request_on(mentored: Mentored) -> None:
    open_page = mentored.mentor.get(mentored.hub + "/review/ene-03")
    assert "Sample Bakery" in mentored.mentor.get("/mentor").words
    ended(mentored)
    # The page that was open sends its form into the void, and nothing is written.
    before = mentored.site.dump(without=("limit_counters", "sessions"))
    mentored.mentor.submit(open_page, {"act": "confirm"}, status=404)
    assert mentored.site.dump(without=("limit_counters", "sessions")) == before
    for path in ("", "/review", "/review/ene-03", "/results", "/plan", "/data.json", "/plan/files/csv"):
        mentored.mentor.get(mentored.hub + path, 404)
    assert "Sample Bakery" not in mentored.mentor.get("/mentor").words


def test_an_offer_is_taken_up_or_declined_and_tells_nothing_of_who_has_an_account(mentored: Mentored) -> None:
    ended(mentored)
    answers = {
        address: mentored.mentor.post("/mentor/offers", {"email": address}).location
        for address in (OWNER, "nobody@nowhere.example.org")
    }
    assert len(set(answers.values())) == 1
    mentored.mentor.get(mentored.hub + "/review", 404)
    page = mentored.owner.get(mentored.home + "/mentors")
    assert "Mira Petrova" in page.words
    mentored.owner.submit(page, {"act": "decline"}, action=grant_path(mentored))
    mentored.mentor.get(mentored.hub + "/review", 404)
    mentored.mentor.post("/mentor/offers", {"email": OWNER})
    mentored.owner.submit(
        mentored.owner.get(mentored.home + "/mentors"), {"act": "accept"}, action=grant_path(mentored)
    )
    mentored.mentor.get(mentored.hub + "/review")


def test_a_mentor_who_wants_to_be_found_is_chosen_by_name(
    mentored: Mentored, capsys: pytest.CaptureFixture[str]
) -> None:
    noa = stranger(mentored)
    assert "Noa" not in mentored.owner.get(mentored.home + "/mentors").words
    noa.post("/mentor/listing", {"found": "yes"})
    page = mentored.owner.get(mentored.home + "/mentors")
    form = next(form for form in page.forms() if "mentor" in form.fields)
    assert mentored.owner.send(mentored.home + "/mentors", form.fields).status == 303
    noa.submit(noa.get(link_in(capsys.readouterr().out)), action="/mentor/invitation")
    noa.get(mentored.hub + "/review")
    # Nobody else can be named that way.
    mentored.owner.post(mentored.home + "/mentors", {"mentor": mentored.owner_id}, 404)


def test_handing_over_changes_nothing_until_the_company_agrees(
    mentored: Mentored, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    noa = stranger(mentored)
    noa.post("/mentor/listing", {"found": "yes"})
    page = mentored.mentor.get("/mentor/hand-over")
    assert mentored.mentor.submit(page, status=422).status == 422
    with mentored.site.instance.database.reading() as connection:
        successor = next(iter(dict(grants.mentors_to_find(connection))))
    mentored.mentor.submit(page, {"company": mentored.company_id, "successor": successor})
    noa.get(mentored.hub + "/review", 404)
    mentored.mentor.get(mentored.hub + "/review")
    offered = mentored.owner.get(mentored.home + "/mentors")
    assert "hand over" in offered.words
    assert "1 mentor waits for your answer" in mentored.owner.get(mentored.home).words
    capsys.readouterr()
    mentored.owner.submit(offered, {"act": "accept"}, action=grant_path(mentored))
    noa.get(mentored.hub + "/review")
    mentored.mentor.get(mentored.hub + "/review", 404)
    assert "waits for your answer" not in mentored.owner.get(mentored.home).words
    # Both mentors are told, and each what happened.
    mails = capsys.readouterr().out.split("--- Mail to ")[1:]
    (old,) = (mail for mail in mails if mail.startswith(MENTOR))
    assert "Sample Bakery has agreed that your colleague looks after it" in old
    assert "ended your access" not in old
    (new,) = (mail for mail in mails if mail.startswith("noa@mentors.example.org"))
    assert "You are the mentor of Sample Bakery now" in new
    assert "Mira Petrova has handed Sample Bakery over to you" in new


def test_clients_are_handed_over_by_address_too_and_the_answer_tells_nothing_of_it(
    mentored: Mentored, capsys: pytest.CaptureFixture[str]
) -> None:
    noa = stranger(mentored)
    person(mentored.site, "petra@elsewhere.example", name="Petra")
    page = mentored.mentor.get("/mentor/hand-over")
    said = {"company": mentored.company_id, "successor": "address"}
    told = mentored.mentor.submit(page, {**said, "email": "not an address"}, status=422)
    assert "Type one mail address" in told.words
    assert 'value="not an address"' in told.text
    mentored.mentor.submit(page, {**said, "email": MENTOR}, status=422)
    answers = [
        mentored.mentor.submit(page, {**said, "email": email}).location
        for email in ("nobody@elsewhere.example", "petra@elsewhere.example", " NOA@mentors.example.org ")
    ]
    assert len(set(answers)) == 1
    assert capsys.readouterr().out.count(f"--- Mail to {OWNER}") == 1
    noa.get(mentored.hub + "/review", 404)
    mentored.mentor.get(mentored.hub + "/review")
    offered = mentored.owner.get(mentored.home + "/mentors")
    assert "Noa" in offered.words
    mentored.owner.submit(offered, {"act": "accept"}, action=grant_path(mentored))
    noa.get(mentored.hub + "/review")
    mentored.mentor.get(mentored.hub + "/review", 404)


def test_who_leaves_is_out_at_once_and_cannot_leave_for_others(
    mentored: Mentored, capsys: pytest.CaptureFixture[str]
) -> None:
    other = stranger(mentored)
    other.post("/mentor/hand-over", {"company": mentored.company_id, "successor": "nobody"})
    mentored.mentor.get(mentored.hub + "/review")
    mentored.mentor.post("/mentor/hand-over", {"company": mentored.company_id, "successor": "nobody"})
    mentored.mentor.get(mentored.hub + "/review", 404)
    assert OWNER in capsys.readouterr().out


def test_only_an_owner_manages_mentors(mentored: Mentored) -> None:
    for visitor, status in ((mentored.mentor, 404), (stranger(mentored), 404), (mentored.site.visitor(), 404)):
        visitor.get(mentored.home + "/mentors", status)
        visitor.post(mentored.home + "/mentors", {"email": "x@example.org"}, status)
    with mentored.site.instance.database.writing() as connection:
        connection.exec_driver_sql("UPDATE memberships SET role = 'editor'")
    mentored.owner.get(mentored.home + "/mentors", 403)


def test_mentors_pages_are_for_mentors(mentored: Mentored) -> None:
    for path in ("/mentor", "/mentor/offers", "/mentor/hand-over"):
        mentored.owner.get(path, 404)
        assert mentored.site.visitor().get(path, 303).location.startswith("/sign-in")


def test_a_look_is_noted_once_an_hour_and_read_by_the_company(mentored: Mentored) -> None:
    for _ in range(3):
        mentored.mentor.get(mentored.hub + "/review")
        mentored.mentor.get(mentored.hub + "/results")
    assert sorted(look[1] for look in mentored.looks()) == ["read results", "review answers"]
    assert {look[0] for look in mentored.looks()} == {"Mira Petrova"}
    mentored.site.clock.forward(hours=1, seconds=1)
    mentored.again()
    mentored.mentor.get(mentored.hub + "/review")
    assert len(mentored.looks()) == 3
    # The company's own looks are nobody's business.
    mentored.owner.get(mentored.hub + "/results")
    assert len(mentored.looks()) == 3


def test_a_check_that_was_only_linked_to_was_not_looked_at(mentored: Mentored) -> None:
    with mentored.site.instance.database.writing() as connection:
        assessments.create(
            connection, questionnaire="resource-efficiency", version=mentored.site.instance.library.newest[1],
            depth="full", language="en", now=mentored.site.clock(), previous_id=mentored.draft_id,
            company_id=mentored.company_id,
        )  # fmt: skip
    mentored.mentor.get(mentored.hub + "/results")
    with mentored.site.instance.database.reading() as connection:
        looked = connection.exec_driver_sql("SELECT DISTINCT assessment_id FROM access_log").scalars().all()
    assert looked == [mentored.draft_id]


def test_who_has_no_second_factor_is_no_mentor_yet(mentored: Mentored) -> None:
    half = signed_in(mentored.site, mentored.mentor_id, factors=1, complete=False)
    assert half.get("/mentor", 303).location.startswith("/sign-in")
    half.get(mentored.hub + "/review", 404)


# The client list


def clients_page(visitor: Visitor, query: str = "") -> str:
    return visitor.get(f"/mentor{query}").words


def test_the_client_list_says_how_far_each_is_and_whose_turn_it_is(mentored: Mentored) -> None:
    assert "1 company, 1 waits for you" in clients_page(mentored.mentor)
    assert "To review" in clients_page(mentored.mentor)
    mentored.review("ene-03", "ask", "Which meter is this?")
    assert "Company: 1 to answer" in clients_page(mentored.mentor)
    mentored.mentor.post(mentored.hub + "/review-finish")
    shown = clients_page(mentored.mentor, "?turn=company&state=reviewed&order=deadline")
    assert "Sample Bakery" in shown
    assert "none waits for you" in shown
    assert "No company fits these filters." in clients_page(mentored.mentor, "?turn=you")
    mentored.reply("ene-03", "reply", "The big one")
    assert "You: 1 to answer" in clients_page(mentored.mentor, "?turn=you")
    mentored.site.clock.forward(minutes=5)
    mentored.owner.hub = mentored.hub
    mentored.owner.answer({"ene-03": "do-not-know"})
    assert "Changed since the review" in clients_page(mentored.mentor)


def test_a_filter_that_does_not_exist_is_none(mentored: Mentored) -> None:
    assert "Sample Bakery" in clients_page(mentored.mentor, "?turn=<b>&state=%27&order=nothing")


def test_a_list_shows_the_clients_of_this_mentor_alone(mentored: Mentored) -> None:
    assert "Sample Bakery" not in clients_page(stranger(mentored))
    assert person(mentored.site, "zoe@mentors.example.org", "mentor")


@pytest.mark.parametrize("name", ["<b>100 %s & %%</b>", '-place- "x" {0}', "%(company)s </a><script>"])
def test_a_company_stands_in_the_list_by_the_name_it_gave_itself_whatever_is_in_it(
    mentored: Mentored, name: str
) -> None:
    other = f"{name} too"
    with mentored.site.instance.database.writing() as connection:
        companies.rename(connection, mentored.company_id, name)
        # And one without a check, whose line leads nowhere.
        made = companies.add_company(connection, other, mentored.owner_id, mentored.site.clock())
        recorded = Recorded("digest", "en", "test", mentored.owner_id)
        grants.begin(connection, made.id, mentored.mentor_id, recorded, mentored.site.clock())
    page = mentored.mentor.get("/mentor")
    lines = [row for row in page.tree.iter("tr") if row.find("td") is not None]
    heads = [head for row in lines if (head := row.find("th")) is not None]
    assert [" ".join("".join(head.itertext()).split()) for head in heads] == [
        " ".join(name.split()), " ".join(other.split())
    ]  # fmt: skip
    assert [link.get("href") for head in heads for link in head.iter("a")] == [f"{mentored.hub}/review"]
    assert [len(row.findall("td")) for row in lines] == [5, 5]


def test_whom_to_call_is_the_mentor_as_long_as_there_is_one_on_pages_and_in_what_is_printed(mentored: Mentored) -> None:
    def printed() -> tuple[str, ...]:
        opened = answering.with_route(mentored.site.instance, draft_of(mentored), "en")
        frozen = results.latest(mentored.site.instance, opened, "en")
        material = reports.material_of(mentored.site.instance, opened, frozen, "en")
        document = plan_document(mentored.site.instance, material)
        return (document.contact.name, *document.contact.lines) if document.contact else ()

    told = f"Who to call Mira Petrova Your mentor {MENTOR}"
    for page in ("/results", "/plan"):
        assert told in mentored.owner.get(mentored.hub + page).words
    assert printed() == ("Mira Petrova", "Your mentor", MENTOR)
    ended(mentored)
    for page in ("/results", "/plan"):
        words = mentored.owner.get(mentored.hub + page).words
        assert "Who to call Your trade association" in words
        assert MENTOR not in words
    assert printed() == ()


def draft_of(mentored: Mentored) -> Draft:
    with mentored.site.instance.database.reading() as connection:
        found = assessments.draft_of(connection, mentored.draft_id)
    assert found is not None
    return found
