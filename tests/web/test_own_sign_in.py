"""One's own sign-in: forgotten and changed passwords, second factors, passkeys, sessions."""

from __future__ import annotations

import math
import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from tests.web.pages import Visitor, text_of
from tests.world import PASSWORD, World, run_jobs

from hexmark.mail.models import Message
from hexmark.people.models import Person

NEW = "seven other plain words"
LINK = re.compile(r"https://badges\.acme\.example(/password/reset/\S+)")


def signed_in(person: Person, **options: Any) -> Visitor:
    """Whoever signed in with their password a moment ago."""
    visitor = Visitor(**options)
    assert visitor.post("/sign-in", {"login": person.email, "password": PASSWORD}).status_code == 302
    return visitor


def link_in_mail() -> str:
    """The path of the link that was last sent."""
    found = LINK.search(Message.objects.filter(template="password_reset").latest("pk").text)
    assert found
    return found[1]


def code_now(secret: str) -> str:
    """What an authenticator app shows."""
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


# Passwords -------------------------------------------------------------------------------------------------------------------------


def test_a_forgotten_password_is_set_anew_by_a_link_in_a_mail(acme: World, visitor: Visitor) -> None:
    assert "Forgot your password?" in text_of(visitor.get("/sign-in"))
    elsewhere = signed_in(acme.member_person)
    answer = visitor.post("/password/reset", {"email": "MEMBER@acme.example"})
    assert answer.headers["Location"] == "/password/reset/sent"
    message = Message.objects.get()
    assert (message.to, message.secret, message.organisation_id) == ("member@acme.example", True, None)
    shown = visitor.get(link_in_mail(), follow=True)
    address = shown.redirect_chain[-1][0]
    assert "Set a new password" in text_of(shown)
    assert visitor.post(address, {"password1": NEW}).headers["Location"] == "/password/reset/done"
    assert visitor.post("/sign-in", {"login": "member@acme.example", "password": NEW}).headers["Location"] == "/me"
    assert elsewhere.get("/me").status_code == 302
    assert Message.objects.filter(template="sign_in_changed", to="member@acme.example").exists()


def test_l08_a_link_works_once_and_not_after_the_password_changed(acme: World, visitor: Visitor) -> None:
    visitor.post("/password/reset", {"email": "member@acme.example"})
    link = link_in_mail()
    address = visitor.get(link, follow=True).redirect_chain[-1][0]
    visitor.post(address, {"password1": NEW})
    for other in (visitor, Visitor()):
        assert "does not work any more" in text_of(other.get(link, follow=True))
    assert "does not work any more" in text_of(Visitor().get(link[:-3] + "abc", follow=True))


def test_l08_opening_the_link_changes_nothing(acme: World, visitor: Visitor) -> None:
    visitor.post("/password/reset", {"email": "member@acme.example"})
    for _ in range(3):
        Visitor().get(link_in_mail(), follow=True)
    assert signed_in(acme.member_person).get("/me").status_code == 200


def test_j27_the_link_points_to_our_address_whatever_host_was_asked(acme: World, visitor: Visitor) -> None:
    assert (
        visitor.post("/password/reset", {"email": "member@acme.example"}, headers={"x-forwarded-host": "evil.example"}).status_code == 302
    )
    assert "evil" not in Message.objects.get().text
    assert Visitor().post("/password/reset", {"email": "steward@acme.example"}, headers={"host": "evil.example"}).status_code == 400


def test_l07_an_unknown_address_is_answered_like_a_known_one_and_gets_no_mail(acme: World, visitor: Visitor) -> None:
    known = visitor.post("/password/reset", {"email": "member@acme.example"}, follow=True)
    unknown = Visitor().post("/password/reset", {"email": "nobody@acme.example"}, follow=True)
    assert text_of(known) == text_of(unknown)
    assert known.redirect_chain == unknown.redirect_chain
    assert [message.to for message in Message.objects.all()] == ["member@acme.example"]


def test_nobody_floods_somebody_elses_mail_box(acme: World, visitor: Visitor) -> None:
    answers = [visitor.post("/password/reset", {"email": "member@acme.example"}) for _ in range(6)]
    assert answers[-1].status_code == 429
    assert Message.objects.count() == 3


def test_a_closed_account_gets_no_link(acme: World, visitor: Visitor) -> None:
    account = acme.member_person.account
    assert account is not None
    account.is_active = False
    account.save()
    visitor.post("/password/reset", {"email": "member@acme.example"})
    assert not Message.objects.exists()


def test_changing_the_password_ends_every_other_session(acme: World) -> None:
    here, elsewhere = signed_in(acme.member_person), signed_in(acme.member_person)
    answer = here.post("/me/settings/password", {"oldpassword": PASSWORD, "password1": NEW})
    assert answer.headers["Location"] == "/me/settings"
    assert here.get("/me").status_code == 200
    assert elsewhere.get("/me").status_code == 302
    assert "the password was changed" in Message.objects.get().text


@pytest.mark.parametrize(
    ("old", "new"), [("wrong wrong wrong", NEW), (PASSWORD, "short"), (PASSWORD, "password1234"), (PASSWORD, "x" * 129)]
)
def test_a_password_that_cannot_be_used_changes_nothing(acme: World, old: str, new: str) -> None:
    here = signed_in(acme.member_person)
    assert here.post("/me/settings/password", {"oldpassword": old, "password1": new}).status_code == 200
    assert signed_in(acme.member_person).get("/me").status_code == 200


def test_the_mail_about_a_changed_password_is_in_the_language_of_its_reader(acme: World) -> None:
    here = signed_in(acme.member_person)
    here.post("/me/settings", {"name": "Acme Member", "language": "de"})
    here.post("/me/settings/password", {"oldpassword": PASSWORD, "password1": NEW})
    assert "Das Passwort wurde geändert" in Message.objects.get().text


# Second factors --------------------------------------------------------------------------------------------------------------------


def with_app(person: Person) -> tuple[Visitor, str]:
    """Somebody who added an authenticator app through the pages, and its secret."""
    visitor = signed_in(person)
    page = visitor.get("/me/settings/factors/app")
    secret = re.search(r"<code[^>]*>([A-Z2-7]{16,})</code>|>([A-Z2-7]{32})<", page.content.decode())
    assert secret, page.content.decode()
    found = secret[1] or secret[2]
    answer = visitor.post("/me/settings/factors/app", {"code": code_now(found)})
    assert answer.headers["Location"] == "/me/settings/factors/codes"
    return visitor, found


def test_an_authenticator_app_is_asked_for_at_the_next_sign_in(acme: World) -> None:
    _, secret = with_app(acme.member_person)
    cache.clear()
    again = Visitor()
    answer = again.post("/sign-in", {"login": "member@acme.example", "password": PASSWORD})
    assert answer.headers["Location"].startswith("/sign-in/second-factor")
    assert again.get("/me").status_code == 302
    assert "One more step" in text_of(again.get("/sign-in/second-factor"))
    assert again.post("/sign-in/second-factor", {"code": "000000"}).status_code == 200
    assert again.get("/me").status_code == 302
    assert again.post("/sign-in/second-factor", {"code": code_now(secret)}).headers["Location"] == "/me"


def test_the_secret_of_an_app_is_sealed_in_the_database(acme: World) -> None:
    _, secret = with_app(acme.member_person)
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored
    assert TOTP(Authenticator.objects.get(type="totp")).validate_code(code_now(secret))


def test_recovery_codes_are_as_hard_to_guess_as_a_key(acme: World) -> None:
    codes = RecoveryCodes.activate(acme.member_person.account).generate_codes()
    assert len(set(codes)) == 10
    assert all(len(code) == 25 and code.isdigit() for code in codes)
    # What the library draws a code from: no fewer bits than its digits stand for.
    assert 8 * (settings.MFA_RECOVERY_CODE_DIGITS // 2) >= settings.MFA_RECOVERY_CODE_DIGITS * math.log2(10) > 80


def test_a_recovery_code_works_once(acme: World) -> None:
    visitor, _ = with_app(acme.member_person)
    codes = re.findall(r"<code>(\d{25})</code>", visitor.get("/me/settings/factors/codes").content.decode())
    assert len(set(codes)) == 10
    assert visitor.get("/me/settings/factors/codes/file").content.decode().split() == codes
    for expected in ("/me", None):
        again = Visitor()
        again.post("/sign-in", {"login": "member@acme.example", "password": PASSWORD})
        assert again.post("/sign-in/second-factor", {"code": codes[0]}).headers.get("Location") == expected


def test_guessing_codes_is_slowed_down(acme: World) -> None:
    with_app(acme.member_person)
    guess = Visitor()
    guess.post("/sign-in", {"login": "member@acme.example", "password": PASSWORD})
    answers = [guess.post("/sign-in/second-factor", {"code": f"{number:06}"}) for number in range(12)]
    assert answers[-1].status_code == 429 or "Too many" in text_of(answers[-1])


def test_what_matters_asks_again_who_it_is(acme: World) -> None:
    visitor = signed_in(acme.member_person)
    session = visitor.session
    for record in session["account_authentication_methods"]:
        record["at"] = time.time() - 400
    session.save()
    answer = visitor.get("/me/settings/factors/app")
    assert answer.headers["Location"] == "/me/settings/confirm?next=%2Fme%2Fsettings%2Ffactors%2Fapp"
    assert "Is it you?" in text_of(visitor.get(answer.headers["Location"]))
    assert visitor.post(answer.headers["Location"], {"password": "wrong wrong wrong"}).status_code == 200
    confirmed = visitor.post("/me/settings/confirm", {"password": PASSWORD, "next": "/me/settings/factors/app"})
    assert confirmed.headers["Location"] == "/me/settings/factors/app"
    assert visitor.get("/me/settings/factors/app").status_code == 200


def test_removing_the_app_tells_the_owner(acme: World) -> None:
    visitor, _ = with_app(acme.member_person)
    assert visitor.post("/me/settings/factors/app/remove").headers["Location"] == "/me/settings/factors"
    assert not Authenticator.objects.filter(type="totp").exists()
    run_jobs()
    texts = " ".join(Message.objects.values_list("text", flat=True))
    assert "an authenticator app was added" in texts
    assert "the authenticator app was removed" in texts


PAGES = [
    "/me/settings",
    "/me/settings/password",
    "/me/settings/confirm",
    "/me/settings/factors",
    "/me/settings/factors/app",
    "/me/settings/factors/passkeys",
    "/me/settings/factors/passkeys/add",
]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_of_ones_own_sign_in_is_there_and_runs_no_script_of_its_own(acme: World, address: str) -> None:
    page = signed_in(acme.member_person).get(address)
    assert page.status_code == 200
    body = page.content.decode()
    for script in re.findall(r"<script\b[^>]*>", body):
        assert "src=" in script or 'type="application/json"' in script
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:", body)
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]


# Sessions --------------------------------------------------------------------------------------------------------------------------


def test_one_sees_where_one_is_signed_in_and_ends_one_of_them(acme: World) -> None:
    here = signed_in(acme.member_person, HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0")
    phone = signed_in(acme.member_person, HTTP_USER_AGENT="Mozilla/5.0 (iPhone; CPU) AppleWebKit Version/18 Safari/604.1")
    page = text_of(here.get("/me/settings"))
    assert "Firefox on Linux This one" in page
    assert "Safari on iPhone" in page
    other = UserSession.objects.get(session_key=phone.session.session_key)
    assert here.post(f"/me/settings/sessions/{other.pk}/end").headers["Location"] == "/me/settings"
    assert phone.get("/me").status_code == 302
    assert here.get("/me").status_code == 200


def test_all_other_sessions_end_at_once(acme: World) -> None:
    here, others = signed_in(acme.member_person), [signed_in(acme.member_person) for _ in range(3)]
    here.post("/me/settings/sessions/end")
    assert [other.get("/me").status_code for other in (here, *others)] == [200, 302, 302, 302]


def test_nobody_ends_somebody_elses_session(acme: World, globex: World) -> None:
    theirs = signed_in(acme.member_person)
    session = UserSession.objects.get()
    assert signed_in(globex.steward_person).post(f"/me/settings/sessions/{session.pk}/end").status_code == 404
    assert theirs.get("/me").status_code == 200


def test_a_name_that_cannot_be_used_is_said_beside_the_field(acme: World) -> None:
    answer = signed_in(acme.member_person).post("/me/settings", {"name": "\u200b", "language": "en"})
    assert answer.status_code == 422
    assert "hidden characters" in text_of(answer)
