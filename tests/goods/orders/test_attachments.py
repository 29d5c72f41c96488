"""What is sent along with words: what is kept of it, and what is refused and why."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from PIL import Image

from sundry.goods.catalogue.errors import BadPicture
from sundry.goods.orders import attachments
from sundry.goods.orders.enquiry_rules import ATTACHMENT_BYTES_MAX, Attachment
from sundry.goods.orders.errors import BadAttachment

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path
    return tmp_path


def keep(data: bytes, name: str = "a", **more: Any) -> Attachment:
    return attachments.keep(io.BytesIO(data), name=name, **more)


def picture(kind: str = "JPEG", behind: bytes = b"") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(made, kind)
    return made.getvalue() + behind


def book(**more: bytes) -> bytes:
    made = io.BytesIO()
    Workbook().save(made)
    with zipfile.ZipFile(made, "a") as archive:
        for name, data in more.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return made.getvalue()


def letter() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    return made.getvalue()


def told(data: bytes, name: str = "a", **more: Any) -> str:
    with pytest.raises(BadAttachment) as refusal:
        keep(data, name, **more)
    return refusal.value.rule


@pytest.mark.parametrize(
    ("make", "name", "kind", "called"),
    [
        (picture, "IMG 1.JPEG", "picture", "IMG 1.webp"),
        (lambda: picture("PNG"), "..\\..\\x.exe", "picture", "x.webp"),
        (lambda: PDF, "/etc/price list.pdf", "pdf", "price list.pdf"),
        (book, "报价\u202e.xlsx", "sheet", "报价.xlsx"),
        (lambda: book(xl__printerSettings1_bin=b"x"), "b", "sheet", "b.xlsx"),
        (letter, "", "file", "1.docx"),
    ],
    ids=["photo", "png", "pdf", "book", "book of a printer", "letter"],
)
def test_what_it_is_stands_in_its_bytes(make: Any, name: str, kind: str, called: str, folder: Path) -> None:
    kept = keep(make(), name)
    assert (kept.kind, kept.name) == (kind, called)
    place = attachments.path(kept.file)
    assert place is not None
    assert (place.stat().st_size, place.suffix) == (kept.bytes, Path(called).suffix)
    assert attachments.known(kept.file, called) == kept
    assert keep(make(), name) == kept
    assert len([file for file in folder.rglob("*") if file.is_file()]) == 1


def test_a_picture_is_drawn_anew_and_what_hides_behind_it_is_gone() -> None:
    for behind in (b"PK\x03\x04" + letter(), b"<script>alert(1)</script>", b"\xff\xfe" * 500):
        place = attachments.path(keep(picture("GIF", behind)).file)
        assert place is not None
        data = place.read_bytes()
        assert data[8:12] == b"WEBP"
        assert b"script" not in data
        assert b"PK" not in data


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "talk_attachment_empty"),
        (b"MZ\x90\x00", "talk_attachment_kind"),
        (b"\x7fELF", "talk_attachment_kind"),
        (b"#!/bin/sh\nrm -rf /", "talk_attachment_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "talk_attachment_kind"),
        (b"<!doctype html>", "talk_attachment_kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "talk_attachment_kind"),
        (b"PK\x03\x04 and no more", "talk_attachment_broken"),
        (b"%PDF-1.7 and no more", "talk_attachment_broken"),
        (PDF.replace(b"<<>>", b"<</OpenAction<</S/JavaScript/JS(x)>>>>", 1), "talk_attachment_acts"),
        (PDF.replace(b"<<>>", b"<</S/Launch>>", 1), "talk_attachment_acts"),
        (PDF + letter(), "talk_attachment_acts"),
        (b"MZ" + letter(), "talk_attachment_kind"),
    ],
)
def test_what_is_neither_picture_pdf_sheet_nor_letter_is_refused(data: bytes, rule: str, folder: Path) -> None:
    assert told(data, "price list.pdf") == rule
    assert not list(folder.rglob("*"))


def test_an_archive_that_acts_or_is_another_is_refused() -> None:
    assert told(book(xl__vbaProject_bin=b"x")) == "talk_attachment_acts"
    assert told(book(xl__embeddings__oleObject1_bin=b"x")) == "talk_attachment_acts"
    assert told(book(run_exe=b"x")) == "talk_attachment_acts"
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("goods.txt", "x")
    assert told(plain.getvalue()) == "talk_attachment_kind"


def test_an_archive_that_unfolds_to_very_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = io.BytesIO(letter())
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/1.xml", bytes(100_000))
    keep(bomb.getvalue())
    monkeypatch.setattr(attachments, "UNPACKED_MAX", 100_000)
    assert told(bomb.getvalue()) == "talk_attachment_broken"


def test_a_file_over_the_limit_is_refused_before_it_is_read() -> None:
    class Unreadable(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("it was read")

    with pytest.raises(BadAttachment) as refusal:
        attachments.keep(Unreadable(), name="a.pdf", size=ATTACHMENT_BYTES_MAX + 1)
    assert refusal.value.details == {"size_mb": 11, "most": 10}

    class Endless(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert size >= 0
            self.taken += size
            return b"%PDF-" + bytes(size - 5)

    endless = Endless()
    with pytest.raises(BadAttachment):
        attachments.keep(endless, name="a.pdf", size=5)
    assert endless.taken == ATTACHMENT_BYTES_MAX + 1
    assert told(bytes(ATTACHMENT_BYTES_MAX)) == "talk_attachment_kind"


def test_a_picture_that_is_none_is_told_as_photos_are() -> None:
    with pytest.raises(BadPicture):
        keep(b"\xff\xd8\xff\xe0 and no more")


def test_a_name_that_is_no_hash_is_nowhere() -> None:
    for name in ("../../secret-key", "", "0" * 64, "G" * 64):
        assert attachments.path(name) is None
        assert attachments.known(name) is None


def test_what_stands_in_no_message_is_put_away_after_a_while() -> None:
    used, unused, young = keep(PDF), keep(PDF + b"%%EOF\n"), keep(letter())
    for kept in (used, unused):
        place = attachments.path(kept.file)
        assert place is not None
        os.utime(place, (0, 0))
    gone = attachments.unused(before=NOW - timedelta(days=7), is_used=lambda names: {used.file} & set(names))
    assert gone == 1
    assert [attachments.path(one.file) is not None for one in (used, unused, young)] == [True, False, True]
