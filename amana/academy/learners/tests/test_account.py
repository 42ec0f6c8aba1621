"""A learner's account: its address, its passkeys, its end; and the way to work."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import travel

from amana import given
from amana.academy.cohorts import actions as cohorts
from amana.academy.cohorts.actions import ApplicantDetails
from amana.academy.cohorts.tests.conftest import a_plan
from amana.academy.courses import actions as courses
from amana.academy.courses.tests.courses import small_course
from amana.academy.learners import actions
from amana.academy.learners.models import LearnerAccount
from amana.errors import Refused
from amana.trust.access import actions as access
from amana.trust.access import codes
from amana.trust.access.models import Device, Invitation, Role, User
from amana.trust.access.rules import Denied
from amana.trust.vault import admission
from amana.ui.once import make_form_key

pytestmark = pytest.mark.django_db

ACCOUNT = reverse("learners:account")
NEW = "new@example.org"


@pytest.fixture
def learner():
    return given.make_learner("wanjiru@example.org")


@pytest.fixture
def inside(learner):
    return given.sign_in_learner(learner)


def test_name_and_language_change_in_the_middle(inside, learner):
    said = {"name": "W. Kamau", "language": "ar"}
    assert inside.post(ACCOUNT, make_form_key() | said).status_code == 302
    learner.refresh_from_db()
    assert (learner.name, learner.language) == ("W. Kamau", "ar")


def test_a_new_address_is_theirs_once_its_link_is_opened(
    inside, learner, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        form = make_form_key() | {"address": NEW}
        inside.post(reverse("learners:change_address"), form)
    assert mail.outbox[-1].to == [NEW]
    learner.refresh_from_db()
    assert learner.email == "wanjiru@example.org"
    _link, content = given.find_last_link()
    path = reverse("learners:new_address", args=[content.token])
    assert NEW in inside.get(path).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        inside.post(path, make_form_key())

    learner.refresh_from_db()
    assert learner.email == NEW
    assert mail.outbox[-1].to == ["wanjiru@example.org"]
    assert NEW not in mail.outbox[-1].body


def test_a_link_to_an_attackers_mailbox_takes_over_no_account(inside, learner):
    """Asked for at the door by the attacker, and sent on to the victim."""
    actions.request_link("attacker@example.org", language="en")
    _link, content = given.find_last_link()
    path = reverse("learners:new_address", args=[content.token])
    assert inside.post(path, make_form_key()).status_code == 410
    other = given.make_learner()
    actions.request_new_address("attacker@example.org", by=other)
    _link, content = given.find_last_link()
    path = reverse("learners:new_address", args=[content.token])
    assert inside.post(path, make_form_key()).status_code == 410
    # One for a new address signs in no one.
    arrive = reverse("learners:arrive", args=[content.token])
    assert Client().get(arrive).status_code == 410
    learner.refresh_from_db()
    assert learner.email == "wanjiru@example.org"


def test_a_learner_fills_no_mailbox_of_others(
    inside, django_capture_on_commit_callbacks
):
    path = reverse("learners:change_address")
    form = {"address": "victim@example.org"}
    with django_capture_on_commit_callbacks(execute=True):
        answers = [inside.post(path, make_form_key() | form) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [409] * 2
    assert len(mail.outbox) == 5


def test_an_address_of_another_account_is_not_given_twice(learner):
    given.make_learner(NEW)
    actions.request_new_address(NEW, by=learner)
    link, content = given.find_last_link()
    with pytest.raises(Refused, match="another account"):
        actions.change_address(link, content, by=learner)


def test_a_closed_account_holds_no_name_and_no_address(inside, learner):
    assert inside.post(reverse("learners:close"), make_form_key()).status_code == 302
    learner.refresh_from_db()
    assert "wanjiru" not in f"{learner.email}{learner.name}".lower()
    assert not learner.is_active
    assert not LearnerAccount.objects.exists()
    assert not Device.objects.filter(user=learner).exists()
    assert inside.get(ACCOUNT).status_code == 302
    # The address can open a new account, which has nothing of the old one.
    assert given.make_learner("wanjiru@example.org").pk != learner.pk


def test_a_worker_has_no_learners_account_page():
    worker = given.make_worker()
    inside = given.sign_in(worker)
    for name in ("account", "close", "change_address"):
        assert inside.get(reverse(f"learners:{name}")).status_code == 404
    with pytest.raises(Denied):
        actions.close_account(by=worker)


@pytest.mark.parametrize(
    "name",
    ["mfa_add_webauthn", "learners:change_address", "learners:close"],
)
def test_who_finds_a_session_open_takes_no_account_over(inside, name):
    """On a computer that others use too."""
    path = reverse(name)
    assert inside.get(path).status_code == 200
    with travel(timezone.now() + timedelta(minutes=11), tick=False):
        led = inside.get(path)
        assert led.status_code == 302
        assert led.headers["Location"].startswith(reverse("learners:door"))
        assert inside.post(path, make_form_key()).status_code == 302
    assert User.objects.get(email="wanjiru@example.org").is_active


def test_a_link_of_someone_else_ends_no_session_and_leads_into_no_account(inside):
    """A worker, or a learner, who opens what an attacker has sent them."""
    attacker = given.make_learner()
    actions.request_link(attacker.email, language="en")
    _link, content = given.find_last_link()
    path = reverse("learners:arrive", args=[content.token])
    for browser in (inside, given.sign_in(given.make_worker())):
        assert browser.post(path).status_code == 409
    assert inside.get(ACCOUNT).status_code == 200


# --- admitted to work


@pytest.fixture
def coordinator():
    return given.make_worker(role=Role.COORDINATOR)


def propose(learner: User, by: User) -> str:
    _membership, code = access.propose(
        given.make_team(),
        email=learner.email,
        name=learner.name,
        language="en",
        role=Role.CASE_WORKER,
        by=by,
    )
    return code


def find_invitation(code: str) -> Invitation:
    return Invitation.objects.get(code=codes.compute_digest(codes.parse_code(code)))


def test_two_people_admit_a_learner_to_work_as_ever(learner, inside, coordinator):
    """The mailbox opens the account no more, nor anything that was set up by it."""
    Authenticator.objects.create(user=learner, type="webauthn", data={})
    invitation = find_invitation(propose(learner, coordinator))
    learner.refresh_from_db()
    assert learner.only_learns  # a proposal alone changes nothing

    admission.join(invitation, passphrase=given.PASSPHRASE, signed_in=learner)

    learner.refresh_from_db()
    assert not learner.only_learns
    assert not Authenticator.objects.filter(user=learner).exists()
    assert not learner.devices.exists()
    assert inside.get(reverse("courses:home")).status_code == 302
    actions.request_link(learner.email, language="en")
    link, content = given.find_last_link()
    with pytest.raises(Refused):
        actions.use_link(link, content)


def test_who_made_the_code_cannot_take_a_learners_account(learner, coordinator):
    invitation = find_invitation(propose(learner, coordinator))
    for someone in (None, coordinator, given.make_learner()):
        with pytest.raises(Refused, match="learner account"):
            admission.join(invitation, passphrase=given.PASSPHRASE, signed_in=someone)
    learner.refresh_from_db()
    assert learner.only_learns


def test_a_withdrawn_proposal_leaves_the_learner_learning(learner, inside, coordinator):
    propose(learner, coordinator)
    [place] = learner.memberships.all()
    access.withdraw_proposal(place, by=coordinator)
    learner.refresh_from_db()
    assert learner.is_active
    assert inside.get(reverse("courses:home")).status_code == 200


def test_a_lifted_suspension_lets_a_learner_learn_on(learner, coordinator):
    suspension = access.suspend(learner, by=coordinator)
    learner.refresh_from_db()
    assert not learner.is_active
    access.end_suspension(suspension, by=coordinator)
    learner.refresh_from_db()
    assert learner.is_active


def test_who_closes_the_account_declines_what_was_proposed(
    learner, inside, coordinator
):
    propose(learner, coordinator)
    inside.post(reverse("learners:close"), make_form_key())
    assert not learner.memberships.filter(ended_at=None).exists()
    assert not Invitation.objects.filter(user=learner).exists()


def test_learners_are_on_no_list_of_people(learner, coordinator):
    administrator = given.make_worker(role=Role.ADMINISTRATOR)
    people = reverse("access:people")
    inside = given.sign_in(administrator)
    assert learner.email not in inside.get(people).content.decode()
    assert learner.name not in inside.get(people).content.decode()
    propose(learner, coordinator)
    assert learner.name in inside.get(people).content.decode()


def test_what_rooms_above_have_of_someone_goes_with_the_account(learner, inside):
    """Places, what was typed in applications, mailed invitations, links elsewhere."""
    coordinator = given.make_worker(role=Role.COORDINATOR)
    trainer = given.make_worker(role=Role.TRAINER)
    version = courses.publish_version(small_course(), by=coordinator)
    plan = a_plan(facilitators=[trainer])
    cohort = cohorts.open_cohort(version, plan, by=coordinator)
    said = ApplicantDetails(organisation="A clinic", message="Please")
    application = cohorts.apply_for_cohort(cohort, said, by=learner)
    inside.post(reverse("learners:close"), make_form_key())
    application.refresh_from_db()
    assert application.status == "withdrawn"
    assert (application.organisation, application.message) == ("", "")


def test_a_learner_finds_where_to_enter_a_code(inside):
    assert reverse("vault:join") in inside.get(ACCOUNT).content.decode()
