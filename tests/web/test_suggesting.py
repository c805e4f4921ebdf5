"""Suggestions for the catalogue: anybody makes one, an editor decides, and nothing is seen before that."""

import json
from collections.abc import Mapping

import pytest

from assessment.content.resources.link_check import Checked
from assessment.core.errors import NotFound, Refused
from assessment.services.resources import links, suggesting
from assessment.services.upkeep import upkeep
from assessment.storage import suggestions as stored
from tests.web.conftest import MakeSite
from tests.web.visiting import NOON, Site, Visitor

ENTRY = "eu-horizon-europe"
SECRET = "Kanarche4711"
GOOD: Mapping[str, str] = {
    "kind": "new", "entry": "", "words": f"There is a new guide. {SECRET}", "source": "https://www.example.org/guide",
    "who": f"{SECRET}@example.org", "consent": "yes",
}  # fmt: skip


def sent(visitor: Visitor, status: int = 303, **more: str) -> str:
    """What is shown after a suggestion was sent."""
    page = visitor.submit(visitor.get("/catalogue/suggest"), {**GOOD, **more}, "/catalogue/suggest", status)
    return visitor.follow(page).words if status == 303 else page.words


def test_a_suggestion_is_taken_in_and_the_visitor_is_told_what_happens_next(site: Site) -> None:
    words = sent(site.visitor())
    assert "An editor reads it" in words
    assert "deleted as soon as that is decided" in words
    [one] = suggesting.listed(site.instance, "waiting")
    assert (one.kind, one.entry, one.source, one.who) == ("new", "", GOOD["source"], GOOD["who"])
    assert [step.state for step in suggesting.shown(site.instance, one.id)[1]] == ["waiting"]


def test_every_entry_and_the_catalogue_lead_to_the_form(site: Site) -> None:
    visitor = site.visitor()
    assert "/catalogue/suggest" in visitor.get("/catalogue").links()
    page = visitor.get(f"/catalogue/{ENTRY}")
    assert "Something wrong or missing? Tell us" in page.words
    link = next(link for link in page.links() if "/catalogue/suggest" in link)
    form = visitor.get(link).form("/catalogue/suggest")
    name = site.instance.library.catalogue("en").schemes[ENTRY].name
    assert (form.fields["kind"], form.fields["entry"]) == ("correction", name)
    visitor.submit(visitor.get(link), {**GOOD, "kind": "correction", "entry": name}, "/catalogue/suggest")
    assert suggesting.listed(site.instance, "waiting")[0].entry == ENTRY


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [("kind", "", "Choose whether"), ("kind", "other", "Choose whether"), ("words", "  ", "Tell us what is new"),
     ("words", "x" * 2001, "Shorten your text to 2,000 characters"), ("source", "", "Type the address of a web page"),
     ("source", "www.example.org", "begins with https://"), ("source", "ftp://example.org/x", "begins with https://"),
     ("source", "javascript:alert(1)", "begins with https://"), ("source", "https://", "begins with https://"),
     ("source", "https://localhost/x", "begins with https://"), ("source", "https://a@b.example/", "begins with https://"),
     ("source", "https://exa mple.org/", "begins with https://"), ("source", "https://example.org:0/", "begins with"),
     ("source", "https://example.org/\u202etxt", "begins with https://"),
     ("source", "https://example.org/" + "x" * 500, "at most 500"), ("who", "x" * 201, "Shorten your name"),
     ("consent", "", "Tick the box")],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_told_at_its_field_and_nothing_is_lost(
    site: Site, field: str, typed: str, said: str
) -> None:
    visitor = site.visitor()
    page = visitor.submit(visitor.get("/catalogue/suggest"), {**GOOD, field: typed}, "/catalogue/suggest", 422)
    assert said in page.words
    assert f'href="#{field}"' in page.text
    kept = page.form("/catalogue/suggest").fields
    assert all(kept.get(name, "") == value for name, value in GOOD.items() if name not in (field, "kind"))
    assert suggesting.listed(site.instance, "waiting") == ()


@pytest.mark.parametrize(("entry", "said"), [("", "Type the name of the entry"), ("No such entry", "We find no entry")])
def test_a_correction_names_an_entry_that_there_is(site: Site, entry: str, said: str) -> None:
    assert said in sent(site.visitor(), 422, kind="correction", entry=entry)


def test_the_same_form_sent_twice_is_one_suggestion(site: Site) -> None:
    visitor = site.visitor()
    page = visitor.get("/catalogue/suggest")
    for _ in range(2):
        visitor.submit(page, GOOD, "/catalogue/suggest")
    assert len(suggesting.listed(site.instance, "waiting")) == 1
    visitor.submit(visitor.get("/catalogue/suggest"), GOOD, "/catalogue/suggest")
    assert len(suggesting.listed(site.instance, "waiting")) == 2


def test_one_address_sends_ten_an_hour(make_site: MakeSite) -> None:
    visitor = make_site(limited=True).visitor()
    page = visitor.get("/catalogue/suggest")
    form = page.form("/catalogue/suggest").filled(GOOD)
    statuses = [visitor.send("/catalogue/suggest", form).status for _ in range(11)]
    assert statuses == [303] * 10 + [429]


PUBLIC = ("/", "/catalogue", "/catalogue/changes", f"/catalogue/{ENTRY}", "/catalogue/suggest")


def seen(site: Site) -> str:
    """All that another visitor sees."""
    return " ".join(site.visitor().get(path).text for path in PUBLIC)


@pytest.mark.parametrize("decision", ["none", "declined", "accepted without words", "accepted"])
def test_what_a_visitor_wrote_is_never_public(site: Site, decision: str) -> None:
    sent(site.visitor())
    [one] = suggesting.listed(site.instance, "waiting")
    if decision == "declined":
        suggesting.decide(site.instance, one.id, "declined", "Elena", f"Not found at {SECRET}")
    elif decision != "none":
        words = "" if decision == "accepted without words" else "Added a guide on boilers."
        suggesting.decide(site.instance, one.id, "accepted", "Elena", words)
    everything = seen(site)
    assert SECRET not in everything
    assert "Elena" not in everything
    assert ("Added a guide on boilers." in everything) is (decision == "accepted")
    assert ("24 November 2026" in site.visitor().get("/catalogue/changes").words) is (decision == "accepted")


def test_a_change_of_an_entry_leads_to_it(site: Site) -> None:
    sent(site.visitor(), kind="correction", entry=ENTRY)
    [one] = suggesting.listed(site.instance, "waiting")
    suggesting.decide(site.instance, one.id[:8], "accepted", "Elena", "Corrected <b>the</b> deadline.")
    page = site.visitor().get("/catalogue/changes")
    assert f"/catalogue/{ENTRY}" in page.links()
    assert "Corrected <b>the</b> deadline." in page.words


def test_who_made_a_suggestion_is_forgotten_with_the_decision(site: Site) -> None:
    sent(site.visitor())
    [one] = suggesting.listed(site.instance, "waiting")
    suggesting.decide(site.instance, one.id, "declined", "Elena", "Closed.")
    assert suggesting.shown(site.instance, one.id)[0].who == ""
    assert GOOD["who"] not in "\n".join(site.dump())
    assert [(step.state, step.editor, step.words) for step in suggesting.shown(site.instance, one.id)[1]] == [
        ("waiting", "", ""), ("declined", "Elena", "Closed."),
    ]  # fmt: skip


def test_who_made_a_suggestion_is_forgotten_after_a_year_and_the_suggestion_stays(site: Site) -> None:
    sent(site.visitor())
    site.clock.forward(days=stored.KEPT_NAMES.days - 1)
    assert upkeep.prune(site.instance).names == 0
    assert suggesting.listed(site.instance, "waiting")[0].who == GOOD["who"]
    site.clock.forward(days=1)
    assert upkeep.prune(site.instance).names == 1
    [one] = suggesting.listed(site.instance, "waiting")
    assert (one.who, one.source) == ("", GOOD["source"])


def test_a_suggestion_is_decided_once_by_somebody_with_a_reason(site: Site) -> None:
    sent(site.visitor())
    [one] = suggesting.listed(site.instance, "waiting")
    with pytest.raises(Refused):
        suggesting.decide(site.instance, one.id, "declined", "Elena", " ")
    with pytest.raises(Refused):
        suggesting.decide(site.instance, one.id, "accepted", " ", "Words")
    with pytest.raises(NotFound):
        suggesting.decide(site.instance, "ffff0000", "accepted", "Elena", "Words")
    suggesting.decide(site.instance, one.id, "accepted", "Elena", "Words")
    with pytest.raises(Refused):
        suggesting.decide(site.instance, one.id, "declined", "Elena", "Changed my mind")


# Fresh and stale entries, dead links, files


def test_a_dead_address_is_told_in_the_list_and_on_the_page(site: Site) -> None:
    visitor, path = site.visitor(), links.links_file(site.instance)
    scheme = site.instance.library.catalogue("en").schemes[ENTRY]
    assert "did not answer" not in visitor.get(f"/catalogue/{ENTRY}").words
    found = {"outcome": "no-answer", "at": "2026-11-03T10:00:00+00:00"}
    path.write_text(json.dumps({"version": 1, "addresses": {scheme.url: found}}))
    said = "This address did not answer on 3 November 2026."
    assert said in visitor.get(f"/catalogue/{ENTRY}").words
    assert said in visitor.get(f"/catalogue?q={scheme.name.split()[0]}").words
    path.write_text(path.read_text().replace("no-answer", "gone").replace("-03T", "-04T"))
    assert "On 4 November 2026 there was no page at this address." in visitor.get(f"/catalogue/{ENTRY}").words
    path.write_text(path.read_text().replace("gone", "unclear"))
    assert "4 November" not in visitor.get(f"/catalogue/{ENTRY}").words
    assert links.dead_links(site.instance) == {}
    assert Checked("gone", NOON) != Checked("unclear", NOON)


def test_old_evidence_is_told_in_the_list_and_on_the_page(site: Site) -> None:
    visitor = site.visitor()
    schemes = site.instance.library.catalogue("en").schemes.values()
    old = next(scheme for scheme in schemes if scheme.as_of == 2020 and not scheme.gone(NOON.date()))
    new = next(scheme for scheme in schemes if scheme.as_of == 2026 and not scheme.gone(NOON.date()))
    page = visitor.get(f"/catalogue/{old.id}").words
    assert "Last checked 2020" in page
    assert "This was last checked in 2020." in page
    assert "This was last checked" not in visitor.get(f"/catalogue/{new.id}").words
    assert "Last checked in 2020" in visitor.get("/catalogue", query_string={"q": old.name}).words


@pytest.mark.parametrize(("form", "begins"), [("csv", b"PK"), ("xlsx", b"PK"), ("json", b"{")])
def test_the_catalogue_is_given_away_with_the_size_that_was_told(site: Site, form: str, begins: bytes) -> None:
    visitor = site.visitor()
    page = visitor.get("/catalogue")
    assert f"/catalogue/files/{form}" in page.links()
    file = visitor.get(f"/catalogue/files/{form}")
    assert file.body.startswith(begins)
    assert "attachment" in file.headers["Content-Disposition"]
    assert f"{-(-len(file.body) // 1000)} kB" in page.words


def test_there_is_no_other_file(site: Site) -> None:
    assert site.visitor().get("/catalogue/files/exe", 404).status == 404


def test_the_pages_of_a_search_keep_its_words_and_filters(site: Site) -> None:
    visitor = site.visitor()
    first = visitor.get("/catalogue", query_string={"q": "en & <x", "country": ["BG", "RO"], "closed": "1"})
    assert "Nothing found for “en & <x”" in first.words
    first = visitor.get("/catalogue", query_string={"q": "e", "country": ["BG", "RO"], "closed": "1"})
    after = next(link for link in first.links() if "page=2" in link)
    assert after == "/catalogue?q=e&country=BG&country=RO&closed=1&page=2"
    form = visitor.get(after).form("/catalogue")
    assert (form.fields["q"], form.fields.getlist("country"), form.fields["closed"]) == ("e", ["BG", "RO"], "1")
