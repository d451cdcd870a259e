"""Uploaded files stay in memory: a temporary file would leave people's papers on the disk in clear."""

import io
from typing import Any, Final

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

MAX_FILE: Final = 20 * 1024 * 1024
MAX_REQUEST: Final = 64 * 1024 * 1024


class MemoryOnly(FileUploadHandler):
    """Keeps each file in memory up to `MAX_FILE`; a larger one arrives cut just above it, so that views refuse it.

    A request larger than `MAX_REQUEST` is not read to its end.
    """

    def handle_raw_input(  # type: ignore[override]  # the rest of the arguments is not looked at
        self, _data: Any, _meta: Any, content_length: int, *_more: Any, **_other: Any
    ) -> None:
        if content_length > MAX_REQUEST:
            raise StopUpload(connection_reset=True)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._buffer = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> None:
        room = MAX_FILE + 1 - self._buffer.tell()
        self._buffer.write(raw_data[: max(0, room)])

    def file_complete(self, _file_size: int) -> InMemoryUploadedFile:
        self._buffer.seek(0)
        return InMemoryUploadedFile(
            file=self._buffer,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=self._buffer.getbuffer().nbytes,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
