"""What the tests of the outbox share: a market that sends, and adapters that keep books."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from sundry.base.outbox import actions
from sundry.base.outbox.rules import Channel, Message


class Recorder:
    """An adapter that takes what it is given, after having failed as often as it was told to."""

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.faults: list[Exception] = []

    def send(self, message: Message) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.taken.append(message)


@pytest.fixture
def sending(settings: Any) -> None:
    """A market whose outbox sends."""
    settings.SUNDRY = dataclasses.replace(
        settings.SUNDRY, outbox="smtp", smtp_url="smtp://127.0.0.1:9?from=market@market.example"
    )


@pytest.fixture
def adapter(sending: None, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(actions, "adapter_for", lambda channel: recorder if channel is Channel.EMAIL else None)
    return recorder


@pytest.fixture
def jobs() -> Callable[[], list[dict[str, Any]]]:
    """The deliveries in the queue, in the order in which they were put there."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    return lambda: list(
        ProcrastinateJob.objects.filter(task_name=actions.DELIVER).order_by("id").values("args", "scheduled_at")
    )
