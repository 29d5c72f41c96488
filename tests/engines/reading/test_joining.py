"""Sentences go on where the page says so, with a certainty; columns are put in the order in which breaks fit."""

from __future__ import annotations

import pytest

from sundry.engines.reading.joining import CERTAIN, PIECES_MAX, Page, ends_open
from sundry.engines.reading.paragraphs import lines_of
from sundry.engines.reading.shapes import Line, Shape


def _line(words: str) -> Line:
    (line,) = lines_of(words, words)
    return line if line.shape is Shape.JUMP else Line(line.parts, line.words, 0, Shape.BODY, line.is_start, line.is_end)


def _page(*words: str) -> Page:
    return Page([_line(each) for each in words])


@pytest.mark.parametrize(
    ("words", "is_open"),
    [
        ("茶叶还没下山，城里的订单已排到五月。", False),
        ("他说：“果子进了库，想什么时候卖就什么时候卖。”", False),
        ("他说，这就叫“现称现结”", True),
        ("今年头茬鲜叶每斤收购价比去", True),
        ("后山有茶园、竹林、", True),
        ("日子越过越好……", False),
        ("全部用于道路养护。（记者 尹小楠）", False),
        ("（下转第二版）", False),
    ],
)
def test_open_ends(words: str, is_open: bool) -> None:
    assert ends_open(_line(words)) is is_open


def test_what_stands_elsewhere_on_the_page_is_evidence() -> None:
    before, after = "县里要把茶叶品牌建", "设做成一件长久的事，急不得。"
    page = _page(before, after, "品牌建设要靠品质。")
    assert page.evidence(_line(before), _line(after)) == 4
    assert page.evidence(_line(before), _line("山上的雾还没有散。")) == 0
    assert (
        _page("共有茶园、", "竹林也有。茶园、竹").evidence(_line("共有茶园、"), _line("竹林")) == 0
    )  # a comma is none


@pytest.mark.parametrize(
    "words",
    [
        "的重大节点，大家",
        "，专为独居老人",
        "述了三条办法。",
        "”这句话说到了",
        "们都来了。",
        "设，打通销路",
        "热闹。人来了",
    ],
)
def test_starts_inside_a_sentence(words: str) -> None:
    assert _page(words).starts_inside(_line(words))


@pytest.mark.parametrize(
    "words",
    ["了解行情的人不多。", "过去这里没有路。", "东溪有桥三百座。", "“往年要挑到镇上去。”", "看，茶山", "今年，"],
)
def test_starts_a_sentence(words: str) -> None:
    assert not _page(words).starts_inside(_line(words))


def test_the_page_teaches_which_characters_begin_nothing() -> None:
    known = ["茶艺馆里贯穿始终。", "一条老街贯穿全城。", "这个想法贯穿全书。"]
    assert _page(*known, "穿城而过。").starts_inside(_line("穿城而过。"))
    assert not _page(known[0], "穿城而过。").starts_inside(_line("穿城而过。"))  # seen once: says nothing


def test_certainty_needs_the_next_place_or_evidence() -> None:
    before = "市里已把茶叶品牌建"
    page = _page(before, "设做成长久的事。", "品牌建设靠品质。", "据了解，茶山有雾。", "山上有雾。")
    near = page.certainty(_line(before), _line("设做成长久的事。"), is_next=True)
    far = page.certainty(_line(before), _line("设做成长久的事。"), is_next=False)
    assert near > far >= CERTAIN
    assert page.certainty(_line(before), _line("山上有雾。"), is_next=False) < CERTAIN
    assert page.certainty(_line(before), _line("据了解，茶山有雾。"), is_next=True) < CERTAIN
    assert page.certainty(_line(before), _line("本报讯 4月9日，茶山上有雾，采茶的人都没有上山去。"), is_next=True) < 0.1


def test_brackets_speak_for_and_against() -> None:
    page = _page("山上有雾。")
    closed = page.certainty(_line("他把它叫作“山里"), _line("人家”，客人喜欢。"), is_next=True)
    opened = page.certainty(_line("他把它叫作“山里"), _line("客人说：“喜欢。”"), is_next=True)
    stray = page.certainty(_line("他把它叫作山里"), _line("人家”，客人喜欢。"), is_next=True)
    assert closed > 0.9 > opened
    assert stray < CERTAIN


def test_columns_are_put_in_the_order_in_which_sentences_go_on() -> None:
    third = [_line("日子越过越亮堂。"), _line("（下转第四版）")]
    second = [_line("们都说，街还是那条街。")]
    first = [_line("老街有桥三百座。"), _line("修街先问住在这里的人")]
    page = _page(*(line.words for piece in (first, second, third) for line in piece), "街坊里的人们都说好。")
    assert page.in_order([third, second, first]) == [first, second, third]
    assert page.in_order([first, second, third]) == [first, second, third]


def test_without_a_reason_the_order_of_the_file_stays() -> None:
    pieces = [[_line("山上有雾。")], [_line("河里有鱼。")], [_line("街上有人。")]]
    page = _page("山上有雾。")
    assert page.in_order(pieces) == pieces
    many = pieces * (PIECES_MAX // 3 + 1)
    assert page.in_order(many) == many
    assert page.in_order([]) == []
