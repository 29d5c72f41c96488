"""What is sent along with words: photos, PDFs, sheets and letters, and what of them is kept.

Problem: what a stall sends, thirty buyers open. A file may call itself photo.jpg and be a program, be a picture and an
archive at once, or run macros; and one of 300 MB fills the disk before anybody has looked at it. Therefore its size is
asked before its bytes are, what it is stands in its bytes and not in its name, a picture is drawn anew (`pictures`),
and what is neither picture, PDF, xlsx nor docx is refused, and so is of these what can act by itself.

Worked case: "price list.xls.exe" begins with MZ: refused, and the message stays in its field. A photo of a phone, 6 MB,
becomes a WebP of 200 kB without the place where it was taken. The same file sent to ten stalls lies there once, by the
name of its SHA-256.

Whoever hands a file out says `nosniff` and its own type; all but pictures go out as downloads.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final
from zipfile import BadZipFile, ZipFile

from django.conf import settings

from sundry.goods.catalogue import pictures
from sundry.goods.catalogue.texts import clean
from sundry.goods.orders.enquiry_rules import ATTACHMENT_BYTES_MAX, Attachment
from sundry.goods.orders.errors import BadAttachment

NAME_MAX: Final = 120
ENTRIES_MAX: Final = 5_000  # of an archive
UNPACKED_MAX: Final = 200_000_000

TYPES: Final = {
    ".webp": "image/webp",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
KINDS: Final = {".webp": "picture", ".pdf": "pdf", ".xlsx": "sheet", ".docx": "file"}

_FILE: Final = re.compile(r"[0-9a-f]{64}")
_PICTURE: Final = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF....WEBP|....ftyp", re.DOTALL)
_ACTS: Final = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia)\b")
_ARCHIVE: Final = b"PK\x03\x04"
_END_OF_ARCHIVE: Final = b"PK\x05\x06"
_PARTS: Final = (("xl/workbook.xml", ".xlsx"), ("word/document.xml", ".docx"))
_PROGRAM: Final = re.compile(r"vbaproject|activex|oleobject|\.(?:exe|dll|js|vbs|bat|cmd|ps1|jar)$")
_ENCRYPTED: Final = 0x1


def keep(source: BinaryIO, *, name: str, size: int | None = None) -> Attachment:
    """Keep what somebody sends. `size`: as the sender tells it, believed where it says too much; the bytes are counted
    all the same. BadAttachment; BadPicture; Busy: other pictures are being decoded."""
    if size is not None and size > ATTACHMENT_BYTES_MAX:
        raise _too_large(size)
    data = source.read(ATTACHMENT_BYTES_MAX + 1)
    if len(data) > ATTACHMENT_BYTES_MAX:
        raise _too_large(max(size or 0, len(data)))
    told = clean(name.replace("\\", "/").rpartition("/")[2])[:NAME_MAX] or "1"
    if not data:
        raise BadAttachment("talk_attachment_empty", name=told)
    if _PICTURE.match(data):
        data, ending = pictures.drawn_anew(data), ".webp"
    else:
        ending = _ending(data, told)
    file = hashlib.sha256(data).hexdigest()
    pictures.write(_place(file, ending), data)
    return Attachment(file, _named(told, ending), KINDS[ending], len(data))


def path(file: str) -> Path | None:
    """Where it lies; its ending says what it is. None: nothing is kept under that name."""
    if not _FILE.fullmatch(file):
        return None
    return next((place for ending in TYPES if (place := _place(file, ending)).is_file()), None)


def known(file: str, name: str = "") -> Attachment | None:
    """What is kept under that name, as it is told again; None: nothing."""
    place = path(file)
    if place is None:
        return None
    return Attachment(
        file, _named(clean(name)[:NAME_MAX] or "1", place.suffix), KINDS[place.suffix], place.stat().st_size
    )


def unused(*, before: datetime, is_used: Callable[[Collection[str]], Collection[str]]) -> int:
    """Take away what was last sent before a moment and stands in no message; how many. `is_used`: which of these do."""
    gone = 0
    for folder in sorted((Path(settings.FILES_DIR) / "attachments").glob("*")):
        old = {place.stem: place for place in folder.iterdir() if place.suffix in TYPES and _is_old(place, before)}
        for file in sorted(old.keys() - set(is_used(old.keys()))) if old else ():
            if _is_old(old[file], before):  # nobody has sent it again meanwhile
                old[file].unlink(missing_ok=True)
                gone += 1
    return gone


def _is_old(place: Path, before: datetime) -> bool:
    with suppress(FileNotFoundError):
        return place.stat().st_mtime < before.timestamp()
    return False


def _too_large(size: int) -> BadAttachment:
    return BadAttachment(
        "talk_attachment_too_large", size_mb=-(-size // 1_000_000), most=ATTACHMENT_BYTES_MAX // 1_000_000
    )


def _place(file: str, ending: str) -> Path:
    return Path(settings.FILES_DIR) / "attachments" / file[:2] / f"{file}{ending}"


def _named(name: str, ending: str) -> str:
    """Its own name with the ending of what it is."""
    stem = name.removesuffix(Path(name).suffix).rstrip(". ")
    return f"{stem or '1'}{ending}"


def _ending(data: bytes, name: str) -> str:
    if data.startswith(b"%PDF-"):
        _check_pdf(data, name)
        return ".pdf"
    if data.startswith(_ARCHIVE):
        return _ending_of_archive(data, name)
    raise BadAttachment("talk_attachment_kind", name=name)


def _check_pdf(data: bytes, name: str) -> None:
    """What can be seen of it without unpacking it: it ends as a PDF, is no archive too, and does nothing by itself."""
    if b"%%EOF" not in data[-2048:]:
        raise BadAttachment("talk_attachment_broken", name=name)
    if _END_OF_ARCHIVE in data[-66_000:] or _ACTS.search(data):
        raise BadAttachment("talk_attachment_acts", name=name)


def _ending_of_archive(data: bytes, name: str) -> str:
    try:
        with ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
    except (BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        raise BadAttachment("talk_attachment_broken", name=name) from None
    names = {entry.filename for entry in entries}
    ending = next((ending for part, ending in _PARTS if part in names), "")
    if not ending or "[Content_Types].xml" not in names:
        raise BadAttachment("talk_attachment_kind", name=name)
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > ENTRIES_MAX or unpacked > UNPACKED_MAX or any(one.flag_bits & _ENCRYPTED for one in entries):
        raise BadAttachment("talk_attachment_broken", name=name)
    if min(entry.header_offset for entry in entries) or any(_is_program(one) for one in names):
        raise BadAttachment("talk_attachment_acts", name=name)
    return ending


def _is_program(name: str) -> bool:
    return bool(_PROGRAM.search(name.lower()))
