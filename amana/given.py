"""Records to test with and to fill the demo. What isn't asked for is made up."""

import wave
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from io import BytesIO
from itertools import count
from math import sin
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from amana.care.cases import need_kinds
from amana.care.cases.actions import StatedNeed, open_case
from amana.care.cases.models import Case, Need, Urgency
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.care.pending import actions as pending
from amana.care.pending.models import TO_UNDO
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import Referral
from amana.care.screening import actions as screenings
from amana.care.screening.models import Screening
from amana.design.directory import actions as directory
from amana.design.directory.models import Area, Service
from amana.design.directory.models.changes import record_change
from amana.design.directory.taxonomy import ServiceType
from amana.design.mechanism import find_current_version
from amana.design.mechanism.models import Version
from amana.insight.facts.models import Observation
from amana.trust.access import actions as access
from amana.trust.access import sessions
from amana.trust.access.models import Membership, Organisation, Role, Sphere, Team, User
from amana.trust.vault import admission, documents, keys, removal, roster
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.crypto import KeyPair
from amana.trust.vault.keys import Keyring
from amana.trust.vault.models import KeyRemoval, PersonKey, TeamKey, generate_uuid7

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
"""Who founded the roster where nobody else did, and vouches in it for all who come."""


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
    # Three people of different teams: nobody takes keys away alone, nor with colleagues
    # of one house (ADR 53).
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


# --- the directory


def make_area(*, above: Area | None = None, **fields: Any) -> Area:
    code = fields.setdefault("code", f"XM{next(number):04}")
    made = {
        "name_en": f"Area {code}",
        "level": above.level + 1 if above else 0,
        "path": f"{above.path if above else ''}{code}/",
        "lat": 9.0,
        "lon": -25.0,
    }
    area = Area.objects.create(above=above, **made | fields)
    record_change()
    return area


def make_service(
    *, of: Team | None = None, by: User | None = None, **fields: Any
) -> Service:
    """Make a shelter with counted places, published by a focal point of its team."""
    team = of or make_team()
    made: dict[str, Any] = {
        "name": f"Service {next(number)}",
        "types": [ServiceType.SH2],
        "places_total": 10,
        "places_free": 5,
    }
    if fields.get("counts_places") is False:
        del made["places_total"], made["places_free"]
    return directory.publish_service(
        team, by=by or _focal_point_of(team), **made | fields
    )


def _focal_point_of(team: Team) -> User:
    members = Membership.objects.active().filter(team=team, role=Role.FOCAL_POINT)
    known = members.select_related("user").first()
    return known.user if known else make_worker(of=team, role=Role.FOCAL_POINT)


# --- cases


SAFE_ANSWERS = {
    "SAFE02": "no",
    "SAFE03": "no",
    "SAFE04": "no",
    "SAFE09": "no",
    "SAFE01": "yes",
    "SAFE05": "yes",
    "SAFE06": "yes",
    "SAFE07": "no",
    "SAFE08": "no",
    "SAFE10": "no",
    "SAFE12": "no",
    "SAFE13": "yes",
    "SAFE11": "yes",
    "SAFE14": "yes",
}
"""Every safety question that applies to an adult, asked and answered: safe to talk."""


def make_case(
    *,
    worked_on_by: User | None = None,
    team: Team | None = None,
    gate: Mapping[str, str] | None = None,
    needs: Sequence[StatedNeed] | None = None,
    **fields: object,
) -> Case:
    """Open a case by its worker; `fields` are named like `identity_name`."""
    worker = worked_on_by or make_worker(of=team)
    said = {"identity_name": f"Person {next(number)}", "contact_channel": "call"}
    records: dict[Compartment, dict[str, Any]] = {}
    for field, value in (said | fields).items():
        compartment, name = field.split("_", 1)
        records.setdefault(Compartment(compartment), {})[name] = value
    words = records.get(Compartment.NEEDS, {}).pop("words", "A bed")
    asked = (
        [StatedNeed(ServiceType.SH2, Urgency.U2, str(words))]
        if needs is None
        else needs
    )
    return open_case(
        team=team or worker.memberships.earliest("pk").team,
        gate=gate or {},
        records=records,
        needs=asked,
        by=worker,
    )


# --- consents and referrals


def make_consent(case: Case, *, to: Team, by: User, **said: Any) -> Consent:
    """Have the person of a case agree that their name and need are shared with a
    team."""
    [consent] = make_consents(case, to=[to], by=by, **said)
    return consent


def make_consents(
    case: Case, *, to: Sequence[Team], by: User, **said: Any
) -> list[Consent]:
    """Give the same consent to several teams, of which one text told them."""
    usual: dict[str, Any] = {
        "fields": ["identity.name", "contact.channel", "needs.words"],
        "purpose": Consent.Purpose.REFERRAL,
        "need": case.needs.order_by("pk").first(),
        "along": ["note", "handover"],
        "expires_at": timezone.now() + timedelta(days=90),
        "language": "ar",
        "mode": Consent.Mode.SPOKEN,
        "given_by": Consent.GivenBy.PERSON,
        "interpreter": False,
        "understood": True,
    }
    if "need" not in said and said.get("purpose", "referral") != "referral":
        del usual["need"]
    return consents.give_in_order(case, recipients=to, by=by, **usual | said)


def pass_ten_minutes() -> None:
    """Make take effect what could be undone, as if the clock came by in ten minutes."""
    pending.carry_out_due(timezone.now() + TO_UNDO)


def open_needs(case: Case, *, by: User) -> list[Need]:
    """Open the needs of a case: what exactly each is, is sealed."""
    needs = list(case.needs.order_by("pk"))
    need_kinds.learn(needs, by=by)
    return needs


def make_referral(
    *, need: Need, to: Service, by: User, consent: Consent | None = None, **more: Any
) -> Referral:
    """Send a referral by `by`, with a consent of its own unless one is given."""
    agreed = consent or make_consent(need.case, to=to.team, need=need, by=by)
    return referrals.send(need, to=to, consent=agreed, by=by, **more)


# --- the mechanism and screenings


def make_sound(seconds: float = 0.2, rate: int = 8000) -> bytes:
    """Make a quiet tone as any player reads it: WAV, one channel, eight bits."""
    made = BytesIO()
    with wave.open(made, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(1)
        written.setframerate(rate)
        tone = (128 + round(20 * sin(n / 4)) for n in range(round(seconds * rate)))
        written.writeframes(bytes(tone))
    return made.getvalue()


def make_screening(
    *,
    by: User,
    case: Case | None = None,
    version: Version | None = None,
    instrument: str = "first",
    **answers: str,
) -> Screening:
    """Screen a person by `by`, in a case or before there is one."""
    asked: dict[str, Any] = {
        "instrument": instrument,
        "version": version or find_current_version(),
        "answers": answers,
        "by": by,
    }
    if case:
        return screenings.screen_case(case, **asked)
    return screenings.screen_person(by.memberships.earliest("pk").team, **asked)


# --- facts


def store_facts(some: Iterable[Observation]) -> int:
    """Store facts as after a batch, all at once; how many."""
    return len(Observation.objects.bulk_create(some, batch_size=500))
