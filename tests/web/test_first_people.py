"""What a password must be, and the first people of an instance. AUTH-03, AUTH-15."""

from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest

from assessment.config import ConfigurationError, Settings
from assessment.services.aggregates import readiness
from assessment.services.demo import seeding
from assessment.services.people import accounts, entering
from assessment.services.people.accounts import flaw_of_password, own_words
from assessment.services.upkeep import first_people
from assessment.storage.people import companies, people
from tests.web.entering import is_in, of, quick
from tests.web.people import person
from tests.web.visiting import Site, Visitor, at


@pytest.mark.parametrize(
    ("password", "flaw"),
    [
        ("sevenxx", "too-short"), ("eight_xx", None), ("x" * 64, None), ("x" * 1000, None), ("x" * 1001, "too-long"),
        ("x" * 5000, "too-long"), ("    ä    ", None), ("\U0001f9c0" * 8, None), ("a\0b\0c\0d\0", None),
        ("password", "common"), ("Password", "common"), ("12345678", "common"), ("iloveyou", "common"),
        ("correct horse battery", None), ("lower case only", None), ("Bakery Ivanov", "own-words"),
        ("bakeryivanov2026!", "own-words"), ("maria.ivanova", "own-words"), ("GreenPathways1", "own-words"),
        ("maria likes green doors", None), ("Ivanov-Bakery-77", "own-words"), ("my maria 1999", "own-words"),
        ("pathways+bakery", "own-words"), ("xIvanova2026x", "own-words"), ("ivanov rides horses", None),
    ],
)  # fmt: skip
def test_length_and_what_is_guessed_first_speak_against_a_password_and_nothing_else(
    password: str, flaw: str | None
) -> None:
    known = ["Green Pathways", "maria@ivanov.example", "Maria Ivanova", "Bakery Ivanov"]
    assert flaw_of_password(password, known) == flaw


def test_the_list_of_common_passwords_is_long_and_holds_what_is_guessed_first() -> None:
    assert len(accounts._common()) > 10_000
    assert {"qwertyuiop", "football", "baseball", "trustno1", "sunshine", "princess"} <= accounts._common()
    assert flaw_of_password("football", []) == "common"


def test_a_persons_names_and_companies_are_their_own_words(site: Site) -> None:
    maria = of(site, person(site, "maria@ivanov.example", name="Maria Petrova"))
    for guessed in ("Petrova-1", "MariaPetrova", "ivanov2026", "Pekarna Sofia 1", "sofia.pekarna", "77sofia77"):
        assert flaw_of_password(guessed + "!!!", own_words(maria, ["Pekarna Sofia"])) == "own-words"


# The first people


def test_a_fresh_instance_has_no_account(site: Site) -> None:
    assert not [row for row in site.dump() if row.startswith("people:")]


def test_the_first_administrator_comes_in_once_by_the_printed_link_and_sets_everything_up(site: Site) -> None:
    quick(site)
    link = first_people.first_administrator(site.instance, "Ada@Firma.example")
    path = link.removeprefix(site.instance.settings.base_url)
    visitor = site.visitor()
    answer = visitor.submit(visitor.get(path), action="/sign-in/link")
    assert answer.location == "/sign-in/set-up"
    assert not is_in(visitor)
    page = visitor.get("/sign-in/set-up")
    fields = page.form("/sign-in/set-up").fields
    code = str(quick(site)._codes.generate_totp_password(fields["secret"]))
    assert "password" in visitor.submit(page, {"code": code, "password": "short"}, "/sign-in/set-up", 422).text
    visitor.submit(page, {"code": code, "password": "correct horse battery"}, "/sign-in/set-up", 200)
    visitor.get("/administration")
    site.visitor().get(path, status=404)
    with pytest.raises(ConfigurationError, match="has an administrator already"):
        first_people.first_administrator(site.instance, "eve@firma.example")


def test_asking_again_before_the_link_was_used_ends_the_first_one(site: Site) -> None:
    first, second = (first_people.first_administrator(site.instance, "ada@firma.example") for _ in range(2))
    site.visitor().get(first.removeprefix(site.instance.settings.base_url), status=404)
    site.visitor().get(second.removeprefix(site.instance.settings.base_url))
    with pytest.raises(ConfigurationError, match="not a mail address"):
        first_people.first_administrator(site.instance, "ada")


def of_link(site: Site, link: str) -> Visitor:
    """Somebody who came in by their ready link."""
    visitor = site.visitor()
    visitor.submit(visitor.get(link.removeprefix(site.instance.settings.base_url)), action="/sign-in/link")
    return visitor


def test_a_demo_has_a_company_a_mentor_and_an_administrator_who_come_in_by_one_press(examples: Site) -> None:
    homes = {
        "company": "/account/companies", "mentor": "/mentor", "cluster manager": "/clusters",
        "administrator": "/administration",
    }  # fmt: skip
    ready = first_people.demo_people(examples.instance)
    assert [each.role for each in ready] == list(homes)
    for each in ready:
        visitor = examples.visitor()
        path = each.link.removeprefix(examples.instance.settings.base_url)
        answer = visitor.submit(visitor.get(path), action="/sign-in/link")
        assert answer.location == homes[each.role]
        visitor.get(answer.location)
        assert is_in(visitor)
        examples.visitor().get(path, status=404)
    hub = f"/assessments/{uuid5(NAMESPACE_URL, f'example:owned:{first_people.DEMO_COMPANY}').hex}"
    owner, mentor = examples.visitor(), examples.visitor()
    again = first_people.demo_people(examples.instance)
    for visitor, each in ((owner, again[0]), (mentor, again[1])):
        path = each.link.removeprefix(examples.instance.settings.base_url)
        visitor.submit(visitor.get(path), action="/sign-in/link")
        visitor.get(f"{hub}/results")
    examples.visitor().get(hub, status=404)


def test_a_demo_shows_reviews_under_way_and_leaves_the_examples_open_to_everybody(examples: Site) -> None:
    company, mentor, *_ = (
        of_link(examples, each.link) for each in first_people.demo_people(examples.instance)
    )  # fmt: skip
    clients = mentor.get("/mentor").words
    assert clients.startswith("6 companies")
    for state in ("To review", "Changed since the review", "Reviewed"):
        assert f"State: {state}" in clients or state in clients
    check = f"/assessments/{uuid5(NAMESPACE_URL, f'example:owned:{first_people.DEMO_COMPANY}').hex}"
    home = next(link for link in company.get("/account/companies").links() if link.startswith("/companies/"))
    assert "Something waits for you" in company.get(home).words
    looks = next(link for link in company.get(home).links() if link.endswith("/looks"))
    assert "Milan Mentor" in company.get(looks).words
    assert "15 of 90 answers reviewed" in mentor.get(f"{check}/review").words
    assert "4 things wait for you" in company.get(f"{check}/mentor").words
    assert "Ask for the compressor" not in company.get(f"{check}/mentor").text
    copied, real = check.rpartition("/")[2], "0" * 32
    assert seeding.is_invented(examples.instance, copied)
    assert not seeding.is_invented(examples.instance, real)
    anybody = examples.visitor()
    for name in ("metal-shop-de", "hotel-hr"):
        anybody.follow(anybody.post(f"/examples/{examples.example(name)}"))


def test_a_demo_has_a_cluster_of_sixty_with_three_snapshots_in_the_past_and_gives_a_fourth(examples: Site) -> None:
    owner, _, manager, _ = (of_link(examples, each.link) for each in first_people.demo_people(examples.instance))
    assert first_people.demo_members(examples.instance) == 60
    (home,) = (link for link in manager.get("/clusters").links() if link.startswith("/clusters/"))
    page = manager.get(f"{home}/readiness")
    assert len(page.tree.findall(".//option")) == 3
    assert "Average score by line of business and section" in page.words
    assert "Check begun 45 75 Check finished 45 75 Plan made 40 65" in page.words
    # Of how many companies each line of business is, stands beside it: what a demo has of it, the audit lets through.
    told = readiness.newest(examples.instance, home.rpartition("/")[2], "en").snapshot.table("companies-by-sector")
    assert [row.figures for row in told.rows if row.figures != (None,)] == [(15,)] * 3
    manager.submit(page)
    after = manager.get(f"{home}/readiness")
    assert "Check begun 55 90 Check finished 55 90 Plan made 45 75" in after.words
    assert len(after.tree.findall(".//option")) == 4
    assert after.words != page.words
    assert first_people.demo_members(examples.instance) == 60
    # Something goes on in it, so that every page shows what it is for.
    assert "Compared with other clusters" in page.words
    for place, words in (
        ("joint-action", "4 members take part"), ("roadmap", "Ask the training centre for a course"),
        ("campaigns", "Spring invitation (example)"), ("members", "60 companies"),
    ):  # fmt: skip
        assert words in manager.get(f"{home}/{place}").words
    with examples.instance.database.reading() as connection:
        olga = people.find_person(connection, email="owner@demo.example")
        assert olga is not None
        company = f"/companies/{companies.companies_of(connection, olga.id)[0][0].id}"
    exchange = owner.get(f"{company}/clusters/{home.rpartition('/')[2]}/exchange").words
    assert "2 matches" in exchange
    assert "Steel offcuts for small parts" in exchange


def test_a_second_start_of_a_demo_adds_nobody(examples: Site) -> None:
    first_people.demo_people(examples.instance)
    before = [row for row in examples.dump() if row.startswith(("people:", "companies:", "grants:"))]
    first_people.demo_people(examples.instance)
    assert [row for row in examples.dump() if row.startswith(("people:", "companies:", "grants:"))] == before


@pytest.mark.parametrize(
    "settings",
    [{"mode": "production"}, {"mode": "test"}, {"host": "192.0.2.1"}, {"base_url": "https://check.example.org"}],
    ids=str,
)  # fmt: skip
def test_ready_sign_ins_are_refused_anywhere_but_in_a_demo_on_this_computer(
    examples: Site, settings: dict[str, str]
) -> None:
    elsewhere = at(examples, **settings)
    before = examples.dump()
    with pytest.raises(ConfigurationError, match="for a demo on this computer alone"):
        first_people.demo_people(elsewhere)
    assert examples.dump() == before
    ready = first_people.demo_people(examples.instance)
    for each in ready:
        token = each.link.rpartition("/")[2]
        # One that was printed by a demo is worth one factor where its database is served to others.
        assert entering.use(elsewhere, token).factors == 1


def test_a_demo_is_refused_on_any_address_that_others_reach(tmp_path: Path) -> None:
    asked = {"ASSESSMENT_MODE": "demo", "ASSESSMENT_DATA": str(tmp_path), "ASSESSMENT_HOST": "192.0.2.1"}
    with pytest.raises(ConfigurationError, match="on this machine only"):
        Settings.from_env(asked)
