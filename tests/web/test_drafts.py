"""A check without an account: the way back by link and code, leaving a computer, taking data out, deleting it."""

import json

import pytest

from assessment.config import RateLimits
from assessment.services.checks.drafts import CODE_LETTERS
from assessment.storage.sqlite import driver
from assessment.web import limits
from tests.web.conftest import MakeSite
from tests.web.routes import CANARY, Finished
from tests.web.visiting import PROFILE, Site, Visitor


def code_of(visitor: Visitor) -> str:
    """The code as the page shows it."""
    shown = visitor.get(visitor.hub + "/keep").tree.find(".//*[@class='gp-code']")
    assert shown is not None
    return shown.text or ""


def link_of(visitor: Visitor) -> str:
    """The path of the link as the page shows it."""
    links = visitor.get(visitor.hub + "/keep").links()
    return next("/" + link.partition("://")[2].partition("/")[2] for link in links if "/resume/" in link)


@pytest.fixture
def owner(site: Site) -> Visitor:
    visitor = site.visitor()
    visitor.start()
    return visitor


# The link


def test_looking_at_the_link_uses_nothing_up_and_opens_nothing(site: Site, owner: Visitor) -> None:
    link = link_of(owner)
    before = site.dump()
    scanner = site.visitor()
    for _ in range(3):
        scanner.get(link)
        scanner.client.head(link, base_url=site.address)
        scanner.get(link, headers={"Purpose": "prefetch", "Sec-Purpose": "prefetch"})
    scanner.get(owner.hub, 404)
    assert site.dump() == before
    guest = site.visitor()
    answer = guest.submit(guest.get(link), action="/resume/link")
    assert answer.location == owner.hub
    guest.get(owner.hub)


def test_the_token_is_gone_from_every_address_after_the_link_was_followed(site: Site, owner: Visitor) -> None:
    link = link_of(owner)
    token = link.rpartition("/")[2]
    assert len(token) == 43
    guest = site.visitor()
    answer = guest.submit(guest.get(link), action="/resume/link")
    hub = guest.follow(answer)
    assert token not in answer.location + hub.path + hub.text
    assert token not in str(answer.headers)


@pytest.mark.parametrize("token", ["x", "x" * 43, "..", "a b", "é" * 43, "x" * 5000])
def test_an_unknown_link_says_how_to_get_back(site: Site, token: str) -> None:
    page = site.visitor().get(f"/resume/{token}", 404)
    assert "This link no longer works" in page.words
    assert {"/resume", "/start"} <= set(page.links())
    assert "This link no longer works" in site.visitor().post("/resume/link", {"token": token}, 404).words


# The code


def test_the_code_has_sixty_bits_and_no_look_alikes(owner: Visitor) -> None:
    code = code_of(owner)
    assert [len(group) for group in code.split("-")] == [4, 4, 4]
    assert set(code) - {"-"} <= set(CODE_LETTERS)
    assert len(set(CODE_LETTERS)) == 32
    assert not set("ILOU") & set(CODE_LETTERS)


@pytest.mark.parametrize(
    "typed",
    [
        str,
        lambda code: code.lower(),
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " – "),
        " ".join,
        lambda code: f"\t{code}\n",
        lambda code: code.replace("0", "O").replace("1", "l").replace("V", "u"),
        lambda code: code.replace("0", "o").replace("1", "I").replace("V", "U"),
    ],
)
def test_a_code_opens_the_check_however_it_is_typed(site: Site, owner: Visitor, typed: object) -> None:
    assert callable(typed)
    guest = site.visitor()
    assert guest.post("/resume", {"code": typed(code_of(owner))}).location == owner.hub
    guest.get(owner.hub)


@pytest.mark.parametrize("typed", ["", "   ", "AAAA-AAAA-AAAA", "A" * 5000, "\x00", "' OR 1=1 --", "АВСЕ-НКМО-РСТХ"])
def test_a_wrong_code_is_kept_in_its_field_with_what_to_do(site: Site, owner: Visitor, typed: str) -> None:
    before = site.dump()
    page = site.visitor().post("/resume", {"code": typed}, 422)
    assert "There is a problem" in page.words
    assert page.form("/resume").fields["code"] == typed.strip("\x00 ")[:100]
    assert site.dump() == before


def test_after_ten_tries_in_an_hour_the_next_waits(make_site: MakeSite) -> None:
    site = make_site(limited=True)
    owner, thief = site.visitor(), site.visitor()
    owner.start()
    code = code_of(owner)
    for _ in range(10):
        assert thief.send("/resume", {"csrf_token": thief.token(), "code": "AAAA-BBBB-CCCC"}).status == 422
    page = thief.send("/resume", {"csrf_token": thief.token(), "code": code})
    assert (page.status, page.headers["Retry-After"]) == (429, "3600")
    assert "It works again after 60 minutes at the latest." in page.words
    owner.get(owner.hub)


def test_tries_of_everybody_together_are_limited_too(make_site: MakeSite) -> None:
    site = make_site(limited=True)
    figures = RateLimits(resume="5 per hour", resume_in_all="12 per hour")
    limits.set_up(site.app, figures, site.instance.database, site.instance.settings.code_key)
    statuses = []
    for address in ("198.51.100.1", "198.51.100.2", "198.51.100.3"):
        thief = site.visitor()
        for _ in range(5):
            data = {"csrf_token": thief.token(), "code": "AAAA-BBBB-CCCC"}
            answer = thief.client.post(
                "/resume", base_url=site.address, data=data, environ_base={"REMOTE_ADDR": address}
            )
            statuses.append(answer.status_code)
    assert statuses == [422] * 12 + [429] * 3


# What the server keeps


def test_the_database_holds_hashes_alone(site: Site, owner: Visitor) -> None:
    code, link = code_of(owner), link_of(owner)
    dump = "\n".join(site.dump())
    raw = site.database.read_bytes()
    for secret in (code, code.replace("-", ""), link.rpartition("/")[2], owner.session):
        assert secret
        assert secret not in dump
        assert secret.lower() not in dump.lower()
        assert secret.encode() not in raw
    connection = driver.connect(site.database)
    kept = connection.execute("SELECT purpose, hash FROM tokens").fetchall()
    connection.close()
    assert {purpose for purpose, _ in kept} == {"resume-link", "resume-code"}
    for _, token_hash in kept:
        guest = site.visitor()
        guest.get(f"/resume/{token_hash}", 404)
        guest.post("/resume", {"code": token_hash}, 422)


def test_a_links_token_is_no_code_and_a_code_is_no_link(site: Site, owner: Visitor) -> None:
    code, token = code_of(owner), link_of(owner).rpartition("/")[2]
    guest = site.visitor()
    guest.post("/resume", {"code": token}, 422)
    guest.post("/resume/link", {"token": code}, 404)
    guest.post("/resume/link", {"token": code.replace("-", "")}, 404)
    guest.get(owner.hub, 404)


def test_codes_of_another_key_open_nothing(make_site: MakeSite) -> None:
    site = make_site()
    owner = site.visitor()
    owner.start()
    code = code_of(owner)
    site.instance.database.close()
    moved = make_site(code_key="another key that is long enough to be one")
    moved.database.write_bytes(site.database.read_bytes())
    moved.visitor().post("/resume", {"code": code}, 422)


def test_a_new_way_back_ends_the_old_one_and_is_another(site: Site, owner: Visitor) -> None:
    code, link = code_of(owner), link_of(owner)
    site.clock.forward(minutes=1)
    owner.submit(owner.get(owner.hub + "/keep"), action="/keep")
    assert code_of(owner) != code
    assert link_of(owner) != link
    guest = site.visitor()
    guest.get(link, 404)
    guest.post("/resume", {"code": code}, 422)
    guest.post("/resume", {"code": code_of(owner)})
    guest.get(owner.hub)


def test_a_new_way_back_made_in_the_same_instant_is_another_all_the_same(site: Site, owner: Visitor) -> None:
    code, link = code_of(owner), link_of(owner)
    owner.submit(owner.get(owner.hub + "/keep"), action="/keep")
    assert code_of(owner) != code
    assert link_of(owner) != link


# Sessions


def test_starting_and_coming_back_give_a_new_session(site: Site, owner: Visitor) -> None:
    code = code_of(owner)
    planted = site.visitor()
    planted.session = fixed = "A" * 43
    planted.start()
    assert planted.session != fixed
    first, second = planted.session, planted.post("/resume", {"code": code})
    assert second.status == 303
    assert planted.session not in (fixed, first)
    planted.get(owner.hub)
    for old in (fixed, first):
        thief = site.visitor()
        thief.session = old
        thief.get(planted.hub, 404)
        thief.get(owner.hub, 404)
    planted.get(planted.hub)


@pytest.mark.parametrize(
    "cookie", ["", "short", "x" * 44, "x" * 43 + "..", "." * 44, "ö" * 43, "x" * 4000, "a;b", "\x7f" * 43]
)
def test_a_cookie_that_we_did_not_give_is_a_new_visitor(site: Site, cookie: str) -> None:
    visitor = site.visitor()
    visitor.get("/start", headers={"Cookie": f"session={cookie}".encode().decode("latin-1")})


def test_leaving_ends_the_session_on_the_server_and_keeps_the_answers(site: Site, owner: Visitor) -> None:
    code, cookie, hub = code_of(owner), owner.session, owner.hub
    page = owner.submit(owner.get(hub), action="/leave")
    assert owner.follow(page).path == "/left"
    assert owner.session == ""
    owner.get(hub, 404)
    thief = site.visitor()
    thief.session = cookie
    for path in (hub, hub + "/keep", hub + "/data.json", hub + "/check"):
        thief.get(path, 404)
    assert "Open in this browser" not in thief.get("/resume").words
    owner.post("/resume", {"code": code})
    owner.get(hub)


def test_two_checks_in_one_browser_stay_open_side_by_side(site: Site) -> None:
    visitor = site.visitor()
    first, second = visitor.start("quick"), visitor.start("full")
    assert first != second
    visitor.get(first)
    visitor.get(second)
    assert {first, second} <= set(visitor.get("/resume").links())


def test_checks_that_are_open_in_a_browser_are_told_apart(finished: Finished) -> None:
    owner = finished.owner
    owner.start("quick")
    listed = owner.get("/resume").words
    assert f"Bakery {CANARY} Last changed on 24 November 2026" in listed
    assert "Quick check Last changed on" in listed
    start = owner.get("/start")
    assert "Several checks are open in this browser" in start.words
    assert "/resume" in start.links()


def test_an_early_result_is_offered_from_the_first_finished_section_to_the_last_but_one(
    site: Site, finished: Finished
) -> None:
    visitor = site.visitor()
    visitor.start("quick")
    for controls in PROFILE:
        visitor.answer(controls)
    assert "early result" not in visitor.get(visitor.hub).words
    visitor.answer({"emi-01": "yearly"})
    visitor.answer({"ene-03": "do-not-know"})
    assert "See an early result (based on answers in 1 of 10 sections)" in visitor.get(visitor.hub).words
    assert "It is based on answers in 1 of 10 sections." in visitor.get(visitor.hub + "/early").words
    assert "early result" not in finished.owner.get(finished.owner.hub).words


# Taking out and deleting


def test_the_file_holds_every_row_that_belongs_to_the_check(finished: Finished) -> None:
    owner, draft = finished.owner, finished.parts["draft_id"]
    page = owner.get(owner.hub + "/data.json")
    assert page.headers["Content-Disposition"].startswith("attachment;")
    taken = json.loads(page.body)
    connection = driver.connect(finished.site.database)
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        columns = [column[1] for column in connection.execute(f"PRAGMA table_info({table})")]
        key = "id" if table == "assessments" else "assessment_id"
        if key not in columns:
            continue
        (stored,) = connection.execute(f"SELECT count(*) FROM {table} WHERE {key} = ?", (draft,)).fetchone()
        assert len(taken[table]) == stored, table
    connection.close()
    filled = {table for table, rows in taken.items() if rows}
    assert {"assessments", "answer_history", "results", "plan_items", "tokens", "documents"} <= filled
    assert CANARY in page.text
    assert not any(row.get("hash") for row in taken["tokens"])


def test_deleting_asks_first_and_then_is_done_at_once_to_the_last_byte(finished: Finished) -> None:
    owner, site, draft = finished.owner, finished.site, finished.parts["draft_id"]
    code, link = code_of(owner), link_of(owner)
    assert CANARY.encode() in site.database.read_bytes()
    ask = owner.get(owner.hub + "/delete")
    owner.get(owner.hub)
    assert owner.follow(owner.submit(ask)).path == "/deleted"
    owner.get(owner.hub, 404)
    left = [path for path in site.database.parent.rglob("*") if path.is_file()]
    for path in left:
        content = path.read_bytes()
        assert CANARY.encode() not in content, path.name
        assert draft.encode() not in content, path.name
    guest = site.visitor()
    guest.get(link, 404)
    guest.post("/resume", {"code": code}, 422)


def test_deleting_one_check_leaves_the_others(finished: Finished) -> None:
    other = finished.site.visitor()
    other.start()
    before = other.get(other.hub + "/data.json").body
    finished.owner.post(finished.owner.hub + "/delete")
    assert other.get(other.hub + "/data.json").body == before
    example = finished.site.visitor()
    example.open_example("bakery-bg")
    example.get(example.hub + "/results")


# How long it is kept


def test_the_start_page_says_how_long_a_check_is_kept(make_site: MakeSite) -> None:
    words = make_site(draft_days=12, finished_days=345).visitor().get("/start").words
    assert "deleted 12 days after the last change" in words
    assert "kept until 345 days after your last visit" in words


def test_the_day_of_deletion_follows_the_last_change(site: Site, owner: Visitor) -> None:
    for page in ("/data", "/keep"):
        assert "If no answer changes, it is deleted on 24 December 2026." in owner.get(owner.hub + page).words
    site.clock.forward(days=10)
    owner.get(owner.hub)
    assert "it is deleted on 24 December 2026" in owner.get(owner.hub + "/data").words
    owner.answer({"p-01": "BG"})
    assert "it is deleted on 3 January 2027" in owner.get(owner.hub + "/data").words


def test_of_a_finished_check_the_day_of_deletion_follows_the_last_visit(finished: Finished) -> None:
    owner = finished.owner
    told = "If nobody opens this check again, it is deleted on {}. Each visit puts that off."
    assert told.format("24 December 2027") in owner.get(owner.hub + "/data").words
    finished.site.clock.forward(days=10)
    owner.get(owner.hub)
    for page in ("/data", "/keep"):
        assert told.format("3 January 2028") in owner.get(owner.hub + page).words


def test_the_page_of_a_check_that_is_not_open_here_leads_nowhere_into_it(site: Site) -> None:
    owner, stranger = site.visitor(), site.visitor()
    owner.start("full")
    refused = stranger.get(owner.hub + "/plan", 404)
    assert "Leave this computer" not in refused.words
    assert not [link for link in refused.links() if link.startswith(owner.hub) and link != refused.path]
    # Negative control: what is missing inside one's own check keeps the ways around it.
    assert owner.hub + "/plan" in owner.get(owner.hub + "/sections/nothing/here", 404).links()
