"""An article begins with a dateline, a byline or headlines; one short line between like texts is a subhead."""

from __future__ import annotations

import pytest

from sundry.engines.reading.desk import Desk
from sundry.engines.reading.grouping import group_pieces, mend_broken_columns, pieces_of, usual_level
from sundry.engines.reading.paragraphs import lines_of
from sundry.engines.reading.shapes import Shape

TEA = "东溪茶园今年早早开采，茶农说茶叶品质好，茶园里的采茶人比去年多了一倍，茶叶收购价也涨了两成，茶商早早进了山。"
TEA_2 = "茶园里还建了茶叶加工坊，茶农把采下的茶叶就地加工，茶叶品质更稳，茶商愿意多付两成收购价，茶农的账算得清楚。"
FLOOD = "暴雨突袭，江水一小时涨了近一米，抢险队员装沙袋、打木桩，守在江堤上直到天亮，沿江三个村的群众都已转移。"
BRIDGE = "老桥封闭施工，公交车临时改道，市民可绕行二桥，维修工期约一个半月，站牌公告已经张贴，请大家相互转告。"


def _groups(*rows: str) -> list[list[int]]:
    text = "\n\n".join(rows)
    desk = Desk(lines_of(text, text))
    flow = list(range(len(desk.lines)))
    mend_broken_columns(desk, flow)
    group_pieces(desk, pieces_of(desk, flow))
    return [group.text for group in desk.groups]


@pytest.mark.parametrize(
    ("rows", "groups"),
    [
        ((TEA, "本报讯 昨日，" + FLOOD), [[0], [1]]),
        ((TEA, "本报记者 雷鸣", FLOOD), [[0], [2]]),
        ((TEA, "（下转第二版）", "守住江堤", FLOOD), [[0, 1], [3]]),
        ((TEA, "暴雨夜", "他们守在江堤上", FLOOD), [[0], [3]]),
        ((TEA, "暴雨夜 他们守在江堤上", FLOOD), [[0], [2]]),
        ((TEA, "就地加工，品质更稳", TEA_2), [[0, 1, 2]]),
        ((TEA, "一、就地加工品质更稳", "茶商进山", TEA_2), [[0, 1, 2, 3]]),
        ((TEA, "品牌强了，茶价涨了", TEA_2, "江水退了，人心定了", "村里的早晨", FLOOD), [[0, 1, 2, 3, 4, 5]]),
        ((TEA, "来源：东溪发布", FLOOD), [[0, 1], [2]]),
        ((TEA, "4月9日上午，" + FLOOD), [[0, 1]]),  # too short to tell by what it speaks of
        ((TEA * 3, "4月9日上午，" + FLOOD * 3), [[0, 1]]),  # two texts only
        ((TEA * 3, "4月9日上午，" + FLOOD * 3, "本报记者 雷鸣", BRIDGE), [[0], [1], [3]]),
        ((TEA * 3, "4月9日上午，" + TEA_2 * 3, "本报记者 雷鸣", BRIDGE), [[0, 1], [3]]),
    ],
)
def test_where_articles_begin(rows: tuple[str, ...], groups: list[list[int]]) -> None:
    assert _groups(*rows) == groups


def test_the_end_of_a_column_is_no_headline() -> None:
    text = "\n\n".join((TEA, "今年新来的茶商把茶", "叶品质看得很重，先看再买。", TEA_2))
    desk = Desk(lines_of(text, text))
    assert desk.shapes[1] is Shape.HEAD
    mend_broken_columns(desk, list(range(4)))
    assert desk.shapes[1] is Shape.BODY


def test_the_usual_level_is_the_highest_that_is_no_exception() -> None:
    assert usual_level([2, 3, 3, 3, 4, 4, 4, 4]) == 3
    assert usual_level([1]) == 1
    assert usual_level([2, 3]) == 2
