"""What the header offers to whom. Rooms add their entries in `AppConfig.ready()`:

    navigation.add(_("Cases"), "cases:list", place=20, when=works_on_cases)

`when` gets the request of somebody signed in. Without it, everybody signed in sees it.
Entries of one `Group` share a place in the header; on their pages all of them stand
beside each other. `add_personal` does the same for the menu under one's own name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

type When = Callable[[HttpRequest], bool]


@dataclass(frozen=True, eq=False)
class Group:
    """Entries that belong together, under one word."""

    label: str | Promise


@dataclass(frozen=True)
class Entry:
    label: str | Promise
    to: str
    place: int
    when: When
    group: Group | None = None


@dataclass(frozen=True)
class Shown:
    label: str | Promise
    url: str
    current: bool
    group: Group | None = None


ENTRIES: dict[str, Entry] = {}
PERSONAL: dict[str, Entry] = {}


def always(request: HttpRequest) -> bool:
    return True


def add(
    label: str | Promise,
    to: str,
    *,
    place: int,
    when: When = always,
    group: Group | None = None,
) -> None:
    """Offer the page named `to` in the header; a smaller place stands earlier."""
    ENTRIES[to] = Entry(label, to, place, when, group)


def add_personal(
    label: str | Promise, to: str, *, place: int, when: When = always
) -> None:
    """Offer the page named `to` in the menu under the person's own name."""
    PERSONAL[to] = Entry(label, to, place, when)


def shown_to(request: HttpRequest) -> tuple[list[Shown], list[Shown]]:
    """The header; and what stands beside each other on a page of a group."""
    every = among(ENTRIES, request)
    here = next((one.group for one in every if one.current and one.group), None)
    beside = [one for one in every if here and one.group == here]
    return gathered(every), beside if len(beside) > 1 else []


def gathered(every: list[Shown]) -> list[Shown]:
    """A group under its word, which leads to its first entry; one alone is itself."""
    found: list[Shown] = []
    done: set[Group] = set()
    for one in every:
        together = [other for other in every if one.group and other.group == one.group]
        if one.group is None or len(together) == 1:
            found.append(one)
        elif one.group not in done:
            done.add(one.group)
            current = any(other.current for other in together)
            found.append(Shown(one.group.label, one.url, current))
    return found


def personal(request: HttpRequest) -> list[Shown]:
    return among(PERSONAL, request)


def among(entries: Mapping[str, Entry], request: HttpRequest) -> list[Shown]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    in_order = sorted(entries.values(), key=lambda entry: entry.place)
    offered = [(entry, address(entry.to)) for entry in in_order if entry.when(request)]
    shown = [(entry, url) for entry, url in offered if url]
    here = nearest(request.path, [url for _entry, url in shown])
    return [Shown(e.label, url, url == here, e.group) for e, url in shown]


def nearest(path: str, urls: list[str]) -> str:
    """Of several entries above the same page, the closest one is where we are."""
    return max((url for url in urls if within(path, url)), key=len, default="")


def within(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))


def address(name: str) -> str:
    """The address of a page, or nothing while no room offers it."""
    try:
        return known_address(name)
    except NoReverseMatch:
        return ""


@cache
def known_address(name: str) -> str:
    """Looked up once: every page shows the same dozen."""
    return reverse(name)
