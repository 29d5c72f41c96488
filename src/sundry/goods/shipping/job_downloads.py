"""All files of a job in one zip, made while it is sent: nothing of it is kept in memory or on the disk."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from io import RawIOBase
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

_CHUNK_BYTES = 256_000
_MADE_AT = (1980, 1, 1, 0, 0, 0)  # the first that a zip can say: the same files give the same bytes


class _Sent(RawIOBase):
    """A stream that gives away what was written to it."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        part = bytes(data)  # type: ignore[call-overload]
        self._parts.append(part)
        return len(part)

    def take(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def zipped(files: Iterable[tuple[str, Path]]) -> Iterator[bytes]:
    """A zip of (name, path), piece by piece. The files are packed already, so they are stored as they are.

    They are opened at once: what is removed while it is sent, as by a new plan, still comes whole. FileNotFoundError.
    """
    pieces = _pieces(files)
    next(pieces)
    return pieces


def _pieces(files: Iterable[tuple[str, Path]]) -> Iterator[bytes]:
    """Nothing, when all files are open; then the zip."""
    stream = _Sent()
    with ExitStack() as stack, ZipFile(stream, "w", ZIP_STORED) as archive:
        opened = [(name, stack.enter_context(path.open("rb"))) for name, path in files]
        yield b""
        for name, source in opened:
            entry = ZipInfo(name, _MADE_AT)
            entry.file_size = os.fstat(source.fileno()).st_size
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w") as target:
                while chunk := source.read(_CHUNK_BYTES):
                    target.write(chunk)
                    yield stream.take()
    yield stream.take()
