"""Checking a review packet: one signed token that carries credentials byte for byte, and what is needed to check them without asking.

Two questions are kept apart. *Then*: is the packet as it was signed, by whose key, and did each credential in it stand on that day as the
packet says? What it carries answers that. *Now*: what has changed since? Only the issuers can say, so it is asked where somebody may be
asked, and it never makes a true packet false.

A packet also carries its issuer's keys. They prove nothing about who made it: anybody can sign with a key of their own. So the answer
offline is unknown, unless whoever asks brings the key that they know to be the issuer's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hexmark.net import Fetch, Fetched
from hexmark.openbadges import dids, jws, limits, strict_json, timestamps
from hexmark.openbadges.checks.binding import bind
from hexmark.openbadges.checks.sources import Sources, refusal
from hexmark.openbadges.errors import FormatError, Malformed, TokenError, Unreachable
from hexmark.openbadges.keys import PublicKey
from hexmark.openbadges.report import Axis, Check, Outcome, Report
from hexmark.verification.canonicalizer import Canonicalizer
from hexmark.verification.memory import CONTROLLER_TYPES
from hexmark.verification.verifier import verify

TYP = "review-packet+jwt"
KIND = "ReviewPacket"
#: Credentials in one packet.
MOST_CREDENTIALS = 100
_HEADER = frozenset({"alg", "kid", "typ"})
_JSON = "application/json"
#: What a credential can be said to be in a packet: verified, or what made it not valid.
STATES = ("verified", "expired", "paused", "revoked")


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet that was read and not yet checked."""

    token: jws.Jws
    payload: Mapping[str, Any]

    @property
    def issuer(self) -> str:
        """The DID of whoever says to have signed it."""
        return str(self.payload["issuer"]["id"])

    @property
    def as_of(self) -> datetime:
        """The moment of which everything in it speaks."""
        return timestamps.parse(self.payload["asOf"])

    @property
    def method(self) -> str:
        """The DID URL of the key that signed it, as its header says."""
        return str(self.token.header.get("kid", ""))


def packet_of(data: bytes) -> Packet | None:
    """The packet in these bytes, or None if they are something else.

    Raises:
        FormatError: it means to be a packet, and is not one that can be read.
    """
    text = data.strip()
    if not text.startswith(b"ey") or len(text) > limits.DOCUMENT_BYTES:
        return None
    try:
        token = jws.split(text.decode("ascii"))
    except (FormatError, UnicodeDecodeError):
        # Whatever it is, reading it as a credential says what is wrong with it.
        return None
    if token.header.get("typ") != TYP:
        return None
    jws.algorithm_of(token, members=_HEADER)
    payload = strict_json.parse(token.payload)
    _check_form(payload)
    return Packet(token, payload)


def check_packet(
    packet: Packet, *, fetch: Fetch, now: datetime, canonicalize: Canonicalizer | None = None, trusted_key: str = ""
) -> Report:
    """What can be said about this packet: its signature, each credential as of its day, and, as remarks, what changed since.

    `fetch` asks the issuers, or refuses to (offline). `trusted_key` is a public key as multibase that whoever asks knows to be the
    issuer's; with it nobody need be asked.
    """
    signature = _signature(packet, fetch, trusted_key)
    stands = [_as_it_stood(one, packet, canonicalize) for one in packet.payload["credentials"]]
    as_of = f"{packet.as_of:%d %b %Y %H:%M} UTC"
    checks = [
        *signature,
        *(check for check in stands if check.axis is Axis.INTEGRITY),
        *([check for check in stands if check.axis is Axis.STATUS] or [Check(Axis.STATUS, Outcome.SKIPPED, "No credential is in it.")]),
        Check(Axis.TIME, Outcome.PASSED, f"Everything in it is said as of {as_of}."),
        Check(Axis.SCHEMA, Outcome.PASSED, f"Format: review packet, {len(packet.payload['credentials'])} credentials carried."),
    ]
    if packet.as_of > now:
        checks.append(Check(Axis.TIME, Outcome.FAILED, "It speaks of a moment that is still to come.", "NOT_YET_VALID"))
    order = list(Axis)
    return Report(tuple(sorted(checks, key=lambda check: order.index(check.axis))), _since(packet, fetch, now, canonicalize))


def state_of(report: Report) -> str:
    """What a report says of a credential, in one of `STATES`, or "not valid" or "unknown"."""
    if report.ok:
        return "verified"
    codes = {check.code for check in report.checks if check.outcome is Outcome.FAILED}
    if report.failed in (["status"], ["time"], ["status", "time"]):
        named = {"REVOKED": "revoked", "SUSPENDED": "paused", "EXPIRED": "expired"}
        return next((state for code, state in named.items() if any(code in (found or "") for found in codes)), "not valid")
    return report.verdict.value


def _check_form(payload: Mapping[str, Any]) -> None:
    try:
        wrong = payload["type"] != KIND or payload["version"] != 1 or not payload["issuer"]["id"].startswith("did:")
        timestamps.parse(payload["asOf"])
        carried = [*payload["credentials"], *payload["sources"]]
        wrong = wrong or len(payload["credentials"]) > MOST_CREDENTIALS or any(one["state"] not in STATES for one in payload["credentials"])
        wrong = wrong or not all(isinstance(one[name], str) for one in carried for name in ("id", "sha256", "document"))
    except (KeyError, TypeError, AttributeError, FormatError):
        wrong = True
    if wrong:
        raise Malformed("This is signed as a review packet, but does not hold what one holds.")


def _signature(packet: Packet, fetch: Fetch, trusted_key: str) -> list[Check]:
    key, binding = _key(packet, fetch, trusted_key)
    if key is None:
        words = "Whether it is unchanged could not be checked: there is no key to check it with."
        return [Check(Axis.INTEGRITY, Outcome.UNKNOWN, words, "ISSUER_KEY_UNRESOLVED"), binding]
    try:
        jws.check(packet.token, key, members=_HEADER)
    except TokenError as error:
        return [refusal(Axis.INTEGRITY, error, "The packet is not what was signed: "), binding]
    return [Check(Axis.INTEGRITY, Outcome.PASSED, "The packet is unchanged since it was signed.", details={"key": key.multibase}), binding]


def _key(packet: Packet, fetch: Fetch, trusted_key: str) -> tuple[PublicKey | None, Check]:
    """The key to check with, and whether it is the issuer's."""
    named = {"verificationMethod": packet.method, "created": packet.payload["asOf"]}
    issuer = {"issuer": packet.issuer}
    carried = bind(issuer, named, sources=Sources(controller=_carried(packet), status_list=_carried(packet)), at=packet.as_of)
    if trusted_key:
        if carried.key is not None and carried.key.multibase == trusted_key:
            return carried.key, Check(
                Axis.ISSUER, Outcome.PASSED, f"Signed with the key that you named, which is to be that of {packet.issuer}."
            )
        words = "It is signed with another key than the one that you named."
        return carried.key, Check(Axis.ISSUER, Outcome.FAILED, words, "ISSUER_KEY_MISMATCH")

    def ask(url: str) -> Mapping[str, Any]:
        return strict_json.parse(fetch(url, accept=CONTROLLER_TYPES).body)

    asked = bind(issuer, named, sources=Sources(controller=ask, status_list=ask), at=packet.as_of)
    if asked.check.outcome is not Outcome.UNKNOWN or carried.key is None:
        return asked.key or carried.key, asked.check
    words = (
        f"Nobody was asked whether {carried.key.multibase} is the key of {packet.issuer}. Compare it with the one in the letter about the "
        "closed review and give it with --key, or check again where the issuer can be reached."
    )
    return carried.key, Check(Axis.ISSUER, Outcome.UNKNOWN, words, "ISSUER_NOT_ASKED", {"key": carried.key.multibase})


def _as_it_stood(one: Mapping[str, str], packet: Packet, canonicalize: Canonicalizer | None) -> Check:
    """Whether this credential stood on that day as the packet says, judged by what the packet carries."""
    name = f"“{one.get('name', one['id'])[:120]}”"
    if hashlib.sha256(one["document"].encode()).hexdigest() != one["sha256"]:
        return Check(Axis.INTEGRITY, Outcome.FAILED, f"{name} is not the document whose hash the packet states.", "HASH_MISMATCH")
    try:
        report = verify(one["document"], fetch=_fetch_carried(packet), at=packet.as_of, canonicalize=canonicalize)
    except FormatError as error:
        return refusal(Axis.INTEGRITY, error, f"{name} cannot be read: ")
    found, day = state_of(report), f"{packet.as_of:%d %b %Y}"
    if found == one["state"]:
        return Check(Axis.STATUS, Outcome.PASSED, f"{name} was {found} on {day}.", details={"id": one["id"], "then": found})
    if found == "unknown":
        return Check(Axis.STATUS, Outcome.UNKNOWN, f"{name} could not be checked with what the packet carries.", "OFFLINE")
    axis = Axis.INTEGRITY if Axis.INTEGRITY.value in report.failed else Axis.STATUS
    return Check(axis, Outcome.FAILED, f"{name} was {found} on {day}; the packet says {one['state']}.", "PACKET_CONTRADICTED")


def _since(packet: Packet, fetch: Fetch, now: datetime, canonicalize: Canonicalizer | None) -> tuple[str, ...]:
    """What is different today, credential by credential."""
    changed, unknown = [], 0
    for one in packet.payload["credentials"]:
        try:
            found = state_of(verify(one["document"], fetch=fetch, at=now, canonicalize=canonicalize))
        except FormatError:
            found = "unknown"
        unknown += found == "unknown"
        if found not in ("unknown", one["state"]):
            changed.append(f"Since then: “{one.get('name', one['id'])[:120]}” was {one['state']} on that day and is {found} now.")
    if unknown:
        changed.append(f"What became of {unknown} of the credentials since then could not be asked.")
    elif packet.payload["credentials"] and not changed:
        changed.append("Nothing changed since then: each credential stands as it did.")
    return tuple(changed)


def _carried(packet: Packet) -> Any:
    def controller(url: str) -> Mapping[str, Any]:
        return strict_json.parse(_fetch_carried(packet)(url, accept=(_JSON,)).body)

    return controller


def _fetch_carried(packet: Packet) -> Fetch:
    files = {_bare(one["id"]): one for one in packet.payload["sources"]}

    def read(url: str, *, accept: Sequence[str]) -> Fetched:
        one = files.get(_bare(url))
        if one is None or hashlib.sha256(one["document"].encode()).hexdigest() != one["sha256"]:
            raise Unreachable(f"{url} is not among what the packet carries.", code="OFFLINE")
        return Fetched(body=one["document"].encode(), content_type=accept[0] if accept else _JSON)

    return read


def _bare(url: str) -> str:
    # did:web always says https, where a demo's own addresses say http.
    return url.partition("://")[2]


def source_of_did(did: str) -> str:
    """The address at which verifiers ask for the DID document of an issuer."""
    return dids.controller_url(did)


def written(moment: datetime) -> str:
    """A moment as a packet writes it."""
    return timestamps.write(moment.astimezone(UTC))
