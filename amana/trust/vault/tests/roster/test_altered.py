"""Who writes in the database, and holds no key, has nothing sealed to them (P03)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from amana import given
from amana.trust.access.models import Membership, Role, User
from amana.trust.vault import (
    cards,
    disclosures,
    documents,
    drafts,
    epochs,
    keys,
    parcels,
    roster,
    statements,
)
from amana.trust.vault.altered import Tampered
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.crypto import KeyPair
from amana.trust.vault.keys import get_keyring
from amana.trust.vault.models import (
    Disclosure,
    PersonKey,
    PersonWrap,
    RosterStatement,
    TeamKey,
    TeamWrap,
    generate_uuid7,
)
from amana.trust.vault.signing import SigningKey
from tests.worlds import kept

from .founding import THIEF, a_new_process

pytestmark = pytest.mark.django_db


C = Compartment


@kept
def case(team, worker):
    return given.make_case_keys(of=team)


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
