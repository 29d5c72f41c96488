"""A number as a draft, and what it is if it is a change: a growth, a difference to another time, an increase.

Problem: 比年初增加142亿元 is neither the balance nor its growth, and 比去年同期 says a year only to who knows which
months are spoken of.

    存款余额3120亿元，比年初增加142亿元        a figure of its own, from January to the month of the balance
    一季度…，增速比去年同期加快1.2个百分点     against 2030-Q1 in a report on 2031-Q1

Therefore a change takes its name, its unit and its place from what is spoken of, and its period from both.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sundry.engines.reading import phrases
from sundry.engines.reading.context import Named
from sundry.engines.reading.framing import Framing
from sundry.engines.reading.indicators import UNITS
from sundry.engines.reading.model import Period, Span, Token, Type
from sundry.engines.reading.patterns import INCREASE, RATE, SHARE
from sundry.engines.reading.sentence import Draft

_CHANGES = {"多": "增加", "多出": "增加", "少": "减少", "增": "增加", "净增加": "净增"}


class Changing(Framing):
    """Makes drafts of numbers, of changes among them."""

    def _make(
        self, token: Token, start: int, end: int, rule: str, type_: Type, named: Named | None, **more: object
    ) -> Draft:
        number = token.number
        assert number is not None
        value, band = number.value, (None, None) if number.value is not None else (number.low, number.high)
        draft = Draft(start, end, rule, type_, named, token.unit, number, value, *band)
        marks = tuple(f"approximate:{mark}" for mark in number.marks)
        return replace(draft, kind=marks, **more)  # type: ignore[arg-type]

    def _of_growth(self, token: Token, low: int, type_: Type, rule: str, **more: object) -> Draft:
        """A statement about the change of what is named in the head or before."""
        clause = self._clause(token.start)
        named = self._growing(low, token.start) or (
            self._growing(clause, low) if low > clause and not self.drafts else None
        )
        penalties: tuple[str, ...] = ()
        inherited: dict[str, Span] = {}
        if named is None:
            named = self.context.named
            penalties = ("indicator" if self.context.named_age == 0 else "indicator.sentence",)
            if named is not None:
                inherited["indicator"] = named.span
        is_rate = (
            self.context.last is Type.SHARE
            or SHARE.search(self.masked, low, token.start) is not None
            or (named is not None and bool(RATE.search(named.name)))
        )
        is_change = type_ in (Type.GAP, Type.GROWTH_DELTA) and named is not None and not named.name.endswith("增速")
        suffix = "增速" if is_change and not is_rate else ""
        start = self._quote_start(low, token.start, named)
        rule = rule if named is not None else "nameless"
        return self._make(
            token, start, token.end, rule, type_, named, suffix=suffix, penalties=penalties, inherited=inherited, **more
        )

    def _versus(self, token: Token) -> str | None:
        """The period that is compared with: 上年同期 in a report on 2031-Q1 is 2030-Q1."""
        assert token.period is not None
        now = self.context.period
        if token.key != "same_period":
            return token.period.code or None
        if now is None or not now.code.removeprefix("asof ")[:4].isdecimal():
            return None
        year = int(now.code.removeprefix("asof ")[:4])
        back = int(token.period.code) - year if token.period.code.isdecimal() else -1
        return re.sub(r"(?<![0-9])[0-9]{4}", lambda found: str(int(found[0]) + back), now.code)

    def _years(self, token: Token) -> Period | None:
        """The years of a mean growth: between the two that are compared in the sentence, or those of a plan."""
        codes = [one.period.code for one in self.tokens if one.period is not None and one.start < token.start]
        plans = [code for code in codes if re.fullmatch(r"[0-9]{4}/[0-9]{4}", code)]
        years = sorted({int(code) for code in codes if code.isdecimal()})
        if plans:
            return Period(plans[-1], is_cumulative=True)
        return Period(f"{years[0] + 1}/{years[-1]}", is_cumulative=True) if len(years) == 2 else None

    def _increase(self, token: Token, low: int, head: str) -> Draft | None:
        """比上年增加0.8万亩, 同比少增3亿元: by how much what is spoken of changed, a figure of its own."""
        found = INCREASE.search(head)
        named = self.context.named if self.context.named_age == 0 else None
        if found is None or named is None or not self.drafts:
            return None
        if not found["than"] and found["verb"] not in ("增加", "减少", "净增"):
            return None
        unit = self._unit_of(named, token.unit)
        if phrases.before(self.nouns[low : low + found.start()]) is not None or unit is None:
            return None
        is_money = token.unit.endswith("元")
        verb = _CHANGES.get(found["verb"], found["verb"])
        name = re.sub("数$", "", named.name) + verb + ("额" if is_money else "数")
        type_ = Type.LEVEL if self._is_level(token.unit) else Type.COUNT
        start, inherited = self._quote_start(low, token.start), {"indicator": named.span}
        change = Named(name, None, named.span)
        same = [one.region for one in self.drafts if one.named == named and one.type is not Type.GAP]
        before = self.drafts[-1] if self.drafts[-1].rule == "increase" else None
        return self._make(
            replace(token, unit=unit), start, token.end, "increase", type_, change, inherited=inherited,
            region=same[-1] if same else None,
            period=self._since_new_year(found["than"]) or (before.period if before else None),
        )  # fmt: skip

    def _since_new_year(self, than: str) -> Period | None:
        """比年初: from January to the month of the stock."""
        now = re.fullmatch(r"asof ([0-9]{4})-([0-9]{2})", self.context.period.code) if self.context.period else None
        if now is None or not re.search(r"年初|年末|年底", than):
            return None
        part = {"03": "-Q1", "06": "-H1", "12": ""}.get(now[2])
        code = f"{now[1]}{part}" if part is not None else f"{now[1]}-01/{now[1]}-{now[2]}"
        return Period(code, is_cumulative=True)

    def _unit_of(self, named: Named, unit: str) -> str | None:
        """The unit of a change of what is spoken of: 公斤/亩 after a yield; None where it cannot be one."""
        same = [one.unit for one in self.drafts if one.named == named and one.type in (Type.LEVEL, Type.COUNT)]
        for one in same:
            if one.split("/")[0].lstrip("十百千万亿") == unit.lstrip("十百千万亿"):
                return "/".join([unit, *one.split("/")[1:]])
        return unit if named.indicator is not None and named.indicator.takes(unit) else None

    def _is_level(self, unit: str) -> bool:
        """Money, masses, areas and what is printed in thousands are levels; so many things are counts."""
        bare = re.sub(r"^[十百千]?[万亿]{1,2}|^[百千]", "", unit)
        measures = "|".join(UNITS[one] for one in ("money", "mass", "area", "volume", "energy", "length"))
        return not unit or bare != unit or "/" in unit or bare in measures.split("|")
