"""What is asked of order lists: those of an organisation, their rows, the lines that they name; what goes out."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from sundry.base.access.rules import Owner
from sundry.goods.catalogue.queries_orderable import orderable, orderable_stalls
from sundry.goods.catalogue.rules import Ladder, Place, price_at
from sundry.goods.orders.import_rules import ImportState, Verdict
from sundry.goods.orders.models import Order, OrderImport, OrderImportRow, OrderLine, QuotationLine
from sundry.goods.orders.order_rules import ENDED, OrderState, State
from sundry.goods.orders.sheets_judging import KnownLine
from sundry.goods.orders.sheets_reading import FIELDS
from sundry.kernel.findings import Finding, Severity

WARNING: Final = Severity.WARNING
MENDED: Final = FIELDS
BASKETS_MAX: Final = 20
SHEETS_MAX: Final = 20
NUMBER_MAX: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class SheetView:
    """`order`: the number of that into which it goes or went, None: not chosen yet. `counts`: rows by verdict.
    `is_of_order`: it came out of that order and goes back. `columns`: field -> (letter, header)."""

    id: uuid.UUID
    name: str
    state: ImportState
    order: int | None
    order_state: OrderState | None
    is_of_order: bool
    currency: str
    problems: tuple[Finding, ...]
    total: int
    done: int
    pictures: int
    counts: Mapping[Verdict, int]
    columns: Mapping[str, tuple[str, str]]
    sheets: int
    can_resume: bool
    made_at: datetime

    @property
    def to_insert(self) -> int:
        return self.counts[Verdict.NEW] + self.counts[Verdict.CHANGED]


@dataclass(frozen=True, slots=True)
class RowView:
    """`wish`: as it is kept, {} where the row is none. `row`: as the sheet counts; 0 of a line that is gone."""

    position: int
    row: int
    sheet: str
    verdict: Verdict
    cells: Mapping[str, str]
    wish: Mapping[str, Any]
    findings: tuple[Finding, ...]
    differences: tuple[tuple[str, str, str], ...]
    photo: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class LineOfSheet:
    """A line that a sheet of ours may change. `state`: of its stall's part."""

    known: KnownLine
    sub: uuid.UUID
    state: State
    name: str
    sub_version: int

    @property
    def can_change(self) -> bool:
        return self.state not in ENDED and self.known.pieces > 0


@dataclass(frozen=True, slots=True)
class OrderOfSheet:
    id: uuid.UUID
    number: int
    state: OrderState
    currency: str
    version: int


def owner_of_sheet(sheet: uuid.UUID) -> Owner | None:
    """Whose a list is; None: there is none. One statement."""
    found = OrderImport.objects.filter(id=sheet).values_list("organisation_id", flat=True)
    return next((Owner(organisation=organisation) for organisation in found), None)


def sheet(sheet: uuid.UUID) -> SheetView | None:
    """One statement."""
    return next(map(_view, OrderImport.objects.filter(id=sheet).select_related("order")), None)


def sheets_of(organisation: uuid.UUID, *, limit: int = SHEETS_MAX) -> tuple[SheetView, ...]:
    """The last that came, the newest first. One statement."""
    found = OrderImport.objects.filter(organisation=organisation).select_related("order").order_by("-id")[:limit]
    return tuple(map(_view, found))


def _view(row: OrderImport) -> SheetView:
    counts = row.options.get("counts", {})
    return SheetView(
        id=row.id,
        name=row.name,
        state=ImportState(row.state),
        order=row.order.number if row.order is not None else row.options.get("into"),
        order_state=OrderState(row.order.state) if row.order is not None else None,
        is_of_order=row.order is not None and not row.options.get("chosen"),
        currency=row.options.get("currency", "CNY"),
        problems=tuple(map(finding_from_json, row.problems)),
        total=row.rows_total,
        done=row.rows_done,
        pictures=row.pictures,
        counts={verdict: counts.get(verdict.value, 0) for verdict in Verdict},
        columns={key: (letter, header) for key, (letter, header) in row.options.get("columns", {}).items()},
        sheets=row.options.get("sheets", 1),
        can_resume="verdicts" in row.options,
        made_at=row.made_at,
    )


def rows(
    sheet: uuid.UUID, *, verdicts: Collection[Verdict] | None = None, after: int = 0, limit: int = 50
) -> tuple[RowView, ...]:
    """Rows of a list in its order, those behind the position `after`. One statement."""
    found = OrderImportRow.objects.filter(sheet=sheet, position__gt=after)
    if verdicts is not None:
        found = found.filter(verdict__in=[verdict.value for verdict in verdicts])
    return tuple(map(_row, found.order_by("position")[:limit]))


def _row(row: OrderImportRow) -> RowView:
    kept: dict[str, Any] = row.wish
    return RowView(
        position=row.position,
        row=kept.get("row", 0),
        sheet=kept.get("sheet", ""),
        verdict=Verdict(row.verdict),
        cells=row.cells,
        wish=kept.get("wish") or {},
        findings=tuple(map(finding_from_json, row.findings)),
        differences=tuple((name, before, after) for name, before, after in kept.get("differences", ())),
        photo=row.photo,
        is_done=row.is_done,
    )


def finding_from_json(told: Mapping[str, Any]) -> Finding:
    return Finding(**{**told, "severity": Severity(told["severity"])})


# Orders ---------------------------------------------------------------------------------------------------------------


def order_of_sheet(number: int, organisation: uuid.UUID) -> OrderOfSheet | None:
    """The order by that number, where the organisation buys it. One statement."""
    if not 0 < number <= NUMBER_MAX:
        return None
    found = Order.objects.filter(Q(buyer=organisation) | Q(agent=organisation), number=number)
    told = found.values_list("id", "number", "state", "currency", "version")
    return next(
        (OrderOfSheet(id_, one, OrderState(state), currency, version) for id_, one, state, currency, version in told),
        None,
    )


def known_lines(order: uuid.UUID) -> dict[uuid.UUID, LineOfSheet]:
    """The lines of an order by id, in its order. One statement."""
    found = OrderLine.objects.filter(order=order).order_by("position")
    told = found.values_list(
        *("id", "pieces", "price_minor", "price_per", "carton_pieces", "item_number", "sub_id", "sub__state", "names"),
        *("language", "sub__version"),
    )
    return {
        id_: LineOfSheet(
            KnownLine(id_, pieces, price_minor, price_per, carton, item),
            sub,
            State(state),
            names.get("zh") or names.get(language) or item,
            version,
        )
        for id_, pieces, price_minor, price_per, carton, item, sub, state, names, language, version in told
    }


def baskets_of(organisation: uuid.UUID, currency: str) -> tuple[tuple[int, str, int], ...]:
    """(number, name, lines) of the baskets in a currency, the newest first. One statement."""
    found = Order.objects.filter(
        Q(buyer=organisation) | Q(agent=organisation), state=OrderState.DRAFT.value, currency=currency
    )
    told = found.order_by("-number").values_list("number", "name", "lines")[:BASKETS_MAX]
    return tuple((number, name, lines) for number, name, lines in told)


# What goes out --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OutLine:
    """A line as it goes out. `stall`: its place and its name."""

    id: uuid.UUID | None
    stall: str
    item_number: str
    names: Mapping[str, str]
    language: str
    pieces: int
    price_minor: int
    price_per: int
    carton: tuple[int | None, ...]
    photo: str


_CARTON: Final = (
    *("carton_pieces", "carton_length_mm", "carton_width_mm", "carton_height_mm", "carton_gross_g", "carton_net_g"),
)


def lines_out(order: uuid.UUID) -> tuple[OutLine, ...]:
    """All lines of an order that come about, stall by stall. One statement."""
    undone = [State.DECLINED.value, State.LAPSED.value, State.CANCELLED.value]
    found = OrderLine.objects.filter(order=order, pieces__gt=0).exclude(sub__state__in=undone)
    stall = ("hall_id", "floor", "street", "booth", "names")
    told = found.order_by("sub__position", "position").values(
        *("id", "item_number", "names", "variant_names", "language", "pieces", "price_minor", "price_per", "photo"),
        *_CARTON,
        *(f"sub__stall__{name}" for name in stall),
    )
    return tuple(
        OutLine(
            id=row["id"],
            stall=_called(*(row[f"sub__stall__{name}"] for name in stall)),
            item_number=row["item_number"],
            names=_whole_names(row["names"], row["variant_names"]),
            language=row["language"],
            pieces=row["pieces"],
            price_minor=row["price_minor"],
            price_per=row["price_per"],
            carton=tuple(row[name] for name in _CARTON),
            photo=row["photo"],
        )
        for row in told
    )


def _called(hall: str, floor: int, street: str, booth: str, names: Mapping[str, str]) -> str:
    return f"{Place(hall, floor, street, booth).code} {_own_name(names)}".strip()


def _whole_names(names: Mapping[str, str], variant: Mapping[str, str]) -> dict[str, str]:
    """Names with their kind behind, in each language that says both or the name alone."""
    return {key: f"{text} {variant[key]}" if variant.get(key) else text for key, text in names.items()}


@dataclass(frozen=True, slots=True)
class OutGood:
    """A good as it goes out."""

    stall: str
    item_number: str
    names: Mapping[str, str]
    language: str
    ladder: Ladder
    carton: tuple[int | None, ...]
    cover: str

    def price_at(self, pieces: int) -> int | None:
        return price_at(self.ladder, pieces) if self.ladder else None


def goods_out(numbers: Sequence[int]) -> tuple[OutGood, ...]:
    """Those of these goods that are on show, in the order given. Two statements."""
    wanted = list(dict.fromkeys(numbers))
    found = orderable(wanted, lock=False)
    shown = [found[number] for number in wanted if number in found and found[number].is_listed]
    stalls = orderable_stalls({one.stall_number for one in shown})
    return tuple(
        OutGood(
            f"{stalls[one.stall_number].place} {_own_name(stalls[one.stall_number].names)}".strip(),
            one.item_number,
            one.names,
            one.language,
            one.ladder,
            (
                *(one.carton.pieces, one.carton.length_mm, one.carton.width_mm),
                *(one.carton.height_mm, one.carton.gross_g, one.carton.net_g),
            ),
            one.cover,
        )
        for one in shown
    )


def _own_name(names: Mapping[str, str]) -> str:
    return names.get("zh") or next(iter(names.values()), "")


def stall_called(number: int) -> str:
    """A stall's place and its name. One statement."""
    found = orderable_stalls([number]).get(number)
    return "" if found is None else f"{found.place} {_own_name(found.names)}".strip()


def photos_shown(files: Collection[str]) -> set[str]:
    """Those of these photos that orders, quotations and lists that wait still show. Three statements, at night."""
    shown: set[str] = set()
    for model in (OrderLine, QuotationLine, OrderImportRow):
        shown |= set(model.objects.filter(photo__in=files).values_list("photo", flat=True))
    return shown
