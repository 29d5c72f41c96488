"""Boxes are taken out whole, and what stands around them stays."""

from __future__ import annotations

import pytest

from sundry.engines.reading.boxes import find_boxes, without_advert_heads
from sundry.engines.reading.desk import Desk
from sundry.engines.reading.model import Role
from sundry.engines.reading.paragraphs import lines_of

NEWS = "本报讯 4月9日，东溪县茶叶出口量增三成，茶农们忙着采茶，订单已经排到五月。"


def _boxes(*rows: str) -> tuple[Desk, list[tuple[Role, list[str]]]]:
    text = "\n\n".join(rows)
    desk = Desk(lines_of(text, text))
    find_boxes(desk)
    flow = [number for number in range(len(desk.lines)) if number not in desk.roles]
    without_advert_heads(desk, flow)
    return desk, [(box.role, [text[slice(*span)] for span in box.body]) for box in desk.boxes]


@pytest.mark.parametrize(
    ("rows", "items"),
    [
        (("导读", "渡口公园", "2版", "村医", "4版", "茶叶出口增三成", NEWS), ["渡口公园", "2版", "村医", "4版"]),
        (("导读", "2版", "渡口公园", "4版", "村医", "茶叶出口增三成", NEWS), ["2版", "渡口公园", "4版", "村医"]),
        ((NEWS, "导读", "渡口变身公园", "2版", "村医的药箱"), ["渡口变身公园", "2版", "村医的药箱"]),
        (("渡口变身公园", "2版", "茶叶出口增三成", NEWS), ["渡口变身公园", "2版"]),
        (("渡口变身公园 详见5版", "茶叶出口增三成", NEWS), ["渡口变身公园 详见5版"]),
    ],
)  # fmt: skip
def test_an_index_ends_with_its_pages(rows: tuple[str, ...], items: list[str]) -> None:
    _, boxes = _boxes(*rows)
    assert boxes == [(Role.INDEX, items)]


def test_an_advert_takes_the_lines_over_it_that_say_nothing_of_a_text() -> None:
    selling = "全场满5000减800 咨询电话：0571-88776655"
    desk, boxes = _boxes(NEWS, "石桥家居城五一大促", selling)
    assert boxes == [(Role.ADVERT, ["石桥家居城五一大促", selling])]
    assert desk.role(1) is Role.ADVERT
    _, boxes = _boxes(NEWS, "东溪县茶叶出口量增三成", selling)  # the headline below the text stays its headline
    assert boxes == [(Role.ADVERT, [selling])]


def test_the_papers_own_lines_are_in_no_article() -> None:
    desk, boxes = _boxes("2027年3月9日 星期二", NEWS, "责任编辑：田野 版面设计：小满")
    assert boxes == []
    assert [desk.role(number) for number in range(3)] == [Role.BANNER, Role.BODY, Role.BANNER]
