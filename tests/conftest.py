"""What all tests share: no timed properties, a folder of data of their own, a throw-away PostgreSQL, clients."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any, Final

import django
import pytest
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

# No deadline, so that a busy machine fails nothing. EXAMPLES: of each property; 100, as is usual, in `make nightly`.
hypothesis_settings.register_profile("house", deadline=None, max_examples=int(os.environ.get("EXAMPLES", "25")))
hypothesis_settings.load_profile("house")

# Before Django's settings are read, never the data of somebody's own market: were they named in pyproject.toml,
# pytest-django would read them before this file.
_DATA = tempfile.TemporaryDirectory(prefix="sundry-tests-")
for variable in [name for name in os.environ if name.startswith("SUNDRY_") and name != "SUNDRY_CACHE_DIR"]:
    del os.environ[variable]
os.environ.pop("DATABASE_URL", None)
os.environ["SUNDRY_DATA_DIR"] = _DATA.name
os.environ["SUNDRY_SAMPLE_GOODS"] = "60"  # twenty thousand would be made again and again
os.environ["DJANGO_SETTINGS_MODULE"] = "sundry.web.settings"
for made_at_a_start in ("static", "uploads"):  # the server wants them to be there
    (Path(_DATA.name) / made_at_a_start).mkdir()
django.setup()


# What looks at the running market: two processes open one each, not all.
MARKET: Final = (
    tuple(f"tests/scenarios/{name}.py" for name in ("test_market_pages", "test_browser_pages", "test_market_abuse")),
    tuple(
        f"tests/scenarios/test_{name}.py"
        for name in ("browser_desk", "browser_phone", "market_hurt", "browser_keyboard", "browser_no_script")
    ),
)
LONG: Final = (
    *MARKET[0],
    *MARKET[1],
    "tests/web/test_access_matrix.py",
    "tests/scenarios/test_ledger_faults.py",
    "tests/web/test_run.py",
    "tests/engines/packing/test_constraints.py",
    "tests/goods/shipping/test_jobs.py",
    "tests/web/api/test_document.py",
    "tests/simulation/test_sample_market.py",
)


def pytest_collection_finish() -> None:
    """What was collected stays until the end: nobody looks through it for rubbish again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file is one process's, as `--dist loadfile` has it; so are the files that share a running market."""
    from xdist.scheduler import LoadFileScheduling

    class Sharing(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file: str = super()._split_scope(nodeid)
            return next((files[0] for files in MARKET if file in files), file)

    return Sharing(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "night: asked by `make nightly` (NIGHT=yes), where another like it is by day")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Files that take long begin first, so that no process is left alone with one at the end."""
    if os.environ.get("NIGHT") != "yes":
        of_the_night = [item for item in items if item.get_closest_marker("night")]
        config.hook.pytest_deselected(items=of_the_night)
        items[:] = [item for item in items if item not in set(of_the_night)]
    rank = {file: place for place, file in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(item.nodeid.partition("::")[0], len(LONG)))


@pytest.fixture(autouse=True)
def language_of_the_settings() -> None:
    """Each test begins in English: a request leaves its language to whatever comes next in this thread."""
    translation.activate("en")


@pytest.fixture(autouse=True, scope="session")
def nobody_waits_for_a_turn() -> None:
    """All tests come from one address, in a hurry; tests/web/test_crowd.py has buckets of its own."""
    from sundry.web import crowd

    plenty = crowd.Pace(at_once=10**9, a_second=10**9)
    crowd.pages, crowd.pictures, crowd.lists = (crowd.Buckets(plenty) for _ in range(3))


@pytest.fixture(autouse=True, scope="session")
def what_was_committed_is_deleted() -> Iterator[None]:
    """After a test that commits. Django empties every table by TRUNCATE, which makes new files for each, and fills anew
    what every market has: a second a test, for the few tables that hold a row."""
    from django.test import TransactionTestCase

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(TransactionTestCase, "_fixture_teardown", lambda _: _delete_what_was_committed())
        yield


def _delete_what_was_committed() -> None:
    from django.db import connection

    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
    tables -= {"auth_permission", "django_content_type"}  # which no test fills
    holds = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in sorted(tables))
    with connection.cursor() as cursor:
        cursor.execute(holds)
        held = [table for (table,) in cursor.fetchall()]
        cursor.execute(
            "SELECT name FROM unnest(%s::text[]) name WHERE pg_relation_size(name::regclass) > 100000", [held]
        )
        large = [table for (table,) in cursor.fetchall()]
        cursor.execute("SET session_replication_role = replica")  # no trigger, no order of foreign keys
        if large:  # of what is deleted, who reads the table next reads all that was in it
            cursor.execute(f"TRUNCATE {', '.join(large)} CASCADE")
        for table in held:
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("RESET session_replication_role")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Path]:
    """A throw-away server for this run; the folder of its socket."""
    from sundry.web.embedded import throwaway

    with tempfile.TemporaryDirectory(prefix="sundry-pg-") as folder, throwaway(Path(folder)) as server:
        yield Path(server.host)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres: Path) -> None:
    """Called by pytest-django only when a test asks for the database: pure tests start no server."""
    from django.db import connections

    for place in (connections["default"].settings_dict, connections.settings["default"]):
        place.update(HOST=str(postgres), USER="sundry", NAME="sundry")
        place["OPTIONS"].pop("assume_role", None)  # who makes the tables; tests/base/ledger posts as the application


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Nobody drops the database of the tests: its server goes with all it has."""
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The application has its rights. And the audit log may be emptied, as the tests that commit need it."""
    from django.db import connection

    from sundry.base.ledger import rights

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        rights.grant(cursor)
        cursor.execute("ALTER TABLE access_auditentry DISABLE TRIGGER audit_is_never_emptied")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One real browser for the whole run: Playwright cannot be started twice. Skips where there is none."""
    playwright = pytest.importorskip("playwright.sync_api")
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("no Chromium on this machine: nothing is tried in a browser")
    arguments = [  # software drawing, and a browser that does not telephone home
        *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
        *("--disable-component-update", "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"),
    ]
    # Playwright runs a loop in this thread, which Django would take for a page that must not ask the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with pytest.MonkeyPatch.context() as patched, playwright.sync_playwright() as running:
        for acting in (playwright.Locator, playwright.Page):
            for name in ("click", "check", "press"):
                patched.setattr(acting, name, _and_the_page_has_come(getattr(acting, name)))
        started = running.chromium.launch(executable_path=program, args=arguments)
        yield started
        started.close()


def _and_the_page_has_come(act: Callable[..., Any]) -> Callable[..., Any]:
    """Playwright's click ends when the next page begins to come; who counts its rows at once counts too few."""

    @wraps(act)
    def acted(on: Any, *given: Any, **options: Any) -> Any:
        answer = act(on, *given, **options)
        page = getattr(on, "page", on)
        if not page.is_closed():
            page.wait_for_load_state("domcontentloaded")
        return answer

    return acted


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[[str | bytes], None]:
    """assert_accessible(html) finds the serious faults of a page or a fragment: tests/web/accessibility.py."""
    return _accessibility().assert_accessible


@pytest.fixture(scope="session")
def assert_contrast() -> Callable[[Any], None]:
    """assert_contrast(page) measures every text of Playwright's page in the light and in the dark."""
    return _accessibility().assert_contrast


def _accessibility() -> Any:
    folder = str(Path(__file__).parent / "web")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    import accessibility

    return accessibility
