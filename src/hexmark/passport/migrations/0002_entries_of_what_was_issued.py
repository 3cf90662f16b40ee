"""What was issued before there were passports has its entry: accepted where an account stands behind the person."""

from django.db import migrations
from django.utils import timezone

BATCH = 500


def enter(apps, schema_editor):
    """Nobody is told again of what they were given earlier."""
    Credential = apps.get_model("issuing", "Credential")
    Entry = apps.get_model("passport", "Entry")
    now = timezone.now()
    waiting = []
    issued = Credential.objects.filter(issued_at__isnull=False, entry__isnull=True).order_by("pk")
    for pk, issued_at, account_id in issued.values_list("pk", "issued_at", "award__person__account_id").iterator(chunk_size=BATCH):
        accepted_at = issued_at if account_id else None
        waiting.append(Entry(credential_id=pk, account_id=account_id, accepted_at=accepted_at, seen_at=accepted_at, told_at=now))
        if len(waiting) == BATCH:
            Entry.objects.bulk_create(waiting)
            waiting = []
    Entry.objects.bulk_create(waiting)


class Migration(migrations.Migration):
    dependencies = [("passport", "0001_passport"), ("people", "0001_initial"), ("awarding", "0001_initial")]

    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
