"""Keys of a disclosure: who holds them, how they are wrapped and signed."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access.models.organisations import Sphere, Team, User
from amana.trust.vault import crypto, manifest, roster, server_secrets
from amana.trust.vault.compartments import CEILING, Compartment
from amana.trust.vault.crypto import bind_place
from amana.trust.vault.keys.keyring import get_keyring
from amana.trust.vault.keys.team_key_wraps import (
    assign_holder,
    build_no_key_refusal,
    find_current_keys,
    seal_held,
)
from amana.trust.vault.models.sealed_documents import CompartmentWrap
from amana.trust.vault.models.shared_copies import Disclosure, DisclosureWrap
from amana.trust.vault.models.team_keys import PersonKey, TeamKey
from amana.trust.vault.roster.checked_roster import Holder

PAD_TO = 256


def is_allowed(sphere: str, field: str) -> bool:
    """Return whether `field` (`compartment.name`) may ever be sent to `sphere`."""
    return Compartment(field.split(".", 1)[0]) in CEILING[Sphere(sphere)]


@dataclass(frozen=True)
class DisclosureDraft:
    """What is to be sealed for one recipient, under one consent."""

    content: Mapping[str, Any]
    consent: UUID
    recipient: Team
    expires_at: datetime
    letters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Messages that go along from the beginning, by name."""
    beside: Mapping[str, object] = field(default_factory=dict)
    """What is told with it that is no field of a case, such as which help is asked for:
    sealed in the same text, and not named among the fields."""

    @property
    def text(self) -> bytes:
        return encode_padded_content({**self.content, **self.beside})


OF_NO_CASE = "request"
"""The purpose of what is told of a place before there is a case: no manifest has it.
Nothing else can be passed off as such, for the purpose is bound into the seal."""


def sign_disclosures(some: Iterable[Disclosure], *, by: User) -> None:
    """Sign in the case's manifest what is shared with whom, until when."""
    of_case = [d for d in some if d.purpose != OF_NO_CASE]
    for case in {disclosure.case for disclosure in of_case}:
        with manifest.change_case(case, by=by) as state:
            for disclosure in of_case:
                state.facts |= _shared(disclosure) | build_reader_fact(disclosure)


def _shared(disclosure: Disclosure) -> dict[str, object]:
    said = {
        "recipient": disclosure.recipient_id,
        "consent": disclosure.consent.hex,
        "fields": sorted(disclosure.fields),
        "until": disclosure.expires_at.astimezone(UTC).isoformat(),
    }
    return {f"shared/{disclosure.pk.hex}": said}


def build_reader_fact(disclosure: Disclosure) -> dict[str, object]:
    return {f"reader/{disclosure.pk.hex}": disclosure.recipient_id}


def record_end_of_sharing(some: Iterable[Disclosure]) -> None:
    """Record in the manifests that these are no longer shared."""
    of_case = [d for d in some if d.purpose != OF_NO_CASE]
    manifest.lock_chains({disclosure.case for disclosure in of_case})
    for disclosure in of_case:
        for name in (*_shared(disclosure), *build_reader_fact(disclosure)):
            manifest.narrow(disclosure.case, manifest.Kind.ENDS, name)


def require_still_shared(disclosure: Disclosure) -> None:
    """Require that it is what was shared, and still is. Raises `Tampered`."""

    def read(again: bool) -> dict[str, Any]:
        if again:
            refresh_disclosure(disclosure)
        return _shared(disclosure)

    if disclosure.purpose != OF_NO_CASE:
        manifest.require_facts(disclosure.case, read)


def _require_reader(disclosure: Disclosure, wraps: Iterable[DisclosureWrap]) -> None:
    """Require that it doesn't open only by a hold of the recipient's that was ended.
    Raises `Tampered`.
    """
    if disclosure.purpose == OF_NO_CASE:
        return
    recipient = disclosure.recipient_id
    if f"team:{recipient}" in manifest.get_state(disclosure.case).held_by:
        return  # to whom the case itself is offered
    if any(not w.team_key or w.team_key.team_id != recipient for w in wraps):
        return
    manifest.require_facts(
        disclosure.case, lambda _again: build_reader_fact(disclosure)
    )


def require_allowed_draft(draft: DisclosureDraft) -> None:
    organisation = draft.recipient.organisation
    if organisation.admitted_at is None:
        raise Refused(_("This organisation has not been admitted to the mechanism."))
    if not all(is_allowed(organisation.sphere, field) for field in draft.content):
        raise Refused(
            _(
                "Some of this information may never be sent to this kind of "
                "organisation."
            )
        )


def find_holders_and_keys(
    case: UUID, sender: Team, recipients: Collection[int]
) -> tuple[list[Holder], dict[int, TeamKey]]:
    """Find who holds the case: its team, the people to whom it is restricted, a team to
    which it is offered; and the keys of those recipients that have one. Two or three
    queries.
    """
    held = set(
        CompartmentWrap.objects.filter(key__case=case)
        .order_by()
        .values_list("team_key__team", "person_key")
        .distinct()
    )
    people = {person for _team, person in held if person is not None}
    teams = {team for team, _person in held if team is not None}
    if not people:
        teams.add(sender.pk)
    keys = find_current_keys({*teams, *recipients})
    if not teams <= keys.keys():
        raise build_no_key_refusal()
    named = roster.vouch(PersonKey.objects.filter(pk__in=people) if people else [])
    ours = [key for team, key in keys.items() if team in teams]
    return [*ours, *named], {team: keys[team] for team in recipients if team in keys}


def _key_of(recipient: int) -> Iterable[TeamKey]:
    return find_current_keys({recipient}).values()


def wrap_secret_for_holders(
    disclosure: Disclosure, secret: bytes, holders: Iterable[Holder]
) -> list[DisclosureWrap]:
    place = list_place_parts(disclosure)
    wraps = [
        seal_held(
            assign_holder(DisclosureWrap(disclosure=disclosure), holder), secret, *place
        )
        for holder in dict.fromkeys(holders)
    ]
    for wrap in wraps:
        if has_pepper_layer(disclosure, wrap):
            wrap.sealed = server_secrets.add_layer(
                bytes(wrap.sealed), *place, wrap.holder
            )
    return wraps


def has_pepper_layer(disclosure: Disclosure, wrap: DisclosureWrap) -> bool:
    """Return whether this wrap is under the pepper: the recipient's, before release.
    The sender's team opens its own, even if it is the recipient as well.
    """
    recipient = disclosure.recipient_id
    return bool(
        disclosure.held_back and wrap.team_key and wrap.team_key.team_id == recipient
    )


def encode_padded_content(content: Mapping[str, object]) -> bytes:
    text = json.dumps(dict(content), ensure_ascii=False, default=str)
    return crypto.fill_with_spaces(text.encode(), PAD_TO)


def list_place_parts(disclosure: Disclosure) -> tuple[object, ...]:
    """List what a disclosure is bound to: consent, case, recipient, purpose, fields and
    expiry."""
    return (
        "disclosure",
        disclosure.pk,
        disclosure.consent,
        disclosure.case,
        disclosure.recipient_id,
        disclosure.purpose,
        ",".join(disclosure.fields),
        int(disclosure.expires_at.timestamp()),
    )


def bind_disclosure_place(disclosure: Disclosure) -> bytes:
    return bind_place(*list_place_parts(disclosure))


def refresh_disclosure(disclosure: Disclosure) -> None:
    try:
        disclosure.refresh_from_db()
    except Disclosure.DoesNotExist as error:
        raise Refused(_("The shared information is gone.")) from error


def open_valid_secret(disclosure: Disclosure, *, by: User) -> bytes:
    """Open the key of a disclosure that has not expired, if `by` holds it. Raises
    `Refused`.
    """
    if disclosure.expires_at <= timezone.now():
        raise Refused(_("The shared information has expired."))
    return open_held_secret(disclosure, by=by)


def open_held_secret(disclosure: Disclosure, *, by: User) -> bytes:
    """Open the key of a disclosure, if `by` holds it, expired or not. Raises
    `Refused`.
    """
    wraps = find_openable_wraps(disclosure)
    if not get_keyring(by).holds_one_of(wraps):
        raise Refused(_("Nothing is shared with you here now."))
    ring = get_keyring(by)
    _require_reader(disclosure, ring.held_of(wraps))
    secret = ring.open(wraps, *list_place_parts(disclosure))
    _reach(disclosure, secret, wraps)
    return secret


def find_disclosure_wraps(disclosure: Disclosure) -> list[DisclosureWrap]:
    wraps = DisclosureWrap.objects.filter(disclosure=disclosure)
    return list(wraps.select_related("team_key"))


def find_openable_wraps(disclosure: Disclosure) -> list[DisclosureWrap]:
    """Find the wraps that their holders' keys open: of one that is held back, not the
    recipient's.
    """
    wraps = find_disclosure_wraps(disclosure)
    return [wrap for wrap in wraps if not has_pepper_layer(disclosure, wrap)]


def open_secret_for_renewal(disclosure: Disclosure, *, by: User) -> bytes:
    """Open the key of a locked disclosure, to seal it again after a team's key was
    renewed.

    This includes one that is held back from the team of `by`: the layer comes off for
    as long as this takes, and `renew_keys` adds it again. No one is ever shown what it
    opens.
    """
    ring, wraps = get_keyring(by), find_disclosure_wraps(disclosure)
    readable = [wrap for wrap in wraps if not has_pepper_layer(disclosure, wrap)]
    if ring.holds_one_of(readable) or not ring.holds_one_of(wraps):
        return open_held_secret(disclosure, by=by)
    place = list_place_parts(disclosure)
    for wrap in wraps:
        if has_pepper_layer(disclosure, wrap):
            wrap.sealed = remove_pepper_layer(disclosure, wrap)
    return ring.open(wraps, *place)


def remove_pepper_layer(disclosure: Disclosure, wrap: DisclosureWrap) -> bytes:
    place = list_place_parts(disclosure)
    return server_secrets.remove_layer(bytes(wrap.sealed), *place, wrap.holder)


def _reach(
    disclosure: Disclosure, secret: bytes, wraps: Sequence[DisclosureWrap]
) -> None:
    """Seal it to a recipient whose first key was made only after it had been sent; not
    if it was taken back since it was read, nor while it is held back.
    """
    if disclosure.taken_back_at is not None or disclosure.held_back:
        return
    if _reaches(disclosure, wraps):
        return
    with transaction.atomic():
        row = Disclosure.objects.filter(pk=disclosure.pk, taken_back_at=None)
        if row.select_for_update(no_key=True).values_list("pk"):
            late = wrap_secret_for_holders(
                disclosure, secret, _key_of(disclosure.recipient_id)
            )
            DisclosureWrap.objects.bulk_create(late, ignore_conflicts=True)


def _reaches(disclosure: Disclosure, wraps: Iterable[DisclosureWrap]) -> bool:
    recipient = disclosure.recipient_id
    return any(w.team_key and w.team_key.team_id == recipient for w in wraps)


def find_wraps_of_team_keys(team_keys: QuerySet[TeamKey]) -> QuerySet[DisclosureWrap]:
    return DisclosureWrap.objects.filter(team_key__in=team_keys).order_by("pk")


def lock_disclosures_of_wraps(some: QuerySet[DisclosureWrap]) -> list[Disclosure]:
    wanted = list(some.values_list("disclosure", flat=True))
    found = Disclosure.objects.filter(pk__in=wanted).order_by("pk")
    return list(found.select_for_update(no_key=True))
