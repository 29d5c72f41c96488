"""A sentence's places on the page, and what the next one may inherit."""

from __future__ import annotations

from sundry.engines.reading.context import Context, Line, Named
from sundry.engines.reading.model import Period, Region, Type

EXPORTS, TOYS = Named("出口额", None, (3, 5)), Named("玩具出口", None, (20, 24))


def test_places_of_a_line_over_two_columns_are_two_spans() -> None:
    line = Line("出口12亿元", (*range(10, 14), *range(40, 43)), seams=((4, 0.9),))
    assert line.spans(0, 7) == ((10, 14), (40, 43))
    assert line.spans(0, 4) == ((10, 14),)


def test_a_seam_counts_only_within() -> None:
    line = Line("出口12亿元", tuple(range(7)), seams=((4, 0.9), (6, 0.5)))
    assert line.certainty(0, 5) == 0.9
    assert line.certainty(0, 4) == 1.0
    assert line.certainty(0, 7) == 0.45


def test_sentences_end_with_their_closing_quotation_mark() -> None:
    line = Line("他说：“增长了。”出口也好。尾", tuple(range(14)))
    assert [line.text[a:b] for a, b in line.sentences()] == ["他说：“增长了。”", "出口也好。", "尾"]


def test_the_part_goes_with_its_sentence_and_the_whole_comes_back() -> None:
    context = Context().with_name(EXPORTS).parted().with_name(TOYS)
    assert context.named == TOYS
    after = context.next_sentence()
    assert after.named == EXPORTS
    assert after.whole is None


def test_the_period_goes_on_and_the_region_does_not() -> None:
    context = Context(region=Region("350000", "福建省"), last=Type.GROWTH).with_period(Period("2031-Q1"), (0, 4))
    after = context.next_sentence()
    assert (after.period, after.period_age) == (Period("2031-Q1"), 1)
    assert after.region is None
    assert after.last is None
    assert after.next_paragraph().period_age == 2
    assert after.next_paragraph().named is None


def test_what_is_now_is_said_for_one_sentence() -> None:
    context = Context().with_period(Period("2031-Q1"), (0, 4)).next_sentence()
    now = context.for_now(Period("asof 2031-05"), (9, 11))
    assert (now.period, now.period_age) == (Period("asof 2031-05"), 0)
    assert now.next_sentence().period == Period("2031-Q1")
    assert now.for_now(Period("asof 2031-05"), (12, 14)).next_sentence().period == Period("2031-Q1")


def test_a_period_that_is_printed_ends_what_was_now() -> None:
    context = Context().for_now(Period("asof 2031-05"), (0, 2)).with_period(Period("2030"), (5, 9))
    assert context.next_sentence().period == Period("2030")


def test_a_part_that_begins_a_sentence_is_of_the_place_before_it() -> None:
    region = Region("350999", "青禾市")
    context = Context(region=region, region_span=(0, 2)).next_sentence()
    assert context.region is None
    assert context.parted().region == region
    assert context.next_sentence().parted().region is None
    assert context.next_paragraph().parted().region is None
