"""What is due for whom, as the page of today lists it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.care.referrals import actions as referrals
from amana.care.referrals import calendars
from amana.care.referrals.models import DeclineReason
from amana.design.directory.models import Service
from amana.trust.access.models import Membership, Role, User

from .days import TODAY, a_sent_referral, day_of, late, sees

pytestmark = pytest.mark.django_db


def test_what_is_late_stands_first(worker: User) -> None:
    cases = [late(given.make_case(worked_on_by=worker), days) for days in (1, 3, 2)]

    references = [task.reference for task in sees(worker)]
    need = cases[0].needs.get()
    assert {task.title for task in sees(worker)} == {f"Find a service: {need.needed}"}
    assert sees(worker)[0].url == reverse(
        "referrals:choose", args=[cases[1].needs.get().pk]
    )

    assert references == [cases[1].reference, cases[2].reference, cases[0].reference]


def test_what_is_due_next_month_does_not_wait_today(worker: User) -> None:
    late(given.make_case(worked_on_by=worker), -30)

    assert sees(worker) == []
    assert "You’re up to date" in given.sign_in(worker).get(TODAY).content.decode()


def test_a_recipient_sees_what_to_answer_and_the_sender_waits(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    referral = a_sent_referral(worker, shelter)
    url = reverse("referrals:referral", args=[referral.pk])

    assert url in [task.url for task in sees(shelter_worker)]
    assert [task.url for task in day_of(worker).waiting_on] == [url]
    assert url not in [task.url for task in sees(worker)]


def test_the_person_is_asked_when_the_service_has_ended(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    referral = a_sent_referral(worker, shelter)
    for step in (
        referrals.accept,
        referrals.record_attendance,
        referrals.complete_service,
    ):
        step(referral, by=shelter_worker)

    (asked,) = [task for task in sees(worker) if "helped" in task.title]

    assert asked.url == reverse("referrals:referral", args=[referral.pk])
    assert day_of(worker).waiting_on == []


def test_whoever_stands_in_asks_while_a_colleague_is_away(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    team = worker.memberships.get().team
    colleague = given.make_worker(of=team)
    supervisor = given.make_worker(of=team, role=Role.SUPERVISOR)
    referral = a_sent_referral(worker, shelter)
    for step in (
        referrals.accept,
        referrals.record_attendance,
        referrals.complete_service,
    ):
        step(referral, by=shelter_worker)
    assert sees(colleague) == []
    day = calendars.get_today()
    referrals.arrange_cover(
        team,
        away=worker,
        covered_by=colleague,
        first_on=day,
        last_on=day,
        by=supervisor,
    )

    (task,) = sees(colleague)

    assert task.url == reverse("referrals:referral", args=[referral.pk])


def test_a_consent_that_ends_soon_is_named_by_its_case(
    worker: User, shelter: Service
) -> None:
    case = given.make_case(worked_on_by=worker)
    soon = timezone.now() + timedelta(days=3)
    consent = given.make_consent(case, to=shelter.team, by=worker, expires_at=soon)

    urls = [task.url for task in sees(worker)]

    assert reverse("consent:consent", args=[consent.pk]) in urls


def test_a_recipient_is_told_to_destroy_its_copies(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    referral = a_sent_referral(worker, shelter)
    consents.withdraw(Consent.objects.get(pk=referral.basis_id), by=worker)

    (task,) = [task for task in sees(shelter_worker) if "Destroy" in task.title]

    assert task.reference == referral.case.reference


def test_a_team_without_amana_is_asked_by_telephone(worker: User) -> None:
    case = given.make_case(worked_on_by=worker)
    consent = given.make_consent(case, to=given.make_team(), by=worker)
    consents.disclose(consent, by=worker)
    consents.withdraw(consent, by=worker)

    (task,) = [task for task in sees(worker) if "copies" in task.title]

    assert task.title.startswith("Call the recipient")
    assert task.reference == case.reference


def test_bed_counts_are_one_line_however_many_are_old(
    shelter: Service, shelter_worker: User
) -> None:
    team = shelter_worker.memberships.get().team
    services = [shelter]
    services += [given.make_service(of=team, by=shelter_worker) for _ in range(6)]
    assert day_of(shelter_worker).housekeeping == []
    old = timezone.now() - timedelta(days=9)
    Service.objects.update(places_said_at=old, counts_places=True)

    day = day_of(shelter_worker)

    (chore,) = day.housekeeping
    to_count = f"{reverse('directory:places')}?only=to-count"
    assert (chore.count, chore.url) == (len(services), to_count)
    assert not [task for task in day.tasks if "places" in task.title]


def test_an_unanswered_emergency_stands_above_all_that_is_late(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    team = shelter_worker.memberships.get().team
    given.join_team(shelter_worker, team, role=Role.CASE_WORKER)
    old = late(given.make_case(worked_on_by=shelter_worker, team=team), days=53)
    case = given.make_case(worked_on_by=worker)
    case.needs.update(urgency="U0")
    referral = given.make_referral(need=case.needs.get(), to=shelter, by=worker)

    first, second = sees(shelter_worker)[:2]

    assert first.url == reverse("referrals:referral", args=[referral.pk])
    assert (first.urgency, first.urgency_label) == ("U0", "Emergency")
    assert shelter.name in first.about
    assert second.reference == old.reference


def test_what_a_service_declined_says_so_where_another_is_chosen(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    referral = a_sent_referral(worker, shelter)
    reason = DeclineReason.NO_CAPACITY
    referrals.decline(referral, reason=reason, by=shelter_worker)

    (task,) = sees(worker)

    assert task.title.startswith("Find another service")
    assert task.about == f"{shelter.name}: No places free"
    assert f"follows={referral.pk}" in task.url


def test_nobody_elses_task_is_among_mine(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    """What is waited for stands under "Waiting on others" alone, and hides no task of
    one's own on the same case."""
    referral = a_sent_referral(worker, shelter)
    soon = timezone.now() + timedelta(hours=20)
    cases.plan_follow_up(referral.case, kind="contact", due_at=soon, by=worker)

    day = day_of(worker)

    assert [task.title for task in day.tasks] == ["Speak with the person"]
    assert [task.url for task in day.waiting_on] == [
        reverse("referrals:referral", args=[referral.pk])
    ]


def test_whoever_is_expected_today_stands_under_appointments(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    referral = a_sent_referral(worker, shelter)
    referrals.accept(referral, by=shelter_worker)
    midnight = timezone.localtime().replace(hour=23, minute=59, second=59)
    referrals.make_appointment(referral, at=midnight, by=shelter_worker)
    later = a_sent_referral(worker, shelter)
    referrals.accept(later, by=shelter_worker)
    referrals.make_appointment(
        later, at=midnight + timedelta(days=1), by=shelter_worker
    )

    for user in (worker, shelter_worker):
        (task,) = day_of(user).appointments
        assert task.url == reverse("referrals:referral", args=[referral.pk])
        assert task.due_at == midnight


def test_somebody_waits_to_be_let_in(worker: User) -> None:
    team = worker.memberships.get().team
    newcomer, proposer = given.make_user(), given.make_worker(of=team)
    Membership.objects.create(
        user=newcomer, team=team, role=Role.CASE_WORKER, proposed_by=proposer
    )

    assert reverse("vault:admissions") in [task.url for task in sees(worker)]
    assert sees(proposer) == []
