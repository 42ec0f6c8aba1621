"""After a restoration every page stops, until two people have declared it (P15)."""

import pytest
from django.core import mail
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from amana import given
from amana.errors import Refused
from amana.notifications.models import Notification, NotificationTopic
from amana.trust.access.models import Role
from amana.trust.access.rules import Denied
from amana.trust.audit import anchor, checking, sealing
from amana.trust.audit.anchor import DoubtKind
from amana.trust.audit.models import AuditEvent, AuditLeaf, Checkpoint, LogStart
from amana.trust.audit.offline_verifier import RESTORED, parse_head
from amana.trust.audit.tests.cut_logs import kind_of
from amana.trust.audit.tests.test_verifying import guards_down
from amana.trust.vault import heads
from amana.trust.vault.altered import Alteration
from amana.trust.witness import gate, restorations
from amana.trust.witness.models import Finding, Restoration, RestorationStatus
from amana.ui import once
from tests.patching import replace_everywhere

from .conftest import declare, grow, propose, put_back, seal

pytestmark = pytest.mark.django_db


# --- stopped


@pytest.mark.parametrize("address", ["home:today", "cases:mine", "audit:log"])
def test_every_page_of_a_colleague_stops(restored, worker, auditor, address):
    sealing.compare_with_anchor()
    for person in (worker, auditor):
        page = given.sign_in(person).get(reverse(address))
        assert page.status_code == 503
        assert "on the server are not the newest" in page.content.decode()


def test_a_server_that_starts_with_an_older_database_shows_no_page(
    restored, worker, settings, monkeypatch
):
    settings.AUDIT_SEALS_AT_ONCE = True
    monkeypatch.setattr(gate._Started, "looked", False)
    assert anchor.read().doubt is None
    page = given.sign_in(worker).get(reverse("home:today"))
    assert page.status_code == 503


def test_a_server_that_could_not_look_at_its_start_looks_again(settings, monkeypatch):
    settings.AUDIT_SEALS_AT_ONCE = True
    monkeypatch.setattr(gate._Started, "looked", False)

    def away():
        raise OperationalError

    with monkeypatch.context() as broken:
        replace_everywhere(broken, sealing, "compare_with_anchor", away)
        with pytest.raises(OperationalError):
            gate.is_shut()
    replace_everywhere(
        monkeypatch, sealing, "compare_with_anchor", lambda: DoubtKind.CUT
    )
    assert gate.is_shut()


def test_an_act_is_stopped_before_it_is_done(restored, auditor):
    sealing.compare_with_anchor()
    page = given.sign_in(auditor).post(reverse("audit:check"), once.make_form_key())
    assert page.status_code == 503
    assert not AuditEvent.objects.filter(did="asked to check log").exists()


def test_pages_for_people_stay_open(restored):
    sealing.compare_with_anchor()
    assert Client().get(reverse("home:front")).status_code == 200


def test_what_ends_it_stays_open(restored, administrator, auditor):
    sealing.compare_with_anchor()
    for person in (administrator, auditor):
        for name in ("witness:witnesses", "witness:restoration"):
            assert given.sign_in(person).get(reverse(name)).status_code == 200


def test_those_who_answer_for_it_are_told_once_by_two_paths(
    restored, administrator, auditor, worker, django_capture_on_commit_callbacks
):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        sealing.compare_with_anchor()
        sealing.compare_with_anchor()

    assert Finding.objects.get().what == DoubtKind.CUT
    told = Notification.objects.filter(what=NotificationTopic.LOG)
    assert set(told.values_list("user", flat=True)) >= {administrator.pk, auditor.pk}
    assert worker.pk not in told.values_list("user", flat=True)
    people = {address for letter in mail.outbox for address in letter.to}
    assert {administrator.email, auditor.email} <= people
    assert worker.email not in people
    assert "log" not in mail.outbox[0].body


def test_when_the_newest_database_is_back_pages_are_shown_again(worker):
    grow(3)
    known = anchor.read()
    doubt = anchor.LogDoubt(
        DoubtKind.CUT, "2026-01-01T00:00:00+00:00", known.notes[0], 1
    )
    anchor.write(anchor.LogAnchor(known.notes, doubt))

    assert given.sign_in(worker).get(reverse("home:today")).status_code == 200
    assert anchor.read().doubt is None


# --- declared by two


def test_two_people_declare_it_and_pages_are_shown_again(
    restored, administrator, coordinator, worker
):
    sealing.compare_with_anchor()
    declare(administrator, coordinator)

    assert sealing.compare_with_anchor() is None
    assert given.sign_in(worker).get(reverse("home:today")).status_code == 200
    start = LogStart.objects.get()
    assert parse_head(start.seen) == parse_head(restored.note)
    first = AuditLeaf.objects.get(position=start.position).event
    assert (first.did, first.thing) == (
        RESTORED,
        f"checkpoint:{restored.size}:{bytes(restored.root).hex()}",
    )
    seal()
    newest = Checkpoint.objects.latest("size")
    assert parse_head(newest.note).origin == "amana.local/log/2"
    report = checking.check_whole_log()
    assert (
        f"{restored.size - start.position} entries were lost"
        in (report.restorations[0])
    )


def test_one_person_alone_declares_nothing(restored, administrator):
    sealing.compare_with_anchor()
    found = propose(administrator)

    with pytest.raises(Denied):
        restorations.confirm(found, by=administrator)
    assert kind_of(sealing.compare_with_anchor()) == DoubtKind.CUT
    assert Restoration.objects.get().status == RestorationStatus.PROPOSED


def test_two_of_one_team_are_one(restored, administrator):
    sealing.compare_with_anchor()
    beside = given.make_worker(
        of=administrator.memberships.get().team, role=Role.ADMINISTRATOR
    )
    found = propose(administrator)

    with pytest.raises(Denied):
        restorations.confirm(found, by=beside)


@pytest.mark.parametrize("who", ["worker", "auditor"])
def test_others_declare_nothing(restored, administrator, who, request):
    sealing.compare_with_anchor()
    other = request.getfixturevalue(who)
    with pytest.raises(Denied):
        propose(other)
    with pytest.raises(Denied):
        restorations.confirm(propose(administrator), by=other)
    with pytest.raises(Denied):
        restorations.withdraw(Restoration.objects.get(), by=other)


def test_without_a_doubt_there_is_nothing_to_declare(administrator):
    grow(3)
    with pytest.raises(Refused, match="log is intact"):
        propose(administrator)


def test_what_was_proposed_can_be_withdrawn_and_proposed_again(
    restored, administrator, coordinator
):
    sealing.compare_with_anchor()
    restorations.withdraw(propose(administrator), by=coordinator)
    assert propose(coordinator).status == RestorationStatus.PROPOSED


def test_a_restoration_of_before_a_restoration_begins_a_third_log(
    administrator, coordinator, auditor, worker
):
    grow(5)
    before = AuditLeaf.objects.count()
    grow(4)
    put_back(before)
    sealing.compare_with_anchor()
    declare(administrator, coordinator)
    newest = grow(6)
    second = parse_head(newest.note)
    take_back_start(before)
    sealing.compare_with_anchor()
    declare(administrator, coordinator)
    seal()

    assert second.origin == "amana.local/log/2"
    assert LogStart.objects.get().origin == "amana.local/log/3"
    assert parse_head(LogStart.objects.get().seen) == second


def take_back_start(size):
    put_back(size)
    Restoration.objects.all().delete()
    with guards_down():
        LogStart.objects.all()._raw_delete("default")


def test_the_file_is_gone_and_two_people_go_on_from_what_there_is(
    administrator, coordinator, auditor, worker
):
    newest = grow(5)
    anchor.get_path().unlink()
    assert kind_of(sealing.compare_with_anchor()) == DoubtKind.MISSING

    declare(administrator, coordinator)

    assert parse_head(LogStart.objects.get().seen) == parse_head(newest.note)
    assert sealing.compare_with_anchor() is None


def test_a_log_that_does_not_fit_its_own_checkpoint_is_not_gone_on_with(
    restored, administrator, coordinator
):
    with guards_down():
        AuditLeaf.objects.filter(position=1).update(hash=bytes(32))
    sealing.compare_with_anchor()
    found = propose(administrator)
    with pytest.raises(Refused, match="doesn’t match"):
        restorations.confirm(found, by=coordinator)


def test_a_log_whose_last_checkpoint_nobody_signed_is_not_gone_on_with(
    restored, administrator, coordinator
):
    with guards_down():
        last = Checkpoint.objects.latest("size")
        *text, line, end = last.note.split("\n")
        name, blob = line.rsplit(" ", 1)
        note = "\n".join([*text, f"{name} {blob[:8]}{'A' * (len(blob) - 8)}", end])
        assert parse_head(note) == parse_head(last.note)
        Checkpoint.objects.filter(pk=last.pk).update(note=note)
    sealing.compare_with_anchor()
    found = propose(administrator)
    with pytest.raises(Refused, match="doesn’t match"):
        restorations.confirm(found, by=coordinator)


def test_where_the_list_of_last_states_is_altered_the_page_says_what_to_restore(
    restored, administrator, coordinator, monkeypatch
):
    def altered():
        raise heads.HeadsAltered(Alteration.MAP)

    sealing.compare_with_anchor()
    found = propose(administrator)
    replace_everywhere(monkeypatch, sealing, "LAST_WORDS", [altered])
    confirm = reverse("witness:confirm", args=[found.pk])
    page = given.sign_in(coordinator).post(confirm, once.make_form_key())

    assert page.status_code == 409
    assert "Restore the whole database from a backup" in page.content.decode()
    assert not LogStart.objects.exists()
    assert kind_of(sealing.compare_with_anchor()) == DoubtKind.CUT


def test_a_restoration_put_in_the_way_by_sql_is_named(
    restored, administrator, coordinator
):
    LogStart.objects.create(
        position=sealing.get_tree_size(), origin="amana.local/log/9", seen=restored.note
    )
    sealing.compare_with_anchor()
    found = propose(administrator)
    with pytest.raises(Refused, match="that was not declared"):
        restorations.confirm(found, by=coordinator)
