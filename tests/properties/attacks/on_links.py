"""Links put in by a person without a key, or by one who sold it."""

import json
from dataclasses import asdict
from typing import Any
from uuid import UUID

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Case
from amana.trust.access.models import User
from amana.trust.audit import sealing
from amana.trust.vault import manifest
from amana.trust.vault.altered import Alteration
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.keys import get_keyring
from amana.trust.vault.models import CaseLink, generate_uuid7
from tests.patching import patched

from .altering import World, attack, links_of, opens, opens_its_page, writes
from .on_records import record_deleted


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
