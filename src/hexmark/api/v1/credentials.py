"""The signed documents, and what their issuer says of them: revoked, paused, valid again."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.request import MediaType
from ninja import Router

from hexmark.access import Scope
from hexmark.api.callers import ApiRequest, Key
from hexmark.api.door import FORMS
from hexmark.api.entity_tags import match
from hexmark.api.v1.award_shapes import AwardShown
from hexmark.api.v1.awards import RELATED as RELATED_TO_AWARD
from hexmark.api.v1.shapes import Because
from hexmark.awarding.models import Award
from hexmark.issuing.actions import lift, pause, revoke
from hexmark.issuing.models import Credential

router = Router(tags=["Credentials"])
READ, REVOKE = Key(Scope.BADGE_READ), Key(Scope.BADGE_REVOKE)
SIGNED = "application/vc"


@router.get(
    "/credentials/{id:award_id}",
    auth=READ,
    operation_id="getCredential",
    summary="The signed document",
    openapi_extra={FORMS: [SIGNED, "application/json", "application/vc+jwt", "application/jwt"]},
)
def document(request: ApiRequest, award_id: str) -> HttpResponse:
    """The signed document of this award, verbatim: JSON, or a token where its issuer chose that. 404 until it is signed."""
    found = _credentials(request).filter(award__public_id=award_id).first()
    if found is None:
        raise Http404
    if found.is_token:
        return HttpResponse(found.document.encode(), content_type=found.media_type)
    accepted = [MediaType(part) for part in request.headers.get("Accept", "").split(",")[:50]]
    plain = any(one.main_type == "application" and one.sub_type == "json" for one in accepted)
    return HttpResponse(found.document.encode(), content_type="application/json" if plain else SIGNED)


@router.post(
    "/credentials/{id:award_id}/revoke",
    response=AwardShown,
    auth=REVOKE,
    operation_id="revokeCredential",
    summary="Revoke for good",
)
def revoke_credential(request: ApiRequest, award_id: str, given: Because) -> AwardShown:
    """The credential is revoked for good, and the person is told why. Verifiers see it within seconds."""
    revoke(_for_change(request, award_id), actor=request.auth.actor, reason=given.reason)
    return _award(request, award_id)


@router.post(
    "/credentials/{id:award_id}/pause", response=AwardShown, auth=REVOKE, operation_id="pauseCredential", summary="Pause until lifted"
)
def pause_credential(request: ApiRequest, award_id: str, given: Because) -> AwardShown:
    """The credential is paused until it is lifted, and the person is told why."""
    pause(_for_change(request, award_id), actor=request.auth.actor, reason=given.reason)
    return _award(request, award_id)


@router.post("/credentials/{id:award_id}/lift", response=AwardShown, auth=REVOKE, operation_id="liftCredential", summary="Lift a pause")
def lift_credential(request: ApiRequest, award_id: str) -> AwardShown:
    """A paused credential is valid again."""
    lift(_for_change(request, award_id), actor=request.auth.actor)
    return _award(request, award_id)


def _credentials(request: ApiRequest) -> QuerySet[Credential]:
    return (
        Credential.objects.visible_to(request.auth.actor)
        .issued()
        .select_related("award__version__achievement", "award__run", "organisation")
    )


def _for_change(request: ApiRequest, award_id: str) -> Credential:
    found = _credentials(request).filter(award__public_id=award_id).select_for_update(of=("self",), no_key=True).first()
    if found is None:
        raise Http404
    match(request, _award(request, award_id))
    return found


def _award(request: ApiRequest, award_id: str) -> AwardShown:
    rows = Award.objects.visible_to(request.auth.actor).select_related(*RELATED_TO_AWARD).defer("credential__document")
    return AwardShown.of(rows.get(public_id=award_id))
