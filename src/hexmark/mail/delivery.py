"""Handing messages over to the mail server, one line of talk at a time, within a deadline."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit

from django.conf import settings

from hexmark.mail.models import Message
from hexmark.mail.server import Server

CONNECT_SECONDS = 10.0
#: All the talk about one message. A server that drips one byte a second must not hold the queue.
MESSAGE_SECONDS = 60.0


class ServerFailed(Exception):
    """The server could not be used at all; no fault of the message."""


class Refused(Exception):
    """The server will never take this message."""


class Postponed(Exception):
    """The server does not take this message now."""


def as_email(message: Message, *, sender: str) -> EmailMessage:
    """The message as it goes over the wire. Its Message-ID is the same at every attempt."""
    email = EmailMessage(policy=SMTP_POLICY)
    email["From"] = sender
    local, _, domain = message.to.rpartition("@")
    email["To"] = Address(username=local, domain=domain.encode("idna").decode("ascii"))
    email["Subject"] = message.subject
    email["Date"] = format_datetime(message.queued_at)
    email["Message-ID"] = f"<{message.public_id}@{urlsplit(settings.PUBLIC_URL).hostname}>"
    # Answering machines stay silent (RFC 3834).
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(message.text, cte="quoted-printable")
    if message.html:
        email.add_alternative(message.html, subtype="html", cte="quoted-printable")
    # Last: setting the content takes away what was said of an earlier one.
    email["Content-Language"] = message.language
    return email


class Line:
    """An open line to the mail server."""

    def __init__(self, client: smtplib.SMTP, sender: str) -> None:
        self._client = client
        self._sender = sender

    def hand_over(self, message: Message) -> None:
        """The server has taken the message upon itself.

        Raises:
            Refused: it never will.
            Postponed: it may later.
            ServerFailed: the line is broken; whether the server took it is not known.
        """
        try:
            email = as_email(message, sender=self._sender)
        except (ValueError, UnicodeError) as error:
            raise Refused(f"The message cannot be written: {error}") from error
        recipient = str(email["To"].addresses[0].addr_spec)
        with self._deadline():
            try:
                self._client.send_message(email, from_addr=parseaddr(self._sender)[1], to_addrs=[recipient])
            except smtplib.SMTPRecipientsRefused as error:
                raise _judged(*next(iter(error.recipients.values()))) from error
            except smtplib.SMTPSenderRefused as error:
                # The sender is the installation's setting, which can be mended: the message waits.
                raise Postponed(f"The mail server refuses our sender: {_words(error.smtp_code, error.smtp_error)}") from error
            except smtplib.SMTPDataError as error:
                raise _judged(error.smtp_code, error.smtp_error) from error
            except (smtplib.SMTPException, OSError) as error:
                raise ServerFailed(f"The mail server broke off: {_plain(error)}") from error

    @contextmanager
    def _deadline(self) -> Iterator[None]:
        timer = threading.Timer(MESSAGE_SECONDS, self._hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _hang_up(self) -> None:
        if self._client.sock is not None:
            with suppress(OSError):
                self._client.sock.shutdown(socket.SHUT_RDWR)


@contextmanager
def opened(server: Server, *, sender: str, trust: ssl.SSLContext | None = None) -> Iterator[Line]:
    """A line to the server, encrypted and signed in as the server's address says; hung up afterwards.

    Raises:
        ServerFailed: there is no such line.
    """
    context = trust or ssl.create_default_context()
    client = _client(server, context)
    line = Line(client, sender)
    try:
        with line._deadline():
            code, greeting = client.connect(server.host, server.port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, greeting)
            if server.starttls:
                client.starttls(context=context)
            if server.user:
                client.login(server.user, server.password)
    except (smtplib.SMTPException, OSError) as error:
        client.close()
        raise ServerFailed(f"The mail server {server} cannot be used: {_plain(error)}") from error
    try:
        yield line
    finally:
        _hung_up(client)


def _client(server: Server, trust: ssl.SSLContext) -> smtplib.SMTP:
    # The name that the server is greeted with: looking up this machine's own could hang.
    name = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    if server.tls:
        client: smtplib.SMTP = smtplib.SMTP_SSL(local_hostname=name, timeout=CONNECT_SECONDS, context=trust)
    else:
        client = smtplib.SMTP(local_hostname=name, timeout=CONNECT_SECONDS)
    # What the certificate is checked against. It is set only by connecting at once, which would happen before the deadline runs.
    client._host = server.host  # type: ignore[attr-defined]
    return client


def _hung_up(client: smtplib.SMTP) -> None:
    try:
        client.quit()
    except (smtplib.SMTPException, OSError):
        client.close()


def _judged(code: int, answer: bytes | str) -> Refused | Postponed:
    """RFC 5321, 4.2.1: 5yz is for good, anything else may pass."""
    words = _words(code, answer)
    return Refused(words) if 500 <= code <= 599 else Postponed(words)


def _words(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {' '.join(text.split())}"[:400]


def _plain(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _words(error.smtp_code, error.smtp_error)
    return " ".join(str(error).split())[:300] or type(error).__name__
