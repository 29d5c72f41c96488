"""A paragraph as it is read: without the spaces that a scan put inside words and numbers, each sign with its place.

Problem: a scan prints 出 口 1 2.5 亿 元, and neither the name nor the number is found in it; while in a table
3.1 4.6 are two numbers, and made one they would be a figure that nobody printed.

    stored      出 口 1 2.5 亿 元        places 0 .. 13
    read        出口12.5亿元             places 0 2 4 6 7 8 10 12, less sure at the seam inside 12.5

Therefore a single space goes where a sign of one character stands alone beside it, or between a number and its unit;
digits are put together only across a decimal point or in a text that is spaced throughout, and that counts against
the number like a join between two columns. A space that is left out lies inside the span of what is read over it.
"""

from __future__ import annotations

import re

from sundry.engines.reading.context import Line
from sundry.engines.reading.model import Span

JOINED_DIGITS = 0.85  # how sure a number is that was printed with a space in it

_GONE = "\ufdd0"  # no character of any text: a place that is left out
_HAN = "\u3400-\u9fff"
_SPACE = re.compile(r"(?<=[^\s]) (?=[^\s])")
_ALONE = re.compile(rf"(?:^|[ ，。；：、（）“”])[{_HAN}](?= )")
_SPACED = 3  # so many lone characters, and the text is spaced throughout
_ENDS_IN_A_FIGURE = re.compile(r"[0-9%％元点吨家户人次头亩件辆台个位倍成高一]\s*$")


def line_of(view: str, span: Span, *, is_heading: bool = False) -> Line:
    """The text of one span. A headline in two lines is one sentence; its break is a comma behind a figure."""
    text = view[slice(*span)]
    if is_heading and "\n" in text:
        text = _in_one(text)
    if " " not in text and _GONE not in text:
        return Line(text, tuple(range(*span)))
    is_spaced = len(_ALONE.findall(text)) >= _SPACED
    dropped, torn = set(), set()
    for found in _SPACE.finditer(text):
        at = found.start()
        if _is_torn(text, at, is_spaced=is_spaced):
            torn.add(at)
        elif not _is_inside(text, at):
            continue
        dropped.add(at)
    dropped |= {at for at, sign in enumerate(text) if sign == _GONE}
    kept = [at for at in range(len(text)) if at not in dropped]
    seams = tuple((place, JOINED_DIGITS) for place, at in enumerate(kept) if at - 1 in torn)
    return Line(
        "".join(text[at] for at in kept), tuple(span[0] + at for at in kept), seams,
        frozenset(span[0] + at for at in dropped),
    )  # fmt: skip


def _in_one(text: str) -> str:
    """The lines of a headline, one sign for each: a line's end is a comma behind a figure, else it is left out."""
    parts = re.split(r"(\s*\n[\s#*]*)", text)
    for index in range(1, len(parts) - 1, 2):
        is_over = _ENDS_IN_A_FIGURE.search(parts[index - 1]) is not None
        parts[index] = ("，" if is_over else _GONE) + _GONE * (len(parts[index]) - 1)
    return "".join(parts)


def _is_inside(text: str, at: int) -> bool:
    """Whether the space at `at` stands inside a word, or between a number and what belongs to it."""
    before, after = text[at - 1], text[at + 1]
    is_han = "\u3400" <= before <= "\u9fff", "\u3400" <= after <= "\u9fff"
    if all(is_han):
        return _is_alone(text, at - 1) or _is_alone(text, at + 1)
    if before.isdecimal() or before == "%":
        return is_han[1] or after in "%‰"
    return (is_han[0] and after.isdecimal()) or before in "，。；：、（“" or after in "，。；：、）”"


def _is_alone(text: str, at: int) -> bool:
    """Whether the sign at `at` has no neighbour of its own word."""
    marks = " ，。；：、（）“”\n"
    return text[at - 1 : at] in (*marks, "") and text[at + 1 : at + 2] in (*marks, "")


def _is_torn(text: str, at: int, *, is_spaced: bool) -> bool:
    """Whether the space at `at` stands inside a number."""
    before, after = text[at - 1], text[at + 1]
    if before.isdecimal() and after.isdecimal():
        return is_spaced
    if before == "." and after.isdecimal():
        return is_spaced or re.search(r"[^\s0-9.][0-9]{1,6}\.$", text[max(0, at - 9) : at]) is not None
    return before.isdecimal() and after == "." and text[at + 2 : at + 3].isdecimal()
