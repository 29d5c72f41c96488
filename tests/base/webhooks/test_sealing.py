"""A secret is read back by the key that locked it, and by no other."""

from __future__ import annotations

from typing import Any

import pytest

from sundry.base.webhooks.rules import SecretUnreadable, new_secret
from sundry.base.webhooks.sealing import locked, unlocked


def test_a_secret_comes_back_and_is_never_kept_as_it_is(settings: Any) -> None:
    secret = new_secret()
    kept = locked(secret)
    assert unlocked(kept) == secret
    assert secret.removeprefix("whsec_") not in kept
    assert locked(secret) != kept  # the same secret twice does not look alike
    assert settings.SECRET_KEY not in kept


def test_another_market_cannot_read_it(settings: Any) -> None:
    kept = locked(new_secret())
    settings.SECRET_KEY = "another key, of at least thirty-two characters"
    with pytest.raises(SecretUnreadable):
        unlocked(kept)


def test_what_was_changed_in_the_table_is_not_read() -> None:
    kept = locked(new_secret())
    with pytest.raises(SecretUnreadable):
        unlocked(kept[:-8] + "AAAAAAA=")
