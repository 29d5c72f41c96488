"""The profile: who ships to whom, a small YAML file that an agent keeps for each buyer.

buyer: Comercial Ejemplo S.A.
buyer_nationality: PA
destination: Panama
incoterm: FOB
"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import yaml

from sundry.goods.shipping.rules import Profile
from sundry.kernel.errors import UsageError

# What a form or an invoice cannot do without; the rest may stay blank unsaid.
MISSING_MATTERS = ("buyer", "buyer_nationality", "buyer_id", "destination", "consignor", "incoterm", "marks")


def read_profile(path: Path) -> Profile:
    """The profile at `path`. UsageError: unreadable, or a field that a profile does not have."""
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise UsageError("profile_unreadable", file=path.name, fault=" ".join(str(fault).split())) from fault
    known = {field.name for field in fields(Profile)}
    if data is None:
        return Profile()
    if not isinstance(data, dict):
        raise UsageError("profile_unreadable", file=path.name, fault="buyer: ...")
    for name, value in data.items():
        if name not in known:
            raise UsageError("profile_field_unknown", value=name, known=", ".join(sorted(known)))
        if isinstance(value, (dict, list)):
            raise UsageError("profile_unreadable", file=path.name, fault=f"{name}: {value}")
    return Profile(**{name: "" if value is None else str(value).strip() for name, value in data.items()})
