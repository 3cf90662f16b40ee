"""Requirements: one rule over 100,000 people who hold ten credentials each, and 200 rules for one person.

    python benchmarks/rules.py --json

The peer asks the same rule of each person alone, with the full answer in words, in the same process and on the same holdings. Times are of
the processor; the memory is that of the whole process, holdings and all.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

from measuring import peak_mb

from hexmark.requirements import CredentialFact, Holdings, PointsFact, Requirement, evaluate, evaluate_many, parse

#: What is promised.
PROMISED_SECONDS, PROMISED_MS, PROMISED_MB = 2.0, 20.0, 500
NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
_IDS = [f"https://benchmark.example/o/acme/achievements/{number:026d}" for number in range(60)]
_LABELS = (frozenset({"safety"}), frozenset({"craft", "safety"}), frozenset({"craft"}))
_FEW = 200


def main() -> None:
    """The figures are printed."""
    parser = argparse.ArgumentParser(description="Ask requirements.")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--people", type=int, default=100_000)
    given = parser.parse_args()
    many = {number: _holdings(number) for number in range(given.people)}
    rule = parse(_gate(0))
    bulk = _best(lambda: evaluate_many(rule, many, NOW).met)
    sample = dict(list(many.items())[: max(1, given.people // 20)])
    single = _best(lambda: [evaluate(rule, holdings, NOW).met for holdings in sample.values()]) * given.people / len(sample)
    figures = {
        "met": len(evaluate_many(rule, many, NOW).met),
        "one_rule_seconds": round(bulk, 3),
        "promised_seconds": PROMISED_SECONDS,
        "rules_for_one_ms": round(_rules_for_one(many[7]) * 1000, 2),
        "promised_ms": PROMISED_MS,
        "promised_mb": PROMISED_MB,
        "kinds_seconds": {name: round(_best(partial(_met, parse(one), many)), 3) for name, one in _kinds().items()},
    }
    _show(given, bulk, single, figures)


def _met(rule: Requirement, many: dict[int, Holdings]) -> frozenset[int]:
    return evaluate_many(rule, many, NOW).met


def _rules_for_one(holdings: Holdings) -> float:
    rules: list[Requirement] = [parse(_gate(number)) for number in range(_FEW)]
    return _best(lambda: [evaluate(rule, holdings, NOW) for rule in rules])


def _best(work: Callable[[], object]) -> float:
    """Processor seconds of the best of three."""
    spent = []
    for _ in range(3):
        begins = time.process_time()
        work()
        spent.append(time.process_time() - begins)
    return min(spent)


def _holdings(person: int) -> Holdings:
    return Holdings(
        credentials=tuple(_credential(person, place) for place in range(10)),
        points=(PointsFact("", "talk", Decimal(person % 50), NOW - timedelta(days=person % 900)),),
    )


def _credential(person: int, place: int) -> CredentialFact:
    which = (person * 7 + place * 11) % len(_IDS)
    begun = NOW - timedelta(days=(person + place * 97) % 1400)
    return CredentialFact(
        ref=f"urn:uuid:{person:08d}-{place}",
        achievement=_IDS[which],
        name="Coaching",
        issuer="did:web:benchmark.example:o:acme",
        assurance=(person + place) % 5,
        level=0,
        held_from=begun,
        valid_until=begun + timedelta(days=1096) if place % 2 else None,
        labels=_LABELS[which % 3],
    )


def _gate(number: int) -> dict[str, object]:
    """All of: one with assurance, any of two, two of four. Typical of who may apply."""

    def held(offset: int, **conditions: object) -> dict[str, object]:
        return {"type": "achievement", "achievement": _IDS[(number + offset * 11) % len(_IDS)], "name": "Coaching", **conditions}

    return {
        "type": "all",
        "parts": [
            held(0, assurance_at_least=1, name="Safety"),
            {"type": "any", "parts": [held(1), held(2)]},
            {"type": "k_of_n", "at_least": 2, "parts": [held(3), held(4), held(5), held(6, valid_for_days=90)]},
        ],
    }


def _kinds() -> dict[str, dict[str, object]]:
    leaf = {"type": "achievement", "achievement": _IDS[0]}
    return {
        "gate": _gate(0),
        "held for 12 months": {**leaf, "held_for_months": 12},
        "count of a label": {"type": "count", "at_least": 3, "labels": ["safety"]},
        "points": {"type": "points", "at_least": 20, "max_age_months": 24},
    }


def _show(given: argparse.Namespace, bulk: float, single: float, figures: dict[str, object]) -> None:
    result = {
        "name": "one rule over many people",
        "unit": "people/s",
        "ours": round(given.people / bulk, 1),
        "peer": round(given.people / single, 1),
        "ratio": round(single / bulk, 1),
        "peak_mb": peak_mb(),
        "details": {"people": given.people, "holdings_each": 10, **figures, "python": platform.python_version()},
    }
    if given.json:
        lines = [json.dumps(result)]
    else:
        lines = [f"{result['name']}: {result['ours']:,.0f} people/s, {result['ratio']} times the peer's; {result['peak_mb']} MB"]
        lines += [f"  {word}: {value}" for word, value in figures.items()]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
