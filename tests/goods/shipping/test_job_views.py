"""What is cut out of a job for a page: slices, cards, filters, names of cells and columns."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.goods.orders.rules import Correction
from sundry.goods.shipping import job_parts, job_views
from sundry.goods.shipping.job_rules import Job, LinePlace
from sundry.kernel.findings import Severity

MakeJob = Callable[..., Job]
ROWS = [(number, f"row {number}") for number in range(0, 40, 2)]


def test_a_list_is_walked_forth_and_back() -> None:
    seen, query = [], "?"
    pages = []
    for _ in range(10):
        part = job_views.cut(ROWS, _read(query), 6)
        seen += part.rows
        pages.append(part)
        query = part.next
        if not query:
            break
    assert seen == [row for _, row in ROWS]
    assert [len(part.rows) for part in pages] == [6, 6, 6, 2]
    back = job_views.cut(ROWS, _read(pages[2].previous), 6)
    assert back.rows == pages[1].rows
    first = job_views.cut(ROWS, _read(back.previous), 6)
    assert (first.rows, first.previous) == (pages[0].rows, "")


def _read(query: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in query.removeprefix("?").split("&") if pair)


def test_the_filters_stay_in_the_address_of_the_next_page() -> None:
    part = job_views.cut(ROWS, {"q": "杯 x", "after": "4", "state": ""}, 2)
    assert part.next == "?q=%E6%9D%AF+x&after=8"
    assert part.previous == "?q=%E6%9D%AF+x&before=6"


def test_a_page_that_is_just_full_is_the_last() -> None:
    assert job_views.cut(ROWS, {}, len(ROWS)).next == ""
    assert job_views.cut(ROWS, {}, len(ROWS) - 1).next != ""
    assert job_views.cut([], {}, 5) == job_views.Slice(())


@given(st.text(max_size=12), st.text(max_size=12))
def test_no_address_breaks_a_list(after: str, before: str) -> None:
    assert len(job_views.cut(ROWS, {"after": after, "before": before}, 5).rows) <= 5


@pytest.mark.django_db
def test_the_worst_rows_come_first_each_once(make_job: MakeJob) -> None:
    job = make_job("read")
    cards = job_views.cards(job, {}).rows
    severities = [card.severity for card in cards]
    assert severities == sorted(severities, key=[Severity.ERROR, Severity.WARNING, Severity.NOTE].index)
    places = [(card.sheet, card.row) for card in cards if card.row]
    assert len(places) == len(set(places))
    assert sum(len(card.findings) for card in cards) == len(job_views.all_findings(job))


@pytest.mark.django_db
def test_a_wrong_cell_can_be_typed_in_and_its_neighbours_when_the_row_is_opened(make_job: MakeJob) -> None:
    job = make_job("read")
    card = next(card for card in job_views.cards(job, {}).rows if any(cell.is_wrong for cell in card.cells))
    wrong = [cell for cell in card.cells if cell.is_wrong]
    assert [cell.name for cell in card.cells if cell.name] == [cell.name for cell in wrong]
    assert all(cell.header for cell in wrong)
    (whole,) = job_views.cards(job, {"sheet": card.sheet, "row": str(card.row)}).rows
    assert all(cell.name for cell in whole.cells)
    assert len(whole.cells) > len(wrong)


@pytest.mark.django_db
def test_a_row_in_which_nothing_was_found_can_be_typed_in_all_the_same(make_job: MakeJob) -> None:
    job = make_job()
    found = {(finding.sheet, finding.row) for finding in job_views.all_findings(job)}
    lines = (line.told for _, line in job_views.all_lines(job, {}))
    sheet, row = next((line["sheet"], line["row"]) for line in lines if (line["sheet"], line["row"]) not in found)
    (card,) = job_views.cards(job, {"sheet": sheet, "row": str(row)}).rows
    assert (card.findings, card.severity) == ((), None)
    assert all(cell.name for cell in card.cells)
    named = {cell.name: [cell.text] for cell in card.cells}
    assert job_views.corrections_typed(job, named) == []
    assert len(job_views.corrections_typed(job, {name: ["new"] for name in named})) == len(named) > 5
    (nothing,) = job_views.cards(job, {"sheet": "none", "row": "3"}).rows
    assert nothing.cells == ()


@pytest.mark.django_db
def test_only_what_was_changed_is_a_correction(make_job: MakeJob) -> None:
    job = make_job("read")
    card = next(card for card in job_views.cards(job, {}).rows if any(cell.is_wrong for cell in card.cells))
    (whole,) = job_views.cards(job, {"sheet": card.sheet, "row": str(card.row)}).rows
    typed = {cell.name: [cell.text] for cell in whole.cells}
    assert job_views.corrections_typed(job, typed) == []
    changed = whole.cells[1]
    typed[changed.name] = [changed.text, " 12 "]  # the cell stood in two findings; one of them was changed
    assert job_views.corrections_typed(job, typed) == [Correction(card.sheet, card.row, changed.letter, "12")]
    after = replace(job, corrections=(Correction(card.sheet, card.row, changed.letter, "12"),))
    (shown,) = job_views.cards(after, {"sheet": card.sheet, "row": str(card.row)}).rows
    assert [cell.letter for cell in shown.cells if cell.is_corrected] == [changed.letter]


def test_names_of_fields_that_are_no_cells_are_passed_over() -> None:
    names = ["cell:F:17:S:heet", "cell:F:17:", "cell:F", "cell:F:x:S", "other", "cell:F:99999999:S", "take_back"]
    assert job_views.corrections_named(names) == [("S:heet", 17, "F"), ("", 17, "F")]


@pytest.mark.django_db
def test_a_column_is_told_by_its_header_unless_that_is_not_clear(make_job: MakeJob) -> None:
    job = make_job("read")
    folder = job_views.reading_folder(job)
    assert folder is not None
    headers = {"A": "Kodas", "B": "Kaina", "C": "Kaina", "D": "", "E": "G"}
    columns = [{"letter": letter, "header": text, "samples": [], "slot": None} for letter, text in headers.items()]
    table = {"sheet": "S", "header_row": 1, "key": "k", "is_list": True, "columns": columns}
    (folder / job_parts.COLUMNS).write_text(json.dumps({"tables": [table], "previews": []}))
    typed = {f"column:k:{letter}": "note" for letter in headers} | {"column:other:A": "item", "column:k:A1": "item"}
    maps = job_views.maps_chosen(job, typed)
    assert maps == {"k": {"columns": dict.fromkeys(("Kodas", "B", "C", "D", "E"), "note"), "header_row": None}}
    said = replace(job, column_maps=maps)
    assert {column.chosen for column in job_views.tables(said, {}).rows[0].columns} == {"note"}


@pytest.mark.django_db
def test_a_line_says_what_becomes_of_it(make_job: MakeJob) -> None:
    job = make_job()
    lines = [line for _, line in job_views.all_lines(job, {})]
    states = {line.state for line in lines}
    assert states <= {job_views.LineState.LOADED, job_views.LineState.SET_ASIDE}
    first = lines[0].told
    chosen = replace(job, left_out=(LinePlace(first["sheet"], first["row"], first["item"]),))
    assert job_views.all_lines(chosen, {"state": "left_out"})[0][1].told == first
    moved = replace(job, left_out=(LinePlace(first["sheet"], first["row"], "another item"),))
    assert job_views.all_lines(moved, {"state": "left_out"}) == []


@pytest.mark.django_db
def test_lines_are_found_by_words_container_and_sheet(make_job: MakeJob) -> None:
    job = make_job()
    every = [line.told for _, line in job_views.all_lines(job, {})]
    item = every[5]["item"]
    assert all(item in line.told["item"] for _, line in job_views.all_lines(job, {"q": item.lower()}))
    assert job_views.all_lines(job, {"q": f"{item} no-such-word"}) == []
    assert job_views.all_lines(job, {"sheet": "none"}) == []
    in_first = job_views.all_lines(job, {"container": "1"})
    assert in_first
    assert all(1 in line.told["containers"] for _, line in in_first)


@pytest.mark.django_db
def test_only_lines_of_the_book_can_be_chosen(make_job: MakeJob) -> None:
    job = make_job("read")
    line = job_views.all_lines(job, {})[0][1]
    assert job_views.places_chosen(job, [line.value, "1:none", "x", "99999999:S", ""]) == [
        LinePlace(line.told["sheet"], line.told["row"], line.told["item"])
    ]
    assert job_views.places_chosen(make_job("uploaded"), [line.value]) == []


@pytest.mark.django_db
def test_without_results_there_is_nothing_and_no_fault(make_job: MakeJob) -> None:
    job = make_job("uploaded")
    assert job_views.parts_folder(job) is None
    for empty in (
        job_views.cards(job, {}).rows,
        job_views.all_lines(job, {}),
        job_views.all_tables(job),
        job_views.grids(job, {}),
        job_views.containers(job),
        job_views.declarations(job),
        job_views.downloads(job),
        job_views.sheets(job),
        job_views.all_findings(job),
    ):
        assert not empty
    assert job_views.view_json(job, {}, "en") is None
    assert job_views.item(job, 1, 1) is None


@pytest.mark.django_db
def test_the_view_is_whole_json_in_any_language(make_job: MakeJob) -> None:
    job = make_job()
    for language in ("en", "zh", "ar"):
        text = job_views.view_json(job, {"locale": "x", "labels": {"a": "b"}}, language)
        assert text is not None
        assert set(json.loads(text)) == {"locale", "labels", "lines", "containers"}


@pytest.mark.django_db
def test_before_the_plan_only_the_marked_copy_can_be_taken(make_job: MakeJob) -> None:
    assert set(job_views.downloads(make_job("read"))) == {"checked.xlsx"}
    assert set(job_views.downloads(make_job("planned"))) == {*job_views.PAPERS, "layers-01.svg", "checked.xlsx"}


def test_the_id_of_a_query() -> None:
    assert job_views.id_in("x") is None
    assert str(job_views.id_in("01a2025a-debf-754e-9559-c376ea6d0227")) == "01a2025a-debf-754e-9559-c376ea6d0227"
