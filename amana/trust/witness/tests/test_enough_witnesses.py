"""Two different witnesses are enough, and two signatures of one count once (P15)."""

import base64
from datetime import timedelta

import pytest
from django.utils import timezone

from amana.trust.audit import export, log_keys
from amana.trust.audit.models import Cosignature
from amana.trust.audit.offline_verifier import LogBroken, check, find_cosigners
from amana.trust.audit.offline_witness import cosign
from amana.trust.witness import asking
from amana.trust.witness.models import Finding

from .conftest import Laptop, grow
from .logs_of_others import chosen

pytestmark = pytest.mark.django_db


def test_two_different_witnesses_are_enough_and_one_twice_is_not(
    witness, laptop, administrator, coordinator
):
    checkpoint = grow(5)
    text = asking.build_request(witness, checkpoint)
    asking.keep_cosignature(
        witness, checkpoint.size, laptop.answer(text), by=administrator
    )
    second = Laptop("second.example")
    second.let_in(log_keys.get_public_key())
    assert asking.find_last_cosigned() is None

    # The same one signs again, with its key and with another under its name.
    line = cosign(laptop.private, laptop.name, checkpoint.note, 1_790_000_500)
    asking.keep_cosignature(witness, checkpoint.size, line, by=administrator)
    twin = Laptop(laptop.name)
    note = export.map_checkpoints(0, checkpoint.size)[checkpoint.size] + cosign(
        twin.private, twin.name, checkpoint.note, 1
    )
    assert len(find_cosigners(note, [laptop.key, twin.key])) == 1
    assert asking.find_last_cosigned() is None

    other_one = chosen(second, administrator, coordinator)
    answer = second.answer(asking.build_request(other_one, checkpoint))
    asking.keep_cosignature(other_one, checkpoint.size, answer, by=administrator)
    assert asking.find_last_cosigned() == checkpoint

    # An outsider, with keys noted elsewhere, finds the same.
    keys = [laptop.key, second.key]
    report = check(
        export.iterate_lines(), log_keys.get_public_key(), witnesses=keys, quorum=2
    )
    assert report.witnesses == ("laptop.example", "second.example")
    with pytest.raises(LogBroken, match="cosigned by 2 different witnesses"):
        check(
            export.iterate_lines(),
            log_keys.get_public_key(),
            witnesses=[laptop.key, twin.key],
            quorum=2,
        )


def test_a_wrong_cosignature_is_named(witness, laptop, administrator):
    checkpoint = grow(5)
    text = asking.build_request(witness, checkpoint)
    asking.keep_cosignature(
        witness, checkpoint.size, laptop.answer(text), by=administrator
    )
    line = cosign(laptop.private, laptop.name, checkpoint.note, 7)
    raw = base64.b64decode(line.split()[2])
    forged = base64.b64encode(raw[:-1] + bytes([raw[-1] ^ 1])).decode()
    Cosignature.objects.update(line=f"— {laptop.name} {forged}")

    with pytest.raises(LogBroken, match=r"cosignature of laptop.example does not fit"):
        check(
            export.iterate_lines(),
            log_keys.get_public_key(),
            witnesses=[laptop.key],
            quorum=1,
        )


def test_witnesses_that_are_silent_for_a_day_are_told_once(
    witness, auditor, monkeypatch
):
    grow(5)
    asking.notify_overdue()
    assert not Finding.objects.exists()

    later = timezone.now() + timedelta(hours=25)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert asking.find_overdue_start()
    asking.notify_overdue()
    asking.notify_overdue()

    assert [finding.what for finding in Finding.objects.all()] == ["silent"]
