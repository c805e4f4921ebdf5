"""What if: what any selection of a company's measures comes to, quickly."""

from assessment.core.errors import NotFound
from assessment.services.asking import Asking
from assessment.services.checks import answering, results
from assessment.services.instance import Instance
from assessment.services.money import money
from assessment.services.plans import planning
from assessment.services.plans.kept_plans import ReadyPlan
from assessment.storage.plans.plan_state import plan_state


def ready_plan(instance: Instance, asking: Asking, draft_id: str, language: str) -> ReadyPlan:
    """The plan of a draft, ready for any selection.

    Raises what `answering.open_draft` does, and NotFound where there is no result yet or nothing can be reckoned.
    """
    opened = answering.open_draft(instance, asking, draft_id, language)
    state = plan_state(instance.database, draft_id)
    if state.result is None or not opened.edition.questionnaire.reckons:
        raise NotFound(draft_id)
    today = instance.today

    def made() -> ReadyPlan:
        found = results.latest(instance, opened, language).results
        plan = planning.plan_of(instance, opened, found)
        return money.ready_plan(money.reckoning_of(instance, opened, found, plan), found)

    return instance.plans.get(draft_id, language, (state, today), made)
