"""A peer's side of the packing bench, run by the Python of an environment of its own.

    python _packing_peer.py py3dbp|packingsolver3d < task.json > answer.json

The task: {"room": [x, y, z], "boxes": [[[l, w, h], [l, w, h may stand upright], quantity], ...], "seconds": s}. The
answer: {"placements": [[type, x, y, z, dx, dy, dz], ...], "seconds": wall, "cpu_s": CPU}. Both know no support.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any


def packingsolver3d(task: dict[str, Any]) -> list[list[int]]:
    """One bin, the most volume: the objective "knapsack", where a carton is worth its volume. It keeps the seconds."""
    from packingsolver3d import BinType, Instance, ItemType, Objective, Rotation, box

    # A rotation's name says which edge of the item lies along x, y and z of the bin: the last stands upright.
    standing = {edge: [way for way in Rotation if way.value[2] == edge] for edge in "XYZ"}
    items = [
        ItemType(
            *edges,
            copies=quantity,
            rotations=tuple(way for edge, may in zip("XYZ", upright, strict=True) if may for way in standing[edge]),
        )
        for edges, upright, quantity in task["boxes"]
    ]
    instance = Instance([BinType(*task["room"])], items, Objective.KNAPSACK)
    found = box.solve(instance, time_limit=task["seconds"])
    return [[p.item_type_id, p.x, p.y, p.z, p.lx, p.ly, p.lz] for p in found.placements]


def py3dbp(task: dict[str, Any]) -> list[list[int]]:
    """Bigger first, as its own example does. It knows neither upright edges nor a limit of time."""
    from py3dbp import Bin, Item, Packer

    packer = Packer()
    room = Bin("room", *task["room"], 1)
    packer.add_bin(room)
    for kind, (edges, _, quantity) in enumerate(task["boxes"]):
        for _ in range(quantity):
            packer.add_item(Item(str(kind), *edges, 0))
    packer.pack(bigger_first=True, number_of_decimals=0)
    return [
        [int(item.name), *(int(at) for at in item.position), *(int(edge) for edge in item.get_dimension())]
        for item in room.items
    ]


if __name__ == "__main__":
    pack = {"packingsolver3d": packingsolver3d, "py3dbp": py3dbp}[sys.argv[1]]
    asked = json.load(sys.stdin)
    began, began_cpu = time.perf_counter(), time.process_time()
    placements = pack(asked)
    took = {"seconds": time.perf_counter() - began, "cpu_s": time.process_time() - began_cpu}
    json.dump({"placements": placements} | took, sys.stdout)
