"""Values that examples show."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_ID = "k3v5qoxk2m7d4tj6w2nzr5bqhe"
#: By name of the field or part of an address: what somebody might really send.
_SAMPLES: Mapping[str, Any] = {
    "achievement": "safety-champion",
    "slug": "safety-champion",
    "number": "1",
    "name": "Safety Champion",
    "to": [{"email": "amara@example.org", "name": "Amara Osei"}, {"employee_id": "0042"}],
    "email": "amara@example.org",
    "reason": "Awarded in error",
    "url": "https://badges.example.org/a/k3v5qoxk2m7d4tj6w2nzr5bqhe",
    "narrative": "Led four toolbox talks.",
    "source": "CRM",
    "rule": {"type": "achievement", "achievement": "https://badges.example.org/b/safety-champion"},
    "values": [{"on": "2026-03-14", "person": _ID, "value": "31"}],
    "records": [{"id": "D-2041", "owner": _ID, "date": "2026-03-14", "stage": "Won", "amount": "12400"}],
    "title": "Discovery Practitioner by January",
    "due_on": "2027-01-31",
    "decision": "chosen",
    "description": "Looks after the safety of a crew.",
    "criteria": "Lead four toolbox talks and close two near-miss reports.",
}
#: Of a body, what is shown beside what it must have.
_SHOWN = {
    "NewAwards": ["narrative"],
    "Text": ["description", "criteria"],
    "NewAchievement": ["description", "criteria"],
    "ToVerify": ["url"],
    "PersonChange": ["name"],
    "TeamChange": ["name"],
}
_OF_PEOPLE = {"NewPerson": "Amara Osei", "PersonChange": "Amara Osei", "NewTeam": "Kiln", "TeamChange": "Kiln"}


def sample(name: str) -> str:
    """What stands for a part of an address."""
    return str(_SAMPLES.get(name, _ID))


def sample_body(body: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    """A body of this shape as JSON."""
    name = str(body["$ref"]).rpartition("/")[2]
    fields = [*schemas[name].get("required", []), *_SHOWN.get(name, [])]
    values = {field: _SAMPLES[field] for field in dict.fromkeys(fields)}
    if name in _OF_PEOPLE:
        values["name"] = _OF_PEOPLE[name]
    return json.dumps(values, ensure_ascii=False)
