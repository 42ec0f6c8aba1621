"""What the header offers to whom. Rooms add their entries in `AppConfig.ready()`:

    navigation.add_entry(
        _("My cases"), "cases:mine", place=20, when=works, group=CASES
    )

`when` gets the request of someone signed in. Without it, everyone signed in sees it.
Entries of one `Group` share a place in the header; on their pages all of them stand
beside each other. `add_personal` does the same for the menu under one's own name.

A desk shows at most `ON_A_DESK` entries, a phone a bar at the bottom with `IN_THE_BAR`
of them: those that have a place in it come first. What has no room is under "More"."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from amana.ui import badges

type When = Callable[[HttpRequest], bool]

ON_A_DESK = 6
IN_THE_BAR = 4


@dataclass(frozen=True, eq=False)
class Group:
    """Entries that belong together, under one word and one icon."""

    label: str | Promise
    icon: str = ""
    bar: int = 0
    """Its place in the bar of a phone; 0: after those that have one."""


@dataclass(frozen=True)
class Entry:
    label: str | Promise
    to: str
    place: int
    when: When
    group: Group | None = None
    badge: str = ""
    """The name of a number in `badges`."""
    icon: str = ""


@dataclass(frozen=True)
class Shown:
    label: str | Promise
    url: str
    current: bool
    group: Group | None = None
    badge: str = ""
    count: int = 0
    icon: str = ""
    inside: tuple["Shown", ...] = ()
    """The entries of a group, where they are shown under its word."""


@dataclass(frozen=True)
class Menus:
    """All that a page shows of it."""

    desk: list[Shown]
    desk_more: list[Shown]
    bar: list[Shown]
    bar_more: list[Shown]
    beside: list[Shown]

    @property
    def in_desk_more(self) -> bool:
        return any(entry.current for entry in self.desk_more)

    @property
    def in_bar_more(self) -> bool:
        return any(entry.current for entry in self.bar_more)


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
    badge: str = "",
    icon: str = "",
) -> None:
    """Offer the page named `to` in the header; a smaller place comes earlier."""
    ENTRIES[to] = Entry(label, to, place, when, group, badge, icon)


def add_personal(
    label: str | Promise, to: str, *, place: int, when: When = always
) -> None:
    """Offer the page named `to` in the menu under the person's own name."""
    PERSONAL[to] = Entry(label, to, place, when)


def shown_to(request: HttpRequest) -> tuple[list[Shown], list[Shown]]:
    """List the entries of the header, and those that are shown together on a page of a
    group."""
    every = among(ENTRIES, request)
    here = next((entry.group for entry in every if entry.current and entry.group), None)
    beside = [entry for entry in every if here and entry.group == here]
    return gathered(every), beside if len(beside) > 1 else []


def menus_of(request: HttpRequest) -> Menus:
    """Build what the header, the bar of a phone and "More" show; once a page."""
    kept: Menus | None = getattr(request, "_menus", None)
    if kept is None:
        entries, beside = shown_to(request)
        entries, beside = with_counts(entries, request), with_counts(beside, request)
        desk, desk_more = parted(entries, ON_A_DESK)
        # One more than its places: "More" is the last of them.
        bar, bar_more = parted(sorted(entries, key=place_in_bar), IN_THE_BAR + 1)
        kept = Menus(desk, desk_more, bar, in_order(bar_more, entries), beside)
        request._menus = kept  # type: ignore[attr-defined]
    return kept


def parted(entries: list[Shown], room: int) -> tuple[list[Shown], list[Shown]]:
    """Split the entries: the first, and the rest, for which "More" takes the last
    place."""
    if len(entries) <= room:
        return entries, []
    return entries[: room - 1], entries[room - 1 :]


def in_order(some: list[Shown], entries: list[Shown]) -> list[Shown]:
    return [entry for entry in entries if entry in some]


def place_in_bar(entry: Shown) -> int:
    return (entry.group.bar if entry.group else 0) or len(ENTRIES) + 1


def with_counts(entries: list[Shown], request: HttpRequest) -> list[Shown]:
    """Add what the badges of the entries show; asked only where there is one."""
    if not any(entry.badge for entry in entries):
        return entries
    counts = badges.shown_on(request)
    return [
        replace(entry, count=counts.get(entry.badge, 0)) if entry.badge else entry
        for entry in entries
    ]


def gathered(every: list[Shown]) -> list[Shown]:
    """Group entries under their word, which leads to the first; one alone is itself."""
    found: list[Shown] = []
    done: set[Group] = set()
    for entry in every:
        together = [other for other in every if other.group == entry.group]
        if entry.group is None:
            found.append(entry)
        elif entry.group not in done:
            done.add(entry.group)
            found.append(under_one_word(entry.group, together))
    return found


def under_one_word(group: Group, together: list[Shown]) -> Shown:
    first = together[0]
    # A group's word over a single page would be one tap more for nothing (ADR 46).
    if len(together) == 1:
        return replace(first, icon=first.icon or group.icon)
    return Shown(
        group.label,
        first.url,
        any(entry.current for entry in together),
        group,
        next((entry.badge for entry in together if entry.badge), ""),
        icon=group.icon,
        inside=tuple(together),
    )


def every(request: HttpRequest) -> list[Shown]:
    """List all entries that are for this person, one by one."""
    return among(ENTRIES, request)


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
    return [
        Shown(e.label, url, url == here, e.group, e.badge, icon=e.icon)
        for e, url in shown
    ]


def nearest(path: str, urls: list[str]) -> str:
    """Find the closest of several entries above the same page: that is where we are."""
    return max((url for url in urls if within(path, url)), key=len, default="")


def within(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))


def address(name: str) -> str:
    """Return the address of a page, or nothing while no room offers it."""
    try:
        return known_address(name)
    except NoReverseMatch:
        return ""


@cache
def known_address(name: str) -> str:
    """Resolve an address once: every page shows the same dozen."""
    return reverse(name)
