"""A limit on what is uploaded, kept while it arrives: the disk must not fill with what a form would refuse afterwards."""

from __future__ import annotations

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from hexmark.access import ANONYMOUS, Permission
from hexmark.files import tables
from hexmark.openbadges.limits import IMAGE_BYTES

#: All files of one request together; a form's own limit for one file is `IMAGE_BYTES`.
MOST_BYTES = IMAGE_BYTES + 64 * 1024
#: Of those who may bring lists of people; a form's own limit for a list is `tables.MOST_BYTES`.
MOST_BYTES_OF_LISTS = tables.MOST_BYTES + 64 * 1024


class BoundedUpload(FileUploadHandler):
    """Stands before the handlers that keep files. Past the limit the rest is read and dropped, and the form is told."""

    received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """The data, until there is too much of it."""
        self.received += len(raw_data)
        if self.received > self._most():
            # Only the file is dropped: what was typed beside it stays in the form.
            self.request.upload_too_large = True  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def _most(self) -> int:
        actor = getattr(self.request, "actor", ANONYMOUS)
        brings_lists = actor.may(Permission.EDIT_PEOPLE) or actor.may(Permission.AWARD)
        return MOST_BYTES_OF_LISTS if brings_lists else MOST_BYTES

    def file_complete(self, file_size: int) -> None:
        """The handlers after this one keep the file."""
        return
