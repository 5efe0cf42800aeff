"""A file that is sent is held in memory while its page is answered, and never laid on a disk.

What is larger than any page takes is read past and thrown away: the page is given its size, and says so at the field.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

LARGEST = 20 * 2**20  # of all files of one form together


class InMemory(FileUploadHandler):
    """The one handler of files (`FILE_UPLOAD_HANDLERS`)."""

    room = LARGEST
    kept = BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if len(raw_data) <= self.room:
            self.kept.write(raw_data)
            self.room -= len(raw_data)
        else:
            self.kept, self.room = BytesIO(), 0

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.kept.seek(0)
        return InMemoryUploadedFile(
            self.kept, self.field_name, self.file_name or "", self.content_type or "", file_size, self.charset
        )
