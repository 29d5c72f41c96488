"""The invoice: exactly what stands in the containers, to the cent, in both languages."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from sundry.engines.declaring.declare import loaded_share
from sundry.engines.declaring.rules import DeclarableLine
from sundry.goods.consolidation.rules import LoadedContainer, Placement
from sundry.goods.orders.rules import Line
from sundry.goods.shipping.actions import ShipOptions, plan_shipment
from sundry.goods.shipping.formats.invoice_pdf import invoiced, write_invoice
from sundry.goods.shipping.rules import Profile, Shipment
from sundry.kernel.exchange import Rate
from sundry.simulation.order_book import write_sample

DAY = date(2026, 4, 20)
GIVEN = Rate("USD", "CNY", Decimal("7.10"))
PROFILE = Profile(
    buyer="Comercial Ñandú S.A.",
    buyer_nationality="Panama",
    buyer_id="RUC 155-612-1",
    destination="Colón",
    consignor="义乌市某某贸易有限公司",
    consignor_uscc="91330782MA2E000000",
    incoterm="FOB Ningbo",
    marks="CÑ / COLON / 1-46",
    port_of_loading="Ningbo",
    invoice_number="SY-2026-0420",
)


def line(**differs: Any) -> Line:
    whole = Line(
        sheet="订单",
        row=2,
        stall="A1-1001",
        item="K1",
        name="杯",
        cartons=10,
        pieces_per_carton=36,
        pieces=360,
        unit="piece",
        unit_price="2.5",
        unit_price_minor=250,
        price_per="piece",
        value_minor=90_000,
        currency="CNY",
        gross_g=120_000,
        net_g=110_000,
        carton_mm=(500, 400, 300),
        carton_mm_from="stated",
        carton_volume_mm3=60_000_000,
        carton_volume_from="LxWxH",
        hs="6912001000",
    )
    return replace(whole, **differs)


def container(*cartons: int, kind: str = "20GP") -> LoadedContainer:
    """With so many cartons of each line, wherever they stand."""
    placements = [
        Placement(number, 0, 0, 0, 500, 400, 300) for number, count in enumerate(cartons) for _ in range(count)
    ]
    return LoadedContainer(
        type=kind,
        inside_mm=(5890, 2350, 2390),
        door_mm=(2340, 2280),
        payload_g=28_200_000,
        usual_volume_mm3=28_000_000_000,
        price_minor=1,
        price_currency="USD",
        placements=tuple(placements),
        gross_g=0,
        known_gross_g=0,
        volume_mm3=60_000_000 * sum(cartons),
    )


Invoice = Callable[..., str]


@pytest.fixture
def invoice(tmp_path: Path) -> Invoice:
    """invoice(lines, containers, ...) writes the paper and gives its text."""

    def write(lines: Sequence[Line], containers: Sequence[LoadedContainer], **differs: Any) -> str:
        given = {
            "file": "orders.xlsx",
            "day": DAY,
            "value_usd_cents": [line.value_minor for line in lines],
            "rates": [GIVEN],
            "profile": PROFILE,
            "language": "zh",
        }
        write_invoice(tmp_path / "invoice.pdf", lines=lines, containers=containers, **(given | differs))
        return read(tmp_path / "invoice.pdf")

    return write


def read(path: Path) -> str:
    """The text of all pages, blanks and line breaks as one blank."""
    reader = PdfReader(io.BytesIO(path.read_bytes()))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).replace("\u200b", "").split())


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Shipment:
    book = tmp_path_factory.mktemp("sample") / "sample.xlsx"
    write_sample(book)
    return plan_shipment(book, ShipOptions(day=DAY, rates=("USDCNY=7.10",), seconds=0.2, language="zh"))


def test_a_part_of_a_line_is_invoiced_exactly() -> None:
    (share,) = invoiced([line(value_minor=10_001, pieces=361)], [1_409], [container(3), container(4)])
    assert (share.cartons, share.value_minor) == (7, 7_001)
    assert (share.pieces, share.value_usd_cents) == (253, 986)
    assert (share.gross_g, share.net_g) == (84_000, 77_000)


def test_what_was_left_out_is_not_invoiced() -> None:
    lines = [line(item="K1"), line(item="K2", gross_g=None), line(item="K3")]
    shares = invoiced(lines, [1, 2, 3], [container(10, 4)])
    assert [(share.line.item, share.cartons, share.gross_g) for share in shares] == [
        ("K1", 10, 120_000),
        ("K2", 4, None),
    ]


@given(
    st.integers(1, 60).flatmap(lambda cartons: st.tuples(st.just(cartons), st.integers(1, cartons))),
    st.tuples(*[st.integers(0, 10**9)] * 5),
)
def test_the_invoice_and_the_declarations_share_a_line_alike(of: tuple[int, int], whole: tuple[int, ...]) -> None:
    cartons, loaded = of
    pieces, value, cents, gross, net = whole
    given_line = line(cartons=cartons, pieces=pieces, value_minor=value, gross_g=gross, net_g=net)
    (share,) = invoiced([given_line], [cents], [container(loaded)])
    declared = loaded_share(DeclarableLine(0, None, "杯", "piece", cartons, pieces, cents, gross, net), loaded)
    assert (share.cartons, share.pieces, share.value_usd_cents, share.gross_g, share.net_g) == (
        *(declared.cartons, declared.pieces, declared.value_usd_cents, declared.gross_g, declared.net_g),
    )
    if loaded == cartons:
        assert (share.value_minor, share.pieces) == (value, pieces)


def test_more_cartons_than_a_line_has_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        invoiced([line()], [1], [container(11)])


def test_the_paper_says_what_is_asked_for(invoice: Invoice) -> None:
    lines = [
        line(item="K-1", value_minor=10_001, unit_price="0.035"),
        line(item="K-2", currency="USD", value_minor=123_456, unit_price="1234.5", price_per="dozen", unit="set"),
        line(item="K-3", currency="JPY", value_minor=5_000, unit_price="12", unit="pair"),
        line(item="K-4", value_minor=106_729_407, unit_price="3.8"),
    ]
    text = invoice(lines, [container(7, 10), container(0, 0, 10, 10, kind="40HC")], value_usd_cents=[1_409, 200, 30, 4])
    for said in (
        *(
            "SY-2026-0420",
            "2026-04-20",
            "义乌市某某贸易有限公司",
            "91330782MA2E000000",
            "Comercial Ñandú S.A.",
            "Panama",
        ),
        *("FOB Ningbo", "Ningbo", "Colón", "CÑ / COLON / 1-46", "K-1", "K-2", "K-3", "K-4"),
        *("0.035 CNY 70.01", "1,234.50", "每打 per dozen", "USD 1,234.56", "JPY 5,000", "3.80 CNY 1,067,294.07"),
        *("套 sets", "双 pairs", "252", "360"),
        *("小计 Subtotal CNY 1,067,364.08", "壹佰零陆万柒仟叁佰陆拾肆元零捌分", "JPY 5,000", "USD 1,234.56"),
        *("美元总计 Total in US dollars USD 12.20", "1 USD = 7.10 CNY", "由卖方给定 as given by the seller"),
        *("箱数 Cartons 37", "总数量 Pieces 1,332", "444 kg", "407 kg", "2.220 m³", "1 × 20GP, 1 × 40HC"),
        *("1 20GP 17 1.020", "2 40HC 20 1.200", "签字盖章"),
    ):
        assert said in text, f"{said} not in {text}"


def test_a_rate_of_ours_names_its_day_and_source(invoice: Invoice) -> None:
    rate = Rate("USD", "CNY", Decimal("7.0245"), date(2026, 4, 17), "中国外汇交易中心")
    assert "1 USD = 7.0245 CNY (2026-04-17, 中国外汇交易中心)" in invoice([line()], [container(10)], rates=[rate])


def rules_drawn(path: Path) -> int:
    """Thin filled shapes: the lines of the tables, and the blanks."""
    contents = [page.get_contents() for page in PdfReader(path).pages]
    return sum(len(re.findall(rb"\nf\n", content.get_data())) for content in contents if content is not None)


def test_what_the_profile_leaves_open_is_a_blank_to_fill(invoice: Invoice, tmp_path: Path) -> None:
    invoice([line()], [container(10)])
    without_blanks = rules_drawn(tmp_path / "invoice.pdf")
    text = invoice([line()], [container(10)], profile=Profile(buyer="Somebody"))
    for label, following in (
        ("发票号 Invoice no.", "日期 Date 2026-04-20"),
        ("卖方 Seller 名称 Name", "统一社会信用代码 Unified social credit code 买方 Buyer 名称 Name Somebody"),
        ("国籍 Nationality", "证件号或税号 Identity or tax no. 条款 Terms"),
        ("贸易术语 Incoterm", "装运港 Port of loading 目的地 Destination 唛头 Shipping marks 序号 No."),
    ):
        assert f"{label} {following}" in text
    assert rules_drawn(tmp_path / "invoice.pdf") == without_blanks + 9, "a line to write on for each"
    assert "orders.xlsx" in text, "without a number the footer names the book"


@pytest.mark.parametrize(
    ("language", "heading"),
    [("zh", "商业发票 Commercial invoice"), ("en", "Commercial invoice 商业发票")],
)
def test_both_languages_stand_on_it_her_own_first(
    language: str, heading: str, invoice: Invoice, tmp_path: Path
) -> None:
    assert heading in invoice([line()], [container(10)], language=language)
    metadata = PdfReader(tmp_path / "invoice.pdf").metadata
    assert metadata is not None
    assert metadata.title == f"{heading.split(' ')[0] if language == 'zh' else 'Commercial invoice'} SY-2026-0420"


def test_names_of_every_language_are_there(invoice: Invoice) -> None:
    lines = [line(name="保温杯", names={"zh": "保温杯", "es": "Taza ñandú", "ar": "كوب حراري"}), line(name="كوب")]
    text = invoice(lines, [container(10, 10)])
    assert "保温杯 / Taza ñandú / " in text
    assert text.count("保温杯") == 1
    assert set("كوبحراري") <= set(text)


def test_markup_in_the_book_is_text(invoice: Invoice) -> None:
    lines = [line(item="#panic()", name="$12_*_$ [a] @b <c> `d` \\u{41}"), line(item="=cmd|' /C calc'!A0")]
    text = invoice(lines, [container(10, 10)], profile=replace(PROFILE, buyer='"#eval(1)"'))
    for said in ("#panic()", "$12_*_$ [a] @b <c> `d` \\u{41}", "=cmd|' /C calc'!A0", '"#eval(1)"'):
        assert said in text


def test_a_weight_that_is_not_known_is_said_to_be_unknown(invoice: Invoice) -> None:
    text = invoice([line(), line(gross_g=None)], [container(10, 10)], language="en")
    assert "unknown (120 kg without 1 lines that were not weighed)" in text
    assert "220 kg" in text


def test_without_yuan_there_are_no_capitals(invoice: Invoice) -> None:
    text = invoice([line(currency="USD")], [container(10)], rates=[])
    assert "大写" not in text
    assert "汇率" not in text


def test_an_empty_shipment_is_a_paper_too(invoice: Invoice) -> None:
    text = invoice([], [], rates=[])
    assert "没有装柜的货物，无需开票。" in text
    assert "USD 0.00" in text
    assert "货柜 Containers 0" in text


def test_two_thousand_lines(invoice: Invoice, tmp_path: Path) -> None:
    lines = [line(item=f"N{number:04d}X", value_minor=number) for number in range(2_000)]
    text = invoice(lines, [container(*[1] * 2_000)], value_usd_cents=[100] * 2_000)
    assert not [item.item for item in lines if item.item not in text]
    assert "USD 200.00" in text
    pages = PdfReader(tmp_path / "invoice.pdf").pages
    assert "货号" in pages[len(pages) // 2].extract_text(), "every page has the head of the table"
    assert f"Page {len(pages)} / {len(pages)}" in text


def write_of(shipment: Shipment, path: Path) -> bytes:
    write_invoice(
        path,
        file=shipment.file,
        day=shipment.day,
        lines=shipment.lines,
        value_usd_cents=shipment.value_usd_cents,
        containers=shipment.containers,
        rates=shipment.rates,
        profile=shipment.profile,
        language=shipment.language,
    )
    return path.read_bytes()


def test_the_sample_is_invoiced_as_it_is_declared(sample: Shipment, tmp_path: Path) -> None:
    shares = invoiced(sample.lines, sample.value_usd_cents, sample.containers)
    written = write_of(sample, tmp_path / "invoice.pdf")
    text = read(tmp_path / "invoice.pdf")
    cents = sum(form.value_usd_cents for form in sample.declarations)
    assert sum(share.value_usd_cents for share in shares) == cents
    assert f"USD {Decimal(cents) / 100:,.2f}" in text
    by_currency: Counter[str] = Counter()
    for share in shares:
        by_currency[share.line.currency] += share.value_minor
        assert share.line.item in text
        assert f"{share.line.currency} {Decimal(share.value_minor) / 100:,.2f}" in text
    for currency, minor in by_currency.items():
        assert f"{currency} {Decimal(minor) / 100:,.2f}" in text
    assert f"箱数 Cartons {sum(share.cartons for share in shares):,}" in text
    assert write_of(sample, tmp_path / "again.pdf") == written, "the same shipment, the same bytes"
