"""An outsider reads a restoration in the log, and an operator what is left to do
(P15)."""

import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from amana import given
from amana.trust.audit import export, log_keys, log_restart, sealing
from amana.trust.audit.offline_verifier import (
    LogBroken,
    SeenCheckpoint,
    check,
    parse_head,
)
from amana.trust.witness.models import Restoration, RestorationStatus
from amana.ui import once

from .conftest import declare, grow

pytestmark = pytest.mark.django_db


# --- checked by outsiders


def lines_after(administrator, coordinator):
    sealing.compare_with_anchor()
    declare(administrator, coordinator)
    grow(3)
    return list(export.iterate_lines())


def test_an_outsider_reads_the_restoration(restored, administrator, coordinator):
    lines = lines_after(administrator, coordinator)
    report = check(lines, log_keys.get_public_key(), kept=[parse_head(restored.note)])
    assert len(report.restorations) == 1


def test_a_restoration_that_does_not_name_the_last_checkpoint_is_named(
    restored, administrator, coordinator
):
    """Two people declared an older one: whoever kept a newer one sees it."""
    lines = lines_after(administrator, coordinator)
    newer = SeenCheckpoint(log_keys.get_public_key().name, restored.size + 3, bytes(32))
    with pytest.raises(
        LogBroken, match="does not name the last checkpoint: it names one"
    ):
        check(lines, log_keys.get_public_key(), kept=[newer])


def test_a_restoration_whose_entry_names_another_checkpoint_is_named(
    restored, administrator, coordinator
):
    lines = lines_after(administrator, coordinator)
    at = next(n for n, line in enumerate(lines) if line.startswith("restoration"))
    said = json.loads(lines[at].partition(" ")[2])
    said["seen"] = log_keys.sign_checkpoint(
        log_keys.get_public_key().name, restored.size + 1, bytes(32)
    )
    lines[at] = f"restoration {json.dumps(said)}"
    with pytest.raises(LogBroken, match="does not name the last checkpoint, though"):
        check(lines, log_keys.get_public_key())


def test_a_restoration_left_out_is_named(restored, administrator, coordinator):
    lines = lines_after(administrator, coordinator)
    without = [line for line in lines if not line.startswith("restoration")]
    with pytest.raises(LogBroken, match="not by the given key"):
        check(without, log_keys.get_public_key())


def test_a_log_cut_back_to_before_is_named_to_whoever_kept_a_checkpoint(restored):
    with pytest.raises(LogBroken, match="cut back"):
        check(
            export.iterate_lines(),
            log_keys.get_public_key(),
            kept=[parse_head(restored.note)],
        )


# --- the operator


def test_one_command_says_what_is_left_to_do(restored, administrator, capsys):
    call_command("after_restore")
    said = capsys.readouterr().out

    assert "1. Erased again: 0 cases" in said
    assert "2. The clock: correct" in said
    assert f"{restored.size} were signed" in said
    assert "/witness/restoration" in said


# --- pages


def test_the_pages_lead_two_people_through(restored, administrator, coordinator):
    sealing.compare_with_anchor()
    first, second = given.sign_in(administrator), given.sign_in(coordinator)
    said = {"reason": "failure", "words": "A disk failed."} | once.make_form_key()
    assert first.post(reverse("witness:propose"), said).status_code == 302
    page = first.get(reverse("witness:restoration")).content.decode()
    assert "Confirm the restoration" not in page
    found = Restoration.objects.get()
    page = second.get(reverse("witness:restoration")).content.decode()
    assert "Confirm the restoration" in page
    confirm = reverse("witness:confirm", args=[found.pk])
    assert first.post(confirm, once.make_form_key()).status_code == 404
    assert second.post(confirm, once.make_form_key()).status_code == 302
    assert Restoration.objects.get().status == RestorationStatus.DECLARED


def test_an_empty_form_is_shown_again(restored, administrator):
    sealing.compare_with_anchor()
    page = given.sign_in(administrator).post(
        reverse("witness:propose"), once.make_form_key()
    )
    assert page.status_code == 422


def test_the_last_checkpoint_is_the_newest_that_is_known_of(restored):
    assert log_restart.find_last_seen() == restored.note
