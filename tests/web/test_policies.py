"""Every route says what it asks of whoever calls it: without a word the application does not start."""

from collections.abc import Callable
from inspect import unwrap

import pytest
from flask import Flask

from assessment.app import make_app
from assessment.config import ConfigurationError
from assessment.core.access import Action, Standpoint
from assessment.services.checks import answering
from assessment.web.checks import drafts
from assessment.web.current import instance
from assessment.web.policies import asking, needs, set_up
from tests.web.routes import PROMISED
from tests.web.visiting import Page, Site

DECLARED = "policy"
REVIEWED = "see who may do that and what the route does, then say so in tests/web/routes.yaml"
OF_SOMEBODY = {"draft_id", "company_id"}
"""Parts of an address that name what belongs to somebody."""
OPEN = ("/examples/<draft_id>",)
"""A demo's invented companies are there for everybody to open."""


def add(app: Flask, address: str, view: Callable[..., object]) -> None:
    """Add a route to an application that has answered nothing yet."""
    app.add_url_rule(address, f"added {address}", view)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "address", ["/chart.svg", "/assessments/<draft_id>/thumbnail", "/autocomplete", "/export.xlsx"]
)
def test_a_route_that_declares_no_policy_keeps_the_application_from_starting(site: Site, address: str) -> None:
    add(site.app, address, lambda **_: "shown to anybody")
    with pytest.raises(ConfigurationError) as told:
        set_up(site.app)
    assert f"['{address}']" in str(told.value)


def test_all_routes_that_declare_none_are_named(site: Site) -> None:
    add(site.app, "/one", lambda: "")
    add(site.app, "/two", lambda: "")
    with pytest.raises(ConfigurationError, match=r"\['/one', '/two'\]"):
        set_up(site.app)


def test_the_application_itself_does_not_start_with_a_view_that_has_lost_its_policy(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(drafts.data_file, DECLARED)
    with pytest.raises(ConfigurationError, match=r"\['/assessments/<draft_id>/data\.json'\]"):
        make_app(site.instance)


def test_whichever_view_loses_its_policy_is_named_files_and_checks_of_health_included(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = list(site.app.url_map.iter_rules())
    addresses = {rule.rule for rule in rules}
    assert {"/static/<digest>/<path:name>", "/livez", "/assessments/<draft_id>/plan/files/<form>"} <= addresses
    for endpoint, view in site.app.view_functions.items():
        with monkeypatch.context() as patched:
            patched.delattr(view, DECLARED)
            with pytest.raises(ConfigurationError) as told:
                set_up(site.app)
        lost = [rule.rule for rule in rules if rule.endpoint == endpoint]
        assert str(sorted(lost)) in str(told.value)
    set_up(site.app)


# What each route asks for, against what somebody who looked at it wrote down


def not_as_reviewed(app: Flask) -> list[str]:
    """What routes declare that is not in the list of what was reviewed, and what is in the list alone, in words."""
    declared = {
        f"{method} {rule.rule}": getattr(app.view_functions[rule.endpoint], DECLARED).value
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    reviewed = {
        f"{method} {address}": asked
        for errand in PROMISED.values()
        for address, asks in errand.items()
        for method, asked in asks.items()
    }
    changed = [
        f"{route} asks for “{asked}”, and was reviewed asking for “{reviewed.get(route, 'nothing')}”: {REVIEWED}"
        for route, asked in declared.items() if reviewed.get(route) != asked
    ]  # fmt: skip
    return changed + [f"{route} is not there any more" for route in reviewed.keys() - declared.keys()]


def test_every_route_asks_for_what_somebody_found_strong_enough_for_it(site: Site) -> None:
    found = not_as_reviewed(site.app)
    assert not found, "\n".join(found)


def test_a_route_that_asks_for_less_than_before_is_named_with_what_to_do(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts.delete, DECLARED, Action.READ_ANSWERS)
    assert not_as_reviewed(site.app) == [
        "POST /assessments/<draft_id>/delete asks for “read answers”, and was reviewed asking for “delete a check”: "
        + REVIEWED
    ]


def test_whichever_view_asks_for_something_else_is_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for endpoint, view in site.app.view_functions.items():
        weaker = Standpoint.ANYBODY if getattr(view, DECLARED) is not Standpoint.ANYBODY else Standpoint.SIGNED_IN
        with monkeypatch.context() as patched:
            patched.setattr(view, DECLARED, weaker)
            assert not_as_reviewed(site.app), endpoint


def test_a_new_route_and_one_that_is_gone_are_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    add(site.app, "/assessments/<draft_id>/thumbnail", needs(Action.READ_ANSWERS)(lambda **_: "shown"))
    monkeypatch.setitem(PROMISED["accounts"], "/sign-up", {"GET": "anybody"})
    assert not_as_reviewed(site.app) == [
        "GET /assessments/<draft_id>/thumbnail asks for “read answers”, and was reviewed asking for “nothing”: "
        + REVIEWED,
        "GET /sign-up is not there any more",
    ]


def test_no_address_stands_twice_in_the_list_and_each_word_is_one_of_the_product() -> None:
    addresses = [address for errand in PROMISED.values() for address in errand]
    assert len(addresses) == len({*addresses})
    asked = {word for errand in PROMISED.values() for asks in errand.values() for word in asks.values()}
    assert asked == {policy.value for policy in (*Action, *Standpoint)}


def test_what_names_a_check_or_a_company_declares_what_is_done_to_it(site: Site) -> None:
    for rule in site.app.url_map.iter_rules():
        policy = getattr(site.app.view_functions[rule.endpoint], DECLARED)
        if rule.arguments & OF_SOMEBODY and rule.rule not in OPEN:
            assert isinstance(policy, Action), f"{rule.rule} names somebody's own but asks for {policy.value} alone"


def test_a_policy_stands_on_the_function_itself_where_whoever_reads_it_looks(site: Site) -> None:
    for endpoint, view in site.app.view_functions.items():
        assert hasattr(unwrap(view), DECLARED), endpoint


def test_a_view_that_touches_a_check_but_declares_a_standpoint_fails_loudly(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    @needs(Standpoint.ANYBODY)
    def shows_a_check(draft_id: str) -> str:
        return answering.open_draft(instance(), asking(), draft_id, "en").draft.id

    add(site.app, "/assessments/<draft_id>/loud", shows_a_check)
    set_up(site.app)
    owner = site.visitor()
    page = Page(owner.client.get(owner.start() + "/loud", base_url=site.address))
    assert page.status == 500
    assert "touches a company or a cluster but declares Standpoint.ANYBODY" in caplog.text


def test_the_same_view_with_an_action_shows_it(site: Site) -> None:
    @needs(Action.READ_ANSWERS)
    def shows_a_check(draft_id: str) -> str:
        return answering.open_draft(instance(), asking(), draft_id, "en").draft.id

    add(site.app, "/assessments/<draft_id>/loud", shows_a_check)
    set_up(site.app)
    owner = site.visitor()
    hub = owner.start()
    assert Page(owner.client.get(hub + "/loud", base_url=site.address)).text == hub.rpartition("/")[2]
