"""The server of the protocol, made of the SDK's own and our tools. Imported only where somebody speaks the protocol.

The SDK has an event loop, Django has threads: a tool asks the API in the thread that Django knows, which is the one of
the page that brought the request, or the one thread of `sundry mcp`.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

import mcp_types as types
from asgiref.sync import sync_to_async
from jsonschema import Draft202012Validator
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError

from sundry.web.mcp.calling import Answer, Caller
from sundry.web.mcp.toolbox import TOOLS
from sundry.web.mcp.tools import INSTRUCTIONS, Json, Tool, foreign

FAULTS_MAX = 10  # wrong arguments that are told at once
WHO_AM_I = "parties.me"  # every token may
WHO = "who"  # of a refusal: who has changed it


def server(caller: Caller, held: Callable[[], frozenset[str]]) -> Server[Any]:
    """A server that acts as the owner of `caller`'s token. It keeps nothing from one request to the next. `held`: what
    the token was made for, asked each time that the tools are listed."""

    async def list_tools(
        _context: ServerRequestContext[Any], _params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        opened = await sync_to_async(held)()
        return types.ListToolsResult(tools=[_described(tool) for tool in TOOLS.values() if may(tool, opened)])

    async def call_tool(
        _context: ServerRequestContext[Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        tool = TOOLS.get(params.name)
        if tool is None:
            raise MCPError(types.INVALID_PARAMS, f"There is no tool {params.name[:60]!r}.")
        return await sync_to_async(call)(caller, tool, params.arguments or {})

    made: Server[Any] = Server(
        "sundry",
        version=version("sundry"),
        title="Sundry",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )
    made.middleware.clear()  # nobody here collects the spans of OpenTelemetry
    return made


def scopes(caller: Caller) -> frozenset[str]:
    """What the token was made for. MCPError: it opens nothing any more."""
    answer = caller.who()
    if not answer.is_good:
        raise MCPError(types.INVALID_REQUEST, _advice(answer))
    return scopes_of(answer)


def scopes_of(who: Answer) -> frozenset[str]:
    """Of what `Caller.who` was told."""
    return frozenset(who.data["scopes"] or ()) | {WHO_AM_I}


def may(tool: Tool, held: frozenset[str]) -> bool:
    return tool.operation in held


def call(caller: Caller, tool: Tool, given: Mapping[str, Any]) -> types.CallToolResult:
    """What the tool answers; what is wrong is told to the assistant, so that it can do better or tell its owner."""
    if wrong := _wrong(tool, given):
        return _refused("arguments", f"These arguments do not fit: {'; '.join(wrong)}", {"arguments": wrong})
    answer = caller.ask(tool.request(dict(given)))
    if not answer.is_good:
        return _refused(_code(answer), _advice(answer, tool), _details(answer))
    shown, sentence = tool.show(answer.data, dict(given))
    return types.CallToolResult(
        content=[_text(sentence), _text(json.dumps(shown, ensure_ascii=False, separators=(",", ":")))],
        structured_content=shown,
    )


def _described(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.input_schema,
        output_schema=tool.output_schema,
        annotations=types.ToolAnnotations(
            title=tool.title,
            read_only_hint=tool.reads,
            destructive_hint=tool.binding,
            idempotent_hint=tool.reads,
            open_world_hint=False,
        ),
    )


def _wrong(tool: Tool, given: Mapping[str, Any]) -> list[str]:
    """What of the arguments does not fit, each with its place."""
    found = sorted(Draft202012Validator(tool.input_schema).iter_errors(given), key=lambda fault: fault.json_path)
    told = [f"{fault.json_path.removeprefix('$.')}: {fault.message[:200]}" for fault in found[:FAULTS_MAX]]
    for name, schema in tool.input_schema["properties"].items():
        if schema.get("format") == "uuid" and isinstance(value := given.get(name), str) and not _is_id(value):
            told.append(f"{name}: is no UUID")
    return told


def _is_id(value: str) -> bool:
    try:
        uuid.UUID(value)
    except ValueError:
        return False
    return True


def _refused(code: str, sentence: str, details: Json) -> types.CallToolResult:
    told = {"error": {"code": code, "message": sentence} | details}
    return types.CallToolResult(content=[_text(sentence)], structured_content=told, is_error=True)


def _text(text: str) -> types.TextContent:
    return types.TextContent(type="text", text=text)


def _code(answer: Answer) -> str:
    return str(answer.data["error"]["code"]) if _is_refusal(answer) else "api_fault"


def _message(answer: Answer) -> str:
    """In the market's words; what somebody is called is a word of hers."""
    if not _is_refusal(answer):
        return "The market has a fault of its own. Try again later."
    message, who = str(answer.data["error"]["message"]), answer.data["error"]["details"].get(WHO)
    said = message.replace(str(who), "somebody") if who else message
    return f"{said[:1].upper()}{said[1:]}"


def _details(answer: Answer) -> Json:
    if not _is_refusal(answer):
        return {}
    details = dict(answer.data["error"]["details"])
    who = details.pop(WHO, "")
    return {"details": details | foreign(who=who)}


def _is_refusal(answer: Answer) -> bool:
    return isinstance(answer.data, dict) and "error" in answer.data


def _advice(answer: Answer, tool: Tool | None = None) -> str:
    """What the market says, and what can be done about it."""
    message = _message(answer)
    if answer.status == 401:
        return f"{message} Your owner makes a new token on the page /tokens/ of the market."
    if answer.status == 403 and tool is not None:
        return f"{message} It needs the right {tool.operation}, which only your owner can give to the token."
    if answer.status == 429:
        return f"{message} Ask again after {answer.retry_after} seconds."
    return message
