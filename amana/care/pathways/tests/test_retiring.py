"""A mechanism retires: from when on no new case follows it, and where its cases go."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Case
from amana.care.pathways import retired
from amana.care.pathways.models import PathwayRun, UnmovedRun
from amana.care.pathways.tests.test_side_by_side import (
    SHIPPED,
    for_children,
    run_of,
    write_variant,
)
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.choosing import list_versions_in_force
from amana.design.mechanism.models import State, Version
from amana.errors import Refused
from amana.trust.access.models import Team, User
from amana.ui.once import make_form_key
from tests.worlds import kept

__all__ = ["for_children"]


@kept
def newer(
    mechanism: Version, folder, coordinator: User, house: Team, tmp_path_factory
) -> Version:
    """The same pathway once more, as what follows the first."""
    target = tmp_path_factory.mktemp("newer")
    version = mechanisms.adopt_shipped(
        write_variant(folder, target, id="newer"), by=coordinator
    )
    mechanisms.give_part(version.mechanism, "responder", house, by=coordinator)
    return version


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def on_the_day(
    mechanism: Version, newer: Version, coordinator: User, worker: User
) -> Iterator[Case]:
    """A case that ran before, on the day on which its mechanism retires."""
    case = given.make_case(worked_on_by=worker, identity_age=30)
    mechanisms.announce_retirement(
        mechanism.mechanism,
        on=in_days(7),
        successor=newer.mechanism,
        by=coordinator,
    )
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=True):
        yield Case.objects.get(pk=case.pk)


def test_all_have_a_week(
    mechanism: Version, newer: Version, coordinator: User, worker: User
) -> None:
    with pytest.raises(Refused, match="at least 7 days"):
        mechanisms.announce_retirement(
            mechanism.mechanism, on=in_days(6), by=coordinator
        )
    mechanisms.announce_retirement(mechanism.mechanism, on=in_days(7), by=coordinator)

    before = given.make_case(worked_on_by=worker, identity_age=30)
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=True):
        after = given.make_case(worked_on_by=worker, identity_age=30)

    assert (run_of(before).version, run_of(after).version) == (mechanism, newer)


def test_cases_go_only_to_what_stays(
    mechanism: Version, newer: Version, for_children: Version, coordinator: User
) -> None:
    children, first = for_children.mechanism, mechanism.mechanism
    with pytest.raises(Refused, match="another mechanism that is in force"):
        mechanisms.announce_retirement(
            first, on=in_days(9), successor=first, by=coordinator
        )
    mechanisms.announce_retirement(children, on=in_days(9), by=coordinator)
    with pytest.raises(Refused, match="another mechanism that is in force"):
        mechanisms.announce_retirement(
            first, on=in_days(9), successor=children, by=coordinator
        )
    mechanisms.announce_retirement(
        first, on=in_days(9), successor=newer.mechanism, by=coordinator
    )
    with pytest.raises(Refused, match="continue in this one"):
        mechanisms.announce_retirement(newer.mechanism, on=in_days(9), by=coordinator)


def test_who_holds_a_case_has_it_continue_in_the_successor(
    on_the_day: Case, newer: Version, mechanism: Version, worker: User
) -> None:
    browser = given.sign_in(worker)
    course = reverse("pathways:course", args=[run_of(on_the_day).pk])
    page = reverse("pathways:retired")
    assert page in browser.get(course).content.decode()
    assert page in browser.get(reverse("pathways:due")).content.decode()
    assert on_the_day.reference in browser.get(page).content.decode()
    call_command("chase_steps")
    assert mechanism in list_versions_in_force()

    answer = browser.post(page, make_form_key())

    assert answer.status_code == 302
    assert run_of(on_the_day).version == newer
    assert "No case of yours" in browser.get(page).content.decode()
    call_command("chase_steps")
    assert list_versions_in_force() == [newer]
    mechanism.refresh_from_db()
    assert mechanism.state == State.SUPERSEDED


def test_a_stranger_moves_no_case(on_the_day: Case) -> None:
    stranger = given.make_worker()
    assert not retired.find_left_cases(stranger).exists()
    assert retired.continue_some(stranger) == (0, [])


def test_a_case_that_has_no_place_there_keeps_its_mechanism_in_force(
    mechanism: Version, coordinator: User, house: Team, worker: User
) -> None:
    other = mechanisms.adopt_shipped(SHIPPED[0], by=coordinator)
    role = next(iter(other.pack.roles))
    mechanisms.give_part(other.mechanism, role, house, by=coordinator)
    case = given.make_case(worked_on_by=worker, identity_age=30)
    was = run_of(case).version.mechanism
    successor = (other if was == mechanism.mechanism else mechanism).mechanism
    mechanisms.announce_retirement(
        was, on=in_days(7), successor=successor, by=coordinator
    )

    with time_machine.travel(timezone.now() + timedelta(days=8), tick=True):
        moved, stayed = retired.continue_some(worker)
        left = UnmovedRun.objects.filter(course__case=case).exists()
        call_command("chase_steps")

        assert (moved, stayed) == (1, [])
        in_force = {version.mechanism for version in list_versions_in_force()}
        assert (was in in_force) is left


def test_without_a_successor_it_ends_with_its_last_case(
    mechanism: Version, newer: Version, coordinator: User, worker: User
) -> None:
    case = given.make_case(worked_on_by=worker, identity_age=30)
    mechanisms.announce_retirement(mechanism.mechanism, on=in_days(7), by=coordinator)

    with time_machine.travel(timezone.now() + timedelta(days=8), tick=True):
        call_command("chase_steps")
        assert list_versions_in_force() == [mechanism, newer]
        assert not retired.find_left_cases(worker).exists()
        cases.close(case, reason="withdrew", checklist=[], left_open="-", by=worker)
        call_command("chase_steps")

    assert not PathwayRun.objects.running().filter(case=case).exists()
    assert list_versions_in_force() == [newer]


def test_it_can_be_called_off(
    on_the_day: Case, mechanism: Version, coordinator: User, worker: User
) -> None:
    browser = given.sign_in(coordinator)
    page = reverse("mechanism:retire", args=[mechanism.mechanism_id])
    assert "No new case follows" in browser.get(page).content.decode()

    browser.post(
        reverse("mechanism:keep_in_use", args=[mechanism.mechanism_id]),
        make_form_key(),
    )

    assert not retired.find_left_cases(worker).exists()
    with pytest.raises(Refused, match="does not retire"):
        mechanisms.call_off_retirement(mechanism.mechanism, by=coordinator)
    new = given.make_case(worked_on_by=worker, identity_age=30)
    assert run_of(new).version == mechanism


def test_it_is_announced_on_its_page_and_read_by_all(
    mechanism: Version, newer: Version, coordinator: User, worker: User
) -> None:
    browser = given.sign_in(coordinator)
    page = reverse("mechanism:retire", args=[mechanism.mechanism_id])
    said = {"on": in_days(3).isoformat(), "successor": str(newer.mechanism_id)}
    assert browser.post(page, said | make_form_key()).status_code == 409
    said["on"] = in_days(8).isoformat()
    assert browser.post(page, said | make_form_key()).status_code == 302

    shown = given.sign_in(worker).get(reverse("mechanism:now")).content.decode()
    assert "No new case follows" in shown
    assert newer.mechanism.title in shown


def test_a_team_that_takes_no_part_in_the_successor_is_told(
    mechanism: Version, coordinator: User, house: Team, worker: User
) -> None:
    for folder in SHIPPED[::2]:
        mechanisms.adopt_shipped(folder, by=coordinator)
    mechanisms.give_part(mechanism.mechanism, "responder", house, by=coordinator)
    case = given.make_case(worked_on_by=worker, identity_age=30)
    assert case.mechanism == mechanism.mechanism
    other = list_versions_in_force()[-1]
    mechanisms.announce_retirement(
        mechanism.mechanism, on=in_days(7), successor=other.mechanism, by=coordinator
    )

    with time_machine.travel(timezone.now() + timedelta(days=8), tick=True):
        assert retired.continue_some(worker) == (0, [case])
        browser = given.sign_in(worker)
        page = browser.post(reverse("pathways:retired"), make_form_key(), follow=True)
        assert "takes no part" in page.content.decode()
