"""A practice installation is opened, shared, closed and forgotten."""

import fcntl
import shutil
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from amana import given
from amana.academy.assessment.models import HandIn
from amana.academy.courses.models import Enrolment
from amana.academy.installations import actions, handing_in, rules
from amana.academy.installations.engine.findings import CheckResult, build_finding
from amana.academy.installations.engine.mechanism_checks import NO_DRAFT
from amana.academy.installations.models import (
    KIND,
    MachineCheck,
    PracticeInstallation,
    PracticePlace,
)
from amana.academy.installations.work_checking import CheckedWork
from amana.academy.sandboxes import processes
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent


def test_it_is_opened_once_and_readable_by_its_own_user_alone(
    place: PracticePlace, enrolment: Enrolment, learner: User
) -> None:
    folder = place.installation.folder
    assert folder.path.stat().st_mode & 0o777 == 0o700
    assert (folder.mechanism / "mechanism.yaml").exists()
    assert not folder.scenario.exists()
    with pytest.raises(Refused, match="already have"):
        actions.open_installation(enrolment, by=learner)
    with pytest.raises(Denied):
        actions.open_installation(enrolment, by=given.make_worker())


def test_a_server_keeps_so_many_and_needs_room(
    enrolment: Enrolment, learner: User, var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_KEPT", 0)
    with pytest.raises(Refused, match="keeps 0 practice installations at most"):
        actions.open_installation(enrolment, by=learner)
    monkeypatch.undo()
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(9, 9, 9))
    with pytest.raises(Refused, match="nearly full"):
        actions.open_installation(enrolment, by=learner)
    assert not PracticeInstallation.objects.exists()
    assert var.is_dir()


def test_a_group_joins_by_its_code(
    place: PracticePlace,
    colleagues_enrolment: Enrolment,
    colleague: User,
    learner: User,
) -> None:
    with pytest.raises(Refused, match="No practice installation"):
        actions.join_installation(colleagues_enrolment, "wrong", by=colleague)
    code = place.installation.joining_code.upper()
    joined = actions.join_installation(colleagues_enrolment, code, by=colleague)
    assert (joined.account, place.account) == ("learner-2", "learner-1")
    for person in (learner, colleague):
        assert rules.practise.permits(person, place.installation)
    assert rules.close_installation.permits(learner, place.installation)
    assert not rules.close_installation.permits(colleague, place.installation)
    with pytest.raises(Denied):
        actions.close(place.installation, by=colleague)
    with pytest.raises(Refused, match="opened it"):
        actions.leave(place, by=learner)
    actions.leave(joined, by=colleague)
    assert not rules.practise.permits(colleague, place.installation)


def test_at_most_six_practise_in_one(
    place: PracticePlace,
    colleagues_enrolment: Enrolment,
    colleague: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "MOST_LEARNERS", 1)
    with pytest.raises(Refused, match="At most 1 people"):
        actions.join_installation(
            colleagues_enrolment, place.installation.joining_code, by=colleague
        )


def test_strangers_see_none(place: PracticePlace) -> None:
    stranger = given.make_worker()
    assert not rules.practise.permits(stranger, place.installation)
    assert not rules.practise.among(PracticeInstallation.objects.all(), stranger)


def test_what_is_closed_is_gone_and_another_can_be_opened(
    place: PracticePlace, enrolment: Enrolment, learner: User
) -> None:
    path = place.installation.folder.path
    actions.close(place.installation, by=learner)
    assert not path.exists()
    assert not rules.practise.permits(learner, place.installation)
    again = actions.open_installation(enrolment, by=learner)
    assert again.installation != place.installation


def test_one_that_no_one_visits_is_removed_after_half_a_year(
    place: PracticePlace,
) -> None:
    kept = PracticeInstallation.objects.filter(pk=place.installation_id)
    kept.update(visited_on=timezone.localdate() - actions.KEPT)
    place.installation.refresh_from_db()
    actions.forget_old()
    assert place.installation.folder.path.exists()
    kept.update(visited_on=timezone.localdate() - actions.KEPT - timedelta(days=1))
    place.installation.refresh_from_db()
    actions.note_visit(place.installation)
    call_command("forget_practice")
    assert place.installation.folder.path.exists()
    kept.update(visited_on=timezone.localdate() - actions.KEPT - timedelta(days=1))
    call_command("forget_practice")
    assert not place.installation.folder.path.exists()
    assert not PracticeInstallation.objects.kept().exists()


def test_one_of_no_one_is_removed(place: PracticePlace) -> None:
    path = place.installation.folder.path
    place.enrolment.delete()
    actions.forget(place.installation)
    assert not path.exists()


def test_its_process_is_given_nothing_of_this_installation(
    place: PracticePlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAULT_PEPPERS", "secret")
    environment = processes.build_environment(place.installation)
    assert environment["AMANA_PRACTISING"] == "1"
    assert environment["AMANA_SANDBOX"] == str(place.installation.folder.path)
    assert "secret" not in environment.values()


def test_a_fifth_one_waits_until_another_is_left_alone(place: PracticePlace) -> None:
    own = place.installation.folder
    others = [own.path.with_name(f"other-{n}") for n in range(KIND.at_once)]
    locks = []
    for other in others:
        other.mkdir()
        lock = (other / "lock").open("a")
        fcntl.flock(lock, fcntl.LOCK_EX)
        locks.append(lock)
    with pytest.raises(Refused, match="4 practice installations already run"):
        processes.ensure_running(place.installation)
    locks[0].close()
    processes.require_room(place.installation)


RESULTS = [
    CheckResult("contacts", is_met=True, findings=()),
    CheckResult("words", is_met=False, findings=(build_finding(NO_DRAFT),)),
]


def test_what_is_handed_in_is_kept_with_what_was_found(
    place: PracticePlace, learner: User
) -> None:
    checked = CheckedWork(b"a zip", RESULTS)
    work = handing_in.submit_made_work(place, "m1", checked, "A page.", by=learner)
    kept = MachineCheck.objects.get(hand_in=work)
    assert bytes(kept.made.content) == b"a zip"
    assert [(found["check"], found["met"]) for found in kept.results] == [
        ("contacts", True),
        ("words", False),
    ]
    assert AuditEvent.objects.filter(did="handed in work").count() == 1
    assert HandIn.objects.get().words == "A page."
