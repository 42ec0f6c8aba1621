"""Save a view of a list; rename, delete, and begin with it."""

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from amana.care.lists import names, saved
from amana.care.lists.models import MOST_VIEWS, DefaultView, SavedView
from amana.care.lists.rules import change_view, read_view, share_views
from amana.errors import Refused
from amana.trust.access.models import Team, User
from amana.trust.audit import log


@transaction.atomic
def save_view(
    code: str, *, kind: str, query: str, name: str, by: User, team: Team | None = None
) -> SavedView:
    """Save what a list is filtered and sorted by, for oneself or for a team. Raises
    `Refused` when the list isn't theirs, or there are too many views."""
    if team is not None:
        share_views.require(by, team)
    known = saved.LISTS.get(code)
    # Read again by its list, and never stored as it came: only codes that the list
    # offers to this reader, so that nothing typed gets into an address (ADR 50).
    wanted = known.read(by, kind, QueryDict(query)) if known else None
    if wanted is None:
        raise Refused(_("This list is no longer available to you."))
    theirs = SavedView.objects.filter(team=team)
    if (theirs if team else theirs.filter(owner=by)).count() >= MOST_VIEWS:
        raise Refused(
            _("There are %(count)s saved views already. Delete one first.")
            % {"count": MOST_VIEWS}
        )
    view = SavedView(list=code, kind=kind, query=wanted.query(), owner=by, team=team)
    names.seal_name(view, name, by=by)
    view.save(force_insert=True)
    log.record("saved view", view, by=by, list=code, team=team and team.pk)
    return view


@transaction.atomic
def rename_view(view: SavedView, *, name: str, by: User) -> SavedView:
    """Give a view another name."""
    change_view.require(by, view)
    names.seal_name(view, name, by=by)
    view.save(update_fields=["team_key", "person_key", "sealed"])
    log.record("renamed view", view, by=by)
    return view


@transaction.atomic
def delete_view(view: SavedView, *, by: User) -> None:
    """Delete a view; lists that began with it begin with all rows again."""
    change_view.require(by, view)
    # While the row still has its id, which the log names.
    log.record("deleted view", view, by=by, list=view.list)
    view.delete()


@transaction.atomic
def begin_with_view(view: SavedView, *, by: User) -> None:
    """Make this view the one with which the list begins, for oneself alone."""
    read_view.require(by, view)
    DefaultView.objects.update_or_create(
        user=by, list=view.list, defaults={"view": view}
    )
    log.record("chose default view", view, by=by, list=view.list)


@transaction.atomic
def begin_without_view(view: SavedView, *, by: User) -> None:
    """Make the list begin with all rows again."""
    read_view.require(by, view)
    DefaultView.objects.filter(user=by, view=view).delete()
    log.record("ended default view", view, by=by, list=view.list)
