"""`sundry run` starts a market and stays with it; `sundry migrate` only brings its tables up to date."""

from __future__ import annotations

import argparse
import os
import signal
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sundry.kernel.messages import LANGUAGES, render
from sundry.kernel.outcome import Outcome

if TYPE_CHECKING:
    from rich.console import Console

    from sundry.web.configuration import Configuration


def register(subparsers: Any) -> None:
    run = subparsers.add_parser("run", help="start a market: database, pages, jobs; Ctrl-C stops it")
    run.add_argument("--port", metavar="N", help="the port to listen on, in the place of SUNDRY_PORT")
    run.add_argument("--host", metavar="HOST", help="the address to listen on, in the place of SUNDRY_HOST")
    run.add_argument("--no-sample", action="store_true", help="leave an empty sample market empty")
    run.set_defaults(handler=handle)
    migrate = subparsers.add_parser("migrate", help="bring the tables of the market up to date, as `sundry run` does")
    migrate.set_defaults(handler=migrated, needs_database=True)
    for command in (run, migrate):
        command.add_argument("--language", choices=LANGUAGES, default="en", help="of messages (default: en)")


def handle(arguments: argparse.Namespace, console: Console) -> Outcome:
    from sundry.web.supervisor import DETAILS, Market

    def say(rule: str, **values: Any) -> None:
        # The terminal may have gone (SIGHUP, a closed pipe, for which rich leaves): we still have to stop in order.
        with suppress(OSError, SystemExit):
            indent = "  " if rule in DETAILS else ""
            console.print(indent + render(rule, arguments.language, values), markup=False, soft_wrap=True)

    own = configured(arguments)
    number = Market(own, say, language=arguments.language, sample=not arguments.no_sample).serve()
    data = {"address": own.address, "data_dir": str(own.data_dir), "stopped_by": signal.Signals(number).name}
    return Outcome(128 + number, data)


def configured(arguments: argparse.Namespace) -> Configuration:
    """The settings, with what the command line says in the place of the environment. Misconfigured."""
    from sundry.web.configuration import ANYWHERE, configuration, variable
    from sundry.web.supervisor import own_addresses

    given = {variable("port"): arguments.port, variable("host"): arguments.host}
    environ = dict(os.environ) | {name: value for name, value in given.items() if value is not None}
    own = configuration(environ)
    if own.host in ANYWHERE and not environ.get(variable("allowed_hosts")):
        return replace(own, allowed_hosts=(*own.allowed_hosts, *own_addresses()))
    return own


def migrated(arguments: argparse.Namespace, console: Console) -> Outcome:
    """The command line has done it already, as for every command that needs the database."""
    console.print(render("migrated", arguments.language, {}), markup=False)
    return Outcome(data={"migrated": True})
