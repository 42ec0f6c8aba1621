"""The lists of which views can be saved, and the views that a reader has of one.

A room registers its lists with the views that show them: how an address is read, so
that nothing but what the list offers is ever stored.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise

from amana.care.lists import names
from amana.care.lists.models import MOST_VIEWS, SavedView
from amana.care.lists.rules import read_view, share_views
from amana.trust.access.models import KEYHOLDERS, Team, User
from amana.trust.access.prepared import PreparedQuery
from amana.trust.vault.keys import Keyring
from amana.ui.lists import EVERYTHING, VIEW, ListRequest


@dataclass(frozen=True)
class SavableList:
    """A list of which views can be saved."""

    label: str | Promise
    address: Callable[[str], str]
    """Of one of its parts."""
    read: Callable[[User, str, QueryDict], ListRequest | None]
    """Of a part of the list, what an address asks for; None: it isn't theirs."""


LISTS: dict[str, SavableList] = {}


@dataclass(frozen=True)
class ViewEntry:
    """A saved view as its reader sees it."""

    view: SavedView
    name: str
    url: str
    is_default: bool
    is_current: bool = False


@dataclass(frozen=True)
class ViewMenu:
    """What a list's page shows of the views that its reader has."""

    code: str
    """Of the list, in `LISTS`."""
    kind: str
    query: str
    views: list[ViewEntry]
    teams: list[Team]
    """With which the reader may share one."""


VIEWS = PreparedQuery(
    lambda user, code: read_view.among(
        SavedView.objects.with_default(user).filter(list=code), user
    ),
    User,
    str,
)
"""The views of one list, to be queried with what else its page needs."""

SHOWN = 2 * MOST_VIEWS * 5
"""So many a page shows: one's own, and those of a handful of teams."""


def list_views(user: User) -> list[ViewEntry]:
    """List the views that a user reads, of all lists."""
    found = read_view.among(SavedView.objects.with_default(user), user)
    return open_views(found.select_related("team"), user)


def open_views(views: Iterable[SavedView], user: User) -> list[ViewEntry]:
    """Open the names of views, in the order in which they were saved; none without
    keys."""
    ring = user.keyring
    if not isinstance(ring, Keyring):
        return []
    rows: Any = sorted(views, key=lambda view: (view.saved_at, view.pk))
    return [
        ViewEntry(view, name, build_address(view), bool(view.is_default))
        for view in rows
        if view.list in LISTS and (name := names.open_name(view, ring))
    ]


def build_address(view: SavedView) -> str:
    """Build the address of a view; the list itself reports what it no longer offers."""
    here = LISTS[view.list].address(view.kind)
    return f"{here}?{view.query or f'{VIEW}={EVERYTHING}'}"


def get_default_address(request: HttpRequest, views: list[ViewEntry]) -> str:
    """Get the address of the reader's default view, where the request asks for nothing;
    else empty."""
    # An address that asks for something wins: a link from a colleague shows what they
    # saw.
    if request.GET:
        return ""
    return next((view.url for view in views if view.is_default), "")


def build_views(
    user: User, views: list[ViewEntry], code: str, kind: str, wanted: ListRequest
) -> ViewMenu:
    """Build the views of a list's page, and which of them it shows now."""
    query = wanted.query()
    shown = [
        replace(view, is_current=(view.view.kind, view.view.query) == (kind, query))
        for view in views
    ]
    return ViewMenu(code, kind, query, shown, list_sharing_teams(user))


def list_sharing_teams(user: User) -> list[Team]:
    """List the teams with which a user may share a view."""
    held = {team for team, role in user.places if role in KEYHOLDERS}
    # Most people are in one team, which is known without a query; its name is only
    # needed to choose among several.
    if len(held) == 1:
        return [Team(pk=held.pop())]
    return list(share_views.among(Team.objects.order_by("name", "pk"), user))
