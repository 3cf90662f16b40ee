"""Gates: what each person meets, what is missing, the shortest way, and what was waived."""

from __future__ import annotations

import pytest
from tests.opportunities.openings import achievement_leaf, all_but_consent, give, marked, north, offered, served
from tests.world import World

from hexmark.errors import Invalid
from hexmark.opportunities.consents import ask_for_consent, give_consent
from hexmark.opportunities.gates import gate_of
from hexmark.opportunities.models import Opportunity
from hexmark.opportunities.offering import Offer, create_opportunity, set_gate
from hexmark.opportunities.previewing import preview_gate
from hexmark.opportunities.waivers import ask_for_waiver, decide_waiver


def test_a_gate_says_exactly_what_is_missing(acme: World) -> None:
    opening = north(acme)
    all_but_consent(acme, opening, acme.member_person)
    gate = gate_of(opening.opportunity, acme.member_person)
    assert not gate.is_open
    assert (gate.met_count, len(gate.parts)) == (4, 5)
    [lacking] = gate.lacking
    assert lacking.is_consent
    assert gate.summary.startswith("4 of 5 shown; missing: ")
    assert [step.kind for step in gate.steps] == ["consent"]


def test_without_a_rule_everybody_of_the_audience_may_apply(acme: World) -> None:
    gate = gate_of(offered(acme), acme.member_person)
    assert gate.is_open
    assert gate.parts == ()


def test_the_shortest_way_takes_the_alternative_with_the_fewest_steps(acme: World) -> None:
    one, two, three = (acme.achievement(name) for name in ("One", "Two", "Three"))
    both = {"type": "all", "parts": [achievement_leaf(one, 0), achievement_leaf(two, 0)]}
    opening = offered(acme, {"type": "any", "parts": [both, achievement_leaf(three, 0)]})
    assert [step.what for step in gate_of(opening, acme.member_person).steps] == ["Three"]
    give(acme, one, acme.member_person)
    # Both ways are one step long now: the one that the rule names first is taken.
    assert [step.what for step in gate_of(opening, acme.member_person).steps] == ["Two"]


def test_the_shortest_way_of_k_of_n_names_as_many_as_are_needed(acme: World) -> None:
    versions = [acme.achievement(name) for name in ("One", "Two", "Three", "Four")]
    opening = offered(acme, {"type": "k_of_n", "at_least": 3, "parts": [achievement_leaf(version, 0) for version in versions]})
    give(acme, versions[1], acme.member_person)
    assert [step.what for step in gate_of(opening, acme.member_person).steps] == ["One", "Three"]


def test_the_shortest_way_fills_the_minimum_of_each_group(acme: World) -> None:
    versions = [acme.achievement(name) for name in ("One", "Two", "Three", "Four")]
    groups = [
        {"name": "First", "at_least": 1, "parts": [achievement_leaf(version, 0) for version in versions[:2]]},
        {"name": "Second", "at_least": 1, "parts": [achievement_leaf(version, 0) for version in versions[2:]]},
    ]
    opening = offered(acme, {"type": "k_of_n", "at_least": 3, "groups": groups})
    give(acme, versions[0], acme.member_person)
    assert [step.what for step in gate_of(opening, acme.member_person).steps] == ["Two", "Three"]


def test_what_is_waived_opens_the_gate_and_is_never_counted_as_met(acme: World) -> None:
    opening = north(acme)
    served(acme, acme.member_person)
    marked(acme, acme.member_person)
    give(acme, opening.coaching, acme.member_person)
    before = gate_of(opening.opportunity, acme.member_person)
    safety = next(part for part in before.lacking if not part.is_consent)
    asked = ask_for_waiver(opening.opportunity, acme.member_person, safety.key, reason="Ten years at the other works.", actor=acme.member)
    assert next(part for part in gate_of(opening.opportunity, acme.member_person).parts if part.key == safety.key).state == "asked"

    decide_waiver(asked, granted=True, answer="They count as much.", actor=acme.steward)
    give_consent(ask_for_consent(opening.opportunity, acme.member_person, actor=acme.member), actor=acme.manager)
    gate = gate_of(opening.opportunity, acme.member_person)
    assert gate.is_open
    assert gate.summary == "4 of 5 shown, 1 waived."
    [waived] = gate.waived
    assert not waived.met
    assert waived.state == "waived"
    assert gate.as_json()["waived"] == [
        {
            "part": waived.sentence,
            "reason": "Ten years at the other works.",
            "answer": "They count as much.",
            "by": "Acme Steward",
        }
    ]
    assert not gate.as_json()["explanation"]["met"]


def test_a_waiver_holds_for_its_part_and_not_for_what_replaces_it(acme: World) -> None:
    opening = north(acme)
    part = gate_of(opening.opportunity, acme.member_person).parts[0]
    asked = ask_for_waiver(opening.opportunity, acme.member_person, part.key, reason="I coach elsewhere.", actor=acme.member)
    decide_waiver(asked, granted=True, answer="So you do.", actor=acme.steward)
    assert gate_of(opening.opportunity, acme.member_person).waived
    set_gate(opening.opportunity, achievement_leaf(acme.achievement("Coaching teams"), 0), actor=acme.steward)
    assert not gate_of(opening.opportunity, acme.member_person).waived


# Before a gate is set ---------------------------------------------------------------------------------------------------------------


def test_a_change_is_previewed_with_who_gains_and_who_loses(acme: World) -> None:
    first, second = acme.achievement("First"), acme.achievement("Second")
    opening = offered(acme, achievement_leaf(first, 0))
    give(acme, first, acme.member_person)
    give(acme, second, acme.manager_person)
    shown = preview_gate(opening, achievement_leaf(second, 0))
    assert [person.name for person in shown.gains] == ["Acme Manager"]
    assert [person.name for person in shown.loses] == ["Acme Member"]
    assert (shown.meets, shown.of, shown.gain_count, shown.lose_count) == (1, 3, 1, 1)
    assert opening.rule == Opportunity.objects.get(pk=opening.pk).rule, "a preview changes nothing"


def test_a_gate_that_nobody_can_meet_is_refused_until_somebody_says_that_it_is_wanted(acme: World) -> None:
    draft = create_opportunity(acme.organisation, Offer(title="Post"), actor=acme.steward)
    never = {"type": "achievement", "achievement": acme.achievement("Real").achievement.url.replace("real", "unreal"), "name": "Unreal"}
    with pytest.raises(Invalid, match=r"Nobody can meet this\. Nobody here publishes “Unreal”\."):
        set_gate(draft, never, actor=acme.steward)
    assert Opportunity.objects.get(pk=draft.pk).rule is None
    set_gate(draft, never, actor=acme.steward, although_nobody_can=True)
    assert Opportunity.objects.get(pk=draft.pk).rule_version == 2


def test_a_gate_is_possible_where_one_of_its_alternatives_is(acme: World) -> None:
    draft = create_opportunity(acme.organisation, Offer(title="Post"), actor=acme.steward)
    low = achievement_leaf(acme.achievement("Low", assurance="A1"), 2)
    good = achievement_leaf(acme.achievement("Good", assurance="A2"), 2)
    with pytest.raises(Invalid, match="never more than “Took part”"):
        set_gate(draft, {"type": "all", "parts": [low, good]}, actor=acme.steward)
    with pytest.raises(Invalid, match="never more than"):
        set_gate(draft, {"type": "k_of_n", "at_least": 2, "parts": [low, good]}, actor=acme.steward)
    set_gate(draft, {"type": "any", "parts": [low, good]}, actor=acme.steward)


def test_what_nobody_judged_cannot_be_used_where_a_credential_is_required(acme: World) -> None:
    draft = create_opportunity(acme.organisation, Offer(title="Post"), actor=acme.steward)
    completed = acme.achievement("PLC Basics", assurance="A2")
    # Also where it is only one way of several, and where somebody insists.
    rule = {"type": "any", "parts": [achievement_leaf(completed), achievement_leaf(acme.achievement("Coaching", assurance="A3"))]}
    with pytest.raises(Invalid, match=r"“PLC Basics” is called “badge” here.*cannot be used where a “credential” is required"):
        set_gate(draft, rule, actor=acme.steward, although_nobody_can=True)
    set_gate(draft, achievement_leaf(completed, 2), actor=acme.steward)


def test_a_rule_that_cannot_be_read_is_refused_with_the_place(acme: World) -> None:
    draft = create_opportunity(acme.organisation, Offer(title="Post"), actor=acme.steward)
    with pytest.raises(Invalid, match="cannot be read"):
        set_gate(draft, {"type": "all", "parts": [{"type": "wish"}]}, actor=acme.steward)


def test_a_rule_keeps_the_names_of_what_it_mentions_by_address_alone(acme: World) -> None:
    draft = create_opportunity(acme.organisation, Offer(title="Post"), actor=acme.steward)
    bare = {"type": "achievement", "achievement": acme.achievement("Coaching").achievement.url}
    set_gate(draft, {"type": "all", "parts": [bare]}, actor=acme.steward)
    assert draft.rule["parts"][0]["name"] == "Coaching"
