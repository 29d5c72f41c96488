"""Every setting of a market, in one place, read once from the environment and checked before anything starts.

Problem: a setting that is misspelt is found at the worst moment, and one after the other. `SUNDRY_PROT=8001` is simply
ignored, `SUNDRY_MARKET=reel` fails in the first page that asks for it, and the next mistake shows itself only when the
first is mended. Therefore all values are read here, every wrong one is collected, and all of them are told at once:
the variable, what it holds, the rule, what to do. A name that begins with SUNDRY_ and means nothing is a mistake too.

    SUNDRY_PORT=80000 SUNDRY_MARKET=reel sundry run
    sundry: 2 settings cannot be used. ...
      SUNDRY_MARKET=reel: must be one of sample, real.
      SUNDRY_PORT=80000: must be a whole number from 1 to 65535.

docs/running.md lists the settings; a test holds that table to `Configuration`. Standard library only: the process that
watches over a market, and `settings.py` before Django is there, both read it.
"""

from __future__ import annotations

import difflib
import errno
import os
import re
import secrets
import tempfile
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sundry.kernel.errors import EnvironmentFault, UsageError
from sundry.kernel.messages import render

MARKETS = ("sample", "real")
OUTBOXES = ("keep", "smtp")
WEBHOOKS = ("keep", "send")
TRANSLATION = ("off", "on")
LOG_FORMATS = ("json", "text")
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
ANYWHERE = ("0.0.0.0", "::")  # hosts to listen on that are no host's name
SECRET_CHARACTERS_MIN = 32
CONNECTIONS_MAX = 40  # of the embedded server: one for each thread of web and each job of the worker
CONNECTIONS_BESIDE = 12  # of these, for the queue itself, commands that run beside, and the server's own needs

# Names that begin as ours do and are read where they are used: docs/commands.md says what each means.
READ_ELSEWHERE = ("SUNDRY_CACHE_DIR", "SUNDRY_PARAMETERS_DIR", "SUNDRY_TOKEN")

_YES = ("yes", "true", "on", "1")
_NO = ("no", "false", "off", "0")
_HOST = re.compile(r"\*|\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a market is run with. `variable(name)` is where a field is read from."""

    data_dir: Path
    """Everything that a market keeps: database, files, logs, column maps."""
    database_url: str | None = field(repr=False)
    """None: the embedded server, whose data stand in `data_dir`."""
    market: str
    """`sample` or `real`."""
    anonymous_shipping: bool
    """The main job without sign-in: an exception to "denied by default"."""
    public_observatory: bool
    public_catalogue: bool
    """What the observatory has published is read without sign-in: the other exception."""
    sample_goods: int
    """How many goods a sample market shows when it is new."""
    host: str
    port: int
    address: str
    """How people reach the market, without a slash at the end; links in e-mails begin with it."""
    allowed_hosts: tuple[str, ...]
    behind_proxy: bool
    """X-Forwarded-For and X-Forwarded-Proto are believed."""
    secret_key: str = field(repr=False)
    secure: bool
    """Reached by https only: secure cookies, HSTS."""
    outbox: str
    """`keep`: nothing leaves the machine; `smtp`: e-mails are sent by `smtp_url`."""
    smtp_url: str | None = field(repr=False)
    webhooks: str
    """`keep`: what programs elsewhere would be told stays here, to be looked at; `send`: they are told."""
    webhooks_ports: tuple[int, ...]
    """Ports to which webhooks may be sent, besides 443 and 8443."""
    translation: str
    """`off`: what people write is shown as it was written; `on`: the translator that a package brings is asked."""
    log_format: str
    web_threads: int
    worker_concurrency: int

    @property
    def embedded(self) -> bool:
        """Whether the database is our own server, started and stopped by us."""
        return self.database_url is None

    @property
    def is_mailbox(self) -> bool:
        """Whether anybody may read every message: on a sample market that sends nothing and keeps its own data."""
        return self.market == "sample" and self.outbox == "keep" and self.embedded

    @property
    def logs_dir(self) -> Path:
        return self.data_dir / "logs"


def variable(name: str) -> str:
    """The variable of the environment for the field `name`."""
    return "DATABASE_URL" if name == "database_url" else f"SUNDRY_{name.upper()}"


class Misconfigured(UsageError):
    """All wrong settings at once; `faults` are (rule, details) in the order of the fields."""

    def __init__(self, faults: list[tuple[str, dict[str, Any]]]) -> None:
        self.faults = tuple(faults)
        super().__init__("configuration_wrong", count=len(faults))

    def message(self, language: str = "en") -> str:
        told = [render(rule, language, details) for rule, details in self.faults]
        return "\n  ".join([super().message(language), *told])

    def __str__(self) -> str:
        return self.message()


def configuration(environ: Mapping[str, str] = os.environ) -> Configuration:
    """The settings that `environ` asks for.

    Makes the secret key once, into the data folder, where none is given. Misconfigured: every value that cannot be
    used. EnvironmentFault: the key could not be kept.
    """
    read = _Reader(environ)
    data_dir = read.folder("SUNDRY_DATA_DIR", default_data_dir(environ))
    database_url = read.database_url("DATABASE_URL")
    market = read.choice("SUNDRY_MARKET", MARKETS, "real" if database_url else "sample")
    anonymous_shipping = read.flag("SUNDRY_ANONYMOUS_SHIPPING", market == "sample")
    public_observatory = read.flag("SUNDRY_PUBLIC_OBSERVATORY", market == "sample")
    public_catalogue = read.flag("SUNDRY_PUBLIC_CATALOGUE", market == "sample")
    sample_goods = read.number("SUNDRY_SAMPLE_GOODS", 0, 1_000_000, 20_000)
    host = read.host("SUNDRY_HOST", "127.0.0.1")
    port = read.number("SUNDRY_PORT", 1, 65535, 8000)
    address = read.address("SUNDRY_ADDRESS", _address(host, port))
    allowed_hosts = read.hosts("SUNDRY_ALLOWED_HOSTS", _hosts(host, address))
    behind_proxy = read.flag("SUNDRY_BEHIND_PROXY", False)
    secret_key = read.secret("SUNDRY_SECRET_KEY")
    secure = read.flag("SUNDRY_SECURE", market == "real")
    outbox = read.outbox("SUNDRY_OUTBOX", market)
    smtp_url = read.smtp_url("SUNDRY_SMTP_URL", needed=outbox == "smtp")
    webhooks = read.choice("SUNDRY_WEBHOOKS", WEBHOOKS, "send" if market == "real" else "keep")
    webhooks_ports = read.ports("SUNDRY_WEBHOOKS_PORTS")
    translation = read.choice("SUNDRY_TRANSLATION", TRANSLATION, "off")
    log_format = read.choice("SUNDRY_LOG_FORMAT", LOG_FORMATS, "json")
    web_threads = read.number("SUNDRY_WEB_THREADS", 1, 64, 8)
    worker_concurrency = read.number("SUNDRY_WORKER_CONCURRENCY", 1, 32, 2)
    read.together(address, secure, allowed_hosts)
    if database_url is None:
        read.connections(web_threads, worker_concurrency)
    read.end()
    return Configuration(
        data_dir=data_dir,
        database_url=database_url,
        market=market,
        anonymous_shipping=anonymous_shipping,
        public_observatory=public_observatory,
        public_catalogue=public_catalogue,
        sample_goods=sample_goods,
        host=host,
        port=port,
        address=address,
        allowed_hosts=allowed_hosts,
        behind_proxy=behind_proxy,
        secret_key=secret_key or kept_secret(data_dir / "secret-key"),
        secure=secure,
        outbox=outbox,
        smtp_url=smtp_url,
        webhooks=webhooks,
        webhooks_ports=webhooks_ports,
        translation=translation,
        log_format=log_format,
        web_threads=web_threads,
        worker_concurrency=worker_concurrency,
    )


def default_data_dir(environ: Mapping[str, str]) -> Path:
    """`data` in a checkout, whose owner looks for it there; else the user's data folder."""
    source = Path(__file__).resolve().parents[2]
    if source.name == "src" and (source.parent / "pyproject.toml").is_file():
        return source.parent / "data"
    return Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "sundry"


def kept_secret(file: Path) -> str:
    """The secret that `file` keeps, made at the first call: whole or not there, readable by its owner only."""
    try:
        with suppress(FileNotFoundError):
            if len(kept := file.read_text("utf-8").strip()) >= SECRET_CHARACTERS_MIN:
                return kept
            file.unlink()  # cut short by other hands: it protects nothing
        make_data_dir(file.parent)
        with tempfile.NamedTemporaryFile("w", dir=file.parent, prefix=".secret-key-") as made:  # mode 0600
            made.write(secrets.token_urlsafe(48) + "\n")
            made.flush()
            os.fsync(made.fileno())
            with suppress(FileExistsError):  # two processes at once: the first one's secret counts
                os.link(made.name, file)
        return file.read_text("utf-8").strip()
    except OSError as fault:
        raise unwritable(file.parent, fault) from fault


def make_data_dir(folder: Path) -> None:
    """Make `folder`, if it is not there, for nobody else; root's may be walked through by the user of its database."""
    folder.mkdir(mode=0o700 if os.geteuid() else 0o711, parents=True, exist_ok=True)


def unwritable(folder: Path, fault: OSError) -> EnvironmentFault:
    """What to tell when the data folder, or one in it, cannot be written."""
    rule = "data_disk_full" if fault.errno in (errno.ENOSPC, errno.EDQUOT) else "data_folder_unwritable"
    return EnvironmentFault(rule, folder=str(folder), fault=fault.strerror or str(fault))


def _address(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in ANYWHERE else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}"


def _hosts(host: str, address: str) -> tuple[str, ...]:
    """The names under which a market on `host` is asked for."""
    named = () if host in ANYWHERE else (f"[{host}]" if ":" in host else host,)
    return tuple(dict.fromkeys((*LOOPBACK, *named, _host_of(address) or host)))


def _host_of(address: str) -> str:
    """The name for which a browser asks at `address`; an IPv6 address in brackets."""
    parts = _split(address)
    name = (parts and parts.hostname) or ""
    return f"[{name}]" if ":" in name else name


def _answers(allowed: str, name: str) -> bool:
    """Whether `allowed` lets `name` in, as Django reads it: `.market.example` stands for all below it, too."""
    return allowed in ("*", name) or (allowed[0] == "." and f".{name}".endswith(allowed))


class _Reader:
    """Reads one variable after the other and keeps what is wrong. An empty value counts as none."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[tuple[str, dict[str, Any]]] = []

    def end(self) -> None:
        """Misconfigured, if anything was wrong."""
        known = [*(variable(item.name) for item in fields(Configuration)), *READ_ELSEWHERE]
        for name in sorted(set(self.environ) - set(known)):
            if name.startswith("SUNDRY_"):
                (near,) = difflib.get_close_matches(name, known, n=1, cutoff=0)
                self._wrong("configuration_unknown", name, near=near)
        if self.faults:
            raise Misconfigured(self.faults)

    def choice(self, variable: str, choices: Collection[str], default: str) -> str:
        value = self._given(variable)
        if value is not None and value not in choices:
            self._wrong("configuration_choice", variable, choices=", ".join(choices))
        return value or default

    def outbox(self, variable: str, market: str) -> str:
        """Kept messages are read by nobody on a real market: nobody would get the code to sign in."""
        outbox = self.choice(variable, OUTBOXES, "keep")
        if market == "real" and outbox == "keep":
            self._wrong("configuration_outbox_real", variable, value=outbox)
        return outbox

    def flag(self, variable: str, default: bool) -> bool:
        value = (self._given(variable) or "").lower()
        if value and value not in _YES + _NO:
            self._wrong("configuration_choice", variable, choices="yes, no")
        return value in _YES if value else default

    def number(self, variable: str, low: int, high: int, default: int) -> int:
        value = self._given(variable)
        if value is None:
            return default
        if re.fullmatch(r"[0-9]{1,9}", value) and low <= int(value) <= high:
            return int(value)
        self._wrong("configuration_number", variable, low=low, high=high)
        return default

    def ports(self, variable: str) -> tuple[int, ...]:
        given = [one for one in re.split(r"[,\s]+", self._given(variable) or "") if one]
        for one in given:
            if not re.fullmatch(r"[0-9]{1,5}", one) or not 1 <= int(one) <= 65535:
                self._wrong("configuration_number", variable, low=1, high=65535)
                return ()
        return tuple(sorted(set(map(int, given))))

    def folder(self, variable: str, default: Path) -> Path:
        value = self._given(variable)
        folder = Path(value).expanduser() if value else default
        if folder.exists() and not folder.is_dir():
            self._wrong("configuration_folder", variable, value=str(folder))
        return Path(os.path.abspath(folder))

    def host(self, variable: str, default: str) -> str:
        value = self._given(variable) or default
        if value not in ANYWHERE and not _HOST.fullmatch(f"[{value}]" if ":" in value else value):
            self._wrong("configuration_host", variable, value=value)
            return default
        return value

    def hosts(self, variable: str, default: tuple[str, ...]) -> tuple[str, ...]:
        value = self._given(variable)
        if value is None:
            return default
        hosts = tuple(name for name in re.split(r"[,\s]+", value) if name)
        if not hosts or not all(_HOST.fullmatch(name) for name in hosts):
            self._wrong("configuration_hosts", variable)
        return hosts

    def address(self, variable: str, default: str) -> str:
        value = (self._given(variable) or "").rstrip("/")
        if not value:
            return default
        parts = _split(value)
        if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
            self._wrong("configuration_address", variable)
            return default
        return value

    def secret(self, variable: str) -> str | None:
        value = self._given(variable)
        if value is not None and len(value) < SECRET_CHARACTERS_MIN:
            self._wrong("configuration_secret", variable, value="...", characters=SECRET_CHARACTERS_MIN)
        return value

    def database_url(self, variable: str) -> str | None:
        value = self._given(variable)
        parts = _split(value or "")
        if value is not None and (
            parts is None or parts.scheme not in ("postgres", "postgresql") or len(parts.path.strip("/")) == 0
        ):
            self._wrong("configuration_database_url", variable, value=without_password(value))
        return value

    def smtp_url(self, variable: str, *, needed: bool) -> str | None:
        value = self._given(variable)
        if value is None:
            if needed:
                self._wrong("configuration_smtp_missing", "SUNDRY_OUTBOX", needed=variable)
            return None
        parts = _split(value)
        if parts is None or parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            self._wrong("configuration_smtp_url", variable, value=without_password(value))
        return value

    def together(self, address: str, secure: bool, allowed_hosts: tuple[str, ...]) -> None:
        """Whether people who come to `address` are answered, and can sign in. On one's own machine all is well."""
        name = _host_of(address)
        if name in LOOPBACK:
            return
        if secure and address.startswith("http:"):
            self._wrong("configuration_address_http", "SUNDRY_ADDRESS", value=address)
        if not any(_answers(host.lower(), name) for host in allowed_hosts):
            self._wrong("configuration_hosts_address", "SUNDRY_ALLOWED_HOSTS", needed=name)

    def connections(self, web_threads: int, worker_concurrency: int) -> None:
        """Whether the embedded server has a connection for each thread and each job."""
        together, high = web_threads + worker_concurrency, CONNECTIONS_MAX - CONNECTIONS_BESIDE
        if together > high:
            variable, value = "SUNDRY_WEB_THREADS", str(web_threads)
            self._wrong("configuration_connections", variable, value=value, high=high, together=together)

    def _given(self, variable: str) -> str | None:
        return self.environ.get(variable, "").strip() or None

    def _wrong(self, rule: str, variable: str, **details: Any) -> None:
        self.faults.append((rule, {"variable": variable, "value": self._given(variable)} | details))


def without_password(url: str) -> str:
    """`url` as it may be shown: what stands between a colon and the last @ is left out."""
    return re.sub(r"(//[^/:@]*):.*@", r"\1:...@", url)


def _split(url: str) -> Any:
    """The parts of `url`; None where it has none that could be read."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - a port that is no number raises here
    except ValueError:
        return None
    return parts
