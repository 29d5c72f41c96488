from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sundry.engines.packing import BoxType, Container, pack
from sundry.engines.packing.checker import check
from sundry.engines.packing.rules import NO_SUPPORT, Requirements

EDGES = st.integers(1, 60)
UPRIGHT = st.sampled_from([(True, True, True), (False, False, True), (True, False, True)])
BOX = st.builds(BoxType, EDGES, EDGES, EDGES, st.integers(0, 9), UPRIGHT, st.integers(0, 50))
ROOM = st.builds(
    Container,
    st.just("room"),
    st.integers(10, 120),
    st.integers(10, 80),
    st.integers(10, 70),
    st.none() | st.integers(10, 80),
    st.none() | st.integers(10, 70),
    st.none() | st.integers(0, 900),
)


@settings(max_examples=60, deadline=None)
@given(ROOM, st.lists(BOX, min_size=1, max_size=9), st.sampled_from(["full", "none"]))
def test_whatever_is_given_the_plan_is_right(room: Container, boxes: list[BoxType], support: str) -> None:
    asked = Requirements() if support == "full" else NO_SUPPORT
    packing = pack(room, boxes, requirements=asked, nodes=12)
    faults = check(room, boxes, packing.placements, requirements=asked)
    assert faults == []
    loaded = [placed.type for placed in packing.placements]
    assert [loaded.count(k) + left for k, left in enumerate(packing.left_out)] == [box.quantity for box in boxes]
    assert packing.fill == pytest.approx(sum(p.dx * p.dy * p.dz for p in packing.placements) / room.volume_mm3)


def test_eight_fill_the_room_and_the_ninth_is_left_out() -> None:
    """The example of rules.py."""
    packing = pack(Container("room", 4, 2, 2), [BoxType(2, 1, 1, 9, (False, False, True))], nodes=50)
    assert len(packing.placements) == 8
    assert packing.left_out == (1,)
    assert packing.fill == 1.0


def test_what_does_not_fill_the_room_stands_at_its_deep_end() -> None:
    room = Container("room", 1000, 40, 40)
    boxes = [BoxType(20, 20, 20, 16), BoxType(30, 20, 20, 8)]
    packing = pack(room, boxes, nodes=30)
    assert check(room, boxes, packing.placements) == []
    assert packing.left_out == (0, 0)
    assert max(p.x + p.dx for p in packing.placements) < 200  # 140 would be full to the brim


def test_a_thousand_small_cartons_of_few_sizes() -> None:
    boxes = [BoxType(400, 300, 250, 500), BoxType(350, 300, 300, 500), BoxType(600, 400, 400, 500)]
    room = Container("room", 12032, 2350, 2697, 2340, 2577, 26_500_000)
    packing = pack(room, boxes, nodes=20)
    assert check(room, boxes, packing.placements) == []
    assert packing.fill > 0.85


def test_more_types_than_bits_in_a_word() -> None:
    boxes = [BoxType(200 + k, 150 + k % 7, 100 + k % 11, 1) for k in range(150)]
    room = Container("room", 1500, 800, 700)
    packing = pack(room, boxes, nodes=10)
    assert check(room, boxes, packing.placements) == []
    assert packing.fill > 0.6


def test_one_specialisation_serves_centimetres_and_millimetres_weight_and_none() -> None:
    from sundry.engines.packing import jit, joining, lengths, rollouts

    if not jit.COMPILED:
        pytest.skip("numba is not installed or switched off")
    pack(Container("cm", 587, 233, 220), [BoxType(60, 50, 40, 9)], nodes=3)
    pack(
        Container("mm", 12000, 2350, 2690, payload_g=9),
        [BoxType(600, 500, 400, 9, weight_g=5)],
        requirements=NO_SUPPORT,
        nodes=3,
    )
    entries = [joining.join, lengths.reachable, rollouts.expand, rollouts.advance]
    assert [len(entry.signatures) for entry in entries] == [1, 1, 1, 1]


def test_published_instances_pass_somebody_elses_checker(br_file: Path, reference: ModuleType) -> None:
    from sundry.engines.packing.formats.br import read_br

    for instance in (1, 2, 3):
        room, boxes = read_br(br_file, instance)
        packing = pack(room, boxes, nodes=300)
        verdict = reference.check(
            room.inside_mm, [(b.edges_mm, b.vertical, b.quantity) for b in boxes], packing.placements
        )
        assert verdict["errors"] == []
        assert verdict["unsupported"] == 0
        assert verdict["util"] == pytest.approx(100 * packing.fill)
        assert packing.fill > 0.85


PROGRAM = """
import sys
{before}
from sundry.engines.packing import BoxType, Container, pack
plan = pack(Container("room", 60, 40, 40), [BoxType(30, 20, 15, 9), BoxType(20, 20, 20, 6)], nodes=8)
from sundry.engines.packing import jit
print(jit.COMPILED, plan.rollouts, [tuple(p) for p in plan.placements])
"""


def test_without_numba_the_same_plan_is_found() -> None:
    """Not installed, and installed but switched off."""
    found = []
    for before, extra in (("sys.modules['numba'] = None", {}), ("", {"NUMBA_DISABLE_JIT": "1"}), ("", {})):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", PROGRAM.format(before=before)],
            env=os.environ | extra,
            capture_output=True,
            text=True,
            check=True,
        )
        found.append(done.stdout.split(" ", 1))
    assert [compiled for compiled, _ in found[:2]] == ["False", "False"]
    assert found[0][1] == found[1][1] == found[2][1]


def test_progress_is_told() -> None:
    told: list[tuple[str, int, int]] = []
    boxes = [BoxType(31, 22, 17, 40)]
    pack(Container("room", 120, 80, 70), boxes, nodes=40, progress=lambda *now: told.append(now))
    assert told
    assert all(stage == "packing" and done <= total == 40 for stage, done, total in told)


def test_who_does_not_pack_needs_no_numpy() -> None:
    program = (
        "import sys; import sundry.engines.packing.checker, sundry.engines.packing as packing; "
        "print('numpy' in sys.modules, packing.BoxType.__name__, hasattr(packing, 'sink'))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False BoxType False\n"
