"""What both sides are written about targets: in their language, once for each thing, never with figures of somebody else."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from hexmark.access import Actor
from hexmark.errors import Invalid
from hexmark.mail.actions import queue_many
from hexmark.mail.letters import Letter
from hexmark.people.models import Person
from hexmark.performance.models import Target

logger = logging.getLogger("hexmark.performance")
_DAYS = {"en": "%-d %b %Y", "de": "%d.%m.%Y"}


def send_proposed(target: Target, *, actor: Actor) -> None:
    """Whoever has not agreed yet is asked to read it."""
    person, manager = sides(target)
    waiting = [person] if target.agreed_by_person_at is None else [manager]
    send(_about("target_proposed", [target], to=one, by=actor.label) for one in waiting if one and one.pk != actor.person_id)


def send_agreed(target: Target) -> None:
    """Both have it in writing."""
    send(_about("target_agreed", [target], to=one) for one in sides(target) if one)


def send_met(target: Target) -> None:
    """Both are told that it is met, and by what."""
    send(_about("target_met", [target], to=one) for one in sides(target) if one)


def send_lapsed(targets: Sequence[Target]) -> None:
    """Each person, and each manager, is told once of all that ended together, with the way back."""
    by_reader: dict[tuple[int, int], tuple[Person, list[Target]]] = {}
    for target in targets:
        for one in sides(target):
            if one is not None:
                # A manager is written to about one person at a time: the letter names whom.
                by_reader.setdefault((one.pk, target.person_id or 0), (one, []))[1].append(target)
    send(_about("target_lapsed", those, to=reader) for reader, those in by_reader.values())


def send_due_soon(targets: Sequence[Target]) -> None:
    """Each person is reminded once of all that is due soon; nobody else is."""
    by_person: dict[int, tuple[Person, list[Target]]] = {}
    for target in targets:
        person, _ = sides(target)
        if person is not None:
            by_person.setdefault(person.pk, (person, []))[1].append(target)
    send(_about("target_due", those, to=person) for person, those in by_person.values())


def sides(target: Target) -> tuple[Person | None, Person | None]:
    """Whom to write to: the person or the team's lead, and their nearest manager; nobody who left."""
    subject = target.person if target.person is not None else target.team.lead if target.team else None
    if subject is None or subject.left_at is not None:
        return None, None
    manager = subject.manager
    if manager is None or manager.left_at is not None:
        lead = subject.team.lead if subject.team is not None and subject.team.closed_at is None else None
        manager = lead if lead is not None and lead.left_at is None and lead.pk != subject.pk else None
    return subject, manager


def day_in(language: str, moment: date | datetime | None) -> str:
    """The day as it is written in this language; empty for none."""
    if moment is None:
        return ""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment).date()
    return moment.strftime(_DAYS.get(language.partition("-")[0], "%d/%m/%Y"))


def send(letters: Iterable[Letter]) -> None:
    """The letters stand in the outbox, except those that no mail server would take."""
    for letter in letters:
        try:
            queue_many([letter])
        except Invalid as error:
            # One address that cannot be written to must not keep the others from being told.
            logger.warning("A letter about %s cannot be sent: %s", letter.about or letter.template, error)


def _about(template: str, targets: Sequence[Target], *, to: Person, **more: str) -> Letter:
    first = targets[0]
    subject = first.person or first.team
    organisation = first.organisation
    with timezone.override(organisation.zone):
        items = [_item(target, to.language) for target in targets]
    context = {
        "sender": organisation.name,
        "organisation": organisation.name,
        "name": to.name,
        "who": subject.name if subject and not (first.person_id and to.pk == first.person_id) else "",
        "items": items,
        "count": len(items),
        "title": items[0]["title"],
        "word": organisation.word_badge,
        "link": items[0]["link"] if len(items) == 1 else f"{settings.PUBLIC_URL}/targets",
    }
    return Letter(
        to=to.email,
        template=template,
        language=to.language,
        context=context | more,
        organisation_id=organisation.pk,
        about=first.public_id,
    )


def _item(target: Target, language: str) -> dict[str, Any]:
    return {
        "title": target.title,
        "due": day_in(language, target.due_on),
        "met": day_in(language, target.met_at),
        "ended": day_in(language, target.lapsed_at),
        "reason": target.lapse_reason,
        "consequence": target.consequence,
        "adjustments": target.adjustments,
        "link": f"{settings.PUBLIC_URL}/targets/{target.public_id}",
    }
