"""Notes of a manager about somebody, between reviews. Who sees one is said beside it, and stays so."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from hexmark.access import Actor
from hexmark.errors import Invalid, NotPermitted
from hexmark.people.models import Person
from hexmark.performance.review_models import Note
from hexmark.performance.review_rules import LONGEST_NOTE, checked_text
from hexmark.performance.sides import is_manager_of


@transaction.atomic
def write_note(person: Person, *, text: str, audience: str, actor: Actor) -> Note:
    """The note stands, for its author alone or for the person too.

    Raises:
        NotPermitted: the actor is not the person's manager at this moment.
        Invalid: it is empty or too long.
    """
    if actor.person_id is None or not is_manager_of(actor, person):
        raise NotPermitted("There is nothing here that you may change.")
    if audience not in Note.Audience.values:
        raise Invalid("Choose who sees the note.", field="audience")
    text = checked_text(text, most=LONGEST_NOTE, missing="Write the note first.")
    return Note.objects.create(
        organisation_id=person.organisation_id,
        about=person,
        author_id=actor.person_id,
        text=text,
        audience=audience,
        written_at=timezone.now(),
    )


@transaction.atomic
def discard_note(note: Note, *, actor: Actor) -> None:
    """The note is gone, for everybody.

    Raises:
        NotPermitted: it is somebody else's, or about somebody whom the actor no longer manages.
    """
    if note.author_id != actor.person_id or not is_manager_of(actor, note.about):
        raise NotPermitted("There is nothing here that you may change.")
    note.delete()


def notes_about(person: Person, actor: Actor) -> QuerySet[Note]:
    """What the actor may read of the notes about this person: as their manager, the own ones; as the person, those meant for both.

    Whoever is no longer the manager reads none, not even the own ones.
    """
    if actor.organisation_id is None:
        return Note.objects.none()
    notes = (
        Note.objects.filter(about=person, organisation_id=actor.organisation_id)
        .select_related("author", "about")
        .order_by("-written_at", "-pk")
    )
    if actor.person_id == person.pk:
        return notes.filter(audience=Note.Audience.BOTH)
    if actor.person_id is None or not is_manager_of(actor, person):
        return notes.none()
    # What a former manager shared with the person was shared between those two.
    return notes.filter(author_id=actor.person_id)
