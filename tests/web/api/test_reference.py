"""The page of the API is made from its document: values by their place, and calls that can be copied."""

from __future__ import annotations

import json
import shlex
from typing import Any

from sundry.web.api.reference import Call, Value, groups

SCHEMAS: dict[str, Any] = {
    "Book": {
        "type": "object",
        "required": ["title", "pages"],
        "properties": {
            "title": {"type": "string", "description": "What it is called.", "examples": ["Orders"]},
            "pages": {"type": "array", "items": {"$ref": "#/components/schemas/Page"}},
            "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "made": {"type": "string", "format": "date-time"},
        },
    },
    "Page": {"type": "object", "required": ["number"], "properties": {"number": {"type": "integer", "minimum": 3}}},
    "Tree": {"type": "object", "properties": {"child": {"$ref": "#/components/schemas/Tree"}}},
}


def described(method: str, path: str, **more: Any) -> Call:
    """How the reference shows an operation."""
    operation = {
        "tags": ["Books"],
        "summary": "Make a book",
        "parameters": [],
        "security": [{"token": []}],
        "x-operation": "books.make",
        "responses": {"422": {}, "201": content("Book"), "404": {}},
    }
    document = {"paths": {path: {method: operation | more}}, "components": {"schemas": SCHEMAS}}
    (group,) = groups(document, "https://market.example")
    assert (group.name, group.anchor) == ("Books", "group-books")
    (call,) = group.calls
    return call


def content(schema: str, media_type: str = "application/json") -> dict[str, Any]:
    return {"content": {media_type: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


def test_values_are_listed_by_their_place() -> None:
    call = described("get", "/api/books")
    assert call.status == "201"
    assert call.refusals == ("422", "404")
    assert call.answer == (
        Value("title", "string", True, "What it is called."),
        Value("pages", "object[]", True, ""),
        Value("pages[].number", "integer", True, ""),
        Value("note", "string | null", False, ""),
        Value("made", "date-time", False, ""),
    )


def test_a_schema_that_holds_itself_comes_to_an_end() -> None:
    call = described("get", "/api/trees", responses={"200": content("Tree")})
    assert [value.name for value in call.answer] == [".".join(["child"] * depth) for depth in range(1, 6)]


def test_what_holds_for_all_operations_is_told_once() -> None:
    parameters = [
        {"in": "path", "name": "book", "required": True, "schema": {"type": "string", "format": "uuid"}},
        {"in": "header", "name": "Accept-Language", "required": False, "schema": {"type": "string"}},
    ]
    assert described("get", "/api/books/{book}", parameters=parameters).parameters == (Value("book", "uuid", True, ""),)


def test_a_call_can_be_copied() -> None:
    key = {"in": "header", "name": "Idempotency-Key", "required": False, "schema": {"type": "string"}}
    call = described("post", "/api/books", requestBody=content("Book"), parameters=[key])
    words = shlex.split(call.curl.replace("\\\n", " "))
    assert words[:4] == ["curl", "-X", "POST", "https://market.example/api/books"]
    assert "Authorization: Bearer $SUNDRY_TOKEN" in words
    assert "Idempotency-Key: $(uuidgen)" in words
    assert json.loads(words[words.index("-d") + 1]) == {"title": "Orders", "pages": [{"number": 3}]}
    assert not call.open_to_all


def test_what_needs_no_token_shows_none_and_files_go_as_a_form() -> None:
    form = {
        "type": "object",
        "properties": {"book": {"type": "string", "format": "binary"}, "note": {"type": "string"}},
    }
    body = {"content": {"multipart/form-data": {"schema": form}}}
    call = described("post", "/api/books", requestBody=body, security=[{"token": []}, {}])
    assert call.open_to_all
    assert "Authorization" not in call.curl
    assert "Idempotency-Key" not in call.curl
    assert call.curl.endswith("-F book=@{file} \\\n  -F note={note}")
