"""What purposes of accounts and kinds of events are called in the reader's language.

A purpose is a word of this list, and behind it, where need be, what it is about: `payable`, `escrow order:4711`,
`held in CSQU3054383`. Modules choose from the list, so that a figure of all `payable` accounts means one thing; a new
word comes with its six names in messages/ledger_words.yaml. What is not in the list is shown as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sundry.kernel.messages import render

PURPOSES: Final = (
    "outside",  # where everything comes from and goes to
    *("funds", "escrow", "payable", "collected", "unmatched", "commission", "fees", "rent"),
    *("liquidity", "loans", "claims", "debts"),
    *("export quota", "granted", "releases", "matched"),
    *("owned", "held", "held in", "shelf", "bay", "pledged to the bank", "under lien of the bank"),
    *("reserved", "capacity"),
)
EVENTS: Final = (
    *("sale", "announcement", "intake", "loading", "storage", "stocktaking", "difference", "pledge", "redemption"),
    *("deposit", "payment", "remittance", "exchange", "settlement", "payout", "payout confirmed", "rent", "funding"),
    *("reservation", "release", "amendment", "matching", "hand-over"),
    *("cancellation", "refund", "correction", "expiry"),
)
_PURPOSE_KEYS: Final = {word: f"ledger_purpose_{word.replace(' ', '_')}" for word in PURPOSES}
_EVENT_KEYS: Final = {word: f"ledger_event_{word.replace(' ', '_').replace('-', '_')}" for word in EVENTS}


def purpose_text(purpose: str, language: str) -> str:
    """`escrow order:4711` as "托管款 order:4711"."""
    return _text(purpose, _PURPOSE_KEYS, language)


def event_text(kind: str, language: str) -> str:
    """`intake` as "收货入仓"."""
    return _text(kind, _EVENT_KEYS, language)


def _text(text: str, keys: Mapping[str, str], language: str) -> str:
    """The longest known word at the beginning by its name, and what is behind it as it stands."""
    word, rest = text, ""
    while word:
        if word in keys:
            return f"{render(keys[word], language, {})} {rest}".rstrip()
        word, _, last = word.rpartition(" ")
        rest = f"{last} {rest}"
    return text
