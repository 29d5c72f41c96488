"""The documents are true: links lead somewhere, command lines parse, tables list what the code really has."""

from __future__ import annotations

import argparse
import ast
import contextlib
import io
import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from sundry.engines.declaring.rules import Declaration, DeclaredItem, Part
from sundry.goods.consolidation.rules import LeftOut, LoadedContainer, Placement
from sundry.goods.orders.rules import ColumnSeen, Line, SetAside, TableColumns
from sundry.goods.shipping.rules import Excluded, Profile, Rate, Shipment
from sundry.kernel.findings import note
from sundry.web.cli import parser

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.md"), ROOT / "bench/README.md"]
)
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


def read(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def commands() -> dict[str, argparse.ArgumentParser]:
    (action,) = (a for a in parser()._actions if isinstance(a, argparse._SubParsersAction))
    return dict(action.choices)


def options(command: argparse.ArgumentParser) -> set[str]:
    return {option for action in command._actions for option in action.option_strings if option.startswith("--")}


def shell_lines(text: str) -> Iterator[str]:
    """Lines of ```sh blocks, continued ones joined, comments gone."""
    for block in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            if line.strip():
                yield line.strip().removeprefix("$ ")


@pytest.mark.parametrize("page", NAMES)
def test_every_link_inside_the_repository_leads_somewhere(page: str) -> None:
    folder = (ROOT / page).parent
    text = re.sub(r"^```.*?^```", "", read(page), flags=re.MULTILINE | re.DOTALL)
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        file = folder / path if path else ROOT / page
        headings = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE) if anchor and file.is_file() else []
        anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
        if not file.exists() or (anchor and anchor not in anchors):
            broken.append(target)
    assert not broken


@pytest.mark.parametrize("page", NAMES)
def test_every_file_that_a_page_names_exists(page: str) -> None:
    """Names in backticks that begin with a folder of the repository; `docs/decisions/0003` may stand for its file."""
    named = re.findall(r"`((?:src|docs|tests|bench|tools|\.ci)/[\w./-]+)`", read(page))
    assert not [name for name in named if not (ROOT / name).exists() and not list(ROOT.glob(f"{name}*"))]


@pytest.mark.parametrize("page", NAMES)
def test_every_command_line_can_be_typed(page: str) -> None:
    for line in shell_lines(read(page)):
        words = shlex.split(line, comments=True)
        if words and words[0].rpartition("/")[2] == "sundry":
            with contextlib.redirect_stderr(io.StringIO()) as said:
                understood = _parses(words[1:])
            assert understood, f"{line}: {said.getvalue()}"


def _parses(words: list[str]) -> bool:
    try:
        parser().parse_args(words)
    except SystemExit as left:
        return left.code == 0
    return True


@pytest.mark.parametrize("page", NAMES)
def test_every_command_that_a_sentence_names_exists(page: str) -> None:
    known = commands()
    for words in (found.split() for found in re.findall(r"`sundry ([^`]+)`", read(page))):
        name = words[0]
        assert name.startswith("-") or name in {*known, "COMMAND"}, f"there is no `sundry {name}`"
        named = {word.partition("=")[0] for word in words[1:] if word.startswith("--")}
        assert named <= (options(known[name]) if name in known else {"--help", "--json"})


def test_the_page_of_commands_lists_every_command_and_option() -> None:
    sections = dict(
        re.findall(r"^## sundry ([a-z-]+)\n(.*?)(?=^## |\Z)", read("docs/commands.md"), re.MULTILINE | re.DOTALL)
    )
    assert set(sections) == set(commands())
    for name, command in commands().items():
        documented = set(re.findall(r"^\| `(--[a-z-]+)", sections[name], re.MULTILINE))
        # --help and --json stand once, at the top of the page, for all commands.
        assert documented == options(command) - {"--help", "--json"}, name


def test_the_page_of_commands_shows_a_whole_profile() -> None:
    (text,) = re.findall(r"^The profile says.*?```yaml\n(.*?)```", read("docs/commands.md"), re.MULTILINE | re.DOTALL)
    assert set(yaml.safe_load(text)) == {field.name for field in fields(Profile)}


def glossary() -> list[list[str]]:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", read("docs/glossary.md"), re.MULTILINE)
    return [list(row) for row in rows if not row[0].startswith(("-", "English"))]


def test_the_glossary_has_one_word_for_one_thing_in_both_languages() -> None:
    rows = glossary()
    assert len(rows) > 40
    for column in (0, 1):
        words = [word.strip().lower() for row in rows for word in re.split(r"[;；]", row[column])]
        assert not {word for word in words if words.count(word) > 1}
    assert all(re.search(r"[\u4e00-\u9fff]", row[1]) for row in rows)


def test_decisions_are_numbered_without_a_gap_and_titled_by_what_was_decided() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    for page in pages:
        text = page.read_text("utf-8")
        assert re.match(rf"# {page.name[:4]} .{{15,}}\n", text), page.name
        for heading in ("## Why", "## What we gave up"):
            assert heading in text, f"{page.name} lacks {heading}"


def shipment() -> Shipment:
    """One of everything, so that every key of the document is there."""
    line = Line(
        sheet="1", row=2, stall="A", item="i", name="n", cartons=2, pieces_per_carton=6, pieces=12, unit="piece",
        unit_price="1.00", unit_price_minor=100, price_per="piece", value_minor=1200, currency="CNY", gross_g=9,
        net_g=8, carton_mm=(1, 2, 3), carton_mm_from="stated", carton_volume_mm3=6, carton_volume_from="LxWxH",
        hs="950300",
    )  # fmt: skip
    container = LoadedContainer(
        type="20GP", inside_mm=(10, 10, 10), door_mm=(9, 9), payload_g=100, usual_volume_mm3=None, price_minor=1,
        price_currency="USD", placements=(Placement(0, 0, 0, 0, 1, 2, 3),), gross_g=None, known_gross_g=0, volume_mm3=6,
    )  # fmt: skip
    part = Part(line=0, cartons=1, pieces=6, value_usd_cents=1, gross_g=None, net_g=None)
    item = DeclaredItem(
        hs=None, name="n", unit="piece", merged=False, inspection=False, cartons=1, pieces=6, value_usd_cents=1,
        gross_g=None, net_g=None, legal_quantity=None, legal_unit=None, parts=(part,),
    )  # fmt: skip
    form = Declaration(number=1, mode="1039", incomplete=True, value_usd_cents=1, items=(item,))
    return Shipment(
        file="book.xlsx", day=date(2026, 4, 11), language="en", profile=Profile(),
        rates=(Rate("USD", "CNY", "7.10", None, "command line"),), lines=(line,), value_usd_cents=(1,),
        set_aside=(SetAside("1", 3),), containers=(container,), left_out=(LeftOut(0, 1, "no_room"),),
        declarations=(form,), findings=(note("bench_value", line=0),), excluded=(Excluded("1", 4),),
        tables=(TableColumns("1", 1, {}, (), seen=(ColumnSeen("A", "货号", ("i",), "item"),)),),
    )  # fmt: skip


def paths(data: Any, prefix: str = "") -> Iterator[str]:
    """`lines[].row` for every value of the document that is not a container of others."""
    if isinstance(data, dict) and data and prefix != "totals.value_minor":
        for key, value in data.items():
            yield from paths(value, f"{prefix}.{key}" if prefix else key)
    elif isinstance(data, list) and data and isinstance(data[0], dict):
        yield from paths(data[0], f"{prefix}[]")
    else:
        yield prefix


def test_the_page_of_shipment_json_describes_every_field_and_no_other() -> None:
    described = re.findall(r"^\| `([\w.\[\]]+)` \| [^|]+ \|[^|]*\|$", read("docs/shipment-json.md"), re.MULTILINE)
    assert len(described) == len(set(described))
    assert set(described) == set(paths(shipment().to_json()))


def test_the_page_of_the_flow_lists_every_folder_and_every_contract() -> None:
    text = read("docs/flow.md")
    source = ROOT / "src" / "sundry"
    top = {folder.name for folder in source.iterdir() if (folder / "__init__.py").is_file()}
    split = {"base", "goods", "engines"}
    folders = (top - split) | {
        f"{name}/{folder.name}"
        for name in split
        for folder in (source / name).iterdir()
        if (folder / "__init__.py").is_file()
    }
    assert set(re.findall(r"^\| `([\w/]+)` \|", text.partition("Inside a module")[0], re.MULTILINE)) == folders
    contracts = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    told = re.findall(r"^\| `([\w-]+)` \|", text.partition("## The contracts")[2], re.MULTILINE)
    assert told == [contract["id"] for contract in contracts]


def table_of(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, its head left out."""
    (lines,) = re.findall(rf"^## {heading}\n.*?\n((?:\|[^\n]*\n)+)", read(page), re.MULTILINE | re.DOTALL)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines.splitlines()[2:]]


def test_the_page_of_the_ledger_lists_every_outcome_in_order_with_its_meaning() -> None:
    module = ast.parse(read("src/sundry/base/ledger/rules.py"))
    (outcomes,) = (node for node in module.body if isinstance(node, ast.ClassDef) and node.name == "Outcome")
    told = iter(outcomes.body[1:])
    meant = [
        [ast.literal_eval(name.value), ast.literal_eval(text.value)] for name, text in zip(told, told, strict=True)
    ]
    written = [[name.strip("`"), text] for name, text in table_of("docs/ledger.md", "The answers")]
    assert written == [[name, " ".join(text.split())] for name, text in meant]


def test_the_page_of_the_ledger_lists_every_constraint_and_every_check() -> None:
    from django.apps import apps

    from sundry.base.ledger.verification import CHECKS

    rows = table_of("docs/ledger.md", "What holds, and who holds it")
    by_database, by_verify = (re.findall(r"`(\w+)`", " ".join(row[n] for row in rows)) for n in (1, 2))
    constraints = [one.name for model in apps.get_app_config("ledger").get_models() for one in model._meta.constraints]
    assert sorted(by_database) == sorted(constraints)
    assert sorted(by_verify) == sorted(CHECKS)
