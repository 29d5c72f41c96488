"""Tables that others publish and the market looks up: what a row is, on which days it holds, and how a rate crosses.

Problem: a tariff of 2022 is looked up for a declaration of 2022 while that of 2027 stands already; a list of ports is
loaded anew and old papers still name a port that it no longer has. Who edits a row in place changes what was true.

Worked case: 9503.00 stands in an edition from 2022-01-01. An edition from 2027-01-01 words it differently, so the old
row is ended on that day and a new one begins: on 2026-12-31 the old wording is found, a day later the new one. What
both editions say alike stays one row. A rate of USD 1.1172 and CNY 7.4326 for one euro makes 7.4326 / 1.1172 yuan for a
dollar, kept as a fraction: only who prints it rounds.

Therefore a row is never edited: it holds from its first day (`valid_from`) until the day before `valid_until`, and is
asked for by the day of the event. Each row names its source.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final, Generic, TypeVar
from uuid import UUID

from sundry.kernel.findings import Finding


class Kind(StrEnum):
    """What a table tells of; the word by which `--kind` asks for it."""

    COUNTRY = "country"
    CURRENCY = "currency"
    UNIT = "unit"
    INCOTERM = "incoterm"
    HS = "hs"
    SECTION = "section"  # names of the sections of the Harmonized System
    CUSTOMS = "customs"  # how the Chinese customs number countries, currencies and units
    TARIFF = "tariff"  # a country's own ten digits: China's
    PORT = "port"
    NAME = "name"  # what codes of the other tables are called, in several languages
    RATE = "rate"


class Origin(StrEnum):
    """Whose row it is. One that an operator gives takes the place of ours; ours never takes the place of his."""

    OWN = "own"  # the small set that comes with Sundry
    GIVEN = "given"  # from a file that the operator loaded


FIRST_DAY: Final[Mapping[Kind, date]] = {Kind.HS: date(2022, 1, 1), Kind.SECTION: date(2022, 1, 1)}
"""When an edition begins that does not say so: HS 2022. Of the others: the day on which it is loaded."""

DATED_BY_LAW: Final = frozenset({Kind.TARIFF})
"""Of these an edition must say from which day on it holds: nobody guesses the day of a law."""

WHOLE: Final = frozenset(Kind) - {Kind.RATE}
"""Of these a file is a whole edition: what it no longer names has ended. Rates only add days."""

IN_PARTS: Final = frozenset({Kind.NAME, Kind.CUSTOMS})
"""Of these a file is the edition of a part, and several files stand side by side."""

HS_LEVELS: Final = (2, 4, 6)
TARIFF_DIGITS: Final = 10
RATES_PROVIDER: Final = "ECB"
RATE_BASE: Final = "EUR"
RATE_DAYS_MAX: Final = 10
"""A rate older than this is not used unless asked for: banks close for some days, a currency is dropped for good."""


@dataclass(frozen=True, slots=True)
class Held:
    """On which days a row holds, and who says so. `valid_until` None: it still holds. `confidence`: as in parameters,
    "" where the operator answers for it."""

    valid_from: date
    valid_until: date | None
    source: str
    confidence: str = ""

    def on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True, slots=True)
class Country:
    """ISO 3166-1: CN, CHN, 156."""

    code: str
    alpha3: str
    numeric: str


@dataclass(frozen=True, slots=True)
class Currency:
    """ISO 4217. `exponent`: decimals of its smallest part: JPY 0, CNY 2, KWD 3."""

    code: str
    exponent: int


@dataclass(frozen=True, slots=True)
class Unit:
    """UN/ECE Recommendation 20: KGM, "kg"."""

    code: str
    symbol: str


@dataclass(frozen=True, slots=True)
class CustomsCode:
    """How the Chinese customs number what another table knows as `code`: 142 is CN, 502 USD, 035 KGM 千克.

    Several numbers may mean one code: 007 个, 008 只 and 011 件 are pieces. `text`: the customs' own word, "" if none.
    """

    of: Kind
    number: str
    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Incoterm:
    """Who does what under a term of Incoterms 2020: "seller" or "buyer"; `insures` also "nobody": left open.

    `mode`: "any", or "sea" for sea and inland waterway. `risk_passes`: at which of RISK_PLACES.
    """

    code: str
    mode: str
    clears_export: str
    clears_import: str
    pays_carriage: str
    insures: str
    unloads: str
    risk_passes: str


PARTIES: Final = ("seller", "buyer")
INSURERS: Final = ("seller", "buyer", "nobody")
MODES: Final = ("any", "sea")
RISK_PLACES: Final = (
    "at_sellers_place",  # put at the buyer's disposal, not loaded
    "to_first_carrier",  # handed to the carrier
    "alongside_ship",
    "on_board",
    "at_destination_ready",  # on the vehicle, ready to be unloaded
    "at_destination_unloaded",
)


@dataclass(frozen=True, slots=True)
class HsCode:
    """Of the Harmonized System: `level` 2 (chapter), 4 (heading) or 6. `text`: its English wording."""

    code: str
    level: int
    parent: str
    section: str
    text: str

    @property
    def sought(self) -> str:
        return folded(self.text)


@dataclass(frozen=True, slots=True)
class TariffLine:
    """A line of the Chinese tariff. `conditions`: letters of 监管条件; `elements`: 申报要素, in their order;
    `inspection`: letters of 检验检疫类别; `others`: what else the file tells, by its own headers."""

    code: str
    name: str
    unit_1: str
    unit_2: str
    conditions: str
    inspection: str
    elements: tuple[str, ...]
    others: tuple[tuple[str, str], ...] = ()

    @property
    def hs(self) -> str:
        return self.code[:6]


@dataclass(frozen=True, slots=True)
class Port:
    """A port or another place of UN/LOCODE. `code`: its UN/LOCODE, else the number that its register gives it.

    `latitude_e5`, `longitude_e5`: degrees times 100,000, None where not known. `functions`: as the source writes them.
    """

    code: str
    country: str
    name: str
    latitude_e5: int | None
    longitude_e5: int | None
    functions: str = ""
    aliases: tuple[str, ...] = ()
    register: str = ""

    @property
    def sought(self) -> str:
        """What a search looks into: folded names, each between bars."""
        return "|" + "|".join(dict.fromkeys(folded(name) for name in (self.name, *self.aliases))) + "|"


@dataclass(frozen=True, slots=True)
class Name:
    """What the code of a table is called in a language, in our short wording or the operator's."""

    of: Kind
    code: str
    language: str
    text: str

    @property
    def sought(self) -> str:
        return folded(self.text)


@dataclass(frozen=True, slots=True)
class RateDay:
    """The rates of one day: units of each currency for one of `base`, as the source wrote them."""

    day: date
    provider: str
    base: str
    units: tuple[tuple[str, str], ...]


ValueT = TypeVar("ValueT")
Value = Country | Currency | Unit | CustomsCode | Incoterm | HsCode | TariffLine | Port | Name | RateDay


@dataclass(frozen=True, slots=True)
class Rate:
    """One `base` is `numerator` / `denominator` units of `quote`: both as published on `day` against one base."""

    base: str
    quote: str
    numerator: Decimal
    denominator: Decimal
    day: date
    source: str

    @property
    def exact(self) -> Fraction:
        return Fraction(self.numerator) / Fraction(self.denominator)

    def rounded(self, digits: int = 8) -> Decimal:
        """To so many significant digits, half-even: what is printed. Never compute with it."""
        context = Context(prec=digits, rounding=ROUND_HALF_EVEN)
        return context.divide(self.numerator, self.denominator)


def crossed(
    units: Mapping[str, str], base: str, published_base: str, quote: str, day: date, source: str
) -> Rate | None:
    """The rate of `base` in `quote` from units of both for one `published_base`. None: one of them is not there."""
    known = {**units, published_base: "1"}
    if base not in known or quote not in known:
        return None
    return Rate(base, quote, Decimal(known[quote]), Decimal(known[base]), day, source)


def folded(text: str) -> str:
    """As names are compared: small letters without accents, one blank between words."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(bare.replace("|", " ").split())


def dotted(code: str) -> str:
    """A tariff code as people write it: 9503.00, 9503.00.21.00."""
    head, rest = code[:4], code[4:]
    return ".".join((head, *(rest[at : at + 2] for at in range(0, len(rest), 2))))


def undotted(written: str) -> str:
    """The digits of a tariff code that somebody typed: "9503.00-21 00" is 9503002100."""
    return "".join(c for c in unicodedata.normalize("NFKC", written) if c not in " .-‐–\u00a0\u3000")


# Loads --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """A row that holds on: its id, its digest, whose it is, and of what edition it is a part."""

    id: UUID
    digest: str
    origin: Origin
    scope: str


@dataclass(frozen=True, slots=True)
class Given:
    """A row of a file, by the same marks."""

    digest: str
    scope: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class Changes:
    """What a load does: keys of rows to add; rows to end, each with its day; keys of ours that stay away."""

    added: tuple[str, ...]
    ended: tuple[tuple[UUID, date], ...]
    kept_away: tuple[str, ...]


def changes(
    standing: Mapping[str, Standing], given: Mapping[str, Given], *, origin: Origin, day: date, whole: bool
) -> Changes:
    """How the rows that hold become those of a file, by key. `day`: when a row ends that the file does not name.

    A row that says the same stays as it is. The operator's takes the place of ours, never the other way round. What a
    whole edition leaves out ends, if it came from the same side and belongs to what the file is an edition of.
    """
    added, ended, kept_away = [], [], []
    for key, row in given.items():
        before = standing.get(key)
        if before is None:
            added.append(key)
        elif origin is Origin.OWN and before.origin is Origin.GIVEN:
            kept_away.append(key)
        elif before.digest != row.digest or before.origin is not origin:
            added.append(key)
            ended.append((before.id, row.valid_from))
    scopes = {row.scope for row in given.values()}
    if whole:
        ended += [
            (row.id, day)
            for key, row in standing.items()
            if key not in given and row.origin is origin and row.scope in scopes
        ]
    return Changes(tuple(added), tuple(ended), tuple(kept_away))


# What is answered ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry(Generic[ValueT]):
    """A row that holds on the day that was asked for. `names`: by language, the English one where there is one.

    `numbers`: how the Chinese customs number it, each with their own word.
    """

    value: ValueT
    held: Held
    names: Mapping[str, str] = field(default_factory=dict)
    numbers: tuple[CustomsCode, ...] = ()

    def name(self, language: str) -> str:
        """In that language, else in English, else ""."""
        return self.names.get(language) or self.names.get("en", "")

    def named_in(self, language: str) -> str:
        """In which language `name` is."""
        return language if self.names.get(language) else "en"


@dataclass(frozen=True, slots=True)
class LoadView:
    """A file that was given, and what came of it."""

    id: UUID
    kind: Kind
    origin: Origin
    file: str
    source: str
    valid_from: date
    is_refused: bool
    rows: int
    added: int
    ended: int
    through: str
    loaded_at: datetime
    findings: tuple[Finding, ...]
