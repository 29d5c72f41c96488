"""People, organisations and what they are to each other."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum

from sundry.base.access.rules import Kind, Position


class Verification(StrEnum):
    """What the market operator found about an organisation's papers."""

    NONE = "none"  # nothing handed in
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Capacity:
    """A person's membership: what she may act as."""

    organisation: uuid.UUID
    name: str
    kind: Kind
    position: Position
