"""What the sides of an order are told of it: the data of webhooks and the blanks of notices, alike everywhere."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

CODES_MAX: Final = 5  # in one sentence


def sub_data(*, order: int, code: str, sub: uuid.UUID, version: int) -> Mapping[str, Any]:
    """Of a webhook about a sub-order."""
    return {"order": order, "code": code, "sub": str(sub), "version": version}


def told_codes(codes: Sequence[str]) -> str:
    """Codes of sub-orders in one sentence, the first of them where they are many.

    >>> told_codes(["10234-1", "10234-3"])
    '10234-1, 10234-3'
    """
    more = f" … ({len(codes)})" if len(codes) > CODES_MAX else ""
    return ", ".join(codes[:CODES_MAX]) + more
