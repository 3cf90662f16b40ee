"""Nothing of a signed badge can be changed: not a character, not a member."""

import contextlib
import copy
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.openbadges.samples import BADGE

from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.keys import SigningKey
from hexmark.openbadges.proofs import add_proof, check_proof, proofs_of

METHOD = "did:web:badges.example:o:acme#key-1"


def strings(value: object, path: tuple = ()) -> list[tuple]:
    """The paths of all strings below, but those of contexts: which of two revisions a badge names is not signed."""
    if isinstance(value, str):
        return [path]
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for name, item in members if name != "@context" for found in strings(item, (*path, name))]


def objects(value: object, path: tuple = ()) -> list[tuple]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    inner = [found for name, item in members if name != "@context" for found in objects(item, (*path, name))]
    return [path, *inner] if isinstance(value, dict) else inner


def at(document: dict, path: tuple):
    for name in path:
        document = document[name]
    return document


@pytest.fixture(scope="module")
def sealed() -> tuple[dict, SigningKey]:
    key = SigningKey.from_seed(b"3" * 32)
    moment = datetime(2026, 1, 31, tzinfo=UTC)
    return add_proof(BADGE, key=key, verification_method=METHOD, created=moment), key


def verifies(document: dict, key: SigningKey) -> bool:
    with contextlib.suppress(FormatError):
        for proof in proofs_of(document):
            check_proof(document, proof, key.public)
        return True
    return False


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_no_string_can_be_changed_by_one_character(sealed, data):
    document, key = sealed
    path = data.draw(st.sampled_from(strings(document)))
    text = at(document, path)
    where = data.draw(st.integers(0, len(text)))
    character = data.draw(st.characters(exclude_categories=["Cs"]))
    other = data.draw(
        st.sampled_from([text[:where] + character + text[where:], text[:where] + character + text[where + 1 :], text[:where]])
    )
    assume(other != text)
    mutated = copy.deepcopy(document)
    at(mutated, path[:-1])[path[-1]] = other
    assert not verifies(mutated, key)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_no_member_can_be_added_removed_or_renamed(sealed, data):
    document, key = sealed
    mutated = copy.deepcopy(document)
    place = at(mutated, data.draw(st.sampled_from(objects(document))))
    act = data.draw(st.sampled_from(["add", "remove", "rename"]))
    name = data.draw(
        st.sampled_from(["name", "id", "description", "evidence", "image", "x", "@id", "validUntil", "proof"]) | st.text(max_size=8)
    )
    victim = data.draw(st.sampled_from(sorted(place)))
    if act == "add":
        assume(name not in place)
        place[name] = data.draw(st.sampled_from(["x", "urn:x", 5, None, True, [], {}, ["x"], {"id": "urn:x"}]))
    else:
        assume(act == "remove" or name != victim)
        value = place.pop(victim)
        if act == "rename":
            assume(name not in place)
            place[name] = value
    assert not verifies(mutated, key)


def test_the_unchanged_document_of_these_properties_verifies(sealed):
    assert verifies(*sealed)
