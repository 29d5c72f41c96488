"""The main job: what ships, what is set aside and why, and that nothing is ever half-written."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sundry.goods.orders.rules import Correction
from sundry.goods.shipping import actions
from sundry.goods.shipping.actions import ShipOptions, plan_shipment, ship
from sundry.goods.shipping.commands import exit_code
from sundry.goods.shipping.rules import Profile, Shipment
from sundry.kernel.errors import EnvironmentFault, UsageError

WriteOrders = Callable[..., Path]

FILES = {
    "checked.xlsx",
    "declarations.xlsx",
    "invoice.pdf",
    "layers-01.svg",
    "loading.html",
    "loading.pdf",
    "packing-list.xlsx",
    "shipment.json",
}


def told(shipment: Shipment) -> dict[str, tuple[str, int, str, str]]:
    """rule -> (severity, row, column, header) of every finding about a row."""
    return {f.rule: (str(f.severity), f.row, f.column, f.header) for f in shipment.findings if f.row}


def test_a_clean_book_ships_whole(orders: WriteOrders, options: ShipOptions, tmp_path: Path) -> None:
    shipment = ship(orders({}, {"箱数": 4}), tmp_path / "out", options)
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    assert [line.item for line in shipment.lines] == ["K1", "K2"]
    assert shipment.loaded_cartons() == [10, 4]
    assert shipment.lines[0].value_minor == 90_000
    assert shipment.value_usd_cents == (12_676, 5_070)  # 900.00 and 360.00 CNY at 7.10
    assert shipment.containers[0].gross_g == 168_000
    document = json.loads((tmp_path / "out" / "shipment.json").read_text("utf-8"))
    assert document == json.loads(json.dumps(shipment.to_json()))
    assert exit_code(shipment, strict=True) == 0


def test_a_line_of_the_limit_ships_and_one_cent_more_does_not(orders: WriteOrders, options: ShipOptions) -> None:
    in_dollars = replace(options, currency="USD", rates=())
    book = orders({"箱数": 1, "装箱数": 1, "单价": 150_000}, {"箱数": 1, "装箱数": 1, "单价": 150_000.01})
    shipment = plan_shipment(book, in_dollars)
    assert [line.item for line in shipment.lines] == ["K1"]
    assert [(row.sheet, row.row) for row in shipment.set_aside] == [("订单", 3)]
    assert [form.value_usd_cents for form in shipment.declarations] == [15_000_000]
    assert any(f.row == 3 and f.column == "F" and f.severity == "error" for f in shipment.findings)


def test_a_line_above_the_limit_is_split_only_when_asked(orders: WriteOrders, options: ShipOptions) -> None:
    book = orders({"箱数": 4, "装箱数": 1, "单价": 50_000})
    in_dollars = replace(options, currency="USD", rates=())
    assert not plan_shipment(book, in_dollars).lines
    shipment = plan_shipment(book, replace(in_dollars, split_lines=True))
    assert [form.value_usd_cents for form in shipment.declarations] == [15_000_000, 5_000_000]
    assert told(shipment)["line_split_over_forms"][0] == "warning"


def test_cartons_that_no_container_takes_are_set_aside_with_the_reason(
    orders: WriteOrders, options: ShipOptions
) -> None:
    book = orders(
        {},
        {"长cm": 1500},
        {"长cm": 300, "宽cm": 235, "高cm": 234.5, "箱数": 1, "毛重KG": 900, "净重KG": 800},
        {"毛重KG": 30_000, "净重KG": 29_000, "箱数": 1, "长cm": 500, "宽cm": 200, "高cm": 200},
    )
    shipment = plan_shipment(book, options)
    assert [line.item for line in shipment.lines] == ["K1"]
    rules = told(shipment)
    assert rules["carton_too_large"] == ("error", 3, "I", "长cm")
    assert rules["carton_not_through_door"] == ("error", 4, "I", "长cm")
    assert rules["carton_too_heavy"] == ("error", 5, "G", "毛重KG")


def test_upright_cartons_keep_their_height(orders: WriteOrders, options: ShipOptions) -> None:
    book = orders({"长cm": 30, "宽cm": 60, "高cm": 90, "备注": "此面向上"})
    for shipment in (plan_shipment(book, options), plan_shipment(orders({}), replace(options, upright=True))):
        height = (shipment.lines[0].carton_mm or (0, 0, 0))[2]
        assert {p.dz for container in shipment.containers for p in container.placements} == {height}


def test_what_finds_no_room_is_left_out_and_not_declared(orders: WriteOrders, options: ShipOptions) -> None:
    fixed = replace(options, container="20GP", containers_max=1)
    shipment = plan_shipment(orders({"箱数": 700}), fixed)
    (left,) = shipment.left_out
    (loaded,) = shipment.loaded_cartons()
    assert loaded + left.cartons == 700
    assert len(shipment.containers) == 1
    declared = [part for form in shipment.declarations for item in form.items for part in item.parts]
    assert sum(part.cartons for part in declared) == loaded
    assert sum(part.pieces for part in declared) == loaded * 36


def test_two_currencies_meet_in_dollars_each_converted_once(orders: WriteOrders, options: ShipOptions) -> None:
    book = orders({"单价": "¥2.50"}, {"单价": "US$ 0.40"})
    shipment = plan_shipment(book, options)
    assert [line.currency for line in shipment.lines] == ["CNY", "USD"]
    assert shipment.value_usd_cents == (12_676, 14_400)
    assert sum(form.value_usd_cents for form in shipment.declarations) == 27_076


def test_without_a_rate_ours_is_taken_and_its_day_is_told(orders: WriteOrders, options: ShipOptions) -> None:
    shipment = plan_shipment(orders({}), replace(options, rates=()))
    assert any(f.rule.startswith("rate_") and f.severity == "warning" for f in shipment.findings)
    assert shipment.rates[0].day is not None


def test_a_name_that_looks_like_a_formula_is_only_a_name(orders: WriteOrders, options: ShipOptions) -> None:
    shipment = plan_shipment(orders({"摊位": "=cmd|' /C calc'!A0"}), options)
    assert shipment.lines[0].stall == "=cmd|' /C calc'!A0"


def test_a_book_that_is_none_gives_an_empty_shipment_with_the_reason(options: ShipOptions, tmp_path: Path) -> None:
    nothing = tmp_path / "orders.xlsx"
    nothing.write_bytes(b"")
    shipment = ship(nothing, tmp_path / "out", options)
    assert [finding.rule for finding in shipment.findings if finding.severity == "error"] == ["book_empty"]
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES - {"layers-01.svg"}
    assert exit_code(shipment, strict=False) == 3


def test_exit_codes(orders: WriteOrders, options: ShipOptions) -> None:
    mixed = plan_shipment(orders({}, {"箱数": -1}), options)
    assert (exit_code(mixed, strict=False), exit_code(mixed, strict=True)) == (0, 2)
    assert exit_code(plan_shipment(orders({"箱数": 0}), options), strict=True) == 3


def test_the_profile_fills_the_papers_and_its_gaps_are_told(
    orders: WriteOrders, options: ShipOptions, tmp_path: Path
) -> None:
    told_profile = tmp_path / "buyer.yaml"
    told_profile.write_text("buyer: Comercial Ejemplo\ndestination: Panama\n", "utf-8")
    shipment = plan_shipment(orders({}), replace(options, profile=told_profile))
    assert shipment.profile.buyer == "Comercial Ejemplo"
    assert shipment.declarations[0].destination == "Panama"
    gaps = next(f for f in shipment.findings if f.rule == "profile_incomplete")
    assert "buyer_id" in gaps.message("en")
    assert "destination" not in gaps.details["fields"]
    told_profile.write_text("buyr: x\n", "utf-8")
    with pytest.raises(UsageError, match="buyr"):
        plan_shipment(orders({}), replace(options, profile=told_profile))


def test_an_unwritable_folder_is_told_before_anything_else(
    orders: WriteOrders, options: ShipOptions, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "out"
    in_the_way.write_text("a file")
    with pytest.raises(EnvironmentFault, match="out"):
        ship(orders({}), in_the_way, options)
    assert in_the_way.read_text() == "a file"


def test_a_full_disk_leaves_the_old_files_as_they_were(
    orders: WriteOrders, options: ShipOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    ship(orders({}), out, options)
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(actions, "_write", full)
    with pytest.raises(EnvironmentFault, match="full"):
        ship(orders({"箱数": 3}), out, options)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_a_drawing_of_a_container_that_is_no_longer_there_goes(
    orders: WriteOrders, options: ShipOptions, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    hers = {"notes.svg", "layers-01-old.svg", "layers-of-mine.svg"}
    for name in hers | {"layers-01.svg", "layers-02.svg", "layers-100.svg"}:
        (out / name).write_text("of an earlier plan")
    ship(orders({}), out, options)
    assert {path.name for path in out.iterdir()} == FILES | hers
    assert "Container 1 of 1" in (out / "layers-01.svg").read_text("utf-8")


def test_a_killed_job_leaves_no_file_under_its_final_name(orders: WriteOrders, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "sundry.web.cli", "ship", str(orders({"箱数": 700})), "--out", str(out)]
    job = subprocess.Popen([*command, "--seconds", "30"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while not out.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.3)
    finally:
        job.send_signal(signal.SIGKILL)
        job.wait()
    assert not FILES & {path.name for path in out.iterdir()}
    shipment = ship(orders({}), out, ShipOptions(day=actions.date(2026, 4, 20), rates=("USDCNY=7.10",), seconds=0.2))
    assert shipment.lines
    assert {path.name for path in out.iterdir()} == FILES  # what the killed job left is gone


def test_a_currency_without_a_rate_sets_its_lines_aside(orders: WriteOrders, options: ShipOptions) -> None:
    shipment = plan_shipment(orders({}, {"单价": "₽100"}), replace(options, rates=("USDCNY=7.10",)))
    rates_know = {line.currency for line in shipment.lines}
    assert rates_know == {"CNY"}
    assert told(shipment)["line_without_rate"] == ("error", 3, "F", "单价")
    assert [row.row for row in shipment.set_aside] == [3]


def test_a_line_loaded_in_part_gives_its_exact_share_to_the_totals(orders: WriteOrders, options: ShipOptions) -> None:
    shipment = plan_shipment(orders({"箱数": 700}), replace(options, container="20GP", containers_max=1))
    (loaded,) = shipment.loaded_cartons()
    assert shipment.totals()["value_minor"] == {"CNY": loaded * 9000}


def test_the_folder_of_a_job_that_still_runs_is_left_alone(
    orders: WriteOrders, options: ShipOptions, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    mine = out / f".sundry-unfinished-{os.getpid()}-x"
    ended = out / ".sundry-unfinished-99999999-x"
    for folder in (mine, ended):
        folder.mkdir(parents=True)
    ship(orders({}), out, options)
    assert mine.exists()
    assert not ended.exists()


def test_rows_that_a_person_leaves_out_are_neither_loaded_nor_declared(
    orders: WriteOrders, options: ShipOptions, tmp_path: Path
) -> None:
    """One that would ship, and one with a mistake, which is no matter any more."""
    book = orders({}, {"箱数": 4}, {"箱数": -1}, {"单价": 0})
    shipment = ship(book, tmp_path / "out", replace(options, excluded=frozenset({("订单", 3), ("订单", 4)})))
    assert [line.item for line in shipment.lines] == ["K1", "K4"]
    assert shipment.set_aside == ()
    assert [(row.row, row.item, row.cartons) for row in shipment.excluded] == [(3, "K2", 4), (4, "", None)]
    assert shipment.totals()["excluded"] == 2
    assert {(f.rule, f.row) for f in shipment.findings if f.row in (3, 4)} == {("row_excluded", 3), ("row_excluded", 4)}
    assert shipment.totals()["errors"] == 0
    declared = {part.line for form in shipment.declarations for item in form.items for part in item.parts}
    assert declared == {0, 1}
    assert told(shipment)["price_zero"][1] == 5


def test_a_line_is_no_double_of_one_that_was_left_out(orders: WriteOrders, options: ShipOptions) -> None:
    book = orders({"货号": "K"}, {"货号": "K"})
    assert "duplicate_line" in told(plan_shipment(book, options))
    without_first = plan_shipment(book, replace(options, excluded=frozenset({("订单", 2)})))
    assert "duplicate_line" not in told(without_first)


def test_a_chosen_row_that_is_none_is_told(orders: WriteOrders, options: ShipOptions) -> None:
    chosen = replace(options, excluded=frozenset({("订单", 9)}), pinned=frozenset({("别的", 2)}))
    unknown = [f for f in plan_shipment(orders({}), chosen).findings if f.rule == "row_chosen_unknown"]
    assert sorted((f.sheet, f.row) for f in unknown) == [("别的", 2), ("订单", 9)]


def test_a_row_cannot_stay_and_travel(orders: WriteOrders, options: ShipOptions) -> None:
    both = frozenset({("订单", 2)})
    with pytest.raises(UsageError, match="both"):
        plan_shipment(orders({}), replace(options, excluded=both, pinned=both))


def test_a_pinned_line_travels_and_the_rest_stays(orders: WriteOrders, options: ShipOptions) -> None:
    sides = [{"长cm": 41 + 4 * n, "宽cm": 33 + 2 * n, "高cm": 26 + 2 * n} for n in range(8)]
    book = orders(*(size | {"箱数": 2000 // (11 + 3 * n)} for n, size in enumerate(sides)))
    fixed = replace(options, container="20GP", containers_max=1)
    out = plan_shipment(book, fixed).left_out
    line = max(out, key=lambda left: left.cartons).line
    shipment = plan_shipment(book, replace(fixed, pinned=frozenset({("订单", line + 2)})))
    assert line not in {left.line for left in shipment.left_out}
    assert shipment.left_out
    assert "pinned_left_out" not in told(shipment)


def test_what_is_pinned_and_does_not_fit_alone_is_told_at_its_cell(orders: WriteOrders, options: ShipOptions) -> None:
    chosen = replace(options, container="20GP", containers_max=1, pinned=frozenset({("订单", 3)}))
    shipment = plan_shipment(orders({"箱数": 5}, {"箱数": 700}), chosen)
    assert told(shipment)["pinned_left_out"] == ("error", 3, "D", "箱数")
    assert {left.line for left in shipment.left_out} == {0, 1}


def test_the_profile_may_come_as_data(orders: WriteOrders, options: ShipOptions) -> None:
    shipment = plan_shipment(orders({}), replace(options, profile=Profile(buyer="Amal & Sons", destination="AE")))
    assert shipment.profile.buyer == "Amal & Sons"
    assert shipment.declarations[0].destination == "AE"


def test_what_was_typed_counts_and_stands_in_the_checked_copy(
    orders: WriteOrders, options: ShipOptions, tmp_path: Path
) -> None:
    book = orders({"箱数": None}, {"单价": "?"})
    typed = (Correction("订单", 2, "D", "7"), Correction("订单", 3, "F", "1.25"))
    shipment = ship(book, tmp_path / "out", replace(options, corrections=typed))
    assert [(line.cartons, line.unit_price) for line in shipment.lines] == [(7, "2.5"), (10, "1.25")]
    again = plan_shipment(tmp_path / "out" / "checked.xlsx", options)
    assert again.lines == shipment.lines
    assert not [f for f in again.findings if f.severity == "error"]


def test_unknown_columns_may_be_told_as_data(orders: WriteOrders, options: ShipOptions, tmp_path: Path) -> None:
    book = tmp_path / "book.csv"
    book.write_text("货号,品名,箱数,装箱数,Kaina,长cm,宽cm,高cm\nK1,杯,4,36,2.5,50,40,30\n", "utf-8")
    unread = plan_shipment(book, replace(options, remembered={}))
    assert not unread.lines
    assert [seen.slot for seen in unread.tables[0].seen][4] is None
    told_map = {"columns": {"Kaina": "price"}}
    assert plan_shipment(book, replace(options, remembered={}, column_map_data=told_map)).lines
    assert plan_shipment(book, replace(options, remembered={unread.tables[0].key: told_map})).lines
