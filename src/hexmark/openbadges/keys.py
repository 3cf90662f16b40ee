"""Keys that verify and keys that sign, of every kind that badges are signed with; `algorithms` says what each kind does.

A key knows its kind, and its kind decides the algorithm. Nothing that stands in a signed document ever chooses one: whoever
forges a document would choose the weakest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, Self, cast

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_der_private_key

from hexmark.openbadges import base58
from hexmark.openbadges.algorithms import ecdsa as ecdsa_keys
from hexmark.openbadges.algorithms import ed25519 as ed25519_keys
from hexmark.openbadges.algorithms import rsa as rsa_keys
from hexmark.openbadges.errors import InvalidKey, ProofError

KeyKind = Literal["Ed25519", "P-256", "P-384", "RSA"]
Algorithm = Literal["EdDSA", "ES256", "ES384", "RS256", "PS256"]

#: Kind -> its multicodec as an unsigned varint: `ed25519-pub` 0xed, `p256-pub` 0x1200, `p384-pub` 0x1201, `rsa-pub` 0x1205.
CODECS: Mapping[KeyKind, bytes] = MappingProxyType({"Ed25519": b"\xed\x01", "P-256": b"\x80\x24", "P-384": b"\x81\x24", "RSA": b"\x85\x24"})
#: Kind -> the names that JOSE gives to what such a key does (RFC 7518, 3.1; RFC 8037, 3.1). The first one signs.
ALGORITHMS: Mapping[KeyKind, tuple[Algorithm, ...]] = MappingProxyType(
    {"Ed25519": ("EdDSA",), "P-256": ("ES256",), "P-384": ("ES384",), "RSA": ("RS256", "PS256")}
)
CURVES: Mapping[str, ecdsa_keys.Curve] = MappingProxyType({"P-256": ecdsa_keys.P_256, "P-384": ecdsa_keys.P_384})


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that can verify.

    `raw`: of Ed25519 the 32 bytes of the point; of P-256 and P-384 the compressed point; of RSA the DER of its RSAPublicKey.
    `algorithm`: the only one that its owner allows it to be used with, or None.

    Raises:
        InvalidKey: not such a key; `KEY_WEAK`.
    """

    kind: KeyKind
    raw: bytes
    algorithm: Algorithm | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.kind not in CODECS:
            raise InvalidKey("This kind of key is not known here.")
        if self.algorithm is not None and self.algorithm not in ALGORITHMS[self.kind]:
            raise InvalidKey(f"A key of kind {self.kind} is not for {self.algorithm}.")
        if self.kind == "Ed25519":
            ed25519_keys.check(self.raw)
        elif self.kind == "RSA":
            rsa_keys.check(self.raw)
        else:
            ecdsa_keys.check(CURVES[self.kind], self.raw)

    @property
    def multibase(self) -> str:
        """As a Multikey writes it: `z6Mk…`, `zDn…`, `z82L…`. Source: W3C Controlled Identifiers v1.0, 2.2.2."""
        return "z" + base58.encode(CODECS[self.kind] + self.raw)

    @property
    def algorithms(self) -> tuple[Algorithm, ...]:
        """What this key may be used with, by the names of JOSE."""
        return (self.algorithm,) if self.algorithm else ALGORITHMS[self.kind]

    def verify(self, message: bytes, signature: bytes, *, algorithm: Algorithm | None = None) -> None:
        """Pass silently if the signature of this message is by this key, with its first algorithm or the one named.

        Raises:
            ProofError: it is not; `KEY_ALG`: the key is not for this algorithm.
        """
        algorithm = algorithm or self.algorithms[0]
        if algorithm not in self.algorithms:
            raise ProofError(f"The key is not for {algorithm}, but for {' or '.join(self.algorithms)}.", code="KEY_ALG")
        if self.kind == "Ed25519":
            ed25519_keys.verify(self.raw, message, signature)
        elif self.kind == "RSA":
            rsa_keys.verify(self.raw, message, signature, algorithm=cast(rsa_keys.Algorithm, algorithm))
        else:
            ecdsa_keys.verify(CURVES[self.kind], self.raw, message, signature)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that can sign. Its secret never shows in a representation, and so in no log and no trace."""

    public: PublicKey
    secret: bytes | ecdsa_keys.PrivateKey | rsa_keys.PrivateKey = field(repr=False, compare=False)

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """The Ed25519 key of these 32 secret bytes.

        Raises:
            InvalidKey: not 32 bytes.
        """
        public, secret = ed25519_keys.keypair(seed)
        return cls(PublicKey("Ed25519", public), secret)

    @classmethod
    def from_scalar(cls, kind: Literal["P-256", "P-384"], scalar: bytes) -> Self:
        """The ECDSA key with this secret number, of 32 or 48 bytes.

        Raises:
            InvalidKey: not such a number.
        """
        if kind not in CURVES:
            raise InvalidKey("Only keys of kind P-256 and P-384 are made of a number.")
        return cls._holding(kind, ecdsa_keys.private_key(CURVES[kind], scalar))

    @classmethod
    def from_pkcs8(cls, der: bytes) -> Self:
        """The key of any kind in this unencrypted PKCS #8 (RFC 5958).

        Raises:
            InvalidKey: not that, or of a kind that is not known here; `KEY_WEAK`.
        """
        try:
            private = load_der_private_key(der, None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            # Never the reader's own words: they may quote what they read.
            raise InvalidKey("This is not an unencrypted private key in PKCS #8.") from None
        if isinstance(private, ed25519.Ed25519PrivateKey):
            return cls.from_seed(private.private_bytes_raw())
        if isinstance(private, rsa.RSAPrivateKey):
            return cls(PublicKey("RSA", rsa_keys.public_of(private)), private)
        if isinstance(private, ec.EllipticCurvePrivateKey):
            for name, curve in CURVES.items():
                if isinstance(private.curve, type(curve.curve)):
                    return cls._holding(cast(KeyKind, name), private)
        raise InvalidKey("This kind of key is not known here.")

    @classmethod
    def _holding(cls, kind: KeyKind, private: ecdsa_keys.PrivateKey) -> Self:
        return cls(PublicKey(kind, ecdsa_keys.public_of(private)), private)

    def sign(self, message: bytes) -> bytes:
        """The signature by the first algorithm of the key's kind; the same for the same message."""
        if isinstance(self.secret, bytes):
            return ed25519_keys.sign(self.secret, message)
        if isinstance(self.secret, rsa.RSAPrivateKey):
            return rsa_keys.sign(self.secret, message)
        return ecdsa_keys.sign(CURVES[self.public.kind], self.secret, message)
