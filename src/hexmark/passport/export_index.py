"""The index of an archive: everything that is kept about an account, so that nothing has to be asked for twice."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings

from hexmark.passport.models import Collection, Entry, Objection, Share
from hexmark.people.models import Account, Person

Line = dict[str, Any]


def index_of(account: Account, credentials: list[Line], now: datetime) -> Line:
    """The whole index, with these lines of its credentials."""
    profile = getattr(account, "profile", None)
    return {
        "made_at": now.isoformat(),
        "made_by": settings.PUBLIC_URL,
        "account": {
            "name": account.name,
            "since": account.created_at.isoformat(),
            "addresses": list(EmailAddress.objects.filter(user=account, verified=True).values_list("email", flat=True)),
        },
        "known_as": [_person(person) for person in account.persons.select_related("organisation").order_by("pk")],
        "credentials": credentials,
        "collections": [_collection(collection) for collection in account.collections.order_by("pk")],
        "profile": {"handle": profile.handle, "headline": profile.headline, "published": bool(profile.published_at)} if profile else None,
        "shares": [_share(share) for share in account.shares.prefetch_related("openings").order_by("pk")],
        "objections": [_objection(one) for one in account.objections.select_related("credential__award").order_by("pk")],
    }


def line_of(entry: Entry) -> Line:
    """One credential: what the signed file says, what became of it since, and who may see it."""
    credential = entry.credential
    award, version = credential.award, credential.award.version
    return {
        "id": credential.url,
        "name": version.name,
        "word": version.word,
        "issuer": version.achievement.organisation.name,
        "issuer_id": version.achievement.organisation.did,
        "awarded_at": award.awarded_at.isoformat(),
        "valid_until": _moment(credential.valid_until),
        "awarded_to": award.person.name,
        "narrative": award.why,
        "revoked_at": _moment(credential.revoked_at),
        "revocation_reason": credential.revocation_reason,
        "paused_at": _moment(credential.paused_at),
        "pause_reason": credential.pause_reason,
        "accepted_at": _moment(entry.accepted_at),
        "declined_at": _moment(entry.declined_at),
        "audience": entry.audience,
        "credential": f"credentials/{award.public_id}.{credential.file_ending}",
        "picture": f"badges/{award.public_id}.png",
        "sha256": hashlib.sha256(credential.document.encode()).hexdigest(),
    }


def _person(person: Person) -> Line:
    return {
        "organisation": person.organisation.name,
        "name": person.name,
        "email": person.email,
        "kind": person.kind,
        "employee_id": person.employee_id,
        "left_at": _moment(person.left_at),
    }


def _collection(collection: Collection) -> Line:
    return {
        "name": collection.name,
        "text": collection.text,
        "published": collection.published_at is not None,
        "credentials": [item.entry.credential.url for item in collection.items.select_related("entry__credential__award")],
    }


def _share(share: Share) -> Line:
    return {
        "name": share.name,
        "made_at": share.made_at.isoformat(),
        "expires_at": share.expires_at.isoformat(),
        "revoked_at": _moment(share.revoked_at),
        "openings": [{"at": opening.opened_at.isoformat(), "what": opening.what} for opening in share.openings.all()],
    }


def _objection(objection: Objection) -> Line:
    return {
        "credential": objection.credential.url,
        "text": objection.text,
        "made_at": objection.made_at.isoformat(),
        "answer": objection.answer,
    }


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
