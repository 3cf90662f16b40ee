"""Jobs and sweeps of holdings."""

from django.utils import timezone

from hexmark.holdings.actions import CHUNK, match_skills, record_expired
from hexmark.holdings.models import Holding
from hexmark.jobs import job, sweep, wake
from hexmark.requirements.facts import FactKind


@job("holdings.match_skills")
def match(organisation_id: int, after: int = 0) -> None:
    """Some of the organisation's holdings are linked to the skills that they name; the next call goes on with the others."""
    credentials = Holding.objects.filter(organisation_id=organisation_id, kind=FactKind.CREDENTIAL.value, pk__gt=after)
    some = list(credentials.order_by("pk")[: CHUNK * 10])
    match_skills(some)
    if some:
        wake("holdings.match_skills", organisation_id, some[-1].pk)


@sweep("holdings.expired", every_seconds=30)
def record_what_expired() -> None:
    """Every credential whose time is over is recorded as expired, once."""
    while record_expired(timezone.now()) == CHUNK:
        pass
