"""From where a request comes, as far as it cannot be forged."""

import ipaddress
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPV6_CUSTOMER = 64  # bits: one line of a household or a rented server has at least so many addresses for itself


def client_network(request: HttpRequest) -> str:
    """The client's IPv4 address or IPv6 /64 network; empty where the server says nothing (a unix socket).

    Without RACEDESK_BEHIND_PROXY the peer of the connection, whatever headers say. With it the peer is our proxy, and
    the right-most entry of X-Forwarded-For that is no proxy of RACEDESK_TRUSTED_PROXIES is the client: everything
    further left was written by strangers.
    """
    client = ""
    for hop in _hops(request):
        address = _parse(hop)
        if address is None:  # a word of a stranger: the last hop that we know has to stand for it
            return client
        client = _network(address)
        if not _is_trusted(address):
            return client
    return client


def _hops(request: HttpRequest) -> Iterator[str]:
    """The addresses a request went through, nearest first; the peer is left out when it is our proxy and said more."""
    peer = request.META.get("REMOTE_ADDR", "")
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    hops = [hop.strip() for hop in reversed(forwarded.split(","))] if forwarded else []
    if hops and _parse(hops[0]) is not None:
        yield from hops
    else:
        yield peer


def _parse(text: str) -> IPAddress | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _network(address: IPAddress) -> str:
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((int(address), IPV6_CUSTOMER), strict=False))


def _is_trusted(address: IPAddress) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)
