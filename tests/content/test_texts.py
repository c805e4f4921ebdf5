"""Translations: every text has one address, a full overlay reaches them all, and nothing but words can change."""

from pathlib import Path

import pytest

from assessment.content.checks.questionnaires import read_version
from assessment.content.checks.texts import WORDS, addresses, in_language, overlay_from
from assessment.content.folders import QUESTIONNAIRES
from assessment.content.library import Read
from assessment.core.errors import InvalidContent
from assessment.core.model import Model
from tests.content.tiny import SOUND, shipped_catalogue


def read(folder: Path) -> Read:
    version = read_version(folder)
    return Read(questionnaire=version.questionnaire, actions=version.actions)


CONTENT = {
    "the small questionnaire": read(SOUND),
    "the shipped questionnaire": read(QUESTIONNAIRES / "resource-efficiency" / "2"),
    "the catalogue": shipped_catalogue(),
}


@pytest.mark.parametrize("name", CONTENT)
def test_a_translation_of_every_address_changes_every_text_and_nothing_else(name: str, tmp_path: Path) -> None:
    content = CONTENT[name]
    sources = addresses(content)
    path = tmp_path / "texts.xx.yaml"
    # Written in the form that the strict reader takes: one double-quoted text a line.
    lines = [f'{address}: "·{number}·"\n' for number, address in enumerate(sources)]
    path.write_text("".join(lines), encoding="utf-8")
    translated = in_language(content, overlay_from(path, sources))
    assert addresses(translated) == {address: f"·{number}·" for number, address in enumerate(sources)}
    assert in_language(translated, lambda address, _: sources[address]) == content


@pytest.mark.parametrize("name", CONTENT)
def test_no_two_different_texts_share_an_address(name: str) -> None:
    met: dict[str, str] = {}

    def note(address: str, words: str) -> str:
        assert met.setdefault(address, words) == words, address
        return words

    in_language(CONTENT[name], note)
    assert len(met) > 50


@pytest.mark.parametrize("name", CONTENT)
def test_an_empty_translation_leaves_the_content_as_it_is(name: str, tmp_path: Path) -> None:
    path = tmp_path / "texts.xx.yaml"
    path.write_text("{}\n", encoding="utf-8")
    assert in_language(CONTENT[name], overlay_from(path, {})) == CONTENT[name]


def test_addresses_of_a_questionnaire_are_made_of_ids_and_shared_options_have_one() -> None:
    found = addresses(CONTENT["the small questionnaire"])
    assert found["lamps.label"] == "Have you changed your lamps?"
    assert found["lamps.help.why"] == "Lamps burn all day."
    assert found["answers.cov.part.label"] == "Done in part"
    assert found["answers.countries.BG.label"] == "Bulgaria"
    assert found["sectors.bakery.label"] == "Bakeries"
    assert found["fuels.fields.gas.label"] == "Gas"
    assert found["actions.training.find_out"] == "Look in your diary."
    assert found["actions.by_profile.energy-audit.note"] == "If you own the building"
    assert not any(step.isdigit() for address in found for step in address.split("."))


def texts_in(written: object, *keys: str) -> int:
    """How many texts there are for people, counted by another way than the overlay goes."""
    if isinstance(written, dict):
        return sum(texts_in(value, *keys[-1:], name) for name, value in written.items())
    if isinstance(written, list | tuple):
        return sum(texts_in(value, *keys) for value in written)
    return int(isinstance(written, str) and (keys[-1] in WORDS or keys == ("investment", "unit")))


@pytest.mark.parametrize("name", CONTENT)
def test_the_overlay_is_asked_for_every_text(name: str) -> None:
    content: Model = CONTENT[name]
    asked = 0

    def count(_: str, words: str) -> str:
        nonlocal asked
        asked += 1
        return words

    in_language(content, count)
    assert asked == texts_in(content.model_dump(by_alias=True, exclude_unset=True))


@pytest.mark.parametrize(("text", "message"), [("- one\n", "not a mapping"), ("lamps.label: 3\n", "No text has this")])
def test_a_translation_that_is_no_mapping_of_texts_is_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "texts.xx.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidContent, match=message):
        overlay_from(path, addresses(CONTENT["the small questionnaire"]))
