# mypy: allow-untyped-defs
# (the arguments of kernels are named tuples of arrays, see shapes.py)
"""One step of the beam, compiled: every child of every state, completed greedily to know what it is worth.

Problem: a good first block and a bad one look alike until the container is full. Therefore each child (a state and one
more block) is filled to the end by always taking the best-scored block, and the value reached is the child's worth. The
search (search.py) keeps the best children; the best completed plan ever seen is the answer.
"""

from __future__ import annotations

import numpy as np

from sundry.engines.packing.choosing import choose_blocks
from sundry.engines.packing.jit import entry, kernel
from sundry.engines.packing.placing import place
from sundry.engines.packing.shapes import (
    PLACED,
    SPACES,
    VALUE,
    State,
)
from sundry.engines.packing.spaces import drop_space, next_space


@kernel
def one_of(states, i):
    """State `i`, as a view."""
    return State(
        states.remaining[i],
        states.spaces[i],
        states.placed[i],
        states.chain[i],
        states.back[i],
        states.spent[i],
        states.tally[i],
        states.amount[i],
    )


@kernel
def copy_state(source, target):
    """Only the rows in use are copied: most of the time of a short rollout would go into the others."""
    target.remaining[:] = source.remaining
    target.chain[:] = source.chain
    target.back[:] = source.back
    target.spent[:] = source.spent
    target.tally[:] = source.tally
    target.amount[:] = source.amount
    for i in range(source.tally[SPACES]):
        for k in range(7):
            target.spaces[i, k] = source.spaces[i, k]
    copy_placed(source, target)


@kernel
def copy_placed(source, target):
    for i in range(source.tally[PLACED]):
        for k in range(7):
            target.placed[i, k] = source.placed[i, k]


@kernel
def choose_or_skip(problem, state, wanted, desk):
    """(space, blocks found) for the next space that takes a block; (-1, 0) when none does.

    A space may hold a carton and still take none: the payload is reached.
    """
    while True:
        index = next_space(problem, state)
        if index < 0:
            return -1, 0
        found = choose_blocks(problem, state, index, wanted, desk)
        if found > 0:
            return index, found
        drop_space(state, index)


@kernel
def complete(problem, state, desk, stop):
    """Fill the state greedily. `stop[0]` is set from outside when time is out; the plan is then valid but not full."""
    while stop[0] == 0:
        index, found = choose_or_skip(problem, state, 1, desk)
        if found == 0:
            return
        place(problem, state, index, desk.chosen[0])


@entry
def expand(problem, states, worth, width, first, step, children_max, blocks, values, work, desk, best, stop):
    """Try `width` blocks on each state, each completed greedily.

    `worth` of a state: what its own rollout reached, -1: not known. It began with the best block, so that one is known.

    Child k of state s is number s * width + k and is written to `blocks` and `values` there (-1: no such child). This
    call does the children first, first + step, ... below `children_max`, so that several threads share the work without
    sharing a line. `work` holds two states to work in; `best` is overwritten whenever a completed plan is worth more.
    """
    parent = one_of(work, 0)
    child = one_of(work, 1)
    chosen = np.empty(width, np.int32)
    prepared = -1
    index = -1
    found = 0
    number = first
    while number < min(children_max, worth.shape[0] * width) and stop[0] == 0:
        if number // width != prepared:
            prepared = number // width
            copy_state(one_of(states, prepared), parent)
            index, found = choose_or_skip(problem, parent, width, desk)
            chosen[:found] = desk.chosen[:found]
        if number % width == 0 and found > 0 and worth[prepared] >= 0:
            blocks[number] = chosen[0]
            values[number] = worth[prepared]
        elif number % width < found:
            copy_state(parent, child)
            place(problem, child, index, chosen[number % width])
            complete(problem, child, desk, stop)
            blocks[number] = chosen[number % width]
            values[number] = child.amount[VALUE]
            if child.amount[VALUE] > best.amount[VALUE]:
                best.amount[:] = child.amount
                best.tally[:] = child.tally
                copy_placed(child, best)
        number += step


@entry
def advance(problem, states, parents, blocks, desk, target):
    """Make the chosen children states: target[i] is states[parents[i]] with blocks[i] in its next space.

    Rebuilding them costs one placement each; keeping all children would cost a hundred times the memory.
    """
    for i in range(parents.shape[0]):
        child = one_of(target, i)
        copy_state(one_of(states, parents[i]), child)
        index, _ = choose_or_skip(problem, child, 1, desk)
        place(problem, child, index, blocks[i])
