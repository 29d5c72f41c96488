"""Questions about notices and about who wants to hear of them."""

from __future__ import annotations

from django.conf import settings

from sundry.base.notifications.rules import NoticeKind


def kinds() -> tuple[NoticeKind, ...]:
    """All that the modules of this market tell people of, in the order of the modules."""
    return settings.NOTICE_KINDS
