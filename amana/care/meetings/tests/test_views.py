"""What a device asks for, and how it is answered."""

import base64
import gzip
import json
import re
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases.models import Case
from amana.care.consent import consent_text
from amana.care.meetings.models import Meeting
from amana.design.directory.models import Service
from amana.design.directory.models.changes import record_change
from amana.trust.access.models import Role, Team, User
from amana.trust.vault import middleware
from amana.trust.vault.models import DraftKey, WaitingDraft
from amana.ui.once import make_form_key

from .conftest import NAME, Seals, an_id, answers

pytestmark = pytest.mark.django_db
TAKE = "/cases/meet/take"


def post(client: Client, pk: UUID, sealed: bytes, key: DraftKey) -> Any:
    body = {
        "id": str(pk),
        "key": str(key.pk),
        "sealed": base64.b64encode(sealed).decode(),
        "now": time.time() * 1000,
    }
    return client.post(TAKE, json.dumps(body), content_type="application/json")


def locked(user: User) -> Client:
    client = given.sign_in(user)
    del client.cookies[middleware.get_cookie_name()]
    return client


def test_a_device_hears_what_became_of_it(
    key: DraftKey, seal: Seals, officer: User
) -> None:
    client, pk = given.sign_in(officer), an_id()
    sealed = seal(pk, answers())

    told = post(client, pk, sealed, key).json()
    again = post(client, pk, sealed, key).json()

    case = Case.objects.get()
    assert told == {
        "state": "taken",
        "words": "Sent. The case is open.",
        "url": reverse("cases:case", args=[case.pk]),
        "link": f"Open case {case.reference}",
        "left": [],
    }
    assert again["state"] == "known"
    assert again["url"] == told["url"]


def test_it_waits_when_the_sender_has_not_unlocked(
    key: DraftKey, seal: Seals, team: Team, officer: User
) -> None:
    pk, colleague = an_id(), given.make_worker(of=team)

    told = post(locked(officer), pk, seal(pk, answers()), key).json()
    assert told["state"] == "waits"
    assert told["url"] == "/keys/unlock?next=/cases/meet/waiting/"

    assert not Case.objects.exists()
    browser = given.sign_in(colleague)
    assert officer.name in browser.get("/cases/meet/waiting/").content.decode()
    took = browser.post(f"/cases/meet/waiting/{pk}", make_form_key())
    assert took["Location"] == reverse("cases:case", args=[Case.objects.get().pk])
    assert not WaitingDraft.objects.exists()
    assert officer.name not in browser.get("/cases/meet/waiting/").content.decode()


def test_a_refusal_is_a_sentence_and_the_device_keeps_it(
    key: DraftKey, seal: Seals, officer: User
) -> None:
    pk, other = an_id(), an_id()

    told = post(given.sign_in(officer), other, seal(pk, answers()), key).json()

    assert told["state"] == "refused"
    assert "stays on the device" in told["words"]
    assert not Meeting.objects.exists()


def test_a_stranger_can_neither_send_nor_open(
    key: DraftKey, seal: Seals, officer: User
) -> None:
    pk, stranger = an_id(), given.sign_in(given.make_worker())
    assert post(stranger, pk, seal(pk, answers()), key).status_code == 403
    post(locked(officer), pk, seal(pk, answers()), key)

    assert str(pk) not in stranger.get("/cases/meet/waiting/").content.decode()
    assert (
        stranger.post(f"/cases/meet/waiting/{pk}", make_form_key()).status_code == 404
    )
    assert not Case.objects.exists()


def test_someone_who_has_left_can_no_longer_send(
    key: DraftKey, seal: Seals, team: Team, officer: User
) -> None:
    pk = an_id()
    client = given.sign_in(officer)
    officer.memberships.update(ended_at="2026-01-01T00:00Z")

    assert post(client, pk, seal(pk, answers()), key).status_code == 403
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"id": 1}', '{"id": "x", "key": "y", "sealed": "", "now": 1}'],
)
def test_what_is_no_meeting_is_a_bad_request(officer: User, body: str) -> None:
    client = given.sign_in(officer)

    sent = client.post(TAKE, body, content_type="application/json")

    assert sent.status_code == 400


def test_the_page_that_is_kept_says_nothing_of_anybody(
    officer: User, team: Team, houses: list[Service]
) -> None:
    given.make_case(worked_on_by=officer, identity_name=NAME)

    page = given.sign_in(officer).get("/cases/meet/kit/").content.decode()

    assert houses[0].name in page
    for word in (NAME, officer.name, officer.email, "csrfmiddlewaretoken", "nonce"):
        assert word not in page


def test_a_house_that_one_may_not_see_is_not_on_a_device(
    officer: User, houses: list[Service]
) -> None:
    Service.objects.filter(pk=houses[0].pk).update(
        visibility=Service.Visibility.RESTRICTED
    )
    record_change()

    page = given.sign_in(officer).get("/cases/meet/kit/").content.decode()

    assert houses[0].name not in page
    assert houses[1].name in page


def test_the_page_is_for_those_who_hold_a_key_and_have_unlocked(
    officer: User, team: Team
) -> None:
    coordinator = given.make_worker(role=Role.COORDINATOR)
    assert given.sign_in(coordinator).get("/cases/meet/kit/").status_code == 409
    assert locked(officer).get("/cases/meet/kit/").status_code == 302


def test_whoever_takes_nothing_packed_gets_it_unpacked(officer: User) -> None:
    page = given.sign_in(officer).get("/cases/meet/kit/")
    assert "Content-Encoding" not in page.headers
    assert "Accept-Encoding" in page.headers["Vary"]
    assert b"<h1" in page.content


MORE = 2_600
"""Bytes that the consent text of a further language weighs: a device without a network
has to hold it in each language in which a person may be asked."""


@pytest.mark.parametrize("language", consent_text.WRITTEN)
def test_a_meeting_in_three_languages_weighs_at_most_60_kb(
    officer: User, language: str
) -> None:
    """The page with sixty houses, and what it is drawn with, as it is sent."""
    team = given.make_team(name="House")
    focal = given.make_worker(of=team, role=Role.FOCAL_POINT)
    for number in range(60):
        given.make_service(
            of=team,
            by=focal,
            name=f"House {number}",
            sexes=["female"] if number % 3 else [],
            age_min=18 if number % 2 else 0,
            hours=[[540, 1020]] if number % 4 == 0 else None,
        )
    page = given.sign_in(officer).get(
        "/cases/meet/kit/",
        headers={"Accept-Encoding": "gzip", "Accept-Language": language},
    )
    assert page.headers["Content-Encoding"] == "gzip"
    html = gzip.decompress(page.content).decode()
    assert html.count("House 59") == 1
    assert f'lang="{language}"' in html
    drawn = re.findall(r'<(?:link|script)[^>]+(?:href|src)="(/static/[^"]+)"', html)
    assert len(drawn) == 14
    sizes = {"page": len(page.content)}
    for url in drawn:
        found = finders.find(url.removeprefix("/static/"))
        assert isinstance(found, str)
        with open(found, "rb") as file:
            sizes[url] = len(gzip.compress(file.read(), 9))
    further = len(consent_text.WRITTEN) - 3
    assert sum(sizes.values()) <= 60_000 + MORE * further, sizes


def test_nobody_locked_out_learns_more_than_that(officer: User) -> None:
    assert Client().get("/cases/meet/pass").status_code == 302
    told = locked(officer).get("/cases/meet/pass").json()
    assert told["unlocked"] is False
    assert officer.name not in json.dumps(told)


def test_a_device_sends_so_many_an_hour(
    key: DraftKey, officer: User, settings: Any
) -> None:
    limits = {**settings.ACCOUNT_RATE_LIMITS, "meeting": "2/h/user"}
    settings.ACCOUNT_RATE_LIMITS = limits
    client = given.sign_in(officer)

    told = [post(client, an_id(), b"\x03", key).json()["words"] for _time in range(3)]

    assert ["Too many attempts" in why for why in told] == [False, False, True]


def test_who_opens_one_has_typed_the_passphrase_lately(
    key: DraftKey, seal: Seals, team: Team, officer: User
) -> None:
    pk, colleague = an_id(), given.sign_in(given.make_worker(of=team))
    post(locked(officer), pk, seal(pk, answers()), key)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        colleague.post(f"/cases/meet/waiting/{pk}", make_form_key())

    assert not Case.objects.exists()
    assert WaitingDraft.objects.exists()


def test_only_a_supervisor_is_offered_to_set_one_aside(
    key: DraftKey, seal: Seals, team: Team, officer: User
) -> None:
    supervisor = given.sign_in(given.make_worker(of=team, role=Role.SUPERVISOR))
    worker = given.sign_in(given.make_worker(of=team))
    pk = an_id()
    post(locked(officer), pk, seal(an_id(), answers()), key)
    url = f"/cases/meet/waiting/{pk}/aside"

    assert url not in worker.get("/cases/meet/waiting/").content.decode()
    assert worker.post(url, make_form_key()).status_code == 404
    assert url in supervisor.get("/cases/meet/waiting/").content.decode()
    assert supervisor.post(url, make_form_key()).status_code == 302
    assert url not in supervisor.get("/cases/meet/waiting/").content.decode()
    assert not WaitingDraft.objects.exists()
