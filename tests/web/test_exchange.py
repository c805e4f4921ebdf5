"""The by-product exchange on its pages: what fits is shown with reasons, and nobody is named before both say yes."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from sqlalchemy import Connection, func, select, update

from assessment.core.access import Action
from assessment.services.asking import Asking
from assessment.services.clusters import exchange
from assessment.services.upkeep import upkeep
from assessment.storage.clusters import cluster_members, clusters, exchanges
from assessment.storage.clusters.cluster_tables import exchange_members, exchange_places, exchange_posts, exchange_talks
from assessment.storage.people import companies, partings
from assessment.storage.people.people_tables import companies as companies_table
from tests.web.clustered import Company, add_cluster, add_member, exchanging, manager_of, post_alone
from tests.web.mailbox import Mailbox, text_of
from tests.web.people import person, signed_in
from tests.web.visiting import Page, Site

NEED: dict[str, str | list[str]] = {
    "side": "need",
    "title": "Old bread wanted",
    "amount": "11",
    "code": "",
    "note": "no mould",
}


def matched(site: Site) -> tuple[Company, Company]:
    """A bakery with bread, and somebody who looks for it."""
    bakery, feed, _ = exchanging(site)
    bakery.post()
    feed.post(NEED)
    return bakery, feed


def tells_of(page: Page, other: Company) -> list[str]:
    """What a page says that only the other company has."""
    told = (other.name, other.email, f"Owner of {other.name}", other.id)
    return [word for word in told if word in page.text]


def rows(site: Site) -> dict[str, int]:
    with site.instance.database.reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (exchange_members, exchange_posts, exchange_talks)
        }


# Taking part and posting


def test_nothing_is_shown_before_a_company_agreed_to_take_part(site: Site) -> None:
    who, _ = manager_of(site)
    bakery = add_member(site, add_cluster(site, who), "Example Bakery")
    page = bakery.owner.get(bakery.exchange)
    assert "Take part" in page.words
    refused = bakery.owner.submit(page, {"country": "BG", "town": "Sofia"}, action="/exchange/place", status=422)
    assert "Tick the box" in refused.words
    assert refused.form("/exchange/place").fields["town"] == "Sofia"
    assert "agreed" not in refused.form("/exchange/place").fields
    unknown = {"country": "BG", "town": "Nowhere at all", "agreed": "yes"}
    asked = bakery.owner.submit(page, unknown, action="/exchange/place", status=422)
    assert asked.form("/exchange/place").fields["agreed"] == "yes"
    assert bakery.owner.get(f"{bakery.exchange}/posts", status=303)
    assert rows(site) == {"exchange_members": 0, "exchange_posts": 0, "exchange_talks": 0}


def test_a_town_is_asked_back_where_it_is_not_known_and_cannot_be_changed_from_day_to_day(site: Site) -> None:
    bakery, _, _ = exchanging(site, others=0)
    assert "We do not know this town in Bulgaria" in bakery.take_part("Nowhere at all", status=422).words
    assert "It can be changed after that" in bakery.take_part("Пловдив", status=422).words
    site.clock.forward(days=31)
    fresh = signed_in(site, owner_of(site, bakery))
    bakery.owner = fresh
    bakery.take_part("Пловдив")
    assert bakery.owner.get(bakery.exchange).form("/exchange/place").fields["town"] == "Plovdiv"


def test_nobody_is_elsewhere_at_once_by_leaving_and_coming_back_or_by_another_cluster(site: Site) -> None:
    bakery, _, _ = exchanging(site)
    bakery.owner.submit(bakery.owner.get(bakery.exchange), action="/exchange/leave")
    assert "It can be changed after that" in bakery.take_part("Пловдив", status=422).words
    bakery.owner.submit(bakery.owner.get(bakery.home), action="/leave")
    with site.instance.database.writing() as connection:
        manager = clusters.managers_of(connection, bakery.cluster_id)[0].person_id
        cluster_members.join(connection, bakery.cluster_id, bakery.id, bakery.name, "code", 0, site.clock())
    assert "It can be changed after that" in bakery.take_part("Пловдив", status=422).words
    other = replace(bakery, cluster_id=add_cluster(site, manager, "Another cluster"))
    with site.instance.database.writing() as connection:
        cluster_members.join(connection, other.cluster_id, bakery.id, bakery.name, "code", 0, site.clock())
    assert "It can be changed after that" in other.take_part("Пловдив", status=422).words
    bakery.take_part("Sofia")
    other.take_part("Sofia")
    # After a month it moves, in all its clusters, since who it could be compared with would else look from two places.
    site.clock.forward(days=31)
    bakery.owner = other.owner = signed_in(site, bakery.owner_id)
    other.take_part("Пловдив")
    assert bakery.owner.get(bakery.exchange).form("/exchange/place").fields["town"] == "Plovdiv"


def test_a_town_is_forgotten_once_it_may_change_and_the_company_is_in_no_exchange(site: Site) -> None:
    bakery, feed, _ = exchanging(site)
    bakery.owner.submit(bakery.owner.get(bakery.exchange), action="/exchange/leave")
    known = select(exchange_places.c.company_id).where(exchange_places.c.company_id.in_([bakery.id, feed.id]))
    for days, kept in ((29, {bakery.id, feed.id}), (2, {feed.id})):
        site.clock.forward(days=days)
        upkeep.prune(site.instance)
        with site.instance.database.reading() as connection:
            assert set(connection.execute(known).scalars()) == kept


def told_to(site: Site, company: Company) -> Mapping[str, Sequence[int]]:
    with site.instance.database.reading() as connection:
        return exchanges.told_to(connection, company.id)


def test_the_bands_that_somebody_was_told_are_noted_until_it_is_somewhere_else(site: Site) -> None:
    bakery, feed = matched(site)
    assert told_to(site, bakery) == {}
    assert "at most 10 km apart" in bakery.owner.get(bakery.exchange).words
    assert told_to(site, bakery) == {f"{bakery.cluster_id}:offer": [10]}
    assert told_to(site, feed) == {}, "who has not looked was told nothing"
    site.clock.forward(days=31)
    bakery.owner = signed_in(site, owner_of(site, bakery))
    bakery.take_part("Пловдив")
    assert told_to(site, bakery) == {}


def test_two_looks_at_the_same_moment_tell_no_bands_that_tell_more_together(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    bakery, feed, others = exchanging(site)
    bakery.post()
    feed.post(NEED)
    asking, database = Asking("", Action.SPEAK_IN_CLUSTER, bakery.owner_id), site.instance.database
    writing = database.writing

    def meanwhile() -> AbstractContextManager[Connection]:
        """Before the first look is noted two others move away, and a second look is told of it."""
        monkeypatch.undo()
        with writing() as connection:
            for other in others[:2]:
                exchanges.take_part(
                    connection, other.cluster_id, other.id, "BG", "Plovdiv", other.owner_id, site.clock()
                )
        second = exchange.look(site.instance, asking, bakery.id, bakery.cluster_id)
        assert second.ends == {"offer": (250,)}
        return writing()

    monkeypatch.setattr(database, "writing", meanwhile)
    first = exchange.look(site.instance, asking, bakery.id, bakery.cluster_id)
    # With a band of 10 km as well, two of them would be the only ones between 10 and 250 km.
    assert first.ends == {"offer": (250,)}
    assert told_to(site, bakery) == {f"{bakery.cluster_id}:offer": [250]}


def owner_of(site: Site, company: Company) -> str:
    with site.instance.database.reading() as connection:
        return companies.members_of(connection, company.id)[0].person_id


def test_what_is_wrong_with_a_post_is_said_at_each_field_and_nothing_typed_is_lost(site: Site) -> None:
    bakery, _, _ = exchanging(site, others=0)
    wrong: dict[str, str | list[str]] = {
        "material": "", "title": "", "amount": "lots", "unit": "", "month": [], "reach": "7", "code": "16 06 01",
        "note": "x" * 501, "side": "",
    }  # fmt: skip
    page = bakery.post(wrong, status=422)
    for words in (
        "Say whether you offer or look for it", "Choose what it is", "Describe it in a few words", "Choose a unit",
        "we cannot read “lots”", "Tick at least one month", "Choose how far it may be",
        "Shorten this to 500 characters", "Choose one of the codes offered",
    ):  # fmt: skip
        assert words in page.words
    assert page.form().fields["amount"] == "lots"
    assert "xxxxx" in page.text
    assert rows(site)["exchange_posts"] == 0


def test_a_number_that_can_be_read_two_ways_is_asked_back_and_taken_as_chosen(site: Site) -> None:
    bakery, _, _ = exchanging(site, others=0)
    page = bakery.post({"amount": "1.250"}, status=422)
    assert "“1.250” can mean 1,250" in page.words
    bakery.owner.submit(page, {"amount.reading": "whole"})
    assert "1,250 t each year" in bakery.owner.get(bakery.exchange).words


def test_a_unit_has_to_suit_what_it_is(site: Site) -> None:
    bakery, _, _ = exchanging(site, others=0)
    assert "Choose one of these units for it: t and kg" in bakery.post({"unit": "m2"}, status=422).words


def test_a_post_is_changed_and_closed_by_its_company_alone(site: Site) -> None:
    bakery, feed = matched(site)
    link = next(link for link in bakery.owner.get(bakery.exchange).links() if "/exchange/posts/" in link)
    bakery.owner.submit(bakery.owner.get(link), {"title": "Surplus rolls"}, action=link)
    assert "Surplus rolls" in feed.owner.get(feed.exchange).words
    stolen = link.replace(bakery.home, feed.home)
    assert feed.owner.get(stolen, status=404)
    feed.owner.post(f"{stolen}/close", status=404)
    bakery.owner.submit(bakery.owner.get(link), action="/close")
    assert "Surplus rolls" not in feed.owner.get(feed.exchange).words
    assert bakery.owner.get(link, status=404)


# Matches


def test_a_match_says_why_it_fits_and_what_to_check_first(site: Site) -> None:
    bakery, feed = matched(site)
    page = bakery.owner.get(bakery.exchange)
    assert "1 match" in page.words
    assert "same material; at most 10 km apart; all year; 79 % of the offered amount" in page.words
    assert "both sides have to be registered as feed businesses" in page.words
    assert "Whoever takes waste may need a permit" in page.words
    assert "could keep up to about 11 t a year in use" in page.words
    assert "Old bread wanted" in page.words
    assert "no mould" in page.words
    assert "Surplus bread" in feed.owner.get(feed.exchange).words


def test_matches_wait_until_enough_companies_take_part(site: Site) -> None:
    bakery, feed, _ = exchanging(site, others=3)
    bakery.post()
    feed.post(NEED)
    page = bakery.owner.get(bakery.exchange)
    assert "Matches show once 5 other companies offer something and 5 others look for something" in page.words
    assert "Old bread wanted" not in page.words
    more = add_member(site, bakery.cluster_id, "One more")
    more.take_part()
    # Taking part alone hides nobody.
    assert "Old bread wanted" not in bakery.owner.get(bakery.exchange).words
    with site.instance.database.writing() as connection:
        post_alone(connection, more, site)
    assert "Old bread wanted" in bakery.owner.get(bakery.exchange).words


def test_filters_show_a_part_and_say_when_there_is_none(site: Site) -> None:
    bakery, _ = matched(site)
    for query, there in (("side=offer", True), ("side=need", False), ("kind=residue", True), ("kind=heat", False),
                         ("within=10", True), ("within=7&side=x&kind=y", True)):  # fmt: skip
        page = bakery.owner.get(f"{bakery.exchange}?{query}")
        assert ("Old bread wanted" in page.words) is there, query
        assert ("No match fits these filters" in page.words) is not there


def test_another_cluster_has_an_exchange_of_its_own(site: Site) -> None:
    bakery, _ = matched(site)
    with site.instance.database.reading() as connection:
        manager = companies.members_of(connection, bakery.id)[0].person_id
    other = add_cluster(site, manager, "Another cluster")
    stranger = add_member(site, other, "Stranger")
    assert stranger.owner.get(bakery.exchange, status=404)
    assert stranger.owner.get(f"/companies/{stranger.id}/clusters/{bakery.cluster_id}/exchange", status=404)
    stranger.take_part()
    stranger.post(NEED)
    assert "Nothing fits what you posted yet" in stranger.owner.get(stranger.exchange).words


# Who it is


def test_nobody_is_named_before_both_said_yes_and_both_are_then(mailed: Site, mailbox: Mailbox) -> None:
    bakery, feed = matched(mailed)
    assert tells_of(bakery.owner.get(bakery.exchange), feed) == []
    after = bakery.say("ask")
    assert "Waiting for the other side" in after.words
    assert "You see each other as soon as the other side says yes" in after.words
    assert tells_of(after, feed) == []
    (mail,) = mailbox.to(feed.email)
    assert "Somebody asks for contact about “Old bread wanted”" in str(mail["Subject"])
    assert bakery.name not in text_of(mail)
    asked = feed.owner.get(feed.exchange)
    assert "The other side asks for contact" in asked.words
    assert tells_of(asked, bakery) == []
    agreed = feed.say("ask")
    assert "Both sides said yes" in agreed.words
    assert "as soon as" not in agreed.words
    assert tells_of(agreed, bakery) == [bakery.name, bakery.email, f"Owner of {bakery.name}"]
    assert tells_of(bakery.owner.get(bakery.exchange), feed) == [feed.name, feed.email, f"Owner of {feed.name}"]
    (mail,) = mailbox.to(bakery.email)
    assert "Both sides agreed" in str(mail["Subject"])
    assert feed.name not in text_of(mail)


def test_whoever_waits_for_an_answer_stands_before_what_fits_better(site: Site) -> None:
    bakery, feed, (third, *_) = exchanging(site)
    feed.post(NEED)
    for company, amount in ((bakery, "11"), (third, "2")):
        company.post({"amount": amount, "title": f"Bread of {amount}"})
    first, second = (form.action for form in feed.owner.get(feed.exchange).forms() if "/with/" in form.action)
    page = feed.owner.get(feed.exchange).words
    assert page.index("Bread of 11") < page.index("Bread of 2")
    third.say("ask")
    asked = feed.owner.get(feed.exchange)
    assert [form.action for form in asked.forms() if "/with/" in form.action] == [second, first]
    assert asked.words.index("Bread of 2") < asked.words.index("Bread of 11")


def test_each_side_takes_its_yes_back_and_neither_is_shown_any_more(mailed: Site, mailbox: Mailbox) -> None:
    bakery, feed = matched(mailed)
    bakery.say("ask")
    feed.say("ask")
    after = bakery.say("withdraw")
    assert tells_of(after, feed) == []
    assert "You took your yes back" in after.words
    page = feed.owner.get(feed.exchange)
    assert tells_of(page, bakery) == []
    assert "The other side took its yes back" in page.words
    assert "no longer wants contact" in str(mailbox.to(feed.email)[-1]["Subject"])
    assert tells_of(bakery.say("ask"), feed) != []


def test_a_yes_that_is_said_twice_or_taken_back_unasked_tells_nobody(mailed: Site, mailbox: Mailbox) -> None:
    bakery, feed = matched(mailed)
    bakery.say("withdraw")
    assert mailbox.to(feed.email) == []
    bakery.say("ask")
    bakery.say("ask")
    assert len(mailbox.to(feed.email)) == 1
    bakery.say("withdraw")
    assert len(mailbox.to(feed.email)) == 1


def test_a_match_that_has_gone_meanwhile_is_said_and_nothing_is_kept(site: Site) -> None:
    bakery, feed = matched(site)
    form = next(form for form in bakery.owner.get(bakery.exchange).forms() if "/with/" in form.action)
    link = next(link for link in feed.owner.get(feed.exchange).links() if "/exchange/posts/" in link)
    feed.owner.submit(feed.owner.get(link), action="/close")
    assert (
        "This match is not there any more" in bakery.owner.follow(bakery.owner.post(form.action, {"act": "ask"})).words
    )
    assert rows(site)["exchange_talks"] == 0


# Going


def in_touch(site: Site) -> tuple[Company, Company]:
    bakery, feed = matched(site)
    bakery.say("ask")
    feed.say("ask")
    return bakery, feed


def is_gone_for(feed: Company, bakery: Company) -> None:
    page = feed.owner.get(feed.exchange)
    assert "You were in touch about this. The other side closed or changed its post, left the exchange" in page.words
    assert tells_of(page, bakery) == []
    assert "Surplus bread" not in page.words
    feed.owner.submit(page, action="/forget")
    assert "You were in touch" not in feed.owner.get(feed.exchange).words


def test_what_a_company_posted_goes_when_it_leaves_the_cluster(site: Site) -> None:
    bakery, feed = in_touch(site)
    bakery.owner.submit(bakery.owner.get(bakery.home), action="/leave")
    assert rows(site) == {"exchange_members": 6, "exchange_posts": 11, "exchange_talks": 1}
    is_gone_for(feed, bakery)
    assert rows(site)["exchange_talks"] == 0


def test_what_a_company_posted_goes_when_it_leaves_the_exchange(site: Site) -> None:
    bakery, feed = in_touch(site)
    bakery.owner.submit(bakery.owner.get(bakery.exchange), action="/exchange/leave")
    assert "Take part" in bakery.owner.get(bakery.exchange).words
    is_gone_for(feed, bakery)


def test_what_a_company_posted_goes_when_the_company_is_erased(site: Site) -> None:
    bakery, feed = in_touch(site)
    with site.instance.database.writing() as connection:
        partings.erase_company(connection, bakery.id)
    is_gone_for(feed, bakery)


def test_a_company_that_is_about_to_be_deleted_shows_nowhere_until_it_is_back(site: Site) -> None:
    bakery, feed = in_touch(site)
    for erase_at, there in ((site.clock(), False), (None, True)):
        with site.instance.database.writing() as connection:
            leaving = update(companies_table).where(companies_table.c.id == bakery.id)
            connection.execute(leaving.values(erase_at=erase_at))
        assert (tells_of(feed.owner.get(feed.exchange), bakery) != []) is there


def test_a_talk_that_both_sides_left_is_not_kept(site: Site) -> None:
    for company in in_touch(site):
        company.owner.submit(company.owner.get(company.exchange), action="/exchange/leave")
    assert rows(site) == {"exchange_members": 5, "exchange_posts": 10, "exchange_talks": 0}


def test_somebody_who_left_the_company_is_no_contact_any_more(site: Site) -> None:
    bakery, feed = in_touch(site)
    first = owner_of(site, bakery)
    second = person(site, "second@firm.example", name="Second Owner")
    with site.instance.database.writing() as connection:
        companies.add_member(connection, bakery.id, second, "owner", site.clock())
        companies.remove_member(connection, bakery.id, first)
    page = feed.owner.get(feed.exchange)
    assert "Second Owner" in page.words
    assert bakery.email not in page.text


def test_an_editor_posts_and_answers_but_does_not_let_the_company_take_part(site: Site) -> None:
    bakery, _ = matched(site)
    who = person(site, "editor@firm.example")
    with site.instance.database.writing() as connection:
        companies.add_member(connection, bakery.id, who, "editor", site.clock())
    bakery.owner = signed_in(site, who)
    assert "Waiting for the other side" in bakery.say("ask").words
    bakery.post({"title": "More bread"})
    bakery.owner.post(f"{bakery.exchange}/leave", status=403)
    assert "Leave the exchange" not in bakery.owner.get(bakery.exchange).words
