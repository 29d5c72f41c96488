# mypy: allow-untyped-defs
# (the arguments of kernels are named tuples of arrays, see shapes.py)
"""Lengths that rows of cartons can reach: a bounded knapsack along each axis.

Problem: a space 100 long gets a block of 70. The 30 that remain are worth nothing when the shortest carton is 40, all
when a carton of 30 is at hand, and only 20 when nothing but a carton of 20 is left. A block that leaves what can be
used is better than one a little larger that wastes the rest.

Therefore a table says for every length the greatest sum of carton edges that is not longer, and which types may close
such a sum, so that a length drops out once none of these types remains. The table is a guide, not a bound: a carton
counts once for each of its edges, and its type is noted only where it comes last.
"""

from __future__ import annotations

import numpy as np

from sundry.engines.packing.jit import entry, kernel

WORD_BITS = 64


@entry
def reachable(room, quantity, edge_type, edge):
    """(best[room + 1] int32, types[room + 1, words] uint64) for one axis.

    `edge_type[k]`, `edge[k]`: the different edges that a type may lay along the axis.
    """
    words = (quantity.shape[0] + WORD_BITS - 1) // WORD_BITS
    types = np.zeros((room + 1, words), np.uint64)
    is_reached = np.zeros(room + 1, np.bool_)
    is_reached[0] = True
    for k in range(edge.shape[0]):
        step = edge[k]
        word = edge_type[k] // WORD_BITS
        bit = np.uint64(1) << np.uint64(edge_type[k] % WORD_BITS)
        # From the far end, so that this edge is not yet in the sums that it is added to.
        for start in range(room - step, -1, -1):
            if is_reached[start]:
                for times in range(1, min(quantity[edge_type[k]], (room - start) // step) + 1):
                    is_reached[start + step * times] = True
                    types[start + step * times, word] |= bit
    best = np.zeros(room + 1, np.int32)
    for length in range(1, room + 1):
        best[length] = length if is_reached[length] else best[length - 1]
    return best, types


@kernel
def note_alive(remaining, alive):
    """Write the types that remain as bits, in the order of Reach.types."""
    alive[:] = np.uint64(0)
    for k in range(remaining.shape[0]):
        if remaining[k] > 0:
            alive[k // WORD_BITS] |= np.uint64(1) << np.uint64(k % WORD_BITS)


@kernel
def usable(best, types, alive, rest):
    """How much of the length `rest` the types that are alive may still fill.

    Looked up anew for every block: a table of what is known already was tried, and cost twice the time of this loop.
    """
    length = best[rest]
    while length > 0:
        for word in range(alive.shape[0]):
            if types[length, word] & alive[word]:
                return length
        length = best[length - 1]
    return length
