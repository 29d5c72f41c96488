"""The landscape: which spaces there are, and which is next."""

from __future__ import annotations

from types import SimpleNamespace

ANY = 1 << 30


def spaces(state: SimpleNamespace) -> set[tuple[int, ...]]:
    """The boxes, without what their floors carry."""
    return {tuple(int(v) for v in row[:6]) for row in state.spaces[: state.tally[0]]}


def strengths(state: SimpleNamespace) -> dict[tuple[int, ...], int]:
    return {tuple(int(v) for v in row[:6]): int(row[6]) for row in state.spaces[: state.tally[0]]}


def test_a_space_inside_another_is_not_kept(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    plain.spaces.add_space(tray.state, 1, 1, 0, 5, 5, 10, ANY)
    assert spaces(tray.state) == {(0, 0, 0, 10, 10, 10)}


def test_a_full_table_forgets_a_space_and_goes_on(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    state = tray.state._replace(spaces=tray.state.spaces[:1])
    plain.spaces.add_space(state, 0, 0, 0, 11, 1, 1, ANY)
    assert spaces(state) == {(0, 0, 0, 10, 10, 10)}


def test_the_next_space_is_the_nearest_to_a_corner_that_takes_a_carton(
    plain: SimpleNamespace, tray: SimpleNamespace
) -> None:
    tray.state.spaces[0] = (3, 3, 0, 10, 10, 10, ANY)
    plain.spaces.add_space(tray.state, 0, 0, 8, 3, 3, 10, ANY)  # nearest of all, but two high: too low for any carton
    plain.spaces.add_space(tray.state, 0, 2, 3, 3, 6, 10, ANY)
    index = plain.spaces.next_space(tray.problem, tray.state)
    assert tuple(tray.state.spaces[index][:6]) == (3, 3, 0, 10, 10, 10)
    assert len(spaces(tray.state)) == 3
    tray.state.spaces[index] = (5, 5, 5, 6, 6, 6, ANY)
    tray.state.remaining[:] = 0
    assert plain.spaces.next_space(tray.problem, tray.state) == -1
    assert spaces(tray.state) == set()


def test_a_block_stands_in_the_corner_nearest_to_the_containers(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    assert plain.spaces.corner(tray.problem, (1, 6, 3, 8, 9, 10), (2, 2, 2)) == (1, 7, 3)


def test_a_weaker_space_inside_another_goes_a_stronger_stays(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    tray.state.spaces[0, 6] = 40
    plain.spaces.add_space(tray.state, 0, 0, 0, 5, 5, 10, 40)
    assert len(spaces(tray.state)) == 1
    plain.spaces.add_space(tray.state, 0, 0, 0, 5, 5, 10, 41)
    assert strengths(tray.state) == {(0, 0, 0, 10, 10, 10): 40, (0, 0, 0, 5, 5, 10): 41}
    plain.spaces.add_space(tray.state, 0, 0, 0, 6, 6, 10, 41)
    assert strengths(tray.state) == {(0, 0, 0, 10, 10, 10): 40, (0, 0, 0, 6, 6, 10): 41}


def test_a_carton_may_reach_beyond_its_space_as_far_as_the_percentage_goes(
    plain: SimpleNamespace, tray: SimpleNamespace
) -> None:
    """4 x 4 on a top of 3 x 4: three quarters; never from the floor, never out of the container, never in a pair."""
    block = tray.block(4, 4, 4)

    def may(percent: int, *space: int, block: int = block) -> bool:
        problem = tray.problem._replace(support_percent=percent)
        return bool(plain.spaces.may_reach_beyond(problem, (*space, 10, ANY), block))

    assert may(75, 0, 0, 2, 3, 4)
    assert not may(76, 0, 0, 2, 3, 4)
    assert not may(75, 0, 0, 0, 3, 4)
    assert may(50, 0, 0, 2, 3, 3)
    assert not may(75, 0, 0, 2, 3, 3)
    assert not may(75, 0, 0, 2, 6, 4, block=tray.block(8, 4, 4))
    thin = tray.problem._replace(support_percent=50, room=tray.problem.room - 7)
    assert not plain.spaces.may_reach_beyond(thin, (0, 0, 2, 3, 4, 10, ANY), block)


def test_a_place_is_free_when_no_block_is_in_it(plain: SimpleNamespace, tray: SimpleNamespace) -> None:
    tray.state.placed[0] = (3, 0, 7, 9, 4, 9, 0)
    tray.state.tally[1] = 1
    assert plain.spaces.is_free(tray.state, 0, 0, 0, 10, 10, 7)
    assert not plain.spaces.is_free(tray.state, 0, 0, 0, 10, 10, 8)
