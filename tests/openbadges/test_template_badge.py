"""Signing by template: the same bytes as the slow path, for every award, or the slow path itself."""

from __future__ import annotations

import copy
import time
from datetime import datetime, timedelta, timezone
from threading import Thread
from typing import Any

import pytest

from hexmark.openbadges import strict_json
from hexmark.openbadges.errors import FormatError, UnsafeDocument
from hexmark.openbadges.jsonld import canonical
from hexmark.openbadges.keys import SigningKey
from hexmark.openbadges.proofs import add_proof, check_proof, proofs_of
from hexmark.openbadges.template import BadgeTemplate, BadgeTemplates, Miss, Slot, Watch, fill
from hexmark.openbadges.template.json_text import JsonTemplate

METHOD = "did:web:badges.example:o:acme#key-1"


@pytest.fixture
def slotted(badge: dict[str, Any]) -> dict[str, Any]:
    """The usual badge: what differs is the award, the person's hash, the moment and the place on the status list."""
    badge |= {"id": Slot("award"), "validFrom": Slot("valid_from"), "awardedDate": Slot("valid_from")}
    subject = badge["credentialSubject"]
    subject["id"] = Slot("subject")
    subject["identifier"][0] |= {"identityHash": Slot("identity_hash"), "salt": Slot("salt")}
    badge["credentialStatus"] = [
        {
            "id": Slot(f"{purpose}_entry"),
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose,
            "statusListIndex": Slot("status_index"),
            "statusListCredential": f"https://badges.example/o/acme/status/{purpose}/1",
        }
        for purpose in ("revocation", "suspension")
    ]
    return badge


def values(number: int = 7) -> dict[str, str]:
    return {
        "award": f"https://badges.example/o/acme/c/{number}",
        "valid_from": f"2026-01-31T09:{number // 60 % 60:02}:{number % 60:02}Z",
        "subject": f"urn:uuid:{number:032x}",
        "identity_hash": f"sha256${number:064x}",
        "salt": f"{number:032x}",
        "revocation_entry": f"https://badges.example/o/acme/status/revocation/1#{number}",
        "suspension_entry": f"https://badges.example/o/acme/status/suspension/1#{number}",
        "status_index": str(number),
    }


@pytest.fixture
def alarms() -> list[str]:
    return []


@pytest.fixture
def templates(alarms: list[str]) -> BadgeTemplates:
    return BadgeTemplates(watch=Watch(alarm=alarms.append))


@pytest.fixture
def signing(signing_key: SigningKey, created: datetime) -> dict[str, Any]:
    return {"key": signing_key, "verification_method": METHOD, "created": created}


def slowly(document: dict[str, Any], values: dict[str, str], signing: dict[str, Any]) -> str:
    return strict_json.dump(add_proof(fill(document, values), **signing)).decode()


class TestOneTemplate:
    def test_it_gives_the_canonical_form_of_every_award(self, slotted):
        template = BadgeTemplate.compile(slotted)
        for number in range(20):
            assert template.canonical(values(number)) == canonical(fill(slotted, values(number)))

    def test_it_gives_the_signed_text_of_every_award(self, slotted, signing):
        template = BadgeTemplate.compile(slotted)
        for number in range(20):
            assert template.sign(values(number), **signing) == slowly(slotted, values(number), signing)

    def test_what_it_signs_verifies(self, slotted, signing):
        document = strict_json.parse(BadgeTemplate.compile(slotted).sign(values(), **signing))
        check_proof(document, proofs_of(document)[0], signing["key"].public)

    def test_moment_and_key_may_change_from_award_to_award(self, slotted, signing):
        template = BadgeTemplate.compile(slotted)
        for number in range(100):
            own = signing | {"created": signing["created"] + timedelta(seconds=number), "verification_method": f"{METHOD}{number % 3}"}
            assert template.sign(values(), **own) == slowly(slotted, values(), own)

    def test_a_moment_is_written_in_utc_to_the_second(self, slotted, signing):
        moment = datetime(2026, 1, 31, 10, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=1)))
        assert '"created":"2026-01-31T09:00:00Z"' in BadgeTemplate.compile(slotted).sign(values(), **signing | {"created": moment})
        with pytest.raises(ValueError, match="time zone"):
            BadgeTemplate.compile(slotted).sign(values(), **signing | {"created": datetime(2026, 1, 31)})

    @pytest.mark.parametrize(
        "salt", ['quote " backslash \\', "%s %(a)s %%", "line\nfeed\u2028\u0085", "\u0001\u007f", "é漢😀", "</script>", ""]
    )
    def test_texts_of_all_kinds_are_written_as_the_slow_path_writes_them(self, slotted, signing, salt):
        own = values() | {"salt": salt}
        assert BadgeTemplate.compile(slotted).sign(own, **signing) == slowly(slotted, own, signing)

    def test_a_slot_without_a_value_is_an_error_of_the_program(self, slotted, signing):
        incomplete = values()
        del incomplete["salt"]
        with pytest.raises(KeyError):
            BadgeTemplate.compile(slotted).sign(incomplete, **signing)
        with pytest.raises(KeyError):
            fill(slotted, incomplete)

    def test_the_document_is_not_changed(self, slotted, signing):
        before = copy.deepcopy(fill(slotted, values()))
        BadgeTemplate.compile(slotted).sign(values(), **signing)
        assert fill(slotted, values()) == before

    def test_a_signed_document_and_one_without_slots_have_none(self, slotted, badge):
        with pytest.raises(Miss):
            BadgeTemplate.compile({**slotted, "proof": [{}]})
        with pytest.raises(Miss):
            BadgeTemplate.compile(fill(badge, values()))

    def test_all_strict_checks_run_when_compiling(self, slotted):
        for change, code in (({"salary": 9}, "UNDEFINED_TERM"), ({"name": None}, "NULL_VALUE"), ({"endorsement": []}, "EMPTY_ARRAY")):
            with pytest.raises(FormatError) as refused:
                BadgeTemplate.compile({**slotted, **change})
            assert refused.value.detail == code

    def test_a_text_that_does_not_come_out_as_the_slow_path_writes_it_is_noticed_when_compiling(self, slotted, monkeypatch):
        filled = JsonTemplate.filled
        monkeypatch.setattr(JsonTemplate, "filled", lambda *given: filled(*given).replace("\\u007f", "?").replace("\x7f", "?"))
        with pytest.raises(Miss, match="text"):
            BadgeTemplate.compile(slotted)

    def test_it_is_compiled_in_milliseconds(self, slotted):
        BadgeTemplate.compile(slotted)
        started = time.process_time()
        BadgeTemplate.compile(slotted)
        each = time.process_time() - started
        print(f"{each * 1000:.1f} ms to compile")
        assert each < 0.2


class TestManyTemplates:
    def test_the_bytes_are_those_of_the_slow_path(self, templates, slotted, signing, alarms):
        for number in range(30):
            assert templates.sign(slotted, values(number), **signing) == slowly(slotted, values(number), signing)
        assert alarms == []

    def test_a_badge_is_compiled_once(self, templates, slotted, signing, monkeypatch):
        compiled = []
        compile_ = BadgeTemplate.compile
        monkeypatch.setattr(BadgeTemplate, "compile", lambda document, **given: compiled.append(document) or compile_(document, **given))
        for number in range(10):
            templates.sign(slotted, values(number), **signing)
            templates.sign(copy.copy(slotted), values(number), **signing)
        assert len(compiled) == 1

    def test_another_version_of_the_badge_has_a_template_of_its_own(self, templates, slotted, signing):
        other = {**slotted, "name": "Second aid"}
        for document in (slotted, other, slotted, other):
            assert templates.sign(document, values(), **signing) == slowly(document, values(), signing)

    def test_no_more_are_kept_than_there_is_room_for(self, slotted, signing):
        templates = BadgeTemplates(watch=Watch(alarm=print), capacity=2)
        for number in range(5):
            document = {**slotted, "name": f"Badge {number}"}
            assert templates.sign(document, values(), **signing) == slowly(document, values(), signing)
        assert len(templates._kept) == 2

    def test_a_document_without_slots_is_signed_too(self, templates, badge, signing):
        document = fill(badge, values())
        assert templates.sign(document, {}, **signing) == slowly(document, {}, signing)

    def test_an_award_that_no_rule_covers_takes_the_slow_path(self, templates, slotted, signing):
        for change in ({"subject": "tag:a.example,2026:1"}, {"salt": "Acme"}, {"salt": values()["status_index"]}):
            own = values() | change
            assert templates.sign(slotted, own, **signing) == slowly(slotted, own, signing)

    def test_a_badge_without_a_template_takes_the_slow_path(self, templates, slotted, signing):
        alike = {**slotted, "evidence": [{"type": ["Evidence"]}, {"type": ["Evidence"]}]}
        for number in range(3):
            assert templates.sign(alike, values(number), **signing) == slowly(alike, values(number), signing)

    def test_a_text_that_looks_like_a_slot_stays_a_text(self, templates, slotted, signing):
        written = {**slotted, "name": str(Slot("award"))}
        meant = {**slotted, "name": Slot("award")}
        for document in (meant, written, meant):
            signed = strict_json.parse(templates.sign(document, values(), **signing))
            assert signed["name"] == (values()["award"] if document is meant else "urn:x-hexmark-slot:award:")

    def test_an_unsafe_document_is_refused_as_the_slow_path_refuses_it(self, templates, slotted, signing):
        for _ in range(2):
            with pytest.raises(UnsafeDocument) as refused:
                templates.sign({**slotted, "salary": "9"}, values(), **signing)
            assert refused.value.detail == "UNDEFINED_TERM"
        with pytest.raises(FormatError):
            templates.sign(slotted, values() | {"subject": "not an IRI"}, **signing)
        assert templates.sign(slotted, values(), **signing) == slowly(slotted, values(), signing)

    def test_many_threads_sign_the_same(self, templates, slotted, signing):
        answers: list[tuple[int, str]] = []
        documents = [slotted, {**slotted, "name": "Second aid"}]

        def work(start: int) -> None:
            answers.extend(
                (number, templates.sign(documents[number % 2], values(number), **signing)) for number in range(start, start + 20)
            )

        threads = [Thread(target=work, args=(start,)) for start in range(0, 80, 20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == 80
        for number, text in answers[::7]:
            assert text == slowly(documents[number % 2], values(number), signing)

    def test_a_thousand_awards_take_less_than_a_second(self, templates, slotted, signing):
        templates.sign(slotted, values(), **signing)
        started = time.process_time()
        for number in range(1000):
            templates.sign(slotted, values(number), **signing)
        seconds = time.process_time() - started
        print(f"{1000 / seconds:.0f} awards a second")
        assert seconds < 1


class TestWatch:
    def test_one_in_so_many_is_compared(self):
        slow = []
        watch = Watch(alarm=print, every=3)
        for _ in range(9):
            assert watch.confirmed(b"same", lambda: slow.append(1) or b"same") == b"same"
        assert len(slow) == 3
        assert watch.trusted

    def test_a_difference_gives_the_slow_result_and_ends_all_trust_with_one_alarm(self, alarms):
        watch = Watch(alarm=alarms.append, every=1)
        assert watch.confirmed(b"fast", lambda: b"slow") == b"slow"
        assert watch.confirmed(b"fast", lambda: b"slow") == b"slow"
        assert not watch.trusted
        assert len(alarms) == 1
        assert "switched off" in alarms[0]

    def test_a_refusal_by_the_slow_path_is_a_difference_too(self, alarms):
        def refuse() -> bytes:
            raise UnsafeDocument("no")

        watch = Watch(alarm=alarms.append, every=1)
        with pytest.raises(UnsafeDocument):
            watch.confirmed(b"fast", refuse)
        assert not watch.trusted
        assert len(alarms) == 1

    def test_at_least_some_are_compared(self):
        with pytest.raises(ValueError, match="compared"):
            Watch(alarm=print, every=0)

    def test_after_an_alarm_everything_is_signed_the_slow_way(self, slotted, signing, alarms, monkeypatch):
        templates = BadgeTemplates(watch=Watch(alarm=alarms.append, every=2))
        wrong = BadgeTemplate.sign
        monkeypatch.setattr(BadgeTemplate, "sign", lambda *given, **named: wrong(*given, **named) + " ")
        texts = [templates.sign(slotted, values(number), **signing) for number in range(5)]
        # The first left the house before one was compared; the second was compared, and none is wrong after it.
        assert texts[1:] == [slowly(slotted, values(number), signing) for number in range(1, 5)]
        assert len(alarms) == 1
