"""Rates of exchange: what one says on the command line, what the parameters know, and one conversion a line.

Problem: a book in yuan and euro is declared in dollars. She gives USDCNY=7.10 and EURCNY=7.90; nobody gives EURUSD.
Converting euro to yuan, rounding, and yuan to dollars, rounding again, loses cents. Therefore `Rates` finds the chain
of rates between two currencies (the shortest; hers before ours), multiplies it exactly, and rounds once, half-even:

    EUR 100.00 x 7.90 / 7.10 = USD 111.2676... -> 11127 cents

Where her rates do not reach, the newest rate of `parameters/exchange.yaml` on that day is taken, and a warning names
its date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sundry.kernel.errors import UsageError
from sundry.kernel.findings import Finding, note, warning
from sundry.kernel.money import CURRENCIES, scaled
from sundry.kernel.parameters import Parameters, Record

_TABLES = ("usd", "usd_pegs")
"""Groups of exchange.yaml, each a mapping of currency to units for 1 USD."""

_RATE = re.compile(r"([A-Z]{3})/?([A-Z]{3})=(\d+(?:\.\d+)?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rate:
    """`units` of `quote` for one `base`: USDCNY 7.10 means 7.10 CNY for 1 USD."""

    base: str
    quote: str
    units: Decimal
    day: date | None = None  # None: given on the command line
    source: str = ""

    @property
    def pair(self) -> str:
        return self.base + self.quote

    def factor(self, currency: str) -> Fraction:
        """Of the other currency for 1 `currency`."""
        return Fraction(self.units) if currency == self.base else 1 / Fraction(self.units)

    def other(self, currency: str) -> str:
        return self.quote if currency == self.base else self.base


@dataclass(frozen=True)
class Rates:
    """Rates between currencies; hers stand before ours."""

    known: tuple[Rate, ...]
    _factors: dict[tuple[str, str], Fraction] = field(default_factory=dict, compare=False, repr=False)

    def chain(self, currency: str, into: str) -> tuple[Rate, ...] | None:
        """The shortest chain of rates from `currency` to `into`; None where there is none."""
        chains: dict[str, tuple[Rate, ...]] = {currency: ()}
        edge = [currency]
        while edge and into not in chains:
            reached = []
            for here in edge:
                for rate in self.known:
                    if here in (rate.base, rate.quote) and (there := rate.other(here)) not in chains:
                        chains[there] = (*chains[here], rate)
                        reached.append(there)
            edge = reached
        return chains.get(into)

    def factor(self, currency: str, into: str) -> Fraction:
        """Of `into` for 1 `currency`, exactly. UsageError rate_missing: the rates do not reach."""
        if (currency, into) not in self._factors:
            chain = self.chain(currency, into)
            if chain is None:
                raise UsageError("rate_missing", currency=currency, into=into)
            product, here = Fraction(1), currency
            for rate in chain:
                product, here = product * rate.factor(here), rate.other(here)
            self._factors[currency, into] = product
        return self._factors[currency, into]

    def convert(self, amount_minor: int, currency: str, into: str = "USD") -> int:
        """Minor units of `into`, rounded once, half-even. UsageError rate_missing."""
        return scaled(amount_minor, currency, into, self.factor(currency, into))

    def usd_cents(self, amount_minor: int, currency: str) -> int:
        return self.convert(amount_minor, currency, "USD")


def parse_rate(text: str) -> Rate:
    """Read "USDCNY=7.10". UsageError: not of that form, not a currency, the same one twice, or zero."""
    found = _RATE.fullmatch(text.strip().upper())
    if not found:
        raise UsageError("rate_malformed", value=text)
    base, quote, units = found[1], found[2], Decimal(found[3])
    for currency in (base, quote):
        if currency not in CURRENCIES:
            raise UsageError("rate_currency_unknown", value=currency)
    if base == quote or not units:
        raise UsageError("rate_malformed", value=text)
    return Rate(base, quote, units)


def resolve_rates(
    texts: Sequence[str], currencies: Iterable[str], day: date, parameters: Parameters
) -> tuple[Rates, tuple[Finding, ...]]:
    """Rates that bring each of `currencies` to USD on `day`: those of `texts`, and where they do not reach, ours.

    A warning names the date of every rate of ours that was needed, a note every given rate that was not.
    UsageError: a malformed or repeated rate, a currency that is none, a currency without a rate.
    """
    given = tuple(parse_rate(text) for text in texts)
    for i, rate in enumerate(given):
        if any({rate.base, rate.quote} == {other.base, other.quote} for other in given[:i]):
            raise UsageError("rate_given_twice", value=rate.pair)
    needed: dict[str, Rate] = {}
    for currency in sorted(set(currencies)):
        if currency not in CURRENCIES:
            raise UsageError("rate_currency_unknown", value=currency)
        for rate in _chain_to_usd(given, currency, day, parameters):
            needed[rate.pair] = rate
    ours = tuple(rate for pair, rate in sorted(needed.items()) if rate.day is not None)
    unused = (note("rate_not_needed", value=f"{r.pair}={r.units}") for r in given if r.pair not in needed)
    return Rates((*given, *ours)), (*(_told(rate, rate.day, day) for rate in ours if rate.day), *unused)


def _chain_to_usd(given: tuple[Rate, ...], currency: str, day: date, parameters: Parameters) -> tuple[Rate, ...]:
    """Her rates alone where they reach; else her rates as far as they go and one of ours.

    The one of ours starts at the same currency for all that her rates connect (the first in the alphabet that we know),
    so that EUR and CNY keep her EURCNY between them.
    """
    hers = Rates(given)
    if (chain := hers.chain(currency, "USD")) is not None:
        return chain
    ends = {end for rate in given for end in (rate.base, rate.quote)} | {currency}
    for start in sorted(end for end in ends if hers.chain(currency, end) is not None):
        if ours := latest_rate(start, day, parameters):
            return (*(hers.chain(currency, start) or ()), ours)
    raise UsageError("rate_missing", currency=currency, into="USD")


def latest_rate(currency: str, day: date, parameters: Parameters) -> Rate | None:
    """Units of `currency` for 1 USD: of our tables, the newest not after `day`, else the oldest after it."""
    records = [record for table in _TABLES for record in parameters.history(table) if currency in record.value]
    if not records:
        return None
    records.sort(key=lambda record: record.period.start)
    before = [record for record in records if record.period.start <= day]
    return _from_record(currency, before[-1] if before else records[0])


def _from_record(currency: str, record: Record) -> Rate:
    return Rate("USD", currency, Decimal(record.value[currency]), record.period.start, record.source)


def _told(rate: Rate, rate_day: date, day: date) -> Finding:
    return warning(
        "rate_from_parameters" if rate_day <= day else "rate_from_a_later_day",
        value=f"{rate.pair}={rate.units}",
        details={"pair": rate.pair, "rate": str(rate.units), "day": rate_day.isoformat(), "source": rate.source},
    )
