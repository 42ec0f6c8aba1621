"""What one person alone cannot sign, random lives of a team, and the cost (P03)."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import Phase, settings
from hypothesis import given as given_any
from hypothesis import strategies as st

from amana import given
from amana.errors import Refused
from amana.trust.access.models import Role, Team
from amana.trust.vault import documents, epochs, keys, removal, roster, statements
from amana.trust.vault.altered import Tampered
from amana.trust.vault.crypto import KeyPair
from amana.trust.vault.keys import get_keyring
from amana.trust.vault.models import KeyRemoval, PersonKey, TeamWrap, generate_uuid7
from amana.trust.vault.signing import SigningKey

from .founding import THIEF, a_new_process

pytestmark = pytest.mark.django_db


# A number that no row of these tests has reached: on PostgreSQL they go on counting.
FAR = 2**40


# --- what nobody can say alone


def test_nobody_lets_in_whom_they_proposed(team, worker, colleague):
    newcomer = PersonKey(
        pk=FAR, user_id=FAR, public=THIEF.public, verify_key=SigningKey.of(THIEF).public
    )
    home = team.organisation_id
    lets = {"team": team.pk, "home": home, "holds": True, "first": None}
    ring, other = get_keyring(worker), get_keyring(colleague)

    def let_in(by: keys.Keyring) -> None:
        roster.record_statement(
            "let in", by=by, person=roster.describe_person_key(newcomer), **lets
        )

    with pytest.raises(Refused):
        let_in(ring)
    roster.record_statement("propose", by=ring, user=FAR, team=team.pk)
    with pytest.raises(Refused):
        let_in(ring)
    let_in(other)
    assert roster.get_roster().here(FAR)


def test_only_who_holds_a_teams_key_renews_it_and_for_nobody_new(team, worker, host):
    says = {
        "team": team.pk,
        "key": FAR,
        "epoch": 2,
        "public": THIEF.public.hex(),
    }
    mine, theirs = get_keyring(worker).person_key_id, get_keyring(host).person_key_id
    for by, holders in ((host, [theirs]), (worker, [mine, theirs])):
        with pytest.raises(Refused):
            roster.record_statement(
                "renew", by=get_keyring(by), holders=holders, **says
            )


def test_nobody_takes_a_colleagues_key_alone_or_by_the_clock(worker, colleague):
    key = PersonKey.objects.get(user=colleague)
    ring = get_keyring(worker)
    takes = {"removal": 1, "person": key.pk, "team": None}
    leaves = {"removal": 1, "person": key.pk, "team": None}
    for by in (None, ring):
        with pytest.raises(Refused):
            roster.record_statement("leave", by=by, **leaves)
    roster.record_statement("take", by=ring, again=False, **takes)
    with pytest.raises(Refused):
        roster.record_statement("take", by=ring, again=False, **takes)
    with pytest.raises(Refused):
        roster.record_statement("leave", by=None, **leaves)


def test_whose_keys_two_took_away_does_not_give_them_back_to_themselves(
    worker, colleague
):
    ring = get_keyring(worker)
    given.end_membership(worker.memberships.get(), by=colleague)
    (taken,) = roster.get_roster().gone

    with pytest.raises(Refused):
        roster.record_statement("give back", by=ring, removal=taken)
    roster.record_statement("give back", by=get_keyring(colleague), removal=taken)
    assert roster.get_roster().here(ring.person_key_id)


def test_who_has_left_vouches_for_nobody(team, worker, colleague):
    ring = get_keyring(worker)
    given.end_membership(worker.memberships.get(), by=colleague)

    with pytest.raises(Refused):
        roster.record_statement("propose", by=ring, user=FAR, team=team.pk)


def test_who_started_again_is_not_sealed_to_under_the_old_key(team, worker, colleague):
    """The row of the old key, put back by someone who has stolen it."""
    old = PersonKey.objects.get(user=worker)
    given.reset_keys(worker, by=colleague)
    old.save(force_insert=True)

    with pytest.raises(Tampered):
        documents.make_compartments(generate_uuid7(), people=[worker], by=colleague)


# --- random lives of a team


def lives(team: Team, numbers: list[int]) -> Iterator[None]:
    """Join, leave, start again, come back and renew, as the numbers say."""
    head = given.make_worker(of=team, role=Role.SUPERVISOR)
    people = [given.make_worker(of=team)]
    removals: list[KeyRemoval] = []
    for number in numbers:
        act, which = number % 5, number // 5
        wraps = TeamWrap.objects.filter(team_key__team=team)
        held = set(wraps.values_list("person_key__user", flat=True))
        there = [person for person in people if person.pk in held]
        for person in (head, *there):
            get_keyring(person).forget_teams()
        if act == 0:
            given.set_founder(team, by=[head, *there][which % (len(there) + 1)])
            people.append(given.make_worker(of=team))
        elif act == 1:
            epochs.begin_epoch(team, by=[head, *there][which % (len(there) + 1)])
        elif act == 2 and removals:
            removal.undo(removals.pop(), by=head)
        elif there:
            who = there[which % len(there)]
            if act == 3:
                given.end_membership(who.memberships.get(), by=head)
            else:
                given.reset_keys(who, by=head)
            removals.append(KeyRemoval.objects.latest("pk"))
        yield


@settings(max_examples=8, phases=[Phase.explicit, Phase.generate])
@given_any(st.lists(st.integers(0, 24), min_size=4, max_size=8))
def test_in_any_life_of_a_team_the_roster_says_who_holds_its_key(numbers):
    """After each step, and the same when all is checked anew."""
    with transaction.atomic():
        team = given.make_team()
        for _step in lives(team, numbers):
            known, key = roster.get_roster(), keys.get_current_key(team)
            wraps = TeamWrap.objects.filter(team_key=key)
            held = set(wraps.values_list("person_key", flat=True))
            assert known.teams[team.pk].holders == held
        kept = dict(roster.seen.rosters)
        a_new_process()
        assert roster.get_roster() == known
        roster.seen.rosters |= kept
        transaction.set_rollback(True)


# --- what it costs


def test_sealing_asks_no_more_of_the_database(team, worker):
    keys.get_current_key(team)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        key = keys.get_current_key(team)
        roster.get_public_key(key)
    assert len(asked) == 1


def test_five_hundred_people_follow_from_what_was_said():
    known = statements.Roster()
    rings = [keys.Keyring(number, KeyPair.new()) for number in range(2)]
    said: list[statements.Statement] = []

    def say(by: list[keys.Keyring], **says: object) -> None:
        nonlocal known
        text = statements.write(says | {"by": [ring.person_key_id for ring in by]})
        unsigned = statements.Statement(known.place + 1, text, {})
        hash_ = unsigned.hash_after(known.head)
        signed = {
            r.person_key_id: r.signing.sign(hash_, purpose=statements.PURPOSE)
            for r in by
        }
        said.append(statements.Statement(unsigned.place, text, signed))
        known = statements.follow(known, said[-1])

    def words(number: int, pair: keys.Keyring) -> dict[str, object]:
        public, verify = pair.public.hex(), pair.signing.public.hex()
        return {"key": number, "user": number, "public": public, "verify": verify}

    say(
        rings,
        says="found",
        homes={},
        spheres={},
        people=[words(n, rings[n]) for n in (0, 1)],
    )
    for number in range(2, 500):
        lets = {"person": words(number, rings[0]), "team": None, "holds": False}
        lets["home"] = None
        say(rings[:1], says="propose", user=number, team=None)
        say(rings[1:], says="let in", first=None, **lets)
    again = statements.Roster()
    for statement in said:
        again = statements.follow(again, statement)

    assert again == known
    assert len(known.people) == 500
