"""The bench of the packing engine: runs go on where they were stopped, and the page is made from the data."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from sundry.engines.packing import BoxType, Container, Placed
from sundry.engines.packing import pack as packed_by_the_engine
from sundry.engines.packing.rules import NO_SUPPORT, Requirements
from sundry.kernel.errors import EnvironmentFault, UsageError
from sundry.web import bench

bench._load(bench.BENCH / "packing.py")
packing, runs, instances, br, nmfta, peers, document = (
    importlib.import_module(name if name.startswith("_") else f"bench_{name}")
    for name in (
        "packing",
        "_packing_runs",
        "_packing_instances",
        "_packing_br",
        "_packing_nmfta",
        "_packing_peers",
        "_packing_document",
    )
)
QUIET = Console(quiet=True)
Record = dict[str, Any]


def test_the_page_is_what_the_files_of_results_give() -> None:
    assert document.PAGE.read_text("utf-8") == document.page(document.BENCH), "make packing-results makes it anew"


class Stopped(Exception):
    """What Ctrl-C is to a run."""


def counting(seen: list[int], stop_at: int = 0) -> list[Any]:
    """Five instances; the one numbered `stop_at` stops the run."""

    def measure(k: int) -> Record:
        if k == stop_at:
            raise Stopped
        seen.append(k)
        return {"fill": k / 10}

    return [runs.Job({"instance": k}, partial(measure, k)) for k in range(1, 6)]


def gathered(file: Path, jobs: list[Any]) -> list[float]:
    records = runs.gather(jobs, runs.Journal(file), QUIET, lambda record: str(record["fill"]))
    return [record["fill"] for record in records]


def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    file, seen = tmp_path / "new" / "run.jsonl", list[int]()
    with pytest.raises(Stopped):
        gathered(file, counting(seen, stop_at=4))
    assert seen == [1, 2, 3]
    assert gathered(file, counting(seen)) == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert seen == [1, 2, 3, 4, 5]


def test_a_line_cut_in_two_is_measured_again_and_harms_no_other(tmp_path: Path) -> None:
    file, seen = tmp_path / "run.jsonl", list[int]()
    gathered(file, counting(seen))
    whole = file.read_bytes()
    file.write_bytes(whole[:-20])
    seen.clear()
    assert gathered(file, counting(seen)) == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert seen == [5]
    seen.clear()
    gathered(file, counting(seen))
    assert seen == []


def test_another_engine_or_another_machine_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, seen = tmp_path / "run.jsonl", list[int]()
    gathered(file, counting(seen))
    monkeypatch.setattr(runs, "engine", lambda: "another")
    gathered(file, counting(seen))
    monkeypatch.setattr(runs, "place", lambda: {"cpu": "another"})
    gathered(file, counting(seen))
    assert seen == [1, 2, 3, 4, 5] * 3


def test_the_engine_is_known_by_all_that_makes_and_judges_plans() -> None:
    names = {file.stem for file in runs.engine_files()}
    assert {"engine", "fleet", "search", "rollouts", "filling", "rules", "checker", "jit"} <= names
    assert not {"commands", "instances"} & names


def test_a_file_of_results_has_an_instance_a_line_and_a_link_on_the_page(tmp_path: Path) -> None:
    records = [{"instance": k, "fill": k / 10, "commit": "abc", "load": 0.5} for k in (1, 2)]
    found = runs.result("packing-some", "sundry bench packing", {"mean": 0.15}, records, about="Some.")
    file = runs.keep(tmp_path, found)
    assert json.loads(file.read_text("utf-8")) == found
    assert sum('"instance":' in line for line in file.read_text("utf-8").splitlines()) == 2
    assert found["commit"] == "abc"
    assert "[docs/packing-results.md](../docs/packing-results.md)" in (tmp_path / "README.md").read_text("utf-8")


def test_a_table_of_fewer_instances_replaces_none_of_more_of_the_same_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept(instances: int) -> int:
        records = [{"instance": k, "commit": "abc", "load": 0.5} for k in range(instances)]
        file = runs.keep(tmp_path, runs.result("packing-some", "sundry bench packing", {}, records, about=""))
        return len(json.loads(file.read_text("utf-8"))["instances"])

    assert [kept(2), kept(1), kept(3)] == [2, 2, 3]
    monkeypatch.setattr(runs, "engine", lambda: "another")
    assert kept(1) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("first", "0"), ("first", "two"), ("seconds", "-1"), ("seconds", "nan"), ("classes", "0-3"), ("classes", "16"),
        ("classes", ""), ("support", "half"), ("part", "everything"),
    ],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_is_refused(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"{name}={value}"):
        packing._asked(True, QUIET, {name: value})


def test_settings_are_read_as_numbers() -> None:
    asked = packing._asked(False, QUIET, {"first": "10", "seconds": "30", "classes": "1-3,15", "support": "none"})
    assert (asked.first, asked.seconds, asked.classes, asked.support) == (10, 30.0, (1, 2, 3, 15), "none")


def test_without_the_published_data_a_part_says_so(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="nowhere"):
        runs.require(tmp_path / "nowhere")


@pytest.fixture
def by_nodes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Made instances, and one plan tried instead of seconds."""

    def pack(room: Container, boxes: tuple[BoxType, ...], *, seconds: float, **more: Any) -> Any:
        return packed_by_the_engine(room, boxes, nodes=1, **more)

    monkeypatch.setattr(instances, "pack", pack)
    for module in (instances, br, peers):
        monkeypatch.setattr(module, "origin", lambda: "made")
    instances.best_known.cache_clear()
    yield
    instances.best_known.cache_clear()


@pytest.mark.usefixtures("by_nodes")
def test_a_quick_run_without_the_published_sets_says_that_its_instances_are_made() -> None:
    found = br.br(runs.Asked(QUIET, quick=True, first=1, classes=(1, 7)))
    assert found["bench"] == "packing-made-0.5s"
    assert [record["class"] for record in found["instances"]] == [1, 7]
    assert found["figures"]["origin"] == "made"
    assert found["figures"]["refused_by_a_checker"] == 0
    assert found["figures"]["br1_7"] is None  # some classes only: no mean of all
    assert 0.5 < found["figures"]["least_fill"] < 1
    assert found["classes"]["br1"]["best_known_of_these"] is None
    assert not br.is_whole(found)


GRID = Container("grid", 4, 2, 2)
LYING = BoxType(2, 1, 1, 8, (False, False, True))


def test_what_a_checker_finds_is_counted_by_rule() -> None:
    hanging = [Placed(0, 0, 0, 1, 2, 1, 1)]
    turned = [Placed(0, 0, 0, 0, 1, 1, 2)]
    assert instances.faults(GRID, [LYING], hanging, Requirements()) == {"support": 1}
    assert instances.faults(GRID, [LYING], hanging, NO_SUPPORT) == {}
    assert instances.faults(GRID, [LYING], turned, Requirements()) == {"orientation": 1}


NMFTA = """2
1 0
40 20 20
100
2
1 20 0 10 0 10 1 4 20 7
2 20 1 10 0 10 1 4 40 8
2 0
10 10 10
5
1
1 5 0 5 0 5 1 1 6 1
"""


def test_nmfta_is_read_with_its_weights(tmp_path: Path) -> None:
    (tmp_path / "NMFTA_1.txt").write_text(NMFTA, "utf-8")
    (room, boxes), (_, others) = nmfta.read(tmp_path / "NMFTA_1.txt")
    assert (room.inside_mm, room.payload_g) == ((40, 20, 20), 100_000)
    assert boxes == (
        BoxType(20, 10, 10, 4, (False, False, True), 20_000),
        BoxType(20, 10, 10, 4, (True, False, True), 40_000),
    )
    assert others == (BoxType(5, 5, 5, 1, (False, False, True), 6_000),)


def test_no_plan_passes_the_bound_of_weights() -> None:
    """Four cartons of 20 kg, an eighth of the room each, and half of one of 40 kg: 100 kg. No payload: the room."""
    boxes = [BoxType(20, 10, 10, 4, weight_g=40_000), BoxType(20, 10, 10, 4, weight_g=20_000)]
    assert nmfta.bound(Container("c", 40, 20, 20, payload_g=100_000), boxes) == pytest.approx(4.5 / 8)
    assert nmfta.bound(Container("c", 40, 20, 20), boxes) == 1.0
    assert nmfta.bound(Container("c", 40, 20, 20, payload_g=0), boxes) == 0.0


def peer_record(packer: str, seconds: float | None, fill: float | None) -> Record:
    found = {"packer": packer, "class": 1, "instance": 1, "seconds_given": seconds, "fill": fill}
    counted = {"seconds": 1.0, "cartons": 9, "faults": {"support": 2}, "broken_promises": 0}
    return found if fill is None else found | counted


def test_peers_are_compared_on_the_same_instance_and_an_empty_answer_is_counted() -> None:
    records = [
        peer_record("sundry", 5.0, 0.9),
        peer_record("sundry", 10.0, 0.95),
        peer_record("packingsolver3d", 5.0, None),
        peer_record("packingsolver3d", 10.0, 0.95),
        peer_record("py3dbp", None, 0.75),
    ]
    figures = peers._figures(records, (5.0, 10.0))
    assert figures == {
        "compared": {
            "sundry 5 s / py3dbp": {"mean_ratio": pytest.approx(1.2), "instances": 1},
            "sundry 10 s / packingsolver3d 10 s": {"mean_ratio": pytest.approx(1.0), "instances": 1},
        },
        "empty_answers": 1,
        "broken_promises": 0,
    }
    table = peers._table(records)
    empty = table["packingsolver3d 5 s"]
    assert (empty["fill"]["br1"], empty["empty_answers"], empty["seconds"]) == (0.0, 1, None)
    whole = table["py3dbp"]
    assert (whole["fill"]["br1"], whole["empty_answers"], whole["hanging"]) == (0.75, 0, 2)


def answer(placements: list[list[int]]) -> Callable[..., Any]:
    done = {"placements": placements, "seconds": 2.0, "cpu_s": 1.0}
    return lambda *_, **__: type("Done", (), {"stdout": json.dumps(done)})()


def test_only_what_a_peer_promises_is_held_against_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "environment", lambda *_: Path("python"))
    monkeypatch.setattr(peers.subprocess, "run", answer([[0, 0, 0, 0, 1, 1, 2], [0, 2, 0, 1, 2, 1, 1]]))
    free = peers._of_peer("py3dbp", (GRID, [LYING]), None)
    strict = peers._of_peer("packingsolver3d", (GRID, [LYING]), 5.0)
    assert free["faults"] == strict["faults"] == {"orientation": 1, "support": 1}
    assert (free["broken_promises"], strict["broken_promises"]) == (0, 1)
    assert free["fill"] == 4 / 16


def test_a_peer_that_cannot_be_installed_is_left_out_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*_: str) -> Path:
        raise OSError

    monkeypatch.setattr(peers, "environment", offline)
    peers._missing.cache_clear()
    assert peers._missing("py3dbp") == "py3dbp==1.1.2 could not be installed: OSError"
    peers._missing.cache_clear()


@pytest.mark.parametrize("name", ["py3dbp", "packingsolver3d"])
def test_the_peers_fill_a_small_room(name: str) -> None:
    """With the environments of an earlier bench: a test fetches nothing."""
    if not (runs.cache_folder() / peers.PEERS[name].replace("==", "-") / "whole").is_file():
        pytest.skip("the peers were not installed by `sundry bench packing` yet")
    found = peers._of_peer(name, (GRID, [LYING]), 0.2)
    assert (found["fill"], found["broken_promises"], found["cartons"]) == (1.0, 0, 8)


BR1 = {"class": 1, "instance": 1, "fill": 0.95, "commit": "abc", "load": 0.5, "reference_faults": 0, "faults": {}}


def made_bench(folder: Path) -> Path:
    """A folder of a bench in which one class was measured, one instance of it with a faulty plan."""
    (folder / "packing-published.yaml").write_bytes((bench.BENCH / "packing-published.yaml").read_bytes())
    more = {"seconds": 4.0, "seconds_given": 5.0, "rollouts": 400, "cpu_share": 0.9, "support": "full"}
    first = BR1 | more | {"origin": "published", "best_known": 0.96}
    second = first | {"instance": 2, "fill": 0.93, "faults": {"support": 1}}
    records = [first, second]
    figures = br._figures(records, {1: records})
    classes = {"br1": br._class(1, records)}
    runs.keep(folder, runs.result("packing-br-5s", "sundry bench packing", figures, records, about="", classes=classes))
    return folder


def test_the_page_tells_of_a_refused_plan_and_of_what_is_not_measured(tmp_path: Path) -> None:
    text = document.page(made_bench(tmp_path))
    assert "| BR1 | 3 | 94.00 | 93.00 | 94.51 | 94.34 | 94.40 | 94.74 | -0.74 | 96.00 |" in text
    assert "| 100 | 1 |\n" in text  # plans a second, refused
    assert "Refused: 1 of 2" in text
    assert "| required, full support, 5 s | 94.3 |  | 90.3 |  | first 2 |" in text  # one class: no mean of classes
    assert "| stretch, full support, 30 s | 95.1 |  | 91.6 |  | not measured yet |" in text
    assert "Not measured yet: `sundry bench packing --with part=peers`." in text
