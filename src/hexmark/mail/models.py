"""The outbox."""

from __future__ import annotations

import json
import secrets
from base64 import b32encode
from collections.abc import Collection
from contextlib import suppress
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models

from hexmark.access import Actor, Permission
from hexmark.errors import NotConfigured
from hexmark.keys.sealing import Sealed, seal, unseal
from hexmark.keys.store import key_encryption_key


def new_id() -> str:
    """26 lower-case base32 characters that carry 128 random bits; the first part of the Message-ID."""
    return b32encode(secrets.token_bytes(16)).decode("ascii").rstrip("=").lower()


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages. Addresses and texts are people's data: whoever runs the organisation sees them, nobody else."""

    def visible_to(self, actor: Actor) -> MessageQuerySet:
        """The messages that the actor's organisation sent; those of the installation itself, such as password resets, only in the demo."""
        if actor.organisation_id is None or not actor.may(Permission.EDIT_ORGANISATION):
            return self.none()
        ours = models.Q(organisation_id=actor.organisation_id)
        return self.filter(ours | models.Q(organisation_id__isnull=True) if settings.DEMO else ours)


class Message(models.Model):
    """One message to one address, rendered when it was queued."""

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    public_id = models.CharField(max_length=26, unique=True, default=new_id, editable=False)
    #: The organisation in whose name it is sent; null for the installation itself. No foreign key: mail stands below organisations.
    organisation_id = models.BigIntegerField(null=True, db_index=True)
    to = models.CharField(max_length=254)
    template = models.CharField(max_length=60)
    language = models.CharField(max_length=12)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField(blank=True)
    #: What it tells about, for people who search: a public id or a few words.
    about = models.CharField(max_length=200, blank=True)
    #: It holds a link that stands for a password: shown to nobody but the addressee, and blanked once it is done with.
    secret = models.BooleanField(default=False)
    #: Text and HTML of a message that holds a secret, encrypted as signing keys are; `text` and `html` are then empty in the database.
    sealed = models.BinaryField(null=True)
    wrapped_data_key = models.BinaryField(null=True)

    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    give_up_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    #: Until then it is being delivered by whoever wrote `lease`; afterwards that worker is taken for dead.
    leased_until = models.DateTimeField(null=True)
    lease = models.CharField(max_length=26, blank=True)
    ended_at = models.DateTimeField(null=True)
    #: Who cancelled it or had it sent again.
    changed_by = models.CharField(max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], condition=models.Q(state="waiting"), name="mail_waiting"),
            models.Index(fields=["organisation_id", "-queued_at"], name="mail_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.template} to {self.to}, {self.state}"

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any]) -> Self:
        """The message as it was queued: what was sealed is readable in memory, for delivery."""
        message = super().from_db(db, field_names, values)
        if message.__dict__.get("sealed") is not None:
            message._open()
        return message

    def seal(self) -> None:
        """If it holds a secret, its text is nowhere in the row but encrypted. Must be called before the row is written.

        Raises:
            NotConfigured: there is no key-encryption key.
        """
        if not self.secret:
            return
        body = json.dumps([self.text, self.html]).encode()
        sealed = seal(body, key_encryption_key=key_encryption_key(), bound_to=self._binding())
        self.sealed, self.wrapped_data_key = sealed.ciphertext, sealed.wrapped_data_key
        self.text = self.html = ""

    def _open(self) -> None:
        # Without the key the text stays empty, as if it had been blanked: the list of messages must be there all the same.
        with suppress(NotConfigured):
            sealed = Sealed(ciphertext=bytes(self.sealed or b""), wrapped_data_key=bytes(self.wrapped_data_key or b""))
            body = unseal(sealed, key_encryption_key=key_encryption_key(), bound_to=self._binding())
            self.text, self.html = json.loads(body)

    def _binding(self) -> bytes:
        return f"hexmark message {self.public_id}".encode()

    @property
    def is_blank(self) -> bool:
        """Whether its text is gone because it held a secret."""
        return not self.text

    @property
    def may_be_shown(self) -> bool:
        """Whether somebody else than the addressee may read it. The demo has no mail server and nobody to protect."""
        return not self.secret or settings.DEMO
