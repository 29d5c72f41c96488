"""The reference for programs: codes and what they mean on a day. Everybody may ask, signed in or not.

`day` is the day of the event that is asked about; without it, today. A name comes in every language in which there is
one.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest
from django.utils.timezone import localdate
from ninja import Query, Router, Schema
from pydantic import Field

from sundry.base.access.endpoints import Page, Paging, page_of
from sundry.base.access.guard import AccessRefused, guarded
from sundry.base.access.rules import Decision, Operation
from sundry.base.reference import queries
from sundry.base.reference.operations import LOAD_READ, READ
from sundry.base.reference.rules import Entry, HsCode, LoadView, Port, TariffLine, dotted, undotted
from sundry.kernel.containers import container_types
from sundry.kernel.identifiers import id_or_none
from sundry.kernel.parameters import NoValueOnDay

TEXT_MAX: Final = 200
FINDINGS_SHOWN: Final = 200

router = Router(tags=["Reference"])

Day = Annotated[date | None, Field(description="The day of the event; nothing: today.", examples=["2026-04-11"])]
Words = Annotated[str, Field(max_length=TEXT_MAX, description="Words, or the beginning of a code.")]
Language = Literal["zh", "en", "ar", "es", "fr", "ru"]
Names = Annotated[dict[str, str], Field(description="By language.", examples=[{"zh": "玩具", "en": "Toys"}])]


# What is answered ---------------------------------------------------------------------------------------------------


class HeldOut(Schema):
    """On which days a row holds, and who says so."""

    valid_from: date
    valid_until: date | None = Field(description="The first day on which it no longer holds; null: it still holds.")
    source: str
    confidence: str = Field(
        description="Of our own rows: S source seen, C seen in working code, M from memory, X doubtful.", examples=["M"]
    )


class CustomsOut(Schema):
    """A number of the Chinese customs."""

    number: str = Field(examples=["035"])
    text: str = Field(description="The customs' own word.", examples=["千克"])


class CountryOut(Schema):
    """A country or territory of ISO 3166-1."""

    code: str = Field(examples=["CN"])
    alpha3: str = Field(examples=["CHN"])
    numeric: str = Field(examples=["156"])
    names: Names
    customs: list[CustomsOut]
    held: HeldOut


class CurrencyOut(Schema):
    """A currency of ISO 4217."""

    code: str = Field(examples=["KWD"])
    exponent: int = Field(description="Decimals of its smallest part.", examples=[3])
    names: Names
    customs: list[CustomsOut]
    held: HeldOut


class UnitOfMeasureOut(Schema):
    """A unit of UN/ECE Recommendation 20."""

    code: str = Field(examples=["KGM"])
    symbol: str = Field(examples=["kg"])
    names: Names
    customs: list[CustomsOut]
    held: HeldOut


class IncotermOut(Schema):
    """A term of Incoterms 2020."""

    code: str = Field(examples=["FOB"])
    mode: Literal["any", "sea"]
    clears_export: Literal["seller", "buyer"]
    clears_import: Literal["seller", "buyer"]
    pays_carriage: Literal["seller", "buyer"] = Field(description="To the named place of destination.")
    insures: Literal["seller", "buyer", "nobody"] = Field(description="nobody: nobody has to.")
    unloads: Literal["seller", "buyer"]
    risk_passes: str = Field(examples=["on_board"])
    names: Names
    held: HeldOut


class ContainerTypeOut(Schema):
    """A container, as the parameters know it on the day."""

    name: str = Field(examples=["40HQ"])
    inside_mm: tuple[int, int, int]
    door_mm: tuple[int, int]
    payload_g: int


class HsOut(Schema):
    """A code of the Harmonized System."""

    code: str = Field(examples=["9503"])
    dotted: str = Field(examples=["9503.00"])
    level: int = Field(description="2 chapter, 4 heading, 6 subheading.", examples=[4])
    parent: str = Field(examples=["95"])
    section: str = Field(examples=["XX"])
    names: Names
    held: HeldOut


class HsWholeOut(HsOut):
    """A code with what it stands under and what stands under it."""

    path: list[HsOut] = Field(description="The chapter first, the code itself last.")
    children: list[HsOut]


class TariffLineOut(Schema):
    """A line of the Chinese tariff, as the operator's file has it."""

    code: str = Field(examples=["9503002100"])
    name: str
    unit_1: str = Field(description="The first legal unit.", examples=["个"])
    unit_2: str = Field(description="The second legal unit, if any.", examples=["千克"])
    conditions: str = Field(description="Letters of the supervision conditions.", examples=["AB"])
    inspection: str = Field(description="Letters of inspection and quarantine.", examples=["L.M/"])
    elements: list[str] = Field(description="What a declaration must say, in its order.")
    others: dict[str, str] = Field(description="What else the file tells, by its own headers.")
    held: HeldOut


class PortOut(Schema):
    """A port or another place."""

    code: str = Field(description="UN/LOCODE, else the number of its register.", examples=["CNNGB"])
    country: str = Field(examples=["CN"])
    names: Names
    aliases: list[str]
    latitude_e5: int | None = Field(description="Degrees times 100,000.", examples=[2993340])
    longitude_e5: int | None = Field(examples=[12154970])
    functions: str
    held: HeldOut


class RateOut(Schema):
    """What one `base` was in `quote`."""

    base: str = Field(examples=["USD"])
    quote: str = Field(examples=["CNY"])
    numerator: str = Field(description="Published units of quote.", examples=["7.4326"])
    denominator: str = Field(description="Published units of base. The rate is exactly one by the other.")
    rounded: str = Field(description="To eight digits, to be read; not to compute with.", examples=["6.6528822"])
    day: date = Field(description="Of the rate: the newest not after the day that was asked for.")
    source: str


class LoadOut(Schema):
    """A file that was loaded, or refused."""

    id: uuid.UUID
    kind: str = Field(examples=["hs"])
    origin: Literal["own", "given"]
    file: str
    source: str
    valid_from: date
    is_refused: bool
    rows: int
    added: int
    ended: int
    loaded_at: datetime


class LoadFindingOut(Schema):
    """What was found in a row."""

    severity: Literal["error", "warning", "note"]
    sheet: str
    row: int
    column: str
    header: str
    value: str
    rule: str
    message: str


class LoadWholeOut(LoadOut):
    """A load with its findings."""

    findings: list[LoadFindingOut] = Field(description=f"The first {FINDINGS_SHOWN}.")


# What can be asked --------------------------------------------------------------------------------------------------


@router.get("/reference/hs", response=Page[HsOut], summary="Search tariff codes", url_name="reference_hs_search")
@guarded(READ)
def hs_search(
    request: HttpRequest, paging: Query[Paging], words: Words, language: Language = "en", day: Day = None
) -> dict[str, Any]:
    """Codes that begin with the digits, or in whose name all words stand, by code."""
    after = paging.after("reference hs") or ""
    found = queries.hs_search(words, language, _on(day), after=after, limit=paging.limit + 1)
    return page_of(found, paging, "reference hs", key=lambda one: one.value.code, item=_hs)


@router.get("/reference/hs/{str:hs_code}", response=HsWholeOut, summary="Read a tariff code", url_name="reference_hs")
@guarded(READ)
def hs(request: HttpRequest, hs_code: str, day: Day = None) -> dict[str, Any]:
    """A chapter, heading or six digits, with dots or without."""
    path = queries.hs_path(hs_code, _on(day))
    if not path or path[-1].value.code != undotted(hs_code):
        raise AccessRefused(Decision.NOT_FOUND, READ)
    children = queries.hs_children(path[-1].value.code, _on(day))
    return _hs(path[-1]) | {"path": [_hs(one) for one in path], "children": [_hs(one) for one in children]}


@router.get(
    "/reference/tariff", response=Page[TariffLineOut], summary="List tariff lines", url_name="reference_tariff_lines"
)
@guarded(READ)
def tariff_lines(
    request: HttpRequest,
    paging: Query[Paging],
    code: Annotated[str, Field(max_length=20, description="Its beginning.", examples=["9503.00"])] = "",
    day: Day = None,
) -> dict[str, Any]:
    """The lines of the Chinese tariff under a code. Empty where the operator loaded none."""
    after = paging.after("reference tariff") or ""
    found = queries.tariff_lines(code, _on(day), after=after, limit=paging.limit + 1)
    return page_of(found, paging, "reference tariff", key=lambda one: one.value.code, item=_tariff)


@router.get(
    "/reference/tariff/{str:tariff_code}",
    response=TariffLineOut,
    summary="Read a tariff line",
    url_name="reference_tariff_line",
)
@guarded(READ)
def tariff_line(request: HttpRequest, tariff_code: str, day: Day = None) -> dict[str, Any]:
    """The line of ten digits."""
    return _tariff(_there(queries.tariff_line(tariff_code, _on(day))))


@router.get("/reference/ports", response=Page[PortOut], summary="Search ports", url_name="reference_ports")
@guarded(READ)
def ports(
    request: HttpRequest,
    paging: Query[Paging],
    words: Words = "",
    country: Annotated[str, Field(max_length=2, description="Alpha-2.", examples=["CN"])] = "",
    language: Language = "en",
    day: Day = None,
) -> dict[str, Any]:
    """Ports whose code begins with the words, or in one of whose names all of them stand, by code."""
    found = queries.ports(
        words,
        _on(day),
        country=country,
        language=language,
        after=paging.after("reference ports") or "",
        limit=paging.limit + 1,
    )
    return page_of(found, paging, "reference ports", key=lambda one: one.value.code, item=_port)


@router.get("/reference/ports/{str:port_code}", response=PortOut, summary="Read a port", url_name="reference_port")
@guarded(READ)
def port(request: HttpRequest, port_code: str, day: Day = None) -> dict[str, Any]:
    """By its UN/LOCODE, or the number of its register."""
    return _port(_there(queries.port(port_code, _on(day))))


@router.get("/reference/countries", response=list[CountryOut], summary="List countries", url_name="reference_countries")
@guarded(READ)
def countries(request: HttpRequest, language: Language = "en", day: Day = None) -> list[dict[str, Any]]:
    """All, by their name in the language."""
    return [_entry(one, "code", "alpha3", "numeric") for one in queries.countries(language, _on(day))]


@router.get(
    "/reference/currencies", response=list[CurrencyOut], summary="List currencies", url_name="reference_currencies"
)
@guarded(READ)
def currencies(request: HttpRequest, day: Day = None) -> list[dict[str, Any]]:
    """All, by code."""
    return [_entry(one, "code", "exponent") for one in queries.currencies(_on(day))]


@router.get(
    "/reference/units", response=list[UnitOfMeasureOut], summary="List units of measure", url_name="reference_units"
)
@guarded(READ)
def units(request: HttpRequest, day: Day = None) -> list[dict[str, Any]]:
    """All, by code."""
    return [_entry(one, "code", "symbol") for one in queries.units(_on(day))]


@router.get(
    "/reference/incoterms", response=list[IncotermOut], summary="List Incoterms", url_name="reference_incoterms"
)
@guarded(READ)
def incoterms(request: HttpRequest, day: Day = None) -> list[dict[str, Any]]:
    """The terms of Incoterms 2020: who clears, who pays, where the risk passes."""
    told = ("code", "mode", "clears_export", "clears_import", "pays_carriage", "insures", "unloads", "risk_passes")
    return [_entry(one, *told) for one in queries.incoterms(_on(day))]


@router.get(
    "/reference/containers",
    response=list[ContainerTypeOut],
    summary="List container types",
    url_name="reference_containers",
)
@guarded(READ)
def containers(request: HttpRequest, day: Day = None) -> list[Any]:
    """What fits inside, what passes the door, what may be loaded, smallest first."""
    try:
        return list(container_types(_on(day)).values())
    except NoValueOnDay:
        return []


@router.get("/reference/rates", response=RateOut, summary="Read a rate of exchange", url_name="reference_rate")
@guarded(READ)
def rate(
    request: HttpRequest,
    base: Annotated[str, Field(pattern="^[A-Z]{3}$", examples=["USD"])] = "USD",
    quote: Annotated[str, Field(pattern="^[A-Z]{3}$", examples=["CNY"])] = "CNY",
    day: Day = None,
) -> dict[str, Any]:
    """The newest reference rate not after the day, and not older than ten days; it says of which day it is."""
    found = _there(queries.rate(_on(day), base, quote))
    return {
        "base": found.base,
        "quote": found.quote,
        "numerator": str(found.numerator),
        "denominator": str(found.denominator),
        "rounded": f"{found.rounded():f}",
        "day": found.day,
        "source": found.source,
    }


@router.get("/reference/loads", response=Page[LoadOut], summary="List loads", url_name="reference_loads")
@guarded(LOAD_READ)
def load_list(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """Files that were loaded or refused, the newest first."""
    after = paging.after("reference loads")
    found = queries.loads(before=id_or_none(after) if after else None, limit=paging.limit + 1)
    return page_of(found, paging, "reference loads", key=lambda one: str(one.id), item=_load)


@router.get("/reference/loads/{uuid:load}", response=LoadWholeOut, summary="Read a load", url_name="reference_load")
@guarded(LOAD_READ)
def load_read(request: HttpRequest, load: uuid.UUID, language: Language = "en") -> dict[str, Any]:
    """A load with its findings, told in the language."""
    found = _there(queries.load(load), LOAD_READ)
    return _load(found) | {"findings": [one.to_json(language) for one in found.findings[:FINDINGS_SHOWN]]}


def _on(day: date | None) -> date:
    return day or localdate()


def _there(found: Any, operation: Operation = READ) -> Any:
    if found is None:
        raise AccessRefused(Decision.NOT_FOUND, operation)
    return found


def _entry(entry: Entry[Any], *told: str) -> dict[str, Any]:
    return {name: getattr(entry.value, name) for name in told} | {
        "names": dict(entry.names),
        "customs": entry.numbers,
        "held": entry.held,
    }


def _hs(entry: Entry[HsCode]) -> dict[str, Any]:
    return _entry(entry, "code", "level", "parent", "section") | {"dotted": dotted(entry.value.code)}


def _port(entry: Entry[Port]) -> dict[str, Any]:
    return _entry(entry, "code", "country", "aliases", "latitude_e5", "longitude_e5", "functions")


def _tariff(entry: Entry[TariffLine]) -> dict[str, Any]:
    told = ("code", "name", "unit_1", "unit_2", "conditions", "inspection", "elements")
    return _entry(entry, *told) | {"others": dict(entry.value.others)}


def _load(view: LoadView) -> dict[str, Any]:
    told = ("id", "kind", "origin", "file", "source", "valid_from", "is_refused", "rows", "added", "ended", "loaded_at")
    return {name: getattr(view, name) for name in told}
