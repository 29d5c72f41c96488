"""The picture of an event: everything at its place, in both directions, and no more than fits."""

from __future__ import annotations

import pytest

from sundry.base.ledger import picture
from sundry.base.ledger.picture import Flow, draw
from sundry.base.ledger.rules import Kind

ESCROW = [
    Flow(1, "payer", "escrow", Kind.PLAIN),
    Flow(2, "escrow", "stall", Kind.PENDING),
    Flow(3, "escrow", "payer", Kind.POST),
]


def test_each_account_is_a_column_and_each_transfer_a_row() -> None:
    drawn = draw(ESCROW)
    assert [box.key for box in drawn.boxes] == ["payer", "escrow", "stall"]
    assert [box.middle for box in drawn.boxes] == [131, 321, 511]
    assert [arrow.y for arrow in drawn.arrows] == [108, 166, 224]
    assert (drawn.width, drawn.height, drawn.left_out) == (642, 256, 0)


def test_an_arrow_goes_from_who_gives_to_who_takes() -> None:
    there, _, back = draw(ESCROW).arrows
    assert (there.start, there.end, there.head) == (131, 312, "321,108 312,104 312,112")
    assert (back.start, back.end, back.head) == (321, 140, "131,224 140,220 140,228")
    assert there.middle == back.middle == 226


def test_from_right_to_left_it_is_mirrored() -> None:
    usual, mirrored = draw(ESCROW), draw(ESCROW, right_to_left=True)
    assert [box.middle for box in mirrored.boxes] == [usual.width - box.middle for box in usual.boxes]
    assert [arrow.end for arrow in mirrored.arrows] == [usual.width - arrow.end for arrow in usual.arrows]
    assert [arrow.number_x for arrow in mirrored.arrows] == [usual.width - 18] * 3


@pytest.mark.parametrize(
    ("kind", "dashed"),
    [(Kind.PLAIN, False), (Kind.POST, False), (Kind.PENDING, True), (Kind.VOID, True), (Kind.EXPIRE, True)],
)
def test_what_has_not_arrived_is_dashed(kind: Kind, dashed: bool) -> None:
    assert draw([Flow(1, "a", "b", kind)]).arrows[0].dashed is dashed


def test_everything_stands_inside_whatever_moves() -> None:
    for right_to_left in (False, True):
        drawn = draw(
            [Flow(n, f"giver {n % 3}", f"taker {n % 4}", Kind.PLAIN) for n in range(12)], right_to_left=right_to_left
        )
        assert drawn.left_out == 0
        for box in drawn.boxes:
            assert box.x > 0
            assert box.x + drawn.box_width < drawn.width
        assert max(arrow.y for arrow in drawn.arrows) < drawn.height


def test_what_does_not_fit_is_counted() -> None:
    assert draw([Flow(n, "a", "b", Kind.PLAIN) for n in range(20)]).left_out == 20 - picture.ARROWS_MAX
    wide = draw([Flow(n, f"giver {n}", "taker", Kind.PLAIN) for n in range(10)])
    assert (len(wide.boxes), wide.left_out) == (picture.ACCOUNTS_MAX, 10 - (picture.ACCOUNTS_MAX - 1))


def test_nothing_is_drawn_of_nothing() -> None:
    drawn = draw([])
    assert (drawn.boxes, drawn.arrows, drawn.left_out) == ((), (), 0)
