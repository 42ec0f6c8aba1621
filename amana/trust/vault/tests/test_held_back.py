"""What is held back opens for its recipient from the moment of a yes, and not before.

Planted faults: `_wraps` without the layer; `_reach` that forgets `held_back`; a move to
another epoch by `held_secret`; a layer under a key that lies in the database.
"""

import random
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from amana import given
from amana.care.consent.rules import read_disclosure
from amana.errors import Refused
from amana.trust.vault import (
    crypto,
    disclosures,
    documents,
    epochs,
    handover,
    keys,
    leaving,
    server_secrets,
)
from amana.trust.vault.crypto import Unopenable, bind_place
from amana.trust.vault.models import Disclosure, DisclosureWrap, generate_uuid7
from tests.worlds import kept

pytestmark = pytest.mark.django_db

CONTENT = {"identity.name": "Hope", "needs.words": "A bed"}


@kept
def sender():
    return given.make_worker()


@kept
def recipient():
    return given.make_worker()


@kept
def colleague(recipient):
    return given.make_worker(of=team_of(recipient))


@kept
def case(sender):
    return given.make_case_keys(of=team_of(sender))


@kept
def held(sender, recipient, case):
    return disclosures.make_disclosure(
        CONTENT,
        consent=generate_uuid7(),
        case=case,
        sender=team_of(sender),
        recipient=team_of(recipient),
        purpose="referral",
        expires_at=timezone.now() + timedelta(days=1),
        by=sender,
        held_back=True,
    )


def team_of(worker):
    return worker.memberships.get().team


def now(disclosure):
    return Disclosure.objects.get(pk=disclosure.pk)


def reads(disclosure, worker):
    found = now(disclosure)
    try:
        return disclosures.open_disclosure(found, by=worker, purpose="test") == CONTENT
    except Refused:
        return False


def opens_by_force(disclosure, worker):
    """Whoever holds a copy of the database and the keys of one of its members."""
    found = now(disclosure)
    ring = keys.get_keyring(worker)
    ring.forget_teams()
    place = disclosures.list_place_parts(found)
    opened = False
    for wrap in DisclosureWrap.objects.filter(disclosure=found):
        pairs = [*ring.teams.values(), ring.person]
        for pair in pairs:
            for at in (
                bind_place(*place, wrap.holder),
                bind_place("layer", *place, wrap.holder),
            ):
                for attempt in (
                    lambda p=pair, w=wrap, a=at: p.open(bytes(w.sealed), at=a),
                    lambda p=pair, w=wrap, a=at: crypto.unseal(
                        p.symmetric, bytes(w.sealed), at=a
                    ),
                ):
                    try:
                        disclosures.read(found, attempt())
                    except Unopenable:
                        continue
                    opened = True
    return opened


def opens_with_the_pepper_alone(disclosure):
    found = now(disclosure)
    place = disclosures.list_place_parts(found)
    for wrap in DisclosureWrap.objects.filter(disclosure=found):
        for inside in (bytes(wrap.sealed), _peeled(wrap, place)):
            try:
                disclosures.read(found, inside)
            except (Unopenable, ValueError):
                continue
            return True
    return False


def _peeled(wrap, place):
    try:
        return server_secrets.remove_layer(bytes(wrap.sealed), *place, wrap.holder)
    except Unopenable:
        return b""


def test_before_a_yes_the_recipient_opens_it_by_no_way(held, sender, recipient):
    assert reads(held, sender)
    assert not reads(held, recipient)  # nor does the sender's look give it
    assert not opens_by_force(held, recipient)
    assert not opens_with_the_pepper_alone(held)
    assert not read_disclosure.permits(recipient, held)
    with pytest.raises(Refused):
        disclosures.open_letters(held, by=recipient, purpose="test")
    with pytest.raises(Refused):
        disclosures.write_letter(held, "note", {"text": "x"}, by=recipient)
    with pytest.raises(Refused, match="has not accepted yet"):
        handover.offer(held, by=sender)


def test_with_the_yes_the_recipient_reads_exactly_that(held, sender, recipient):
    disclosures.write_letter(held, "conditions", {"words": "No calls"}, by=sender)
    disclosures.release(held.pk)

    assert reads(held, recipient)
    assert opens_by_force(held, recipient)
    assert read_disclosure.permits(recipient, now(held))
    letters = disclosures.open_letters(now(held), by=recipient, purpose="test")
    assert letters[0][1] == {"words": "No calls"}
    disclosures.release(held.pk)  # twice does no harm
    assert reads(held, recipient)


def test_the_layer_needs_the_pepper_it_was_put_on_with(held, recipient):
    with override_settings(VAULT_PEPPERS=["another"]):
        with pytest.raises(Refused, match="Call the sender"):
            disclosures.release(held.pk)
        assert now(held).held_back
    with override_settings(VAULT_PEPPERS=["another", *settings.VAULT_PEPPERS]):
        disclosures.release(held.pk)
    assert reads(held, recipient)


def renew_keys(team, by):
    new = epochs.begin_epoch(team, by=by)
    while not leaving.rewrap_some(new, by=by).is_complete:
        pass


def test_new_keys_of_either_team_keep_it_held_back(held, sender, recipient, colleague):
    for member in (recipient, sender):
        team = team_of(member)
        renew_keys(team, member)
        for reader in (recipient, colleague):
            assert not reads(held, reader)
            assert not opens_by_force(held, reader)
    assert reads(held, sender)
    disclosures.release(held.pk)
    assert reads(held, recipient)
    assert reads(held, colleague)


def test_in_any_order_of_what_else_happens_it_stays_held_back(
    held, sender, recipient, colleague, case
):
    """Keys renewed, prolonged, written to, moved with its case, exposed: at random."""
    draw = random.Random(9)
    until = timezone.now() + timedelta(days=2)
    acts = {
        "theirs": lambda: renew_keys(team_of(recipient), recipient),
        "ours": lambda: renew_keys(team_of(sender), sender),
        "prolong": lambda: disclosures.extend_disclosures(
            consent=held.consent, until=until, by=sender
        ),
        "letter": lambda: disclosures.write_letter(
            now(held), "note", {"text": "at eight"}, by=sender
        ),
        "exposed": lambda: Disclosure.objects.update(exposed_at=timezone.now()),
        "shared": lambda: documents.share_case(case, by=sender, people=[sender]),
        "moved": lambda: documents.share_case(
            case, by=sender, team=team_of(sender), exclusively=True
        ),
        "offered": lambda: documents.share_case(
            case, by=sender, team=team_of(recipient)
        ),
        "looked at": lambda: reads(held, sender),
    }
    for _turn in range(24):
        acts[draw.choice(sorted(acts))]()
        for reader in (recipient, colleague):
            assert not reads(held, reader)
            assert not opens_by_force(held, reader)
        assert reads(held, sender)
    disclosures.release(held.pk)
    assert reads(held, recipient)


def test_what_was_never_released_is_destroyed_and_only_that(held, sender, recipient):
    shared = disclosures.make_disclosure(
        CONTENT,
        consent=generate_uuid7(),
        case=given.make_case_keys(of=team_of(sender)),
        sender=team_of(sender),
        recipient=team_of(recipient),
        purpose="referral",
        expires_at=timezone.now() + timedelta(days=1),
        by=sender,
    )
    assert disclosures.destroy_held_back([held.pk, shared.pk]) == 1
    assert list(Disclosure.objects.all()) == [shared]
    with pytest.raises(Refused, match="has been deleted"):
        disclosures.release(held.pk)
