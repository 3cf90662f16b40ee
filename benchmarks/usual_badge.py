"""The badge that the benchmarks sign and verify: every part that Hexmark's own credentials have, and texts of usual length."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hexmark.openbadges.keys import SigningKey
from hexmark.openbadges.template import Slot, fill

KEY = SigningKey.from_seed(b"a key for benchmarks, nothing else"[:32])
ISSUER = "did:web:badges.example:o:acme"
METHOD = f"{ISSUER}#{KEY.public.multibase}"
CREATED = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)
HOME = "https://badges.example/o/acme"

_PROFILE = {
    "id": ISSUER,
    "type": ["Profile"],
    "name": "Acme Works",
    "url": "https://acme.example",
    "description": "Makes what others only promise.",
    "email": "badges@acme.example",
}
_ACHIEVEMENT = {
    "id": f"{HOME}/b/safety-champion/3",
    "type": ["Achievement"],
    "name": "Safety Champion",
    "description": "Looks after a crew's safety, on site and off, and teaches others to look after theirs.",
    "criteria": {
        "narrative": "Lead four toolbox talks, close two near-miss reports, and pass the examination of 40 questions with 32 or more right."
    },
    "achievementType": "Certification",
    "creator": _PROFILE,
    "image": {"id": f"{HOME}/b/safety-champion/3/image", "type": "Image", "caption": "Safety Champion badge"},
    "alignment": [
        {
            "type": ["Alignment"],
            "targetName": f"Occupational safety, part {part}",
            "targetUrl": f"https://skills.example/occupational-safety/{part}",
            "targetCode": f"OS-{part}",
            "targetFramework": "Example Skills",
        }
        for part in (1, 2)
    ],
    "tag": ["safety", "leadership", "site"],
    "inLanguage": "en",
    "version": "3",
}


def draft() -> dict[str, Any]:
    """The unsigned badge with slots for what differs from award to award."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": Slot("award"),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": _PROFILE,
        "validFrom": Slot("valid_from"),
        "validUntil": Slot("valid_until"),
        "awardedDate": Slot("valid_from"),
        "name": "Safety Champion",
        "credentialSubject": {
            "id": Slot("subject"),
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": Slot("identity_hash"),
                    "identityType": "emailAddress",
                    "salt": Slot("salt"),
                }
            ],
            "achievement": _ACHIEVEMENT,
            "narrative": Slot("narrative"),
        },
        "credentialStatus": [
            {
                "id": Slot(f"{purpose}_entry"),
                "type": "BitstringStatusListEntry",
                "statusPurpose": purpose,
                "statusListIndex": Slot("status_index"),
                "statusListCredential": f"{HOME}/status/{purpose}/1",
            }
            for purpose in ("revocation", "suspension")
        ],
    }


def values(number: int) -> dict[str, str]:
    """What is this award's own."""
    return {
        "award": f"https://badges.example/a/{number:026}",
        "subject": f"urn:uuid:00000000-0000-4000-8000-{number:012x}",
        "identity_hash": f"sha256${number:064x}",
        "salt": f"{number:032x}",
        "narrative": f"Led talk {number} and every one before it, in rain and shine.",
        "valid_from": f"2026-01-31T09:{number // 60 % 60:02}:{number % 60:02}Z",
        "valid_until": f"2028-01-31T23:{number // 60 % 60:02}:{number % 60:02}Z",
        "status_index": str(number),
        "revocation_entry": f"{HOME}/status/revocation/1#{number}",
        "suspension_entry": f"{HOME}/status/suspension/1#{number}",
    }


def unsigned(number: int) -> dict[str, Any]:
    """One award, complete, still unsigned."""
    document: dict[str, Any] = fill(draft(), values(number))
    return document
