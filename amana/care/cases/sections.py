"""What upper rooms show on a case's page, without this room knowing them.

A room registers in its `apps.ready()`; the page asks each for what concerns a case."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.functional import Promise

from amana.care.cases.models import Case, Need
from amana.care.cases.rules import work_on_case
from amana.care.cases.tabs import CaseTab
from amana.design.mechanism.choosing import find_version_of
from amana.design.mechanism.models import Version
from amana.registry import Registry
from amana.trust.access import prepared
from amana.trust.access.models import User
from amana.trust.access.prepared import PreparedQuery

ALL_OF_THEM = 1_000_000


@dataclass(frozen=True)
class TimelineEntry:
    """One line of a case's timeline: codes and dates, no sealed word."""

    at: datetime
    text: str | Promise
    by: str = ""
    url: str = ""


@dataclass(frozen=True)
class CaseSection:
    """A part of one tab of the case page: `load` gives the context of `template`."""

    order: int
    template: str
    load: Callable[[Case, User], dict[str, object]]
    tab: CaseTab = CaseTab.OVERVIEW


@dataclass(frozen=True)
class NeedAction:
    """What can be done about an open need, such as looking for a service; or else."""

    label: str | Promise
    url: str


PANELS: Registry[CaseSection] = Registry()
ENTRIES: Registry[Callable[[Case, User], Iterable[TimelineEntry]]] = Registry()
DUE: Registry[Callable[[Case, User], Iterable[tuple[datetime, str, str]]]] = Registry()
"""What is due on a case: (when, sentence, url); the page's *now* and *next*."""
ALONG: Registry[str] = Registry()
"""Relations to one row each that a panel reads: they come with the case, unasked."""
OVERVIEW: Registry[PreparedQuery[Any]] = Registry()
"""Things of a case that its overview reads, asked for in one query."""
NEED_STEPS: Registry[Callable[[Need, User], Iterable[NeedAction]]] = Registry()
"""What a need's card offers, the likely step first. Asks the database nothing: it is
called for every open need. An emergency leads straight to the first of them."""
AFTERWARDS: Registry[Callable[[Case, User], Iterable[NeedAction]]] = Registry()
"""What can be recorded once the work has an outcome: where a follow-up or the work
itself ends."""


def list_things[M: models.Model](case: Case, things: PreparedQuery[M]) -> list[M]:
    """List things of a case, each with the case itself. One query a page."""
    if things not in get_store(case):
        store_things(case, things, things.of(case).all())
    return get_store(case)[things]


def ask_together(case: Case, every: Iterable[PreparedQuery[Any]]) -> None:
    """Load in one query the things that `list_things` will be asked for one by one."""
    new = [things for things in every if things not in get_store(case)]
    found = prepared.ask_together([(things.of(case), ALL_OF_THEM) for things in new])
    for things, rows in zip(new, found, strict=True):
        store_things(case, things, rows)


def store_things(case: Case, things: PreparedQuery[Any], rows: list[Any]) -> None:
    for thing in rows:
        # This very object: another one would cost a query for each thing, and would not
        # have what the page has stored on it.
        thing.case = case
    get_store(case)[things] = rows


def get_store(case: Case) -> dict[PreparedQuery[Any], list[Any]]:
    things: dict[PreparedQuery[Any], list[Any]] = case.__dict__.setdefault(
        "_things", {}
    )
    return things


def may_work(case: Case, user: User) -> bool:
    """Ask whether to offer the work itself; a supervisor reads along. One query a
    page."""
    known: dict[int, bool] = case.__dict__.setdefault("_worked_on_by", {})
    if user.pk not in known:
        known[user.pk] = work_on_case.permits(user, case)
    return known[user.pk]


def store_may_work(case: Case, user: User, *, so: bool) -> None:
    """Store what the page knows already, so that panels don't ask again."""
    case.__dict__.setdefault("_worked_on_by", {})[user.pk] = so


def find_version_in_force(case: Case) -> Version | None:
    """Find the version in force of the mechanism that the case follows. One query a
    page."""
    if "_in_force" not in case.__dict__:
        case.__dict__["_in_force"] = find_version_of(case.mechanism_id)
    found: Version | None = case.__dict__["_in_force"]
    return found


def store_version(case: Case, version: Version) -> None:
    """Store a version that was loaded for another reason, if it is the one in force."""
    if version.pk == case.__dict__.get("in_force_id"):
        case.__dict__["_in_force"] = version


def list_need_steps(need: Need, user: User) -> list[NeedAction]:
    return [step for steps in NEED_STEPS for step in steps(need, user)]


def list_later_steps(case: Case, user: User) -> list[NeedAction]:
    return [step for steps in AFTERWARDS for step in steps(case, user)]
