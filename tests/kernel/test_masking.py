"""What a log may keep of a person and of a link that opens something."""

from __future__ import annotations

import secrets
import string
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.kernel.identifiers import new_id
from sundry.kernel.masking import mask


def test_the_case_of_the_file() -> None:
    wrote = "li.na@example.com wrote from +86 138 0013 8000 about /ship/Xq3vT8LmZr0aW5yKcB7dNg?code=481516"
    assert mask(wrote) == "l...@example.com wrote from +86 ...00 about /ship/Xq3v...?code=..."


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<a@b.example>", "<a...@b.example>"),
        ("13800138042", "...42"),
        ("138-0013-8042, 138 0013 8043", "...42, ...43"),
        ("0579-85550042 and 010-6555 1242", "...42 and ...42"),
        ("0086-579-8555-0042", "+...42"),
        ("+33 (0)6 12 34 56 78", "+...78"),
        ("tel:+971501234567", "tel:+...67"),
        ("/s/018f6b2e-1c3d-4abc-8def-0123456789ab/", "/s/018f.../"),
        ("GET /jobs/0123456789abcdef0123/files?x=1", "GET /jobs/0123.../files?x=1"),
        ("?next=/x&token=abc&y=1", "?next=/x&token=...&y=1"),
        ("postgresql://me:p@ss@db/market", "postgresql://me:...@db/market"),
        ("Authorization: Bearer abcdefgh.ijk", "Authorization: Bearer ..."),
        ("Cookie: sessionid=abc; csrftoken=zz", "Cookie: sessionid=...; csrftoken=..."),
        ("{'password': 'xyz', \"api_key\":\"k\"}", "{'password': '...', \"api_key\":\"...\"}"),
        ("Your code: 481516", "Your code: ..."),
    ],
)
def test_what_is_covered(text: str, left: str) -> None:
    assert mask(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-11 12:00:01.123 18 files of 12345678901 bytes, 1700000000000 ns",
        "USD 13,800,138.00 for HS 39241000 in CSQU3054383",
        "/jobs/018f6b2e-1c3d-7abc-8def-0123456789ab/checked.xlsx",
        "/static/loading_view.3fa2b1c9d0e1.js /static/main.e3b0c44298fc1c149afb.css",
        "127.0.0.1:8000 [::1]:8000 10.13.14.15",
        "exit code 0, status code: 200, country code=CN, key error",
        "Job outbox.deliver[3](message='018f6b2e-1c3d-7abc-8def-0123456789ab') ended with status: Success",
        "/goods/orders/a-name-of-words-only/",
    ],
)
def test_what_is_left_as_it_is(text: str) -> None:
    assert mask(text) == text


def test_our_own_ids_open_nothing_and_stay() -> None:
    assert str(identifier := new_id()) in mask(f"/jobs/{identifier}/")
    assert str(other := uuid.uuid4()) not in mask(f"/jobs/{other}/")


@given(st.text(st.sampled_from(string.ascii_letters + string.digits + " -+.@:/=?&;'\"(){}"), max_size=60))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(st.integers(0, 2**32))
def test_no_random_link_is_left_open(seed: int) -> None:
    token = secrets.token_urlsafe(16)
    assert token not in mask(f"GET /ship/{token}/page?x={token}")


def test_a_long_line_takes_no_time() -> None:
    """Patterns that look back and forth may take for ever on what almost fits."""
    for piece in ("a-", "1 ", "+1", "/aA1", "a@", "://a:"):
        assert isinstance(mask(piece * 20_000), str)
