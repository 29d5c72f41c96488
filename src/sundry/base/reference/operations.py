"""What may be asked of the reference: everybody looks up, signed in or not; the operator loads, the auditor looks on.

The tables are what law and trade publish anyway, and nobody's. Of a load everybody may know that it was; its findings
show what an operator's file held, so they are for those who answer for it.
"""

from __future__ import annotations

from typing import Final

from sundry.base.access.rules import EVERYBODY, Kind, Operation, of_kinds

READ: Final = Operation("reference.table.read", own=EVERYBODY)
LOAD: Final = Operation("reference.load.make", own=of_kinds(Kind.OPERATOR), audited=True)
LOAD_READ: Final = Operation("reference.load.read", own=of_kinds(Kind.OPERATOR, Kind.AUDITOR))
