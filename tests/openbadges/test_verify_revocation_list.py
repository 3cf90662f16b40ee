"""Status by the plain lists of 1EdTech and by the predecessor of the bitstring lists: read, never issued. F30 of our bad inputs."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.simulator import CONTEXTS, NOW, Simulator

from hexmark.openbadges import limits, status_list
from hexmark.openbadges.checks.revocation_list import revocation_reason
from hexmark.openbadges.errors import StatusError
from hexmark.openbadges.report import Axis, Check, Outcome, Report, Verdict
from hexmark.verification import verify

LIST = "https://hexham.example/revoked"
BADGE_ID = "urn:uuid:6f3b0ad0-4d4c-4fd8-8a2d-6d6b8f6a1c11"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
OLD_CONTEXT = "https://w3id.org/vc/status-list/2021/v1"


@pytest.fixture
def simulator():
    return Simulator()


@pytest.fixture
def hexham(simulator):
    return simulator.did_web_issuer("hexham.example")


@pytest.fixture
def badge(hexham):
    entry = {"id": LIST, "type": "1EdTechRevocationList"}
    return hexham.issue(**{"@context": [*CONTEXTS, EXTENSIONS], "credentialStatus": entry})


def listed(hexham, *items, **changes):
    return {"id": LIST, "issuer": hexham.id, "revokedCredential": list(items), **changes}


def check(simulator: Simulator, document, **settings) -> Report:
    return verify(document, **{"fetch": simulator.fetch, "at": NOW, **settings})


def status(report: Report) -> Check:
    return report.check(Axis.STATUS)


class TestRevocationList:
    def test_a_badge_that_is_not_listed_is_verified(self, simulator, hexham, badge):
        simulator.publish(LIST, listed(hexham, {"id": "urn:uuid:another", "revoked": True}))
        report = check(simulator, badge)
        assert report.ok
        assert status(report).sentence == "Not revoked (list checked 15 June 2026, 10:41 UTC)."

    def test_a_listed_badge_is_revoked_and_the_reason_is_told(self, simulator, hexham, badge):
        simulator.publish(LIST, listed(hexham, {"id": BADGE_ID, "revoked": True, "revocationReason": "Awarded in error"}))
        report = check(simulator, badge)
        assert report.failed == ["status"]
        assert status(report).code == "REVOKED"
        assert "Reason: Awarded in error" in status(report).sentence

    def test_being_listed_without_a_word_is_being_revoked(self, simulator, hexham, badge):
        simulator.publish(LIST, listed(hexham, {"id": BADGE_ID}))
        assert status(check(simulator, badge)).code == "REVOKED"

    def test_an_item_that_says_not_revoked_is_believed(self, simulator, hexham, badge):
        simulator.publish(LIST, listed(hexham, {"id": BADGE_ID, "revoked": False}))
        assert check(simulator, badge).ok

    def test_named_twice_once_revoked_is_revoked(self, simulator, hexham, badge):
        for items in ([True, False], [False, True]):
            simulator.publish(LIST, listed(hexham, *({"id": BADGE_ID, "revoked": value} for value in items)))
            assert status(check(simulator, badge)).code == "REVOKED"

    @pytest.mark.parametrize("code", ["CONNECT_FAILED", "SSRF_BLOCKED", "DEADLINE"])
    def test_a_list_that_cannot_be_reached_is_unknown(self, simulator, badge, hexham, code):
        document = hexham.issue(
            **{"@context": badge["@context"], "credentialStatus": {"id": "https://lists.example/1", "type": "1EdTechRevocationList"}}
        )
        simulator.unreachable("lists.example", code)
        report = check(simulator, document)
        assert report.verdict is Verdict.UNKNOWN
        assert status(report).code == code

    @pytest.mark.parametrize(
        "changes",
        [
            {"revokedCredential": None},
            {"revokedCredential": {"id": BADGE_ID}},
            {"revokedCredential": [BADGE_ID]},
            {"revokedCredential": [{}]},
            {"revokedCredential": [{"id": 7}]},
            {"revokedCredential": [{"id": "urn:x", "revoked": "no"}]},
            {"issuer": "https://mallory.example"},
            {"issuer": None},
            {"issuer": []},
            {"id": "https://hexham.example/another"},
        ],
    )
    def test_a_malformed_list_or_another_one_is_unknown_and_never_not_revoked(self, simulator, hexham, badge, changes):
        simulator.publish(LIST, listed(hexham, **changes))
        report = check(simulator, badge)
        assert report.verdict is Verdict.UNKNOWN
        assert report.unknown == ["status"]
        assert status(report).code == "STATUS_VERIFICATION_ERROR"

    @pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'{"a":1,"a":2}', b"[" * 100_000])
    def test_a_garbled_list_is_unknown(self, simulator, badge, body):
        simulator.garble(LIST, body)
        assert check(simulator, badge).unknown == ["status"]

    def test_a_huge_list_is_unknown(self, simulator, hexham, badge):
        simulator.publish(LIST, listed(hexham, *({"id": "u:1"} for _ in range(limits.REVOKED_ITEMS + 1))))
        report = check(simulator, badge)
        assert report.unknown == ["status"]
        assert status(report).code == "PAYLOAD_TOO_LARGE"

    def test_a_long_list_of_an_old_issuer_is_read_to_its_end(self, simulator, hexham, badge):
        items = [{"id": f"urn:x:{number}"} for number in range(15_000)]
        simulator.publish(LIST, listed(hexham, *items))
        assert check(simulator, badge).ok
        simulator.publish(LIST, listed(hexham, *items, {"id": BADGE_ID}))
        assert status(check(simulator, badge)).code == "REVOKED"

    @pytest.mark.parametrize("entry", [{"type": "1EdTechRevocationList"}, {"type": "1EdTechRevocationList", "id": 7}])
    def test_an_entry_that_names_no_list_is_unknown(self, simulator, hexham, entry):
        report = check(simulator, {**hexham.issue(), "credentialStatus": entry})
        assert status(report).outcome is Outcome.UNKNOWN

    def test_a_badge_without_an_id_cannot_be_looked_up(self, simulator, hexham, badge):
        simulator.publish(LIST, listed(hexham))
        assert status(check(simulator, {**badge, "id": None})).outcome is Outcome.UNKNOWN

    @given(
        items=st.lists(
            st.recursive(
                st.none() | st.booleans() | st.text() | st.integers(),
                lambda inner: st.dictionaries(st.sampled_from(["id", "revoked", "revocationReason", "x"]), inner) | st.lists(inner),
                max_leaves=6,
            )
        )
    )
    def test_whatever_stands_in_a_list_is_an_answer_or_an_error_by_name(self, items):
        understood = all(
            isinstance(item, dict) and isinstance(item.get("id"), str) and isinstance(item.get("revoked", True), bool) for item in items
        )
        if not understood:
            with pytest.raises(StatusError):
                revocation_reason({"revokedCredential": items}, BADGE_ID)
            return
        named = [item for item in items if item["id"] == BADGE_ID and item.get("revoked", True)]
        assert (revocation_reason({"revokedCredential": items}, BADGE_ID) is not None) == bool(named)


class TestStatusList2021:
    def old_list(self, hexham, bits, **changes):
        document = {
            # Its context cannot be read together with that of the data model 2.0, so such lists are of 1.1.
            "@context": ["https://www.w3.org/2018/credentials/v1", OLD_CONTEXT, "https://w3id.org/security/data-integrity/v2"],
            "id": LIST,
            "type": ["VerifiableCredential", "StatusList2021Credential"],
            "issuer": hexham.id,
            "issuanceDate": "2026-01-01T00:00:00Z",
            "credentialSubject": {
                "id": f"{LIST}#list",
                "type": "StatusList2021",
                "statusPurpose": "revocation",
                "encodedList": status_list.encode(bits).removeprefix("u"),
            },
        }
        return hexham.sign({**document, **changes})

    def badge(self, hexham, **changes):
        entry = {
            "id": f"{LIST}#7",
            "type": "StatusList2021Entry",
            "statusPurpose": "revocation",
            "statusListIndex": "7",
            "statusListCredential": LIST,
        }
        return hexham.issue(**{"@context": [*CONTEXTS, OLD_CONTEXT], "credentialStatus": {**entry, **changes}})

    def test_an_old_list_answers_like_a_new_one(self, simulator, hexham):
        bits = bytearray(131_072 // 8)
        document = self.badge(hexham)
        simulator.publish(LIST, self.old_list(hexham, bits))
        assert check(simulator, document).ok
        status_list.set_bit(bits, 8, True)
        simulator.publish(LIST, self.old_list(hexham, bits))
        assert check(simulator, document).ok
        status_list.set_bit(bits, 7, True)
        simulator.publish(LIST, self.old_list(hexham, bits))
        report = check(simulator, document)
        assert report.failed == ["status"]
        assert status(report).code == "REVOKED"

    def test_an_old_entry_does_not_take_a_new_list_nor_the_other_way_round(self, simulator, hexham):
        new = hexham.status_list(LIST)
        assert status(check(simulator, self.badge(hexham))).code == "STATUS_VERIFICATION_ERROR"
        simulator.publish(LIST, self.old_list(hexham, bytes(131_072 // 8)))
        assert status(check(simulator, hexham.issue(credentialStatus=new.entry()))).code == "STATUS_VERIFICATION_ERROR"

    def test_an_old_list_is_bounded_and_signed_like_a_new_one(self, simulator, hexham):
        document = self.badge(hexham)
        good = self.old_list(hexham, bytes(131_072 // 8))
        for changes in ({"issuer": "did:web:mallory.example"}, {"issuanceDate": "2026-01-02T00:00:00Z"}, {"proof": None}):
            simulator.publish(LIST, {**good, **changes})
            assert status(check(simulator, document)).outcome is not Outcome.PASSED
        simulator.publish(LIST, good)
        assert status(check(simulator, self.badge(hexham, statusListIndex="131072"))).code == "RANGE_ERROR"

    @pytest.mark.parametrize("encoded", [None, 7, "", "u", "H4sI", "!"])
    def test_bits_that_cannot_be_read_are_never_not_revoked(self, simulator, hexham, encoded):
        subject = {"id": f"{LIST}#list", "type": "StatusList2021", "statusPurpose": "revocation", "encodedList": encoded}
        entry = status_list.entries_of(self.badge(hexham))[0]
        document = {"id": LIST, "type": ["StatusList2021Credential"], "credentialSubject": subject}
        with pytest.raises(StatusError):
            status_list.check_entry(entry, document, at=NOW)

    def test_the_entry_reads_back_as_it_was(self, hexham):
        entry = status_list.entries_of(self.badge(hexham))[0]
        assert entry.to_json() == self.badge(hexham)["credentialStatus"]

    def test_every_index_is_its_own(self):
        chosen = random.Random(7).sample(range(131_072), 50)
        bits = bytearray(131_072 // 8)
        for index in chosen:
            status_list.set_bit(bits, index, True)
        document = {
            "type": ["StatusList2021Credential"],
            "credentialSubject": {"type": "StatusList2021", "statusPurpose": "revocation", "encodedList": status_list.encode(bits)[1:]},
        }
        entry = {"type": "StatusList2021Entry", "statusPurpose": "revocation", "statusListCredential": LIST}
        for index in [*chosen, *(index + 1 for index in chosen)]:
            declared = status_list.entries_of({"credentialStatus": {**entry, "statusListIndex": str(index)}})[0]
            assert status_list.check_entry(declared, document, at=NOW) == (index in chosen)
