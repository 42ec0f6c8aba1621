"""What the header offers to whom. Rooms add their entries in `AppConfig.ready()`:

    navigation.add_entry(
        _("My cases"), "cases:mine", place=20, when=works, group=CASES
    )

`when` gets the request of someone signed in. Without it, everyone signed in sees it.
Entries of one `NavigationGroup` share a place in the header; on their pages all of them
stand
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
class NavigationGroup:
    """Entries that belong together, under one word and one icon."""

    label: str | Promise
    icon: str = ""
    bar: int = 0
    """Its place in the bar of a phone; 0: after those that have one."""


@dataclass(frozen=True)
class NavigationEntry:
    label: str | Promise
    to: str
    place: int
    when: When
    group: NavigationGroup | None = None
    badge: str = ""
    """The name of a number in `badges`."""
    icon: str = ""


@dataclass(frozen=True)
class ShownEntry:
    label: str | Promise
    url: str
    current: bool
    group: NavigationGroup | None = None
    badge: str = ""
    count: int = 0
    icon: str = ""
    inside: tuple["ShownEntry", ...] = ()
    """The entries of a group, where they are shown under its word."""


@dataclass(frozen=True)
class NavigationMenus:
    """All that a page shows of it."""

    desk: list[ShownEntry]
    desk_more: list[ShownEntry]
    bar: list[ShownEntry]
    bar_more: list[ShownEntry]
    beside: list[ShownEntry]

    @property
    def in_desk_more(self) -> bool:
        return any(entry.current for entry in self.desk_more)

    @property
    def in_bar_more(self) -> bool:
        return any(entry.current for entry in self.bar_more)


ENTRIES: dict[str, NavigationEntry] = {}
PERSONAL: dict[str, NavigationEntry] = {}
OPEN: list[Callable[[HttpRequest, str], bool]] = []
"""Whether a person may open the page of a name at all; all of them have to agree."""


def always(request: HttpRequest) -> bool:
    return True


def add_entry(
    label: str | Promise,
    to: str,
    *,
    place: int,
    when: When = always,
    group: NavigationGroup | None = None,
    badge: str = "",
    icon: str = "",
) -> None:
    """Offer the page named `to` in the header; a smaller place comes earlier."""
    ENTRIES[to] = NavigationEntry(label, to, place, when, group, badge, icon)


def add_personal(
    label: str | Promise, to: str, *, place: int, when: When = always
) -> None:
    """Offer the page named `to` in the menu under the person's own name."""
    PERSONAL[to] = NavigationEntry(label, to, place, when)


def list_header(request: HttpRequest) -> tuple[list[ShownEntry], list[ShownEntry]]:
    """List the entries of the header, and those that are shown together on a page of a
    group."""
    every = list_shown(ENTRIES, request)
    here = next((entry.group for entry in every if entry.current and entry.group), None)
    beside = [entry for entry in every if here and entry.group == here]
    return group_entries(every), beside if len(beside) > 1 else []


def build_menus(request: HttpRequest) -> NavigationMenus:
    """Build what the header, the bar of a phone and "More" show; once a page."""
    kept: NavigationMenus | None = getattr(request, "_menus", None)
    if kept is None:
        entries, beside = list_header(request)
        entries, beside = add_counts(entries, request), add_counts(beside, request)
        desk, desk_more = split_entries(entries, ON_A_DESK)
        # One more than its places: "More" is the last of them.
        bar, bar_more = split_entries(
            sorted(entries, key=get_bar_place), IN_THE_BAR + 1
        )
        kept = NavigationMenus(
            desk, desk_more, bar, keep_order(bar_more, entries), beside
        )
        request._menus = kept  # type: ignore[attr-defined]
    return kept


def split_entries(
    entries: list[ShownEntry], room: int
) -> tuple[list[ShownEntry], list[ShownEntry]]:
    """Split the entries: the first, and the rest, for which "More" takes the last
    place."""
    if len(entries) <= room:
        return entries, []
    return entries[: room - 1], entries[room - 1 :]


def keep_order(some: list[ShownEntry], entries: list[ShownEntry]) -> list[ShownEntry]:
    return [entry for entry in entries if entry in some]


def get_bar_place(entry: ShownEntry) -> int:
    return (entry.group.bar if entry.group else 0) or len(ENTRIES) + 1


def add_counts(entries: list[ShownEntry], request: HttpRequest) -> list[ShownEntry]:
    """Add what the badges of the entries show; asked only where there is one."""
    if not any(entry.badge for entry in entries):
        return entries
    counts = badges.count_for_page(request)
    return [
        replace(entry, count=counts.get(entry.badge, 0)) if entry.badge else entry
        for entry in entries
    ]


def group_entries(every: list[ShownEntry]) -> list[ShownEntry]:
    """Group entries under their word, which leads to the first; one alone is itself."""
    found: list[ShownEntry] = []
    done: set[NavigationGroup] = set()
    for entry in every:
        together = [other for other in every if other.group == entry.group]
        if entry.group is None:
            found.append(entry)
        elif entry.group not in done:
            done.add(entry.group)
            found.append(merge_group(entry.group, together))
    return found


def merge_group(group: NavigationGroup, together: list[ShownEntry]) -> ShownEntry:
    first = together[0]
    # A group's word over a single page would be one tap more for nothing (ADR 46).
    if len(together) == 1:
        return replace(first, icon=first.icon or group.icon)
    return ShownEntry(
        group.label,
        first.url,
        any(entry.current for entry in together),
        group,
        next((entry.badge for entry in together if entry.badge), ""),
        icon=group.icon,
        inside=tuple(together),
    )


def list_entries(request: HttpRequest) -> list[ShownEntry]:
    """List all entries that are for this person, one by one."""
    return list_shown(ENTRIES, request)


def list_personal(request: HttpRequest) -> list[ShownEntry]:
    return list_shown(PERSONAL, request)


def list_shown(
    entries: Mapping[str, NavigationEntry], request: HttpRequest
) -> list[ShownEntry]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    in_order = sorted(entries.values(), key=lambda entry: entry.place)
    offered = [
        (entry, get_address(entry.to))
        for entry in in_order
        if is_open(request, entry.to) and entry.when(request)
    ]
    shown = [(entry, url) for entry, url in offered if url]
    here = find_nearest(request.path, [url for _entry, url in shown])
    return [
        ShownEntry(e.label, url, url == here, e.group, e.badge, icon=e.icon)
        for e, url in shown
    ]


def is_open(request: HttpRequest, name: str) -> bool:
    """Check whether a link to a page may be offered to this person."""
    return all(opens(request, name) for opens in OPEN)


def find_nearest(path: str, urls: list[str]) -> str:
    """Find the closest of several entries above the same page: that is where we are."""
    return max((url for url in urls if is_within(path, url)), key=len, default="")


def is_within(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))


def get_address(name: str) -> str:
    """Return the address of a page, or nothing while no room offers it."""
    try:
        return resolve_address(name)
    except NoReverseMatch:
        return ""


@cache
def resolve_address(name: str) -> str:
    """Resolve an address once: every page shows the same dozen."""
    return reverse(name)
