"""The only writers of open gates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor, Permission, allow
from hexmark.errors import Invalid
from hexmark.events.log import record
from hexmark.gates.event_types import EventType
from hexmark.gates.models import OpenGate
from hexmark.jobs import wake
from hexmark.organisations.models import Organisation
from hexmark.requirements import RequirementError, parse, to_json


@transaction.atomic
def publish_gate(organisation: Organisation, *, requirement: Mapping[str, Any], title: str, about: str, actor: Actor) -> OpenGate:
    """The requirement is open to everybody, signed within seconds. A changed one becomes the next version at the same address.

    `about` is the public id of what it lets people into. Publishing the same again changes nothing.

    Raises:
        NotPermitted: the actor may not offer opportunities here.
        Invalid: the requirement cannot be understood; the message says where.
    """
    allow(actor, Permission.OFFER_OPPORTUNITIES, organisation)
    try:
        canonical = to_json(parse(requirement))
    except RequirementError as error:
        raise Invalid(f"Who can apply cannot be understood. {error}", field="rule") from None
    now, title = timezone.now(), title.strip()[:200]
    known = OpenGate.objects.select_for_update(no_key=True).filter(organisation=organisation, about=about).first()
    if known is None:
        gate = OpenGate.objects.create(organisation=organisation, about=about, title=title, requirement=canonical, published_at=now)
    elif known.withdrawn_at is None and (known.requirement, known.title) == (canonical, title):
        return known
    else:
        changed = {"title": title, "requirement": canonical, "version": known.version + 1, "published_at": now, "withdrawn_at": None}
        OpenGate.objects.filter(pk=known.pk).update(**changed, document="", failure="")
        gate = OpenGate.objects.get(pk=known.pk)
    record(EventType.PUBLISHED, gate, actor=actor, about=about, version=gate.version)
    wake("gates.sign", gate.pk)
    return gate


@transaction.atomic
def withdraw_gate(organisation: Organisation, *, about: str, actor: Actor) -> None:
    """Nobody finds the gate any more. What was taken away stays signed: it says from when it is, and asks nobody. Twice changes nothing.

    Raises:
        NotPermitted: the actor may not offer opportunities here.
    """
    allow(actor, Permission.OFFER_OPPORTUNITIES, organisation)
    open_ = OpenGate.objects.filter(organisation=organisation, about=about, withdrawn_at__isnull=True)
    gate = open_.first()
    if gate is not None and open_.update(withdrawn_at=timezone.now()):
        record(EventType.WITHDRAWN, gate, actor=actor, about=about)
