"""Strangers in memory: issuers with keys, DID documents, profiles and status lists, and a `fetch` that serves them.

Their servers can be told to be unreachable or to answer nonsense. Everything is built with the public functions of
`openbadges`, so a simulated issuer signs as a real one does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hexmark.net import Fetched, origin_of
from hexmark.openbadges import dids, jose, proofs, status_list, strict_json
from hexmark.openbadges.errors import Unreachable
from hexmark.openbadges.jose import Profile
from hexmark.openbadges.keys import SigningKey

NOW = datetime(2026, 6, 15, 10, 41, tzinfo=UTC)
CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
Document = dict[str, Any]


class Simulator:
    """Servers of strangers. `fetch` fits wherever `hexmark.net.fetch` does; `asked` lists the URLs that were asked, in order."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._served: dict[str, Fetched] = {}
        self._down: dict[str, str] = {}

    def fetch(self, url: str, *, accept: Sequence[str]) -> Fetched:
        """What is published at the URL.

        Raises:
            Unreachable: HTTP_STATUS, nothing is; or the code that `unreachable` was told; URL_MALFORMED as the real one.
        """
        origin = origin_of(url)
        self.asked.append(url)
        if origin in self._down:
            raise Unreachable(f"{origin} could not be reached.", code=self._down[origin])
        if url not in self._served:
            raise Unreachable("The server answered with status 404.", code="HTTP_STATUS")
        return self._served[url]

    def publish(self, url: str, document: Mapping[str, Any] | bytes, content_type: str = "application/json") -> None:
        """The document, or these very bytes, are served at the URL."""
        body = document if isinstance(document, bytes) else strict_json.dump(document)
        self._served[url] = Fetched(body, content_type)

    def withdraw(self, url: str) -> None:
        """Nothing is served at the URL any more."""
        del self._served[url]

    def unreachable(self, host: str, code: str = "CONNECT_FAILED") -> None:
        """No URL of the host answers any more."""
        self._down[f"https://{host}"] = code

    def reachable(self, host: str) -> None:
        """The host answers again."""
        self._down.pop(f"https://{host}", None)

    def garble(self, url: str, body: bytes = b"<html>Please sign in to the hotel's network</html>") -> None:
        """The URL answers, but not with JSON."""
        self._served[url] = Fetched(body, "application/json")

    def did_web_issuer(self, host: str = "hexham.example", *path: str) -> ForeignIssuer:
        """An issuer known by the DID of its domain, its DID document published."""
        did = dids.did_web(host, *path)
        return self._issuer(did, f"{did}#key-1", dids.did_web_url(did))

    def https_issuer(self, url: str = "https://guild.example/profile") -> ForeignIssuer:
        """An issuer known by the URL of its profile, which lists its key."""
        return self._issuer(url, f"{url}#key-1", url)

    def did_key_issuer(self, name: str = "nobody") -> ForeignIssuer:
        """An issuer that is a key and nothing else."""
        key = key_of(name)
        did = f"did:key:{key.public.multibase}"
        return ForeignIssuer(self, did, key, f"{did}#{key.public.multibase}", "")

    def fragment_issuer(self, url: str = "https://plain.example/issuers/7") -> ForeignIssuer:
        """An issuer as many are in the field: a URL whose fragment spells the key out, and a plain profile without keys, if any."""
        key = key_of(url)
        return ForeignIssuer(self, url, key, f"{url}#{key.public.multibase}", url)

    def _issuer(self, identifier: str, method: str, url: str) -> ForeignIssuer:
        issuer = ForeignIssuer(self, identifier, key_of(identifier), method, url)
        issuer.publish()
        return issuer


def key_of(name: str) -> SigningKey:
    """A key that is always the same for the same name."""
    return SigningKey.from_seed(hashlib.sha256(name.encode()).digest())


@dataclass
class ForeignIssuer:
    """Somebody else who issues. `document_url` is where its controller document is published."""

    simulator: Simulator
    id: str
    key: SigningKey
    method: str
    document_url: str

    @property
    def controller_document(self) -> Document:
        """The controller document that an honest issuer publishes."""
        method = {"id": self.method, "type": "Multikey", "controller": self.id, "publicKeyMultibase": self.key.public.multibase}
        return {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": self.id,
            "verificationMethod": [method],
            "assertionMethod": [self.method],
        }

    def publish(self, **changes: Any) -> None:
        """The controller document is served, with these members changed."""
        self.simulator.publish(self.document_url, {**self.controller_document, **changes})

    def badge(self, **changes: Any) -> Document:
        """An unsigned credential with these members changed; those changed to None are left out."""
        document = {
            "@context": CONTEXTS,
            "id": "urn:uuid:6f3b0ad0-4d4c-4fd8-8a2d-6d6b8f6a1c11",
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "issuer": {"id": self.id, "type": ["Profile"], "name": "Hexham Guild"},
            "validFrom": "2026-01-10T09:00:00Z",
            "name": "Kiln Safety",
            "credentialSubject": {
                "type": ["AchievementSubject"],
                "id": "did:example:amara",
                "achievement": {
                    "id": "https://hexham.example/achievements/kiln-safety",
                    "type": ["Achievement"],
                    "name": "Kiln Safety",
                    "description": "Loads, fires and cools a kiln without harm.",
                    "criteria": {"narrative": "Three firings under supervision."},
                },
            },
        }
        return {name: value for name, value in {**document, **changes}.items() if value is not None}

    def sign(self, document: Mapping[str, Any], *, key: SigningKey | None = None, method: str | None = None) -> Document:
        """The document with a proof of this issuer, or of the key and method given."""
        created = NOW - timedelta(days=1)
        return proofs.add_proof(document, key=key or self.key, verification_method=method or self.method, created=created)

    def sign_jwt(
        self,
        document: Mapping[str, Any],
        *,
        key: SigningKey | None = None,
        method: str | None = None,
        profile: Profile = Profile.OPEN_BADGES,
    ) -> str:
        """The document as a token of this issuer, or of the key and method given."""
        return jose.sign_jwt(document, key=key or self.key, verification_method=method or self.method, profile=profile)

    def issue(self, **changes: Any) -> Document:
        """A signed credential with these members changed before signing."""
        return self.sign(self.badge(**changes))

    def endorse(self, identifier: str, **changes: Any) -> Document:
        """A signed endorsement of what has this id."""
        document = {
            "@context": CONTEXTS,
            "id": "urn:uuid:0a4c1c3f-98a7-4b8d-8b0f-1f7d9b9f2a22",
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "issuer": {"id": self.id, "type": ["Profile"], "name": "Crafts Council"},
            "validFrom": "2026-01-01T00:00:00Z",
            "name": "Endorsement",
            "credentialSubject": {"id": identifier, "type": ["EndorsementSubject"], "endorsementComment": "Sound practice."},
        }
        return self.sign({**document, **changes})

    def status_list(self, url: str, purpose: str | list[str] = "revocation", **settings: Any) -> ForeignStatusList:
        """A published status list of this issuer with nothing set."""
        listed = ForeignStatusList(self, url, purpose, settings)
        listed.publish()
        return listed


@dataclass
class ForeignStatusList:
    """A status list at a URL. Each change is signed and published at once."""

    issuer: ForeignIssuer
    url: str
    purpose: str | list[str]
    settings: dict[str, Any] = field(default_factory=dict)
    bits: bytearray = field(default_factory=lambda: bytearray(131_072 // 8))

    def entry(self, index: int = 7, **changes: Any) -> Document:
        """What a credential declares to stand at this index."""
        purpose = self.purpose if isinstance(self.purpose, str) else self.purpose[0]
        entry = {
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose,
            "statusListIndex": str(index),
            "statusListCredential": self.url,
        }
        return {**entry, **changes}

    def set(self, index: int = 7, value: bool = True) -> None:
        """The bit at the index is set (or not), and the list published anew."""
        status_list.set_bit(self.bits, index, value)
        self.publish()

    @property
    def unsigned(self) -> Document:
        """The list before it is signed."""
        settings = {"valid_from": NOW - timedelta(hours=1), **self.settings}
        return status_list.status_list_credential(self.url, issuer=self.issuer.id, purpose=self.purpose, bits=self.bits, **settings)

    def publish(self, **changes: Any) -> None:
        """The list is signed, with these members changed before signing, and served."""
        self.issuer.simulator.publish(self.url, self.issuer.sign({**self.unsigned, **changes}))
