"""Marks: what an agent notes by the rows of her desk, for herself alone.

Problem: of four hundred parts she has telephoned thirty stalls this morning. Which? The state of a part says what the
stall did, and nothing of what she means to do. Therefore a row takes one mark: a word of the market's, with its colour,
or a word of her own; she filters by it, and takes it off many rows at once. Nobody else sees it: a stall must not read
"to chase", nor a colleague take it for a state.

Worked case: twelve late parts are marked "chase". Nine stalls answer: those nine rows lose the mark, and
`/desk/parts/?mark=chase` shows the other three.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

WORD_MAX: Final = 30  # characters of a word of her own
OWN_WORDS_MAX: Final = 20  # of one person, so that they stay a list to choose from
MARKED_MAX: Final = 500  # rows at once


class Mark(StrEnum):
    """Words that everybody has, in every language; any other word is her own."""

    CHASE = "chase"
    ASK = "ask"  # again
    PAID = "paid"
    CHECK = "check"


STANDARD: Final = frozenset(mark.value for mark in Mark)


@dataclass(frozen=True, slots=True)
class Marked:
    """What a table is filtered by: rows that this person has marked so."""

    person: uuid.UUID
    word: str
