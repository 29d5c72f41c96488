"""The desk names lines by number and knows what each was found to be."""

from __future__ import annotations

from sundry.engines.reading.desk import Desk, Group
from sundry.engines.reading.model import Role
from sundry.engines.reading.paragraphs import lines_of
from sundry.engines.reading.shapes import Shape

TEXT = (
    "茶农的账本\n\n本报记者 李望春\n\n山上满是采茶人，天亮就上山，忙到太阳落山才回。\n\n图为采茶人。\n\n（下转第三版）"
)


def _desk() -> Desk:
    return Desk(lines_of(TEXT, TEXT))


def test_the_shape_tells_the_role_until_a_step_knows_better() -> None:
    desk = _desk()
    assert [desk.role(number) for number in range(5)] == [
        Role.BANNER, Role.BYLINE, Role.BODY, Role.CAPTION, Role.JUMP,
    ]  # fmt: skip
    desk.roles[0] = Role.KICKER
    assert desk.role(0) is Role.KICKER
    desk.headlines.add(0)
    assert desk.role(0) is Role.HEADLINE


def test_text_is_bodies_and_captions() -> None:
    desk = _desk()
    assert desk.shapes[2:4] == [Shape.BODY, Shape.CAPTION]
    assert [words[:2] for words in desk.words(range(5))] == ["山上", "图为"]
    assert desk.has_text(Group([0], [0], [3]))
    assert not desk.has_text(Group([0], [0], [4]))
    assert desk.is_text(2)
    assert not desk.is_text(0)
    desk.roles[0] = Role.BODY
    assert desk.is_text(0)
