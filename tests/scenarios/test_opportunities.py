"""SF-5, SF-6, HX-7: an opportunity's gate, as the person, their manager and whoever offers it see it."""

from __future__ import annotations

from django.urls import reverse
from tests.opportunities.openings import TITLE, all_but_consent, give, marked, north, served, settle
from tests.web.pages import Visitor, text_of
from tests.world import World

from hexmark.holdings.decisions import replay
from hexmark.holdings.models import Decision
from hexmark.mail.models import Message
from hexmark.opportunities.interest_tables import Consent, Interest, Waiver
from hexmark.opportunities.models import Opportunity


def at(opportunity: Opportunity, name: str = "opportunity") -> str:
    """The address of one of its pages."""
    return reverse(name, args=[opportunity.public_id])


def test_SF_5_opportunity_gate(acme: World, steward: Visitor) -> None:  # noqa: N802
    opening = north(acme)
    all_but_consent(acme, opening, acme.member_person)
    jo, manager = Visitor(acme.member_person), Visitor(acme.manager_person)

    # All but consent: that is exactly what the page says.
    page = text_of(jo.get(at(opening.opportunity)))
    assert "4 of 5 shown." in page
    assert page.count("Missing") == 1
    assert "The shortest way: " in page
    assert "Raise my hand" not in page
    listed = text_of(jo.get("/opportunities"))
    assert "One step away 1" in listed
    assert "4 of 5 shown" in listed

    # The manager is asked, sees no more than that, and agrees.
    assert jo.post(at(opening.opportunity, "opportunity_consent"), {"note": "I should like to."}).status_code == 302
    asked = Consent.objects.get()
    inbox = text_of(manager.get("/opportunities/consents"))
    assert f"Acme Member would like to apply for {TITLE}" in inbox
    assert "I should like to." in inbox
    assert manager.post(reverse("consent_answer", args=[asked.public_id]), {"answer": "give"}).status_code == 302
    settle()

    # What is shown to whom is said before the hand is raised; without agreeing, it is not.
    page = text_of(jo.get(at(opening.opportunity)))
    assert "5 of 5 shown." in page
    assert "Whoever decides at Acme then sees: your name and address" in page
    assert jo.post(at(opening.opportunity, "opportunity_raise"), {"note": "Me."}).status_code == 422
    assert jo.post(at(opening.opportunity, "opportunity_raise"), {"note": "Me.", "shows": "on"}).status_code == 302
    assert Interest.objects.get().person == acme.member_person

    # Nobody is ranked: the list has two orders, and neither of them knows what anybody earned.
    page = text_of(steward.get(at(opening.opportunity, "opportunity_interested")))
    assert "in the order in which hands were raised, or by name; it has no other order" in page
    assert "score" not in page.lower()
    assert "rank" not in page.lower()


def test_SF_5_the_waiver_path_has_a_reason(acme: World, steward: Visitor) -> None:  # noqa: N802
    opening = north(acme)
    served(acme, acme.member_person)
    marked(acme, acme.member_person)
    give(acme, opening.coaching, acme.member_person)
    jo = Visitor(acme.member_person)
    [part] = [one for one in jo.get(at(opening.opportunity)).context["mine"].gate.lacking if not one.is_consent]

    assert jo.post(at(opening.opportunity, "opportunity_waiver"), {"part": part.key, "reason": ""}).status_code == 422
    jo.post(at(opening.opportunity, "opportunity_waiver"), {"part": part.key, "reason": "Ten years elsewhere."})
    page = text_of(steward.get(at(opening.opportunity, "opportunity_interested")))
    assert "Ten years elsewhere." in page
    answer = reverse("opportunity_waiver_answer", args=[opening.opportunity.public_id, Waiver.objects.get().public_id])
    assert steward.post(answer, {"granted": "yes", "answer": ""}).status_code == 422
    steward.post(answer, {"granted": "yes", "answer": "They count as much."})

    # Waived, and shown as waived, never as met.
    page = text_of(jo.get(at(opening.opportunity)))
    assert "3 of 5 shown, 1 waived." in page
    assert "Waived, not met" in page
    assert "Acme Steward waived this" in page
    assert "They count as much." in page


def test_SF_6_unlock_notice(acme: World) -> None:  # noqa: N802
    opening = north(acme)
    served(acme, acme.member_person)
    marked(acme, acme.member_person)
    give(acme, opening.coaching, acme.member_person)
    jo, manager = Visitor(acme.member_person), Visitor(acme.manager_person)
    jo.post(at(opening.opportunity, "opportunity_consent"), {})
    manager.post(reverse("consent_answer", args=[Consent.objects.get().public_id]), {"answer": "give"})
    settle()
    assert "Open to you" not in text_of(jo.get("/opportunities"))
    assert not Message.objects.filter(template="opportunity_unlocked").exists()

    # The last badge is issued: the opportunity appears, and they are told once.
    give(acme, opening.safety, acme.member_person)
    settle()
    assert "Open to you 1" in text_of(jo.get("/opportunities"))
    [letter] = Message.objects.filter(template="opportunity_unlocked")
    assert letter.to == acme.member_person.email
    assert TITLE in letter.subject


def test_HX_7_why_and_why_not(acme: World) -> None:  # noqa: N802
    opening = north(acme)
    served(acme, acme.member_person)
    jo = Visitor(acme.member_person)
    refused = jo.post(at(opening.opportunity, "opportunity_raise"), {"shows": "on"})
    assert refused.status_code == 422

    page = text_of(jo.get(at(opening.opportunity, "opportunity_why")))
    assert "By version 2 of who can apply" in page
    assert "Not open to you" in page
    assert "Missing: Coaching" in page
    assert "Counted: since" in page
    assert "the same answer" in page
    [kept] = Decision.objects.filter(person=acme.member_person)
    assert (kept.rule_version, kept.met) == (2, False)
    assert replay(kept).to_json() == kept.explanation

    # It is nobody else's to read.
    assert "Answers that were kept None yet." in text_of(Visitor(acme.manager_person).get(at(opening.opportunity, "opportunity_why")))
