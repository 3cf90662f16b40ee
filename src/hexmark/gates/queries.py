"""Reading open gates. They are public: whoever has the address may read one."""

from __future__ import annotations

from hexmark.gates.models import OpenGate


def open_gate(public_id: str) -> OpenGate | None:
    """The gate that stands at this address, signed and not withdrawn; None otherwise."""
    gates = OpenGate.objects.filter(public_id=public_id, withdrawn_at__isnull=True).exclude(document="")
    return gates.select_related("organisation").first()


def open_gate_about(organisation_id: int, about: str) -> OpenGate | None:
    """The gate into this thing, signed or about to be; None where none is published."""
    return OpenGate.objects.filter(organisation_id=organisation_id, about=about, withdrawn_at__isnull=True).first()


def unsigned_gates() -> list[int]:
    """Gates that are published and not signed yet."""
    waiting = OpenGate.objects.filter(document="", withdrawn_at__isnull=True).order_by("pk")
    return list(waiting.values_list("pk", flat=True)[:100])
