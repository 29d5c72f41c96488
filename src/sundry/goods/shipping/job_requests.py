"""What the shipping pages have in common: the job of an address, uploads, and how what an action says is answered."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from sundry.base.access.guard import AccessRefused, about, actor_of, admit, guarded
from sundry.base.access.rules import Decision, Operation, Owner, decide
from sundry.goods.orders.queries import book_of_pasted
from sundry.goods.shipping.job_actions import JobGone
from sundry.goods.shipping.job_files import WriteBook
from sundry.goods.shipping.job_queries import job_by_key
from sundry.goods.shipping.job_rules import BOOK_BYTES_MAX, CHANGE, AlreadyDone, Job, NotNow
from sundry.kernel.errors import SundryError, UnusableInput
from sundry.kernel.identifiers import new_id
from sundry.kernel.messages import LANGUAGES

BODY_BYTES_MAX = BOOK_BYTES_MAX + 6_000_000  # the book, or pasted rows, and the other fields
SWALLOWED_BYTES_MAX = 100_000_000
"""So much of a body that is too large is read and thrown away, so that the browser comes to show the answer."""

HELD_KEYS = "ship_keys"  # the session's key: jobs of nobody's that were made in this browser
HELD_KEYS_MAX = 20
_SOMEBODYS = Owner(person=uuid.UUID(int=0))

View = Callable[..., HttpResponse]
P = ParamSpec("P")
R = TypeVar("R")


def page_language() -> str:
    """zh, en, ar, es, fr or ru."""
    language = (translation.get_language() or "en").partition("-")[0]
    return language if language in LANGUAGES else "en"


def job_of(request: HttpRequest, key: str, operation: Operation) -> Job:
    """The job of an address. AccessRefused: it is another's, or not there, or has expired; nobody can tell which."""
    job = job_by_key(key)
    if job is None or (job.expires_at is not None and job.expires_at <= timezone.now()):
        raise not_there(request, operation)
    about(request, "shipping_job", job.id)
    admit(request, operation, job.owner)
    return job


def not_there(request: HttpRequest, operation: Operation) -> AccessRefused:
    """What somebody gets who asks for another's job."""
    decision = decide(operation, actor_of(request), _SOMEBODYS)
    return AccessRefused(Decision.NOT_FOUND if decision is Decision.ALLOWED else decision, operation)


def may_change(request: HttpRequest, job: Job) -> bool:
    return decide(CHANGE, actor_of(request), job.owner) is Decision.ALLOWED


def looking_again(view: Callable[Concatenate[HttpRequest, P], R]) -> Callable[Concatenate[HttpRequest, P], R]:
    """A view of results: where their folder went while it looked, as a new plan took its place, it looks once more.

    NotNow: they are gone for good.
    """

    @wraps(view)
    def look(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> R:
        with suppress(FileNotFoundError):
            return view(request, *args, **kwargs)
        try:
            return view(request, *args, **kwargs)
        except FileNotFoundError as gone:
            raise NotNow("job_results_gone") from gone

    return cast(Callable[Concatenate[HttpRequest, P], R], look)


def of_results(view: Callable[Concatenate[HttpRequest, P], R]) -> Callable[Concatenate[HttpRequest, P], Any]:
    """A page of results; gone for good, it leads to the page of the job, where the book can be read again."""
    look = looking_again(view)

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> R | HttpResponse:
        try:
            return look(request, *args, **kwargs)
        except NotNow as gone:
            messages.error(request, gone.message(page_language()))
            return HttpResponseRedirect(reverse("ship_job", kwargs={"job": kwargs["job"]}))

    return cast(Callable[Concatenate[HttpRequest, P], Any], answer)


SEEN = "revision"  # the form's field: which book she was shown


def seen_in(request: HttpRequest) -> int | None:
    """The revision of the job that a form was made for; None where it does not say."""
    text = request.POST.get(SEEN, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def to(page: str, job: Job, query: str = "") -> HttpResponseRedirect:
    """Go to a page of the job."""
    return HttpResponseRedirect(reverse(page, kwargs={"job": job.key}) + query)


def changes(operation: Operation, page: str) -> Callable[[Callable[[HttpRequest, Job], HttpResponse | None]], View]:
    """A view that changes a job when it is posted to, and leads back to `page`, where a refusal is told."""

    def decorate(view: Callable[[HttpRequest, Job], HttpResponse | None]) -> View:
        @guarded(operation)
        @of_results
        @wraps(view)
        def answer(request: HttpRequest, job: str) -> HttpResponse:
            found = job_of(request, job, operation)
            if request.method != "POST":
                return to(page, found)
            return answered(request, found, lambda: view(request, found), operation) or to(page, found)

        return answer

    return decorate


def answered(
    request: HttpRequest, job: Job, act: Callable[[], HttpResponse | None], operation: Operation
) -> HttpResponse | None:
    """What `act` answers. A thing already done is done; a refusal is told on the page that comes next."""
    try:
        return act()
    except AlreadyDone:
        return None
    except JobGone as gone:
        raise not_there(request, operation) from gone
    except SundryError as refusal:
        messages.error(request, refusal.message(page_language()))
        return None


# A new job's id comes with the form, signed, so that a form that is sent twice makes one job.

_signer = Signer(salt="sundry.shipping.new")


def new_token() -> str:
    return _signer.sign(str(new_id()))


def id_of_token(token: str) -> uuid.UUID:
    """The id that the form brought; a new one where it brought none of ours."""
    try:
        return uuid.UUID(_signer.unsign(token))
    except (BadSignature, ValueError):
        return new_id()


def hold(request: HttpRequest, job: Job) -> None:
    """Remember a job of nobody's in this browser, for the list on the first page."""
    held = request.session.get(HELD_KEYS, [])
    if job.is_anonymous and held[:1] != [job.key]:
        request.session[HELD_KEYS] = [job.key, *(key for key in held if key != job.key)][:HELD_KEYS_MAX]


# Uploads.


def book_sent(book: Any, pasted: str) -> tuple[str, WriteBook]:
    """(name, how it is written) of the book that a form brought. UnusableInput: it brought nothing."""
    if isinstance(book, UploadedFile):
        return book.name or "", lambda path: _write(book, path)
    if pasted.strip():
        return f"{gettext('Pasted rows')}.xlsx", lambda path: _write_pasted(pasted, path)
    raise UnusableInput("upload_missing")


def _write(book: UploadedFile[Any], path: Path) -> None:
    if (book.size or 0) > BOOK_BYTES_MAX:
        raise UnusableInput("upload_too_large", megabytes=BOOK_BYTES_MAX // 1_000_000)
    with path.open("wb") as file:
        for chunk in book.chunks():
            file.write(chunk)


def _write_pasted(pasted: str, path: Path) -> None:
    book_of_pasted(pasted, path)


def with_limited_body(too_large: View) -> Callable[[View], View]:
    """A view that takes an upload. `too_large` answers instead, before anything of a body that is too large is kept.

    Who sends a file must be stopped before Django reads the form, and Django reads it to look for the token against
    forged requests; therefore that check is made here, after the length.
    """

    def decorate(view: View) -> View:
        checked = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if _length(request) > BODY_BYTES_MAX:
                _swallow(request)
                return too_large(request, *args, **kwargs)
            try:
                return checked(request, *args, **kwargs)
            except RequestDataTooBig:
                return too_large(request, *args, **kwargs)

        limited.limits_body = True  # type: ignore[attr-defined]  # the middleware leaves it to us
        return limited

    return decorate


def _length(request: HttpRequest) -> int:
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(length) if length.isascii() and length.isdigit() else BODY_BYTES_MAX + 1


def _swallow(request: HttpRequest) -> None:
    left = min(_length(request), SWALLOWED_BYTES_MAX)
    while left > 0 and (chunk := request.read(min(left, 1_000_000))):
        left -= len(chunk)
