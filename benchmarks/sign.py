"""Signing many awards of one badge: by template, by the plain path, and by openbadgeslib.

    python benchmarks/sign.py --json

All give the signed JSON text of eddsa-rdfc-2022 over the same documents with the same key; a sample is compared character by
character, and what the peer signs has to have our proof value. Ours includes the comparison of one in a thousand with the plain path.
"""

from __future__ import annotations

import json
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from measuring import plan, show, speed
from openbadgeslib.ob3.ldp import add_data_integrity_proof
from usual_badge import CREATED, KEY, METHOD, draft, unsigned, values

from hexmark.openbadges import jsonld, proofs, strict_json
from hexmark.openbadges.jose import Profile
from hexmark.openbadges.template import BadgeTemplates, Watch

SIGNING = {"key": KEY, "verification_method": METHOD, "created": CREATED}


def main() -> None:
    """The figures are printed."""
    measured = plan("Sign many awards of one badge.")
    templates = BadgeTemplates(watch=Watch(alarm=sys.exit))
    document = draft()
    pem = Ed25519PrivateKey.from_private_bytes(KEY.secret[:32]).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def by_template(number: int) -> str:
        return templates.sign(document, values(number), **SIGNING)

    def plainly(number: int) -> str:
        return strict_json.dump(proofs.add_proof(unsigned(number), **SIGNING)).decode()

    def by_peer(number: int) -> str:
        return json.dumps(add_data_integrity_proof(unsigned(number), pem, METHOD, created=CREATED))

    for number in range(50):
        if by_template(number) != plainly(number):
            sys.exit("The template does not give what the plain path gives.")
    token_templates = BadgeTemplates(watch=Watch(alarm=sys.exit))

    def as_token(number: int) -> str:
        return token_templates.token(document, values(number), key=KEY, verification_method=METHOD, profile=Profile.OPEN_BADGES)

    ours, plain, peer = speed(by_template, measured, step=100), speed(plainly, measured, step=5), speed(by_peer, measured, step=2)
    show(
        measured,
        name="sign: sign one badge for many people",
        unit="signed credentials a second of processor time, one core",
        ours=ours,
        peer=peer,
        details={
            "peer": "openbadgeslib, add_data_integrity_proof",
            "plain_path": plain.best,
            "as_token_eddsa": speed(as_token, measured, step=100).best,
            "ratio_to_plain_path": round(ours.best / plain.best, 1),
            "peer_gives_our_proof": _value(by_peer(7)) == _value(by_template(7)),
            "json_bytes": len(by_template(7)),
            "canonical_bytes": len(jsonld.canonical(unsigned(7))),
        },
    )


def _value(text: str) -> str:
    proof = json.loads(text)["proof"]
    return str((proof[0] if isinstance(proof, list) else proof)["proofValue"])


if __name__ == "__main__":
    main()
