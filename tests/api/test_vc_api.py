"""The W3C's VC-API: what other software has signed and verified, and who may."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.api.programs import Program
from tests.openbadges.badges import CREDENTIAL
from tests.world import World, run_jobs

from hexmark.access import Scope
from hexmark.events.models import Event
from hexmark.issuing import reports
from hexmark.issuing.choosing import choose_form, open_vc_api
from hexmark.issuing.models import Credential, RequestedCredential, StatusList
from hexmark.openbadges import multibase, proofs, strict_json
from hexmark.openbadges.jose import Profile
from hexmark.openbadges.keys import SigningKey
from hexmark.openbadges.signed_form import SignedForm

OPERATIONS = ("credentials/issue", "credentials/status", "credentials/verify", "presentations/verify")
CONTEXTS = ["https://www.w3.org/ns/credentials/v2"]
PLAIN = {"@context": CONTEXTS, "type": ["VerifiableCredential"], "credentialSubject": {"id": "did:example:kim", "type": "Thing"}}


def call(program: Program, path: str, given: Any = None, *, slug: str = "acme", method: str = "POST", body: str | None = None):
    headers = {"Authorization": f"Bearer {program.token}"} if program.token else {}
    data = body if body is not None else json.dumps(given)
    return program.generic(method, f"/vc-api/{slug}/{path}", data, content_type="application/json", headers=headers, secure=True)


@pytest.fixture(autouse=True)
def _no_kept_answers() -> None:
    """Keys and lists of another test's acme stand at the same addresses."""
    reports._verifier.cache_clear()


@pytest.fixture
def opened(acme: World, program: Callable[..., Program]) -> Program:
    """A program that may use acme's interface, which is open."""
    open_vc_api(acme.organisation, is_open=True, actor=acme.steward)
    return program(Scope.VC_API)


def issued(program: Program, **given: Any) -> dict[str, Any]:
    credential = {
        "@context": CONTEXTS,
        "type": ["VerifiableCredential"],
        "credentialSubject": {"id": "urn:uuid:2f0c1c7e-0000-4000-8000-000000000001"},
    }
    answer = call(program, "credentials/issue", {"credential": credential | given})
    assert answer.status_code == 201, answer.content
    signed: dict[str, Any] = answer.json()["verifiableCredential"]
    return signed


def verified(program: Program, credential: Any) -> dict[str, Any]:
    answer = call(program, "credentials/verify", {"verifiableCredential": credential})
    assert answer.status_code == 200, answer.content
    report: dict[str, Any] = answer.json()
    return report


class TestIssuing:
    """What is signed is the program's document, with issuer, beginning, id and status added, and is written down."""

    def test_a_credential_is_signed_verifies_and_stands_in_a_table_as_it_was_asked(self, acme: World, opened: Program) -> None:
        signed = issued(opened)
        assert signed["issuer"] == acme.organisation.did
        assert {entry["statusPurpose"] for entry in signed["credentialStatus"]} == {"revocation", "suspension"}
        assert verified(opened, signed) == {"verified": True, "problemDetails": []}
        [row] = RequestedCredential.objects.all()
        assert strict_json.parse(row.document) == signed
        assert strict_json.parse(row.request)["credential"]["credentialSubject"] == signed["credentialSubject"]
        assert row.asked_by.startswith("Test (hxm_")
        assert Event.objects.filter(event_type="issuing.credential_requested").count() == 1

    def test_it_is_no_award(self, opened: Program) -> None:
        issued(opened)
        assert not Credential.objects.exists()

    def test_an_open_badge_is_signed_if_it_is_a_sound_one(self, acme: World, opened: Program) -> None:
        document = CREDENTIAL.to_json() | {"issuer": {"id": acme.organisation.did, "type": ["Profile"], "name": "Acme"}}
        document.pop("credentialStatus", None)
        assert call(opened, "credentials/issue", {"credential": document}).status_code == 201
        document["id"] = "urn:uuid:2f0c1c7e-0000-4000-8000-000000000002"
        document["credentialSubject"]["achievement"].pop("criteria")
        answer = call(opened, "credentials/issue", {"credential": document})
        assert answer.status_code == 400
        assert RequestedCredential.objects.count() == 1

    def test_it_is_signed_as_the_organisation_signs(self, acme: World, opened: Program) -> None:
        choose_form(acme.organisation, SignedForm("", Profile.W3C, "ES256"), actor=acme.steward)
        signed = issued(opened)
        assert signed["type"] == "EnvelopedVerifiableCredential"
        assert verified(opened, signed)["verified"] or verified(opened, signed)["problemDetails"]

    def test_the_same_id_is_signed_once(self, opened: Program) -> None:
        issued(opened, id="urn:uuid:2f0c1c7e-0000-4000-8000-00000000000a")
        document = {"id": "urn:uuid:2f0c1c7e-0000-4000-8000-00000000000a", **PLAIN}
        document["credentialSubject"] = {"id": "urn:uuid:2f0c1c7e-0000-4000-8000-000000000001"}
        assert call(opened, "credentials/issue", {"credential": document}).status_code == 409

    @pytest.mark.parametrize(
        "given",
        [
            {"issuer": "did:web:globex.example"},
            {"proof": {"type": "DataIntegrityProof"}},
            {"type": ["Nothing"]},
            {"@context": ["https://www.w3.org/ns/credentials/v2", "https://unknown.example/v1"]},
            {"@context": [{"@vocab": "https://x.example/"}]},
            {"unknownTerm": "would not be signed"},
            {"credentialSubject": None},
            {"id": "relative"},
            {"validFrom": "yesterday"},
            {"validFrom": "2026-01-02T00:00:00Z", "validUntil": "2026-01-01T00:00:00Z"},
            {"credentialStatus": {"type": "BitstringStatusListEntry", "statusListCredential": "OWN"}},
        ],
        ids=lambda given: next(iter(given)),
    )
    def test_what_cannot_be_believed_is_not_signed(self, acme: World, opened: Program, given: dict[str, Any]) -> None:
        document = {
            "@context": CONTEXTS,
            "type": ["VerifiableCredential"],
            "credentialSubject": {"id": "urn:uuid:2f0c1c7e-0000-4000-8000-000000000001"},
        }
        if "credentialStatus" in given:
            given = {"credentialStatus": {**given["credentialStatus"], "statusPurpose": "revocation", "statusListIndex": "1"}}
            given["credentialStatus"]["statusListCredential"] = f"{acme.organisation.url}/status/revocation/1"
        answer = call(opened, "credentials/issue", {"credential": document | given})
        assert answer.status_code == 400, answer.content
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["type"].startswith(("https://www.w3.org/TR/vc-data-model#", "https://w3id.org/security#"))
        assert not RequestedCredential.objects.exists()

    @pytest.mark.parametrize("body", ["", "[]", "null", "{", '{"credential": 7}', '{"credential": {}, "credential": {}}', '{"more": 1}'])
    def test_what_is_no_request_is_refused(self, opened: Program, body: str) -> None:
        for path in OPERATIONS:
            answer = call(opened, path, body=body)
            assert answer.status_code == 400, (path, answer.content)


class TestStatus:
    """What was signed here can be revoked and paused, and only here."""

    def change(self, program: Program, credential_id: str, *, purpose: str = "revocation", value: object = True):
        status = {"type": "BitstringStatusListEntry", "statusPurpose": purpose}
        return call(program, "credentials/status", {"credentialId": credential_id, "credentialStatus": status, "status": value})

    def test_a_revoked_one_does_not_verify_any_more(self, opened: Program) -> None:
        signed = issued(opened)
        assert self.change(opened, signed["id"]).status_code == 200
        run_jobs()
        listed = StatusList.objects.get(purpose="revocation")
        assert listed.published_revision == listed.revision == 2
        row = RequestedCredential.objects.get()
        assert row.revoked_at is not None
        assert self.change(opened, signed["id"]).status_code == 200
        assert self.change(opened, signed["id"], value=False).status_code == 409

    def test_a_pause_is_lifted(self, opened: Program) -> None:
        signed = issued(opened)
        for value in (True, False):
            assert self.change(opened, signed["id"], purpose="suspension", value=value).status_code == 200
            assert (RequestedCredential.objects.get().paused_at is not None) is value

    def test_nothing_else_has_a_status_here(self, opened: Program) -> None:
        assert self.change(opened, "urn:uuid:never-was").status_code == 404
        signed = issued(opened)
        assert self.change(opened, signed["id"], purpose="message").status_code == 400
        assert self.change(opened, signed["id"], value="yes").status_code == 400


class TestVerifying:
    """What does not verify is answered with the W3C's problem details, and never with a server's error."""

    def test_an_altered_one_is_not_verified(self, opened: Program) -> None:
        signed = issued(opened) | {"validFrom": "2020-01-01T00:00:00Z"}
        report = verified(opened, signed)
        assert not report["verified"]
        assert report["problemDetails"][0]["type"] == "https://w3id.org/security#PROOF_VERIFICATION_ERROR"

    def test_one_without_a_proof_is_not_verified(self, opened: Program) -> None:
        assert not verified(opened, PLAIN)["verified"]

    def test_text_that_is_no_credential_is_not_verified(self, opened: Program) -> None:
        assert not verified(opened, "nothing")["verified"]

    def presentation(
        self, credentials: list[Any], *, challenge: str = "c-1", purpose: str = "authentication", key: SigningKey | None = None
    ):
        holder = SigningKey.from_seed(bytes(range(1, 33)))
        did = f"did:key:{holder.public.multibase}"
        document: dict[str, Any] = {
            "@context": CONTEXTS,
            "type": ["VerifiablePresentation"],
            "holder": did,
            "verifiableCredential": credentials,
        }
        created = timezone.now() - timedelta(minutes=1)
        options = proofs.proof_options(verification_method=f"{did}#{holder.public.multibase}", created=created)
        options |= {"proofPurpose": purpose, "challenge": challenge, "domain": "wallet.example"}
        signature = (key or holder).sign(proofs.hash_data(document, options, suite=proofs.EDDSA_RDFC_2022))
        return {**document, "proof": [{**options, "proofValue": multibase.encode(signature)}]}

    def verify(self, program: Program, document: Any, **options: str) -> dict[str, Any]:
        answer = call(program, "presentations/verify", {"verifiablePresentation": document, "options": options})
        assert answer.status_code == 200, answer.content
        report: dict[str, Any] = answer.json()
        return report

    def test_a_presentation_by_its_holder_for_this_challenge_is_verified(self, opened: Program) -> None:
        shown = self.presentation([issued(opened)])
        report = self.verify(opened, shown, challenge="c-1", domain="wallet.example")
        assert report["verified"], report
        assert report["credentialResults"] == [{"verified": True, "problemDetails": []}]

    def test_any_other_presentation_is_not(self, opened: Program) -> None:
        signed = issued(opened)
        good = self.presentation([signed])
        for document, options in (
            (good, {"challenge": "c-2"}),
            (good, {"domain": "elsewhere.example"}),
            (self.presentation([signed], purpose="assertionMethod"), {"challenge": "c-1"}),
            (self.presentation([signed], key=SigningKey.from_seed(bytes(32))), {"challenge": "c-1"}),
            ({**good, "holder": "did:key:z6MkmjZRseVjgWoivSc2RyksNGwYvz5KHJFs72H2MPGUGHXa"}, {"challenge": "c-1"}),
            ({name: value for name, value in good.items() if name != "proof"}, {}),
            (self.presentation([signed | {"validFrom": "2020-01-01T00:00:00Z"}]), {"challenge": "c-1"}),
        ):
            assert not self.verify(opened, document, **options)["verified"]

    def test_what_is_no_presentation_is_refused(self, opened: Program) -> None:
        for document in ({"type": "Thing"}, {"type": ["VerifiablePresentation"], "verifiableCredential": ["text"]}):
            answer = call(opened, "presentations/verify", {"verifiablePresentation": document})
            assert answer.status_code == 400


class TestWhoMay:
    """Each cell of who may call what."""

    @pytest.mark.parametrize("path", OPERATIONS)
    def test_it_is_closed_until_it_is_opened(self, acme: World, program: Callable[..., Program], path: str) -> None:
        assert call(program(Scope.VC_API), path, {}).status_code == 404

    @pytest.mark.parametrize("path", OPERATIONS)
    @pytest.mark.parametrize("scope", [scope for scope in Scope if scope is not Scope.VC_API], ids=str)
    def test_no_other_scope_opens_it(self, opened: Program, program: Callable[..., Program], path: str, scope: Scope) -> None:
        answer = call(program(scope), path, {})
        assert answer.status_code == 403
        assert answer.json()["type"].endswith("#problem-not-permitted")

    @pytest.mark.parametrize("path", OPERATIONS)
    def test_strangers_and_visitors_find_nothing(self, opened: Program, foreign: Program, nobody: Program, path: str) -> None:
        assert call(foreign, path, {}).status_code == 404
        assert call(foreign, path, {}, slug="never-was").content == call(foreign, path, {}).content
        assert call(nobody, path, {}).status_code == 401
        assert call(opened, path, {}, method="GET").status_code == 405
        assert not RequestedCredential.objects.exists()
