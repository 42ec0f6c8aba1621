"""A case in which something matters, and what a colleague does after an alteration.

`attack` notes an alteration with the acts that have to stop and name it."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases import signed_case as shell
from amana.care.cases.models import Case
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.trust.access.models import Team, User
from amana.trust.audit import sealing
from amana.trust.vault import disclosures, documents
from amana.trust.vault.altered import Alteration
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.manifest import compute_chain_id
from amana.trust.vault.models import (
    CaseLink,
    CompartmentKey,
    CompartmentWrap,
    Disclosure,
    Document,
)
from conftest import TRIGGERS_OF_SQLITE

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
    clinic: Team
    police: Team
    nurse: User
    consent: Consent
    shared: Disclosure
    went_out: int = 0

    def fresh(self) -> Case:
        return Case.objects.get(pk=self.case.pk)

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
    team = given.make_team()
    leila, huda = given.make_worker(of=team), given.make_worker(of=team)
    case = given.make_case(worked_on_by=leila, identity_name="Hope")
    other = given.make_case(worked_on_by=leila, identity_name="Other")
    nurse = given.make_worker()
    clinic = nurse.memberships.get().team
    consent = given.make_consent(case, to=clinic, by=leila, fields=["identity.name"])
    shared = consents.disclose(consent, by=leila)
    police = given.make_team()
    world = World(
        team, leila, huda, case, other, sealed, clinic, police, nurse, consent, shared
    )
    world.seal()
    write(world, C.CONTACT, {"channel": "call", "never": NEVER}, replacing=1)
    cases.add_note(case, C.NEEDS, "A note", by=leila)
    world.seal()
    return world


def write(world: World, part: C, content: dict[str, Any], *, replacing: int) -> None:
    case, by = world.case.pk, world.leila
    documents.write(case, part, content, by=by, replacing=replacing)


@contextmanager
def guards_down() -> Iterator[None]:
    """Whoever owns the database can switch off the triggers that guard the log."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = origin")
            return
        cursor.execute(TRIGGERS_OF_SQLITE)
        guards = cursor.fetchall()
        for name, _sql in guards:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _name, sql in guards:
            cursor.execute(sql)


def links_of(world: World) -> Any:
    return CaseLink.objects.filter(chain=compute_chain_id(world.case.pk)).order_by(
        "place"
    )


def with_record(body: str, record: str, *said: Any) -> str:
    """The text of a link, made to say something else of a record."""
    read = json.loads(body) if body else {}
    if record in read.get("state", {}).get("documents", {}):
        read["state"]["documents"][record] = [said[0], said[1].hex]
    return json.dumps(read)


def opens(world: World) -> Any:
    """Open all of the case, as its page does."""
    with transaction.atomic():
        return documents.open_documents(world.case.pk, by=world.leila, purpose="test")


def writes(world: World) -> Any:
    """Write something else; and only then open the case."""
    cases.add_note(world.case, C.NEEDS, "Something else", by=world.leila)
    return opens(world)


def writes_contact(world: World) -> Any:
    with transaction.atomic():
        write(world, C.CONTACT, {"channel": "visit"}, replacing=2)


def reads_history(world: World) -> Any:
    with transaction.atomic():
        documents.open_document_history(
            world.case.pk, C.CONTACT, by=world.leila, purpose="test"
        )


def renews(world: World) -> Any:
    """Seal a compartment anew for those who hold it."""
    with transaction.atomic():
        keys = documents.lock_compartment_keys(
            CompartmentKey.objects.filter(case=world.case.pk)
        )
        documents.renew(documents.open_locked_keys(keys, by=world.leila))


def renews_what_was_shared(world: World) -> Any:
    """Seal what was shared anew for those who hold it."""
    with transaction.atomic():
        secret = disclosures.open_secret_for_renewal(world.shared, by=world.leila)
        disclosures.renew_keys({world.shared: secret})


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


def opens_its_page(world: World) -> Any:
    """As `opens`, and with what the page shows of the case itself."""
    case = Case.objects.get(pk=world.case.pk)
    facts = shell.build_facts_reader(case)
    with transaction.atomic():
        return documents.open_documents(
            case.pk, by=world.leila, purpose="test", facts=facts
        )


def row(world: World) -> Any:
    return Consent.objects.filter(pk=world.consent.pk)
