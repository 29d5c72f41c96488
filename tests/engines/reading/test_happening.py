"""The days of an event, told in one sentence or in two, and what is none."""

from __future__ import annotations

import pytest
from reading.saying import HOME, ISSUED

from sundry.engines.reading.context import Line
from sundry.engines.reading.happening import FAIR, event_of
from sundry.engines.reading.lexer import lex
from sundry.engines.reading.view import view_of


def days_of(*paragraphs: str) -> str | None:
    lines = tuple(Line(view, tuple(range(len(view)))) for view in map(view_of, paragraphs))
    tokens = [lex(line.text, 0, len(line.text), issued=ISSUED, home=HOME) for line in lines]
    period, span = event_of(lines, tokens)
    assert (period is None) == (span is None)
    return period.code if period else None


@pytest.mark.parametrize(
    ("paragraphs", "days"),
    [
        (("5月9日，青禾春季招聘会在体育馆举行。", "共有80余家企业参会。"), "2031-05-09"),
        (("5月9日，青禾春季招聘会启动。", "此次活动为期两天。"), "2031-05-09/2031-05-10"),
        (("5月9日，为期三天的青禾陶博会闭幕。",), "2031-05-07/2031-05-09"),
        (("昨日，为期45天的青禾花展落下帷幕。",), "2031-04-03/2031-05-17"),
        (("5月9日至11日，青禾陶瓷博览会在会展中心举办。",), "2031-05-09/2031-05-11"),
        (("5月9日，记者从招聘会上获悉，共有80家企业参会。",), None),
        (("5月9日，全市经济运行分析会召开，活动很多。",), None),
        (("5月9日，一场大雨。", "今年活动不少。"), None),
        (("去年5月9日，村里通了路。",), None),
    ],
)
def test_days(paragraphs: tuple[str, ...], days: str | None) -> None:
    assert days_of(*paragraphs) == days


def test_a_fair_is_known_by_its_words() -> None:
    assert FAIR.search("吸引80家企业参展")
    assert not FAIR.search("全市开展招聘活动，发展迅速")
