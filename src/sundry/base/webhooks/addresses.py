"""To which addresses events are sent: nobody makes the market call machines inside its own network.

Problem: an endpoint's address is typed by anybody who administers an organisation. `https://10.0.0.7/`, the address at
which a cloud gives its machines their keys, and a name that its owner points to either of them a second later are all
the same attack. Therefore an address is looked at twice: as it is typed (`checked`), and, each time something is sent,
what its name resolves to (`is_public`); we connect to exactly what was looked at, and follow no redirect.

Worked case: `https://hooks.example:8443/in` is taken. Its name resolves to a public address and to ::ffff:10.0.0.7:
nothing is sent, for one of them is private, and which one is called would be a matter of luck.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from sundry.base.webhooks.rules import EndpointRefused

ADDRESS_CHARACTERS_MAX: Final = 500
PORTS: Final = frozenset({443, 8443})
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_UNPRIVILEGED: Final = range(1024, 65536)
_HOST: Final = re.compile(r"(?=.{1,253}\Z)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
_PLAIN: Final = "/%:@!$&'()*+,;=~-._?"

# Public by their number, and yet the inside of a cloud.
_INSIDE: Final = tuple(map(ipaddress.ip_network, ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "2002::/16")))
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Target:
    """An address in its parts. `host` is in small ASCII letters, an IPv6 address without brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def named(self) -> str:
        """Host and port, as the header `Host` says them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.scheme == "https" else 80
        return host if self.port == usual else f"{host}:{self.port}"

    @property
    def names_this_machine(self) -> bool:
        return self.host in LOOPBACK

    def __str__(self) -> str:
        return f"{self.scheme}://{self.named}{self.path}"


def checked(text: str, *, loopback: bool, ports: Collection[int] = PORTS) -> Target:
    """Read an address. EndpointRefused: it is none, or one to which nothing is sent.

    `loopback`: programs on this machine may be told too, at any port from 1024 on and by http.
    """
    text = text.strip()
    try:
        parts = urlsplit(text)
        host, port = _ascii((parts.hostname or "").rstrip(".")), parts.port
    except ValueError as fault:
        raise EndpointRefused("webhook_address_unreadable", value=text[:100]) from fault
    if len(text) > ADDRESS_CHARACTERS_MAX or not host or "@" in parts.netloc or "#" in text or not text.isprintable():
        raise EndpointRefused("webhook_address_unreadable", value=text[:100])
    here = loopback and host in LOOPBACK
    if parts.scheme != "https" and not (here and parts.scheme == "http"):
        raise EndpointRefused("webhook_address_scheme", value=text[:100])
    port = port or (443 if parts.scheme == "https" else 80)
    if port not in ports and not (here and port in _UNPRIVILEGED):
        raise EndpointRefused("webhook_address_port", value=port, ports=", ".join(map(str, sorted(ports))))
    if not here and not _may_be_public(host):
        raise EndpointRefused("webhook_address_private", value=host[:100])
    path = quote(parts.path or "/", safe=_PLAIN) + (f"?{quote(parts.query, safe=_PLAIN)}" if parts.query else "")
    return Target(parts.scheme, host, port, path)


def is_public(number: str) -> bool:
    """Whether a resolved address is a machine of the internet, and not one inside some network."""
    try:
        address: IpAddress = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or (_lower_half(address) if address in _NAT64 else None)
        if inner is not None:
            return is_public(str(inner))
        if address.teredo is not None or address.is_site_local:
            return False
    inside = any(address in network for network in _INSIDE if network.version == address.version)
    return address.is_global and not (address.is_multicast or address.is_reserved or inside)


def is_loopback(number: str) -> bool:
    return ipaddress.ip_address(number.partition("%")[0]).is_loopback


def _lower_half(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def _ascii(host: str) -> str:
    """A host's name as DNS has it. ValueError: it has none."""
    if ":" in host:
        return str(ipaddress.IPv6Address(host))
    return host.encode("idna").decode().lower()


def _may_be_public(host: str) -> bool:
    """What can be said before the name is resolved."""
    if ":" in host or re.fullmatch(r"[0-9.]+", host):
        return is_public(host)
    if not _HOST.fullmatch(host) or "." not in host:
        return False
    return host.rpartition(".")[2] not in ("localhost", "local", "internal", "lan", "home", "corp", "onion")
