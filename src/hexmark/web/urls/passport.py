"""Addresses of one's own badges, of joining, and of what one shows to others."""

from __future__ import annotations

from django.urls import path

from hexmark.web import (
    me,
    passport_addresses,
    passport_badge,
    passport_collections,
    passport_export,
    passport_joining,
    passport_objections,
    passport_shares,
)

urlpatterns = [
    path("join/<str:join_token>", passport_joining.join, name="join"),
    path("join/<str:join_token>/decline/<public_id:award_id>", passport_joining.join_decline, name="join_decline"),
    path("join/<str:join_token>/not-me", passport_joining.join_not_me, name="join_not_me"),
    path("me", me.badges, name="me"),
    path("me/organisation", me.choose_organisation, name="choose_organisation"),
    path("me/seen-as/<slug:viewer>", me.seen_as, name="seen_as"),
    path("me/offers/<public_id:offered_id>", me.answer_offer, name="answer_offer"),
    path("me/badges/<public_id:award_id>", passport_badge.badge, name="my_badge"),
    path("me/badges/<public_id:award_id>/accept", passport_badge.accept, name="my_badge_accept"),
    path("me/badges/<public_id:award_id>/decline", passport_badge.decline, name="my_badge_decline"),
    path("me/badges/<public_id:award_id>/audience", passport_badge.show_to, name="my_badge_audience"),
    path("me/badges/<public_id:award_id>/pin", passport_badge.pin_badge, name="my_badge_pin"),
    path("me/badges/<public_id:award_id>/collections", passport_badge.collect, name="my_badge_collect"),
    path("me/badges/<public_id:award_id>/object", passport_badge.object_to, name="my_badge_object"),
    path("me/shares", passport_shares.shares, name="my_shares"),
    path("me/shares/<public_id:share_id>", passport_shares.my_share, name="my_share"),
    path("me/shares/<public_id:share_id>/revoke", passport_shares.revoke, name="my_share_revoke"),
    path("me/collections", passport_collections.collections, name="my_collections"),
    path("me/collections/<public_id:collection_id>", passport_collections.my_collection, name="my_collection"),
    path("me/collections/<public_id:collection_id>/put", passport_collections.put, name="my_collection_put"),
    path("me/collections/<public_id:collection_id>/take", passport_collections.take, name="my_collection_take"),
    path("me/collections/<public_id:collection_id>/publish", passport_collections.publish, name="my_collection_publish"),
    path("me/collections/<public_id:collection_id>/delete", passport_collections.delete, name="my_collection_delete"),
    path("me/profile", passport_collections.my_profile, name="my_profile"),
    path("me/export", passport_export.export, name="export"),
    path("me/export/<public_id:export_id>", passport_export.download, name="export_download"),
    path("me/settings/addresses", passport_addresses.addresses, name="addresses"),
    path("me/settings/addresses/primary", passport_addresses.make_primary, name="address_primary"),
    path("me/settings/addresses/remove", passport_addresses.remove, name="address_remove"),
    path("me/settings/merge", passport_addresses.merge, name="merge_accounts"),
    path("account-link/<str:link_token>", passport_addresses.account_link, name="account_link"),
    path("s/<str:share_code>", passport_shares.shared, name="shared"),
    path("s/<str:share_code>/<public_id:award_id>.json", passport_shares.shared_file, name="shared_file"),
    path("c/<public_id:collection_id>", passport_collections.collection, name="collection"),
    path("p/<slug:handle>", passport_collections.profile, name="profile"),
    path("awards/<public_id:award_id>/objections/<int:objection_number>", passport_objections.answer, name="objection"),
]
