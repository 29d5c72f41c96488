"""Every kind of event that programs elsewhere can be told of, as the modules declare them, each in its `events.py`."""

from __future__ import annotations

from typing import Final

from sundry.base.webhooks.rules import Kind
from sundry.goods.catalogue import events as catalogue
from sundry.goods.orders import events as orders

KINDS: Final[tuple[Kind, ...]] = (*catalogue.KINDS, *orders.KINDS)
