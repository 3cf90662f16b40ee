"""Do these badges, from whatever issuer, meet this requirement? One way for the page and for the command, so that both say the same.

What could not be verified completely counts for nothing; whose badge it is, is not asked here. A badge of the gate's own organisation
counts for the assurance that it states; any other only where the requirement names its issuer, and for no more than it is trusted with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hexmark.openbadges import timestamps
from hexmark.openbadges.checks.sources import issuer_id
from hexmark.openbadges.errors import FormatError, Unreachable
from hexmark.openbadges.ob2 import moments
from hexmark.openbadges.ob2.parts import id_of, types_of
from hexmark.openbadges.report import Axis, Outcome, Report
from hexmark.requirements import CredentialFact, Explanation, Holdings, SkillLevel, Wording, evaluate
from hexmark.requirements.facts import HIGHEST_ASSURANCE
from hexmark.requirements.wording import ASSURANCE, PLAIN
from hexmark.verification.open_gates import Gate
from hexmark.verification.reading import read
from hexmark.verification.verifier import document_of

#: More are not looked at: each may ask several servers.
MOST_BADGES = 12
#: As our own documents say how surely something is shown.
ASSURANCE_TYPE = "ext:Assurance"
#: Our achievements' addresses end in the version's number; a requirement names the achievement, whichever version.
_VERSIONED = re.compile(r"(https?://[^/]+/b/[a-z0-9-]+)/[0-9]+")
_LONGEST = 300

ReportOn = Callable[[str | bytes], Report]


@dataclass(frozen=True, slots=True)
class Shown:
    """One badge that was given: what it says of itself, the verdict on it, and the fact that it stands for, if it may count."""

    source: str
    name: str = ""
    issuer: str = ""
    verdict: str = "unreadable"
    sentence: str = ""
    fact: CredentialFact | None = None

    def to_json(self) -> dict[str, Any]:
        """JSON of it."""
        found = {"source": self.source, "name": self.name, "issuer": self.issuer, "verdict": self.verdict, "sentence": self.sentence}
        return {**found, "considered": self.fact is not None}


@dataclass(frozen=True, slots=True)
class Qualification:
    """The answer, and what it was drawn from."""

    explanation: Explanation
    shown: tuple[Shown, ...]


def qualify(
    gate: Gate, given: Iterable[tuple[str, bytes]], *, report_on: ReportOn, at: datetime, wording: Wording = PLAIN
) -> Qualification:
    """What these badges (their name and bytes) show of what the gate asks. Nothing is raised over a badge, whatever it holds."""
    shown = tuple(_shown(source, data, gate, report_on) for source, data in given)
    facts = {one.fact.ref: one.fact for one in shown if one.fact is not None}
    return Qualification(evaluate(gate.requirement, Holdings(credentials=tuple(facts.values())), at, wording=wording), shown)


def _shown(source: str, data: bytes, gate: Gate, report_on: ReportOn) -> Shown:
    try:
        text = read(data).text
        report, document = report_on(text), document_of(text)
    except (FormatError, Unreachable) as error:
        return Shown(source, sentence=str(error))
    outline = _assertion(document, report) if "Assertion" in types_of(document) else _credential(document)
    name, issuer = str(outline.get("name") or ""), str(outline.get("issuer") or "")
    if not (report.ok or _is_only_expired(report)):
        return Shown(source, name, issuer, report.verdict.value, _why_not(report))
    if not outline.get("achievement") or not issuer or not outline.get("held_from"):
        return Shown(source, name, issuer, report.verdict.value, "It does not say what was achieved, so nothing can be counted.")
    sentence = "Verified." if report.ok else "It is genuine, and has expired."
    return Shown(source, name, issuer, report.verdict.value, sentence, _fact(outline, is_own=issuer == gate.issuer))


def _fact(outline: Mapping[str, Any], *, is_own: bool) -> CredentialFact:
    stated = outline.get("assurance")
    return CredentialFact(
        ref=outline["ref"],
        achievement=outline["achievement"],
        name=outline["name"],
        issuer=outline["issuer"],
        # What a foreign badge leaves open, the trust in its issuer settles; our own always say it.
        assurance=stated if stated is not None else 0 if is_own else HIGHEST_ASSURANCE,
        level=0,
        held_from=outline["held_from"],
        valid_until=outline.get("valid_until"),
        skills=outline.get("skills", ()),
        labels=outline.get("labels", frozenset()),
        foreign=not is_own,
    )


def _is_only_expired(report: Report) -> bool:
    others = [check for check in report.checks if check.outcome in (Outcome.FAILED, Outcome.UNKNOWN) and check.code != "EXPIRED"]
    return not others and report.failed == [Axis.TIME.value]


def _why_not(report: Report) -> str:
    outcome = Outcome.FAILED if report.failed else Outcome.UNKNOWN
    telling = [check.sentence.rstrip(".") + "." for check in report.checks if check.outcome is outcome]
    return " ".join(telling[:2])


def _credential(document: Mapping[str, Any]) -> dict[str, Any]:
    """What an Open Badge 3.0 says, as far as a requirement asks for it."""
    achievement = _first(_first(document.get("credentialSubject")).get("achievement"))
    identifier = _text(achievement.get("id"))
    versioned = _VERSIONED.fullmatch(identifier)
    return {
        "ref": _text(document.get("id")) or identifier,
        "achievement": versioned[1] if versioned else identifier,
        "name": _text(achievement.get("name")) or _text(document.get("name")),
        "issuer": issuer_id(document) or "",
        "assurance": _assurance(achievement),
        "held_from": _moment(document.get("validFrom") or document.get("issuanceDate"), timestamps.parse),
        "valid_until": _moment(document.get("validUntil") or document.get("expirationDate"), timestamps.parse),
        "skills": tuple(SkillLevel(_text(one.get("targetUrl"))) for one in _each(achievement.get("alignment")) if one.get("targetUrl")),
        "labels": frozenset(filter(None, [*map(_text, _items(achievement.get("tag"))), _text(achievement.get("achievementType"))])),
    }


def _assertion(document: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """What an Open Badge 2.0 says; its issuer is whoever the report found to be it."""
    badge = document.get("badge")
    return {
        "ref": _text(document.get("id")),
        "achievement": _text(id_of(badge)),
        "name": _text(_first(badge).get("name")) or _text(id_of(badge)),
        "issuer": _text(report.check(Axis.ISSUER).details.get("issuer")),
        "held_from": _moment(document.get("issuedOn"), moments.parse),
        "valid_until": _moment(document.get("expires"), moments.parse),
    }


def _assurance(achievement: Mapping[str, Any]) -> int | None:
    for one in _each(achievement.get("resultDescription")):
        if one.get("resultType") == ASSURANCE_TYPE and one.get("requiredValue") in ASSURANCE:
            return ASSURANCE.index(one["requiredValue"])
    return None


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _each(value: object) -> list[dict[str, Any]]:
    return [one for one in _items(value) if isinstance(one, dict)]


def _first(value: object) -> dict[str, Any]:
    return next(iter(_each(value)), {})


def _text(value: object) -> str:
    return value[:_LONGEST] if isinstance(value, str) else ""


def _moment(value: object, parse: Callable[[Any], datetime]) -> datetime | None:
    with suppress(FormatError, ValueError, OverflowError):
        return parse(value) if value else None
    return None
