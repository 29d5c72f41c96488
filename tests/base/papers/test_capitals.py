"""Capital digits: the known cases of the rules, and every amount read back by somebody who only knows the rules."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sundry.base.papers.capitals import yuan_in_capitals

DIGITS = {character: digit for digit, character in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"仟": 1000, "佰": 100, "拾": 10, "": 1}
AMOUNTS = st.integers(0, 10**14 - 1) | st.lists(st.sampled_from("00000123456789"), min_size=1, max_size=14).map(
    lambda digits: int("".join(digits))
)


def read_group(text: str) -> tuple[int, bool]:
    """(the number, whether 零 stands before it) of up to four places. AssertionError: zeros written wrongly."""
    total, above = 0, None
    parts = re.findall(r"(零?)([壹贰叁肆伍陆柒捌玖])([仟佰拾]?)", text)
    assert "".join("".join(part) for part in parts) == text
    for zero, digit, place in parts:
        value = PLACES[place]
        if above is not None:
            assert value < above
            assert bool(zero) == (value * 10 < above), f"{text}: a gap and a 零 go together"
        total += DIGITS[digit] * value
        above = value
    return total, text.startswith("零")


def read_whole(text: str) -> int:
    total, missing = 0, False
    for unit, size in (("亿", 10**8), ("万", 10**4), ("", 1)):
        before, found, after = text.partition(unit) if unit else (text, "yes" if text else "", "")
        if not found:
            missing = True
            continue
        group, zero = read_group(before)
        assert group
        assert zero == (total > 0 and (group < 1000 or missing)), text
        total, text, missing = total + group * size, after, False
    return total


def read(text: str) -> int:
    """The fen that `text` says."""
    if text == "零元整":
        return 0
    yuan, unit, rest = text.partition("元") if "元" in text else ("", "", text)
    said = re.fullmatch(r"(零?)(?:(.)角)?(?:(.)分|整)", rest)
    assert said, text
    zero, jiao, fen = said[1], DIGITS[said[2] or "零"], DIGITS[said[3] or "零"]
    assert said[2] != "零"
    assert said[3] != "零"
    assert text.endswith("整") == (fen == 0)
    whole = read_whole(yuan) if unit else 0
    assert bool(zero) == bool(unit and (jiao or fen) and (jiao == 0 or whole % 10 == 0)), text
    return whole * 100 + jiao * 10 + fen


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        ("0.00", "零元整"),
        ("0.01", "壹分"),
        ("0.10", "壹角整"),
        ("0.11", "壹角壹分"),
        ("0.30", "叁角整"),
        ("1.00", "壹元整"),
        ("1.05", "壹元零伍分"),
        ("10.00", "壹拾元整"),
        ("10.05", "壹拾元零伍分"),
        ("10.50", "壹拾元零伍角整"),
        ("16.40", "壹拾陆元肆角整"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("680.32", "陆佰捌拾元零叁角贰分"),
        ("1005.00", "壹仟零伍元整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("10000.00", "壹万元整"),
        ("10050.07", "壹万零伍拾元零柒分"),
        ("105000.00", "壹拾万伍仟元整"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("1000050.00", "壹佰万零伍拾元整"),
        ("1067364.08", "壹佰零陆万柒仟叁佰陆拾肆元零捌分"),
        ("100000000.00", "壹亿元整"),
        ("100000001.00", "壹亿零壹元整"),
        ("100005000.00", "壹亿零伍仟元整"),
        ("100100000.00", "壹亿零壹拾万元整"),
        ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_an_amount_in_capitals(yuan: str, words: str) -> None:
    fen = int(yuan.replace(".", ""))
    assert yuan_in_capitals(fen) == words
    assert read(words) == fen


@given(AMOUNTS)
@example(10**13)
@example(10**10 + 10**5)
def test_every_amount_reads_back(fen: int) -> None:
    words = yuan_in_capitals(fen)
    assert read(words) == fen
    assert "零零" not in words


@pytest.mark.parametrize("fen", [-1, 10**14])
def test_what_has_no_words_is_refused(fen: int) -> None:
    with pytest.raises(ValueError, match=f"{fen} fen"):
        yuan_in_capitals(fen)
