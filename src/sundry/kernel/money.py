"""Money: a whole number of minor units of one currency.

Problem: 0.1 + 0.2 is not 0.3 in floats, and 10 yuan plus 10 dollars is not 20 of anything. Either mistake reaches
customs. Therefore money is an integer of minor units (cents, fen; a yen has none) with its currency; a sum of two
currencies raises, and where the currency is written in the type (`Money[Literal["USD"]]`) it does not type-check.
Decimals are read and written exactly; only `convert` rounds, once, half-even.

Worked case: Money.parse("12.50", "CNY") is 1250 fen; at 7.10 CNY for 1 USD it is 1250 / 7.10 = 176.06 -> 176 cents.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Generic, TypeVar

CodeT = TypeVar("CodeT", bound=str)
OtherT = TypeVar("OtherT", bound=str)

_CODES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY
COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS
INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP
MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR
SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV
WST XAF XCD XOF XPF YER ZAR ZMW ZWG
"""
_CODES_WITHOUT_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_CODES_WITH_THREE = "BHD IQD JOD KWD LYD OMR TND"

CURRENCIES = frozenset(_CODES.split())
"""Currency codes of ISO 4217 in use; fund and metal codes are left out."""

_EXPONENTS = dict.fromkeys(_CODES_WITHOUT_DECIMALS.split(), 0) | dict.fromkeys(_CODES_WITH_THREE.split(), 3)


def exponent(currency: str) -> int:
    """Decimals of the minor unit (ISO 4217): JPY 0, CNY 2, KWD 3. ValueError: not a currency."""
    if currency not in CURRENCIES:
        raise ValueError(f"{currency!r} is not a currency of ISO 4217")
    return _EXPONENTS.get(currency, 2)


class CurrencyMismatch(TypeError):
    """Two currencies met where only one makes sense."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(f"{left} and {right} cannot be added or compared; convert one of them first")


@dataclass(frozen=True)
class Money(Generic[CodeT]):
    """`amount_minor` minor units of `currency`. ValueError: not a currency."""

    amount_minor: int
    currency: CodeT

    def __post_init__(self) -> None:
        exponent(self.currency)

    @classmethod
    def parse(cls, text: str, currency: CodeT) -> Money[CodeT]:
        """Read decimal text ("1234.5") exactly. ValueError: no plain decimal, or too many decimals."""
        try:
            amount = Decimal(text)
        except InvalidOperation:
            raise ValueError(f"{text!r} is not an amount") from None
        if not amount.is_finite():
            raise ValueError(f"{text!r} is not an amount")
        minor = Fraction(amount) * 10 ** exponent(currency)
        if minor.denominator != 1:
            raise ValueError(f"{text!r} has more decimals than {currency}, which has {exponent(currency)}")
        return cls(minor.numerator, currency)

    def format(self) -> str:
        """Exact decimal text without currency and thousands separators: "1234.50"."""
        digits = exponent(self.currency)
        sign = "-" if self.amount_minor < 0 else ""
        whole, minor = divmod(abs(self.amount_minor), 10**digits)
        return f"{sign}{whole}.{minor:0{digits}d}" if digits else f"{sign}{whole}"

    def __str__(self) -> str:
        return f"{self.currency} {self.format()}"

    def __add__(self, other: Money[CodeT]) -> Money[CodeT]:
        self._same(other)
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def __sub__(self, other: Money[CodeT]) -> Money[CodeT]:
        self._same(other)
        return Money(self.amount_minor - other.amount_minor, self.currency)

    def __neg__(self) -> Money[CodeT]:
        return Money(-self.amount_minor, self.currency)

    def __mul__(self, times: int) -> Money[CodeT]:
        return Money(self.amount_minor * times, self.currency)

    def __lt__(self, other: Money[CodeT]) -> bool:
        self._same(other)
        return self.amount_minor < other.amount_minor

    def __le__(self, other: Money[CodeT]) -> bool:
        self._same(other)
        return self.amount_minor <= other.amount_minor

    def __gt__(self, other: Money[CodeT]) -> bool:
        return not self <= other

    def __ge__(self, other: Money[CodeT]) -> bool:
        return not self < other

    def convert(self, currency: OtherT, rate: Decimal | Fraction) -> Money[OtherT]:
        """In `currency`, where 1 of the own currency is `rate` of it. Rounded once, half-even to the minor unit."""
        minor = scaled(self.amount_minor, self.currency, currency, Fraction(rate))
        return Money(minor, currency)

    def _same(self, other: Money[CodeT]) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(self.currency, other.currency)


def scaled(amount_minor: int, currency: str, into: str, rate: Fraction) -> int:
    """Minor units of `into` for `amount_minor` of `currency` at `rate` (of `into` for 1 `currency`), half-even."""
    shift = exponent(into) - exponent(currency)
    return round(amount_minor * rate * Fraction(10) ** shift)
