"""What may be asked of the catalogue, by a page or the API.

What is on show is nobody's: whoever may look sees it, and where the market opens its catalogue to the public
(`Operation.open_catalogue`), visitors too. What is not on show (drafts, what waits, what was refused or withdrawn), a
stall's sheets and papers are its own: for others they are not there. The operator sees them, decides what goes on show,
and writes nobody's goods. What buyers look for in vain is for the operator to mend and for stalls to answer.
"""

from __future__ import annotations

from typing import Final

from sundry.base.access.rules import EVERYBODY, SIGNED_IN, Kind, Operation, of_kinds

STALLS: Final = of_kinds(Kind.STALL, Kind.MERCHANT)  # who may hold a stall
OPERATOR: Final = of_kinds(Kind.OPERATOR)
LOOKING_ON: Final = of_kinds(Kind.OPERATOR, Kind.AUDITOR)

# On show.
SEARCH: Final = Operation("catalogue.search.read", own=SIGNED_IN, open_catalogue=True)
GOOD_READ: Final = Operation("catalogue.good.read", own=SIGNED_IN, open_catalogue=True)
STALL_READ: Final = Operation("catalogue.stall.read", own=SIGNED_IN, open_catalogue=True)
STALL_LIST: Final = Operation("catalogue.stall.list", own=SIGNED_IN, open_catalogue=True)
CATEGORY_READ: Final = Operation("catalogue.category.read", own=SIGNED_IN, open_catalogue=True)
PRODUCT_READ: Final = Operation("catalogue.product.read", own=SIGNED_IN, open_catalogue=True)
PHOTO_READ: Final = Operation("catalogue.photo.read", own=SIGNED_IN, open_catalogue=True)
SITEMAP: Final = Operation("catalogue.sitemap.read", own=SIGNED_IN, open_catalogue=True)
ROBOTS: Final = Operation("catalogue.robots.read", own=EVERYBODY)  # it says whether anything may be read

# A stall's own.
GOOD_MANAGE: Final = Operation("catalogue.good.manage", own=STALLS, foreign=LOOKING_ON)  # to see it, whatever its state
GOOD_WRITE: Final = Operation("catalogue.good.write", own=STALLS)
GOOD_SUBMIT: Final = Operation("catalogue.good.submit", own=STALLS)
GOOD_WITHDRAW: Final = Operation("catalogue.good.withdraw", own=STALLS)
STALL_WRITE: Final = Operation("catalogue.stall.write", own=STALLS)
PAPER_READ: Final = Operation("catalogue.paper.read", own=STALLS, foreign=LOOKING_ON)
PAPER_SUBMIT: Final = Operation("catalogue.paper.submit", own=STALLS)
SHEET_READ: Final = Operation("catalogue.sheet.read", own=STALLS)
SHEET_WRITE: Final = Operation("catalogue.sheet.write", own=STALLS)
SHEET_EXPORT: Final = Operation("catalogue.sheet.export", own=STALLS, foreign=LOOKING_ON, audited=True)

# The operator's.
QUEUE_READ: Final = Operation("catalogue.queue.read", own=LOOKING_ON)
GOOD_DECIDE: Final = Operation("catalogue.good.decide", own=OPERATOR, foreign=OPERATOR, audited=True)
PAPER_DECIDE: Final = Operation("catalogue.paper.decide", own=OPERATOR, foreign=OPERATOR, audited=True)
STALL_REGISTER: Final = Operation("catalogue.stall.register", own=OPERATOR, foreign=OPERATOR, audited=True)
MISS_READ: Final = Operation("catalogue.miss.read", own=LOOKING_ON)
MISS_DECIDE: Final = Operation("catalogue.miss.decide", own=OPERATOR, audited=True)

# What somebody looks for and does not find.
WANTED_ASK: Final = Operation("catalogue.wanted.ask", own=SIGNED_IN)
WANTED_CLOSE: Final = Operation("catalogue.wanted.close", own=SIGNED_IN)
WANTED_LIST: Final = Operation("catalogue.wanted.list", own=STALLS | LOOKING_ON)
