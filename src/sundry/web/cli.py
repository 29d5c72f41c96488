"""The command line: `sundry COMMAND ...`.

The rule for every command: with `--json`, standard output is exactly one JSON object on one line (`sundry read`: one a
page), the rest goes to standard error. So this file alone writes to standard output, and commands get a console that
already points to the right place.
"""

from __future__ import annotations

import argparse
import importlib
import io
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Sequence
from typing import NoReturn

from rich.console import Console

from sundry.kernel.errors import SundryError
from sundry.kernel.messages import render
from sundry.kernel.outcome import Outcome

# In the order in which `sundry --help` lists them. Each module has register(subparsers); it must import cheaply
# (heavy things are imported inside the handler), because every call of `sundry` imports all of them.
COMMAND_MODULES = (
    "sundry.goods.shipping.commands",
    "sundry.goods.orders.commands",
    "sundry.engines.packing.commands",
    "sundry.engines.declaring.commands",
    "sundry.engines.reading.commands",
    "sundry.web.run",
    "sundry.goods.catalogue.search_command",
    "sundry.simulation.commands",
    "sundry.base.parties.commands",
    "sundry.base.ledger.commands",
    "sundry.base.reference.commands",
    "sundry.goods.catalogue.commands",
    "sundry.insight.observatory.commands",
    "sundry.web.mcp.commands",
    "sundry.web.sample_book",
    "sundry.web.bench",
)

OUR_FAULT = 1
CALLED_WRONGLY = 64
INTERRUPTED = 130


class _Parser(argparse.ArgumentParser):
    """argparse ends with 2 on a wrong call; with us 2 means "errors, under --strict"."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(CALLED_WRONGLY, f"{self.prog}: {message}\n")


def parser() -> argparse.ArgumentParser:
    """The whole command line. Every subcommand has `--json`."""
    top = _Parser(prog="sundry", description="The trade of a small-commodity market town.")
    subparsers = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMAND_MODULES:
        importlib.import_module(name).register(subparsers)
    for command in subparsers.choices.values():
        command.add_argument(
            "--json", action="store_true", help="print one JSON object on one line, everything else to stderr"
        )
        if not any("--language" in action.option_strings for action in command._actions):
            command.set_defaults(language="en")
    return top


def main(argv: Sequence[str] | None = None) -> int:
    try:
        arguments = parser().parse_args(argv)
    except SystemExit as wrong_call:
        if wrong_call.code and "--json" in (sys.argv if argv is None else argv):
            _print_json({"error": {"rule": "called_wrongly", "message": "see standard error"}})
        raise
    if isinstance(sys.stdout, io.TextIOWrapper):  # standard error does so of itself
        sys.stdout.reconfigure(errors="backslashreplace")
    console = Console(stderr=arguments.json, highlight=False)
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGHUP):  # `kill` and a closed terminal clean up as Ctrl-C does
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, _stop)
    try:
        # Libraries that print must not break the one line of JSON.
        outcome = _run_quietly(arguments, console) if arguments.json else _run(arguments, console)
    except SundryError as fault:
        Console(stderr=True, highlight=False).print(f"sundry: {fault.message(arguments.language)}", markup=False)
        if arguments.json:
            _print_json({"error": fault.to_json(arguments.language)})
        return fault.exit_code
    except KeyboardInterrupt:
        if arguments.json:
            _print_json({"error": {"rule": "interrupted", "message": "stopped by Ctrl-C"}})
        return INTERRUPTED
    except Exception as fault:  # a fault of ours: the trace goes to standard error, the caller still gets its one line
        traceback.print_exc()
        if arguments.json:
            _print_json({"error": {"rule": "internal_fault", "message": f"{type(fault).__name__}: {fault}"}})
        return OUR_FAULT
    rows = outcome.data if isinstance(outcome.data, list) else [outcome.data or {}]
    is_told = not arguments.json or all(_print_json(row, arguments.language) for row in rows)
    return int(outcome.exit_code) if is_told else OUR_FAULT


def _stop(_signal: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _run(arguments: argparse.Namespace, console: Console) -> Outcome:
    """Run the command; one that `needs_database` finds it answering, up to date, and Django ready."""
    outcome: Outcome
    if getattr(arguments, "needs_database", False):
        from sundry.web.prepare import ready

        with ready(lambda rule: console.print(render(rule, arguments.language, {}), markup=False)):
            outcome = arguments.handler(arguments, console)
    else:
        outcome = arguments.handler(arguments, console)
    return outcome


def _run_quietly(arguments: argparse.Namespace, console: Console) -> Outcome:
    """Run the command while file descriptor 1 points to standard error."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        return _run(arguments, console)
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def _print_json(data: dict[str, object], language: str = "en") -> bool:
    """Whether it could be written."""
    line = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    try:
        line.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:  # half a character in a name, or a terminal that is not UTF-8: the same in ASCII
        line = json.dumps(data, separators=(",", ":"))
    try:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except OSError as fault:  # a full disk, or a reader that has gone
        told = render("output_unwritable", language, {"fault": fault.strerror})
        Console(stderr=True, highlight=False).print(f"sundry: {told}", markup=False)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the rest goes nowhere when the process ends
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
