"""Ed25519 keys (RFC 8032), on libsodium, with the strictness that a proof needs.

libsodium refuses a signature whose S is not below the group order (else every signature could be changed into a second valid
one) and keys of small order (which would verify anything).
"""

from dataclasses import dataclass, field
from typing import Literal, Self

from nacl import bindings, exceptions

from hexmark.openbadges import base58
from hexmark.openbadges.errors import InvalidKey, ProofError

KeyKind = Literal["Ed25519"]

#: Multicodec `ed25519-pub`, 0xed as an unsigned varint.
ED25519_PUBLIC = b"\xed\x01"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that can verify. `raw` is 32 bytes, a point of the prime order group.

    Raises:
        InvalidKey: not such a point (wrong length, not on the curve, of small or mixed order, or not in its shortest form).
    """

    kind: KeyKind
    raw: bytes

    def __post_init__(self) -> None:
        if self.kind != "Ed25519":
            raise InvalidKey("This kind of key is not known here.")
        if len(self.raw) != 32 or not bindings.crypto_core_ed25519_is_valid_point(self.raw):
            raise InvalidKey("This is not an Ed25519 public key.")

    @property
    def multibase(self) -> str:
        """As a Multikey writes it: `z6Mk…`. Source: W3C Controlled Identifiers v1.0, 2.2.2."""
        return "z" + base58.encode(ED25519_PUBLIC + self.raw)

    def verify(self, message: bytes, signature: bytes) -> None:
        """Pass silently if the signature of this message is by this key.

        Raises:
            ProofError: it is not. Source: RFC 8032, 5.1.7.
        """
        if len(signature) != 64:
            raise ProofError("An Ed25519 signature has 64 bytes.")
        try:
            bindings.crypto_sign_open(signature + message, self.raw)
        except exceptions.BadSignatureError:
            raise ProofError("The signature does not fit the document and the key.", detail="SIGNATURE") from None


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that can sign. Its secret never shows in a representation, and so in no log and no trace."""

    public: PublicKey
    secret: bytes = field(repr=False)

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """The key of these 32 secret bytes.

        Raises:
            InvalidKey: not 32 bytes.
        """
        if len(seed) != 32:
            raise InvalidKey("The seed of an Ed25519 key has 32 bytes.")
        public, secret = bindings.crypto_sign_seed_keypair(seed)
        return cls(PublicKey("Ed25519", public), secret)

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature; the same for the same message. Source: RFC 8032, 5.1.6."""
        return bindings.crypto_sign(message, self.secret)[:64]
