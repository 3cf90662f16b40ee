"""HX-2, open gate: anybody checks badges from any issuer against who can apply; nothing is kept, and the command says the same offline."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from openbadgeslib.ob3 import Achievement, Issuer, OB3LdpSigner, OB3Signer, OpenBadgeCredential, did_key_from_pem
from tests.web.pages import Visitor, text_of
from tests.world import World, accepted, make_world, run_jobs

from hexmark.awarding.actions import award
from hexmark.gates.actions import publish_gate, withdraw_gate
from hexmark.gates.models import OpenGate
from hexmark.issuing.models import Credential
from hexmark.issuing.publication import own_document
from hexmark.openbadges.errors import FormatError
from hexmark.requirements import RequirementError
from hexmark.verification.open_gates import gate_of
from hexmark.web.limits import pace

SAFETY = "https://guild.example/badges/safety"
FIRST_AID = "https://guild.example/badges/first-aid"


class Guild:
    """An issuer who uses other software: openbadgeslib, with a key that is its identity."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(b"a guild of its own, thirty-two b")
        public = self._key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        self.did = did_key_from_pem(public)
        self._secret = self._key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())

    def badge(self, achievement: str, name: str, *, expires: datetime | None = None) -> OpenBadgeCredential:
        about = Achievement(achievement, name, "What it is.", "How it is earned.")
        begun = datetime(2025, 3, 1, tzinfo=UTC)
        return OpenBadgeCredential(
            Issuer(self.did, "Guild"), "did:example:jo", about, name=name, issuance_date=begun, expiration_date=expires
        )

    def as_json(self, badge: OpenBadgeCredential) -> bytes:
        return OB3LdpSigner(self._secret).sign_to_json(badge).encode()

    def as_token(self, badge: OpenBadgeCredential) -> bytes:
        return OB3Signer(self._secret, algorithm="EdDSA").sign(badge).encode()


@pytest.fixture
def guild() -> Guild:
    return Guild()


@pytest.fixture
def partner(db: None) -> World:
    """A second organisation that issues with Hexmark."""
    return make_world("partner")


@pytest.fixture
def partners_badge(partner: World) -> Credential:
    version = partner.achievement("Coaching", assurance="A3")
    award(version, to=[partner.member_person], actor=partner.system)
    run_jobs()
    credential = Credential.objects.select_related("award__version__achievement__organisation").get()
    accepted(credential)
    return credential


def asks(guild: Guild, partner: World, coaching: str) -> dict[str, Any]:
    """Coaching from the partner at Evidence judged, Safety from the guild, First aid from ourselves."""
    trusted = {"id": guild.did, "name": "Guild", "assurance": 3}
    sure = {"id": partner.organisation.did, "name": "Partner", "assurance": 4}
    return {
        "type": "all",
        "parts": [
            {"type": "achievement", "achievement": coaching, "name": "Coaching", "assurance_at_least": 3, "issuers": [sure]},
            {"type": "achievement", "achievement": SAFETY, "name": "Safety", "assurance_at_least": 3, "issuers": [trusted]},
            {"type": "achievement", "achievement": FIRST_AID, "name": "First aid"},
        ],
    }


@pytest.fixture
def gate(acme: World, guild: Guild, partner: World, partners_badge: Credential) -> OpenGate:
    coaching = partners_badge.award.version.achievement.url
    publish_gate(
        acme.organisation, requirement=asks(guild, partner, coaching), title="Team lead, North", about="x" * 26, actor=acme.steward
    )
    run_jobs()
    return OpenGate.objects.get()


@pytest.fixture
def badges(guild: Guild, partners_badge: Credential) -> dict[str, bytes]:
    """Three badges from two other issuers; one of them claims to be what only ourselves could give."""
    return {
        "coaching.json": partners_badge.document.encode(),
        "safety.json": guild.as_json(guild.badge(SAFETY, "Safety")),
        "first-aid.jwt": guild.as_token(guild.badge(FIRST_AID, "First aid")),
    }


def given(badges: dict[str, bytes]) -> dict[str, Any]:
    return {"badges": [SimpleUploadedFile(name, data) for name, data in badges.items()]}


def qualify(folder: Path, gate: OpenGate, badges: dict[str, bytes], *extra: str) -> Result:
    """The command on a machine that has nothing but these files, and asks nobody."""
    from hexmark.cli.qualify import qualify as command

    (folder / "gate.json").write_text(gate.document)
    sources = {}
    for number, url in enumerate(_addresses([gate.document.encode(), *badges.values()])):
        document = own_document(url)
        if document is not None:
            (folder / f"source-{number}").write_bytes(document)
            sources[url] = f"source-{number}"
    (folder / "sources.json").write_text(json.dumps(sources))
    for name, data in badges.items():
        (folder / name).write_bytes(data)
    files = [str(folder / name) for name in badges]
    return CliRunner().invoke(command, [str(folder / "gate.json"), *files, "--sources", str(folder / "sources.json"), "--json", *extra])


def _addresses(documents: list[bytes]) -> list[str]:
    """Where the keys and lists of these documents are."""
    found: dict[str, None] = {}
    for document in documents:
        if document.startswith(b"{"):
            read = json.loads(document)
            did = read["issuer"]["id"]
            if did.startswith("did:web:"):
                found["https://" + did.removeprefix("did:web:").replace(":", "/") + "/did.json"] = None
            found |= {entry["statusListCredential"]: None for entry in read.get("credentialStatus", [])}
    return list(found)


def explained(result: Result) -> dict[str, Any]:
    explanation: dict[str, Any] = json.loads(result.stdout)["explanation"]
    return explanation


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in apps.get_models()}


def test_HX_2_open_gate(gate: OpenGate, badges: dict[str, bytes], visitor: Visitor, tmp_path: Path) -> None:  # noqa: N802
    before = everything()
    page = visitor.post(f"/gates/{gate.public_id}", given(badges))
    words = text_of(page)
    assert page.status_code == 200
    assert "2 of 3 shown" in words
    assert "Shown by Coaching" in words
    assert "Shown by Safety" in words
    assert "is not a trusted issuer" in words
    assert everything() == before, "Nothing is kept."
    assert not page.cookies
    result = qualify(tmp_path, gate, badges)
    assert result.exit_code == 1, result.output
    assert explained(result) == page.context["answer"].explanation.to_json()
    checks = json.loads(result.stdout)["requirement"]["checks"]
    assert [one["outcome"] for one in checks] == ["passed", "passed"]


def test_all_of_it_is_met_with_ones_own(gate: OpenGate, badges: dict[str, bytes], acme: World, visitor: Visitor, tmp_path: Path) -> None:
    requirement = {"type": "all", "parts": gate.requirement["parts"][:2]}
    publish_gate(acme.organisation, requirement=requirement, title=gate.title, about=gate.about, actor=acme.steward)
    run_jobs()
    gate.refresh_from_db()
    assert gate.version == 2
    page = visitor.post(f"/gates/{gate.public_id}", given(badges))
    assert "Everything that is asked for is shown" in text_of(page)
    result = qualify(tmp_path, gate, badges)
    assert result.exit_code == 0, result.output
    assert explained(result) == page.context["answer"].explanation.to_json()


def test_badges_may_be_pasted_one_below_the_other(gate: OpenGate, badges: dict[str, bytes], visitor: Visitor) -> None:
    text = "\n".join(data.decode() for data in badges.values())
    answer = visitor.post(f"/gates/{gate.public_id}", {"text": text}).context["answer"]
    assert len(answer.shown) == 3
    assert answer.explanation.shown == 2


def test_an_altered_badge_counts_for_nothing(gate: OpenGate, badges: dict[str, bytes], visitor: Visitor) -> None:
    forged = badges["safety.json"].replace(b'"Safety"', b'"Sefety"')
    answer = visitor.post(f"/gates/{gate.public_id}", given({"safety.json": forged})).context["answer"]
    assert answer.explanation.shown == 0
    assert answer.shown[0].fact is None


def test_an_expired_badge_is_told_with_its_day(gate: OpenGate, guild: Guild, visitor: Visitor) -> None:
    expired = guild.as_json(guild.badge(SAFETY, "Safety", expires=datetime(2025, 9, 3, tzinfo=UTC)))
    words = text_of(visitor.post(f"/gates/{gate.public_id}", given({"safety.json": expired})))
    assert "It is genuine, and has expired." in words
    assert "expired on 3 September 2025" in words


def test_a_foreign_badge_is_assured_as_far_as_its_issuer_is_trusted(
    acme: World, guild: Guild, badges: dict[str, bytes], visitor: Visitor
) -> None:
    rule = {
        "type": "achievement",
        "achievement": SAFETY,
        "name": "Safety",
        "assurance_at_least": 3,
        "issuers": [{"id": guild.did, "assurance": 2}],
    }
    gate = publish_gate(acme.organisation, requirement=rule, title="Post", about="y" * 26, actor=acme.steward)
    run_jobs()
    page = visitor.post(f"/gates/{gate.public_id}", given({"safety.json": badges["safety.json"]}))
    assert "counts as “Completed”; “Evidence judged” is needed" in text_of(page)


def test_any_byte_that_is_changed_makes_the_document_another_one(gate: OpenGate, tmp_path: Path, badges: dict[str, bytes]) -> None:
    original = gate.document.encode()
    for place in range(0, len(original), 37):
        altered = original[:place] + bytes([original[place] ^ 1]) + original[place + 1 :]
        try:
            read = gate_of(altered)
        except (FormatError, RequirementError, UnicodeDecodeError):
            continue
        gate.document = altered.decode("utf-8", "surrogateescape")
        if read.is_verbatim and place % 5:
            continue
        result = qualify(tmp_path, gate, {})
        assert result.exit_code == 1, (place, result.output)
        assert "failed" in {one["outcome"] for one in json.loads(result.stdout)["requirement"]["checks"]}, place


def test_white_space_alone_makes_it_another_document(gate: OpenGate, tmp_path: Path) -> None:
    gate.document = json.dumps(json.loads(gate.document), indent=1)
    checks = json.loads(qualify(tmp_path, gate, {}).stdout)["requirement"]["checks"]
    assert checks[0]["code"] == "NOT_VERBATIM"


def test_the_signed_document_stands_at_its_address_until_it_is_withdrawn(gate: OpenGate, acme: World, visitor: Visitor) -> None:
    response = visitor.get(f"/gates/{gate.public_id}.json")
    assert response.content == gate.document.encode()
    assert response.headers["Content-Type"] == "application/vc"
    assert json.loads(response.content)["id"] == gate.url
    withdraw_gate(acme.organisation, about=gate.about, actor=acme.steward)
    assert visitor.get(f"/gates/{gate.public_id}.json").status_code == 404
    assert visitor.get(f"/gates/{gate.public_id}").status_code == 404


def test_a_known_key_stands_in_for_asking(gate: OpenGate, tmp_path: Path) -> None:
    from hexmark.cli.qualify import qualify as command

    (tmp_path / "gate.json").write_text(gate.document)
    key = json.loads(gate.document)["proof"]
    key = (key[0] if isinstance(key, list) else key)["verificationMethod"].rpartition("#")[2]
    known = CliRunner().invoke(command, [str(tmp_path / "gate.json"), "--offline", "--key", key, "--json"])
    assert [one["outcome"] for one in json.loads(known.stdout)["requirement"]["checks"]] == ["passed", "passed"]
    unknown = CliRunner().invoke(command, [str(tmp_path / "gate.json"), "--offline", "--json"])
    assert [one["outcome"] for one in json.loads(unknown.stdout)["requirement"]["checks"]] == ["passed", "unknown"]


def test_nothing_given_is_said_and_too_many_are_not_looked_at(gate: OpenGate, visitor: Visitor) -> None:
    nothing = visitor.post(f"/gates/{gate.public_id}", {"text": " "})
    assert nothing.status_code == 422
    assert "Choose at least one file" in text_of(nothing)
    many = visitor.post(f"/gates/{gate.public_id}", {"text": "\n".join(["https://guild.example/1"] * 13)})
    assert many.status_code == 422
    assert "At most 12" in text_of(many)


def test_the_page_asks_to_wait_when_it_is_asked_too_often(gate: OpenGate, visitor: Visitor, settings: Any) -> None:
    settings.SEARCH_RATE = 60
    pace.forget()
    # The minute may end in between, and begin anew once.
    answers = [visitor.post(f"/gates/{gate.public_id}", {"text": "x"}).status_code for _ in range(42)]
    assert answers[:5] == [200] * 5
    assert 429 in answers
