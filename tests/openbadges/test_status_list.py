"""Status lists: which entry a credential names and what a list says of it; no fault is ever read as "not revoked"."""

import contextlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.openbadges.status_lists import AT, EMPTY, ISSUER, LIST_URL, a_list, an_entry, raw_entry, refusal, with_bits

from hexmark.openbadges import status_list
from hexmark.openbadges.errors import FormatError, Malformed, StatusError
from hexmark.openbadges.status_list import StatusEntry, check_entry, encode, entries_of, entry_value, fresh_until

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
