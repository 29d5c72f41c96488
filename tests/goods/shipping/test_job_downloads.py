"""A zip that is made while it is sent."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from sundry.goods.shipping.job_downloads import zipped


def test_every_file_is_in_it_whole(tmp_path: Path) -> None:
    large = bytes(range(256)) * 4_000
    (tmp_path / "a").write_bytes(large)
    (tmp_path / "b").write_bytes(b"")
    pieces = list(zipped([("订单.xlsx", tmp_path / "a"), ("b.json", tmp_path / "b")]))
    assert len(pieces) > 3, "it was not sent piece by piece"
    with ZipFile(BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert archive.read("订单.xlsx") == large
        assert archive.namelist() == ["订单.xlsx", "b.json"]


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    once, twice = (b"".join(zipped([("a", tmp_path / "a")])) for _ in range(2))
    assert once == twice


def test_of_no_file_it_is_an_empty_zip() -> None:
    with ZipFile(BytesIO(b"".join(zipped([])))) as archive:
        assert archive.namelist() == []


def test_what_is_removed_while_it_is_sent_comes_whole(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text(name)
    pieces = zipped([(name, tmp_path / name) for name in ("a", "b")])
    (tmp_path / "b").unlink()
    with ZipFile(BytesIO(b"".join(pieces))) as archive:
        assert archive.read("b") == b"b"


def test_what_is_not_there_is_said_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        zipped([("a", tmp_path / "a")])
