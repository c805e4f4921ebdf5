"""What README, ARCHITECTURE and the pages say about the project is still so."""

import re
from pathlib import Path

from tests.architecture.test_layout import ROOT


def _names_in(text: str) -> set[str]:
    return set(re.findall(r"[a-z_0-9]+", text))


def test_the_tree_names_every_district_and_what_lies_on_the_ground_of_the_core_and_at_the_edge() -> None:
    tree = (ROOT / "ARCHITECTURE.md").read_text("utf-8").split("## The tree")[1].split("## ")[0]
    edge, core = (
        {path.stem for path in folder.glob("*.py")} - {"__init__"}
        for folder in (ROOT / "assessment", ROOT / "assessment" / "core")
    )
    districts = {path.parent.name for path in (ROOT / "assessment").glob("*/*/__init__.py")} - {"migrations"}
    assert len(districts) > 5
    assert core | edge <= _names_in(tree)
    assert districts <= set(re.findall(r"^\| `(\w+)`", tree, re.MULTILINE))
    assert "brand_new" not in _names_in(tree)


def test_the_floors_of_the_page_are_those_that_are_held() -> None:
    held = re.search(r"layers =\n((?:    .+\n)+)", (ROOT / "setup.cfg").read_text("utf-8"))
    assert held
    floors = [frozenset(re.findall(r"assessment\.(\w+)", line)) for line in held[1].splitlines()]
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    drawn = page.split("## Which way things lean")[1].split("```")[1].split("(i18n")[0]
    told = [frozenset(re.findall(r"\w+", part)) for part in drawn.replace("\n", " ").split("->")]
    # The solver is started, not imported, so the page names it in the tree.
    assert told == [floor - {"solver"} for floor in floors]


def test_the_readme_names_every_setting() -> None:
    code = (ROOT / "assessment" / "config.py").read_text("utf-8")
    whole = set(re.findall(r'"(ASSESSMENT_[A-Z_]*[A-Z]|DATABASE_URL|PORT)"', code))
    rates = {f"…_{name}" for name in re.findall(r'_rate\("([A-Z_]+)"', code)}
    assert len(whole) > 15
    assert len(rates) > 5
    readme = (ROOT / "README.md").read_text("utf-8")
    assert {name for name in whole if f"`{name}`" not in readme} == set()
    assert {name for name in rates if f"`{name}`" not in readme and f"_RATELIMIT{name[1:]}`" not in readme} == set()


def test_the_commands_of_the_readme_exist() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "assessment").glob("*.py"))
    commands = set(re.findall(r"^assessment (\w[\w-]*)", readme, re.MULTILINE))
    assert {"catalogue", "export", "report", "suggestions", "check-links", "db", "worker"} <= commands
    for command in commands:
        name = command.replace("-", "_")
        assert re.search(rf'(?:command|group)\("{command}"\)|def {name}\(', code), command


def test_every_picture_and_page_that_the_readme_leads_to_is_there() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    leads = {*re.findall(r"\]\(([^)#]+)\)", readme), *re.findall(r'src="([^"]+)"', readme)}
    assert {lead for lead in leads if not lead.startswith("http") and not Path(ROOT / lead).exists()} == set()
