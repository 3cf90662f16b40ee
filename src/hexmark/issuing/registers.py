"""Giving out status indexes: each once, in an order that tells nothing."""

from __future__ import annotations

from django.db import transaction

from hexmark.issuing.models import Purpose, StatusList, StatusRegister
from hexmark.openbadges.status_list import permuted_index
from hexmark.organisations.models import Organisation


def draw_indexes(organisation: Organisation, count: int) -> list[tuple[int, int]]:
    """`count` pairs of register key and status index that nobody has or will have again. Call it inside a transaction.

    The index is a keyed permutation of a counter under the row's lock: in sequence, indexes would tell a verifier how many people
    hold badges and who got theirs together.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("Indexes are drawn in the transaction that uses them.")
    places: list[tuple[int, int]] = []
    while len(places) < count:
        register = _open_register(organisation)
        taken = min(count - len(places), register.entries - register.drawn)
        key = bytes(register.permutation_key)
        places += [(register.pk, permuted_index(register.drawn + n, key, register.entries)) for n in range(taken)]
        StatusRegister.objects.filter(pk=register.pk).update(drawn=register.drawn + taken)
    return places


def _open_register(organisation: Organisation) -> StatusRegister:
    registers = StatusRegister.objects.select_for_update().filter(organisation=organisation)
    latest = registers.order_by("-number").first()
    if latest is not None and latest.drawn < latest.entries:
        return latest
    register = StatusRegister.objects.create(organisation=organisation, number=latest.number + 1 if latest else 1)
    StatusList.objects.bulk_create(StatusList(organisation=organisation, register=register, purpose=purpose) for purpose in Purpose.values)
    return register
