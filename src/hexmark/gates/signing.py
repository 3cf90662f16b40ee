"""Signing open gates: the document is rebuilt from its row, signed outside any transaction, and written if the row is still the same."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from django.db import transaction

from hexmark.access import system
from hexmark.errors import DomainError
from hexmark.events.log import record
from hexmark.gates.event_types import EventType
from hexmark.gates.models import OpenGate
from hexmark.keys.signer import Unsigned, register_builder, sign
from hexmark.openbadges.errors import FormatError
from hexmark.openbadges.signed_form import SignedForm
from hexmark.verification.open_gates import SUITE, gate_document

logger = logging.getLogger("hexmark.gates")

SIGNED_AS = "open_gate"


def sign_gate(gate_id: int) -> bool:
    """The gate's newest version is signed, unless it is already or cannot be now; whether this call did it."""
    gate = OpenGate.objects.filter(pk=gate_id, document="", withdrawn_at__isnull=True).first()
    if gate is None:
        return False
    unsigned = OpenGate.objects.filter(pk=gate.pk, document="", version=gate.version, withdrawn_at__isnull=True)
    try:
        signed = dict(sign(SIGNED_AS, [gate.pk]))
    except (DomainError, FormatError, ValueError) as error:
        logger.error("Open gate %s cannot be signed: %s", gate.public_id, error)
        unsigned.update(failure=f"It could not be signed: {error}"[:300])
        return False
    with transaction.atomic():
        if gate.pk not in signed or not unsigned.update(document=signed[gate.pk].text, failure=""):
            return False
        record(EventType.SIGNED, gate, actor=system(gate.organisation_id), version=gate.version)
    return True


def unsigned_documents(row_ids: Sequence[int]) -> Iterator[Unsigned]:
    """What these gates say."""
    for gate in OpenGate.objects.filter(pk__in=row_ids, document="").select_related("organisation").order_by("pk"):
        organisation = gate.organisation
        yield Unsigned(
            row_id=gate.pk,
            organisation_id=organisation.pk,
            controller=organisation.did,
            document=gate_document(
                gate.requirement,
                url=gate.url,
                title=gate.title,
                version=gate.version,
                issuer={"id": organisation.did, "name": organisation.name},
                published_at=gate.published_at,
            ),
            created=gate.published_at,
            form=SignedForm(SUITE),
        )


register_builder(SIGNED_AS, unsigned_documents)
