"""The builder of requirements: parts are added and removed by buttons, without scripts, and it reads as a sentence."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.web.pages import Visitor, text_of
from tests.world import World

from hexmark.errors import Invalid
from hexmark.opportunities.models import Opportunity
from hexmark.opportunities.offering import Offer, create_opportunity
from hexmark.requirements import parse
from hexmark.web.requirements import edited

SAFETY = "https://badges.acme.example/b/safety Safety"


def pressed(document: dict[str, Any] | None, act: str, **given: str) -> dict[str, Any] | None:
    """The rule after the press of this button."""
    text = edited({"rule": json.dumps(document) if document else "", "rule_do": act, **given})
    changed = json.loads(text) if text else None
    assert changed is None or parse(changed)
    return changed


def test_parts_are_added_one_after_the_other_and_in_groups() -> None:
    rule = pressed(None, "add:achievement", rule_achievement=SAFETY, rule_assurance="3")
    assert rule == {"type": "achievement", "achievement": SAFETY.split(maxsplit=1)[0], "name": "Safety", "assurance_at_least": 3}
    rule = pressed(rule, "add:consent")
    assert rule is not None
    assert [part["type"] for part in rule["parts"]] == ["achievement", "consent"]
    rule = pressed(rule, "add:any", rule_achievement=SAFETY)
    rule = pressed(rule, "add:points", rule_where="/parts/2", rule_points="60")
    assert rule is not None
    assert [part["type"] for part in rule["parts"][2]["parts"]] == ["achievement", "points"]


def test_removing_the_last_part_of_a_group_removes_the_group() -> None:
    rule = {"type": "all", "parts": [{"type": "consent", "by": "manager"}, {"type": "any", "parts": [{"type": "points", "at_least": 3}]}]}
    left = pressed(rule, "remove:/parts/1/parts/0")
    assert left == {"type": "all", "parts": [{"type": "consent", "by": "manager"}]}
    assert pressed(left, "remove:/parts/0") is None


def test_at_least_never_asks_for_more_than_is_left() -> None:
    two = [{"type": "points", "at_least": 1}, {"type": "points", "at_least": 2}]
    assert pressed({"type": "k_of_n", "at_least": 2, "parts": two}, "remove:/parts/0") == {
        "type": "k_of_n",
        "at_least": 1,
        "parts": two[1:],
    }


@pytest.mark.parametrize("path", ["/parts/9", "/steps/0", "/parts/x", "/parts", "nonsense", "/parts/-1"])
def test_a_path_that_leads_nowhere_changes_nothing(path: str) -> None:
    rule = {"type": "all", "parts": [{"type": "consent", "by": "manager"}]}
    assert pressed(rule, f"remove:{path}") == rule


@pytest.mark.parametrize(
    ("act", "given"),
    [("add:achievement", {}), ("add:tenure", {"rule_months": "x"}), ("add:points", {"rule_points": "²"}), ("add:what", {})],
)
def test_what_is_not_complete_is_refused_with_what_to_do(act: str, given: dict[str, str]) -> None:
    with pytest.raises(Invalid, match=r"Choose|Say"):
        pressed({"type": "consent", "by": "manager"}, act, **given)


def test_the_page_shows_the_sentence_and_loses_nothing(acme: World) -> None:
    made: Opportunity = create_opportunity(acme.organisation, Offer(title="Post"), actor=acme.steward)
    version, steward = acme.achievement("Safety"), Visitor(acme.steward_person)
    address = f"/opportunities/{made.public_id}/gate"
    given = {"rule": "", "rule_do": "add:achievement", "rule_achievement": f"{version.achievement.url} Safety", "rule_held": "12"}
    page = steward.post(address, given)
    assert page.status_code == 200
    assert "Safety (held for 12 months)." in text_of(page)
    text = page.context["form"]["rule"].value()
    refused = steward.post(address, {"rule": text, "rule_do": "add:tenure"})
    assert refused.status_code == 422
    assert "Say how many months" in text_of(refused)
    assert "Safety (held for 12 months)." in text_of(refused)
    made.refresh_from_db()
    assert made.rule is None
