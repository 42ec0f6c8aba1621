"""Sign a statement; found a roster, or adopt one."""

import json
from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access.models.organisations import Membership, Role, Team
from amana.trust.vault import statements
from amana.trust.vault.altered import build_key_tampered
from amana.trust.vault.models.key_removals import RosterStatement
from amana.trust.vault.models.team_keys import PersonKey
from amana.trust.vault.roster.checked_roster import (
    RosterSigner,
    get_roster,
    seen,
)
from amana.trust.vault.statements.roster_state import (
    PURPOSE,
    UNREADABLE,
    Roster,
    Statement,
    UntrueStatement,
)


@transaction.atomic
def record_statement(kind: str, *, by: RosterSigner | None, **says: object) -> Roster:
    """Record a statement, signed with this keyring (None: by the timer). Raises
    `Refused` if this person can't make it. It should come last in an act, because only
    one at a time can record.
    """
    if by is not None and not by.founding:
        sign_founding(by)
    # The first statement's row represents the chain: SQLite has one writer anyhow.
    if connection.vendor == "postgresql":
        list(RosterStatement.objects.filter(place=0).select_for_update(no_key=True))
    roster = get_roster()
    text = statements.write(
        {**says, "says": kind, "by": [by.person_key_id] if by else []}
    )
    unsigned = Statement(roster.place + 1, text, {})
    hash_ = unsigned.hash_after(roster.head)
    signatures = {}
    if by is not None:
        signatures[by.person_key_id] = by.signing.sign(hash_, purpose=PURPOSE)
    # Checked with the rules that every reader applies, before it is written: a
    # statement that no reader accepts would stop all.
    try:
        after = statements.follow(roster, Statement(unsigned.place, text, signatures))
    except UntrueStatement as error:
        raise Refused(
            _("You can’t vouch for this. A colleague who has fully joined can.")
        ) from error
    _write(unsigned, hash_, signatures)
    seen.remember(after)
    return after


def _write(said: Statement, hash_: bytes, signatures: dict[int, bytes]) -> None:
    RosterStatement.objects.create(
        place=said.place,
        text=said.text,
        hash=hash_,
        signatures={str(key): sig.hex() for key, sig in signatures.items()},
    )


def describe_person_key(key: PersonKey) -> dict[str, object]:
    """Describe a person's keys as a statement has them."""
    return {
        "key": key.pk,
        "user": key.user_id,
        "public": bytes(key.public).hex(),
        "verify": bytes(key.verify_key).hex(),
    }


def pin(ring: RosterSigner, key: PersonKey) -> None:
    """Pin the first statement in the keyring of a newcomer; the second of the two first
    administrators makes it."""
    first = RosterStatement.objects.filter(place=0).first()
    if first is not None:
        ring.founding = bytes(first.hash)
        return
    others = [other for other in _first_two() if other.pk != key.pk]
    if len(others) == 1 and key.user_id in _founders():
        # Both founders have a key now, so the roster can begin.
        start_roster([others[0], key], by=[ring])


def _founders() -> set[int]:
    """Find the administrators that were there when there was no one to confirm them."""
    held = Membership.objects.active().filter(role=Role.ADMINISTRATOR)
    alone = held.filter(proposed_by=None, confirmed_by=None)
    return set(alone.values_list("user", flat=True))


def _first_two() -> QuerySet[PersonKey]:
    return PersonKey.objects.filter(user__in=_founders()).order_by("pk")


def start_roster(
    two: Sequence[PersonKey], *, by: Sequence[RosterSigner], **words: object
) -> None:
    """Record who the first two are, and of which organisation, unless `words` has it;
    each of them signs it, at once or when they next sign in.
    """
    users = [person.user_id for person in two]
    places = Membership.objects.active().filter(user__in=users).order_by("team")
    homes = Team.objects.filter(pk__in=places.values("team"))
    says = {
        "says": "found",
        "by": [person.pk for person in two],
        "people": [
            describe_person_key(person)
            | {"teams": [p.team_id for p in places if p.user_id == person.user_id]}
            for person in two
        ],
        "homes": {str(home.pk): home.organisation_id for home in homes},
        "spheres": {
            str(home.organisation_id): home.organisation.sphere
            for home in homes.select_related("organisation")
        },
    } | words
    said = Statement(0, statements.write(says), {})
    hash_ = said.hash_after(b"")
    signed = {r.person_key_id: r.signing.sign(hash_, purpose=PURPOSE) for r in by}
    _write(said, hash_, signed)
    for ring in by:
        ring.founding = hash_


def sign_founding(ring: RosterSigner) -> bool:
    """Sign the first statement as the other of the two, and pin it; return whether it
    had to be signed.
    """
    first = RosterStatement.objects.filter(place=0).first()
    if first is None:
        return False
    try:
        said = json.loads(first.text)
        mine = {
            person["key"]: (person["public"], person["verify"])
            for person in said["people"]
        }
    except UNREADABLE as error:
        raise build_key_tampered() from error
    own = (ring.public.hex(), ring.signing.public.hex())
    # Signed only if it has our own keys: a founding that was exchanged has others.
    if mine.get(ring.person_key_id) != own:
        return False
    hash_ = Statement(first.place, first.text, {}).hash_after(b"")
    signature = ring.signing.sign(hash_, purpose=PURPOSE)
    first.signatures[str(ring.person_key_id)] = signature.hex()
    first.save(update_fields=["signatures"])
    ring.founding = hash_
    return True
