"""A POST that is sent twice is done once.

Problem: a client sends an order, the line breaks before the answer, and nobody knows whether it was taken. If the
client sends it again there may be two; if it does not, none. Therefore a client may name its request by a header,
`Idempotency-Key: 6f1c...`, and send it as often as it likes within 24 hours:

- the same request again: the answer that was given, with `Idempotency-Replayed: true`;
- another request by that key: 422, `idempotency_key_reused`;
- while the first is still being worked on: 409, `idempotency_running`.

The request is done and its answer is kept in one transaction, under a lock of the database that ends with it. So an
answer is kept if and only if the thing was done, also when the process is killed in between. What was refused did
nothing and is not kept: it may be mended and sent again by the same key, but it was a try for every limit that it met.
An operation whose answer is a secret is marked `@unkept`: for it the header means nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from sundry.base.access.actions import count_again, counting
from sundry.base.access.models import KeptAnswer
from sundry.kernel.errors import SundryError

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT = timedelta(hours=24)
V = TypeVar("V", bound=Callable[..., Any])

_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_HEADERS = ("Location",)  # what an answer says besides its body


class IdempotencyFault(SundryError):
    """`rule` is `idempotency_key_malformed`, `idempotency_key_reused` or `idempotency_running`."""


def unkept(view: V) -> V:
    """Mark an API operation that does what it does each time it is sent."""
    view.unkept = True  # type: ignore[attr-defined]
    return view


def once(
    request: HttpRequest, *, key: str, owner: str, now: datetime, view: Callable[[], HttpResponse]
) -> HttpResponse:
    """The answer of `view`, or the one it gave when `owner` sent `request` by `key` before. IdempotencyFault."""
    if not _KEY.fullmatch(key):
        raise IdempotencyFault("idempotency_key_malformed", field=HEADER)
    owner, asked = sha256(owner.encode()).hexdigest(), _hash(request)
    if (kept := _kept(owner, key, now)) is not None:
        return _replayed(kept, asked)
    refused = True
    try:
        with counting() as tries, transaction.atomic():
            if not _locked(owner, key):
                raise IdempotencyFault("idempotency_running", field=HEADER)
            if (kept := _kept(owner, key, now)) is not None:  # whoever had the lock until just now
                return _replayed(kept, asked)
            response = view()
            refused = response.status_code >= 400
            if refused:
                transaction.set_rollback(True)  # the savepoints of the actions have done it; nothing else may stay
            elif not response.streaming:
                _keep(owner, key, asked, now, response)
            return response
    finally:
        if refused:
            count_again(tries)  # else the header would be a way around every limit


def _locked(owner: str, key: str) -> bool:
    """Nobody else works on this key until the transaction ends."""
    number = int.from_bytes(sha256(f"{owner} {key}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])


def _kept(owner: str, key: str, now: datetime) -> KeptAnswer | None:
    return KeptAnswer.objects.filter(owner=owner, key=key, expires_at__gt=now).first()


def _keep(owner: str, key: str, asked: str, now: datetime, response: HttpResponse) -> None:
    KeptAnswer.objects.filter(owner=owner, key=key).delete()  # one that has run out
    KeptAnswer.objects.create(
        owner=owner,
        key=key,
        request=asked,
        status=response.status_code,
        content_type=response.headers.get("Content-Type", ""),
        headers={name: response.headers[name] for name in _HEADERS if name in response.headers},
        body=response.content,
        expires_at=now + KEPT,
    )


def _replayed(kept: KeptAnswer, asked: str) -> HttpResponse:
    if kept.request != asked:
        raise IdempotencyFault("idempotency_key_reused", field=HEADER)
    headers = kept.headers | {REPLAYED: "true"}
    return HttpResponse(bytes(kept.body), status=kept.status, content_type=kept.content_type, headers=headers)


def _hash(request: HttpRequest) -> str:
    """Of what is asked: address and body; of a form with files its fields and files, for the boundary varies."""
    digest = sha256(f"{request.method} {request.get_full_path()}\n".encode())
    for part in _parts(request):
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.hexdigest()


def _parts(request: HttpRequest) -> Iterator[bytes]:
    if request.content_type != "multipart/form-data":
        yield request.body
        return
    for name, values in sorted(request.POST.lists()):
        yield from (name.encode(), *(value.encode() for value in values))
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            yield from (name.encode(), (file.name or "").encode())
            yield from file.chunks()
            file.seek(0)
