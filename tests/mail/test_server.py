"""Addresses of mail servers and senders, and lines that are encrypted."""

from __future__ import annotations

import datetime
import ssl
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.mail.smtp_server import MailServer

from hexmark.configuration import ConfigurationError, read
from hexmark.errors import NotConfigured
from hexmark.mail.delivery import ServerFailed, opened
from hexmark.mail.letters import render, render_sample, templates
from hexmark.mail.models import Message
from hexmark.mail.server import Server, parse_sender, parse_server


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", Server("mail.example.org", 25)),
        ("smtps://me:p%40ss@mail.example.org", Server("mail.example.org", 465, "me", "p@ss", tls=True)),
        ("smtp://me:x@mail.example.org?starttls=1", Server("mail.example.org", 587, "me", "x", starttls=True)),
        ("smtp://mail.example.org:2525?starttls=0", Server("mail.example.org", 2525)),
        ("smtp://me:x@127.0.0.1:1025", Server("127.0.0.1", 1025, "me", "x")),
    ],
)
def test_an_address_says_how_the_server_is_reached(url: str, server: Server) -> None:
    assert parse_server(url) == server


@pytest.mark.parametrize(
    "url", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://h:port", "smtp://h?tls=1", "smtp://h/path"]
)
def test_what_is_no_such_address_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(NotConfigured, match="HEXMARK_SMTP_URL must be like"):
        parse_server(url)


def test_a_password_is_never_sent_over_an_open_line() -> None:
    with pytest.raises(NotConfigured, match="must be encrypted"):
        parse_server("smtp://me:secret@mail.example.org")


def test_a_server_is_shown_without_its_password() -> None:
    assert str(parse_server("smtps://me:secret@mail.example.org")) == "mail.example.org:465"


@pytest.mark.parametrize("text", ["badges@example.org", "Example Badges <badges@example.org>", '"Badges, Example" <b@example.org>'])
def test_a_sender_is_an_address_with_or_without_a_name(text: str) -> None:
    assert parse_sender(text) == text


@pytest.mark.parametrize("text", ["", "badges", "Badges <>", "a@b\r\nBcc: x@y", "a@", "x\u2028 <a@b.example>"])
def test_a_sender_that_would_break_the_header_is_refused(text: str) -> None:
    with pytest.raises(NotConfigured, match="HEXMARK_MAIL_FROM"):
        parse_sender(text)


def test_the_configuration_names_what_is_wrong() -> None:
    with pytest.raises(ConfigurationError, match="HEXMARK_SMTP_URL needs HEXMARK_MAIL_FROM"):
        read({"HEXMARK_SMTP_URL": "smtp://mail.example.org"})
    with pytest.raises(ConfigurationError, match="HEXMARK_SMTP_URL must be like"):
        read({"HEXMARK_SMTP_URL": "mail", "HEXMARK_MAIL_FROM": "a@b.example"})
    assert read({"HEXMARK_PUBLIC_URL": "https://badges.example.org"}).mail_from == "hexmark@badges.example.org"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of localhost with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    file.write_bytes(built.public_bytes(serialization.Encoding.PEM) + private)
    return file


def serving(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize("kind", ["tls", "starttls"])
def test_an_encrypted_line_signs_in_and_checks_the_certificate(certificate: Path, kind: str) -> None:
    trust = ssl.create_default_context(cafile=str(certificate))
    given: dict[str, Any] = {kind: serving(certificate)}
    with MailServer(**given) as running:
        server = Server("localhost", running.port, "me", "secret", **{kind: True})
        with opened(server, sender="badges@acme.example", trust=trust):
            pass
        assert " me secret" in running.commands
        with pytest.raises(ServerFailed, match="certificate"), opened(server, sender="badges@acme.example"):
            pass
        assert running.commands.count(" me secret") == 1


def test_a_server_that_offers_no_encryption_gets_no_password() -> None:
    with MailServer() as running:
        server = Server("localhost", running.port, "me", "secret", starttls=True)
        with pytest.raises(ServerFailed), opened(server, sender="badges@acme.example"):
            pass
        assert " me secret" not in running.commands


PREVIEWS = [(name, language) for name, languages in templates().items() for language in languages]


@pytest.mark.parametrize(("name", "language"), PREVIEWS)
def test_every_template_can_be_previewed_in_every_language(name: str, language: str) -> None:
    rendered = render_sample(name, language=language)
    assert rendered.language == language
    assert rendered.text.strip()
    assert f'<html lang="{language}"' in rendered.html
    for word in ("{{", "{%", "None"):
        assert word not in rendered.subject + rendered.text + rendered.html


@pytest.mark.parametrize("name", templates())
def test_every_template_is_written_in_four_languages(name: str) -> None:
    assert templates()[name] == ["de", "en", "es", "fr"]


def test_a_language_that_runs_from_right_to_left_turns_the_page_around(monkeypatch: pytest.MonkeyPatch) -> None:
    from hexmark.mail import letters

    monkeypatch.setattr(letters, "_RIGHT_TO_LEFT", frozenset({"de"}))
    assert 'lang="de" dir="rtl"' in render("test", language="de", context={"name": "A"}).html


def test_a_message_says_what_it_is(db: None) -> None:
    assert str(Message(template="test", to="a@b.example")) == "test to a@b.example, waiting"
