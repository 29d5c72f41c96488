"""Amounts of yuan in Chinese capital digits (大写), as papers of account write them so that no digit can be altered.

Problem: 壹万零伍拾元零柒分 is not a digit after a digit: zeros in a row are read once, a group of four closes with 万
or 亿, and what has no fen ends in 整. Therefore the amount is read in groups of four digits, from the highest.

    1,005.00 -> 壹仟零伍元整          10,050.07 -> 壹万零伍拾元零柒分
      680.32 -> 陆佰捌拾元零叁角贰分       0.30 -> 叁角整

Where the rules leave a 零 free (after a group or a yuan digit that is zero) it is written before 角, and not after 万.
Source: 正确填写票据和结算凭证的基本规定 (People's Bank of China, 支付结算办法 1997, annex 1), from memory, unconfirmed.
"""

from __future__ import annotations

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")
_LIMIT_FEN = 10 ** (4 * len(_GROUPS) + 2)


def yuan_in_capitals(fen: int) -> str:
    """`fen` (0 and more, below 10^14) in words. ValueError: outside of that."""
    if not 0 <= fen < _LIMIT_FEN:
        raise ValueError(f"{fen} fen cannot be written in capital digits")
    yuan, rest = divmod(fen, 100)
    jiao, last = divmod(rest, 10)
    text = _whole(yuan) + "元" if yuan else ""
    if not rest:
        return (text or "零元") + "整"
    if text and (jiao == 0 or yuan % 10 == 0):
        text += "零"
    text += f"{_DIGITS[jiao]}角" if jiao else ""
    return text + (f"{_DIGITS[last]}分" if last else "整")


def _whole(number: int) -> str:
    text, above = "", len(_GROUPS)
    for power in reversed(range(len(_GROUPS))):
        group = number // 10_000**power % 10_000
        if group:
            skipped = power < above - 1
            text += "零" if text and (group < 1000 or skipped) else ""
            text += _group(group) + _GROUPS[power]
            above = power
    return text


def _group(group: int) -> str:
    """1 to 9999, zeros between digits read once, those at the ends not at all."""
    text, zero = "", False
    for place in reversed(range(4)):
        digit = group // 10**place % 10
        if digit:
            text += ("零" if zero and text else "") + _DIGITS[digit] + _PLACES[place]
        zero = digit == 0
    return text
