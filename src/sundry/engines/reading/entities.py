"""Who and what a page names: programmes, organisations, places, events, persons, targets and commitments.

Problem: "县农业农村局会同石渡海产有限公司实施“蓝湾”行动" names three, and none of them stands in a list that anybody
has. Tools that cut Chinese into words tear such names apart.

    县农业农村局          begins with 县, ends with 局
    石渡海产有限公司      ends with 有限公司, begins after 会同, which is no part of a name
    “蓝湾”行动            a quotation, and what it is right behind it

Therefore names are found by how they end (entities.yaml: suffixes by type) and cut at the left by words that never
begin one; persons by the title beside them and the surname they begin with. Each name once found is then looked for in
the whole page, since its second mention has neither suffix nor title. Events take their visitors, orders and amounts
from the statements made of them; targets are statements, commitments clauses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files

import yaml

from sundry.engines.reading.checking import written
from sundry.engines.reading.event_details import details_of, main_events
from sundry.engines.reading.flow import flow_of
from sundry.engines.reading.model import Article, Entity, Span, Statement

POLICY, ORGANISATION, PLACE = "programme/policy", "organisation", "place"
PROGRAMME = "programme"
EVENT, PERSON, TARGET, COMMITMENT = "event", "person", "target", "commitment"

_HAN = "一-鿿"
_NAME_MAX = 18  # characters before a suffix
_QUOTED = r"“([^“”，。；！？\n]{1,20})”"
_TITLE = re.compile(r"《([^《》\n]{4,60})》")
_END_OF_LIST = re.compile(rf"、[{_HAN}]{{2,3}}等?(?=参加|出席|陪同|参与|列席)")
_LIST_OF_PERSONS = re.compile(rf"(?:[{_HAN}]{{2,3}}、)+[{_HAN}]{{2,3}}等?$")
_LIST_MAX = 120  # characters of a list of persons
# A shop by its sign, a hospital by its number, the source of a text.
_NAMED_BODY = re.compile(
    rf"(“[^“”，。\n]{{2,8}}”)(?:商铺|店铺|门店|网店|工作室|商号|酒店|餐厅)|((?<![{_HAN}])[{_HAN}]{{2,3}}[一二三四五六七八九]院)"
    rf"|来源：([{_HAN}]{{2,12}})"
)
_DATED = re.compile(
    rf"20\d\d年?[{_HAN}]{{2,14}}?(?:博览会|博会|展览会|论坛|大会|[{_HAN}][^发拓开进扩施伸舒，。、；\s]展|节|赛)(?!会)"
)
_LEAD = re.compile("继|经(?![开济贸信发营纬])|[该其每各]")
_MEASURE_WORD = re.compile(
    "[0-9一二两三四五六七八九十百千万多余几第][家个所名位座条间批届场项款处大]$|[0-9][年月日]$|个月$"
)
_COUNTED = re.compile("[一两三四五六七八九十几多某][家个所座处]|[一两几多某各]家?$")
_NO_OFFICE = re.compile("[布格结大全开终时战僵残]局$|[客餐大展舞门前]厅$")
_FOREIGN_FAIR = re.compile(rf"[{_HAN}]{{0,6}}展(?![会览期品示商区开出])")
_LATIN_OR_OFFICE = re.compile(
    rf"[A-Z][A-Za-z]{{2,20}}(?:平台|公司|集团)"
    rf"|[省市县区][{_HAN}]{{2,4}}办(?=主任|获悉|相关|有关|[、，等])"
    rf"|[省市县区](?:委|政府)[{_HAN}]{{0,4}}?(?:部(?![署门分])|办(?![法公理好事学]))"
)
_REFERS = re.compile(r"(?:[本上下这该历每]|[上下]一)届|[本此这]次|该")
_YEAR_BEFORE = re.compile(r"^20[0-9]{2}年?")
_MEASURES = re.compile("(?:政策|措施|举措|办法|行动)数?$")
_NOT_ONE = re.compile("的[^”]|以上|多项|余项|若干|各项|一批")  # many of them, or a clause
_CLAUSE = re.compile("到|落实|推进|开展|实施|亲自|提出|进行|作出|凝聚")
_AIM = re.compile("^(?:力争|确保|预计|实现|争取|计划|达到|完成)+|(?:有望|将|力争|计划|预计)+$")
_NO_AIM = ("我们", "公司", "企业", "全市", "全县", "全省", "目标", "控制目标")
_NEAR = 5000  # characters around a person in which she is named again
_MENTIONS_MAX = 500  # of one name on a page

_Found = tuple[str, Span]  # type and place


def entities_of(text: str, articles: Sequence[Article], statements: Sequence[Statement]) -> tuple[Entity, ...]:
    """The entities of a page, in the order of their first mention. `text`: the view (view.py)."""
    flow = flow_of(text, articles)
    bylines = [span for article in articles for span in article.bylines]
    found: dict[tuple[str, str], list[Span]] = {}
    for kind, span in _names(flow.text):
        if kind != PERSON or not _is_in(flow.spans(*span), bylines):
            found.setdefault((kind, _plain(flow.text[slice(*span)])), []).append(span)
    found = _one_event(found)
    mentions = {key: _mentions(flow.text, key[1], spans) for key, spans in found.items()}
    kept = {
        key: tuple(sorted(piece for span in spans for piece in flow.spans(*span)))
        for key, spans in _without_inner(mentions).items()
    }
    main = main_events({name: spans for (kind, name), spans in kept.items() if kind == EVENT}, articles)
    names = [
        Entity(kind, name, spans, details_of(name, main.get(name, set()), statements) if kind == EVENT else {})
        for (kind, name), spans in kept.items()
    ]
    commitments = [Entity(COMMITMENT, flow.text[slice(*span)], flow.spans(*span)) for span in _commitments(flow.text)]
    rows = [*names, *_targets(statements), *_measures(statements), *commitments]
    return tuple(sorted(rows, key=lambda entity: entity.spans[0]))


def _is_in(pieces: Sequence[Span], spans: Sequence[Span]) -> bool:
    return any(start <= pieces[0][0] < end for start, end in spans)


def _one_event(found: dict[tuple[str, str], list[Span]]) -> dict[tuple[str, str], list[Span]]:
    """本届博览会 refers and is no name; a fair with its year before it and without is one."""
    merged: dict[tuple[str, str], list[Span]] = {}
    for (kind, name), spans in found.items():
        bare = _YEAR_BEFORE.sub("", name)
        if kind == EVENT and _REFERS.match(name):
            continue
        key = (kind, bare) if kind == EVENT and (kind, bare) in found else (kind, name)
        merged.setdefault(key, []).extend(spans)
    return merged


@cache
def words(key: str) -> tuple[str, ...]:
    """A list of entities.yaml, the longest first, so that 有限公司 is tried before 公司."""
    return tuple(sorted(_table()[key].split(), key=len, reverse=True))


@cache
def _table() -> dict[str, str]:
    loaded: dict[str, str] = yaml.safe_load(files(__package__).joinpath("entities.yaml").read_text("utf-8"))
    return loaded


@cache
def _any(key: str) -> str:
    return "(?:" + "|".join(re.escape(word) for word in words(key)) + ")"


def _plain(name: str) -> str:
    return name.strip("“”《》 ")


def _names(text: str) -> Iterator[_Found]:
    yield from _policies(text)
    yield from _organisations(text)
    for span in _suffixed(text, "place_suffix", tail="(?:[一二三四五六]区)?"):
        yield PLACE, span
    yield from ((PLACE, span) for span in _cities(text))
    yield from _events(text)
    yield from ((PERSON, span) for span in _persons(text))


@cache
def _policy_patterns() -> tuple[tuple[re.Pattern[str], int], ...]:
    verbs, after = _any("policy_verbs"), _any("policy_after_quote")
    return (
        (re.compile(rf"{_QUOTED}(?:(?![的等是为在]|引领)[{_HAN}]){{0,10}}?{after}"), 0),
        (re.compile(rf"“([^“”，。；！？\n]{{2,10}}{_any('policy_in_quote')})”"), 1),
        (re.compile(rf"{verbs}(?:了|好)?“([{_HAN}A-Za-z0-9+]{{3,8}})”"), 1),
        (re.compile(rf"”[、和]“([{_HAN}]{{4}})”(?=等[{_HAN}]{{0,4}}(?:机制|模式|改革|政策|做法))"), 1),
        (re.compile(rf"(?:{verbs}|开展)(?:好|了)?([{_HAN}]{{2,14}}?(?:工程|行动|计划|综合改革|试点|攻坚战))"), 1),
    )


def _policies(text: str) -> Iterator[_Found]:
    for match in _TITLE.finditer(text):
        if any(word in match[1] for word in words("policy_in_title")):
            yield POLICY, match.span()
    for pattern, group in _policy_patterns():
        for match in pattern.finditer(text):
            between = match[0].partition("”")[2]
            is_clause = bool(_CLAUSE.search(between))
            if match[1] not in words("policy_never") and not is_clause and not _NOT_ONE.search(match[1]):
                yield POLICY, match.span(group)
    for start, end in _suffixed(text, "policy_plain"):
        yield POLICY, (start, end)


def _organisations(text: str) -> Iterator[_Found]:
    office = re.compile(rf"(?:国家|[省市县区])(?:委|政府)?[{_HAN}]{{1,9}}?{_any('office_suffix')}(?!面|势|部|限)")
    for match in office.finditer(text):
        start = _cut(text, match.start(), match.end() - 1)
        if start == match.start() and not _NO_OFFICE.search(match[0]):
            yield ORGANISATION, match.span()
    for span in _suffixed(text, "body_suffix"):
        yield ORGANISATION, span
    for match in _NAMED_BODY.finditer(text):
        yield ORGANISATION, match.span(match.lastindex or 0)
    for match in _LATIN_OR_OFFICE.finditer(text):
        yield ORGANISATION, match.span()


def _suffixed(text: str, key: str, tail: str = "") -> Iterator[Span]:
    """Names by their ending: as far to the left as no cutting word stands, and more than a common noun."""
    for match in re.compile(_any(key) + tail).finditer(text):
        if _goes_on(text, match.end(), key):
            continue
        start = _begin(text, _cut(text, max(0, match.start() - _NAME_MAX), match.start()), match.start())
        name = "" if _COUNTED.search(text[max(0, start - 2) : start]) else _proper(text[start : match.start()])
        own = 1 if len(match[0]) > 2 and key != "policy_plain" else 2
        if len(name) >= own or match[0] in ("新华社",):
            yield start, match.end()


def _begin(text: str, start: int, end: int) -> int:
    """Behind a measure word that belongs to the number before it, and behind 继 经 该."""
    while start < end:
        is_counted = _MEASURE_WORD.search(text[max(0, start - 1) : start + 1])
        if not is_counted and not (_LEAD.match(text, start) and end - start > 2):
            break
        start += 1
    return start


def _proper(name: str) -> str:
    """A name, or "" where it tells nobody apart: common nouns alone, and what is counted or pointed at."""
    bare = name
    while bare:
        shorter = next((bare.removesuffix(word) for word in words("common") if bare.endswith(word)), bare)
        if shorter == bare:
            break
        bare = shorter
    if _COUNTED.search(name) or (bare != name and (len(bare) < 2 or bare in words("pointing"))):
        return ""
    return name


def _goes_on(text: str, end: int, key: str) -> bool:
    """银行卡, 公司法, 学院路: the ending is inside another word; or a longer ending follows and is found itself."""
    return text[end : end + 1] in "卡法路生家群股" or (key == "body_suffix" and _longer(text, end))


def _longer(text: str, end: int) -> bool:
    after = re.compile(rf"[{_HAN}“”]{{0,12}}?{_any('body_suffix')}").match(text, end)
    return after is not None and not _cuts().search(after[0])


@cache
def _cuts() -> re.Pattern[str]:
    return re.compile(f"[{_table()['cut_characters']}]|{_any('cut_words')}|[^{_HAN}“”（）]")


def _cut(text: str, start: int, end: int) -> int:
    """Where the name that runs up to `end` begins: after the last word in it that is no part of a name."""
    last = start
    for match in _cuts().finditer(text, start, end):
        last = match.end()
    # Of a pair of quotation marks or brackets both are inside, or none.
    piece = text[last:end]
    for opening, closing in ("“”", "（）"):
        if piece.count(opening) != piece.count(closing):
            last = max(last, end - len(piece) + max(piece.rfind(opening), piece.rfind(closing)) + 1)
            piece = text[last:end]
    return last


@cache
def _countries() -> tuple[str, ...]:
    data = yaml.safe_load(files(__package__).joinpath("regions.yaml").read_text("utf-8"))
    return tuple(sorted((word[2:] for word in data["countries"].split()), key=len, reverse=True))


@cache
def _city() -> re.Pattern[str]:
    names = "|".join(_countries())
    return re.compile(f"(?:{names})[{_HAN}]{{2,5}}?(?=[、，。和等]|举办|举行|开幕|召开|启幕|闭幕|收官)")


def _cities(text: str) -> Iterator[Span]:
    """泰国清迈: a country and its city, in a list or before what happens there."""
    for match in _city().finditer(text):
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        if "、" in before + after or before in ("在", "赴"):
            yield match.span()


def _events(text: str) -> Iterator[_Found]:
    for span in _suffixed(text, "event_suffix"):
        yield EVENT, span
    for match in _DATED.finditer(text):
        longer = _FOREIGN_FAIR.match(text, match.end())
        yield EVENT, (match.start(), longer.end() if longer else match.end())
    for match in re.compile(f"{_any('event_acts')}(?=及|、|在|仪式|活动)").finditer(text):
        start = _cut(text, max(0, match.start() - _NAME_MAX), match.start())
        if match.start() - start >= 3:
            yield EVENT, (start, match.end())


@cache
def _person() -> re.Pattern[str]:
    surnames = "".join(_table()["surnames"].split())
    return re.compile(f"(?:{_any('surnames_two')}|[{surnames}])(?![于的在和与是将把被对从系注键及等])[{_HAN}]{{1,2}}")


@cache
def _title_before() -> re.Pattern[str]:
    return re.compile(_any("titles_before"))


@cache
def _says() -> re.Pattern[str]:
    return re.compile(_any("says"))


def _persons(text: str) -> Iterator[Span]:
    for start, end in _perhaps_persons(text):
        last = _end_of_person(text, start, end)
        if last - start > 1:
            yield start, last
    surnames = "".join(_table()["surnames"].split())
    for ending in _END_OF_LIST.finditer(text):
        first = max(0, ending.end() - _LIST_MAX)
        listed = _LIST_OF_PERSONS.search(text[first : ending.end()])
        at = first + (listed.start() if listed else 0)
        for part in listed[0].removesuffix("等").split("、") if listed else ():
            if part[0] in surnames and not any(word.startswith(part[:2]) for word in words("titles_before")):
                yield at, at + len(part)
            at += len(part) + 1


def _perhaps_persons(text: str) -> Iterator[Span]:
    """A title and what follows it; what stands between a break and a title, or between a break and "said"."""
    for title in _title_before().finditer(text):
        name = _person().match(text, title.end())
        if name and text[max(0, title.start() - 2) : title.start()] != "记者":
            yield name.span()
    for after, breaks in ((_title_after(), "，。、：“”\n "), (_says(), "，。“”\n")):
        for match in after.finditer(text):
            for start in range(max(0, match.start() - 4), match.start() - 1):
                is_begun = start == 0 or text[start - 1] in breaks
                if is_begun and _person().fullmatch(text, start, match.start()):
                    yield start, match.start()
                    break


@cache
def _title() -> re.Pattern[str]:
    return re.compile(f"{_any('titles_before')}|{_any('titles_after')}")


@cache
def _title_after() -> re.Pattern[str]:
    return re.compile(_any("titles_after"))


@cache
def _act() -> re.Pattern[str]:
    return re.compile(f"{_any('says')}|{_any('acts')}")


def _end_of_person(text: str, start: int, end: int) -> int:
    """Two or three characters: a third one that is the beginning of what she does is none of her name."""
    if _title().match(text, start) or _act().match(text, start) or text[start : start + 2] in words("never_persons"):
        return start
    for size in (2, 3):
        if _title_after().match(text, start + size):
            return start + size
    if end - start == 3:
        if _act().match(text, start + 2):
            return start + 2
        third, two = text[start + 2], text[start : start + 2]
        near = text[max(0, start - _NEAR) : start + _NEAR]
        others = {near[match.end() : match.end() + 1] for match in re.finditer(re.escape(two), near)}
        if third in _table()["after_name"] and (len(others) > 1 or third in "说主表介等在、，"):
            return start + 2
    return end


def _mentions(text: str, name: str, spans: Sequence[Span]) -> list[Span]:
    """Every place where the name stands, and where it was found with its quotation marks."""
    places = set(spans)
    at = text.find(name) if len(name) > 1 else -1
    while at >= 0 and len(places) < _MENTIONS_MAX:
        if not any(start <= at < end for start, end in spans):
            places.add((at, at + len(name)))
        at = text.find(name, at + len(name))
    return sorted(places)


def _without_inner(mentions: dict[tuple[str, str], list[Span]]) -> dict[tuple[str, str], list[Span]]:
    """Of two names of one type the shorter one keeps only the places where it is not inside the longer one."""
    kept: dict[tuple[str, str], list[Span]] = {}
    by_type: dict[str, list[Span]] = {}
    for (kind, _), spans in mentions.items():
        by_type.setdefault(kind, []).extend(spans)
    for kind, all_spans in by_type.items():
        by_type[kind] = _outermost(all_spans)
    for key, spans in mentions.items():
        outer = set(by_type[key[0]])
        own = [span for span in spans if span in outer]
        if own:
            kept[key] = own
    return kept


def _outermost(spans: Iterable[Span]) -> list[Span]:
    """Spans that lie in no other one."""
    outer: list[Span] = []
    for span in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not outer or span[1] > outer[-1][1]:
            outer.append(span)
    return outer


def _targets(statements: Sequence[Statement]) -> Iterator[Entity]:
    for said in statements:
        if "target" in said.kind and said.value is not None and said.unit:
            name = _AIM.sub("", said.indicator)
            if not name or name in _NO_AIM:
                name = said.quote
            details = {"value": written(said.value), "unit": said.unit, "period": said.period or ""}
            yield Entity(TARGET, name, said.spans, {k: v for k, v in details.items() if v})


def _measures(statements: Sequence[Statement]) -> Iterator[Entity]:
    """So many measures of one kind, without names: a programme with a number."""
    for said in statements:
        if said.unit in ("项", "条") and said.value is not None and _MEASURES.search(said.indicator + said.quote):
            name = f"{said.indicator}{written(said.value)}{said.unit}"
            yield Entity(PROGRAMME, name, said.spans, {"value": written(said.value), "unit": said.unit})


@cache
def _commitment() -> re.Pattern[str]:
    starts = _any("commits")
    return re.compile(rf"(?:{starts})[^。；！？\n]{{4,80}}")


def _commitments(text: str) -> Iterator[Span]:
    for match in _commitment().finditer(text):
        yield match.span()
