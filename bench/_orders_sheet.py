"""A workbook of 5,000 lines with 2,000 pictures, from its bytes to lines in a basket.

Wanted: under 20 s. It is read (in a process of its own), its pictures are decoded and written anew in three sizes (in
two), its rows are matched with stalls and goods, judged and kept, and put into a basket in chunks of 500. Wall time and
CPU, ours with all children; PostgreSQL's own CPU is told beside it where the server is known.

`figures(quick)` wants Django set up on an empty market's database; `run` makes one. By itself:
`python bench/_orders_sheet.py [--quick]`.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

LINES, PICTURES, STALLS = 5_000, 2_000, 50
QUICK_LINES, QUICK_PICTURES = 500, 200
SIDE = 400  # of a picture: what phones' sheets hold


def figures(quick: bool) -> dict[str, Any]:
    """`sheet_import_seconds`, `sheet_import_cpu_seconds`, and what of them is of reading and of inserting."""
    from django.utils import timezone

    from sundry.goods.orders import actions_sheets, queries_sheets

    lines, pictures = (QUICK_LINES, QUICK_PICTURES) if quick else (LINES, PICTURES)
    buyer, stalls = _market()
    data = _book(lines, pictures, stalls)
    now = timezone.now()
    begun, cpu = time.perf_counter(), _cpu()
    sheet = actions_sheets.read_sheet(actor=buyer, name="list.xlsx", data=data, now=now)
    actions_sheets.read_kept(sheet, now=now)
    read, cpu_read = time.perf_counter(), _cpu()
    actions_sheets.insert_sheet(actor=buyer, sheet=sheet, now=now)
    actions_sheets.go_on(sheet, now=now, actor=buyer)
    done, cpu_done = time.perf_counter(), _cpu()
    view = queries_sheets.sheet(sheet)
    assert view is not None
    assert (view.done, view.pictures) == (lines, pictures), view
    return {
        "sheet_lines": lines,
        "sheet_pictures": pictures,
        "sheet_megabytes": round(len(data) / 1e6, 1),
        "sheet_import_seconds": round(done - begun, 2),
        "sheet_import_cpu_seconds": round(cpu_done - cpu, 2),
        "sheet_read_seconds": round(read - begun, 2),
        "sheet_read_cpu_seconds": round(cpu_read - cpu, 2),
        "sheet_insert_seconds": round(done - read, 2),
        "sheet_insert_cpu_seconds": round(cpu_done - cpu_read, 2),
    }


def _cpu() -> float:
    """Of this process and of its children that have ended."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _market() -> tuple[Any, list[int]]:
    """(a buyer, the numbers of stalls). Half of what is asked for is a good of its stall."""
    from django.utils import timezone

    from sundry.base.access.rules import PERSON, Actor, Kind, Position, role_of
    from sundry.base.parties import actions as parties
    from sundry.base.parties import queries as people
    from sundry.base.parties.rules import Address
    from sundry.goods.catalogue import bulk
    from sundry.goods.catalogue.bulk_rows import LoadedGood, LoadedStall
    from sundry.goods.catalogue.models import Stall
    from sundry.goods.catalogue.rules import Draft, Hall, Place, Step
    from sundry.kernel.identifiers import new_id

    now = timezone.now()
    actors = []
    for name, kind in (("Li", Kind.STALL), ("Amina", Kind.BUYER)):
        address = Address(f"{name.lower()}.sheet@market.example", None)
        person = parties.register_person(actor=Actor(), address=address, name=name, language="en", proven_at=now)
        parties.register_organisation(
            actor=Actor(role=PERSON, person=person), kind=kind, name=f"{name} (lists)", administrator=person
        )
        (capacity,) = people.capacities(person)
        role = role_of(capacity.kind, Position.ADMINISTRATOR)
        actors.append(Actor(role=role, person=person, organisation=capacity.organisation))
    seller, buyer = actors
    ids = [new_id() for _ in range(STALLS)]
    names = {"zh": "日用百货"}
    bulk.load_stalls(
        [
            LoadedStall(one, Place("S", 1, "A", one.hex[-8:]), names, f"l-{one}", organisation=seller.organisation)
            for one in ids
        ],
        halls=[Hall("S", {"zh": "测试"}, {})],
    )
    goods = []
    for stall in ids:
        for number in range(0, LINES // STALLS, 2):
            draft = Draft(names={"zh": "牙刷杯"}, item_number=f"K-{number}", ladder=(Step(1, 320),))
            goods.append(LoadedGood(new_id(), stall, draft, now))
    bulk.load_goods(goods, announce=False)
    return buyer, list(Stall.objects.filter(id__in=ids).order_by("number").values_list("number", flat=True))


def _book(lines: int, pictures: int, stalls: list[int]) -> bytes:
    """As an agent has it: stalls, item numbers, names in two languages, cartons, prices, pictures beside the first."""
    from xlsxwriter import Workbook

    out = BytesIO()
    book = Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("订单")
    heads = (
        "店面",
        "工厂货号",
        "图片",
        "中文描述",
        "西班牙语描述",
        "件数",
        "装箱量",
        "总数量",
        "单价",
        "总金额",
        "立方",
    )
    sheet.write_row(0, 0, heads)
    for at in range(lines):
        row = (f"#{stalls[at % len(stalls)]}", f"K-{at // len(stalls)}", "", f"牙刷杯 {at}", f"Vaso {at}", 5, 120)
        sheet.write_row(at + 1, 0, row)
        sheet.write_formula(at + 1, 7, f"=F{at + 2}*G{at + 2}", None, 600)
        sheet.write_number(at + 1, 8, 3 + at % 7 / 10)
        sheet.write_number(at + 1, 10, 0.066)
    for at in range(pictures):
        picture = BytesIO(_picture(at))
        sheet.insert_image(at + 1, 2, f"{at}.jpg", {"image_data": picture, "x_scale": 0.2, "y_scale": 0.2})
    book.close()
    return out.getvalue()


def _picture(number: int) -> bytes:
    from PIL import Image, ImageDraw, ImageFilter

    chance = Random(number)
    drawn = Image.new("RGB", (SIDE, SIDE), (240, 240, 240))
    pen = ImageDraw.Draw(drawn)
    for _ in range(40):
        across, down = chance.randrange(SIDE), chance.randrange(SIDE)
        size = chance.randrange(20, SIDE // 3)
        colour = (chance.randrange(256), chance.randrange(256), chance.randrange(256))
        pen.ellipse((across, down, across + size, down + size), fill=colour)
    out = BytesIO()
    drawn.filter(ImageFilter.GaussianBlur(1)).save(out, "JPEG", quality=85)
    return out.getvalue()


def run(quick: bool) -> dict[str, Any]:
    """In a process of its own, on a server and a database of its own."""
    with tempfile.TemporaryDirectory(prefix="sundry-bench-") as folder:
        environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environ |= {"SUNDRY_DATA_DIR": f"{folder}/data", "SUNDRY_MARKET": "sample", "SUNDRY_SAMPLE_GOODS": "0"}
        environ |= {"DJANGO_SETTINGS_MODULE": "sundry.web.settings"}
        command = [sys.executable, __file__, "--here", *(["--quick"] if quick else [])]
        done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, check=True, text=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _here(quick: bool) -> dict[str, Any]:
    from sundry.web.embedded import Server

    with Server(Path(os.environ["SUNDRY_DATA_DIR"])).used():
        subprocess.run([sys.executable, "-m", "sundry.web.cli", "migrate"], stdout=subprocess.DEVNULL, check=True)
        import django

        django.setup()
        return figures(quick)


if __name__ == "__main__":
    ways = set(sys.argv[1:])
    measured = _here("--quick" in ways) if "--here" in ways else run("--quick" in ways)
    print(json.dumps(measured))
