"""A person who leaves altogether."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.trust.access.models.organisations import User
from amana.trust.vault import documents, manifest
from amana.trust.vault.models.recovery_keys import TeamWrap
from amana.trust.vault.models.sealed_documents import CompartmentKey, CompartmentWrap
from amana.trust.vault.models.shared_copies import Disclosure, DisclosureWrap
from amana.trust.vault.models.team_keys import PersonKey, TeamKey


def count_held_alone(user: User) -> int:
    """Count the cases that no one else could open any more, if this person left."""
    theirs = CompartmentWrap.objects.filter(person_key__user=user)
    others = CompartmentWrap.objects.exclude(person_key__user=user)
    alone = theirs.exclude(key__in=others.values("key"))
    return alone.values("key__case").distinct().count()


def is_last_holder(user: User) -> bool:
    """Return whether something opens with this person's key and with no other one."""
    theirs = TeamWrap.objects.filter(person_key__user=user)
    others = TeamWrap.objects.exclude(person_key__user=user)
    alone = theirs.exclude(team_key__in=others.values("team_key"))
    return alone.exists() or count_held_alone(user) > 0


def can_open_anything(user: User) -> bool:
    """Return whether this person's key opens anything, of a team or in person."""
    held = (TeamWrap, CompartmentWrap, DisclosureWrap)
    return any(
        model._default_manager.filter(person_key__user=user).exists() for model in held
    )


def has_keys_to_lose(user: User) -> str:
    """Explain why one person alone can't close this account; empty if they can."""
    if not can_open_anything(user):
        return ""
    return _(
        "This colleague has keys. Ask another colleague to confirm them, or "
        "propose that they leave."
    )


def expose_team_keys(user: User, *, team: int | None = None) -> None:
    """Mark what the person holds of teams' keys as to be renewed: others may have
    it.
    """
    held = TeamKey.objects.filter(retired_at=None, wraps__person_key__user=user)
    if team is not None:
        held = held.filter(team=team)
    current = TeamKey.objects.filter(pk__in=list(held.values_list("pk", flat=True)))
    current.filter(exposed_at=None).update(exposed_at=timezone.now())


@transaction.atomic
def take_person_key(user: User) -> None:
    """Delete a person's key, and mark as exposed what it could open in person."""
    now = timezone.now()
    # Before the key is gone: afterwards nothing could check what the person signed.
    manifest.countersign(user)
    theirs = CompartmentWrap.objects.filter(person_key__user=user)
    documents.release(user, cases=set(theirs.values_list("key__case", flat=True)))
    held = CompartmentKey.objects.filter(pk__in=theirs.values("key"))
    held.filter(exposed_at=None).update(exposed_at=now)
    shared = DisclosureWrap.objects.filter(person_key__user=user)
    known = Disclosure.objects.filter(pk__in=shared.values("disclosure"))
    known.filter(exposed_at=None).update(exposed_at=now)
    PersonKey.objects.filter(user=user).delete()
