"""Envelope encryption of private keys at rest: AES-256-GCM under a data key, wrapped (RFC 3394) under the key-encryption key."""

from __future__ import annotations

import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from hexmark.errors import NotConfigured

KEY_BYTES = 32
NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Sealed:
    """A secret that only the key-encryption key opens."""

    ciphertext: bytes
    wrapped_data_key: bytes


def new_key_encryption_key() -> str:
    """A fresh key-encryption key as text (base64url of 32 random bytes)."""
    return urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")


def parse_key_encryption_key(text: str) -> bytes:
    """The 32 bytes that the text stands for.

    Raises:
        NotConfigured: the text is not what `hexmark keys new-encryption-key` prints.
    """
    written = text.strip().rstrip("=")
    # The standard library passes over characters that are no base64: the key would be another than the one that was typed.
    key = urlsafe_b64decode(written + "=") if re.fullmatch(r"[A-Za-z0-9_-]{43}", written) else b""
    if len(key) != KEY_BYTES:
        raise NotConfigured(
            "HEXMARK_KEY_ENCRYPTION_KEY is missing or damaged. Make one with `hexmark keys new-encryption-key` and keep it safe."
        )
    return key


def seal(secret: bytes, *, key_encryption_key: bytes, bound_to: bytes) -> Sealed:
    """The secret, encrypted. `bound_to` names what it belongs to: a ciphertext moved to another row does not open."""
    data_key, nonce = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(NONCE_BYTES)
    ciphertext = nonce + AESGCM(data_key).encrypt(nonce, secret, bound_to)
    return Sealed(ciphertext=ciphertext, wrapped_data_key=aes_key_wrap(key_encryption_key, data_key))


def unseal(sealed: Sealed, *, key_encryption_key: bytes, bound_to: bytes) -> bytes:
    """The secret.

    Raises:
        NotConfigured: the key-encryption key is not the one it was sealed with, or the row was altered.
    """
    try:
        data_key = aes_key_unwrap(key_encryption_key, sealed.wrapped_data_key)
        return AESGCM(data_key).decrypt(sealed.ciphertext[:NONCE_BYTES], sealed.ciphertext[NONCE_BYTES:], bound_to)
    except (InvalidUnwrap, InvalidTag, ValueError) as error:
        raise NotConfigured("The signing key does not open: HEXMARK_KEY_ENCRYPTION_KEY is not the one it was stored with.") from error
