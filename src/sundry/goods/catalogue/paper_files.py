"""The files of brand papers: a photo or scan, kept as every photo is, or a PDF, kept as it came and only ever given to
who may read it, as a download.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

from django.conf import settings

from sundry.goods.catalogue import pictures
from sundry.goods.catalogue.errors import BadPicture
from sundry.goods.catalogue.rules import PHOTO_BYTES_MAX, PHOTO_WIDTHS

_FILE: Final = re.compile(r"[0-9a-f]{64}")


def keep(data: bytes) -> str:
    """The name of what is kept: the SHA-256 of the PDF, or of the largest picture. BadPicture; Busy."""
    if not data.startswith(b"%PDF-"):
        return pictures.keep(data).file
    if len(data) > PHOTO_BYTES_MAX:
        raise BadPicture("catalogue_photo_too_heavy", size_mb=len(data) // 1_000_000, most=PHOTO_BYTES_MAX // 1_000_000)
    file = hashlib.sha256(data).hexdigest()
    pictures.write(_pdf(file), data)
    return file


def path(file: str) -> Path | None:
    """Where it lies: a .pdf or a .webp; None: nothing is kept under that name."""
    if not _FILE.fullmatch(file):
        return None
    candidates = (_pdf(file), pictures.path(file, PHOTO_WIDTHS[-1]))
    return next((place for place in candidates if place.is_file()), None)


def _pdf(file: str) -> Path:
    return Path(settings.FILES_DIR) / "brand_papers" / file[:2] / f"{file}.pdf"
