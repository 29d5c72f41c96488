"""The files of brand papers: a photo or scan, drawn anew as every photo is, or a PDF, kept as it came.

Photos of goods are for whoever has their address; a paper is only ever given to who may read it, so it lies apart.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

from django.conf import settings

from sundry.goods.catalogue import pictures
from sundry.goods.catalogue.errors import BadPicture
from sundry.goods.catalogue.rules import PHOTO_BYTES_MAX

_FILE: Final = re.compile(r"[0-9a-f]{64}")
_KINDS: Final = (".pdf", ".webp")


def keep(data: bytes) -> str:
    """The name of what is kept: its SHA-256. BadPicture; Busy."""
    if not data.startswith(b"%PDF-"):
        return _kept(pictures.drawn_anew(data), ".webp")
    if len(data) > PHOTO_BYTES_MAX:
        raise BadPicture("catalogue_photo_too_heavy", size_mb=len(data) // 1_000_000, most=PHOTO_BYTES_MAX // 1_000_000)
    return _kept(data, ".pdf")


def path(file: str) -> Path | None:
    """Where it lies: a .pdf or a .webp; None: nothing is kept under that name."""
    if not _FILE.fullmatch(file):
        return None
    return next((place for kind in _KINDS if (place := _place(file, kind)).is_file()), None)


def _kept(data: bytes, kind: str) -> str:
    file = hashlib.sha256(data).hexdigest()
    pictures.write(_place(file, kind), data)
    return file


def _place(file: str, kind: str) -> Path:
    return Path(settings.FILES_DIR) / "brand_papers" / file[:2] / f"{file}{kind}"
