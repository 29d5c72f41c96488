"""Every key once, with its latest vintage, in the words of SDMX; and pysdmx reads it."""

from __future__ import annotations

import csv
import re
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from sundry.engines.reading.model import Bound, Type
from sundry.insight.observatory.formats.sdmx_csv import (
    COMPONENTS,
    STRUCTURE_ID,
    UNITS,
    Role,
    frequency,
    time_period,
    write_csv,
)
from sundry.insight.observatory.rules import Actuality, Verdict

DIMENSIONS = tuple(one.id for one in COMPONENTS if one.role is Role.DIMENSION)


def written(pairs: Any) -> bytes:
    file = BytesIO()
    count = write_csv(file, pairs, market="https://market.example")
    assert count == len(list(csv.reader(StringIO(file.getvalue().decode())))) - 1
    return file.getvalue()


def rows(pairs: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(written(pairs).decode())))


def test_an_observation_is_written_as_it_was_printed(said: Any, seen: Any) -> None:
    [row] = rows([(seen(), said())])
    assert {name: row[name] for name in ("STRUCTURE", "STRUCTURE_ID", "ACTION")} == {
        "STRUCTURE": "datastructure",
        "STRUCTURE_ID": STRUCTURE_ID,
        "ACTION": "I",
    }
    assert [row[name] for name in DIMENSIONS] == (
        ["Q", "990100", "exports", "LEVEL", "CNY", "_Z", "_Z", "_Z", "YTD", "ACTUAL", "2026-Q1"]
    )
    assert (row["OBS_VALUE"], row["UNIT_MULT"], row["DECIMALS"]) == ("12.50", "8", "2")
    assert (row["BOUND"], row["OBS_LOW"], row["OBS_HIGH"], row["OBS_STATUS"]) == ("GT", "12.50", "", "A")
    assert (row["VINTAGE"], row["CONF"], row["REVIEW"]) == ("2026-04-11", "0.94", "READ")
    assert (row["SRC_DOC"], row["SRC_SPAN"]) == ("lakeside-0411.txt", "106-109;113-122")
    assert row["SRC_URI"] == f"https://market.example/observatory/pages/{UUID(int=77)}/#char=106,122"
    assert row["QUOTE"] == "一季度突破12.50亿元"


def test_the_file_is_as_rfc_4180_has_it(said: Any, seen: Any) -> None:
    data = written([(seen(), said(quote='出口"突破",\n12.50亿元'))])
    head, line, end = data.decode().split("\r\n")
    assert head.split(",") == ["STRUCTURE", "STRUCTURE_ID", "ACTION", *(one.id for one in COMPONENTS)]
    assert '"出口""突破"",\n12.50亿元"' in line
    assert end == ""


@pytest.mark.parametrize(
    ("ours", "printed", "decimals", "told"),
    [
        ("1250000000", "12.5", 2, ("12.50", "8", "2")),
        ("1250000000", "1250000000", 0, ("1250000000", "0", "0")),
        ("32000", "3.2", 1, ("3.2", "4", "1")),
        ("-5.2000000000", "5.2", 1, ("-5.2", "0", "1")),  # a fall of 5.2 %
        ("30", "2.5", 1, ("30", "0", "0")),  # two dozen and a half
        ("0.5", "5", 0, ("0.5", "0", "1")),  # per mille in percent
        ("0E-10", "0", 0, ("0", "0", "0")),
        ("123456789012345678901234567890123400000000", "1234567890123456789012345678901234", 0,
         ("1234567890123456789012345678901234", "8", "0")),
    ],
)  # fmt: skip
def test_a_value_has_its_power_of_ten_apart(
    said: Any, seen: Any, ours: str, printed: str, decimals: int, told: tuple[str, ...]
) -> None:
    pair = (seen(value=Decimal(ours), low=None), said(value=Decimal(printed), low=None, decimals=decimals))
    [row] = rows([pair])
    assert (row["OBS_VALUE"], row["UNIT_MULT"], row["DECIMALS"]) == told


def test_a_band_has_its_limits_and_no_middle(said: Any, seen: Any) -> None:
    limits = {"low": Decimal(730_000_000_000), "high": Decimal(740_000_000_000)}
    printed = {"low": Decimal(7300), "high": Decimal(7400), "decimals": 0}
    [row] = rows([(seen(value=None, bound=Bound.BAND, **limits), said(value=None, **printed))])
    assert (row["OBS_VALUE"], row["DECIMALS"], row["OBS_STATUS"]) == ("", "", "O")
    assert (row["OBS_LOW"], row["OBS_HIGH"], row["UNIT_MULT"], row["BOUND"]) == ("7300", "7400", "8", "BAND")


def test_of_a_key_the_latest_vintage_is_written(said: Any, seen: Any) -> None:
    late, early = seen(1), seen(2, vintage=date(2026, 4, 9), value=Decimal(1_240_000_000), supports=9)
    undated = seen(3, vintage=None)
    for order in ([late, early, undated], [undated, early, late]):
        [row] = rows([(one, said(int(one.statement))) for one in order])
        assert (row["VINTAGE"], row["OBS_VALUE"]) == ("2026-04-11", "12.50")


def test_of_one_vintage_what_most_statements_say_is_written(said: Any, seen: Any) -> None:
    often = seen(2, value=Decimal(1_280_000_000), supports=3)
    [row] = rows([(seen(1), said(1)), (often, said(2, value=Decimal("12.8"), quote="often"))])
    assert row["QUOTE"] == "often"
    sure = seen(2, confidence=0.99)
    [row] = rows([(seen(1), said(1)), (sure, said(2, quote="sure"))])
    assert row["QUOTE"] == "sure"
    [row] = rows([(seen(2), said(2, quote="second")), (seen(1), said(1, quote="first"))])
    assert row["QUOTE"] == "first"


def test_what_differs_has_a_key_of_its_own(said: Any, seen: Any) -> None:
    same_days = [
        seen(1),
        seen(2, unit="美元"),
        seen(3, measure=Type.GROWTH, unit="%", basis="nominal"),
        seen(4, measure=Type.GROWTH, unit="%", basis="nominal", versus="环比"),
        seen(5, measure=Type.GAP, unit="百分点", basis="nominal", versus="330000"),
        seen(6, measure=Type.GROWTH_DELTA, unit="百分点", basis="nominal", versus="2025"),
        seen(7, measure=Type.RANK, unit=""),
        seen(8, accumulation="single"),
        seen(9, region_code="330000"),
        seen(10, actuality=Actuality.TARGET),
        seen(11, unit="CNY"),  # as somebody typed it
    ]
    found = rows([(one, said(int(one.statement))) for one in same_days])
    keys = [tuple(row[name] for name in DIMENSIONS) for row in found]
    assert len(set(keys)) == len(keys) == len(same_days)
    gap, delta = found[4], found[5]
    assert (gap["COUNTERPART_AREA"], gap["VERSUS"], gap["UNIT_MEASURE"]) == ("330000", "_Z", "PP")
    assert (delta["COUNTERPART_AREA"], delta["VERSUS"]) == ("_Z", "2025")
    assert (found[1]["UNIT_MEASURE"], found[2]["PRICE"], found[6]["UNIT_MEASURE"]) == ("USD", "NOMINAL", "_Z")
    assert (found[9]["KIND"], found[10]["UNIT_MEASURE"]) == ("TARGET", "_CNY")


def test_a_provisional_figure_says_so(said: Any, seen: Any) -> None:
    [row] = rows([(seen(actuality=Actuality.PRELIMINARY), said())])
    assert (row["OBS_STATUS"], row["KIND"]) == ("P", "ACTUAL")


@pytest.mark.parametrize(
    ("verdict", "review"),
    [(None, "READ"), (Verdict.RIGHT, "CONFIRMED"), (Verdict.VALUE, "CORRECTED"), (Verdict.WITHDRAWN, "READ")],
)
def test_it_is_said_whether_a_person_looked(said: Any, seen: Any, verdict: Verdict | None, review: str) -> None:
    assert rows([(seen(), said(verdict=verdict))])[0]["REVIEW"] == review


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "period", "code"),
    [
        ("2026-01-01", "2026-12-31", "2026", "A"),
        ("2025-01-01", "2025-06-30", "2025-S1", "S"),
        ("2025-07-01", "2025-12-31", "2025-S2", "S"),
        ("2026-01-01", "2026-03-31", "2026-Q1", "Q"),
        ("2026-10-01", "2026-12-31", "2026-Q4", "Q"),
        ("2026-05-01", "2026-05-31", "2026-05", "M"),
        ("2024-02-01", "2024-02-29", "2024-02", "M"),
        ("2026-01-01", "2026-02-28", "2026-01-01/P2M", "_O"),
        ("2026-02-01", "2026-04-30", "2026-02-01/P3M", "_O"),
        ("2025-07-01", "2026-06-30", "2025-07-01/P12M", "_O"),
        ("2006-01-01", "2026-12-31", "2006-01-01/P21Y", "_O"),
        ("2026-04-24", "2026-04-24", "2026-04-24", "_O"),
        ("2026-05-12", "2026-05-14", "2026-05-12/P3D", "_O"),
        ("2026-05-01", "2026-05-14", "2026-05-01/P14D", "_O"),
        (None, "2028-12-31", "2028-12-31", "_O"),
        ("9999-12-01", "9999-12-31", "9999-12-01/P31D", "_O"),
    ],
)
def test_periods_are_written_as_sdmx_has_them(starts_on: str | None, ends_on: str, period: str, code: str) -> None:
    first = date.fromisoformat(starts_on) if starts_on else None
    assert time_period(first, date.fromisoformat(ends_on)) == period
    assert frequency(period) == code


def test_what_has_no_end_is_left_out(said: Any, seen: Any) -> None:
    assert rows([(seen(period="2018-07/", starts_on=date(2018, 7, 1), ends_on=None), said())]) == []
    assert time_period(None, None) is None


def test_codes_are_those_of_the_structure(said: Any, seen: Any) -> None:
    kinds = [(measure, actuality) for measure in Type for actuality in Actuality]
    pairs = [
        (seen(number, measure=measure, actuality=actuality, bound=bound), said(number))
        for bound in Bound
        for number, (measure, actuality) in enumerate(kinds)
    ]
    for row in rows(pairs):
        for one in COMPONENTS:
            assert one.codes is None or row[one.id] in one.codes, one.id


def test_the_documents_say_what_each_component_holds() -> None:
    text = (Path(__file__).parents[4] / "docs" / "observatory.md").read_text("utf-8").partition("### SDMX\n")[2]
    told = re.findall(r"^\| `(\w+)` \| (\w+) \| ([^|]+) \| ([^|]*) \|$", text, re.MULTILINE)
    assert [row[:3] for row in told] == [(one.id, one.role.value, one.name) for one in COMPONENTS]
    for row, one in zip(told, COMPONENTS, strict=True):
        assert re.findall(r"`(\w+)`", row[3]) == list(one.codes or ())
    assert all(f"{word} `{code}`" in text for word, code in UNITS.items())


def test_pysdmx_reads_it(said: Any, seen: Any) -> None:
    pytest.importorskip("pandas", reason="pysdmx reads data through pandas, which is not installed")
    from pysdmx.io.csv.sdmx20.reader import read

    pairs = [(seen(1), said(1)), (seen(2, measure=Type.GROWTH, unit="%"), said(2, quote='a,\n"b"'))]
    data = written(pairs).decode()
    [found] = read(data)
    assert found.short_urn == f"DataStructure={STRUCTURE_ID}"
    assert list(found.data.columns) == [one.id for one in COMPONENTS]
    for name in ("INDICATOR", "TIME_PERIOD", "QUOTE", "SRC_SPAN", "BOUND"):
        assert list(found.data[name]) == [row[name] for row in rows(pairs)]
