"""The page in the order of reading, each place of it known on the page."""

from __future__ import annotations

from sundry.engines.reading.flow import flow_of
from sundry.engines.reading.model import Article, Join

TEXT = "标题\n县农业农\n别的栏\n村局开会。\n"
FIRST, SECOND = (3, 7), (12, 17)


def _article(certainty: float) -> Article:
    return Article((0, 2), (FIRST, SECOND), joins=(Join(FIRST, SECOND, certainty),))


def test_what_a_column_broke_is_whole_and_has_two_places() -> None:
    flow = flow_of(TEXT, [_article(0.9)])
    at = flow.text.index("农业农村局")
    assert flow.spans(at, at + 5) == ((4, 7), (12, 14))
    assert "标题" in flow.text
    assert "别的栏" in flow.text


def test_an_uncertain_join_is_a_break() -> None:
    assert "农村" not in flow_of(TEXT, [_article(0.4)]).text


def test_without_articles_it_is_the_text() -> None:
    flow = flow_of(TEXT, [])
    assert flow.text == TEXT
    assert flow.spans(3, 7) == ((3, 7),)
    assert flow_of("", []).spans(0, 1) == ()
