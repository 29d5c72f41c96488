from dataclasses import replace

import pytest
from searching.small_market import Tags, good, small_analyser

from sundry.engines.searching.entries import TITLE_TOKENS_MAX, Nearness, code_form, entries


def entry(title: str = "", **more: object):  # type: ignore[no-untyped-def]
    return next(entries([good(1, title, **more)], small_analyser()))


def test_the_worked_case() -> None:
    """The lid and the colour are said; what is wider than a crimson thing is near, and nothing is a cup's lid."""
    assert entry("crimson holder toothbrush_cup").near == {
        "toothbrush_cup": Nearness.HEAD,
        "cup": Nearness.NARROWER,
        "drinkware": Nearness.NARROWER,
        "crimson": Nearness.NAMED,
        "holder": Nearness.NAMED,
        "red": Nearness.NAMED_NARROWER,
    }


def test_a_good_without_a_known_noun_is_still_found_by_its_words() -> None:
    made = entry("hello kitty thing")
    assert (made.heads, made.near, made.words) == ((), {}, ("hello", "kitty", "thing"))


def test_a_translation_is_read_where_the_first_title_leaves_open_what_the_good_is() -> None:
    read: list[tuple[str, list[str]]] = []

    def tag(titles: list[str], language: str) -> list[Tags]:
        read.append((language, titles))
        meant = {"doll or plush": ("doll", "plush"), "plush": ("plush",), "doll": ("doll",)}
        return [Tags(meant.get(title, ()), meant.get(title, ())) for title in titles]

    analyser = replace(small_analyser(), tag=tag, wider=lambda key: ())  # type: ignore[arg-type]
    goods = [
        good(1, titles={"zh": "doll", "en": "plush"}),
        good(2, titles={"zh": "doll or plush", "en": "plush", "es": "doll"}),
        good(3, titles={"zh": "unknown", "ru": "doll"}),
        good(4, titles={"en": "", "fr": "doll or plush"}),
    ]
    assert [made.heads for made in entries(goods, analyser)] == [("doll",), ("plush",), ("doll",), ("doll", "plush")]
    assert read == [
        ("zh", ["doll", "doll or plush", "unknown"]),
        ("en", ["plush"]),
        ("fr", ["doll or plush"]),
        ("ru", ["doll"]),
    ]


def test_a_title_that_lists_everything_counts_by_its_beginning() -> None:
    assert len(entry(" ".join(f"word{number}" for number in range(500))).words) == TITLE_TOKENS_MAX


def test_item_numbers_are_compared_without_their_signs() -> None:
    assert [code_form(code) for code in ("AB-1234", "ab 12/34", "№ 7", "--")] == ["ab1234", "ab1234", "7", ""]
    assert entry("cup", codes=("AB-1", "ab1", "/")).codes == ("ab1",)


def test_prices_are_one_at_each_quantity() -> None:
    made = entry("cup", prices_minor=(99, 100, 299, 300, 999, 9_999, 10_000, 50_000), minimum=100)
    assert made.price_bands == (0, 1, 1, 2, 2, 4, 5, 5)
    assert made.minimum_band == 2
    assert entry("cup").prices_minor == (0,) * 8
    with pytest.raises(ValueError, match="good 1: 2 prices"):
        entry("cup", prices_minor=(1, 2))
