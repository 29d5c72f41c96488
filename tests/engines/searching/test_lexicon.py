"""Rows become concepts; another lexicon has more forms, never this one."""

from __future__ import annotations

import pytest

from sundry.engines.searching.lexicon import ExtraForm, Kind, lexicon, parse

ROWS = """\
drinkware;noun;水具;drinkware;أواني;vajilla;vaisselle;посуда;
cup;noun;杯子|杯;cup;كوب;taza;tasse;чашка;drinkware
mug;style;马克杯;mug;مج;tazón;mug;кружка;cup
mug;noun;茶缸|马克杯;mug|beaker;مج;tarro;mug;кружка;drinkware
""".replace(";", "\t")


def test_rows_of_one_key_are_one_concept_that_is_a_noun_if_one_row_says_so() -> None:
    mug = parse(ROWS).concepts["mug"]
    assert mug.kind is Kind.NOUN
    assert mug.forms["zh"] == ("马克杯", "茶缸")
    assert mug.forms["en"] == ("mug", "beaker")
    assert mug.broader == ("cup", "drinkware")


def test_wider_and_narrower_reach_over_all_steps() -> None:
    found = parse(ROWS)
    assert found.wider("mug") == {"cup", "drinkware"}
    assert found.narrower("drinkware") == {"cup", "mug"}
    assert found.narrower("mug") == frozenset()


def test_a_circle_is_walked_once() -> None:
    found = parse("a\tnoun\t1\t1\t1\t1\t1\t1\tb\nb\tnoun\t2\t2\t2\t2\t2\t2\ta\n")
    assert found.wider("a") == {"b"}
    assert found.narrower("a") == {"b"}


def test_the_usual_name_is_the_first_form() -> None:
    assert parse(ROWS).name("cup", "zh") == "杯子"


def test_more_forms_make_another_lexicon_of_another_version() -> None:
    before = parse(ROWS)
    after = before.with_forms([ExtraForm("cup", "en", " teacup "), ExtraForm("cup", "en", "cup")])
    assert after.concepts["cup"].forms["en"] == ("cup", "teacup")
    assert before.concepts["cup"].forms["en"] == ("cup",)
    assert after.version != before.version
    assert parse(ROWS).version == before.version


def test_a_form_of_no_concept_is_refused() -> None:
    with pytest.raises(KeyError, match="saucer"):
        parse(ROWS).with_forms([ExtraForm("saucer", "en", "saucer")])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("cup\tnoun\t杯\tcup\tكوب\ttaza\ttasse\tчашка", "cup: 8 columns"),
        ("cup\tnoun\t杯\tcup\t \ttaza\ttasse\tчашка\t", "cup: no form in ar"),
        ("cup\tthing\t杯\tcup\tكوب\ttaza\ttasse\tчашка\t", "thing"),
    ],
)
def test_a_bad_row_says_what_is_wrong(row: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse(row)


def test_ours_has_what_it_promises() -> None:
    ours = lexicon()
    assert lexicon() is ours
    assert sum(concept.kind is Kind.NOUN for concept in ours.concepts.values()) >= 1_500
    assert {concept.kind for concept in ours.concepts.values()} == set(Kind)
