"""Every kind of notice that people can be told of, as the modules declare them, each in its `notices.py`."""

from __future__ import annotations

from typing import Final

from sundry.base.notifications.rules import NoticeKind
from sundry.goods.orders import notices as orders

KINDS: Final[tuple[NoticeKind, ...]] = orders.KINDS
