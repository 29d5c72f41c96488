"""What a tariff code (HS code) may look like on a day. Whether the tariff holds it is another question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sundry.kernel.parameters import Parameters, parameters


@dataclass(frozen=True, slots=True)
class TariffCodes:
    """The shape of a code: its lengths, and the chapters that exist."""

    lengths: frozenset[int]
    chapters: frozenset[str]  # two digits each

    @classmethod
    def at(cls, day: date, customs: Parameters | None = None) -> TariffCodes:
        known = (customs or parameters("customs")).at(day)
        unused = set(known.wholes("tariff_codes.chapters_unused"))
        chapters = set(range(1, known.whole("tariff_codes.chapter_max") + 1)) - unused
        return cls(frozenset(known.wholes("tariff_codes.lengths")), frozenset(f"{chapter:02d}" for chapter in chapters))

    def is_code(self, hs: str | None) -> bool:
        """Whether this is a code: 6, 8 or 10 digits of a chapter from 01 to 97 that exists (there is no 77)."""
        return hs is not None and len(hs) in self.lengths and hs.isascii() and hs.isdigit() and hs[:2] in self.chapters
