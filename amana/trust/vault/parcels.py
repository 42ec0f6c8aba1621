"""A parcel: what is handed to a team before there is a case, sealed part by part.

Anyone who has unlocked may seal to a team; only the team opens. A parcel has one
holder at any time: handed on, it is sealed to the next team, and the team before has it
no longer. What may never flow to a sphere is not handed on."""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from amana.errors import Changed, Refused
from amana.trust.access.models import Team, User
from amana.trust.audit import log
from amana.trust.vault import altered, crypto, erasure, roster
from amana.trust.vault.compartments import CEILING, Compartment
from amana.trust.vault.crypto import Unopenable, bind_place
from amana.trust.vault.keys import get_current_key, get_keyring, seal_held
from amana.trust.vault.models import Parcel, TeamKey

PAD_TO = 256

type Parts = Mapping[Compartment, Mapping[str, object]]


def find_allowed_parts(to: Team, *, sender: Team) -> frozenset[Compartment]:
    """Find which parts may go from one team to the other: all within an organisation,
    otherwise those under the ceiling of the recipient's sphere.
    """
    if to.organisation_id == sender.organisation_id:
        return frozenset(Compartment)
    return CEILING[to.organisation.sphere]  # type: ignore[index]


@transaction.atomic
def seal(about: UUID, parts: Parts, *, to: Team, sender: Team, by: User) -> None:
    """Seal `parts` to a team, as a parcel about something that has this id; the caller
    records the act."""
    get_keyring(by)  # who hands something over has to have unlocked
    if to.organisation.admitted_at is None:
        raise Refused(_("This organisation has not been admitted to the mechanism."))
    if not parts.keys() <= find_allowed_parts(to, sender=sender):
        raise Refused(
            _(
                "Some of this information may never be sent to this kind of "
                "organisation."
            )
        )
    key = get_current_key(to)
    roster.require_spheres([to], as_of_=key)
    Parcel.objects.bulk_create(
        [_sealed(Parcel(about=about, part=part), parts[part], key) for part in parts]
    )


def _sealed(parcel: Parcel, content: Mapping[str, object], key: TeamKey) -> Parcel:
    secret = crypto.generate_key()
    parcel.team_key = key
    seal_held(parcel, secret, *_place(parcel))
    text = json.dumps(dict(content), ensure_ascii=False, default=str).encode()
    padded = crypto.fill_with_spaces(text, PAD_TO)
    parcel.content = crypto.seal(secret, padded, at=bind_place(*_place(parcel)))
    return parcel


def _place(parcel: Parcel) -> tuple[object, ...]:
    return ("parcel", parcel.pk, parcel.about, parcel.part)


def _in_clear(parcel: Parcel, *, by: User) -> dict[str, object]:
    place = _place(parcel)
    try:
        secret = get_keyring(by).open([parcel], *place)
        text = crypto.unseal(secret, bytes(parcel.content), at=bind_place(*place))
    except Unopenable as error:
        raise altered.build_parcel_tampered() from error
    content: dict[str, Any] = json.loads(text)
    return content


@transaction.atomic
def open_parcel(
    about: UUID,
    parts: Iterable[Compartment] = Compartment,
    *,
    by: User,
    purpose: str,
) -> dict[Compartment, dict[str, object]]:
    """Open what is in the parcel, as far as `by` holds it, with one event."""
    found = list(Parcel.objects.filter(about=about, part__in=list(parts)))
    held = [parcel for parcel in found if get_keyring(by).holds_one_of([parcel])]
    log.record(
        "opened parcel",
        by=by,
        purpose=purpose,
        about=about,
        compartments=sorted(parcel.part for parcel in held),
    )
    return {Compartment(parcel.part): _in_clear(parcel, by=by) for parcel in held}


@transaction.atomic
def rewrite(about: UUID, parts: Parts, *, by: User) -> None:
    """Seal these parts again, or for the first time, for the team that holds the
    parcel; the caller records the act.
    """
    held = _held(about, by=by)
    key = get_current_key(held[0].team_key.team_id)  # type: ignore[union-attr]
    Parcel.objects.filter(about=about, part__in=list(parts)).delete()
    Parcel.objects.bulk_create(
        [_sealed(Parcel(about=about, part=part), parts[part], key) for part in parts]
    )


@transaction.atomic
def pass_on(about: UUID, *, to: Team, sender: Team, by: User) -> frozenset[Compartment]:
    """Seal the parcel to another team, and end the hold of the one before; return which
    parts went along. The caller records the act.
    """
    held = _held(about, by=by)
    goes = {
        Compartment(parcel.part): _in_clear(parcel, by=by)
        for parcel in held
        if parcel.part in find_allowed_parts(to, sender=sender)
    }
    if not goes:
        raise Refused(
            _(
                "Some of this information may never be sent to this kind of "
                "organisation."
            )
        )
    # First, since there is only one row for each part, and the earlier holder keeps
    # none.
    destroy(about)
    seal(about, goes, to=to, sender=sender, by=by)
    return frozenset(goes)


def _held(about: UUID, *, by: User) -> list[Parcel]:
    """Lock every part, and find it. Raises `Changed` when another team has it by
    now.
    """
    locked = Parcel.objects.select_for_update(of=["self"], no_key=True)
    found = list(locked.filter(about=about).select_related("team_key").order_by("pk"))
    if not found or not all(get_keyring(by).holds_one_of([p]) for p in found):
        raise Changed(_("This is no longer with your team."))
    return found


def map_parts(abouts: Collection[UUID]) -> dict[UUID, frozenset[Compartment]]:
    """Map each to the parts that there are of it; nothing is opened."""
    found: dict[UUID, set[Compartment]] = {about: set() for about in abouts}
    for about, part in Parcel.objects.filter(about__in=found).values_list(
        "about", "part"
    ):
        found[about].add(Compartment(part))
    return {about: frozenset(parts) for about, parts in found.items()}


def destroy(about: UUID) -> None:
    """Delete the parcel with its keys: it is in a case now, or no longer needed."""
    Parcel.objects.filter(about=about).delete()
    erasure.clear_traces()


# --- when a colleague has left the team that holds it


def find_parcels_of_team_keys(keys: QuerySet[TeamKey]) -> QuerySet[Parcel]:
    return Parcel.objects.filter(team_key__in=keys).order_by("pk")


def rewrap_parcels(some: QuerySet[Parcel], by: User) -> int:
    """Seal parcels again for their team; return how many."""
    found = list(
        Parcel.objects.select_for_update(of=["self"], no_key=True)
        .filter(pk__in=list(some.values_list("pk", flat=True)))
        .select_related("team_key")
        .order_by("pk")  # else two who hold many wait for each other
    )
    for parcel in found:
        assert parcel.team_key is not None
        content = _in_clear(parcel, by=by)
        _sealed(parcel, content, get_current_key(parcel.team_key.team_id))
    Parcel.objects.bulk_update(found, ["team_key", "sealed", "content"])
    return len(found)
