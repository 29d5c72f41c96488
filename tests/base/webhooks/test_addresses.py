"""The table of addresses that are refused, as they are typed and as their names resolve."""

from __future__ import annotations

import pytest

from sundry.base.webhooks.addresses import Target, checked, is_loopback, is_public
from sundry.base.webhooks.rules import EndpointRefused

REFUSED = {
    "unreadable": [
        "",
        "hooks.example/in",
        "file:///etc/passwd",
        "https://a..example/",
        "https://",
        "https:///in",
        "https://user@hooks.example/",
        "https://user:word@hooks.example/",
        "https://hooks.example/#part",
        "https://hooks.example/\r\nX-Evil: 1",
        "https://hooks.example:99999/",
        "https://hooks.example:port/",
        "https://[::1/",
        "https://[fe80::1%25eth0%00]/",
        f"https://{'a' * 70}.example/",
        f"https://hooks.example/{'a' * 500}",
        "https://hooks.example/\u202e",
    ],
    "scheme": [
        "http://hooks.example/",
        "ftp://hooks.example/",
        "gopher://hooks.example:443/",
        "javascript://hooks.example/",
    ],
    "port": ["https://hooks.example:80/", "https://hooks.example:22/", "https://hooks.example:5432/"],
    "private": [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://localhost./",
        "https://LOCALHOST/",
        "https://a.localhost/",
        "https://10.0.0.7/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.100.100.200/",
        "https://168.63.129.16/",
        "https://0.0.0.0/",
        "https://0/",
        "https://2130706433/",
        "https://127.1/",
        "https://0177.0.0.1/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:10.0.0.7]/",
        "https://[fd00:ec2::254]/",
        "https://[fe80::1]/",
        "https://[64:ff9b::a00:7]/",
        "https://[2002:a00:7::]/",
        "https://metadata.google.internal/",
        "https://printer.local/",
        "https://intranet/",
        "https://-a.example/",
        "https://0x7f.0x1/",
        "https://１２７.０.０.１/",
    ],
}


@pytest.mark.parametrize(("why", "typed"), [(why, typed) for why, all_ in REFUSED.items() for typed in all_])
def test_what_is_typed_and_refused(why: str, typed: str) -> None:
    with pytest.raises(EndpointRefused) as refused:
        checked(typed, loopback=False)
    assert refused.value.rule == f"webhook_address_{why}"


@pytest.mark.parametrize(
    ("typed", "target", "written"),
    [
        ("https://hooks.example", Target("https", "hooks.example", 443, "/"), "https://hooks.example/"),
        (" https://Hooks.Example:443/In ", Target("https", "hooks.example", 443, "/In"), "https://hooks.example/In"),
        (
            "https://hooks.example:8443/a?b=c&d=%20",
            Target("https", "hooks.example", 8443, "/a?b=c&d=%20"),
            "https://hooks.example:8443/a?b=c&d=%20",
        ),
        ("https://杯子.example/", Target("https", "xn--i8sx5z.example", 443, "/"), "https://xn--i8sx5z.example/"),
        ("https://8.8.8.8/", Target("https", "8.8.8.8", 443, "/"), "https://8.8.8.8/"),
        ("https://[2606:4700::1111]/", Target("https", "2606:4700::1111", 443, "/"), "https://[2606:4700::1111]/"),
        ("https://hooks.example/é", Target("https", "hooks.example", 443, "/%C3%A9"), "https://hooks.example/%C3%A9"),
    ],
)
def test_what_is_typed_and_taken(typed: str, target: Target, written: str) -> None:
    assert checked(typed, loopback=False) == target
    assert str(target) == written
    assert checked(written, loopback=False) == target  # what is kept is read again before each try


def test_more_ports_are_the_markets_choice() -> None:
    assert checked("https://hooks.example:9443/", loopback=False, ports={443, 9443}).port == 9443
    with pytest.raises(EndpointRefused, match="443, 9443"):
        checked("https://hooks.example:8443/", loopback=False, ports={443, 9443})


def test_on_a_sample_market_ones_own_machine_may_be_told() -> None:
    here = checked("http://127.0.0.1:8001/in", loopback=True)
    assert (here.names_this_machine, here.named) == (True, "127.0.0.1:8001")
    assert checked("http://localhost:8001/", loopback=True).names_this_machine
    assert checked("https://[::1]:8001/", loopback=True).named == "[::1]:8001"
    for typed in ("http://127.0.0.1:22/", "http://127.0.0.2:8001/", "http://10.0.0.7:8001/", "https://10.0.0.7/"):
        with pytest.raises(EndpointRefused):
            checked(typed, loopback=True)


@pytest.mark.parametrize(
    "number",
    [
        *("127.0.0.1", "127.255.255.254", "10.1.2.3", "172.31.255.255", "192.168.0.1", "169.254.169.254"),
        *("100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "192.0.2.1", "198.18.0.1", "203.0.113.7"),
        *("224.0.0.1", "240.0.0.1", "255.255.255.255", "0.0.0.0", "0.1.2.3", "192.88.99.1"),
        *("::", "::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "fe80::1", "fe80::1%eth0"),
        *("fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1", "2001::1", "2002:7f00:1::"),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "no number", ""),
    ],
)
def test_a_number_inside_some_network_is_refused(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize("number", ["8.8.8.8", "::ffff:8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_a_number_of_the_internet_is_not(number: str) -> None:
    assert is_public(number)


def test_what_is_this_machine() -> None:
    assert [is_loopback(number) for number in ("127.0.0.1", "::1", "10.0.0.1")] == [True, True, False]
