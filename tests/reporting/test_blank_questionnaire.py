"""The questionnaire on paper."""

from dataclasses import replace
from functools import cache

from assessment.core.checks.conditions import All, FlagIs, Is, Not
from assessment.reporting.checks.blank_document import Rule
from assessment.reporting.checks.blank_questionnaire import blank_questionnaire_document, rule_of
from tests.reporting.companies import HOME, version
from tests.reporting.languages import LONG
from tests.reporting.paper import Paper, complaints, in_order, outside, overprinted, printed, thin_pages


@cache
def paper() -> Paper:
    return printed(blank_questionnaire_document(version().questionnaire, HOME))


def test_every_question_stands_there_once_in_the_order_of_the_screen() -> None:
    codes = [question.id.upper() for question in version().questionnaire.questions.values()]
    labels = [question.label for question in version().questionnaire.questions.values()]
    document = blank_questionnaire_document(version().questionnaire, HOME)
    printed_codes = [q.code for section in document.sections for page in section.pages for q in page.questions]
    assert sorted(printed_codes) == sorted(codes)
    assert in_order(paper().text.replace(" ", ""), [label.replace(" ", "") for label in labels])


def test_the_sheet_asks_whether_a_meter_told_it_only_where_one_can() -> None:
    document = blank_questionnaire_document(version().questionnaire, HOME)
    metered = {q.code for section in document.sections for page in section.pages for q in page.questions if q.metered}
    assert metered == {"ENE-01", "ENE-02", "MAT-01", "WAT-01", "WAS-01"}
    assert paper().text.count("From bills or a meter") == len(metered)


def test_it_is_accessible_and_nothing_is_cut_off() -> None:
    assert complaints(paper()) == []
    assert outside(paper()) == []
    assert overprinted(paper()) == []
    assert thin_pages(paper()) == []
    assert len(paper().pages) <= 45
    assert len(paper().content) < 400_000


def test_long_languages_fit() -> None:
    whole = blank_questionnaire_document(version().questionnaire, HOME)
    long = printed(replace(whole, sections=whole.sections[:3]), LONG)
    assert outside(long) == []
    assert overprinted(long) == []


def test_branching_is_said_in_words() -> None:
    assert "Only if the answer to P-05 is “" in paper().text
    assert "Only if all of these are true:" in paper().text


def test_a_condition_is_spelt_out_with_not_at_its_leaves() -> None:
    questionnaire = version().questionnaire
    flag = FlagIs(flag="no-building-say")
    rule = rule_of(questionnaire, Not.model_validate({"not": All.model_validate({"all": [flag, flag]})}))
    assert rule.relation == "any"
    assert all(part.relation == "is" and part.negated for part in rule.parts)
    country = questionnaire.roles.named["country"]
    single = rule_of(questionnaire, Is.model_validate({"question": country, "is": "BG"}))
    assert single == Rule("is", False, country.upper(), ("Bulgaria",))
