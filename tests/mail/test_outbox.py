"""The outbox: what may be queued, and what becomes of it by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.mail.conftest import letter
from tests.mail.smtp_server import MailServer
from tests.world import World, run_jobs

from hexmark.errors import Conflict, Invalid, NotPermitted
from hexmark.jobs import run
from hexmark.mail.actions import cancel, queue, queue_many, send_again
from hexmark.mail.delivery import as_email
from hexmark.mail.letters import render
from hexmark.mail.models import Message
from hexmark.mail.rules import breaks_a_header, checked_address

BREAKS = ["\r\nBcc: all@evil.example", "\nBcc: x", "\r", "\u2028Bcc: x", "\u2029", "\x85", "\x0b", "\x00"]


@pytest.mark.parametrize("broken", BREAKS)
def test_k09_a_line_break_in_a_name_never_becomes_a_header(broken: str) -> None:
    with pytest.raises(Invalid):
        queue(letter(context={"sender": f"Acme{broken}", "name": "A"}))
    assert not Message.objects.exists()


@pytest.mark.parametrize("broken", [*BREAKS, "%0d%0aBcc: x", " b@c.example", ",b@c.example", ">", "\u200b"])
def test_k09_a_line_break_in_an_address_is_refused(broken: str) -> None:
    with pytest.raises(Invalid):
        queue(letter(to=f"ben@acme.example{broken}"))


@pytest.mark.parametrize(
    "address", ["", "ben", "ben@", "@acme.example", "a b@acme.example", '"a@b"@acme.example', "a@b@c.example", "x@" + "a" * 260]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Invalid, match="not an address"):
        checked_address(address)


@pytest.mark.parametrize(
    "text", ["{{ public_url }}", "{% now 'Y' %}", "{# x #}", "{{ settings.SECRET_KEY }}", "{{7*7}}", "${jndi:ldap://x}"]
)
def test_k10_what_people_write_is_never_read_as_a_template(text: str) -> None:
    message = queue(letter(context={"sender": text, "name": text}))
    assert text in message.subject
    assert text in message.text


def test_markup_in_a_name_is_text_in_the_html_and_itself_in_the_text() -> None:
    message = queue(letter(context={"sender": "<b>Acme & Co</b>", "name": "<script>alert(1)</script>"}))
    assert message.subject == "Test message from <b>Acme & Co</b>"
    assert "<script>" in message.text
    assert "<script>" not in message.html
    assert "&lt;script&gt;" in message.html


@pytest.mark.parametrize(("asked", "written"), [("de", "de"), ("de-AT", "de"), ("fr", "fr"), ("es", "es"), ("cy", "en"), ("", "en")])
def test_a_letter_is_written_in_the_language_of_whoever_reads_it_or_in_english(asked: str, written: str) -> None:
    message = queue(letter(language=asked))
    assert message.language == written
    assert f'<html lang="{written}"' in message.html


def test_an_unknown_template_is_an_error_of_the_code() -> None:
    with pytest.raises(LookupError, match="no mail template"):
        queue(letter(template="never-was"))


def test_a_message_that_is_too_long_is_refused() -> None:
    with pytest.raises(Invalid, match="too long"):
        queue(letter(context={"name": "x" * 100_001}))
    with pytest.raises(Invalid, match="A subject has between"):
        queue(letter(context={"sender": "x" * 300}))


def test_of_many_letters_none_is_queued_if_one_cannot_be() -> None:
    with pytest.raises(Invalid):
        queue_many([letter(), letter(to="nobody")])
    assert not Message.objects.exists()


@given(name=st.text(max_size=60))
def test_whatever_somebody_is_called_the_message_has_the_headers_that_we_wrote(name: str) -> None:
    try:
        rendered = render("test", language="en", context={"sender": name, "name": name})
    except Invalid:
        assert breaks_a_header(name) or not name.strip() or "\x00" in name
        return
    message = Message(to="ben@acme.example", language="en", queued_at=timezone.now())
    message.subject, message.text, message.html = rendered.subject, rendered.text, rendered.html
    email = as_email(message, sender="badges@acme.example")
    head = email.as_bytes().partition(b"\r\n\r\n")[0]
    names = {line.partition(b":")[0] for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))}
    usual = b"From To Subject Date Message-ID Auto-Submitted MIME-Version Content-Type Content-Language"
    assert names == set(usual.split())


def test_a_waiting_message_can_be_cancelled(acme: World, server: MailServer) -> None:
    message = queue(letter(organisation_id=acme.organisation.pk, secret=True))
    cancel(message, actor=acme.steward)
    run_jobs()
    message.refresh_from_db()
    assert server.taken == []
    assert (message.state, message.text, message.changed_by) == ("cancelled", "", "Acme Steward")
    with pytest.raises(Conflict):
        cancel(message, actor=acme.steward)


def test_what_is_just_being_sent_can_neither_be_cancelled_nor_sent_again(acme: World) -> None:
    message = queue(letter(organisation_id=acme.organisation.pk))
    Message.objects.update(leased_until=timezone.now() + timedelta(minutes=1))
    for act in (cancel, send_again):
        with pytest.raises(Conflict):
            act(message, actor=acme.steward)


def test_a_failed_message_can_be_sent_again_with_three_new_days(acme: World, server: MailServer) -> None:
    server.answers["RCPT"] = "550 no"
    message = queue(letter(organisation_id=acme.organisation.pk))
    run_jobs()
    server.answers.clear()
    Message.objects.update(give_up_at=timezone.now())
    message.refresh_from_db()
    send_again(message, actor=acme.steward)
    run_jobs()
    message.refresh_from_db()
    assert (message.state, message.last_error, len(server.taken)) == ("sent", "", 1)


def test_a_sent_message_goes_out_again_under_an_id_of_its_own(acme: World, server: MailServer) -> None:
    message = queue(letter(organisation_id=acme.organisation.pk))
    run_jobs()
    message.refresh_from_db()
    send_again(message, actor=acme.steward)
    run("mail.deliver")
    assert len({email["Message-ID"] for email in server.emails}) == 2


def test_a_message_whose_secret_is_blanked_cannot_be_sent_again(acme: World, server: MailServer) -> None:
    message = queue(letter(organisation_id=acme.organisation.pk, secret=True))
    run_jobs()
    message.refresh_from_db()
    with pytest.raises(Conflict, match="its text was not kept"):
        send_again(message, actor=acme.steward)


@pytest.mark.parametrize("act", [cancel, send_again])
def test_nobody_else_touches_an_organisations_messages(acme: World, globex: World, act: Any) -> None:
    message = queue(letter(organisation_id=acme.organisation.pk))
    own = queue(letter(organisation_id=None))
    for one, actor in ((message, globex.steward), (message, acme.member), (own, acme.steward)):
        with pytest.raises(NotPermitted):
            act(one, actor=actor)
    assert set(Message.objects.values_list("state", flat=True)) == {"waiting"}


def test_messages_are_visible_to_who_runs_the_organisation_alone(acme: World, globex: World, settings: Any) -> None:
    message = queue(letter(organisation_id=acme.organisation.pk))
    reset = queue(letter(organisation_id=None))
    assert list(Message.objects.visible_to(acme.steward)) == [message]
    assert not Message.objects.visible_to(acme.member).exists()
    assert not Message.objects.visible_to(globex.steward).exists()
    settings.DEMO = True
    assert set(Message.objects.visible_to(acme.steward)) == {message, reset}
