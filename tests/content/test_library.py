"""The library: what is kept between starts, all mistakes together, languages, and what two starts at once may do."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assessment.content.checks.publishing import publish
from assessment.content.folders import CATALOGUE, QUESTIONNAIRES
from assessment.content.library import Library, checked_library, load_library
from assessment.content.resources.catalogue import load_catalogue
from assessment.core.errors import Flaw, InvalidContent, NotFound
from tests.content.tiny import FIXTURES, copied, marked, replaced

ROOT = Path(__file__).resolve().parents[2]


def loaded(root: Path, kept_in: Path | None = None) -> Library:
    """The questionnaires that ship and those under a root."""
    return load_library([QUESTIONNAIRES, root], CATALOGUE, kept_in)


def flaws_of(root: Path, catalogue: Path = CATALOGUE) -> tuple[Flaw, ...]:
    with pytest.raises(InvalidContent) as refused:
        load_library([QUESTIONNAIRES, root], catalogue, None)
    return refused.value.flaws


def title_of(library: Library, language: str = "en") -> str:
    return library.edition("tiny", "1", language).questionnaire.title


def kept_of_tiny(folder: Path) -> Path:
    """The kept file of the small questionnaire."""
    return next(path for path in folder.glob("read-*.json") if '"tiny"' in path.read_text("utf-8")[:200])


@pytest.fixture(scope="module", name="held")
def _held() -> Library:
    return loaded(FIXTURES)


# What is kept


def test_a_second_start_takes_what_the_first_has_kept_and_reads_no_yaml(tmp_path: Path) -> None:
    copied(tmp_path)
    loaded(tmp_path, tmp_path / "kept")
    kept = kept_of_tiny(tmp_path / "kept")
    # Only a start that reads the kept file, and not the YAML, can find this title.
    kept.write_text(kept.read_text("utf-8").replace("Tiny check", "Kept check"), encoding="utf-8")
    assert title_of(loaded(tmp_path, tmp_path / "kept")) == "Kept check"


def test_what_is_kept_is_the_same_as_what_was_read(tmp_path: Path, held: Library) -> None:
    copied(tmp_path)
    loaded(tmp_path, tmp_path / "kept")
    again = loaded(tmp_path, tmp_path / "kept")
    for name in ("resource-efficiency", "tiny"):
        fresh, kept = held.edition(name, "1", "en"), again.edition(name, "1", "en")
        assert kept.questionnaire == fresh.questionnaire
        assert kept.actions == fresh.actions
    assert again.catalogue("en") == held.catalogue("en")


@pytest.mark.parametrize("name", ["questionnaire.yaml", "sections/team.yaml", "actions.yaml", "places.yaml"])
def test_a_changed_file_is_read_again(name: str, tmp_path: Path) -> None:
    version = copied(tmp_path)
    loaded(tmp_path, tmp_path / "kept")
    before = set((tmp_path / "kept").iterdir())
    path = version / name
    path.write_text(path.read_text("utf-8") + "# A remark.\n", encoding="utf-8")
    loaded(tmp_path, tmp_path / "kept")
    assert len(set((tmp_path / "kept").iterdir()) - before) == 1


def test_advice_is_checked_again_when_the_catalogue_has_changed(tmp_path: Path) -> None:
    copied(tmp_path)
    catalogue = tmp_path / "catalogue"
    shutil.copytree(CATALOGUE, catalogue)
    kept = tmp_path / "kept"
    load_library([QUESTIONNAIRES, tmp_path], catalogue, kept)
    replaced(catalogue / "measures" / "lighting.yaml", "- id: led-retrofit\n", "- id: led-exchange\n")
    path = catalogue / "measures" / "lighting.yaml"
    path.write_text(path.read_text("utf-8").replace("led-retrofit", "led-exchange"), encoding="utf-8")
    with pytest.raises(InvalidContent) as refused:
        load_library([QUESTIONNAIRES, tmp_path], catalogue, kept)
    assert "led-retrofit" in str(refused.value)


@pytest.mark.parametrize("damage", [b"", b"{", b'{"questionnaire": 1}', b"\xff\xfe", b"[]"])
def test_a_damaged_kept_file_is_read_afresh_and_mended(damage: bytes, tmp_path: Path) -> None:
    copied(tmp_path)
    loaded(tmp_path, tmp_path / "kept")
    kept = kept_of_tiny(tmp_path / "kept")
    whole = kept.read_bytes()
    kept.write_bytes(damage)
    assert title_of(loaded(tmp_path, tmp_path / "kept")) == "Tiny check"
    assert kept.read_bytes() == whole


def test_a_half_written_catalogue_is_read_afresh(tmp_path: Path) -> None:
    copied(tmp_path)
    loaded(tmp_path, tmp_path / "kept")
    kept = next((tmp_path / "kept").glob("catalogue-*.json"))
    kept.write_bytes(kept.read_bytes()[:100_000])
    assert loaded(tmp_path, tmp_path / "kept").catalogue("en").measures


def test_nothing_is_kept_of_content_with_flaws(tmp_path: Path) -> None:
    copied(tmp_path, "tables_bands")
    with pytest.raises(InvalidContent):
        loaded(tmp_path, tmp_path / "kept")
    texts = [path.read_text("utf-8")[:200] for path in (tmp_path / "kept").glob("read-*.json")]
    assert not any('"tiny"' in text for text in texts)


START = "import sys; from pathlib import Path; from tests.content.test_library import loaded; \
print(loaded(Path(sys.argv[1]), Path(sys.argv[2])).summary())"


def test_starts_at_once_never_show_half_a_file(tmp_path: Path) -> None:
    copied(tmp_path)
    kept = tmp_path / "kept"
    command = [sys.executable, "-c", START, str(tmp_path), str(kept)]
    starts = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    looks = 0
    while any(start.poll() is None for start in starts):
        for path in kept.glob("*.json"):
            json.loads(path.read_bytes())
            looks += 1
    said = {start.communicate()[0] for start in starts}
    assert looks > 0
    assert len(said) == 1
    assert "5 questionnaire versions" in said.pop()
    assert [path.suffix for path in kept.iterdir()] == [".json"] * 6


# All mistakes together


def test_mistakes_of_the_catalogue_and_of_questionnaires_are_told_together(tmp_path: Path) -> None:
    version = copied(tmp_path, "tables_bands", "shape_wrong_type")
    copied(tmp_path / "second", "tables_roles")
    catalogue = tmp_path / "catalogue"
    shutil.copytree(CATALOGUE, catalogue)
    replaced(catalogue / "measures" / "sources.yaml", "sources:\n", "sources:\n  Bad Key: {}\n")
    with pytest.raises(InvalidContent) as refused:
        load_library([tmp_path, tmp_path / "second"], catalogue, None)
    flaws = refused.value.flaws
    assert {Path(flaw.file).name for flaw in flaws} == {"sources.yaml", "team.yaml", "questionnaire.yaml"}
    assert {flaw for flaw in marked(version) if "team" in flaw.file} <= set(flaws)


def test_frozen_versions_and_examples_are_checked_together_with_the_rest(tmp_path: Path) -> None:
    version = copied(tmp_path, "example_other_outcome")
    (tmp_path / "published.txt").write_text("tiny/1 sha256:0\ntiny/2 sha256:0\n", encoding="utf-8")
    with pytest.raises(InvalidContent) as refused:
        checked_library([QUESTIONNAIRES, tmp_path], CATALOGUE)
    assert [flaw.path for flaw in refused.value.flaws[:2]] == ["tiny/1", "tiny/2"]
    assert list(refused.value.flaws[2:]) == marked(version)


def test_a_version_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    first, second = copied(tmp_path / "one"), copied(tmp_path / "two")
    with pytest.raises(InvalidContent) as refused:
        load_library([QUESTIONNAIRES, tmp_path / "one", tmp_path / "two"], CATALOGUE, None)
    assert [flaw.file for flaw in refused.value.flaws] == [str(second / "questionnaire.yaml")]
    assert str(first) in refused.value.flaws[0].message


def test_a_measure_that_no_questionnaire_advises_is_named(tmp_path: Path) -> None:
    version = copied(tmp_path)
    with pytest.raises(InvalidContent) as refused:
        load_library([tmp_path], CATALOGUE, None)
    named = {
        flaw.message.removeprefix("Nobody is ever advised the measure ").rstrip(".") for flaw in refused.value.flaws
    }
    assert {(flaw.file, flaw.line) for flaw in refused.value.flaws} == {(str(version / "actions.yaml"), 1)}
    assert len(named) == len(load_catalogue(CATALOGUE).measures) - 5


def test_a_measure_that_only_published_questionnaires_could_advise_stops_nothing(tmp_path: Path) -> None:
    copied(tmp_path)
    publish(tmp_path, "tiny/1")
    held = load_library([tmp_path], CATALOGUE, None)
    assert len(held.warnings()) == len(load_catalogue(CATALOGUE).measures) - 5
    assert loaded(tmp_path).warnings() == []


def test_a_draft_beside_what_is_published_is_asked_to_advise_it(tmp_path: Path) -> None:
    copied(tmp_path)
    publish(tmp_path, "tiny/1")
    draft = copied(tmp_path / "elsewhere").rename(tmp_path / "tiny" / "2")
    replaced(draft / "questionnaire.yaml", 'version: "1"', 'version: "2"')
    with pytest.raises(InvalidContent) as refused:
        load_library([tmp_path], CATALOGUE, None)
    assert {flaw.file for flaw in refused.value.flaws} == {str(draft / "actions.yaml")}


def test_a_folder_without_questionnaires_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidContent, match="There is no questionnaire here"):
        load_library([tmp_path], CATALOGUE, None)


def test_a_translation_with_a_wrong_address_stops_the_start(tmp_path: Path) -> None:
    version = copied(tmp_path, "texts_unknown_address")
    assert list(flaws_of(tmp_path)) == marked(version)


# Languages and versions


def test_a_language_is_laid_over_what_it_translates_and_falls_back_for_the_rest(held: Library) -> None:
    edition = held.edition("tiny", "1", "bg")
    lamps = edition.questionnaire.questions["lamps"]
    assert edition.questionnaire.title == "Малка проверка"
    assert lamps.label == "Сменихте ли лампите?"
    assert lamps.short == "Lamps"
    assert edition.actions.questions[0].first_step == "Пребройте лампите."
    assert edition.actions.questions[0].find_out == "Look at your lamps."


def test_a_language_without_a_translation_is_the_language_it_was_written_in(held: Library) -> None:
    assert held.edition("tiny", "1", "xx").questionnaire == held.edition("tiny", "1", "en").questionnaire
    assert title_of(held) == "Tiny check"


def test_a_version_that_is_not_held_is_not_found(held: Library) -> None:
    with pytest.raises(NotFound, match="tiny 2"):
        held.edition("tiny", "2", "en")


def test_versions_are_told_apart_by_number_and_the_newest_starts_new_checks(tmp_path: Path) -> None:
    for number in ("9", "10"):
        version = copied(tmp_path / number)
        replaced(version / "questionnaire.yaml", 'version: "1"', f'version: "{number}"')
        (tmp_path / "all" / "tiny").mkdir(parents=True, exist_ok=True)
        version.rename(tmp_path / "all" / "tiny" / number)
    held = loaded(tmp_path / "all")
    assert held.newest == ("tiny", "10")
    assert title_of_version(held, "9") == "Tiny check"


def title_of_version(library: Library, version: str) -> str:
    return library.edition("tiny", version, "en").questionnaire.title


def test_an_older_version_may_name_fewer_measures_than_the_catalogue_holds(tmp_path: Path) -> None:
    old = tmp_path / "resource-efficiency" / "0"
    shutil.copytree(FIXTURES / "tiny" / "1", old, ignore=shutil.ignore_patterns("examples", "texts.*"))
    replaced(old / "questionnaire.yaml", "name: tiny", "name: resource-efficiency")
    replaced(old / "questionnaire.yaml", 'version: "1"', 'version: "0"')
    shutil.copytree(QUESTIONNAIRES / "resource-efficiency" / "2", tmp_path / "resource-efficiency" / "2")
    assert load_library([tmp_path], CATALOGUE, None).newest == ("resource-efficiency", "2")


# Several questionnaires


def named(root: Path, name: str, *changes: str) -> Path:
    """A copy of the small questionnaire under another name, with lines added to its front page."""
    version = copied(root / f"made-{name}").rename(_room(root / name) / "1")
    replaced(version / "questionnaire.yaml", "name: tiny", "\n".join((f"name: {name}", *changes)))
    return version


def _room(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def test_the_front_page_starts_the_last_questionnaire_for_anyone_whatever_comes_after_it(tmp_path: Path) -> None:
    for name, *changes in (("a-check",), ("z-cluster", "audience: cluster"), ("z-offer", "audience: company")):
        named(tmp_path, name, *changes)
        publish(tmp_path, f"{name}/1")
    held = load_library([tmp_path], CATALOGUE, None)
    assert held.newest == ("a-check", "1")
    assert (held.offered("cluster"), held.offered("company")) == ([("z-cluster", "1")], [("z-offer", "1")])
    assert held.newest_of("z-offer") == ("z-offer", "1")
    with pytest.raises(NotFound):
        held.newest_of("tiny")


def test_without_a_questionnaire_for_anyone_nothing_starts_and_the_cure_is_told(tmp_path: Path) -> None:
    named(tmp_path, "z-cluster", "audience: cluster")
    publish(tmp_path, "z-cluster/1")
    with pytest.raises(InvalidContent) as refused:
        load_library([tmp_path], CATALOGUE, None)
    assert [(flaw.path, flaw.cure) for flaw in refused.value.flaws] == [
        ("audience", "Leave `audience` out of one of them.")
    ]


def test_a_draft_for_clusters_need_not_advise_what_companies_do(tmp_path: Path) -> None:
    named(tmp_path, "a-check")
    publish(tmp_path, "a-check/1")
    named(tmp_path, "z-cluster", "audience: cluster")
    assert load_library([tmp_path], CATALOGUE, None).newest == ("a-check", "1")


def test_two_questionnaires_do_not_call_their_own_steps_alike(tmp_path: Path) -> None:
    steps = "steps:\n  - {id: team-talk, title: Talk to the team, effort: quick, how_to: On Monday.}\n"
    for name in ("a-check", "b-check"):
        actions = named(tmp_path, name) / "actions.yaml"
        replaced(actions, "measures: [staff-energy-awareness]", "measures: [staff-energy-awareness, team-talk]")
        actions.write_text(actions.read_text("utf-8") + steps, encoding="utf-8")
        publish(tmp_path, f"{name}/1")
    with pytest.raises(InvalidContent) as refused:
        load_library([tmp_path], CATALOGUE, None)
    assert [flaw.message for flaw in refused.value.flaws] == [
        "The questionnaire a-check has a step called team-talk too."
    ]


def test_a_step_of_its_own_is_handed_out_with_the_catalogue_in_each_language(tmp_path: Path) -> None:
    actions = named(tmp_path, "a-check") / "actions.yaml"
    replaced(actions, "measures: [staff-energy-awareness]", "measures: [staff-energy-awareness, team-talk]")
    steps = "steps:\n  - {id: team-talk, title: Talk to the team, effort: plan, how_to: On Monday.}\n"
    actions.write_text(actions.read_text("utf-8") + steps, encoding="utf-8")
    (actions.parent / "texts.bg.yaml").write_text("actions.steps.team-talk.title: Говорете\n", encoding="utf-8")
    publish(tmp_path, "a-check/1")
    held = load_library([tmp_path], CATALOGUE, None)
    assert held.catalogue("en").measures["team-talk"].title == "Talk to the team"
    assert held.catalogue("bg").measures["team-talk"].title == "Говорете"
    assert "team-talk" not in load_catalogue(CATALOGUE).measures


# Practices of members beside a cluster's own check


def beside_members(root: Path, practice: str, name: str) -> Path:
    """The small questionnaire as a check of clusters, shown beside a practice of what members answer."""
    version = copied(root, "display_pairs") / "questionnaire.yaml"
    text = version.read_text("utf-8")
    start, end = text.index("  members:"), text.index("  series:")
    words = f"  members:\n    questionnaire: {name}\n    sections: {{energy: [{practice}]}}\n"
    text = text[:start] + words + text[end:]
    version.write_text(
        text.replace("[lamps, ovens, training]", "[lamps, ovens]").replace("[training, power]", "[training]"), "utf-8"
    )
    return version


def test_a_practice_of_members_that_a_check_stands_beside_is_one_that_they_are_asked_after(tmp_path: Path) -> None:
    beside_members(tmp_path / "sound", "lamps", "tiny")
    publish(tmp_path / "sound", "tiny/1")
    loaded(tmp_path / "sound")
    for case, name, message in (
        ("gone", "tiny", "tiny has no scored question nothing."),
        ("nobody", "nobody", "There is no questionnaire nobody."),
    ):  # fmt: skip
        version = beside_members(tmp_path / case, "nothing", name)
        with pytest.raises(InvalidContent) as refused:
            loaded(tmp_path / case)
        assert [(flaw.file, flaw.message) for flaw in refused.value.flaws] == [(str(version), message)]
