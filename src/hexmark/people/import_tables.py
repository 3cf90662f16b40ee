"""Tables of lists of people that were brought: the list, what is planned for each of its rows, and what came of it.

The file itself is not kept. Its cells are, for as long as the import is, so that nothing depends on a page being open.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hexmark.access import Permission
from hexmark.organisations.models import Organisation
from hexmark.organisations.public_id import public_id_field
from hexmark.organisations.tenancy import TenantQuerySet


class PeopleImportQuerySet(TenantQuerySet["PeopleImport"]):
    """Imports, for whoever may edit people."""

    view_permission = Permission.EDIT_PEOPLE


class PeopleImport(models.Model):
    """One list of people: uploaded, checked, perhaps run."""

    class State(models.TextChoices):
        """How far it is."""

        ASKING = "asking", "A question is open"
        CHECKING = "checking", "Being checked"
        CHECKED = "checked", "Checked"
        RUNNING = "running", "Running"
        PAUSED = "paused", "Paused"
        DONE = "done", "Done"

    class DateOrder(models.TextChoices):
        """How 03/04/2026 is meant."""

        DAY_FIRST = "day_first", "Day first: 03/04/2026 is 3 April"
        MONTH_FIRST = "month_first", "Month first: 03/04/2026 is March 4"

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people_imports")
    made_by = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    made_by_label = models.CharField(max_length=200)
    file_name = models.CharField(max_length=200)
    #: The file's columns in their order, and which of them is which of ours: `{"email": "work_e-mail"}`.
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    date_order = models.CharField(max_length=12, choices=DateOrder.choices, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = PeopleImportQuerySet.as_manager()

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """One row of the list: what stood there, what it would do, what it did."""

    class Status(models.TextChoices):
        """What the check found. `UNCHECKED` is empty, so that nobody takes it for an answer."""

        UNCHECKED = "", "Not checked yet"
        NEW = "new", "New"
        CHANGED = "changed", "Changed"
        SAME = "same", "Same"
        CONFLICT = "conflict", "Conflict"
        ERROR = "error", "Error"

    class Outcome(models.TextChoices):
        """What running it did."""

        WAITING = "", "Not run"
        ADDED = "added", "Added"
        CHANGED = "changed", "Changed"
        SAME = "same", "Same"
        ERROR = "error", "Error"

    whole = models.ForeignKey(PeopleImport, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    #: In which order rows are run: managers before those who report to them.
    place = models.PositiveIntegerField(default=0)
    cells = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=Status.choices, blank=True)
    code = models.CharField(max_length=30, blank=True)
    #: Why it is an error or a conflict, at the check or when it was run.
    sentence = models.CharField(max_length=500, blank=True)
    #: Cleaned values by field; a manager as `{"person": id}` or `{"line": number}`.
    values = models.JSONField(default=dict)
    #: `{field: [old, new]}`, in words that people read.
    changes = models.JSONField(default=dict)
    person = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    #: The person's version that the check compared with.
    person_version = models.PositiveIntegerField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["whole", "line"], name="one_import_row_a_line")]
        indexes: ClassVar = [
            models.Index(fields=["whole", "place"], name="import_rows_in_order"),
            models.Index(fields=["whole", "status", "line"], name="import_rows_by_status"),
        ]

    def __str__(self) -> str:
        return f"Line {self.line}: {self.status}"
