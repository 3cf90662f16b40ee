"""One archive of everything that an account holds, which can be read and checked without this installation.

Written credential by credential into a file, so that a passport of any size needs the memory of one picture.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from hexmark.issuing.models import Credential, StatusList
from hexmark.issuing.publication import baked_png, published_did_document
from hexmark.openbadges import strict_json
from hexmark.organisations.identity import profile_document
from hexmark.organisations.models import Organisation
from hexmark.passport.export_index import index_of, line_of
from hexmark.passport.models import Entry
from hexmark.passport.queries import RELATED
from hexmark.people.models import Account

BATCH = 50


def write_archive(account: Account, path: Path) -> int:
    """The archive stands at this path; returns how many credentials it holds."""
    now = timezone.now()
    # Compressing pictures and signatures once more costs time and saves nothing.
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        rows = [_added(archive, entry) for entry in _entries(account)]
        credentials = Credential.objects.filter(entry__account=account)
        sources = _add_sources(archive, credentials.values_list("organisation_id", "register_id").distinct())
        index = index_of(account, rows, now)
        _text(archive, "index.json", json.dumps(index, ensure_ascii=False, indent=2))
        _text(archive, "sources.json", json.dumps(sources, ensure_ascii=False, indent=2))
        _text(archive, "index.html", render_to_string("passport/archive.html", {"index": index, "rows": rows, "made_at": now}))
        _text(archive, "README.txt", render_to_string("passport/archive_readme.txt", {"rows": rows, "made_at": now}))
    return len(rows)


def _entries(account: Account) -> Iterator[Entry]:
    related = (f"credential__{name}" for name in RELATED if name != "entry")
    entries = Entry.objects.filter(account=account).select_related(*related).order_by("credential__valid_from", "pk")
    return entries.iterator(chunk_size=BATCH)


def _added(archive: zipfile.ZipFile, entry: Entry) -> dict[str, Any]:
    """The credential and its picture stand in the archive; returns its line of the index."""
    credential = entry.credential
    name = credential.award.public_id
    _text(archive, f"credentials/{name}.{credential.file_ending}", credential.document)
    if credential.token:
        _text(archive, f"credentials/{name}.jwt", credential.token)
    archive.writestr(f"badges/{name}.png", baked_png(credential))
    return line_of(entry)


def _add_sources(archive: zipfile.ZipFile, found: Any) -> dict[str, str]:
    """Whatever a verifier asks issuers for, as it stands now; returns which file stands for which address."""
    organisations, registers = {organisation for organisation, _ in found}, {register for _, register in found}
    sources: dict[str, str] = {}
    for organisation in Organisation.objects.filter(pk__in=organisations).order_by("slug"):
        folder = f"issuers/{organisation.slug}"
        document = published_did_document(organisation.slug)
        assert document is not None
        # did:web is asked over https, whatever this installation's own address is.
        sources[f"https://{organisation.url.partition('://')[2]}/did.json"] = f"{folder}/did.json"
        archive.writestr(f"{folder}/did.json", document)
        sources[organisation.url] = f"{folder}/profile.json"
        archive.writestr(f"{folder}/profile.json", strict_json.dump(profile_document(organisation)))
    for one in StatusList.objects.filter(register_id__in=registers).exclude(document="").select_related("organisation", "register"):
        file = f"issuers/{one.organisation.slug}/status-{one.purpose}-{one.register.number}.json"
        sources[one.url] = file
        _text(archive, file, one.document)
    return sources


def _text(archive: zipfile.ZipFile, name: str, text: str) -> None:
    archive.writestr(name, text.encode(), compress_type=zipfile.ZIP_DEFLATED)
