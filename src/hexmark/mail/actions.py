"""The only writers of messages, besides delivery."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from hexmark.access import Actor, Permission
from hexmark.errors import Conflict, NotPermitted
from hexmark.jobs import wake
from hexmark.mail.letters import Letter, render
from hexmark.mail.models import Message
from hexmark.mail.rules import PATIENCE, checked_address


def queue(letter: Letter) -> Message:
    """The letter stands in the outbox, and is delivered once this transaction is committed.

    Raises:
        Invalid: address, subject or text cannot be sent.
        LookupError: there is no such template.
    """
    return queue_many([letter])[0]


@transaction.atomic
def queue_many(letters: Iterable[Letter]) -> list[Message]:
    """All of these letters stand in the outbox, in order.

    Raises:
        Invalid: address, subject or text of one cannot be sent; none is queued.
        LookupError: there is no such template.
    """
    messages = [_message(letter) for letter in letters]
    Message.objects.bulk_create(messages, batch_size=200)
    if messages:
        wake("mail.deliver")
    return messages


@transaction.atomic
def cancel(message: Message, *, actor: Actor) -> None:
    """The message will not be sent.

    Raises:
        NotPermitted: the actor may not see this message.
        Conflict: it was sent, is being sent, or was cancelled.
    """
    _allow(message, actor)
    now = timezone.now()
    waiting = Message.objects.filter(pk=message.pk, state=Message.State.WAITING).exclude(leased_until__gt=now)
    if not waiting.update(state=Message.State.CANCELLED, ended_at=now, changed_by=actor.label):
        raise Conflict("This message is not waiting any more.")
    blank_secrets(message.pk)


@transaction.atomic
def send_again(message: Message, *, actor: Actor) -> None:
    """The message is delivered as soon as the mail server takes it, for three days from now.

    Raises:
        NotPermitted: the actor may not see this message.
        Conflict: it is being sent, or its text is gone because it held a secret.
    """
    _allow(message, actor)
    if message.is_blank:
        raise Conflict("This message held a secret link, so its text was not kept. Start again where it came from.")
    now = timezone.now()
    # A message that was sent goes out as a new one: mail programs hide what has a Message-ID that they know.
    if message.state == Message.State.SENT:
        copy = Message.objects.get(pk=message.pk)
        fresh = Message(organisation_id=copy.organisation_id, to=copy.to, template=copy.template, language=copy.language, about=copy.about)
        fresh.subject, fresh.text, fresh.html, fresh.secret, fresh.changed_by = copy.subject, copy.text, copy.html, copy.secret, actor.label
        fresh.queued_at, fresh.due_at, fresh.give_up_at = now, now, now + PATIENCE
        fresh.seal()
        fresh.save()
    else:
        idle = Message.objects.filter(pk=message.pk).exclude(state=Message.State.SENT).exclude(leased_until__gt=now)
        again = {"state": Message.State.WAITING, "due_at": now, "give_up_at": now + PATIENCE, "attempts": 0}
        if not idle.update(**again, ended_at=None, last_error="", changed_by=actor.label):
            raise Conflict("This message is just being sent.")
    wake("mail.deliver")


def blank_secrets(pk: int) -> None:
    """If the message holds a secret link, its text is gone."""
    Message.objects.filter(pk=pk, secret=True).update(text="", html="", sealed=None, wrapped_data_key=None)


def _allow(message: Message, actor: Actor) -> None:
    if not Message.objects.visible_to(actor).filter(pk=message.pk).exists() or not actor.may(Permission.EDIT_ORGANISATION):
        raise NotPermitted("There is nothing here that you may change.")


def _message(letter: Letter) -> Message:
    now = timezone.now()
    rendered = render(letter.template, language=letter.language, context=letter.context)
    message = Message(
        organisation_id=letter.organisation_id,
        to=checked_address(letter.to),
        template=letter.template,
        language=rendered.language,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        about=letter.about[:200],
        secret=letter.secret,
        queued_at=now,
        due_at=now,
        give_up_at=now + PATIENCE,
    )
    message.seal()
    return message
