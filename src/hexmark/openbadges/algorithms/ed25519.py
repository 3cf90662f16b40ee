"""Ed25519 (RFC 8032) on libsodium, with the strictness that a proof needs.

libsodium refuses a signature whose S is not below the group order (else every signature could be changed into a second valid
one) and keys of small order (which would verify anything).
"""

from nacl import bindings, exceptions

from hexmark.openbadges.errors import InvalidKey, ProofError


def check(raw: bytes) -> None:
    """Pass silently if these 32 bytes are a point of the prime order group.

    Raises:
        InvalidKey: wrong length, not on the curve, of small or mixed order, or not in its shortest form.
    """
    if len(raw) != 32 or not bindings.crypto_core_ed25519_is_valid_point(raw):
        raise InvalidKey("This is not an Ed25519 public key.")


def verify(raw: bytes, message: bytes, signature: bytes) -> None:
    """Pass silently if the signature of this message is by this key.

    Raises:
        ProofError: it is not. Source: RFC 8032, 5.1.7.
    """
    if len(signature) != 64:
        raise ProofError("An Ed25519 signature has 64 bytes.")
    try:
        bindings.crypto_sign_open(signature + message, raw)
    except exceptions.BadSignatureError:
        raise ProofError("The signature does not fit the document and the key.", detail="SIGNATURE") from None


def keypair(seed: bytes) -> tuple[bytes, bytes]:
    """The public key of these 32 secret bytes, and the secret in the form that `sign` takes.

    Raises:
        InvalidKey: not 32 bytes.
    """
    if len(seed) != 32:
        raise InvalidKey("The seed of an Ed25519 key has 32 bytes.")
    public, secret = bindings.crypto_sign_seed_keypair(seed)
    return public, secret


def sign(secret: bytes, message: bytes) -> bytes:
    """The 64 bytes of the signature; the same for the same message. Source: RFC 8032, 5.1.6."""
    return bindings.crypto_sign(message, secret)[:64]
