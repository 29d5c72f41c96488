"""Each line has the shape that it shows by itself; the short ones that stay open are told with the page in view."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.reading.paragraphs import Shape, is_spoken_start, lines_of
from sundry.engines.reading.view import view_of


def _shapes(text: str) -> list[Shape]:
    return [line.shape for line in lines_of(text, view_of(text))]


@pytest.mark.parametrize(
    ("line", "shape"),
    [
        ("本报记者 李望春 通讯员 周小禾", Shape.BYLINE),
        ("东山日报记者 何远帆", Shape.BYLINE),
        ("□ 本报评论员", Shape.BYLINE),
        ("融媒体记者 鲁鸣 摄", Shape.CREDIT),
        ("戴月 摄", Shape.CREDIT),
        ("（作者单位：沙河镇乡村振兴办公室）", Shape.CREDIT),
        ("来源：临江晚报", Shape.SOURCE),
        ("（据东山发布）", Shape.CREDIT),
        ("（下转第三版）", Shape.JUMP),
        ("(下转2版)", Shape.JUMP),
        ("（相关报道详见六版）", Shape.JUMP),
        ("紧接第四版", Shape.JUMP),
        ("4版", Shape.PAGE_LABEL),
        ("第A3版", Shape.PAGE_LABEL),
        ("■ 导读", Shape.INDEX_TITLE),
        ("要闻导读", Shape.INDEX_TITLE),
        ("端午龙舟赛报名通道今日开启 详见5版", Shape.TEASER),
        ("山塘除险提前完工……3版", Shape.TEASER),
        ("图为茶农在山上采茶。", Shape.CAPTION),
        ("▲山村夜景", Shape.CAPTION),
        ("■乡村振兴看北岭", Shape.TAG),
        ("——访竹编艺人韦老三", Shape.DECK),
        ("县长许志远主持并讲话", Shape.DECK),
        ("2027年3月9日 星期二 农历二月初二", Shape.FURNITURE),
        ("责任编辑：田野　版面设计：小满", Shape.FURNITURE),
        ("全场八折 咨询电话：0571-88776655", Shape.ADVERT),
        ("东溪茶农的账本 一年更比一年厚", Shape.HEAD),
        ("# 东溪茶农的账本", Shape.HEAD),
        ("**东溪茶农的账本**", Shape.HEAD),
        ("茶，还是那杯茶", Shape.HEAD),
        ("谁来给老街把脉？", Shape.HEAD),
        ("随着气温回升，茶山上的人一天比一天多", Shape.BODY),  # a column that broke: it speaks, and does not announce
        ("截至目前，已有三十户", Shape.BODY),
        ("村里的年轻人平均不到两个。", Shape.BODY),
        ("三十年前没有路，磚头", Shape.HEAD),  # by itself it may be one; beside its neighbours it is told apart
        ("，专为独居老人做午饭", Shape.BODY),
    ],
)
def test_shapes(line: str, shape: Shape) -> None:
    assert _shapes(line) == [shape]


def test_a_dateline_starts_an_article_in_any_spelling() -> None:
    for start in ("本报讯 4月9日，", "本 報 訊 4月9日,", "东山社南坪4月9日电 ", "本报南坪讯 "):
        text = start + "记者从农业局了解到，茶叶开采面积已达三万亩，比上年多两成。"
        assert lines_of(text, view_of(text))[0].is_start, start


def test_a_jump_line_at_the_end_of_a_text_is_cut_off() -> None:
    text = "会议还研究了其他事项。（下转第二版）"
    (line,) = lines_of(text, view_of(text))
    assert text[slice(*line.span)] == "会议还研究了其他事项。"
    assert line.jump is not None
    assert text[slice(*line.jump)] == "（下转第二版）"
    assert line.is_end


def test_an_author_in_brackets_ends_an_article() -> None:
    text = "摊主每月只交两百元管理费，其余都由镇里承担下来，比去年轻松得多。（记者 尹小楠 通讯员 常青）"
    (line,) = lines_of(text, view_of(text))
    assert line.is_end


def test_lines_of_a_narrow_column_are_one_paragraph_with_all_its_places() -> None:
    text = (
        "　　这片农场共有水田三千二百亩，去\n年秋天完成改造，今春首次实现耕种管\n全程无人。\n"
        "　　农场主人原是县农机站技术员，他说\n机器不怕累，怕的是地不平。"
    )
    lines = lines_of(text, view_of(text))
    assert len(lines) == 2
    assert [text[slice(*part)] for part in lines[0].parts][-1] == "全程无人。"
    assert "去年秋天" in lines[0].words


def test_a_name_under_a_headline_is_its_author() -> None:
    body = "一张证照，过去跑七个窗口，现在点七下鼠标，算不算进步？当然算。"
    assert _shapes(f"从“办得成”到“办得好”\n\n顾晓雯\n\n{body}") == [Shape.HEAD, Shape.BYLINE, Shape.BODY]


def test_on_a_marked_page_an_unmarked_short_line_between_texts_is_text() -> None:
    long = "老街的青石板换不换，当年争了整整半年，最后留下来的有七成。"
    heads = "\n\n".join(f"### 第{number}条街\n\n{long}" for number in "甲乙丙")
    assert _shapes(f"{heads}\n\n{long}\n\n街坊们都说\n\n{long}")[-2] is Shape.BODY


def test_what_is_no_text_is_left_out() -> None:
    assert _shapes("\n\n---\n![](images/1.jpg)\n<br>\n***\n\n") == []
    assert _shapes("") == []


@given(
    st.text(
        st.one_of(st.sampled_from(list("本报讯4月9日，。\n\r #*茶版（）下转摄记者 ")), st.characters()), max_size=80
    )
)
def test_places_are_in_order_inside_the_text_and_never_blank(text: str) -> None:
    spans = [part for line in lines_of(text, view_of(text)) for part in line.parts]
    assert spans == sorted(spans)
    assert all(text[start:end].strip() for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize("words", ["会议指出，要", "据了解，该村", "随着气温回升，茶农", "2027年，他"])
def test_spoken_starts(words: str) -> None:
    assert is_spoken_start(words)
    assert not is_spoken_start("品牌建设再上台阶")
