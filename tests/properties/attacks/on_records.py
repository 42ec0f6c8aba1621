"""Alterations of records, keys, readers and links."""

from typing import Any

from django.db import transaction

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Case
from amana.trust.vault import documents
from amana.trust.vault.altered import Alteration
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.keys import get_current_key
from amana.trust.vault.models import (
    CaseLink,
    CompartmentKey,
    CompartmentWrap,
    DisclosureWrap,
    Document,
)

from .altering import (
    NEVER,
    World,
    attack,
    links_of,
    opens,
    opens_its_page,
    reads_history,
    renews,
    renews_what_was_shared,
    with_record,
    write,
    writes,
    writes_contact,
)


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
