"""From gaps to joint action: proposed by released figures, asked by the product, agreed by who becomes visible."""

import pytest

from assessment.content.clusters.joint_actions import joint_kinds
from assessment.content.library import Library
from assessment.core.clusters.joint_action import questions_of
from assessment.storage.clusters import cluster_members
from assessment.storage.clusters import joint_actions as stored
from assessment.storage.people import companies
from tests.web.clustered import give
from tests.web.mailbox import Mailbox, text_of
from tests.web.people import person, signed_in
from tests.web.visiting import Site, Visitor

MEMBERS = 12


@pytest.fixture
def manager(mailed: Site) -> Visitor:
    return signed_in(mailed, person(mailed, "manager@cluster.example", "manager"))


@pytest.fixture
def cluster_id(manager: Visitor) -> str:
    return manager.post("/clusters", {"name": "Coast"}).location.split("/")[2]


@pytest.fixture
def members(mailed: Site, cluster_id: str) -> list[tuple[str, str]]:
    """Companies with a result, each with its owner: every second one lacks an energy audit (question ene-04)."""
    made = []
    for number in range(MEMBERS):
        owner = person(mailed, f"owner{number}@firm.example")
        with mailed.instance.database.writing() as connection:
            company = companies.add_company(connection, f"Firm {number} Ltd", owner, mailed.clock())
            cluster_members.join(
                connection, cluster_id, company.id, company.name, "code", 0, mailed.clock(), ("counted",)
            )  # fmt: skip
        give(mailed, company.id, 30 + number)
        made.append((company.id, owner))
    return made


def propose(manager: Visitor, cluster_id: str, kind: str = "energy-audits", status: int = 303) -> str:
    page = manager.get(f"/clusters/{cluster_id}/joint-action/new?kind={kind}")
    return manager.submit(page, {}, "/joint-action", status).words if status != 303 else str(
        manager.submit(page, {}, "/joint-action").location
    )  # fmt: skip


def action_of(site: Site, cluster_id: str) -> str:
    with site.instance.database.reading() as connection:
        return stored.of_cluster(connection, cluster_id)[0].id


def test_the_figures_propose_what_many_lack_and_the_manager_learns_no_names(
    mailed: Site, manager: Visitor, cluster_id: str, members: list[tuple[str, str]]
) -> None:
    assert "There are no figures yet" in manager.get(f"/clusters/{cluster_id}/joint-action").words
    manager.post(f"/clusters/{cluster_id}/readiness")
    page = manager.get(f"/clusters/{cluster_id}/joint-action")
    assert "About 5 of 10 members have nothing of this: Energy audit" in page.words
    propose(manager, cluster_id)
    after = manager.get(f"/clusters/{cluster_id}/joint-action")
    assert "Nobody has said yes so far" in after.words
    # What is open already is not proposed a second time, until it is closed.
    again = f"/clusters/{cluster_id}/joint-action/new?kind=energy-audits"
    assert "You proposed this already" in after.words
    assert again not in after.links()
    manager.submit(after, {}, "/close")
    assert again in manager.get(f"/clusters/{cluster_id}/joint-action").links()
    assert not any(f"Firm {number} " in after.text for number in range(MEMBERS))


def test_those_who_lack_it_are_asked_by_mail_in_the_same_words_and_nobody_else(
    mailed: Site, mailbox: Mailbox, manager: Visitor, cluster_id: str, members: list[tuple[str, str]]
) -> None:
    propose(manager, cluster_id)
    asked = {f"owner{number}@firm.example" for number in range(0, MEMBERS, 2)}
    assert {mail["To"] for mail in mailbox.mails} == asked
    said = {text_of(mail).partition("http")[0] for mail in mailbox.mails}
    assert len(said) == 1
    # Whoever runs the cluster reads that everybody is invited, and of nobody that they were asked.
    listed = manager.get(f"/clusters/{cluster_id}/joint-action").words
    assert "Invited is everybody: all 12 members see each proposal" in listed
    assert "Firm 0" not in listed
    (company_id, owner), (other_id, other) = members[0], members[1]
    path = "/companies/{0}/clusters/{1}/joint-action"
    theirs = signed_in(mailed, owner).get(path.format(company_id, cluster_id))
    assert "By your answers this could help you" in theirs.words
    page = signed_in(mailed, other).get(path.format(other_id, cluster_id))
    assert "Buy energy audits together" in page.words
    assert "By your answers" not in page.words


def test_only_who_says_yes_becomes_visible_and_can_take_it_back(
    mailed: Site, manager: Visitor, cluster_id: str, members: list[tuple[str, str]]
) -> None:
    propose(manager, cluster_id)
    for (company_id, owner), act, words in ((members[0], "yes", "Call Ana"), (members[2], "no", "Never"),
                                            (members[1], "yes", "")):  # fmt: skip
        visitor, path = signed_in(mailed, owner), f"/companies/{company_id}/clusters/{cluster_id}/joint-action"
        visitor.post(f"{path}/{action_of(mailed, cluster_id)}", {"act": act, "words": words})
    shown = manager.get(f"/clusters/{cluster_id}/joint-action").words
    assert "2 members take part: Firm 0 Ltd : Call Ana Firm 1 Ltd" in shown
    assert "Firm 2" not in shown
    assert "Never" not in shown
    company_id, owner = members[0]
    visitor, path = signed_in(mailed, owner), f"/companies/{company_id}/clusters/{cluster_id}/joint-action"
    visitor.post(f"{path}/{action_of(mailed, cluster_id)}", {"act": "no", "words": ""})
    assert "Firm 0" not in manager.get(f"/clusters/{cluster_id}/joint-action").words


def test_whoever_leaves_the_cluster_takes_part_no_longer(
    mailed: Site, manager: Visitor, cluster_id: str, members: list[tuple[str, str]]
) -> None:
    propose(manager, cluster_id)
    company_id, owner = members[0]
    visitor, home = signed_in(mailed, owner), f"/companies/{company_id}/clusters/{cluster_id}"
    visitor.post(f"{home}/joint-action/{action_of(mailed, cluster_id)}", {"act": "yes", "words": ""})
    visitor.post(f"{home}/leave")
    assert "Firm 0" not in manager.get(f"/clusters/{cluster_id}/joint-action").words
    assert visitor.get(f"{home}/joint-action", 404).status == 404


def test_what_is_closed_takes_no_answer_and_keeps_what_was_typed(
    mailed: Site, manager: Visitor, cluster_id: str, members: list[tuple[str, str]]
) -> None:
    propose(manager, cluster_id)
    company_id, owner = members[0]
    action_id = action_of(mailed, cluster_id)
    manager.post(f"/clusters/{cluster_id}/joint-action/{action_id}/close")
    visitor = signed_in(mailed, owner)
    path = f"/companies/{company_id}/clusters/{cluster_id}/joint-action/{action_id}"
    answer = visitor.post(path, {"act": "yes", "words": "Call Ana"}, 422)
    assert "This is closed" in answer.words


def test_a_proposal_without_words_or_with_a_past_day_says_what_to_type(manager: Visitor, cluster_id: str) -> None:
    typed = {"kind": "", "title": "", "words": "", "until.day": "1", "until.month": "1", "until.year": "2020"}
    answer = manager.post(f"/clusters/{cluster_id}/joint-action", typed, 422)
    for words in ("Type a title", "Say in 1000 characters", "Enter a day after today"):
        assert words in answer.words


def test_every_kind_serves_measures_that_the_catalogue_has_and_questions_that_advise_them(library: Library) -> None:
    measures = library.catalogue("en").measures
    actions = library.edition(*library.newest, "en").actions
    for kind in joint_kinds():
        assert set(kind.measures) <= measures.keys(), kind.id
        assert questions_of(kind, actions), kind.id


def test_the_roadmap_keeps_its_lines_and_of_two_who_change_one_the_second_is_told(
    mailed: Site, manager: Visitor, cluster_id: str
) -> None:
    path = f"/clusters/{cluster_id}/roadmap"
    typed = {"title": "Tender for audits", "owner": "Mira", "ends_on.day": "31", "ends_on.month": "3",
             "ends_on.year": "2027", "effect": "about EUR 40,000 a year (estimate)"}  # fmt: skip
    manager.submit(manager.get(f"{path}/new"), typed, "/roadmap")
    shown = manager.get(path)
    assert "Tender for audits" in shown.words
    assert "until 31 March 2027" in shown.words
    (line,) = (link for link in shown.links() if link.startswith(f"{path}/") and not link.endswith("/new"))
    first, second = manager.get(line), manager.get(line)
    manager.submit(first, {"title": "Tender for ten audits"}, line)
    answer = manager.submit(second, {"title": "No tender"}, line, 409)
    assert "Somebody else changed this line while you typed" in answer.words
    assert "No tender" in answer.text
    manager.submit(answer, {}, line)
    assert "No tender" in manager.get(path).words
    manager.submit(manager.get(line), {}, "/remove")
    assert "The plan is empty" in manager.get(path).words


def test_an_end_before_the_beginning_is_asked_back(manager: Visitor, cluster_id: str) -> None:
    typed = {"title": "X", "state": "planned", "begins_on.day": "2", "begins_on.month": "2", "begins_on.year": "2027",
             "ends_on.day": "1", "ends_on.month": "2", "ends_on.year": "2027"}  # fmt: skip
    answer = manager.post(f"/clusters/{cluster_id}/roadmap", typed, 422)
    assert "The end comes before the beginning" in answer.words


def test_joint_action_goes_into_the_roadmap_with_what_the_figures_let_expect(
    mailed: Site, manager: Visitor, cluster_id: str, members: list[tuple[str, str]]
) -> None:
    propose(manager, cluster_id)
    page = manager.get(f"/clusters/{cluster_id}/roadmap/new?joint={action_of(mailed, cluster_id)}")
    assert page.form("/roadmap").fields["title"] == "Buy energy audits together"


def test_what_a_member_sees_of_its_cluster_stands_under_its_companies_and_a_managers_under_the_clusters(
    mailed: Site, manager: Visitor, cluster_id: str, members: list[tuple[str, str]]
) -> None:
    manager.post(f"/clusters/{cluster_id}/readiness")
    manager.submit(manager.get(f"/clusters/{cluster_id}/page"), {"published": "yes"}, f"/{cluster_id}/page")
    company_id, owner_id = members[0]
    owner, home = signed_in(mailed, owner_id), f"/companies/{company_id}/clusters/{cluster_id}"
    for place in ("joint-action", "readiness", "map", "exchange", "seen"):
        (current,) = owner.get(f"{home}/{place}").tree.iterfind(".//nav//a[@aria-current]")
        assert (current.text or "").strip() == "Your companies", place
    for place in ("joint-action", "readiness", "map", "readiness/report"):
        found = manager.get(f"/clusters/{cluster_id}/{place}").tree.iterfind(".//nav//a[@aria-current]")
        assert "Your clusters" in [(link.text or "").strip() for link in found], place
