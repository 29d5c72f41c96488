"""What is sent twice is done once, also when both come at the same moment."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import RequestFactory

from sundry.base.access.actions import TooMany, forget, take
from sundry.base.access.idempotency import KEPT, REPLAYED, IdempotencyFault, once
from sundry.base.access.models import Counter, KeptAnswer

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def post(body: object = None, path: str = "/api/orders") -> HttpRequest:
    return RequestFactory().post(path, json.dumps(body), content_type="application/json")


def order(status: int = 201) -> Callable[[], HttpResponse]:
    """A view that leaves a trace in the database each time it is done."""

    def do() -> HttpResponse:
        number = Counter.objects.count() + 1
        Counter.objects.create(key=str(number), count=1, ends_at=NOW)
        return JsonResponse({"order": number}, status=status, headers={"Location": f"/orders/{number}"})

    return do


def send(
    request: HttpRequest | None = None, *, key: str = "k1", owner: str = "li", now: datetime = NOW, status: int = 201
) -> HttpResponse:
    return once(request or post({"a": 1}), key=key, owner=owner, now=now, view=order(status))


@pytest.mark.django_db
def test_the_same_request_again_gets_the_answer_that_was_given() -> None:
    first = send()
    again = send()
    assert (again.status_code, again.content, again.headers["Location"]) == (201, first.content, "/orders/1")
    assert REPLAYED not in first.headers
    assert again.headers[REPLAYED] == "true"
    assert Counter.objects.count() == 1


@pytest.mark.django_db
def test_another_request_by_that_key_is_refused() -> None:
    send()
    for other in (post({"a": 2}), post({"a": 1}, "/api/other"), post({"a": 1}, "/api/orders?b=1")):
        with pytest.raises(IdempotencyFault) as refused:
            send(other)
        assert refused.value.rule == "idempotency_key_reused"
    assert Counter.objects.count() == 1


@pytest.mark.django_db
def test_another_key_or_somebody_else_is_another_request() -> None:
    send()
    send(key="k2")
    send(owner="wang")
    assert Counter.objects.count() == 3


@pytest.mark.django_db
def test_what_was_refused_did_nothing_and_may_be_sent_again() -> None:
    assert send(status=409).status_code == 409
    assert not Counter.objects.exists()
    assert send(post({"a": "mended"})).status_code == 201
    assert Counter.objects.count() == 1


@pytest.mark.django_db
def test_what_was_refused_or_broke_was_a_try_all_the_same() -> None:
    def limited(answer: Callable[[], HttpResponse]) -> HttpResponse:
        def view() -> HttpResponse:
            take("orders of li", 2, 60, NOW)
            return answer()

        return once(post(), key="k1", owner="li", now=NOW, view=view)

    assert limited(order(409)).status_code == 409
    with pytest.raises(ZeroDivisionError):
        limited(lambda: HttpResponse(1 // 0))
    for _ in range(2):
        with pytest.raises(TooMany):
            limited(order())
    assert Counter.objects.count() == 1, "the try is counted, nothing else is left"


@pytest.mark.django_db
def test_a_view_that_breaks_leaves_no_trace() -> None:
    def broken() -> HttpResponse:
        order()()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        once(post(), key="k1", owner="li", now=NOW, view=broken)
    assert not Counter.objects.exists()
    assert not KeptAnswer.objects.exists()


@pytest.mark.django_db
def test_after_a_day_the_key_is_free_again() -> None:
    send()
    assert REPLAYED in send(now=NOW + KEPT - timedelta(seconds=1)).headers
    assert REPLAYED not in send(now=NOW + KEPT).headers
    assert Counter.objects.count() == 2
    forget(NOW + 2 * KEPT)
    assert not KeptAnswer.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "with space", "schlüssel", "a" * 201, "a\x7f"])
def test_a_key_of_another_form_is_refused(key: str) -> None:
    with pytest.raises(IdempotencyFault) as refused:
        send(key=key)
    assert refused.value.rule == "idempotency_key_malformed"


@pytest.mark.django_db
def test_a_form_with_a_file_is_the_same_by_what_it_holds() -> None:
    """A client makes a new boundary for each try; the files and fields count."""

    def form(content: bytes, name: str = "book.xlsx") -> HttpRequest:
        request = RequestFactory().post("/api/jobs", {"note": "x", "book": SimpleUploadedFile(name, content)})
        request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
        return request

    first = form(b"a" * 100_000)
    send(first)
    assert first.FILES["book"].read(3) == b"aaa", "the view still reads the file from its beginning"
    assert REPLAYED in send(form(b"a" * 100_000)).headers
    for other in (form(b"b" * 100_000), form(b"a" * 100_000, "other.xlsx")):
        with pytest.raises(IdempotencyFault):
            send(other)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_it_once() -> None:
    began, go_on = threading.Event(), threading.Event()

    def slow() -> HttpResponse:
        began.set()
        assert go_on.wait(10)
        return order()()

    def first() -> HttpResponse:
        try:
            return once(post(), key="k1", owner="li", now=NOW, view=slow)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(first)
        assert began.wait(10)
        with pytest.raises(IdempotencyFault) as refused:
            send(post())
        assert refused.value.rule == "idempotency_running"
        go_on.set()
        answer = running.result()
    assert send(post()).content == answer.content
    assert Counter.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_forty_at_once_do_it_once() -> None:
    def attempt(_number: int) -> str:
        try:
            return send(post()).headers.get(REPLAYED, "done")
        except IdempotencyFault as fault:
            return fault.rule
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(attempt, range(40)))
    assert answers.count("done") == 1
    assert set(answers) <= {"done", "true", "idempotency_running"}
    assert Counter.objects.count() == 1
