"""Administration: is everything ready, who has access, what waits, what happened, and what is told by mail."""

from __future__ import annotations

import html
import json
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings as live
from django.core.cache import cache
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests.mail.smtp_server import MailServer
from tests.net.conftest import Server, answer
from tests.web.pages import Visitor, text_of
from tests.world import PASSWORD, World, run_jobs

from hexmark.access import Access
from hexmark.events.models import Event
from hexmark.issuing.models import Credential
from hexmark.jobs import heartbeat
from hexmark.keys.models import StoredKey
from hexmark.mail.actions import queue
from hexmark.mail.letters import Letter
from hexmark.mail.models import Message
from hexmark.organisations.models import Organisation
from hexmark.people.actions import grant_access
from hexmark.people.models import Membership, Person


@pytest.fixture
def mail(settings: Any) -> Iterator[MailServer]:
    """A mail server that takes everything."""
    with MailServer() as running:
        settings.SMTP_URL = f"smtp://127.0.0.1:{running.port}"
        settings.MAIL_FROM = "badges@acme.example"
        yield running


@pytest.fixture
def steward(acme: World) -> Visitor:
    """Acme's badge administrator, who has just signed in."""
    return just_signed_in(acme.steward_person)


def just_signed_in(person: Person) -> Visitor:
    """Somebody who typed their password a moment ago."""
    visitor = Visitor()
    assert visitor.post("/sign-in", {"login": person.email, "password": PASSWORD}).status_code == 302
    return visitor


def long_ago(visitor: Visitor, seconds: float) -> None:
    """That sign-in was so long ago, and nothing of administration was looked at since."""
    session = visitor.session
    for record in session["account_authentication_methods"]:
        record["at"] = time.time() - seconds
    if "administration_seen_at" in session:
        session["administration_seen_at"] = time.time() - seconds
    session.save()
    Person.objects.get(account_id=session["_auth_user_id"]).account.__class__.objects.update(
        last_login=timezone.now() - timedelta(seconds=seconds)
    )


def a_message(world: World, **more: Any) -> Message:
    """One in the outbox."""
    letter = Letter(
        "ben@acme.example", "test", "en", {"sender": "Acme", "name": "<b>Amara</b>"}, organisation_id=world.organisation.pk, **more
    )
    return queue(letter)


# Is everything ready ---------------------------------------------------------------------------------------------------------------


def test_the_list_says_what_to_do_about_each_thing(steward: Visitor) -> None:
    page = text_of(steward.get("/administration"))
    for words in (
        "Public address and TLS",
        "The key opens.",
        "The worker gave no sign of life",
        "No mail server is set",
        "Everybody signs in with a password or a passkey",
        "The data directory can be written",
        "There was no backup yet",
        "Nothing was signed yet",
    ):
        assert words in page


def test_a_worker_that_gave_a_sign_of_life_is_alive(steward: Visitor) -> None:
    heartbeat.beat()
    assert "The worker is alive." in text_of(steward.get("/administration"))


def test_a_backup_of_today_is_one_and_one_of_last_week_is_not(steward: Visitor) -> None:
    record = live.DATA_DIR / "last-backup.json"
    try:
        for at, words in (
            (timezone.now(), "There was a backup within the last day."),
            (timezone.now() - timedelta(days=7), "The last backup is older than a day."),
        ):
            record.write_text(json.dumps({"at": at.isoformat(), "sha256": "x", "credentials": 1}))
            assert words in text_of(steward.get("/administration"))
        record.write_text("not json")
        assert "cannot be read" in text_of(steward.get("/administration"))
    finally:
        record.unlink()


def test_a_key_that_does_not_open_is_said(steward: Visitor, settings: Any) -> None:
    settings.KEY_ENCRYPTION_KEY = "b3RoZXItMzItYnl0ZXMtLi4uLi4uLi4uLi4uLi4uLi4="
    assert "HEXMARK_KEY_ENCRYPTION_KEY" in text_of(steward.get("/administration"))


def test_the_latest_award_is_verified_at_the_press_of_a_button(steward: Visitor, credential: Credential) -> None:
    assert steward.post("/administration/check", {"check": "sample"}).headers["Location"] == "/administration"
    assert "The latest award verifies" in text_of(steward.get("/administration"))
    Credential.objects.update(document=credential.document.replace("Safety", "Danger"))
    steward.post("/administration/check", {"check": "sample"})
    assert "does not verify" in text_of(steward.get("/administration"))


def test_the_address_and_the_identity_are_opened_from_here(acme: World, steward: Visitor, settings: Any) -> None:
    key = StoredKey.objects.get().public_multibase
    with closing(Server(answer(json.dumps({"key": key}).encode()))) as running:
        settings.ALLOWED_LOCAL_ORIGINS = frozenset({running.origin})
        settings.PUBLIC_URL = running.origin
        steward.post("/administration/check", {"check": "identity"})
        assert "names the key that signs" in text_of(steward.get("/administration"))
    steward.post("/administration/check", {"check": "identity"})
    assert "nobody can verify" in text_of(steward.get("/administration"))


def test_a_check_that_is_none_is_not_there(steward: Visitor) -> None:
    assert steward.post("/administration/check", {"check": "rm -rf"}).status_code == 404


def test_a_test_mail_is_sent_and_its_fate_is_shown(steward: Visitor, mail: MailServer) -> None:
    assert "No test was sent yet" in text_of(steward.get("/administration"))
    steward.post("/administration/check", {"check": "mail"})
    run_jobs()
    assert mail.emails[0]["To"] == "steward@acme.example"
    assert "took the last test" in text_of(steward.get("/administration"))


def test_a_test_mail_that_fails_says_why(steward: Visitor, mail: MailServer) -> None:
    mail.answers["RCPT"] = "550 no such user"
    steward.post("/administration/check", {"check": "mail"})
    run_jobs()
    assert "550 no such user" in text_of(steward.get("/administration"))


# Confirming ------------------------------------------------------------------------------------------------------------------------


def test_after_half_an_hour_administration_asks_again_who_it_is(steward: Visitor) -> None:
    assert steward.get("/administration").status_code == 200
    long_ago(steward, 29 * 60)
    assert steward.get("/administration").status_code == 200
    long_ago(steward, 31 * 60)
    asked = steward.get("/administration/audit?actor=x")
    assert asked.headers["Location"] == "/me/settings/confirm?next=%2Fadministration%2Faudit%3Factor%3Dx"
    assert steward.get("/me").status_code == 200
    steward.post("/me/settings/confirm", {"password": PASSWORD, "next": "/administration/audit?actor=x"})
    assert steward.get("/administration/audit?actor=x").status_code == 200


@pytest.mark.parametrize("address", ["/administration/keys", "/administration/access", "/administration/sign-in/add"])
def test_what_matters_most_is_confirmed_within_five_minutes(acme: World, steward: Visitor, address: str) -> None:
    long_ago(steward, 6 * 60)
    before = (StoredKey.objects.count(), Membership.objects.count())
    answered = steward.post(address, {"email": "member@acme.example", "access": "auditor"})
    assert answered.headers["Location"].startswith("/me/settings/confirm?next=")
    assert (StoredKey.objects.count(), Membership.objects.count()) == before


# Access ----------------------------------------------------------------------------------------------------------------------------


def test_access_is_granted_and_ended(acme: World, steward: Visitor) -> None:
    steward.post("/administration/access", {"email": "MEMBER@acme.example", "access": "auditor"})
    assert "Acme Member member@acme.example Auditor" in text_of(steward.get("/administration/access"))
    member = Visitor(acme.member_person)
    assert member.get("/administration/audit").status_code == 200
    steward.post("/administration/access/end", {"person": acme.member_person.public_id, "access": "auditor"})
    assert member.get("/administration/audit").status_code == 404
    kinds = set(Event.objects.values_list("event_type", flat=True))
    assert {"person.access_granted", "person.access_ended"} <= kinds


def test_the_last_badge_administrator_stays(acme: World, steward: Visitor) -> None:
    answered = steward.post("/administration/access/end", {"person": acme.steward_person.public_id, "access": "steward"})
    assert answered.status_code == 409
    assert "at least one badge administrator" in text_of(answered)
    assert steward.get("/administration").status_code == 200


def test_j16_nobody_else_gives_or_takes_access(acme: World, globex: World) -> None:
    hr = acme.member_person
    grant_access(hr, access=Access.HR, actor=acme.steward)
    for visitor in (just_signed_in(hr), just_signed_in(globex.steward_person)):
        ended = {"person": acme.steward_person.public_id, "access": "steward"}
        assert visitor.post("/administration/access/end", ended).status_code == 404
        visitor.post("/administration/access", {"email": acme.member_person.email, "access": "steward"})
        assert visitor.post("/administration/access/invite", {"person": acme.member_person.public_id}).status_code == 404
    assert Membership.objects.filter(person__organisation=acme.organisation, access="steward").count() == 1


@pytest.mark.parametrize(
    "given", [{"email": "nobody@acme.example", "access": "auditor"}, {"email": "member@acme.example", "access": "king"}, {}]
)
def test_what_cannot_be_granted_is_said_beside_the_field(steward: Visitor, given: dict[str, str]) -> None:
    before = Membership.objects.count()
    assert steward.post("/administration/access", given).status_code == 422
    assert Membership.objects.count() == before


def test_somebody_without_an_account_is_invited_by_mail(acme: World, steward: Visitor, mail: MailServer) -> None:
    person = acme.person("Ben Lund")
    grant_access(person, access=Access.ASSESSOR, actor=acme.steward)
    assert "Invite" in text_of(steward.get("/administration/access"))
    steward.post("/administration/access/invite", {"person": person.public_id})
    message = Message.objects.get()
    assert (message.to, message.secret, message.template) == ("ben.lund@acme.example", True, "invitation")
    assert "https://badges.acme.example/join/" in message.text
    assert "/join/" not in text_of(steward.get(f"/administration/mail/{message.public_id}"))
    run_jobs()
    assert "/join/" in mail.emails[0].as_string()
    assert Message.objects.get().is_blank


def test_access_is_found_by_name(acme: World, steward: Visitor) -> None:
    assert "Acme Member" not in text_of(steward.get("/administration/access"))
    assert "Acme Member" in text_of(steward.get("/administration/access?q=MEMB"))
    assert "Nobody found" in text_of(steward.get("/administration/access?q=nobody+of+this+name"))


# Second factor ---------------------------------------------------------------------------------------------------------------------


def test_an_organisation_demands_a_second_factor_of_whoever_has_more_access(acme: World, steward: Visitor) -> None:
    refused = steward.post("/administration/access", {"required": "1"})
    assert refused.status_code == 422
    assert "you would shut yourself out" in text_of(refused)
    TOTP.activate(acme.steward_person.account, generate_totp_secret())
    steward.post("/administration/access", {"required": "1"})
    assert Organisation.objects.get(slug="acme").second_factor_required
    assert Event.objects.filter(event_type="organisation.second_factor_changed").exists()
    assert steward.get("/administration").status_code == 200
    grant_access(acme.manager_person, access=Access.PROGRAMME_OWNER, actor=acme.steward)
    owner = Visitor(acme.manager_person)
    assert owner.get("/award").status_code == 404
    assert "A second factor is needed here" in text_of(owner.get("/me"))
    TOTP.activate(acme.manager_person.account, generate_totp_secret())
    assert owner.get("/award").status_code == 200
    member = text_of(Visitor(acme.member_person).get("/me"))
    assert "A second factor is needed here" not in member


# Audit -----------------------------------------------------------------------------------------------------------------------------


def test_everything_that_happened_can_be_found(acme: World, globex: World, steward: Visitor) -> None:
    grant_access(acme.member_person, access=Access.AUDITOR, actor=acme.steward)
    page = text_of(steward.get("/administration/audit?kind=person.access_granted&actor=acme+steward"))
    assert "Person: access granted" in page
    assert acme.member_person.public_id in page
    assert "Globex" not in text_of(steward.get("/administration/audit"))
    assert "Nothing like that happened" in text_of(steward.get("/administration/audit?until=2001-01-01"))
    found = text_of(steward.get(f"/administration/audit?thing={acme.member_person.public_id}&since=2020-01-01"))
    assert "access granted" in found


@pytest.mark.parametrize(
    "query", ["before=x", "before=-1", "before=99999999999999999999", "since=never", "until=9999-12-31", "kind=no.such"]
)
def test_j23_a_strange_question_is_answered_all_the_same(steward: Visitor, query: str) -> None:
    assert steward.get(f"/administration/audit?{query}").status_code == 200


def test_the_log_is_read_page_by_page_and_as_a_table(acme: World, steward: Visitor) -> None:
    for number in range(60):
        acme.person(f"Person {number}")
    first = steward.get("/administration/audit?kind=person.added")
    assert first.content.decode().count("Person: added</td>") == 50
    older = first.context["older"]
    second = steward.get(f"/administration/audit{older}")
    assert second.content.decode().count("Person: added</td>") == 13
    rows = steward.get("/administration/audit.csv?kind=person.added").getvalue().decode("utf-8-sig").splitlines()
    assert len(rows) == 64
    assert rows[0].startswith('"number","at","what"')


def test_the_export_is_bounded(steward: Visitor) -> None:
    answers = [steward.get("/administration/audit.csv").status_code for _ in range(12)]
    assert answers[:10] == [200] * 10
    assert answers[-1] == 429


def test_an_auditor_sees_the_log_and_nothing_else_of_administration(acme: World) -> None:
    grant_access(acme.member_person, access=Access.AUDITOR, actor=acme.steward)
    auditor = Visitor(acme.member_person)
    assert auditor.get("/administration/audit").status_code == 200
    for page in ("", "/access", "/mail", "/jobs", "/keys", "/sign-in"):
        assert auditor.get(f"/administration{page}").status_code == 404
    assert "Audit" in text_of(auditor.get("/me"))
    assert "Administration" not in text_of(auditor.get("/me"))


# Jobs ------------------------------------------------------------------------------------------------------------------------------


def a_failed_job(name: str = "mail.deliver", *arguments: object) -> DBTaskResult[..., object]:
    """A call that ended with an error."""
    return DBTaskResult.objects.create(
        id=uuid.uuid4(),
        status="FAILED",
        args_kwargs={"args": [name, list(arguments)], "kwargs": {}},
        task_path="hexmark.jobs.tasks.run_job",
        backend_name="default",
        run_after=timezone.now(),
        finished_at=timezone.now(),
        exception_class_path="builtins.ValueError",
        traceback="Traceback\n  File x\nValueError: the disk is full",
    )


def test_what_waits_and_what_failed_is_shown(acme: World, steward: Visitor) -> None:
    a_message(acme)
    a_failed_job()
    page = text_of(steward.get("/administration/jobs"))
    assert "No worker works" in page
    assert "1 mails to be sent" in page
    assert "ValueError: the disk is full" in page
    heartbeat.beat()
    assert "The worker is alive" in text_of(steward.get("/administration/jobs"))


def test_with_several_organisations_no_reason_is_shown_that_could_hold_anothers_data(acme: World, globex: World, steward: Visitor) -> None:
    a_failed_job("issuing.sign", globex.organisation.pk)
    page = text_of(steward.get("/administration/jobs"))
    assert "issuing.sign" in page
    assert "ValueError" in page
    assert "disk is full" not in page


def test_a_failed_job_is_called_again(acme: World, steward: Visitor, mail: MailServer) -> None:
    failed = a_failed_job()
    a_message(acme)
    steward.post("/administration/jobs", {"job": str(failed.pk)})
    run_jobs()
    assert len(mail.taken) == 1
    assert not DBTaskResult.objects.filter(status="FAILED").exists()


@pytest.mark.parametrize("job", ["", "x", "9ffe53bd-fefa-44a0-904d-36d00a0f40b0"])
def test_a_job_that_is_not_there_is_called_by_nobody(steward: Visitor, job: str) -> None:
    assert steward.post("/administration/jobs", {"job": job}).headers["Location"] == "/administration/jobs"


def test_a_job_that_nobody_knows_any_more_is_not_called(steward: Visitor) -> None:
    failed = a_failed_job("gone.job")
    steward.post("/administration/jobs", {"job": str(failed.pk)})
    assert DBTaskResult.objects.filter(pk=failed.pk).exists()


# Keys ------------------------------------------------------------------------------------------------------------------------------


def test_a_new_key_signs_after_a_question_and_the_old_one_stays_published(acme: World, steward: Visitor) -> None:
    old = StoredKey.objects.get().public_multibase
    assert old in text_of(steward.get("/administration/keys"))
    assert "Sign with a new key?" in text_of(steward.get("/administration/keys?new=1"))
    assert StoredKey.objects.count() == 1
    steward.post("/administration/keys?new=1")
    page = text_of(steward.get("/administration/keys"))
    assert StoredKey.objects.filter(retired_at__isnull=True).exclude(public_multibase=old).count() == 1
    assert "Keys that signed before" in page
    assert old in Visitor().get("/o/acme/did.json").content.decode()


# Mail ------------------------------------------------------------------------------------------------------------------------------


def test_the_outbox_is_searched_and_narrowed(acme: World, steward: Visitor) -> None:
    message = a_message(acme)
    page = text_of(steward.get("/administration/mail"))
    assert "Test message from Acme ben@acme.example" in page
    assert "1 Waiting" in page
    assert message.subject in text_of(steward.get("/administration/mail?q=BEN@"))
    assert "Nothing found" in text_of(steward.get("/administration/mail?state=failed"))
    assert steward.get("/administration/mail?state=nonsense").status_code == 200


def test_a_message_is_shown_as_text_and_in_a_sandbox(acme: World, steward: Visitor) -> None:
    message = a_message(acme)
    page = steward.get(f"/administration/mail/{message.public_id}")
    assert "&lt;b&gt;Amara&lt;/b&gt;" in page.content.decode()
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    preview = steward.get(f"/administration/mail/{message.public_id}/preview")
    policy = preview.headers["Content-Security-Policy"]
    assert policy.endswith("; sandbox")
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "<b>Amara</b>" not in preview.content.decode()


def test_a_secret_message_is_shown_to_nobody_but_in_the_demo(acme: World, steward: Visitor, settings: Any) -> None:
    message = a_message(acme, secret=True)
    address = f"/administration/mail/{message.public_id}"
    assert "is for ben@acme.example alone" in text_of(steward.get(address))
    assert steward.get(f"{address}/preview").status_code == 404
    settings.DEMO = True
    assert steward.get(f"{address}/preview").status_code == 200


def test_a_message_is_cancelled_and_sent_again(acme: World, steward: Visitor, mail: MailServer) -> None:
    message = a_message(acme)
    steward.post(f"/administration/mail/{message.public_id}/cancel")
    run_jobs()
    assert mail.taken == []
    steward.post(f"/administration/mail/{message.public_id}/again")
    run_jobs()
    assert len(mail.taken) == 1
    assert steward.post(f"/administration/mail/{message.public_id}/cancel").status_code == 409


def test_templates_are_previewed_and_tested(steward: Visitor, mail: MailServer) -> None:
    assert "Password reset" in text_of(steward.get("/administration/mail/templates"))
    page = steward.get("/administration/mail/templates?template=invitation&language=fr")
    assert "Northwind Academy vous invite" in text_of(page)
    frame = re.search(r'<iframe[^>]* src="([^"]+)"', page.content.decode())
    assert frame
    preview = steward.get(f"/administration/mail/templates{html.unescape(frame[1])}")
    assert '<html lang="fr"' in preview.content.decode()
    assert "img-src https://badges.acme.example data:" in preview.headers["Content-Security-Policy"]
    hidden = dict(re.findall(r'<input type="hidden" name="(template|language)" value="([^"]*)">', page.content.decode()))
    steward.post("/administration/mail/templates", hidden)
    run_jobs()
    assert mail.emails[0]["Subject"] == "Northwind Academy vous invite"
    for given in ("template=../../etc&language=en", "template=test&language=xx", "template=layout&language=en"):
        assert steward.get(f"/administration/mail/templates?{given}").status_code == 404


# Providers -------------------------------------------------------------------------------------------------------------------------

GIVEN = {
    "label": "Acme login",
    "issuer": "https://login.acme.example",
    "client_id": "hexmark",
    "secret": "s3cret",
    "domains": "acme.example",
}


def test_a_provider_is_added_changed_and_removed(acme: World, steward: Visitor) -> None:
    added = steward.post("/administration/sign-in/add", GIVEN)
    address = added.headers["Location"]
    assert "https://badges.acme.example/sign-in/with/" in text_of(steward.get(address))
    assert "Acme login" in text_of(Visitor().get("/o/acme/sign-in"))
    # Which organisations there are is nobody's business who is not asked for one.
    assert "Acme login" not in text_of(Visitor().get("/sign-in"))
    changed = {"label": "Log in", "client_id": "other", "secret": "", "domains": "acme.example, acme.org"}
    assert steward.post(address, changed).headers["Location"] == "/administration/sign-in"
    assert "acme.example, acme.org" in text_of(steward.get("/administration/sign-in"))
    provider = acme.organisation.identity_providers.get()
    assert (provider.active, provider.secret(), provider.client_id) == (False, "s3cret", "other")
    assert "Log in" not in text_of(Visitor().get("/o/acme/sign-in"))
    steward.post(f"{address}/remove")
    assert not acme.organisation.identity_providers.exists()
    kinds = set(Event.objects.values_list("event_type", flat=True))
    assert {f"organisation.provider_{what}" for what in ("added", "changed", "removed")} <= kinds


@pytest.mark.parametrize(
    "wrong",
    [
        *({"issuer": "login.acme.example"}, {"issuer": "https://login.acme.example?x=1"}, {"issuer": "https://me@login.acme.example"}),
        *({"domains": "acme"}, {"domains": "a b"}, {"domains": ""}, {"secret": ""}, {"label": ""}, {"client_id": ""}),
    ],
)
def test_a_provider_that_cannot_be_used_is_said_beside_the_field(acme: World, steward: Visitor, wrong: dict[str, str]) -> None:
    answered = steward.post("/administration/sign-in/add", GIVEN | wrong)
    assert answered.status_code == 422
    assert not acme.organisation.identity_providers.exists()


# Health ----------------------------------------------------------------------------------------------------------------------------


def test_machines_ask_whether_it_runs_is_ready_and_which_version_it_is(acme: World, settings: Any) -> None:
    cache.clear()
    assert Visitor().get("/healthz").json() == {"status": "ok"}
    ready = Visitor().get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    assert set(ready.json()["checks"]) == {"database", "migrations", "key", "queue"}
    assert Visitor().get("/version").json()["version"]
    assert ready.headers["Cache-Control"] == "no-store"
    settings.KEY_ENCRYPTION_KEY = ""
    broken = Visitor().get("/readyz")
    assert (broken.status_code, broken.json()["checks"]["key"]) == (503, "failed")
    assert Visitor().get("/healthz").status_code == 200


def test_a_queue_that_nobody_works_off_is_not_ready(acme: World) -> None:
    stuck = a_failed_job()
    DBTaskResult.objects.filter(pk=stuck.pk).update(status="READY", enqueued_at=timezone.now() - timedelta(minutes=6))
    assert Visitor().get("/readyz").json()["checks"]["queue"] == "failed"
