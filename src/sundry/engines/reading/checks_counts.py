"""Announced numbers of things against the things: five aspects and the phrases, nine characters, names and 分别 values.

Problem: "四个方面" and then three headings; "甲、乙、丙分别增长2.1%、3.4%" with one value lost: the page tells on
itself, but only who counts both sides sees it.

    “稳产、增收，护水”等三方面     3 phrases in one quotation                         holds
    “快递”“电商”两张网             2 quotations                                       holds
    八个字，即“山清水秀”“民富”     4 + 2 characters                                   fails
    甲业、乙和丙业分别增长2%、3%   2 or 3 names (和 may be inside one), 2 values      holds

Therefore for each announced number the lists beside it are counted, quotations first; an unquoted list only confirms,
it never refutes, since nobody knows where its first item begins. A list that ends with 等 may be shorter than
announced.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from sundry.engines.reading.checking import Facts, Note
from sundry.engines.reading.figures import tables
from sundry.engines.reading.model import Check, Outcome, Span, Statement, Type

_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_NUMERAL = re.compile(r"\d+|[〇零一二两三四五六七八九十百]+")
_QUOTE = re.compile(r"“([^“”]*)”")
_RUN = re.compile(r"(?:“[^“”]*”[、，和及与]?)+等?$")
_PLAIN_LIST = re.compile(r"(?:[^，。；：、“”\s\d]{1,12}、)+[^，。；：、“”\s\d]{1,12}$")
_ANNOUNCES = re.compile("即|：|——|包括|分别是|就是")
_BESIDE = 20  # characters
_LIST_MAX = 400  # characters of a list before its number
_ARTICLE_MAX = 20_000  # characters around it in which its headings stand
_HEADING_MAX = 30  # characters of a line that may be a heading
_BRACKETED = re.compile("（[^（）]*）")
_VALUE = r"[-+]?\d[\d,.]*(?:[余多])?(?:%|[^\d\s、，。；：（）和及与%]{0,6})"
_VALUES = re.compile(
    "分别(?:同比|环比|比上年|较上年|较去年同期|比去年同期)?"
    "(?:增长|下降|提高|回落|达到|达|为|是|实现|完成|占|上升|增加|减少|约|有)?"
    f"(?P<values>{_VALUE}(?:[、和及与]{_VALUE})+)"
)
_AFTER_OTHERS = re.compile(
    r"继(?P<names>[^，。；：\n]{2,120}?)之?后[^。；\n]{0,20}?第(?P<n>\d{1,2}|[一二三四五六七八九十]{1,3})[个家座条所位支批]"
)
_AND = re.compile("和|及其?|与|以及")


def numeral(written: str) -> int | None:
    """三 -> 3, 十二 -> 12, 二十 -> 20, 一百零五 -> 105. None: not a number below 1000 in this spelling."""
    if written.isdecimal():
        return int(written)
    total, digit = 0, None
    for character in written:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in "十百":
            total += (1 if digit is None else digit) * (10 if character == "十" else 100)
            digit = 0
        else:
            return None
    return total + (digit or 0)


@dataclass(frozen=True, slots=True)
class _Count:
    """What was counted: how many, where, whether the list says that it goes on, and whether it can refute."""

    count: int
    spans: tuple[Span, ...]
    note: Note = Note.LIST_AGREES
    is_open: bool = False
    is_sure: bool = True


def counts_checks(facts: Facts) -> Iterator[Check]:
    announced = [
        (index, statement, place)
        for index, statement in enumerate(facts.statements)
        if statement.value is not None
        and _is_announcement(statement)
        and (place := place_of_numeral(facts.text, statement)) is not None
    ]
    places = sorted(place[0] for _, _, place in announced)
    for index, statement, place in announced:
        is_enumeration = statement.type == Type.ENUMERATION
        counts = [count for count in (_before(facts.text, place[0]),) if count is not None]
        is_listed = any(count.count == int(statement.value or 0) for count in counts)
        if is_enumeration and not is_listed:  # a list before the number is what it counts; others follow by chance
            counts += _after(facts.text, place[1], statement, is_alone=_is_alone(places, place[0]))
        if is_enumeration:
            counts += _headings(facts.text, place[0], int(statement.value or 0))
        yield from _told(index, statement, counts, is_enumeration)
    yield from _distributed(facts)
    yield from _successors(facts.text)


def _is_alone(places: list[int], place: int) -> bool:
    """Whether no other number is announced beside this one: 十二个字、五个结合 share what follows."""
    return bisect_left(places, place + _BESIDE) - bisect_left(places, place - _BESIDE) <= 1


def _is_announcement(statement: Statement) -> bool:
    value = statement.value
    if value is None or value != value.to_integral() or not 2 <= value <= 60:
        return False
    return statement.type == Type.ENUMERATION or (statement.type == Type.COUNT and statement.unit in tables()["things"])


def place_of_numeral(text: str, statement: Statement) -> Span | None:
    """Where the announced number is written inside its spans."""
    for start, end in statement.spans:
        for match in _NUMERAL.finditer(text, start, end):
            if numeral(match[0]) == statement.value:
                return match.span()
    return None


def _before(text: str, place: int) -> _Count | None:
    """The list that ends where the number begins: quotations, phrases inside one quotation, or plain words."""
    start = _start_before(text, place)
    before = text[start:place].removesuffix("“")
    run = _RUN.search(before)
    if run is None:
        plain = _PLAIN_LIST.search(_one_names(before))
        if plain is None:
            return None
        items = plain[0].removesuffix("等").split("、")
        count = len(items) + len(_AND.findall(items[-1]))
        return _Count(count, ((place - min(len(plain[0]), place - start), place),), is_sure=False)
    quotes = _QUOTE.findall(run[0])
    is_open = run[0].endswith("等")
    count = len(quotes)
    if count == 1:
        count = len(re.split("[、，；]", quotes[0]))
        if count == 1:
            return None  # one name, not a list
    return _Count(count, ((start + run.start(), start + run.end()),), is_open=is_open)


def _start_before(text: str, place: int) -> int:
    least = max(0, place - _LIST_MAX)
    return max(least, text.rfind("。", least, place) + 1)


def _after(text: str, place: int, statement: Statement, *, is_alone: bool) -> Iterator[_Count]:
    """Quotations that follow in the same sentence: characters for 字, else how many; 一是 二是 三是 likewise."""
    wanted = int(statement.value or 0)
    end = _end_of_quoting(text, place)
    groups = _groups(text, place, end)
    sizes = [_size(text[a:b], statement.unit) for a, b in groups]
    if wanted in sizes:
        place_of = groups[sizes.index(wanted)]
        yield _Count(wanted, (place_of,), Note.CHARACTERS_AGREE if statement.unit == "字" else Note.LIST_AGREES)
    elif len(groups) == 1 and is_alone and sizes[0] > 1 and _ANNOUNCES.search(text, place, groups[0][0]):
        is_open = text[groups[0][1] : groups[0][1] + 1] == "等"
        yield _Count(sizes[0], (groups[0],), is_open=is_open)
    most = min(len(text), place + 2 * _LIST_MAX)
    paragraph_end = text.find("\n\n", place, most)
    following = text[place : paragraph_end if paragraph_end >= 0 else most]
    marks = _ordinals(following)
    if len(marks) > 1:
        yield _Count(len(marks), tuple((place + mark, place + mark + 2) for mark in marks))


def _end_of_quoting(text: str, place: int) -> int:
    """The next full stop that is in no quotation; a column break inside one does not end it."""
    depth = 0
    for at in range(place, min(len(text), place + 800)):
        depth += {"“": 1, "”": -1}.get(text[at], 0)
        if text[at] == "。" and depth <= 0:
            return at
    return min(len(text), place + 800)


def _groups(text: str, start: int, end: int) -> list[Span]:
    """Runs of quotations with nothing but a comma between them; 以及 and other words begin the next one."""
    groups: list[Span] = []
    for match in _QUOTE.finditer(text, start, end):
        between = text[groups[-1][1] : match.start()] if groups else " "
        if groups and between.strip("、，和与") == "" and "\n" not in between:
            groups[-1] = groups[-1][0], match.end()
        else:
            groups.append(match.span())
    return groups


def _size(group: str, unit: str) -> int:
    quotes = _QUOTE.findall(group)
    return sum("一" <= c <= "鿿" for quote in quotes for c in quote) if unit == "字" else len(quotes)


def _ordinals(text: str) -> list[int]:
    """Where 一是, 二是, 三是 stand, as long as none is left out."""
    places: list[int] = []
    at = 0
    for word in "一二三四五六七八九":
        found = re.compile(f"(?<![一-鿿]){word}(?:是|要)|其{word}[，、是]").search(text, at)
        if found is None:
            break
        places.append(found.start())
        at = found.end()
    return places


def _headings(text: str, place: int, wanted: int) -> Iterator[_Count]:
    """Short lines that each take up one of the phrases of the quotation before the number."""
    start = _start_before(text, place)
    run = _RUN.search(text[start:place])
    if run is None:
        return
    phrases = [phrase for quote in _QUOTE.findall(run[0]) for phrase in re.split("[、，；]", quote) if len(phrase) > 2]
    if len(phrases) != wanted:
        return
    around = max(0, place - _ARTICLE_MAX), place + _ARTICLE_MAX
    lines = [m.span() for m in re.compile(r"[^\n]+").finditer(text, *around) if len(m[0]) <= _HEADING_MAX]
    # A line with several of the phrases is the list itself, or a summary of it.
    held = [(line, [phrase for phrase in phrases if phrase in text[line[0] : line[1]]]) for line in lines]
    taken = {found[0]: line for line, found in reversed(held) if len(found) == 1}
    if len(taken) > 1:
        # A heading may say it in other words: fewer of them refute nothing.
        yield _Count(len(taken), tuple(sorted(taken.values())), Note.HEADINGS_AGREE, is_sure=False)


def _told(index: int, statement: Statement, counts: list[_Count], is_enumeration: bool) -> Iterator[Check]:
    wanted = int(statement.value or 0)
    for count in counts:
        is_right = count.count == wanted
        is_short = count.is_open and count.count < wanted
        if not is_right and not is_short and not (count.is_sure and is_enumeration):
            continue
        note = count.note if is_right else Note.AT_LEAST_LIST if is_short else Note.LIST_DIFFERS
        yield Check(
            kind="enumeration",
            outcome=Outcome.HOLDS if is_right or is_short else Outcome.FAILS,
            spans=(*statement.spans, *count.spans),
            stated=f"{wanted}{statement.unit}",
            derived=_ends(count.count),
            note=note,
            values={"counted": str(count.count)},
            statements=(index,),
        )


def _ends(count: int) -> tuple[Decimal, Decimal]:
    return Decimal(count), Decimal(count)


def _one_names(text: str) -> str:
    """Names of one industry that look like a list lose their marks; the length stays."""
    for name in tables()["one_name"]:
        text = text.replace(name, re.sub("[、和及与]", "〇", name))
    return text


def _successors(text: str) -> Iterator[Check]:
    """继甲、乙之后的第三个: as many before it as its number less one."""
    for match in _AFTER_OTHERS.finditer(text):
        wanted = numeral(match["n"])
        names = _one_names(_BRACKETED.sub("", match["names"]))
        least = names.count("、") + 1
        most = least + len(_AND.findall(names))
        if wanted is None or wanted < 3:
            continue  # 继去年之后第二次: a time, not a name
        is_right = least <= wanted - 1 <= most
        yield Check(
            kind="enumeration",
            outcome=Outcome.HOLDS if is_right else Outcome.FAILS,
            spans=(match.span("names"), match.span("n")),
            stated=f"第{match['n']}",
            derived=(Decimal(least + 1), Decimal(most + 1)),
            note=Note.LIST_AGREES if is_right else Note.LIST_DIFFERS,
            values={"before": str(most)},
        )


def _distributed(facts: Facts) -> Iterator[Check]:
    """甲、乙分别增长1%、2%: as many names as values."""
    for match in _VALUES.finditer(facts.text):
        least = max(0, match.start() - _LIST_MAX)
        start = max(least, *(facts.text.rfind(mark, least, match.start()) + 1 for mark in "，。；：\n"))
        clause = facts.text[start : match.start()]
        names = _one_names(_BRACKETED.sub("", clause))
        names = names.rpartition("其中")[2]
        least = names.count("、") + 1
        most = least + len(_AND.findall(names))
        if most < 2:
            continue  # the names stand elsewhere
        values = len(re.findall(_VALUE, match["values"]))
        is_right = least <= values <= most
        inside = [figure.index for figure in facts.between(start, match.end(), *Type)]
        yield Check(
            kind="list",
            outcome=Outcome.HOLDS if is_right else Outcome.FAILS,
            spans=((start, match.start()), match.span("values")),
            stated=str(values),
            derived=(Decimal(least), Decimal(most)),
            note=Note.LIST_AGREES if is_right else Note.LIST_DIFFERS,
            values={"names": str(most), "values": str(values)},
            statements=tuple(inside),
        )
