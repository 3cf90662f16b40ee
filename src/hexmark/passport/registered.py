"""The public register: holders who agreed to be named, of one achievement or of everything an organisation gave."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from hexmark.catalogue.models import Achievement
from hexmark.organisations.models import Organisation
from hexmark.passport.audience import Audience
from hexmark.passport.models import Entry

#: Words of a name that are looked for; more are not asked for at once.
MOST_WORDS = 5


def holders_of(achievement: Achievement, *, search: str = "") -> QuerySet[Entry]:
    """Who holds any version of this and agreed that everybody may know, by name; `search` looks into names."""
    return _registered(search).filter(credential__award__version__achievement=achievement)


def holders_at(organisation: Organisation, *, search: str = "") -> QuerySet[Entry]:
    """Who holds anything of this issuer and agreed that everybody may know, by name; `search` looks into names."""
    return _registered(search).filter(credential__organisation=organisation)


def _registered(search: str) -> QuerySet[Entry]:
    """Accepted, public, signed, and in force now: who is paused, revoked or past the end stands in no register."""
    in_force = Q(credential__valid_until__isnull=True) | Q(credential__valid_until__gt=timezone.now())
    entries = Entry.objects.kept().filter(
        in_force,
        audience=Audience.PUBLIC,
        credential__issued_at__isnull=False,
        credential__revoked_at__isnull=True,
        credential__paused_at__isnull=True,
    )
    for word in search.split()[:MOST_WORDS]:
        entries = entries.filter(credential__award__person__name__icontains=word)
    related = ("credential__award__person", "credential__award__version__achievement")
    return entries.select_related(*related).defer("credential__document").order_by("credential__award__person__name", "pk")
