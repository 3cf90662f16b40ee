"""An issuer of Open Badges 2.0 in memory: its profile, badge class and assertions on a server, or signed."""

import hashlib
from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.openbadges.signing_keys import pkcs8
from tests.simulator import Simulator

from hexmark.openbadges import jws, strict_json
from hexmark.openbadges.keys import SigningKey

CONTEXT = "https://w3id.org/openbadges/v2"


@cache
def rsa_key(name: str = "guild"):
    return rsa.generate_private_key(65537, 2048)


def pem_of(private) -> str:
    return private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


class OldIssuer:
    """The guild at https://guild.example; change a part by publishing it anew."""

    def __init__(self, simulator: Simulator, host: str = "guild.example") -> None:
        self.simulator = simulator
        self.base = f"https://{host}"
        self.url, self.badge_url, self.assertion_url = (f"{self.base}/{name}.json" for name in ("issuer", "badge", "assertion"))
        self.key_url, self.list_url = f"{self.base}/key.json", f"{self.base}/revoked.json"
        self.publish(self.profile())
        self.publish(self.badge_class())
        self.publish(self.crypto_key())

    def publish(self, document: dict, url: str | None = None) -> dict:
        """The document is served at its id, or at the URL given."""
        self.simulator.publish(url or document["id"], document)
        return document

    def profile(self, **changes) -> dict:
        document = {
            "@context": CONTEXT,
            "type": "Issuer",
            "id": self.url,
            "name": "The Guild",
            "url": self.base,
            "email": "guild@example.org",
            "publicKey": self.key_url,
        }
        return changed(document, changes)

    def badge_class(self, **changes) -> dict:
        document = {
            "@context": CONTEXT,
            "type": "BadgeClass",
            "id": self.badge_url,
            "name": "Robotics",
            "description": "Builds robots.",
            "image": f"{self.base}/badge.png",
            "criteria": f"{self.base}/criteria",
            "issuer": self.url,
        }
        return changed(document, changes)

    def crypto_key(self, **changes) -> dict:
        document = {
            "@context": CONTEXT,
            "type": "CryptographicKey",
            "id": self.key_url,
            "owner": self.url,
            "publicKeyPem": pem_of(rsa_key()),
        }
        return changed(document, changes)

    def assertion(self, **changes) -> dict:
        digest = hashlib.sha256(b"amara@example.orgs4lt").hexdigest()
        document = {
            "@context": CONTEXT,
            "type": "Assertion",
            "id": self.assertion_url,
            "recipient": {"type": "email", "hashed": True, "salt": "s4lt", "identity": f"sha256${digest}"},
            "issuedOn": "2020-12-31T23:59:59Z",
            "badge": self.badge_url,
            "verification": {"type": "hosted"},
        }
        return changed(document, changes)

    def signed(self, *, key=None, header=None, **changes) -> str:
        """A signed assertion as compact JWS."""
        document = self.assertion(id="urn:uuid:1", verification={"type": "signed", "creator": self.key_url}, **changes)
        signer = SigningKey.from_pkcs8(pkcs8(key or rsa_key()))
        return jws.sign(strict_json.dump(document), {"typ": "JWT", **(header or {})}, key=signer)

    def revocation_list(self, *items, **changes) -> dict:
        document = {"@context": CONTEXT, "type": "RevocationList", "id": self.list_url, "revokedAssertions": list(items)}
        return changed(document, changes)


def changed(document: dict, changes: dict) -> dict:
    """The document with these members changed; those changed to None are left out."""
    return {name: value for name, value in {**document, **changes}.items() if value is not None}
