"""Secrets of endpoints, locked by the key of this market.

Problem: to sign, the secret itself is needed, so its hash is not enough; and whoever reads a copy of the database must
not be able to sign. Therefore it is kept encrypted (Fernet: AES-128-CBC with HMAC-SHA256) by a key that is worked out
of `SUNDRY_SECRET_KEY`, which is not in the database. A market whose key changes can read none of them: each endpoint
needs a new secret, and the page says so.
"""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from sundry.base.webhooks.rules import SecretUnreadable


def locked(secret: str) -> str:
    """What is kept of a secret."""
    return _lock(settings.SECRET_KEY).encrypt(secret.encode()).decode()


def unlocked(kept: str) -> str:
    """SecretUnreadable: it was locked by another key."""
    try:
        return _lock(settings.SECRET_KEY).decrypt(kept.encode()).decode()
    except InvalidToken as fault:
        raise SecretUnreadable from fault


@lru_cache(maxsize=4)
def _lock(key: str) -> Fernet:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"sundry.webhooks.secret").derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(made))
