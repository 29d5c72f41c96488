"""`sundry operator`: the first market operator of a real market. Every other official organisation it founds itself."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from sundry.kernel.errors import UsageError
from sundry.kernel.messages import LANGUAGES, render
from sundry.kernel.outcome import Outcome

if TYPE_CHECKING:
    from rich.console import Console


def register(subparsers: Any) -> None:
    command = subparsers.add_parser(
        "operator",
        help="found the market operator and invite its first administrator",
        description="Found the market operator and print the link by which its first administrator comes in.",
    )
    command.add_argument("name", metavar="NAME", help="of the organisation that runs the market")
    command.add_argument("address", metavar="ADDRESS", help="e-mail or phone of its first administrator")
    command.add_argument("--another", action="store_true", help="although there is an operator already")
    command.add_argument("--language", choices=LANGUAGES, default="en", help="of messages (default: en)")
    command.set_defaults(handler=_operator, needs_database=True)


def _operator(arguments: argparse.Namespace, console: Console) -> Outcome:
    from django.utils import timezone

    from sundry.base.access.rules import Actor, Position, Through
    from sundry.base.parties import actions, queries
    from sundry.base.parties.rules import INVITATION_IS_GOOD_FOR, address

    if not arguments.another and queries.has_operator():
        raise UsageError("operator_there")
    actor = Actor(through=Through.COMMAND)
    contact = address(arguments.address)
    founded, link = actions.found_operator_by_invitation(
        actor=actor, name=arguments.name, address=contact, language=arguments.language, now=timezone.now()
    )
    told = {"name": arguments.name, "link": link, "days": INVITATION_IS_GOOD_FOR.days}
    console.print(render("operator_founded", arguments.language, told), markup=False, soft_wrap=True)
    return Outcome(data={"organisation": str(founded), "link": link, "position": Position.ADMINISTRATOR.value})
