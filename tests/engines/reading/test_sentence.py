"""Clauses, brackets and quotation marks of one sentence, and where a quote begins."""

from __future__ import annotations

from reading.saying import sentence_of

from sundry.engines.reading.model import Kind, Type
from sundry.engines.reading.sentence import Draft


def test_the_masks_are_as_long_as_the_text() -> None:
    text = "一季度，全省（6.1%）快于全市。"
    sentence = sentence_of(text)
    assert len(text) == len(sentence.masked) == len(sentence.spoken) == len(sentence.nouns)
    assert "6.1" not in sentence.masked
    assert sentence.spoken.startswith("｜｜｜，全省")
    assert sentence.nouns.startswith("｜｜｜，｜｜")


def test_a_comma_in_a_bracket_ends_no_clause() -> None:
    text = "出口12亿元，比全省（5%，含金融业）高2个百分点"
    sentence = sentence_of(text)
    assert sentence._clause(text.index("高2")) == text.index("比全省")


def test_a_short_quotation_is_a_slogan() -> None:
    text = "落实“三八计划”，改造“一老一小”设施30处，他说：“今年卖了30件，比去年好得多，真没想到。”"
    sentence = sentence_of(text)
    quoted = [one for one in sentence.tokens if one.kind is Kind.QUANTITY and sentence._is_quoted(one)]
    assert not [one for one in quoted if one.unit == "处"]


def test_a_quote_begins_near_its_number() -> None:
    text = "为让老街的手艺人都能在家门口安安心心地做活带徒弟，街道在老粮站旧址新开陶艺工坊12间"
    (draft,) = sentence_of(text).drafts
    assert text[draft.start : draft.end].endswith("陶艺工坊12间")
    assert draft.end - draft.start <= 30


def test_the_name_of_a_draft_has_its_suffix() -> None:
    assert Draft(0, 1, "gap", Type.GAP, None, "百分点", suffix="增速").name == "增速"
