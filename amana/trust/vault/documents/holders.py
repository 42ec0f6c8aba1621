"""Who holds a case; and how it is shredded."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access.models.organisations import Team, User
from amana.trust.audit import log
from amana.trust.vault import disclosures, erasure, manifest, tombstones
from amana.trust.vault.documents.compartments_keys import (
    list_vouched_holders,
    wrap_key_for_holders,
)
from amana.trust.vault.documents.writing import (
    lock_compartment_keys,
    open_locked_keys,
    renew,
)
from amana.trust.vault.models.sealed_documents import (
    CompartmentKey,
    CompartmentWrap,
    SearchCard,
)
from amana.trust.vault.models.shared_copies import (
    Disclosure,
    DisclosureWrap,
    ReturnSlip,
)
from amana.trust.vault.models.team_keys import PersonKey


@transaction.atomic
def share_case(
    case: UUID,
    *,
    by: User,
    team: Team | None = None,
    people: Iterable[User] = (),
    exclusively: bool = False,
) -> None:
    """Share the whole case with another holder; `exclusively` ends the others' hold.

    For a transfer, and for restricting a case to named people. Sharing with another
    agency for a purpose is a disclosure, never this. What was disclosed of the case
    is held, on the sender's side, by those who hold the case."""
    named = PersonKey.objects.filter(user__in=list(people))
    holders = list_vouched_holders(team, named)
    names = {manifest.format_holder(holder) for holder in holders}
    with manifest.change_case(case, by=by) as state:
        keys = lock_compartment_keys(CompartmentKey.objects.filter(case=case))
        secrets = open_locked_keys(keys, by=by)
        if exclusively:
            # Someone without the key would end everyone's hold on it, and for ever.
            if len(secrets) < len(keys):
                raise Refused(_("You don’t hold the keys to every part of this case."))
            renew(secrets, holders)
            disclosures.move_with_case(case, holders, by=by)
            state.give(state.holders, names)
            return
        disclosures.share_with_case(case, holders, by=by)
        CompartmentWrap.objects.bulk_create(
            [
                wrap
                for key, secret in secrets.items()
                for wrap in wrap_key_for_holders(key, secret, holders)
            ],
            ignore_conflicts=True,
        )
        state.share([key.compartment for key in secrets], names)


@transaction.atomic
def end_hold(cases: Collection[UUID], *, of: User) -> None:
    """End what a person holds of these cases in their own name, who has left their team
    and stays in another; the next to write seals all of it again."""
    held = CompartmentWrap.objects.filter(key__case__in=cases)
    theirs = held.filter(person_key__user=of)
    others = held.exclude(person_key__user=of)
    if theirs.exclude(key__in=others.values("key")).exists():
        raise Refused(
            _(
                "Only this colleague can open one of the cases. Give another colleague "
                "access first."
            )
        )
    now = timezone.now()
    release(of, cases=set(theirs.values_list("key__case", flat=True)))
    keys = CompartmentKey.objects.filter(pk__in=theirs.values("key"))
    keys.update(exposed_at=now)
    shared = DisclosureWrap.objects.filter(
        disclosure__case__in=cases, person_key__user=of
    )
    known = Disclosure.objects.filter(pk__in=shared.values("disclosure"))
    known.update(exposed_at=now)
    for wraps in (theirs, shared):
        wraps.filter(pk__in=list(wraps.values_list("pk", flat=True))).delete()
    SearchCard.objects.filter(case__in=cases, person_key__user=of).delete()


def release(user: User, *, cases: Collection[UUID]) -> None:
    """Record in the manifests of these cases that a person no longer holds them."""
    manifest.lock_chains(cases)
    for case in sorted(cases):
        manifest.narrow(case, manifest.Kind.RELEASES, f"person:{user.pk}")


def is_held_by_others(case: UUID, *, than: User) -> bool:
    """Return whether another person could open what is sealed here."""
    held = CompartmentWrap.objects.filter(key__case=case)
    return held.exclude(person_key__user=than).exists()


def shred_keys(case: UUID, keys: Collection[UUID]) -> None:
    """Delete some keys of a case, and so what is sealed under them; the rest stays."""
    manifest.lock_chains([case])
    rows = CompartmentKey.objects.filter(case=case, pk__in=keys)
    for part in sorted(rows.values_list("compartment", flat=True)):
        manifest.narrow(case, manifest.Kind.SHREDS, part)
    rows.delete()


@transaction.atomic
def shred(case: UUID) -> None:
    """Delete the keys of a case, and so, for ever, every word sealed under them: its
    documents, its files, its search cards, all that was disclosed of it, the return
    slips of that, and what was set aside of it with someone's keys."""
    manifest.erase(case)
    tombstones.forget(case)
    shared = Disclosure.objects.filter(case=case)
    ReturnSlip.objects.filter(disclosure__in=shared.values("pk")).delete()
    shared.delete()
    CompartmentKey.objects.filter(case=case).delete()
    SearchCard.objects.filter(case=case).delete()
    log.shred(case)
    erasure.clear_traces()
