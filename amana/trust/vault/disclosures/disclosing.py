"""Make a disclosure; open, release, take back and destroy it."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access.models.organisations import Team, User
from amana.trust.audit import log
from amana.trust.vault import altered, crypto, erasure, manifest, roster
from amana.trust.vault.altered import Alteration
from amana.trust.vault.crypto import Unopenable
from amana.trust.vault.disclosures.message_keys import build_letter
from amana.trust.vault.disclosures.resealing import build_recipient_filter
from amana.trust.vault.disclosures.wraps import (
    OF_NO_CASE,
    DisclosureDraft,
    bind_disclosure_place,
    build_reader_fact,
    find_disclosure_wraps,
    find_holders_and_keys,
    has_pepper_layer,
    open_valid_secret,
    record_end_of_sharing,
    refresh_disclosure,
    remove_pepper_layer,
    require_allowed_draft,
    require_still_shared,
    sign_disclosures,
    wrap_secret_for_holders,
)
from amana.trust.vault.keys.keyring import get_keyring
from amana.trust.vault.models.sealed_documents import CompartmentWrap
from amana.trust.vault.models.shared_copies import (
    Disclosure,
    DisclosureMessage,
    DisclosureWrap,
    SealedPage,
    Visit,
)


def make_disclosure(
    content: Mapping[str, Any],
    *,
    consent: UUID,
    case: UUID,
    sender: Team,
    recipient: Team,
    purpose: str,
    expires_at: datetime,
    by: User,
    beside: Mapping[str, object] | None = None,
    held_back: bool = False,
) -> Disclosure:
    """Seal `content` (`compartment.field` → value) for the recipient and the sender,
    and what goes `beside` it.

    On the sender's side the holders of the case hold it: of a restricted case, only the
    people named. A recipient without the system has no key: they get an offer
    (`handover`). `held_back`: the recipient opens nothing before `release`.
    """
    draft = DisclosureDraft(
        content,
        consent=consent,
        recipient=recipient,
        expires_at=expires_at,
        beside=beside or {},
    )
    [made] = make_disclosures(
        [draft], case=case, sender=sender, purpose=purpose, by=by, held_back=held_back
    )
    return made


@transaction.atomic
def make_disclosures(
    drafts: Sequence[DisclosureDraft],
    *,
    case: UUID,
    sender: Team,
    purpose: str,
    by: User,
    held_back: bool = False,
) -> list[Disclosure]:
    """Make disclosures for several recipients; as many queries as for one."""
    for draft in drafts:
        # The ceiling and the admission are checked here, for every way to a disclosure.
        require_allowed_draft(draft)
    get_keyring(by)  # the person who shares has to have unlocked
    made = [
        Disclosure(
            consent=draft.consent,
            case=case,
            recipient=draft.recipient,
            purpose=purpose,
            fields=sorted(draft.content),
            expires_at=draft.expires_at,
            held_back=held_back,
        )
        for draft in drafts
    ]
    secrets = [crypto.generate_key() for _draft in drafts]
    for disclosure, secret, draft in zip(made, secrets, drafts, strict=True):
        disclosure.sealed = crypto.seal(
            secret, draft.text, at=bind_disclosure_place(disclosure)
        )
    Disclosure.objects.bulk_create(made)
    sign_disclosures(made, by=by)
    ours, theirs = find_holders_and_keys(
        case, sender, {draft.recipient.pk for draft in drafts}
    )
    # The organisation's row is a copy: what counts is the sphere that people signed for
    # (ADR 58).
    roster.require_spheres([draft.recipient for draft in drafts], as_of_=ours[0])
    wraps: list[DisclosureWrap] = []
    for disclosure, secret in zip(made, secrets, strict=True):
        key = theirs.get(disclosure.recipient_id)
        wraps += wrap_secret_for_holders(
            disclosure, secret, [*([key] if key else []), *ours]
        )
    DisclosureWrap.objects.bulk_create(wraps)
    along = [
        build_letter(disclosure, name, content, secret)
        for disclosure, secret, draft in zip(made, secrets, drafts, strict=True)
        for name, content in draft.letters.items()
    ]
    if along:
        DisclosureMessage.objects.bulk_create(along)
    return made


@transaction.atomic
def open_disclosure(
    disclosure: Disclosure, *, by: User, purpose: str
) -> dict[str, Any]:
    """Open what was shared, with an audit event in the same transaction."""
    log.record(
        "opened disclosure", disclosure, by=by, case=disclosure.case, purpose=purpose
    )
    try:
        return read(disclosure, open_valid_secret(disclosure, by=by))
    # Before an alteration is reported, the row is read again: a colleague may have
    # sealed it again, under a fresh key, since it was read.
    except Unopenable:  # resealed since it was read
        refresh_disclosure(disclosure)
    try:
        return read(disclosure, open_valid_secret(disclosure, by=by))
    except Unopenable as error:
        raise altered.build_case_tampered(
            Alteration.CONTENT, disclosure.case
        ) from error


def read(disclosure: Disclosure, secret: bytes) -> dict[str, Any]:
    """Read what was shared, with its key; the caller has recorded the access."""
    require_still_shared(disclosure)
    plain = crypto.unseal(
        secret, bytes(disclosure.sealed), at=bind_disclosure_place(disclosure)
    )
    content: dict[str, Any] = json.loads(plain)
    return content


@transaction.atomic
def release(disclosure: UUID) -> Disclosure:
    """Allow the recipient to open what was held back; the caller has checked that they
    may, and records the act. Released already: nothing changes.
    """
    locked = Disclosure.objects.select_for_update(no_key=True).filter(pk=disclosure)
    found = locked.first()
    if found is None:
        raise Refused(
            _(
                "The person’s consent has ended, and the shared information "
                "has been deleted."
            )
        )
    if not found.held_back:
        return found
    layered = [w for w in find_disclosure_wraps(found) if has_pepper_layer(found, w)]
    for wrap in layered:
        try:
            wrap.sealed = remove_pepper_layer(found, wrap)
        except Unopenable as error:  # its pepper has been thrown away
            raise Refused(
                _("The information prepared for you can’t be opened. Call the sender.")
            ) from error
    DisclosureWrap.objects.bulk_update(layered, ["sealed"])
    found.held_back = False
    found.save(update_fields=["held_back"])
    return found


def destroy_held_back(some: Collection[UUID]) -> int:
    """Delete those of these that were never released, with their keys; return how many.

    One that is locked at this moment is left: its holder ends it, or the timer does at
    its next run. So no two who end something wait for each other.
    """
    locked = Disclosure.objects.select_for_update(skip_locked=True)
    free = locked.filter(pk__in=list(some), held_back=True)
    found = list(free)
    if not found:
        return 0
    record_end_of_sharing(found)
    Disclosure.objects.filter(pk__in=[disclosure.pk for disclosure in found]).delete()
    erasure.clear_traces()
    return len(found)


def destroy(*, consent: UUID) -> int:
    """Delete every disclosure made under a consent, with its key; return how many."""
    record_end_of_sharing(Disclosure.objects.filter(consent=consent))
    _all, gone = Disclosure.objects.filter(consent=consent).delete()
    erasure.clear_traces()
    return gone.get(Disclosure._meta.label, 0)


def take_back(disclosure: UUID) -> None:
    """End the recipient's hold on one disclosure: it declined, or was too late. The
    sender can still read what the recipient wrote; and so can a recipient that holds
    the case itself, because it is offered to them.
    """
    # First the row, on which `_reach` waits: a hold that it gave before goes as well.
    now = timezone.now()
    Disclosure.objects.filter(pk=disclosure).update(taken_back_at=now, exposed_at=now)
    for found in Disclosure.objects.filter(pk=disclosure).exclude(purpose=OF_NO_CASE):
        for name in build_reader_fact(found):
            manifest.narrow(found.case, manifest.Kind.ENDS, name)
    of_case = CompartmentWrap.objects.filter(
        key__case=OuterRef("disclosure__case"),
        team_key__team=OuterRef("team_key__team"),
    )
    held = DisclosureWrap.objects.filter(
        build_recipient_filter(), ~Exists(of_case), disclosure=disclosure
    )
    DisclosureWrap.objects.filter(
        pk__in=list(held.values_list("pk", flat=True))
    ).delete()
    SealedPage.objects.filter(disclosure=disclosure).delete()
    Visit.objects.filter(disclosure=disclosure).delete()
