"""Ready sign-ins of a demo, for tests that need somebody to be signed in in a real browser."""

import os
from unittest.mock import patch
from urllib.parse import urlsplit

from playwright.sync_api import Page

from assessment.config import Settings
from assessment.opening import make_instance
from assessment.services.instance import Instance
from assessment.services.upkeep import first_people
from tests.browser.server import Server, environment
from tests.sites import shipped


def instance_of(server: Server) -> Instance:
    """The instance that a server answers for, to do what no page does. Close its database."""
    with patch.dict(os.environ, environment(server.data), clear=True):
        return make_instance(Settings.from_env(os.environ), shipped())


def links(server: Server) -> dict[str, str]:
    """The path of a one-time link for each role of the demo."""
    instance = instance_of(server)
    try:
        return {each.role: urlsplit(each.link).path for each in first_people.demo_people(instance)}
    finally:
        instance.database.close()


def come_in(page: Page, path: str) -> None:
    """Follow a link and press its button."""
    page.goto(path)
    page.locator('form[action$="/sign-in/link"] button').click()
