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

    credentials = Credential.objects.issued().filter(award__version__name=BADGE, revoked_at=None, paused_at=None)
    return credentials.filter(valid_until__gt=timezone.now()).select_related("award").latest("pk").award.public_id


def award(*, years_ago: int) -> str:
    """The award id of what somebody earned so many years ago and is given now; the running site will sign it."""
    from django.utils import timezone

    from hexmark.awarding import actions
    from hexmark.catalogue.models import AchievementVersion
    from hexmark.people.models import Person

    version = AchievementVersion.objects.get(name=BADGE)
    steward = _steward()
    somebody = Person.objects.exclude(awards__version=version).exclude(pk=steward.person_id).earliest("pk")
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

    return actor_for(Membership.objects.select_related("person").get(access=Access.STEWARD).person)


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
