"""Values of formulas that a book keeps without their results.

Problem: a book written by a program (or saved by some phone apps) holds `=F5*G5` and no value, or a value of 0 in every
formula. Excel would compute on opening; we must, too. Order books use products, sums, references and rounding, so that
is what we compute; anything else stays without a value and is told.

    =ROUND(D4*K4*L4*M4/1000000,3)     with D4=5, K4=70, L4=46, M4=30  ->  0.483

Therefore: a small recursive-descent evaluator over the cells, with memory and a guard against circles.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence

from sundry.goods.orders.formats.grid import Cell, CellError, CellValue, Grid, column_number

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)
    | (?P<text>"(?:[^"]|"")*")
    | (?P<error>\#(?:REF!|DIV/0!|N/A|VALUE!|NAME\?|NUM!|NULL!))
    | (?P<sheet>'(?:[^']|'')+'!|[A-Za-z_\u0080-\uffff][\w.\u0080-\uffff]*!)?(?P<ref>\$?[A-Z]{1,3}\$?\d{1,7})(?![\w(])
    | (?P<name>[A-Za-z_][\w.]*)
    | (?P<operator><=|>=|<>|[-+*/^&%(),:<>=])
    )""",
    re.VERBOSE,
)
_DEPTH_MAX = 400
_RANGE_CELLS_MAX = 2_000_000


class _Unknown(Exception):
    """The formula uses something we do not compute."""


class _Broken(Exception):
    """The formula's value is an error."""


Operand = float | str | bool | None
Range = list[Operand]


def fill_missing_values(sheets: Sequence[Grid]) -> int:
    """Compute every formula without a value, in place. Returns how many could not be computed (their value stays None).

    A book in which every formula's kept value is 0 was written by a program that leaves computing to Excel: there all
    are computed anew.
    """
    formulas = [cell for grid in sheets for cells in grid.cells.values() for cell in cells.values() if cell.formula]
    if len(formulas) > 1 and all(cell.value in (None, 0) and cell.value is not False for cell in formulas):
        for cell in formulas:
            cell.value = None
    missing = [
        (grid, row, column)
        for grid in sheets
        for row, cells in grid.cells.items()
        for column, cell in cells.items()
        if cell.formula and cell.value is None
    ]
    if not missing:
        return 0
    sums = _Evaluator(sheets)
    return sum(not sums.compute(grid, row, column) for grid, row, column in missing)


class _Evaluator:
    def __init__(self, sheets: Sequence[Grid]) -> None:
        self.sheets = {grid.name: grid for grid in sheets}
        self.open: set[int] = set()

    def compute(self, grid: Grid, row: int, column: int) -> bool:
        try:
            self.value(grid, row, column)
        except (_Unknown, RecursionError):
            return False
        except _Broken:
            pass
        return True

    def value(self, grid: Grid, row: int, column: int) -> Operand:
        """The value of a cell, computed if the book has none; it is kept in the cell."""
        cell = grid.get(row, column)
        if cell is None:
            return None
        if cell.value is None and cell.formula:
            self._fill(grid, cell)
        if isinstance(cell.value, CellError):
            raise _Broken(cell.value)
        if isinstance(cell.value, (str, float, int, bool)) or cell.value is None:
            return cell.value
        raise _Unknown("date")

    def _fill(self, grid: Grid, cell: Cell) -> None:
        if id(cell) in self.open or len(self.open) > _DEPTH_MAX:
            raise _Unknown("circle")
        self.open.add(id(cell))
        try:
            result = _Formula(self, grid, cell.formula or "").result()
            shown: CellValue = result if result is not None else 0.0
            cell.value = shown
        except _Broken as fault:
            cell.value = CellError(str(fault))
        finally:
            self.open.discard(id(cell))


class _Formula:
    """One formula: `result()` or _Unknown / _Broken."""

    def __init__(self, evaluator: _Evaluator, grid: Grid, text: str) -> None:
        self.evaluator, self.grid = evaluator, grid
        self.tokens = list(_tokens(text.lstrip("=").removeprefix("+")))
        self.at = 0

    def result(self) -> Operand:
        value = self._comparison()
        if self.at != len(self.tokens):
            raise _Unknown("rest")
        return _single(value)

    def _peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) and self.tokens[self.at][0] == "operator" else ""

    def _take(self, operator: str) -> None:
        if self._peek() != operator:
            raise _Unknown(operator)
        self.at += 1

    def _comparison(self) -> Operand | Range:
        left = self._joined()
        while self._peek() in ("=", "<>", "<", ">", "<=", ">="):
            operator = self._peek()
            self.at += 1
            left = _compare(operator, _single(left), _single(self._joined()))
        return left

    def _joined(self) -> Operand | Range:
        left = self._sum()
        while self._peek() == "&":
            self.at += 1
            left = _text(_single(left)) + _text(_single(self._sum()))
        return left

    def _sum(self) -> Operand | Range:
        left = self._product()
        while self._peek() in ("+", "-"):
            sign = 1 if self._peek() == "+" else -1
            self.at += 1
            left = _number(_single(left)) + sign * _number(_single(self._product()))
        return left

    def _product(self) -> Operand | Range:
        left = self._power()
        while self._peek() in ("*", "/"):
            operator = self._peek()
            self.at += 1
            right = _number(_single(self._power()))
            if operator == "/" and right == 0:
                raise _Broken("#DIV/0!")
            left = _number(_single(left)) * right if operator == "*" else _number(_single(left)) / right
        return left

    def _power(self) -> Operand | Range:
        left = self._signed()
        while self._peek() == "^":
            self.at += 1
            try:
                left = float(_number(_single(left)) ** _number(_single(self._signed())))
            except (OverflowError, ZeroDivisionError, TypeError) as fault:
                raise _Broken("#NUM!") from fault
        return left

    def _signed(self) -> Operand | Range:
        if self._peek() in ("+", "-"):
            sign = -1 if self._peek() == "-" else 1
            self.at += 1
            return sign * _number(_single(self._signed()))
        value = self._atom()
        while self._peek() == "%":
            self.at += 1
            value = _number(_single(value)) / 100
        return value

    def _atom(self) -> Operand | Range:
        if self.at >= len(self.tokens):
            raise _Unknown("end")
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return float(text)
        if kind == "text":
            return text[1:-1].replace('""', '"')
        if kind == "error":
            raise _Broken(text)
        if kind == "ref":
            self.at -= 1
            return self._reference(text)
        if kind == "name":
            return self._call(text.upper().removeprefix("_XLFN."))
        if text == "(":
            value = self._comparison()
            self._take(")")
            return value
        raise _Unknown(text)

    def _reference(self, text: str) -> Operand | Range:
        before = self.at
        grid, (row, column), (last_row, last_column) = self._corners(text)
        if self.at - before > 1:
            return list(self._range(grid, row, column, last_row, last_column))
        return self.evaluator.value(grid, row, column)

    def _range(self, grid: Grid, row: int, column: int, last_row: int, last_column: int) -> Iterator[Operand]:
        for at in range(row, last_row + 1):
            cells = grid.cells.get(at)
            for over in range(column, last_column + 1) if cells else ():
                if cells and over in cells:
                    yield self.evaluator.value(grid, at, over)

    def _call(self, name: str) -> Operand:
        if name in ("TRUE", "FALSE") and self._peek() != "(":
            return name == "TRUE"
        self._take("(")
        arguments: list[Operand | Range] = []
        while self._peek() != ")":
            if name == "SUBTOTAL" and arguments:
                arguments.append(self._subtotal_range(int(_number(_single(arguments[0])))))
            else:
                arguments.append(self._comparison())
            if self._peek() == ",":
                self.at += 1
            elif self._peek() != ")":
                raise _Unknown(name)
        self._take(")")
        if name == "SUBTOTAL":
            name, arguments = "SUM" if int(_number(_single(arguments[0]))) in (9, 109) else "?", arguments[1:]
        if name not in _FUNCTIONS:
            raise _Unknown(name)
        return _FUNCTIONS[name](arguments)

    def _subtotal_range(self, code: int) -> Range:
        """SUBTOTAL leaves out other subtotals; 109 also leaves out rows hidden by hand, 9 those hidden by a filter."""
        if self.at >= len(self.tokens) or self.tokens[self.at][0] != "ref":
            raise _Unknown("SUBTOTAL")
        grid, (row, column), (last_row, last_column) = self._corners(self.tokens[self.at][1])
        visible: Range = []
        for at in range(row, last_row + 1):
            cells = grid.cells.get(at)
            if not cells or (at in grid.hidden_rows and (code > 100 or grid.filtered)):
                continue
            for over in range(column, last_column + 1):
                if over in cells and "SUBTOTAL" not in (cells[over].formula or "").upper():
                    visible.append(self.evaluator.value(grid, at, over))
        return visible

    def _corners(self, first: str) -> tuple[Grid, tuple[int, int], tuple[int, int]]:
        """The sheet, first and last (row, column) of a range whose first reference has just been met."""
        sheet, _, place = first.rpartition("!")
        grid = self.evaluator.sheets.get(sheet.strip("'").replace("''", "'")) if sheet else self.grid
        if grid is None:
            raise _Broken("#REF!")
        corner = last = _place(place)
        self.at += 1
        if self._peek() == ":" and self.at + 1 < len(self.tokens) and self.tokens[self.at + 1][0] == "ref":
            last = _place(self.tokens[self.at + 1][1].rpartition("!")[2])
            self.at += 2
        if (last[0] - corner[0] + 1) * (last[1] - corner[1] + 1) > _RANGE_CELLS_MAX:
            raise _Unknown("range")
        return grid, corner, last


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.end() == at:
            raise _Unknown(text[at:])
        at = match.end()
        kind = match.lastgroup or ""
        yield kind, (match["sheet"] or "") + match["ref"] if kind == "ref" else match[kind]


def _place(reference: str) -> tuple[int, int]:
    bare = reference.replace("$", "")
    letters = bare.rstrip("0123456789")
    return int(bare[len(letters) :]), column_number(letters)


def _single(value: Operand | Range) -> Operand:
    if isinstance(value, list):
        raise _Unknown("range")
    return value


def _number(value: Operand) -> float:
    if value is None or value == "":
        return 0.0
    if isinstance(value, str):
        try:
            return float(value.replace(",", ""))
        except ValueError as fault:
            raise _Broken("#VALUE!") from fault
    return float(value)


def _text(value: Operand) -> str:
    return f"{value:.15g}" if isinstance(value, float) else "" if value is None else str(value)


def _compare(operator: str, left: Operand, right: Operand) -> bool:
    if isinstance(left, str) != isinstance(right, str):
        left, right = (left or "", right or "") if None in (left, right) else (_text(left), _text(right))
    a, b = (left, right) if isinstance(left, str) and isinstance(right, str) else (_number(left), _number(right))
    below, same = a < b, a == b  # type: ignore[operator]
    return {"=": same, "<>": not same, "<": below, ">": not below and not same, "<=": below or same, ">=": not below}[
        operator
    ]


def _numbers(arguments: Sequence[Operand | Range]) -> list[float]:
    """As SUM takes them: inside a range text counts as nothing, a text argument is converted."""
    found: list[float] = []
    for argument in arguments:
        if isinstance(argument, list):
            found += [float(v) for v in argument if isinstance(v, (int, float)) and not isinstance(v, bool)]
        else:
            found.append(_number(argument))
    return found


def _rounded(arguments: Sequence[Operand | Range], way: Callable[[float], float]) -> float:
    number = _number(_single(arguments[0]))
    digits = int(_number(_single(arguments[1]))) if len(arguments) > 1 else 0
    scale = 10.0**digits
    return math.copysign(way(float(f"{abs(number) * scale:.15g}")) / scale, number)


def _chosen(arguments: Sequence[Operand | Range]) -> Operand:
    otherwise = _single(arguments[2]) if len(arguments) > 2 else False
    return _single(arguments[1]) if _number(_single(arguments[0])) else otherwise


def _sum_of_products(arguments: Sequence[Operand | Range]) -> float:
    ranges = [argument if isinstance(argument, list) else [argument] for argument in arguments]
    if len({len(values) for values in ranges}) != 1:
        raise _Unknown("SUMPRODUCT over ranges with holes")
    return math.fsum(
        math.prod(float(v) if isinstance(v, (int, float)) else 0.0 for v in row) for row in zip(*ranges, strict=True)
    )


def _of_numbers(function: Callable[[list[float]], float]) -> Callable[[Sequence[Operand | Range]], Operand]:
    return lambda arguments: function(_numbers(arguments) or [0.0])


_FUNCTIONS: dict[str, Callable[[Sequence[Operand | Range]], Operand]] = {
    "SUM": _of_numbers(math.fsum),
    "PRODUCT": _of_numbers(math.prod),
    "MAX": _of_numbers(max),
    "MIN": _of_numbers(min),
    "AVERAGE": _of_numbers(lambda numbers: math.fsum(numbers) / len(numbers)),
    "SUMPRODUCT": _sum_of_products,
    "ROUND": lambda arguments: _rounded(arguments, lambda number: math.floor(number + 0.5)),
    "ROUNDUP": lambda arguments: _rounded(arguments, math.ceil),
    "ROUNDDOWN": lambda arguments: _rounded(arguments, math.floor),
    "INT": lambda arguments: float(math.floor(_number(_single(arguments[0])))),
    "ABS": lambda arguments: abs(_number(_single(arguments[0]))),
    "VALUE": lambda arguments: _number(_single(arguments[0])),
    "IF": _chosen,
}
