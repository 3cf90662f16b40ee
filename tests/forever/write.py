"""Writes down one of everything that this release issues: `python -m tests.forever.write 0.1`.

Done once for a release, never again: what stands in a folder here was issued, and must verify for ever (test_forever.py).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from tests.simulator import NOW, Document, ForeignIssuer, Simulator

from hexmark.openbadges import baking, jose, proofs, selective, strict_json
from hexmark.openbadges.keys import SigningKey
from hexmark.openbadges.suites import SUITES

FOLDER = Path(__file__).parent
SERVED = "served.json"
HOST, SLUG = "badges.acme.example", "acme"
#: File -> the form in which the product issued it.
CHOSEN = {
    "issued-ecdsa-rdfc-2019.json": "ecdsa-rdfc-2019",
    "issued-eddsa-jcs-2022.json": "eddsa-jcs-2022",
    **{
        f"issued-{profile.replace('+', '-')}-{alg}.jwt": f"{profile}:{alg}"
        for profile in ("JWT", "vc+jwt")
        for alg in ("EdDSA", "ES256", "RS256")
    },
}
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'


def main(release: str) -> None:
    """The folder of this release exists; one that is there already is left as it is."""
    folder = FOLDER / release
    folder.mkdir()
    served: dict[str, Any] = {}
    for name, data in {**library_forms(served), **product_forms(served)}.items():
        (folder / name).write_bytes(data)
    (folder / SERVED).write_bytes(strict_json.dump(served))


def library_forms(served: dict[str, Any]) -> dict[str, bytes]:
    """A badge in every form that the library can write, by issuers with a key of each kind; adds what they publish to `served`."""
    simulator, forms = Simulator(), {}
    for kind, key in _keys().items():
        issuer = simulator.did_web_issuer(f"{kind.lower()}.example")
        issuer.key = key
        served[issuer.document_url] = issuer.controller_document
        revocations = issuer.status_list(f"https://{kind.lower()}.example/status")
        served[revocations.url] = issuer.sign(revocations.unsigned)
        badge = issuer.badge(credentialStatus=revocations.entry(7), validUntil="2036-01-10T09:00:00Z")
        for suite in (suite for suite in SUITES if suite.issued and suite.key_kind == kind):
            forms[f"{suite.name}-{kind.lower()}.json"] = _dump(_proved(badge, issuer, suite.name))
        for profile in jose.Profile:
            token = issuer.sign_jwt(badge, profile=profile)
            forms[f"{profile.value.replace('+', '-')}-{kind.lower()}.jwt"] = token.encode()
    return forms | _of_one_issuer(simulator, served)


def _of_one_issuer(simulator: Simulator, served: dict[str, Any]) -> dict[str, bytes]:
    issuer, council = simulator.did_web_issuer("guild.example"), simulator.did_web_issuer("council.example")
    for each in (issuer, council):
        served[each.document_url] = each.controller_document
    badge = issuer.badge()
    endorsed = issuer.issue(endorsement=[council.endorse(badge["id"])])
    p256 = simulator.did_web_issuer("selective.example")
    p256.key = _keys()["P-256"]
    served[p256.document_url] = p256.controller_document
    keys = selective.BaseKeys(p256.key, SigningKey.from_scalar("P-256", bytes(range(9, 41))), bytes(range(32)))
    base = selective.add_base_proof(
        p256.badge(),
        keys=keys,
        verification_method=p256.method,
        created=NOW,
        mandatory=["/issuer", "/validFrom", "/name", "/credentialSubject/achievement"],
    )
    return {
        "endorsed.json": _dump(endorsed),
        "baked.svg": baking.bake(_SVG, _dump(issuer.issue()).decode()),
        "selective-base.json": _dump(base),
        "selective-derived.json": _dump(selective.derive(base, [])),
    }


def product_forms(served: dict[str, Any]) -> dict[str, bytes]:
    """A badge as an organisation of this installation issues it, awarded and signed by the product itself."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django
    from django.db import connection

    django.setup()
    connection.creation.create_test_db(verbosity=0)
    from tests.world import make_world

    from hexmark.awarding.actions import award, release_now
    from hexmark.catalogue.models import AchievementVersion, Alignment
    from hexmark.issuing.models import Credential, StatusList
    from hexmark.issuing.publication import baked_png, baked_svg, published_did_document

    acme = make_world(SLUG)
    version: AchievementVersion = acme.achievement(validity_months=240, level=3)
    Alignment.objects.create(version=version, target_name="Lead a crew", target_url="https://skills.example/lead", target_code="L-1")
    run = award(version, to=[acme.member_person], actor=acme.steward, narrative="Led four toolbox talks.").run
    release_now(run, actor=acme.steward)
    credential = Credential.objects.get(award__run=run)
    chosen = _chosen_forms(acme, version)
    served[f"https://{HOST}/o/{SLUG}/did.json"] = strict_json.parse(published_did_document(SLUG) or b"")
    for status_list in StatusList.objects.exclude(document=""):
        served[status_list.url] = strict_json.parse(status_list.document)
    return {
        "issued.json": credential.document.encode(),
        "issued.png": baked_png(credential),
        "issued.svg": baked_svg(credential),
        **chosen,
    }


def _chosen_forms(acme: Any, version: Any) -> dict[str, bytes]:
    """The same badge in every form that an organisation can choose, each for another person."""
    from hexmark.awarding.actions import award, release_now
    from hexmark.issuing.choosing import choose_form
    from hexmark.issuing.models import Credential
    from hexmark.openbadges.signed_form import SignedForm

    files = {}
    for number, (name, written) in enumerate(CHOSEN.items()):
        choose_form(acme.organisation, SignedForm.parse(written), actor=acme.steward)
        run = award(version, to=[acme.person(f"Earner {number}")], actor=acme.steward).run
        release_now(run, actor=acme.steward)
        files[name] = Credential.objects.get(award__run=run).document.encode()
    return files


def _keys() -> dict[str, SigningKey]:
    return {
        "Ed25519": SigningKey.from_seed(bytes(range(32))),
        "P-256": SigningKey.from_scalar("P-256", bytes(range(1, 33))),
        "P-384": SigningKey.from_scalar("P-384", bytes(range(1, 49))),
    }


def _proved(badge: Document, issuer: ForeignIssuer, suite: str) -> Document:
    return proofs.add_proof(badge, key=issuer.key, verification_method=issuer.method, created=NOW, cryptosuite=suite)


def _dump(document: Document) -> bytes:
    return strict_json.dump(document)


if __name__ == "__main__":
    main(sys.argv[1])
