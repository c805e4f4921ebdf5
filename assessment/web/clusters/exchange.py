"""The by-product exchange of a cluster, for a company that belongs to it: taking part, posting, matches, contact."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as Answer

from assessment.content.clusters.cluster_lists import cluster_lists
from assessment.core.access import Action
from assessment.core.clusters.cluster_lists import KINDS
from assessment.core.clusters.distances import BANDS
from assessment.core.clusters.exchange import FEWEST, SIDES
from assessment.core.errors import NotSaved, Refused
from assessment.services import mails
from assessment.services.clusters import exchange
from assessment.services.clusters.exchange import Found, Market, Said
from assessment.services.mails import Mail
from assessment.web.clusters import exchange_words as words
from assessment.web.clusters.exchange_forms import PostFields, empty_fields, fields_of, read_post
from assessment.web.current import instance, language, language_to
from assessment.web.limits import MAILS, limited
from assessment.web.people.companies import Errors, typed
from assessment.web.policies import asking, needs
from assessment.web.problems import NOT_SAVED_STATUS, PAGE, not_saved

blueprint = Blueprint("exchange", __name__)

COUNTRIES: Final = (
    "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IS", "IT",
    "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip
"""Those whose towns are on the list."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filters of the address; what is none of them counts as not chosen."""

    side: str
    kind: str
    within: int

    @property
    def any(self) -> bool:
        """Whether anything is chosen."""
        return bool(self.side or self.kind or self.within)

    def fits(self, found: Found) -> bool:
        """Whether a match is shown. Of the distance only what is told counts, or filters would find out more."""
        material = cluster_lists().materials.get(found.mine.material)
        return (
            self.side in ("", found.side)
            and (not self.kind or (material is not None and material.kind == self.kind))
            and (not self.within or found.match.told[found.side].may_be(self.within))
        )


def _chosen() -> Chosen:
    side, kind, within = (request.args.get(name, "") for name in ("side", "kind", "within"))
    bands = {str(band): band for band in BANDS}
    return Chosen(side if side in SIDES else "", kind if kind in KINDS else "", bands.get(within, 0))


@blueprint.get("/companies/<company_id>/clusters/<cluster_id>/exchange")
@needs(Action.SPEAK_IN_CLUSTER)
def market(company_id: str, cluster_id: str) -> str:
    """What fits what a company offers and seeks, and why; and the way to take part."""
    found = exchange.look(instance(), asking(), company_id, cluster_id)
    place = found.place
    given = {"country": place.country if place else "", "town": place.town if place else "", "agreed": ""}
    return _market_page(found, given, [])


def _market_page(found: Market, given: dict[str, str], errors: Errors) -> str:
    chosen = _chosen()
    countries = sorted(((language().country(code), code) for code in COUNTRIES), key=lambda one: one[0].casefold())
    return render_template(
        "pages/exchange/market.html", market=found, belongs=found.belongs, company=found.belongs.entered.company,
        cluster=found.belongs.cluster, words=words, speaks=language(), chosen=chosen,
        kinds=words.kind_words(language()),
        # Whoever waits for an answer comes first; beside that, what fits best.
        shown=sorted((one for one in found.found if chosen.fits(one)), key=lambda one: one.state != "asked"),
        kept=_kept_in_use(found), bands=BANDS, given=given,
        errors=errors, countries=countries, fewest=max(FEWEST, found.belongs.cluster.threshold),
    )  # fmt: skip


def _kept_in_use(found: Market) -> Decimal:
    """Tonnes a year that the best match of each own post would move; what comes once is left out."""
    best: dict[str, Decimal] = {}
    for one in found.found:
        moved = one.match.moved
        if moved is not None and one.match.offer.base == "t" and one.match.months:
            best[one.mine.id] = max(moved, best.get(one.mine.id, Decimal(0)))
    return sum(best.values(), Decimal(0))


# Taking part


@blueprint.post("/companies/<company_id>/clusters/<cluster_id>/exchange/place")
@needs(Action.JOIN_CLUSTERS)
def take_part(company_id: str, cluster_id: str) -> Answer | tuple[str, int]:
    """Take part from a town, or move."""
    _ = language().gettext
    found = exchange.look(instance(), asking(), company_id, cluster_id)
    agreed = "yes" if request.form.get("agreed") == "yes" else ""
    given = {"country": request.form.get("country", "")[:2], "town": typed("town"), "agreed": agreed}
    errors: Errors = []
    if given["country"] not in COUNTRIES:
        errors.append(("country", _("Choose a country")))
    if not given["town"]:
        errors.append(("town", _("Type the nearest town of 15,000 people or more")))
    if found.place is None and not agreed:
        errors.append(("agreed", _("Tick the box if you want to take part")))
    if errors:
        return _market_page(found, given, errors), 422
    try:
        exchange.take_part(instance(), asking(), company_id, cluster_id, given["country"], given["town"])
    except Refused as refused:
        wrong = {
            "no-such-town": _(
                "We do not know this town in %(country)s. Type the nearest larger one, with 15,000 people or more"
            )
            % {"country": language().country(given["country"])},
            "moved-lately": _("The place was set in the last 30 days. It can be changed after that"),
        }
        return _market_page(found, given, [("town", wrong[refused.code])]), 422
    except NotSaved as failure:
        return _market_page(found, given, [(PAGE, not_saved(language()))]), NOT_SAVED_STATUS[failure.code]
    return _back(company_id, cluster_id, "exchange-in")


@blueprint.post("/companies/<company_id>/clusters/<cluster_id>/exchange/leave")
@needs(Action.JOIN_CLUSTERS)
def leave(company_id: str, cluster_id: str) -> Answer:
    """No longer take part; what was posted goes."""
    exchange.leave(instance(), asking(), company_id, cluster_id)
    return _back(company_id, cluster_id, "exchange-out")


def _back(company_id: str, cluster_id: str, notice: str) -> Answer:
    return redirect(url_for("exchange.market", company_id=company_id, cluster_id=cluster_id, notice=notice), 303)


# Posting


@blueprint.get("/companies/<company_id>/clusters/<cluster_id>/exchange/posts")
@needs(Action.SPEAK_IN_CLUSTER)
def new_post(company_id: str, cluster_id: str) -> str | Answer:
    """A form for an offer or a need."""
    found = exchange.look(instance(), asking(), company_id, cluster_id)
    if found.place is None:
        return redirect(url_for("exchange.market", company_id=company_id, cluster_id=cluster_id), 303)
    return _post_page(found, "", empty_fields(), [])


def _post_page(found: Market, post_id: str, fields: PostFields, errors: Errors) -> str:
    lists = cluster_lists()
    return render_template(
        "pages/exchange/post.html", company=found.belongs.entered.company, cluster=found.belongs.cluster,
        post_id=post_id, fields=fields, errors=errors, kinds=words.kind_words(language()),
        materials=lists.materials.values(), chapters=lists.exchange.chapters, codes=lists.codes.values(),
        units=words.unit_words(language()), periods=words.period_words(language()),
        months=words.month_names(language()), reaches=words.reach_words(language()), sides=_side_questions(),
        most_note=exchange.LONGEST_NOTE,
    )  # fmt: skip


def _side_questions() -> dict[str, str]:
    _ = language().gettext
    return {"offer": _("We have it and offer it"), "need": _("We look for it")}


@blueprint.post("/companies/<company_id>/clusters/<cluster_id>/exchange/posts")
@needs(Action.SPEAK_IN_CLUSTER)
def post(company_id: str, cluster_id: str) -> Answer | tuple[str, int]:
    """Post an offer or a need."""
    _ = language().gettext
    found = exchange.look(instance(), asking(), company_id, cluster_id)
    fields, read, errors = read_post(request.form, language())
    if read is None:
        return _post_page(found, "", fields, errors), 422
    try:
        exchange.post(instance(), asking(), company_id, cluster_id, read)
    except Refused as refused:
        wrong = {
            "takes-no-part": _("Your company takes no part in the exchange. Take part first"),
            "too-many": _("Your company has %(most)s posts open. Close one first") % {"most": exchange.MOST_OPEN},
        }
        return _post_page(found, "", fields, [(PAGE, wrong[refused.code])]), 422
    except NotSaved as failure:
        return _post_page(found, "", fields, [(PAGE, not_saved(language()))]), NOT_SAVED_STATUS[failure.code]
    return _back(company_id, cluster_id, "exchange-posted")


@blueprint.get("/companies/<company_id>/clusters/<cluster_id>/exchange/posts/<post_id>")
@needs(Action.SPEAK_IN_CLUSTER)
def one_post(company_id: str, cluster_id: str, post_id: str) -> str:
    """An own post, to change or close."""
    found = exchange.look(instance(), asking(), company_id, cluster_id)
    known = exchange.post_of(instance(), asking(), company_id, cluster_id, post_id)
    return _post_page(found, post_id, fields_of(known, language()), [])


@blueprint.post("/companies/<company_id>/clusters/<cluster_id>/exchange/posts/<post_id>")
@needs(Action.SPEAK_IN_CLUSTER)
def change_post(company_id: str, cluster_id: str, post_id: str) -> Answer | tuple[str, int]:
    """Keep what was changed in a post."""
    found = exchange.look(instance(), asking(), company_id, cluster_id)
    exchange.post_of(instance(), asking(), company_id, cluster_id, post_id)
    fields, read, errors = read_post(request.form, language())
    if read is None:
        return _post_page(found, post_id, fields, errors), 422
    try:
        exchange.change(instance(), asking(), company_id, cluster_id, post_id, read)
    except NotSaved as failure:
        return _post_page(found, post_id, fields, [(PAGE, not_saved(language()))]), NOT_SAVED_STATUS[failure.code]
    return _back(company_id, cluster_id, "exchange-posted")


@blueprint.post("/companies/<company_id>/clusters/<cluster_id>/exchange/posts/<post_id>/close")
@needs(Action.SPEAK_IN_CLUSTER)
def close_post(company_id: str, cluster_id: str, post_id: str) -> Answer:
    """Close an own post."""
    exchange.close(instance(), asking(), company_id, cluster_id, post_id)
    return _back(company_id, cluster_id, "exchange-closed")


# Being put in touch


@blueprint.post("/companies/<company_id>/clusters/<cluster_id>/exchange/posts/<post_id>/with/<other_id>")
@limited(MAILS)
@needs(Action.SPEAK_IN_CLUSTER)
def say(company_id: str, cluster_id: str, post_id: str, other_id: str) -> Answer:
    """Ask to be put in touch, or take that back; the other side is told by mail."""
    yes, who = request.form.get("act") == "ask", asking()
    try:
        with instance().database.writing() as connection:
            said = exchange.say(instance(), connection, who, company_id, cluster_id, post_id, other_id, yes)
            job = mails.post(instance(), connection, _mail(connection, said, said.to.email, yes)) if said.to else ""
    except Refused as refused:
        if refused.code != "no-match":
            raise
        return _back(company_id, cluster_id, "exchange-no-match")
    mails.go_out(instance(), job)
    if not yes:
        return _back(company_id, cluster_id, "exchange-no")
    return _back(company_id, cluster_id, "exchange-agreed" if said.agreed else "exchange-yes")


def _mail(connection: Connection, said: Said, to: str, yes: bool) -> Mail:
    """What the other side is told: nothing that names anybody; who it is stands on the page alone."""
    _ = language_to(connection, to).gettext
    title = {"title": mails.one_line(said.found.theirs.title)}
    if said.agreed:
        subject = _("Both sides agreed to talk about “%(title)s”") % title
        text = _("The other side said yes as well. Open the exchange to see who it is and how to reach them.")
    elif yes:
        subject = _("Somebody asks for contact about “%(title)s”") % title
        text = _("A member of your cluster has a match for it and would like to talk. Neither side sees who the other "
                 "is until both say yes.")  # fmt: skip
    else:
        subject = _("The other side no longer wants contact about “%(title)s”") % title
        text = _("It took its yes back. Neither side is shown to the other any more.")
    there = said.found.theirs
    link = url_for("exchange.market", company_id=there.company_id, cluster_id=there.cluster_id)
    return Mail(to, subject, (text,), instance().settings.base_url + link, company_id=there.company_id)


@blueprint.post("/companies/<company_id>/clusters/<cluster_id>/exchange/talks/<talk_id>/forget")
@needs(Action.SPEAK_IN_CLUSTER)
def forget(company_id: str, cluster_id: str, talk_id: str) -> Answer:
    """Put a talk away whose other side is gone."""
    exchange.forget(instance(), asking(), company_id, cluster_id, talk_id)
    return _back(company_id, cluster_id, "exchange-forgotten")
