from __future__ import annotations

from types import SimpleNamespace


def test_a_state_is_a_view_into_many(tray: SimpleNamespace, plain: SimpleNamespace) -> None:
    many = plain.shapes.states(3, tray.problem, 7, 5)
    one = plain.shapes.state(many, 1)
    assert one.spaces.shape == (7, 7)
    assert one.placed.shape == (5, 7)
    assert one.chain.shape == (len(tray.problem.blocks.rank) + 1,)
    one.amount[plain.shapes.WEIGHT_LEFT] = 9.0
    assert many.amount[:, plain.shapes.WEIGHT_LEFT].tolist() == [0.0, 9.0, 0.0]


def test_a_desk_has_a_bit_for_every_type(tray: SimpleNamespace, plain: SimpleNamespace) -> None:
    desk = plain.shapes.desk(tray.problem, 4, 5)
    assert desk.alive.shape == (1,)
    assert desk.chosen.shape == desk.scores.shape == (4,)
