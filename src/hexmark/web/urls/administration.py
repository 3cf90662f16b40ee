"""Addresses of running the installation and one's own sign-in."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.urls import path

from hexmark.web import (
    administration,
    administration_access,
    administration_log,
    administration_mail,
    administration_sign_in,
    administration_signing,
    health,
    my_settings,
    sign_in_elsewhere,
)
from hexmark.web.actors import by_own_means, signed_in

_OWN_SIGN_IN = [
    path("sign-in/second-factor", factors.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/organisation", sign_in_elsewhere.choose, name="sign_in_elsewhere"),
    path("o/<slug:slug>/sign-in", sign_in_elsewhere.of_organisation, name="sign_in_organisation"),
    path("sign-in/with/<public_id:provider_id>", sign_in_elsewhere.begin, name="sign_in_with"),
    path("sign-in/with/<public_id:provider_id>/back", sign_in_elsewhere.back, name="sign_in_back"),
    path("sign-in/connect", sign_in_elsewhere.connect, name="sign_in_connect"),
    path("password/reset", account.password_reset, name="account_reset_password"),
    path("password/reset/sent", account.password_reset_done, name="account_reset_password_done"),
    path("password/reset/done", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("password/reset/<slug:uidb36>/<str:key>", account.password_reset_from_key, name="account_reset_password_from_key"),
    path("me/settings", my_settings.overview, name="my_settings"),
    path("me/settings/sessions/end", my_settings.end_other_sessions, name="my_sessions_end"),
    path("me/settings/sessions/<int:session_id>/end", my_settings.end_session, name="my_session_end"),
    path("me/settings/password", by_own_means(account.password_change), name="account_change_password"),
    path("me/settings/password/first", by_own_means(account.password_set), name="account_set_password"),
    path("me/settings/confirm", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("me/settings/confirm/code", signed_in(factors.reauthenticate), name="mfa_reauthenticate"),
    path("me/settings/confirm/passkey", signed_in(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("me/settings/factors", signed_in(factors.index), name="mfa_index"),
    path("me/settings/factors/app", by_own_means(app.activate_totp), name="mfa_activate_totp"),
    path("me/settings/factors/app/remove", by_own_means(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("me/settings/factors/passkeys", signed_in(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("me/settings/factors/passkeys/add", by_own_means(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("me/settings/factors/passkeys/<int:pk>/rename", signed_in(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("me/settings/factors/passkeys/<int:pk>/remove", by_own_means(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path("me/settings/factors/codes", by_own_means(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("me/settings/factors/codes/file", by_own_means(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("me/settings/factors/codes/new", by_own_means(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
]

_ADMINISTRATION = [
    path("administration", administration.overview, name="administration"),
    path("administration/check", administration.check, name="administration_check"),
    path("administration/access", administration_access.access, name="administration_access"),
    path("administration/access/end", administration_access.end, name="administration_access_end"),
    path("administration/access/invite", administration_access.invite, name="administration_invite"),
    path("administration/sign-in", administration_sign_in.providers, name="administration_sign_in"),
    path("administration/sign-in/add", administration_sign_in.add, name="administration_provider_add"),
    path("administration/sign-in/<public_id:provider_id>", administration_sign_in.provider, name="administration_provider"),
    path("administration/sign-in/<public_id:provider_id>/domains", administration_sign_in.domains, name="administration_provider_domains"),
    path("administration/sign-in/<public_id:provider_id>/remove", administration_sign_in.remove, name="administration_provider_remove"),
    path("administration/keys", administration_sign_in.keys, name="administration_keys"),
    path("administration/signing", administration_signing.signing, name="administration_signing"),
    path("administration/mail", administration_mail.outbox, name="administration_mail"),
    path("administration/mail/<public_id:message_id>", administration_mail.message, name="administration_message"),
    path("administration/mail/<public_id:message_id>/preview", administration_mail.preview, name="administration_message_preview"),
    path("administration/mail/<public_id:message_id>/again", administration_mail.again, name="administration_message_again"),
    path("administration/mail/<public_id:message_id>/cancel", administration_mail.stop, name="administration_message_cancel"),
    path("administration/mail/templates", administration_mail.letters, name="administration_letters"),
    path("administration/jobs", administration_log.jobs, name="administration_jobs"),
    path("administration/audit", administration_log.audit, name="administration_audit"),
    path("administration/audit.csv", administration_log.audit_csv, name="administration_audit_csv"),
]

_HEALTH = [
    path("healthz", health.process, name="health"),
    path("readyz", health.ready, name="ready"),
    path("version", health.running_version, name="version"),
]

urlpatterns = [*_OWN_SIGN_IN, *_ADMINISTRATION, *_HEALTH]
