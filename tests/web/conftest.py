"""Sites to visit: a demo and a production one, each on an SQLite file of its own, with inline jobs."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from assessment.app import make_app
from assessment.config import RateLimits, Settings
from assessment.content.library import Library
from assessment.opening import make_instance
from assessment.press import ReportPress
from assessment.reporting.resources.catalogue_files import EXPORTS, file_of
from assessment.services.demo import seeding
from assessment.services.instance import Instance
from tests.sites import shipped
from tests.tables import with_tables
from tests.web.in_common import COMPILED, KnownAddresses, share_statements
from tests.web.mailbox import Mailbox, open_mailbox
from tests.web.routes import Finished, finish
from tests.web.visiting import Clock, Site, copy_database

HTTPS = "https://check.example.org"
KEYS = {
    "ASSESSMENT_SECRET_KEY": "k9Vx2mQ7tR4wZ8bN1cF6hJ3pL5sD0gYa-uE_iOvX",
    "ASSESSMENT_CODE_KEY": "T7rB3nM9xW2qK6vC1zH8jP4fS5dG0aLy_oUiEeXw",
}
DEMO = {"ASSESSMENT_MODE": "demo", "ASSESSMENT_RATELIMIT": "off", **KEYS}
PRODUCTION = {
    "ASSESSMENT_MODE": "production", "ASSESSMENT_BASE_URL": HTTPS, **KEYS,
    "ASSESSMENT_OPERATOR_NAME": "Zelen Klaster", "ASSESSMENT_OPERATOR_CONTACT": "desk@klaster.example",
}  # fmt: skip
PAPER = b"%PDF-1.7\n1 0 obj\n<</Type /Pages /Count 3>>\nendobj\n"
"""The smallest file that has pages to count; how a PDF looks is tested elsewhere."""

MakeSite = Callable[..., Site]


Flask.url_map_class = KnownAddresses


@pytest.fixture(scope="session")
def library() -> Library:
    """All content as shipped, read once."""
    return shipped()


def settings_in(folder: Path, environ: dict[str, str]) -> Settings:
    """Settings of an instance whose data lie in the folder."""
    return Settings.from_env({"ASSESSMENT_DATA": str(folder), "ASSESSMENT_JOBS": "inline", **environ})


@dataclass(frozen=True)
class Kept:
    """Database files to copy, what opens the finished check in one of them, and in `files` the catalogue's files."""

    folder: Path
    session: str
    draft_id: str


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Kept:
    """An empty database, one with the example companies, and one with a finished check: made once."""
    folder = tmp_path_factory.mktemp("kept")
    built = site_in(folder / "building", library, DEMO)
    copy_database(built.database, folder / "empty")
    seeding.seed(built.instance)
    copy_database(built.database, folder / "seeded")
    owner = finish(built)
    built.instance.database.close()
    copy_database(built.database, folder / "finished")
    for form in EXPORTS:
        file_of(library.catalogue("en"), form, folder / "files")
    return Kept(folder, owner.session, owner.hub.rpartition("/")[2])


def site_in(folder: Path, library: Library, environ: dict[str, str], start: Path | None = None, **more: Any) -> Site:
    """A site on a folder of its own, its database copied from a kept one where there is one."""
    settings = replace(settings_in(folder, environ), **more)
    folder.mkdir(exist_ok=True)
    database = with_tables(folder) if start is None else Path(shutil.copy(start, folder / "assessment.sqlite3"))
    clock = Clock()
    product = make_instance(settings, library, clock)
    share_statements(product.database)
    app = make_app(product)
    app.jinja_env.bytecode_cache = COMPILED
    app.extensions["assessment-press"] = cache(partial(ReportPress, render=lambda html, report: PAPER))
    return Site(app, product, clock, database, HTTPS if settings.secure else "http://localhost")


@pytest.fixture
def make_site(tmp_path: Path, library: Library, kept: Kept) -> Iterator[MakeSite]:
    """Makes sites from a kept database; settings by name change what their mode gives."""
    opened: list[Instance] = []

    def made(production: bool = False, start: str = "empty", content: Library | None = None, limited: bool = False,
             **more: Any) -> Site:  # fmt: skip
        folder = tmp_path / f"site-{len(opened)}"
        environ = PRODUCTION if production else DEMO
        built = site_in(
            folder, content or library, environ, kept.folder / start, ratelimits=RateLimits(limited), **more
        )
        opened.append(built.instance)
        # As in an instance whose catalogue was looked at before: making its files takes longer than most tests.
        (folder / "kept").mkdir()
        for path in (kept.folder / "files").iterdir():
            (folder / "kept" / path.name).symlink_to(path)
        return built

    yield made
    for product in opened:
        product.database.close()


@pytest.fixture
def make_finished(make_site: MakeSite, kept: Kept) -> Callable[..., Finished]:
    """Makes sites with a finished check in them."""
    return lambda **more: Finished(make_site(start="finished", **more), kept.session, kept.draft_id)


@pytest.fixture
def finished(make_finished: Callable[..., Finished]) -> Finished:
    """A finished check in a demo."""
    return make_finished()


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    """A demo without any check in it."""
    return make_site()


@pytest.fixture
def examples(make_site: MakeSite) -> Site:
    """A demo with the example companies."""
    return make_site(start="seeded")


@pytest.fixture
def production(make_site: MakeSite) -> Site:
    """An instance for the public, over https."""
    return make_site(production=True)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server; `mailed` is a site that sends there."""
    with open_mailbox() as opened:
        yield opened


@pytest.fixture
def mailed(make_site: MakeSite, mailbox: Mailbox) -> Site:
    """A demo without any check in it that sends its mail to the mailbox."""
    return make_site(smtp_url=mailbox.url, mail_from="check@example.org")
