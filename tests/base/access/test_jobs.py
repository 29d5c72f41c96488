"""What ran out is deleted, by itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sundry.base.access.actions import begin_device, take
from sundry.base.access.jobs import forget_what_ran_out
from sundry.base.access.models import Counter, DeviceRequest


@pytest.mark.django_db
def test_the_job_forgets_what_ran_out_by_then() -> None:
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    begin_device(name="Scales", scopes={"a"}, address="", now=now)
    take("a", 1, 3600, now)
    forget_what_ran_out(timestamp=int(now.timestamp()) + 600)
    assert not DeviceRequest.objects.exists()
    assert Counter.objects.count() == 1
