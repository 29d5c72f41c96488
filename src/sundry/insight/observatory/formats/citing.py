"""Where a figure of a file stands on its page, and who may do what with it.

Problem: a figure that has left the market is copied from table to table, and in the third nobody knows whose it is.

    a statement of the page lakeside-0411.txt, issued 2026-04-11, that holds the characters 512 to 516

    lakeside-0411.txt, 2026-04-11, char=512,516            its citation, the same in every language
    https://market.example/observatory/pages/0199.../#char=512,516        where anybody reads it on its page

Therefore every row of every file has both. Places are counted as RFC 5147 counts them, between characters from 0, which
is how the page counts too.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from sundry.insight.observatory.rules import Observation, StatementView

Sourced = tuple[Observation, StatementView]  # a point of a series, and the first statement of its page that says it

SOURCE: Final = "Printed pages, read by Sundry. Each row names its page and the characters that say it."
LICENCE: Final = (
    "Figures and short quotations, given as evidence of what was printed. "
    "The rights in the text of a page remain with its publisher."
)


def place(statement: StatementView) -> str:
    """`char=512,516`: from the beginning of its first span to the end of its last."""
    start, end = min(start for start, _ in statement.spans), max(end for _, end in statement.spans)
    return f"char={start},{end}"


def citation(statement: StatementView) -> str:
    """Page, day of issue where it is known, and place."""
    day = (statement.issued.isoformat(),) if statement.issued is not None else ()
    return ", ".join((statement.page_name, *day, place(statement)))


def address(statement: StatementView, market: str) -> str:
    """The page at `market` (https://market.example), at the place of the statement."""
    return f"{market.rstrip('/')}/observatory/pages/{statement.page}/#{place(statement)}"


def spans_text(statement: StatementView) -> str:
    """`512-516; 530-533`."""
    return "; ".join(f"{start}-{end}" for start, end in statement.spans)


def plain(number: Decimal) -> Decimal:
    """Without the zeros after the point that the database adds, and never rounded: 12.500 is 12.5, 300 stays 300."""
    text = f"{number:f}"
    return Decimal(text.rstrip("0").rstrip(".")) if "." in text else number
