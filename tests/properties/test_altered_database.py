"""Someone writes in the database and holds no key: what they alter is named, and not
obeyed.

Each alteration is a small function with a name; beside it stands what a colleague then
does, and what Amana has to say was altered. Each is tried twice: before the log was
sealed, and after.

    pytest tests/properties/test_altered_database.py
    python -m tools.postgres pytest tests/properties/test_altered_database.py
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Case
from amana.trust.access.models import Role, Team, User
from amana.trust.audit import sealing
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import documents
from amana.trust.vault.altered import Alteration, Tampered
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.manifest import chain_of
from amana.trust.vault.models import (
    CaseLink,
    CompartmentKey,
    CompartmentWrap,
    Document,
)

pytestmark = pytest.mark.django_db

NEVER = "NEVER telephone. The husband answers and beats her."


@dataclass
class World:
    """A case in which something matters, its colleagues, and another case."""

    team: Team
    leila: User
    huda: User
    case: Case
    other: Case
    sealed: bool
    before: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)

    def seal(self) -> None:
        if self.sealed:
            sealing.seal_all()

    def documents(self, part: C, name: str = "record") -> Any:
        found = Document.objects.filter(key__case=self.case.pk, key__compartment=part)
        return found.filter(name=name).order_by("revision")

    def wraps(self, part: C | None = None) -> Any:
        found = CompartmentWrap.objects.filter(key__case=self.case.pk)
        return found.filter(key__compartment=part) if part else found


def a_world(sealed: bool) -> World:
    team = given.a_team()
    leila, huda = given.a_worker(of=team), given.a_worker(of=team)
    case = given.a_case(worked_on_by=leila, identity_name="Hope")
    other = given.a_case(worked_on_by=leila, identity_name="Other")
    world = World(team, leila, huda, case, other, sealed)
    world.seal()
    write(world, C.CONTACT, {"channel": "call", "never": NEVER}, replacing=1)
    cases.add_note(case, C.NEEDS, "A note", by=leila)
    world.seal()
    return world


def write(world: World, part: C, content: dict[str, Any], *, replacing: int) -> None:
    case, by = world.case.pk, world.leila
    documents.write(case, part, content, by=by, replacing=replacing)


def links_of(world: World) -> Any:
    return CaseLink.objects.filter(chain=chain_of(world.case.pk)).order_by("place")


def with_record(body: str, record: str, *said: Any) -> str:
    """The text of a link, made to say something else of a record."""
    read = json.loads(body) if body else {}
    if record in read.get("state", {}).get("documents", {}):
        read["state"]["documents"][record] = [said[0], said[1].hex]
    return json.dumps(read)


# --- what a colleague does then


def opens(world: World) -> Any:
    """Open all of the case, as its page does."""
    with transaction.atomic():
        return documents.opened(world.case.pk, by=world.leila, purpose="test")


def writes(world: World) -> Any:
    """Write something else; and only then open the case."""
    cases.add_note(world.case, C.NEEDS, "Something else", by=world.leila)
    return opens(world)


def writes_contact(world: World) -> Any:
    with transaction.atomic():
        write(world, C.CONTACT, {"channel": "visit"}, replacing=2)


def reads_history(world: World) -> Any:
    with transaction.atomic():
        documents.history(world.case.pk, C.CONTACT, by=world.leila, purpose="test")


def renews(world: World) -> Any:
    """Seal a compartment anew for those who hold it."""
    with transaction.atomic():
        keys = documents.locked(CompartmentKey.objects.filter(case=world.case.pk))
        documents.renew(documents.secrets_of(keys, by=world.leila), by=world.leila)


# --- what is altered

type Act = Callable[[World], Any]


@dataclass(frozen=True)
class Attack:
    name: str
    alter: Act
    then: Act
    named: frozenset[Alteration]


ATTACKS: list[Attack] = []


def attack(then: Act | Iterable[Act], *named: Alteration) -> Callable[[Act], Act]:
    """Whatever this alters, each of these acts has to stop and name it so."""
    acts = [then] if callable(then) else list(then)

    def note(alter: Act) -> Act:
        for act in acts:
            name = f"{alter.__name__}-{act.__name__}"
            ATTACKS.append(Attack(name, alter, act, frozenset(named)))
        return alter

    return note


@attack([opens, writes, writes_contact, reads_history], Alteration.OLDER)
def older_revision_put_back(world: World) -> None:
    world.documents(C.CONTACT).filter(revision=2).delete()
    world.documents(C.CONTACT).update(superseded_at=None)


@attack([opens, writes, writes_contact, reads_history], Alteration.MISSING)
def record_deleted(world: World) -> None:
    world.documents(C.CONTACT).delete()


@attack(reads_history, Alteration.MISSING)
def earlier_revision_deleted(world: World) -> None:
    world.documents(C.CONTACT).filter(revision=1).delete()


@attack(opens, Alteration.MISSING)
def record_marked_as_superseded(world: World) -> None:
    now = world.documents(C.CONTACT).first().written_at
    world.documents(C.CONTACT).update(superseded_at=now)


@attack(opens, Alteration.MISSING)
def every_record_of_a_part_deleted(world: World) -> None:
    Document.objects.filter(key__case=world.case.pk, key__compartment=C.NEEDS).delete()


@attack(opens, Alteration.CONTENT)
def content_of_another_case_put_in(world: World) -> None:
    theirs = Document.objects.get(
        key__case=world.other.pk, key__compartment=C.IDENTITY, name="record"
    )
    world.documents(C.IDENTITY).update(sealed=theirs.sealed)


@attack(opens, Alteration.CONTENT)
def content_of_the_older_revision_put_in(world: World) -> None:
    older, newer = world.documents(C.CONTACT)
    Document.objects.filter(pk=newer.pk).update(sealed=older.sealed)


@attack(opens, Alteration.MISSING, Alteration.ADDED)
def record_moved_to_another_part(world: World) -> None:
    health = CompartmentKey.objects.get(case=world.case.pk, compartment=C.HEALTH)
    world.documents(C.CONTACT).filter(revision=2).update(key=health)


@attack(opens, Alteration.MISSING, Alteration.ADDED)
def record_renamed(world: World) -> None:
    world.documents(C.CONTACT).filter(revision=2).update(name="note/0")


@attack([opens, writes], Alteration.ADDED)
def record_added(world: World) -> None:
    record = world.documents(C.CONTACT).last()
    Document.objects.create(key=record.key, name="note/0", sealed=record.sealed)


@attack(opens, Alteration.HOLDERS)
def keys_of_a_part_deleted(world: World) -> None:
    world.wraps(C.CONTACT).delete()


@attack(opens, Alteration.HOLDERS)
def key_of_another_case_put_in(world: World) -> None:
    theirs = CompartmentWrap.objects.get(
        key__case=world.other.pk, key__compartment=C.CONTACT
    )
    world.wraps(C.CONTACT).update(sealed=theirs.sealed)


@attack(opens, Alteration.HOLDERS)
def part_deleted(world: World) -> None:
    CompartmentKey.objects.filter(case=world.case.pk, compartment=C.CONTACT).delete()


@attack(renews, Alteration.HOLDERS)
def holder_added(world: World) -> None:
    stranger = given.a_worker()
    for wrap in world.wraps():
        CompartmentWrap.objects.create(
            key=wrap.key, person_key=stranger.person_key, sealed=wrap.sealed
        )


@attack(renews, Alteration.HOLDERS)
def holder_taken_away(world: World) -> None:
    documents.share_case(world.case.pk, by=world.leila, people=[world.huda])
    world.seal()
    world.wraps().filter(person_key__user=world.huda.pk).delete()


@attack([opens, writes], Alteration.HISTORY, Alteration.ADDED)
def last_link_deleted(world: World) -> None:
    """Before the log has it, what it stood for is one record too many."""
    links_of(world).last().delete()


@attack([opens, writes], Alteration.HISTORY)
def link_taken_out_from_under_another(world: World) -> None:
    """Two acts that the log hasn't got yet; the first is taken out."""
    write(world, C.CONTACT, {"never": NEVER, "channel": "text"}, replacing=2)
    cases.add_note(world.case, C.NEEDS, "Behind it", by=world.leila)
    links_of(world).filter(pk=links_of(world).reverse()[1].pk).delete()


@attack([opens, writes], Alteration.HISTORY)
def every_link_deleted(world: World) -> None:
    links_of(world).delete()


@attack([opens, writes], Alteration.HISTORY)
def link_rewritten(world: World) -> None:
    """The older revision put back, and the signed text made to say so."""
    record = world.documents(C.CONTACT).first()
    older_revision_put_back(world)
    for link in links_of(world):
        text = with_record(link.body, "contact/record", 1, record.pk)
        CaseLink.objects.filter(pk=link.pk).update(body=text)


# --- all of them


@pytest.fixture(params=[False, True], ids=["before sealing", "sealed"])
def world(request: pytest.FixtureRequest) -> World:
    return a_world(request.param)


@pytest.mark.parametrize("planted", ATTACKS, ids=lambda planted: planted.name)
def test_an_alteration_is_named_and_not_obeyed(world: World, planted: Attack) -> None:
    planted.alter(world)
    with pytest.raises(Tampered) as stopped:
        planted.then(world)
    assert stopped.value.what in planted.named, stopped.value


def test_without_an_alteration_nothing_stops(world: World) -> None:
    acts = dict.fromkeys(planted.then for planted in ATTACKS)
    for act in acts:
        act(world)
    assert opens(world)[C.CONTACT, "record"].content


def test_the_page_stops_and_two_people_are_told(
    mailoutbox, django_capture_on_commit_callbacks
):
    world = a_world(sealed=True)
    officers = [given.a_worker(role=Role.DATA_PROTECTION_OFFICER) for _two in "ab"]
    browser = given.signed_in(world.leila)
    older_revision_put_back(world)

    with django_capture_on_commit_callbacks(execute=True):
        page = browser.get(f"/cases/{world.case.pk}/")

    text = page.content.decode()
    assert page.status_code == 409
    assert "An older version of a record was put back" in text
    assert officers[0].name in text
    assert NEVER not in text
    told = {address for mail in mailoutbox for address in mail.to}
    assert told == {officer.email for officer in officers}
    assert str(world.case.pk) not in "".join(m.subject + m.body for m in mailoutbox)
    event = AuditEvent.objects.get(did="found altered records")
    assert (event.actor, event.case) == (world.leila.actor_id, world.case.pk)
    alarms = given.signed_in(officers[1]).get("/alarms/")
    assert "An older version of a record was put back" in alarms.content.decode()
