"""No words of a printed page are ours: they belong to its paper, and a reader that knows its pages by heart reads none.

Where the pages of ../shared/press are at hand, no run of eight Chinese characters of any of them stands in code, data,
tests, documents or benches, but for public names: of standard indicators, industries and regulations.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from sundry.engines.reading.indicators import dictionary

ROOT = Path(__file__).resolve().parents[2]
PRESS = ROOT.parent / "shared" / "press"
LENGTH = 8
HAN = re.compile(f"[\u4e00-\u9fff]{{{LENGTH},}}")
TEXTS = {".css", ".html", ".js", ".json", ".md", ".page", ".po", ".py", ".svg", ".txt", ".yaml", ".yml"}
# Names that any county's bulletin prints, and why they are anybody's.
PUBLIC = {
    "规模以上工业增加值": "indicator of the National Bureau of Statistics, published each month",
    "装备制造业增加值": "the same, by branch",
    "数字经济核心产业制造业增加值": "by the bureau's classification of the digital economy, 2021",
    "农林牧渔业及其辅助活动总产值": "by the bureau's classification of industries, division A",
    "国家高新技术企业": "a qualification by the measures for the recognition of high and new technology firms",
    "省科技型中小企业": "a qualification of the provinces' science offices",
    "市场采购贸易方式": "the name of customs supervision mode 1039",
}


def runs(text: str) -> Iterator[str]:
    """Every run of LENGTH characters of `text`."""
    for match in HAN.finditer(text):
        words = match[0]
        yield from (words[at : at + LENGTH] for at in range(len(words) - LENGTH + 1))


@cache
def printed() -> frozenset[str]:
    """The runs of all pages but for those inside a public name."""
    files = sorted(PRESS.glob("*.txt"))
    if not files:
        pytest.skip("the printed pages (../shared/press) are not here")
    allowed = {run for name in PUBLIC for run in runs(name)}
    return frozenset(run for file in files for run in runs(file.read_text("utf-8"))) - allowed


@pytest.mark.parametrize("folder", ["bench", "docs", "src", "tests"])
def test_no_words_of_a_page_are_in(folder: str) -> None:
    found = defaultdict(set)
    for file in sorted((ROOT / folder).rglob("*")):
        if file.suffix in TEXTS and file.is_file():
            copied = printed() & set(runs(file.read_text("utf-8", errors="ignore")))
            found[str(file.relative_to(ROOT))] |= copied
    assert not {name: sorted(copied) for name, copied in found.items() if copied}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_is_one_of_the_dictionary(name: str) -> None:
    words = [word for one in dictionary().values() for word in (one.zh, *one.aliases)]
    assert any(name in word for word in words)
    assert PUBLIC[name]


def test_a_copied_run_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = next(HAN.finditer(next(iter(sorted(PRESS.glob("*.txt")))).read_text("utf-8")))[0] if printed() else ""
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "words.yaml").write_text(f"ours: {text}\n", "utf-8")
    with pytest.raises(AssertionError, match=r"words\.yaml"):
        test_no_words_of_a_page_are_in("src")
