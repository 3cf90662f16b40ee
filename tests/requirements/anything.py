"""Random requirements and random holdings, small enough that they meet often: few names, few moments, many coincidences."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hexmark.requirements import (
    AttributeFact,
    ConsentFact,
    CredentialFact,
    Holdings,
    MeasureFact,
    PointsFact,
    ReviewMarkFact,
    SkillLevel,
    TenureFact,
)

NOW = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
ACHIEVEMENTS = ("https://acme.example/coaching", "https://acme.example/safety", "https://acme.example/welding")
ISSUERS = ("did:web:acme.example", "https://foreign.example/issuer")
LABELS, CATEGORIES, SKILLS = ("safety", "craft"), ("talk", "course"), ("urn:skill:lead", "urn:skill:weld")
Json = dict[str, Any]


def some_moment(random: Random, *, back: int = 900, ahead: int = 0) -> datetime:
    """A moment near now; month ends and now itself come often."""
    if random.random() < 0.15:
        return random.choice([NOW, NOW - timedelta(days=31), datetime(2025, 2, 28, 12, tzinfo=UTC), datetime(2024, 2, 29, 12, tzinfo=UTC)])
    return NOW + timedelta(days=random.randint(-back, ahead))


def some_credential(random: Random) -> CredentialFact:
    """A credential in any state."""
    begun = some_moment(random, ahead=40)
    achievement = random.choice(ACHIEVEMENTS)
    return CredentialFact(
        ref=f"urn:uuid:{random.getrandbits(64):016x}",
        achievement=achievement,
        name=achievement.rsplit("/", 1)[1].title(),
        issuer=random.choice(ISSUERS),
        assurance=random.randint(0, 4),
        level=random.randint(0, 3),
        held_from=begun,
        valid_until=begun + timedelta(days=random.randint(30, 1500)) if random.random() < 0.6 else None,
        ended_at=some_moment(random, ahead=60) if random.random() < 0.1 else None,
        paused_at=some_moment(random, ahead=60) if random.random() < 0.1 else None,
        skills=tuple(SkillLevel(one, random.randint(0, 4)) for one in SKILLS if random.random() < 0.5),
        # As in life, labels belong to the achievement, so that every credential of it carries the same.
        labels=frozenset(LABELS[: 1 + (achievement.endswith("safety"))]) if not achievement.endswith("coaching") else frozenset(),
        foreign=random.random() < 0.2,
    )


def some_holdings(random: Random) -> Holdings:
    """What somebody holds: a few facts of each kind."""

    def few(make: Any, most: int = 3) -> Any:
        return tuple(make() for _ in range(random.randint(0, most)))

    return Holdings(
        credentials=few(lambda: some_credential(random), 6),
        points=few(lambda: PointsFact("", random.choice(CATEGORIES), Decimal(random.randint(0, 60)) / 2, some_moment(random, ahead=20)), 5),
        tenures=few(lambda: _tenure(random)),
        marks=few(lambda: ReviewMarkFact(random.choice(["2024", "2025"]), Decimal(random.randint(1, 5)), some_moment(random, ahead=20))),
        consents=few(lambda: _consent(random)),
        measures=few(lambda: MeasureFact(random.choice(["m1", "m2"]), Decimal(random.randint(-5, 50)), some_moment(random, ahead=20))),
        attributes=few(lambda: AttributeFact(random.choice(["profile", "country"]), random.choice(["UK", "IE", "75", "80", "9"]))),
    )


def _tenure(random: Random) -> TenureFact:
    since: date = some_moment(random, back=600).date()
    return TenureFact(random.choice(["", "lead"]), since, since + timedelta(days=random.randint(0, 900)) if random.random() < 0.5 else None)


def _consent(random: Random) -> ConsentFact:
    given = some_moment(random, ahead=20)
    until = given + timedelta(days=random.randint(0, 800)) if random.random() < 0.5 else None
    return ConsentFact(random.choice(["manager", "HR"]), random.choice(["", "urn:o:1", "urn:o:2"]), given, until)


def some_rule(random: Random, depth: int = 3) -> Json:
    """A requirement as JSON, of any type, nested up to `depth`."""
    composites = ["all", "any", "k_of_n", "ladder"] if depth else []
    kind = random.choice([*composites, *composites, *_LEAVES])
    if kind in ("all", "any"):
        return {"type": kind, "parts": [some_rule(random, depth - 1) for _ in range(random.randint(1, 3))]}
    if kind == "ladder":
        steps = [some_rule(random, depth - 1) for _ in range(random.randint(1, 3))]
        return {"type": kind, "steps": steps, **_maybe(random, reach=random.randint(0, len(steps)))}
    if kind == "k_of_n":
        return _some_k_of_n(random, depth)
    return {"type": kind, **_LEAVES[kind](random)}


def _some_k_of_n(random: Random, depth: int) -> Json:
    parts = [some_rule(random, depth - 1) for _ in range(random.randint(1, 3))]
    if random.random() < 0.5:
        return {"type": "k_of_n", "at_least": random.randint(1, len(parts)), "parts": parts}
    more = [some_rule(random, depth - 1) for _ in range(random.randint(1, 2))]
    groups = [{"name": "A", "at_least": 1, "parts": parts}, {"name": "B", "parts": more, "at_least": random.randint(0, 1)}]
    least = 1 + groups[1]["at_least"]  # type: ignore[operator]
    return {"type": "k_of_n", "at_least": random.randint(least, len(parts) + len(more)), "groups": groups}


def _maybe(random: Random, share: float = 0.5, **given: object) -> Json:
    return {name: value for name, value in given.items() if random.random() < share}


def some_conditions(random: Random) -> Json:
    """A few conditions, mostly none."""
    issuers: list[object] = [ISSUERS[0], {"id": ISSUERS[1], "name": "Foreign", "assurance": random.randint(0, 4)}]
    return _maybe(
        random,
        0.15,
        assurance_at_least=random.randint(0, 4),
        issuers=issuers[: random.randint(1, 2)],
        held_for_months=random.randint(1, 18),
        max_age_months=random.randint(1, 30),
        valid_for_days=random.randint(1, 200),
        valid_on=(NOW + timedelta(days=random.randint(-100, 400))).date().isoformat(),
        grace_days=random.randint(1, 200),
    )


def _some_count(random: Random) -> Json:
    named = {"achievements": list(ACHIEVEMENTS[:2])} if random.random() < 0.3 else {}
    minimums = [{"name": random.choice(LABELS), "at_least": 1}]
    asked = _maybe(random, 0.3, labels=[random.choice(LABELS)], minimums=minimums)
    return {"at_least": random.randint(1, 2), **named, **asked, **some_conditions(random)}


def _some_points(random: Random) -> Json:
    minimums = [{"name": random.choice(CATEGORIES), "at_least": random.randint(0, 2), "points": random.choice([0, 5, "7.5"])}]
    asked = _maybe(random, 0.4, activities_at_least=random.randint(0, 3), categories=[random.choice(CATEGORIES)], minimums=minimums)
    return {"at_least": random.choice([1, 20, 40, "12.5"]), **asked, **_maybe(random, 0.3, max_age_months=random.randint(1, 24))}


def _some_score(random: Random) -> Json:
    sources = random.sample([{"measure": "m1"}, {"category": "talk"}, {"label": "safety"}, {"measure": "m2"}], random.randint(1, 3))
    parts = []
    for source in sources:
        asked = _maybe(random, 0.3, weight=random.choice([1, 2, "0.15"]), most=random.choice([10, 40]), minimum=random.randint(0, 5))
        parts.append({"name": "Part", **source, **asked, **some_conditions(random)})
    return {"at_least": random.randint(1, 40), "parts": parts, **_maybe(random, no_zero=True)}


_LEAVES: dict[str, Any] = {
    "achievement": lambda random: {
        "achievement": random.choice(ACHIEVEMENTS),
        **_maybe(random, 0.2, level_at_least=random.randint(0, 3)),
        **some_conditions(random),
    },
    "skill": lambda random: {
        "skill": random.choice(SKILLS),
        **_maybe(random, 0.4, level_at_least=random.randint(0, 3)),
        **some_conditions(random),
    },
    "count": _some_count,
    "points": _some_points,
    "score": _some_score,
    "tenure": lambda random: {"months_at_least": random.randint(0, 24), **_maybe(random, role="lead")},
    "review_mark": lambda random: {
        "at_least": random.randint(1, 5),
        **_maybe(random, 0.3, cycle="2025", max_age_months=random.randint(1, 24)),
    },
    "consent": lambda random: {"by": "manager", **_maybe(random, 0.3, about="urn:o:1", max_age_months=random.randint(1, 24))},
    "measure": lambda random: {
        "measure": "m1",
        "at_least": random.randint(-5, 40),
        **_maybe(random, 0.3, at_most=random.randint(10, 50), max_age_months=random.randint(1, 24)),
    },
    "attribute": lambda random: {"attribute": "profile", **_maybe(random, 0.3, at_least=75, one_of=["75", "80", "UK"])},
}


def also_holding(holdings: Holdings, credential: CredentialFact, points: PointsFact | None = None) -> Holdings:
    """The same and one credential more, perhaps with points."""
    more = (*holdings.points, points) if points else holdings.points
    return replace(holdings, credentials=(*holdings.credentials, credential), points=more)
