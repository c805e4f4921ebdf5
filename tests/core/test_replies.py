"""What the plan replies to why a check is done and to what holds a company back."""

from assessment.core.checks.answers import Answers
from assessment.core.checks.questionnaire import Questionnaire
from assessment.core.checks.replies import Reply, help_of, opening_of
from tests.builders import DO_NOT_KNOW, ROLES, ladder, question, questionnaire, route_of, section

REASONS = ("bank", "cost", "law", "other")


def asked(**roles: str) -> Questionnaire:
    """A check that asks for motives and obstacles, and knows them by these roles."""
    options = [{"id": name, "label": name.title(), "reply": f"Words on {name}."} for name in REASONS[:-1]]
    options.append({"id": "other", "label": "Another"})
    about = [question("multi", name, options=options) for name in ("motives", "obstacles")]
    return questionnaire(section("a", ladder("a-1"), *about), roles={**ROLES, **roles})


def ticked(*names: str) -> Answers:
    return Answers({"motives": frozenset(names), "obstacles": frozenset(names)})


def test_a_plan_opens_with_the_first_two_motives_as_the_questionnaire_orders_them() -> None:
    here = asked()
    given = ticked("law", "other", "cost", "bank")
    assert opening_of(route_of(here, given), given) == ("Words on bank.", "Words on cost.")
    given = ticked("law")
    assert opening_of(route_of(here, given), given) == ("Words on law.",)


def test_every_obstacle_gets_its_word_of_help() -> None:
    given = ticked("law", "cost", "bank", "other")
    assert help_of(route_of(asked(obstacles="obstacles"), given), given) == tuple(
        Reply(name.title(), f"Words on {name}.") for name in REASONS[:-1]
    )


def test_nothing_is_said_where_nothing_was_ticked_or_nobody_was_asked() -> None:
    here = asked(obstacles="obstacles")
    for given in (Answers({}), Answers({"motives": DO_NOT_KNOW, "obstacles": DO_NOT_KNOW}), ticked("other")):
        route = route_of(here, given)
        assert (opening_of(route, given), help_of(route, given)) == ((), ())
    given = ticked("law")
    assert help_of(route_of(asked(), given), given) == ()


def test_an_answer_off_the_route_is_not_replied_to() -> None:
    reasons = [{"id": name, "label": name, "reply": f"Words on {name}."} for name in REASONS]
    hidden = question("multi", "motives", options=reasons, when={"question": "a-1", "is": "l0"})
    here = questionnaire(section("a", ladder("a-1"), hidden))
    for level, words in (("l0", ("Words on law.",)), ("l4", ())):
        given = Answers({"a-1": level, "motives": frozenset({"law"})})
        assert opening_of(route_of(here, given), given) == words
