"""Text that a spreadsheet would compute instead of showing it.

Problem: a stall may be called `=cmd|' /C calc'!A0`, and whoever opens a table of stalls runs it. It need not begin with
the sign either: a Chinese Excel takes the wide one of its keyboard (`＝`), spaces before it are passed over, and a CSV
is cut at `;` where Spain, France and Russia open it, so that `Cups;=1+1` becomes two cells.

Therefore: in a workbook such text is written as text that stays text when its cell is edited (`begins_formula`); in a
CSV an apostrophe stands before every sign that could come to stand first in a cell (`csv_text`). After OWASP, CSV
Injection.
"""

from __future__ import annotations

import re
from typing import Final

_SIGNS: Final = "=+@＝＋－＠\\-"
_UNSEEN: Final = "\\s\u200b-\u200f\u2060\ufeff"  # what is passed over before a sign
_BEGINS: Final = re.compile(f"[\\t\\r\\n]|[{_UNSEEN}]*[{_SIGNS}]")
_IN_CSV: Final = re.compile(f"(^|[;\\t\\r\\n])(?=[{_UNSEEN}]*[{_SIGNS}])")


def begins_formula(text: str) -> bool:
    """
    >>> begins_formula("=1+1"), begins_formula(" ＝1+1"), begins_formula("M8 = 1")
    (True, True, False)
    """
    return _BEGINS.match(text) is not None


def csv_text(text: str) -> str:
    """
    >>> csv_text("=1+1"), csv_text("Cups;=1+1"), csv_text("Cups; 12 - 24")
    ("'=1+1", "Cups;'=1+1", 'Cups; 12 - 24')
    """
    guarded = _IN_CSV.sub(r"\1'", text)
    return f"'{guarded}" if guarded == text and begins_formula(text) else guarded
