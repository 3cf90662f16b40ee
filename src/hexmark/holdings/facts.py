"""Facts as rows and as JSON: one place that knows how each kind of fact is kept, and how it is known. No database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from hexmark.requirements.facts import (
    AttributeFact,
    ConsentFact,
    CredentialFact,
    FactKind,
    Holdings,
    MeasureFact,
    PointsFact,
    ReviewMarkFact,
    SkillLevel,
    TenureFact,
)

#: What may be held. Tenure is not: it is read from the job roles when it is asked for.
Fact = CredentialFact | PointsFact | ReviewMarkFact | ConsentFact | MeasureFact | AttributeFact


class Row(NamedTuple):
    """A fact as columns of `Holding`."""

    kind: str
    ref: str
    achievement: str
    issuer: str
    assurance: int
    data: dict[str, Any]
    valid_from: datetime | None
    valid_until: datetime | None
    ended_at: datetime | None
    paused_at: datetime | None


def row_of(fact: Fact) -> Row:
    """The fact as it is kept. An attribute has no time of its own, so its `valid_from` is None."""
    match fact:
        case CredentialFact():
            return _credential_row(fact)
        case PointsFact():
            return _row(FactKind.POINTS, fact.ref, {"category": fact.category, "points": str(fact.points)}, fact.at)
        case ReviewMarkFact():
            return _row(FactKind.REVIEW_MARK, fact.cycle, {"mark": str(fact.mark)}, fact.at)
        case ConsentFact():
            data = {"by": fact.by, "about": fact.about}
            return _row(FactKind.CONSENT, consent_ref(fact.by, fact.about), data, fact.at, fact.until)
        case MeasureFact():
            ref = f"{fact.measure}@{fact.at.isoformat()}"
            return _row(FactKind.MEASURE, ref, {"measure": fact.measure, "value": str(fact.value)}, fact.at)
        case AttributeFact():
            return _row(FactKind.ATTRIBUTE, fact.name, {"value": fact.value}, None)


def consent_ref(by: str, about: str) -> str:
    """What a consent is known by among a person's facts."""
    return f"{by}:{about}"


def _row(kind: FactKind, ref: str, data: dict[str, Any], at: datetime | None, until: datetime | None = None) -> Row:
    return Row(kind.value, ref, "", "", 0, data, at, until, None, None)


def _credential_row(fact: CredentialFact) -> Row:
    data = {
        "name": fact.name,
        "level": fact.level,
        "skills": [[one.skill, one.level] for one in fact.skills],
        "labels": sorted(fact.labels),
        "foreign": fact.foreign,
    }
    state = (fact.held_from, fact.valid_until, fact.ended_at, fact.paused_at)
    return Row(FactKind.CREDENTIAL.value, fact.ref, fact.achievement, fact.issuer, fact.assurance, data, *state)


def fact_of(row: Row) -> Fact:
    """The fact that is kept so."""
    data, at = row.data, row.valid_from
    if row.kind == FactKind.ATTRIBUTE:
        return AttributeFact(name=row.ref, value=data["value"])
    assert at is not None
    match row.kind:
        case FactKind.CREDENTIAL:
            return _credential(row, at)
        case FactKind.POINTS:
            return PointsFact(ref=row.ref, category=data["category"], points=Decimal(data["points"]), at=at)
        case FactKind.REVIEW_MARK:
            return ReviewMarkFact(cycle=row.ref, mark=Decimal(data["mark"]), at=at)
        case FactKind.CONSENT:
            return ConsentFact(by=data["by"], about=data["about"], at=at, until=row.valid_until)
        case FactKind.MEASURE:
            return MeasureFact(measure=data["measure"], value=Decimal(data["value"]), at=at)
    raise ValueError(f"No fact is of the kind {row.kind!r}.")


def _credential(row: Row, held_from: datetime) -> CredentialFact:
    data = row.data
    return CredentialFact(
        ref=row.ref,
        achievement=row.achievement,
        name=data["name"],
        issuer=row.issuer,
        assurance=row.assurance,
        level=data["level"],
        held_from=held_from,
        valid_until=row.valid_until,
        ended_at=row.ended_at,
        paused_at=row.paused_at,
        skills=tuple(SkillLevel(skill, level) for skill, level in data["skills"]),
        labels=frozenset(data["labels"]),
        foreign=data.get("foreign", False),
    )


def holdings_from(facts: Iterable[Fact], tenures: Sequence[TenureFact] = ()) -> Holdings:
    """These facts about one person, sorted by kind."""
    kinds: dict[type, list[Any]] = {}
    for fact in facts:
        kinds.setdefault(type(fact), []).append(fact)
    return Holdings(
        credentials=tuple(kinds.get(CredentialFact, ())),
        points=tuple(kinds.get(PointsFact, ())),
        tenures=tuple(tenures),
        marks=tuple(kinds.get(ReviewMarkFact, ())),
        consents=tuple(kinds.get(ConsentFact, ())),
        measures=tuple(kinds.get(MeasureFact, ())),
        attributes=tuple(kinds.get(AttributeFact, ())),
    )


def to_json(holdings: Holdings) -> dict[str, Any]:
    """All facts about one person, as a decision keeps them."""
    kept: Iterable[Fact] = (
        *holdings.credentials,
        *holdings.points,
        *holdings.marks,
        *holdings.consents,
        *holdings.measures,
        *holdings.attributes,
    )
    tenures = [[one.role, one.since.isoformat(), one.until.isoformat() if one.until else None] for one in holdings.tenures]
    return {"facts": [[_written(value) for value in row_of(fact)] for fact in kept], "tenures": tenures}


def from_json(document: dict[str, Any]) -> Holdings:
    """The facts that a decision kept."""
    tenures = [TenureFact(role, date.fromisoformat(since), _day(until)) for role, since, until in document["tenures"]]
    return holdings_from((fact_of(_read(values)) for values in document["facts"]), tenures)


def _read(values: Sequence[Any]) -> Row:
    return Row(*values[:6], *(datetime.fromisoformat(value) if value else None for value in values[6:]))


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
