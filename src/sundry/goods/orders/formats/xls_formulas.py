"""The formulas of a .xls as text: what a program wrote without computing it can only be computed from them.

Problem: a .xls keeps each formula as a program for a stack machine (MS-XLS 2.5.198), and xlrd gives only the value that
was kept, which programs that do not calculate leave empty. Therefore the sheet's records are walked once more and each
program is written back as the text that was typed.

    ref C5, ref D5, mul  ->  C5*D5          area G2:G9, func-var 1 of 4  ->  SUM(G2:G9)
"""

from __future__ import annotations

import struct
from typing import Any

from xlrd.formula import func_defs, get_externsheet_local_range

from sundry.goods.orders.formats.grid import column_letter

_FORMULA = (0x0006, 0x0206, 0x0406)
_SHARED, _BOF, _EOF = 0x04BC, 0x0809, 0x000A
_BINARY = dict(zip(range(0x03, 0x0F), ("+", "-", "*", "/", "^", "&", "<", "<=", "=", ">=", ">", "<>"), strict=True))
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_NOT_TOLD = "?"  # a formula of which we do not know a part; whoever computes it finds that out


def formulas(book: Any, number: int) -> dict[tuple[int, int], str]:
    """(row, column), both from 0, of each formula of a sheet -> its text. `book` is an xlrd book opened on demand."""
    told: dict[tuple[int, int], bytes] = {}
    shared: dict[tuple[int, int], bytes] = {}
    at, depth, last = book._sh_abs_posn[number], 0, (0, 0)
    while at + 4 <= len(book.mem):
        kind, length = struct.unpack_from("<HH", book.mem, at)
        data = bytes(book.mem[at + 4 : at + 4 + length])
        at += 4 + length
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                break
        elif kind in _FORMULA and depth == 1:
            last = struct.unpack_from("<HH", data)
            told[last] = _program(data[20:])
        elif kind == _SHARED and depth == 1:
            shared[last] = _program(data[8:])
    return {place: _text(book, program, place, shared) for place, program in told.items()}


def _program(data: bytes) -> bytes:
    return data[2 : 2 + struct.unpack_from("<H", data)[0]]


def _text(book: Any, program: bytes, place: tuple[int, int], shared: dict[tuple[int, int], bytes]) -> str:
    if program[:1] == b"\x01":  # the cell follows a formula that several cells share
        first: tuple[int, int] = struct.unpack_from("<HH", program, 1)
        if first not in shared:
            return _NOT_TOLD
        program = shared[first]
    try:
        return _Machine(book, program, place).text()
    except (struct.error, IndexError, KeyError, TypeError, ValueError):
        return _NOT_TOLD


class _Machine:
    """Runs a program over texts instead of numbers. KeyError or IndexError where it does something we do not know."""

    def __init__(self, book: Any, program: bytes, place: tuple[int, int]) -> None:
        self.book, self.program, self.place = book, program, place
        self.at = 0
        self.stack: list[str] = []

    def text(self) -> str:
        while self.at < len(self.program):
            token = self.program[self.at]
            self.at += 1
            self._token(token if token < 0x20 else token & 0x1F | 0x20)  # the classes of a token mean one thing to us
        (whole,) = self.stack
        return whole

    def _token(self, token: int) -> None:
        if token in _BINARY:
            right, left = self.stack.pop(), self.stack.pop()
            self.stack.append(f"{left}{_BINARY[token]}{right}")
        elif token in (0x12, 0x13):
            self.stack.append("+-"[token - 0x12] + self.stack.pop())
        elif token == 0x14:
            self.stack.append(self.stack.pop() + "%")
        elif token == 0x15:
            self.stack.append(f"({self.stack.pop()})")
        elif token == 0x16:
            self.stack.append("")
        elif token == 0x19:
            self._attribute()
        elif token in (0x21, 0x22):
            self._function(token)
        else:
            self.stack.append(self._operand(token))

    def _operand(self, token: int) -> str:
        if token == 0x17:
            return self._typed_text()
        if token == 0x1C:
            return _ERRORS[self._take("<B")[0]]
        if token == 0x1D:
            return "TRUE" if self._take("<B")[0] else "FALSE"
        if token == 0x1E:
            return str(self._take("<H")[0])
        if token == 0x1F:
            return f"{self._take('<d')[0]:.15g}"
        if token in (0x24, 0x2C):
            row, column = self._take("<HH")
            return self._place(row, column, relative=token == 0x2C)
        if token in (0x25, 0x2D):
            return self._area(relative=token == 0x2D)
        if token == 0x3A:
            sheet, row, column = self._take("<HHH")
            return self._sheet(sheet) + self._place(row, column)
        if token == 0x3B:
            return self._sheet(self._take("<H")[0]) + self._area()
        if token in (0x2A, 0x2B):
            self._take("<4x" if token == 0x2A else "<8x")
            return "#REF!"
        raise KeyError(token)

    def _take(self, shape: str) -> tuple[Any, ...]:
        values = struct.unpack_from(shape, self.program, self.at)
        self.at += struct.calcsize(shape)
        return values

    def _typed_text(self) -> str:
        length, wide = self._take("<BB")
        raw = self.program[self.at : self.at + length * (1 + wide)]
        self.at += len(raw)
        return '"' + raw.decode("utf-16-le" if wide else "latin-1").replace('"', '""') + '"'

    def _attribute(self) -> None:
        """Hints for Excel (spaces, jumps of IF); one of them is a SUM of one argument."""
        kind, count = self._take("<BH")
        if kind & 0x04:  # the jumps of CHOOSE
            self._take(f"<{2 * (count + 1)}x")
        elif kind & 0x10:
            self.stack.append(f"SUM({self.stack.pop()})")

    def _function(self, token: int) -> None:
        if token == 0x22:
            count, index = self._take("<BH")
            count, index = count & 0x7F, index & 0x7FFF
        else:
            index = self._take("<H")[0]
            count = func_defs[index][1]
        arguments = self.stack[len(self.stack) - count :] if count else []
        del self.stack[len(self.stack) - count :]
        self.stack.append(f"{func_defs[index][0]}({','.join(arguments)})")

    def _area(self, relative: bool = False) -> str:
        top, bottom, left, right = self._take("<HHHH")
        return f"{self._place(top, left, relative)}:{self._place(bottom, right, relative)}"

    def _place(self, row: int, column: int, relative: bool = False) -> str:
        """Whether a reference is fixed ($) does not matter, but in a shared formula it is counted from the cell."""
        row_moves, column_moves, column = column & 0x8000, column & 0x4000, column & 0xFF
        if relative and row_moves:
            row = (self.place[0] + row) & 0xFFFF
        if relative and column_moves:
            column = (self.place[1] + column) & 0xFF
        return f"{column_letter(column)}{row + 1}"

    def _sheet(self, reference: int) -> str:
        first, last = get_externsheet_local_range(self.book, reference)
        if first < 0 or first != last:
            raise KeyError(reference)
        name = self.book._sheet_names[first].replace("'", "''")
        return f"'{name}'!"
