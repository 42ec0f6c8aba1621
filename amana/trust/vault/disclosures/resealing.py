"""Reseal disclosures when teams or cases change."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from amana.trust.access.models.organisations import User
from amana.trust.vault import altered, crypto, manifest, roster
from amana.trust.vault.altered import Alteration
from amana.trust.vault.disclosures.message_keys import (
    bind_letter_place,
    bind_letterbox_place,
    build_letter_reader,
    derive_letter_key,
    derive_letterbox_key,
    open_letterbox_key_pair,
)
from amana.trust.vault.disclosures.wraps import (
    OF_NO_CASE,
    DisclosureDraft,
    bind_disclosure_place,
    build_reader_fact,
    find_openable_wraps,
    has_pepper_layer,
    list_place_parts,
    lock_disclosures_of_wraps,
    open_held_secret,
    open_secret_for_renewal,
    remove_pepper_layer,
    require_allowed_draft,
    require_still_shared,
    sign_disclosures,
    wrap_secret_for_holders,
)
from amana.trust.vault.keys.keyring import get_keyring
from amana.trust.vault.keys.team_key_wraps import get_current_key, get_current_keys
from amana.trust.vault.models.shared_copies import (
    Disclosure,
    DisclosureMessage,
    DisclosureWrap,
    Letterbox,
    SealedPage,
    Visit,
)
from amana.trust.vault.models.team_keys import TeamKey
from amana.trust.vault.roster.checked_roster import Holder


def renew_keys(
    secrets: Mapping[Disclosure, bytes],
    holders: Mapping[Disclosure, Sequence[Holder]] | None = None,
) -> dict[Disclosure, bytes]:
    """Give locked disclosures fresh keys: what was shared and all letters are sealed
    again for their holders, or for `holders`. An open offer has to be made again.
    """
    fresh = {disclosure: crypto.generate_key() for disclosure in secrets}
    wraps = DisclosureWrap.objects.filter(disclosure__in=list(secrets))
    held = holders or _held_now(wraps)
    wraps.delete()
    made: list[DisclosureWrap] = []
    for disclosure, secret in fresh.items():
        at, was = bind_disclosure_place(disclosure), secrets[disclosure]
        plain = crypto.unseal(was, bytes(disclosure.sealed), at=at)
        disclosure.sealed = crypto.seal(secret, plain, at=at)
        disclosure.exposed_at = None
        made += wrap_secret_for_holders(disclosure, secret, held[disclosure])
    DisclosureWrap.objects.bulk_create(made)
    Disclosure.objects.bulk_update(fresh, ["sealed", "exposed_at"], batch_size=100)
    # The code of an offer opens the old key, which opens nothing any more.
    SealedPage.objects.filter(disclosure__in=list(fresh)).delete()
    Visit.objects.filter(disclosure__in=list(fresh)).delete()
    _reseal_letters(secrets, fresh)
    _reseal_boxes(secrets, fresh)
    return fresh


def renew_disclosures(some: QuerySet[DisclosureWrap], by: User) -> None:
    """Seal these disclosures again, under fresh keys, for their holders now."""
    renew_keys(
        {d: open_secret_for_renewal(d, by=by) for d in lock_disclosures_of_wraps(some)}
    )


def rewrap_disclosure_keys(some: QuerySet[DisclosureWrap], by: User) -> None:
    """Seal the keys of disclosures, as they are, to their team's current key, where
    what they open can't be sealed again (`documents.rewrap_compartment_keys`).
    """
    held = {disclosure.pk: disclosure for disclosure in lock_disclosures_of_wraps(some)}
    for wrap in some.select_related("team_key"):
        assert wrap.team_key is not None
        disclosure = held[wrap.disclosure_id]
        if has_pepper_layer(disclosure, wrap):
            wrap.sealed = remove_pepper_layer(disclosure, wrap)
        secret = get_keyring(by).open([wrap], *list_place_parts(disclosure))
        fresh = wrap_secret_for_holders(
            disclosure, secret, [get_current_key(wrap.team_key.team_id)]
        )
        DisclosureWrap.objects.bulk_create(fresh, ignore_conflicts=True)
        DisclosureWrap.objects.filter(pk=wrap.pk).delete()
    # As in `documents`: a leaver may know these keys, which were only wrapped again.
    Disclosure.objects.filter(pk__in=held).update(exposed_at=timezone.now())


def get_case_of_wrap(wrap: DisclosureWrap) -> UUID:
    return wrap.disclosure.case


def _held_now(wraps: QuerySet[DisclosureWrap]) -> dict[Disclosure, list[Holder]]:
    """Find the holders of each: for a team, whatever the epoch, its current key."""
    found = list(wraps.select_related("disclosure", "team_key", "person_key"))
    roster.vouch(w.person_key for w in found if w.person_key)
    current = get_current_keys({w.team_key.team_id for w in found if w.team_key})
    held: dict[Disclosure, list[Holder]] = defaultdict(list)
    for wrap in found:
        if wrap.team_key:
            held[wrap.disclosure].append(current[wrap.team_key.team_id])
        elif wrap.person_key:
            held[wrap.disclosure].append(wrap.person_key)
    _require_signed_holders(held)
    return held


def _require_signed_holders(held: Mapping[Disclosure, Iterable[Holder]]) -> None:
    """Require that each of these holds the case, or is still its recipient, by what was
    signed: nothing is sealed again to a holder who was slipped in. Raises `Tampered`.
    """
    of_case = {d: holders for d, holders in held.items() if d.purpose != OF_NO_CASE}
    states = manifest.get_states({disclosure.case for disclosure in of_case})
    for disclosure, holders in of_case.items():
        state = states[disclosure.case]
        (name,) = build_reader_fact(disclosure)
        known = state.held_by | {f"team:{state.facts.get(name)}"}
        if not known.issuperset(map(manifest.format_holder, holders)):
            raise altered.build_case_tampered(Alteration.HOLDERS, disclosure.case)


@transaction.atomic
def extend_disclosures(*, consent: UUID, until: datetime, by: User) -> None:
    """Extend until when what was shared under a consent can be read. Its holders keep
    it; an open offer has to be made again.
    """
    found = Disclosure.objects.select_for_update(no_key=True).filter(consent=consent)
    secrets = {disclosure: open_held_secret(disclosure, by=by) for disclosure in found}
    wraps = DisclosureWrap.objects.filter(disclosure__in=list(secrets))
    held, made = _held_now(wraps), []
    wraps.delete()
    for disclosure, secret in secrets.items():
        require_still_shared(disclosure)
        # The same key but a new text: the time of expiry is part of the place to which
        # both the text and the wraps are bound.
        plain = crypto.unseal(
            secret, bytes(disclosure.sealed), at=bind_disclosure_place(disclosure)
        )
        disclosure.expires_at = until
        disclosure.sealed = crypto.seal(
            secret, plain, at=bind_disclosure_place(disclosure)
        )
        made += wrap_secret_for_holders(disclosure, secret, held[disclosure])
    DisclosureWrap.objects.bulk_create(made)
    Disclosure.objects.bulk_update(secrets, ["sealed", "expires_at"], batch_size=100)
    sign_disclosures(secrets, by=by)
    SealedPage.objects.filter(disclosure__in=list(secrets)).delete()


@transaction.atomic
def move_to_consent(
    content: Mapping[str, Any],
    *,
    was: UUID,
    consent: UUID,
    until: datetime,
    by: User,
    beside: Mapping[str, object],
) -> list[Disclosure]:
    """Move what was shared without consent to a consent, with exactly this content. Its
    holders keep it, and the letters; an open offer has to be made again.
    """
    rows = Disclosure.objects.select_for_update(no_key=True).filter(consent=was)
    secrets = {disclosure: open_held_secret(disclosure, by=by) for disclosure in rows}
    wraps = DisclosureWrap.objects.filter(disclosure__in=list(secrets))
    held, made = _held_now(wraps), []
    wraps.delete()
    if secrets:
        roster.require_spheres([disclosure.recipient for disclosure in secrets])
    for disclosure, secret in secrets.items():
        draft = DisclosureDraft(
            content, consent, disclosure.recipient, until, beside=beside
        )
        require_allowed_draft(draft)
        require_still_shared(disclosure)
        disclosure.consent, disclosure.expires_at = consent, until
        disclosure.fields = sorted(content)
        disclosure.sealed = crypto.seal(
            secret, draft.text, at=bind_disclosure_place(disclosure)
        )
        made += wrap_secret_for_holders(disclosure, secret, held[disclosure])
    DisclosureWrap.objects.bulk_create(made)
    changed = ["sealed", "expires_at", "consent", "fields"]
    Disclosure.objects.bulk_update(secrets, changed, batch_size=100)
    sign_disclosures(secrets, by=by)
    SealedPage.objects.filter(disclosure__in=list(secrets)).delete()
    return list(secrets)


def share_with_case(case: UUID, holders: Sequence[Holder], *, by: User) -> None:
    """Allow the new holders of a case to open what was disclosed of it, too."""
    for disclosure, secret in _held_of_case(case, by=by).items():
        wraps = wrap_secret_for_holders(disclosure, secret, holders)
        DisclosureWrap.objects.bulk_create(wraps, ignore_conflicts=True)


def move_with_case(case: UUID, holders: Sequence[Holder], *, by: User) -> None:
    """Leave what was disclosed of a case, on the sender's side, only to those who hold
    the case now; for the recipients nothing changes.
    """
    secrets = _held_of_case(case, by=by)
    wraps = DisclosureWrap.objects.filter(disclosure__case=case)
    theirs: dict[Disclosure, list[Holder]] = {
        disclosure: [
            holder
            for holder in held
            if isinstance(holder, TeamKey)
            and holder.team_id == disclosure.recipient_id
            and disclosure.taken_back_at is None
        ]
        for disclosure, held in _held_now(wraps).items()
    }
    # What `by` can't open stays shut for the new holders, and is for the old ones too.
    shut = Disclosure.objects.filter(case=case).exclude(
        pk__in=[disclosure.pk for disclosure in secrets]
    )
    ours = wraps.filter(disclosure__in=shut).exclude(build_recipient_filter())
    ours.filter(pk__in=list(ours.values_list("pk", flat=True))).delete()
    renew_keys(secrets, {d: [*theirs.get(d, []), *holders] for d in secrets})


def _held_of_case(case: UUID, *, by: User) -> dict[Disclosure, bytes]:
    """Lock the disclosures of a case, and open the keys of those that `by` holds."""
    ring = get_keyring(by)
    found = Disclosure.objects.filter(case=case).order_by("pk")
    secrets = {}
    for disclosure in found.select_for_update(no_key=True):
        wraps = find_openable_wraps(disclosure)
        if ring.holds_one_of(wraps):
            secrets[disclosure] = ring.open(wraps, *list_place_parts(disclosure))
    return secrets


def build_recipient_filter() -> Q:
    return Q(team_key__team=F("disclosure__recipient"))


def _reseal_letters(
    old: Mapping[Disclosure, bytes], new: Mapping[Disclosure, bytes]
) -> None:
    """Seal letters again; those from outside become letters like the others."""
    was = {d.pk: build_letter_reader(d.pk, secret) for d, secret in old.items()}
    now = {
        disclosure.pk: derive_letter_key(secret) for disclosure, secret in new.items()
    }
    letters = list(DisclosureMessage.objects.filter(disclosure__in=was))
    for letter in letters:
        plain = was[letter.disclosure_id](letter)
        at = bind_letter_place(letter)
        letter.sealed = crypto.seal(now[letter.disclosure_id], plain, at=at)
    DisclosureMessage.objects.bulk_update(letters, ["sealed"], batch_size=100)


def _reseal_boxes(
    old: Mapping[Disclosure, bytes], new: Mapping[Disclosure, bytes]
) -> None:
    """Seal letterboxes again. Slips that were printed stay valid: they hold the public
    half, which doesn't change.
    """
    was = {disclosure.pk: secret for disclosure, secret in old.items()}
    now = {disclosure.pk: secret for disclosure, secret in new.items()}
    boxes = list(Letterbox.objects.filter(disclosure__in=was))
    for box in boxes:
        pk = box.disclosure_id
        private = open_letterbox_key_pair(box, was[pk]).dump()
        box.sealed = crypto.seal(
            derive_letterbox_key(now[pk]), private, at=bind_letterbox_place(pk)
        )
    Letterbox.objects.bulk_update(boxes, ["sealed"], batch_size=100)
