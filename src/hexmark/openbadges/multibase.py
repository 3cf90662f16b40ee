"""How keys, signatures and lists are written as text: multibase (`z` base58btc, `u` base64url), Multikey and base64url, all strict.

Strict means that each sequence of bytes has one text. Otherwise a signed document could be changed and still verify.
"""

import base64
import re

from hexmark.openbadges import base58
from hexmark.openbadges.errors import InvalidKey, Malformed
from hexmark.openbadges.keys import CODECS, PublicKey, SigningKey

#: Multicodecs as unsigned varints of what must never stand where a public key belongs: `ed25519-priv` 0x1300, `p256-priv`
#: 0x1306, `p384-priv` 0x1307, `rsa-priv` 0x1305.
ED25519_SECRET, P256_SECRET, P384_SECRET, RSA_SECRET = b"\x80\x26", b"\x86\x26", b"\x87\x26", b"\x85\x26"
_SECRETS = (ED25519_SECRET, P256_SECRET, P384_SECRET, RSA_SECRET)
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*").fullmatch


def b64url_encode(data: bytes) -> str:
    """Base64url without padding. Source: RFC 4648, 5."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def b64url_decode(text: str) -> bytes:
    """The bytes of an unpadded base64url text.

    Raises:
        Malformed: padding, whitespace, another alphabet, a length that no bytes have, or bits left over that are not zero.
    """
    if not _BASE64URL(text) or len(text) % 4 == 1:
        raise Malformed("This is not base64url without padding.", detail="BASE64URL")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if b64url_encode(data) != text:
        raise Malformed("This base64url text has bits left over.", detail="BASE64URL")
    return data


def encode(data: bytes) -> str:
    """Multibase base58btc: `z…`."""
    return "z" + base58.encode(data)


def decode(text: str, *, length: int) -> bytes:
    """The bytes of a base58btc multibase text of exactly this many bytes.

    Raises:
        Malformed: another base, another alphabet or another length.
    """
    if not isinstance(text, str) or not text.startswith("z"):
        raise Malformed("This is not base58btc multibase (z…).", detail="MULTIBASE")
    try:
        data = base58.decode(text[1:])
    except ValueError as error:
        raise Malformed(f"This is not base58btc: {error}.", detail="MULTIBASE") from None
    if len(data) != length:
        raise Malformed(f"Expected {length} bytes, found {len(data)}.", detail="MULTIBASE")
    return data


def decode_multikey(text: str) -> PublicKey:
    """The public key that a Multikey text stands for, of any kind.

    Raises:
        InvalidKey: another base, codec or length, or not a usable key; `KEY_PRIVATE` if it is a secret key in the open.
    Source: W3C Controlled Identifiers v1.0, 2.2.2.
    """
    data = _multikey_bytes(text)
    if data.startswith(_SECRETS):
        raise InvalidKey("A secret key was published as a public one. It must be replaced.", code="KEY_PRIVATE")
    for kind, codec in CODECS.items():
        if data.startswith(codec):
            return PublicKey(kind, data.removeprefix(codec))
    raise InvalidKey("This Multikey is of a kind that is not known here.")


def decode_secret_multikey(text: str) -> SigningKey:
    """The signing key of a Multikey's `secretKeyMultibase`.

    Raises:
        InvalidKey: another base, codec or length, or not a usable key. Nothing of the text is quoted.
    Source: W3C Controlled Identifiers v1.0, 2.2.2.
    """
    data = _multikey_bytes(text)
    codec, secret = data[:2], data[2:]
    if codec == ED25519_SECRET:
        return SigningKey.from_seed(secret)
    if codec in (P256_SECRET, P384_SECRET):
        return SigningKey.from_scalar("P-256" if codec == P256_SECRET else "P-384", secret)
    raise InvalidKey("This is not the secret of a key that is known here.")


def _multikey_bytes(text: str) -> bytes:
    if not isinstance(text, str) or not text.startswith("z"):
        raise InvalidKey("A Multikey is written in base58btc multibase (z…).")
    try:
        return base58.decode(text[1:])
    except ValueError:
        raise InvalidKey("This Multikey is not base58btc.") from None
