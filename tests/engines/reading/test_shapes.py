"""Each line has the shape that it shows by itself."""

from __future__ import annotations

import pytest

from sundry.engines.reading.paragraphs import lines_of
from sundry.engines.reading.shapes import Shape, begins, is_signature, is_spoken_start
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
        ("下半年，县里再建九个托育点，新增托位五百四十个。入托咨询电话：0571-88776655。", Shape.BODY),
        ("2027年3月9日", Shape.FURNITURE),
        ("临江日报", Shape.FURNITURE),
        ("今日天气：阴有小雨 9-15℃", Shape.FURNITURE),
        ("第1版：要闻", Shape.FURNITURE),
        ("- 03 -", Shape.FURNITURE),
        ("沈云舟 中共东溪县委党校副教授", Shape.BYLINE),
        ("东溪县统计局 国家统计局东溪调查队", Shape.BYLINE),
        ("*本报记者 李望春*", Shape.BYLINE),
        ("东溪茶农的账本 一年更比一年厚", Shape.HEAD),
        ("# 东溪茶农的账本", Shape.HEAD),
        ("**东溪茶农的账本**", Shape.HEAD),
        ("茶，还是那杯茶", Shape.HEAD),
        ("东溪茶企出门揽才", Shape.HEAD),
        ("茶园里的新作为", Shape.HEAD),
        ("东溪县把茶园交给", Shape.BODY),
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


def test_after_a_column_ends_these_begin_anew() -> None:
    assert begins("茶农说今年雨水足", "本报讯 昨日，南坪镇")
    assert begins("茶农说今年雨水足。", "二、收入")
    assert not begins("茶农说今年雨水足，", "二、三月的茶最好")


def test_a_signature_is_a_name_and_where_its_bearer_works() -> None:
    assert is_signature("沈云舟 中共东溪县委党校副教授")
    assert not is_signature("沈云舟 守着老茶厂的三十年")
    assert not is_signature("茶叶出口 增势喜人")


@pytest.mark.parametrize("words", ["会议指出，要", "据了解，该村", "随着气温回升，茶农", "2027年，他"])
def test_spoken_starts(words: str) -> None:
    assert is_spoken_start(words)
    assert not is_spoken_start("品牌建设再上台阶")
