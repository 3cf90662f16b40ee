"""Status lists: which index the next credential gets."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexmark.openbadges.status_list import permuted_index

# Which index comes next


KEY = bytes(range(32))


@pytest.mark.parametrize("entries", [131_072, 1, 2, 3, 1000, 4097])
def test_the_permutation_gives_every_index_once(entries):
    assert len({permuted_index(counter, KEY, entries) for counter in range(entries)}) == entries


def test_neighbours_in_time_are_no_neighbours_in_the_list():
    indexes = [permuted_index(counter, KEY) for counter in range(2000)]
    assert sum(abs(a - b) < 100 for a, b in itertools.pairwise(indexes)) < 20
    assert indexes != sorted(indexes)
    # Each eighth of the list gets its share: 250 expected, the deviation 15.
    shares = [sum(index // 16_384 == eighth for index in indexes) for eighth in range(8)]
    assert min(shares) > 175
    assert max(shares) < 325


def test_another_key_gives_another_order_and_the_same_key_the_same():
    first = [permuted_index(counter, KEY) for counter in range(50)]
    assert first == [permuted_index(counter, KEY) for counter in range(50)]
    assert first != [permuted_index(counter, KEY[::-1]) for counter in range(50)]


@pytest.mark.parametrize("counter", [-1, 131_072])
def test_a_full_list_gives_no_index(counter):
    with pytest.raises(ValueError, match="begin another"):
        permuted_index(counter, KEY)


@pytest.mark.parametrize("length", [0, 15, 65])
def test_a_key_of_a_careless_length_is_refused(length):
    with pytest.raises(ValueError, match="16 to 64 bytes"):
        permuted_index(0, bytes(length))


@settings(max_examples=50)
@given(st.integers(1, 5000), st.binary(min_size=16, max_size=64), st.data())
def test_an_index_always_lies_within_the_list(entries, key, data):
    counter = data.draw(st.integers(0, entries - 1))
    assert 0 <= permuted_index(counter, key, entries) < entries
