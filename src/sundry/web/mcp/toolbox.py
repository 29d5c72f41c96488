"""Every tool, by its name, in the order in which an assistant is told of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sundry.web.mcp import tools_goods, tools_orders, tools_talk
from sundry.web.mcp.tools import Tool

TOOLS: Final[Mapping[str, Tool]] = {
    tool.name: tool for tool in (*tools_goods.TOOLS, *tools_talk.TOOLS, *tools_orders.TOOLS)
}
