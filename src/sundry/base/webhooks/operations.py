"""What may be asked of webhooks, by a page or the API, and how often: an organisation's administrators see its own."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest

from sundry.base.access.actions import take
from sundry.base.access.guard import AccessRefused, actor_of, admit
from sundry.base.access.rules import ADMINISTRATORS, Decision, Operation, Owner
from sundry.base.webhooks import queries
from sundry.base.webhooks.queries import DeliveryView, EndpointView

READ = Operation("webhooks.endpoint.read", own=ADMINISTRATORS)
CHANGE = Operation("webhooks.endpoint.change", own=ADMINISTRATORS)
SEND = Operation("webhooks.delivery.send", own=ADMINISTRATORS)

CHANGES_AN_HOUR: Final = 60  # of one organisation
SENDS_AN_HOUR: Final = 60
HOUR_S: Final = 3_600
NOBODY: Final = Owner(organisation=UUID(int=0))
"""Whose a thing is that is not there: so that it is refused as another's is."""


def the_organisation(request: HttpRequest, operation: Operation) -> UUID:
    """For which whoever asks acts. AccessRefused: for none."""
    organisation = actor_of(request).organisation
    if organisation is None:
        raise AccessRefused(Decision.FORBIDDEN, operation)
    return organisation


def the_endpoint(request: HttpRequest, operation: Operation, endpoint: UUID) -> EndpointView:
    """The endpoint; another's and one that never was are refused alike. One statement."""
    found = queries.endpoint(endpoint)
    admit(request, operation, NOBODY if found is None else Owner(organisation=found.organisation))
    if found is None:
        raise AccessRefused(Decision.NOT_FOUND, operation)
    return found


def the_delivery(request: HttpRequest, operation: Operation, delivery: UUID) -> DeliveryView:
    """The delivery; another's and one that never was are refused alike. One statement."""
    found = queries.delivery(delivery)
    admit(request, operation, NOBODY if found is None else Owner(organisation=found.organisation))
    if found is None:
        raise AccessRefused(Decision.NOT_FOUND, operation)
    return found


def take_change(organisation: UUID, now: datetime) -> None:
    """Count one change of an endpoint. TooMany."""
    take(f"webhooks.change:{organisation}", CHANGES_AN_HOUR, HOUR_S, now)


def take_sending(organisation: UUID, now: datetime) -> None:
    """Count one test or replay. TooMany."""
    take(f"webhooks.send:{organisation}", SENDS_AN_HOUR, HOUR_S, now)
