"""Open gates: who can apply as a signed document at an address of its own."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse
from tests.opportunities.openings import achievement_leaf, offered, settle
from tests.web.pages import Visitor, text_of
from tests.world import World

from hexmark.errors import Conflict, NotPermitted
from hexmark.opportunities.offering import set_gate
from hexmark.opportunities.publishing import publish, published_gate, unpublish


def test_a_stranger_reads_the_signed_document_and_the_page_leads_there(acme: World) -> None:
    opening = offered(acme, achievement_leaf(acme.achievement("Coaching"), 0), audience="public")
    gate = publish(opening, actor=acme.steward)
    settle()
    page = Visitor().get(f"/opportunities/{opening.public_id}")
    address = reverse("open_gate", args=[gate.public_id])
    assert f'href="{address}"' in page.content.decode()
    assert "Coaching" in text_of(Visitor().get(address))
    signed = Visitor().get(reverse("open_gate_document", args=[gate.public_id]))
    assert "proof" in json.loads(signed.content)


def test_another_rule_takes_the_published_one_down(acme: World) -> None:
    opening = offered(acme, achievement_leaf(acme.achievement("Coaching"), 0), audience="public")
    gate = publish(opening, actor=acme.steward)
    settle()
    set_gate(opening, achievement_leaf(acme.achievement("Safety"), 0), actor=acme.steward)
    assert published_gate(opening) is None
    assert Visitor().get(reverse("open_gate", args=[gate.public_id])).status_code == 404


def test_only_what_is_open_to_everybody_and_asks_for_something_is_published(acme: World) -> None:
    with pytest.raises(Conflict, match="Nothing is asked for"):
        publish(offered(acme, audience="public"), actor=acme.steward)
    inside = offered(acme, achievement_leaf(acme.achievement("Coaching"), 0))
    with pytest.raises(Conflict, match="open to everybody"):
        publish(inside, actor=acme.steward)
    with pytest.raises(NotPermitted):
        publish(inside, actor=acme.member)


def test_it_can_be_taken_down_again(acme: World) -> None:
    opening = offered(acme, achievement_leaf(acme.achievement("Coaching"), 0), audience="public")
    publish(opening, actor=acme.steward)
    unpublish(opening, actor=acme.steward)
    assert published_gate(opening) is None
    unpublish(opening, actor=acme.steward)
