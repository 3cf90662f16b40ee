"""RSA with SHA-256 as JOSE has it: RS256 (PKCS #1 v1.5) signs and verifies, PS256 (PSS, salt as long as the hash) only verifies.

A public key is the DER of its RSAPublicKey (RFC 8017, A.1.1). Keys that can be broken are no keys: too short, with an exponent
that lets signatures be made without the key, with a small factor, or from the faulty generator that is known as ROCA.
"""

from functools import cache, lru_cache
from math import gcd, prod
from typing import Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from hexmark.openbadges import limits
from hexmark.openbadges.errors import InvalidKey, ProofError

PrivateKey = rsa.RSAPrivateKey
Algorithm = Literal["RS256", "PS256"]

_LEAST_EXPONENT, _EXPONENT_BITS = 65537, 33
_SMALL_PRIMES = tuple(number for number in range(3, 168) if all(number % divisor for divisor in range(2, number)))


def encoded(modulus: int, exponent: int) -> bytes:
    """The DER of a public key with these numbers.

    Raises:
        InvalidKey: `KEY_WEAK`, such a key can be broken or would take too long to use.
    """
    check_numbers(modulus, exponent)
    return _der(rsa.RSAPublicNumbers(exponent, modulus).public_key())


def check(raw: bytes) -> None:
    """Pass silently if these bytes are the DER of a public key that can be trusted to be one.

    Raises:
        InvalidKey: not the one DER of such a key; `KEY_WEAK`.
    """
    _public(raw)


def numbers(raw: bytes) -> tuple[int, int]:
    """Modulus and exponent. Errors as for `check`."""
    found = _public(raw).public_numbers()
    return found.n, found.e


def check_numbers(modulus: int, exponent: int) -> None:
    """Pass silently if a key with these numbers is not known to be weak.

    Raises:
        InvalidKey: `KEY_WEAK`. Source: FIPS 186-5, 5.1; M. Nemec et al., "The Return of Coppersmith's Attack", CCS 2017, 4.
    """
    least, most = limits.RSA_BITS
    if not least <= modulus.bit_length() <= most:
        raise _weak(f"An RSA key here has {least} to {most} bits.", "LENGTH")
    if exponent < _LEAST_EXPONENT or exponent.bit_length() > _EXPONENT_BITS or not exponent % 2:
        raise _weak("This RSA key has an exponent with which signatures cannot be trusted.", "EXPONENT")
    if gcd(modulus, 2 * prod(_SMALL_PRIMES)) != 1:
        raise _weak("This RSA key has a small factor.", "FACTOR")
    if all(modulus % prime in _powers(prime) for prime in _SMALL_PRIMES):
        raise _weak("This RSA key comes from a faulty generator, and can be broken.", "ROCA")


def verify(raw: bytes, message: bytes, signature: bytes, *, algorithm: Algorithm) -> None:
    """Pass silently if the signature of this message is by this key.

    Raises:
        ProofError: it is not. Source: RFC 8017, 8.1.2 and 8.2.2; RFC 7518, 3.3 and 3.5.
    """
    public = _public(raw)
    if len(signature) != (public.key_size + 7) // 8:
        raise ProofError("An RSA signature is as long as the key's modulus.")
    sha256 = hashes.SHA256()
    scheme = padding.PKCS1v15() if algorithm == "RS256" else padding.PSS(padding.MGF1(sha256), sha256.digest_size)
    try:
        public.verify(signature, message, scheme, sha256)
    except InvalidSignature:
        raise ProofError("The signature does not fit the document and the key.", detail="SIGNATURE") from None


def public_of(private: PrivateKey) -> bytes:
    """The DER of the public key that belongs to a private key."""
    return _der(private.public_key())


def sign(private: PrivateKey, message: bytes) -> bytes:
    """The signature by RS256, the same for the same message. Source: RFC 8017, 8.2.1."""
    return private.sign(message, padding.PKCS1v15(), hashes.SHA256())


@lru_cache(maxsize=256)
def _public(raw: bytes) -> rsa.RSAPublicKey:
    try:
        public = load_der_public_key(raw)
    except (ValueError, UnsupportedAlgorithm):
        raise InvalidKey("This is not an RSA public key.") from None
    # The reader also knows the longer SubjectPublicKeyInfo, and keys of other kinds in it.
    if not isinstance(public, rsa.RSAPublicKey) or _der(public) != raw:
        raise InvalidKey("This is not an RSA public key in the form of RFC 8017.")
    found = public.public_numbers()
    check_numbers(found.n, found.e)
    return public


def _der(public: rsa.RSAPublicKey) -> bytes:
    return public.public_bytes(Encoding.DER, PublicFormat.PKCS1)


@cache
def _powers(prime: int) -> frozenset[int]:
    """What the faulty generator's moduli leave over when divided by this prime: its factors are powers of 65537 there."""
    return frozenset(pow(65537, power, prime) for power in range(prime))


def _weak(message: str, detail: str) -> InvalidKey:
    return InvalidKey(message, code="KEY_WEAK", detail=detail)
