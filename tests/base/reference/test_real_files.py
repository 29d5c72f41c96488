"""Real files of others, where they are at hand: HS 2022, ports, rates of 27 years. Measured on 2 cores, 2026-11-22:

HS 2022             6,939 rows   0.2 s    9 statements
ports              20,070 rows   1.1 s    9 statements, with 34,216 other names
rates, 41 currencies 7,126 days  0.4 s    8 statements
"""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sundry.base.access.rules import Actor
from sundry.base.reference import actions, queries
from sundry.base.reference.actions import LeftOut, Loaded
from sundry.base.reference.loading import File, read
from sundry.base.reference.rules import Country, Kind

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FILES = Path(__file__).parents[4] / "shared" / "data"
pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason="the real files are not beside the repository")
STATEMENTS_MAX = 10  # of a file, however long it is


def files(folder: str) -> list[File]:
    return [File(path.name, path.read_bytes()) for path in sorted((FILES / folder).iterdir())]


def loaded(*given: File) -> dict[Kind, Loaded]:
    with CaptureQueriesContext(connection) as statements:
        done = actions.load_folder(actor=Actor(), given=given, now=NOW)
    made = {one.kind: one for one in done if isinstance(one, Loaded)}
    assert len(statements) <= STATEMENTS_MAX * len(made)
    return made


@pytest.mark.django_db
def test_the_harmonized_system() -> None:
    made = loaded(*files("hs"))
    hs = made[Kind.HS]
    assert (hs.rows, hs.added, hs.is_refused) == (6_939, 6_939, False)
    assert [(one.rule, one.value, one.row) for one in hs.findings] == [("reference_row_left_out", "TOTAL", 6_941)]
    assert len(queries.hs_children("", NOW.date())) == 97
    assert len(queries.sections("en", NOW.date())) == made[Kind.SECTION].rows == 21
    assert [one.value.code for one in queries.hs_path("9503.00", NOW.date())] == ["95", "9503", "950300"]
    assert queries.hs("9503", date(2021, 12, 31)) is None


@pytest.mark.django_db
def test_ports_with_their_other_names() -> None:
    pytest.importorskip("pyarrow", reason="the extra `figures` is not installed")
    wanted = [one for one in files("geo") if one.name.startswith("port_")]
    port = loaded(*wanted)[Kind.PORT]
    assert (port.rows, port.added, port.is_refused) == (20_070, 20_070, False)
    found = queries.ports("Casablanca", NOW.date(), country="MA")
    assert "MACAS" in {one.value.code for one in found}
    assert found[0].value.latitude_e5 is not None


@pytest.mark.django_db
def test_a_list_of_sea_ports() -> None:
    done = actions.load_folder(
        actor=Actor(), given=[one for one in files("geo") if one.name in ("cn_areas.csv", "sea_ports.json")], now=NOW
    )
    told = {one.file: one for one in done}
    ports, areas = told["sea_ports.json"], told["cn_areas.csv"]
    assert isinstance(ports, Loaded)
    assert (ports.kind, ports.rows, ports.found) == (Kind.PORT, 1_634, 0)
    assert isinstance(areas, LeftOut)


@pytest.mark.django_db
def test_rates_of_27_years() -> None:
    (archive,) = (one for one in files("rates") if one.name.endswith(".zip"))
    rates = loaded(archive)[Kind.RATE]
    assert (rates.rows, rates.found) == (7_126, 0)
    rate = queries.rate(date(2026, 11, 1), "USD", "CNY")
    assert rate is not None
    assert (rate.day, str(rate.numerator), str(rate.denominator)) == (date(2026, 10, 30), "7.4326", "1.1172")
    first = queries.rate(date(1999, 1, 4), "EUR", "USD")
    assert first is not None
    assert str(first.rounded()) == "1.1789"
    assert queries.rate(date(2026, 10, 30), "EUR", "HRK") is None, "a currency that ended is not given for ever"


def test_our_countries_are_those_of_the_world() -> None:
    (theirs,) = (one for one in files("geo") if one.name == "country-codes.csv")
    own = Path(__file__).parents[3] / "src" / "sundry" / "base" / "reference" / "own" / "countries.csv"
    with own.open(encoding="utf-8", newline="") as opened:
        ours = {(row["alpha2"], row["alpha3"], row["numeric"]) for row in csv.DictReader(opened)}
    content = read(theirs, day=NOW.date())
    assert ours == {
        (one.value.code, one.value.alpha3, one.value.numeric)
        for one in content.values
        if isinstance(one.value, Country)
    }
