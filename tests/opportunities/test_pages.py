"""Pages of whoever offers: written, looked at, saved, opened, decided about; and the board that everybody may read."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.opportunities.openings import achievement_leaf, give, offered
from tests.web.pages import Visitor, text_of
from tests.world import World

from hexmark.opportunities.interest_tables import Interest
from hexmark.opportunities.interests import raise_hand
from hexmark.opportunities.models import Opportunity
from hexmark.organisations.models import Organisation
from hexmark.people.queries import actor_for

WRITTEN = {"kind": "post", "title": "Team lead", "text": "**Leads**", "audience": "network", "shared": "Globex"}


@pytest.fixture
def steward(acme: World) -> Visitor:
    return Visitor(acme.steward_person)


def test_an_opportunity_is_written_shared_gated_and_opened(acme: World, globex: World, steward: Visitor) -> None:
    version = acme.achievement("Coaching")
    give(acme, version, acme.member_person)
    assert steward.post("/opportunities/new", WRITTEN).status_code == 302
    made = Opportunity.objects.get()
    assert [one.organisation for one in made.shared_with.all()] == [globex.organisation]

    gate = f"/opportunities/{made.public_id}/gate"
    looked_at = text_of(steward.post(gate, {"rule": json.dumps(achievement_leaf(version, 0)), "act": "look"}))
    assert "1 of 6 could apply today." in looked_at
    assert Opportunity.objects.get().rule is None, "looking changes nothing"
    assert steward.post(gate, {"rule": json.dumps(achievement_leaf(version, 0)), "act": "save"}).status_code == 302
    assert steward.post(f"/opportunities/{made.public_id}/open").status_code == 302
    assert "Coaching" in text_of(Visitor(globex.member_person).get(f"/opportunities/{made.public_id}"))


def test_a_gate_that_nobody_can_meet_is_shown_before_it_is_saved(acme: World, steward: Visitor) -> None:
    opening = offered(acme)
    never = json.dumps({"type": "achievement", "achievement": f"{acme.achievement('Real').achievement.url}-not", "name": "Unreal"})
    gate = f"/opportunities/{opening.public_id}/gate"
    assert "Nobody can ever meet this" in text_of(steward.post(gate, {"rule": never, "act": "look"}))
    refused = steward.post(gate, {"rule": never, "act": "save"})
    assert refused.status_code == 422
    assert "Unreal" in refused.content.decode(), "nothing that was written is lost"
    assert steward.post(gate, {"rule": never, "act": "save", "although": "on"}).status_code == 302


def test_what_cannot_be_used_comes_back_as_it_was_written(acme: World, steward: Visitor) -> None:
    wrong = WRITTEN | {"shared": "Nobody Ltd", "open_from": "2026-05-02", "closes_on": "2026-05-01"}
    answer = steward.post("/opportunities/new", wrong)
    assert answer.status_code == 422
    assert "No other organisation here is called “Nobody Ltd”." in text_of(answer)
    assert "**Leads**" in answer.content.decode()
    assert steward.post("/opportunities/new", wrong | {"shared": ""}).status_code == 422
    assert not Opportunity.objects.exists()


def test_the_file_of_the_interested_stands_in_the_order_of_their_hands(acme: World, steward: Visitor) -> None:
    opening = offered(acme)
    for name in ("Zoe Zander", "Abe Aaron"):
        person = acme.person(name)
        raise_hand(opening, person, actor=actor_for(person), shows=True, note="=1+1")
    answer = steward.get(f"/opportunities/{opening.public_id}/interested.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["name"] for row in rows] == ["Zoe Zander", "Abe Aaron"]
    assert not any(row["says"].startswith("=") for row in rows)


def test_a_decision_is_made_and_undone_on_the_page(acme: World, steward: Visitor) -> None:
    opening = offered(acme)
    hand = raise_hand(opening, acme.member_person, actor=acme.member, shows=True)
    place = f"/opportunities/{opening.public_id}/interested/{hand.public_id}"
    assert steward.post(place, {"decision": "chosen", "reason": ""}).status_code == 422
    assert steward.post(place, {"decision": "chosen", "reason": "Your crew trusts you."}).status_code == 302
    assert "Chosen" in text_of(steward.get(f"/opportunities/{opening.public_id}/interested"))
    assert steward.post(f"{place}/undo").status_code == 302
    assert Interest.objects.get().decided_at is None


def test_the_board_shows_what_is_for_everybody_and_nothing_else(acme: World) -> None:
    offered(acme, title="For staff")
    public = offered(acme, title="For everybody", audience="public")
    board = text_of(Visitor().get("/opportunities/board"))
    assert "For everybody" in board
    assert "For staff" not in board
    page = text_of(Visitor().get(f"/opportunities/{public.public_id}"))
    assert "Sign in to see what you meet" in page


def test_days_begin_and_end_where_the_organisation_is(acme: World) -> None:
    opening = offered(acme)
    today = opening.today()
    Opportunity.objects.filter(pk=opening.pk).update(open_from=today, closes_on=today)
    assert Opportunity.objects.open_now().filter(pk=opening.pk).exists()
    # Where it is a day later already, or still a day before, it is not open: at one of the two ends of the world that is so at any time.
    states = set()
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        Organisation.objects.filter(pk=acme.organisation.pk).update(time_zone=zone)
        opening = Opportunity.objects.select_related("organisation").get(pk=opening.pk)
        assert opening.is_open() == Opportunity.objects.open_now().filter(pk=opening.pk).exists()
        states.add(opening.is_open())
    assert False in states


def test_pages_ask_no_more_of_the_database_for_many_than_for_few(acme: World, steward: Visitor) -> None:
    version = acme.achievement("Coaching")
    member = Visitor(acme.member_person)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert member.get("/opportunities").status_code == 200
        return len(queries)

    offered(acme, achievement_leaf(version, 0), title="First")
    asked()
    few = asked()
    for number in range(5):
        offered(acme, achievement_leaf(version, 0), title=f"Another {number}")
    assert asked() == few
