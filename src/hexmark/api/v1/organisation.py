"""The organisation that a key acts for, and the key itself."""

from __future__ import annotations

from datetime import datetime

from ninja import Router

from hexmark.api.callers import ApiRequest, Key
from hexmark.api.v1.shapes import Shown

router = Router(tags=["Organisation"])


class Words(Shown):
    """What people see for the two kinds of achievement, and for both together."""

    badge: str
    badge_plural: str
    unassessed: str
    unassessed_plural: str
    assessed: str
    assessed_plural: str


class OrganisationShown(Shown):
    """An issuer."""

    slug: str
    name: str
    did: str
    url: str
    description: str
    website: str
    time_zone: str
    words: Words


class KeyShown(Shown):
    """What a key is for."""

    label: str
    prefix: str
    scopes: list[str]
    made_by: str
    made_at: datetime
    expires_at: datetime | None


@router.get("/organisation", response=OrganisationShown, auth=Key(), operation_id="getOrganisation", summary="The organisation")
def organisation(request: ApiRequest) -> OrganisationShown:
    """The organisation that the key acts for. Any key may ask."""
    found = request.auth.organisation
    words = {name: getattr(found, f"word_{name}") for name in Words.model_fields}
    plain = {name: getattr(found, name) for name in ("slug", "name", "did", "url", "description", "website", "time_zone")}
    return OrganisationShown(**plain, words=Words(**words))


@router.get("/key", response=KeyShown, auth=Key(), operation_id="getKey", summary="The key in use")
def key(request: ApiRequest) -> KeyShown:
    """What the key in use may do. Any key may ask."""
    found = request.auth.key
    assert found is not None
    return KeyShown(
        label=found.label,
        prefix=found.prefix,
        scopes=found.scopes,
        made_by=found.made_by_label,
        made_at=found.created_at,
        expires_at=found.expires_at,
    )
