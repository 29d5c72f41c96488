"""A market from a seed: stalls, goods in six languages, prices, cartons, sales.

`documents(goods, stalls, seed)` gives it to search without a database, `loading.load` puts it into one.
"""

from sundry.simulation.market.documents import documents
from sundry.simulation.market.plan import Market

__all__ = ["Market", "documents"]
