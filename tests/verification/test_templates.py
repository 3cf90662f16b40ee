"""Documents of known shapes are worked out by template in the worker, and nowhere else; an alarm there is heard here."""

from __future__ import annotations

import logging
import time
from typing import Any

import pytest
from tests.simulator import Simulator

from hexmark.openbadges import jsonld, strict_json
from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.template import BadgeTemplate, Shapes
from hexmark.openbadges.template.canonical import CanonicalTemplate
from hexmark.verification import Canonicalizer, worker


@pytest.fixture
def badges() -> list[dict[str, Any]]:
    """Six badges of one shape."""
    issuer = Simulator().did_web_issuer()
    return [issuer.badge(name=f"Badge {number}") for number in range(6)]


def test_the_bytes_are_those_of_the_slow_path_at_first_and_at_any_later_sight(badges):
    with Canonicalizer() as canonicalize:
        for badge in badges:
            assert canonicalize(badge) == jsonld.canonical(badge)
            assert canonicalize.later(badge) == jsonld.canonical_later(badge)
            assert canonicalize(badge, hash_name="SHA-384") == jsonld.canonical(badge, hash_name="SHA-384")


def test_a_refusal_reads_the_same_though_the_shape_is_known(badges):
    with Canonicalizer() as canonicalize:
        for badge in badges:
            canonicalize(badge)
        for change in ({"id": "relative"}, {"salary": 9}, {"name": None}):
            with pytest.raises(FormatError) as here:
                jsonld.canonical({**badges[0], **change})
            with pytest.raises(FormatError) as there:
                canonicalize({**badges[0], **change})
            assert (there.value.full_code, there.value.pointer) == (here.value.full_code, here.value.pointer)


def test_a_known_shape_takes_a_fraction_of_the_time(badges):
    with Canonicalizer() as canonicalize:
        for badge in badges:
            canonicalize(badge)
        started = time.perf_counter()
        for _ in range(20):
            canonicalize(badges[0])
        known = time.perf_counter() - started
        canonicalize._by_shape = False
        started = time.perf_counter()
        for _ in range(20):
            canonicalize(badges[0])
        slow = time.perf_counter() - started
    print(f"{known / 20 * 1e6:.0f} µs by template, {slow / 20 * 1e6:.0f} µs the slow way")
    assert known < slow


def test_no_template_of_a_stranger_is_compiled_in_this_process(badges, monkeypatch):
    monkeypatch.setattr(Shapes, "__call__", lambda *_: pytest.fail("a shape was asked here"))
    monkeypatch.setattr(BadgeTemplate, "compile", lambda *_: pytest.fail("a template was compiled here"))
    with Canonicalizer() as canonicalize:
        for badge in badges:
            assert canonicalize(badge) == jsonld.canonical(badge)


def test_shapes_are_gone_with_the_worker(badges, monkeypatch):
    monkeypatch.setattr("hexmark.verification.canonicalizer.DOCUMENTS_PER_WORKER", 3)
    with Canonicalizer() as canonicalize:
        seen = set()
        for badge in badges:
            assert canonicalize(badge) == jsonld.canonical(badge)
            seen.add(canonicalize.worker_id)
    assert len(seen) == 2


def test_an_alarm_in_the_worker_goes_before_the_next_reply(badges, monkeypatch):
    alarms: list[str] = []
    readings = worker._readings(alarms)
    mark = worker.BY_SHAPE[worker.CANONICAL["SHA-256"]]
    for badge in badges[:3]:
        assert worker.answer(mark + strict_json.dump(badge), readings)[1:] == jsonld.canonical(badge)
    assert alarms == []
    monkeypatch.setattr(CanonicalTemplate, "canonical", lambda *_: b"wrong")
    monkeypatch.setattr(readings[mark]._watch, "_until_next", 1)
    assert worker.answer(mark + strict_json.dump(badges[3]), readings)[1:] == jsonld.canonical(badges[3])
    assert len(alarms) == 1


def test_after_an_alarm_no_template_is_asked_and_the_log_says_so(badges, monkeypatch, caplog):
    receive, replies = worker.receive, []

    def alarming(connection: Any) -> bytes:
        reply = receive(connection)
        replies.append(reply)
        return worker.ALARM + reply if len(replies) == 3 else reply

    monkeypatch.setattr(worker, "receive", alarming)
    with Canonicalizer() as canonicalize, caplog.at_level(logging.CRITICAL, logger="hexmark.verification"):
        for badge in badges:
            assert canonicalize(badge) == jsonld.canonical(badge)
        assert canonicalize._marked(worker.CANONICAL["SHA-256"] + b"{}")[:1] == worker.CANONICAL["SHA-256"]
    assert len(caplog.records) == 1
    assert "without templates" in caplog.records[0].getMessage()
