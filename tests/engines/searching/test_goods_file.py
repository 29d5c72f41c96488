from itertools import islice
from pathlib import Path

import pytest

from sundry.engines.searching.goods_file import goods_of, queries_of
from sundry.kernel.errors import UnusableInput
from sundry.kernel.findings import Finding


def written(tmp_path: Path, text: str | bytes, encoding: str = "utf-8") -> Path:
    file = tmp_path / "goods.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_is_read_however_it_was_saved(tmp_path: Path, encoding: str) -> None:
    file = written(tmp_path, 'ID, Title_zh ,stall,ready\r\n7,"粉色 ""大"" 杯,\n带盖",A1,Yes\r\n8,伞\r\n', encoding)
    findings: list[Finding] = []
    one, other = goods_of(file, findings)
    assert (one.id, one.stall, one.document.titles) == ("7", "A1", {"zh": '粉色 "大" 杯,\n带盖'})
    assert (one.document.ready, other.document.ready, other.price_minor, findings) == (True, False, None, [])
    assert (one.document.number, other.document.number) == (1, 2)


def test_goods_of_one_stall_are_known_as_such(tmp_path: Path) -> None:
    file = written(tmp_path, "id,title_en,stall\n1,a,A\n2,b,\n3,c,A\n4,d,\n")
    stalls = [row.document.stall for row in goods_of(file, [])]
    assert stalls[0] == stalls[2]
    assert len(set(stalls)) == 3


def test_all_columns(tmp_path: Path) -> None:
    header = "id,title_ar,price_minor,currency,minimum,sold,category,area,ready,code"
    file = written(tmp_path, f"{header}\nx-1,كوب,450,USD,12,7,home/kitchen,1-F2,1,AB-9\n")
    (row,) = goods_of(file, [])
    good = row.document
    assert (row.id, row.price_minor, good.prices_minor, good.currency) == ("x-1", 450, (450,) * 8, "USD")
    assert (good.minimum, good.sold, good.category, good.area) == (12, 7, ("home", "kitchen"), "1-F2")
    assert (good.ready, good.codes, good.titles) == (True, ("AB-9",), {"ar": "كوب"})


def test_rows_that_are_no_goods_are_told_with_their_line(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        'id,title_zh,sold\n1,"杯\n子",1\n,伞,\n\n1,伞,\n2, ,\n3,伞,-5\n4,伞,9999999999999999999999\n5,勺,１２\n',
    )
    findings: list[Finding] = []
    assert [row.id for row in goods_of(file, findings)] == ["1", "3", "4", "5"]
    assert [(finding.rule, finding.row) for finding in findings] == [
        ("search_good_without_id", 4),
        ("search_good_twice", 6),
        ("search_good_without_title", 7),
        ("search_number_wrong", 8),
        ("search_number_wrong", 9),
        ("search_number_wrong", 10),
    ]
    assert findings[1].details["first"] == 2


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "search_goods_columns"),
        ("id,name\n1,cup\n", "search_goods_columns"),
        ("title_zh\n杯\n", "search_goods_columns"),
        (b"PK\x03\x04\x00\x00", "search_file_not_text"),
        (b"id,title_zh\n1,\xff\xff\xff\n", "search_file_not_text"),
        ('id,title_zh\n1,杯\n2,"伞', "search_file_not_csv"),
        ('id,title_zh\n1,"' + "杯" * 200_000 + '"\n', "search_file_not_csv"),
    ],
)
def test_a_file_that_is_no_list_of_goods_is_refused(tmp_path: Path, text: str | bytes, rule: str) -> None:
    with pytest.raises(UnusableInput) as told:
        list(goods_of(written(tmp_path, text), []))
    assert told.value.rule == rule


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    for missing in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(UnusableInput) as told:
            list(goods_of(missing, []))
        assert told.value.rule == "search_file_unreadable"


def test_a_long_list_is_read_as_a_stream(tmp_path: Path) -> None:
    """The first goods come before the end is looked at, where a quote is never closed."""
    rows = "".join(f"{number},保温杯 {number}\n" for number in range(30_000))
    stream = goods_of(written(tmp_path, f'id,title_zh\n{rows}0,"'), [])
    assert [row.id for row in islice(stream, 3)] == ["0", "1", "2"]
    with pytest.raises(UnusableInput):
        list(stream)


def test_questions_keep_their_order(tmp_path: Path) -> None:
    file = written(tmp_path, "query,language\n杯子,zh\n\ncup,en\n,es\n")
    assert list(queries_of(file)) == [("zh", "杯子"), ("en", "cup"), ("es", "")]


@pytest.mark.parametrize(
    ("text", "rule"),
    [("language\nen\n", "search_batch_columns"), ("language,query\nde,Tasse\n", "search_batch_language")],
)
def test_questions_that_are_none_are_refused(tmp_path: Path, text: str, rule: str) -> None:
    with pytest.raises(UnusableInput) as told:
        list(queries_of(written(tmp_path, text)))
    assert told.value.rule == rule
