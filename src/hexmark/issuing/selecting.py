"""Which of an organisation's credentials somebody means: by text, achievement, team, state and date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone

from hexmark.access import Actor
from hexmark.issuing.models import Credential, StatusChange
from hexmark.issuing.queries import issued_credentials

STATES = ("valid", "paused", "expired", "revoked")


@dataclass(frozen=True, slots=True)
class Selection:
    """What is asked for. Whatever is empty says nothing; days count where the organisation is, the last one included."""

    text: str = ""
    #: The achievement's short name, in whichever version.
    achievement: str = ""
    #: The team's public id: who is in it now.
    team: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it means everything."""
        return self == Selection()


def selected(actor: Actor, selection: Selection, *, zone: ZoneInfo) -> QuerySet[Credential]:
    """The signed credentials that the actor may see and the selection means, newest first."""
    found = issued_credentials(actor, search=selection.text)
    if selection.achievement:
        found = found.filter(award__version__achievement__slug=selection.achievement)
    if selection.team:
        found = found.filter(award__person__team__public_id=selection.team)
    if selection.state:
        found = found.filter(_in_state(selection.state, timezone.now()))
    # The first and the last day of the calendar lie outside it in some time zone, and mean no more than no day.
    if selection.since and selection.since.year > MINYEAR:
        found = found.filter(award__awarded_at__gte=datetime.combine(selection.since, time(), tzinfo=zone))
    if selection.until and selection.until.year < MAXYEAR:
        found = found.filter(award__awarded_at__lt=datetime.combine(selection.until + timedelta(days=1), time(), tzinfo=zone))
    return found


def fitting(act: str, credentials: QuerySet[Credential]) -> QuerySet[Credential]:
    """Those of these to which the act can be done: what is revoked stays so, and only what is paused can be lifted."""
    live = credentials.filter(revoked_at__isnull=True, issued_at__isnull=False)
    if act == StatusChange.Act.REVOKE:
        return live
    return live.filter(paused_at__isnull=act == StatusChange.Act.PAUSE)


def _in_state(state: str, at: datetime) -> Q:
    """As lists show it: revoked before paused, paused before expired."""
    paused, expired = Q(paused_at__isnull=False), Q(valid_until__isnull=False, valid_until__lt=at)
    standing = Q(revoked_at__isnull=True)
    return {
        "revoked": Q(revoked_at__isnull=False),
        "paused": standing & paused,
        "expired": standing & ~paused & expired,
        "valid": standing & ~paused & ~expired,
    }.get(state, Q(pk__in=()))
