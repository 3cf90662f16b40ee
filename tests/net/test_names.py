"""Asking name servers for texts: honest answers are read, and whatever else comes is no answer."""

from __future__ import annotations

import struct
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.net.name_server import Answer, NameServer, record, says, text, written

from hexmark.net import TextRecords
from hexmark.net.names import servers_of_this_machine
from hexmark.openbadges.errors import Unreachable


def asked(answer: Answer, *, whole: Answer | None = None, name: str = "_hexmark.acme.example") -> list[str]:
    """What is understood of the server's answer."""
    with NameServer(answer, whole) as server:
        return TextRecords((server.address,), seconds=0.5)(name)


def test_every_text_of_the_name_is_read() -> None:
    assert asked(says(record(text("one")), record(text("two ", "parts")))) == ["one", "two parts"]


def test_the_name_is_asked_as_it_was_given() -> None:
    with NameServer(says()) as server:
        assert TextRecords((server.address,))("_hexmark.Acme.Example") == []
    assert server.names == [written("_hexmark.acme.example")]


def test_a_text_behind_an_alias_counts() -> None:
    alias = record(written("elsewhere.example"), kind=5)
    assert asked(says(alias, record(text("there"), name=written("elsewhere.example")))) == ["there"]


def test_a_name_that_is_not_there_has_no_texts() -> None:
    assert asked(says(flags=0x8183)) == []


def test_an_answer_that_was_cut_is_asked_for_again_by_a_connection() -> None:
    assert asked(says(flags=0x8380), whole=says(record(text("long" * 60)))) == ["long" * 60]


def other_question(question: bytes) -> bytes:
    return says(record(text("x")))(question[:12] + written("evil.example") + question[-4:])


@pytest.mark.parametrize(
    "answer",
    [
        lambda question: b"\0\0" + says(record(text("x")))(question)[2:] if question[:2] != b"\0\0" else b"",
        lambda question: question,
        says(record(text("x")), flags=0x8182),
        lambda question: says(record(text("x")))(question)[:30],
        lambda question: says(record(text("x")))(question)[:-20],
        lambda question: says(record(text("x")))(question)[:6] + b"\xff\xff" + says()(question)[8:],
        lambda question: b"",
        other_question,
    ],
    ids=["other id", "only the question", "server failure", "cut question", "cut record", "too many promised", "silence", "other question"],
)
def test_what_is_no_answer_to_this_question_is_none(answer: Answer) -> None:
    with pytest.raises(Unreachable) as refused:
        asked(answer)
    assert refused.value.code in ("DNS_FAILED", "DEADLINE")


def test_the_second_server_is_asked_where_the_first_fails() -> None:
    with NameServer(says(flags=0x8182)) as broken, NameServer(says(record(text("x")))) as sound:
        assert TextRecords((broken.address, sound.address))("a.example") == ["x"]


@pytest.mark.parametrize("name", ["acme", "", "a..example", "a b.example", "-.example", "x" * 64 + ".example", "a.example\0", "é.example"])
def test_what_is_no_name_is_never_asked_for(name: str) -> None:
    with NameServer(says()) as server, pytest.raises(Unreachable, match="no host name"):
        TextRecords((server.address,))(name)
    assert server.names == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.binary(max_size=60), count=st.integers(0, 65535))
def test_no_bytes_of_a_server_do_more_than_fail(records: bytes, count: int) -> None:
    def answer(question: bytes) -> bytes:
        return question[:2] + struct.pack(">HHHHH", 0x8180, 1, count, 0, 0) + question[12:] + records

    with suppress(Unreachable):
        assert isinstance(asked(answer), list)


def test_the_servers_are_those_of_the_machine(tmp_path: Path) -> None:
    file = tmp_path / "resolv.conf"
    file.write_text("search example\nnameserver 192.0.2.1\n# nameserver 192.0.2.2\nnameserver 2001:db8::1\n")
    assert servers_of_this_machine(file) == [("192.0.2.1", 53), ("2001:db8::1", 53)]
    assert servers_of_this_machine(tmp_path / "none") == [("127.0.0.1", 53)]
