"""Every address of the market. Each module keeps its own in its pages.py."""

from __future__ import annotations

from django.urls import include, path

from sundry.base.ledger import pages as ledger
from sundry.base.notifications import pages as notifications
from sundry.base.parties import pages as parties
from sundry.base.reference import pages as reference
from sundry.base.webhooks import pages as webhooks
from sundry.goods.catalogue import pages as catalogue
from sundry.goods.orders import pages as orders
from sundry.goods.shipping import pages as shipping
from sundry.insight.observatory import pages as observatory
from sundry.web.api import tokens
from sundry.web.mcp import pages as mcp
from sundry.web.pages import account, audit, health, home, outbox, sample_book, style

urlpatterns = [
    path("", include(home)),
    path("", include(health)),
    path("", include(style)),
    path("", include(account)),
    path("", include(parties)),
    path("", include(reference)),
    path("", include(outbox)),
    path("", include(audit)),
    path("", include(ledger)),
    path("", include(webhooks)),
    path("", include(notifications)),
    path("", include(tokens)),
    path("", include(mcp)),
    path("", include(catalogue)),
    path("", include(orders)),
    path("", include(shipping)),
    path("", include(observatory)),
    path("", include(sample_book)),
    path("api/", include("sundry.web.api.urls")),
]

handler400 = "sundry.web.pages.refusals.bad_request"
handler403 = "sundry.web.pages.refusals.forbidden"
handler404 = "sundry.web.pages.refusals.not_found"
handler429 = "sundry.web.pages.account.too_many_tries"  # allauth asks for it by this name
handler500 = "sundry.web.pages.refusals.server_error"
