"""What the pages have in common: tokens of new jobs, uploads, bodies that are too large, what is held in a browser."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from sundry.base.access.guard import AccessRefused
from sundry.base.access.rules import Actor, Decision
from sundry.goods.shipping import job_requests
from sundry.goods.shipping.job_rules import READ_JOB, Job
from sundry.kernel.errors import UnusableInput

MakeJob = Callable[..., Job]


def test_a_token_is_the_id_of_one_new_job() -> None:
    token = job_requests.new_token()
    assert job_requests.id_of_token(token) == job_requests.id_of_token(token)
    assert str(job_requests.id_of_token(token)) == token.partition(":")[0]
    assert job_requests.new_token() != token


@pytest.mark.parametrize("forged", ["", "x", str(UUID(int=7)), f"{UUID(int=7)}:x"])
def test_a_forged_token_chooses_no_id(forged: str) -> None:
    assert job_requests.id_of_token(forged) != job_requests.id_of_token(forged)


def test_a_book_is_a_file_or_rows_or_nothing(tmp_path: Path) -> None:
    name, write = job_requests.book_sent(SimpleUploadedFile("a.csv", b"x,y"), "a\tb")
    write(tmp_path / "a")
    assert (name, (tmp_path / "a").read_bytes()) == ("a.csv", b"x,y")
    name, write = job_requests.book_sent(None, "a\tb\n")
    write(tmp_path / "b")
    assert (name, (tmp_path / "b").read_bytes()[:2]) == ("Pasted rows.xlsx", b"PK")
    with pytest.raises(UnusableInput):
        job_requests.book_sent(None, " \n")


def test_a_file_that_is_too_large_is_not_written(tmp_path: Path) -> None:
    _, write = job_requests.book_sent(SimpleUploadedFile("a.csv", b"x" * 20_000_001), "")
    with pytest.raises(UnusableInput):
        write(tmp_path / "a")
    assert not (tmp_path / "a").exists()


def _view(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"taken {len(request.POST)}")


def _refusal(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("too large", status=413)


def test_a_body_is_looked_at_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_requests, "BODY_BYTES_MAX", 100)
    view = job_requests.with_limited_body(_refusal)(_view)
    make = RequestFactory(enforce_csrf_checks=False)
    for size, status in ((100, 200), (101, 413)):
        request = make.generic("POST", "/", b"x" * size, content_type="text/plain")
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        assert view(request).status_code == status
    unknown = make.generic("POST", "/", b"x", CONTENT_LENGTH="many")
    assert view(unknown).status_code == 413
    assert view.limits_body  # type: ignore[attr-defined]


def test_a_forged_form_is_refused_all_the_same() -> None:
    view = job_requests.with_limited_body(_refusal)(_view)
    request = RequestFactory().post("/", {"a": "b"})
    assert view(request).status_code == 403


def test_of_an_endless_body_only_so_much_is_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_requests, "SWALLOWED_BYTES_MAX", 2_000_000)
    body = BytesIO(b"x" * 5_000_000)
    request = RequestFactory().generic("POST", "/", **{"wsgi.input": body, "CONTENT_LENGTH": str(10**12)})
    job_requests._swallow(request)
    assert body.tell() <= 3_000_000


def test_the_language_is_one_that_messages_have() -> None:
    for code, language in (("zh-hans", "zh"), ("en-gb", "en"), ("ar", "ar"), ("de", "en")):
        with translation.override(code):
            assert job_requests.page_language() == language


@pytest.mark.django_db
def test_nobody_learns_whether_a_job_exists(make_job: MakeJob, desk: Callable[..., Any]) -> None:
    job = make_job(owner=desk("agent").owner)
    for who, decision in (
        (desk("agent").actor, Decision.NOT_FOUND),
        (desk().actor, Decision.SIGN_IN),
        (Actor(), Decision.SIGN_IN),
    ):
        request = RequestFactory().get("/")
        request.actor = who  # type: ignore[attr-defined]
        for key in (job.key, "x" * 32):
            with pytest.raises(AccessRefused) as refused:
                job_requests.job_of(request, key, READ_JOB)
            assert refused.value.decision is decision


@pytest.mark.django_db
def test_a_browser_holds_the_last_jobs_of_nobodys(
    make_job: MakeJob, monkeypatch: pytest.MonkeyPatch, desk: Any
) -> None:
    monkeypatch.setattr(job_requests, "HELD_KEYS_MAX", 2)
    request = RequestFactory().get("/")
    request.session = Client().session  # type: ignore[attr-defined]
    jobs = [make_job() for _ in range(3)]
    for job in [*jobs, jobs[1], make_job(owner=desk("agent").owner)]:
        job_requests.hold(request, job)
    assert request.session[job_requests.HELD_KEYS] == [jobs[1].key, jobs[2].key]
