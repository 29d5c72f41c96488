"""Where a database is, what is asked of one that somebody else runs, and who holds the embedded one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest

from sundry.kernel.errors import EnvironmentFault
from sundry.web import database
from sundry.web.configuration import Configuration, configuration
from sundry.web.embedded import ConnectionParameters, Server


def market(folder: Path, **environ: str) -> Configuration:
    sends = {"SUNDRY_OUTBOX": "smtp", "SUNDRY_SMTP_URL": "smtp://mail.example"}  # a real market must
    return configuration({"SUNDRY_DATA_DIR": str(folder)} | sends | environ)


def reached_by(url: str) -> dict[str, Any]:
    return database.from_url(url).libpq()


def test_an_address_becomes_what_libpq_and_django_take() -> None:
    there = {"host": "db.example", "port": 5433, "dbname": "market", "user": "me", "password": "p@:w"}
    url = "postgresql://me:p%40%3Aw@db.example:5433/market?sslmode=require"
    assert reached_by(url) == there | {"sslmode": "require"}
    assert database.from_url(url).django() == {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "db.example",
        "PORT": 5433,
        "NAME": "market",
        "USER": "me",
        "PASSWORD": "p@:w",
        "OPTIONS": {"sslmode": "require"},
    }
    assert reached_by("postgres://u@[::1]:5432/d") == {"host": "::1", "port": 5432, "dbname": "d", "user": "u"}
    assert reached_by("postgresql://u@/d?host=/run/x") == {"host": "/run/x", "dbname": "d", "user": "u"}
    assert reached_by("postgresql://u@%2Frun%2FX/d") == {"host": "/run/X", "dbname": "d", "user": "u"}
    assert reached_by("postgresql:///d") == {"dbname": "d"}


def test_a_password_is_not_shown() -> None:
    assert "sesame" not in repr(database.from_url("postgresql://u:sesame@h/d"))


def test_the_embedded_server_is_there_as_long_as_it_is_needed(tmp_path: Path) -> None:
    own = market(tmp_path)
    with database.database(own) as reached:
        assert reached == database.connection(own)
        with psycopg.connect(**reached.libpq()) as asked:
            assert asked.execute("SELECT current_database()").fetchone() == ("sundry",)
        url = f"postgresql://sundry@/sundry?host={reached.host}"
        with database.database(market(tmp_path / "another", DATABASE_URL=url)) as borrowed:
            assert borrowed.host == reached.host
        assert Server(tmp_path).postmaster(), "who borrows a server leaves it running"
        assert not (tmp_path / "another" / "postgres").exists()
    assert Server(tmp_path).postmaster() is None


def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://me:sesame@127.0.0.1:1/market"
    with pytest.raises(EnvironmentFault) as refused, database.database(market(tmp_path, DATABASE_URL=url)):
        pass
    assert refused.value.rule == "database_unreachable"
    assert "postgresql://me:...@127.0.0.1:1/market" in refused.value.message()
    assert "sesame" not in refused.value.message()


class Old:
    """A stand-in for a connection to a server of another age or another alphabet."""

    def __init__(self, version: int, encoding: str) -> None:
        self.info = self
        self.server_version = version
        self.row = (encoding,)

    def __enter__(self) -> Old:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def execute(self, _: str) -> Old:
        return self

    def fetchone(self) -> tuple[str]:
        return self.row


@pytest.mark.parametrize(
    ("version", "encoding", "rule"),
    [(150000, "UTF8", None), (149999, "UTF8", "database_too_old"), (180006, "SQL_ASCII", "database_not_utf8")],
)
def test_an_old_server_and_one_without_utf8_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: int, encoding: str, rule: str | None
) -> None:
    monkeypatch.setattr(psycopg, "connect", lambda **_: Old(version, encoding))
    named = market(tmp_path, DATABASE_URL="postgresql://u:p@db/market")
    if rule is None:
        database.check(named)
        return
    with pytest.raises(EnvironmentFault) as refused:
        database.check(named)
    assert refused.value.rule == rule


def test_a_real_market_does_not_run_as_root_with_the_embedded_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    with pytest.raises(EnvironmentFault) as refused, database.database(market(tmp_path, SUNDRY_MARKET="real")):
        pass
    assert refused.value.rule == "embedded_as_root"
    assert isinstance(database.server(market(tmp_path)), Server)
    assert not (tmp_path / "postgres").exists()


def test_connection_parameters_leave_out_what_is_not_said() -> None:
    assert ConnectionParameters(host="", name="d", user="").libpq() == {"dbname": "d"}
