"""A zip that is made while it is sent."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

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
