"""What holds for the files of the repository as a whole."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "sundry"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

# Written in two halves, so that this file does not hold what it looks for.
REGISTRIES = ("pypi" + ".org", "python" + "hosted", "tuna" + ".tsinghua", "mirrors" + ".aliyun", "index" + "-url")
PLACES = ("/" + "work/", "/" + "tmp/w", "/" + "root/", "/" + "home/", "before" + "-stop", "." + "library")
HOUSE_TOOLS = re.compile(r"--no-emit-index-url")  # how tools/lock.sh keeps registries out

# Files of src (patterns are allowed) whose tests stand elsewhere than in tests/<folder>/test_<name>.py.
TESTED_IN = {
    "engines/declaring/formats/given.py": "engines/declaring/formats/test_lines_json.py",
    # The reader is tried with whole books: what one of its files makes of a row only makes sense with the others.
    "goods/orders/reading/*.py": "books/test_reading.py",
    **dict.fromkeys(
        (f"goods/orders/{name}.py" for name in ("rules", "formats/grid", "formats/opening")),
        "books/test_reading.py",
    ),
    **dict.fromkeys((f"goods/orders/formats/{name}.py" for name in ("csv", "ods", "xls")), "books/test_reading.py"),
    "goods/orders/formats/checked_*.py": "goods/orders/formats/test_checked_book.py",
    "goods/shipping/profiles.py": "goods/shipping/test_actions.py",
    "goods/shipping/rules.py": "goods/shipping/test_papers.py",
    **dict.fromkeys(
        (f"goods/orders/{name}.py" for name in ("filling", "models", "writing")), "goods/orders/test_actions_basket.py"
    ),
    **dict.fromkeys(
        (f"goods/orders/{name}.py" for name in ("changing", "dealing")), "goods/orders/test_actions_changes.py"
    ),
    **dict.fromkeys(
        (f"goods/orders/{name}.py" for name in ("viewing", "queries_sales", "queries_timeline")),
        "goods/orders/test_queries_orders.py",
    ),
    **dict.fromkeys(
        (f"goods/orders/{name}.py" for name in ("talk_checks", "quoting", "queries_quotations")),
        "goods/orders/test_actions_quotations.py",
    ),
    **dict.fromkeys(
        (f"goods/orders/{name}.py" for name in ("own_sales", "pages_sale_answers", "pages_tickets")),
        "goods/orders/test_pages_sales.py",
    ),
    **dict.fromkeys(
        (f"goods/orders/{name}.py" for name in ("forms_orders", "own_orders", "pages", "pages_basket_lines")),
        "goods/orders/test_pages_basket.py",
    ),
    **dict.fromkeys(
        (
            f"goods/orders/{name}.py"
            for name in (
                "actions_marks",
                "actions_reminders",
                "mark_rules",
                "pages_desk_remind",
                "queries_marks",
                "queries_reminders",
            )
        ),
        "goods/orders/test_pages_desk_marks.py",
    ),
    **dict.fromkeys(
        (f"goods/orders/{name}.py" for name in ("forms_changes", "pages_parts", "pages_placing")),
        "goods/orders/test_pages_orders.py",
    ),
    **dict.fromkeys(
        (
            f"goods/orders/{name}.py"
            for name in (
                "import_rules",
                "jobs_sheets",
                "queries_sheets",
                "sheets_intake",
                "sheets_pictures",
                "sheets_staging",
            )
        ),
        "goods/orders/test_actions_sheets.py",
    ),
    "goods/orders/actions_forgetting.py": "simulation/test_sample_orders.py",
    "goods/orders/sheets_writing.py": "goods/orders/test_actions_sheets.py",
    **dict.fromkeys(
        (f"goods/orders/{name}.py" for name in ("pages_sheets_out", "sheets_export", "sheets_tickets")),
        "goods/orders/test_pages_sheets.py",
    ),
    "goods/orders/pages_accepting.py": "goods/orders/test_pages_quotations.py",
    "goods/orders/own_goods.py": "goods/orders/test_pages_changes.py",
    "goods/orders/forms_enquiries.py": "goods/orders/test_pages_enquiries.py",
    "goods/orders/forms_mandates.py": "goods/orders/test_pages_mandates.py",
    "goods/orders/actions_terms.py": "goods/orders/test_pages_terms.py",
    "web/templatetags/talk.py": "goods/orders/test_pages_talk.py",
    "goods/orders/talking.py": "goods/orders/test_actions_conversations.py",
    "goods/orders/queries_enquiries.py": "goods/orders/test_actions_enquiries.py",
    "goods/orders/operations_talk.py": "goods/orders/test_jobs_talk.py",
    "goods/orders/commands.py": "house/test_json_line.py",
    **dict.fromkeys(
        (f"goods/orders/{name}.py" for name in ("placing", "placing_*", "telling")),
        "goods/orders/test_actions_placing.py",
    ),
    **dict.fromkeys(
        (
            f"goods/orders/{name}.py"
            for name in ("actions_late", "ending", "events", "handing", "holding", "jobs", "notices")
        ),
        "goods/orders/test_actions_answering.py",
    ),
    "goods/catalogue/actions_stock.py": "goods/orders/test_actions_placing.py",
    "goods/catalogue/orderable.py": "goods/catalogue/test_queries_orderable.py",
    "kernel/outcome.py": "house/test_json_line.py",
    "simulation/wares.py": "simulation/test_order_book.py",
    "simulation/market/words.py": "simulation/market/test_kinds.py",
    "*/apps.py": "house/test_migrations.py",
    "*/migrations/*.py": "house/test_migrations.py",
    "base/ledger/operations.py": "base/ledger/test_pages.py",
    "base/webhooks/operations.py": "base/webhooks/test_pages.py",
    "web/events.py": "web/test_access_matrix.py",
    **dict.fromkeys((f"web/mcp/{name}.py" for name in ("toolbox", "tools_*")), "web/mcp/test_tools.py"),
    "web/mcp/calling.py": "web/mcp/test_server.py",
    "goods/orders/operations.py": "web/test_access_matrix.py",
    "web/mcp/http.py": "web/mcp/test_pages.py",
    **dict.fromkeys(
        (f"goods/orders/{name}.py" for name in ("api", "api_common", "api_schemas*")), "goods/orders/test_api_orders.py"
    ),
    "web/notices.py": "base/notifications/test_digesting.py",
    **dict.fromkeys(
        (
            *(
                f"goods/orders/{name}.py"
                for name in ("actions_views", "desk_chosen", "desk_columns", "pages_desk_bulk", "queries_desk")
            ),
        ),
        "goods/orders/test_pages_desk.py",
    ),
    **dict.fromkeys(
        (f"base/notifications/{name}.py" for name in ("operations", "stop_links")), "base/notifications/test_pages.py"
    ),
    **dict.fromkeys(
        (f"base/notifications/{name}.py" for name in ("jobs", "models")), "base/notifications/test_sending.py"
    ),
    "base/notifications/queries.py": "base/notifications/test_actions.py",
    "base/parties/operations.py": "base/parties/test_pages.py",
    "base/reference/operations.py": "base/reference/test_pages.py",
    "base/reference/formats/shape.py": "base/reference/formats/test_opening.py",
    **dict.fromkeys((f"base/reference/{name}.py" for name in ("models", "writing")), "base/reference/test_actions.py"),
    **dict.fromkeys(
        (f"insight/observatory/{name}.py" for name in ("related", "views", "writing")),
        "insight/observatory/test_actions.py",
    ),
    **dict.fromkeys(
        (f"goods/catalogue/{name}.py" for name in ("errors", "products", "writing")), "goods/catalogue/test_actions.py"
    ),
    **dict.fromkeys(
        (
            *(f"goods/catalogue/sheets_{name}.py" for name in ("drafts", "intake", "variants")),
            "goods/catalogue/formats/shape.py",
        ),
        "goods/catalogue/test_sheets.py",
    ),
    **dict.fromkeys(
        (f"goods/catalogue/{name}.py" for name in ("actions_many", "queries_sheets")),
        "goods/catalogue/test_actions_sheets.py",
    ),
    **dict.fromkeys(
        (f"goods/catalogue/formats/goods_{name}.py" for name in ("books", "package")),
        "goods/catalogue/formats/test_goods_xlsx.py",
    ),
    "goods/catalogue/sheets_export.py": "goods/catalogue/test_pages_sheets.py",
    "goods/catalogue/sheets_words.py": "goods/catalogue/test_sheets_headers.py",
    **dict.fromkeys(
        (
            *(f"goods/catalogue/pages_{name}.py" for name in ("brand", "goods", "map", "search", "sitemap", "wanted")),
            *(f"goods/catalogue/{name}.py" for name in ("facets", "queries_sitemap", "storefront", "words")),
            "web/templatetags/catalogue.py",
        ),
        "goods/catalogue/test_pages.py",
    ),
    "goods/catalogue/reading.py": "goods/catalogue/test_queries.py",
    "goods/catalogue/operations.py": "web/test_access_matrix.py",
    "goods/catalogue/searching.py": "goods/catalogue/test_indexing.py",
    "goods/catalogue/api_schemas.py": "goods/catalogue/test_api.py",
    "goods/catalogue/checks_figures.py": "goods/catalogue/test_checks.py",
    "goods/catalogue/own_stall.py": "goods/catalogue/test_pages_add.py",
    **dict.fromkeys(
        (f"goods/catalogue/forms_{name}.py" for name in ("goods", "variants")), "goods/catalogue/test_pages_edit.py"
    ),
    "goods/catalogue/forms_stall.py": "goods/catalogue/test_pages_my_stall.py",
    "insight/observatory/keysets.py": "insight/observatory/test_queries.py",
    **dict.fromkeys(
        (f"insight/observatory/pages_{name}.py" for name in ("import", "shared")), "insight/observatory/test_pages.py"
    ),
    # What every engine of search answers alike is tried with both engines at once.
    **dict.fromkeys(
        (
            f"engines/searching/{name}.py"
            for name in ("asking", "counting", "embedded", "fitting", "model", "plain", "port", "similar")
        ),
        "engines/searching/test_conformance.py",
    ),
    "engines/searching/reader.py": "engines/searching/test_writer.py",
    **dict.fromkeys((f"web/{name}.py" for name in ("urls", "api/urls")), "web/test_access_matrix.py"),
    "insight/observatory/api_shapes.py": "insight/observatory/test_api.py",
    "insight/observatory/queries_exports.py": "insight/observatory/test_exports.py",
    "web/context.py": "web/pages/test_home.py",
    **dict.fromkeys((f"web/{name}.py" for name in ("settings", "wsgi")), "web/test_run.py"),
    "web/serve.py": "web/test_run.py",
}


@cache
def tracked() -> tuple[Path, ...]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout: which files belong to the repository is not known")
    return tuple(ROOT / name for name in done.stdout.decode().split("\0") if name and (ROOT / name).is_file())


@cache
def text(file: Path) -> str:
    return file.read_text("utf-8", errors="ignore")


def test_no_file_names_a_package_registry() -> None:
    named = [
        f"{file.relative_to(ROOT)}: {host}"
        for file in tracked()
        for host in REGISTRIES
        if host in HOUSE_TOOLS.sub("", text(file))
    ]
    assert not named


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    named = [f"{file.relative_to(ROOT)}: {place}" for file in tracked() for place in PLACES if place in text(file)]
    assert not named


def test_the_product_does_not_know_the_test_data() -> None:
    assert not [file for file in SOURCE.rglob("*.py") if "shared/" + "data" in text(file)]


def test_no_file_is_larger_than_two_megabytes() -> None:
    assert not [str(file.relative_to(ROOT)) for file in tracked() if file.stat().st_size > 2_000_000]


def untested() -> Iterator[str]:
    """Source files without a test file of their own."""
    for file in sorted(SOURCE.rglob("*.py")):
        name = file.relative_to(SOURCE)
        if name.name != "__init__.py" and not (ROOT / "tests" / name.parent / f"test_{name.name}").is_file():
            yield str(name)


def test_every_source_file_has_its_tests() -> None:
    assert not [name for name in untested() if not any(fnmatch(name, pattern) for pattern in TESTED_IN)]


def test_the_list_of_tests_elsewhere_is_true() -> None:
    alone = list(untested())
    for pattern, test in TESTED_IN.items():
        assert any(fnmatch(name, pattern) for name in alone), f"{pattern}: strike it, or it has tests of its own now"
        assert (ROOT / "tests" / test).is_file(), test


def test_every_test_folder_mirrors_a_source_folder() -> None:
    own = {"house", "scenarios", "books"}
    strange = {
        str(folder.relative_to(ROOT / "tests"))
        for folder in {file.parent for file in (ROOT / "tests").rglob("test_*.py")}
        if folder.relative_to(ROOT / "tests").parts[0] not in own
        and not (SOURCE / folder.relative_to(ROOT / "tests")).is_dir()
    }
    assert not strange


def test_the_changelog_tells_of_this_version() -> None:
    versions = re.findall(r"^## \[(.+?)\]", text(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert versions[0] == PYPROJECT["project"]["version"]


def test_the_package_knows_its_version() -> None:
    """The set-up installs sundry again when pyproject.toml changes, so that the two cannot part."""
    from importlib.metadata import version

    assert version("sundry") == PYPROJECT["project"]["version"]


def test_the_lock_holds_every_requirement_with_hashes() -> None:
    lock = text(ROOT / "requirements.lock")
    locked = set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))
    project = PYPROJECT["project"]
    groups = PYPROJECT["dependency-groups"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["plan"], *groups["build"], *groups["dev"]]
    assert {re.split(r"[<>=!~\[]", requirement)[0] for requirement in wanted} <= locked
    blocks = re.split(r"^(?=[a-z])", lock, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(locked)
    assert not [block for block in blocks if "--hash=sha256:" not in block]


def test_scripts_of_the_house_can_be_run() -> None:
    for script in (ROOT / ".ci" / "run", ROOT / "tools" / "setup.sh", ROOT / "tools" / "lock.sh"):
        assert script.stat().st_mode & 0o111, f"{script} is not executable"
        shell = "bash" if "bash" in text(script).partition("\n")[0] else "sh"
        subprocess.run([shell, "-n", script], check=True)


def test_the_make_targets_that_a_newcomer_is_told_of_exist() -> None:
    makefile = text(ROOT / "Makefile")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert {"setup", "run", "test", "check", "bench", "clean"} <= targets
    told = {
        target
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "Makefile", ROOT / ".ci" / "run"]
        for target in re.findall(r"`?(?<![a-z-])make ([a-z]+)`", text(page))
    }
    assert told <= targets
