from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from sundry.goods.catalogue import queries_stalls
from sundry.goods.catalogue.rules import PHOTO_BYTES_MAX, MixedBatch

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder(bazaar: Any) -> Any:
    return bazaar.holder()


@pytest.fixture
def stall(holder: Any, enter: Any) -> Client:
    made: Client = enter(holder)
    return made


def described(bazaar: Any, holder: Any, **more: Any) -> dict[str, Any]:
    return {"version": bazaar.stall(holder).version, "language": "zh", "is_open": "on", "names_zh": "日用"} | more


# What it says of itself -----------------------------------------------------------------------------------------------


def test_a_stall_describes_itself(bazaar: Any, holder: Any, stall: Client) -> None:
    given = described(
        bazaar, holder, names_ar="متجر", about_zh="一\n\n\n二", mixed_amount="2000", mixed_pieces="1,200", language="en"
    )
    answer = stall.post("/my/stall/", given)
    view = bazaar.stall(holder)
    assert answer.headers["Location"] == f"/my/stall/?stall={view.card.number}"
    assert view.card.names == {"zh": "日用", "ar": "متجر"}
    assert view.about == {"zh": "一\n\n二"}
    assert view.mixed_batch == MixedBatch(200_000, 1_200)
    assert (view.language, view.is_open) == ("en", True)
    del given["is_open"]
    assert stall.post("/my/stall/", given | {"version": view.version}).status_code == 302
    assert not bazaar.stall(holder).is_open


@pytest.mark.parametrize(
    ("wrong", "target"),
    [
        ({"mixed_pieces": "0"}, "id_mixed_pieces"),
        ({"names_fr": "x" * 300}, "id_names_fr"),
        ({"mixed_amount": "?"}, "id_mixed_amount"),
    ],
)
def test_a_mistake_leads_to_its_field_and_nothing_is_lost(
    bazaar: Any, holder: Any, stall: Client, assert_accessible: Any, wrong: dict[str, str], target: str
) -> None:
    answer = stall.post("/my/stall/", described(bazaar, holder, about_es="Vasos") | wrong)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert_accessible(page)
    assert f'href="#{target}"' in page
    assert "Vasos" in page
    assert bazaar.stall(holder).about == {}


def test_who_was_faster_is_told(bazaar: Any, holder: Any, stall: Client) -> None:
    slow = described(bazaar, holder, names_zh="慢")
    assert stall.post("/my/stall/", described(bazaar, holder, names_zh="快")).status_code == 302
    answer = stall.post("/my/stall/", slow)
    assert answer.status_code == 422
    assert "was changed after you opened it" in answer.content.decode()
    assert "慢" in answer.content.decode()
    assert bazaar.stall(holder).card.names == {"zh": "快"}


# Papers ---------------------------------------------------------------------------------------------------------------


def paper(**more: Any) -> dict[str, Any]:
    file = SimpleUploadedFile("letter.pdf", b"%PDF-1.7 a letter", "application/pdf")
    return {"brand": "Acme", "file": file, "valid_from": str(timezone.localdate())} | more


def test_a_paper_is_handed_in_seen_and_taken_along(bazaar: Any, holder: Any, stall: Client) -> None:
    until = timezone.localdate() + timedelta(days=365)
    assert stall.post("/my/papers/submit", paper(valid_until=str(until))).status_code == 302
    (made,) = queries_stalls.papers(bazaar.stall_of(holder))
    page = stall.get("/my/papers/").content.decode()
    assert "Acme" in page
    assert "Waits for the market" in page
    file = stall.get(f"/my/papers/{made.id}/file")
    assert b"".join(file.streaming_content).startswith(b"%PDF-1.7")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in file.headers["Content-Security-Policy"]
    twice = stall.post("/my/papers/submit", paper(valid_until=str(until)))
    assert twice.status_code == 422
    assert len(queries_stalls.papers(bazaar.stall_of(holder))) == 1


def test_a_photo_of_a_paper_will_do(bazaar: Any, holder: Any, stall: Client) -> None:
    out = BytesIO()
    Image.new("RGB", (64, 48)).save(out, "PNG")
    assert stall.post("/my/papers/submit", paper(file=SimpleUploadedFile("a.png", out.getvalue()))).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"brand": " "},
        {"valid_until": "2001-01-01"},
        {"valid_from": "soon"},
        {"file": ""},
        {"file": SimpleUploadedFile("a.html", b"<html>")},
        {"file": SimpleUploadedFile("a.pdf", b"%PDF-" + b"0" * PHOTO_BYTES_MAX)},
    ],
    ids=["brand", "ended", "day", "nothing", "page", "large"],
)
def test_what_is_no_paper_is_told(
    bazaar: Any, holder: Any, stall: Client, assert_accessible: Any, wrong: dict[str, Any]
) -> None:
    answer = stall.post("/my/papers/submit", paper(**wrong))
    assert answer.status_code == 422
    assert_accessible(answer.content)
    assert "error-summary" in answer.content.decode()
    assert not queries_stalls.papers(bazaar.stall_of(holder))
