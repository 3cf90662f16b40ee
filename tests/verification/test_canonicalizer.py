"""Threat T5: whatever a document is built to do, only the worker suffers."""

import os
import signal
import socket
import time
from pathlib import Path
from threading import Thread

import pytest
from tests.simulator import Simulator

from hexmark.openbadges import jsonld
from hexmark.openbadges.errors import ContextNotAllowed, Unreachable, UnsafeDocument, WorkLimit
from hexmark.verification import Canonicalizer, worker


@pytest.fixture(scope="module")
def shared():
    with Canonicalizer() as canonicalize:
        yield canonicalize


@pytest.fixture
def badge():
    return Simulator().did_web_issuer().badge()


def poison(size: int = 8):
    """Blank nodes that all know each other: telling them apart takes factorial time without a budget."""
    nodes = [f"_:n{number}" for number in range(size)]
    return [
        {"id": node, "type": ["Profile"], "endorsement": [{"id": other, "type": ["Profile"]} for other in nodes if other != node]}
        for node in nodes
    ]


def test_it_gives_the_same_bytes_as_the_work_in_this_process(shared, badge):
    assert shared(badge) == jsonld.canonical(badge)
    assert shared.later(badge) == jsonld.canonical_later(badge)


def test_blank_nodes_are_told_apart_by_the_hash_that_is_asked_for(shared, badge):
    badge["credentialSubject"]["result"] = [{"type": ["Result"], "value": str(number)} for number in range(4)]
    found = {name: shared(badge, hash_name=name) for name in ("SHA-256", "SHA-384")}
    assert found == {name: jsonld.canonical(badge, hash_name=name) for name in found}
    assert found == {name: shared.later(badge, hash_name=name) for name in found}
    assert found["SHA-256"] != found["SHA-384"]


def test_a_refusal_arrives_as_it_was_raised(shared, badge):
    with pytest.raises(UnsafeDocument) as refused:
        shared({**badge, "salary": 9})
    assert refused.value.full_code == "PROOF_TRANSFORMATION_ERROR/UNDEFINED_TERM"
    with pytest.raises(ContextNotAllowed) as refused:
        shared({**badge, "@context": [*badge["@context"], "https://evil.example/context.json"]})
    assert refused.value.code == "CONTEXT_NOT_ALLOWED"


def test_no_worker_runs_before_it_is_needed_nor_after_it_was_closed(badge):
    with Canonicalizer() as canonicalize:
        assert canonicalize.worker_id is None
        canonicalize(badge)
        worker_id = canonicalize.worker_id
        assert worker_id is not None
    assert canonicalize.worker_id is None
    with pytest.raises(ProcessLookupError):
        os.kill(worker_id, 0)


def test_one_worker_serves_many_documents(shared, badge):
    shared(badge)
    first = shared.worker_id
    started = time.monotonic()
    for number in range(50):
        shared({**badge, "name": f"Badge {number}"})
    assert shared.worker_id == first
    assert time.monotonic() - started < 5


def test_started_ahead_it_answers_like_any_other(badge):
    with Canonicalizer() as canonicalize:
        canonicalize.start()
        assert canonicalize.worker_id is not None
        assert canonicalize(badge) == jsonld.canonical(badge)


def test_a_worker_that_takes_too_long_is_killed_and_replaced(badge):
    with Canonicalizer(seconds=0.5) as canonicalize:
        canonicalize(badge)
        stopped = canonicalize.worker_id
        os.kill(stopped, signal.SIGSTOP)
        started = time.monotonic()
        with pytest.raises(WorkLimit) as refused:
            canonicalize(badge)
        assert refused.value.code == "RDFC_LIMIT"
        assert time.monotonic() - started < 2
        assert canonicalize(badge) == jsonld.canonical(badge)
        assert canonicalize.worker_id != stopped


def test_a_worker_that_died_between_two_documents_is_replaced(badge):
    with Canonicalizer() as canonicalize:
        canonicalize(badge)
        died = canonicalize.worker_id
        os.kill(died, signal.SIGKILL)
        while canonicalize.worker_id is not None:
            time.sleep(0.01)
        assert canonicalize(badge) == jsonld.canonical(badge)
        assert canonicalize.worker_id != died


def test_a_worker_is_replaced_after_many_documents(badge, monkeypatch):
    monkeypatch.setattr("hexmark.verification.canonicalizer.DOCUMENTS_PER_WORKER", 3)
    with Canonicalizer() as canonicalize:
        seen = []
        for _ in range(7):
            canonicalize(badge)
            seen.append(canonicalize.worker_id)
    assert len(set(seen)) == 3


def test_a_worker_that_cannot_start_is_nobodys_forgery(badge, monkeypatch):
    monkeypatch.setattr("sys.executable", "/bin/false")
    with Canonicalizer() as canonicalize, pytest.raises(Unreachable) as refused:
        canonicalize(badge)
    assert refused.value.code == "CANONICALIZER_FAILED"


def test_a_poison_graph_is_refused_at_once(shared, badge):
    evil = {**badge, "credentialSubject": {**badge["credentialSubject"], "source": poison()}}
    started = time.monotonic()
    with pytest.raises(Exception) as refused:  # noqa: PT011 - which of the guards refuses it is theirs to say
        shared(evil)
    assert refused.value.code in {"RDFC_LIMIT", "MALFORMED_VALUE_ERROR", "PROOF_TRANSFORMATION_ERROR", "PAYLOAD_TOO_LARGE"}
    assert time.monotonic() - started < 1


def test_many_threads_share_one_worker(shared, badge):
    answers = []
    threads = [Thread(target=lambda number=number: answers.append(shared({**badge, "name": f"{number}"}))) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(set(answers)) == 20


def test_the_worker_gets_no_secret_of_ours(badge, monkeypatch):
    monkeypatch.setenv("HEXMARK_SECRET_KEY", "not for a jail")
    with Canonicalizer() as canonicalize:
        canonicalize(badge)
        try:
            environment = Path(f"/proc/{canonicalize.worker_id}/environ").read_bytes()
        except FileNotFoundError:
            pytest.skip("This system does not show the environment of a process.")
    assert b"PATH=" in environment
    assert b"HEXMARK_SECRET_KEY" not in environment


def test_the_worker_may_use_little_memory_and_write_no_file(badge):
    with Canonicalizer() as canonicalize:
        canonicalize(badge)
        try:
            limits = Path(f"/proc/{canonicalize.worker_id}/limits").read_text()
        except FileNotFoundError:
            pytest.skip("This system does not show the limits of a process.")
    rows = {line[:26].strip(): line[26:].split() for line in limits.splitlines()}
    assert rows["Max address space"][0] == str(worker.MEMORY_BYTES)
    assert rows["Max file size"][0] == "0"
    assert rows["Max core file size"][0] == "0"
    assert rows["Max cpu time"][0].isdigit()


class TestFrames:
    def test_a_frame_arrives_as_it_was_sent(self):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            Thread(target=worker.send, args=(ours, b"x" * 300_000)).start()
            assert worker.receive(theirs) == b"x" * 300_000

    def test_a_broken_frame_means_that_the_other_side_is_gone(self):
        for sent in (b"", b"\x00\x00", b"\x00\x00\x00\x09abc", b"\xff\xff\xff\xffabc"):
            ours, theirs = socket.socketpair()
            with theirs:
                ours.sendall(sent)
                ours.close()
                with pytest.raises(worker.Closed):
                    worker.receive(theirs)

    def test_running_out_of_memory_is_the_documents_doing(self):
        def hungry(document):
            raise MemoryError

        reply = worker.answer(b"c{}", {b"c": hungry})
        assert reply.startswith(worker.REFUSED)
        assert b"RDFC_LIMIT" in reply

    def test_the_worker_ends_when_nobody_listens(self):
        canonicalize = Canonicalizer()
        canonicalize.start()
        process = canonicalize._process
        canonicalize._connection.close()
        assert process.wait(20) == 0
        canonicalize.close()
