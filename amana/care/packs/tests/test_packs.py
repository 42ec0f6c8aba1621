"""A pack is at most 20 cases for at most 72 hours, an export, listed, and revocable at
the next contact of its device; its duress phrase tells two others, silently (P44, P46,
P47)."""

import gzip
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases.events import case_erasing
from amana.care.cases.models import Case
from amana.care.packs import actions, pack_exports
from amana.care.packs.actions import IssuedPack
from amana.care.packs.models import OfflinePack
from amana.care.packs.rules import revoke_pack, see_pack
from amana.errors import Changed, Refused
from amana.notifications.models import Notification, NotificationTopic
from amana.trust.access.models import Role, Suspension, Team, User
from amana.trust.access.rules import Denied
from amana.trust.alarms.models import ActivityKind, Alarm
from amana.trust.audit import log
from amana.trust.exports import actions as exports
from amana.trust.exports.export_kinds import KINDS
from amana.trust.exports.models import Export
from amana.ui import once
from tests.pages import LIGHT
from tests.worlds import kept

pytestmark = pytest.mark.django_db
CONTACT = "packs:contact"


@kept
def team(db: None) -> Team:
    return given.make_team()


@kept
def worker(team: Team) -> User:
    return given.make_worker(of=team, name="Works on it")


@kept
def lead(team: Team) -> User:
    return given.make_worker(of=team, role=Role.SUPERVISOR, name="Lead")


@kept
def officer(db: None) -> User:
    return given.make_worker(role=Role.DATA_PROTECTION_OFFICER, name="Officer")


@kept
def case(worker: User, lead: User) -> Case:
    return given.make_case(worked_on_by=worker, identity_name="Hiwot Abate")


def asked(case: Case, by: User) -> Export:
    return exports.request_export(
        KINDS[pack_exports.PACK], [case.pk], why="help", by=by
    )


def taken(case: Case, by: User, hours: int = 24) -> IssuedPack:
    return actions.take_pack(asked(case, by), hours=hours, browser="Firefox", by=by)


def says(pack: OfflinePack, secret: str, **more: Any) -> str:
    """What the server answers a device that nobody is signed in on."""
    body = json.dumps({"pack": str(pack.pk), "secret": secret} | more)
    answer = Client().post(reverse(CONTACT), body, content_type="application/json")
    assert answer.status_code == 200
    assert not answer.cookies
    state: str = answer.json()["state"]
    return state


# --- how much, how long


def test_a_pack_holds_20_cases_at_most(worker: User) -> None:
    cases = [given.make_case(worked_on_by=worker).pk for _case in range(21)]
    kind = KINDS[pack_exports.PACK]
    with pytest.raises(Refused, match="20 cases"):
        exports.request_export(kind, cases, why="help", by=worker)
    assert exports.request_export(kind, cases[:20], why="help", by=worker).is_open


@pytest.mark.parametrize("hours", [0, 1, 73, 96])
def test_a_pack_opens_for_72_hours_at_most(
    case: Case, worker: User, hours: int
) -> None:
    with pytest.raises(Refused, match="72 hours"):
        taken(case, worker, hours)
    pack = taken(case, worker, 72).pack
    with pytest.raises(IntegrityError), transaction.atomic():
        OfflinePack.objects.update(until=pack.taken_at + timedelta(hours=73))


def test_only_those_who_work_on_a_case_take_it(
    case: Case, lead: User, officer: User
) -> None:
    for user in (lead, officer, given.make_worker()):
        with pytest.raises(Refused, match="nothing here"):
            asked(case, user)


def test_one_export_is_one_pack(case: Case, worker: User, lead: User) -> None:
    export = asked(case, worker)
    actions.take_pack(export, hours=24, browser="", by=worker)
    with pytest.raises(Changed):
        actions.take_pack(export, hours=24, browser="", by=worker)
    with pytest.raises(Denied):
        actions.take_pack(asked(case, worker), hours=24, browser="", by=lead)
    sheets = exports.request_export(KINDS["sheets"], [case.pk], why="help", by=worker)
    with pytest.raises(Refused):
        actions.take_pack(sheets, hours=24, browser="", by=worker)


def test_the_person_sees_it_and_until_when(case: Case, worker: User) -> None:
    taken(case, worker)
    events = log.find_events_about(case.pk).filter(did="took offline pack")
    assert events.get().purpose == "export: help"
    page = given.sign_in(worker).get(reverse("audit:case", args=[case.pk]))
    assert "offline pack" in page.content.decode()


def test_the_database_knows_no_secret_of_a_device(case: Case, worker: User) -> None:
    pack, contact, duress = taken(case, worker)
    stored = bytes(pack.contact) + bytes(pack.duress)
    assert contact.encode() not in stored
    assert duress.encode() not in stored
    assert len(contact) == len(duress)  # a receipt of either looks alike


# --- contact


def test_a_live_pack_may_stay(case: Case, worker: User) -> None:
    pack, contact, _duress = taken(case, worker)
    assert says(pack, contact) == "keep"


def test_a_revoked_pack_goes_at_the_next_contact(
    case: Case, worker: User, lead: User
) -> None:
    pack, contact, _duress = taken(case, worker)
    actions.revoke(pack, by=lead)
    assert says(pack, contact) == "gone"
    with pytest.raises(Denied):
        actions.revoke(OfflinePack.objects.get(pk=pack.pk), by=lead)


def test_a_pack_goes_when_its_time_is_over(case: Case, worker: User) -> None:
    pack, contact, _duress = taken(case, worker)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert says(pack, contact) == "gone"


def test_a_pack_goes_with_the_case_the_place_or_the_account(
    case: Case, worker: User, officer: User
) -> None:
    pack, contact, _duress = taken(case, worker)
    suspension = Suspension.objects.create(user=worker, by=officer)
    assert says(pack, contact) == "gone"
    suspension.delete()
    assert says(pack, contact) == "keep"
    case.assignments.update(ended_at=timezone.now())
    assert says(pack, contact) == "gone"


def test_of_an_erased_case_neither_the_pack_nor_the_export_holds_anything(
    case: Case, worker: User
) -> None:
    pack, contact, _duress = taken(case, worker)
    assert pack.export.things == [case.pk]
    case_erasing.send(Case, case=case, things=[case.pk])
    assert pack.export.things == []
    assert says(pack, contact) == "gone"


def test_who_knows_the_number_and_no_secret_learns_nothing(
    case: Case, worker: User
) -> None:
    pack, _contact, _duress = taken(case, worker)
    assert says(pack, "0" * 32, gone=True) == "gone"
    pack.refresh_from_db()
    assert pack.gone_at is None
    half = json.dumps({"pack": str(pack.pk), "secret": "\ud800"})
    for body in ("x", half):
        answer = Client().post(reverse(CONTACT), body, content_type="application/json")
        assert answer.status_code == 400


def test_a_device_says_that_nothing_is_left(case: Case, worker: User) -> None:
    pack, contact, _duress = taken(case, worker)
    assert says(pack, contact, gone=True) == "gone"
    pack.refresh_from_db()
    assert pack.gone_at is not None
    assert not Alarm.objects.exists()


def test_duress_tells_two_others_and_changes_nothing_that_is_seen(
    case: Case, worker: User, lead: User, officer: User
) -> None:
    pack, _contact, duress = taken(case, worker)
    for _time in range(2):
        assert says(pack, duress, gone=True) == "gone"
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.user) == (ActivityKind.DURESS, worker)
    assert set(alarm.told.all()) == {lead, officer}
    told = Notification.objects.filter(what=NotificationTopic.ALARM)
    assert worker.pk not in told.values_list("user", flat=True)
    worker.refresh_from_db()
    assert not worker.is_slowed
    page = given.sign_in(worker).get(reverse("packs:list")).content.decode()
    assert "Deleted on the device" in page
    assert "duress" not in page.lower()


# --- pages


def test_who_sees_and_revokes(
    case: Case, worker: User, lead: User, officer: User
) -> None:
    pack = taken(case, worker).pack
    auditor = given.make_worker(role=Role.AUDITOR)
    stranger = given.make_worker(role=Role.SUPERVISOR)
    for user, sees, revokes in (
        (worker, True, True),
        (lead, True, True),
        (officer, True, True),
        (auditor, True, False),
        (stranger, False, False),
        (given.make_worker(role=Role.ADMINISTRATOR), False, False),
    ):
        assert see_pack.permits(user, pack) is sees
        assert revoke_pack.permits(user, pack) is revokes
    browser = given.sign_in(lead)
    assert worker.name in browser.get(reverse("packs:list")).content.decode()
    address = reverse("packs:revoke", args=[pack.pk])
    assert (
        given.sign_in(stranger).post(address, once.make_form_key()).status_code == 404
    )
    assert browser.post(address, once.make_form_key()).status_code == 302
    page = browser.get(reverse("packs:list")).content.decode()
    assert "Revoked" in page


def test_it_is_chosen_asked_why_and_filled(case: Case, worker: User) -> None:
    browser = given.sign_in(worker)
    address = reverse("packs:choose")
    assert "Hiwot Abate" in browser.get(address).content.decode()
    assert browser.post(address, once.make_form_key()).status_code == 422
    asks = browser.post(address, {"pick": case.pk.hex} | once.make_form_key())
    page = given.confirm_export(browser, asks)
    assert "Duress phrase" in page.content.decode()
    assert "worker-src 'self'" in page.headers["Content-Security-Policy"]
    export = Export.objects.get()
    said = {"export": str(export.pk), "hours": "48"}
    answer = browser.post(reverse("packs:fill"), said)
    assert "no-store" in answer.headers["Cache-Control"]
    found = answer.json()
    assert found["left"] == 48 * 3600 * 1000
    [sheet] = found["cases"]
    assert (sheet["name"], sheet["reference"]) == ("Hiwot Abate", case.reference)
    assert ["A bed"] not in sheet["parts"]
    assert "A bed" in json.dumps(sheet)
    assert browser.post(reverse("packs:fill"), said).status_code == 409
    stranger = given.sign_in(given.make_worker())
    assert stranger.post(reverse("packs:fill"), said).status_code == 404


def test_the_page_on_the_device_names_nobody(case: Case, worker: User) -> None:
    page = given.sign_in(worker).get(reverse("packs:kept")).content.decode()
    assert worker.name not in page
    assert "Hiwot" not in page
    assert "csrf" not in page


def test_the_page_on_the_device_is_light(worker: User) -> None:
    page = given.sign_in(worker).get(
        reverse("packs:kept"), headers={"Accept-Encoding": "gzip"}
    )
    html = gzip.decompress(page.content).decode()
    drawn = re.findall(r'<(?:link|script)[^>]+(?:href|src)="(/static/[^"]+)"', html)
    assert len(drawn) >= 8
    sizes = {"page": len(page.content)}
    for url in drawn:
        found = finders.find(url.removeprefix("/static/"))
        assert isinstance(found, str)
        sizes[url] = len(gzip.compress(Path(found).read_bytes(), 9))
    assert sum(sizes.values()) <= LIGHT, sizes


def test_strangers_take_nothing() -> None:
    coordinator = given.sign_in(given.make_worker(role=Role.COORDINATOR))
    assert coordinator.get(reverse("packs:choose")).status_code == 404
    assert coordinator.get(reverse("packs:list")).status_code == 404
