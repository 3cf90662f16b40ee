"""ECDSA over P-256 with SHA-256 and over P-384 with SHA-384: the pairs that the W3C suites and JOSE know, and no others.

A public key is its compressed point (SEC 1, 2.3.3), a signature r and s in full length one after the other (IEEE P1363). Signing
is deterministic (RFC 6979): no bad random number can give the key away, and published vectors can be reproduced.
"""

from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hexmark.openbadges.errors import InvalidKey, ProofError

PrivateKey = ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A curve and its hash. `size` is the length of a coordinate in bytes, and of r and s each."""

    name: str
    curve: ec.EllipticCurve
    hash: hashes.HashAlgorithm
    size: int


P_256 = Curve("P-256", ec.SECP256R1(), hashes.SHA256(), 32)
P_384 = Curve("P-384", ec.SECP384R1(), hashes.SHA384(), 48)


def check(curve: Curve, raw: bytes) -> None:
    """Pass silently if these bytes are a compressed point of the curve.

    Raises:
        InvalidKey: wrong length, another form, not on the curve, or the point at infinity.
    """
    _public(curve, raw)


def compressed(curve: Curve, x: bytes, y: bytes) -> bytes:
    """The compressed point with these coordinates, each of exactly `curve.size` bytes.

    Raises:
        InvalidKey: not a point of the curve.
    """
    if len(x) != curve.size or len(y) != curve.size:
        raise InvalidKey(f"The coordinates of a {curve.name} key have {curve.size} bytes each.")
    raw = bytes([2 + (y[-1] & 1)]) + x
    # The sign alone would make any y do: the one that was written must be the one that belongs to x.
    if _coordinates(curve, raw) != (x, y):
        raise _no_point(curve)
    return raw


def coordinates(curve: Curve, raw: bytes) -> tuple[bytes, bytes]:
    """x and y of a compressed point, as a JSON Web Key writes them.

    Raises:
        InvalidKey: as `check`.
    """
    return _coordinates(curve, raw)


def verify(curve: Curve, raw: bytes, message: bytes, signature: bytes) -> None:
    """Pass silently if the signature of this message is by this key.

    Raises:
        ProofError: it is not, or it is written in another form (DER). Source: FIPS 186-5, 6.4.2; RFC 7518, 3.4.
    """
    if len(signature) != 2 * curve.size:
        raise ProofError(f"An ECDSA signature over {curve.name} has {2 * curve.size} bytes.")
    r, s = int.from_bytes(signature[: curve.size]), int.from_bytes(signature[curve.size :])
    try:
        _public(curve, raw).verify(encode_dss_signature(r, s), message, ec.ECDSA(curve.hash))
    except InvalidSignature:
        raise ProofError("The signature does not fit the document and the key.", detail="SIGNATURE") from None


def private_key(curve: Curve, scalar: bytes) -> PrivateKey:
    """The private key with this secret number.

    Raises:
        InvalidKey: not `curve.size` bytes, or not between 1 and the order of the group.
    """
    if len(scalar) != curve.size:
        raise InvalidKey(f"The secret of a {curve.name} key has {curve.size} bytes.")
    try:
        return ec.derive_private_key(int.from_bytes(scalar), curve.curve)
    except ValueError:
        raise InvalidKey(f"This is not the secret of a {curve.name} key.") from None


def public_of(private: PrivateKey) -> bytes:
    """The compressed point that belongs to a private key."""
    return private.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def sign(curve: Curve, private: PrivateKey, message: bytes) -> bytes:
    """r and s, the same for the same message. Source: RFC 6979, 3.2."""
    r, s = decode_dss_signature(private.sign(message, ec.ECDSA(curve.hash, deterministic_signing=True)))
    return r.to_bytes(curve.size) + s.to_bytes(curve.size)


# The square root that decompresses a point costs as much as verifying does; an issuer's key is met again and again.
@lru_cache(maxsize=256)
def _public(curve: Curve, raw: bytes) -> ec.EllipticCurvePublicKey:
    if len(raw) != curve.size + 1 or raw[0] not in (2, 3):
        raise _no_point(curve)
    try:
        public = ec.EllipticCurvePublicKey.from_encoded_point(curve.curve, raw)
    except ValueError:
        raise _no_point(curve) from None
    if public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint) != raw:
        raise _no_point(curve)
    return public


def _coordinates(curve: Curve, raw: bytes) -> tuple[bytes, bytes]:
    point = _public(curve, raw).public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return point[1 : 1 + curve.size], point[1 + curve.size :]


def _no_point(curve: Curve) -> InvalidKey:
    return InvalidKey(f"This is not a {curve.name} public key.")
