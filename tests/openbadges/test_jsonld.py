"""JSON-LD without loss: everything in a document arrives in the bytes that are signed."""

import contextlib
import copy
import threading
import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hexmark.openbadges import contexts, strict_json
from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.jsonld import REVISIONS, canonical

V2, OB, EXTENSIONS = contexts.CREDENTIALS_V2, contexts.OPEN_BADGES_V3, contexts.OPEN_BADGES_EXTENSIONS
UNDEFINED = "PROOF_TRANSFORMATION_ERROR/UNDEFINED_TERM"


def refusal(document) -> FormatError:
    with pytest.raises(FormatError) as refused:
        canonical(document)
    return refused.value


def with_(badge: dict, path: str, value: object) -> dict:
    """The badge with one member set, the path written as a JSON pointer."""
    document = copy.deepcopy(badge)
    *parents, last = path.strip("/").split("/")
    place = document
    for name in parents:
        place = place[int(name)] if isinstance(place, list) else place[name]
    place[last] = value
    return document


def test_a_badge_becomes_canonical_lines(badge):
    lines = canonical(badge).decode().split("\n")
    assert lines.pop() == ""
    assert lines == sorted(lines)
    assert any(line.endswith(' "Can help until help comes.\\u000BAlways." .') for line in lines)


def test_every_string_of_a_badge_arrives_in_its_quads(badge):
    text = canonical(badge).decode()
    for value in ("Sixteen hours", "sha256$5d41", "Keep calm", "safety", "did:web:badges.example:o:acme"):
        assert value in text


def test_the_document_is_not_changed(badge):
    before = copy.deepcopy(badge)
    canonical(badge)
    assert badge == before


def test_the_order_of_members_does_not_matter_and_that_of_lines_is_fixed(badge):
    assert canonical(dict(reversed(badge.items()))) == canonical(badge)


def test_a_status_list_credential_can_be_canonicalised():
    document = {
        "@context": [V2],
        "id": "https://badges.example/status/1",
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "did:web:badges.example",
        "validFrom": "2026-01-31T09:00:00Z",
        "credentialSubject": {
            "id": "https://badges.example/status/1#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQsvoAAAAAAAAAAAAAAAAP4GcwM92tQwAAA",
        },
    }
    assert b'"revocation"' in canonical(document)


def test_the_cache_is_filled_once_and_does_not_grow_with_documents(badge):
    canonical(badge)
    resolver = REVISIONS[0].options()["contextResolver"]
    before = (len(resolver._by_identity), len(resolver.per_op_cache))
    for number in range(20):
        badge["name"] = f"Badge {number}"
        canonical(badge)
    assert (len(resolver._by_identity), len(resolver.per_op_cache)) == before


def test_a_badge_takes_milliseconds(badge):
    canonical(badge)
    started = time.perf_counter()
    for _ in range(20):
        canonical(badge)
    each = (time.perf_counter() - started) / 20
    print(f"{each * 1000:.2f} ms a badge")
    assert each < 0.1


def test_many_threads_get_the_same_bytes(badge):
    expected = canonical(badge)
    answers: list[bytes] = []
    threads = [threading.Thread(target=lambda: answers.extend(canonical(badge) for _ in range(5))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 40


def test_every_published_sample_that_is_well_formed_is_canonicalised(reference_data):
    for file in sorted((reference_data / "vectors/ob-samples/valid").glob("*.json")):
        document = strict_json.parse(file.read_bytes())
        del document["proof"]
        assert canonical(document).endswith(b" .\n"), file.name


# --- properties ----------------------------------------------------------------------------------------------------

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffe\uffff"), min_size=1, max_size=30)


BASE = {
    "@context": [V2, OB],
    "id": "urn:uuid:0b8f0dd8-7b0b-4c56-8d4a-7e2c2f4c6d7e",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "https://acme.example", "type": ["Profile"]},
    "credentialSubject": {
        "type": ["AchievementSubject"],
        "achievement": {"id": "urn:a", "type": ["Achievement"], "name": "A", "criteria": {"narrative": "x"}},
    },
}


def badge_with(narrative: str) -> dict:
    return with_(BASE, "/credentialSubject/achievement/criteria/narrative", narrative)


@settings(deadline=None, max_examples=60)
@given(text, text)
def test_two_narratives_never_have_one_canonical_form(one, other):
    assume(not one.startswith("_:"))
    assume(not other.startswith("_:"))
    assert (canonical(badge_with(one)) == canonical(badge_with(other))) == (one == other)


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(text, text | st.integers(0, 9) | st.none() | st.lists(text, max_size=2), min_size=1, max_size=2))
def test_no_member_can_be_added_without_a_refusal_or_another_canonical_form(added):
    document = {**added, **BASE}
    assume(document != BASE)
    with contextlib.suppress(FormatError):
        assert canonical(document) != canonical(BASE)
