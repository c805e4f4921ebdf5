"""Addresses out of what people paste: whatever is wrong with one row says nothing of the others."""

import time

from assessment.core.clusters.invitees import LONGEST_COMPANY, Invitee, Recognised, Repeated, recognise, rows_of_text
from assessment.services.people.addresses import normal_address


def read(text: str, *known: str) -> Recognised:
    return recognise(rows_of_text(text), normal_address, ("en", "de"), known)


def found(text: str) -> list[tuple[str, str, str]]:
    return [(each.email, each.company, each.language) for each in read(text).good]


def test_a_line_is_read_however_it_is_written() -> None:
    text = "\n".join([
        "a@one.example", "b@two.example; Mill Bakery", "Mill & Sons\tc@three.example\tde", "d@four.example, Oak Ltd",
        "Elm Works <e@five.example>", '"Fir, Inc.";F@SIX.example', " mailto:g@seven.example ",
    ])  # fmt: skip
    assert found(text) == [
        ("a@one.example", "", ""), ("b@two.example", "Mill Bakery", ""), ("c@three.example", "Mill & Sons", "de"),
        ("d@four.example", "Oak Ltd", ""), ("e@five.example", "Elm Works", ""), ("f@six.example", "Fir, Inc.", ""),
        ("g@seven.example", "", ""),
    ]  # fmt: skip


def test_the_recipients_of_a_mail_are_as_many_addresses() -> None:
    assert found("Ana <a@one.example>, Bo <b@two.example>") == [
        ("a@one.example", "Ana", ""), ("b@two.example", "Bo", "")
    ]  # fmt: skip
    assert [email for email, *_ in found("a@one.example b@two.example")] == ["a@one.example", "b@two.example"]


def test_a_first_row_names_the_columns_whatever_stands_beside() -> None:
    text = "Town;Company;E-Mail;Language\nSofia;Rowan Ltd;a@one.example;DE\nVarna;Oak Ltd;;en\nRuse"
    came = read(text)
    assert came.good == (Invitee(2, "a@one.example", "Rowan Ltd", "de"),)
    assert [(flaw.row, flaw.why) for flaw in came.flawed] == [(3, "no-address"), (4, "no-address")]


def test_what_is_wrong_is_shown_as_it_can_be_typed_again_with_the_company_beside() -> None:
    came = read("Town;Company;E-Mail\nSofia;Rowan Ltd;a@@one.example\nVarna;Oak Ltd;\nRuse;;")
    assert [flaw.typed for flaw in came.flawed] == ["a@@one.example; Rowan Ltd", "Oak Ltd", "Ruse"]
    assert found(came.flawed[0].typed.replace("@@", "@")) == [("a@one.example", "Rowan Ltd", "")]


def test_without_names_a_row_without_an_address_is_told_by_its_number() -> None:
    came = read("Sofia;Rowan Ltd\n\na@one.example")
    assert [(flaw.row, flaw.typed, flaw.why) for flaw in came.flawed] == [(1, "Sofia; Rowan Ltd", "no-address")]
    assert [each.row for each in came.good] == [3]


def test_three_hundred_bad_rows_among_five_thousand_are_all_told_and_the_others_are_good() -> None:
    rows = [f"firm{n}@example.org" if n % 17 else f"firm{n}@@example" for n in range(5_000)]
    bad = [n + 1 for n in range(5_000) if not n % 17]
    start = time.process_time()
    came = read("\n".join(rows))
    assert time.process_time() - start < 10
    assert len(bad) == 295
    assert [flaw.row for flaw in came.flawed] == bad
    assert {flaw.why for flaw in came.flawed} == {"not-an-address"}
    assert len(came.good) == 5_000 - len(bad)


def test_an_address_counts_once_and_what_one_row_leaves_out_comes_from_the_other() -> None:
    came = read("a@one.example\nA@One.example;Rowan Ltd\nold@two.example", "old@two.example")
    assert came.good == (Invitee(1, "a@one.example", "Rowan Ltd", ""),)
    assert came.repeated == (Repeated(2, "a@one.example", 1), Repeated(3, "old@two.example", 0))


def test_lists_comments_and_line_breaks_are_no_address() -> None:
    for typed in ("a@one.example\u2028b", "(me)a@one.example", "a@one", "@", "a@b@c.example", "<@>"):
        came = read(typed)
        assert not came.good, typed
        assert [flaw.why for flaw in came.flawed] == ["not-an-address"], typed


def test_a_company_with_an_endless_name_is_told() -> None:
    came = read(f"a@one.example;{'x' * (LONGEST_COMPANY + 1)}")
    assert [flaw.why for flaw in came.flawed] == ["company-too-long"]


def test_a_quotation_mark_that_is_not_closed_spoils_its_own_row_alone() -> None:
    came = read('a@one.example;"Rowan\nb@two.example;Oak')
    assert [each.email for each in came.good] == ["a@one.example", "b@two.example"]
