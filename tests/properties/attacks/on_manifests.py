"""Old rows put back with their old manifest, heads, map and log."""

from collections.abc import Iterable
from typing import Any
from unittest import mock

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from amana.care.cases import actions as cases
from amana.care.consent.models import Consent
from amana.trust.audit import log_keys, sealing
from amana.trust.audit.models import (
    AuditEvent,
    AuditLeaf,
    AuditNode,
    AuditPending,
    Checkpoint,
)
from amana.trust.vault import heads
from amana.trust.vault.altered import Alteration
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.manifest import compute_chain_id
from amana.trust.vault.models import (
    CaseHead,
    CaseLink,
    CompartmentKey,
    CompartmentWrap,
    Disclosure,
    Document,
    HeadMap,
)

from .altering import NEVER, World, attack, guards_down, links_of, opens, opens_its_page

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
