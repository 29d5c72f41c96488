"""Parquet, where pyarrow is there; a plain word where it is not."""

from __future__ import annotations

import sys
from io import BytesIO

import pytest

from sundry.base.reference.formats.parquet import read_parquet
from sundry.kernel.errors import UnusableInput


def test_columns_and_rows() -> None:
    arrow = pytest.importorskip("pyarrow", reason="the extra `figures` is not installed")
    parquet = pytest.importorskip("pyarrow.parquet")
    out = BytesIO()
    parquet.write_table(arrow.table({"name": ["Ningbo", None], "latitude": [29.9334, None], "n": [1, 2]}), out)
    assert list(read_parquet("f", out.getvalue())) == [
        (1, ["name", "latitude", "n"]),
        (2, ["Ningbo", "29.9334", "1"]),
        (3, ["", "", "2"]),
    ]


def test_without_pyarrow_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UnusableInput) as refused:
        list(read_parquet("ports.parquet", b"PAR1"))
    assert refused.value.rule == "reference_needs_figures"
    assert "sundry[figures]" in refused.value.message("en")
