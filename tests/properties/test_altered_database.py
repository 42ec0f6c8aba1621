"""Someone writes in the database and holds no key: what they alter is named, and not
obeyed (P06, P20).

Each alteration is a small function with a name; beside it stands what a colleague then
does, and what Amana has to say was altered. Each is tried twice: before the log was
sealed, and after.

    pytest tests/properties/test_altered_database.py
    python -m tools.postgres pytest tests/properties/test_altered_database.py
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases import signed_case as shell
from amana.care.cases.models import Case, Need
from amana.care.consent import actions as consents
from amana.care.consent import ledger, payload, valid_consents
from amana.care.consent.models import Consent
from amana.errors import Refused
from amana.trust.access.models import Role, Team, User
from amana.trust.audit import log_keys, sealing
from amana.trust.audit.models import (
    AuditEvent,
    AuditLeaf,
    AuditNode,
    AuditPending,
    Checkpoint,
)
from amana.trust.vault import disclosures, documents, heads, manifest
from amana.trust.vault.altered import Alteration, Tampered
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.keys import get_current_key, get_keyring
from amana.trust.vault.manifest import compute_chain_id
from amana.trust.vault.models import (
    CaseHead,
    CaseLink,
    CompartmentKey,
    CompartmentWrap,
    Disclosure,
    DisclosureWrap,
    Document,
    HeadMap,
    generate_uuid7,
)
from conftest import TRIGGERS_OF_SQLITE
from tests.patching import patched

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


# --- what a colleague does then


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


@attack(renews_what_was_shared, Alteration.HOLDERS)
def reader_added(world: World) -> None:
    """A row for strangers among those who hold what was shared: it opens nothing yet,
    and is sealed to in earnest with the next key."""
    key = get_current_key(given.make_worker().memberships.get().team)
    row = DisclosureWrap(disclosure=world.shared, team_key=key, sealed=b"nothing")
    row.save(force_insert=True)


@attack(renews, Alteration.HOLDERS)
def holder_added(world: World) -> None:
    stranger = given.make_worker()
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


# --- whose the case is, and who may see it


def opens_its_page(world: World) -> Any:
    """As `opens`, and with what the page shows of the case itself."""
    case = Case.objects.get(pk=world.case.pk)
    facts = shell.build_facts_reader(case)
    with transaction.atomic():
        return documents.open_documents(
            case.pk, by=world.leila, purpose="test", facts=facts
        )


def lifts_restriction(world: World) -> Any:
    with transaction.atomic():
        cases.lift_restriction(world.fresh(), by=world.leila)


@attack([opens_its_page, lifts_restriction], Alteration.CASE)
def restriction_taken_away(world: World) -> None:
    cases.restrict(world.fresh(), people=[world.leila], by=world.leila)
    world.seal()
    Case.objects.filter(pk=world.case.pk).update(restricted=False)


@attack(opens_its_page, Alteration.CASE)
def case_moved_to_another_team(world: World) -> None:
    Case.objects.filter(pk=world.case.pk).update(team=given.make_team())


# --- what she agreed to


def shares(world: World) -> Any:
    """Share under the consent to the clinic; nothing may have gone out if it stops."""
    before = Disclosure.objects.count()
    try:
        with transaction.atomic():
            consent = Consent.objects.get(pk=world.consent.pk)
            return consents.disclose(consent, by=world.leila)
    finally:
        world.went_out = Disclosure.objects.count() - before


def shows_the_ledger(world: World) -> Any:
    return ledger.list_consents(Case.objects.get(pk=world.case.pk))


def asks_whether_it_stands(world: World) -> Any:
    assert world.consent.need_id
    need = Need.objects.select_related("case").get(pk=world.consent.need_id)
    return valid_consents.find_standing(need, [world.clinic], by=world.leila)


def prolongs(world: World) -> Any:
    consent = Consent.objects.get(pk=world.consent.pk)
    with transaction.atomic():
        consents.prolong(
            consent,
            expires_at=timezone.now() + timedelta(days=100),
            language="ar",
            mode=Consent.Mode.SPOKEN,
            given_by=Consent.GivenBy.PERSON,
            interpreter=False,
            understood=True,
            by=world.leila,
        )


USES = [shares, shows_the_ledger, asks_whether_it_stands, prolongs]


def row(world: World) -> Any:
    return Consent.objects.filter(pk=world.consent.pk)


@attack(USES, Alteration.CONSENT)
def consent_widened(world: World) -> None:
    row(world).update(fields=["identity.name", "contact.channel", "contact.never"])


@attack([shares, shows_the_ledger, prolongs], Alteration.CONSENT)
def consent_given_to_another_team(world: World) -> None:
    row(world).update(recipient=world.police)


@attack(USES, Alteration.CONSENT)
def consent_made_longer(world: World) -> None:
    row(world).update(expires_at=timezone.now() + timedelta(days=1500))


@attack([shares, shows_the_ledger, prolongs], Alteration.CONSENT)
def consent_moved_to_another_purpose(world: World) -> None:
    row(world).update(purpose=Consent.Purpose.JUSTICE)


@attack([shares, shows_the_ledger], Alteration.CONSENT)
def letters_added_to_a_consent(world: World) -> None:
    row(world).update(along=["note", "handover", "conditions"])


@attack([shares, shows_the_ledger], Alteration.CONSENT)
def conditions_of_a_consent_dropped(world: World) -> None:
    row(world).update(has_conditions=True)


def finds_a_guardian_suspect(world: World) -> Any:
    """Write that a guardian is under suspicion: who answered is looked at again."""
    suspected = {"guardian_suspect": "yes"}
    cases.rewrite(world.fresh(), C.IDENTITY, suspected, replacing=1, by=world.leila)


@attack([shares, asks_whether_it_stands, finds_a_guardian_suspect], Alteration.CONTENT)
def answer_put_in_place_of_another(world: World) -> None:
    other = given.make_consent(
        world.fresh(), to=world.police, by=world.leila, fields=["identity.name"]
    )
    world.seal()
    theirs = world.documents(C.CONTACT, other.document).get()
    mine = world.documents(C.CONTACT, world.consent.document)
    mine.update(sealed=theirs.sealed)


@attack([shares, asks_whether_it_stands, finds_a_guardian_suspect], Alteration.MISSING)
def answer_removed(world: World) -> None:
    world.documents(C.CONTACT, world.consent.document).delete()


@attack([shows_the_ledger], Alteration.CONSENT)
def consent_invented(world: World) -> None:
    made = row(world).get()
    made.pk, made.recipient = generate_uuid7(), world.police
    made.save(force_insert=True)


@attack([shares, shows_the_ledger], Alteration.CONSENT)
def refusal_turned_into_a_yes(world: World) -> None:
    no = consents.refuse(
        world.fresh(),
        recipient=world.police,
        purpose=Consent.Purpose.JUSTICE,
        language="ar",
        by=world.leila,
    )
    world.seal()
    Consent.objects.filter(pk=no.pk).update(
        status="given",
        understood=True,
        fields=["identity.name"],
        expires_at=timezone.now() + timedelta(days=9),
    )
    world.consent = no


@attack([shares, shows_the_ledger], Alteration.CONSENT)
def withdrawal_taken_back(world: World) -> None:
    consents.withdraw(row(world).get(), by=world.huda)
    world.seal()
    row(world).update(status="given", ended_at=None)


@attack([shares, shows_the_ledger], Alteration.CONSENT)
def expiry_taken_back(world: World) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        consents.expire_lapsed()
    world.seal()
    row(world).update(status="given", ended_at=None)


@attack([shares, shows_the_ledger], Alteration.HISTORY, Alteration.CONSENT)
def withdrawal_taken_back_with_its_link(world: World) -> None:
    """Before the log has the link, the row of the copies is what is left of it."""
    consents.withdraw(row(world).get(), by=world.huda)
    world.seal()
    row(world).update(status="given", ended_at=None, fields=["identity.name"])
    links_of(world).last().delete()


@attack(shares, Alteration.CONTENT, Alteration.CONSENT)
def words_that_were_heard_exchanged(world: World) -> None:
    other = given.make_consent(
        world.case,
        to=world.police,
        by=world.leila,
        fields=["identity.name"],
        need=None,
        purpose=Consent.Purpose.JUSTICE,
    )
    theirs = world.documents(C.CONTACT, other.document).get()
    mine = world.documents(C.CONTACT, world.consent.document)
    mine.update(sealed=theirs.sealed)


# --- what was shared


def recipient_reads(world: World) -> Any:
    found = Disclosure.objects.get(pk=world.shared.pk)
    with transaction.atomic():
        return disclosures.open_disclosure(found, by=world.nurse, purpose="test")


@attack(recipient_reads, Alteration.CONSENT)
def withdrawn_copy_put_back(world: World) -> None:
    """Its rows, keys and all, as they were before she withdrew."""
    rows = [*Disclosure.objects.filter(pk=world.shared.pk)]
    wraps = [*DisclosureWrap.objects.filter(disclosure=world.shared)]
    consents.withdraw(row(world).get(), by=world.huda)
    world.seal()
    Disclosure.objects.bulk_create(rows)
    DisclosureWrap.objects.bulk_create(wraps)


@attack(recipient_reads, Alteration.CONSENT)
def declined_copy_put_back(world: World) -> None:
    wraps = [*DisclosureWrap.objects.filter(disclosure=world.shared)]
    disclosures.take_back(world.shared.pk)
    world.seal()
    Disclosure.objects.update(taken_back_at=None, exposed_at=None)
    DisclosureWrap.objects.bulk_create(wraps, ignore_conflicts=True)


@attack(recipient_reads, Alteration.CONTENT)
def copy_made_to_last_longer(world: World) -> None:
    later = timezone.now() + timedelta(days=900)
    Disclosure.objects.filter(pk=world.shared.pk).update(expires_at=later)


# --- old rows with their old manifest

ROWS = [Document, CompartmentWrap, CompartmentKey, Consent, Disclosure, CaseLink]
MAP = [CaseHead, HeadMap]
LOG = [Checkpoint, AuditLeaf, AuditNode, AuditPending, AuditEvent]


def snapshot(models: Iterable[Any]) -> dict[Any, list[Any]]:
    return {model: list(model._base_manager.all()) for model in models}


def put_back(kept: dict[Any, list[Any]]) -> None:
    """Whatever guards the database has, they who own it can take down."""
    with guards_down():
        for model in reversed(kept):
            model._base_manager.all()._raw_delete("default")
        for model, rows in kept.items():
            model._base_manager.bulk_create(rows)


def yesterday(world: World, models: Iterable[Any]) -> None:
    """Let the colleague write something that matters, and put back what was before."""
    sealing.seal_all()
    kept = snapshot(models)
    cases.add_note(world.case, C.CONTACT, NEVER, by=world.leila)
    sealing.seal_all()
    put_back(kept)


@attack(opens, Alteration.HISTORY)
def old_rows_with_their_old_manifest(world: World) -> None:
    yesterday(world, ROWS)


@attack(opens, Alteration.MAP)
def and_their_old_heads(world: World) -> None:
    yesterday(world, [*ROWS, CaseHead])


@attack(opens, Alteration.MAP)
def and_the_whole_old_map(world: World) -> None:
    yesterday(world, [*ROWS, *MAP])
    heads._proved.cache_clear()  # another process


@attack(opens, Alteration.LOG, Alteration.MAP)
def and_the_last_event_made_to_name_it(world: World) -> None:
    yesterday(world, [*ROWS, *MAP])
    heads._proved.cache_clear()
    tops = bytes(HeadMap.objects.get().tops)
    with guards_down():
        last = AuditEvent.objects.filter(did=heads.DID).latest("pk")
        AuditEvent.objects.filter(pk=last.pk).update(thing=heads.format_map_name(tops))


@attack(opens, Alteration.LOG)
def and_a_checkpoint_that_the_log_did_not_sign(world: World) -> None:
    """All right, but that another key has signed it."""
    sealing.seal_all()
    theirs = Ed25519PrivateKey.generate()
    newest = Checkpoint.objects.order_by("-size")[0]
    with guards_down(), mock.patch.object(log_keys, "_private", return_value=theirs):
        note = log_keys.sign_checkpoint(
            sealing.get_origin(), newest.size, bytes(newest.root)
        )
        Checkpoint.objects.filter(pk=newest.pk).update(note=note)
    heads._proved.cache_clear()


@attack(opens, Alteration.LOG, Alteration.MAP)
def log_cut_back_to_an_older_checkpoint(world: World) -> None:
    sealing.seal_all()
    cases.add_note(world.case, C.CONTACT, NEVER, by=world.leila)
    sealing.seal_all()
    with guards_down():
        Checkpoint.objects.order_by("-size")[0].delete()
    heads._proved.cache_clear()


@attack(opens, Alteration.LOG, Alteration.MAP)
def checkpoints_deleted(world: World) -> None:
    sealing.seal_all()
    with guards_down():
        Checkpoint.objects.all().delete()


@attack(opens, Alteration.MAP)
def head_moved_back(world: World) -> None:
    sealing.seal_all()
    links = links_of(world)
    first = links.first()
    CaseHead.objects.filter(pk=first.chain).update(place=0, hash=first.hash)


@attack(opens, Alteration.MAP)
def head_deleted(world: World) -> None:
    sealing.seal_all()
    CaseHead.objects.filter(pk=compute_chain_id(world.case.pk)).delete()


@attack([opens, opens_its_page], Alteration.MAP, Alteration.HISTORY)
def case_made_to_look_unsealed(world: World) -> None:
    """Its links, its head and its flags as before the log had it."""
    sealing.seal_all()
    CaseHead.objects.filter(pk=compute_chain_id(world.case.pk)).delete()
    links_of(world).update(taken_in=False)


@attack(opens, Alteration.HISTORY)
def link_put_in_by_someone_without_a_key(world: World) -> None:
    """A link of their own, right in all but the signature."""
    last = links_of(world).last()
    made = CaseLink(
        chain=last.chain,
        place=last.place + 1,
        before=last.hash,
        kind="forgets",
        body=json.dumps({"what": "contact/record", "salt": ""}),
        signer="log",
        signature=b"0" * 64,
    )
    made.hash = manifest.compute_link_hash(last.chain, made)
    made.save(force_insert=True)
    world.documents(C.CONTACT).delete()


@attack(opens, Alteration.HISTORY)
def link_signed_by_someone_who_holds_nothing(world: World) -> None:
    """By a colleague of another team, who sold their key."""
    sold = given.make_worker()
    record_deleted(world)
    state = manifest.load_states([world.case.pk])[world.case.pk]
    state.forget("contact", "record")
    signs(sold, world, CaseLink.Kind.STATE, {"state": asdict(state)})


def signs(
    sold: User, world: World, kind: str, body: dict[str, Any] | str, **other: Any
) -> CaseLink:
    """Someone's key, sold, signs a link where Amana would not."""
    last = links_of(world).last()
    ring = get_keyring(sold)
    said = {
        "chain": last.chain,
        "place": last.place + 1,
        "before": last.hash,
        "kind": kind,
        "body": body if isinstance(body, str) else json.dumps(body),
        "signer": f"key:{ring.person_key_id}",
    }
    made = CaseLink(**said | other)
    made.hash = manifest.compute_link_hash(last.chain, made)
    made.signature = ring.signing.sign(made.hash, purpose=manifest.PURPOSE)
    made.save(force_insert=True)
    return made


@attack(opens, Alteration.HISTORY)
def record_forgotten_by_someone_who_holds_nothing(world: World) -> None:
    record_deleted(world)
    signs(given.make_worker(), world, "forgets", {"what": "contact/record"})


@attack([opens, writes], Alteration.HISTORY)
def link_of_a_signer_that_no_one_could_be(world: World) -> None:
    signs(world.huda, world, "ends", {"what": "x"}, signer="x")


@attack(opens, Alteration.HISTORY)
def link_that_is_no_json(world: World) -> None:
    signs(world.huda, world, "ends", "{")


@attack(opens, Alteration.HISTORY)
def link_that_says_nothing(world: World) -> None:
    signs(world.huda, world, "ends", {})


@attack(opens, Alteration.HISTORY)
def link_that_is_nested_without_end(world: World) -> None:
    signs(world.huda, world, "ends", "[" * 200_000)


@attack(opens, Alteration.HISTORY)
def state_of_no_shape(world: World) -> None:
    state = {"holders": 5, "documents": {}, "facts": {}, "erased": False}
    signs(world.huda, world, "state", {"state": state})


@attack(opens, Alteration.HISTORY, Alteration.MAP, Alteration.LOG)
def countersignature_won_for_a_state_of_ones_own(world: World) -> None:
    """The log is led to sign the hash of a state that no holder signed: it lies in the
    row of an old link, of someone who is about to lose their keys."""
    sealing.seal_all()
    state = manifest.load_states([world.case.pk])[world.case.pk]
    cases.add_note(world.case, C.NEEDS, "later", by=world.leila)
    sealing.seal_all()
    record_deleted(world)
    state.forget("contact", "record")
    last = links_of(world).last()
    thief = CaseLink(
        chain=last.chain,
        place=last.place + 1,
        before=last.hash,
        kind="state",
        body=json.dumps({"state": asdict(state)}),
        signer="key:1",
        signature=b"0" * 64,
    )
    thief.hash = manifest.compute_link_hash(last.chain, thief)
    old = links_of(world).first()
    mine = f"key:{get_keyring(world.huda).person_key_id}"
    links_of(world).filter(pk=old.pk).update(
        hash=thief.hash, signer=mine, taken_in=False
    )
    manifest.countersign(world.huda)
    won = links_of(world).get(pk=old.pk).countersignature
    thief.countersignature = won
    thief.save(force_insert=True)


@attack(opens, Alteration.HISTORY)
def link_put_in_while_the_log_takes_in(world: World) -> None:
    """Between the check of what waits and the taking in, as others commit meanwhile."""
    cases.add_note(world.case, C.NEEDS, "later", by=world.leila)
    checked = manifest.countersigning._right_ones

    def and_then(chains: set[UUID]) -> Any:
        right = checked(chains)
        record_deleted(world)
        state = manifest.load_states([world.case.pk])[world.case.pk]
        state.forget("contact", "record")
        signs(given.make_worker(), world, "state", {"state": asdict(state)})
        return right

    with patched(manifest, "_right_ones", and_then):
        sealing.seal_all()


@attack(opens_its_page, Alteration.HISTORY)
def case_of_their_own_invention(world: World) -> None:
    made = Case.objects.get(pk=world.case.pk)
    made.pk, made.reference = generate_uuid7(), "XX-INVENT"
    made.save(force_insert=True)
    world.case = made


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
    assert world.went_out == 0


def test_what_a_row_says_of_a_need_lets_nobody_hear_of_it(world: World) -> None:
    """By its group lists are filtered; who may hear of it follows from what is sealed,
    and so does what the recipient is told (P07)."""
    need = cases.raise_need(world.case, type="HE5", urgency="U1", by=world.leila)
    other = cases.raise_need(world.case, type="BA1", urgency="U1", by=world.leila)
    Need.objects.filter(pk=need.pk).update(group="BA")
    Need.objects.filter(pk=other.pk).update(group="HE")

    def agrees(about: Need) -> Consent:
        fresh = Need.objects.select_related("case").get(pk=about.pk)
        fields = ["identity.name"]
        return given.make_consent(
            world.case, to=world.clinic, by=world.leila, need=fresh, fields=fields
        )

    with pytest.raises(Refused, match="is about health"):
        agrees(need)
    shared = consents.disclose(agrees(other), by=world.leila)
    told = disclosures.open_disclosure(shared, by=world.nurse, purpose="test")
    assert payload.read_help_asked(told) == "BA1"


def test_without_an_alteration_nothing_stops(world: World) -> None:
    acts = dict.fromkeys(planted.then for planted in ATTACKS)
    for act in acts:
        act(world)
    assert opens(world)[C.CONTACT, "record"].content


def test_the_map_is_never_made_from_heads_that_it_denies() -> None:
    """A head beside the one that moves, in its bucket, was altered meanwhile."""
    a_world(sealed=False)
    one, other = UUID(int=1), UUID(int=2)
    head = heads.ChainHead(5, b"5" * 32)
    with patched(manifest, "_take_in", lambda *_args: [(one, head)]):
        sealing.seal_all()
    CaseHead.objects.filter(pk=one).update(place=4)

    with (
        patched(manifest, "_take_in", lambda *_args: [(other, head)]),
        pytest.raises(heads.HeadsAltered),
    ):
        manifest.record_last_states()
    CaseHead.objects.filter(pk=one).update(place=5)
    with patched(manifest, "_take_in", lambda *_args: [(other, head)]):
        assert manifest.record_last_states()


def test_a_link_that_would_not_be_believed_is_not_saved() -> None:
    world = a_world(sealed=True)
    before = links_of(world).count()

    with (
        pytest.raises(Refused),
        manifest.change_case(world.case.pk, by=given.make_worker()) as state,
    ):
        state.forget("contact", "record")

    assert links_of(world).count() == before
    assert opens(world)


def test_what_someone_ends_whom_the_roster_does_not_know_the_log_signs() -> None:
    world = a_world(sealed=True)
    newcomer = given.make_worker()
    with patched(manifest, "find_link_signers", lambda *_args, **_more: {}):
        manifest.narrow(world.case.pk, CaseLink.Kind.ENDS, "x", by=newcomer)

    assert links_of(world).last().signer == manifest.LOG
    assert opens(world)


def test_the_page_stops_and_two_people_are_told(
    mailoutbox, django_capture_on_commit_callbacks
):
    world = a_world(sealed=True)
    officers = [given.make_worker(role=Role.DATA_PROTECTION_OFFICER) for _two in "ab"]
    browser = given.sign_in(world.leila)
    older_revision_put_back(world)

    with django_capture_on_commit_callbacks(execute=True):
        page = browser.get(f"/cases/{world.case.pk}/")

    text = page.content.decode()
    assert page.status_code == 409
    assert "An older version of a record was restored" in text
    assert officers[0].name in text
    assert NEVER not in text
    told = {address for mail in mailoutbox for address in mail.to}
    assert told == {officer.email for officer in officers}
    assert str(world.case.pk) not in "".join(m.subject + m.body for m in mailoutbox)
    event = AuditEvent.objects.get(did="found altered records")
    assert (event.actor, event.case) == (world.leila.actor_id, world.case.pk)
    alarms = given.sign_in(officers[1]).get("/alarms/")
    assert "An older version of a record was restored" in alarms.content.decode()
