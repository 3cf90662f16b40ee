"""Showing that the demo's credentials are real: each is verified as a stranger would, from the bytes that are served."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.utils import timezone

from hexmark.demo.build import Progress
from hexmark.issuing.models import Credential
from hexmark.issuing.publication import baked_png, baked_svg, own_document, published_did_document
from hexmark.net import Fetched
from hexmark.openbadges.errors import Unreachable
from hexmark.organisations.models import Organisation
from hexmark.verification import Verifier


def verify_all(organisation: Organisation, *, progress: Progress) -> int:
    """How many of the organisation's signed credentials verify on every axis."""
    documents = list(Credential.objects.filter(organisation=organisation).issued().order_by("pk").values_list("document", flat=True))
    verified = 0
    with Verifier(fetch=_served, clock=timezone.now) as verifier:
        for number, document in enumerate(documents, start=1):
            verified += verifier.verify(document).ok
            progress("Verifying them", number, len(documents))
    return verified


def write_samples(organisation: Organisation, folder: Path) -> None:
    """One credential as JSON, PNG and SVG, and the issuer's DID document, lie in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    credential = Credential.objects.filter(organisation=organisation).issued().select_related("award__version__achievement").latest("pk")
    did_document = published_did_document(organisation.slug)
    assert did_document is not None
    (folder / "credential.json").write_text(credential.document, encoding="utf-8")
    (folder / "credential.png").write_bytes(baked_png(credential))
    (folder / "credential.svg").write_bytes(baked_svg(credential))
    (folder / "did.json").write_bytes(did_document)


def _served(url: str, *, accept: Sequence[str] = ()) -> Fetched:
    """What our own server answers at this address; nothing else is asked."""
    document = own_document(url)
    if document is None:
        raise Unreachable("The demo asks nobody but itself.", code="OFFLINE")
    return Fetched(body=document, content_type="application/json")
