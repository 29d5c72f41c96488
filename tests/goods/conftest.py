"""Shipments for the papers, and how an Excel paper is read back: by another library than the one that wrote it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.cell import Cell

from sundry.base.papers.sheets import label
from sundry.engines.declaring.declare import declare, loaded_share
from sundry.engines.declaring.rules import DeclarableLine, Rules1039
from sundry.goods.consolidation.rules import LeftOut, LoadedContainer, Placement
from sundry.goods.orders.rules import Line
from sundry.goods.shipping.actions import ShipOptions, plan_shipment
from sundry.goods.shipping.rules import Profile, Shipment
from sundry.kernel.exchange import Rate
from sundry.kernel.splitting import split
from sundry.simulation.order_book import write_sample

DAY = date(2026, 4, 20)
YELLOW = "FFFFE699"
DANGEROUS = ("=cmd|' /C calc'!A0", "+1", "-x", "@SUM(A1)", "\t=1+1")

MakeLine = Callable[..., Line]
MakeShipment = Callable[..., Shipment]


def _line(row: int, **changes: Any) -> Line:
    usual = Line(
        sheet="订单", row=row, stall=f"A{row}", item=f"K{row}", name=f"玩具{row}", cartons=3, pieces_per_carton=10,
        pieces=30, unit="piece", unit_price="2.00", unit_price_minor=200, price_per="piece", value_minor=6000,
        currency="USD", gross_g=30_001, net_g=27_002, carton_mm=(605, 400, 300), carton_mm_from="stated",
        carton_volume_mm3=72_600_000, carton_volume_from="LxWxH", hs="9503008900",
    )  # fmt: skip
    return replace(usual, **changes)


def _container(lines: Sequence[Line], counts: Sequence[Mapping[int, int]], at: int, left: Mapping[int, int]) -> Any:
    """Cartons in a row; nobody looks here whether they would fit."""
    placements = [
        Placement(index, 0, 0, 0, *(lines[index].carton_mm or (0, 0, 0)))
        for index, cartons in counts[at].items()
        for _ in range(cartons)
    ]
    grams = 0
    for index in counts[at]:
        loaded = [count.get(index, 0) for count in counts]
        of_loaded = split(lines[index].gross_g or 0, [sum(loaded), left.get(index, 0)])[0]
        grams += split(of_loaded, loaded)[at]
    return LoadedContainer(
        type="20GP" if at else "40HC",
        inside_mm=(5898, 2352, 2393) if at else (12032, 2352, 2698),
        door_mm=(2340, 2280),
        payload_g=26_500_000,
        usual_volume_mm3=None if at else 500_000_000,
        price_minor=100_000,
        price_currency="USD",
        placements=tuple(placements),
        gross_g=None if any(lines[index].gross_g is None for index in counts[at]) else grams,
        known_gross_g=grams,
        volume_mm3=sum(p.dx * p.dy * p.dz for p in placements),
    )


def _shipment(
    lines: Sequence[Line],
    containers: Sequence[Mapping[int, int]] | None = None,
    left: Mapping[int, int] | None = None,
    **changes: Any,
) -> Shipment:
    """`containers` and `left`: line -> cartons; without them all stands in one container."""
    left = left or {}
    counts = [{i: line.cartons for i, line in enumerate(lines)}] if containers is None else containers
    declarable = [
        DeclarableLine(
            i, line.hs, line.name or line.item, line.unit, line.cartons, line.pieces, line.value_minor, line.gross_g,
            line.net_g, line.inspection,
        )
        for i, line in enumerate(lines)
    ]  # fmt: skip
    loaded = [loaded_share(line, line.cartons - left.get(line.line, 0)) for line in declarable]
    declared = declare(loaded, rules=Rules1039.at(DAY))
    shipment = Shipment(
        file="book.xlsx",
        day=DAY,
        language="en",
        profile=Profile(buyer="Amal & Sons", destination="AE"),
        rates=(Rate("USD", "CNY", Decimal("7.10")),),
        lines=tuple(lines),
        value_usd_cents=tuple(line.value_minor for line in lines),
        set_aside=(),
        containers=tuple(_container(lines, counts, at, left) for at in range(len(counts))),
        left_out=tuple(LeftOut(index, cartons, "containers_full") for index, cartons in left.items()),
        declarations=declared.declarations,
        findings=(),
        forms_min=declared.forms_min,
    )
    return replace(shipment, **changes)


@pytest.fixture(scope="session")
def line() -> MakeLine:
    """line(row, field=...) is a line of three cartons of toys that differs by what is given."""
    return _line


@pytest.fixture(scope="session")
def shipment_of() -> MakeShipment:
    """shipment_of(lines, containers=[{line: cartons}, ...], left={line: cartons}) loads and declares the lines."""
    return _shipment


@pytest.fixture(scope="session")
def small() -> Shipment:
    """Two containers and something left out; every weight is known; a stall after each dangerous beginning."""
    codes = ("9503008900", "4202920000", "3926909090", "8516609000", "6402992900", "9504500000", "9505100010")
    values = (900_00, 800_00, 700_00, 600_00, 500_00, 40_00, 30_00)
    lines = [
        _line(2 + i, hs=hs, value_minor=value, stall=(*DANGEROUS, "B6", "B7")[i])
        for i, (hs, value) in enumerate(zip(codes, values, strict=True))
    ]
    lines[0] = replace(
        lines[0], cartons=5, pieces=61, pieces_per_carton=None, gross_g=100_001, net_g=90_001, names={"en": "toy"}
    )
    lines.append(_line(9, hs="9504500000", value_minor=10_00, mark="MK/1", this_side_up=True, unit="pair"))
    lines.append(_line(10, hs="9504500000", value_minor=20_00, inspection=True, carton_mm_from="default_box"))
    containers = [{0: 2, 1: 3, 2: 3, 3: 3, 4: 3}, {0: 2, 5: 3, 6: 3, 7: 3, 8: 3}]
    return _shipment(lines, containers, {0: 1})


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Shipment:
    """The sample book of the house, planned."""
    book = tmp_path_factory.mktemp("sample") / "sample.xlsx"
    write_sample(book)
    return plan_shipment(book, ShipOptions(day=DAY, rates=("USDCNY=7.10",), seconds=0.2))


@pytest.fixture(scope="session", params=["small", "real"])
def shipment(request: pytest.FixtureRequest) -> Shipment:
    """Each of both."""
    return request.getfixturevalue(str(request.param))


# Reading back.

_TOTAL = re.compile(r"=(SUM|SUBTOTAL)\((9,)?([A-Z]+)(\d+)(?::[A-Z]+(\d+))?\)")
_TOTAL_OF_UNKNOWN = re.compile(r'=IF\((?:COUNT|SUBTOTAL)\((?:2,)?([A-Z]+)(\d+)(?::[A-Z]+(\d+))?\)=0,"",.*\)')


def number(value: object) -> Decimal:
    """As somebody reads it who knows its decimals: what the file says, without the dust of binary fractions."""
    return Decimal(repr(value)).quantize(Decimal("1e-9")).normalize()


@dataclass(frozen=True)
class Page:
    """One sheet: `formulas` as written, `values` as they stand beside them."""

    formulas: Any
    values: Any
    language: str

    def header(self, rule: str) -> Cell:
        """The cell that carries the label `rule` of a table."""
        names = {label(rule, self.language), label(rule, "zh").partition("\n")[0]}
        found = [cell for row in self.formulas.iter_rows() for cell in row if cell.value in names and _is_bold(cell)]
        assert len(found) == 1, f"{rule} stands {len(found)} times"
        return found[0]

    def column(self, rule: str) -> list[Any]:
        """What stands under the label, the sums left out."""
        return [cell.value for cell in self.cells(rule)]

    def cells(self, rule: str) -> list[Any]:
        return self._below(rule, sums=False)

    def totals(self, rule: str) -> list[Any]:
        return self._below(rule, sums=True)

    def total(self, rule: str) -> Decimal:
        """The last sum under the label."""
        return number(self.totals(rule)[-1].value)

    def _below(self, rule: str, *, sums: bool) -> list[Any]:
        """The cells down to the last sum; a row is a sum where its first cell is bold. Notes stand below the table."""
        head = self.header(rule)
        rows = range(head.row + 1, self.formulas.max_row + 1)
        bold = [row for row in rows if _is_bold(self.formulas.cell(row, 1))]
        return [
            self.values.cell(row, head.column)
            for row in range(head.row + 1, bold[-1] + 1)
            if (row in bold) == sums and self.formulas.cell(row, 1).border.left.style  # not the gap above a total
        ]

    def texts(self) -> list[str]:
        return [cell.value for row in self.values.iter_rows() for cell in row if isinstance(cell.value, str)]

    def check_formulas(self) -> int:
        """Recompute every formula from the cells above it; how many there are."""
        formulas = [cell for row in self.formulas.iter_rows() for cell in row if cell.data_type == "f"]
        for cell in formulas:
            written = self.values[cell.coordinate].value
            if unknown := _TOTAL_OF_UNKNOWN.fullmatch(cell.value):
                assert written is None, cell.coordinate
                assert not self._numbers(*unknown.groups(), nested=True), cell.coordinate
            else:
                found = _TOTAL.fullmatch(cell.value)
                assert found, cell.value
                function, _, *cells = found.groups()
                assert sum(self._numbers(*cells, nested=function == "SUBTOTAL")) == number(written), cell.coordinate
        return len(formulas)

    def _numbers(self, column: str, first: str, last: str | None, *, nested: bool) -> list[Decimal]:
        """What SUM would add up, and SUBTOTAL (`nested`), which passes over other subtotals."""
        cells = [f"{column}{row}" for row in range(int(first), int(last or first) + 1)]
        counted = [cell for cell in cells if not (nested and self.formulas[cell].data_type == "f")]
        return [number(self.values[cell].value) for cell in counted if self.values[cell].value is not None]


def _is_bold(cell: Cell) -> bool:
    """Heads and sums of a table; a title has no border."""
    return bool(cell.font.bold) and cell.border.left.style is not None


class Paper:
    """A workbook read back with openpyxl."""

    def __init__(self, path: Path, language: str = "en") -> None:
        self.formulas = openpyxl.load_workbook(path)
        self.values = openpyxl.load_workbook(path, data_only=True)
        self.language = language

    @property
    def names(self) -> list[str]:
        return list(self.formulas.sheetnames)

    def __getitem__(self, name: str) -> Page:
        return Page(self.formulas[name], self.values[name], self.language)

    def pages(self) -> list[Page]:
        return [self[name] for name in self.names]


@pytest.fixture(scope="session")
def reread() -> Callable[..., Paper]:
    """reread(path, language) opens a paper."""
    return Paper


@pytest.fixture(scope="session")
def as_number() -> Callable[[object], Decimal]:
    return number


@pytest.fixture(scope="session")
def is_marked() -> Callable[[Any], bool]:
    """Whether a cell is marked as to be filled in."""

    def marked(cell: Any) -> bool:
        return bool(cell.fill.fgColor.rgb == YELLOW)

    return marked


@pytest.fixture(scope="session")
def loaded() -> Callable[[Shipment], list[Counter[int]]]:
    """loaded(shipment): cartons of each line, a counter a container."""

    def count(shipment: Shipment) -> list[Counter[int]]:
        return [Counter(placement.line for placement in container.placements) for container in shipment.containers]

    return count


@pytest.fixture
def sent_to_the_database() -> Callable[[], Any]:
    """`with sent_to_the_database() as sent:` lists each statement, Django's and those sent on psycopg itself, COPY too,
    but for those that begin and end a transaction."""
    from contextlib import contextmanager

    import psycopg

    @contextmanager
    def listening() -> Any:
        sent: list[str] = []
        with pytest.MonkeyPatch.context() as patched:
            for way in ("execute", "executemany", "copy"):
                real = getattr(psycopg.Cursor, way)

                def told(self: Any, statement: Any, *rest: Any, real: Any = real, **more: Any) -> Any:
                    if str(statement).split(maxsplit=1)[0].upper() not in ("BEGIN", "COMMIT", "ROLLBACK"):
                        sent.append(str(statement))
                    return real(self, statement, *rest, **more)

                patched.setattr(psycopg.Cursor, way, told)
            yield sent

    return listening
