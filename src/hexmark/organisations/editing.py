"""Changing what an organisation says of itself: its public description, its words, its time zone, its rule for the assessed kind.

What was signed keeps what it says. The words are never signed, so that changing them changes no document.
"""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from hexmark.access import Actor, Permission, allow
from hexmark.errors import Invalid
from hexmark.events.log import record
from hexmark.files.text import hides_in_line
from hexmark.organisations.assurance import Assurance
from hexmark.organisations.event_types import EventType
from hexmark.organisations.models import Organisation
from hexmark.organisations.rules import check_founding

WORDS = (
    *("word_badge", "word_badge_plural", "word_unassessed", "word_unassessed_plural"),
    *("word_assessed", "word_assessed_plural"),
)
SETTINGS = ("name", "description", "website", "email", "time_zone", "assessed_from", *WORDS)
LONGEST_WORD = 40


@transaction.atomic
def edit_organisation(organisation: Organisation, *, text: Mapping[str, str], actor: Actor) -> list[str]:
    """The organisation says this of itself; returns the names of what changed. What `text` does not name stays.

    Which kind an achievement is was fixed at its publication: another rule holds for what is published from now on.

    Raises:
        NotPermitted: the actor may not edit this organisation.
        Invalid: one of the texts cannot be used; `field` names it.
    """
    allow(actor, Permission.EDIT_ORGANISATION, organisation)
    if unknown := set(text) - set(SETTINGS):
        raise ValueError(f"No setting of an organisation: {', '.join(sorted(unknown))}")
    kept = Organisation.objects.select_for_update().get(pk=organisation.pk)
    given = {name: " ".join(value.split()) if name != "description" else value.strip() for name, value in text.items()}
    _check(kept, given)
    changed = sorted(name for name, value in given.items() if getattr(kept, name) != value)
    if changed:
        Organisation.objects.filter(pk=kept.pk).update(**{name: given[name] for name in changed})
        record(EventType.ORGANISATION_CHANGED, organisation, actor=actor, changed=changed)
    organisation.refresh_from_db()
    return changed


def _check(kept: Organisation, given: Mapping[str, str]) -> None:
    check_founding(
        name=given.get("name", kept.name),
        slug=kept.slug,
        description=given.get("description", kept.description),
        website=given.get("website", kept.website),
    )
    if given.get("time_zone", kept.time_zone) not in available_timezones():
        raise Invalid("Choose a time zone such as Europe/London.", field="time_zone")
    if given.get("assessed_from", kept.assessed_from) not in Assurance.values:
        raise Invalid("Choose from which step on it counts as assessed.", field="assessed_from")
    if email := given.get("email", ""):
        try:
            validate_email(email)
        except ValidationError as error:
            raise Invalid("The address is one like badges@example.org.", field="email") from error
    for name in set(WORDS) & set(given):
        if not given[name] or len(given[name]) > LONGEST_WORD or hides_in_line(given[name]):
            raise Invalid(f"Each word has 1 to {LONGEST_WORD} characters, all of them visible.", field=name)
