"""The proof value of ecdsa-sd-2023 as bytes: what the issuer gives the holder (base), and the holder a verifier (derived).

Source: W3C Data Integrity ECDSA Cryptosuites v1.0, 3.5.2, 3.5.3, 3.5.6, 3.5.7.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hexmark.openbadges import cbor, multibase
from hexmark.openbadges.errors import FormatError, InvalidKey, ProofError
from hexmark.openbadges.keys import PublicKey
from hexmark.openbadges.limits import BLANK_NODES

BASE_HEADER, DERIVED_HEADER = b"\xd9\x5d\x00", b"\xd9\x5d\x01"
SIGNATURE_BYTES = 64
HMAC_BYTES = 32
#: A statement is a quad; a document has fewer than this many for each thing it speaks of.
STATEMENTS = 20 * BLANK_NODES


@dataclass(frozen=True, slots=True)
class BaseValue:
    """`signatures`: one for each statement that is not mandatory, in order. `pointers`: RFC 6901, what must always be shown."""

    base_signature: bytes
    proof_key: PublicKey
    hmac_key: bytes
    signatures: Sequence[bytes]
    pointers: Sequence[str]

    def text(self) -> str:
        """As `proofValue` (multibase base64url)."""
        parts: list[cbor.Value] = [self.base_signature, _multikey(self.proof_key), self.hmac_key, [*self.signatures], [*self.pointers]]
        return _text(BASE_HEADER, parts)


@dataclass(frozen=True, slots=True)
class DerivedValue:
    """`labels`: canonical label of the shown document without `_:` → the label under which it was signed."""

    base_signature: bytes
    proof_key: PublicKey
    signatures: Sequence[bytes]
    labels: Mapping[str, str]
    mandatory: Sequence[int]

    def text(self) -> str:
        """As `proofValue` (multibase base64url)."""
        labels: dict[int, cbor.Value] = {int(c14n[4:]): multibase.b64url_decode(label[1:]) for c14n, label in self.labels.items()}
        parts: list[cbor.Value] = [self.base_signature, _multikey(self.proof_key), [*self.signatures], labels, [*self.mandatory]]
        return _text(DERIVED_HEADER, parts)


def read(text: object) -> BaseValue | DerivedValue:
    """The parts of a proof value.

    Raises:
        ProofError: `PROOF_VALUE`: it is neither of the two, or a part of it is not what it must be.
    """
    try:
        if not isinstance(text, str) or text[:1] != "u":
            raise _refused()
        data = multibase.b64url_decode(text[1:])
        parts = cbor.decode(data[3:])
        if not isinstance(parts, list) or len(parts) != 5:
            raise _refused()
        if data[:3] == BASE_HEADER:
            return _base(parts)
        if data[:3] == DERIVED_HEADER:
            return _derived(parts)
    except (InvalidKey, FormatError) as error:
        raise ProofError(f"The proof has a malformed value. {error}", detail="PROOF_VALUE") from None
    raise _refused()


def _base(parts: list[cbor.Value]) -> BaseValue:
    signature, key, hmac_key, signatures, pointers = parts
    if not isinstance(pointers, list) or not all(isinstance(pointer, str) for pointer in pointers):
        raise _refused()
    texts = [pointer for pointer in pointers if isinstance(pointer, str)]
    return BaseValue(_bytes(signature, SIGNATURE_BYTES), _key(key), _bytes(hmac_key, HMAC_BYTES), _signatures(signatures), texts)


def _derived(parts: list[cbor.Value]) -> DerivedValue:
    signature, key, signatures, labels, mandatory = parts
    if not isinstance(labels, dict) or len(labels) > BLANK_NODES or not isinstance(mandatory, list):
        raise _refused()
    named = {f"c14n{number}": "u" + multibase.b64url_encode(_bytes(label, HMAC_BYTES)) for number, label in labels.items()}
    indexes = [index for index in mandatory if isinstance(index, int)]
    if len(indexes) != len(mandatory) or indexes != sorted(set(indexes)) or len(set(named.values())) != len(named):
        raise _refused()
    return DerivedValue(_bytes(signature, SIGNATURE_BYTES), _key(key), _signatures(signatures), named, indexes)


def _signatures(value: cbor.Value) -> list[bytes]:
    if not isinstance(value, list) or len(value) > STATEMENTS:
        raise _refused()
    return [_bytes(signature, SIGNATURE_BYTES) for signature in value]


def _key(value: cbor.Value) -> PublicKey:
    key = multibase.decode_multikey(multibase.encode(_bytes(value, 35)))
    if key.kind != "P-256":
        raise _refused()
    return key


def _bytes(value: cbor.Value, length: int) -> bytes:
    if not isinstance(value, bytes) or len(value) != length:
        raise _refused()
    return value


def _multikey(key: PublicKey) -> bytes:
    return multibase.decode(key.multibase, length=35)


def _text(header: bytes, parts: list[cbor.Value]) -> str:
    return "u" + multibase.b64url_encode(header + cbor.encode(parts))


def _refused() -> ProofError:
    return ProofError("The proof has a malformed value.", detail="PROOF_VALUE")
