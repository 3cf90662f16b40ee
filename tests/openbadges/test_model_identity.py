"""The model: words of the standard, and recipients who are recognised without being named."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.openbadges import model
from hexmark.openbadges.model import (
    IdentityObject,
    identity_hash,
    is_word,
    matches_identity,
)

# Vocabulary


@pytest.mark.parametrize(
    ("word", "vocabulary", "allowed"),
    [
        ("MicroCredential", model.ACHIEVEMENT_TYPES, True),
        ("ext:Mongoose", model.ACHIEVEMENT_TYPES, True),
        ("Mongoose", model.ACHIEVEMENT_TYPES, False),
        ("OnHold", model.RESULT_STATUSES, True),
        ("ext:Frozen", model.RESULT_STATUSES, False),
        ("ceterms:Credential", model.TARGET_TYPES, True),
        ("Percent", model.RESULT_TYPES, True),
        ("percent", model.RESULT_TYPES, False),
        ("emailAddress", model.IDENTIFIER_TYPES, True),
    ],
)
def test_a_word_is_of_the_vocabulary_or_an_extension_of_it(word, vocabulary, allowed):
    assert is_word(word, vocabulary) is allowed


# Identity


def test_an_identity_is_hashed_with_its_salt_behind_it():
    assert identity_hash("a@x.example", "salt") == "sha256$" + hashlib.sha256(b"a@x.examplesalt").hexdigest()


def test_an_identity_of_letters_beyond_ascii_is_hashed_as_utf_8():
    assert identity_hash("jürgen@x.example", "ß") == "sha256$" + hashlib.sha256("jürgen@x.exampleß".encode()).hexdigest()


def identity(**changes) -> IdentityObject:
    values = {"hashed": True, "identity_hash": identity_hash("ann@x.example", "s"), "identity_type": "emailAddress", "salt": "s"} | changes
    return IdentityObject(**values)


@pytest.mark.parametrize("email", ["ann@x.example", "Ann@x.example", "ann@X.EXAMPLE", "ANN@X.EXAMPLE"])
def test_the_recipient_is_recognised_whatever_the_case(email):
    assert matches_identity(identity(), email)
    assert matches_identity(identity(hashed=False, identity_hash="Ann@X.example"), email)


def test_an_address_hashed_with_capitals_matches_as_it_was_written():
    hashed = identity(identity_hash=identity_hash("Ann.Lee@x.example", "s"))
    assert matches_identity(hashed, "Ann.Lee@x.example")
    assert matches_identity(hashed, "Ann.Lee@X.Example")
    assert not matches_identity(hashed, "ann.lee@x.example")


def test_old_hashes_are_read_and_hexadecimal_capitals_too():
    md5 = hashlib.md5(b"ann@x.examples").hexdigest()
    assert matches_identity(identity(identity_hash=f"md5${md5}"), "ann@x.example")
    assert matches_identity(identity(identity_hash=f"md5${md5.upper()}"), "ann@x.example")
    assert matches_identity(identity(identity_hash=identity_hash("ann@x.example", ""), salt=None), "ann@x.example")


@pytest.mark.parametrize(
    ("changes", "email"),
    [
        ({}, "bob@x.example"),
        ({}, ""),
        ({"salt": "t"}, "ann@x.example"),
        ({"salt": None}, "ann@x.example"),
        ({"identity_type": "userName"}, "ann@x.example"),
        ({"hashed": False}, "ann@x.example"),
        ({"hashed": False}, identity_hash("ann@x.example", "s") + "x"),
        ({"identity_hash": ""}, "ann@x.example"),
        ({"identity_hash": "sha256$"}, "ann@x.example"),
        ({"identity_hash": "sha1$" + hashlib.sha1(b"ann@x.examples").hexdigest()}, "ann@x.example"),
        ({"identity_hash": hashlib.sha256(b"ann@x.examples").hexdigest()}, "ann@x.example"),
        ({"identity_hash": "ann@x.example"}, "ann@x.example"),
    ],
)
def test_nobody_else_is_taken_for_the_recipient(changes, email):
    assert not matches_identity(identity(**changes), email)


def test_an_identity_can_be_asked_as_json_and_a_broken_one_matches_nobody():
    assert matches_identity(identity().to_json(), "ann@x.example")
    assert not matches_identity({"hashed": "yes"}, "ann@x.example")


@given(st.emails(), st.text(max_size=10))
def test_whoever_was_hashed_is_recognised(email, salt):
    assert matches_identity(identity(identity_hash=identity_hash(email, salt), salt=salt), email)


@given(st.text(max_size=30), st.text(st.characters(), max_size=30), st.booleans())
def test_hostile_identities_match_or_do_not_and_nothing_else_happens(hashed, email, is_hashed):
    assert matches_identity(identity(identity_hash=hashed, hashed=is_hashed), email) in (True, False)
