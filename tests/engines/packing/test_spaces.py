"""The landscape: what placing a block leaves."""

from __future__ import annotations

from types import SimpleNamespace


def spaces(state: SimpleNamespace) -> set[tuple[int, ...]]:
    return {tuple(int(v) for v in row) for row in state.spaces[: state.tally[0]]}


def test_a_block_in_the_corner_leaves_two_floors_and_its_top(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    plain.spaces.place(tray.problem, tray.state, 0, tray.block(4, 4, 4))
    assert spaces(tray.state) == {(4, 0, 0, 10, 10, 10), (0, 4, 0, 10, 10, 10), (0, 0, 4, 4, 4, 10)}
    assert tray.state.remaining.tolist() == [2, 5]
    assert tray.state.amount[0] == 64.0


def test_tops_of_one_height_become_one_space(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    """A block of 4 x 4 x 4 and, beside it, a second of the same height: a carton may bridge both."""
    plain.spaces.place(tray.problem, tray.state, 0, tray.block(4, 4, 4))
    plain.spaces.cut_spaces(tray.problem, tray.state, 4, 0, 0, 8, 4, 4)
    plain.spaces.add_top(tray.problem, tray.state, 4, 0, 8, 4, 4)
    assert (0, 0, 4, 8, 4, 10) in spaces(tray.state)
    assert (0, 0, 4, 4, 4, 10) not in spaces(tray.state)


def test_tops_of_different_height_stay_apart(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    plain.spaces.place(tray.problem, tray.state, 0, tray.block(4, 4, 4))
    plain.spaces.cut_spaces(tray.problem, tray.state, 4, 0, 0, 8, 4, 5)
    plain.spaces.add_top(tray.problem, tray.state, 4, 0, 8, 4, 5)
    assert {(0, 0, 4, 4, 4, 10), (4, 0, 5, 8, 4, 10)} <= spaces(tray.state)


def test_a_space_inside_another_is_not_kept(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    plain.spaces.add_space(tray.state, 1, 1, 0, 5, 5, 10)
    assert spaces(tray.state) == {(0, 0, 0, 10, 10, 10)}


def test_a_full_table_forgets_a_space_and_goes_on(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    state = tray.state._replace(spaces=tray.state.spaces[:1])
    plain.spaces.add_space(state, 0, 0, 0, 11, 1, 1)
    assert spaces(state) == {(0, 0, 0, 10, 10, 10)}


def test_the_next_space_is_the_nearest_to_a_corner_that_takes_a_carton(
    plain: SimpleNamespace, tray: SimpleNamespace
) -> None:
    tray.state.spaces[0] = (3, 3, 0, 10, 10, 10)
    plain.spaces.add_space(tray.state, 0, 0, 8, 3, 3, 10)  # nearest of all, but two high: too low for any carton
    plain.spaces.add_space(tray.state, 0, 2, 3, 3, 6, 10)
    index = plain.spaces.next_space(tray.problem, tray.state)
    assert tuple(tray.state.spaces[index]) == (3, 3, 0, 10, 10, 10)
    assert len(spaces(tray.state)) == 3
    tray.state.spaces[index] = (5, 5, 5, 6, 6, 6)
    tray.state.remaining[:] = 0
    assert plain.spaces.next_space(tray.problem, tray.state) == -1
    assert spaces(tray.state) == set()


def test_a_block_stands_in_the_corner_nearest_to_the_containers(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    assert plain.spaces.corner(tray.problem, (1, 6, 3, 8, 9, 10), (2, 2, 2)) == (1, 7, 3)


def test_without_support_a_block_is_cut_out_of_the_air(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    problem = tray.problem._replace(full_support=False)
    plain.spaces.cut_spaces(problem, tray.state, 4, 4, 4, 6, 6, 7)
    assert (0, 0, 0, 10, 10, 4) in spaces(tray.state)
    assert (0, 0, 7, 10, 10, 10) in spaces(tray.state)
    assert len(spaces(tray.state)) == 6
