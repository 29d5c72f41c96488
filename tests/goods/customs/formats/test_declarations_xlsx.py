"""The declarations read back: the three lists and the packing list tell the same goods, to the cent and the gram."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sundry.engines.declaring.rules import Declaration, DeclaredItem, Part
from sundry.goods.consolidation.formats.packing_list import write_packing_list
from sundry.goods.customs.formats.declarations_xlsx import write_declarations
from sundry.goods.shipping.rules import Profile, Shipment
from sundry.kernel.exchange import Rate

Written = Callable[..., Any]

HEAD = "FFDDE6F0"
"""What only the heads of tables are filled with."""

NETWORKED = [
    "商户", "*商品名称", "HS编码", "货号/唛头", "规格型号", "生产厂商", "品牌", "*交易数量", "*单位", "*包装数量",
    "*包装单位", "*币种", "*货值", "*重量(KGS)",
]  # fmt: skip


def write(shipment: Shipment, path: Path, language: str = "en") -> Path:
    write_declarations(
        path,
        file=shipment.file,
        day=shipment.day,
        lines=shipment.lines,
        declarations=shipment.declarations,
        rates=shipment.rates,
        profile=asdict(shipment.profile),
        language=language,
    )
    return path


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, reread: Callable[..., Any]) -> Written:
    """written(shipment) is its declarations, read back; those of one shipment are written once."""
    known: dict[tuple[int, str], tuple[Any, Shipment]] = {}

    def write_and_read(shipment: Shipment, language: str = "en") -> Any:
        key = (id(shipment), language)
        if key not in known:  # with the shipment, so that no other comes to have its id
            path = tmp_path_factory.mktemp("papers") / "declarations.xlsx"
            known[key] = reread(write(shipment, path, language), language), shipment
        return known[key][0]

    return write_and_read


def kg(grams: int | None) -> Decimal | None:
    return None if grams is None else Decimal(grams) / 1000


def items(shipment: Shipment) -> list[tuple[Declaration, int, DeclaredItem]]:
    return [(form, number, item) for form in shipment.declarations for number, item in enumerate(form.items, start=1)]


def parts(shipment: Shipment) -> list[Part]:
    return [part for _, _, item in items(shipment) for part in item.parts]


# 联网清单.


def test_the_networked_list_begins_with_the_platforms_fourteen_columns(shipment: Shipment, written: Written) -> None:
    sheet = written(shipment)["联网清单"].formulas
    assert [cell.value for cell in sheet[1]][:14] == NETWORKED
    assert sheet["O1"].value is None
    assert "Stall" in sheet["A1"].comment.text


def test_the_networked_list_has_a_row_for_every_part(shipment: Shipment, written: Written, as_number: Any) -> None:
    sheet = written(shipment)["联网清单"].values
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    expected = [(form, number, item, part) for form, number, item in items(shipment) for part in item.parts]
    assert len(rows) == len(expected) + 2  # an empty row, and the total
    for row, (form, number, _, part) in zip(rows, expected, strict=False):
        line = shipment.lines[part.line]
        assert (row[0], row[1], row[2]) == (line.stall, line.name, line.hs)
        assert (row[7], row[9], row[11]) == (part.pieces, part.cartons, "USD")
        assert as_number(row[12]) == Decimal(part.value_usd_cents) / 100
        assert (None if row[13] is None else as_number(row[13])) == kg(part.gross_g)
        assert row[15:19] == (str(form.number), str(number), line.sheet, str(line.row))
    assert set(rows[-2]) == {None}, "the platform reads to the first empty row"


def test_the_networked_list_says_units_in_the_platforms_words(small: Shipment, written: Written) -> None:
    page = written(small)["联网清单"]
    by_row = dict(zip(page.column("declaration_book_row"), page.column("networked_unit"), strict=True))
    assert (by_row["2"], by_row["9"]) == ("个", "双")
    assert set(page.column("networked_package_unit")) == {"箱"}


# All lists together.


def test_all_lists_sum_to_the_declarations_and_to_the_shipment(shipment: Shipment, written: Written) -> None:
    paper = written(shipment)
    networked, simplified = paper["联网清单"], paper["简化归类清单"]
    forms = [paper[f"Form {form.number}"] for form in shipment.declarations]
    totals = shipment.totals()
    sums = {
        "paper_cartons": (networked.total("networked_packages"), totals["cartons"]),
        "paper_pieces": (networked.total("networked_quantity"), totals["pieces"]),
        "simplified_value": (networked.total("networked_value"), Decimal(totals["value_usd_cents"]) / 100),
    }
    for rule, (of_networked, of_shipment) in sums.items():
        assert of_networked == of_shipment == simplified.total(rule) == sum(form.total(rule) for form in forms), rule
    assert networked.total("networked_weight") == kg(sum(part.gross_g or 0 for part in parts(shipment)))
    for rule, field in (("paper_gross_kg", "gross_g"), ("paper_net_kg", "net_g")):
        for form, page in zip(shipment.declarations, forms, strict=True):
            assert page.total(rule) == kg(sum(getattr(item, field) or 0 for item in form.items))
        if totals[field] is not None:
            assert kg(totals[field]) == simplified.total(rule) == sum(page.total(rule) for page in forms)


def test_every_sum_is_a_formula_that_comes_to_the_value_beside_it(shipment: Shipment, written: Written) -> None:
    paper = written(shipment)
    checked = [page.check_formulas() for page in paper.pages()]
    merged = sum(item.merged for _, _, item in items(shipment))
    assert checked == [4, 6 * (merged + len(shipment.declarations) + 1), *([5] * len(shipment.declarations))]


def test_the_packing_list_and_the_declarations_tell_the_same(
    shipment: Shipment, written: Written, reread: Callable[..., Any], tmp_path: Path
) -> None:
    summary = reread(packing_list(shipment, tmp_path / "packing-list.xlsx"))["Summary"]
    networked = written(shipment)["联网清单"]
    assert summary.total("paper_cartons") == networked.total("networked_packages")
    assert summary.total("paper_gross_kg") == networked.total("networked_weight")


def packing_list(shipment: Shipment, path: Path) -> Path:
    write_packing_list(
        path,
        file=shipment.file,
        day=shipment.day,
        lines=shipment.lines,
        containers=shipment.containers,
        left_out=shipment.left_out,
        profile=asdict(shipment.profile),
        language="en",
    )
    return path


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_comes_to_the_same_totals(
    shipment: Shipment, reread: Callable[..., Any], as_number: Any, tmp_path: Path
) -> None:
    """The values beside the formulas are thrown away first, so that it has to compute them."""
    papers = [packing_list(shipment, tmp_path / "packing-list.xlsx"), write(shipment, tmp_path / "declarations.xlsx")]
    bare = [tmp_path / f"bare-{paper.name}" for paper in papers]
    for paper, without_values in zip(papers, bare, strict=True):
        openpyxl.load_workbook(paper).save(without_values)
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'office').as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(tmp_path / "computed"), *map(str, bare)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    for paper, without_values in zip(papers, bare, strict=True):
        ours, theirs = reread(paper), reread(tmp_path / "computed" / without_values.name)
        for name in ours.names:
            formulas = [cell for row in ours[name].formulas.iter_rows() for cell in row if cell.data_type == "f"]
            assert formulas
            for cell in formulas:
                computed = theirs[name].values[cell.coordinate].value
                assert as_number(computed) == as_number(ours[name].values[cell.coordinate].value), cell.coordinate


# 简化归类清单.


def test_the_rows_of_an_item_in_the_simplified_list_sum_to_it(
    shipment: Shipment, written: Written, as_number: Any
) -> None:
    page = written(shipment)["简化归类清单"]
    columns = ["simplified_lines", "paper_cartons", "paper_pieces", "simplified_value"]
    columns += ["paper_gross_kg", "paper_net_kg"]
    rows: dict[tuple[str, str], list[list[Decimal | None]]] = {}
    for form, number, *amounts in zip(
        *(page.column(rule) for rule in ("declaration_form", "declaration_item", *columns)), strict=True
    ):
        rows.setdefault((form, number), []).append([None if n is None else as_number(n) for n in amounts])
    assert len(rows) == len(items(shipment))
    for form, number, item in items(shipment):
        kinds = rows[str(form.number), str(number)]
        sums = [None if None in amounts else sum(filter(None, amounts)) for amounts in zip(*kinds, strict=True)]
        value = Decimal(item.value_usd_cents) / 100
        assert sums == [len(item.parts), item.cartons, item.pieces, value, kg(item.gross_g), kg(item.net_g)]
        assert len(kinds) == len({shipment.lines[part.line].hs for part in item.parts})
        assert item.merged == (len(kinds) > 1)


def test_merged_kinds_are_listed_with_their_members(small: Shipment, written: Written) -> None:
    """Six ordinary kinds and one more: the two of least value share chapter 95 and merge under the greater."""
    (form,) = small.declarations
    paper = written(small)
    page = paper["简化归类清单"]
    (merged,) = [number for number, item in enumerate(form.items, start=1) if item.merged]
    columns = ["simplified_code", "simplified_kind_code", "simplified_lines", "simplified_value"]
    rows = zip(*(page.column(rule) for rule in ("declaration_item", *columns)), strict=True)
    assert [row[1:] for row in rows if row[0] == str(merged)] == [
        ("9504500000", "9504500000", 2, 50),
        ("9504500000", "9505100010", 1, 30),
    ]
    assert "Form 1, item 7: 2 kinds merged · 报关单 1 第 7 项：2 种归并" in page.texts()
    assert paper["Form 1"].column("form_merged")[merged - 1] == "2 kinds · 2 种"
    assert page.column("simplified_kind_name")[-2] == "玩具7 and 1 more"


def test_many_stalls_of_a_kind_are_counted_not_all_named(line: Any, shipment_of: Any, written: Written) -> None:
    page = written(shipment_of([line(row) for row in range(2, 10)]))["简化归类清单"]
    assert page.column("simplified_stalls") == ["A2, A3, A4, A5, A6, A7 … (8)"]


# The forms.


def test_a_form_lists_its_items(shipment: Shipment, written: Written, as_number: Any) -> None:
    paper = written(shipment)
    for form in shipment.declarations:
        page = paper[f"Form {form.number}"]
        assert page.column("declaration_item") == [str(number) for number in range(1, len(form.items) + 1)]
        assert page.column("paper_hs") == [item.hs for item in form.items]
        assert page.column("paper_name") == [item.name for item in form.items]
        assert page.column("paper_pieces") == [item.pieces for item in form.items]
        assert page.column("paper_cartons") == [item.cartons for item in form.items]
        for rule, expected in (
            ("simplified_value", [Decimal(item.value_usd_cents) / 100 for item in form.items]),
            ("paper_gross_kg", [kg(item.gross_g) for item in form.items]),
            ("paper_net_kg", [kg(item.net_g) for item in form.items]),
        ):
            assert [None if n is None else as_number(n) for n in page.column(rule)] == expected
        assert page.total("simplified_value") == Decimal(form.value_usd_cents) / 100


def test_an_incomplete_form_says_what_lacks_and_marks_where(
    line: Any, shipment_of: Any, written: Written, is_marked: Callable[[Any], bool]
) -> None:
    lines = [line(2), line(3, hs=None, gross_g=None), line(4, hs="4202920000", net_g=None), line(5, hs="770100")]
    shipment = shipment_of(lines)
    paper = written(shipment)
    page = paper["Form 1"]
    (alarm,) = [text for text in page.texts() if text.startswith("Incomplete")]
    counts = "2 items without a valid HS code, 1 without gross weight, 1 without net weight, 0 without legal quantity"
    assert counts in alarm
    without_code = "HS code 商品编码\ngross weight 毛重"
    lacking = {
        "9503008900": None,
        "4202920000": "net weight 净重",
        "770100": "HS code 商品编码",
        None: without_code,
    }
    assert dict(zip(page.column("paper_hs"), page.column("declaration_lacking"), strict=True)) == lacking
    for rule in ("paper_hs", "paper_gross_kg", "paper_net_kg"):
        assert [is_marked(cell) for cell in page.cells(rule)] == [cell.value is None for cell in page.cells(rule)]
        assert [cell.value for cell in page.cells(rule)].count(None) == 1
    assert [is_marked(cell) for cell in page.totals("paper_gross_kg")] == [True]
    networked = paper["联网清单"]
    by_row = dict(zip(networked.column("declaration_book_row"), networked.column("declaration_lacking"), strict=True))
    assert by_row == {"2": None, "3": without_code, "4": "net weight 净重", "5": "HS code 商品编码"}
    weights = networked.cells("networked_weight")
    assert sorted(str(cell.value) for cell in weights) == ["30.001", "30.001", "30.001", "None"]
    assert [is_marked(cell) for cell in weights] == [cell.value is None for cell in weights]


def test_a_weight_that_nobody_knows_is_nowhere_a_zero(line: Any, shipment_of: Any, written: Written) -> None:
    hs = ("9503008900", "4202920000", "3926909090", "8516609000", "6402992900", "9504500000", "9505100010")
    values = (900, 800, 700, 600, 500, 40, 30)
    rows = zip(hs, values, strict=True)
    lines = [line(2 + i, hs=h, value_minor=v, gross_g=None, net_g=None) for i, (h, v) in enumerate(rows)]
    paper = written(shipment_of(lines))
    for name, rules in (
        ("联网清单", ("networked_weight",)),
        ("简化归类清单", ("paper_gross_kg", "paper_net_kg")),
        ("Form 1", ("paper_gross_kg", "paper_net_kg")),
    ):
        for rule in rules:
            cells = [*paper[name].cells(rule), *paper[name].totals(rule)]
            assert {cell.value for cell in cells} == {None}
        paper[name].check_formulas()


def test_a_complete_form_raises_no_alarm(small: Shipment, written: Written) -> None:
    texts = written(small)["Form 1"].texts()
    assert not [text for text in texts if text.startswith("Incomplete")]
    assert "Amal & Sons; ________ (to fill in / 待填写); ________ (to fill in / 待填写)" in texts
    assert "USDCNY 7.10 (given by the agent)" in texts
    assert "Inspection 法检" in texts


def test_a_legal_quantity_stands_in_the_unit_of_the_law(small: Shipment, written: Written) -> None:
    form = small.declarations[0]
    with_tariff = [
        replace(form.items[0], legal_quantity="27.002", legal_unit="kg"),
        replace(form.items[1], legal_quantity=None, legal_unit="pair"),
    ]
    shipment = replace(small, declarations=(replace(form, incomplete=True, items=tuple(with_tariff)),))
    page = written(shipment)["Form 1"]
    assert page.column("form_legal_quantity") == [27.002, None]
    assert page.column("form_legal_unit") == ["kg 千克", "pair 双"]
    assert page.column("declaration_lacking") == [None, "legal quantity 法定数量"]


def test_a_tariff_that_knows_none_of_the_codes_is_told(small: Shipment, written: Written) -> None:
    form = replace(small.declarations[0], incomplete=True)
    page = written(replace(small, declarations=(form,)))["Form 1"]
    assert set(page.column("declaration_lacking")) == {"legal quantity 法定数量"}


def test_a_rate_of_ours_has_its_day(small: Shipment, written: Written) -> None:
    rate = Rate("USD", "CNY", Decimal("7.0"), small.day, "the bank")
    assert "USDCNY 7.0 of 2026-04-20 (the bank)" in written(replace(small, rates=(rate,)))["Form 1"].texts()
    none = written(replace(small, rates=()))["Form 1"].texts()
    assert "none needed, all in USD · 无需换算，均为美元" in none


def test_what_the_profile_does_not_say_is_to_fill_in(small: Shipment, written: Written) -> None:
    texts = written(replace(small, profile=Profile()))["Form 1"].texts()
    assert texts.count("________ to fill in / 待填写") == 7


# All of the paper.


def test_dangerous_names_stay_the_text_they_are(small: Shipment, written: Written) -> None:
    stalls = written(small)["联网清单"].cells("networked_stall")
    assert Counter(cell.value for cell in stalls) == Counter(line.stall for line in small.lines)
    assert {cell.data_type for cell in stalls} == {"s"}
    guarded = [cell.value for cell in stalls if cell.quotePrefix]
    assert sorted(guarded) == sorted(["=cmd|' /C calc'!A0", "+1", "-x", "@SUM(A1)", "	=1+1"])


def test_in_chinese_chinese_stands_first(small: Shipment, written: Written) -> None:
    paper = written(small, "zh")
    assert paper.names == ["联网清单", "简化归类清单", "报关单1"]
    assert paper["报关单1"].header("simplified_value").value == "货值 USD\nValue USD"
    assert paper["联网清单"].total("networked_value") == Decimal(small.totals()["value_usd_cents"]) / 100
    assert all(page.check_formulas() for page in paper.pages())


def test_the_page_of_the_papers_names_every_column(small: Shipment, written: Written) -> None:
    page = (Path(__file__).resolve().parents[4] / "docs" / "papers.md").read_text("utf-8").replace("\\", "")
    paper = written(small)
    for name in paper.names:
        heads = [cell for row in paper[name].formulas.iter_rows() for cell in row if cell.fill.fgColor.rgb == HEAD]
        assert len(heads) > 12
        told = [str(cell.value).replace("\n", " ") for cell in heads]
        assert not [head for head in told if head not in page]


def test_an_empty_shipment_is_a_valid_file(shipment_of: Any, written: Written) -> None:
    paper = written(shipment_of([], []))
    assert paper.names == ["联网清单", "简化归类清单"]
    assert [cell.value for cell in paper["联网清单"].formulas[1]][:14] == NETWORKED
    assert paper["联网清单"].total("networked_value") == 0


def test_two_thousand_lines_are_written_and_sum(line: Any, shipment_of: Any, written: Written) -> None:
    lines = [line(row, hs=f"{95030000 + row % 90}", value_minor=100 * row, gross_g=row) for row in range(2, 2002)]
    shipment = shipment_of(lines)
    paper = written(shipment)
    assert len(paper["联网清单"].column("networked_stall")) == 2000
    total = Decimal(sum(shipment.value_usd_cents)) / 100
    assert paper["联网清单"].total("networked_value") == paper["简化归类清单"].total("simplified_value") == total
    assert len(shipment.declarations) > 10
    assert all(page.check_formulas() for page in paper.pages())


def test_the_same_shipment_gives_the_same_bytes(small: Shipment, tmp_path: Path) -> None:
    first = write(small, tmp_path / "first.xlsx").read_bytes()
    assert write(small, tmp_path / "second.xlsx").read_bytes() == first


def test_a_folder_that_is_not_there_is_an_os_error(small: Shipment, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write(small, tmp_path / "nowhere" / "declarations.xlsx")
