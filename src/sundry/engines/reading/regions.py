"""The places a page names, with their codes, and the town itself.

Problem: 全市 is the town whose paper this is, 全省 its province, and 金华 may be printed with or without 市; a growth
that is given for another place must not be taken for the town's own.

    match("我市出口", 0, home)              the home town
    match("绍兴县（市、区）", 0, home)       绍兴 330600, and its counties are meant: what a rank is among

Therefore places are a list with the codes of GB/T 2260 (regions.yaml), and words such as 全市 are resolved by the home
that is passed in. A prefecture that is not in the list (a league, an autonomous prefecture, an invented one) comes with
the home, as one of its parents. A bare name that is an everyday word as well is read only in full.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from sundry.engines.reading.model import Region

_CODE = re.compile(r"([0-9]{6})(\D+)")
_SUFFIX = re.compile(r"(?:特别行政区|壮族自治区|回族自治区|维吾尔自治区|畲族自治县|自治区|省|市|县|区)$")
_AMONG = re.compile(r" ?(?:各|所有|下辖)?(?:县（市、区）|县（市）区|县市区|区县市|区（县、市）|设区市|各市|各县|各区)")


@dataclass(frozen=True, slots=True)
class Place:
    end: int
    region: Region
    is_among: bool = False  # its counties, its cities: what a rank is among


@cache
def _data() -> tuple[dict[str, str], dict[str, tuple[tuple[str, str, str], ...]]]:
    """Codes -> full names, and first character -> (word, code or word for it, full name), longest first."""
    data = yaml.safe_load(files("sundry.engines.reading").joinpath("regions.yaml").read_text("utf-8"))
    names: dict[str, str] = {}
    words: dict[str, tuple[str, str]] = {}
    only_in_full = set(data["only_in_full"].split())
    for written in " ".join(data["divisions"].values()).split():
        found = _CODE.fullmatch(written)
        assert found is not None, written
        code, name = found.groups()
        names[code] = name
        words[name] = (code, name)
        bare = _SUFFIX.sub("", name)
        is_district = name.endswith("区") and not code.endswith("0000")
        if name not in only_in_full and not is_district and len(bare) > 1:
            words.setdefault(bare, (code, name))
    for written in data["countries"].split():
        words[written[2:]] = (written[:2], written[2:])
    for code, listed in data["words"].items():
        words |= {word: (code, word) for word in listed.split()}
    by_first: dict[str, list[tuple[str, str, str]]] = {}
    for word, (code, name) in words.items():
        by_first.setdefault(word[0], []).append((word, code, name))
    return names, {first: tuple(sorted(all_, key=lambda one: -len(one[0]))) for first, all_ in by_first.items()}


def name_of(code: str) -> str:
    """The full name of a division, "" of one that is not in the list."""
    return _data()[0].get(code, "")


@cache
def starts() -> frozenset[str]:
    """The two characters with which a place begins."""
    return frozenset(word[:2] for words in _data()[1].values() for word, _, _ in words)


@cache
def starts_around(home: Region | None) -> frozenset[str]:
    """The two characters, or the only one, with which the home, and what it lies in, begin."""
    return frozenset(_bare(region.name)[:2] for region in _around(home))


def _around(home: Region | None) -> tuple[Region, ...]:
    return tuple(region for region in (home, *home.parents) if region.name) if home is not None else ()


def match(text: str, at: int, home: Region | None) -> Place | None:
    """The place that begins at `at`, what it is among included; None if there is none."""
    for word, code, name in _data()[1].get(text[at : at + 1], ()):
        if text.startswith(word, at) and not (word == "全区" and text.startswith("域", at + 2)):
            region = _resolved(code, name, home)
            end = at + len(word)
            among = _AMONG.match(text, end)
            return Place(among.end() if among else end, region, is_among=among is not None)
    for region in _around(home):
        if text.startswith(bare := _bare(region.name), at):
            end = at + len(region.name if text.startswith(region.name, at) else bare)
            among = _AMONG.match(text, end)
            return Place(among.end() if among else end, region, is_among=among is not None)
    return None


@cache
def _bare(name: str) -> str:
    return _SUFFIX.sub("", name)


def _is_wider(word: str, home: Region) -> bool:
    """Whether 全市 is said of more than the home: of the prefecture in a county, 全区 of an autonomous region."""
    if word.endswith("市"):
        return home.name.endswith(("县", "旗"))
    return word == "全区" and not home.name.endswith("区") and home.code[:2] in ("15", "45", "54", "64", "65")


def _resolved(code: str, name: str, home: Region | None) -> Region:
    if code == "home" and home is not None and _is_wider(name, home):
        above = home.code[:2] + "0000" if name.endswith("区") else home.code[:4] + "00"
        given = next((region.name for region in home.parents if region.code == above), name)
        return Region(above, name_of(above) or given)
    if code == "home":
        return home or Region("", name)
    if code == "province":
        if home is None:
            return Region("", name)
        province = home.code[:2] + "0000"
        given = next((region.name for region in home.parents if region.code == province), name)
        return Region(province, name_of(province) or given)
    return Region(code, "中国" if code == "CN" else name)
