"""The numbers in the navigation, live in every open page.

One query, twice a second, reads the rows that were written since the last look, for all
pages of a process together. Who is meant by one of them is counted again through the
rules, and the page is sent its numbers: no word, no id of a case (ADR 0045).

Ids are given before a transaction ends, so a lower one may be seen after a higher one.
Rows are therefore looked for from an id that lies a minute back, and those that were
seen are left out: none is lost, and none counts twice."""

import json
from collections.abc import Iterable, Mapping
from time import monotonic

from django.db.models import Max

from amana.notifications.models import Notification
from amana.trust.access.models import User
from amana.ui import badges
from amana.ui.streams import News, format_event

WAITING = "waiting"
TICK = 0.5
LOOK_BACK = 60.0
"""So long may a transaction last whose row is not missed."""
ROWS_BACK = 200
"""So far back a process looks when it begins."""
AT_LEAST = 300.0
"""So often the numbers are counted again all the same: what was due became late."""

type Row = tuple[int, int | None, int | None]
"""The id of a row, its team, its person."""


def count_badges(user: User | None) -> dict[str, int]:
    """Count what is shown in the navigation; nothing for a person who has left."""
    if user is None or not user.is_active:
        return dict.fromkeys(badges.BADGES, 0)
    return badges.count_badges(user)


def build_message(counts: dict[str, int]) -> News:
    version = badges.format_version(counts)
    return version, format_event(version, json.dumps(counts, separators=(",", ":")))


class WaitingCounts:
    """The numbers of one person, as their pages last received them."""

    def __init__(self, user: int) -> None:
        self.user = user
        self.teams: frozenset[int] = frozenset()
        self.read_at = 0.0
        self._now: News = ("", b"")

    def goes_to(self, teams: frozenset[int], now: News) -> None:
        self.teams, self._now, self.read_at = teams, now, monotonic()

    def news(self, since: str) -> News | None:
        return None if self._now[0] == since else self._now

    def is_meant(self, rows: Iterable[Row]) -> bool:
        return any(user == self.user or team in self.teams for _pk, team, user in rows)


class NewRows:
    """The rows that this process has not seen yet."""

    def __init__(self) -> None:
        self.after = -1
        self.seen: dict[int, float] = {}

    def fetch(self) -> list[Row]:
        now = monotonic()
        if self.after < 0:
            newest = Notification.objects.aggregate(pk=Max("pk"))["pk"] or 0
            self.after = max(newest - ROWS_BACK, 0)
            self.seen = {pk: now for pk, _team, _user in self._rows()}
            return []
        new = [row for row in self._rows() if row[0] not in self.seen]
        self.seen |= {pk: now for pk, _team, _user in new}
        # Older than the longest transaction that is allowed for: no lower id can still
        # appear, so the next query begins after these and forgets them.
        if past := [pk for pk, at in self.seen.items() if now - at > LOOK_BACK]:
            self.after = max(past)
            self.seen = {pk: at for pk, at in self.seen.items() if pk > self.after}
        return new

    def _rows(self) -> list[Row]:
        found = Notification.objects.filter(pk__gt=self.after).order_by("pk")
        return list(found.values_list("pk", "team", "user"))


class WaitingSource:
    """What waits for everyone who has a page open in this process."""

    def __init__(self) -> None:
        self.rows = NewRows()

    @property
    def tick(self) -> float:
        return TICK

    def open(self, key: str) -> WaitingCounts:
        if self.rows.after < 0:
            self.rows.fetch()  # before the numbers, so that nothing comes in between
        waiting = WaitingCounts(int(key))
        self.read(waiting)
        return waiting

    def changed(self, topics: Mapping[str, WaitingCounts]) -> list[str]:
        rows, now = self.rows.fetch(), monotonic()
        return [
            key
            for key, waiting in topics.items()
            if waiting.is_meant(rows) or now - waiting.read_at > AT_LEAST
        ]

    def read(self, waiting: WaitingCounts) -> None:
        user = User.objects.filter(pk=waiting.user).first()
        teams = frozenset(team for team, _role in user.places) if user else frozenset()
        waiting.goes_to(teams, build_message(count_badges(user)))
