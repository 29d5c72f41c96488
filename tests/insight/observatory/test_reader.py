"""Pieces are the text again; articles are put together as they are read; a name stands once on the page."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.reading.model import Span
from sundry.insight.observatory.reader import Mark, Piece, Sheet, marked, sheet
from sundry.insight.observatory.rules import ArticleView

TEXT = "出口高于全省（7.6%）1.8个百分点"


def joined(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def article(*body: Span, **more: object) -> ArticleView:
    given_: dict[str, object] = {
        "headline": None,
        "body": body,
        "kickers": (),
        "subheads": (),
        "bylines": (),
        "jumps": (),
        "uncertain": (),
        "role": "body",
    }
    return ArticleView(**given_ | more)  # type: ignore[arg-type]


def paragraphs(shown: Sheet, number: int = 0) -> list[tuple[str, str]]:
    return [(block.role, "".join(joined(run.pieces) for run in block.runs)) for block in shown.stories[number].blocks]


def test_a_span_inside_another_is_of_both_and_is_the_narrowest() -> None:
    found = marked(TEXT, [Mark(4, 12, "growth"), Mark(2, 19, "gap")])
    assert [(piece.text, [mark.key for mark in piece.marks]) for piece in found] == [
        ("出口", []),
        ("高于", ["gap"]),
        ("全省（7.6%）", ["gap", "growth"]),
        ("1.8个百分点", ["gap"]),
    ]
    assert [piece.statement.key if piece.statement else "" for piece in found][:3] == ["", "gap", "growth"]


def test_spans_that_cross_share_what_both_cover() -> None:
    found = marked("一二三四五", [Mark(0, 3, "a"), Mark(2, 5, "b")])
    assert [(piece.text, [mark.key for mark in piece.marks]) for piece in found] == [
        ("一二", ["a"]),
        ("三", ["a", "b"]),
        ("四五", ["b"]),
    ]


def test_two_statements_of_the_same_words_are_both_there() -> None:
    (piece,) = marked("第一", [Mark(0, 2, "total"), Mark(0, 2, "growth")])
    assert {mark.key for mark in piece.marks} == {"total", "growth"}


def test_a_sentence_begins_somewhere_on_the_page() -> None:
    found = marked(TEXT[2:8], [Mark(0, 4, "a"), Mark(6, 30, "b")], offset=2)
    assert [(piece.start, piece.end, piece.text) for piece in found] == [
        (2, 4, TEXT[2:4]),
        (4, 6, TEXT[4:6]),
        (6, 8, TEXT[6:8]),
    ]


def test_nothing_has_no_pieces() -> None:
    assert marked("", [Mark(0, 1, "a")]) == ()
    assert marked("一", [Mark(5, 9, "a"), Mark(1, 1, "b")]) == (Piece(0, 1, "一"),)


SPANS = st.lists(st.tuples(st.integers(-5, 40), st.integers(-5, 40)), max_size=12)


@given(text=st.text(max_size=40), spans=SPANS, offset=st.integers(0, 10))
def test_joined_pieces_are_the_text_and_each_knows_all_that_covers_it(
    text: str, spans: list[Span], offset: int
) -> None:
    marks = [Mark(start, end, str(number)) for number, (start, end) in enumerate(spans)]
    found = marked(text, marks, offset=offset)
    assert joined(found) == text
    assert all(before.end == after.start for before, after in pairwise(found))
    for piece in found:
        assert piece.text == text[piece.start - offset : piece.end - offset] != ""
        covering = {mark.key for mark in marks if mark.start <= piece.start and piece.end <= mark.end}
        assert {mark.key for mark in piece.marks} == covering
        widths = [mark.end - mark.start for mark in piece.marks]
        assert widths == sorted(widths, reverse=True)


@given(text=st.text(alphabet="一。\n ，", max_size=60), spans=SPANS, data=st.data())
def test_no_character_of_a_body_is_lost_or_told_twice(text: str, spans: list[Span], data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    body = [span for span in pairwise(cuts) if span[0] < span[1]]
    uncertain = tuple(data.draw(st.sets(st.sampled_from(body)))) if body else ()
    marks = [Mark(start, end, str(number)) for number, (start, end) in enumerate(spans)]
    shown = sheet(text, [article(*body, uncertain=uncertain)], marks)
    assert joined(shown.printed) == text
    told = "".join(words for _, words in paragraphs(shown))
    lines = [line.strip() for span in body for line in text[slice(*span)].split("\n")]
    assert told == "".join(lines)


def test_what_runs_on_from_a_column_into_the_next_is_one_paragraph() -> None:
    text = "先说一半\n别的文章。\n再说一半。\n新的一段。"
    shown = sheet(text, [article((0, 4), (11, 16), (17, 22))], [])
    assert paragraphs(shown) == [("body", "先说一半再说一半。"), ("body", "新的一段。")]


def test_an_uncertain_join_begins_a_paragraph_and_is_marked() -> None:
    text = "先说一半\n再说一半。"
    shown = sheet(text, [article((0, 4), (5, 10), uncertain=((5, 10),))], [])
    runs = [(joined(run.pieces), run.is_uncertain) for block in shown.stories[0].blocks for run in block.runs]
    assert runs == [("先说一半", False), ("再说一半。", True)]
    assert len(shown.stories[0].blocks) == 2


def test_the_parts_of_an_article_stand_where_they_are_read() -> None:
    text = "眉\n题\n记者\n甲。\n小题\n乙。\n转二版\n余"
    shown = sheet(
        text,
        [
            article(
                (7, 9),
                (13, 15),
                kickers=((0, 1),),
                headline=(2, 3),
                bylines=((4, 6),),
                subheads=((10, 12), (20, 21)),
                jumps=((16, 19),),
            )
        ],
        [],
    )
    (story,) = shown.stories
    assert (story.number, joined(story.headline), [block.role for block in story.above]) == (1, "题", ["kicker"])
    assert paragraphs(shown) == [
        ("byline", "记者"),
        ("body", "甲。"),
        ("subhead", "小题"),
        ("body", "乙。"),
        ("subhead", "余"),
        ("jump", "转二版"),
    ]


def test_boxes_and_adverts_are_folded() -> None:
    shown = sheet("导读广告正文", [article((0, 2), role="index"), article((2, 4), role="advert"), article((4, 6))], [])
    assert [story.is_folded for story in shown.stories] == [True, True, False]


def test_a_name_and_the_tab_key_are_given_once() -> None:
    marks = [Mark(0, 4, "a", anchor="s-a"), Mark(1, 2, "b", anchor="s-b"), Mark(4, 5, "c", anchor="s-c")]
    for printed_first in (False, True):
        shown = sheet("一二三四五", [article((0, 4))], marks, printed_first=printed_first)
        told = [piece for block in shown.stories[0].blocks for run in block.runs for piece in run.pieces]
        first, then = (shown.printed, told) if printed_first else (told, shown.printed)
        everything = [*first, *then]
        assert sorted(name for piece in everything for name in piece.anchors) == ["s-a", "s-b", "s-c"]
        assert [piece.statement.key for piece in everything if piece.leads and piece.statement] == ["a", "b", "c"]
        in_text = [name for piece in told for name in piece.anchors]
        assert in_text == ([] if printed_first else ["s-a", "s-b"])
        assert "s-c" in [name for piece in shown.printed for name in piece.anchors]
