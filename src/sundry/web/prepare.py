"""What must be true before a market opens, and before a command asks its database.

Problem: each of these steps is a command of Django's, and each command loads Django for two seconds, at every start,
mostly to find that there is nothing to do. Therefore who serves the pages does it itself, having loaded Django anyway,
and looks first: migrations only where some are missing, stylesheets and scripts only where one has changed, the sample
only where a sample market is empty.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sundry.base.ledger import rights
from sundry.kernel.errors import EnvironmentFault
from sundry.web.configuration import Configuration, configuration, unwritable
from sundry.web.database import check, database

Say = Callable[..., None]
"""say(rule, **values): tell the person at the terminal."""

# Of pg_advisory_lock: two machines that start on one database migrate it one after the other.
_LOCK = 0x53554E445259


def prepare(own: Configuration, say: Say, *, sample: bool, language: str) -> bool:
    """Make the database of `own`, which answers, and its data folder ready; whether stylesheets or scripts changed.

    Then a process that knows the ones before has to begin again. SundryError: why it cannot be done.
    """
    if not own.embedded:
        check(own)
    _django()
    from django.db import connections

    try:
        migrate(say)
        if sample and own.market == "sample":
            load_sample(say, language)
    finally:
        connections.close_all()
    empty(own.data_dir / "uploads")
    return collect_static(own.data_dir / "static")


@contextmanager
def ready(say: Say) -> Iterator[None]:
    """For a command: the database answers inside the block, its tables are up to date, and Django is loaded."""
    with database(configuration()):
        _django()
        from django.db import connections

        migrate(say)
        try:
            yield
        finally:
            connections.close_all()


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sundry.web.settings")
    import django

    django.setup()


def migrate(say: Say) -> None:
    """Bring the tables up to date, and the application's rights to them. Nothing is said where they are already.

    EnvironmentFault: we may not.
    """
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import DatabaseError

    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                say("run_migrating")
                call_command("migrate", verbosity=0, interactive=False)
            if not rights.are_whole(cursor):
                rights.grant(cursor)
            cursor.execute(f"SET ROLE {rights.ROLE}; RESET ROLE")
        except DatabaseError as fault:
            said = _right_that_is_missing(fault)
            if said is None:
                raise
            user = connection.settings_dict["USER"]
            raise EnvironmentFault("database_rights_missing", user=user, role=rights.ROLE, fault=said) from fault
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _right_that_is_missing(fault: BaseException | None) -> str | None:
    """What PostgreSQL said of a right; None: the fault came of something else."""
    from psycopg.errors import InsufficientPrivilege

    while fault is not None:
        if isinstance(fault, InsufficientPrivilege):
            return str(fault.diag.message_primary)
        fault = fault.__cause__ or fault.__context__
    return None


@contextmanager
def as_owner() -> Iterator[None]:
    """Inside the block the connection is that of the tables' owner, and not of the application."""
    from django.db import connection

    options = connection.settings_dict["OPTIONS"]
    role = options.pop("assume_role", None)
    if role is None:
        yield
        return
    connection.close()
    try:
        yield
    finally:
        connection.close()
        options["assume_role"] = role


def load_sample(say: Say, language: str) -> None:
    """Fill an empty market with the sample; `sundry sample` mends it later."""
    from django.utils import timezone

    from sundry.simulation import sample_market, sample_shelves

    if not sample_market.is_empty():
        return
    say("run_sample")
    loading = sample_market.load(now=timezone.now())
    for name, fault in loading.left_out:
        say("sample_left_out", name=name, why=fault.message(language))
    if sample_market.SHELVES in loading.made:
        sample_shelves.tell_search()


def empty(folder: Path) -> None:
    """Make `folder` without anything in it: a server that was killed left there what was just being uploaded."""
    with _writing(folder):
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(mode=0o700)


def collect_static(folder: Path) -> bool:
    """Stylesheets, scripts and pictures under names that hold their digest, compressed once; whether that was needed.

    All of it is made beside `folder` and takes its place when it is whole.
    """
    from django.conf import settings
    from django.contrib.staticfiles import finders
    from whitenoise.storage import CompressedManifestStaticFilesStorage

    found = sorted(
        ((Path(getattr(storage, "prefix", None) or "") / name).as_posix(), Path(storage.path(name)))
        for finder in finders.get_finders()
        for name, storage in finder.list([])
    )
    digest = _digest(found)
    if _recorded(folder) == digest:
        return False
    made = folder.with_name(f"{folder.name}.unfinished")
    with _writing(folder):
        shutil.rmtree(made, ignore_errors=True)
        storage = CompressedManifestStaticFilesStorage(location=made, base_url=settings.STATIC_URL)
        for name, file in found:
            target = made / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        for _, _, fault in storage.post_process({name: (storage, name) for name, _ in found}):
            if isinstance(fault, Exception):
                raise fault
        (made / ".digest").write_text(digest, "utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)
    return True


def _digest(found: list[tuple[str, Path]]) -> str:
    stamps = (f"{name} {file.stat().st_size} {file.stat().st_mtime_ns}" for name, file in found)
    return hashlib.sha256("\n".join(stamps).encode()).hexdigest()


def _recorded(folder: Path) -> str:
    try:
        return (folder / ".digest").read_text("utf-8")
    except FileNotFoundError:
        return ""


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise unwritable(folder, fault) from fault
