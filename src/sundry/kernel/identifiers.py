"""Numbers that identify: containers (ISO 6346), companies (USCC), residents, and our own time-ordered ids.

Each check returns True or False and never raises: a number is a person's input, its mistake a finding.
"""

from __future__ import annotations

import os
import re
import secrets
import threading
import time
import uuid
from collections.abc import Callable
from datetime import datetime

# ISO 6346: A is 10, B is 12 and so on; the multiples of 11 are skipped.
_LETTER_VALUES = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (v for v in range(10, 39) if v % 11), strict=True))
_CONTAINER_NUMBER = re.compile(r"[A-Z]{3}[UJZ]\d{6}", re.ASCII)


def container_check_digit(number: str) -> int:
    """Check digit of the first ten characters of a container number, "CSQU305438" -> 3. ValueError: of another form."""
    if not _CONTAINER_NUMBER.fullmatch(number):
        raise ValueError(f"{number!r} is not an owner code, U, J or Z, and six digits")
    values = (_LETTER_VALUES[c] if c in _LETTER_VALUES else int(c) for c in number)
    return sum(value << place for place, value in enumerate(values)) % 11 % 10


def is_container_number(number: str) -> bool:
    """Eleven characters with the right check digit, as CSQU3054383. Spaces and hyphens must be gone before."""
    return (
        bool(_CONTAINER_NUMBER.fullmatch(number[:10]))
        and number[10:].isascii()
        and number[10:] == str(container_check_digit(number[:10]))
    )


def is_uscc(number: str) -> bool:
    """Unified social credit code of a Chinese organisation (统一社会信用代码), 18 characters."""
    from stdnum.cn import uscc

    return bool(uscc.is_valid(number))


def is_resident_id(number: str) -> bool:
    """Chinese resident identity number (身份证号), 18 characters with a real birthday."""
    from stdnum.cn import ric

    return bool(ric.is_valid(number))


class IdMaker:
    """Makes UUIDv7 (RFC 9562) that sort in the order in which they were made, also within a millisecond.

    Within one millisecond, or while the clock stands behind, the 74 random bits grow by a random step instead. Safe for
    threads; a forked child starts with random bits of its own.
    """

    _RANDOM_BITS = 74

    def __init__(self, clock_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000) -> None:
        self._clock_ms = clock_ms
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._millisecond = -1
        self._random = 0

    def make(self) -> uuid.UUID:
        with self._lock:
            now = self._clock_ms()
            if now > self._millisecond:
                self._millisecond, self._random = now, secrets.randbits(self._RANDOM_BITS)
            else:
                self._random += 1 + secrets.randbits(32)
                if self._random >> self._RANDOM_BITS:
                    self._millisecond, self._random = self._millisecond + 1, secrets.randbits(self._RANDOM_BITS)
            millisecond, random = self._millisecond, self._random
        high, low = random >> 62, random & ((1 << 62) - 1)
        return uuid.UUID(int=millisecond << 80 | 7 << 76 | high << 64 | 0b10 << 62 | low)


_ids = IdMaker()
os.register_at_fork(after_in_child=_ids.forget)


def new_id() -> uuid.UUID:
    """A new time-ordered id (UUIDv7)."""
    return _ids.make()


def first_id(moment: datetime) -> uuid.UUID:
    """No id made at `moment` (with time zone, after 1970) or later is less: for looking a time up by ids."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80)


def id_or_none(text: object) -> uuid.UUID | None:
    """The id that `text` writes; None: it writes none."""
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None
