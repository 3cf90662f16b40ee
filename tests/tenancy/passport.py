"""One's own badges, joining, and what one shows to others."""

from collections.abc import Mapping

from hexmark.issuing.models import Credential
from hexmark.passport.collections import make_collection, publish_collection, put_into, save_profile
from hexmark.passport.exports import ask_export
from hexmark.passport.models import Objection
from hexmark.passport.shares import code_of_share, make_share
from hexmark.people.joining import join_link
from tests.tenancy.area import Area
from tests.world import World, accepted


def values(acme: World, credential: Credential) -> Mapping[str, str]:
    """Everything that acme's member has: a collection, a page, a code, an archive, and an objection that waits."""
    member, account = acme.member, acme.member_person.account
    assert account is not None
    entry = accepted(credential)
    collection = make_collection(account, name="Mine", actor=member)
    put_into(collection, [entry], actor=member)
    publish_collection(collection, published=True, actor=member)
    save_profile(account, handle="acme-member", headline="", published=True, actor=member)
    share = make_share(account, entries=[entry], name="Somebody", days=30, actor=member)
    ben = acme.person("Ben Lund")
    objection = Objection.objects.create(
        organisation=acme.organisation, credential=credential, account=account, text="No.", made_at=credential.valid_from
    )
    return {
        "viewer": "public",
        "offered_id": ben.public_id,
        "join_token": join_link(ben, actor=acme.steward).rsplit("/", 1)[1],
        "collection_id": collection.public_id,
        "share_id": share.public_id,
        "link_token": "never-was",
        "share_code": str(code_of_share(share)),
        "export_id": ask_export(account, actor=member).public_id,
        "handle": "acme-member",
        "objection_number": str(objection.pk),
    }


AREA = Area(
    public=frozenset("join join_decline join_not_me account_link shared shared_file collection profile".split()),
    own=frozenset(
        """
        me choose_organisation seen_as answer_offer my_badge my_badge_accept my_badge_decline my_badge_audience my_badge_pin
        my_badge_collect my_badge_object my_shares my_share my_share_revoke my_collections my_collection my_collection_put
        my_collection_take my_collection_publish my_collection_delete my_profile export export_download addresses address_primary
        address_remove merge_accounts
        """.split()
    ),
    of_a_thing=frozenset({"objection"}),
    values=values,
)
