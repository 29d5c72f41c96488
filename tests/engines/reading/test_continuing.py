"""Texts without a beginning go where they belong, and an article takes its end back."""

from __future__ import annotations

from sundry.engines.reading.continuing import merge_loose, return_tails
from sundry.engines.reading.desk import Desk
from sundry.engines.reading.grouping import group_pieces, pieces_of
from sundry.engines.reading.paragraphs import lines_of

FAIR = "本报讯 5月20日，临江陶瓷展落幕，透水砖最受欢迎，展会签约38个项目，陶瓷企业说展会办得好，透水砖已经铺进了三"
FAIR_2 = (
    "十座城市的小区，展会期间透水砖接到订单一千余万元，陶瓷展上签约的企业还要再来，三十座城市的海绵小区都在用透水砖。"
)
KITCHEN = "周末食堂为独居老人做午饭，八元一份，掌勺的是退休厨师，社区还为腿脚不便的老人送餐上门，老人们都说饭菜香。"
STORM = "暴雨突袭，江水一小时涨了近一米，抢险队员装沙袋、打木桩，守在江堤上直到天亮，沿江三个村的群众都已转移。"


def _groups(*rows: str) -> list[list[int]]:
    text = "\n\n".join(rows)
    desk = Desk(lines_of(text, text))
    group_pieces(desk, pieces_of(desk, list(range(len(desk.lines)))))
    merge_loose(desk)
    return_tails(desk)
    return [group.text for group in desk.groups]


def test_a_text_after_another_articles_end_goes_on_with_its_own() -> None:
    rows = (FAIR, "本报记者 柳叶", KITCHEN, "来源：临江晚报", FAIR_2)
    assert _groups(*rows) == [[0, 4], [2, 3]]


def test_a_text_that_nothing_calls_for_stands_alone() -> None:
    whole = FAIR[:-1] + "个省。"
    assert _groups(whole, "本报记者 柳叶", KITCHEN, "来源：临江晚报", STORM) == [[0], [2, 3], [4]]


def test_an_end_is_taken_back_from_inside_another_article() -> None:
    assert _groups(FAIR, "本报记者 柳叶", KITCHEN, FAIR_2) == [[0, 3], [2]]


def test_what_is_the_others_stays_with_it() -> None:
    assert _groups(FAIR, "本报记者 柳叶", KITCHEN, KITCHEN[::-1].strip("。") + "。") == [[0], [2, 3]]


def test_a_jump_line_calls_for_nothing() -> None:
    rows = (FAIR, "（下转第二版）", "本报记者 柳叶", KITCHEN, FAIR_2)
    assert _groups(*rows)[0] == [0, 1]
