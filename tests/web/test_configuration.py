"""Settings: what holds without any, every mistake at once, and the one secret that is made."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import fields
from pathlib import Path

import pytest

from sundry.kernel.errors import EnvironmentFault
from sundry.web.configuration import (
    LOOPBACK,
    READ_ELSEWHERE,
    Configuration,
    Misconfigured,
    configuration,
    default_data_dir,
    kept_secret,
    make_data_dir,
    variable,
    without_password,
)

ROOT = Path(__file__).resolve().parents[2]


def read(folder: Path, **environ: str) -> Configuration:
    return configuration({"SUNDRY_DATA_DIR": str(folder)} | environ)


REAL = {
    "DATABASE_URL": "postgresql://u:p@db/market",
    "SUNDRY_OUTBOX": "smtp",
    "SUNDRY_SMTP_URL": "smtp://mail.example",
}


def faults(folder: Path, **environ: str) -> list[tuple[str, str]]:
    with pytest.raises(Misconfigured) as refused:
        read(folder, **environ)
    return [(details["variable"], rule.removeprefix("configuration_")) for rule, details in refused.value.faults]


def test_without_settings_it_is_a_sample_market_for_this_machine_alone(tmp_path: Path) -> None:
    plain = read(tmp_path)
    assert (plain.market, plain.anonymous_shipping, plain.secure, plain.outbox) == ("sample", True, False, "keep")
    assert plain.public_observatory
    assert plain.public_catalogue
    assert plain.sample_goods == 20_000
    assert (plain.host, plain.port, plain.address) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert plain.allowed_hosts == LOOPBACK
    assert (plain.webhooks, plain.webhooks_ports) == ("keep", ())
    assert plain.embedded
    assert (plain.log_format, plain.web_threads, plain.worker_concurrency) == ("json", 8, 2)


def test_a_database_of_ones_own_is_a_real_market_that_is_strict(tmp_path: Path) -> None:
    real = read(tmp_path, **REAL)
    assert (real.market, real.anonymous_shipping, real.secure, real.embedded) == ("real", False, True, False)
    assert real.webhooks == "send"
    assert not real.public_observatory
    assert not real.public_catalogue
    sample = read(tmp_path, DATABASE_URL="postgresql://u:p@db/market", SUNDRY_MARKET="sample")
    assert (sample.market, sample.anonymous_shipping, sample.secure) == ("sample", True, False)


@pytest.mark.parametrize("real", [{"SUNDRY_MARKET": "real"}, {"DATABASE_URL": "postgresql://u:p@db/market"}])
def test_a_real_market_that_would_send_no_codes_is_told_what_to_set(tmp_path: Path, real: dict[str, str]) -> None:
    with pytest.raises(Misconfigured) as refused:
        read(tmp_path, **real)
    assert "Set SUNDRY_OUTBOX=smtp and SUNDRY_SMTP_URL" in refused.value.message()
    assert faults(tmp_path, **real, SUNDRY_OUTBOX="smtp") == [("SUNDRY_OUTBOX", "smtp_missing")]


MARKET = REAL | {"SUNDRY_ADDRESS": "https://market.example"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"SUNDRY_ADDRESS": "http://market.example"}, [("SUNDRY_ADDRESS", "address_http")]),
        ({"SUNDRY_ADDRESS": "", "SUNDRY_HOST": "192.168.1.5"}, [("SUNDRY_ADDRESS", "address_http")]),
        ({"SUNDRY_ADDRESS": "http://market.example", "SUNDRY_SECURE": "no"}, []),
        ({"SUNDRY_ADDRESS": "http://127.0.0.1:8000"}, []),
        ({"SUNDRY_ALLOWED_HOSTS": "www.market.example"}, [("SUNDRY_ALLOWED_HOSTS", "hosts_address")]),
        ({"SUNDRY_ALLOWED_HOSTS": "rmarket.example"}, [("SUNDRY_ALLOWED_HOSTS", "hosts_address")]),
        ({"SUNDRY_ALLOWED_HOSTS": "Market.example"}, []),
        ({"SUNDRY_ALLOWED_HOSTS": ".market.example"}, []),
        ({"SUNDRY_ALLOWED_HOSTS": ".example"}, []),
        ({"SUNDRY_ALLOWED_HOSTS": "*"}, []),
        ({"SUNDRY_ADDRESS": "https://[2001:db8::1]", "SUNDRY_ALLOWED_HOSTS": "[2001:db8::1]"}, []),
        ({"SUNDRY_WEB_THREADS": "64", "SUNDRY_WORKER_CONCURRENCY": "32"}, []),
        ({"DATABASE_URL": "", "SUNDRY_WEB_THREADS": "26", "SUNDRY_MARKET": "real"}, []),
        ({"DATABASE_URL": "", "SUNDRY_WEB_THREADS": "27"}, [("SUNDRY_WEB_THREADS", "connections")]),
        ({"DATABASE_URL": "", "SUNDRY_WORKER_CONCURRENCY": "32"}, [("SUNDRY_WEB_THREADS", "connections")]),
    ],
)
def test_settings_that_do_not_go_together_are_told(
    tmp_path: Path, changed: dict[str, str], told: list[tuple[str, str]]
) -> None:
    """What is right for each alone would be found when the first person cannot sign in, or the town is full."""
    if told:
        assert faults(tmp_path, **MARKET | changed) == told
    else:
        assert read(tmp_path, **MARKET | changed).data_dir == tmp_path


@pytest.mark.parametrize(
    ("elsewhere", "is_mailbox"),
    [({}, True), (REAL, False), (REAL | {"SUNDRY_MARKET": "sample"}, False)]
    + [({"SUNDRY_MARKET": "sample", name: value}, False) for name, value in REAL.items() if name == "DATABASE_URL"],
)
def test_only_a_sample_with_its_own_database_shows_its_messages_to_everybody(
    tmp_path: Path, elsewhere: dict[str, str], is_mailbox: bool
) -> None:
    assert read(tmp_path, **elsewhere).is_mailbox is is_mailbox


def test_every_mistake_is_told_at_once_and_nothing_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    with pytest.raises(Misconfigured) as refused:
        read(folder, SUNDRY_PORT="80000", SUNDRY_MARKET="reel", SUNDRY_SECURE="perhaps", SUNDRY_PROT="1")
    told = refused.value.message().splitlines()
    assert [line.strip() for line in told[1:]] == [
        "SUNDRY_MARKET=reel: must be one of sample, real.",
        "SUNDRY_PORT=80000: must be a whole number from 1 to 65535.",
        "SUNDRY_SECURE=perhaps: must be one of yes, no.",
        "SUNDRY_PROT: there is no such setting. Correct its spelling (the nearest is SUNDRY_PORT) or remove it.",
    ]
    assert told[0].startswith("4 of the settings cannot be used")
    assert "SUNDRY_PORT=80000：必须是 1 到 65535 之间的整数。" in refused.value.message("zh")
    assert refused.value.exit_code == 64
    assert not folder.exists()


@pytest.mark.parametrize(
    ("name", "wrong", "rule"),
    [
        ("SUNDRY_PORT", "0", "number"),
        ("SUNDRY_PORT", "65536", "number"),
        ("SUNDRY_PORT", "８０", "number"),
        ("SUNDRY_PORT", "-1", "number"),
        ("SUNDRY_WEB_THREADS", "65", "number"),
        ("SUNDRY_WORKER_CONCURRENCY", "0", "number"),
        ("SUNDRY_HOST", "http://here", "host"),
        ("SUNDRY_HOST", "here:8000", "host"),
        ("SUNDRY_ALLOWED_HOSTS", "market.example:8000", "hosts"),
        ("SUNDRY_ALLOWED_HOSTS", "https://market.example", "hosts"),
        ("SUNDRY_ALLOWED_HOSTS", ",", "hosts"),
        ("SUNDRY_ADDRESS", "market.example", "address"),
        ("SUNDRY_ADDRESS", "https://market.example/path", "address"),
        ("SUNDRY_ADDRESS", "https://market.example:port", "address"),
        ("SUNDRY_SECRET_KEY", "x" * 31, "secret"),
        ("DATABASE_URL", "mysql://u:p@db/market", "database_url"),
        ("DATABASE_URL", "postgresql://db", "database_url"),
        ("DATABASE_URL", "postgresql://db:port/market", "database_url"),
        ("SUNDRY_OUTBOX", "post", "choice"),
        ("SUNDRY_OUTBOX", "smtp", "smtp_missing"),
        ("SUNDRY_SMTP_URL", "mail.example:587", "smtp_url"),
        ("SUNDRY_LOG_FORMAT", "xml", "choice"),
        ("SUNDRY_ANONYMOUS_SHIPPING", "2", "choice"),
    ],
)
def test_a_wrong_value_names_its_variable(tmp_path: Path, name: str, wrong: str, rule: str) -> None:
    assert faults(tmp_path, **{"SUNDRY_MARKET": "sample", name: wrong}) == [(name, rule)]


@pytest.mark.parametrize(
    ("name", "field", "given", "kept"),
    [
        ("SUNDRY_PORT", "port", "1", 1),
        ("SUNDRY_PORT", "port", " 65535 ", 65535),
        ("SUNDRY_PORT", "port", "", 8000),
        ("SUNDRY_SECURE", "secure", "ON", True),
        ("SUNDRY_ANONYMOUS_SHIPPING", "anonymous_shipping", "no", False),
        ("SUNDRY_PUBLIC_OBSERVATORY", "public_observatory", "no", False),
        ("SUNDRY_PUBLIC_CATALOGUE", "public_catalogue", "no", False),
        ("SUNDRY_SAMPLE_GOODS", "sample_goods", "0", 0),
        ("SUNDRY_SECRET_KEY", "secret_key", "x" * 32, "x" * 32),
        ("SUNDRY_ADDRESS", "address", "https://market.example/", "https://market.example"),
        ("SUNDRY_ALLOWED_HOSTS", "allowed_hosts", "a.example, .b.example [::2]", ("a.example", ".b.example", "[::2]")),
        ("SUNDRY_ALLOWED_HOSTS", "allowed_hosts", "*", ("*",)),
        ("SUNDRY_ADDRESS", "allowed_hosts", "https://market.example", (*LOOPBACK, "market.example")),
        ("SUNDRY_HOST", "allowed_hosts", "192.168.1.5", (*LOOPBACK, "192.168.1.5")),
        ("SUNDRY_HOST", "allowed_hosts", "::1", LOOPBACK),
        ("SUNDRY_HOST", "address", "::1", "http://[::1]:8000"),
        ("SUNDRY_HOST", "allowed_hosts", "0.0.0.0", LOOPBACK),
        ("SUNDRY_HOST", "address", "0.0.0.0", "http://127.0.0.1:8000"),
    ],
)
def test_a_right_value_is_kept(tmp_path: Path, name: str, field: str, given: str, kept: object) -> None:
    assert getattr(read(tmp_path, **{name: given}), field) == kept


def test_a_password_is_never_told(tmp_path: Path) -> None:
    url = "mysql://me:p@ss/w:rd@db/market"
    assert without_password(url) == "mysql://me:...@db/market"
    with pytest.raises(Misconfigured) as refused:
        read(tmp_path, DATABASE_URL=url, SUNDRY_SECRET_KEY="tooshort", SUNDRY_SMTP_URL="imap://me:sesame@mail")
    assert not [word for word in ("ss/w", "w:rd", "tooshort", "sesame") if word in refused.value.message()]
    kept = read(
        tmp_path,
        **REAL | {"DATABASE_URL": "postgresql://me:sesame@db/market", "SUNDRY_SMTP_URL": "smtp://me:sesame@mail"},
    )
    assert "sesame" not in repr(kept)
    assert kept.secret_key not in repr(kept)


def test_the_data_folder_may_be_new_but_is_no_file(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert faults(file) == [("SUNDRY_DATA_DIR", "folder")]
    assert read(tmp_path / "a" / "b").data_dir == tmp_path / "a" / "b"


def test_the_data_stand_in_the_checkout_or_in_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert default_data_dir({}) == ROOT / "data"
    monkeypatch.setattr("sundry.web.configuration.__file__", str(tmp_path / "site" / "sundry" / "web" / "c.py"))
    assert default_data_dir({"XDG_DATA_HOME": str(tmp_path)}) == tmp_path / "sundry"
    assert default_data_dir({}) == Path.home() / ".local/share/sundry"


def test_the_secret_is_made_once_and_nobody_else_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "new" / "secret-key"
    first = kept_secret(file)
    assert len(first) >= 64
    assert kept_secret(file) == first
    assert read(tmp_path / "new").secret_key == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [entry.name for entry in file.parent.iterdir()] == ["secret-key"]
    assert not file.parent.stat().st_mode & 0o066


def test_a_secret_that_was_cut_short_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("short")
    assert len(kept_secret(tmp_path / "secret-key")) >= 64


def test_of_two_that_make_the_secret_the_first_ones_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secret-key"
    link = os.link

    def late(source: str, target: Path) -> None:
        file.write_text("the other one was quicker than this one was\n")
        link(source, target)

    monkeypatch.setattr(os, "link", late)
    assert kept_secret(file) == "the other one was quicker than this one was"


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentFault) as refused:
        kept_secret(tmp_path / "file" / "below" / "secret-key")
    assert refused.value.rule == "data_folder_unwritable"
    assert "SUNDRY_DATA_DIR" in refused.value.message()


def test_a_data_folder_that_is_there_keeps_its_rights(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    make_data_dir(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o750


def test_the_page_lists_every_setting_and_no_other() -> None:
    page = (ROOT / "docs" / "running.md").read_text("utf-8")
    listed = re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE)
    assert listed == [*(variable(item.name) for item in fields(Configuration)), *READ_ELSEWHERE]


def test_webhooks_go_to_more_ports_where_they_are_named(tmp_path: Path) -> None:
    assert read(tmp_path, SUNDRY_WEBHOOKS_PORTS="9443, 4443,9443").webhooks_ports == (4443, 9443)
    for wrong in ("0", "65536", "https", "443-445", "٤٤٣"):
        assert faults(tmp_path, SUNDRY_WEBHOOKS_PORTS=wrong) == [("SUNDRY_WEBHOOKS_PORTS", "number")]
    assert faults(tmp_path, SUNDRY_WEBHOOKS="maybe") == [("SUNDRY_WEBHOOKS", "choice")]
