"""People come in by a link, by a list, or where anyone may; no one twice, and no one
by what was withdrawn, used up or guessed."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.academy.cohorts import actions, invitation_links
from amana.academy.cohorts.invitation_lists import ListedPerson
from amana.academy.cohorts.models import AdmissionRule, Application, CohortInvitation
from amana.academy.cohorts.states import ApplicationStatus
from amana.academy.cohorts.tests.conftest import a_plan, days
from amana.academy.courses.models import Enrolment
from amana.errors import Refused
from amana.trust.access.rules import Denied
from amana.ui.once import make_form_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation(cohort, trainer):
    return actions.make_invitation(
        cohort, places=2, expires_on=cohort.open_until, by=trainer
    )


@pytest.fixture
def path(invitation):
    content = invitation_links.read_content(invitation)
    assert content
    return invitation_links.build_path(content.token)


@pytest.fixture
def open_cohort(version, trainer, coordinator):
    plan = a_plan(entry=AdmissionRule.OPEN, facilitators=[trainer], capacity=1)
    return actions.open_cohort(version, plan, by=coordinator)


def test_an_outsider_enrols_by_a_link_and_is_at_the_course(
    path, cohort, version, django_capture_on_commit_callbacks
):
    browser = Client()
    page = browser.get(path).content.decode()
    assert cohort.name in page
    door = reverse("learners:door")
    assert f"{door}?next={path}" in page
    with django_capture_on_commit_callbacks(execute=True):
        form = make_form_key() | {"address": "wanjiru@example.org", "then": path}
        browser.post(door, form)
    _link, content = given.find_last_link()
    who = {"name": "Wanjiru", "language": "en", "accepts": "on"}
    led = browser.post(reverse("learners:arrive", args=[content.token]), who)
    assert led.headers["Location"] == path

    led = browser.post(path, make_form_key())

    course = reverse("courses:course", args=[version.course.slug])
    assert led.headers["Location"] == course
    assert browser.get(course).status_code == 200
    [application] = cohort.applications.all()
    assert application.state is ApplicationStatus.ENROLLED
    assert application.source == Application.Source.INVITATION
    assert Enrolment.objects.filter(person=application.person, version=version).exists()


def test_an_invitation_used_twice_by_one_person_counts_once(invitation):
    learner = given.make_learner()
    first = actions.use_invitation(invitation, by=learner)
    assert actions.use_invitation(invitation, by=learner) == first
    invitation.refresh_from_db()
    assert invitation.used == 1


def test_an_invitation_that_is_used_up_lets_no_one_in(path, invitation, cohort):
    for _ in range(2):
        actions.use_invitation(invitation, by=given.make_learner())
    late = given.make_learner()
    with pytest.raises(Refused, match="used"):
        actions.use_invitation(invitation, by=late)
    page = Client().get(path)
    assert page.status_code == 410
    assert reverse("learners:door") in page.content.decode()


def test_where_all_places_are_taken_one_waits(invitation, fill_up):
    fill_up(0)
    waiting = actions.use_invitation(invitation, by=given.make_learner())
    assert waiting.state is ApplicationStatus.WAITLISTED


def test_a_withdrawn_or_expired_invitation_lets_no_one_in(
    path, invitation, trainer, cohort
):
    with days((cohort.open_until - timezone.localdate()).days + 2):
        assert Client().get(path).status_code == 410
    actions.withdraw_invitation(invitation, by=trainer)
    assert Client().get(path).status_code == 410
    with pytest.raises(Refused):
        actions.use_invitation(invitation, by=given.make_learner())


def test_a_cancelled_cohort_takes_no_one_by_a_link(path, cohort, trainer):
    actions.cancel_cohort(cohort, by=trainer)
    assert Client().get(path).status_code == 410


def test_only_who_leads_the_cohort_makes_and_sees_links(
    cohort, invitation, other_trainer, learner
):
    for person in (other_trainer, learner):
        with pytest.raises(Denied):
            actions.make_invitation(
                cohort, places=1, expires_on=cohort.open_until, by=person
            )
        with pytest.raises(Denied):
            actions.withdraw_invitation(invitation, by=person)
        page = reverse("cohorts:invitations", args=[cohort.pk])
        assert given.sign_in(person).get(page).status_code == 404


def test_a_copy_of_the_database_holds_no_link_that_works(invitation):
    content = invitation_links.read_content(invitation)
    assert content
    row = CohortInvitation.objects.values().get()
    assert content.token not in str(row)


def test_a_link_lasts_no_longer_than_the_cohort(cohort, trainer):
    for day in (timezone.localdate() - timedelta(days=1), cohort.ends_on):
        late = day + (timedelta(days=1) if day == cohort.ends_on else timedelta())
        with pytest.raises(Refused, match="day"):
            actions.make_invitation(cohort, places=1, expires_on=late, by=trainer)


# --- where anyone may enrol


def test_anyone_enrols_where_the_cohort_is_open(open_cohort, version):
    learner = given.make_learner()
    browser = given.sign_in_learner(learner)
    public = reverse("cohorts:course", args=[version.course.slug])
    enrol = reverse("cohorts:enrol", args=[open_cohort.pk])
    assert f'href="{enrol}"' in Client().get(public).content.decode()
    assert browser.post(enrol, make_form_key()).status_code == 302
    [application] = learner.applications.all()
    assert application.state is ApplicationStatus.ENROLLED
    with pytest.raises(Refused, match="already"):
        actions.enrol_oneself(open_cohort, by=learner)
    waiting = actions.enrol_oneself(open_cohort, by=given.make_learner())
    assert waiting.state is ApplicationStatus.WAITLISTED


def test_no_one_enrols_where_one_has_to_apply(cohort):
    learner = given.make_learner()
    enrol = reverse("cohorts:enrol", args=[cohort.pk])
    assert given.sign_in_learner(learner).get(enrol).status_code == 404
    with pytest.raises(Refused, match="closed"):
        actions.enrol_oneself(cohort, by=learner)


def test_the_page_of_a_cohort_whose_enrolment_is_closed_offers_none(open_cohort):
    enrol = reverse("cohorts:enrol", args=[open_cohort.pk])
    door = reverse("learners:door")
    assert f"{door}?next=" in Client().get(enrol).content.decode()
    with days((open_cohort.open_until - timezone.localdate()).days + 1):
        page = Client().get(enrol).content.decode()
    assert f"{door}?next=" not in page
    assert "Enrolment for these dates is closed." in page


def test_a_visitor_cannot_enrol_without_an_account(open_cohort):
    enrol = reverse("cohorts:enrol", args=[open_cohort.pk])
    Client().post(enrol, make_form_key())
    assert not open_cohort.applications.exists()


# --- a list


def send(cohort, trainer, text, *, as_file=False):
    sent = {"people": "" if as_file else text}
    if as_file:
        sent["file"] = SimpleUploadedFile("people.csv", text.encode())
    to = reverse("cohorts:send_list", args=[cohort.pk])
    return given.sign_in(trainer).post(to, make_form_key() | sent)


def test_two_hundred_on_a_list_of_whom_thirty_are_wrong(
    cohort, trainer, django_capture_on_commit_callbacks
):
    lines = [f"p{n}@example.org,Person {n},fr" for n in range(170)]
    lines += [f"not an address {n}" for n in range(29)] + ["p3@example.org,Again,fr"]
    with django_capture_on_commit_callbacks(execute=True):
        page = send(cohort, trainer, "\n".join(lines), as_file=True)

    said = page.content.decode()
    assert page.status_code == 200
    assert CohortInvitation.objects.count() == 170
    assert len(mail.outbox) == 170
    assert "This address is already on line 4." in said
    # Nothing is lost: the wrong lines are there, to be corrected and sent again.
    assert said.count("not an address 28") >= 2
    assert "Person 169" not in said

    with django_capture_on_commit_callbacks(execute=True):
        again = send(cohort, trainer, "p3@example.org\np500@example.org")
    assert "has an invitation already" in again.content.decode()
    assert CohortInvitation.objects.count() == 171


def test_who_is_on_a_list_opens_an_account_and_comes_in_by_one_mail(
    cohort, trainer, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        send(cohort, trainer, "wanjiru@example.org,Wanjiru,fr")
    [letter] = mail.outbox
    assert "Wanjiru" not in letter.body
    assert cohort.name not in letter.body
    _link, content = given.find_last_link()
    arrive = reverse("learners:arrive", args=[content.token])
    browser = Client()
    who = {"name": "Wanjiru", "language": "fr", "accepts": "on"}
    led = browser.post(arrive, who)
    browser.post(led.headers["Location"], make_form_key())
    [application] = cohort.applications.all()
    assert application.state is ApplicationStatus.ENROLLED
    # The mail is forwarded, or read by someone else later: it signs in no one.
    again = Client().get(arrive)
    assert again.status_code in (302, 410)
    assert "sessionid" not in again.cookies


def test_a_mailed_invitation_signs_in_to_no_account_that_there_is(
    cohort, trainer, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        send(cohort, trainer, "wanjiru@example.org")
    _link, content = given.find_last_link()
    given.make_learner("wanjiru@example.org")
    arrive = reverse("learners:arrive", args=[content.token])
    browser = Client()
    led = browser.post(arrive)
    assert led.headers["Location"].startswith("/courses/invited/")
    assert browser.get(reverse("courses:home")).status_code == 302


def test_a_list_shows_no_one_who_has_an_account_and_no_name(
    cohort, trainer, learner, django_capture_on_commit_callbacks
):
    """A trainer who guesses addresses learns nothing of who works here."""
    with django_capture_on_commit_callbacks(execute=True):
        page = send(cohort, trainer, f"{learner.email}\nunknown@example.org")
    assert learner.name not in page.content.decode()
    assert not cohort.applications.exists()
    known, unknown = mail.outbox
    assert (known.subject, known.to) == (unknown.subject, [learner.email])
    page = given.sign_in(trainer).get(reverse("cohorts:cohort", args=[cohort.pk]))
    assert learner.name not in page.content.decode()


def test_lists_without_end_are_refused(cohort, trainer):
    for number in range(6):
        assert send(cohort, trainer, f"p{number}@example.org").status_code == 200
    assert send(cohort, trainer, "one-more@example.org").status_code == 409


def test_one_person_uses_one_place_of_a_link(invitation, cohort):
    learner = given.make_learner()
    for _ in range(3):
        seat = actions.use_invitation(invitation, by=learner)
        actions.withdraw_application(seat, by=learner)
    invitation.refresh_from_db()
    assert invitation.used == 1


def test_a_wrong_file_is_told_at_its_field(cohort, trainer):
    to = reverse("cohorts:send_list", args=[cohort.pk])
    sent = {"file": SimpleUploadedFile("people.xlsx", b"PK\x03\x04\x00\x00")}
    page = given.sign_in(trainer).post(to, make_form_key() | sent)
    assert page.status_code == 422
    assert "CSV UTF-8" in page.content.decode()


def test_a_listed_invitation_is_mailed_again(
    cohort, trainer, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        send(cohort, trainer, "wanjiru@example.org")
    [row] = CohortInvitation.objects.all()
    to = reverse("cohorts:mail_again", args=[row.pk])
    with django_capture_on_commit_callbacks(execute=True):
        given.sign_in(trainer).post(to, make_form_key())
    assert len(mail.outbox) == 2
    with pytest.raises(Refused, match="today"):  # a mailbox is not ours to fill
        actions.mail_again(row, by=trainer)
    actions.withdraw_invitation(row, by=trainer)
    row.refresh_from_db()
    with pytest.raises(Refused):
        actions.mail_again(row, by=trainer)


def test_old_invitations_are_forgotten_with_their_addresses(cohort, trainer):
    send(cohort, trainer, "wanjiru@example.org")
    over = (cohort.ends_on - timezone.localdate()).days
    with days(over + 29):
        assert actions.forget_invitations() == 0
    with days(over + 32):
        assert actions.forget_invitations() == 1


def test_only_who_leads_the_cohort_invites_by_a_list(
    cohort, trainer, other_trainer, learner
):
    person = ListedPerson(1, "wanjiru@example.org", "Wanjiru", "fr", "a line")
    for someone in (other_trainer, learner):
        with pytest.raises(Denied):
            actions.invite_listed(cohort, [person], by=someone)
    assert actions.invite_listed(cohort, [person], by=trainer) == []
    [problem] = actions.invite_listed(cohort, [person], by=trainer)
    assert "already" in problem.reason


def test_while_the_door_is_closed_a_list_invites_only_who_has_an_account(
    cohort, trainer, learner, settings
):
    settings.OPEN_TO_LEARNERS = False
    page = send(cohort, trainer, f"wanjiru@example.org\n{learner.email}")
    assert "can’t be opened here at present" in page.content.decode()
    content = invitation_links.read_content(CohortInvitation.objects.get())
    assert content
    assert content.address == learner.email


def test_while_the_door_is_closed_no_link_is_mailed_again_that_opens_nothing(
    cohort, trainer, settings
):
    send(cohort, trainer, "wanjiru@example.org")
    settings.OPEN_TO_LEARNERS = False
    row = CohortInvitation.objects.get()
    with pytest.raises(Refused, match="can’t be opened"):
        actions.mail_again(row, by=trainer)


def test_no_one_is_invited_to_a_cohort_that_is_over(cohort, trainer):
    person = ListedPerson(1, "wanjiru@example.org", "Wanjiru", "fr", "a line")
    with days((cohort.ends_on - timezone.localdate()).days + 2):
        with pytest.raises(Refused, match="over"):
            actions.invite_listed(cohort, [person], by=trainer)
        with pytest.raises(Refused, match="over"):
            actions.make_invitation(
                cohort, places=1, expires_on=timezone.localdate(), by=trainer
            )
    assert not CohortInvitation.objects.exists()


def test_a_closed_account_leaves_no_invitation_with_its_address(cohort, trainer):
    send(cohort, trainer, "wanjiru@example.org\nother@example.org")
    learner = given.make_learner("wanjiru@example.org")
    actions.erase_learner(learner, by=learner)
    left = CohortInvitation.objects.all()
    [content] = map(invitation_links.read_content, left)
    assert content
    assert content.address == "other@example.org"
