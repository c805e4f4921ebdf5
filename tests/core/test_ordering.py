from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assessment.core.ordering import by_name


def test_numbers_in_names_count_as_numbers_and_neither_capitals_nor_accents_matter() -> None:
    names = ["Firm 10", "firm 2", "Firm 1b", "Firm 1", "20 Oaks", "3 Oaks", "Älter", "Šibenik", "Zebra"]
    expected = ["3 Oaks", "20 Oaks", "Älter", "Firm 1", "Firm 1b", "firm 2", "Firm 10", "Šibenik", "Zebra"]
    assert sorted(names, key=by_name) == expected


@given(st.lists(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("0123456789٣²"))), max_size=8))
def test_any_names_can_be_put_into_an_order(names: list[str]) -> None:
    ordered = sorted(names, key=by_name)
    assert all(by_name(one) <= by_name(other) for one, other in pairwise(ordered))
