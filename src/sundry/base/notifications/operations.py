"""What may be asked of notices, by a page or the API: everybody her own. The link under a message needs no sign-in."""

from __future__ import annotations

from typing import Final

from sundry.base.access.rules import EVERYBODY, SIGNED_IN, Operation

LIST: Final = Operation("notifications.notice.list", own=SIGNED_IN)
MARK: Final = Operation("notifications.notice.mark", own=SIGNED_IN)
READ: Final = Operation("notifications.preferences.read", own=SIGNED_IN)
CHANGE: Final = Operation("notifications.preferences.change", own=SIGNED_IN)
STOP: Final = Operation("notifications.preferences.stop", own=EVERYBODY)
