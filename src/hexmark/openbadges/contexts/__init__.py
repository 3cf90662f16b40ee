"""The JSON-LD contexts we know, as package data pinned by SHA-256. Nothing here or elsewhere ever fetches a context.

A context decides what the words of a signed document mean. One that could change, or that a stranger could add, would change
the meaning of signatures already made. Sources and licences stand in LICENSES.md.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from hexmark.openbadges.errors import ContextNotAllowed

CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES_V3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OPEN_BADGES_EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
LEARNER_RECORD_V2 = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"


@dataclass(frozen=True, slots=True)
class Pinned:
    """One file of this folder and the SHA-256 (hex) that it must have."""

    file: str
    sha256: str


#: URL -> its published revisions, in the order in which a signature is tried against them. We sign under the first.
PINNED: Mapping[str, tuple[Pinned, ...]] = MappingProxyType(
    {
        CREDENTIALS_V2: (Pinned("credentials-v2.json", "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"),),
        CREDENTIALS_V1: (Pinned("credentials-v1.json", "00d7dd6d3ad8b920e3e550dd3a3d9090bffcac84cdbf943da6924b3e0a5c8bb8"),),
        # Two texts were published under this one URL: an erratum added `endorsementJwt` and `jti`. Other verifiers mostly
        # carry the earlier, so we sign under that.
        OPEN_BADGES_V3: (
            Pinned("ob-3.0.3.json", "ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761"),
            Pinned("ob-3.0.3-later.json", "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84"),
        ),
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": (
            Pinned("ob-3.0.2.json", "00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53"),
        ),
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": (
            Pinned("ob-3.0.1.json", "af095468326d3449160509b26ca71576e6321d13c85b0369cfe3b654c9a48fba"),
        ),
        "https://purl.imsglobal.org/spec/ob/v3p0/context.json": (
            Pinned("ob-3.0.json", "9f1c8f9f361ba2994b9b50701f41149919542c50c7b7455b2846d87959295d72"),
        ),
        OPEN_BADGES_EXTENSIONS: (Pinned("ob-extensions.json", "2d013f981d1f4516081a6a04e55468ba2b071d4153b794f19a79715c45a89a5e"),),
        LEARNER_RECORD_V2: (Pinned("clr-2.0.1.json", "880f1902d4158f2f33ce06af41b90719977cd1ea337a9de2e41edb3ff5e543d6"),),
        "https://w3id.org/security/data-integrity/v2": (
            Pinned("data-integrity-v2.json", "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4"),
        ),
        "https://w3id.org/security/data-integrity/v1": (
            Pinned("data-integrity-v1.json", "b5d829bd09aa7c42abc6efa0c8ed7635313b5487f37ccfce3ecd149ca9418554"),
        ),
        "https://w3id.org/security/multikey/v1": (
            Pinned("multikey-v1.json", "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597"),
        ),
        "https://w3id.org/security/suites/ed25519-2020/v1": (
            Pinned("ed25519-2020-v1.json", "b9e1ab971fd8bf2c7553e0c4a9438e0b9450afde1ea1ca5b2492368b9f549588"),
        ),
        "https://www.w3.org/ns/did/v1": (Pinned("did-v1.json", "62c1054bf404d6dd3a4b26b64f830fd72095f6a26edc4469908c94351352ce5f"),),
        "https://www.w3.org/ns/credentials/status/v1": (
            Pinned("status-v1.json", "fd08cbf28ddd829ab2f1978c48f43ab07a112c1c90245a0cfac7ba721c65170c"),
        ),
        # The predecessor of the bitstring lists: read, never issued.
        "https://w3id.org/vc/status-list/2021/v1": (
            Pinned("status-list-2021-v1.json", "634d71c159289f068c96012e4511c657fdf82ac4231900081bda3ba24e2e1160"),
        ),
    }
)


def context(url: str, *, revision: int = 0) -> dict[str, Any]:
    """A fresh copy of the context document with this URL, compared as an exact string; past its last revision, the last.

    Raises:
        ContextNotAllowed: no pinned context has this URL.
    """
    pinned = PINNED.get(url)
    if pinned is None:
        raise ContextNotAllowed(f"The context {url[:200]!a} is not one of those that this software knows and never changes.")
    document: dict[str, Any] = json.loads(_verified(pinned[min(revision, len(pinned) - 1)]))
    return document


def revisions(document: Mapping[str, Any]) -> int:
    """How many ways there are to read this document, 1 or more: the most revisions that one of its contexts has."""
    named = document.get("@context")
    urls = named if isinstance(named, list) else [named]
    return max((len(PINNED[url]) for url in urls if isinstance(url, str) and url in PINNED), default=1)


@cache
def _verified(pinned: Pinned) -> bytes:
    data = resources.files(__name__).joinpath(pinned.file).read_bytes()
    if hashlib.sha256(data).hexdigest() != pinned.sha256:
        # Not a fault of the document: this installation was altered, and must not sign or verify anything.
        raise RuntimeError(f"{pinned.file} is not the file that was published with this software.")
    return data
