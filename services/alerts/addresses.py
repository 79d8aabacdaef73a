"""Which network addresses a webhook may reach: an address that is typed in must not become a door to the inside."""

import asyncio
import ipaddress
import socket

from soundings.services.alerts.notifier import Refused, TryAgain

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""NAT64 (RFC 6052): the last four bytes are the IPv4 address that is reached."""


def public(address: Address) -> bool:
    """Whether it is on the open internet: not loopback, private, link-local (cloud metadata), reserved, multicast."""
    inner = _embedded(address)
    if inner is not None:
        return public(inner)
    return address.is_global and not address.is_multicast


def _embedded(address: Address) -> Address | None:
    """The IPv4 address that an IPv6 address stands for, if any."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


async def resolve(host: str, port: int, *, allow_private: bool) -> tuple[Address, ...]:
    """The addresses of a host, all of them allowed; connect to one of these and do not look the name up again.

    Raises:
        TryAgain: the name does not resolve now.
        Refused: one of them is not public (one is enough: which of them is used is up to the network).
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise TryAgain("the webhook's host name does not resolve") from error
    addresses = tuple(dict.fromkeys(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))
    if not allow_private and not all(public(address) for address in addresses):
        raise Refused("the webhook's host has a private, local or reserved address")
    return addresses
