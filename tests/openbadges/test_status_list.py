"""Status lists: bits in the right place, hostile lists refused quickly, and no fault ever read as "not revoked"."""

import base64
import contextlib
import gzip
import itertools
import time
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexmark.openbadges import limits, status_list
from hexmark.openbadges.errors import FormatError, Malformed, StatusError
from hexmark.openbadges.status_list import StatusEntry, check_entry, decode, encode, entries_of, entry_value, fresh_until, permuted_index

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIST_URL = "https://acme.example/status/7"
ISSUER = "did:web:acme.example"
EMPTY = bytes(limits.STATUS_LIST_ENTRIES // 8)


def with_bits(*indexes: int) -> bytes:
    bits = bytearray(EMPTY)
    for index in indexes:
        status_list.set_bit(bits, index, True)
    return bytes(bits)


def a_list(bits: bytes = EMPTY, **changes):
    began = AT - timedelta(days=1)
    document = status_list.status_list_credential(LIST_URL, issuer=ISSUER, purpose="revocation", bits=bits, valid_from=began)
    document["credentialSubject"] |= changes.pop("subject", {})
    return document | changes


def an_entry(index: int = 5, **changes) -> StatusEntry:
    return StatusEntry(**({"purpose": "revocation", "index": index, "list_url": LIST_URL} | changes))


def raw_entry(**changes):
    entry = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": LIST_URL,
    } | changes
    return {name: member for name, member in entry.items() if member is not None}


def multibase(data: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def refusal(error: type[FormatError], call, *arguments, **keywords) -> str:
    with pytest.raises(error) as caught:
        call(*arguments, **keywords)
    return caught.value.full_code


# Bits


def test_the_first_entry_is_the_most_significant_bit_of_the_first_byte():
    assert with_bits(0)[0] == 0x80
    assert with_bits(7)[0] == 0x01
    assert with_bits(8)[:2] == b"\x00\x80"
    assert with_bits(limits.STATUS_LIST_ENTRIES - 1)[-1] == 0x01
    assert status_list.bit(b"\x80\x01", 0)
    assert not status_list.bit(b"\x80\x01", 7)
    assert status_list.bit(b"\x80\x01", 15)


@given(st.sets(st.integers(0, limits.STATUS_LIST_ENTRIES - 1), max_size=40))
def test_exactly_the_bits_that_were_set_are_set(indexes):
    bits = decode(encode(with_bits(*indexes)))
    number = int.from_bytes(bits, "big")
    assert number.bit_count() == len(indexes)
    assert all(status_list.bit(bits, index) for index in indexes)


def test_a_suspension_can_be_lifted_without_touching_its_neighbours():
    bits = bytearray(with_bits(40, 41, 42))
    status_list.set_bit(bits, 41, False)
    assert bytes(bits) == with_bits(40, 42)


@given(st.integers(1, 12), st.data())
def test_entries_of_several_bits_are_kept_apart(size, data):
    bits = bytearray(64)
    values = data.draw(st.lists(st.integers(0, 2**size - 1), min_size=64 * 8 // size, max_size=64 * 8 // size))
    for index, value in enumerate(values):
        status_list.set_value(bits, index, value, size=size)
    assert [status_list.value(bits, index, size=size) for index in range(len(values))] == values


def test_a_value_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        status_list.set_value(bytearray(8), 0, 4, size=2)


@pytest.mark.parametrize("index", [-1, 16, 2**31, 2**64])
def test_an_index_outside_the_list_is_an_error_and_not_a_zero(index):
    assert refusal(StatusError, status_list.bit, b"\x00\x00", index) == "RANGE_ERROR"
    assert refusal(StatusError, status_list.set_bit, bytearray(2), index, True) == "RANGE_ERROR"


# Packing


def test_the_same_bits_always_give_the_same_text_in_gzip_without_a_time():
    encoded = encode(with_bits(3))
    assert encoded == encode(bytearray(with_bits(3)))
    assert encoded.startswith("uH4sI")
    packed = base64.urlsafe_b64decode(encoded[1:] + "==")
    assert packed[4:8] == bytes(4)
    assert gzip.decompress(packed) == with_bits(3)


@given(st.binary(max_size=300), st.integers(0, 4000))
def test_what_was_encoded_decodes_to_the_same_bits(noise, offset):
    bits = EMPTY[:offset] + noise + EMPTY
    assert decode(encode(bits)) == bits


def test_our_own_list_may_be_neither_too_short_nor_too_long():
    assert refusal(StatusError, encode, EMPTY[1:]) == "STATUS_LIST_LENGTH_ERROR"
    assert refusal(StatusError, encode, bytes(limits.STATUS_LIST_BYTES + 1)) == "STATUS_LIST_TOO_LARGE"


def test_a_list_that_anyone_else_packed_is_read():
    assert decode(multibase(gzip.compress(with_bits(9), 9))) == with_bits(9)


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """A gibibyte of zeros."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1024 * 1024)
    return b"".join(deflate.compress(block) for _ in range(1024)) + deflate.flush()


@pytest.mark.parametrize(
    ("claim", "code"),
    [(2**30, "STATUS_LIST_TOO_LARGE"), (16_384, "STATUS_VERIFICATION_ERROR/LENGTH"), (0, "STATUS_VERIFICATION_ERROR/LENGTH")],
    ids=["admits its size", "claims to be a small list", "claims to be empty"],
)
def test_a_bomb_of_a_gibibyte_is_refused_in_a_moment(bomb, claim, code):
    encoded = multibase(bomb[:-4] + claim.to_bytes(4, "little"))
    began = time.process_time()
    assert refusal(StatusError, decode, encoded) == code
    assert time.process_time() - began < 0.05


def test_a_bomb_that_claims_the_most_we_read_is_inflated_no_further(bomb):
    encoded = multibase(bomb[:-4] + limits.STATUS_LIST_BYTES.to_bytes(4, "little"))
    tracemalloc.start()
    assert refusal(StatusError, decode, encoded) == "STATUS_VERIFICATION_ERROR/LENGTH"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * limits.STATUS_LIST_BYTES


def test_a_text_longer_than_any_list_is_refused_before_it_is_decoded():
    assert refusal(StatusError, decode, "u" + "A" * 23_000_000) == "STATUS_LIST_TOO_LARGE"


def test_a_list_compressed_twice_is_refused():
    once = gzip.compress(EMPTY)
    assert refusal(StatusError, decode, multibase(gzip.compress(once))) == "STATUS_LIST_LENGTH_ERROR"
    incompressible = gzip.compress(b"".join(zlib.crc32(bytes([n % 251, n >> 8])).to_bytes(4, "big") for n in range(40_000)))
    assert len(incompressible) * 8 > limits.STATUS_LIST_ENTRIES
    assert refusal(StatusError, decode, multibase(gzip.compress(incompressible))) == "STATUS_LIST_LENGTH_ERROR/NESTED"


def test_a_list_that_begins_like_gzip_by_chance_is_read():
    bits = b"\x1f\x8b\x08" + EMPTY
    assert decode(encode(bits)) == bits


@pytest.mark.parametrize(
    ("bits", "code"),
    [
        (EMPTY[:-1], "STATUS_LIST_LENGTH_ERROR"),
        (bytes(10_000), "STATUS_LIST_LENGTH_ERROR"),
        (b"", "STATUS_LIST_LENGTH_ERROR"),
    ],
    ids=["one byte short", "one byte an entry", "empty"],
)
def test_a_list_below_the_minimum_is_refused(bits, code):
    assert refusal(StatusError, decode, multibase(gzip.compress(bits))) == code


PACKED = gzip.compress(EMPTY, mtime=0)


@pytest.mark.parametrize(
    ("encoded", "code"),
    [
        (multibase(PACKED[:-1]), "STATUS_VERIFICATION_ERROR/TRUNCATED"),
        (multibase(PACKED + b"\x00"), "STATUS_VERIFICATION_ERROR/LENGTH"),
        (multibase(PACKED + bytes(2) + PACKED[-4:]), "STATUS_VERIFICATION_ERROR/TRAILING_BYTES"),
        (multibase(PACKED[:-4] + b"\x01\x40\x00\x00"), "STATUS_VERIFICATION_ERROR/NOT_GZIP"),
        (multibase(PACKED[:-4] + b"\xff\x3f\x00\x00"), "STATUS_VERIFICATION_ERROR/NOT_GZIP"),
        (multibase(PACKED + PACKED), "STATUS_VERIFICATION_ERROR/TRAILING_BYTES"),
        (multibase(EMPTY), "STATUS_VERIFICATION_ERROR/NOT_GZIP"),
        (multibase(zlib.compress(EMPTY)), "STATUS_VERIFICATION_ERROR/NOT_GZIP"),
        (multibase(PACKED[:-8] + b"\x00\x00\x00\x01" + PACKED[-4:]), "STATUS_VERIFICATION_ERROR/NOT_GZIP"),
        (multibase(PACKED)[1:], "STATUS_VERIFICATION_ERROR/ENCODING"),
        (multibase(PACKED) + "=", "STATUS_VERIFICATION_ERROR/ENCODING"),
        ("u" + base64.b64encode(b"\xfb\xff" + PACKED).decode().rstrip("="), "STATUS_VERIFICATION_ERROR/ENCODING"),
        ("uAAAAA", "STATUS_VERIFICATION_ERROR/ENCODING"),
        ("u", "STATUS_VERIFICATION_ERROR/NOT_GZIP"),
        ("", "STATUS_VERIFICATION_ERROR/ENCODING"),
        (None, "STATUS_VERIFICATION_ERROR/ENCODING"),
        (7, "STATUS_VERIFICATION_ERROR/ENCODING"),
        ("uÄÄÄÄ", "STATUS_VERIFICATION_ERROR/ENCODING"),
    ],
)
def test_a_broken_list_is_refused_by_name(encoded, code):
    assert refusal(StatusError, decode, encoded) == code


@given(st.integers(0, len(PACKED) - 1))
def test_a_list_cut_off_anywhere_is_refused(length):
    with pytest.raises(StatusError):
        decode(multibase(PACKED[:length]))


@given(st.integers(4, len(PACKED) - 1), st.integers(1, 255))
def test_a_changed_byte_never_changes_a_bit_unnoticed(position, change):
    changed = bytearray(PACKED)
    changed[position] ^= change
    with contextlib.suppress(StatusError):
        assert decode(multibase(bytes(changed))) == EMPTY


@given(st.one_of(st.text(), st.binary().map(multibase), st.binary().map(lambda tail: multibase(PACKED[:20] + tail))))
def test_hostile_text_is_refused_and_nothing_else_happens(encoded):
    with pytest.raises(StatusError):
        decode(encoded)


# Entries


def test_a_credential_without_a_status_has_no_entries():
    assert entries_of({}) == []


def test_one_entry_may_stand_alone_or_in_an_array():
    alone = entries_of({"credentialStatus": raw_entry()})
    listed = entries_of({"credentialStatus": [raw_entry()]})
    assert [(e.purpose, e.index, e.list_url, e.size) for e in alone] == [("revocation", 94567, LIST_URL, 1)]
    assert alone[0].pointer == "/credentialStatus"
    assert listed[0].pointer == "/credentialStatus/0"


def test_revocation_and_suspension_share_an_index_and_name_two_lists():
    other = "https://acme.example/status/8"
    entries = entries_of({"credentialStatus": [raw_entry(), raw_entry(statusPurpose="suspension", statusListCredential=other)]})
    assert [(e.purpose, e.index, e.list_url) for e in entries] == [("revocation", 94567, LIST_URL), ("suspension", 94567, other)]


@given(st.integers(0, 2**20), st.sampled_from(["revocation", "suspension"]), st.one_of(st.none(), st.just(f"{LIST_URL}#1")))
def test_an_entry_reads_as_it_was_written(index, purpose, identifier):
    entry = StatusEntry(purpose=purpose, index=index, list_url=LIST_URL, id=identifier)
    assert entries_of({"credentialStatus": entry.to_json()}) == [entry]


def test_an_entry_with_messages_reads_as_it_was_written():
    words = {0: "in order", 1: "asked for more", 2: "on hold", 3: "done"}
    entry = StatusEntry(purpose="message", index=3, list_url=LIST_URL, size=2, messages=words)
    assert entry.to_json()["statusMessage"][2] == {"status": "0x2", "message": "on hold"}
    assert entries_of({"credentialStatus": entry.to_json()}) == [entry]


@pytest.mark.parametrize("index", [5, -1, "-1", "+5", "05", " 5", "5 ", "5.0", "0x5", "", "\u0665", None, ["5"], True, "1_000"])
def test_an_index_has_one_spelling(index):
    assert refusal(Malformed, entries_of, {"credentialStatus": raw_entry(statusListIndex=index)}) == "MALFORMED_VALUE_ERROR"


@pytest.mark.parametrize("index", ["131072", str(2**31)])
def test_an_index_behind_the_end_of_the_list_is_a_range_error(index):
    (entry,) = entries_of({"credentialStatus": raw_entry(statusListIndex=index)})
    assert refusal(StatusError, check_entry, entry, a_list(), at=AT) == "RANGE_ERROR"


@pytest.mark.parametrize("index", [str(2**64), "9" * 5000])
def test_an_index_that_no_list_could_have_is_refused_before_it_is_computed(index):
    assert refusal(StatusError, entries_of, {"credentialStatus": raw_entry(statusListIndex=index)}) == "RANGE_ERROR"


@pytest.mark.parametrize("status", [None, "revoked", 7, [None], [[]], {}, {"type": ""}, {"type": []}, {"type": 5}, {"id": LIST_URL}])
def test_a_status_that_is_no_entry_is_refused(status):
    assert refusal(Malformed, entries_of, {"credentialStatus": status}) == "MALFORMED_VALUE_ERROR"


@pytest.mark.parametrize(
    "changes",
    [
        {"statusPurpose": None},
        {"statusPurpose": ["revocation"]},
        {"statusListCredential": None},
        {"statusListCredential": ""},
        {"statusListCredential": {"id": LIST_URL}},
        {"statusSize": 0},
        {"statusSize": "2"},
        {"statusSize": True},
        {"statusSize": 65},
        {"id": ["a"]},
    ],
)
def test_an_entry_with_a_member_of_the_wrong_form_is_refused(changes):
    assert refusal(Malformed, entries_of, {"credentialStatus": raw_entry(**changes)}) == "MALFORMED_VALUE_ERROR"


@pytest.mark.parametrize(
    "messages",
    [
        [],
        "valid",
        [{"status": "0x0", "message": "valid"}],
        [{"status": "0x0", "message": "valid"}] * 2,
        [{"status": "0x0", "message": "valid"}, {"status": 1, "message": "invalid"}],
        [{"status": "0x0", "message": "valid"}, {"status": "0x1"}],
        [{"status": "0x0", "message": "valid"}, {"status": "0x1", "message": "a"}, {"status": "0x2", "message": "b"}],
        [{"status": "0x0", "message": "valid"}, {"status": "0x2", "message": "a"}],
        ["valid", "invalid"],
    ],
)
def test_messages_that_do_not_name_each_value_once_are_refused(messages):
    assert refusal(Malformed, entries_of, {"credentialStatus": raw_entry(statusMessage=messages)}) == "MALFORMED_VALUE_ERROR"


def test_a_kind_of_status_that_we_cannot_read_is_never_taken_for_no_status():
    foreign = {"id": "https://1edtech.edu/revocations", "type": "1EdTechRevocationList"}
    assert refusal(StatusError, entries_of, {"credentialStatus": [raw_entry(), foreign]}) == "STATUS_VERIFICATION_ERROR/STATUS_TYPE"


# The list as a credential


def test_our_list_is_a_credential_of_the_standard():
    document = status_list.status_list_credential(
        LIST_URL,
        issuer=ISSUER,
        purpose=["revocation"],
        bits=EMPTY,
        valid_from=AT,
        valid_until=AT + timedelta(days=1),
        ttl=timedelta(minutes=1),
    )
    assert document == {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": LIST_URL,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": ISSUER,
        "validFrom": "2026-03-01T12:00:00Z",
        "validUntil": "2026-03-02T12:00:00Z",
        "credentialSubject": {
            "id": f"{LIST_URL}#list",
            "type": "BitstringStatusList",
            "statusPurpose": ["revocation"],
            "encodedList": encode(EMPTY),
            "ttl": 60_000,
        },
    }


def test_a_list_that_ends_before_it_begins_is_not_built():
    with pytest.raises(ValueError, match="cannot end before"):
        status_list.status_list_credential(
            LIST_URL, issuer=ISSUER, purpose="revocation", bits=EMPTY, valid_from=AT, valid_until=AT - timedelta(seconds=1)
        )


def test_only_the_entry_that_was_set_is_revoked():
    document = a_list(with_bits(5))
    assert check_entry(an_entry(5), document, at=AT)
    assert not check_entry(an_entry(4), document, at=AT)
    assert not check_entry(an_entry(6), document, at=AT)


def test_a_list_may_serve_several_purposes():
    document = a_list(with_bits(5), subject={"statusPurpose": ["suspension", "revocation"]})
    assert check_entry(an_entry(5), document, at=AT)


@pytest.mark.parametrize("purpose", ["suspension", [], ["suspension", "message"], None, 5, {"revocation": True}, "Revocation"])
def test_a_list_for_another_purpose_says_nothing(purpose):
    code = refusal(StatusError, check_entry, an_entry(), a_list(subject={"statusPurpose": purpose}), at=AT)
    assert code == "STATUS_VERIFICATION_ERROR/STATUS_PURPOSE"


@pytest.mark.parametrize("identifier", ["https://acme.example/status/8", f"{LIST_URL}/", None, 7, [LIST_URL]])
def test_another_list_than_the_one_named_is_refused(identifier):
    assert refusal(StatusError, check_entry, an_entry(), a_list(id=identifier), at=AT) == "STATUS_VERIFICATION_ERROR/LIST_ID"


def test_a_list_need_not_have_an_id():
    document = a_list(with_bits(5))
    del document["id"]
    assert check_entry(an_entry(5), document, at=AT)


@pytest.mark.parametrize(
    "changes",
    [
        {"type": ["VerifiableCredential"]},
        {"type": None},
        {"credentialSubject": None},
        {"credentialSubject": []},
        {"credentialSubject": "list"},
        {"subject": {"type": "StatusList2021"}},
    ],
)
def test_what_is_not_a_status_list_is_refused(changes):
    assert refusal(StatusError, check_entry, an_entry(), a_list(**changes), at=AT) == "STATUS_VERIFICATION_ERROR/NOT_A_LIST"


def test_one_subject_in_an_array_is_a_subject():
    document = a_list(with_bits(5))
    assert check_entry(an_entry(5), document | {"credentialSubject": [document["credentialSubject"]]}, at=AT)


def test_an_outdated_list_is_stale_and_a_small_clock_difference_is_not_held_against_it():
    document = a_list(validUntil="2026-03-01T11:55:00Z")
    assert check_entry(an_entry(), document, at=AT) is False
    assert refusal(StatusError, check_entry, an_entry(), document, at=AT + timedelta(seconds=1)) == "STATUS_STALE"


def test_a_list_from_the_future_is_refused():
    document = a_list(validFrom="2026-03-01T12:05:00Z")
    assert check_entry(an_entry(), document, at=AT) is False
    code = refusal(StatusError, check_entry, an_entry(), document, at=AT - timedelta(seconds=1))
    assert code == "STATUS_VERIFICATION_ERROR/NOT_YET_VALID"


def test_a_list_whose_time_cannot_be_read_is_refused():
    assert refusal(Malformed, check_entry, an_entry(), a_list(validUntil="tomorrow"), at=AT) == "MALFORMED_VALUE_ERROR/TIMESTAMP"


def test_the_second_bit_of_an_entry_counts_too():
    bits = bytearray(EMPTY * 2)
    bits[1] = 0b0100_0000  # entry 4 of two bits: 01
    document = a_list(bytes(bits))
    entry = an_entry(4, size=2)
    assert entry_value(entry, document, at=AT) == 1
    assert check_entry(entry, document, at=AT)


def test_a_list_too_short_for_the_size_of_its_entries_is_refused():
    assert refusal(StatusError, check_entry, an_entry(5, size=2), a_list(), at=AT) == "STATUS_LIST_LENGTH_ERROR"


def test_a_list_that_names_itself_as_its_status_is_read_once():
    document = a_list(with_bits(5), credentialStatus=raw_entry())
    assert check_entry(an_entry(5), document, at=AT)


@pytest.mark.parametrize(
    ("ttl", "ends", "seconds"),
    [
        (None, None, 300),
        (60_000, None, 60),
        (0, None, 0),
        (10**30, None, 86_400),
        (None, "2026-03-01T12:01:00Z", 60),
        (1000, "2026-03-01T12:01:00Z", 1),
    ],
)
def test_a_list_is_kept_for_its_time_to_live_and_never_past_its_end(ttl, ends, seconds):
    document = a_list(**({"validUntil": ends} if ends else {}), subject={} if ttl is None else {"ttl": ttl})
    assert fresh_until(document, fetched_at=AT) == AT + timedelta(seconds=seconds)


@pytest.mark.parametrize("ttl", ["300000", -1, 1.5, True, None])
def test_a_time_to_live_of_the_wrong_form_is_refused(ttl):
    assert refusal(Malformed, fresh_until, a_list(subject={"ttl": ttl}), fetched_at=AT) == "MALFORMED_VALUE_ERROR"


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.sampled_from(["BitstringStatusList", "revocation"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "statusPurpose", "x"]), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(["id", "type", "credentialSubject", "validFrom", "validUntil"]), JSON)
def test_a_list_with_any_member_replaced_is_read_rightly_or_refused(name, member):
    with contextlib.suppress(FormatError):
        assert check_entry(an_entry(5), a_list(with_bits(5)) | {name: member}, at=AT)


@given(st.sampled_from(["type", "statusPurpose", "statusListIndex", "statusListCredential", "statusSize", "statusMessage", "id"]), JSON)
def test_an_entry_with_any_member_replaced_is_read_or_refused(name, member):
    try:
        (entry,) = entries_of({"credentialStatus": raw_entry() | {name: member}})
    except FormatError:
        return
    assert entry.index == 94567


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
