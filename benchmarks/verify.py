"""Checking the proofs of badges of one shape: with the shape known, by the plain path, and by openbadgeslib.

    python benchmarks/verify.py --json

All are given parsed documents and the issuer's key, and check one eddsa-rdfc-2022 proof each. Ours includes every check of contexts,
structure and limits that a stranger's document gets, and the comparison of one in a thousand with the plain path.
`through_the_worker` is the same from the bytes of a file, parsed strictly and canonicalised in the worker process: processor time of
both processes together.
"""

from __future__ import annotations

import resource
import sys
import time
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from measuring import Plan, plan, show, speed
from openbadgeslib.ob3 import verify_data_integrity_proof
from usual_badge import CREATED, KEY, METHOD, draft, values

from hexmark.openbadges import jsonld, proofs, strict_json
from hexmark.openbadges.template import BadgeTemplates, Shapes, Watch
from hexmark.verification import Canonicalizer

DOCUMENTS = 500


def main() -> None:
    """The figures are printed."""
    measured = plan("Verify badges of one shape.")
    signing = BadgeTemplates(watch=Watch(alarm=sys.exit))
    badge = draft()
    texts = [
        signing.sign(badge, values(number), key=KEY, verification_method=METHOD, created=CREATED).encode() for number in range(DOCUMENTS)
    ]
    documents = [strict_json.parse(text) for text in texts]
    pem = Ed25519PublicKey.from_public_bytes(KEY.public.raw).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    shapes = Shapes(watch=Watch(alarm=sys.exit))

    def check(document: dict[str, Any], canonicalize: jsonld.Canonicalize) -> None:
        proofs.check_proof(document, document["proof"][0], KEY.public, canonicalize=canonicalize)

    def by_shape(number: int) -> None:
        check(documents[number % DOCUMENTS], shapes)

    first_sights = [_milliseconds(lambda number=number: by_shape(number)) for number in range(3)]
    ours = speed(by_shape, measured, step=50)
    plain = speed(lambda number: check(documents[number % DOCUMENTS], jsonld.canonical), measured, step=5)
    peer = speed(lambda number: verify_data_integrity_proof(documents[number % DOCUMENTS], pem), measured, step=2)
    show(
        measured,
        name="verify: check the proof of a badge whose shape is known",
        unit="proofs checked a second of processor time, one core",
        ours=ours,
        peer=peer,
        details={
            "peer": "openbadgeslib, verify_data_integrity_proof",
            "plain_path": plain.best,
            "ratio_to_plain_path": round(ours.best / plain.best, 1),
            "through_the_worker": _through_the_worker(texts, measured),
            "milliseconds_at_first_second_third_sight": first_sights,
        },
    )


def _milliseconds(work: Any) -> float:
    begins = time.process_time()
    work()
    return round((time.process_time() - begins) * 1000, 1)


def _through_the_worker(texts: list[bytes], measured: Plan) -> float:
    """Proofs checked a second of both processes' time, the worker's start taken off by measuring a short run as well."""
    many = round(measured.seconds * 4000)
    short, long = _both_seconds(texts, 10), _both_seconds(texts, 10 + many)
    return round(many / max(long - short, 1e-9), 1)


def _both_seconds(texts: list[bytes], count: int) -> float:
    begins = _seconds()
    with Canonicalizer() as canonicalize:
        for number in range(count):
            document = strict_json.parse(texts[number % DOCUMENTS])
            proofs.check_proof(document, document["proof"][0], KEY.public, canonicalize=canonicalize)
    return _seconds() - begins


def _seconds() -> float:
    # Of children those that have ended count, as the worker has when its context is left.
    spent = [resource.getrusage(which) for which in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


if __name__ == "__main__":
    main()
