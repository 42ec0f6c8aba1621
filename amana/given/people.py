"""Organisations, teams and users for tests and the demo."""

from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from amana.trust.access import actions as access
from amana.trust.access import sessions
from amana.trust.access.models.organisations import (
    Membership,
    Organisation,
    Role,
    Sphere,
    Team,
    User,
)
from amana.trust.vault import admission, documents, keys, removal, roster
from amana.trust.vault.crypto import KeyPair
from amana.trust.vault.keys.keyring import Keyring
from amana.trust.vault.models.key_removals import KeyRemoval
from amana.trust.vault.models.team_keys import PersonKey, TeamKey, generate_uuid7

if TYPE_CHECKING:
    from django.test import Client


number = count(1)


PASSPHRASE = "a lantern by the quiet harbour"  # noqa: S105 — invented people only


def make_organisation(**fields: object) -> Organisation:
    made = {
        "name": f"Organisation {next(number)}",
        "sphere": Sphere.HUMANITARIAN,
        "admitted_at": timezone.now(),
    }
    organisation = Organisation.objects.create(**made | fields)
    if organisation.admitted_at:
        vouch_for_organisation(organisation)
    return organisation


def vouch_for_organisation(organisation: Organisation) -> None:
    """Vouch in the roster for an organisation's sphere, as people of two other ones
    do."""
    _found()
    pk, sphere = organisation.pk, str(organisation.sphere)
    if roster.get_roster().spheres.get(pk) != sphere:
        for ring in REGISTRARS:
            roster.record_statement("sphere", by=ring, organisation=pk, sphere=sphere)


def make_team(*, of: Organisation | None = None, **fields: object) -> Team:
    """Make a team; its key is made when its first keyholder joins."""
    made = {"name": f"Team {next(number)}"}
    return Team.objects.create(organisation=of or make_organisation(), **made | fields)


def make_user(*, passphrase: str = PASSPHRASE, **fields: object) -> User:
    """Make a person with an unlocked key of their own, and in no team."""
    made: dict[str, Any] = {
        "email": f"person{next(number)}@example.org",
        "name": "Amal Example",
    }
    user = User.objects.create_user(**made | fields)
    give_keys(user, passphrase=passphrase)
    return user


def give_keys(user: User, *, passphrase: str = PASSPHRASE) -> None:
    """Give someone keys, for which two people have vouched."""
    _found()
    keys.set_keyring(keys.make_person_key(user, passphrase=passphrase), to=user)
    _vouch(user, team=None)


REGISTRARS = [Keyring(-1, KeyPair.new()), Keyring(-2, KeyPair.new())]
"""The two who found a roster that has no founders yet, and vouch for all who come."""


def _found() -> None:
    """Begin the roster, where there is none yet, with two people of two houses."""
    if not roster.read_founding():
        people = [
            PersonKey(
                pk=ring.person_key_id,
                user_id=ring.person_key_id,
                public=ring.public,
                verify_key=ring.signing.public,
            )
            for ring in REGISTRARS
        ]
        roster.start_roster(
            people,
            by=REGISTRARS,
            people=[roster.describe_person_key(p) | {"teams": [p.pk]} for p in people],
            homes={str(person.pk): person.pk for person in people},
            spheres={},
        )


def _vouch(
    user: User,
    *,
    team: Team | None,
    holds: bool = False,
    first: TeamKey | None = None,
    by: Keyring = REGISTRARS[1],
) -> None:
    """Vouch for someone, as two people do when they let them in."""
    pk, home = (team.pk, team.organisation_id) if team else (None, None)
    made = {"key": first.pk, "public": bytes(first.public).hex()} if first else None
    person = roster.describe_person_key(PersonKey.objects.get(user=user))
    roster.record_statement("propose", by=REGISTRARS[0], user=user.pk, team=pk)
    roster.record_statement(
        "let in", by=by, person=person, team=pk, home=home, holds=holds, first=made
    )


def make_worker(
    *,
    of: Team | None = None,
    role: Role = Role.CASE_WORKER,
    passphrase: str = PASSPHRASE,
    **fields: object,
) -> User:
    """Make a confirmed, unlocked member of a team; keyholders can open its key."""
    user = make_user(passphrase=passphrase, **fields)
    join_team(user, of or make_team(), role=role)
    return user


def join_team(user: User, team: Team, *, role: Role = Role.CASE_WORKER) -> Membership:
    """Make `user` a member, as after admission by two people."""
    from amana.trust.access.models import KEYHOLDERS

    membership = Membership.objects.create(
        user=user, team=team, role=role, confirmed_at=timezone.now()
    )
    if role in KEYHOLDERS:
        _give_key(user, team)
    else:
        _vouch(user, team=team)
    # The rules keep a person's places on the user object for a request; a test keeps
    # the same object.
    user.__dict__.pop("places", None)
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, by: User) -> None:
    """End a membership, as after the agreement of all who have to agree, and the
    delay."""
    if membership.confirmed_at is None or (
        membership.user_id == by.pk and not removal.foresee_without(membership)
    ):
        admission.end(membership, by=by)
        return
    _taken(removal.propose_leaving(membership, by=by))
    membership.refresh_from_db()


@transaction.atomic
def reset_keys(user: User, *, by: User) -> str:
    """Take someone's keys, likewise; returns the code with which they set up new
    ones."""
    _taken(removal.propose_start_again(user, by=by))
    user.refresh_from_db()
    return access.renew_invitation(user, by=by)


def _taken(proposed: KeyRemoval) -> None:
    """Have it confirmed and allowed, and make it take effect, by people who then are
    gone."""
    place = proposed.membership or proposed.user.memberships.first()
    assert place is not None
    # Three people of different teams: one person can't take keys away alone, nor with
    # colleagues of one house (ADR 53).
    officer = make_worker(role=Role.DATA_PROTECTION_OFFICER)
    home = make_worker(of=make_team(of=place.team.organisation), role=Role.SUPERVISOR)
    coordinator = make_worker(role=Role.COORDINATOR)
    removal.confirm(proposed, by=officer)
    if proposed.is_pending:
        if place.confirmed_at is not None:
            removal.allow(proposed, by=home)
        removal.allow(proposed, by=coordinator)
        KeyRemoval.objects.filter(pk=proposed.pk).update(effective_at=timezone.now())
        removal.take_effect(proposed)
    helpers = Membership.objects.filter(user__in=[officer, home, coordinator])
    # Else they would be counted, and asked, in the test that called this.
    helpers.update(ended_at=timezone.now())


_founders: dict[int, User] = {}


def _give_key(user: User, team: Team) -> None:
    if not TeamKey.objects.filter(team=team).exists():
        first, pair = keys.make_team_key(team)
        _vouch(user, team=team, holds=True, first=first)
        keys.share_team_key(first, pair, to=PersonKey.objects.get(user=user))
        _founders[team.pk] = user
        # The keyring has read its teams already, and would not see the key of this one.
        keys.get_keyring(user)._teams = None
    else:
        founder = _founders[team.pk]
        if founder.pk == user.pk:  # has the key already, and vouches not for themselves
            _vouch(user, team=team)
        else:
            _vouch(user, team=team, holds=True, by=keys.get_keyring(founder))
        keys.admit(user, to=team, by=founder)


def set_founder(team: Team, *, by: User) -> None:
    """Have `by`, who holds the team's key, give it to those who join from now on."""
    _founders[team.pk] = by


def unlock_user(user: User, *, passphrase: str = PASSPHRASE) -> User:
    """Return a fresh copy of `user` from the database, with their keys at hand."""
    fresh = User.objects.get(pk=user.pk)
    keys.set_keyring(keys.unlock(fresh, passphrase), to=fresh)
    return fresh


def make_case_keys(*, of: Team) -> UUID:
    """Make the keys of a case that has no shell, for tests of the vault alone; its
    id."""
    case = generate_uuid7()
    documents.make_compartments(case, team=of, by=_founders[of.pk])
    return case


def confirm_export(browser: "Client", asked: Any, *, why: str = "help") -> Any:
    """Answer the page that asks for a reason (`asked`), and return what leaves."""
    from amana.ui import once

    kind = asked.context["kind"].code
    things = [thing.hex for thing in asked.context["chosen"]]
    said = {"kind": kind, "thing": things, "why": why} | once.make_form_key()
    return browser.post("/exports/begin/", said, follow=True)


def sign_in(user: User, *, passphrase: str = PASSPHRASE) -> "Client":
    """Return a browser in which `user` has passed both factors and is unlocked."""
    from django.test import Client

    from amana.trust.access.http import note_factor
    from amana.trust.vault import middleware

    keyring = user.keyring or keys.unlock(user, passphrase)
    assert isinstance(keyring, keys.Keyring)
    request = HttpRequest()
    request.session = session = sessions.SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    # What a browser gets by signing in, without Argon2, whose cost each test would pay.
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    sessions.begin_session(session)
    note_factor(request, user, "totp")
    browser = Client()
    browser.cookies[middleware.get_cookie_name()] = middleware.seal_into(
        session, keyring, of=user
    )
    session.save()
    assert session.session_key
    browser.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return browser
