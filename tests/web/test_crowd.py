"""Who takes too much waits, for as long as it takes, and nobody else does."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from sundry.web import crowd
from sundry.web.crowd import PAGES, Buckets, Pace, Turns


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_sixty_at_once_and_ten_a_second() -> None:
    clock = Clock()
    buckets = Buckets(PAGES, clock=clock)
    assert [buckets.wait_seconds("a") for _ in range(61)] == [0] * 60 + [1]
    clock.now += 1
    assert [buckets.wait_seconds("a") for _ in range(11)] == [0] * 10 + [1]


def test_a_hundred_a_second_are_answered_ten_a_second_and_others_do_not_notice() -> None:
    clock = Clock()
    buckets = Buckets(PAGES, clock=clock)
    answered = 0
    for step in range(1_000):
        answered += buckets.wait_seconds("copier") == 0
        if step % 50 == 0:
            assert buckets.wait_seconds("buyer") == 0
        clock.now += 0.01
    assert 158 <= answered <= 161  # the full bucket, and ten in each of ten seconds


def test_a_refusal_takes_no_turn() -> None:
    clock = Clock()
    buckets = Buckets(Pace(at_once=1, a_second=1), clock=clock)
    assert [buckets.wait_seconds("a") for _ in range(5)] == [0, 1, 1, 1, 1]
    clock.now += 1
    assert buckets.wait_seconds("a") == 0


def test_never_more_than_a_full_bucket() -> None:
    clock = Clock()
    buckets = Buckets(Pace(at_once=2, a_second=10), clock=clock)
    buckets.wait_seconds("a")
    clock.now += 3_600
    assert [buckets.wait_seconds("a") for _ in range(3)] == [0, 0, 1]


def test_the_table_stays_small() -> None:
    buckets = Buckets(PAGES, clock=Clock(), most=3)
    for address in "abcd":
        buckets.wait_seconds(address)
    assert len(buckets) == 3


@pytest.mark.parametrize(
    ("path", "buckets"),
    [
        ("/", "pages"),
        ("/search/", "pages"),
        ("/goods/7/", "pages"),
        ("/s/a-stall/", "pages"),
        ("/sitemap.xml", "lists"),
        ("/sitemap-goods-0.xml", "lists"),
        ("/photos/ab-480.webp", "pictures"),
        ("/robots.txt", None),
        ("/static/sundry/sundry.css", None),
        ("/api/catalogue/goods", None),
        ("/ship/", None),
        ("/health", None),
    ],
)
def test_what_is_counted(path: str, buckets: str | None) -> None:
    assert crowd._buckets(path) is (buckets and getattr(crowd, buckets))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Buckets:
    made = Buckets(Pace(at_once=2, a_second=1), clock=Clock())
    monkeypatch.setattr(crowd, "pages", made)
    return made


def answers(times: int, **more: Any) -> list[HttpResponse]:
    ask = Turns(lambda _request: HttpResponse("there"))
    return [ask(RequestFactory().get("/goods/7/", **more)) for _ in range(times)]


def test_who_is_refused_is_told_when_to_come_again(small: Buckets) -> None:
    assert [answer.status_code for answer in answers(3)] == [200, 200, 429]
    refused = answers(1)[0]
    assert refused.headers["Retry-After"] == "1"
    assert "Try again in 1" in refused.content.decode()
    assert [answer.status_code for answer in answers(1, REMOTE_ADDR="203.0.113.9")] == [200]


def test_a_house_has_one_bucket_by_its_network(small: Buckets) -> None:
    answers(2, REMOTE_ADDR="2001:db8:1:2::1")
    assert answers(1, REMOTE_ADDR="2001:db8:1:2::ffff")[0].status_code == 429
    assert answers(1, REMOTE_ADDR="2001:db8:1:3::1")[0].status_code == 200
