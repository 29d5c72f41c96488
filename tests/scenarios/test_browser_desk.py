"""Lin ships a real book at her desk, in a browser, in Chinese: from the dropped file to the deleted job.

The tests are one story and follow each other; her page stays open from one to the next. Where the books of the five
offices are not on this machine she ships the sample book.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from pypdf import PdfReader
from running_market import RunningMarket, Visitor, wait_for

from sundry.simulation.order_book import write_sample

ROOT = Path(__file__).resolve().parents[2]
REAL_BOOK = ROOT.parent / "shared" / "data" / "workbooks" / "05_hengtai_xianghao_zh.xlsx"
ZH = "zh-hans"
PAPERS = {
    "checked.xlsx",
    "declarations.xlsx",
    "invoice.pdf",
    "loading.html",
    "loading.pdf",
    "packing-list.xlsx",
    "shipment.json",
}
# A file that is dropped: Playwright has no way of its own to drag one in.
DROPPED = """([name, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const dragged = new DataTransfer();
  dragged.items.add(new File([bytes], name));
  return dragged;
}"""

Browse = Callable[..., Any]
Say = Callable[..., str]
TakePicture = Callable[..., None]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """Her book, the field of a cell in which a number is missing, and what belongs there."""
    if REAL_BOOK.is_file():
        return REAL_BOOK, "cell:B:27:装箱清单", "9001-9003"
    truth = write_sample(tmp_path_factory.mktemp("book") / "sample.xlsx", stalls=8, lines=90)
    slip = next(one for one in truth.mistakes if one.rule == "the carton count is missing")
    return truth.path, f"cell:F:{slip.row}:{slip.sheet}", "4"


@pytest.fixture(scope="module")
def desk(open_browser: Browse) -> Any:
    """Her page."""
    return open_browser(size="desk", language=ZH)


@pytest.fixture(scope="module")
def job(desk: Any, book: tuple[Path, str, str]) -> str:
    """She drops the book on the page and waits until it is read; the path of its page."""
    desk.goto("/ship/")
    path = book[0]
    dragged = desk.evaluate_handle(DROPPED, [f"恒泰达 {path.name}", b64encode(path.read_bytes()).decode()])
    drop = desk.locator("[data-file-drop]")
    drop.dispatch_event("dragover", {"dataTransfer": dragged})
    drop.dispatch_event("drop", {"dataTransfer": dragged})
    assert path.name in drop.locator("output").inner_text()
    desk.locator("form[action='/ship/new'] button").last.click()
    desk.locator("form[action$='/plan']").wait_for()
    return str(desk.evaluate("location.pathname"))


def counted(desk: Any, page: str) -> int:
    """The number that the task list tells of a page: so many errors, lines, containers."""
    found = re.search(r"\d[\d,]*", desk.locator(f".task:has(a[href$='/{page}/']) .badge").inner_text())
    return int(found[0].replace(",", "")) if found else 0


def test_she_drops_her_book_and_sees_what_is_in_it(desk: Any, job: str, say: Say, take_picture: TakePicture) -> None:
    assert desk.locator("h1").inner_text().startswith("恒泰达")
    assert counted(desk, "lines") >= 80
    assert counted(desk, "findings") >= 1
    assert desk.locator("button", has_text=say(ZH, "Plan the containers")).is_visible()
    take_picture(desk, "desk-1-book-read")


def test_she_sees_each_mistake_at_its_cell(
    desk: Any, job: str, book: tuple[Path, str, str], take_picture: TakePicture
) -> None:
    desk.click(".task-list a[href$='/findings/']")
    _, letter, row, sheet = book[1].split(":")
    card = desk.locator(".ship-finding", has=desk.locator(f"[name='{book[1]}']"))
    assert card.locator("h2").inner_text().split()[0] == f"{sheet}!{row}"
    assert card.locator("li").first.inner_text().startswith(f"{letter}{row}")
    assert card.locator("td.is-wrong").evaluate("cell => cell.cellIndex") == 0  # the cell to mend comes first
    assert card.locator("td.is-wrong input").input_value() == ""
    take_picture(desk, "desk-2-findings")


def test_she_types_the_right_value_where_it_is_wrong(
    desk: Any, job: str, book: tuple[Path, str, str], say: Say, take_picture: TakePicture
) -> None:
    desk.goto(job)
    errors, lines = counted(desk, "findings"), counted(desk, "lines")
    desk.goto(f"{job}findings/?severity=error")
    desk.fill(f"[name='{book[1]}']", book[2])
    take_picture(desk, "desk-3-value-typed")
    desk.get_by_role("button", name=say(ZH, "Save what I typed and read again")).click()
    desk.locator(".toast-success").wait_for()
    desk.locator("#progress").wait_for(state="detached")
    desk.goto(job)
    assert counted(desk, "lines") == lines + 1
    assert desk.locator(".task:has(a[href$='/findings/']) .badge-error").count() == (1 if errors > 1 else 0)
    desk.goto(f"{job}findings/")
    (_, letter, row, sheet), corrected = book[1].split(":"), desk.locator("main > details")
    corrected.locator("summary").click()
    assert f"{sheet}!{letter}{row}" in corrected.inner_text()
    assert book[2] in corrected.inner_text()


def test_she_leaves_one_line_out_and_says_that_another_must_travel(
    desk: Any, job: str, say: Say, take_picture: TakePicture
) -> None:
    desk.goto(job)
    desk.click(".task-list a[href$='/lines/']")
    rows = desk.locator("tbody[data-rows] > tr")
    bar = desk.locator(".bulk-actions")
    assert not bar.is_visible()
    rows.nth(1).locator("input[type=checkbox]").check()
    assert bar.locator("output").inner_text() == "1"
    take_picture(desk, "desk-4-line-chosen", whole=False)
    bar.get_by_role("button", name=say(ZH, "Leave out"), exact=True).click()
    rows.nth(1).get_by_text(say(ZH, "Left out by you")).wait_for()
    rows.nth(2).locator("input[type=checkbox]").check()
    bar.get_by_role("button", name=say(ZH, "Must travel")).click()
    rows.nth(2).get_by_text(say(ZH, "Must travel")).wait_for()
    desk.goto(f"{job}lines/?state=left_out")  # an address that she may send to her colleague
    assert rows.count() == 1
    assert desk.locator("#state").input_value() == "left_out"


def test_she_plans_and_watches_real_counts(desk: Any, job: str, say: Say, take_picture: TakePicture) -> None:
    from playwright.sync_api import Error

    desk.goto(f"{job}options/")
    desk.select_option("[name=container]", "auto")
    desk.fill("[name=seconds]", "2")
    desk.fill("[name=buyer]", "ZK LAGOS LTD")
    desk.get_by_role("button", name=say(ZH, "Save and plan")).click()
    seen = set()
    counting = desk.locator("#progress progress[max]")

    def is_planned() -> bool:
        if counting.count():
            try:
                with_count = counting.evaluate_all("bars => bars.map(bar => [bar.ariaLabel, bar.value, bar.max])")
            except Error:  # the page has just moved on
                return False
            if with_count and not seen:
                take_picture(desk, "desk-5-progress")
            seen.update(map(tuple, with_count))
        return bool(desk.locator("a[href$='all.zip']").count())

    wait_for("the plan", is_planned)
    assert seen, "no count was ever shown"
    assert all(0 <= done <= total and label for label, done, total in seen)
    assert counted(desk, "containers") >= 1
    assert counted(desk, "declarations") >= 1
    take_picture(desk, "desk-6-planned")


def test_she_turns_the_container_steps_through_it_and_cuts_it(desk: Any, job: str, take_picture: TakePicture) -> None:
    desk.goto(job)
    desk.click("a.button[href$='/containers/']")
    step, told = desk.locator(".lv-step"), desk.locator(".lv-progress")
    step.wait_for()
    full = int(step.get_attribute("max"))
    assert full > 100
    assert int(step.input_value()) == full
    take_picture(desk, "desk-7-container", whole=False)

    before = picture_of(desk)
    box = desk.locator(".lv-canvas").bounding_box()
    desk.mouse.move(box["x"] + 200, box["y"] + 150)
    desk.mouse.down()
    desk.mouse.move(box["x"] + 320, box["y"] + 180, steps=4)
    desk.mouse.up()
    wait_for("the container to turn", lambda: picture_of(desk) != before)

    step.focus()
    desk.keyboard.press("Home")
    assert step.input_value() == "0"
    desk.keyboard.press("End")
    assert int(step.input_value()) == full
    desk.keyboard.press("k")
    back = int(step.input_value())
    assert 0 < back < full
    assert f"{back:,}" in told.inner_text()
    desk.keyboard.press("t")
    assert desk.locator(".lv-views [data-view=top]").get_attribute("aria-pressed") == "true"
    desk.keyboard.press("i")

    before, cut = picture_of(desk), desk.locator(".lv-cut")
    cut.evaluate("cut => { cut.value = cut.max / 2; cut.dispatchEvent(new Event('input')); }")
    wait_for("the cut", lambda: picture_of(desk) != before)
    assert re.search(r"\d\.\d", desk.locator(".lv-cut-value").inner_text())
    take_picture(desk, "desk-8-container-cut", whole=False)
    assert desk.evaluate("location.hash") == f"#1/{back}"


def picture_of(desk: Any) -> str:
    return str(desk.locator(".lv-canvas").evaluate("canvas => canvas.toDataURL()"))


def test_she_opens_a_declared_item_and_sees_its_lines_with_their_cells(
    desk: Any, job: str, take_picture: TakePicture
) -> None:
    desk.goto(f"{job}declarations/")
    take_picture(desk, "desk-9-declarations", whole=False)
    items = desk.locator("tbody[data-rows] > tr")
    item = items.filter(has=desk.locator("a")).nth(0)
    cartons = item.locator("td").nth(3).inner_text()
    item.locator("a").click()
    parts = desk.locator("tbody[data-rows] > tr")
    assert parts.count() >= 1
    assert desk.locator("tfoot td").first.inner_text() == cartons
    in_all = sum(int(text.replace(",", "")) for text in parts.locator("td:nth-child(5)").all_inner_texts())
    assert in_all == int(cartons.replace(",", ""))
    row = re.search(r"\d+$", parts.first.locator("td").first.inner_text())
    assert row
    assert re.search(rf"[A-Z]{row[0]}\b", parts.first.locator("td").last.inner_text())
    take_picture(desk, "desk-10-declared-item")
    parts.first.locator("a").click()  # and from there to the row of her book
    assert desk.evaluate("new URLSearchParams(location.search).get('row')") == row[0]


def test_she_takes_every_paper_along_and_each_opens(desk: Any, job: str, take_picture: TakePicture) -> None:
    desk.goto(f"{job}files/")
    take_picture(desk, "desk-11-papers")
    links = desk.locator("tbody[data-rows] a")
    taken = {}
    for link in links.all():
        with desk.expect_download() as waiting:
            link.click()
        name = link.inner_text().strip()
        assert waiting.value.suggested_filename.endswith(f" - {name}")
        taken[name] = Path(waiting.value.path()).read_bytes()
    containers = range(1, len(json.loads(taken["shipment.json"])["containers"]) + 1)
    assert set(taken) == PAPERS | {f"layers-{number:02d}.svg" for number in containers}
    shipment = json.loads(taken["shipment.json"])
    left_out = {line["row"] for line in shipment["excluded"]}
    assert len(left_out) == 1
    assert not left_out & {line["row"] for line in shipment["lines"]}
    for name in ("packing-list.xlsx", "declarations.xlsx", "checked.xlsx"):
        assert openpyxl.load_workbook(BytesIO(taken[name])).worksheets
    for name in ("loading.pdf", "invoice.pdf"):
        assert PdfReader(BytesIO(taken[name])).pages
    assert "ZK LAGOS LTD" in "".join(page.extract_text() for page in PdfReader(BytesIO(taken["invoice.pdf"])).pages)
    with desk.expect_download() as waiting:
        desk.keyboard.press("e")  # the key for export
    with ZipFile(waiting.value.path()) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == taken


def test_the_copy_for_the_foreman_needs_no_market(
    desk: Any, job: str, open_browser: Browse, tmp_path: Path, market: RunningMarket
) -> None:
    """loading.html, carried away on a stick, opened from a disk."""
    away = tmp_path / "loading.html"
    away.write_bytes(Visitor(market.address).get(f"{job}files/loading.html").body)
    phone = open_browser(size="phone", language=ZH)
    phone.goto(away.as_uri())
    phone.locator(".lv-step").wait_for()
    assert phone.locator(".lv-tabs button").count() >= 1


def test_she_deletes_the_job_and_nothing_is_left_of_it(
    desk: Any, job: str, say: Say, market: RunningMarket, visitor: Callable[..., Visitor]
) -> None:
    folders = market.job_folders()
    desk.goto(job)
    desk.get_by_role("link", name=say(ZH, "Delete this shipment")).click()
    desk.get_by_role("button", name=say(ZH, "Delete it")).click()
    desk.locator(".toast-success").wait_for()
    assert desk.evaluate("location.pathname") == "/ship/"
    assert not desk.locator(f"a[href='{job}']").count()
    assert len(folders - market.job_folders()) == 1
    for other in (
        visitor(),
        visitor(person="carrier"),
    ):  # who is asked to sign in, and who is told that it is not there
        never = "/ship/AbCdEfGhIjKlMnOpQrStUvWxYz012345/"
        for page in ("", "findings/", "containers/", "containers.json", "files/shipment.json", "files/all.zip"):
            gone, nothing = other.get(job + page), other.get(never + page)
            assert (gone.status, gone.words) == (nothing.status, nothing.words)
            assert gone.status == 404 or gone.path == "/account/login/"


# Smaller stories.


def test_a_book_in_no_known_language_is_read_when_she_says_what_its_columns_hold(
    open_browser: Browse, tmp_path: Path, say: Say, take_picture: TakePicture
) -> None:
    book = tmp_path / "užsakymas.csv"
    book.write_text(
        "Užsakymas 2026\n\nKodas,Prekė,Dėžės,Dėžėje,Kaina,Tūris\nK1,Puodelis,4,36,2.5,0.05\nK2,Lempa,3,20,11,0.06\n",
        "utf-8",
    )
    columns = {"A": "item", "B": "name", "C": "cartons", "D": "pieces_per_carton", "E": "price", "F": "volume"}
    page = open_browser(language=ZH)
    page.goto("/ship/")
    page.set_input_files("input[type=file]", book)
    page.locator("form[action='/ship/new'] button").last.click()
    page.locator(".task:has(a[href$='/columns/']) .badge-error").wait_for()
    assert not page.locator("form[action$='/plan']").count()
    page.click(".task-list a[href$='/columns/']")
    page.click("a[href*='row=3']")  # the row with the names of the columns
    for letter, field in columns.items():
        page.select_option(f"[name='column::{letter}']", field)
    take_picture(page, "desk-12-columns")
    page.get_by_role("button", name=say(ZH, "Read the book like this")).click()
    page.locator("#progress").wait_for(state="detached")
    page.click("main nav a >> nth=-1")
    assert counted(page, "lines") == 2
    assert page.locator("form[action$='/plan']").count() == 1


# 20 of these cartons fill a 20GP; the sea freight of a second one is paid for three.
METAL_SHELVES = "\n".join(
    (
        "货号\t品名\t箱数\t装箱数\t单价\t外箱尺寸(CM)\t件毛重KG\tHS编码",
        "M-1\t金属货架\t23\t1\t180\t113*113*113\t50\t9403200000",
    )
)


def test_pasted_rows_become_a_book_and_three_cartons_become_a_question(
    open_browser: Browse, say: Say, take_picture: TakePicture
) -> None:
    page = open_browser(language=ZH)
    page.goto("/ship/")
    page.get_by_text(say(ZH, "Paste rows instead")).click()
    page.fill("[name=pasted]", METAL_SHELVES)
    page.locator("form[action='/ship/new'] button").last.click()
    page.locator("form[action$='/plan']").wait_for()
    assert counted(page, "lines") == 1

    page.click(".task-list a[href$='/options/']")
    page.select_option("[name=container]", "20GP")
    page.fill("[name=seconds]", "1")
    page.get_by_role("button", name=say(ZH, "Save and plan")).click()
    question = page.locator("#offer-title")
    question.wait_for()
    assert re.search(r"\b3\b.*20GP", question.inner_text())
    assert "USD" in page.locator("[aria-labelledby=offer-title] dd").first.inner_text()
    assert counted(page, "containers") == 2
    take_picture(page, "desk-13-question")
    page.get_by_role("button", name=say(ZH, "Yes, leave them and plan again")).click()
    page.locator("#progress").wait_for()
    page.locator("a[href$='all.zip']").wait_for()
    assert not question.count()
    assert counted(page, "containers") == 1
    page.goto(page.url + "files/")
    with page.expect_download() as waiting:
        page.click("a[href$='shipment.json']")
    shipment = json.loads(Path(waiting.value.path()).read_text("utf-8"))
    assert [len(container["placements"]) for container in shipment["containers"]] == [20]
    assert [one["cartons"] for one in shipment["left_out"]] == [3]
    assert sum(item["cartons"] for form in shipment["declarations"] for item in form["items"]) == 20
