"""Badges of many shapes with texts of every kind, to compare the template path with the slow one."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st
from tests.openbadges.samples import BADGE

from hexmark.openbadges.jsonld import canonical

#: Texts that somebody might hope to be read as something else, among them the sentinels of the compiler.
HOSTILE = (
    "", " ", "a", "@id", "@type", "@none", "_:b0", "_:b0 x", "_:c14n0", "type", "id", "Achievement", "assertionMethod",
    'quote " and \\ backslash', "line\nfeed", "tab\tand\u000bVT\u0008\u007f\u0085\u2028", "%s %d %(x)s %%", "\ufffe", "\uffff", "é漢😀",
    "urn:x-hexmark-slot:0:", "urn:x-hexmark-slot:1:x", "https://relative.invalid/x", "relative/path", "../up", "//host/path",
    "http:", "urn:", "urn: x", "urn:\u00a0x", "urn:x\u2028y", "tag:a", "geo:1", "obi:x", "data:x", "did:example:1", "mailto:a@b.example",
    "https://é.example/\u007f", "https://a.example/<x>", "https://a.example/%7E", "https://a.example/", "https://a.example", "xsd:string",
    "https://www.w3.org/ns/credentials/v2", "http://www.w3.org/2001/XMLSchema#string", "2026-01-31T09:00:00Z", "de", "en-GB", "First aid",
)  # fmt: skip

plain = st.sampled_from(["First aid", "Keep calm", "Acme", "2026-01-31T09:00:00Z", "sha256$5d41", "42"])
addresses = st.integers(0, 12).map("https://a.example/{}".format) | st.sampled_from(
    ["did:web:a.example", "urn:uuid:1", "mailto:a@b.example"]
)
arbitrary = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=12)
hostile = st.sampled_from(HOSTILE)
# Most badges are honest: one in which everything is strange is refused for its first fault and shows little.
texts = st.integers(0, 24).flatmap(lambda n: hostile if n == 0 else arbitrary if n < 6 else plain)
iris = st.integers(0, 24).flatmap(lambda n: hostile if n == 0 else addresses)
languages = st.fixed_dictionaries({"@value": texts, "@language": st.sampled_from(["de", "en-GB"])})
profiles = st.fixed_dictionaries(
    {"type": st.just(["Profile"])}, optional={"id": iris, "name": texts, "url": iris, "description": texts, "email": texts}
)
alignments = st.fixed_dictionaries(
    {"type": st.just(["Alignment"]), "targetName": texts | languages, "targetUrl": iris},
    optional={"targetCode": texts, "targetFramework": texts},
)
proofs = st.fixed_dictionaries(
    {
        "type": st.just("DataIntegrityProof"),
        "cryptosuite": st.just("eddsa-rdfc-2022"),
        "created": st.just("2026-01-31T09:00:00Z"),
        "verificationMethod": iris,
        "proofPurpose": st.sampled_from(["assertionMethod", "authentication", "https://a.example/purpose"]),
        "proofValue": texts,
    }
)
endorsements = st.fixed_dictionaries(
    {
        "@context": st.just(BADGE["@context"]),
        "type": st.just(["VerifiableCredential", "EndorsementCredential"]),
        "issuer": profiles | iris,
        "validFrom": st.just("2026-01-31T09:00:00Z"),
        "credentialSubject": st.fixed_dictionaries(
            {"type": st.just(["EndorsementSubject"])}, optional={"id": iris, "endorsementComment": texts}
        ),
    },
    optional={"id": iris, "proof": proofs | st.lists(proofs, min_size=1, max_size=2)},
)
achievements = st.fixed_dictionaries(
    {
        "type": st.just(["Achievement"]),
        "name": texts,
        "criteria": st.fixed_dictionaries({}, optional={"id": iris, "narrative": texts | languages}),
    },
    optional={
        "id": iris,
        "creator": profiles,
        "alignment": st.lists(alignments, min_size=1, max_size=3),
        "tag": st.lists(texts, min_size=1, max_size=3),
        "creditsAvailable": st.sampled_from([1, 1.0, 2.5, 0]),
        "endorsement": st.lists(endorsements, min_size=1, max_size=2),
        "related": st.lists(st.fixed_dictionaries({"type": st.just(["Related"]), "id": iris, "inLanguage": texts}), min_size=1, max_size=2),
    },
)
identities = st.fixed_dictionaries(
    {
        "type": st.just("IdentityObject"),
        "hashed": st.booleans(),
        "identityHash": texts,
        "identityType": st.sampled_from(["emailAddress", "name"]),
    },
    optional={"salt": texts},
)
statuses = st.fixed_dictionaries(
    {
        "id": iris,
        "type": st.just("BitstringStatusListEntry"),
        "statusPurpose": texts,
        "statusListIndex": texts,
        "statusListCredential": iris,
    }
)
subjects = st.fixed_dictionaries(
    {"type": st.just(["AchievementSubject"]), "achievement": achievements},
    optional={
        "id": iris,
        "identifier": st.lists(identities, min_size=1, max_size=2),
        "narrative": texts,
        "creditsEarned": st.sampled_from([2.5, 3]),
    },
)
badges = st.fixed_dictionaries(
    {
        "@context": st.just(BADGE["@context"]),
        "type": st.just(["VerifiableCredential", "OpenBadgeCredential"]),
        "issuer": profiles | iris,
        "credentialSubject": subjects,
    },
    optional={
        "id": iris,
        "name": texts | languages,
        "validFrom": texts,
        "awardedDate": texts,
        "endorsement": st.lists(endorsements, min_size=1, max_size=2),
        "credentialStatus": st.lists(statuses, min_size=1, max_size=2),
    },
)


@st.composite
def siblings(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A badge and others of the same outline, with some of their texts exchanged for others, or for one another."""
    document = draw(badges)
    found = sorted(set(_texts(document)))
    others = []
    for _ in range(draw(st.integers(1, 3))):
        exchanged = draw(st.lists(st.sampled_from(found), max_size=4)) if found else []
        new = {text: draw(iris if ":" in text and draw(st.integers(0, 9)) else texts) for text in exchanged}
        if len(found) > 1 and draw(st.booleans()):
            new[draw(st.sampled_from(found))] = draw(st.sampled_from(found))
        others.append(_exchanged(document, new))
    return [document, copy.deepcopy(document), *others, document]


def outcome(canonicalize: Any, document: dict[str, Any]) -> Any:
    """The bytes, or what kind of refusal."""
    try:
        return canonicalize(document)
    except Exception as error:  # noqa: BLE001 - whatever it is, both paths have to agree on it
        return type(error), getattr(error, "full_code", None), getattr(error, "pointer", None)


def slowly(document: dict[str, Any]) -> Any:
    return outcome(canonical, document)


def _texts(value: Any, name: str = "") -> list[str]:
    if isinstance(value, str):
        return [] if name in ("type", "@context", "@language") else [value]
    items = value.items() if isinstance(value, dict) else [(name, item) for item in value] if isinstance(value, list) else []
    return [text for inner, item in items for text in _texts(item, inner)]


def _exchanged(value: Any, new: dict[str, str], name: str = "") -> Any:
    if isinstance(value, str):
        return value if name in ("type", "@context", "@language") else new.get(value, value)
    if isinstance(value, dict):
        return {inner: _exchanged(item, new, inner) for inner, item in value.items()}
    return [_exchanged(item, new, name) for item in value] if isinstance(value, list) else value
