"""The packing list read back: its rows, pages and summary are the shipment, to the gram."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sundry.goods.consolidation.formats.packing_list import write_packing_list
from sundry.goods.shipping.rules import Profile, Shipment

Written = Callable[..., Any]

HEAD = "FFDDE6F0"
"""What only the heads of tables are filled with."""


def write(shipment: Shipment, path: Path, language: str = "en") -> Path:
    write_packing_list(
        path,
        file=shipment.file,
        day=shipment.day,
        lines=shipment.lines,
        containers=shipment.containers,
        left_out=shipment.left_out,
        profile=asdict(shipment.profile),
        language=language,
    )
    return path


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, reread: Callable[..., Any]) -> Written:
    """written(shipment) is its packing list, read back; that of one shipment is written once."""
    known: dict[tuple[int, str], tuple[Any, Shipment]] = {}

    def write_and_read(shipment: Shipment, language: str = "en") -> Any:
        key = (id(shipment), language)
        if key not in known:  # with the shipment, so that no other comes to have its id
            path = tmp_path_factory.mktemp("papers") / "packing-list.xlsx"
            known[key] = reread(write(shipment, path, language), language), shipment
        return known[key][0]

    return write_and_read


def page_name(shipment: Shipment, number: int) -> str:
    return f"{number} {shipment.containers[number - 1].type}"


def kg(grams: int | None) -> Decimal | None:
    return None if grams is None else Decimal(grams) / 1000


def known(amounts: list[Any], as_number: Callable[[object], Decimal]) -> list[Decimal | None]:
    return [None if amount is None else as_number(amount) for amount in amounts]


def test_every_container_has_a_page_behind_the_summary(shipment: Shipment, written: Written) -> None:
    names = written(shipment).names
    pages = [page_name(shipment, number) for number in range(1, len(shipment.containers) + 1)]
    assert names == ["Summary", *pages, *(["Left out"] if shipment.left_out else [])]


def test_a_page_has_a_row_for_every_line_in_its_container(
    shipment: Shipment, written: Written, loaded: Callable[[Shipment], list[Counter[int]]], as_number: Any
) -> None:
    paper = written(shipment)
    for number, cartons in enumerate(loaded(shipment), start=1):
        page = paper[page_name(shipment, number)]
        lines = [shipment.lines[index] for index in sorted(cartons)]
        assert page.column("paper_no") == [str(row) for row in range(1, len(lines) + 1)]
        assert page.column("paper_item") == [line.item for line in lines]
        assert page.column("paper_name") == [line.name for line in lines]
        assert page.column("paper_hs") == [line.hs for line in lines]
        assert page.column("paper_cartons") == [cartons[index] for index in sorted(cartons)]
        assert page.column("paper_pieces_per_carton") == [line.pieces_per_carton for line in lines]
        size = [shipment.lines[index].carton_mm or (0, 0, 0) for index in sorted(cartons)]
        volumes = [Decimal(length * width * height) / 10**9 for length, width, height in size]
        assert known(page.column("paper_volume_carton_m3"), as_number) == volumes
        assert known(page.column("paper_volume_m3"), as_number) == [
            volume * cartons[index] for volume, index in zip(volumes, sorted(cartons), strict=True)
        ]


def test_the_places_of_a_line_sum_to_it(shipment: Shipment, written: Written, as_number: Any) -> None:
    paper = written(shipment)
    told: Counter[tuple[str, str]] = Counter()
    for page in (paper[name] for name in paper.names[1:]):
        for rule in ("paper_cartons", "paper_pieces", "paper_gross_kg", "paper_net_kg"):
            for item, amount in zip(page.column("paper_item"), known(page.column(rule), as_number), strict=True):
                told[item, rule] += int((amount or 0) * (1000 if rule.endswith("_kg") else 1))
    true: Counter[tuple[str, str]] = Counter()
    for line in shipment.lines:  # the same item may stand on two lines
        true[line.item, "paper_cartons"] += line.cartons
        true[line.item, "paper_pieces"] += line.pieces
        true[line.item, "paper_gross_kg"] += line.gross_g or 0
        true[line.item, "paper_net_kg"] += line.net_g or 0
    assert told == true


def test_pages_summary_containers_declarations_and_totals_agree(
    shipment: Shipment, written: Written, as_number: Any
) -> None:
    paper = written(shipment)
    summary = paper["Summary"]
    sums: Counter[str] = Counter()
    for number, container in enumerate(shipment.containers, start=1):
        page = paper[page_name(shipment, number)]
        row = {
            rule: as_number(summary.column(rule)[number - 1])
            for rule in ("paper_cartons", "paper_volume_m3", "paper_gross_kg", "paper_net_kg")
        }
        assert row == {rule: page.total(rule) for rule in row}
        assert row["paper_cartons"] == len(container.placements)
        assert row["paper_volume_m3"] == Decimal(container.volume_mm3) / 10**9
        assert row["paper_gross_kg"] == kg(container.known_gross_g)
        assert summary.column("packing_type")[number - 1] == container.type
        assert as_number(summary.column("packing_payload_kg")[number - 1]) == kg(container.payload_g)
        assert as_number(summary.column("packing_fill")[number - 1]) == pytest.approx(
            Decimal(container.fill), abs=Decimal("0.00005")
        )
        sums.update({rule: page.total(rule) for rule in (*row, "paper_pieces")})
    totals = shipment.totals()
    parts = [part for form in shipment.declarations for item in form.items for part in item.parts]
    assert sums["paper_cartons"] == summary.total("paper_cartons") == totals["cartons"] == sum(p.cartons for p in parts)
    assert sums["paper_pieces"] == totals["pieces"] == sum(p.pieces for p in parts)
    assert sums["paper_gross_kg"] == summary.total("paper_gross_kg") == kg(sum(p.gross_g or 0 for p in parts))
    assert sums["paper_net_kg"] == summary.total("paper_net_kg") == kg(sum(p.net_g or 0 for p in parts))
    assert totals["gross_g"] in (None, sum(c.known_gross_g for c in shipment.containers))


def test_every_sum_is_a_formula_that_comes_to_the_value_beside_it(shipment: Shipment, written: Written) -> None:
    checked = [page.check_formulas() for page in written(shipment).pages()]
    assert checked == [4, *([5] * (len(checked) - 1))]


def test_a_line_in_two_containers_and_left_out_is_loaded_as_it_is_declared(
    line: Any, shipment_of: Any, written: Written, as_number: Any
) -> None:
    """101 g over 3 cartons: 67 g of them are declared, though a third each would be 34, 34 and 33."""
    lines = [line(2, gross_g=101, net_g=101, pieces=101, pieces_per_carton=None)]
    shipment = shipment_of(lines, [{0: 1}, {0: 1}], {0: 1})
    (item,) = shipment.declarations[0].items
    assert (item.gross_g, item.net_g, item.pieces) == (67, 67, 67)
    paper = written(shipment)
    for rule, thousandths in (("paper_gross_kg", 1), ("paper_net_kg", 1), ("paper_pieces", 1000)):
        shares = [as_number(paper[name].column(rule)[0]) for name in paper.names[1:]]
        assert shares == [Decimal(n * thousandths) / 1000 for n in (34, 33, 34)]


def test_what_is_left_out_stands_on_its_own_sheet_with_the_reason(
    small: Shipment, real: Shipment, written: Written
) -> None:
    paper = written(small)
    page = paper["Left out"]
    assert page.column("paper_item") == ["K2"]
    assert page.column("paper_cartons") == [1]
    assert page.column("paper_pieces") == [12]
    assert page.column("packing_reason")[0]
    assert any(text.startswith("1 cartons did not find room") for text in paper["Summary"].texts())
    assert "Left out" not in written(real).names


def test_a_weight_that_nobody_knows_is_a_marked_blank(
    line: Any, shipment_of: Any, written: Written, is_marked: Callable[[Any], bool], as_number: Any
) -> None:
    lines = [line(2), line(3, gross_g=None, net_g=None), line(4, net_g=None)]
    paper = written(shipment_of(lines, [{0: 3, 1: 1}, {1: 2, 2: 3}]))
    page = paper["1 40HC"]
    assert [(cell.value, is_marked(cell)) for cell in page.cells("paper_gross_kg")] == [(30.001, False), (None, True)]
    assert [(cell.value, is_marked(cell)) for cell in page.totals("paper_gross_kg")] == [(30.001, True)]
    second = paper["2 20GP"]
    assert [cell.value for cell in second.cells("paper_net_kg")] == [None, None]
    assert [(cell.value, is_marked(cell)) for cell in second.totals("paper_net_kg")] == [(None, True)]
    assert second.check_formulas() == 5
    summary = paper["Summary"]
    assert [(c.value, is_marked(c)) for c in summary.cells("paper_gross_kg")] == [(30.001, True), (30.001, True)]
    assert [(c.value, is_marked(c)) for c in summary.cells("paper_net_kg")] == [(27.002, True), (None, True)]
    assert [is_marked(cell) for cell in summary.totals("paper_net_kg")] == [True]
    assert summary.total("paper_net_kg") == Decimal("27.002")
    assert any("yellow totals are of the known weights" in text for text in page.texts())


def test_no_known_weight_at_all_is_never_a_zero(line: Any, shipment_of: Any, written: Written) -> None:
    paper = written(shipment_of([line(2, gross_g=None, net_g=None)]))
    for name in paper.names:
        page = paper[name]
        for rule in ("paper_gross_kg", "paper_net_kg"):
            assert [cell.value for cell in (*page.cells(rule), *page.totals(rule))] == [None, None]
        page.check_formulas()


def test_a_known_weight_is_not_marked(small: Shipment, written: Written, is_marked: Callable[[Any], bool]) -> None:
    for page in written(small).pages():
        cells = [*page.cells("paper_gross_kg"), *page.totals("paper_gross_kg")]
        assert cells
        assert not any(is_marked(cell) for cell in cells)


def test_a_missing_code_is_a_marked_blank(
    line: Any, shipment_of: Any, written: Written, is_marked: Callable[[Any], bool]
) -> None:
    (cell,) = written(shipment_of([line(2, hs=None)]))["1 40HC"].cells("paper_hs")
    assert cell.value is None
    assert is_marked(cell)


def test_dangerous_names_stay_the_text_they_are(small: Shipment, written: Written) -> None:
    page = written(small)["1 40HC"]
    stalls = page.cells("paper_stall")
    assert [cell.value for cell in stalls] == [small.lines[index].stall for index in range(5)]
    assert {cell.data_type for cell in stalls} == {"s"}
    assert {page.formulas[cell.coordinate].data_type for cell in stalls} == {"s"}
    assert all(cell.quotePrefix for cell in stalls)


def test_remarks_say_what_the_crew_must_know(small: Shipment, written: Written) -> None:
    paper = written(small)
    assert "2 of the line's 5 cartons" in paper["1 40HC"].column("paper_remark")[0]
    second = paper["2 20GP"]
    assert "this side up 此面向上" in second.column("paper_remark")[3]
    assert "size reckoned from volume 尺寸按体积折算" in second.column("paper_remark")[4]
    assert second.column("paper_carton_size_cm") == ["60.5×40×30"] * 4 + ["≈60.5×40×30"]
    assert second.column("paper_unit")[2:4] == ["piece 个", "pair 双"]
    assert second.column("paper_mark")[3] == "MK/1"
    assert paper["1 40HC"].column("paper_other_names")[0] == "toy"
    assert "above the usual 0.5 m³" in paper["Summary"].column("paper_remark")[0]


def test_what_the_profile_does_not_say_is_to_fill_in(small: Shipment, written: Written) -> None:
    texts = written(small)["Summary"].texts()
    assert texts.count("________ to fill in / 待填写") == 4
    assert "Amal & Sons" in texts
    whole = replace(small, profile=Profile(**dict.fromkeys(asdict(small.profile), "said")))
    assert not [text for text in written(whole)["Summary"].texts() if text.startswith("____")]


def test_in_chinese_chinese_stands_first(small: Shipment, written: Written) -> None:
    paper = written(small, "zh")
    assert paper.names == ["汇总", "1 40HC", "2 20GP", "甩货"]
    page = paper["1 40HC"]
    assert page.header("paper_gross_kg").value == "毛重 kg\nGross kg"
    assert page.total("paper_cartons") == 14
    assert [p.check_formulas() for p in paper.pages()] == [4, 5, 5, 5]


def test_the_page_of_the_papers_names_every_column(small: Shipment, written: Written) -> None:
    page = (Path(__file__).resolve().parents[4] / "docs" / "papers.md").read_text("utf-8").replace("\\", "")
    paper = written(small)
    for name in paper.names:
        heads = [cell for row in paper[name].formulas.iter_rows() for cell in row if cell.fill.fgColor.rgb == HEAD]
        assert len(heads) > 12
        told = [str(cell.value).replace("\n", " ") for cell in heads]
        assert not [head for head in told if head not in page]


def test_an_empty_shipment_is_a_valid_file_that_says_so(shipment_of: Any, written: Written) -> None:
    paper = written(shipment_of([], []))
    assert paper.names == ["Summary"]
    summary = paper["Summary"]
    assert summary.total("paper_cartons") == 0
    assert any(text.startswith("No carton was loaded") for text in summary.texts())


def test_the_same_shipment_gives_the_same_bytes(small: Shipment, tmp_path: Path) -> None:
    first = write(small, tmp_path / "first.xlsx").read_bytes()
    assert write(small, tmp_path / "second.xlsx").read_bytes() == first


def test_a_folder_that_is_not_there_is_an_os_error(small: Shipment, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write(small, tmp_path / "nowhere" / "packing-list.xlsx")
