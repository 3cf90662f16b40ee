"""A letter with a link that stands for a password is nowhere in the database in words, and still delivered."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from tests.world import World

from hexmark.keys.sealing import new_key_encryption_key
from hexmark.mail.actions import queue, send_again
from hexmark.mail.delivery import as_email
from hexmark.mail.letters import Letter
from hexmark.mail.models import Message

LINK = "https://badges.acme.example/sign-in/password/KEY-of-the-reset"


def secret_letter(world: World | None = None) -> Message:
    given = {"email": "ben@acme.example", "link": LINK}
    organisation = world.organisation.pk if world else None
    return queue(Letter("ben@acme.example", "password_reset", "en", given, organisation_id=organisation, secret=True))


def whole_row(message: Message) -> str:
    """Everything that the database keeps of the message."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM mail_message WHERE id = %s", [message.pk])
        return " ".join(repr(bytes(value) if isinstance(value, memoryview) else value) for value in cursor.fetchone())


def test_the_link_is_in_no_column(db: None) -> None:
    message = secret_letter()
    assert "KEY-of-the-reset" not in whole_row(message)
    kept = Message.objects.get(pk=message.pk)
    assert LINK in kept.text
    assert LINK in as_email(kept, sender="Hexmark <hexmark@acme.example>").get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_a_letter_without_a_secret_is_kept_as_it_is(db: None) -> None:
    message = queue(Letter("ben@acme.example", "test", "en", {"sender": "Acme", "name": "Ben"}, organisation_id=None))
    assert Message.objects.get(pk=message.pk).sealed is None
    assert Message.objects.filter(pk=message.pk, text__contains="Ben").exists()


def test_another_key_and_another_row_open_nothing(db: None, settings: Any) -> None:
    message, other = secret_letter(), secret_letter()
    Message.objects.filter(pk=other.pk).update(sealed=Message.objects.get(pk=message.pk).sealed)
    assert Message.objects.get(pk=other.pk).is_blank
    settings.KEY_ENCRYPTION_KEY = new_key_encryption_key()
    assert Message.objects.get(pk=message.pk).is_blank
    assert Message.objects.count() == 2


@pytest.mark.django_db
def test_what_is_sent_again_is_sealed_anew(acme: World) -> None:
    message = secret_letter(acme)
    Message.objects.filter(pk=message.pk).update(state=Message.State.SENT)
    send_again(Message.objects.get(pk=message.pk), actor=acme.steward)
    fresh = Message.objects.get(state=Message.State.WAITING)
    assert LINK in fresh.text
    assert "KEY-of-the-reset" not in whole_row(fresh)
