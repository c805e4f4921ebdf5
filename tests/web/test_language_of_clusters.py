"""Every text and figure of the map and of the exchange goes through the language."""

from collections.abc import Callable

import pytest

from tests.brackets import CODE, Escaped, OwnDigits, Pseudo, common_figures
from tests.web.clustered import Company, post_alone
from tests.web.conftest import MakeSite
from tests.web.speaking import escaped, nothing, speaking
from tests.web.test_cluster_map import World
from tests.web.test_exchange import NEED
from tests.web.visiting import Page, Site, Visitor

TAILS = ("", "?kind=supplies", "?topic=noise", "/import")


def reading(visitor: Visitor) -> Visitor:
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = CODE
    return visitor


def traded(site: Site) -> tuple[World, Company, Company]:
    """A cluster with a map, and in its exchange one match of each state."""
    world = World(site)
    bakery, hotel = world.bakery, world.hotel
    others = [world.mill, *world.neighbours(4)]
    for company in (bakery, hotel, *others):
        company.take_part()
    with site.instance.database.writing() as connection:
        for company in others:
            post_alone(connection, company, site)
    bakery.post({"amount": "1250"})
    bakery.post({"title": "Pulp", "material": "fruit-vegetables", "code": "", "month": ["12", "1", "2", "8"]})
    bakery.post({"title": "Heat", "material": "heat-low", "unit": "MWh", "code": "", "period": "once"})
    hotel.post(NEED)
    hotel.post({**NEED, "title": "Fruit", "material": "fruit-vegetables", "unit": "kg", "amount": "2"})
    hotel.post({**NEED, "title": "Warmth", "material": "heat-low", "unit": "kWh", "amount": "9"})
    bakery.say("ask")
    world.agree(bakery)
    world.agree(world.mill)
    return world, bakery, hotel


def shown(site: Site) -> dict[str, Page]:
    """All pages, and each form refused."""
    world, bakery, hotel = traded(site)
    for visitor in (world.manager, bakery.owner, hotel.owner):
        reading(visitor)
    post = next(link for link in bakery.owner.get(bakery.exchange).links() if "/exchange/posts/" in link)
    links = f"/clusters/{world.id}/members/{world.member_ids['hotel']}/links"
    wrong = b"name,role,services\nA,king,magic\n,firm,\n"
    return {
        **{f"map{tail}": world.manager.get(world.map + tail) for tail in TAILS},
        "shared": hotel.owner.get(f"{hotel.home}/map"), "bakery": bakery.owner.get(bakery.exchange),
        "hotel": hotel.owner.get(hotel.exchange), "none": hotel.owner.get(f"{hotel.exchange}?kind=space"),
        "post": bakery.owner.get(post), "new": bakery.owner.get(f"{bakery.exchange}/posts"),
        "refused": bakery.post({"side": "", "material": "", "title": "", "unit": "", "month": [], "reach": "1"}, 422),
        "links": world.manager.get(links), "mistakes": world.upload(wrong, status=422),
        "preview": world.upload(b"name\nGas Sample\n"), "town": bakery.take_part("Nowhere", status=422),
    }  # fmt: skip


@pytest.fixture
def make_spoken(make_site: MakeSite) -> Callable[..., Site]:
    return lambda language: speaking(make_site(), language)


def test_the_map_and_the_exchange_speak_the_language_of_the_visitor_alone(make_spoken: Callable[..., Site]) -> None:
    pages = shown(make_spoken(Pseudo()))
    # The title of a page names the cluster, and nothing can shield a part of a title.
    found = {name: escaped(page, "Example Food Cluster") for name, page in pages.items()}
    assert found == {**nothing(pages), "links": ["– Hotel Sample –  –"]}


def test_the_language_writes_their_figures(make_spoken: Callable[..., Site]) -> None:
    pages = shown(make_spoken(OwnDigits()))
    assert {name: common_figures(Escaped(page.text).text) for name, page in pages.items()} == nothing(pages)
    assert "①,②⑤⓪" in pages["bakery"].text
