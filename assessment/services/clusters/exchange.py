"""The by-product exchange of a cluster, as a company that belongs to it uses it.

Who posted what is told to nobody but the company itself, until both sides of a match say yes. Then each sees the
other's company, name and address, as long as both words stand. `exchange.py` says what may be told before.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final, Literal, get_args

from sqlalchemy import Connection

from assessment.content.clusters.cluster_lists import towns
from assessment.core.aggregates.contributions import contributors_of
from assessment.core.clusters import exchange as core
from assessment.core.clusters.cluster_lists import Unit
from assessment.core.clusters.distances import BANDS, BEYOND, Place
from assessment.core.clusters.exchange import FEWEST, Match, Period, Post, Side
from assessment.core.errors import NotFound, NotSaved, Refused
from assessment.services.asking import Asking
from assessment.services.clusters.belonging import Belongs, belongs_in
from assessment.services.instance import Instance
from assessment.services.upkeep.gone import put_down_again, put_down_ended, put_down_whether
from assessment.storage.aggregates import contributions
from assessment.storage.clusters import exchanges as stored
from assessment.storage.clusters.exchanges import Contact, StoredPost, Talk
from assessment.storage.upkeep.erasure_list import entry

LONGEST_TITLE: Final = 100
LONGEST_NOTE: Final = 500
MOST_OPEN: Final = 50
"""Posts that a company has open at once."""
MOVES_AFTER: Final = timedelta(days=30)
"""A place that is set stays so long: whoever moved from town to town could find out where others are."""
REACHES: Final = (*BANDS, BEYOND)

TalkState = Literal["new", "asked", "waiting", "agreed", "ended-here", "ended-there"]
"""Of a match, seen from one side: nothing yet; the other side asks; it was asked; both agreed; either took it back."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed of a post, checked."""

    side: Side
    material: str
    title: str
    code: str
    amount: Decimal
    unit: Unit
    period: Period
    months: frozenset[int]
    reach: int
    note: str


@dataclass(frozen=True, slots=True)
class Found:
    """A match as one side sees it: its own post, the other's, and the contact where both agreed."""

    match: Match
    side: Side
    mine: StoredPost
    theirs: StoredPost
    state: TalkState
    contact: Contact | None


@dataclass(frozen=True, slots=True)
class Lost:
    """A talk about an own post whose other side is not there any more: closed, or gone with its company."""

    talk: Talk
    mine: StoredPost
    agreed: bool


@dataclass(frozen=True, slots=True)
class Market:
    """The exchange as a company sees it.

    `place` is None where it takes no part; `enough` says whether so many others offer something, and so many look for
    something, that any match is shown.
    """

    belongs: Belongs
    place: stored.Place | None
    contact: Contact | None
    enough: bool
    posts: Sequence[StoredPost]
    found: Sequence[Found]
    lost: Sequence[Lost]
    ends: Mapping[Side, Collection[int]]
    """The ends of the bands of distances that it is told, on each side on which it has a match."""

    @property
    def unmatched(self) -> Sequence[StoredPost]:
        """Own open posts without a match."""
        matched = {found.mine.id for found in self.found}
        return [post for post in self.posts if post.closed_at is None and post.id not in matched]


def look(instance: Instance, asking: Asking, company_id: str, cluster_id: str) -> Market:
    """The exchange as a company sees it. Raises NotFound where it does not belong to the cluster.

    What it is told of distances is noted, so that bands that others bring about later tell no more together with it.
    Where that cannot be noted, it is told of no band that it does not know.
    """
    with instance.database.reading() as connection:
        belongs = belongs_in(instance, connection, asking, company_id, cluster_id)
        market = _look(connection, belongs, company_id, cluster_id, settled=False)
        known = stored.told_to(connection, company_id)
    told = _told(market, cluster_id)
    if all(set(ends).issubset(known.get(key, ())) for key, ends in told.items()):
        return market
    try:
        # Another look of the same company may have been told something else meanwhile: what is told now is worked out
        # and noted in one step, which no other look comes between.
        with instance.database.writing() as connection:
            stored.lock_place(connection, company_id)
            belongs = belongs_in(instance, connection, asking, company_id, cluster_id)
            market = _look(connection, belongs, company_id, cluster_id, settled=False)
            stored.keep_told(connection, company_id, _told(market, cluster_id))
    except NotSaved:
        with instance.database.reading() as connection:
            return _look(connection, belongs, company_id, cluster_id)
    return market


def _told(market: Market, cluster_id: str) -> Mapping[str, Collection[int]]:
    """What a look tells of distances, by what it is kept under."""
    return {_told_under(cluster_id, side): ends for side, ends in market.ends.items()}


def _told_under(cluster_id: str, side: Side) -> str:
    """What the bands that were told on a side in a cluster are kept under."""
    return f"{cluster_id}:{side}"


def _look(
    connection: Connection, belongs: Belongs, company_id: str, cluster_id: str, *, settled: bool = True
) -> Market:  # fmt: skip
    """The exchange of a company; where it is `settled` with no distance that it was not told yet."""
    place = stored.place_of(connection, cluster_id, company_id)
    mine = stored.posts_of_company(connection, cluster_id, company_id)
    if place is None:
        return Market(belongs, None, None, False, mine, (), (), {})
    places = {one.company_id: where for one in stored.places_of(connection, cluster_id) if (where := _where(one))}
    posts = {post.id: post for post in stored.posts_of(connection, cluster_id)}
    matched = [as_post(post) for post in posts.values()]
    # One owner is one company: whoever has several would else hide among themselves.
    owners = contributors_of(contributions.owners_of(connection, {*places, company_id}))
    talks = stored.talks_of(connection, cluster_id, company_id)
    about = {(talk.offer_id, talk.need_id): talk for talk in talks if talk.offer_id and talk.need_id}
    fewest = max(FEWEST, belongs.cluster.threshold)
    so_far = stored.told_to(connection, company_id)
    ends: dict[Side, list[int]] = {side: so_far.get(_told_under(cluster_id, side), []) for side in core.SIDES}
    before = core.Before(company_id, ends, settled)
    matches = core.matches(matched, places, fewest, of=company_id, owners=owners, before=before)
    around = core.crowds(matched, places, fewest, owners, before)
    found = [
        _found(connection, cluster_id, match, side, posts, about.get((match.offer.id, match.need.id)))
        for side, match in core.of_company(matches, company_id)
    ]
    known = {(one.match.offer.id, one.match.need.id) for one in found}
    own = {post.id: post for post in mine}
    gone = [_lost(talk, own) for talk in talks if (talk.offer_id, talk.need_id) not in known]
    lost = [one for one in gone if one is not None]
    contact = stored.contact_of(connection, cluster_id, company_id)
    enough = all(crowd.is_enough(company_id) for crowd in around.values())
    told = {side: around[side].ends(company_id) for side in {one.side for one in found}}
    return Market(belongs, place, contact, enough, mine, found, lost, told)


def _where(place: stored.Place) -> Place | None:
    town = towns().find(place.country, place.town)
    return Place(town.latitude, town.longitude) if town else None


def as_post(post: StoredPost) -> Post:
    """A stored post as it is matched."""
    return Post(
        post.id, post.company_id, _SIDES[post.side], post.material, Decimal(post.amount), _UNITS[post.unit],
        _PERIODS[post.period], post.reach, post.waste_code, frozenset(map(int, post.months.split(","))),
    )  # fmt: skip


_SIDES: Final[Mapping[str, Side]] = {side: side for side in get_args(Side)}
_UNITS: Final[Mapping[str, Unit]] = {unit: unit for unit in get_args(Unit)}
_PERIODS: Final[Mapping[str, Period]] = {period: period for period in get_args(Period)}


def _found(
    connection: Connection, cluster_id: str, match: Match, side: Side, posts: Mapping[str, StoredPost],
    talk: Talk | None,
) -> Found:  # fmt: skip
    other = _other(side)
    mine, theirs = posts[match.of(side).id], posts[match.of(other).id]
    state = state_of(talk, side)
    contact = stored.contact_of(connection, cluster_id, theirs.company_id) if state == "agreed" else None
    return Found(match, side, mine, theirs, state, contact)


def _other(side: Side) -> Side:
    return "need" if side == "offer" else "offer"


def state_of(talk: Talk | None, side: Side) -> TalkState:
    """How a talk stands, seen from one side."""
    if talk is None:
        return "new"
    yes: Mapping[Side, bool] = {"offer": talk.offer_yes_at is not None, "need": talk.need_yes_at is not None}
    if yes["offer"] and yes["need"]:
        return "agreed"
    if yes[side]:
        return "ended-there" if talk.ended_by == _other(side) else "waiting"
    if yes[_other(side)]:
        return "ended-here" if talk.ended_by == side else "asked"
    return "new"


def _lost(talk: Talk, mine: Mapping[str, StoredPost]) -> Lost | None:
    """A talk that is no match any more. Where only the other side had asked, there is nothing to tell."""
    own = mine.get(talk.offer_id or "") or mine.get(talk.need_id or "")
    if own is None or own.closed_at is not None:
        return None
    said = talk.offer_yes_at if own.side == "offer" else talk.need_yes_at
    agreed = talk.offer_yes_at is not None and talk.need_yes_at is not None
    return Lost(talk, own, agreed) if said is not None else None


# Taking part


def take_part(instance: Instance, asking: Asking, company_id: str, cluster_id: str, country: str, town: str) -> None:
    """Take part from a town of the list, or move there; whoever asks speaks for the company from then on.

    A company is in one place in all its clusters. Raises Refused: `no-such-town`, or `moved-lately` where the place was
    set within the last 30 days, even if the company took part nowhere meanwhile.
    """
    found = towns().find(country, town)
    if found is None:
        raise Refused("no-such-town")
    now = instance.now()
    with instance.database.writing() as connection:
        belongs_in(instance, connection, asking, company_id, cluster_id)
        known = stored.where_is(connection, company_id)
        if known is not None and known[:2] != (found.country, found.name) and now - known[2] < MOVES_AFTER:
            raise Refused("moved-lately")
        stored.take_part(connection, cluster_id, company_id, found.country, found.name, asking.person_id, now)
        put_down_again(instance, entry("exchange", cluster_id, company_id))


def leave(instance: Instance, asking: Asking, company_id: str, cluster_id: str) -> None:
    """No longer take part: what was posted goes. Raises NotFound where the company does not."""
    with instance.database.writing() as connection:
        belongs_in(instance, connection, asking, company_id, cluster_id)
        if not stored.leave(connection, cluster_id, company_id):
            raise NotFound("place")
        put_down_ended(instance, entry("exchange", cluster_id, company_id))


# Posting


def post_of(instance: Instance, asking: Asking, company_id: str, cluster_id: str, post_id: str) -> StoredPost:
    """An own post that is open. Raises NotFound for any other."""
    with instance.database.reading() as connection:
        belongs_in(instance, connection, asking, company_id, cluster_id)
        return _own(connection, cluster_id, company_id, post_id)


def _own(connection: Connection, cluster_id: str, company_id: str, post_id: str) -> StoredPost:
    found = stored.post_of(connection, cluster_id, company_id, post_id)
    if found is None or found.closed_at is not None:
        raise NotFound(post_id)
    return found


def post(instance: Instance, asking: Asking, company_id: str, cluster_id: str, typed: Typed) -> str:
    """Post an offer or a need; its id. Raises Refused: `takes-no-part`, `too-many`."""
    with instance.database.writing() as connection:
        belongs_in(instance, connection, asking, company_id, cluster_id)
        if stored.place_of(connection, cluster_id, company_id) is None:
            raise Refused("takes-no-part")
        mine = stored.posts_of_company(connection, cluster_id, company_id)
        if sum(post.closed_at is None for post in mine) >= MOST_OPEN:
            raise Refused("too-many")
        return stored.add_post(
            connection, cluster_id, company_id, asking.person_id, instance.now(), **_columns(typed)
        )  # fmt: skip


def change(instance: Instance, asking: Asking, company_id: str, cluster_id: str, post_id: str, typed: Typed) -> None:
    """Set an own open post anew. Raises NotFound for any other."""
    with instance.database.writing() as connection:
        belongs_in(instance, connection, asking, company_id, cluster_id)
        _own(connection, cluster_id, company_id, post_id)
        stored.change_post(connection, post_id, **_columns(typed))


def _columns(typed: Typed) -> dict[str, object]:
    return {
        "side": typed.side, "material": typed.material, "title": typed.title, "waste_code": typed.code,
        "amount": format(typed.amount.normalize(), "f"), "unit": typed.unit, "period": typed.period,
        "months": ",".join(map(str, sorted(typed.months))), "reach": typed.reach, "note": typed.note,
    }  # fmt: skip


def close(instance: Instance, asking: Asking, company_id: str, cluster_id: str, post_id: str) -> None:
    """Close an own post. Raises NotFound where it is not open."""
    with instance.database.writing() as connection:
        belongs_in(instance, connection, asking, company_id, cluster_id)
        if not stored.close_post(connection, _own(connection, cluster_id, company_id, post_id).id, instance.now()):
            raise NotFound(post_id)


# Being put in touch


@dataclass(frozen=True, slots=True)
class Said:
    """What came of a word, and whom to tell of it: nobody where nothing changed or nobody speaks for the other side."""

    found: Found
    agreed: bool
    to: Contact | None


def say(
    instance: Instance, connection: Connection, asking: Asking, company_id: str, cluster_id: str, post_id: str,
    other_id: str, yes: bool,
) -> Said:  # fmt: skip
    """Ask to be put in touch about a match, or take that back; in the caller's transaction, which posts the mail.

    Raises NotFound for a post that is not there or not the company's own, Refused("no-match") where both are there and
    no match (any more).
    """
    belongs = belongs_in(instance, connection, asking, company_id, cluster_id)
    own = stored.post_of(connection, cluster_id, company_id, post_id)
    if own is None or not stored.is_posted(connection, cluster_id, other_id):
        raise NotFound(post_id)
    found = _of_two(_look(connection, belongs, company_id, cluster_id), post_id, other_id)
    was_yes = found.state in ("agreed", "waiting", "ended-there")
    if was_yes == yes:
        return Said(found, found.state == "agreed", None)
    pair: dict[Side, str] = {"offer": found.match.offer.id, "need": found.match.need.id}
    stored.say(connection, cluster_id, pair, found.side, instance.now() if yes else None)
    put_down_whether(instance, entry("talk", pair["offer"], pair["need"], found.side), over=not yes)
    # Only a side that has a word in it is told: of what was never asked, nobody needs to hear that it was taken back.
    told = yes or found.state == "agreed"
    to = stored.contact_of(connection, cluster_id, found.theirs.company_id) if told else None
    after = _of_two(_look(connection, belongs, company_id, cluster_id), post_id, other_id)
    return Said(after, after.state == "agreed", to)


def _of_two(market: Market, post_id: str, other_id: str) -> Found:
    for found in market.found:
        if (found.mine.id, found.theirs.id) == (post_id, other_id):
            return found
    raise Refused("no-match")


def forget(instance: Instance, asking: Asking, company_id: str, cluster_id: str, talk_id: str) -> None:
    """Put a lost talk away. Raises NotFound where it is none of the company's."""
    with instance.database.writing() as connection:
        belongs = belongs_in(instance, connection, asking, company_id, cluster_id)
        if all(lost.talk.id != talk_id for lost in _look(connection, belongs, company_id, cluster_id).lost):
            raise NotFound(talk_id)
        stored.forget_talk(connection, talk_id)
