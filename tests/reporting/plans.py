"""The plans of example companies as documents, with the money that was reckoned for them."""

import atexit
import shutil
import tempfile
from functools import cache

from assessment.config import Settings
from assessment.opening import make_instance
from assessment.press import example_document
from assessment.reporting.documents import ActionPlanDocument
from assessment.services.instance import Instance
from tests.sites import shipped

RICH = "bakery-bg"
"""An example that says much about its money."""

POOR = "translator-ro"
"""An example that knows hardly any figure."""


@cache
def instance() -> Instance:
    """An instance with the shipped content."""
    folder = tempfile.mkdtemp(prefix="plans-")
    atexit.register(shutil.rmtree, folder)
    return make_instance(Settings.from_env({"ASSESSMENT_MODE": "test", "ASSESSMENT_DATA": folder}), shipped())


@cache
def plan_of(example: str = RICH) -> ActionPlanDocument:
    """The plan of an example company."""
    return example_document(instance(), instance().library.examples()[example], "en")


def examples() -> list[str]:
    """All examples by id."""
    return sorted(instance().library.examples())
