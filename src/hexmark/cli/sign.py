"""`hexmark sign`: put a proof on a document that is not one of this installation's, with a key in a file."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hexmark.cli.files import Unreadable, bytes_of, refusals

if TYPE_CHECKING:
    from hexmark.openbadges.keys import SigningKey

SUITES = ("eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019", "ecdsa-jcs-2019")
JWT_PROFILES = {"jwt": "JWT", "vc+jwt": "vc+jwt"}
#: A key file is a few kilobytes; more is something else.
_KEY_BYTES = 64 * 1024
_BEGIN, _END = "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--key", "key_file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, help="The secret key.")
@click.option("--method", help="Which key it is, as verifiers find it: did:web:example.org#key-1. Without this, its did:key.")
@click.option("--form", type=click.Choice([*SUITES, *JWT_PROFILES]), help="The kind of proof; without this, the usual one for the key.")
@click.option("--created", help="When it was signed, such as 2026-01-31T09:00:00Z; without this, now.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write, instead of standard output.")
def sign(file: Path, *, key_file: Path, method: str | None, form: str | None, created: str | None, output: Path | None) -> None:
    """Print FILE, a credential as JSON, with a proof by the key in --key. Proofs that it has stay.

    FILE may be - for standard input. The key is a PKCS #8 file in PEM, unencrypted, or a secret Multikey (z3u2…). The issuer in FILE must
    be who the key belongs to: what nobody would accept is not signed.

    Exit code 3: the file or the key cannot be read, or the document holds what a signature could not cover.
    """
    with refusals():
        from hexmark.openbadges import strict_json, timestamps

        document = strict_json.parse(bytes_of(file))
        key = _key(key_file)
        method = method or _did_key_method(key)
        _check_issuer(document, method)
        moment = timestamps.parse(created) if created else datetime.now(UTC).replace(microsecond=0)
        signed = _signed(document, key, method, form, moment)
    if output is None:
        # Bytes, not text: a terminal's encoding must not change what was signed.
        sys.stdout.buffer.write(signed + b"\n")
        return
    try:
        output.write_bytes(signed)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from error


def _signed(document: dict[str, Any], key: SigningKey, method: str, form: str | None, created: datetime) -> bytes:
    from hexmark.openbadges import jose, proofs, schema, strict_json

    schema.check(document)
    if form in JWT_PROFILES or (form is None and key.public.kind == "RSA"):
        token = jose.sign_jwt(document, key=key, verification_method=method, profile=jose.Profile(JWT_PROFILES[form or "jwt"]))
        return token.encode()
    return strict_json.dump(proofs.add_proof(document, key=key, verification_method=method, created=created, cryptosuite=form))


def _key(file: Path) -> SigningKey:
    import base64

    from hexmark.openbadges import multibase
    from hexmark.openbadges.errors import InvalidKey
    from hexmark.openbadges.keys import SigningKey

    with file.open("rb") as opened:
        text = opened.read(_KEY_BYTES).decode("ascii", errors="replace").strip()
    if text.startswith("z"):
        return multibase.decode_secret_multikey(text)
    if not (text.startswith(_BEGIN) and text.endswith(_END)):
        # Never what stands in the file: it may be a secret of another kind.
        raise InvalidKey(f"{file} holds neither a PKCS #8 private key in PEM nor a secret Multikey.")
    try:
        der = base64.b64decode("".join(text[len(_BEGIN) : -len(_END)].split()), validate=True)
    except ValueError:
        raise InvalidKey(f"{file} is not readable PEM.") from None
    return SigningKey.from_pkcs8(der)


def _did_key_method(key: SigningKey) -> str:
    if key.public.kind == "RSA":
        raise Unreadable("Say with --method how verifiers find this key: an RSA key has no short did:key.")
    return f"did:key:{key.public.multibase}#{key.public.multibase}"


def _check_issuer(document: Mapping[str, Any], method: str) -> None:
    issuer = document.get("issuer")
    identifier = issuer.get("id") if isinstance(issuer, dict) else issuer
    controller = method.partition("#")[0]
    if identifier != controller:
        raise Unreadable(f"The issuer in the file is {str(identifier)[:200]}, the key is of {controller}. Nobody would accept this.")
