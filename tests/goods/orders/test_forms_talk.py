"""Words, photos and phrases, as they are sent."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from sundry.goods.orders.enquiry_rules import ATTACHMENT_BYTES_MAX, ATTACHMENTS_MAX
from sundry.goods.orders.forms_talk import BLANKS, PhraseForm, SayForm
from sundry.goods.orders.phrases import PHRASES, Blank

KEY = str(uuid.UUID(int=9))


def say(text: str, *files: Any) -> SayForm:
    return SayForm({"key": KEY, "text": text}, files=MultiValueDict({"papers": list(files)}))


def test_words_or_a_photo_but_not_nothing() -> None:
    photo = SimpleUploadedFile("a.jpg", b"x")
    assert say("how much?").is_valid()
    assert say("", photo).is_valid()
    assert not say("  ").is_valid()


def test_files_that_are_too_many_or_too_large_are_told() -> None:
    assert not say("", *(SimpleUploadedFile(f"{n}.jpg", b"x") for n in range(ATTACHMENTS_MAX + 1))).is_valid()
    large = SimpleUploadedFile("a.pdf", b"x")
    large.size = ATTACHMENT_BYTES_MAX + 1
    form = say("", large)
    assert "larger than 10 MB" in str(form.errors["papers"])
    large.size = ATTACHMENT_BYTES_MAX
    assert say("", large).is_valid()


def test_every_blank_of_a_phrase_has_a_field_that_must_be_filled() -> None:
    assert set(BLANKS) == set(Blank)
    for phrase in PHRASES.values():
        form = PhraseForm({"key": KEY}, phrase=phrase)
        assert set(form.errors) == {blank.value for blank in phrase.blanks}, phrase.key


@pytest.mark.parametrize("key", ["busy_until", "packing"])
def test_what_fills_a_phrase_is_given_by_its_blanks(key: str) -> None:
    phrase = PHRASES[key]
    given = {blank.value: "12" for blank in phrase.blanks}
    form = PhraseForm({"key": KEY, "colour": "red", **given}, phrase=phrase)
    assert form.is_valid()
    assert form.values == given
