"""What happens to orders by itself: what no stall answers lapses, and each morning both sides hear what is late."""

from __future__ import annotations

import logging
from typing import Final

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from sundry.goods.orders import actions_answering, actions_late, jobs_sheets, jobs_talk

ELSEWHERE: Final = (jobs_sheets, jobs_talk)  # further jobs: the worker looks for them here

log = logging.getLogger("sundry.orders")


@app.periodic(cron="*/5 * * * *")
@app.task(name="orders.lapse", queueing_lock="orders.lapse")
def lapse(timestamp: int) -> None:
    """Every five minutes."""
    try:
        lapsed = actions_answering.lapse(now=timezone.now())
    finally:
        connection.close()
    if lapsed:
        log.info("orders that no stall has answered", extra={"sub_orders": lapsed})


@app.periodic(cron="0 0 * * *")  # by the clock of Greenwich: eight in the morning at the market
@app.task(name="orders.tell_late", queueing_lock="orders.tell_late")
def tell_late(timestamp: int) -> None:
    """Every morning."""
    try:
        told = actions_late.tell_late(now=timezone.now())
    finally:
        connection.close()
    log.info("the market's morning", extra={"late_orders": told})
