"""What a stall hands in for a brand: a picture or a PDF, and nothing else."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from sundry.goods.catalogue import paper_files, pictures
from sundry.goods.catalogue.errors import BadPicture
from sundry.goods.catalogue.rules import PHOTO_BYTES_MAX


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.FILES_DIR = tmp_path
    return tmp_path


def test_a_pdf_is_kept_as_it_came_and_once(folder: Path) -> None:
    file = paper_files.keep(b"%PDF-1.7 authorisation")
    assert paper_files.keep(b"%PDF-1.7 authorisation") == file
    place = paper_files.path(file)
    assert place is not None
    assert (place.suffix, place.read_bytes()) == (".pdf", b"%PDF-1.7 authorisation")
    assert len([found for found in folder.rglob("*") if found.is_file()]) == 1


def test_a_scan_is_drawn_anew_and_lies_where_no_photo_is_served_from(folder: Path) -> None:
    out = BytesIO()
    Image.new("RGB", (64, 64), "white").save(out, "JPEG")
    file = paper_files.keep(out.getvalue() + b"<script>")
    place = paper_files.path(file)
    assert place is not None
    assert place.suffix == ".webp"
    assert b"<script>" not in place.read_bytes()
    assert pictures.known(file) is None
    assert not (folder / "photos").exists()


@pytest.mark.parametrize("data", [b"<html>", b"", b"%PDF-" + bytes(PHOTO_BYTES_MAX)], ids=["html", "empty", "large"])
def test_anything_else_is_refused(folder: Path, data: bytes) -> None:
    with pytest.raises(BadPicture):
        paper_files.keep(data)
    assert not list(folder.iterdir())


@pytest.mark.parametrize("file", ["", "../../etc/passwd", "a" * 64, "A" * 64])
def test_what_is_not_kept_has_no_place(file: str) -> None:
    assert paper_files.path(file) is None
