"""Is this installation ready? Each check says how it stands and what to do; those that ask other servers are run by a button."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from hexmark.errors import DomainError, NotConfigured
from hexmark.issuing.models import Credential
from hexmark.issuing.reports import report_on_own
from hexmark.jobs.heartbeat import worker_is_alive, worker_seen_at
from hexmark.keys.store import open_active_key
from hexmark.mail.jobs import server_rests_because
from hexmark.mail.models import Message
from hexmark.mail.server import parse_server
from hexmark.net import fetch
from hexmark.openbadges.errors import FormatError, Unreachable
from hexmark.organisations.models import Organisation
from hexmark.web.oidc import discovered

OK, WARN, BAD, OPEN = "ok", "warn", "bad", "todo"
LEAST_FREE_BYTES = 1024**3
BACKUP_WITHIN = timedelta(hours=24)
#: For how long the outcome of a test is shown.
REMEMBERED_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Outcome:
    """How something stands, in a word and a sentence; `at` is when it was tried, for what is not looked at each time."""

    state: str
    sentence: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list. `button` is empty where there is nothing to press; `link` names the page where it is put right."""

    name: str
    title: str
    outcome: Outcome
    button: str = ""
    link: str = ""


def checklist(organisation: Organisation) -> list[Check]:
    """Everything that a new installation needs, in the order in which it is set up. No other server is asked."""
    return [
        Check("address", "Public address and TLS", _tried(organisation, "address") or _address(), "Open it from here"),
        Check("identity", "Signing key and identity", _identity(organisation), "Read the DID document", "administration_keys"),
        Check("worker", "Background work", _worker(), link="administration_jobs"),
        Check("mail", "Mail", _mail(organisation), "Send a test to me", "administration_mail"),
        Check("sign_in", "Sign-in elsewhere", _sign_in(organisation), "Ask the providers", "administration_sign_in"),
        Check("storage", "Storage", _storage()),
        Check("backup", "Backup", _backup()),
        Check("sample", "A first award that verifies", _tried(organisation, "sample") or _sample(organisation), "Verify the latest"),
    ]


def remember(organisation: Organisation, name: str, outcome: Outcome) -> Outcome:
    """The outcome is shown in the list for a week."""
    kept = Outcome(outcome.state, outcome.sentence, timezone.now())
    cache.set(_key(organisation, name), json.dumps(asdict(kept), default=str), timeout=REMEMBERED_SECONDS)
    return kept


def _key(organisation: Organisation, name: str) -> str:
    return f"administration.check.{organisation.pk}.{name}"


def _tried(organisation: Organisation, name: str) -> Outcome | None:
    kept = cache.get(_key(organisation, name))
    if not kept:
        return None
    read: dict[str, Any] = json.loads(kept)
    return Outcome(read["state"], read["sentence"], parse_datetime(read["at"]))


# As it stands ----------------------------------------------------------------------------------------------------------------------


def _address() -> Outcome:
    url = settings.PUBLIC_URL
    if settings.DEMO:
        return Outcome(WARN, f"{url} is the demo on this machine. Nobody else can reach it.")
    if not url.startswith("https://"):
        return Outcome(BAD, f"{url} is not encrypted. Set HEXMARK_PUBLIC_URL to an https address before anything is signed.")
    return Outcome(OPEN, f"{url} has not been opened from here yet.")


def _identity(organisation: Organisation) -> Outcome:
    try:
        open_active_key(organisation.pk)
    except NotConfigured as error:
        return Outcome(BAD, str(error))
    return _tried(organisation, "identity") or Outcome(OPEN, f"The key opens. Whether others can read {organisation.did} is not tried yet.")


def _worker() -> Outcome:
    if worker_is_alive():
        return Outcome(OK, "The worker is alive.", worker_seen_at())
    seen = worker_seen_at()
    since = f"since {timezone.localtime(seen):%d %b %H:%M}" if seen else "for at least a day"
    return Outcome(BAD, f"The worker gave no sign of life {since}. Nothing is signed and no mail is sent until it runs.")


def _mail(organisation: Organisation) -> Outcome:
    server = parse_server(settings.SMTP_URL)
    if server is None:
        return Outcome(WARN if settings.DEMO else BAD, "No mail server is set, so messages wait in the outbox. Set HEXMARK_SMTP_URL.")
    if reason := server_rests_because():
        return Outcome(BAD, reason)
    test = Message.objects.filter(organisation_id=organisation.pk, template="test").order_by("-pk").first()
    if test is None:
        return Outcome(OPEN, f"Mail goes to {server}. No test was sent yet.")
    if test.state == Message.State.SENT:
        return Outcome(OK, f"{server} took the last test.", test.ended_at)
    return Outcome(BAD if test.state == Message.State.FAILED else OPEN, test.last_error or "The last test still waits.", test.queued_at)


def _sign_in(organisation: Organisation) -> Outcome:
    providers = organisation.identity_providers.filter(active=True).count()
    if not providers:
        return Outcome(OK, "Everybody signs in with a password or a passkey. An identity provider can be added.")
    return _tried(organisation, "sign_in") or Outcome(OPEN, f"{providers} set, not asked yet.")


def _storage() -> Outcome:
    folder = settings.DATA_DIR
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".write-test-") as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Outcome(BAD, f"The data directory cannot be written: {error.strerror}.")
    if free < LEAST_FREE_BYTES:
        return Outcome(BAD, f"Only {free // 1024**2} MB are free in the data directory.")
    return Outcome(OK, f"The data directory can be written; {free // 1024**3} GB are free.")


def _backup() -> Outcome:
    try:
        record = json.loads((settings.DATA_DIR / "last-backup.json").read_text(encoding="utf-8"))
        at = parse_datetime(str(record["at"]))
    except FileNotFoundError:
        return Outcome(BAD, "There was no backup yet. Run “hexmark backup” each day.")
    except (OSError, ValueError, KeyError, TypeError):
        at = None
    if at is None:
        return Outcome(BAD, "The record of the last backup cannot be read. Run “hexmark backup” again.")
    at = at if at.tzinfo else timezone.make_aware(at)
    if timezone.now() - at > BACKUP_WITHIN:
        return Outcome(BAD, "The last backup is older than a day.", at)
    return Outcome(OK, "There was a backup within the last day.", at)


def _sample(organisation: Organisation) -> Outcome:
    if not Credential.objects.issued().filter(organisation=organisation).exists():
        return Outcome(OPEN, "Nothing was signed yet. Award something to yourself through a colleague, and verify it here.")
    return Outcome(OPEN, "Something was signed. Whether it verifies is not tried yet.")


# Tried by a button -----------------------------------------------------------------------------------------------------------------


def _try_address(organisation: Organisation) -> Outcome:
    outcome = _address()
    if outcome.state == BAD:
        return outcome
    try:
        fetch(f"{settings.PUBLIC_URL}/healthz", accept=("application/json",), allowed_origins=settings.ALLOWED_LOCAL_ORIGINS)
    except (FormatError, Unreachable) as error:
        return Outcome(BAD, f"{settings.PUBLIC_URL} cannot be opened from here. {error}")
    return outcome if outcome.state == WARN else Outcome(OK, f"{settings.PUBLIC_URL} answers.")


def _try_identity(organisation: Organisation) -> Outcome:
    url = f"{organisation.url}/did.json"
    try:
        key = open_active_key(organisation.pk).public.multibase
        got = fetch(url, accept=("application/did+json", "application/json"), allowed_origins=settings.ALLOWED_LOCAL_ORIGINS)
    except NotConfigured as error:
        return Outcome(BAD, str(error))
    except (FormatError, Unreachable) as error:
        return Outcome(BAD, f"{url} cannot be read from here, so nobody can verify. {error}")
    if key.encode() not in got.body:
        return Outcome(BAD, f"{url} can be read, but does not name the key that signs now. Is a cache or another server in between?")
    return Outcome(OK, "The DID document can be read and names the key that signs.")


def _try_sign_in(organisation: Organisation) -> Outcome:
    failed = []
    for provider in organisation.identity_providers.filter(active=True):
        try:
            provider.secret()
            discovered(provider.issuer)
        except (Unreachable, DomainError) as error:
            failed.append(f"{provider.label}: {error}")
    if failed:
        return Outcome(BAD, " ".join(failed))
    if not organisation.identity_providers.filter(active=True).exists():
        return _sign_in(organisation)
    return Outcome(OK, "Every provider answers and names its keys.")


def _try_sample(organisation: Organisation) -> Outcome:
    latest = (
        Credential.objects.issued()
        .filter(organisation=organisation, revoked_at__isnull=True, paused_at__isnull=True)
        .order_by("-pk")
        .first()
    )
    if latest is None:
        return _sample(organisation)
    report = report_on_own(latest)
    if report.ok:
        return Outcome(OK, "The latest award verifies: signature, issuer, status and dates.")
    sentence = next((check.sentence for check in report.checks if check.outcome.value == "failed"), "Not everything could be checked.")
    return Outcome(BAD, f"The latest award does not verify. {sentence}")


TRIALS: Mapping[str, Callable[[Organisation], Outcome]] = {
    "address": _try_address,
    "identity": _try_identity,
    "sign_in": _try_sign_in,
    "sample": _try_sample,
}
