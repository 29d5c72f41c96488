"""The landscape: what placing a block leaves."""

from __future__ import annotations

from types import SimpleNamespace

ANY = 1 << 30


def spaces(state: SimpleNamespace) -> set[tuple[int, ...]]:
    """The boxes, without what their floors carry."""
    return {tuple(int(v) for v in row[:6]) for row in state.spaces[: state.tally[0]]}


def strengths(state: SimpleNamespace) -> dict[tuple[int, ...], int]:
    return {tuple(int(v) for v in row[:6]): int(row[6]) for row in state.spaces[: state.tally[0]]}


def limited(tray: SimpleNamespace, block: int, *, pressure: int, strength: int) -> SimpleNamespace:
    """The tray's problem with limits for one block."""
    blocks = tray.problem.blocks._replace(top=tray.problem.blocks.top.copy())
    blocks.top[block, 2:4] = pressure, strength
    return tray.problem._replace(blocks=blocks)


def test_a_block_in_the_corner_leaves_two_floors_and_its_top(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    plain.placing.place(tray.problem, tray.state, 0, tray.block(4, 4, 4))
    assert spaces(tray.state) == {(4, 0, 0, 10, 10, 10), (0, 4, 0, 10, 10, 10), (0, 0, 4, 4, 4, 10)}
    assert tray.state.remaining.tolist() == [2, 5]
    assert tray.state.amount[0] == 64.0


def test_tops_of_one_height_become_one_space(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    """A block of 4 x 4 x 4 and, beside it, a second of the same height: a carton may bridge both."""
    plain.placing.place(tray.problem, tray.state, 0, tray.block(4, 4, 4))
    plain.placing.cut_spaces(tray.problem, tray.state, 4, 0, 0, 8, 4, 4)
    plain.placing.add_top(tray.state, 4, 0, 8, 4, 4, 10, ANY)
    assert (0, 0, 4, 8, 4, 10) in spaces(tray.state)
    assert (0, 0, 4, 4, 4, 10) not in spaces(tray.state)


def test_tops_of_different_height_stay_apart(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    plain.placing.place(tray.problem, tray.state, 0, tray.block(4, 4, 4))
    plain.placing.cut_spaces(tray.problem, tray.state, 4, 0, 0, 8, 4, 5)
    plain.placing.add_top(tray.state, 4, 0, 8, 4, 5, 10, ANY)
    assert {(0, 0, 4, 4, 4, 10), (4, 0, 5, 8, 4, 10)} <= spaces(tray.state)


def test_without_support_a_block_is_cut_out_of_the_air(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    problem = tray.problem._replace(support_percent=0)
    plain.placing.cut_spaces(problem, tray.state, 4, 4, 4, 6, 6, 7)
    assert (0, 0, 0, 10, 10, 4) in spaces(tray.state)
    assert (0, 0, 7, 10, 10, 10) in spaces(tray.state)
    assert len(spaces(tray.state)) == 6


def test_a_top_carries_the_less_of_its_own_and_what_is_left_below(
    plain: SimpleNamespace, tray: SimpleNamespace
) -> None:
    block = tray.block(4, 4, 4)
    problem = limited(tray, block, pressure=30, strength=200)
    plain.placing.place(problem, tray.state, 0, block)
    assert strengths(tray.state) == {(4, 0, 0, 10, 10, 10): ANY, (0, 4, 0, 10, 10, 10): ANY, (0, 0, 4, 4, 4, 10): 200}


def test_a_top_on_which_nothing_may_stand_is_no_space(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    block = tray.block(4, 4, 4)
    plain.placing.place(limited(tray, block, pressure=0, strength=-1), tray.state, 0, block)
    assert spaces(tray.state) == {(4, 0, 0, 10, 10, 10), (0, 4, 0, 10, 10, 10)}


def test_a_bridge_is_as_strong_as_the_weaker_and_the_stronger_stays(
    plain: SimpleNamespace, tray: SimpleNamespace
) -> None:
    plain.placing.place(tray.problem, tray.state, 0, tray.block(4, 4, 4))
    plain.placing.cut_spaces(tray.problem, tray.state, 4, 0, 0, 8, 4, 4)
    plain.placing.add_top(tray.state, 4, 0, 8, 4, 4, 10, 50)
    found = strengths(tray.state)
    assert found[0, 0, 4, 8, 4, 10] == 50
    assert found[0, 0, 4, 4, 4, 10] == ANY
    assert (4, 0, 4, 8, 4, 10) not in found


def test_with_partial_support_the_landscape_has_caves(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    """A plate at height 4 over x 2 to 8: what is below it ends there, what is beside it goes up to the roof."""
    problem = tray.problem._replace(support_percent=75)
    plain.placing.cut_spaces(problem, tray.state, 2, 0, 4, 8, 10, 6)
    assert spaces(tray.state) == {(0, 0, 0, 10, 10, 4), (0, 0, 0, 2, 10, 10), (8, 0, 0, 10, 10, 10)}


def test_a_top_in_a_cave_reaches_up_to_what_hangs_over_it(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    tray.state.placed[0] = (3, 0, 7, 9, 4, 9, 0)
    tray.state.tally[1] = 1
    assert plain.placing.roof_above(tray.state, 10, 0, 0, 4, 4, 3) == 7
    assert plain.placing.roof_above(tray.state, 10, 0, 0, 3, 4, 3) == 10
    assert plain.placing.roof_above(tray.state, 10, 0, 0, 4, 4, 9) == 10


def test_joined_tops_reach_up_to_the_lower_roof(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    tray.state.spaces[0] = (0, 0, 4, 4, 4, 10, ANY)
    plain.placing.add_top(tray.state, 4, 0, 8, 4, 4, 7, ANY)
    assert spaces(tray.state) == {(0, 0, 4, 4, 4, 10), (0, 0, 4, 8, 4, 7)}
