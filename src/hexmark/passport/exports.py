"""Asking for an archive of everything one holds, making it, and forgetting it again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from hexmark.access import Actor
from hexmark.errors import Conflict
from hexmark.jobs import wake
from hexmark.passport.exporting import write_archive
from hexmark.passport.models import Export
from hexmark.passport.ownership import allow_self
from hexmark.people.models import Account

#: How long an archive can be downloaded; a new one is made in a minute.
KEPT = timedelta(days=7)
#: After that long a process that was making one is taken for dead.
LEASE = timedelta(minutes=30)


@transaction.atomic
def ask_export(account: Account, *, actor: Actor) -> Export:
    """An archive of everything that the account holds is being made; earlier ones go when it is ready.

    Raises:
        NotPermitted: the account is another's.
        Conflict: one is being made.
    """
    allow_self(actor, account)
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    if Export.objects.filter(account=account, ready_at__isnull=True).exists():
        raise Conflict("Your archive is being made already. Look again in a moment.")
    export = Export.objects.create(account=account, asked_at=timezone.now())
    wake("passport.export", export.pk)
    return export


def make_export(export: Export) -> bool:
    """The archive is ready to be downloaded; False if another process makes it, or made it."""
    now = timezone.now()
    free = Q(begun_at__isnull=True) | Q(begun_at__lt=now - LEASE)
    if not Export.objects.filter(free, pk=export.pk, ready_at__isnull=True).update(begun_at=now):
        return False
    path = path_of(export)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_suffix(".new")
    beside.touch(mode=0o600)
    credentials = write_archive(export.account, beside)
    beside.replace(path)
    made = {"ready_at": timezone.now(), "size_bytes": path.stat().st_size, "credentials": credentials}
    Export.objects.filter(pk=export.pk, ready_at__isnull=True).update(**made)
    forget(Export.objects.filter(account=export.account_id, ready_at__isnull=False).exclude(pk=export.pk))
    return True


def path_of(export: Export) -> Path:
    """Where the archive lies."""
    return Path(settings.DATA_DIR) / "exports" / f"{export.public_id}.zip"


def unmade_exports() -> list[int]:
    """Archives that nobody is making, in every account."""
    free = Q(begun_at__isnull=True) | Q(begun_at__lt=timezone.now() - LEASE)
    return list(Export.objects.filter(free, ready_at__isnull=True).order_by("pk").values_list("pk", flat=True))


def forget_old_exports() -> None:
    """Archives that are too old are gone, with their files; so are files that no row knows."""
    forget(Export.objects.filter(asked_at__lt=timezone.now() - KEPT))
    folder = Path(settings.DATA_DIR) / "exports"
    known = set(Export.objects.values_list("public_id", flat=True))
    for file in folder.glob("*") if folder.is_dir() else ():
        if file.stem not in known:
            file.unlink(missing_ok=True)


def forget(exports: QuerySet[Export]) -> None:
    """These archives are gone, with their files."""
    for export in exports:
        path_of(export).unlink(missing_ok=True)
        path_of(export).with_suffix(".new").unlink(missing_ok=True)
        export.delete()
