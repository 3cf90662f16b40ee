"""What the demo's badge administrator does there, in a process of its own beside the running site. Prints the award's public id.

acts.py active               find a credential that is valid and will expire
acts.py award-now            award somebody, signed at once
acts.py award-expired        award what expired long ago: it was decided years before it was put on record
acts.py revoke AWARD_ID
"""

from __future__ import annotations

import sys
from datetime import timedelta
from functools import partial

from hexmark.access import Actor
from hexmark.cli import framework

#: Valid for two years in the demo.
BADGE = "Test Systems Associate"


def active() -> str:
    """The award id of a valid credential that will expire."""
    from django.utils import timezone

    from hexmark.issuing.models import Credential

    # Accepted, and shown to whoever has the link: what its holder hides, no stranger can verify.
    credentials = Credential.objects.issued().filter(award__version__name=BADGE, revoked_at=None, paused_at=None)
    credentials = credentials.filter(entry__accepted_at__isnull=False, entry__audience="link")
    return credentials.filter(valid_until__gt=timezone.now()).select_related("award").latest("pk").award.public_id


def award(*, years_ago: int) -> str:
    """The award id of what somebody earned so many years ago and is given now; the running site will sign it."""
    from django.utils import timezone

    from hexmark.awarding import actions
    from hexmark.catalogue.models import AchievementVersion
    from hexmark.people.models import Person

    version = AchievementVersion.objects.get(name=BADGE)
    steward = _steward()
    # With an account: what waits for an answer is shown to nobody.
    people = Person.objects.filter(organisation_id=steward.organisation_id, account__isnull=False, left_at=None)
    somebody = people.exclude(awards__version=version).exclude(pk=steward.person_id).earliest("pk")
    decided_at = timezone.now() - timedelta(days=years_ago * 365)
    run = actions.award(version, to=[somebody], actor=steward, decided_at=decided_at).run
    actions.release_now(run, actor=steward)
    return run.awards.get().public_id


def revoke(award_id: str) -> str:
    """The award is revoked; the running site publishes the list."""
    from hexmark.issuing import actions
    from hexmark.issuing.models import Credential

    actions.revoke(Credential.objects.get(award__public_id=award_id), actor=_steward(), reason="Awarded in error.")
    return award_id


def _steward() -> Actor:
    from hexmark.access import Access
    from hexmark.people.models import Membership
    from hexmark.people.queries import actor_for

    stewards = Membership.objects.filter(access=Access.STEWARD, person__organisation__slug="hexham")
    return actor_for(stewards.select_related("person").get().person)


if __name__ == "__main__":
    framework.start()
    acts = {
        "active": active,
        "award-now": partial(award, years_ago=0),
        "award-expired": partial(award, years_ago=5),
        "revoke": revoke,
    }
    name, *given = sys.argv[1:]
    print(acts[name](*given))
