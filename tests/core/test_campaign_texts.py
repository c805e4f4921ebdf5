"""The words of an invitation: what is put in, and that they lead nowhere but where the product leads."""

import time

import pytest

from assessment.core.clusters.campaign_texts import addresses_in, filled, unknown_places


def test_places_are_filled_once_and_braces_in_what_is_put_in_mean_nothing() -> None:
    values = {"company": "{cluster} & Sons", "cluster": "Rowan"}
    assert filled("{company}, {cluster}: {other} {company}", values) == (
        "{cluster} & Sons, Rowan: {other} {cluster} & Sons"
    )


def test_a_place_that_is_not_known_is_told_once() -> None:
    assert unknown_places("{company} {name} {Name} {name} {} { company }") == ["name", "Name", "", " company "]


@pytest.mark.parametrize("word", [
    "https://evil.example/x", "http://1.2.3.4", "HTTPS://EVIL.EXAMPLE", "www.evil.example", "(evil.example)",
    "evil.example/path?a=b", "ana@firm.example", "mailto:ana@firm.example", "javascript://x", "пример.бг", "a.b.co.uk.",
])  # fmt: skip
def test_whatever_a_mail_program_would_make_a_link_of_is_found(word: str) -> None:
    assert addresses_in(f"Come to us, {word} and see") == [word]


def test_plain_sentences_hold_no_address() -> None:
    text = "Hello, e.g. at 10.30 or 2.5 kWh. We are No.1, i.e. z.B. the first. Call +359 2 123.45.67! And: so/on…"
    assert addresses_in(text) == []


def test_an_endless_word_costs_no_time() -> None:
    start = time.process_time()
    for word in ("a." * 50_000, "a-" * 50_000 + ".", "a" * 100_000, "www" * 30_000):
        addresses_in(word)
        filled("{" * 50_000 + word, {})
        unknown_places("{" * 50_000 + word)
    assert time.process_time() - start < 1
