import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amana import given
from amana.trust.access import sessions
from amana.trust.access.models import Session

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0",
            "Firefox, Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) Chrome/129.0 Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) Chrome/129.0 Safari/537.36 Edg/129.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 ) Version/17.5 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Firefox/130.0", "Firefox, Linux"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_people_know_their_own_browser_by_a_few_words(agent, name):
    assert sessions.label_browser(agent) == name


def test_a_session_knows_whose_it_is():
    worker = given.make_worker()
    given.sign_in(worker)

    assert Session.objects.get().user == worker


def test_all_sessions_of_one_person_end_at_once():
    worker, other = given.make_worker(), given.make_worker()
    browsers = [given.sign_in(worker) for _n in range(3)]
    untouched = given.sign_in(other)

    ended = sessions.end_all_sessions(worker)

    assert ended == 3
    assert all(browser.get("/account/").status_code == 302 for browser in browsers)
    assert untouched.get("/account/").status_code == 200


def test_a_handle_names_a_session_without_opening_it():
    given.sign_in(given.make_worker())
    session = Session.objects.get()

    assert session.session_key not in session.handle
    assert session.handle == Session.objects.get().handle


def test_what_has_ended_is_deleted_every_hour():
    from datetime import timedelta

    from django.core.management import call_command
    from django.utils import timezone

    given.sign_in(given.make_worker())
    given.sign_in(given.make_worker())
    past = timezone.now() - timedelta(seconds=1)
    one = Session.objects.earliest("began_at")
    Session.objects.filter(pk=one.pk).update(expire_date=past)

    call_command("forget_sessions")
    call_command("forget_sessions")

    assert Session.objects.count() == 1


def test_the_session_brings_its_person_along():
    browser = given.sign_in(given.make_worker())
    browser.get(reverse("vault:unlock"))

    with CaptureQueriesContext(connection) as asked:
        browser.get(reverse("vault:unlock"))

    people = [query for query in asked if 'FROM "access_user"' in query["sql"]]
    assert people == []
    assert sum("access_session" in query["sql"] for query in asked) == 1


def test_a_session_that_says_another_than_its_row_gets_nobody_elses_rights():
    worker, other = given.make_worker(), given.make_worker()
    browser = given.sign_in(worker)
    Session.objects.filter(user=worker).update(user=other)

    page = browser.get(reverse("home:today"))

    assert page.wsgi_request.user == worker
