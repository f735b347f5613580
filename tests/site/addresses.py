"""Every address of the site, read from the URLconf itself, so that no new one escapes the leak matrix or the permission table."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """One pattern: its full name (`results:session-detail`), its route and the names of its arguments."""

    name: str
    route: str
    arguments: tuple[str, ...]

    @property
    def is_desk(self) -> bool:
        return self.route.startswith("admin/")


def walk(resolver: URLResolver | None = None, namespace: str = "", route: str = "") -> Iterator[Address]:
    """All patterns below a resolver; a pattern without a name is called by its route."""
    for item in (resolver or get_resolver()).url_patterns:
        full = route + str(item.pattern)
        if isinstance(item, URLResolver):
            inner = f"{namespace}{item.namespace}:" if item.namespace else namespace
            yield from walk(item, inner, full)
        elif isinstance(item, URLPattern):
            arguments = tuple(item.pattern.converters) or tuple(item.pattern.regex.groupindex)
            yield Address(f"{namespace}{item.name or full}", full, arguments)


def public_addresses() -> list[Address]:
    return sorted(address for address in walk() if not address.is_desk)


def desk_addresses() -> list[Address]:
    return sorted(address for address in walk() if address.is_desk)
