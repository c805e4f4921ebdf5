"""Sites that have their addresses in common are each as they would be alone."""

import pytest
from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule

from tests.web.conftest import MakeSite
from tests.web.in_common import KnownAddresses

ADDRESSES = ("/", "/a", "/a/<name>", "/a/b", "/<int:number>/<path:rest>")


def test_an_address_that_one_site_has_more_is_found_there_alone(make_site: MakeSite) -> None:
    one, other = make_site(), make_site()
    assert len(list(one.app.url_map.iter_rules())) == len(list(other.app.url_map.iter_rules()))
    one.app.add_url_rule("/more", "more", lambda: "")
    assert one.app.url_map.bind("localhost").match("/more") == ("more", {})
    with pytest.raises(NotFound):
        other.app.url_map.bind("localhost").match("/more")


@pytest.mark.parametrize("late", range(len(ADDRESSES)))
def test_addresses_in_common_lead_where_werkzeugs_own_lead_whenever_one_is_added(late: int) -> None:
    plain, known = Map(), KnownAddresses()
    for made in (plain, known):
        for at, address in enumerate(ADDRESSES):
            made.add(Rule(address, endpoint=address, methods=["GET", "PUT"] if at % 2 else None))
            if at == late:
                assert made.bind("localhost").match("/") == ("/", {})
    for path in ("/", "/a", "/a/b", "/a/c", "/7/x/y"):
        assert known.bind("localhost").match(path) == plain.bind("localhost").match(path)
        assert known.bind("localhost").allowed_methods(path) == plain.bind("localhost").allowed_methods(path)
    assert known.bind("localhost").build("/a/<name>", {"name": "ü"}) == "/a/%C3%BC"


def test_what_flask_notes_on_a_rule_tells_it_from_one_that_is_otherwise_alike() -> None:
    for automatic in (True, False):
        rule = Rule("/", endpoint="start")
        rule.provide_automatic_options = automatic  # type: ignore[attr-defined]
        (found,) = KnownAddresses([rule]).iter_rules()
        assert vars(found)["provide_automatic_options"] is automatic
