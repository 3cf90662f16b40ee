"""A key of every kind, the same in every test but for RSA, whose primes cannot be told beforehand."""

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hexmark.openbadges import strict_json
from hexmark.openbadges.jwk import jwk_of
from hexmark.openbadges.keys import PublicKey, SigningKey
from hexmark.openbadges.multibase import b64url_encode


def pkcs8(private) -> bytes:
    return private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def did_jwk(key: PublicKey) -> str:
    """The did:jwk of a key (did:jwk Method Specification, "Create")."""
    return "did:jwk:" + b64url_encode(strict_json.dump(jwk_of(key)))


KEYS = {
    "Ed25519": SigningKey.from_seed(bytes(range(32))),
    "P-256": SigningKey.from_scalar("P-256", bytes(range(1, 33))),
    "P-384": SigningKey.from_scalar("P-384", bytes(range(1, 49))),
    "RSA": SigningKey.from_pkcs8(pkcs8(rsa.generate_private_key(65537, 2048))),
}
