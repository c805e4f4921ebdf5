"""What if: what any selection of a company's measures comes to, quickly."""

from assessment.core.errors import NotFound
from assessment.services import answering, money, planning, results
from assessment.services.instance import Instance
from assessment.services.kept_plans import ReadyPlan
from assessment.storage.plan_state import plan_state


def ready_plan(instance: Instance, session_hash: str, draft_id: str, language: str) -> ReadyPlan:
    """The plan of a draft, if this browser may open it, ready for any selection.

    Raises NotFound where it may not, or where there is no result yet.
    """
    state = plan_state(instance.database, session_hash, draft_id)
    if state is None or state.result is None:
        raise NotFound(draft_id)
    today = instance.today

    def made() -> ReadyPlan:
        opened = answering.open_draft(instance, session_hash, draft_id, language)
        found = results.latest(instance, opened, language).results
        plan = planning.plan_of(instance, opened, found)
        return money.ready_plan(money.reckoning_of(instance, opened, found, plan), found)

    return instance.plans.get(draft_id, language, (state, today), made)
