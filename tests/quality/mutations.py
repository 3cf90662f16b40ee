"""Changes single bytes of signed credentials and asks whether any of the results is verified: `python -m tests.quality.mutations`.

A change that leaves the document what it was (an escape written otherwise) is none. One object with the figures is printed as JSON.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from typing import Any

from tests.openbadges.signing_keys import KEYS
from tests.simulator import NOW, ForeignIssuer, Simulator

from hexmark.openbadges import proofs, strict_json
from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.report import Verdict
from hexmark.openbadges.suites import SUITES
from hexmark.verification import verify

WORDS = "Kiln Safety Lötstelle 安全 Παιδεία naïve Ångström “quoted” back\\slash tab\there first-aid 42".split(" ")
ISSUED = [suite for suite in SUITES if suite.issued]


def random_credential(chance: random.Random, simulator: Simulator) -> bytes:
    """A signed credential with random texts, dates, skills and cryptosuite, as it would be served."""
    suite = chance.choice(ISSUED)
    issuer = simulator.did_web_issuer(f"{suite.key_kind.lower()}.example")
    issuer.key = KEYS[suite.key_kind]
    issuer.publish()
    badge = _varied(chance, issuer)
    signed = proofs.add_proof(badge, key=issuer.key, verification_method=issuer.method, created=NOW, cryptosuite=suite.name)
    return strict_json.dump(signed)


def mutated(chance: random.Random, data: bytes) -> bytes:
    """The bytes with one of them changed, taken away, doubled, or one more put in."""
    at = chance.randrange(len(data))
    match chance.randrange(5):
        case 0:
            return data[:at] + data[at + 1 :]
        case 1:
            return data[:at] + bytes([chance.randrange(256)]) + data[at:]
        case 2:
            return data[:at] + data[at : at + 1] + data[at:]
        case 3:
            # Another printable character: the changes that still parse.
            return data[:at] + bytes([chance.randrange(0x20, 0x7F)]) + data[at + 1 :]
        case _:
            return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


def outcome(simulator: Simulator, original: bytes, data: bytes) -> str:
    """`same` for no change, else why it was refused, or `VERIFIED`, which must never be."""
    try:
        document = strict_json.parse(data)
    except FormatError:
        return "unreadable"
    if document == strict_json.parse(original):
        return "same"
    return "VERIFIED" if verify(document, fetch=simulator.fetch, at=NOW).verdict is Verdict.VERIFIED else "refused"


def run(*, credentials: int, mutations: int, seed: int) -> dict[str, Any]:
    """The figures of that many mutations, spread over that many credentials. The credentials themselves are verified first."""
    chance, simulator, found = random.Random(seed), Simulator(), Counter[str]()
    began = time.process_time()
    for number in range(credentials):
        original = random_credential(chance, simulator)
        report = verify(original, fetch=simulator.fetch, at=NOW)
        if report.verdict is not Verdict.VERIFIED:
            raise AssertionError(f"Credential {number} of seed {seed} is not valid before anything was changed: {report.failed}")
        for _ in range(mutations // credentials):
            found[outcome(simulator, original, mutated(chance, original))] += 1
    seconds = round(time.process_time() - began, 1)
    return {"seed": seed, "credentials": credentials, "mutations": found.total(), "seconds": seconds, **dict(found)}


def _varied(chance: random.Random, issuer: ForeignIssuer) -> dict[str, Any]:
    def text() -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(1, 6)))

    badge = issuer.badge(name=text(), validUntil=f"20{chance.randint(30, 60)}-0{chance.randint(1, 9)}-11T09:00:00Z")
    achievement = badge["credentialSubject"]["achievement"] | {"name": text(), "description": text(), "criteria": {"narrative": text()}}
    if chance.random() < 0.7:
        achievement["tag"] = sorted({text() for _ in range(chance.randint(1, 4))})
    if chance.random() < 0.7:
        achievement["alignment"] = [
            {"type": ["Alignment"], "targetName": text(), "targetUrl": f"https://skills.example/{chance.randrange(10**6)}"}
            for _ in range(chance.randint(1, 3))
        ]
    subject = badge["credentialSubject"] | {"id": f"urn:uuid:{chance.getrandbits(128):032x}", "achievement": achievement}
    if chance.random() < 0.5:
        subject["creditsEarned"] = chance.choice([1, 2.5, 40])
    return badge | {"credentialSubject": subject}


def main() -> None:
    """Run it and print the figures; the exit code is 1 if anything was verified that must not be."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--credentials", type=int, default=1000)
    options.add_argument("--mutations", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=20261123)
    figures = run(**vars(options.parse_args()))
    print(json.dumps(figures))
    raise SystemExit(1 if figures.get("VERIFIED") else 0)


if __name__ == "__main__":
    main()
