"""Published versions are frozen: their digest is noted, and any change or loss is told with the line of the list."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assessment.content.checks.publishing import digest_of, frozen_flaws, publish, published_in
from assessment.core.errors import Flaw, InvalidContent
from tests.content.tiny import copied, replaced


def test_a_published_version_has_its_digest_in_the_list(tmp_path: Path) -> None:
    version = copied(tmp_path)
    digest = publish(tmp_path, "tiny/1")
    assert digest == digest_of(version)
    assert (tmp_path / "published.txt").read_text("utf-8") == f"tiny/1 {digest}\n"
    assert list(frozen_flaws([tmp_path])) == []


def changed_section(version: Path) -> None:
    replaced(version / "sections" / "team.yaml", "weight: 2", "weight: 3")


def changed_advice(version: Path) -> None:
    replaced(version / "actions.yaml", "effort: plan", "effort: invest")


def lost_places(version: Path) -> None:
    (version / "places.yaml").unlink()


def further_section(version: Path) -> None:
    (version / "sections" / "more.yaml").write_text("id: more\n", encoding="utf-8")


@pytest.mark.parametrize("change", [changed_section, changed_advice, lost_places, further_section])
def test_a_changed_version_is_told_with_the_line_of_the_list(change: Callable[[Path], None], tmp_path: Path) -> None:
    version = copied(tmp_path)
    (tmp_path / "published.txt").write_text("# Never change what stands here.\n\n", encoding="utf-8")
    publish(tmp_path, "tiny/1")
    change(version)
    assert list(frozen_flaws([tmp_path])) == [
        Flaw(
            str(tmp_path / "published.txt"), 3, "tiny/1", f"The folder {version} was changed after it was published.",
            "Undo the change, and make it in a new version: published ones never change.",
        )
    ]  # fmt: skip


def test_a_version_that_has_gone_is_told(tmp_path: Path) -> None:
    version = copied(tmp_path)
    publish(tmp_path, "tiny/1")
    version.rename(version.with_name("2"))
    flaws = list(frozen_flaws([tmp_path]))
    assert [(flaw.line, flaw.path, flaw.message) for flaw in flaws] == [
        (1, "tiny/1", "This published version is not there.")
    ]
    assert flaws[0].cure == "Put the folder back: answers point to it."


def test_translations_changes_and_examples_stay_open(tmp_path: Path) -> None:
    version = copied(tmp_path)
    publish(tmp_path, "tiny/1")
    (version / "texts.bg.yaml").write_text("title: Проверка\n", encoding="utf-8")
    (version / "CHANGES.md").write_text("# Changes\n", encoding="utf-8")
    (version / "examples" / "corner-bakery.yaml").unlink()
    assert list(frozen_flaws([tmp_path])) == []


def test_the_line_ends_of_another_system_are_no_change(tmp_path: Path) -> None:
    version = copied(tmp_path)
    publish(tmp_path, "tiny/1")
    for path in version.rglob("*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert list(frozen_flaws([tmp_path])) == []


@pytest.mark.parametrize(("name", "message"), [("tiny/1", "published already"), ("tiny/3", "no such version")])
def test_what_cannot_be_published_is_told_with_what_is_there(name: str, message: str, tmp_path: Path) -> None:
    copied(tmp_path)
    publish(tmp_path, "tiny/1")
    before = (tmp_path / "published.txt").read_bytes()
    with pytest.raises(InvalidContent, match=message) as refused:
        publish(tmp_path, name)
    assert refused.value.flaws[0].cure == "Versions here: tiny/1."
    assert (tmp_path / "published.txt").read_bytes() == before


def test_a_list_without_a_last_line_end_is_continued_on_a_new_line(tmp_path: Path) -> None:
    copied(tmp_path)
    (tmp_path / "published.txt").write_text("# Published versions", encoding="utf-8")
    publish(tmp_path, "tiny/1")
    assert list(published_in(tmp_path)) == ["tiny/1"]


@pytest.mark.parametrize("line", ["tiny/1", "tiny/1 digest", "tiny/1 sha256:1 sha256:2"])
def test_a_line_that_cannot_be_understood_is_told(line: str, tmp_path: Path) -> None:
    copied(tmp_path)
    (tmp_path / "published.txt").write_text(f"# List\n{line}\n", encoding="utf-8")
    flaws = list(frozen_flaws([tmp_path]))
    assert [(flaw.line, flaw.path) for flaw in flaws] == [(2, "tiny/1")]
    assert "`assessment publish` does it" in flaws[0].cure


def test_a_version_noted_twice_is_told(tmp_path: Path) -> None:
    copied(tmp_path)
    publish(tmp_path, "tiny/1")
    path = tmp_path / "published.txt"
    path.write_text(path.read_text("utf-8") * 2, encoding="utf-8")
    assert [flaw.message for flaw in frozen_flaws([tmp_path])] == ["This version stands here twice, first in line 1."]
