"""Words and links that every page shows, and how answers and figures read in the language of the page."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from flask import request, url_for

from assessment.core.checks.answers import Value
from assessment.core.checks.questions import Question
from assessment.reporting.plans import action_words
from assessment.web.checks.shown import in_words
from assessment.web.current import language
from assessment.web.plans import plan_words
from assessment.web.resources import catalogue_words

T = TypeVar("T")
_OF_A_REVIEW = (
    "commenting", "suggesting_measures", "interviewing", "confirming_savings", "review_reports", "next_visit",
)  # fmt: skip
"""Errands that belong to the review in a mentor's navigation."""
_OF_NO_CHECK = ("public.", "catalogue.", "companies.", "mentoring.", "clusters.", "administration.", "running.")
_OF_A_CLUSTER = (
    "cluster_members", "readiness", "joint_actions", "roadmap", "named_results", "cluster_map", "campaigns",
    "cluster_posters", "board_reports", "readiness_files", "release_files",
)  # fmt: skip
"""Errands that belong to a cluster in its manager's navigation."""


def section_nav(here: str, draft_id: str | None, who: str = "", looking_on: bool = False) -> list[dict[str, Any]]:
    """The main places of an open check, or the public ones, as the endpoint `here` sees them; and that of `who` is
    signed in: a `person`, a `mentor`, a `manager`, an `administrator`, or empty for nobody. Whoever looks at a check
    from outside its company finds no place to fill it in.
    """
    _ = language().gettext
    errand = here.partition(".")[0]
    if errand == "mentoring":
        places = {"mentoring.client_list": _("Your clients"), "catalogue.search": _("Resources")}
    elif looking_on and draft_id is not None:
        places = (
            {"mentoring.client_list": _("Your clients"), "reviewing.overview": _("Review")}
            if who == "mentor"
            else {"answering.check": _("Answers")}
        )
        places |= {
            "results.show": _("Results"),
            "planning.plan": _("Action plan"),
            "catalogue.search": _("Resources"),
        }
    elif draft_id is None:
        places = {
            "public.landing": _("Start"),
            "catalogue.search": _("Resources"),
            "public.method": _("How we work it out"),
        }
    else:
        places = {
            "answering.hub": _("Self-assessment"),
            "results.show": _("Results"),
            "planning.plan": _("Action plan"),
            "catalogue.search": _("Resources"),
        }
    own = {
        "person": ("companies.listed", _("Your companies")),
        "mentor": ("mentoring.client_list", _("Your clients")),
        "manager": ("clusters.listed", _("Your clusters")),
        "administrator": ("administration.find", _("Administration")),
    }
    if who in own:
        endpoint, label = own[who]
        places[endpoint] = label
    return [
        {"label": label, "href": _address(endpoint, draft_id), "current": _belongs(here, endpoint)}
        for endpoint, label in places.items()
    ]


def _address(endpoint: str, draft_id: str | None) -> str:
    draft = None if endpoint.startswith(_OF_NO_CHECK) else draft_id
    return url_for(endpoint, draft_id=draft) if draft else url_for(endpoint)


def _belongs(here: str, endpoint: str) -> bool:
    """Public pages are places of their own; elsewhere an errand's pages belong to its first one."""
    errand, now = endpoint.partition(".")[0], here.partition(".")[0]
    # The documents of an answer, and handing a section over, are part of giving answers.
    now = "answering" if now in ("evidence", "section_links") else now
    # What is used, and what comes of it in money and carbon, is reached from the plan and leads back to it.
    now = "planning" if now in ("money", "measure_figures", "best_plan") else now
    if now in ("running", "inspecting"):
        now = "administration"
    elif "company_id" in (request.view_args or {}) and now != "administration":
        # A member sees pages of its clusters as its own company's.
        now = "companies"
    elif now in _OF_A_CLUSTER:
        now = "clusters"
    if errand == "reviewing" and now in (*_OF_A_REVIEW, "answering"):
        return True
    return here == endpoint or (errand != "public" and now == errand)


def footer_links(draft_id: str | None) -> list[dict[str, str]]:
    """The links at the foot of every page."""
    _ = language().gettext
    links = [
        ("public.privacy", _("Privacy")), ("public.accessibility", _("Accessibility statement")),
        ("public.method", _("How we work it out")), ("public.licences", _("Licences")),
    ]  # fmt: skip
    shown = [{"label": label, "href": _address(endpoint, None)} for endpoint, label in links]
    if draft_id is not None:
        shown.append({"label": _("Delete my data"), "href": _address("drafts.data", draft_id)})
    return shown


def _number(value: Decimal | int) -> str:
    return language().number(value if isinstance(value, int | Decimal) else Decimal(str(value)))


def _date(value: dt.date) -> str:
    return language().date(value)


def _answer(question: Question, answers: Mapping[str, Value]) -> str:
    """An answer in words for the middle of a sentence."""
    return language().list_of(list(in_words(question, answers[question.id], language())))


def _summary(errors: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """Errors as the error summary takes them."""
    return [{"target": target, "text": text} for target, text in errors]


def _in_language(words: Callable[..., T]) -> Callable[..., T]:
    """The words of the page's language."""
    return lambda *arguments: words(*arguments, language())


GLOBALS: dict[str, Callable[..., Any]] = {
    "number": _number,
    "show_date": _date,
    "answer_of": _answer,
    "summary_of": _summary,
    "card_title": lambda card: card.title,
    "shown_savings": plan_words.counted_savings,
    "other_views": plan_words.other_views,
    "refusal_words": _in_language(plan_words.refusal_words),
    "saving_words": _in_language(plan_words.saving_words),
    "source_words": _in_language(action_words.source_words),
    "cost_words": _in_language(plan_words.cost_words),
    "payback_words": _in_language(plan_words.payback_words),
    "confidence_words": _in_language(plan_words.confidence_words),
    "effort_words": _in_language(plan_words.card_effort),
    "uptake_words": _in_language(action_words.uptake_words),
    "step_effort_words": _in_language(action_words.effort_words),
    "investment_words": _in_language(action_words.investment_words),
    "status_words": _in_language(action_words.status_words),
    "scheme_terms": _in_language(plan_words.scheme_terms),
    "kind_words": _in_language(plan_words.kind_words),
    "entry_title": catalogue_words.entry_title,
    "entry_text": catalogue_words.entry_text,
    "entry_kind": _in_language(catalogue_words.entry_kind),
    "entry_line": _in_language(catalogue_words.entry_line),
    "languages_words": _in_language(plan_words.language_words),
}
