"""Clusters: making one, its page and code, companies that join, agree, take back and leave; who runs it."""

import io
from collections.abc import Callable

import pytest
from sqlalchemy import select

from assessment.i18n import Language
from assessment.services.checks.drafts import in_groups
from assessment.services.clusters import clusters
from assessment.storage.clusters import cluster_members
from assessment.storage.clusters import clusters as stored
from assessment.storage.people import companies, company_consents
from assessment.storage.tables import assessments
from tests.papers import drawing, paper
from tests.web.mailbox import Mailbox
from tests.web.people import person, signed_in
from tests.web.visiting import Page, Site, Visitor

NAME = "Black Sea Food Cluster"
ASKED = "resource-efficiency"
"""The questionnaire of the cluster's members."""


@pytest.fixture
def manager(site: Site) -> Visitor:
    return signed_in(site, person(site, "manager@cluster.example", "manager", name="Maria Manager"))


@pytest.fixture
def cluster_id(manager: Visitor) -> str:
    made = manager.post("/clusters", {"name": NAME})
    return made.location.split("/")[2]


@pytest.fixture
def owned(site: Site) -> Callable[[str], tuple[Visitor, str]]:
    """An owner's browser and the company's id."""

    def make(name: str) -> tuple[Visitor, str]:
        owner = person(site, f"{name.lower()}@firm.example")
        with site.instance.database.writing() as connection:
            company = companies.add_company(connection, f"{name} Ltd", owner, site.clock())
        return signed_in(site, owner), company.id

    return make


def upload(visitor: Visitor, cluster_id: str, content: bytes, status: int = 303) -> Page:
    fields = {"csrf_token": visitor.token(), "logo": (io.BytesIO(content), "logo.png")}
    answer = visitor.send(f"/clusters/{cluster_id}/logo", fields)
    assert answer.status == status
    return answer


def code_of(site: Site, cluster_id: str) -> str:
    with site.instance.database.reading() as connection:
        found = stored.find(connection, id=cluster_id)
    assert found is not None
    return in_groups(clusters.code_of(site.instance, found))


def member(site: Site, cluster_id: str, company_id: str) -> cluster_members.ClusterMember:
    with site.instance.database.reading() as connection:
        found = cluster_members.member_of_company(connection, cluster_id, company_id)
    assert found is not None
    return found


def join(site: Site, owner: Visitor, company_id: str, cluster_id: str, *agreed: str) -> None:
    path = f"/companies/{company_id}/clusters/code"
    shown = owner.post(path, {"code": code_of(site, cluster_id).lower()}, 200)
    assert NAME in shown.words
    owner.post(path, {**shown.form(path).fields, "agreed": list(agreed)}, 303)


def test_a_cluster_has_a_page_of_its_own_that_everybody_reads(site: Site, manager: Visitor, cluster_id: str) -> None:
    page = manager.get(f"/clusters/{cluster_id}/page")
    manager.submit(
        page, {"text-en": "For bakers on the coast", "website": "https://www.example.org/"}, f"/{cluster_id}/page"
    )
    upload(manager, cluster_id, drawing())
    shown = site.visitor().get("/c/black-sea-food-cluster")
    assert NAME in shown.words
    assert "For bakers on the coast" in shown.words
    assert "Resource efficiency check, version 2. Languages: English." in shown.words
    assert site.visitor().get("/c/black-sea-food-cluster/logo").body == drawing()


def test_the_text_of_the_page_is_written_in_every_language_of_the_site_and_read_in_ones_own(
    site: Site, manager: Visitor, cluster_id: str
) -> None:
    path, shown = f"/clusters/{cluster_id}/page", "/c/black-sea-food-cluster"
    site.app.extensions["assessment-languages"]["de"] = Language("de")
    manager.submit(manager.get(path), {"text-de": "Für Betriebe an der Küste"}, path)
    visitor = site.visitor()
    page = visitor.get(shown)
    assert 'lang="de">Für Betriebe' in page.text, "the first text that there is, said to be of its language"
    assert "Languages: English, Deutsch." in page.words
    long = "x" * 2001
    refused = manager.submit(manager.get(path), {"text-en": long}, path, 422)
    assert "Shorten the text to 2000 characters" in refused.words
    assert "Für Betriebe" in refused.text
    manager.submit(manager.get(path), {"text-en": "For firms on the coast"}, path)
    assert "For firms on the coast" in visitor.get(shown).words
    assert "Für Betriebe" not in visitor.get(shown).text


def test_a_check_begun_on_the_page_of_a_cluster_leads_back_to_it_and_tells_it_nothing(mailed: Site) -> None:
    manager = signed_in(mailed, person(mailed, "manager@cluster.example", "manager"))
    cluster_id = manager.post("/clusters", {"name": NAME}).location.split("/")[2]
    page = manager.get(f"/clusters/{cluster_id}/page")
    manager.submit(page, {"asked": f"{ASKED}/1"}, f"/{cluster_id}/page")
    visitor = mailed.visitor()
    (start,) = (link for link in visitor.get("/c/black-sea-food-cluster").links() if link.startswith("/start"))
    assert f"You begin on the page of {NAME}. It sees nothing" in visitor.get(start).words
    assert visitor.submit(visitor.get(start), {}, "/start", status=422).form("/start").fields["cluster"]
    hub = visitor.submit(visitor.get(start), {"depth": "quick"}, "/start").location
    draft_id = hub.split("/")[2]
    assert visitor.get("/start?cluster=nobody").words.count("You begin on the page") == 0
    owner_id = person(mailed, "owner@firm.example")
    owner = signed_in(mailed, owner_id)
    with mailed.instance.database.writing() as connection:
        company = companies.add_company(connection, "Rowan Ltd", owner_id, mailed.clock())
        companies.claim(connection, draft_id, company.id, mailed.clock())
        asked = connection.execute(select(assessments.c.version).where(assessments.c.id == draft_id)).scalar_one()
    assert asked == "1"
    assert "No company belongs to the cluster yet" in manager.get(f"/clusters/{cluster_id}/members").words
    listed = owner.get(f"/companies/{company.id}/clusters")
    assert f"You began your check on the page of {NAME}" in listed.words
    owner.submit(listed, {}, "/clusters/ask")
    assert "You began your check" not in owner.get(f"/companies/{company.id}/clusters").words
    assert "1 company asks to join" in manager.get(f"/clusters/{cluster_id}").words


def test_a_questionnaire_without_a_quick_path_is_begun_whole_and_no_choice_is_asked(mailed: Site) -> None:
    manager = signed_in(mailed, person(mailed, "manager@cluster.example", "manager"))
    cluster_id = manager.post("/clusters", {"name": NAME}).location.split("/")[2]
    page = manager.get(f"/clusters/{cluster_id}/page")
    manager.submit(page, {"asked": "business-model/"}, f"/{cluster_id}/page")
    visitor = mailed.visitor()
    start = visitor.get("/start?cluster=black-sea-food-cluster")
    assert "16 questions in 6 sections" in start.words
    assert "How much time do you have?" not in start.words
    # As the form sends it, and as somebody does who had the page open before.
    for chosen in ({}, {"depth": "quick"}):
        page = visitor.get("/start?cluster=black-sea-food-cluster")
        draft_id = visitor.submit(page, {"site": "Mended pumps", **chosen}, "/start").location.split("/")[2]
        with mailed.instance.database.reading() as connection:
            depth = connection.execute(select(assessments.c.depth).where(assessments.c.id == draft_id)).scalar_one()
        assert depth == "full"


def test_whoever_begins_on_the_page_of_a_cluster_reads_whose_check_it_is_and_names_the_idea_it_is_for(
    mailed: Site,
) -> None:
    manager = signed_in(mailed, person(mailed, "manager@cluster.example", "manager"))
    cluster_id = manager.post("/clusters", {"name": NAME}).location.split("/")[2]
    page = f"/clusters/{cluster_id}/page"
    begin = "/start?cluster=black-sea-food-cluster"
    visitor = signed_in(mailed, person(mailed, "owner@firm.example"))
    title = mailed.instance.library.edition(*mailed.instance.library.newest, "en").questionnaire.title
    assert title in visitor.get(begin).words
    # Where the check is of a whole company there is nothing to name.
    assert "site" not in visitor.get(begin).form("/start").fields
    manager.submit(manager.get(page), {"asked": "business-model/"}, page)
    start = visitor.get(begin)
    assert "Sustainable business model check" in start.words
    assert "For one idea or offer that saves resources" in start.words
    assert f"You begin on the page of {NAME}" in start.words
    assert "Name of the idea or offer" in start.words
    unnamed = visitor.submit(start, {}, "/start", status=422)
    assert "Give it a name, so that you find it again" in unnamed.words
    assert unnamed.form("/start").fields["cluster"]
    long = visitor.submit(unnamed, {"site": "x" * 101}, "/start", status=422)
    assert "Shorten the name to 100 characters" in long.words
    draft_id = visitor.submit(long, {"site": "Mended pumps"}, "/start").location.split("/")[2]
    assert "Mended pumps" in visitor.get("/resume").words
    # It is what the check is for, and never taken for the name of the company that has it made.
    account = visitor.get(f"/assessments/{draft_id}/account")
    assert account.form("/account/company").fields["company"] == ""
    visitor.submit(account, {"company": "Rowan Ltd"}, "/account/company")
    with mailed.instance.database.reading() as connection:
        of_check = select(assessments.c.site, assessments.c.company_name).where(assessments.c.id == draft_id)
        assert tuple(connection.execute(of_check).one()) == ("Mended pumps", "Rowan Ltd, Mended pumps")


def test_who_begins_on_the_page_of_a_cluster_that_is_gone_meanwhile_is_told_so(mailed: Site) -> None:
    manager = signed_in(mailed, person(mailed, "manager@cluster.example", "manager"))
    cluster_id = manager.post("/clusters", {"name": NAME}).location.split("/")[2]
    page = f"/clusters/{cluster_id}/page"
    manager.submit(manager.get(page), {"asked": "business-model/"}, page)
    visitor = mailed.visitor()
    start = visitor.get("/start?cluster=black-sea-food-cluster")
    manager.post(f"/clusters/{cluster_id}/delete")
    told = "The cluster whose page led you here is not there any more"
    refused = visitor.submit(start, {"site": "Mended pumps"}, "/start", status=422)
    assert told in refused.words
    # No check was begun with other questions than those that its page had told of; the next form begins one.
    with mailed.instance.database.reading() as connection:
        assert not connection.execute(select(assessments.c.id)).all()
    visitor.submit(refused, {"depth": "quick"}, "/start")
    assert told in visitor.get("/start?cluster=black-sea-food-cluster").words
    assert told not in visitor.get("/start").words


def test_another_questionnaire_counts_anew_how_far_members_are(
    site: Site, manager: Visitor, cluster_id: str, owned: Callable[[str], tuple[Visitor, str]]
) -> None:
    owner, company_id = owned("Rowan")
    join(site, owner, company_id, cluster_id, "progress")
    with site.instance.database.writing() as connection:
        cluster_members.advance(connection, company_id, ASKED, 2)
    page = f"/clusters/{cluster_id}/page"
    manager.submit(manager.get(page), {"asked": "business-model/"}, page)
    assert member(site, cluster_id, company_id).stage == 0
    with site.instance.database.reading() as connection:
        assert cluster_members.sums_of(connection, cluster_id)["finished"] == 0
    for wrong in ("cluster-readiness/", "business-model/99", "nonsense"):
        refused = manager.submit(manager.get(page), {"asked": wrong}, page, status=422)
        assert "Choose one of the questionnaires offered" in refused.words


def test_the_model_is_chosen_among_clusters_that_show_their_figures(manager: Visitor, cluster_id: str) -> None:
    page = f"/clusters/{cluster_id}/page"
    other = manager.post("/clusters", {"name": "Hills"}).location.split("/")[2]
    assert "measure yourselves against" not in manager.get(page).words
    manager.submit(manager.get(f"/clusters/{other}/page"), {"published": "yes"}, f"/clusters/{other}/page")
    manager.submit(manager.get(page), {"model": other}, page)
    assert manager.get(page).form(page).fields["model"] == other


@pytest.mark.parametrize(("name", "slug"), [
    ("Клъстер „Храни“ Пловдив", "klaster-khrani-plovdiv"), ("Σύμπλεγμα Τροφίμων", "symplegma-trofimon"),
    ("Объединение", "obedinenie"), ("Klaster Łódź", "klaster-lodz"), ("Größe & Mölle", "grosse-molle"),
    ("Кластер Львів", "klaster-lviv"), ("！", "cluster"),
])  # fmt: skip
def test_a_name_in_other_letters_makes_an_address_that_can_be_read(
    site: Site, manager: Visitor, name: str, slug: str
) -> None:  # fmt: skip
    manager.post("/clusters", {"name": name})
    assert site.visitor().get(f"/c/{slug}").status == 200


def test_two_clusters_of_one_name_have_pages_of_their_own(site: Site, manager: Visitor, cluster_id: str) -> None:
    manager.post("/clusters", {"name": NAME})
    assert site.visitor().get("/c/black-sea-food-cluster-2").status == 200


@pytest.mark.parametrize(("content", "said"), [
    (b"<html><script>x()</script></html>", "This is no PNG or JPEG picture"),
    (paper(), "This is no PNG or JPEG picture"), (drawing()[:-6], "This picture is damaged"),
    (b"\x89PNG\r\n\x1a\n" + b"0" * 300_000, "larger than 200 kB"),
])  # fmt: skip
def test_what_is_no_picture_is_no_logo(manager: Visitor, cluster_id: str, content: bytes, said: str) -> None:
    answer = upload(manager, cluster_id, content, 422)
    assert said in answer.words
    assert not list(manager.get(f"/clusters/{cluster_id}/page").tree.iter("img"))


def test_the_number_of_companies_behind_a_figure_is_never_lowered(manager: Visitor, cluster_id: str) -> None:
    path = f"/clusters/{cluster_id}/page"
    manager.submit(manager.get(path), {"threshold": "8"}, path)
    for typed in ("7", "5", "0", "-9", "eight", ""):
        answer = manager.submit(manager.get(path), {"threshold": typed, "text-en": "Kept"}, path, 422)
        assert "It can be raised, never lowered" in answer.words
        assert "Kept" in answer.text


def test_a_company_joins_by_the_code_and_nothing_is_agreed_by_that_alone(
    site: Site, cluster_id: str, owned: Callable[[str], tuple[Visitor, str]]
) -> None:
    owner, company_id = owned("Rowan")
    join(site, owner, company_id, cluster_id)
    found = member(site, cluster_id, company_id)
    assert (found.state, found.origin) == ("active", "code")
    assert not any(getattr(found, what) for what in cluster_members.AGREEMENTS)


def test_a_wrong_code_says_what_to_do_and_is_kept_on_the_page(owned: Callable[[str], tuple[Visitor, str]]) -> None:
    owner, company_id = owned("Rowan")
    answer = owner.post(f"/companies/{company_id}/clusters/code", {"code": "AAAA-BBBB-CCCC"}, 422)
    assert "No cluster has this code" in answer.words
    assert "AAAA-BBBB-CCCC" in answer.text


def test_a_new_code_ends_the_old_one(
    site: Site, manager: Visitor, cluster_id: str, owned: Callable[[str], tuple[Visitor, str]]
) -> None:
    owner, company_id = owned("Rowan")
    old = code_of(site, cluster_id)
    site.clock.forward(seconds=1)
    manager.post(f"/clusters/{cluster_id}/code")
    owner.post(f"/companies/{company_id}/clusters/code", {"code": old}, 422)
    join(site, owner, company_id, cluster_id)


def test_what_is_agreed_stands_on_record_and_is_taken_back_by_one_press(
    site: Site, cluster_id: str, owned: Callable[[str], tuple[Visitor, str]]
) -> None:
    owner, company_id = owned("Rowan")
    join(site, owner, company_id, cluster_id, "counted", "named")
    assert member(site, cluster_id, company_id).named
    home = f"/companies/{company_id}/clusters/{cluster_id}"
    owner.submit(owner.get(home), {}, "/agreements/named")
    assert not member(site, cluster_id, company_id).named
    assert member(site, cluster_id, company_id).counted
    with site.instance.database.reading() as connection:
        record = company_consents.record_of(connection, company_id)
    assert [(row.viewer, row.about, row.given) for row in record] == [
        ("cluster-named", NAME, False), ("cluster-named", NAME, True), ("cluster-figures", NAME, True),
    ]  # fmt: skip
    assert f"Results by name {NAME} , taken back" in owner.get(f"/companies/{company_id}/consents").words


def test_whoever_leaves_has_agreed_to_nothing_when_they_come_back(
    site: Site, cluster_id: str, owned: Callable[[str], tuple[Visitor, str]]
) -> None:
    owner, company_id = owned("Rowan")
    join(site, owner, company_id, cluster_id, "counted", "progress")
    owner.post(f"/companies/{company_id}/clusters/{cluster_id}/leave")
    assert owner.get(f"/companies/{company_id}/clusters/{cluster_id}", 404).status == 404
    join(site, owner, company_id, cluster_id)
    assert not member(site, cluster_id, company_id).counted


def test_a_company_asks_on_the_page_and_the_cluster_decides(
    site: Site, manager: Visitor, cluster_id: str, owned: Callable[[str], tuple[Visitor, str]]
) -> None:
    (owner, company_id), (other, other_id) = owned("Rowan"), owned("Alder")
    for visitor in (owner, other):
        visitor.submit(visitor.get("/c/black-sea-food-cluster"), {}, "/clusters/ask")
    assert "2 companies ask to join" in manager.get(f"/clusters/{cluster_id}").words
    for asking, act in ((company_id, "accept"), (other_id, "decline")):
        found = member(site, cluster_id, asking)
        manager.post(f"/clusters/{cluster_id}/members/{found.id}/request", {"act": act})
    assert member(site, cluster_id, company_id).state == "active"
    assert member(site, cluster_id, other_id).state == "left"
    assert "Rowan Ltd" in manager.get(f"/clusters/{cluster_id}/members").words


def test_how_far_a_member_is_shows_only_where_it_agreed(
    site: Site, manager: Visitor, cluster_id: str, owned: Callable[[str], tuple[Visitor, str]]
) -> None:
    (open_one, open_id), (shut_one, shut_id) = owned("Rowan"), owned("Alder")
    join(site, open_one, open_id, cluster_id, "progress")
    join(site, shut_one, shut_id, cluster_id)
    with site.instance.database.writing() as connection:
        for company_id in (open_id, shut_id):
            cluster_members.advance(connection, company_id, ASKED, 2)
    path = f"/clusters/{cluster_id}/members"
    assert manager.get(path).words.count("Check finished") == 1
    # It was agreed to for who runs the cluster, not for who looks after the instance.
    administrator = signed_in(site, person(site, "administrator@firm.example", "administrator"))
    listed = administrator.get(path).words
    assert "Rowan Ltd" in listed
    assert "Check finished" not in listed


def test_before_there_are_figures_how_many_came_further_than_joining_is_not_told(
    site: Site, manager: Visitor, cluster_id: str, owned: Callable[[str], tuple[Visitor, str]]
) -> None:
    for n in range(12):
        owner, company_id = owned(f"Firm{n}")
        join(site, owner, company_id, cluster_id)
        with site.instance.database.writing() as connection:
            cluster_members.advance(connection, company_id, ASKED, 1)
    shown = manager.get(f"/clusters/{cluster_id}").words
    assert "Joined 12" in shown
    assert "Check begun" not in shown
    assert "shown with your first figures" in shown


def test_somebody_else_runs_the_cluster_too_once_they_accept(mailed: Site, mailbox: Mailbox) -> None:
    manager = signed_in(mailed, person(mailed, "manager@cluster.example", "manager", name="Mira Manager"))
    cluster_id = manager.post("/clusters", {"name": NAME}).location.split("/")[2]
    path = f"/clusters/{cluster_id}/managers"
    manager.post(path, {"email": "helper@cluster.example"})
    link = mailbox.link("helper@cluster.example")
    helper = mailed.visitor()
    page = helper.get(link)
    assert f"Mira Manager invites you to run {NAME}" in page.words
    helper.submit(page, {"name": "Hana Helper"}, "/manage")
    # The second factor comes before anything of the cluster.
    assert "/sign-in/second" in helper.get("/clusters", 303).location
    assert helper.get(f"/clusters/{cluster_id}", 404).status == 404
    both = manager.get(path)
    assert "Remove Hana Helper" in both.words
    assert "You lose access at once. The cluster stays with all that is in it" in both.words
    assert mailed.visitor().get(link, 404).status == 404


def test_a_mentor_becomes_no_manager_and_the_last_manager_stays(site: Site, manager: Visitor, cluster_id: str) -> None:
    person(site, "mentor@firm.example", "mentor")
    path = f"/clusters/{cluster_id}/managers"
    refused = manager.post(path, {"email": "mentor@firm.example"}, 422)
    assert "belongs to a mentor or an administrator" in refused.words
    alone = manager.get(path)
    assert "To leave, invite somebody else first, or delete the cluster" in alone.words
    assert f"/clusters/{cluster_id}/delete" in alone.links()
    assert not [form for form in alone.forms() if form.action.endswith("/remove")]
    ((only,), _) = clusters.managers_of(site.instance, cluster_id)
    answer = manager.post(f"{path}/{only.person_id}/remove", {}, 422)
    assert "Somebody has to run the cluster" in answer.words


def test_a_deleted_cluster_is_gone_for_its_members_whose_checks_stay(
    site: Site, manager: Visitor, cluster_id: str, owned: Callable[[str], tuple[Visitor, str]]
) -> None:
    owner, company_id = owned("Rowan")
    join(site, owner, company_id, cluster_id, "counted")
    page = manager.get(f"/clusters/{cluster_id}/delete")
    assert "1 member no longer belongs to it" in page.words
    manager.submit(page, {}, "/delete")
    assert owner.get(f"/companies/{company_id}/clusters/{cluster_id}", 404).status == 404
    assert owner.post(f"/companies/{company_id}/clusters/{cluster_id}/agreements/named", {"given": "yes"}, 404)
    assert "belongs to no cluster" in owner.get(f"/companies/{company_id}/clusters").words
    assert manager.get(f"/clusters/{cluster_id}", 404).status == 404


def test_the_organisation_that_runs_a_cluster_is_no_member_of_it(site: Site, manager: Visitor, cluster_id: str) -> None:
    with site.instance.database.reading() as connection:
        cluster = stored.find(connection, id=cluster_id)
    assert cluster is not None
    code = {"code": code_of(site, cluster_id), "act": "join"}
    answer = manager.post(f"/companies/{cluster.organisation_id}/clusters/code", code, 422)
    assert "runs this cluster" in answer.words


def test_a_cluster_is_no_part_of_its_own_parts(manager: Visitor, cluster_id: str) -> None:
    part = manager.post("/clusters", {"name": "Varna bakers"}).location.split("/")[2]
    manager.submit(manager.get(f"/clusters/{part}/page"), {"parent": cluster_id}, f"/{part}/page")
    assert "Varna bakers" in manager.get(f"/clusters/{cluster_id}").words
    path = f"/clusters/{cluster_id}/page"
    answer = manager.submit(manager.get(path), {"parent": part}, path, 422)
    assert "no part of this one" in answer.words


def test_a_long_list_of_members_comes_in_pages(site: Site, manager: Visitor, cluster_id: str) -> None:
    owner = person(site, "owner@firm.example")
    with site.instance.database.writing() as connection:
        for number in range(201):
            company = companies.add_company(connection, f"Firm {number:03}", owner, site.clock())
            cluster_members.join(connection, cluster_id, company.id, company.name, "code", 0, site.clock())
    path = f"/clusters/{cluster_id}/members"
    first, last = manager.get(path), manager.get(f"{path}?page=2")
    assert "201 companies belong to the cluster" in first.words
    assert "Firm 199" in first.words
    assert "Firm 200" not in first.words
    assert "Firm 200" in last.words
    assert "Page 2 of 2" in last.words
    for odd in ("0", "-1", "x", "99999999"):
        assert manager.get(f"{path}?page={odd}").status == 200
