"""The address guard: which hosts, addresses and ports may be connected to.

It is asked twice. `check_url` looks at what is written, before anything is resolved; and
`check_addresses` at what the name resolved to, right before one of exactly these addresses is
connected to, so a name server that answers differently the second time gains nothing.

The closed networks are those of the IANA special-purpose registries (RFC 6890 and its updates),
and an address of Azure's that tells its virtual machines their secrets though it looks public. They
stand here as a table, because `ipaddress.is_global` differs between Python versions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final

from scrubber.errors import AddressRefused, InputError
from scrubber.fetch.options import FetchOptions
from scrubber.fetch.urls import Url

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# `allow_private` opens these; link-local (cloud metadata lives there) needs `allow_networks`.
PRIVATE: Final[tuple[Network, ...]] = (
    *map(IPv4Network, ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")),
    IPv4Network("100.64.0.0/10"),  # carrier-grade NAT
    IPv6Network("::1/128"),
    IPv6Network("fc00::/7"),  # unique local
)
CLOSED_V4: Final = (
    *(network for network in PRIVATE if isinstance(network, IPv4Network)),
    IPv4Network("0.0.0.0/8"),  # this host
    IPv4Network("169.254.0.0/16"),  # link-local, cloud metadata
    IPv4Network("168.63.129.16/32"),  # a cloud's own host, which answers its machines alone
    IPv4Network("192.0.0.0/24"),  # protocol assignments
    IPv4Network("192.0.2.0/24"),  # documentation
    IPv4Network("192.31.196.0/24"),  # AS112
    IPv4Network("192.52.193.0/24"),  # AMT
    IPv4Network("192.88.99.0/24"),  # 6to4 relays
    IPv4Network("192.175.48.0/24"),  # AS112
    IPv4Network("198.18.0.0/15"),  # benchmarks
    IPv4Network("198.51.100.0/24"),  # documentation
    IPv4Network("203.0.113.0/24"),  # documentation
    IPv4Network("224.0.0.0/4"),  # multicast
    IPv4Network("240.0.0.0/4"),  # reserved, broadcast
)
OPEN_V6: Final = IPv6Network("2000::/3")
CLOSED_V6: Final = (  # within OPEN_V6
    IPv6Network("2001::/23"),  # protocol assignments: Teredo, ORCHID, benchmarks
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("2002::/16"),  # 6to4, given up (RFC 7526)
    IPv6Network("2620:4f:8000::/48"),  # AS112
    IPv6Network("3ffe::/16"),  # 6bone
    IPv6Network("3fff::/20"),  # documentation
)
NAT64: Final = IPv6Network("64:ff9b::/96")

_DECIMAL: Final = re.compile(r"\d+")
_HEXADECIMAL: Final = re.compile(r"0[xX][0-9a-fA-F]*")


def unwrap(address: Address) -> Address:
    """The IPv4 address that an IPv6 one leads to (v4-mapped, v4-compatible, NAT64)."""
    if isinstance(address, IPv4Address):
        return address
    number = int(address)
    if address.ipv4_mapped or address in NAT64 or 1 < number < 2**32:
        return IPv4Address(number & 0xFFFFFFFF)
    return address


def is_global(address: Address) -> bool:
    """Whether `address` belongs to the public internet, whatever it is wrapped in."""
    inner = unwrap(address)
    if isinstance(inner, IPv4Address):
        return not any(inner in network for network in CLOSED_V4)
    return inner in OPEN_V6 and not any(inner in network for network in CLOSED_V6)


class Guard:
    """The rules of one `FetchOptions`. Raises InputError where `allow_networks` cannot be read."""

    def __init__(self, options: FetchOptions) -> None:
        self._hosts = frozenset(host.lower() for host in options.allow_hosts)
        self._ports = frozenset(options.ports)
        self._open = (
            *_networks(options.allow_networks),
            *(PRIVATE if options.allow_private else ()),
        )

    def check_url(self, url: Url) -> None:
        """Refuse what can be refused unresolved: odd spellings, literal addresses, ports.

        Raises AddressRefused.
        """
        literal = _literal(url)
        if self._host_is_open(url.host):
            return
        if literal is not None:
            self.check_addresses(url.host, url.port, [str(literal)])
        elif not self._open and url.port not in self._ports:
            raise _refused_port(url.host, url.port)

    def opens_names(self, host: str) -> bool:
        """Whether names of the inside are open: this one, or all as private addresses are."""
        return bool(self._open) or self._host_is_open(host)

    def check_addresses(self, host: str, port: int, addresses: Sequence[str]) -> None:
        """Refuse `host` unless every one of its `addresses` may be connected to at `port`.

        All of them, because an answer that mixes public and private addresses is an attack or a
        mistake, and either way not ours to gamble on. Raises AddressRefused.
        """
        if self._host_is_open(host):
            return
        for text in addresses:
            address = ip_address(text.partition("%")[0])
            if self._is_open(address):
                continue
            if not is_global(address):
                named = host if host == text else f"{host} ({text})"
                raise AddressRefused(f"{named} is not an address on the public internet")
            if port not in self._ports:
                raise _refused_port(host, port)

    def _is_open(self, address: Address) -> bool:
        inner = unwrap(address)
        return any(inner in network for network in self._open if network.version == inner.version)

    def _host_is_open(self, host: str) -> bool:
        if not self._hosts:
            return False
        labels = host.split(".")
        above = ("." + ".".join(labels[i:]) for i in range(1, len(labels)))
        return host in self._hosts or any(name in self._hosts for name in above)


def _literal(url: Url) -> Address | None:
    """The address that the host spells, `None` for a name.

    Numbers that only inet_aton understands (octal, hex, short or integer forms) are refused: what
    they mean differs from one library to the next, and only attackers write them.
    """
    if ":" in url.host:
        try:
            return IPv6Address(url.host)
        except ValueError as exc:
            raise AddressRefused(f"[{url.host}] is no IPv6 address", url=str(url)) from exc
    last = url.host.rpartition(".")[2]
    if not (_DECIMAL.fullmatch(last) or _HEXADECIMAL.fullmatch(last)):
        return None
    try:
        return IPv4Address(url.host)
    except ValueError as exc:
        message = f"{url.host} is an unusual spelling of an IPv4 address"
        raise AddressRefused(message, url=str(url)) from exc


def _networks(texts: Iterable[str]) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(text) for text in texts)
    except ValueError as exc:
        raise InputError(f"allow_networks: {exc}") from exc


def _refused_port(host: str, port: int) -> AddressRefused:
    return AddressRefused(f"port {port} of {host} is not among the ports of web servers")
