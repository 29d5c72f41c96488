"""Who may do what, as one table, made from the addresses of the market: docs/access-matrix.md.

    python -m sundry.web.access_matrix > docs/access-matrix.md

Problem: the policy of access stands beside each page, where its author thinks of it, and nobody can read it as a whole
there. Therefore it is collected from the URLconf, as it is served: views of our own, of libraries, operations of the
API. What has an address and no operation is a fault (`without_operation`), and so are two policies under one name.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from sundry.base.access.rules import PERSON, VISITOR, Kind, Operation, Position, Role, role_of
from sundry.web.operations import LIBRARY_VIEWS, path_view


@dataclass(frozen=True, slots=True)
class Route:
    """An address, and what is done by it. `methods`: those of an operation of the API, () for a page."""

    address: str
    name: str
    methods: tuple[str, ...]
    operation: Operation | None
    parameters: tuple[str, ...]
    is_api: bool


def all_routes() -> list[Route]:
    """Every address that is served, in the order in which it is looked for."""
    found: dict[tuple[str, tuple[str, ...]], Route] = {}
    for route in _walk(get_resolver().url_patterns, "", ""):
        found.setdefault((route.address, route.methods), route)  # the first that fits is the one that answers
    return list(found.values())


def _walk(patterns: Sequence[URLPattern | URLResolver], before: str, namespace: str) -> Iterator[Route]:
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, address, inner)
            continue
        name = f"{namespace}{pattern.name}" if pattern.name else ""
        parameters = tuple(pattern.pattern.converters)
        view = path_view(pattern.callback)
        if view is None:
            operation = getattr(pattern.callback, "operation", None) or LIBRARY_VIEWS.get(name)
            yield Route(address, name, (), operation, parameters, False)
            continue
        for endpoint in view.operations:
            operation = getattr(endpoint.view_func, "operation", None)
            yield Route(address, name, tuple(endpoint.methods), operation, parameters, True)


def without_operation() -> list[str]:
    """Addresses that nobody reaches, because their author forgot to say who may."""
    return [route.address for route in all_routes() if route.operation is None]


def operations() -> dict[str, Operation]:
    """Every operation by its name. ValueError: two policies under one name."""
    found: dict[str, Operation] = {}
    for route in all_routes():
        if route.operation is not None and found.setdefault(route.operation.name, route.operation) != route.operation:
            raise ValueError(f"{route.operation.name} stands for two policies; one is of /{route.address}")
    return dict(sorted(found.items()))


_INTRODUCTION = """\
# Access matrix

Made from the addresses of a sample market by `python -m sundry.web.access_matrix`; a test fails when it is stale.
What it means stands in [access.md](access.md).

- ● on one's own and on another's
- ○ on one's own only, also where no object is concerned
- ◌ on another's only
- ◇ a visitor, while the market's desk, or its observatory, is open
- · never

Each kind has two signs: for its members, and for its administrators.
"""


def markdown() -> str:
    """The whole page."""
    heads = ["visitor", "person", *Kind]
    lines = [_INTRODUCTION, f"| operation | {' | '.join(heads)} | audited |", "|---" * (len(heads) + 2) + "|"]
    for name, operation in operations().items():
        cells = [
            _sign(operation, VISITOR),
            _sign(operation, PERSON),
            *(f"{_sign(operation, member)} {_sign(operation, chief)}" for member, chief in _of_kinds()),
        ]
        lines.append(f"| `{name}` | {' | '.join(cells)} | {'yes' if operation.audited else ''} |")
    lines += ["", "## Where", "", "| operation | address |", "|---|---|"]
    for name in operations():
        addresses = [_told(route) for route in all_routes() if route.operation and route.operation.name == name]
        lines.append(f"| `{name}` | {'<br>'.join(addresses)} |")
    return "\n".join(lines) + "\n"


def _of_kinds() -> list[tuple[Role, Role]]:
    return [(role_of(kind, Position.MEMBER), role_of(kind, Position.ADMINISTRATOR)) for kind in Kind]


def _sign(operation: Operation, role: Role) -> str:
    is_open = operation.open_desk or operation.open_pages or operation.open_catalogue
    if role == VISITOR and is_open and role not in operation.own:
        return "◇"
    return {(True, True): "●", (True, False): "○", (False, True): "◌", (False, False): "·"}[
        (role in operation.own, role in operation.foreign)
    ]


def _told(route: Route) -> str:
    methods = f"{' '.join(route.methods)} " if route.methods else ""
    return f"`{methods}/{route.address.replace('uuidstr:', 'uuid:')}`"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sundry.web.settings")
    import django

    django.setup()
    print(markdown(), end="")  # noqa: T201 - this is what it is run for
