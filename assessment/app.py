"""The application: the one place where the parts meet."""

import gc
import importlib
import logging
import os
import secrets
import sys
from collections.abc import Callable, MutableMapping, Sequence
from functools import cache, lru_cache
from typing import Any

from flask import Flask, g, redirect, render_template, request, url_for
from flask.templating import Environment
from flask.wrappers import Request, Response
from jinja2 import StrictUndefined
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import HTTPException, SecurityError, TooManyRequests
from werkzeug.http import parse_accept_header
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as BaseResponse

from assessment import SERVING
from assessment.config import ConfigurationError, Settings
from assessment.content import folders
from assessment.core.access import Action
from assessment.core.errors import (
    AssessmentError,
    Conflict,
    NoResults,
    NotFound,
    NotMade,
    NotSaved,
    NotYours,
    Refused,
    TooBusy,
)
from assessment.i18n import Language, languages
from assessment.opening import make_instance
from assessment.services.checks.evidence import BYTES_IN_MIB
from assessment.services.instance import Instance
from assessment.services.mails import can_send
from assessment.services.people.proofs import Proofs
from assessment.services.plans.reports import Press
from assessment.solving import solve
from assessment.web import headers, limits, phrases, policies, public, words
from assessment.web.aggregates import board_reports, readiness, readiness_files, release_files
from assessment.web.browser import BrowserSessions, browser, csrf_token
from assessment.web.checks import answering, drafts, evidence, examples, next_year, results, section_links
from assessment.web.checks.fields import typed_texts
from assessment.web.checks.kept_fields import QuestionFields
from assessment.web.clusters import (
    belonging,
    campaigns,
    cluster_map,
    cluster_members,
    cluster_posters,
    clusters,
    exchange,
    invitations,
    joint_actions,
    named_results,
    roadmap,
)
from assessment.web.current import asked
from assessment.web.kept_pieces import KeptPieces
from assessment.web.late_rules import LateRule
from assessment.web.mentors import (
    commenting,
    confirming_savings,
    interviewing,
    mentoring,
    next_visit,
    replying,
    review_reports,
    reviewing,
    suggesting_measures,
)
from assessment.web.money import measure_figures, money
from assessment.web.notices import notices
from assessment.web.people import (
    account,
    account_factors,
    colleagues,
    companies,
    company_mentors,
    consents,
    interrupted,
    joining,
    records,
    second_factor,
    sign_in,
)
from assessment.web.plans import best_plan, exports, planning
from assessment.web.resources import catalogue, suggesting
from assessment.web.static_files import set_up as set_up_static_files
from assessment.web.upkeep import administration, inspecting, running

log = logging.getLogger("assessment")

MOST_BYTES = 256 * 1024
MOST_FIELDS = 1000
TAKES_FILES = (
    *evidence.TAKES_FILES, *clusters.TAKES_FILES, *cluster_map.TAKES_FILES, *release_files.TAKES_FILES,
    *campaigns.TAKES_FILES,
)  # fmt: skip
"""The routes that take a larger body with a file in it."""
NOT_STARTED_EXIT = 3
"""By this code of a worker gunicorn knows that starting it again would not help."""


def _instance_served() -> Instance:
    """The instance that a web server is started for; what is wrong is said in words, and the server stops."""
    try:
        return make_instance(Settings.from_env(os.environ))
    except (AssessmentError, ConfigurationError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(NOT_STARTED_EXIT)


def create_app() -> Flask:
    """The Flask application that a web server is started for, by its environment.

    What is loaded here stays until the worker ends, so the collector of garbage need not look through it again and
    again: that was a fifth of every request.
    """
    app = make_app(_instance_served())
    gc.freeze()
    gc.set_threshold(*SERVING)
    return app


class _Product(Flask):
    """Flask, which asks of every function before every call whether it is asynchronous; none of ours is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is."""
        return func


class _Limited(Request):
    """A request with the limits that hold for all; Flask would look each up in its settings, several times."""

    max_content_length = MOST_BYTES
    max_form_memory_size = MOST_BYTES
    max_form_parts = MOST_FIELDS


class _Templates(Environment):
    """Templates that see the globals themselves: Jinja would walk a chain of mappings anew for each of them."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template; those of all where it has none of its own."""
        return super().make_globals(d) if d else self.globals


def make_app(product: Instance) -> Flask:
    """The Flask application of an instance."""
    settings = product.settings
    app = _Product("assessment", static_folder=None, template_folder=str(folders.TEMPLATES))
    app.request_class = _Limited
    app.jinja_environment = _Templates
    app.url_rule_class = LateRule
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
    )
    app.extensions["assessment"] = product
    app.extensions["assessment-solver"] = solve

    # A worker starts without what prints, and without what checks passwords: most visitors never sign in, and the
    # two take as long to load as all else.
    @cache
    def load_press() -> Press:
        made: Press = importlib.import_module("assessment.press").ReportPress()
        return made

    @cache
    def load_proofs() -> Proofs:
        found: Proofs = importlib.import_module("assessment.proving").Proving(settings, product.now)
        return found

    app.extensions["assessment-press"] = load_press
    app.extensions["assessment-proofs"] = load_proofs
    over_https = settings.secure
    app.session_interface = BrowserSessions(secure=over_https)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    choose_language = _set_up_language(app)
    _set_up_guards(app, settings.evidence.file_mib * BYTES_IN_MIB + MOST_BYTES)
    _set_up_templates(app, product)
    _set_up_errors(app, choose_language, settings.base_url, settings.evidence.file_mib)
    headers.set_up(app, over_https)
    set_up_static_files(app)
    limits.set_up(app, settings.ratelimits, product.database, settings.code_key)
    draft_pages = (drafts, answering, evidence, results, planning, money, measure_figures, best_plan, exports,
                   next_year)  # fmt: skip
    people_pages = (sign_in, second_factor, account, account_factors)
    company_pages = (companies, colleagues, joining, section_links, consents, records, administration,
                     running, inspecting)  # fmt: skip
    mentor_pages = (mentoring, company_mentors, reviewing, replying, commenting, suggesting_measures,
                    interviewing, confirming_savings, next_visit, review_reports)  # fmt: skip
    cluster_pages = (clusters, cluster_members, belonging, readiness, cluster_map, exchange, joint_actions,
                     roadmap, named_results, readiness_files, release_files, campaigns, invitations,
                     cluster_posters, board_reports)  # fmt: skip
    pages = (*people_pages, *company_pages, *mentor_pages, *cluster_pages)
    for module in (public, *draft_pages, catalogue, suggesting, *pages):
        app.register_blueprint(module.blueprint)
    if settings.mode == "demo":
        app.register_blueprint(examples.blueprint)
    policies.set_up(app)
    interrupted.set_up(app)
    return app


def _set_up_language(app: Flask) -> Callable[[], None]:
    """Let every request choose its language; returns what does, for those that end before they could."""
    known = app.extensions.setdefault("assessment-languages", dict(languages(folders.LOCALE)))

    # Taking the header apart costs more than all else that is done before a view, and browsers send few different ones.
    @lru_cache(maxsize=256)
    def best_of(codes: tuple[str, ...], accepted: str) -> str:
        return parse_accept_header(accepted, LanguageAccept).best_match(codes, default="en") or "en"

    @app.before_request
    def choose_language() -> None:
        g.language = known[best_of(tuple(known), asked().headers.get("Accept-Language", ""))]

    return choose_language


def _set_up_guards(app: Flask, most_with_file: int) -> None:
    @app.before_request
    def refuse_foreign_posts() -> tuple[str, int] | None:
        here = asked()
        # No address of ours holds one, and a database may refuse it as no text at all.
        if "\0" in here.path:
            return _error_page("bad_request", 400)
        # A browser writes them as %xx. What is no text is put away first, because every page looks into the address.
        if not here.query_string.isascii():
            here.query_string = b""
            return _error_page("bad_request", 400)
        if here.method in ("GET", "HEAD", "OPTIONS"):
            return None
        # Werkzeug measures the words of a form with files by themselves, those of a plain form not at all.
        with_file = here.endpoint in TAKES_FILES and here.mimetype == "multipart/form-data"
        if with_file and browser().person_id:
            here.max_content_length = most_with_file
            if here.endpoint in campaigns.TAKES_FILES:
                # A list of thousands may be pasted as well.
                here.max_form_memory_size = campaigns.LONGEST_PASTED
        # The host is one of the trusted ones; Werkzeug's own `host_url` costs as much as reading the form.
        own = f"{here.scheme}://{here.host}"
        origin = here.headers.get("Origin")
        foreign = origin is not None and origin != own
        if foreign or here.headers.get("Sec-Fetch-Site") == "cross-site":
            return _error_page("foreign", 403)
        # Werkzeug counts the fields of multipart forms alone.
        if sum(map(len, here.form.listvalues())) > MOST_FIELDS:
            return _error_page("too_large", 413)
        # Last, so that a form from elsewhere is told what it is and not that it is old.
        if here.endpoint is not None and not _is_our_form(here, own):
            return _error_page("stale_form", 400, typed_texts(here.form))
        return None


def _is_our_form(here: Request, own: str) -> bool:
    """Whether a form carries its browser's token and, over https, was sent from one of our pages."""
    if not browser().gave(here.form.get("csrf_token", "")):
        return False
    # Without https nobody vouches for where a request comes from, and with it every browser tells us.
    return not here.is_secure or (here.referrer or "").startswith(f"{own}/")


def _set_up_templates(app: Flask, product: Instance) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _language().gettext(text),
        lambda one, many, count: _language().ngettext(one, many, count),
        newstyle=True,
    )
    app.jinja_env.globals.update(words.GLOBALS, _=phrases.translated, question_field=QuestionFields(app.jinja_env))

    app.jinja_env.globals.update(
        product="Green Pathways",
        operator_name=product.settings.operator_name,
        operator_contact=product.settings.operator_contact,
        demo=product.settings.mode == "demo",
        csrf_token=csrf_token,
        can_mail=can_send(product),
        action=Action,
    )
    pieces = app.extensions["assessment-pieces"] = KeptPieces(app.jinja_env)

    @app.context_processor
    def every_page() -> dict[str, object]:
        page, language = asked(), _language()
        # Whoever came by a link to one section is led nowhere else, and nobody into a check that is not open here.
        led_nowhere = g.get("section_only") or g.get("not_open")
        draft_id = None if led_nowhere else (page.view_args or {}).get("draft_id")
        person = browser().signed_in
        who = person.staff_role or "person" if person else ""
        here = (language, page.endpoint, page.root_path, draft_id is not None, who, g.get("looking_on", False))
        return {
            "language": language,
            "piece": pieces.of(here, draft_id, csrf_token, person.shown_name if person else ""),
            "flash_notices": notices(),
        }


def _language() -> Language:
    found: Language = g.language
    return found


def _set_up_errors(app: Flask, choose_language: Callable[[], None], address: str, most_in_file: int) -> None:
    """Each of the product's own exceptions is translated into a page here, once."""

    @app.errorhandler(NotFound)
    def not_found(missing: NotFound) -> BaseResponse | tuple[str, int]:
        # A session that ended while the form was on its way is told as one that had ended before.
        browser().look_again()
        g.not_open = missing.args == ((request.view_args or {}).get("draft_id"),)
        way = policies.back_in() or interrupted.way_back()
        if way is not None:
            return way
        if interrupted.is_signed_out():
            return _error_page("signed_out", 403, typed_texts(request.form))
        if missing.args == ((request.view_args or {}).get("cluster_id"),):
            # Its manager may have deleted it meanwhile; whether it was ever there is told to nobody.
            return _error_page("no_cluster", 404)
        return _error_page("not_found", 404)

    @app.errorhandler(NotYours)
    @app.errorhandler(Refused)
    def refused(_: NotYours | Refused) -> tuple[str, int]:
        return _error_page("not_yours", 403)

    @app.errorhandler(NoResults)
    def no_results(_: NoResults) -> BaseResponse:
        # Every page of a check leads to its results and plan, so whoever is early is told what comes before them.
        draft_id = (request.view_args or {}).get("draft_id")
        return redirect(url_for("answering.hub", draft_id=draft_id, notice="no-results"), 303)

    @app.errorhandler(Conflict)
    def conflict(_: Conflict) -> tuple[str, int]:
        return _error_page("conflict", 409)

    @app.errorhandler(NotSaved)
    def not_saved(failure: NotSaved) -> tuple[str, int, dict[str, str]]:
        log.error("not saved: %s (request %s)", failure.code, _request_id())
        page, status = _error_page("not_saved", 507 if failure.code == "full" else 503)
        return page, status, {"Retry-After": "10"}

    @app.errorhandler(NotMade)
    def not_made(failure: NotMade) -> tuple[str, int, dict[str, str]]:
        log.error("report not made: %s (request %s)", failure.code, _request_id())
        page, status = _error_page("not_made", 503)
        return page, status, {"Retry-After": "60"}

    @app.errorhandler(TooManyRequests)
    def too_often(error: TooManyRequests) -> tuple[str, int, dict[str, str]]:
        wait = int(error.retry_after) if isinstance(error.retry_after, int | float) else 3600
        page, status = _error_page("too_often", 429, wait=wait)
        return page, status, {"Retry-After": str(error.retry_after or 3600)}

    @app.errorhandler(TooBusy)
    def too_busy(_: TooBusy) -> tuple[str, int, dict[str, str]]:
        page, status = _error_page("too_often", 429, wait=5)
        return page, status, {"Retry-After": "5"}

    @app.errorhandler(SecurityError)
    def foreign_host(_: SecurityError) -> tuple[str, int, dict[str, str]]:
        # Without a trusted host no address can be made, so no page with links either.
        choose_language()
        text = _language().gettext("This address is not served here. Go to %(address)s instead.")
        return f"{text % {'address': address}}\n", 400, {"Content-Type": "text/plain; charset=utf-8"}

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> tuple[str, int] | HTTPException:
        if error.code is None or error.code < 400:
            return error
        if error.code == 413 and interrupted.is_signed_out():
            # Only whoever is signed in may send so much, and that is what has changed.
            return _error_page("signed_out", 403)
        if error.code == 413 and request.endpoint in TAKES_FILES:
            return _error_page("file_too_large", 413, most=most_in_file)
        names = {404: "not_found", 405: "not_found", 413: "too_large"}
        return _error_page(names.get(error.code, "bad_request" if error.code < 500 else "fault"), error.code)

    @app.errorhandler(Exception)
    def fault(error: Exception) -> tuple[str, int] | Response:
        log.exception("fault in request %s", _request_id(), exc_info=error)
        return _error_page("fault", 500)


def _request_id() -> str:
    """What ties the page of an error to its line in the log."""
    found: str = g.setdefault("request_id", secrets.token_hex(6))
    return found


def _error_page(name: str, status: int, typed: Sequence[str] = (), **more: object) -> tuple[str, int]:
    # A request can fail before its language was chosen.
    if "language" not in g:
        g.language = next(iter(languages(folders.LOCALE).values()))
    return render_template(f"errors/{name}.html", request_id=_request_id(), typed=typed, **more), status
