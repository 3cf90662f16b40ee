"""Every address of the site."""

from allauth.account.views import login, logout
from django.urls import path, register_converter

from hexmark.web import awarding, catalogue, documents, issuing, me, public, setup, verify


class PublicId:
    """26 base32 characters."""

    regex = "[a-z2-7]{26}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(PublicId, "public_id")

public_pages = [
    path("", public.home, name="home"),
    path("a/<public_id:award_id>", public.award, name="award"),
    path("a/<public_id:award_id>.<slug:form>", public.award_file, name="award_file"),
    path("b/<slug:slug>", public.achievement, name="achievement"),
    path("b/<slug:slug>/<int:number>", public.achievement, name="achievement_version"),
    path("b/<slug:slug>/<int:number>/image", documents.achievement_image, name="achievement_image"),
    path("o/<slug:slug>", public.issuer, name="issuer"),
    path("o/<slug:slug>/did.json", documents.did_document, name="did_document"),
    path("o/<slug:slug>/status/<slug:purpose>/<int:number>", documents.status_list, name="status_list"),
    path("verify", verify.verify, name="verify"),
    path("setup", setup.set_up, name="setup"),
    path("sign-in", login, name="account_login"),
    path("sign-out", logout, name="account_logout"),
    path("sign-up", public.sign_up_closed, name="account_signup"),
    path("account/inactive", public.account_inactive, name="account_inactive"),
    path("styleguide", public.styleguide, name="styleguide"),
    path("healthz", public.health, name="health"),
]

own_pages = [
    path("me", me.badges, name="me"),
    path("me/organisation", me.choose_organisation, name="choose_organisation"),
]

organisation_pages = [
    path("catalogue", catalogue.index, name="catalogue"),
    path("catalogue/new", catalogue.new, name="catalogue_new"),
    path("catalogue/<slug:slug>", catalogue.edit, name="catalogue_edit"),
    path("catalogue/<slug:slug>/picture", catalogue.picture, name="catalogue_picture"),
    path("catalogue/<slug:slug>/publish", catalogue.publish, name="catalogue_publish"),
    path("catalogue/<slug:slug>/retire", catalogue.retire, name="catalogue_retire"),
    path("catalogue/<slug:slug>/discard", catalogue.discard, name="catalogue_discard"),
    path("catalogue/<slug:slug>/new-version", catalogue.new_version, name="catalogue_new_version"),
    path("award", awarding.award, name="award_new"),
    path("runs/<public_id:run_id>", awarding.run, name="run"),
    path("runs/<public_id:run_id>/undo", awarding.undo, name="run_undo"),
    path("runs/<public_id:run_id>/release", awarding.release, name="run_release"),
    path("awards", issuing.index, name="awards"),
    path("awards/<public_id:award_id>", issuing.manage, name="manage_award"),
    path("awards/<public_id:award_id>/revoke", issuing.revoke, name="revoke"),
    path("awards/<public_id:award_id>/pause", issuing.pause, name="pause"),
    path("awards/<public_id:award_id>/lift", issuing.lift, name="lift"),
]

urlpatterns = public_pages + own_pages + organisation_pages
