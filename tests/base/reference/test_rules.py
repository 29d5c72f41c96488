"""What a row is, what an edition does to those before it, how a rate crosses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from sundry.base.reference.rules import (
    Entry,
    Given,
    Held,
    Kind,
    Name,
    Origin,
    Port,
    Standing,
    changes,
    crossed,
    dotted,
    folded,
    undotted,
)

DAY = date(2027, 1, 1)
TOYS, CARDS = UUID(int=1), UUID(int=2)
BEFORE = {"9503": Standing(TOYS, "old", Origin.GIVEN, ""), "9504": Standing(CARDS, "same", Origin.GIVEN, "")}


def given_rows(**digests: str) -> dict[str, Given]:
    return {key.removeprefix("_"): Given(digest, "", DAY) for key, digest in digests.items()}


def test_a_row_holds_from_its_first_day_until_the_day_before_its_end() -> None:
    held = Held(date(2022, 1, 1), DAY, "")
    assert [held.on(day) for day in (date(2021, 12, 31), date(2022, 1, 1), DAY - timedelta(1), DAY)] == [
        False,
        True,
        True,
        False,
    ]
    assert replace(held, valid_until=None).on(date(2200, 1, 1))


def test_an_edition_ends_what_it_says_otherwise_and_what_it_leaves_out() -> None:
    done = changes(BEFORE, given_rows(_9503="new", _9505="new"), origin=Origin.GIVEN, day=DAY, whole=True)
    assert done.added == ("9503", "9505")
    assert done.ended == ((TOYS, DAY), (CARDS, DAY))


def test_what_both_editions_say_alike_stays() -> None:
    done = changes(BEFORE, given_rows(_9503="old", _9504="same"), origin=Origin.GIVEN, day=DAY, whole=True)
    assert (done.added, done.ended, done.kept_away) == ((), (), ())


def test_what_only_adds_ends_nothing_that_it_leaves_out() -> None:
    done = changes(BEFORE, given_rows(_9505="new"), origin=Origin.GIVEN, day=DAY, whole=False)
    assert (done.added, done.ended) == (("9505",), ())


def test_the_operators_row_takes_the_place_of_ours_and_never_the_other_way_round() -> None:
    ours = {"9503": Standing(TOYS, "same", Origin.OWN, ""), "9505": Standing(CARDS, "x", Origin.OWN, "")}
    his = changes(ours, given_rows(_9503="same"), origin=Origin.GIVEN, day=DAY, whole=True)
    assert (his.added, his.ended) == (("9503",), ((TOYS, DAY),)), "and what he does not have of ours stays"
    again = changes(BEFORE, given_rows(_9503="old"), origin=Origin.OWN, day=DAY, whole=True)
    assert (again.added, again.ended, again.kept_away) == ((), (), ("9503",))


def test_an_edition_of_a_part_leaves_the_other_parts() -> None:
    names = {
        "hs/95/zh": Standing(TOYS, "a", Origin.OWN, "hs/zh"),
        "hs/95/es": Standing(CARDS, "b", Origin.OWN, "hs/es"),
    }
    done = changes(names, {"hs/96/zh": Given("c", "hs/zh", DAY)}, origin=Origin.OWN, day=DAY, whole=True)
    assert (done.added, done.ended) == (("hs/96/zh",), ((TOYS, DAY),))


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("xyz")),
    st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("xyz")),
)
def test_after_an_edition_the_table_is_the_file(before: dict[str, str], file: dict[str, str]) -> None:
    standing = {key: Standing(UUID(int=ord(key)), digest, Origin.GIVEN, "") for key, digest in before.items()}
    rows = {key: Given(digest, "", DAY) for key, digest in file.items()}
    done = changes(standing, rows, origin=Origin.GIVEN, day=DAY, whole=bool(file))
    ended = {id_ for id_, _ in done.ended}
    after = {key: row.digest for key, row in standing.items() if row.id not in ended} | {
        key: file[key] for key in done.added
    }
    assert after == (file or before)
    assert not {key for key in done.added if before.get(key) == file[key]}, "nothing is written that stands already"


def test_a_rate_crosses_exactly() -> None:
    units = {"USD": "1.1172", "CNY": "7.4326"}
    found = crossed(units, "USD", "EUR", "CNY", DAY, "ECB")
    assert found is not None
    assert found.exact == Fraction(74326, 11172)
    assert found.rounded() == Decimal("6.6528822")
    back = crossed(units, "EUR", "EUR", "USD", DAY, "ECB")
    assert back is not None
    assert back.exact == Fraction(11172, 10000)
    assert crossed(units, "USD", "EUR", "KWD", DAY, "ECB") is None


def test_names_are_compared_without_accents_and_capitals() -> None:
    assert folded("  Valparaíso|x ") == folded("VALPARAISO X") == "valparaiso x"
    assert Port("BRSSZ", "BR", "São Paulo", None, None, aliases=("Santos",)).sought == "|sao paulo|santos|"
    assert Name(Kind.HS, "95", "ru", "Игрушки").sought == "игрушки"


def test_a_code_is_written_with_dots_and_read_without() -> None:
    assert [dotted(code) for code in ("95", "9503", "950300", "9503002100")] == [
        "95",
        "9503",
        "9503.00",
        "9503.00.21.00",
    ]
    assert undotted(" 9503.00-21 00") == undotted("９５０３００２１００") == "9503002100"


def test_a_name_falls_back_to_english_and_says_so() -> None:
    entry: Entry[str] = Entry("x", Held(DAY, None, ""), {"en": "Toys", "zh": "玩具"})
    assert (entry.name("zh"), entry.named_in("zh")) == ("玩具", "zh")
    assert (entry.name("fr"), entry.named_in("fr")) == ("Toys", "en")
