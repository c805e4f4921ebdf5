"""A cluster from its campaign to the board's report: manager and members, each in their own browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assessment.content.clusters.joint_actions import joint_kinds
from assessment.services.checks import answering, results
from assessment.services.clusters import clusters
from assessment.services.demo import seeding
from assessment.storage.checks import assessments
from assessment.storage.checks.assessments import Change
from assessment.storage.checks.drafts import Draft
from assessment.storage.clusters import cluster_members
from assessment.storage.people import companies, people
from tests.browser.conftest import WIDTHS, Visit, listen
from tests.browser.people import Office, open_office, path_of_newest_link, press, signed_in
from tests.reporting.paper import Paper
from tests.web.clustered import lacking, released

pytestmark = pytest.mark.browser

EXAMPLES = ("grocer-gr", "hotel-hr", "cafe-be")
INVITED = ("ana@firm.example", "boris@firm.example", "carla@firm.example")
ASKED = "resource-efficiency"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office") as opened:
        yield opened


def manager_of(office: Office) -> str:
    with office.instance.database.writing() as connection:
        return people.add_person(
            connection, "manager@cluster.example", office.instance.now(), uniquifier="m" * 64, name="Mira Manager",
            staff_role="manager",
        ).id  # fmt: skip


def two_members(office: Office, cluster_id: str) -> None:
    """The company of the office and one more belong already, with results, and agreed to be counted."""
    instance, now = office.instance, office.instance.now()
    draft_id = seeding.copy(instance, "metal-shop-de")
    with instance.database.writing() as connection:
        owner = people.add_person(connection, "second@firm.example", now, uniquifier="s" * 64).id
        second = companies.add_company(connection, "Second Ltd", owner, now)
        companies.claim(connection, draft_id, second.id, now)
        for company_id in (office.company_id, second.id):
            cluster_members.join(connection, cluster_id, company_id, company_id, "code", 0, now, ("counted",))
    for company_id in (office.company_id, second.id):
        finish(office, company_id)


def finish(office: Office, company_id: str) -> None:
    """Submit the check of a company as it is answered."""
    draft = draft_of(office, company_id)
    results.submit(office.instance, answering.with_route(office.instance, draft, "en"), "en", printed=False)


def draft_of(office: Office, company_id: str) -> Draft:
    """The check of a company."""
    with office.instance.database.reading() as connection:
        line = companies.checks_of(connection, company_id)[0]
        draft = assessments.draft_of(connection, line.id)
    assert draft is not None
    return draft


def answer_like(office: Office, company_id: str, example: str) -> str:
    """Fill in the check of a company as an example does; where it stands."""
    draft, answers = draft_of(office, company_id), office.instance.library.examples()[example].answers
    changes = [Change(question, value) for question, value in answers.items()]
    with office.instance.database.writing() as connection:
        assessments.save_answers(connection, draft, changes, office.instance.now())
    return f"/assessments/{draft.id}"


def run_a_campaign(page: Page, home: str) -> None:
    """Words, three addresses of which one is written wrongly at first, and off they go."""
    page.goto(f"{home}/campaigns")
    page.get_by_label("Name of the campaign").fill("Spring")
    press(page, "Start the campaign")
    press(page, "Save and look at the mail")
    expect(page.locator("main")).to_contain_text("The mail in English")
    page.goto(page.url.partition("/words")[0] + "/addresses")
    page.locator("textarea[name=pasted]").fill("\n".join((*INVITED, INVITED[0], "nobody at all")))
    press(page, "Read the list")
    expect(page.locator("main")).to_contain_text("nobody at all")
    press(page, "Take these 3 addresses")
    # Once to the page that says what it means, once to do it.
    press(page, "Send 3 invitations")
    press(page, "Send 3 invitations")


def come_in_and_finish(office: Office, chromium: Browser, number: int) -> None:
    """Somebody follows their link on a phone, joins, answers as an example does and looks at the results."""
    address, (width, height) = INVITED[number], WIDTHS["phone"]
    context = chromium.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=False, base_url=office.server.url,
        locale="en-GB",
    )  # fmt: skip
    visit = Visit(context, context.new_page(), False)
    listen(visit, office.server.url)
    page = visit.page
    page.goto(path_of_newest_link(office, address))
    expect(page.get_by_role("heading", level=1)).to_contain_text("invites you")
    page.locator("input[name=company]").fill(f"Firm {number} Ltd")
    page.get_by_label("Your name").fill(f"Person {number}")
    page.locator("#depth-full").check(force=True)
    page.locator("input[name=agreed][value=counted]").check(force=True)
    press(page, "Join and start the check")
    assert "/assessments/" in page.url, page.url
    with office.instance.database.reading() as connection:
        person = people.find_person(connection, email=address)
        assert person is not None
        company_id = companies.companies_of(connection, person.id)[0][0].id
    page.goto(answer_like(office, company_id, EXAMPLES[number]) + "/check")
    press(page, "See my results")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your results")
    context.close()
    assert not visit.unexpected()


def test_a_manager_runs_a_campaign_and_the_figures_open_with_the_fifth_member(
    office: Office, chromium: Browser, tmp_path: Path
) -> None:
    manager_id = manager_of(office)
    cluster_id = clusters.make(office.instance, manager_id, "Coast Cluster", "en")
    two_members(office, cluster_id)
    home = f"/clusters/{cluster_id}"
    with signed_in(office, chromium, manager_id, width="desktop", scripts=True) as manager:
        page = manager.page
        run_a_campaign(page, home)
        for number in (0, 1):
            come_in_and_finish(office, chromium, number)
        manager.expected.append("the server responded with a status of 422")
        page.goto(f"{home}/readiness")
        press(page, "Take new figures")
        expect(page.locator(".govuk-error-summary")).to_contain_text("Figures need 5 companies")
        expect(page.locator("main")).to_contain_text("There are no figures yet")
        come_in_and_finish(office, chromium, 2)
        page.goto(f"{home}/readiness")
        press(page, "Take new figures")
        expect(page.locator("main")).to_contain_text("About 5 members that finished the check")

        page.goto(f"{home}/joint-action/new")
        page.get_by_label("Title").fill("Audits together")
        page.get_by_label("What you propose").fill("One tender for all of us")
        press(page, "Propose it to the members")
        with signed_in(office, chromium, office.owner_id, width="phone", scripts=False) as member:
            member.page.goto(f"/companies/{office.company_id}/clusters/{cluster_id}/joint-action")
            press(member.page, "We take part")
            expect(member.page.locator("main")).to_contain_text("You take part")
        page.goto(f"{home}/joint-action")
        expect(page.locator("main")).to_contain_text("1 member takes part")

        page.goto(f"{home}/readiness")
        page.get_by_role("link", name="Report for your board (PDF)").click()
        press(page, "Make the report")
        with page.expect_download() as download:
            page.get_by_role("button", name=re.compile("Download the report")).click()
        target = tmp_path / "report.pdf"
        download.value.save_as(target)
    words = " ".join(" ".join(Paper(target.read_bytes()).pages).split())
    assert "Coast Cluster" in words
    assert not any(f"Firm {number} Ltd" in words for number in range(3))


def test_the_places_of_a_cluster_stay_where_they_are_on_a_wide_screen(office: Office, chromium: Browser) -> None:
    manager_id = manager_of(office)
    cluster_id = clusters.make(office.instance, manager_id, "Coast Cluster", "en")
    found = {}
    with signed_in(office, chromium, manager_id, width="desktop", scripts=True) as manager:
        page = manager.page
        page.goto(f"/clusters/{cluster_id}")
        links = page.get_by_label("Places of the cluster").get_by_role("link").all()
        for path in [page.url, *(link.get_attribute("href") or "" for link in links)]:
            page.goto(path)
            found[path] = page.get_by_label("Places of the cluster").evaluate(
                "nav => [nav, ...nav.querySelectorAll('li')].map(part => part.getBoundingClientRect())"
                ".map(box => [box.left, (box.top + box.bottom) / 2])"
            )
    assert len(found) == 10
    # The place where one is stands in bold: what follows gives way by the breadth of a stroke.
    for at in range(len(found) + 1):
        for axis, room in ((0, 8), (1, 1)):
            seen = [places[at][axis] for places in found.values()]
            assert max(seen) - min(seen) <= room, (at, axis, seen)


def test_a_manager_proposes_each_kind_of_joint_action_and_members_agree_to_all(
    office: Office, chromium: Browser
) -> None:
    manager_id, kinds = manager_of(office), joint_kinds()
    cluster_id = clusters.make(office.instance, manager_id, "Coast Cluster", "en")
    two_members(office, cluster_id)
    home, theirs = f"/clusters/{cluster_id}/joint-action", f"/clusters/{cluster_id}/joint-action"
    assert len(kinds) >= 4
    with signed_in(office, chromium, manager_id, width="desktop", scripts=True) as manager:
        page = manager.page
        for kind in kinds:
            page.goto(f"{home}/new?kind={kind.id}")
            expect(page.get_by_label("Title")).to_have_value(kind.title)
            press(page, "Propose it to the members")
        expect(page.locator("main")).to_contain_text("Nobody has said yes so far")
        with signed_in(office, chromium, office.owner_id, width="phone", scripts=False) as member:
            member.page.goto(f"/companies/{office.company_id}{theirs}")
            for _ in kinds:
                press(member.page, "We take part")
            expect(member.page.get_by_text("You take part.")).to_have_count(len(kinds))
        page.goto(home)
        expect(page.get_by_text("1 member takes part:")).to_have_count(len(kinds))
        # To close one asks nobody any more, and who takes part stays visible.
        press(page, f"Close it {kinds[-1].title}")
        expect(page.get_by_text("Closed.")).to_have_count(1)
        expect(page.get_by_text("1 member takes part:")).to_have_count(len(kinds))


def test_the_roadmap_prints_with_the_effect_that_the_figures_let_expect_as_it_stands_on_the_page(
    office: Office, chromium: Browser
) -> None:
    manager_id = manager_of(office)
    cluster_id = clusters.make(office.instance, manager_id, "Coast Cluster", "en")
    released(office.instance, cluster_id, lacking(15, 20))
    home = f"/clusters/{cluster_id}"
    with signed_in(office, chromium, manager_id, width="desktop", scripts=False) as manager:
        page = manager.page
        page.goto(f"{home}/joint-action/new?kind=energy-audits")
        press(page, "Propose it to the members")
        page.get_by_role("link", name="Put it into the roadmap").click()
        page.get_by_label("Who").fill("Mira Manager")
        press(page, "Save the line")
        shown = page.get_by_role("row").nth(1).inner_text()
        printed = " ".join(" ".join(Paper(page.pdf(format="A4")).pages).split())
    effect = "about EUR 19,000 a year for all who lack it together (estimate from the figures of"
    for words in ("Buy energy audits together", "Mira Manager", effect):
        assert words in " ".join(shown.split()), words
        assert words in printed, words
    for button in ("Add a line", "This page prints as it stands"):
        assert button not in printed
