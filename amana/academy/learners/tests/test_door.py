"""An outsider comes in by a link in a mail; what else is tried is not."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import travel

from amana import given
from amana.academy.learners import actions, sign_in_links
from amana.academy.learners.models import LearnerAccount, SignInLink
from amana.errors import Refused
from amana.trust.access.models import Role, User
from amana.ui.once import make_form_key

pytestmark = pytest.mark.django_db

DOOR = reverse("learners:door")
WHO = {"name": "Wanjiru Kamau", "language": "fr", "accepts": "on"}


@pytest.fixture
def ask_for_link(django_capture_on_commit_callbacks):
    """Asks at the door, and returns the path of the link in the mail that came."""

    def ask(address: str, then: str = "") -> str:
        form = make_form_key() | {"address": address, "then": then}
        with django_capture_on_commit_callbacks(execute=True):
            sent = Client().post(DOOR, form)
        assert sent.headers["Location"] == reverse("learners:sent")
        return find_path(str(mail.outbox[-1].body))

    return ask


def find_path(body: str) -> str:
    [found] = re.findall(rf"{re.escape(settings.ADDRESS)}(/learn/\S+)", body)
    return str(found)


def test_an_outsider_opens_an_account_and_is_in_the_academy(ask_for_link):
    browser = Client()
    path = ask_for_link("Wanjiru@Example.org")
    assert not User.objects.filter(email="wanjiru@example.org").exists()
    page = browser.get(path)
    assert "wanjiru@example.org" in page.content.decode()

    led = browser.post(path, WHO)

    assert led.headers["Location"] == reverse("courses:home")
    user = User.objects.get(email="wanjiru@example.org")
    assert (user.name, user.language, user.only_learns) == (WHO["name"], "fr", True)
    assert LearnerAccount.objects.get().user == user
    assert not hasattr(user, "person_key")
    assert browser.get(led.headers["Location"]).status_code == 200


def test_the_mail_names_no_course_and_no_person(ask_for_link):
    ask_for_link("wanjiru@example.org", then="/academy/referral-mechanism/")
    [letter] = mail.outbox
    assert letter.to == ["wanjiru@example.org"]
    assert not re.search(
        r"wanjiru|traffick|referral|course", str(letter.body), re.IGNORECASE
    )


def test_a_link_works_once(ask_for_link):
    learner = given.make_learner("wanjiru@example.org")
    path = ask_for_link(learner.email)
    assert Client().post(path).status_code == 302

    again = Client().post(path)

    assert again.status_code == 410
    assert "no longer works" in again.content.decode()


def test_a_program_that_opens_each_link_uses_none_up(ask_for_link):
    learner = given.make_learner()
    path = ask_for_link(learner.email)
    for _ in range(3):
        assert Client().get(path).status_code == 200
    assert Client().post(path).status_code == 302


def test_a_link_ends_after_half_an_hour(ask_for_link):
    learner = given.make_learner()
    path = ask_for_link(learner.email)
    with travel(timezone.now() + SignInLink.LIVES, tick=False):
        assert Client().post(path).status_code == 410
        assert actions.forget_links() == 1


def test_a_mailbox_opens_no_account_for_work(django_capture_on_commit_callbacks):
    worker = given.make_worker(email="nurse@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        answer = Client().post(DOOR, make_form_key() | {"address": "Nurse@example.org"})
    assert answer.headers["Location"] == reverse("learners:sent")
    assert not SignInLink.objects.exists()  # the task that mails has deleted it
    assert reverse("account_login") in mail.outbox[-1].body
    assert "/learn/" not in mail.outbox[-1].body
    # A link that was made before they were admitted opens nothing either.
    link = sign_in_links.make_link(worker.email, "en")
    content = sign_in_links.read_content(link)
    assert content
    led = Client().post(reverse("learners:arrive", args=[content.token]))
    assert led.status_code == 302
    assert settings.SESSION_COOKIE_NAME not in led.cookies
    with pytest.raises(Refused):
        actions.use_link(link, content)


def test_whether_an_account_exists_shows_on_no_page(django_capture_on_commit_callbacks):
    known = given.make_learner()
    suspended = given.make_learner()
    User.objects.filter(pk=suspended.pk).update(is_active=False)
    worker = given.make_worker()
    answers = set()
    for address in (known.email, suspended.email, worker.email, "new@example.org"):
        with django_capture_on_commit_callbacks(execute=True):
            answer = Client().post(DOOR, make_form_key() | {"address": address})
        answers.add((answer.status_code, answer.headers["Location"], answer.content))
    assert len(answers) == 1


def test_a_suspended_learner_gets_no_link(django_capture_on_commit_callbacks):
    learner = given.make_learner()
    User.objects.filter(pk=learner.pk).update(is_active=False)
    with django_capture_on_commit_callbacks(execute=True):
        Client().post(DOOR, make_form_key() | {"address": learner.email})
    assert mail.outbox == []


def test_a_mailbox_is_not_filled_and_no_one_is_shut_out(
    settings, django_capture_on_commit_callbacks
):
    """The sixth from one place is refused; from elsewhere, behind the same proxy, one
    is sent."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def ask(address, visitor):
        form = make_form_key() | {"address": address}
        seen_by_proxy = {"X-Forwarded-For": visitor}
        with django_capture_on_commit_callbacks(execute=True):
            return Client().post(DOOR, form, headers=seen_by_proxy).status_code

    asked = [ask(f"wanjiru+{at}@example.org", "203.0.113.9") for at in range(8)]
    assert asked == [302] * 5 + [409] * 3
    assert len(mail.outbox) == 5
    assert ask("wanjiru@example.org", "203.0.113.10") == 302
    assert len(mail.outbox) == 6


def test_visitors_who_ask_without_end_are_refused():
    for number in range(100):
        form = make_form_key() | {"address": f"p{number}@example.org"}
        assert Client().post(DOOR, form).status_code == 302
    form = make_form_key() | {"address": "one-more@example.org"}
    assert Client().post(DOOR, form).status_code == 409


def test_an_address_that_is_none_is_told_at_its_field():
    page = Client().post(DOOR, make_form_key() | {"address": "wanjiru(at)example"})
    assert page.status_code == 422
    assert "wanjiru(at)example" in page.content.decode()


@pytest.mark.parametrize(
    "then",
    ["https://evil.example/", "//evil.example", "javascript:alert(1)", "x" * 300],
)
def test_a_link_leads_to_no_other_place(then, ask_for_link):
    learner = given.make_learner()
    path = ask_for_link(learner.email, then=then)
    assert Client().post(path).headers["Location"] == reverse("courses:home")


def test_who_does_not_accept_the_terms_has_no_account(ask_for_link):
    path = ask_for_link("wanjiru@example.org")
    page = Client().post(path, {"name": "Wanjiru", "language": "en"})
    assert page.status_code == 422
    assert not User.objects.filter(email="wanjiru@example.org").exists()
    assert Client().post(path, WHO).status_code == 302  # the link was not used up


def test_a_copy_of_the_database_names_no_one_who_only_asked(ask_for_link):
    path = ask_for_link("wanjiru@example.org")
    link = SignInLink.objects.get()
    kept = f"{link.sealed} {bytes(link.digest)!r}"
    assert "wanjiru" not in kept
    assert path.rpartition("/")[2] not in kept


def test_where_the_door_is_closed_only_those_who_have_an_account_come_in(
    settings, ask_for_link, django_capture_on_commit_callbacks
):
    learner = given.make_learner()
    settings.OPEN_TO_LEARNERS = False
    assert "can’t be opened here" in Client().get(DOOR).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        Client().post(DOOR, make_form_key() | {"address": "new@example.org"})
    assert mail.outbox == []
    assert Client().post(ask_for_link(learner.email)).status_code == 302
    with pytest.raises(Refused):
        actions.create_learner("new@example.org", name="New", language="en")


def test_two_who_open_one_account_at_once_are_one():
    first = sign_in_links.make_link("wanjiru@example.org", "en")
    second = sign_in_links.make_link("wanjiru@example.org", "en")
    content, again = map(sign_in_links.read_content, (first, second))
    assert content
    assert again
    actions.open_account(first, content, name="W", language="en")
    with pytest.raises(Refused):
        actions.open_account(second, again, name="W", language="en")
    assert User.objects.filter(email="wanjiru@example.org").count() == 1


def test_a_session_is_left_alone_for_three_hours():
    browser = given.sign_in_learner(given.make_learner())
    home = reverse("courses:home")
    now = timezone.now()
    with travel(now + timedelta(hours=2, minutes=50), tick=False):
        assert browser.get(home).status_code == 200
    with travel(now + timedelta(hours=6), tick=False):
        assert browser.get(home).status_code == 302


def test_the_way_to_a_page_of_a_course_leads_back_to_it():
    learner = given.make_learner()
    browser = Client()
    page = browser.get(f"{DOOR}?next=/academy/")
    assert 'value="/academy/"' in page.content.decode()
    actions.request_link(learner.email, language="en", then="/academy/")
    _link, content = given.find_last_link()
    led = browser.post(reverse("learners:arrive", args=[content.token]))
    assert led.headers["Location"] == "/academy/"


def test_an_invitation_opens_a_new_account_for_two_weeks_and_signs_in_to_none(
    django_capture_on_commit_callbacks,
):
    trainer = given.make_worker(role=Role.TRAINER)
    with django_capture_on_commit_callbacks(execute=True):
        actions.mail_invitation(
            "wanjiru@example.org", language="fr", then="/courses/", by=trainer
        )
    [letter] = mail.outbox
    path = find_path(str(letter.body))
    assert letter.subject == "Une invitation à vous former"
    with travel(timezone.now() + timedelta(days=13), tick=False):
        assert Client().get(path).status_code == 200
    with travel(timezone.now() + timedelta(days=15), tick=False):
        assert Client().get(path).status_code == 410
    known = given.make_learner("wanjiru@example.org")
    browser = Client()
    assert browser.post(path).headers["Location"] == "/courses/"
    assert browser.get(reverse("courses:home")).status_code == 302
    link, content = find_first_link()
    with pytest.raises(Refused):
        actions.use_link(link, content)
    assert known.is_active


def find_first_link():
    link = SignInLink.objects.earliest("pk")
    return link, sign_in_links.read_content(link)
