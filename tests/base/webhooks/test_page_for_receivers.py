"""What docs/webhooks.md tells a receiver to do is right: its own program is run against what is sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from sundry.base.webhooks import actions, delivering
from sundry.base.webhooks.rules import PAUSES, new_secret

PAGE = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text("utf-8")


@pytest.fixture(scope="module")
def is_from_the_market() -> Callable[..., bool]:
    (program,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    defined: dict[str, Any] = {}
    exec(program, defined)  # what the page shows
    made: Callable[..., bool] = defined["is_from_the_market"]
    return made


@pytest.mark.django_db
def test_the_program_of_the_page_believes_the_market_and_nobody_else(
    office: Callable[..., Any], receiver: Any, sending: None, is_from_the_market: Callable[..., bool]
) -> None:
    mine, now = office(), timezone.now()
    endpoint = mine.endpoint(receiver.address)
    new = actions.rotate(actor=mine.actor, endpoint=endpoint, now=now).secret
    actions.send_test(actor=mine.actor, endpoint=endpoint, now=now)
    delivering.deliver(endpoint=endpoint, clock=lambda: now)
    (heard,) = receiver.heard
    body, moment = heard.body.encode(), now.timestamp()
    for secret in (new, mine.secrets[endpoint]):
        assert is_from_the_market(secret, heard.headers, body, moment)
    assert not is_from_the_market(new_secret(), heard.headers, body, moment)
    assert not is_from_the_market(new, heard.headers, body + b" ", moment)
    assert not is_from_the_market(new, heard.headers | {"webhook-id": "another"}, body, moment)
    assert not is_from_the_market(new, heard.headers, body, moment + 302)


def test_the_pauses_of_the_page_are_those_that_are_made() -> None:
    (told,) = re.findall(r"tried again after ([^:]+):", PAGE)
    units = {"min": timedelta(minutes=1), "h": timedelta(hours=1)}
    assert tuple(int(number) * units[unit] for number, unit in re.findall(r"(\d+)\s(min|h)", told)) == PAUSES
