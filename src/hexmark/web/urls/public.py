"""Addresses of pages that need no account, and of signing in."""

from __future__ import annotations

from allauth.account.views import logout
from django.urls import path

from hexmark.web import documents, public, setup, showcase, verify
from hexmark.web.sign_in_elsewhere import sign_in

urlpatterns = [
    path("", showcase.home, name="home"),
    path("a/<public_id:award_id>", public.award, name="award"),
    path("a/<public_id:award_id>.<slug:form>", public.award_file, name="award_file"),
    path("b/<slug:slug>", showcase.achievement, name="achievement"),
    path("b/<slug:slug>/<int:number>", showcase.achievement, name="achievement_version"),
    path("b/<slug:slug>/<int:number>/image", documents.achievement_image, name="achievement_image"),
    path("b/<slug:slug>/<int:number>/image/<slug:name>.<slug:form>", documents.achievement_picture, name="achievement_picture"),
    path("o/<slug:slug>", showcase.issuer, name="issuer"),
    path("o/<slug:slug>/did.json", documents.did_document, name="did_document"),
    path("o/<slug:slug>/status/<slug:purpose>/<int:number>", documents.status_list, name="status_list"),
    path("verify", verify.verify, name="verify"),
    path("setup", setup.set_up, name="setup"),
    path("sign-in", sign_in, name="account_login"),
    path("sign-out", logout, name="account_logout"),
    path("sign-up", public.sign_up_closed, name="account_signup"),
    path("account/inactive", public.account_inactive, name="account_inactive"),
    path("styleguide", public.styleguide, name="styleguide"),
]
