"""Whoever writes in the database, and holds no key, has nothing sealed to them
(P03)."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import Phase, settings
from hypothesis import given as given_any
from hypothesis import strategies as st

from amana import given
from amana.errors import Refused
from amana.trust.access import actions as access
from amana.trust.access import founding
from amana.trust.access.models import Membership, Role, Team, User
from amana.trust.vault import (
    admission,
    cards,
    crypto,
    disclosures,
    documents,
    drafts,
    epochs,
    keys,
    parcels,
    removal,
    roster,
    statements,
)
from amana.trust.vault.altered import Tampered
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.crypto import KeyPair
from amana.trust.vault.keys import get_keyring
from amana.trust.vault.models import (
    Disclosure,
    KeyRemoval,
    PersonKey,
    PersonWrap,
    RosterStatement,
    TeamKey,
    TeamWrap,
    generate_uuid7,
)
from amana.trust.vault.signing import SigningKey
from tests.worlds import kept

pytestmark = pytest.mark.django_db

C = Compartment
NEW = "five grey herons at noon"
# A number that no row of these tests has reached: on PostgreSQL they go on counting.
FAR = 2**40


@kept
def team(db):
    return given.make_team()


@kept
def worker(team):
    return given.make_worker(of=team)


@kept
def colleague(team, worker):
    return given.make_worker(of=team, role=Role.SUPERVISOR)


@kept
def shelter(db):
    return given.make_team()


@kept
def host(shelter):
    return given.make_worker(of=shelter, role=Role.FOCAL_POINT)


@kept
def case(team, worker):
    return given.make_case_keys(of=team)


THIEF = KeyPair.new()


def a_new_process() -> None:
    """What was checked is forgotten, as after a restart."""
    roster.seen.rosters = {b"": statements.Roster()}
    roster.seen.forget()


# --- the beginning, by the real actions


def found_house() -> tuple[User, User]:
    codes = founding.create_first_organisation(
        organisation="Ministry",
        sphere="humanitarian",
        administrators=[("ada@example.org", "Ada"), ("bea@example.org", "Bea")],
    )
    ada, bea = [
        admission.join(admission.find_invitation(code), passphrase=NEW)
        for code in codes.values()
    ]
    return ada, bea


def test_two_administrators_found_it_and_a_third_is_let_in_by_them():
    ada, bea = found_house()
    with pytest.raises(Refused, match="first two administrators"):
        roster.get_roster()
    ada = given.unlock_user(ada, passphrase=NEW)  # and signs, as the second of the two

    place, code = access.propose(
        ada.memberships.get().team,
        email="cleo@example.org",
        name="Cleo",
        language="en",
        role=Role.COORDINATOR,
        by=ada,
    )
    place.user = admission.join(admission.find_invitation(code), passphrase=NEW)
    digits = {
        keys.compute_digits(place.user.person_key, seen_by=person)
        for person in (ada, bea, place.user)
    }
    [compared] = digits
    admission.confirm(place, compared=compared, by=bea)

    a_new_process()
    known = roster.get_roster()
    users = {person.user for person in known.people.values()}
    assert users == {ada.pk, bea.pk, place.user_id}
    assert len({get_keyring(p).founding for p in (ada, bea, place.user)}) == 1
    assert (
        get_keyring(given.unlock_user(ada, passphrase=NEW)).founding == known.founding
    )


def test_the_second_founder_signs_only_what_names_their_own_key():
    ada, _bea = found_house()
    first = RosterStatement.objects.get()
    said = json.loads(first.text)
    said["people"][0]["public"] = THIEF.public.hex()
    RosterStatement.objects.update(text=statements.write(said))

    assert not roster.sign_founding(get_keyring(ada))
    with pytest.raises(Refused):
        roster.get_roster()


def test_who_is_shown_another_founding_sees_other_digits(team, worker):
    """A newcomer believes what the database says; comparing the digits shows it."""
    key = PersonKey.objects.get(user=given.make_user())
    ours = keys.compute_digits(key, seen_by=worker)
    get_keyring(worker).founding = crypto.derive(b"k" * 32, "another")

    assert keys.compute_digits(key, seen_by=worker) != ours


# --- someone writes in the database


def exchange_person(team, colleague) -> None:
    PersonKey.objects.filter(user=colleague).update(public=THIEF.public)


def exchange_signing_key(team, colleague) -> None:
    thief = SigningKey.of(THIEF)
    PersonKey.objects.filter(user=colleague).update(verify_key=thief.public)


def move_person(team, colleague) -> None:
    """The key of someone who does their bidding, under the colleague's name."""
    other = PersonKey.objects.get(user=given.make_user())
    PersonKey.objects.filter(user=colleague).delete()
    PersonKey.objects.filter(pk=other.pk).update(user=colleague)


def an_unknown_person(team, colleague) -> None:
    """A row that nobody vouched for."""
    PersonKey.objects.filter(user=colleague).delete()
    PersonKey.objects.create(
        user=colleague, public=THIEF.public, verify_key=SigningKey.of(THIEF).public
    )


def remove_statement(team, colleague) -> None:
    RosterStatement.objects.filter(place=last_place() - 1).delete()


def alter_statement(team, colleague) -> None:
    """Their key in the statement that let the colleague in, with its hash."""
    key = PersonKey.objects.get(user=colleague)
    for row in RosterStatement.objects.filter(text__contains=bytes(key.public).hex()):
        row.text = row.text.replace(bytes(key.public).hex(), THIEF.public.hex())
        row.save()
    repair_hashes()
    PersonKey.objects.filter(user=colleague).update(public=THIEF.public)


def reorder_statements(team, colleague) -> None:
    one, other = RosterStatement.objects.order_by("-place")[:2]
    one.place, other.place = other.place, one.place
    one.save()
    other.save()
    repair_hashes()


def forge_statement(team, colleague) -> None:
    """Said as the colleague, signed by the thief."""
    key = PersonKey.objects.get(user=colleague)
    append({"says": "propose", "user": 5, "team": 6, "by": [key.pk]}, THIEF)


def say_unsigned(team, colleague) -> None:
    """As the clock, which only carries out what two people have said."""
    key = PersonKey.objects.get(user=colleague)
    append({"says": "leave", "person": key.pk, "team": None, "removal": 1, "by": []})


def exchange_whole_roster(team, colleague) -> None:
    """A roster of their own, with two founders and all that follows well signed."""
    RosterStatement.objects.all().delete()
    thieves = [keys.Keyring(-1, THIEF), keys.Keyring(-2, KeyPair.new())]
    people = [
        PersonKey(
            pk=thief.person_key_id,
            user_id=thief.person_key_id,
            public=thief.public,
            verify_key=thief.signing.public,
        )
        for thief in thieves
    ]
    roster.start_roster(people, by=thieves, homes={}, spheres={})
    exchange_person(team, colleague)
    person = roster.describe_person_key(PersonKey.objects.get(user=colleague))
    says = {"says": "propose", "user": colleague.pk, "team": None, "by": [-1]}
    append(says, thieves[0].person)
    lets = {"person": person, "team": None, "holds": False, "first": None, "home": None}
    append({"says": "let in", **lets, "by": [-2]}, thieves[1].person)


def last_place() -> int:
    return RosterStatement.objects.latest("place").place


def append(says: statements.Says, signer: KeyPair | None = None) -> None:
    before = RosterStatement.objects.latest("place")
    said = statements.Statement(before.place + 1, statements.write(says), {})
    hash_ = said.hash_after(bytes(before.hash))
    signed = {}
    if signer:
        made = SigningKey.of(signer).sign(hash_, purpose=statements.PURPOSE)
        signed = {str(says["by"][0]): made.hex()}
    RosterStatement.objects.create(
        place=said.place, text=said.text, hash=hash_, signatures=signed
    )


def repair_hashes() -> None:
    before = b""
    for row in RosterStatement.objects.order_by("place"):
        said = statements.Statement(row.place, row.text, {})
        row.hash = before = said.hash_after(before)
        row.save()


ROWS = [exchange_person, exchange_signing_key, move_person, an_unknown_person]
CHAIN = [
    remove_statement,
    alter_statement,
    reorder_statements,
    forge_statement,
    say_unsigned,
    exchange_whole_roster,
]


@pytest.mark.parametrize("attack", [*ROWS, *CHAIN])
def test_nothing_is_sealed_to_a_person_who_was_exchanged(
    case, team, worker, colleague, attack: Callable[..., None]
):
    documents.write(case, C.IDENTITY, {"name": "Hope"}, by=worker)
    get_keyring(worker).teams  # noqa: B018 — signed in before it happens
    roster.get_roster()
    attack(team, colleague)
    a_new_process()
    keys.set_keyring(get_keyring(worker), to=worker)  # the next request

    for seal in (
        lambda: documents.share_case(
            case, by=worker, people=[worker, colleague], exclusively=True
        ),
        lambda: documents.make_compartments(
            generate_uuid7(), people=[colleague], by=worker
        ),
        lambda: cards.store_card(
            case,
            {"name": "Hope"},
            by=worker,
            people=User.objects.filter(pk=colleague.pk),
        ),
    ):
        with pytest.raises(Tampered):
            seal()


@pytest.mark.parametrize("attack", [exchange_person, exchange_signing_key, *CHAIN])
def test_no_key_of_a_team_goes_to_a_person_who_was_exchanged(
    team, worker, colleague, attack: Callable[..., None]
):
    roster.get_roster()
    attack(team, colleague)
    a_new_process()

    with pytest.raises(Tampered):
        epochs.begin_epoch(team, by=worker)
    assert TeamKey.objects.filter(team=team, retired_at=None).get().epoch == 1


@pytest.mark.parametrize(
    "row",
    [
        {"text": "{"},
        {"text": "null"},
        {"text": "[" * 200_000},
        {"text": '{"by":[],"says":[]}'},
        {"text": '{"by":5,"says":"propose"}'},
        {"text": '{"by":[],"removal":{},"says":"end"}'},
        {"signatures": []},
        {"signatures": {"x": "00"}},
        {"signatures": {"1": "no"}},
        {"signatures": {"1": 5}},
    ],
    ids=lambda row: str(row)[:40],
)
def test_a_statement_that_no_one_could_write_is_named_as_altered(worker, row):
    last = RosterStatement.objects.order_by("-place")[0]
    RosterStatement.objects.filter(pk=last.pk).update(**row)
    a_new_process()

    with pytest.raises(Tampered):
        roster.get_roster()


@pytest.mark.parametrize(
    "text", ["{", "[" * 200_000, "{}", "null"], ids=lambda text: text[:9]
)
def test_a_first_statement_that_can_not_be_read_is_signed_by_no_one(worker, text):
    RosterStatement.objects.filter(place=0).update(text=text)

    with pytest.raises(Tampered):
        roster.sign_founding(get_keyring(worker))


def test_the_rows_of_the_chain_are_checked_while_at_work_too(team, worker, colleague):
    """What is said from now on, in a process that has checked all before."""
    roster.get_roster()
    forge_statement(team, colleague)

    with pytest.raises(Tampered):
        epochs.begin_epoch(team, by=worker)


def test_a_key_that_is_exchanged_is_met_by_every_seal_to_a_team(
    case, team, worker, shelter, host
):
    documents.write(case, C.IDENTITY, {"name": "Hope"}, by=worker)
    drafted = drafts.get_draft_key(shelter, by=host)
    TeamKey.objects.filter(team=shelter).update(public=THIEF.public)
    before = Disclosure.objects.count()

    for seal in (
        lambda: disclosures.make_disclosure(
            {"identity.name": "Hope"},
            consent=generate_uuid7(),
            case=case,
            sender=team,
            recipient=shelter,
            purpose="referral",
            expires_at=timezone.now() + timedelta(days=1),
            by=worker,
        ),
        lambda: parcels.seal(
            generate_uuid7(),
            {C.NEEDS: {"words": "x"}},
            to=shelter,
            sender=team,
            by=worker,
        ),
        lambda: documents.share_case(case, by=worker, team=shelter),
        lambda: cards.store_card(case, {"name": "Hope"}, by=worker, team=shelter),
        lambda: drafts.keep_waiting(generate_uuid7(), b"sealed", key=drafted),
    ):
        with pytest.raises(Tampered):
            seal()
    assert Disclosure.objects.count() == before


def test_another_teams_key_is_not_believed_in_its_place(team, worker, shelter, host):
    """A team's true key, moved: what is meant for one would open for the other."""
    TeamKey.objects.filter(team=team).update(retired_at=timezone.now(), epoch=7)
    TeamKey.objects.filter(team=shelter).update(team=team)

    with pytest.raises(Tampered):
        keys.get_current_key(team)


def test_an_old_key_put_back_is_not_believed(team, worker, colleague):
    old = keys.get_current_key(team)
    epochs.begin_epoch(team, by=worker)
    TeamKey.objects.filter(team=team, epoch=2).update(retired_at=timezone.now())
    TeamKey.objects.filter(pk=old.pk).update(retired_at=None)

    with pytest.raises(Tampered):
        keys.get_current_key(team)


def test_no_wrap_that_was_slipped_in_gets_the_next_key(team, worker, colleague, host):
    """A row that says they hold the team's key, and one that says they work there."""
    key = PersonKey.objects.get(user=host)
    current = TeamKey.objects.get(team=team)
    TeamWrap.objects.create(team_key=current, person_key=key, sealed=b"nothing")
    Membership.objects.create(
        user=host, team=team, role=Role.CASE_WORKER, confirmed_at=timezone.now()
    )

    with pytest.raises(Tampered):
        epochs.begin_epoch(team, by=worker)


def test_a_statement_cut_off_is_missed_by_who_has_seen_it(team, worker, colleague):
    """The last ones: nothing in the chain says that there was more."""
    given.unlock_user(worker)
    epochs.begin_epoch(team, by=worker)
    given.unlock_user(worker)
    RosterStatement.objects.filter(place=last_place()).delete()
    a_new_process()

    with pytest.raises(Tampered):
        given.unlock_user(worker)


@pytest.mark.django_db(transaction=True)
def test_a_statement_cut_off_is_missed_by_the_process_that_has_checked_it():
    worker = given.make_worker()
    keys.get_current_key(worker.memberships.get().team)
    RosterStatement.objects.filter(place=last_place()).delete()

    with pytest.raises(Tampered):
        roster.get_roster()


def test_what_a_keyring_has_seen_can_not_be_emptied(team, worker):
    PersonWrap.objects.filter(person_key__user=worker).update(seen=b"")

    with pytest.raises(Tampered):
        given.unlock_user(worker)


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
