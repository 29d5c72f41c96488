"""What a check says to a person: every note has its sentence, in every language, with no blank left open."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sundry.engines.reading.checking import Note
from sundry.engines.reading.issue_date import Issue, infer_issue_date
from sundry.engines.reading.model import Check, Outcome, Region
from sundry.engines.reading.reader import LONGEST, read
from sundry.engines.reading.reader import Finding as PageFinding
from sundry.engines.reading.wording import finding_of, interval, note_of, reason_of, rule_of
from sundry.kernel.messages import LANGUAGES, catalogue

HOME = Region("350999", "青禾市")
KINDS = ("gap", "repeat", "part", "sum", "date", "contribution", "yield", "path", "list", "enumeration", "share")
PAGE = """\
青禾交出稳健答卷

一季度，规模以上工业增加值增长6.8%，高于全省（5.2%）1.6个百分点，较去年全年（6.1%）提高0.7个百分点。
"""


def check(kind: str, note: Note, **more: object) -> Check:
    fields: dict[str, object] = {"stated": "1.4百分点", "derived": (Decimal("1.3"), Decimal("1.5"))}
    return Check(kind, Outcome.HOLDS, ((0, 1),), note=note, **(fields | more))  # type: ignore[arg-type]


@pytest.mark.parametrize("note", list(Note))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_note_of_every_kind_of_check_has_its_sentence(note: Note, language: str) -> None:
    for kind in KINDS:
        for values in ({}, {"before": "3"}, {"unit": "百分点", "guess": "1.4", "place": "350000", "band": "5..90"}):
            said = note_of(check(kind, note, values=values), language, HOME)
            assert said[-1] in ".。"
            assert "{" not in said


def test_every_sentence_of_a_note_is_some_checks() -> None:
    """But for the repair, which is said after another one."""
    used = {
        rule_of(check(kind, note, values=values)) for note in Note for kind in KINDS for values in ({}, {"before": "3"})
    }
    assert {key for key in catalogue() if key.startswith("reading_note_")} == used | {"reading_note_repair"}


def test_what_agrees_is_told_with_both_figures() -> None:
    said = note_of(check("gap", Note.AGREES, values={"unit": "百分点"}), "en", HOME)
    assert said == "1.4百分点 is printed, and the other figures give [1.3, 1.5]百分点: they agree."


def test_a_repetition_has_words_of_its_own() -> None:
    said = note_of(check("repeat", Note.AGREES, values={"times": "3"}), "en", HOME)
    assert said == "The figure stands 3 times on the page, and one value may be all of them: [1.3, 1.5]."


def test_a_blank_that_the_caller_has_in_better_words_is_told_in_them() -> None:
    said = note_of(check("repeat", Note.AGREES, values={"times": "3"}), "en", HOME, {"derived": "a tenth"})
    assert said == "The figure stands 3 times on the page, and one value may be all of them: a tenth."


def test_a_repair_is_said_after_the_failure() -> None:
    said = note_of(check("sum", Note.CANNOT_BE, repair="65->6.5"), "en", HOME)
    assert said.endswith("look at the page. It would come out with 65 → 6.5.")


def test_places_are_named() -> None:
    values = {"indicator": "出口", "period": "2031-Q1"}
    province = note_of(check("gap", Note.OTHER_REGION, values=values | {"place": "350000"}), "en", HOME)
    assert "出口, 福建省, 2031-Q1: [1.3, 1.5]" in province
    assert "出口, 青禾市" in note_of(check("base", Note.EARLIER_LEVEL, values=values | {"place": "350999"}), "en", HOME)
    lies_in = Region("990182", "麓泽市", (Region("990000", "苍原省"),))
    assert "苍原省" in note_of(check("gap", Note.OTHER_REGION, values=values | {"place": "990000"}), "en", lies_in)
    assert "某镇" in note_of(check("base", Note.EARLIER_LEVEL, values=values | {"place": "某镇"}), "en", HOME)


def test_a_date_has_no_unit() -> None:
    values = {"guess": "2031-04-21", "unit": "天"}
    told = note_of(check("date", Note.DATES_AGREE, stated="12天", derived=None, values=values), "en", HOME)
    assert told == "12天 is printed, and it fits the dates: 2031-04-21."


@pytest.mark.parametrize(
    ("ends", "written"),
    [
        (None, "-"),
        ((None, None), "-"),
        (("1.50", "1.50"), "1.50%"),
        (("1.5", None), "≥ 1.5%"),
        ((None, "-2"), "≤ -2%"),
        (("-2", "0.123456"), "[-2, 0.1235]%"),
    ],
)
def test_intervals(ends: tuple[str | None, str | None] | None, written: str) -> None:
    given = None if ends is None else tuple(None if end is None else Decimal(end) for end in ends)
    assert interval(given, "%") == written  # type: ignore[arg-type]


def test_the_checks_of_a_page_are_told() -> None:
    found = read(PAGE, issued=date(2031, 4, 22), home=HOME).checks
    assert {one.kind for one in found} >= {"gap", "delta"}
    for one in found:
        assert all(note_of(one, language, HOME) for language in LANGUAGES)


REASONS = [
    f"{rule}{year}"
    for rule in ("date-line", "today", "countdown", "dateline+1", "dateline+1 earliest", "event+1 earliest")
    for year in (
        *(f" year:{one}" for one in ("printed", "given", "plan", "sum", "event", "month", "part")),
        *(f" year:{one}" for one in ("this-year", "last-year", "named")),
        " no-year 04-09",
    )
]


@pytest.mark.parametrize("reason", [*REASONS, "nothing", "given"])
def test_every_reason_of_a_day_has_its_words(reason: str) -> None:
    for language in LANGUAGES:
        assert reason_of(Issue(None, (), reason), language)[-1] in ".。"


def test_a_day_without_a_year_says_which_day() -> None:
    issue = infer_issue_date("本报讯 4月8日，青禾举行了春茶开采节。")
    assert issue.day is None
    assert "04-09" in reason_of(issue, "en")


def test_the_findings_of_a_page_have_their_words() -> None:
    told = {
        rule: finding_of(PageFinding(rule, (LONGEST, LONGEST + 7))).message("en")
        for rule in ("empty_page", "too_long", "not_chinese", "no_issue_date")
    }
    assert len(set(told.values())) == 4
    assert str(LONGEST + 7) in told["too_long"]
