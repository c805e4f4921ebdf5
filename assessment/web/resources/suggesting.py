"""Suggest a resource or a correction: one form without an account, a page of thanks, and what came of it all."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Standpoint
from assessment.core.errors import NotSaved
from assessment.core.resources.catalogue import Catalogue
from assessment.services.resources import suggesting
from assessment.services.resources.suggesting import LONGEST_SOURCE, LONGEST_WHO, LONGEST_WORDS, Typed
from assessment.web.browser import browser
from assessment.web.checks.fields import cleaned
from assessment.web.current import instance, language
from assessment.web.limits import SUGGESTIONS, SUGGESTIONS_IN_ALL, limited
from assessment.web.policies import needs
from assessment.web.problems import NOT_SAVED_STATUS, PAGE, not_saved
from assessment.web.resources.catalogue_words import title_of

blueprint = Blueprint("suggesting", __name__)

ORDER = ("kind", "entry", "words", "source", "who", "consent")
"""The fields as they stand on the page, so that errors are listed from top to bottom."""


def _catalogue() -> Catalogue:
    return instance().library.catalogue(language().code)


@blueprint.get("/catalogue/suggest")
@needs(Standpoint.ANYBODY)
def form() -> str:
    """The form; an entry in the address is the one to correct."""
    entry = suggesting.entry_of(_catalogue(), request.args.get("entry", "")[:120]) or ""
    return _form(Typed(kind="correction" if entry else "", entry=entry), [], suggesting.new_form_key())


def _form(typed: Typed, errors: list[tuple[str, str]], form_key: str) -> str:
    return render_template(
        "pages/catalogue/suggest.html", typed=typed, errors=errors, form_key=form_key, consent=consent_words(),
        entry_title=title_of(_catalogue(), typed.entry), longest=LONGEST_WORDS,
    )  # fmt: skip


def consent_words() -> str:
    """The consent to publishing, word for word as it is shown and recorded."""
    return language().gettext(
        "I wrote this myself, and it may be published in the catalogue under the licence CC BY 4.0. My name is not."
    )


@blueprint.post("/catalogue/suggest")
@limited(SUGGESTIONS, SUGGESTIONS_IN_ALL)
@needs(Standpoint.ANYBODY)
def send() -> Answer | tuple[str, int]:
    """Take in a suggestion; nobody sees it before an editor has looked at it."""
    typed, form_key = _typed(), cleaned(request.form.get("form_key", ""))[:64]
    problems = suggesting.problems_of(_catalogue(), typed)
    if problems:
        errors = [(name, _sentence(problems[name])) for name in ORDER if name in problems]
        return _form(typed, errors, form_key or suggesting.new_form_key()), 422
    try:
        suggesting.suggest(
            instance(), _catalogue(), (browser().hash, form_key), typed, consent_words(), language().code
        )  # fmt: skip
    except NotSaved as failure:
        return _form(typed, [(PAGE, not_saved(language()))], form_key), NOT_SAVED_STATUS[failure.code]
    return redirect(url_for("suggesting.thanks"), 303)


def _typed() -> Typed:
    # One sign more than may be stored, so that what is too long is told and never cut in silence.
    def text(name: str, longest: int) -> str:
        return cleaned(request.form.get(name, "")).replace("\r\n", "\n")[: longest + 1]

    return Typed(
        kind=text("kind", 20), entry=text("entry", 120), words=text("words", LONGEST_WORDS),
        source=text("source", LONGEST_SOURCE), who=text("who", LONGEST_WHO),
        consent=request.form.get("consent") == "yes",
    )  # fmt: skip


def _sentence(code: suggesting.Code) -> str:
    _ = language().gettext
    amount = language().number
    return {
        "kind-needed": _("Choose whether you suggest something new or a correction"),
        "entry-needed": _("Type the name of the entry that you want to correct"),
        "entry-unknown": _("We find no entry of this name. Copy its name from the catalogue"),
        "words-needed": _("Tell us what is new, wrong or missing"),
        "words-long": _("Shorten your text to %(most)s characters") % {"most": amount(LONGEST_WORDS)},
        "source-needed": _("Type the address of a web page where we can check it"),
        "source-wrong": _("Type the whole address of a web page. It begins with https:// or http://"),
        "source-long": _("Use an address of at most %(most)s characters") % {"most": amount(LONGEST_SOURCE)},
        "who-long": _("Shorten your name to %(most)s characters") % {"most": amount(LONGEST_WHO)},
        "consent-needed": _("Tick the box: without your consent we cannot use the suggestion"),
    }[code]  # fmt: skip


@blueprint.get("/catalogue/suggest/thanks")
@needs(Standpoint.ANYBODY)
def thanks() -> str:
    """What happens next."""
    return render_template("pages/catalogue/thanks.html")


@blueprint.get("/catalogue/changes")
@needs(Standpoint.ANYBODY)
def changes() -> str:
    """What visitors' suggestions have changed, in the editors' words."""
    catalogue = _catalogue()
    pages = catalogue.schemes.keys() | catalogue.blocks.keys()
    told = [
        (change, title_of(catalogue, change.entry), change.entry in pages)
        for change in suggesting.public_changes(instance())
    ]
    return render_template("pages/catalogue/changes.html", told=told)
