"""The cryptosuites, in one table. They differ in key, hash and canonical form; what they sign is made alike, in `proofs`."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from hexmark.openbadges.errors import ProofError
from hexmark.openbadges.keys import KeyKind

PROOF_TYPE = "DataIntegrityProof"

_HASHES = {"SHA-256": hashlib.sha256, "SHA-384": hashlib.sha384}


@dataclass(frozen=True, slots=True)
class Suite:
    """What tells one cryptosuite from another. All of them sign hash(options) followed by hash(document).

    A suite that takes keys of two kinds stands in the table twice: the kind decides the hash. `form` is what is hashed, canonical
    N-Quads or canonical JSON. `proof_type` is that of the proof; before Data Integrity each suite had a type of its own.
    One with `issued` False is not made by `proofs.add_proof`: it is deprecated, or, where it `discloses`, made by `selective`, and what it
    signs is each statement of the document by itself.
    """

    name: str
    key_kind: KeyKind
    hash_name: Literal["SHA-256", "SHA-384"]
    signature_bytes: int
    form: Literal["RDFC-1.0", "JCS"] = "RDFC-1.0"
    proof_type: str = PROOF_TYPE
    issued: bool = True
    discloses: bool = False

    def digest(self, data: bytes) -> bytes:
        """The suite's hash of these bytes."""
        return _HASHES[self.hash_name](data).digest()


#: W3C Data Integrity EdDSA Cryptosuites v1.0, 3.2 and 3.3; its predecessors of the drafts of 2022 and 2020 (3.4).
EDDSA_RDFC_2022 = Suite("eddsa-rdfc-2022", "Ed25519", "SHA-256", 64)
EDDSA_JCS_2022 = Suite("eddsa-jcs-2022", "Ed25519", "SHA-256", 64, "JCS")
EDDSA_2022 = Suite("eddsa-2022", "Ed25519", "SHA-256", 64, issued=False)
ED25519_SIGNATURE_2020 = Suite("Ed25519Signature2020", "Ed25519", "SHA-256", 64, proof_type="Ed25519Signature2020", issued=False)
#: W3C Data Integrity ECDSA Cryptosuites v1.0, 3.2 and 3.3.
ECDSA_RDFC_2019 = Suite("ecdsa-rdfc-2019", "P-256", "SHA-256", 64)
ECDSA_RDFC_2019_P384 = Suite("ecdsa-rdfc-2019", "P-384", "SHA-384", 96)
ECDSA_JCS_2019 = Suite("ecdsa-jcs-2019", "P-256", "SHA-256", 64, "JCS")
ECDSA_JCS_2019_P384 = Suite("ecdsa-jcs-2019", "P-384", "SHA-384", 96, "JCS")
#: The same, 3.5: the holder can show a part.
ECDSA_SD_2023 = Suite("ecdsa-sd-2023", "P-256", "SHA-256", 64, issued=False, discloses=True)

#: In the order of preference: the first that is issued with a key of its kind is what such a key signs with.
SUITES: tuple[Suite, ...] = (
    EDDSA_RDFC_2022,
    ECDSA_RDFC_2019,
    ECDSA_RDFC_2019_P384,
    EDDSA_JCS_2022,
    ECDSA_JCS_2019,
    ECDSA_JCS_2019_P384,
    EDDSA_2022,
    ED25519_SIGNATURE_2020,
    ECDSA_SD_2023,
)


def suites_of(proof: Mapping[str, Any]) -> list[Suite]:
    """The suites that this proof can be of, one for each kind of key; none if its kind is not known here."""
    kind, name = proof.get("type"), proof.get("cryptosuite")
    if kind == ED25519_SIGNATURE_2020.proof_type:
        name = None if "cryptosuite" in proof else kind
    return [suite for suite in SUITES if suite.proof_type == kind and suite.name == name]


@cache
def suite_for_signing(key_kind: KeyKind, name: str | None = None) -> Suite:
    """The suite with this name, or the preferred one, for keys of this kind.

    Raises:
        ProofError: `KEY_KIND`: no suite signs with such a key (an RSA key signs tokens, see `jose`), or not the one named.
    """
    for suite in SUITES:
        if suite.issued and suite.key_kind == key_kind and name in (None, suite.name):
            return suite
    raise ProofError(f"No proof {f'of {name} ' if name else ''}is made with a key of kind {key_kind}.", detail="KEY_KIND")
