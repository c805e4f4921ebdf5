"""A company's home: its checks, another check, its sites side by side, its name; and the list of one's companies."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from assessment.core.access import Action, Standpoint
from assessment.core.checks.display import Gates
from assessment.core.checks.questionnaire import Questionnaire
from assessment.core.checks.route import Depth
from assessment.core.errors import NotFound, NotSaved
from assessment.core.ordering import by_name
from assessment.services.mentors import mentoring, reviewing
from assessment.services.people import companies
from assessment.services.people.companies import LONGEST_NAME, Check, Entered
from assessment.web.browser import browser
from assessment.web.checks.fields import cleaned
from assessment.web.current import instance, language
from assessment.web.limits import STARTS, limited
from assessment.web.policies import asking, needs
from assessment.web.problems import NOT_SAVED_STATUS, PAGE, not_saved
from assessment.web.public import others, question_counts

blueprint = Blueprint("companies", __name__)

Errors = list[tuple[str, str]]
_DEPTHS: dict[str, Depth] = {"quick": "quick", "full": "full"}
MOST_SIDE_BY_SIDE = 12


def typed(name: str, longest: int = LONGEST_NAME) -> str:
    """One line that somebody typed; one sign more than may be stored, so that what is too long can be told."""
    return " ".join(cleaned(request.form.get(name, "")).split())[: longest + 1]


def name_errors(field: str, name: str) -> Errors:
    """What is wrong with a company's name."""
    _ = language().gettext
    if not name:
        return [(field, _("Type the name of your company"))]
    if len(name) > LONGEST_NAME:
        return [(field, _("Shorten the name to %(most)s characters") % {"most": LONGEST_NAME})]
    return []


def site_errors(questionnaire: Questionnaire, site: str) -> Errors:
    """What is wrong with the site or offer that a check is for."""
    _ = language().gettext
    if len(site) > LONGEST_NAME:
        return [("site", _("Shorten the name to %(most)s characters") % {"most": LONGEST_NAME})]
    if questionnaire.subject is not None and not site:
        return [("site", _("Give it a name, so that you find it again"))]
    return []


@blueprint.get("/account/companies")
@needs(Standpoint.SIGNED_IN)
def listed() -> str:
    """The companies that somebody belongs to."""
    return _list_page("", [])


def _list_page(name: str, errors: Errors) -> str:
    mine = companies.companies_of(instance(), browser().person_id)
    return render_template("pages/company/list.html", companies=mine, name=name, errors=errors, back=None)


@blueprint.post("/account/companies")
@needs(Standpoint.SIGNED_IN)
def add() -> Answer | tuple[str, int]:
    """Another company."""
    name = typed("name")
    errors = name_errors("name", name)
    if errors:
        return _list_page(name, errors), 422
    try:
        company_id = companies.add_company(instance(), browser().person_id, name)
    except NotSaved as failure:
        return _list_page(name, [(PAGE, not_saved(language()))]), NOT_SAVED_STATUS[failure.code]
    return redirect(url_for("companies.home", company_id=company_id), 303)


@blueprint.get("/companies/<company_id>")
@needs(Action.SEE_COMPANY)
def home(company_id: str) -> str:
    """The company's checks and people, and what can be done here."""
    entered = companies.enter(instance(), asking(), company_id)
    checks = companies.checks_of(instance(), company_id)
    return render_template(
        "pages/company/home.html", entered=entered, company=entered.company, checks=checks,
        members=companies.members_of(instance(), company_id), person_id=browser().person_id,
        offers=mentoring.offers_waiting(instance(), company_id) if entered.may(Action.MANAGE_MENTORS) else 0,
        waiting=reviewing.waiting_for_company(instance(), company_id) if entered.may(Action.ANSWER_REVIEW) else (),
        comparable=len(_comparable(checks)) > 1, kinds={other.name: other.title for other in others()},
        staged={other.name for other in others() if isinstance(other.results, Gates)},
    )  # fmt: skip


@blueprint.get("/companies/<company_id>/name")
@needs(Action.CHANGE_COMPANY)
def name_page(company_id: str) -> str:
    """Where the company is given another name."""
    entered = companies.enter(instance(), asking(), company_id)
    return _name_page(entered, entered.company.name, [])


def _name_page(entered: Entered, name: str, errors: Errors) -> str:
    return render_template("pages/company/name.html", company=entered.company, name=name, errors=errors)


@blueprint.post("/companies/<company_id>/name")
@needs(Action.CHANGE_COMPANY)
def rename(company_id: str) -> Answer | tuple[str, int]:
    """Give the company another name."""
    entered, name = companies.enter(instance(), asking(), company_id), typed("name")
    errors = name_errors("name", name)
    if errors:
        return _name_page(entered, name, errors), 422
    try:
        companies.rename(instance(), asking(), company_id, name)
    except NotSaved as failure:
        return _name_page(entered, name, [(PAGE, not_saved(language()))]), NOT_SAVED_STATUS[failure.code]
    return redirect(url_for("companies.home", company_id=company_id, notice="company-renamed"), 303)


@blueprint.get("/companies/<company_id>/checks/new")
@needs(Action.START_CHECK)
def new_check(company_id: str) -> str:
    """Another check: how deep, and of which site."""
    return _check_page(companies.enter(instance(), asking(), company_id), [])


def _check_page(entered: Entered, errors: Errors) -> str:
    followable = [check for check in companies.checks_of(instance(), entered.company.id) if _can_be_followed(check)]
    return render_template(
        "pages/company/new_check.html", company=entered.company, errors=errors, followable=followable,
        counts=question_counts(instance()), depth=request.form.get("depth", ""), site=typed("site"), others=others(),
    )  # fmt: skip


def _can_be_followed(check: Check) -> bool:
    return check.scores is not None and not check.followed


@blueprint.post("/companies/<company_id>/checks/new")
@limited(STARTS)
@needs(Action.START_CHECK)
def start_check(company_id: str) -> Answer | tuple[str, int]:
    """Start a check that belongs to the company."""
    _ = language().gettext
    entered, site = companies.enter(instance(), asking(), company_id), typed("site")
    depth = _DEPTHS.get(request.form.get("depth", ""))
    errors: Errors = []
    if len(site) > LONGEST_NAME:
        errors.append(("site", _("Shorten the name to %(most)s characters") % {"most": LONGEST_NAME}))
    if depth is None:
        errors.append(("depth", _("Choose the quick check or the full check")))
    if errors or depth is None:
        return _check_page(entered, errors), 422
    try:
        draft_id = companies.start_check(instance(), asking(), company_id, depth, site, language().code)
    except NotSaved as failure:
        return _check_page(entered, [(PAGE, not_saved(language()))]), NOT_SAVED_STATUS[failure.code]
    return redirect(url_for("answering.hub", draft_id=draft_id), 303)


@blueprint.get("/companies/<company_id>/checks/new/<kind>")
@needs(Action.START_CHECK)
def new_other_check(company_id: str, kind: str) -> str:
    """Another kind of check: what it is for, and of which idea or offer."""
    return _other_check_page(companies.enter(instance(), asking(), company_id), _other(kind), [])


def _other(kind: str) -> Questionnaire:
    """One of the questionnaires that are offered here besides the one for anyone; raises NotFound for any other."""
    found = next((questionnaire for questionnaire in others() if questionnaire.name == kind), None)
    if found is None:
        raise NotFound(kind)
    return found


def _other_check_page(entered: Entered, questionnaire: Questionnaire, errors: Errors) -> str:
    return render_template(
        "pages/company/new_other_check.html", company=entered.company, questionnaire=questionnaire, errors=errors,
        site=typed("site"),
    )  # fmt: skip


@blueprint.post("/companies/<company_id>/checks/new/<kind>")
@limited(STARTS)
@needs(Action.START_CHECK)
def start_other_check(company_id: str, kind: str) -> Answer | tuple[str, int]:
    """Start it."""
    entered, site = companies.enter(instance(), asking(), company_id), typed("site")
    questionnaire = _other(kind)
    if errors := site_errors(questionnaire, site):
        return _other_check_page(entered, questionnaire, errors), 422
    try:
        draft_id = companies.start_check(instance(), asking(), company_id, "full", site, language().code, kind)
    except NotSaved as failure:
        return _other_check_page(entered, questionnaire, [(PAGE, not_saved(language()))]), NOT_SAVED_STATUS[
            failure.code
        ]
    return redirect(url_for("answering.hub", draft_id=draft_id), 303)


@blueprint.get("/companies/<company_id>/compare")
@needs(Action.READ_RESULTS)
def compare(company_id: str) -> str:
    """The newest results of the company's checks side by side, section by section."""
    entered = companies.enter(instance(), asking(), company_id)
    checks = _comparable(companies.checks_of(instance(), company_id))
    titles: dict[str, str] = {}
    for check in checks:
        if check.scores is not None:
            edition = instance().library.edition(check.scores.questionnaire, check.scores.version, language().code)
            asked = {section.id: section.title for section in edition.questionnaire.sections}
            titles |= {name: asked[name] for name in check.scores.sections if name in asked and name not in titles}
    return render_template("pages/company/compare.html", company=entered.company, checks=checks, titles=titles)


def _comparable(checks: list[Check]) -> list[Check]:
    """The checks for anyone with results that no later one follows: one of each site, by its name."""
    apart = {other.name for other in others()}
    found = [check for check in checks if _can_be_followed(check) and check.line.questionnaire not in apart]
    return sorted(found, key=lambda check: by_name(check.line.site))[:MOST_SIDE_BY_SIDE]
