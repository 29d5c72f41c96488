"""Assistants through the SDK's own client: whom they act for, what they may, how they are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

pytest.importorskip("mcp")

from sundry.base.access.actions import revoke_token
from sundry.base.access.models import ApiToken
from sundry.base.access.rules import Actor, Kind, Position, role_of

BUYER = role_of(Kind.BUYER, Position.MEMBER)


@pytest.fixture
def amina(sign_in: Any) -> Actor:
    member = sign_in(BUYER)
    return Actor(role=BUYER, person=member.person, organisation=member.organisation)


def test_tools_are_those_that_the_token_was_made_for(amina: Actor, assistant: Callable[..., Any]) -> None:
    assert set(assistant(amina).tools()) == {"who_am_i"}
    opened = assistant(amina, "catalogue.search.read", "orders.order.read").tools()
    assert {"search_goods", "read_order", "who_am_i"} <= set(opened)
    assert "place_order" not in opened
    assert opened["search_goods"].annotations.read_only_hint is True


def test_it_knows_whom_it_acts_for(amina: Actor, assistant: Callable[..., Any]) -> None:
    said = assistant(amina, "catalogue.search.read").call("who_am_i")
    assert said.result["organisation"] == str(amina.organisation)
    assert said.result["scopes"] == ["catalogue.search.read"]
    assert said.sentence == "You act as buyer, with 1 right."


def test_a_missing_right_is_told(amina: Actor, assistant: Callable[..., Any]) -> None:
    said = assistant(amina).call("search_goods", q="cup")
    assert (said.is_error, said.code) == (True, "access_forbidden")
    assert "catalogue.search.read" in said.sentence


def test_a_revoked_token_opens_nothing(amina: Actor, assistant: Callable[..., Any]) -> None:
    made = assistant(amina, "catalogue.search.read")
    assert made.tools()
    token = ApiToken.objects.get(person=amina.person)
    revoke_token(actor=amina, token=token.id, now=timezone.now())
    said = made.call("search_goods", q="cup")
    assert (said.is_error, said.code) == (True, "token_invalid")
    assert "/tokens/" in said.sentence


def test_arguments_that_do_not_fit_are_all_told(amina: Actor, assistant: Callable[..., Any]) -> None:
    said = assistant(amina, "catalogue.search.read").call("search_goods", q=1, colour="red")
    assert (said.is_error, said.code) == (True, "arguments")
    assert len(said.result["error"]["arguments"]) == 2


def test_both_generations_of_the_protocol_are_spoken(amina: Actor, assistant: Callable[..., Any]) -> None:
    made = assistant(amina)
    for mode in ("legacy", "auto"):
        answer = made.does(lambda client: client.call_tool("who_am_i", {}), mode=mode)
        assert answer.structured_content["role"] == "buyer"
