"""An order list on its way into a basket: what becomes of it, and of each of its rows.

Problem: somebody's workbook of 2,000 rows is right in 1,990 of them. Refused whole it is of no use, taken in part
without a word it is a wrong order. Therefore it is read, shown row by row with what is wrong, mended in place, and only
then inserted, by a worker that can be stopped and goes on where it was.
"""

from __future__ import annotations

from enum import StrEnum


class ImportState(StrEnum):
    READING = "reading"
    PREVIEW = "preview"  # read; nothing of it is in an order yet
    INSERTING = "inserting"
    INSERTED = "inserted"
    STOPPED = "stopped"
    FAILED = "failed"  # it could not be read at all; `problems` says why


class Verdict(StrEnum):
    """What becomes of a row."""

    NEW = "new"  # a line more
    CHANGED = "changed"  # of a line that came out of this order
    UNCHANGED = "unchanged"
    STALE = "stale"  # the line was changed since the sheet was made
    WRONG = "wrong"
    GONE = "gone"  # a line that went out in the sheet and did not come back in it: asked about, never taken silently
