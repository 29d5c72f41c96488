"""The OpenAPI document as a page reads it: operations by group, their values, their answers, a call to copy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sundry.web.api.document import Document

HIDDEN = frozenset({"Accept-Language", "Idempotency-Key"})  # told once for all operations


@dataclass(frozen=True, slots=True)
class Value:
    """Something that is sent or answered. `name` of a value inside another is "files.name", of a list's "files[]"."""

    name: str
    type: str
    required: bool
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """An operation."""

    anchor: str
    method: str
    path: str
    summary: str
    text: str
    operation: str
    roles: tuple[str, ...]
    open_to_all: bool
    parameters: tuple[Value, ...]
    body: tuple[Value, ...]
    media_type: str
    status: str
    answer: tuple[Value, ...]
    refusals: tuple[str, ...]
    curl: str


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    anchor: str
    calls: tuple[Call, ...]


def groups(document: Document, address: str) -> list[Group]:
    """The operations of `document`, as they are called at `address`, in its order."""
    found: dict[str, list[Call]] = {}
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            for tag in described.get("tags", ["Other"])[:1]:
                found.setdefault(tag, []).append(_call(document, address, path, method.upper(), described))
    return [Group(name, f"group-{_anchor(name)}", tuple(calls)) for name, calls in found.items()]


def _call(document: Document, address: str, path: str, method: str, described: Document) -> Call:
    media_type, schema = _content(described.get("requestBody", {}))
    status = min(status for status in described["responses"] if status.startswith("2"))
    _, answer = _content(described["responses"][status])
    return Call(
        anchor=_anchor(f"{method} {path}"),
        method=method,
        path=path,
        summary=described["summary"],
        text=described.get("description", ""),
        operation=described.get("x-operation", ""),
        roles=tuple(described.get("x-roles", ())),
        open_to_all={} in described["security"],
        parameters=tuple(
            Value(one["name"], _type(one["schema"]), one["required"], one.get("description", ""))
            for one in described["parameters"]
            if one["name"] not in HIDDEN
        ),
        body=tuple(_values(document, schema)),
        media_type=media_type,
        status=status,
        answer=tuple(_values(document, answer)),
        refusals=tuple(status for status in described["responses"] if not status.startswith("2")),
        curl=_curl(document, address, path, method, described),
    )


def _anchor(text: str) -> str:
    return "-".join("".join(letter if letter.isalnum() else " " for letter in text.lower()).split())


def _content(described: Document) -> tuple[str, Document]:
    """The one media type of a body or an answer, and its schema."""
    for media_type, content in described.get("content", {}).items():
        return media_type, content.get("schema", {})
    return "", {}


def _resolved(document: Document, schema: Document) -> Document:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _values(document: Document, schema: Document, before: str = "", depth: int = 0) -> Iterator[Value]:
    """What an object holds, and what its objects hold."""
    schema = _resolved(document, schema)
    if depth > 4:  # a schema that holds itself
        return
    if schema.get("type") == "array":
        yield from _values(document, schema.get("items", {}), f"{before}[]", depth + 1)
        return
    for name, described in schema.get("properties", {}).items():
        inner = _resolved(document, _given(described))
        place = f"{before}.{name}" if before else name
        text = described.get("description", "")
        yield Value(place, _type(described, inner), name in schema.get("required", ()), text)
        yield from _values(document, inner, place, depth + 1)


def _given(schema: Document) -> Document:
    """Of a value that may be null, what it is when it is not."""
    options = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    return options[0] if options else schema


def _type(described: Document, inner: Document | None = None) -> str:
    given = _given(described) if inner is None else inner
    name = str(given.get("format") or given.get("type") or "value")
    if given.get("type") == "array":
        name = f"{given.get('items', {}).get('type', 'object')}[]"
    nullable = any(option.get("type") == "null" for option in described.get("anyOf", ()))
    return f"{name} | null" if nullable else name


def _curl(document: Document, address: str, path: str, method: str, described: Document) -> str:
    """A call that can be copied; what has to be filled in stands in braces."""
    media_type, schema = _content(described.get("requestBody", {}))
    lines = [f"curl {address}{path}" if method == "GET" else f"curl -X {method} {address}{path}"]
    if {} not in described["security"]:
        lines.append('-H "Authorization: Bearer $SUNDRY_TOKEN"')
    if method == "POST":
        lines += ['-H "Idempotency-Key: $(uuidgen)"'] if _is_repeatable(described) else []
    if media_type == "application/json":
        lines += ['-H "Content-Type: application/json"', f"-d '{json.dumps(_example(document, schema))}'"]
    elif media_type:
        for name, one in _resolved(document, schema).get("properties", {}).items():
            lines.append(f"-F {name}=@{{file}}" if _is_file(one) else f"-F {name}={{{name}}}")
    return " \\\n  ".join(lines)


def _is_repeatable(described: Document) -> bool:
    return any(one["name"] == "Idempotency-Key" for one in described["parameters"])


def _is_file(schema: Document) -> bool:
    items = schema.get("items", {})
    return "binary" in (schema.get("format"), items.get("format")) or "contentMediaType" in schema


def _example(document: Document, schema: Document) -> Any:
    """A value as the schema's author shows it, or the plainest of its kind."""
    for shown in (schema, schema := _resolved(document, _given(schema))):
        if shown.get("examples"):
            return shown["examples"][0]
    if "default" in schema:
        return schema["default"]
    match schema.get("type"):
        case "object":
            wanted: Document = schema.get("properties", {})
            names: list[str] = schema.get("required", list(wanted))
            return {name: _example(document, wanted[name]) for name in names}
        case "array":
            return [_example(document, schema.get("items", {}))]
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
    return schema["enum"][0] if "enum" in schema else "..."
