"""Pieces of an article are read in order, captions wait, and joins say how sure they are."""

from __future__ import annotations

from sundry.engines.reading.articles import articles_of
from sundry.engines.reading.joining import CERTAIN

FIRST = "本报讯 4月9日，东溪县公布一季度茶叶出口数据，茶叶出口量增三成，出口企业增到23家，县里把茶叶品牌建"
SECOND = "设做成长久的事，品牌建设先抓品质，茶农的账算得清楚，茶商的路走得更远。"


def _read(*rows: str) -> tuple[str, list[str], list[tuple[str, str, float]]]:
    text = "\n\n".join(rows)
    (article,) = articles_of(text)
    body = [text[slice(*span)] for span in article.body]
    joins = [(text[slice(*join.before)][-2:], text[slice(*join.after)][:2], join.certainty) for join in article.joins]
    return text, body, joins


def test_a_sentence_goes_on_behind_a_caption() -> None:
    _, body, joins = _read("茶叶出口增三成", FIRST, "图为采茶人在山上。", "李望春 摄", SECOND)
    assert [words[:2] for words in body] == ["本报", "设做", "图为"]
    assert joins[0][:2] == ("牌建", "设做")
    assert joins[0][2] >= CERTAIN


def test_columns_in_the_wrong_order_are_put_right() -> None:
    rows = (
        "### 茶叶出口增三成",
        "茶山的早晨来得早，采茶人天亮就上山。",
        "（下转第四版）",
        SECOND,
        "#### 品牌怎么建",
        FIRST[12:],
    )
    _, body, joins = _read(*rows)
    assert [words[:2] for words in body] == ["公布", "设做", "茶山"]
    assert [join[:2] for join in joins] == [("牌建", "设做")]


def test_lines_of_a_narrow_column_are_joined_for_certain() -> None:
    text = (
        "茶叶出口增三成\n\n　　东溪县公布一季度茶叶出口数据，茶叶\n"
        "出口量增三成，出口企业增到二十三家，\n茶农的账算得清楚。\n"
    )
    (article,) = articles_of(text)
    assert [join.certainty for join in article.joins] == [1.0, 1.0]
    assert len(article.body) == 3


def test_an_end_that_is_cut_off_is_no_join() -> None:
    _, body, joins = _read("茶叶出口增三成", FIRST)
    assert len(body) == 1
    assert joins == []


def test_bylines_sources_and_jumps_are_kept_beside_the_text() -> None:
    text = "茶叶出口增三成\n\n本报记者 何远\n\n" + SECOND + "（下转第二版）\n\n来源：东溪发布"
    (article,) = articles_of(text)
    assert [text[slice(*span)] for span in article.bylines] == ["本报记者 何远", "来源：东溪发布"]
    assert [text[slice(*span)] for span in article.jumps] == ["（下转第二版）"]
    assert [text[slice(*span)] for span in article.body] == [SECOND]
