"""The review packet: what a closed review leaves in the hands of both sides, signed by the organisation.

`begin` writes down, in the closing's own transaction, what was agreed; the credentials and the lists that tell of them are added when
it is signed, byte for byte as they are served then. Only the person and the manager with whom it was closed ever get it.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from hexmark.access import Actor, system
from hexmark.events.log import record
from hexmark.issuing.actions import publish_status_list
from hexmark.issuing.models import Credential, StatusList
from hexmark.issuing.publication import own_document, published_did_document
from hexmark.issuing.reports import fetch_for_site
from hexmark.keys.tokens import UnsignedToken, register_token_builder, sign_tokens
from hexmark.openbadges import jws, strict_json
from hexmark.openbadges.errors import FormatError
from hexmark.performance import period, review_letters
from hexmark.performance.review_event_types import EventType
from hexmark.performance.review_models import Confirmation, Packet, Review, Words
from hexmark.performance.sides import side_of
from hexmark.performance.target_models import Target
from hexmark.performance.targets.queries import in_words, targets_for_review
from hexmark.verification import verify
from hexmark.verification.packets import KIND, MOST_CREDENTIALS, STATES, TYP, source_of_did, state_of, written

logger = logging.getLogger("hexmark.performance")

SIGNED_AS = "review_packet"
_RELATED = ("review__organisation", "review__cycle", "review__person", "review__closed_with")


def begin(review: Review, *, ours: Confirmation, theirs: Confirmation) -> Packet:
    """There is a packet to be signed, with the words that each side lets into it. In the transaction that closes the review."""
    targets = targets_for_review(review.person, review.cycle)
    proofs = period.proofs_of(targets, review.person)
    newest = period.credentials_of_period(review.person, review.cycle).reverse()[:MOST_CREDENTIALS]
    # What showed a target comes first, should there be more than a packet may carry.
    carried = dict.fromkeys(one.pk for one in (*proofs.values(), *newest))
    content = {"review": _about(review, ours, theirs), "targets": [_target(one, proofs) for one in targets]}
    assert review.closed_at is not None
    packet = Packet.objects.create(organisation_id=review.organisation_id, review=review, closed_at=review.closed_at, content=content)
    packet.credentials.set(list(carried)[:MOST_CREDENTIALS])
    return packet


def sign_packet(packet_id: int) -> bool:
    """The packet is signed, unless it is already or cannot be now; whether this call did it. The slow part is outside any transaction."""
    packet = Packet.objects.filter(pk=packet_id, signed_at__isnull=True).select_related(*_RELATED).first()
    if packet is None:
        return False
    _publish_lists(packet)
    try:
        signed = dict(sign_tokens(SIGNED_AS, [packet.pk]))
    except (FormatError, ValueError) as error:
        logger.error("Packet %s cannot be signed: %s", packet.public_id, error)
        Packet.objects.filter(pk=packet.pk, signed_at__isnull=True).update(failure=f"It could not be signed: {error}"[:300])
        return False
    with transaction.atomic():
        unsigned = Packet.objects.filter(pk=packet.pk, signed_at__isnull=True)
        if packet.pk not in signed or not unsigned.update(document=signed[packet.pk], signed_at=timezone.now(), failure=""):
            return False
        record(EventType.PACKET_SIGNED, packet, actor=system(packet.organisation_id), review=packet.review.public_id)
        _tell(packet.review, key=key_of(signed[packet.pk]))
    return True


def key_of(document: str) -> str:
    """The public key that a packet is signed with, by which its readers know that nobody else made it."""
    return str(jws.split(document).header["kid"]).rpartition("#")[2]


def _tell(review: Review, *, key: str) -> None:
    """Both are told that the packet is there, and with which key it is signed: a letter that was kept vouches for the file."""
    if review.closed_with is not None:
        review_letters.send(review_letters.closed(to, review, key=key) for to in (review.person, review.closed_with))


def unsigned_packets() -> list[int]:
    """Packets whose wake-up call was lost, or whose signing failed."""
    return list(Packet.objects.filter(signed_at__isnull=True).order_by("pk").values_list("pk", flat=True)[:100])


def packet_for(review: Review, actor: Actor) -> Packet | None:
    """The newest packet of the review for one of the two whom it belongs to; None for anybody else, and while the review is open."""
    if review.closed_at is None:
        return None
    side = side_of(review, actor)
    mine = side == Words.Part.SELF or (side == Words.Part.MANAGER and review.closed_with_id == actor.person_id)
    return review.packets.order_by("-pk").first() if mine else None


def unsigned_tokens(row_ids: Sequence[int]) -> Iterator[UnsignedToken]:
    """What these packets say, with the credentials and lists as they are served at this moment."""
    rows = Packet.objects.filter(pk__in=row_ids, signed_at__isnull=True).select_related("organisation", "review").order_by("pk")
    for packet in rows:
        yield UnsignedToken(
            row_id=packet.pk,
            organisation_id=packet.organisation_id,
            controller=packet.organisation.did,
            typ=TYP,
            payload=strict_json.dump(_payload(packet, timezone.now())),
        )


register_token_builder(SIGNED_AS, unsigned_tokens)


def _payload(packet: Packet, now: datetime) -> dict[str, Any]:
    organisation = packet.organisation
    credentials = list(packet.credentials.select_related("award__version", "register", "organisation").order_by("valid_from", "pk"))
    return {
        "type": KIND,
        "version": 1,
        "id": packet.review.url,
        "issuer": {"id": organisation.did, "name": organisation.name, "url": organisation.url},
        "asOf": written(now),
        **packet.content,
        "credentials": [_credential(one, now) for one in credentials],
        "sources": _sources(packet, credentials),
    }


def _credential(credential: Credential, now: datetime) -> dict[str, str]:
    """The credential byte for byte, and how it stood at this moment by the same verification that a stranger would make.

    Raises:
        ValueError: it does not verify and is neither expired nor taken back, so that nothing true could be said of it.
    """
    state = state_of(verify(credential.document, fetch=fetch_for_site, at=now))
    if state not in STATES:
        raise ValueError(f"“{credential.award.version.name}” could not be verified ({state}).")
    return {
        "id": credential.url,
        "name": credential.award.version.name,
        "state": state,
        "sha256": credential.document_sha256,
        "document": credential.document,
    }


def _sources(packet: Packet, credentials: Sequence[Credential]) -> list[dict[str, str]]:
    """Whatever a verifier asks issuers for, as it is served at this moment."""
    organisation = packet.organisation
    registers = {one.register_id for one in credentials}
    lists = StatusList.objects.filter(register_id__in=registers).exclude(document="").select_related("organisation", "register")
    document = published_did_document(organisation.slug)
    assert document is not None
    served = [(source_of_did(organisation.did), document.decode())]
    served += [(one.url, (own_document(one.url) or b"").decode()) for one in lists.order_by("pk")]
    return [{"id": url, "sha256": hashlib.sha256(text.encode()).hexdigest(), "document": text} for url, text in served]


def _publish_lists(packet: Packet) -> None:
    """The lists say what the tables say: what was taken back a second ago must not stand as valid in the packet."""
    behind = StatusList.objects.filter(register__credentials__in=packet.credentials.all(), revision__gt=F("published_revision"))
    for one in behind.distinct():
        publish_status_list(one)


def _about(review: Review, ours: Confirmation, theirs: Confirmation) -> dict[str, Any]:
    cycle, manager = review.cycle, review.closed_with
    assert manager is not None
    assert review.closed_at is not None
    found: dict[str, Any] = {
        "cycle": {"name": cycle.name, "startsOn": cycle.starts_on.isoformat(), "endsOn": cycle.ends_on.isoformat()},
        "person": {"name": review.person.name},
        "manager": {"name": manager.name},
        "closed": written(review.closed_at),
        "confirmed": [
            {"by": name, "at": written(one.confirmed_at), **({"disagreement": one.disagreement} if one.disagreement else {})}
            for name, one in ((review.person.name, ours), (manager.name, theirs))
        ],
    }
    # The agreement is both sides' text, so each of them can keep it out.
    if ours.includes_agreement and theirs.includes_agreement:
        found["agreement"] = review.agreement
    found["words"] = [_words(one) for one in (*_let_in(review, ours), *_let_in(review, theirs))]
    return found


def _let_in(review: Review, confirmation: Confirmation) -> list[Words]:
    if not confirmation.includes_words:
        return []
    mine = review.words.filter(part=confirmation.side, author_id=confirmation.by_id, handed_in_at__isnull=False)
    return list(mine.select_related("author"))


def _words(words: Words) -> dict[str, str]:
    said = {"part": words.get_part_display(), "by": words.author.name, "text": words.text}
    return {**said, "mark": words.mark} if words.mark else said


def _target(target: Target, proofs: dict[str, Credential]) -> dict[str, Any]:
    """A target as it stood on the day: its sentence, what was asked, what was found, and which carried credentials showed it."""
    found: dict[str, Any] = {"title": target.title, "due": target.due_on.isoformat(), "stood": in_words(target)}
    if target.why:
        found["why"] = target.why
    if target.rule is not None:
        found["requirement"] = target.rule
    if target.explanation is not None:
        found["explanation"] = target.explanation
    found["proof"] = [proofs[ref].url for ref in target.met_ref.split() if ref in proofs]
    return found
