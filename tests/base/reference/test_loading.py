"""Files are told by their headers; of a folder what can be read is read, and the rest is told."""

from __future__ import annotations

from datetime import date

import pytest

from sundry.base.reference import loading
from sundry.base.reference.loading import File
from sundry.base.reference.rules import Kind, Port
from sundry.kernel.containers import container_types
from sundry.kernel.errors import UnusableInput
from sundry.kernel.findings import Severity
from sundry.kernel.money import CURRENCIES, exponent

DAY = date(2026, 4, 11)
UNITS = File("units.csv", b"rec20,symbol\nKGM,kg\n")
REGISTER = File("a.csv", b"registry_id,country_code,canonical_name\nW:1,CN,Ningbo\nW:2,CN,Yiwu\n")
ALIASES = File("b.csv", b"registry_id,provider,alias\nW:1,X,Ningpo\nW:1,X,Ningpo\nW:1,X,\n")
LIST = File("0.csv", b"unlocode,name,country\nCNNGB,Ningbo,CN\n")


def test_an_edition_begins_on_its_day() -> None:
    assert loading.read(UNITS, day=DAY).valid_from == DAY
    assert loading.read(UNITS, day=DAY, valid_from=date(2020, 1, 1)).valid_from == date(2020, 1, 1)
    hs = File("hs.csv", b"hscode,description,level\n95,Toys,2\n")
    assert loading.read(hs, day=DAY).valid_from == date(2022, 1, 1)


def test_what_is_no_table_or_has_no_rows() -> None:
    for data, rule in ((b"a,b\n1,2\n", "reference_file_unknown"), (b"rec20,symbol\n", "reference_file_without_rows")):
        with pytest.raises(UnusableInput) as refused:
            loading.read(File("f", data), day=DAY)
        assert refused.value.rule == rule


def test_one_error_refuses_the_file_and_a_warning_does_not() -> None:
    assert loading.read(File("f", b"rec20,symbol\nKGM,kg\n?,x\n"), day=DAY).is_refused
    content = loading.read(File("f", b"hscode,description,level,parent\nTOTAL,All,5,TOTAL\n95,Toys,2,TOTAL\n"), day=DAY)
    assert (content.is_refused, [one.severity for one in content.findings]) == (False, [Severity.WARNING])


def test_un_locode_as_its_publisher_gives_it() -> None:
    lines = ',"CN",,".CHINA",,,,,,,,\n,"CN","NGB","Níngbō","Ningbo",,"1-3-----","AI","0601",,"2956N 12133E",\n'
    content = loading.read(File("part1.csv", lines.encode()), day=DAY)
    assert [(one.row, one.value) for one in content.values] == [
        (2, Port("CNNGB", "CN", "Níngbō", 2993333, 12155000, "1-3-----", ("Ningbo",)))
    ]


def test_an_edition_whose_rows_say_their_days_begins_with_the_first() -> None:
    assert {kind: loading.read(file, day=DAY).valid_from for kind, file in loading.own()}[Kind.UNIT] == date(2014, 7, 1)


def test_other_names_go_with_their_register() -> None:
    chosen = loading.chosen([LIST, REGISTER, ALIASES, UNITS, File("x.txt", b"hello")])
    assert set(chosen.taken) == {(REGISTER, ALIASES), (UNITS, None)}
    assert [(name, fault.rule) for name, fault in chosen.left_out] == [
        ("x.txt", "reference_file_unknown"),
        ("0.csv", "reference_another_edition"),
    ]
    content = loading.read(REGISTER, day=DAY, aliases=ALIASES)
    ports = [one.value for one in content.values if isinstance(one.value, Port)]
    assert [port.aliases for port in ports] == [("Ningpo",), ()]
    assert content.sha256 != loading.read(REGISTER, day=DAY).sha256


def test_other_names_without_a_register_are_told() -> None:
    chosen = loading.chosen([ALIASES])
    assert (chosen.taken, [name for name, _ in chosen.left_out]) == ((), ["b.csv"])


def test_our_own_set_has_no_faults_and_says_its_sources() -> None:
    read = {kind: loading.read(file, day=DAY, kind=kind) for kind, file in loading.own()}
    assert {kind: len(content.values) for kind, content in read.items()} == {
        Kind.COUNTRY: 249,
        Kind.CURRENCY: 154,
        Kind.UNIT: 25,
        Kind.INCOTERM: 11,
        Kind.CUSTOMS: 266,
        Kind.HS: 132,
        Kind.PORT: 54,
        Kind.NAME: 1332,
    }
    assert not [one for content in read.values() for one in content.findings]
    rows = [one for content in read.values() for one in content.values]
    assert all(one.source and one.confidence and one.valid_from for one in rows)
    assert Kind.TARIFF not in read, "nothing of the Chinese tariff ships"


def test_our_currencies_are_those_in_which_money_is_counted() -> None:
    _, file = next(one for one in loading.own() if one[0] is Kind.CURRENCY)
    content = loading.read(file, day=DAY)
    assert {one.value.code: one.value.exponent for one in content.values} == {  # type: ignore[union-attr]
        code: exponent(code) for code in CURRENCIES
    }


def test_our_names_name_what_there_is_in_six_languages() -> None:
    read = {kind: loading.read(file, day=DAY, kind=kind) for kind, file in loading.own()}
    codes = {str(kind): {one.value.code for one in content.values} for kind, content in read.items()}  # type: ignore[union-attr]
    named: dict[tuple[str, str], set[str]] = {}
    for one in read[Kind.NAME].values:
        named.setdefault((str(one.value.of), one.value.code), set()).add(one.value.language)  # type: ignore[union-attr]
    assert all(languages == {"zh", "en", "ar", "es", "fr", "ru"} for languages in named.values())
    assert {code for _, code in named} <= set().union(*codes.values())
    assert {code for of, code in named if of == "hs"} == codes["hs"]
    assert all(one.value.code in codes[str(one.value.of)] for one in read[Kind.CUSTOMS].values)  # type: ignore[union-attr]


def test_container_types_are_not_repeated() -> None:
    assert not [
        file.name for _, file in loading.own() if any(name.encode() in file.data for name in container_types(DAY))
    ]


def test_own_countries() -> None:
    assert {"CN", "US", "MA"} < loading.own_countries()
    assert len(loading.own_countries()) == 249
