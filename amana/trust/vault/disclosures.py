"""Disclosures: a copy of exactly the fields consented to, for one recipient.

`care.consent` makes them, from a live consent or where vital interests stand in for
one, and `care.requests`, of where help is
needed. The ceiling of the recipient's sphere is checked here, in the last line before
the key is sealed, and has no override.

One may be made *held back*: for a recipient who has not said yes yet. Then the wrap of
the recipient's team lies under the server's pepper besides. A copy of the database and
the recipient's keys open nothing, and the server alone opens nothing; `release` takes
that layer off, in the transaction in which the recipient says yes.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access.models import Sphere, Team, User
from amana.trust.audit import log
from amana.trust.vault import (
    altered,
    crypto,
    erasure,
    manifest,
    roster,
    server_secrets,
)
from amana.trust.vault.altered import Alteration
from amana.trust.vault.compartments import CEILING, Compartment
from amana.trust.vault.crypto import KeyPair, Unopenable, bind_place
from amana.trust.vault.keys import (
    assign_holder,
    build_no_key_refusal,
    find_current_keys,
    get_current_key,
    get_current_keys,
    get_keyring,
    seal_held,
)
from amana.trust.vault.models import (
    CompartmentWrap,
    Disclosure,
    DisclosureMessage,
    DisclosureWrap,
    Letterbox,
    PersonKey,
    SealedPage,
    TeamKey,
    Visit,
)
from amana.trust.vault.roster import Holder

PAD_TO = 256


def is_allowed(sphere: str, field: str) -> bool:
    """Return whether `field` (`compartment.name`) may ever be sent to `sphere`."""
    return Compartment(field.split(".", 1)[0]) in CEILING[Sphere(sphere)]


# --- making


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
    beside: Mapping[str, Any] | None = None,
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


@dataclass(frozen=True)
class DisclosureDraft:
    """What is to be sealed for one recipient, under one consent."""

    content: Mapping[str, Any]
    consent: UUID
    recipient: Team
    expires_at: datetime
    letters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Messages that go along from the beginning, by name."""
    beside: Mapping[str, Any] = field(default_factory=dict)
    """What is told with it that is no field of a case, such as which help is asked for:
    sealed in the same text, and not named among the fields."""

    @property
    def text(self) -> bytes:
        return _text({**self.content, **self.beside})


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
        _may_be_made(draft)
    get_keyring(by)  # whoever shares has to have unlocked
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
        disclosure.sealed = crypto.seal(secret, draft.text, at=_at(disclosure))
    Disclosure.objects.bulk_create(made)
    _sign(made, by=by)
    ours, theirs = _holders(case, sender, {draft.recipient.pk for draft in drafts})
    # The organisation's row is a copy: what counts is the sphere that people signed for
    # (ADR 58).
    roster.require_spheres([draft.recipient for draft in drafts], as_of_=ours[0])
    wraps: list[DisclosureWrap] = []
    for disclosure, secret in zip(made, secrets, strict=True):
        key = theirs.get(disclosure.recipient_id)
        wraps += _wraps(disclosure, secret, [*([key] if key else []), *ours])
    DisclosureWrap.objects.bulk_create(wraps)
    along = [
        _letter(disclosure, name, content, secret)
        for disclosure, secret, draft in zip(made, secrets, drafts, strict=True)
        for name, content in draft.letters.items()
    ]
    if along:
        DisclosureMessage.objects.bulk_create(along)
    return made


OF_NO_CASE = "request"
"""The purpose of what is told of a place before there is a case: no manifest has it.
Nothing else can be passed off as such, for the purpose is bound into the seal."""


def _sign(some: Iterable[Disclosure], *, by: User) -> None:
    """Sign in the case's manifest what is shared with whom, until when."""
    of_case = [d for d in some if d.purpose != OF_NO_CASE]
    for case in {disclosure.case for disclosure in of_case}:
        with manifest.change_case(case, by=by) as state:
            for disclosure in of_case:
                state.facts |= _shared(disclosure) | _reader(disclosure)


def _shared(disclosure: Disclosure) -> dict[str, Any]:
    said = {
        "recipient": disclosure.recipient_id,
        "consent": disclosure.consent.hex,
        "fields": sorted(disclosure.fields),
        "until": disclosure.expires_at.astimezone(UTC).isoformat(),
    }
    return {f"shared/{disclosure.pk.hex}": said}


def _reader(disclosure: Disclosure) -> dict[str, Any]:
    return {f"reader/{disclosure.pk.hex}": disclosure.recipient_id}


def _end(some: Iterable[Disclosure]) -> None:
    """Record in the manifests that these are no longer shared."""
    of_case = [d for d in some if d.purpose != OF_NO_CASE]
    manifest.lock_chains({disclosure.case for disclosure in of_case})
    for disclosure in of_case:
        for name in (*_shared(disclosure), *_reader(disclosure)):
            manifest.narrow(disclosure.case, manifest.Kind.ENDS, name)


def _require_shared(disclosure: Disclosure) -> None:
    """Require that it is what was shared, and still is. Raises `Tampered`."""

    def read(again: bool) -> dict[str, Any]:
        if again:
            _refresh(disclosure)
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
    manifest.require_facts(disclosure.case, lambda _again: _reader(disclosure))


def _may_be_made(draft: DisclosureDraft) -> None:
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


def _holders(
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


def _wraps(
    disclosure: Disclosure, secret: bytes, holders: Iterable[Holder]
) -> list[DisclosureWrap]:
    place = _place(disclosure)
    wraps = [
        seal_held(
            assign_holder(DisclosureWrap(disclosure=disclosure), holder), secret, *place
        )
        for holder in dict.fromkeys(holders)
    ]
    for wrap in wraps:
        if _is_held_back(disclosure, wrap):
            wrap.sealed = server_secrets.add_layer(
                bytes(wrap.sealed), *place, wrap.holder
            )
    return wraps


def _is_held_back(disclosure: Disclosure, wrap: DisclosureWrap) -> bool:
    """Return whether this wrap is under the pepper: the recipient's, before release.
    The sender's team opens its own, even if it is the recipient as well.
    """
    recipient = disclosure.recipient_id
    return bool(
        disclosure.held_back and wrap.team_key and wrap.team_key.team_id == recipient
    )


def _text(content: Mapping[str, Any]) -> bytes:
    text = json.dumps(dict(content), ensure_ascii=False, default=str)
    return crypto.fill_with_spaces(text.encode(), PAD_TO)


def _place(disclosure: Disclosure) -> tuple[object, ...]:
    """Bind to consent, case, recipient, purpose, fields and expiry."""
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


def _at(disclosure: Disclosure) -> bytes:
    return bind_place(*_place(disclosure))


# --- reading


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
    except Unopenable:  # sealed anew since it was read
        _refresh(disclosure)
    try:
        return read(disclosure, open_valid_secret(disclosure, by=by))
    except Unopenable as error:
        raise altered.build_case_tampered(
            Alteration.CONTENT, disclosure.case
        ) from error


def _refresh(disclosure: Disclosure) -> None:
    try:
        disclosure.refresh_from_db()
    except Disclosure.DoesNotExist as error:
        raise Refused(_("The shared information is gone.")) from error


def read(disclosure: Disclosure, secret: bytes) -> dict[str, Any]:
    """Read what was shared, with its key; the caller has recorded the access."""
    _require_shared(disclosure)
    plain = crypto.unseal(secret, bytes(disclosure.sealed), at=_at(disclosure))
    content: dict[str, Any] = json.loads(plain)
    return content


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
    wraps = _open_wraps_of(disclosure)
    if not get_keyring(by).holds_one_of(wraps):
        raise Refused(_("Nothing is shared with you here now."))
    ring = get_keyring(by)
    _require_reader(disclosure, ring.held_of(wraps))
    secret = ring.open(wraps, *_place(disclosure))
    _reach(disclosure, secret, wraps)
    return secret


def _wraps_of(disclosure: Disclosure) -> list[DisclosureWrap]:
    wraps = DisclosureWrap.objects.filter(disclosure=disclosure)
    return list(wraps.select_related("team_key"))


def _open_wraps_of(disclosure: Disclosure) -> list[DisclosureWrap]:
    """Find the wraps that their holders' keys open: of one that is held back, not the
    recipient's.
    """
    wraps = _wraps_of(disclosure)
    return [wrap for wrap in wraps if not _is_held_back(disclosure, wrap)]


def open_secret_for_renewal(disclosure: Disclosure, *, by: User) -> bytes:
    """Open the key of a locked disclosure, to seal it again after a team's key was
    renewed.

    This includes one that is held back from the team of `by`: the layer comes off for
    as long as this takes, and `renew_keys` adds it again. No one is ever shown what it
    opens.
    """
    ring, wraps = get_keyring(by), _wraps_of(disclosure)
    readable = [wrap for wrap in wraps if not _is_held_back(disclosure, wrap)]
    if ring.holds_one_of(readable) or not ring.holds_one_of(wraps):
        return open_held_secret(disclosure, by=by)
    place = _place(disclosure)
    for wrap in wraps:
        if _is_held_back(disclosure, wrap):
            wrap.sealed = _without_layer(disclosure, wrap)
    return ring.open(wraps, *place)


def _without_layer(disclosure: Disclosure, wrap: DisclosureWrap) -> bytes:
    place = _place(disclosure)
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
            late = _wraps(disclosure, secret, _key_of(disclosure.recipient_id))
            DisclosureWrap.objects.bulk_create(late, ignore_conflicts=True)


def _reaches(disclosure: Disclosure, wraps: Iterable[DisclosureWrap]) -> bool:
    recipient = disclosure.recipient_id
    return any(w.team_key and w.team_key.team_id == recipient for w in wraps)


# --- held back, and released


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
    layered = [w for w in _wraps_of(found) if _is_held_back(found, w)]
    for wrap in layered:
        try:
            wrap.sealed = _without_layer(found, wrap)
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
    _end(found)
    Disclosure.objects.filter(pk__in=[disclosure.pk for disclosure in found]).delete()
    erasure.clear_traces()
    return len(found)


# --- letters


@transaction.atomic
def write_letter(
    disclosure: Disclosure,
    name: str,
    content: Mapping[str, Any],
    *,
    by: User,
    held_for: UUID | None = None,
) -> DisclosureMessage:
    """Seal a message for the two teams; the caller records the act. `held_for`: no one
    reads it before that decision takes effect (`release_letters`).

    The disclosure is locked first: what is sealed while another person renews its key
    would be lost.
    """
    locked = Disclosure.objects.select_for_update(no_key=True).filter(pk=disclosure.pk)
    current = locked.first()
    if current is None:
        raise Refused(_("The shared information is gone."))
    secret = open_valid_secret(current, by=by)
    wraps = _wraps_of(current)
    if current.exposed_at or any(w.team_key and w.team_key.retired_at for w in wraps):
        secret = renew_keys({current: secret})[current]
    letter = _letter(current, name, content, secret)
    letter.held_for = held_for
    letter.save(force_insert=True)
    return letter


def release_letters(held_for: UUID) -> None:
    """Allow the two teams to read what was held back for a decision that takes
    effect.
    """
    DisclosureMessage.objects.filter(held_for=held_for).update(
        held_for=None, written_at=timezone.now()
    )


def destroy_held_letters(held_for: UUID) -> None:
    """Delete what was held back for a decision that was undone, or failed."""
    if DisclosureMessage.objects.filter(held_for=held_for).delete()[0]:
        erasure.clear_traces()


def _letter(
    disclosure: Disclosure, name: str, content: Mapping[str, Any], secret: bytes
) -> DisclosureMessage:
    letter = DisclosureMessage(disclosure=disclosure, name=name)
    letter.sealed = crypto.seal(
        _letter_key(secret), _text(content), at=_at_letter(letter)
    )
    return letter


def delete_letters(*, consent: UUID, name: str) -> None:
    """Delete one kind of letter from all that was shared under a consent; the caller
    records the act."""
    DisclosureMessage.objects.filter(disclosure__consent=consent, name=name).delete()
    erasure.clear_traces()


def has_letter(disclosure: UUID, name: str) -> bool:
    """Return whether a letter of this kind goes with what was shared. Its name is in
    the clear.
    """
    letters = DisclosureMessage.objects.filter(
        disclosure=disclosure, name=name, held_for=None
    )
    return letters.exists()


@transaction.atomic
def open_letters(
    disclosure: Disclosure, *, by: User, purpose: str
) -> list[tuple[DisclosureMessage, dict[str, Any]]]:
    """Open every message of a disclosure, oldest first, with one audit event."""
    secret = open_valid_secret(disclosure, by=by)
    log.record(
        "opened letters", disclosure, by=by, case=disclosure.case, purpose=purpose
    )
    try:
        return read_letters(disclosure, secret)
    except Unopenable:  # sealed anew between our queries
        return read_letters(disclosure, open_valid_secret(disclosure, by=by))


def read_letters(
    disclosure: Disclosure, secret: bytes
) -> list[tuple[DisclosureMessage, dict[str, Any]]]:
    """Read every message, with the key; the caller has recorded the access."""
    read = _reader_of(disclosure.pk, secret)
    return [
        (letter, json.loads(read(letter)))
        for letter in disclosure.letters.filter(held_for=None).order_by("pk")
    ]


def _reader_of(disclosure: UUID, secret: bytes) -> Callable[[DisclosureMessage], bytes]:
    """Build what opens a letter, also one from outside, through the letterbox: its
    first byte shows which it is.
    """
    key = _letter_key(secret)

    def read(letter: DisclosureMessage) -> bytes:
        sealed, at = bytes(letter.sealed), _at_letter(letter)
        if sealed[:1] != crypto.TO_PUBLIC:
            return crypto.unseal(key, sealed, at=at)
        box = Letterbox.objects.get(disclosure=disclosure)
        return _pair_of(box, secret).open(sealed, at=at)

    return read


# --- the letterbox


def get_letterbox(disclosure: Disclosure, secret: bytes) -> bytes:
    """Get the public key to which letters from outside are sealed; made when first
    needed. Its private half is sealed under the key of the disclosure.
    """
    box = Letterbox.objects.filter(disclosure=disclosure).first()
    if box is None:
        pair = KeyPair.new()
        sealed = crypto.seal(_box_key(secret), pair.dump(), at=_at_box(disclosure.pk))
        # Two may open the first slip at once: the first letterbox counts, and both read
        # it.
        Letterbox.objects.bulk_create(
            [Letterbox(disclosure=disclosure, sealed=sealed)], ignore_conflicts=True
        )
        box = Letterbox.objects.get(disclosure=disclosure)
    return _pair_of(box, secret).public


def seal_letter_from_outside(
    disclosure: Disclosure, letterbox: bytes, name: str, content: Mapping[str, Any]
) -> DisclosureMessage:
    """Seal a letter to a letterbox, without the key of the disclosure. Raises `Refused`
    after the disclosure has expired.
    """
    if disclosure.expires_at <= timezone.now():
        raise Refused(_("The shared information has expired."))
    letter = DisclosureMessage(disclosure=disclosure, name=name)
    at = _at_letter(letter)
    letter.sealed = crypto.seal_to(letterbox, _text(content), at=at)
    letter.save(force_insert=True)
    return letter


def _pair_of(box: Letterbox, secret: bytes) -> KeyPair:
    at = _at_box(box.disclosure_id)
    return KeyPair.load(crypto.unseal(_box_key(secret), bytes(box.sealed), at=at))


def _box_key(secret: bytes) -> bytes:
    return crypto.derive(secret, "letterbox")


def _at_box(disclosure: UUID) -> bytes:
    return bind_place("letterbox", disclosure)


def _letter_key(secret: bytes) -> bytes:
    return crypto.derive(secret, "letter")


def _at_letter(letter: DisclosureMessage) -> bytes:
    return bind_place("letter", letter.disclosure_id, letter.pk, letter.name)


# --- ending


def destroy(*, consent: UUID) -> int:
    """Delete every disclosure made under a consent, with its key; return how many."""
    _end(Disclosure.objects.filter(consent=consent))
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
        for name in _reader(found):
            manifest.narrow(found.case, manifest.Kind.ENDS, name)
    of_case = CompartmentWrap.objects.filter(
        key__case=OuterRef("disclosure__case"),
        team_key__team=OuterRef("team_key__team"),
    )
    held = DisclosureWrap.objects.filter(
        _recipients(), ~Exists(of_case), disclosure=disclosure
    )
    DisclosureWrap.objects.filter(
        pk__in=list(held.values_list("pk", flat=True))
    ).delete()
    SealedPage.objects.filter(disclosure=disclosure).delete()
    Visit.objects.filter(disclosure=disclosure).delete()


# --- sealing anew


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
        at, was = _at(disclosure), secrets[disclosure]
        plain = crypto.unseal(was, bytes(disclosure.sealed), at=at)
        disclosure.sealed = crypto.seal(secret, plain, at=at)
        disclosure.exposed_at = None
        made += _wraps(disclosure, secret, held[disclosure])
    DisclosureWrap.objects.bulk_create(made)
    Disclosure.objects.bulk_update(fresh, ["sealed", "exposed_at"], batch_size=100)
    # The code of an offer opens the old key, which opens nothing any more.
    SealedPage.objects.filter(disclosure__in=list(fresh)).delete()
    Visit.objects.filter(disclosure__in=list(fresh)).delete()
    _reseal_letters(secrets, fresh)
    _reseal_boxes(secrets, fresh)
    return fresh


def find_wraps_of_team_keys(team_keys: QuerySet[TeamKey]) -> QuerySet[DisclosureWrap]:
    return DisclosureWrap.objects.filter(team_key__in=team_keys).order_by("pk")


def renew_disclosures(some: QuerySet[DisclosureWrap], by: User) -> None:
    """Seal these disclosures again, under fresh keys, for their holders now."""
    renew_keys({d: open_secret_for_renewal(d, by=by) for d in _locked_of(some)})


def rewrap_disclosure_keys(some: QuerySet[DisclosureWrap], by: User) -> None:
    """Seal the keys of disclosures, as they are, to their team's current key, where
    what they open can't be sealed again (`documents.rewrap_compartment_keys`).
    """
    held = {disclosure.pk: disclosure for disclosure in _locked_of(some)}
    for wrap in some.select_related("team_key"):
        assert wrap.team_key is not None
        disclosure = held[wrap.disclosure_id]
        if _is_held_back(disclosure, wrap):
            wrap.sealed = _without_layer(disclosure, wrap)
        secret = get_keyring(by).open([wrap], *_place(disclosure))
        fresh = _wraps(disclosure, secret, [get_current_key(wrap.team_key.team_id)])
        DisclosureWrap.objects.bulk_create(fresh, ignore_conflicts=True)
        DisclosureWrap.objects.filter(pk=wrap.pk).delete()
    # As in `documents`: a leaver may know these keys, which were only wrapped again.
    Disclosure.objects.filter(pk__in=held).update(exposed_at=timezone.now())


def _locked_of(some: QuerySet[DisclosureWrap]) -> list[Disclosure]:
    wanted = list(some.values_list("disclosure", flat=True))
    found = Disclosure.objects.filter(pk__in=wanted).order_by("pk")
    return list(found.select_for_update(no_key=True))


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
        (name,) = _reader(disclosure)
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
        _require_shared(disclosure)
        # The same key but a new text: the time of expiry is part of the place to which
        # both the text and the wraps are bound.
        plain = crypto.unseal(secret, bytes(disclosure.sealed), at=_at(disclosure))
        disclosure.expires_at = until
        disclosure.sealed = crypto.seal(secret, plain, at=_at(disclosure))
        made += _wraps(disclosure, secret, held[disclosure])
    DisclosureWrap.objects.bulk_create(made)
    Disclosure.objects.bulk_update(secrets, ["sealed", "expires_at"], batch_size=100)
    _sign(secrets, by=by)
    SealedPage.objects.filter(disclosure__in=list(secrets)).delete()


@transaction.atomic
def move_to_consent(
    content: Mapping[str, Any],
    *,
    was: UUID,
    consent: UUID,
    until: datetime,
    by: User,
    beside: Mapping[str, Any],
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
        _may_be_made(draft)
        _require_shared(disclosure)
        disclosure.consent, disclosure.expires_at = consent, until
        disclosure.fields = sorted(content)
        disclosure.sealed = crypto.seal(secret, draft.text, at=_at(disclosure))
        made += _wraps(disclosure, secret, held[disclosure])
    DisclosureWrap.objects.bulk_create(made)
    changed = ["sealed", "expires_at", "consent", "fields"]
    Disclosure.objects.bulk_update(secrets, changed, batch_size=100)
    _sign(secrets, by=by)
    SealedPage.objects.filter(disclosure__in=list(secrets)).delete()
    return list(secrets)


# --- with the case


def share_with_case(case: UUID, holders: Sequence[Holder], *, by: User) -> None:
    """Allow the new holders of a case to open what was disclosed of it, too."""
    for disclosure, secret in _held_of_case(case, by=by).items():
        wraps = _wraps(disclosure, secret, holders)
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
    ours = wraps.filter(disclosure__in=shut).exclude(_recipients())
    ours.filter(pk__in=list(ours.values_list("pk", flat=True))).delete()
    renew_keys(secrets, {d: [*theirs.get(d, []), *holders] for d in secrets})


def _held_of_case(case: UUID, *, by: User) -> dict[Disclosure, bytes]:
    """Lock the disclosures of a case, and open the keys of those that `by` holds."""
    ring = get_keyring(by)
    found = Disclosure.objects.filter(case=case).order_by("pk")
    secrets = {}
    for disclosure in found.select_for_update(no_key=True):
        wraps = _open_wraps_of(disclosure)
        if ring.holds_one_of(wraps):
            secrets[disclosure] = ring.open(wraps, *_place(disclosure))
    return secrets


def _recipients() -> Q:
    return Q(team_key__team=F("disclosure__recipient"))


def _reseal_letters(
    old: Mapping[Disclosure, bytes], new: Mapping[Disclosure, bytes]
) -> None:
    """Seal letters again; those from outside become letters like the others."""
    was = {d.pk: _reader_of(d.pk, secret) for d, secret in old.items()}
    now = {disclosure.pk: _letter_key(secret) for disclosure, secret in new.items()}
    letters = list(DisclosureMessage.objects.filter(disclosure__in=was))
    for letter in letters:
        plain = was[letter.disclosure_id](letter)
        at = _at_letter(letter)
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
        private = _pair_of(box, was[pk]).dump()
        box.sealed = crypto.seal(_box_key(now[pk]), private, at=_at_box(pk))
    Letterbox.objects.bulk_update(boxes, ["sealed"], batch_size=100)
