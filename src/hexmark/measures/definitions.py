"""Actions on what is measured: defining it, switching it on and off, and objecting to it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from hexmark.access import Actor, Permission, allow
from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.events.log import record
from hexmark.files.text import hides_in_line, hides_in_text
from hexmark.measures.event_types import EventType
from hexmark.measures.holding import hold_latest, release_of
from hexmark.measures.models import Measure, MeasureObjection
from hexmark.measures.rules import checked_number, clean_filter
from hexmark.organisations.models import Organisation
from hexmark.people.models import Person

LONGEST = {"name": 120, "unit": 30, "description": 1000, "purpose": 1000, "notice": 2000, "record_source": 60}
#: What may not change once there are values: they would mean something else.
FIXED = ("per", "form", "record_source")


@dataclass(frozen=True, slots=True)
class Definition:
    """What a figure is, as typed."""

    name: str
    unit: str = ""
    direction: str = Measure.Direction.UP
    per: str = Measure.Per.TEAM
    form: str = Measure.Form.AMOUNT
    multiplier: Decimal = Decimal(1)
    description: str = ""
    purpose: str = ""
    notice: str = ""
    record_source: str = ""
    record_count: str = ""
    record_filter: list[dict[str, Any]] = field(default_factory=list)

    def cleaned(self) -> dict[str, Any]:
        """The values as they are stored.

        Raises:
            Invalid: one of them cannot be used.
        """
        values = asdict(self)
        for name, longest in LONGEST.items():
            values[name] = values[name].strip()
            hides = hides_in_text if name in ("description", "purpose", "notice") else hides_in_line
            if len(values[name]) > longest or hides(values[name]):
                raise Invalid(f"Write at most {longest} characters, all of them visible.", field=name)
        if not values["name"]:
            raise Invalid("Give the figure a name.", field="name")
        for name, choices in (("direction", Measure.Direction), ("per", Measure.Per), ("form", Measure.Form)):
            if values[name] not in choices.values:
                raise Invalid(f"“{str(values[name])[:20]}” is not one of {', '.join(choices.values)}.", field=name)
        values["multiplier"] = checked_number(self.multiplier, field="multiplier")
        if values["multiplier"] <= 0:
            raise Invalid("A rate is multiplied by more than nothing.", field="multiplier")
        return values | self._records(values["record_source"])

    def _records(self, source: str) -> dict[str, Any]:
        if not source:
            return {"record_count": "", "record_filter": []}
        if self.per != Measure.Per.PERSON:
            raise Invalid("Records have an owner, so what is counted from them is of a person.", field="per")
        if self.record_count not in Measure.Count.values:
            raise Invalid("Say what is done with the records: count, sum or average.", field="record_count")
        form = Measure.Form.RATE if self.record_count == Measure.Count.AVERAGE else Measure.Form.AMOUNT
        return {"record_count": self.record_count, "record_filter": clean_filter(self.record_filter), "form": form}


@transaction.atomic
def define_measure(organisation: Organisation, *, definition: Definition, actor: Actor) -> Measure:
    """The organisation has this figure. Values are taken once it is switched on.

    Raises:
        NotPermitted: the actor may not edit measures here.
        Invalid: the definition cannot be used.
        Conflict: another has the name.
    """
    allow(actor, Permission.EDIT_MEASURES, organisation)
    values = definition.cleaned()
    try:
        with transaction.atomic():
            measure = Measure.objects.create(organisation=organisation, **values)
    except IntegrityError as error:
        raise Conflict(f"There is a figure called “{values['name']}” already.") from error
    record(EventType.MEASURE_DEFINED, measure, actor=actor, name=measure.name)
    return measure


@transaction.atomic
def change_measure(measure: Measure, *, definition: Definition, actor: Actor) -> None:
    """The figure is this from now on.

    Raises:
        NotPermitted: the actor may not edit measures here.
        Invalid: the definition cannot be used, or takes purpose or notice from a figure about people that is switched on.
        Conflict: there are values already that would mean something else, or another has the name.
    """
    allow(actor, Permission.EDIT_MEASURES, measure)
    values = definition.cleaned()
    held = Measure.objects.select_for_update(no_key=True).get(pk=measure.pk)
    changed = [name for name, value in values.items() if getattr(held, name) != value]
    if held.is_on and values["per"] == Measure.Per.PERSON:
        _check_told(values["purpose"], values["notice"])
    if set(changed) & set(FIXED) and held.observations.exists():
        raise Conflict("There are values already, which would mean something else. Define a new figure instead.")
    try:
        with transaction.atomic():
            Measure.objects.filter(pk=measure.pk).update(**values)
    except IntegrityError as error:
        raise Conflict(f"There is a figure called “{values['name']}” already.") from error
    if changed:
        record(EventType.MEASURE_CHANGED, measure, actor=actor, fields=changed)


@transaction.atomic
def switch_on(measure: Measure, *, actor: Actor) -> None:
    """Values are taken from now on. A figure about single people says why it is kept, and what they are told.

    Raises:
        NotPermitted: the actor may not edit measures here.
        Invalid: purpose or notice is missing.
        Conflict: it is on already.
    """
    allow(actor, Permission.EDIT_MEASURES, measure)
    held = Measure.objects.select_for_update(no_key=True).get(pk=measure.pk)
    if held.is_on:
        raise Conflict("It is switched on already.")
    if held.is_about_people:
        _check_told(held.purpose, held.notice)
    Measure.objects.filter(pk=measure.pk).update(switched_on_at=timezone.now(), switched_off_at=None)
    record(EventType.MEASURE_SWITCHED_ON, measure, actor=actor)


@transaction.atomic
def switch_off(measure: Measure, *, actor: Actor) -> None:
    """No further value is taken; those that are there stay.

    Raises:
        NotPermitted: the actor may not edit measures here.
        Conflict: it is off already.
    """
    allow(actor, Permission.EDIT_MEASURES, measure)
    if not Measure.objects.open().filter(pk=measure.pk).update(switched_off_at=timezone.now()):
        raise Conflict("It is switched off already.")
    record(EventType.MEASURE_SWITCHED_OFF, measure, actor=actor)


@transaction.atomic
def object_to(measure: Measure, *, reason: str, actor: Actor) -> None:
    """The acting person's values are left out of everything from now on, and counted as left out. Objecting twice changes nothing.

    Raises:
        NotPermitted: nobody acts who could be measured here.
        Invalid: the figure is not about single people, or the reason cannot be kept.
    """
    person = _oneself(measure, actor)
    if not measure.is_about_people:
        raise Invalid("This figure is not kept of single people, so there is nothing to object to.")
    if len(reason.strip()) > 500 or hides_in_text(reason):
        raise Invalid("Write at most 500 characters, all of them visible.", field="reason")
    given = {"reason": reason.strip(), "objected_at": timezone.now()}
    _, made = MeasureObjection.objects.get_or_create(measure=measure, person=person, withdrawn_at=None, defaults=given)
    if made:
        # Who objects is between them and whoever looks after figures, and not for everybody who reads the log.
        record(EventType.OBJECTED, measure, actor=actor)
        release_of(measure, person, actor=actor)


@transaction.atomic
def withdraw_objection(measure: Measure, *, actor: Actor) -> None:
    """The acting person's values count again.

    Raises:
        NotPermitted: nobody acts who could be measured here.
        Conflict: they do not object.
    """
    person = _oneself(measure, actor)
    open_ = MeasureObjection.objects.filter(measure=measure, person=person, withdrawn_at__isnull=True)
    if not open_.update(withdrawn_at=timezone.now()):
        raise Conflict("You do not object to this figure.")
    record(EventType.OBJECTION_WITHDRAWN, measure, actor=actor)
    hold_latest(measure, [person.pk], actor=actor)


def _oneself(measure: Measure, actor: Actor) -> Person:
    person = Person.objects.present().filter(pk=actor.person_id or 0, organisation_id=measure.organisation_id).first()
    if person is None or actor.organisation_id != measure.organisation_id:
        raise NotPermitted("There is nothing here that you may change.")
    return person


def _check_told(purpose: str, notice: str) -> None:
    if not purpose:
        raise Invalid("A figure about single people needs a purpose: say in a sentence what it is kept for.", field="purpose")
    if not notice:
        raise Invalid("A figure about single people needs a notice: say what they are told, and by whom it is seen.", field="notice")
