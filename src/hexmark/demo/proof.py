"""Samples of the demo's credentials, in each form, for trying out other programs."""

from __future__ import annotations

from pathlib import Path

from hexmark.issuing.models import Credential
from hexmark.issuing.publication import baked_png, baked_svg, published_did_document
from hexmark.organisations.models import Organisation

SAMPLE = "Open Day Helper"


def write_samples(organisation: Organisation, folder: Path) -> None:
    """One credential as JSON, PNG and SVG, and the issuer's DID document, lie in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    signed = Credential.objects.filter(organisation=organisation).issued().select_related("award__version__achievement")
    # One that never expires, so that the sample verifies whenever somebody tries it.
    credential = signed.filter(award__version__name=SAMPLE, revoked_at=None, paused_at=None, entry__audience="link").latest("pk")
    did_document = published_did_document(organisation.slug)
    assert did_document is not None
    (folder / "credential.json").write_text(credential.document, encoding="utf-8")
    (folder / "credential.png").write_bytes(baked_png(credential))
    (folder / "credential.svg").write_bytes(baked_svg(credential))
    (folder / "did.json").write_bytes(did_document)
