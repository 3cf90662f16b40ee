"""RDFC-1.0 against the W3C test suite, as a property, and against graphs made to keep it busy."""

import json
import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexmark.openbadges import limits, nquads
from hexmark.openbadges.errors import WorkLimit
from hexmark.openbadges.jsonld import BADGE_WORK, TIES
from hexmark.openbadges.rdfc import canonicalize, canonicalize_with_map

#: Numbers of the suite's manifest; test001 to test077 with gaps.
EVAL = [f"{number:03d}" for number in range(1, 78) if number not in (7, 12, 15, 31, 32, 37, 41, 42, 49, 50, 51, 52)]
MAP = [f"{number:03d}" for number in (3, 4, 5, 16, 17, 18, 20, 30, 47, 48, 53, 55, 56, 57, 60, 63, 70, 71, 72, 73, 75)]


@pytest.fixture(scope="session")
def suite(reference_data) -> Path:
    return reference_data / "vectors" / "rdf-canon" / "tests"


@pytest.fixture(scope="session")
def entries(suite) -> dict[str, dict]:
    manifest = json.loads((suite / "manifest.jsonld").read_text())
    return {entry["id"].removeprefix("#"): entry for entry in manifest["entries"]}


def hash_name(entry: dict) -> str:
    return {"SHA384": "SHA-384"}.get(entry.get("hashAlgorithm", ""), "SHA-256")


def test_the_suite_has_the_86_entries_that_we_count_on(entries):
    kinds = [entry["type"].removeprefix("rdfc:RDFC10") for entry in entries.values()]
    assert {kind: kinds.count(kind) for kind in kinds} == {"EvalTest": 64, "MapTest": 21, "NegativeEvalTest": 1}


@pytest.mark.parametrize("number", EVAL)
def test_the_canonical_form_is_that_of_the_w3c_suite(number, suite, entries):
    entry = entries[f"test{number}c"]
    quads = nquads.parse((suite / entry["action"]).read_bytes().decode())
    if entry["type"] == "rdfc:RDFC10NegativeEvalTest":
        with pytest.raises(WorkLimit):
            canonicalize(quads)
        return
    expected = (suite / entry["result"]).read_bytes().decode()
    assert "".join(canonicalize(quads, hash_name=hash_name(entry))) == expected


@pytest.mark.parametrize("number", MAP)
def test_the_labels_are_those_of_the_w3c_suite(number, suite, entries):
    entry = entries[f"test{number}m"]
    quads = nquads.parse((suite / entry["action"]).read_bytes().decode())
    _, labels = canonicalize_with_map(quads, hash_name=hash_name(entry))
    expected = json.loads((suite / entry["result"]).read_text())
    assert {old.removeprefix("_:"): new.removeprefix("_:") for old, new in labels.items()} == expected


def clique(size: int) -> list[nquads.Quad]:
    return [(f"_:n{a}", "<urn:p>", f"_:n{b}", "") for a in range(size) for b in range(size) if a != b]


@pytest.mark.parametrize("size", [8, 10, 20, 40])
def test_a_clique_is_given_up_within_its_budget(size):
    started = time.process_time()
    with pytest.raises(WorkLimit) as refused:
        canonicalize(clique(size))
    print(f"clique of {size} given up after {(time.process_time() - started) * 1000:.1f} ms")
    assert refused.value.code == "RDFC_LIMIT"


@pytest.mark.parametrize("number", ["044", "045", "046", "074"])
def test_in_a_badge_the_hard_graphs_of_the_suite_are_refused_at_once(number, suite):
    quads = nquads.parse((suite / f"rdfc10/test{number}-in.nq").read_text())
    started = time.process_time()
    with pytest.raises(WorkLimit) as refused:
        canonicalize(quads, budget=BADGE_WORK, ties=TIES)
    print(f"test{number} refused after {(time.process_time() - started) * 1000:.2f} ms")
    assert refused.value.full_code == "RDFC_LIMIT/TIES"


def test_a_long_chain_of_like_nodes_ends_in_a_refusal_not_in_a_full_stack():
    ring = [(f"_:n{n}", "<urn:p>", f"_:n{(n + 1) % 5000}", "") for n in range(5000)]
    with pytest.raises(WorkLimit):
        canonicalize(ring, budget=10**6)


def test_five_hundred_distinct_nodes_need_no_budget_at_all():
    quads = [(f"_:n{n}", "<urn:p>", f'"{n}"', "") for n in range(limits.BLANK_NODES)]
    assert len(canonicalize(quads, budget=0)) == limits.BLANK_NODES


def test_a_graph_named_by_many_like_quads_is_not_tried_in_every_order():
    """Two equal proofs of twelve members: twelve quads of each lead to one graph, which is one order and not 12!."""
    quads = []
    for proof in "xy":
        quads.append(("<urn:credential>", "<urn:proof>", f"_:g{proof}", ""))
        quads += [(f"_:{proof}", f"<urn:p{n}>", f'"{n}"', f"_:g{proof}") for n in range(12)]
    lines, labels = canonicalize_with_map(quads, budget=40)
    assert len(lines) == 26
    assert sorted(labels.values()) == [f"_:c14n{n}" for n in range(4)]


def test_duplicate_quads_count_once():
    quad = ("_:a", "<urn:p>", '"x"', "")
    assert canonicalize([quad, quad]) == canonicalize([quad])


def test_nothing_is_canonically_nothing():
    assert canonicalize([]) == []


def test_first_degree_lines_that_read_alike_both_count():
    """Two edges to unlike nodes read the same from here; if they were counted once, these graphs would hash alike."""
    one = [("_:a", "<urn:p>", "_:b", ""), ("_:b", "<urn:q>", '"1"', "")]
    two = [*one, ("_:a", "<urn:p>", "_:c", ""), ("_:c", "<urn:q>", '"2"', "")]
    assert canonicalize(one) != canonicalize(two)


def test_lines_are_in_code_point_order():
    quads = [("<urn:s>", "<urn:p>", f'"{character}"', "") for character in "\U0001f3c5\uffe6aZé"]
    assert canonicalize(quads) == sorted(canonicalize(quads))


def test_an_unknown_hash_is_refused():
    with pytest.raises(KeyError):
        canonicalize([], hash_name="MD5")


nodes = st.sampled_from([f"_:n{number}" for number in range(6)])
graphs = st.lists(
    st.tuples(nodes, st.sampled_from(["<urn:p>", "<urn:q>"]), nodes | st.just('"x"'), st.just("") | nodes), min_size=1, max_size=12
)


@given(graphs, st.randoms(use_true_random=False))
def test_labels_and_order_never_change_the_canonical_form(quads, order: random.Random):
    renamed = [f"_:z{number}" for number in range(6)]
    order.shuffle(renamed)
    names = {f"_:n{number}": renamed[number] for number in range(6)}
    again = [(names[s], p, names.get(o, o), names.get(g, g)) for s, p, o, g in quads]
    order.shuffle(again)
    assert canonicalize(quads, budget=10**5) == canonicalize(again, budget=10**5)


@given(graphs)
def test_the_canonical_form_of_the_canonical_form_is_itself(quads):
    lines = canonicalize(quads, budget=10**5)
    assert canonicalize(nquads.parse("".join(lines)), budget=10**5) == lines


@given(graphs)
def test_a_canonical_form_has_as_many_quads_and_labels_as_the_graph(quads):
    lines, labels = canonicalize_with_map(quads, budget=10**5)
    blank = {term for quad in quads for term in quad if term.startswith("_:")}
    assert len(lines) == len(set(quads))
    assert set(labels) == blank
    assert sorted(labels.values()) == sorted(f"_:c14n{number}" for number in range(len(blank)))
