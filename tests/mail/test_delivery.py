"""Delivering the outbox through a real mail server."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from tests.mail.conftest import letter
from tests.mail.smtp_server import MailServer
from tests.world import run_jobs

from hexmark.jobs import run
from hexmark.mail import delivery, jobs
from hexmark.mail.actions import queue, queue_many
from hexmark.mail.models import Message

Waiting = Message.State.WAITING


def due_again() -> None:
    """Time passes until the next attempt, and the server has rested."""
    jobs.try_at_once()
    Message.objects.filter(state=Waiting).update(due_at=timezone.now())


def test_a_queued_letter_is_delivered_as_text_and_html(server: MailServer) -> None:
    queue(letter())
    run_jobs()
    (email,) = server.emails
    message = Message.objects.get()
    assert (message.state, message.attempts, message.last_error) == ("sent", 1, "")
    assert email["From"] == "Acme Badges <badges@acme.example>"
    assert email["To"] == "ben@acme.example"
    assert email["Subject"] == "Test message from Acme"
    assert email["Message-ID"] == f"<{message.public_id}@badges.acme.example>"
    assert email["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in email.iter_parts()] == ["text/plain", "text/html"]  # type: ignore[attr-defined]
    assert "Amara Osei" in email.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert '<html lang="en" dir="ltr">' in email.get_body(("html",)).get_content()  # type: ignore[union-attr]


def test_many_letters_go_over_one_line(server: MailServer) -> None:
    queue_many(letter(f"person{number}@acme.example") for number in range(20))
    run_jobs()
    assert len(server.taken) == 20
    assert sum(command.upper().startswith("EHLO") for command in server.commands) == 1


def change_that_fails() -> None:
    with transaction.atomic():
        queue(letter())
        raise RuntimeError


def test_what_is_rolled_back_is_never_sent(server: MailServer) -> None:
    with pytest.raises(RuntimeError):
        change_that_fails()
    run_jobs()
    run("mail.deliver")
    assert (server.taken, Message.objects.count()) == ([], 0)


def test_without_a_mail_server_letters_wait(settings: Any) -> None:
    settings.SMTP_URL = ""
    queue(letter())
    run_jobs()
    assert Message.objects.get().state == Waiting


@pytest.mark.parametrize("command", ["RCPT", "END", "DATA"])
def test_what_the_server_will_never_take_is_kept_with_its_reason(server: MailServer, command: str) -> None:
    server.answers[command] = "550 5.1.1 No such mailbox"
    queue(letter())
    run_jobs()
    message = Message.objects.get()
    assert (message.state, message.last_error, message.attempts) == ("failed", "550 5.1.1 No such mailbox", 1)
    assert message.ended_at is not None


def test_one_refused_address_does_not_stop_the_others(server: MailServer) -> None:
    server.answers["RCPT gone@acme.example"] = "550 gone"
    queue_many(letter(to) for to in ("a@acme.example", "gone@acme.example", "b@acme.example"))
    run_jobs()
    assert [recipients for _, recipients, _ in server.taken] == [["a@acme.example"], ["b@acme.example"]]
    assert list(Message.objects.order_by("pk").values_list("state", flat=True)) == ["sent", "failed", "sent"]


@pytest.mark.parametrize("command", ["RCPT", "END", "MAIL"])
def test_what_the_server_does_not_take_now_is_tried_again_later(server: MailServer, command: str) -> None:
    server.answers[command] = "451 4.3.0 try later"
    before = timezone.now()
    queue(letter())
    run_jobs()
    message = Message.objects.get()
    assert (message.state, message.attempts) == (Waiting, 1)
    assert "451 4.3.0 try later" in message.last_error
    assert timedelta(seconds=40) < message.due_at - before < timedelta(seconds=90)
    server.answers.clear()
    due_again()
    run("mail.deliver")
    assert Message.objects.get().state == "sent"


def test_a_refused_sender_is_the_installations_fault_and_can_be_mended(server: MailServer) -> None:
    server.answers["MAIL"] = "553 not your address"
    queue(letter())
    run_jobs()
    assert Message.objects.get().state == Waiting


def test_after_three_days_the_message_has_failed_with_its_last_reason(server: MailServer) -> None:
    server.answers["RCPT"] = "451 greylisted"
    queue(letter())
    Message.objects.update(give_up_at=timezone.now() + timedelta(seconds=10))
    run("mail.deliver")
    message = Message.objects.get()
    assert (message.state, message.last_error) == ("failed", "451 greylisted")


def test_what_waited_longer_than_three_days_for_a_server_is_not_sent_any_more(server: MailServer) -> None:
    queue(letter())
    Message.objects.update(give_up_at=timezone.now())
    run("mail.deliver")
    assert server.taken == []
    assert Message.objects.get().state == "failed"


def refused_line(settings: Any, server: MailServer) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:1"


def greeted_badly(settings: Any, server: MailServer) -> None:
    server.answers["GREETING"] = "554 no"


def broken_off(settings: Any, server: MailServer) -> None:
    server.answers["GREETING"] = "RESET"


def wrong_password(settings: Any, server: MailServer) -> None:
    server.answers["AUTH"] = "535 no"
    settings.SMTP_URL = settings.SMTP_URL.replace("://", "://me:secret@")


@pytest.mark.parametrize("failing", [refused_line, greeted_badly, broken_off, wrong_password])
def test_a_server_that_fails_is_left_alone_for_a_while_and_no_message_is_blamed(
    server: MailServer, settings: Any, failing: Callable[[Any, MailServer], None]
) -> None:
    failing(settings, server)
    queue_many(letter(f"p{number}@acme.example") for number in range(3))
    run_jobs()
    assert "cannot be used" in jobs.server_rests_because()
    assert "secret" not in jobs.server_rests_because()
    assert "not supported" not in jobs.server_rests_because()
    assert set(Message.objects.values_list("state", "attempts")) == {(Waiting, 0)}
    talked = len(server.commands)
    run("mail.deliver")
    assert len(server.commands) == talked


def test_a_server_that_hangs_is_hung_up_on(server: MailServer, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "CONNECT_SECONDS", 0.3)
    server.answers["RCPT"] = "HANG"
    queue(letter())
    began = time.monotonic()
    run_jobs()
    assert time.monotonic() - began < 10
    assert Message.objects.get().state == Waiting


def test_a_server_that_drips_cannot_hold_the_line_for_ever(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "MESSAGE_SECONDS", 0.5)
    server.answers["RCPT"] = "DRIP"
    queue(letter())
    began = time.monotonic()
    run_jobs()
    assert time.monotonic() - began < 10
    assert (Message.objects.get().state, bool(jobs.server_rests_because())) == (Waiting, True)


def test_a_line_that_breaks_after_the_message_was_taken_sends_it_again_under_the_same_id(server: MailServer) -> None:
    server.answers["END"] = "RESET"
    queue(letter())
    run_jobs()
    assert Message.objects.get().state == Waiting
    server.answers.clear()
    due_again()
    run("mail.deliver")
    first, second = server.emails
    assert first["Message-ID"] == second["Message-ID"]
    assert first.as_bytes().replace(first.get_boundary().encode(), b"") == second.as_bytes().replace(second.get_boundary().encode(), b"")  # type: ignore[union-attr]
    assert Message.objects.get().state == "sent"


def test_what_another_worker_is_delivering_is_left_to_it(server: MailServer) -> None:
    queue(letter())
    Message.objects.update(lease="another", leased_until=timezone.now() + timedelta(minutes=1))
    run("mail.deliver")
    assert server.taken == []


def test_what_a_dead_worker_left_is_delivered_when_its_lease_is_over(server: MailServer) -> None:
    queue(letter())
    Message.objects.update(lease="dead", leased_until=timezone.now() - timedelta(seconds=1))
    jobs.wake_if_due()
    run_jobs()
    assert len(server.taken) == 1


def test_a_worker_whose_lease_ran_out_does_not_overwrite_what_the_next_one_did(server: MailServer) -> None:
    message = queue(letter())
    Message.objects.update(lease="next", state="sent")
    message.lease = "mine"
    jobs._end(message, Message.State.FAILED, "too late")
    assert Message.objects.get().state == "sent"


def test_a_secret_letter_is_blanked_once_it_is_delivered(server: MailServer) -> None:
    queue(letter(secret=True))
    queue(letter("other@acme.example"))
    run_jobs()
    secret, plain = Message.objects.order_by("pk")
    assert (secret.state, secret.text, secret.html, secret.is_blank) == ("sent", "", "", True)
    assert plain.text
    assert "Amara Osei" in server.emails[0].as_string()


def test_a_domain_with_letters_beyond_english_is_written_as_mail_servers_read_it(server: MailServer) -> None:
    queue(letter("joerg@bücher.example"))
    run_jobs()
    assert server.taken[0][1] == ["joerg@xn--bcher-kva.example"]


def test_a_long_run_makes_room_and_goes_on(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "TURN_SECONDS", 0.0001)
    queue_many(letter(f"p{number}@acme.example") for number in range(3))
    run_jobs()
    assert len(server.taken) == 3
    assert sum(command.upper().startswith("EHLO") for command in server.commands) > 1
