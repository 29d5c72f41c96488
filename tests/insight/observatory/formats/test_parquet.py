"""A program reads back exactly what was written, with its types."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from sundry.engines.reading.model import Bound, Type
from sundry.insight.observatory.formats import parquet
from sundry.insight.observatory.formats.figures_extra import FiguresMissing
from sundry.insight.observatory.rules import Actuality

NOW = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
MARKET = "https://market.example"


def table(write: Callable[..., int], rows: Any) -> Any:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra `figures`)")
    from pyarrow.parquet import read_table

    file = BytesIO()
    count = write(file, rows, market=MARKET, now=NOW)
    found = read_table(BytesIO(file.getvalue()))
    assert found.num_rows == count
    return found


def test_a_statement_is_read_back_as_it_was(said: Any) -> None:
    [row] = table(parquet.write_statements, [said(corrected=("period",), corrected_by="Wang Li")]).to_pylist()
    assert (row["statement"], row["page"]) == (str(UUID(int=1)), str(UUID(int=77)))
    assert (row["page_name"], row["issued"], row["type"]) == ("lakeside-0411.txt", date(2026, 4, 11), "level")
    assert (row["indicator"], row["indicator_key"], row["indicator_en"]) == ("外贸出口额", "exports", "Exports")
    assert (row["region_code"], row["region"], row["period"]) == ("990100", "湖滨县", "2026-Q1")
    assert (row["starts_on"], row["ends_on"]) == (date(2026, 1, 1), date(2026, 3, 31))
    assert (row["value"], row["low"], row["high"]) == (Decimal("12.5"), Decimal("12.5"), None)
    assert (row["unit"], row["decimals"], row["bound"]) == ("亿元", 2, "gt")
    assert (row["base_value"], row["base_unit"]) == (Decimal(1_250_000_000), "元")
    assert row["kinds"] == ["cumulative", "approximate:突破"]
    assert row["spans"] == [{"start": 106, "end": 109}, {"start": 113, "end": 122}]
    assert (row["quote"], row["sentence"]) == ("一季度突破12.50亿元", said().context)
    assert (row["corrected"], row["corrected_by"]) == (["period"], "Wang Li")
    assert row["citation"] == "lakeside-0411.txt, 2026-04-11, char=106,122"
    assert row["address"].startswith(f"{MARKET}/observatory/pages/")


def test_types_stand_in_the_file(said: Any) -> None:
    found = table(parquet.write_statements, [])
    types = {field.name: str(field.type) for field in found.schema}
    assert {types[name] for name in ("value", "low", "high", "base_value")} == {"decimal128(38, 10)"}
    assert {types[name] for name in ("issued", "starts_on", "ends_on")} == {"date32[day]"}
    assert types["spans"].startswith("list<")
    assert "struct<start: int32, end: int32>" in types["spans"]
    assert types["region_code"] == "string"
    assert all(field.metadata[b"description"] for field in found.schema)


def test_the_file_says_where_it_comes_from(said: Any) -> None:
    about = table(parquet.write_statements, [said()]).schema.metadata
    assert about[b"sundry.version"].decode() == version("sundry")
    assert about[b"sundry.market"].decode() == MARKET
    assert about[b"sundry.written_at"].decode() == "2026-11-23T09:00:00+08:00"
    assert b"printed pages" in about[b"sundry.source"].lower()
    assert b"evidence" in about[b"sundry.licence"]


def test_what_was_not_printed_is_null(said: Any) -> None:
    bare = said(
        **dict.fromkeys(("value", "low", "high", "base_value", "issued", "period", "starts_on", "ends_on", "basis")),
        **dict.fromkeys(("indicator_key", "subject", "region", "unit", "base_unit", "corrected_by"), ""),
        region_code=None,
    )
    [row] = table(parquet.write_statements, [bare]).to_pylist()
    assert {name for name, cell in row.items() if cell is None} == {
        *("value", "low", "high", "base_value", "issued", "period", "starts_on", "ends_on", "basis", "versus"),
        *("indicator_key", "indicator_en", "subject", "region", "unit", "base_unit", "corrected_by", "region_code"),
    }


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("0.1", "0.1"),
        ("-18.8000000000", "-18.8"),
        ("9999999999999999999999999999.9999999999", "9999999999999999999999999999.9999999999"),
        ("1E-11", "0"),
        ("9999999999999999999999999999.99999999999", None),
        ("10000000000000000000000000000", None),
        ("1E+40", None),
    ],
)
def test_a_number_is_exact_or_null(said: Any, value: str, kept: str | None) -> None:
    [row] = table(parquet.write_statements, [said(value=Decimal(value))]).to_pylist()
    assert row["value"] == (Decimal(kept) if kept is not None else None)


def test_every_vintage_of_an_observation_is_there(said: Any, seen: Any) -> None:
    early = seen(2, vintage=date(2026, 4, 9), value=None, high=Decimal(1_300_000_000), bound=Bound.BAND, supports=1)
    aim = seen(3, measure=Type.GROWTH, unit="%", basis="nominal", actuality=Actuality.TARGET, vintage=None)
    rows = table(parquet.write_observations, [(one, said(int(one.statement))) for one in (seen(), early, aim)])
    first, second, third = rows.to_pylist()
    assert [row["vintage"] for row in (first, second, third)] == [date(2026, 4, 11), date(2026, 4, 9), None]
    assert (first["value"], first["unit"], first["supports"]) == (Decimal(1_250_000_000), "元", 2)
    assert (first["printed_value"], first["printed_unit"], first["decimals"]) == (Decimal("12.5"), "亿元", 2)
    assert (second["value"], second["high"], second["bound"]) == (None, Decimal(1_300_000_000), "band")
    assert (third["measure"], third["basis"], third["actuality"]) == ("growth", "nominal", "target")
    assert [row["statement"] for row in (first, second, third)] == [str(UUID(int=n)) for n in (1, 2, 3)]
    assert first["spans"] == [{"start": 106, "end": 109}, {"start": 113, "end": 122}]


def test_rows_are_written_in_groups(said: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra `figures`)")
    from pyarrow.parquet import ParquetFile

    monkeypatch.setattr(parquet, "ROWS_IN_A_GROUP", 10)
    file = BytesIO()
    assert parquet.write_statements(file, (said(n) for n in range(25)), market=MARKET, now=NOW) == 25
    read = ParquetFile(BytesIO(file.getvalue()))
    assert [read.metadata.row_group(n).num_rows for n in range(read.num_row_groups)] == [10, 10, 5]
    assert read.read().column("statement").to_pylist() == [str(UUID(int=n)) for n in range(25)]


def test_without_pyarrow_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(FiguresMissing, match="pyarrow"):
        parquet.write_statements(BytesIO(), [], market=MARKET, now=NOW)


def test_the_documents_say_what_each_column_holds() -> None:
    kinds = {"number": "decimal128(38, 10)", "day": "date32", "count": "int32", "share": "double", "text": "string"}
    kinds |= {"texts": "list of string", "spans": "list of {start, end}"}
    text = (Path(__file__).parents[4] / "docs" / "observatory.md").read_text("utf-8")
    for name, columns in (
        ("statements", parquet.statement_columns(MARKET)),
        ("observations", parquet.observation_columns(MARKET)),
    ):
        part = text.partition(f"### {name}.parquet\n")[2].partition("\n#")[0]
        told = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$", part, re.MULTILINE)
        assert told == [(one.name, kinds[one.kind], one.text) for one in columns]
