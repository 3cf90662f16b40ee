"""Whatever is changed in a good badge, it is never verified again; whatever stands in a document, it gets a report (D38, D39)."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.simulator import NOW, Simulator

from hexmark.openbadges.report import Axis, Report
from hexmark.openbadges.verify import Sources, verify_document
from hexmark.verification import verify


@pytest.fixture
def simulator():
    return Simulator()


@pytest.fixture
def hexham(simulator):
    return simulator.did_web_issuer("hexham.example")


def check(simulator: Simulator, document, **settings) -> Report:
    return verify(document, **{"fetch": simulator.fetch, "at": NOW, **settings})


def code(report: Report, axis: str) -> str | None:
    return report.check(Axis(axis)).code


BADGE = Simulator().did_key_issuer().issue(validUntil="2028-01-01T00:00:00Z")


def strings_of(value, path=()):
    """Paths to every string of a document."""
    if isinstance(value, dict):
        return [found for name, each in value.items() for found in strings_of(each, (*path, name))]
    if isinstance(value, list):
        return [found for number, each in enumerate(value) for found in strings_of(each, (*path, number))]
    return [path] if isinstance(value, str) else []


def objects_of(value, path=()):
    """Paths to every object of a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return ([path] if isinstance(value, dict) else []) + [found for name, each in inner for found in objects_of(each, (*path, name))]


def at_path(document, path):
    for step in path:
        document = document[step]
    return document


class TestTampering:
    """D38 and D39: whatever is changed in a good badge, it is never verified again."""

    @settings(max_examples=150, deadline=None)
    @given(st.sampled_from(strings_of(BADGE)), st.integers(0, 200), st.characters(codec="utf-8", exclude_characters="\x00"))
    def test_a_changed_character_anywhere_is_never_verified(self, path, position, character):
        document = copy.deepcopy(BADGE)
        parent, text = at_path(document, path[:-1]), at_path(document, path)
        position %= max(1, len(text))
        changed = text[:position] + character + text[position + 1 :]
        if changed == text:
            return
        parent[path[-1]] = changed
        assert not check(Simulator(), document).ok

    @settings(max_examples=100, deadline=None)
    @given(st.sampled_from(objects_of(BADGE)), st.sampled_from(["drop", "rename", "add"]), st.data())
    def test_a_key_dropped_renamed_or_added_anywhere_is_never_verified(self, path, change, data):
        document = copy.deepcopy(BADGE)
        part = at_path(document, path)
        name = data.draw(st.sampled_from(sorted(part)))
        if change == "add":
            part["narrative" if name != "narrative" else "phone"] = "Added."
        else:
            value = part.pop(name)
            if change == "rename":
                part[f"{name}x"] = value
        assert not check(Simulator(), document).ok

    json = st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    )

    @settings(max_examples=200, deadline=None)
    @given(st.sampled_from([*sorted(BADGE), "endorsement", "endorsementJwt", "credentialStatus", "evidence", "expirationDate"]), json)
    def test_any_member_may_be_nonsense_and_there_is_still_a_report(self, name, value):
        document = {**BADGE, name: value}
        sources = Sources(controller=lambda url: {}, status_list=lambda url: {})
        report = verify_document(document, sources=sources, at=NOW, recipient="a@b.example")
        assert {each.axis for each in report.checks} >= {Axis.INTEGRITY, Axis.ISSUER, Axis.SCHEMA}
        if document != BADGE:
            assert not report.ok

    @settings(max_examples=100, deadline=None)
    @given(st.dictionaries(st.text(max_size=8), json, max_size=4))
    def test_any_object_gets_a_report(self, document):
        sources = Sources(controller=lambda url: {}, status_list=lambda url: {})
        assert not verify_document(document, sources=sources, at=NOW).ok
