"""Running a checked list: a background job that can be paused, may die anywhere, and does every row at most once."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor, Permission, allow, system
from hexmark.errors import Conflict
from hexmark.events.log import record
from hexmark.jobs import job, sweep, wake
from hexmark.organisations.models import Organisation
from hexmark.people.event_types import EventType
from hexmark.people.imports.checking import OPEN, check, checked_mapping
from hexmark.people.imports.reading import forget_old
from hexmark.people.imports.writing import write
from hexmark.people.models import ImportRow, PeopleImport
from hexmark.people.queries import actor_for

State, Status, Outcome = PeopleImport.State, ImportRow.Status, ImportRow.Outcome
#: Rows of one transaction: a second of writing at most, after which others have their turn.
AT_ONCE = 200
#: Rows that are checked while whoever brought them waits: two seconds.
CHECKED_AT_ONCE = 5000
_TO_RUN = (Status.NEW, Status.CHANGED)


def check_soon(whole: PeopleImport, *, actor: Actor, date_order: str = "", mapping: Mapping[str, str] | None = None) -> None:
    """As `check`: at once for a list that takes no more than seconds, in the background for a longer one.

    Raises:
        NotPermitted, Invalid, Conflict: as `check` does.
    """
    allow(actor, Permission.EDIT_PEOPLE, whole)
    if whole.rows.count() <= CHECKED_AT_ONCE:
        check(whole, actor=actor, date_order=date_order, mapping=mapping)
        return
    chosen = checked_mapping(whole, mapping)
    with transaction.atomic():
        open_ = PeopleImport.objects.filter(pk=whole.pk, state__in=OPEN)
        if not open_.update(state=State.CHECKING, mapping=chosen, date_order=date_order or whole.date_order):
            raise Conflict("This list is being run or was run. Bring it again to check it anew.")
        wake("people.check_import", whole.pk)


@transaction.atomic
def run(whole: PeopleImport, *, actor: Actor) -> None:
    """The rows that are new or changed are being written in the background; the others stay as they are.

    Raises:
        NotPermitted: the actor may not edit people here.
        Conflict: the list is not checked, has no row to run, or was begun before.
    """
    allow(actor, Permission.EDIT_PEOPLE, whole)
    if not ImportRow.objects.filter(whole=whole, status__in=_TO_RUN).exists():
        raise Conflict("No row of this list would change anything.")
    checked = PeopleImport.objects.filter(pk=whole.pk, state=State.CHECKED)
    # Whoever runs it answers for it, and is asked for the right again while it runs.
    if not checked.update(state=State.RUNNING, made_by_id=actor.person_id, made_by_label=actor.label):
        raise Conflict("This list is not waiting to be run.")
    record(EventType.IMPORT_RUN, whole, actor=actor, rows=ImportRow.objects.filter(whole=whole, status__in=_TO_RUN).count())
    wake("people.run_import", whole.pk)


@transaction.atomic
def pause(whole: PeopleImport, *, actor: Actor) -> None:
    """No further row is written until it is resumed; those that were stay written.

    Raises:
        NotPermitted: the actor may not edit people here.
        Conflict: it does not run.
    """
    allow(actor, Permission.EDIT_PEOPLE, whole)
    if not PeopleImport.objects.filter(pk=whole.pk, state=State.RUNNING).update(state=State.PAUSED):
        raise Conflict("This list is not being run.")


@transaction.atomic
def resume(whole: PeopleImport, *, actor: Actor) -> None:
    """It goes on where it was paused.

    Raises:
        NotPermitted: the actor may not edit people here.
        Conflict: it is not paused.
    """
    allow(actor, Permission.EDIT_PEOPLE, whole)
    if not PeopleImport.objects.filter(pk=whole.pk, state=State.PAUSED).update(state=State.RUNNING):
        raise Conflict("This list is not paused.")
    wake("people.run_import", whole.pk)


def apply(whole: PeopleImport) -> None:
    """All rows that are left are written, batch by batch, until done, paused or not running. Calling it again changes nothing."""
    while apply_some(whole.pk):
        pass
    whole.refresh_from_db()


@transaction.atomic
def apply_some(import_id: int) -> bool:
    """The next rows are written, in one transaction; returns whether more may be left."""
    whole = PeopleImport.objects.select_for_update(no_key=True).get(pk=import_id)
    if whole.state != State.RUNNING:
        return False
    # Everything that writes people of this organisation in bulk waits here, so that nothing changes between looking and writing.
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=whole.organisation_id)
    waiting = ImportRow.objects.filter(whole=whole, status__in=_TO_RUN, outcome=Outcome.WAITING)
    rows = list(waiting.order_by("place")[:AT_ONCE])
    actor = actor_of(whole)
    if rows and not actor.may(Permission.EDIT_PEOPLE):
        sentence = f"{whole.made_by_label} no longer had the right to edit people when this was to be written."
        waiting.update(outcome=Outcome.ERROR, code="NOT_PERMITTED", sentence=sentence, done_at=timezone.now())
        rows = []
    if not rows:
        PeopleImport.objects.filter(pk=whole.pk).update(state=State.DONE, finished_at=timezone.now())
        return False
    write(whole, rows, organisation=organisation, actor=actor)
    return True


def actor_of(whole: PeopleImport) -> Actor:
    """Whoever runs the list, with the rights of this moment."""
    if whole.made_by is None:
        return system(whole.organisation_id, label=whole.made_by_label)
    return actor_for(whole.made_by)


@job("people.run_import")
def run_import(import_id: int) -> None:
    """The list is written to its end, or until it is paused."""
    while apply_some(import_id):
        pass


@job("people.check_import")
def check_import(import_id: int) -> None:
    """The list is checked, if it still waits for that and whoever brought it may still edit people."""
    whole = PeopleImport.objects.select_related("organisation", "made_by").filter(pk=import_id, state=State.CHECKING).first()
    if whole is not None and actor_of(whole).may(Permission.EDIT_PEOPLE):
        check(whole, actor=actor_of(whole))


@sweep("people.continue_imports", every_seconds=30)
def continue_imports() -> None:
    """Lists that were being checked or run when a worker died are again."""
    for key in PeopleImport.objects.filter(state=State.CHECKING).values_list("pk", flat=True):
        wake("people.check_import", key)
    for key in PeopleImport.objects.filter(state=State.RUNNING).values_list("pk", flat=True):
        wake("people.run_import", key)


@sweep("people.forget_imports", every_seconds=3600)
def forget_imports() -> None:
    """Lists that nobody touched for thirty days are gone."""
    forget_old()
