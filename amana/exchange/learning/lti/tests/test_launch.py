"""Somebody comes from another system, played by lti1p3platform; forgeries don't."""

import base64
import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.errors import Refused
from amana.exchange.learning.lti import actions
from amana.exchange.learning.lti.models import AccountLink, Launch, Score
from amana.exchange.learning.lti.tests.platform import (
    ISSUER,
    SAID,
    THEIRS,
    Conf,
    arrive,
    button,
    confirmed,
    message,
)
from amana.ui.once import make_form_key

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
LAUNCH = reverse("lti:launch")

# --- coming


def test_whoever_comes_signs_in_here_confirms_and_is_at_the_course(
    platform, moodle, course, learner
):
    client = given.sign_in(learner)
    on = arrive(client, course)
    assert "Is this you?" in client.get(on).content.decode()

    led = client.post(on, make_form_key() | {"tells": "on"})

    assert course.endswith(led.headers["Location"])
    [link] = AccountLink.objects.all()
    assert (link.person, link.subject, link.tells) == (learner, "user-5", True)
    assert learner.enrolments.count() == 1


def test_coming_signs_nobody_in(platform, moodle, course):
    client = Client()
    on = arrive(client, course)

    response = client.get(on)

    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("account_login"))
    assert not AccountLink.objects.exists()


def test_the_second_time_leads_straight_to_the_course(
    platform, moodle, course, learner
):
    confirmed(learner, course)
    client = given.sign_in(learner)

    led = client.get(arrive(client, course))
    assert course.endswith(led.headers["Location"])
    assert AccountLink.objects.count() == 1


def test_an_account_there_is_one_persons_here(
    platform, moodle, course, learner, stranger
):
    confirmed(learner, course)
    client = given.sign_in(stranger)

    response = client.get(arrive(client, course))

    assert response.status_code == 409
    assert "is linked to someone else" in response.content.decode()


def test_a_person_here_has_one_account_there(platform, moodle, course, learner):
    confirmed(learner, course)

    response = confirmed(learner, course, subject="user-6")

    assert response.status_code == 409
    assert AccountLink.objects.count() == 1


def test_a_way_in_that_is_too_old_links_nothing(platform, moodle, course, learner):
    arrive(given.sign_in(learner), course)
    launch = Launch.objects.get()
    Launch.objects.update(arrived_at=timezone.now() - timedelta(hours=1))

    with pytest.raises(Refused, match="too old"):
        actions.link_account(launch, tells=True, by=learner)
    assert not AccountLink.objects.exists()


def test_nothing_is_kept_of_names_and_addresses(platform, moodle, course, learner):
    confirmed(learner, course)

    kept = [
        *Launch.objects.values(),
        *AccountLink.objects.values(),
        *Score.objects.values(),
    ]
    assert "Amal Example" not in str(kept)
    assert "amal@example.org" not in str(kept)


def test_who_came_is_forgotten_after_a_day(platform, moodle, course, learner):
    confirmed(learner, course)
    call_command("send_marks", stdout=StringIO())
    assert Launch.objects.count() == 1

    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        call_command("send_marks", stdout=StringIO())

    assert not Launch.objects.exists()
    assert AccountLink.objects.exists()


def test_another_browser_can_not_go_on(platform, moodle, course, learner, stranger):
    on = arrive(given.sign_in(learner), course)

    assert given.sign_in(stranger).get(on).status_code == 404


# --- what is not believed


def refused(client, sent, words):
    response = client.post(LAUNCH, sent)
    assert response.status_code == 409
    assert words in response.content.decode(), response.content.decode()
    assert not Launch.objects.arrived().exists()


def test_a_forged_message_is_refused(platform, moodle, course):
    client = Client()
    _conf, asked = button(client, course)

    sent = message(Conf(keys=THEIRS, course=course), asked)

    refused(client, sent, "not signed by The ministry")


def altered(token, **claims):
    head, body, signature = token.split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    said |= claims
    whole = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    return f"{head}.{whole}.{signature}"


def unsigned(token):
    head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    return f"{head}.{token.split('.')[1]}."


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: altered(token, sub="user-1"),
        unsigned,
        lambda token: token[:-8],
        lambda token: "not a token",
        lambda token: "",
    ],
)
def test_an_altered_message_is_refused(platform, moodle, course, spoil):
    client = Client()
    conf, asked = button(client, course)
    sent = message(conf, asked)

    refused(client, sent | {"id_token": spoil(sent["id_token"])}, "not signed by")


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example"},
        {"aud": "somebody-else"},
        {"aud": ["amana-1", "other"], "azp": "other"},
        {"nonce_": "x"},
        {f"{LTI}deployment_id": "8"},
        {f"{LTI}version": "1.1"},
        {f"{LTI}message_type": "LtiDeepLinkingRequest"},
        {f"{LTI}target_link_uri": "http://localhost:8000/academy/other/"},
        {"sub": ""},
        {"sub": "x" * 300},
        {"sub": 5},
    ],
)
def test_a_message_for_something_else_is_refused(platform, moodle, course, claims):
    client = Client()
    conf, asked = button(client, course)
    if "nonce_" in claims:
        asked, claims = asked | {"nonce": "another"}, {}

    refused(client, message(conf, asked, **claims), "does not belong to your request")


def test_a_message_is_good_once(platform, moodle, course):
    client = Client()
    conf, asked = button(client, course)
    sent = message(conf, asked)
    assert client.post(LAUNCH, sent).status_code == 200

    response = client.post(LAUNCH, sent)

    assert response.status_code == 409
    assert "has already been used" in response.content.decode()


def test_a_message_that_somebody_caught_is_no_good_in_their_browser(
    platform, moodle, course
):
    conf, asked = button(Client(), course)

    refused(Client(), message(conf, asked), "another browser")


@pytest.mark.parametrize(("minutes", "seconds"), [(6, 300), (9, 300), (11, 3600)])
def test_an_old_message_is_refused(platform, moodle, course, minutes, seconds):
    client = Client()
    conf, asked = button(client, course)
    sent = message(conf, asked, seconds=seconds)

    with time_machine.travel(timezone.now() + timedelta(minutes=minutes + 1)):
        refused(client, sent, "too old")


def test_a_message_for_later_is_refused(platform, moodle, course):
    client = Client()
    conf, asked = button(client, course)
    later = int((timezone.now() + timedelta(minutes=2)).timestamp())
    refused(client, message(conf, asked, nbf=later), "too old")


def test_a_link_that_was_left_lying_leads_nowhere(platform, moodle, course, learner):
    client = given.sign_in(learner)
    on = arrive(client, course)
    Launch.objects.update(arrived_at=timezone.now() - timedelta(hours=1))

    assert client.get(on).status_code == 404


@pytest.mark.parametrize(
    "said",
    [
        {"iss": "https://other.example"},
        {"client_id": "other"},
        {"target_link_uri": "http://localhost:8000/academy/none/"},
        {"target_link_uri": "https://elsewhere.example/academy/small/"},
    ],
)
def test_a_button_of_somebody_else_leads_nowhere(platform, course, said):
    good = {"iss": ISSUER, "target_link_uri": course, "login_hint": "x"}
    assert Client().get(reverse("lti:login"), good).status_code == 302

    assert Client().get(reverse("lti:login"), good | said).status_code == 409


def test_new_keys_are_asked_for_and_a_system_that_is_away_is_said_to_be(
    platform, moodle, course
):
    known, moodle.keys = moodle.keys, {"keys": []}
    client = Client()
    conf, asked = button(client, course)
    refused(client, message(conf, asked), "not signed by")

    moodle.keys = known
    assert client.post(LAUNCH, message(conf, asked)).status_code == 200

    from django.core.cache import cache

    cache.clear()
    moodle.down = True
    conf, asked = button(client, course)
    response = client.post(LAUNCH, message(conf, asked))
    assert "is not responding" in response.content.decode()


def test_a_system_with_an_odd_address_is_said_not_to_answer(
    platform, course, monkeypatch
):
    type(platform).objects.update(keys_url=f"{ISSUER}/my certs")
    client = Client()
    conf, asked = button(client, course)

    refused(client, message(conf, asked), "is not responding")


# --- the list of systems


def test_a_system_is_put_on_the_list_once_and_taken_off(
    version, platform, coordinator, learner
):
    url = reverse("lti:platforms", args=["small"])
    client = given.sign_in(coordinator)
    assert client.post(url, make_form_key() | SAID).status_code == 409
    assert (
        client.post(
            url, make_form_key() | SAID | {"keys_url": "http://x.example/"}
        ).status_code
        == 422
    )

    client.post(reverse("lti:close", args=["small", platform.pk]), make_form_key())
    assert client.post(url, make_form_key() | SAID).status_code == 302
    assert given.sign_in(learner).get(url).status_code == 404


def test_links_are_ones_own(platform, moodle, course, learner, stranger):
    confirmed(learner, course)
    [link] = AccountLink.objects.all()

    for name in ("tell", "unlink"):
        url = reverse(f"lti:{name}", args=[link.pk])
        assert given.sign_in(stranger).post(url, make_form_key()).status_code == 404
    mine, academy = reverse("lti:mine"), reverse("courses:home")
    assert mine in given.sign_in(learner).get(academy).content.decode()
    assert mine not in given.sign_in(stranger).get(academy).content.decode()
    shown = given.sign_in(learner).get(mine).content.decode()
    assert "The ministry’s Moodle" in shown
    given.sign_in(learner).post(reverse("lti:unlink", args=[link.pk]), make_form_key())
    assert not AccountLink.objects.exists()
