"""Seal the name of a saved view: it may be that of a person.

It is sealed under the symmetric half of its holder's key, as search cards are: a list
opens some forty of them on each page.
"""

from django.db.models import QuerySet

from amana.care.lists.models import SavedView
from amana.trust.access.models import User
from amana.trust.vault import crypto
from amana.trust.vault.crypto import KeyPair, bind_place
from amana.trust.vault.keys import Keyring, get_current_key, get_keyring
from amana.trust.vault.models import TeamKey

PAD_TO = 64


def seal_name(view: SavedView, name: str, *, by: User) -> None:
    """Seal a name for the view's team, or for its owner, who is `by`."""
    ring = get_keyring(by)
    if view.team_id:
        view.team_key, view.person_key = get_current_key(view.team_id), None
    else:
        view.team_key, view.person_key_id = None, ring.person_key_id
    # To one length: a short name would otherwise be known by its size.
    text = crypto.fill_with_spaces(name.encode(), PAD_TO)
    view.sealed = crypto.seal(_key(_pair(view, ring)), text, at=_at(view))


def open_name(view: SavedView, ring: Keyring) -> str:
    """Open the name; empty where these keys don't open it."""
    if view.person_key_id not in (None, ring.person_key_id):
        return ""
    if view.team_key_id is not None and view.team_key_id not in ring.teams:
        return ""
    key = _key(_pair(view, ring))
    return crypto.unseal(key, bytes(view.sealed), at=_at(view)).decode().rstrip()


def find_held_views(keys: QuerySet[TeamKey]) -> QuerySet[SavedView]:
    return SavedView.objects.filter(team_key__in=keys).order_by("pk")


def renew_names(some: QuerySet[SavedView], by: User) -> int:
    """Seal names again under their team's present key, after a member has left it."""
    ring, views = get_keyring(by), list(some)
    for view in views:
        seal_name(view, open_name(view, ring), by=by)
        view.save(update_fields=["team_key", "sealed"])
    return len(views)


def _pair(view: SavedView, ring: Keyring) -> KeyPair:
    return ring.person if view.team_key_id is None else ring.teams[view.team_key_id]


def _key(pair: KeyPair) -> bytes:
    return crypto.derive(pair.symmetric, "saved views")


def _at(view: SavedView) -> bytes:
    # Bound to its row: a sealed name that is moved to another row does not open there.
    return bind_place("saved view", view.holder, view.pk.hex)
