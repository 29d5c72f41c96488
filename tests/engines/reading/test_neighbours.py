"""What a line is shows beside its neighbours."""

from __future__ import annotations

from sundry.engines.reading.articles import articles_of
from sundry.engines.reading.paragraphs import lines_of
from sundry.engines.reading.shapes import Shape
from sundry.engines.reading.view import view_of

NEWS = "近日，柳坪镇建成便民食堂三座，总投资四百六十万元，每天供应午饭五百份。"


def _shapes(text: str) -> list[Shape]:
    return [line.shape for line in lines_of(text, view_of(text))]


def test_a_name_under_a_headline_is_its_author() -> None:
    body = "一张证照，过去跑七个窗口，现在点七下鼠标，算不算进步？当然算。"
    assert _shapes(f"从“办得成”到“办得好”\n\n顾晓雯\n\n{body}") == [Shape.HEAD, Shape.BYLINE, Shape.BODY]


def test_on_a_marked_page_an_unmarked_short_line_between_texts_is_text() -> None:
    long = "老街的青石板换不换，当年争了整整半年，最后留下来的有七成。"
    heads = "\n\n".join(f"### 第{number}条街\n\n{long}" for number in "甲乙丙")
    assert _shapes(f"{heads}\n\n{long}\n\n街坊们都说\n\n{long}")[-2] is Shape.BODY


def test_an_author_at_the_foot_ends_the_article() -> None:
    text = f"柳坪食堂开了张\n\n{NEWS}\n\n沈云舟 中共东溪县委党校副教授\n\n白沙渡口修好了\n\n{NEWS}"
    first, second = articles_of(text)
    assert [text[slice(*span)] for span in first.bylines] == ["沈云舟 中共东溪县委党校副教授"]
    assert second.bylines == ()


def test_a_cell_of_a_table_is_no_name() -> None:
    cells = [
        "指标",
        "单位",
        "一季度",
        "工业产值",
        "万元",
        "1250",
        "4.1",
        "出口额",
        "万元",
        "830",
        "-2.6",
        "用电量",
        "万度",
        "96",
        "1.2",
    ]
    table = "\n".join(["柳坪镇一季度主要指标", *cells])
    assert _shapes(table) == [Shape.HEAD] + [Shape.BODY] * 15
    (article,) = articles_of(table)
    assert article.headline == (0, 10)
    assert {join.certainty for join in article.joins} == {0.05}


def test_items_of_a_list_are_text_and_one_alone_is_what_it_was() -> None:
    assert _shapes("简讯\n\n" + "\n\n".join(["▲" + NEWS] * 3))[1:] == [Shape.BODY] * 3
    assert _shapes(f"{NEWS}\n\n▲" + NEWS)[1] is Shape.CAPTION


def test_items_with_headlines_of_their_own() -> None:
    heads = ["●柳坪食堂开张", "●白沙渡口修好"]
    text = "\n\n".join(part for head in heads for part in (head, "本报讯 " + NEWS))
    assert _shapes(text) == [Shape.HEAD, Shape.BODY] * 2
    assert [text[slice(*article.headline)] for article in articles_of(text) if article.headline] == heads


def test_what_a_picture_shows_stands_between_texts() -> None:
    assert _shapes(f"{NEWS}\n\n食堂开张现场\n\n{NEWS}")[1] is Shape.CAPTION
