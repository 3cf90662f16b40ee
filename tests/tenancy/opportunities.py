"""Opportunities: one that nobody but who offers knows of, and one that is open to the staff."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from hexmark.issuing.models import Credential
from hexmark.opportunities.interest_tables import Consent, Interest, Waiver
from hexmark.opportunities.models import Opportunity
from hexmark.opportunities.offering import Offer, create_opportunity, open_opportunity, set_gate
from hexmark.people.models import Person
from tests.tenancy.area import Area
from tests.world import World

RULE = {"type": "all", "parts": [{"type": "consent", "by": "manager"}, {"type": "tenure", "months_at_least": 900}]}


def values(acme: World, credential: Credential) -> Mapping[str, str]:
    """A draft of the steward's."""
    return of(acme, acme.person("Not Reporting Either"), opened=False)


def of(acme: World, person: Person, *, opened: bool = True) -> Mapping[str, str]:
    """An opening for which the person's hand is up, with a waiver and a consent that they asked for."""
    made = create_opportunity(acme.organisation, Offer(title="Post"), actor=acme.steward)
    set_gate(made, RULE, actor=acme.steward)
    if opened:
        open_opportunity(made, actor=acme.steward)
    # Long enough ago that taking it down is no undoing.
    at = timezone.now() - timedelta(hours=1)
    about = {"opportunity": Opportunity(pk=made.pk), "person": person}
    hand = Interest.objects.create(organisation=acme.organisation, raised_at=at, shown_at=at, rule_version=2, **about)
    waiver = Waiver.objects.create(organisation=acme.organisation, part="0" * 64, sentence="Time", reason="Long ago.", asked_at=at, **about)
    consent = Consent.objects.create(organisation=acme.organisation, asked_at=at, **about)
    return {
        "opportunity_id": made.public_id,
        "interest_id": hand.public_id,
        "waiver_id": waiver.public_id,
        "consent_id": consent.public_id,
    }


AREA = Area(
    public=frozenset({"opportunities_board"}),
    own=frozenset({"opportunities", "consents"}),
    of_the_organisation=frozenset({"opportunities_offered", "opportunity_new"}),
    of_a_thing=frozenset(
        """
        opportunity opportunity_raise opportunity_withdraw opportunity_consent opportunity_waiver opportunity_why opportunity_access
        opportunity_access_export opportunity_edit opportunity_gate opportunity_publish
        opportunity_unpublish opportunity_open opportunity_close opportunity_reopen
        opportunity_interested opportunity_interested_export opportunity_decision opportunity_decision_undo opportunity_waiver_answer
        consent_answer consent_withdraw
        """.split()
    ),
    values=values,
)
