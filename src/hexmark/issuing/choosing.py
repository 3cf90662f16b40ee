"""Choosing how an organisation signs. What was issued, and what is reserved already, stays as it is."""

from __future__ import annotations

from django.db import transaction

from hexmark.access import Actor, Permission, allow
from hexmark.events.log import record
from hexmark.issuing.event_types import EventType
from hexmark.issuing.settings_models import IssuingSettings
from hexmark.keys.store import has_active_key
from hexmark.openbadges.signed_form import USUAL, SignedForm
from hexmark.organisations.actions import rotate_key
from hexmark.organisations.models import Organisation


def signed_form_of(organisation_id: int) -> SignedForm:
    """How the organisation signs what is awarded now."""
    chosen = IssuingSettings.objects.filter(organisation_id=organisation_id).values_list("signed_form", flat=True).first()
    return SignedForm.parse(chosen) if chosen else USUAL


def vc_api_is_open(organisation_id: int) -> bool:
    """Whether programs may have this organisation sign documents of theirs."""
    return IssuingSettings.objects.filter(organisation_id=organisation_id, vc_api_open=True).exists()


def choose_form(organisation: Organisation, form: SignedForm, *, actor: Actor) -> bool:
    """What is reserved for signing from now on is signed in this form; keys that it takes are made. False if it was so already.

    Raises:
        NotPermitted: the actor may not manage this organisation's keys.
        NotConfigured: there is no key-encryption key.
    """
    allow(actor, Permission.MANAGE_KEYS, organisation)
    for kind in {*form.key_kinds, *form.for_lists.key_kinds}:
        # Each by itself: making an RSA key takes a second, in which nobody else could write.
        if not has_active_key(organisation.pk, kind=kind):
            rotate_key(organisation, actor=actor, kind=kind)
    with transaction.atomic():
        settings, _ = IssuingSettings.objects.select_for_update().get_or_create(organisation=organisation)
        if settings.signed_form == str(form):
            return False
        before, settings.signed_form = settings.signed_form, str(form)
        settings.save()
        record(EventType.SIGNED_FORM_CHOSEN, organisation, actor=actor, before=before, form=str(form))
    return True


@transaction.atomic
def open_vc_api(organisation: Organisation, *, is_open: bool, actor: Actor) -> bool:
    """Programs with a key for it may, or may not any more, have documents signed under `/vc-api/`. False if it was so already.

    Raises:
        NotPermitted: the actor may not manage this organisation's keys.
    """
    allow(actor, Permission.MANAGE_KEYS, organisation)
    settings, _ = IssuingSettings.objects.select_for_update().get_or_create(organisation=organisation)
    if settings.vc_api_open == is_open:
        return False
    settings.vc_api_open = is_open
    settings.save()
    record(EventType.VC_API_OPENED if is_open else EventType.VC_API_CLOSED, organisation, actor=actor)
    return True
