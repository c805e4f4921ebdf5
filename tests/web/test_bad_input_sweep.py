"""Bad input anywhere: no fault, no hang, no changed row where it was refused, nothing from inside, nothing live."""

import os
import time
import traceback
from collections.abc import Callable

import pytest
from flask import Flask, request

from assessment.core.access import Standpoint
from assessment.web.policies import needs
from tests.web.conftest import Kept, MakeSite
from tests.web.routes import ADDRESSES, Finished
from tests.web.sweeping import PATIENCE, Sweep
from tests.web.visiting import Site

SEED = 20261125
INPUTS = 2_000
INPUTS_IN_SOAK = 10_000


def test_bad_input_never_harms(finished: Finished) -> None:
    sweep = Sweep(finished, SEED)
    assert sweep.run(range(INPUTS)) == []
    assert sweep.reached >= {(address, method) for method, all_of in ADDRESSES.items() for address in all_of}
    # Accepted, refused by each guard: a sweep that is always stopped at the first one proves nothing.
    assert {200, 303, 400, 404, 405, 409, 422} <= set(sweep.statuses), sweep.statuses


@pytest.mark.soak
def test_ten_thousand_bad_inputs_of_a_new_seed_never_harm(finished: Finished) -> None:
    seed = int(os.environ.get("ASSESSMENT_TEST_SEED") or time.time())
    assert Sweep(finished, seed).run(range(INPUTS_IN_SOAK)) == []


def as_it_came(site: Site) -> str:
    return f"<p>{request.args} {request.full_path} {request.form}</p>"


def fails(site: Site) -> str:
    return str(int(request.full_path))


def writes_and_refuses(site: Site) -> tuple[str, int]:
    with site.instance.database.writing() as connection:
        connection.exec_driver_sql("UPDATE assessments SET company_name = company_name || 'x'")
    return "refused", 422


def hangs(site: Site) -> str:
    time.sleep(0.15)
    return "at last"


def shows_its_inside(site: Site) -> tuple[str, int]:
    try:
        return str(int(request.full_path)), 200
    except ValueError:
        return traceback.format_exc(), 400


def leads_away(site: Site) -> tuple[str, int, dict[str, str]]:
    return "", 302, {"Location": "//evil.example"}


@pytest.mark.parametrize(
    ("view", "fault"),
    [
        (as_it_came, "as it came"), (fails, "status 500"), (writes_and_refuses, "changed rows and answered 422"),
        (hangs, "took 0."), (shows_its_inside, "shows 'Traceback"), (leads_away, "leads away to '//evil"),
    ],
)  # fmt: skip
def test_a_view_that_does_harm_is_found(
    make_site: MakeSite, kept: Kept, view: Callable[[Site], str], fault: str
) -> None:
    site = make_site(start="finished")
    add(site.app, lambda: view(site))
    sweep = Sweep(
        Finished(site, kept.session, kept.draft_id), SEED, patience=0.1 if view is hangs else PATIENCE, only="/broken"
    )
    found = sweep.run(range(400))
    assert found
    assert all(f"seed {SEED}, input " in text for text in found)
    assert any(fault in text for text in found), found


def add(app: Flask, view: Callable[[], object]) -> None:
    @needs(Standpoint.ANYBODY)
    def broken() -> object:
        return view()

    app.add_url_rule("/broken", "broken", broken, methods=["GET"])  # type: ignore[arg-type]


@pytest.mark.parametrize("query", ["notice=\xff\xfe", "\xc3(", "q=\xe2\x82"])
@pytest.mark.parametrize("path", ["/", "/catalogue", "/nowhere"])
def test_bytes_in_an_address_that_are_no_text_are_refused_with_a_page(site: Site, path: str, query: str) -> None:
    page = site.visitor().get(path, 400, environ_overrides={"QUERY_STRING": query})
    assert "Request number:" in page.words
