"""`sundry ledger verify`: are the books right? Asked of the transfers alone, by whoever doubts the counters."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING, Any

from sundry.kernel.messages import LANGUAGES, render
from sundry.kernel.outcome import Outcome

if TYPE_CHECKING:
    from rich.console import Console

    from sundry.base.ledger.verification import Violation

BROKEN = 1


def register(subparsers: Any) -> None:
    command = subparsers.add_parser(
        "ledger",
        help="verify the ledger: every figure worked out again from its transfers",
        description="verify: work every figure of the ledger out again, and name the first event that breaks a rule.",
    )
    command.add_argument("task", choices=["verify"], help="what to do")
    command.add_argument("--language", choices=LANGUAGES, default="en", help="of messages (default: en)")
    command.set_defaults(handler=_verify, needs_database=True)


def _verify(arguments: argparse.Namespace, console: Console) -> Outcome:
    from rich.console import Console

    from sundry.base.ledger.verification import CHECKS, verify_own

    language = arguments.language
    begun = time.monotonic()
    with Console(stderr=True).status("") as status:  # only a terminal shows it
        found = verify_own(lambda rule, done, total: status.update(_under_way(rule, done, total, language)))
    seconds = round(time.monotonic() - begun, 1)
    figures = {"events": found.events, "transfers": found.transfers, "accounts": found.accounts}
    told = [render("ledger_looked_at", language, figures | {"checks": len(CHECKS), "seconds": seconds})]
    messages = [_message(violation, language) for violation in found.violations]
    for violation, message in zip(found.violations, messages, strict=True):
        told.append(f"{violation.rule}: {message}")
        if violation.event is not None:
            told.append("  " + render("ledger_first_event", language, {"event": violation.event}))
    verdict = "ledger_is_broken" if messages else "ledger_is_sound"
    told.append(render(verdict, language, {"count": len(messages)}))
    for line in told:
        console.print(line, markup=False, soft_wrap=True)
    violations = [
        {"rule": one.rule, "event": str(one.event) if one.event is not None else None, "message": message}
        for one, message in zip(found.violations, messages, strict=True)
    ]
    return Outcome(BROKEN if violations else 0, {**figures, "violations": violations})


def _message(violation: Violation, language: str) -> str:
    return render(f"ledger_broken_{violation.rule}", language, {"what": violation.what})


def _under_way(rule: str, done: int, total: int, language: str) -> str:
    return f"{render('ledger_checking', language, {'number': done + 1, 'count': total})}: {rule}"
