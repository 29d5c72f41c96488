"""Devices ask for a token (RFC 8628): a scale or a scanner shows a code, a person types it and decides.

POST /api/devices -> the codes; the person opens /device/; POST /api/devices/token every `interval` seconds -> the
token, or `authorization_pending`, `slow_down`, `access_denied`, `expired_token`. Bodies are JSON, as everywhere here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from sundry.base.access import actions
from sundry.base.access.guard import actor_of, guarded
from sundry.base.access.idempotency import unkept
from sundry.base.access.rules import DEVICE_INTERVAL_SECONDS, DEVICE_SECONDS, EVERYBODY, TOKEN_DAYS, Operation

DEVICE_START = Operation("access.device.start", own=EVERYBODY)
DEVICE_TOKEN = Operation("access.device.token", own=EVERYBODY)

DEVICES_AT_ONCE = 10  # of one network, in the time that a code lasts

router = Router(tags=["Devices"])


class DeviceIn(Schema):
    """A device that asks."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=80, description="What the device calls itself.", examples=["Scales 3"])
    scopes: list[Annotated[str, Field(max_length=80)]] = Field(
        min_length=1,
        max_length=100,
        description="The operations it wants to use, by their names.",
        examples=[["shipping.job.read"]],
    )


class DeviceOut(Schema):
    """The codes of RFC 8628, 3.2."""

    device_code: str = Field(description="What the device keeps to itself.")
    user_code: str = Field(description="What the person types.", examples=["WDJB-MJHT"])
    verification_uri: str = Field(description="Where she types it.")
    verification_uri_complete: str = Field(description="The same, with the code in it: for a QR code.")
    expires_in: int = Field(description="Seconds.")
    interval: int = Field(description="Seconds to wait between two questions.")


class DeviceCodeIn(Schema):
    """A device that comes again."""

    model_config = ConfigDict(extra="forbid")

    device_code: str = Field(min_length=1, max_length=200)


class TokenOut(Schema):
    """What the device was waiting for. It is told once."""

    access_token: str
    token_type: str = "Bearer"
    expires_at: datetime


@router.post("/devices", response={201: DeviceOut}, summary="Ask to be let in as a device", url_name="device_start")
@guarded(DEVICE_START)
@unkept
def device_start(request: HttpRequest, response: HttpResponse, wanted: DeviceIn) -> Status[dict[str, Any]]:
    """Show `user_code` and `verification_uri` to a person, then ask for the token until she has decided.

    A scope that this API does not have lets the device do nothing.
    """
    now = timezone.now()
    network = actor_of(request).address
    actions.take(f"device:{network}", DEVICES_AT_ONCE, DEVICE_SECONDS, now)
    codes = actions.begin_device(name=wanted.name, scopes=set(wanted.scopes), address=network, now=now)
    shown = f"{codes.user_code[:4]}-{codes.user_code[4:]}"
    place = f"{settings.SUNDRY.address}/device/"
    response.headers["Cache-Control"] = "no-store"
    return Status(
        201,
        {
            "device_code": codes.device_code,
            "user_code": shown,
            "verification_uri": place,
            "verification_uri_complete": f"{place}?code={shown}",
            "expires_in": DEVICE_SECONDS,
            "interval": DEVICE_INTERVAL_SECONDS,
        },
    )


@router.post("/devices/token", response=TokenOut, summary="Fetch the token of a device", url_name="device_token")
@guarded(DEVICE_TOKEN)
@unkept
def device_token(request: HttpRequest, response: HttpResponse, asked: DeviceCodeIn) -> dict[str, Any]:
    """Until the person has decided the answer is 400 with `authorization_pending`; `slow_down` asks for 5 s more."""
    made = actions.take_device_token(
        actor=actor_of(request), device_code=asked.device_code, now=timezone.now(), days=TOKEN_DAYS
    )
    response.headers["Cache-Control"] = "no-store"
    return {"access_token": made.secret, "expires_at": made.expires_at}
