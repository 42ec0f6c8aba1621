"""What an act takes away of someone's keys, set aside sealed until it is final.

Nothing else knows of it: rows that are set aside are gone from their tables, so no list
shows them, nothing is sealed to them, and no key opens with them. Under the server's
pepper they lie in one piece. What others resealed in the meantime isn't put back: an
old wrap would open nothing there.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.core import serializers
from django.core.serializers.base import DeserializationError
from django.db.models import Model

from amana.trust.access.models import Membership, User
from amana.trust.vault import crypto, manifest, server_secrets
from amana.trust.vault.crypto import Unopenable
from amana.trust.vault.models import (
    CompartmentKey,
    CompartmentWrap,
    Disclosure,
    DisclosureWrap,
    KeyRemoval,
    PersonKey,
    PersonWrap,
    SearchCard,
    TeamKey,
    TeamWrap,
)

PAD_TO = 4096

logger = logging.getLogger(__name__)


@dataclass
class RemovalTombstone:
    """What one act took away: the rows, and how things were when it did."""

    rows: list[Model] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)
    """Of what a wrap opens, a mark that changes when it is resealed."""
    held: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Of each wrap of a case, the case, and what the manifest is to record when it is
    put back."""

    def of[M: Model](self, model: type[M]) -> list[M]:
        return [row for row in self.rows if isinstance(row, model)]


@contextmanager
def collect_taken(user: User) -> Iterator[RemovalTombstone]:
    """Collect, in what is yielded, all that the act inside takes away from `user`."""
    before = list(_theirs(user))
    taken = RemovalTombstone()
    yield taken
    taken.rows = [row for row in before if _is_gone(row)]
    taken.marks = {_name(row): mark for row in taken.rows if (mark := _mark(row))}
    taken.held = {
        _name(wrap): (wrap.key.case.hex, f"{wrap.key.compartment}/person:{user.pk}")
        for wrap in taken.of(CompartmentWrap)
    }


def _theirs(user: User) -> Iterator[Model]:
    """Yield places, second factors, and everything that belongs to the person's key."""
    yield from Membership.objects.filter(user=user, ended_at=None)
    yield from Authenticator.objects.filter(user=user)
    key = PersonKey.objects.filter(user=user).first()
    if key is None:
        return
    yield key
    # By Django's relations and not by a list: a model that is added later is found too.
    for relation in PersonKey._meta.related_objects:
        rows = relation.related_model._default_manager
        yield from rows.filter(**{relation.field.name: key})


def _is_gone(row: Model) -> bool:
    """Return whether the row isn't there any more as it was."""
    there = type(row)._default_manager.filter(pk=row.pk)
    if isinstance(row, Membership):
        there = there.filter(confirmed_at=row.confirmed_at, ended_at=row.ended_at)
    return not there.exists()


def _name(row: Model) -> str:
    return f"{row._meta.label_lower}:{row.pk}"


def _mark(row: Model) -> str:
    if isinstance(row, CompartmentWrap):
        # Resealing clears it, and another removal sets a later one.
        key = CompartmentKey.objects.filter(pk=row.key_id).first()
        return str(key and key.exposed_at)
    if isinstance(row, DisclosureWrap):
        shared = Disclosure.objects.filter(pk=row.disclosure_id).first()
        return hashlib.sha256(bytes(shared.sealed)).hexdigest() if shared else ""
    return ""


# --- sealed


def seal(taken: RemovalTombstone, *, of: KeyRemoval) -> bytes:
    rows = serializers.serialize("json", taken.rows)
    text = json.dumps([rows, taken.marks, taken.held])
    padded = crypto.fill_with_spaces(text.encode(), PAD_TO)
    return server_secrets.seal_text(padded.decode(), "set aside", of.pk).encode()


def open_set_aside(removal: KeyRemoval) -> RemovalTombstone:
    """Open what was set aside. Raises `Unopenable` if its pepper is no longer there."""
    sealed = bytes(removal.set_aside or b"").decode()
    text = server_secrets.open_text(sealed, "set aside", removal.pk)
    rows, marks, held = json.loads(text)
    found = serializers.deserialize("json", rows, ignorenonexistent=True)
    return RemovalTombstone([row.object for row in found], marks, held)


def forget(case: UUID) -> None:
    """Remove what opens a case from all that is set aside: it is being erased."""
    keys = set(CompartmentKey.objects.filter(case=case).values_list("pk", flat=True))
    shared = set(Disclosure.objects.filter(case=case).values_list("pk", flat=True))

    def opens_it(row: Model) -> bool:
        return (
            (isinstance(row, SearchCard) and row.case == case)
            or (isinstance(row, CompartmentWrap) and row.key_id in keys)
            or (isinstance(row, DisclosureWrap) and row.disclosure_id in shared)
        )

    kept = KeyRemoval.objects.filter(set_aside__isnull=False)
    for removal in kept.select_for_update(no_key=True).order_by("pk"):
        try:
            taken = open_set_aside(removal)
        except (Unopenable, ValueError, DeserializationError):
            # Its pepper is gone, so nothing there opens anything; nor may it keep
            # everything else from being erased.
            logger.error("What was set aside in %s can't be read.", removal)
            continue
        rest = [row for row in taken.rows if not opens_it(row)]
        if len(rest) < len(taken.rows):
            names = {_name(row) for row in rest}
            marks = {name: m for name, m in taken.marks.items() if name in names}
            held = {name: h for name, h in taken.held.items() if name in names}
            sealed = seal(RemovalTombstone(rest, marks, held), of=removal)
            KeyRemoval.objects.filter(pk=removal.pk).update(set_aside=sealed)


# --- put back


def restore(taken: RemovalTombstone) -> None:
    """Restore what still fits; the caller has removed any newer key of the person."""
    # In this order, because each kind refers to those before it.
    for models, fits in ORDER:
        rows = (row for row in taken.rows if isinstance(row, models))
        _return_cases(_save(rows, taken, fits), taken)
    rest = [row for row in taken.rows if not isinstance(row, KNOWN)]
    _save(rest, taken, _is_free)


type Fits = Callable[[Any, RemovalTombstone], bool]


def _save(rows: Iterable[Model], taken: RemovalTombstone, fits: Fits) -> list[Model]:
    """Save the rows that still fit; return those that were restored."""
    back = []
    for row in rows:
        if fits(row, taken):
            row.save()
            back.append(row)
    return back


def _return_cases(back: Iterable[Model], taken: RemovalTombstone) -> None:
    """Record in the manifests that a key came back to the person: as it was sealed when
    it was set aside, whatever the rows have now.
    """
    names = {_name(row) for row in back} & taken.held.keys()
    for case, what in sorted(taken.held[name] for name in names):
        manifest.narrow(UUID(case), manifest.Kind.RETURNS, what)


def _always(row: Model, taken: RemovalTombstone) -> bool:
    return True


def _is_free(row: Model, taken: RemovalTombstone) -> bool:
    """Return whether nothing has taken its place, and what it belongs to is there."""
    for relation in row._meta.concrete_fields:
        target = getattr(row, relation.attname)
        if relation.is_relation and target is not None:
            model = relation.related_model
            if not model._default_manager.filter(pk=target).exists():  # type: ignore[union-attr]
                return False
    same = type(row)._default_manager.filter(
        **{name: getattr(row, name) for name in _unique(row)}
    )
    return not _unique(row) or not same.exists()


def _unique(row: Model) -> tuple[str, ...]:
    """Return the columns of which a person has one row."""
    if isinstance(row, SearchCard):
        return ("case", "person_key_id")
    return ()


def _is_place_free(row: Membership, taken: RemovalTombstone) -> bool:
    same = Membership.objects.filter(
        user=row.user_id, team=row.team_id, role=row.role, ended_at=None
    )
    return not same.exclude(pk=row.pk).exists()


def _has_person(row: Any) -> bool:
    return PersonKey.objects.filter(pk=row.person_key_id).exists()


def _still_held(row: TeamWrap, taken: RemovalTombstone) -> bool:
    """Return whether its key is there, and opens something: an epoch that is settled is
    over.
    """
    key = TeamKey.objects.filter(pk=row.team_key_id).first()
    same = TeamWrap.objects.filter(team_key=key, person_key=row.person_key_id)
    if key is None or same.exists() or not _has_person(row):
        return False
    if key.retired_at is None:
        return True
    return TeamKey.objects.filter(
        team=key.team_id, retired_at=None, settled_at=None
    ).exists()


def _as_sealed(row: CompartmentWrap | DisclosureWrap, taken: RemovalTombstone) -> bool:
    """Return whether what it opens has not been sealed again since."""
    mark = _mark(row)
    if not mark or mark == "None" or taken.marks.get(_name(row)) != mark:
        return False
    opens = "key" if isinstance(row, CompartmentWrap) else "disclosure"
    same = type(row)._default_manager.filter(
        **{opens: getattr(row, f"{opens}_id")}, person_key=row.person_key_id
    )
    return _has_person(row) and not same.exists()


def _of_held_case(row: SearchCard, taken: RemovalTombstone) -> bool:
    """Return whether the person still holds the case: if its key was renewed meanwhile,
    the card's words may be old.
    """
    held = CompartmentWrap.objects.filter(
        key__case=row.case, person_key=row.person_key_id
    )
    return held.exists() and _is_free(row, taken)


ORDER: list[tuple[tuple[type[Model], ...], Fits]] = [
    ((PersonKey,), _always),
    ((PersonWrap, Authenticator), _always),
    ((Membership,), _is_place_free),
    ((TeamWrap,), _still_held),
    ((CompartmentWrap, DisclosureWrap), _as_sealed),
    ((SearchCard,), _of_held_case),
]
KNOWN = tuple(model for models, _fits in ORDER for model in models)
