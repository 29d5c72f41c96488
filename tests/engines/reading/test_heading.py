"""Of the lines over and under texts each is told: headline, kicker, subhead or banner."""

from __future__ import annotations

import pytest

from sundry.engines.reading.articles import page_of
from sundry.engines.reading.model import Role

TEA = "本报讯 4月9日，东溪县统计局公布一季度茶叶出口数据：茶叶出口量增三成，出口企业增到23家，茶农人均增收。"
DAM = "4月8日下午，县长许志远主持会议，研究防汛备汛：36座山塘水库要除险加固，汛前检查要抓实，水库一律空库度汛。"
ESSAY = "老街有桥三百座，最老的桥龄逾四百年，修桥修街先要问住在街上的人，街坊们开了三十场院坝会。"


def _roles(*rows: str) -> list[tuple[Role, int | None]]:
    """Each line's role and, of a headline, the number of the first line of its text."""
    text = "\n\n".join(rows)
    reading = page_of(text)
    starts = [paragraph.span[0] for paragraph in reading.paragraphs]
    first = {article.headline[0]: starts.index(article.body[0][0]) for article in reading.articles if article.headline}
    return [(paragraph.role, first.get(paragraph.span[0])) for paragraph in reading.paragraphs]


def test_a_kicker_never_wins_against_the_headline_under_it() -> None:
    rows = ("县政府会议研究防汛备汛", "抓实汛前检查 守住山塘", "县长许志远主持", "本报记者 沈秋", DAM)
    assert [role for role, _ in _roles(ESSAY, *rows)][1:5] == [Role.KICKER, Role.HEADLINE, Role.SUBHEAD, Role.BYLINE]


def test_a_headline_below_goes_to_the_text_above() -> None:
    roles = _roles("修桥修街 先问街坊", "本报记者 何远", TEA, "一季度茶叶出口增三成", "一块青石板的去与留", ESSAY)
    assert roles[3] == (Role.HEADLINE, 2)
    assert roles[0] == (Role.HEADLINE, 5)


def test_a_kicker_and_a_headline_below_stay_together() -> None:
    roles = _roles(DAM, "县政府会议研究防汛备汛", "抓实汛前检查 守住山塘水库", "本报记者 何远", TEA)
    assert roles[1][0] is Role.KICKER
    assert roles[2] == (Role.HEADLINE, 0)


def test_a_text_may_have_no_headline() -> None:
    text = "\n\n".join(("一季度茶叶出口增三成", "本报记者 何远", TEA, "（下转第二版）", "本报评论员", ESSAY))
    assert [article.headline is None for article in page_of(text).articles] == [False, True]


@pytest.mark.parametrize("mark", ["", "## "])
def test_the_pages_slogan_is_a_banner(mark: str) -> None:
    heads = ("守正创新谋发展 同心共建新东溪", "春茶季节见闻", "一季度茶叶出口增三成")
    marks = (mark, "#### " if mark else "", "### " if mark else "")
    rows = [m + words for m, words in zip(marks, heads, strict=True)]
    roles = [
        role for role, _ in _roles(*rows, "本报记者 何远", TEA, "### 守住山塘水库" if mark else "守住山塘水库", DAM)
    ]
    assert roles[:3] == [Role.BANNER, Role.KICKER, Role.HEADLINE]


def test_a_short_question_under_a_headline_is_the_texts_first_words() -> None:
    roles = _roles("读一座桥 懂一座城", "何为修旧？", ESSAY)
    assert [role for role, _ in roles] == [Role.HEADLINE, Role.BODY, Role.BODY]
    assert roles[0][1] == 1


def test_the_name_of_a_series_is_a_kicker() -> None:
    roles = _roles("一季度茶叶出口增三成", "■乡村振兴看东溪", "本报记者 何远", TEA)
    assert [role for role, _ in roles][:2] == [Role.HEADLINE, Role.KICKER]
