"""The grammar on sentences of our own: another town, other figures, other trades (sentences.yaml)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from sundry.engines.reading.context import Context, Line
from sundry.engines.reading.grammar import Sentence
from sundry.engines.reading.lexer import lex
from sundry.engines.reading.model import Period, Region
from sundry.engines.reading.reader import read
from sundry.engines.reading.sentence import Draft
from sundry.engines.reading.view import view_of

HOME = Region("350999", "青禾市")
ISSUED = date(2031, 5, 18)
CASES = yaml.safe_load((Path(__file__).parent / "sentences.yaml").read_text("utf-8"))


def drafts_of(text: str, context: Context | None = None) -> list[Draft]:
    """All drafts of a text of one or more sentences."""
    view = view_of(text)
    line = Line(view, tuple(range(len(view))))
    tokens = lex(view, 0, len(view), issued=ISSUED, home=HOME)
    context, drafts = context or Context(), []
    for start, end in line.sentences():
        inside = tuple(token for token in tokens if start <= token.start and token.end <= end)
        sentence = Sentence(line, start, end, inside, context, HOME, Period("asof 2031-05"))
        context = sentence.read()
        drafts += sentence.drafts
    return drafts


def said(text: str) -> list[tuple[str, str, str, str]]:
    """Type with number and unit, key and name, period, region of what is published, through the whole of `read`."""
    page = f"青禾经济运行平稳\n\n本报记者 林禾\n\n{text}\n"
    found = []
    for one in read(page, issued=ISSUED, home=HOME).statements:
        if one.is_published:
            number = (
                f"{one.value}" if one.value is not None else "none" if one.low is None else f"{one.low}..{one.high}"
            )
            what = f"{one.type.value} {number} {one.unit or 'none'}"
            found.append(
                (what, f"{one.indicator_key}={one.indicator}", one.period or "null", one.region_code or "null")
            )
    return found


def agrees(expected: str, got: tuple[str, str, str, str]) -> bool:
    what, name, period, region = (part.strip() for part in expected.split("|"))
    key, _, words = got[1].partition("=")
    return (
        what == got[0]
        and (name == "-" or (name == key if not name.startswith("=") else name[1:] in words))
        and (period in ("-", got[2]))
        and (region in ("-", got[3]))
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:18])
def test_sentence(case: dict[str, object]) -> None:
    got, expected = said(str(case["text"])), [str(one) for one in case["says"]]  # type: ignore[attr-defined]
    left = list(got)
    missing = []
    for one in expected:
        same = next((x for x in left if agrees(one, x)), None)
        if same is None:
            missing.append(one)
        else:
            left.remove(same)
    assert (missing, left) == ([], [])
