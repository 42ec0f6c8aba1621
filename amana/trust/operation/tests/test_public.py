"""Up or not, for a balancer; and metrics, for whom the settings name, of no person."""

import re
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from amana import given
from amana.trust.access.models import Role
from amana.trust.alarms import timer_runs
from amana.trust.alarms.models import TimerRun
from amana.trust.operation import metrics

pytestmark = pytest.mark.django_db

LINE = re.compile(r'amana_[a-z_]+(\{[a-z]+="[\w.]+"\})? -?\d[\d.e+]*')
METRICS = {
    "build_info",
    "tasks_waiting",
    "tasks_oldest_seconds",
    "tasks_failed",
    "timer_last_run_seconds",
    "timer_missed",
    "disk_free_bytes",
    "backup_age_seconds",
    "clock_in_doubt",
    "check_failed",
}
"""All that leaves; none of them counts people, cases or referrals."""


@pytest.fixture(autouse=True)
def _off(settings: Any) -> None:
    settings.METRICS_TOKEN = settings.METRICS_FROM = ""


# --- up or not


def test_a_server_says_that_it_is_up_and_nothing_else() -> None:
    answer = Client().get(reverse("health"))
    assert (answer.status_code, answer.content) == (200, b"up\n")
    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies


def test_a_balancer_may_ask_with_head() -> None:
    assert Client().head(reverse("health")).status_code == 200
    assert Client().post(reverse("health")).status_code == 405


def test_a_server_without_its_database_says_that_it_is_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away() -> None:
        raise OperationalError("host=10.0.0.7")

    monkeypatch.setattr(connection, "cursor", away)
    answer = Client().get(reverse("health"))
    assert (answer.status_code, answer.content) == (503, b"down\n")


def test_a_balancer_without_https_is_not_sent_away(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get(reverse("health")).status_code == 200
    assert Client().get(reverse("metrics")).status_code == 404
    assert Client().get(reverse("account_login")).status_code == 301


# --- metrics


def asked(token: str = "", address: str = "127.0.0.1") -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Client(REMOTE_ADDR=address).get(reverse("metrics"), headers=headers)


def test_metrics_are_off_until_a_setting_names_who_may() -> None:
    assert asked().status_code == 404
    assert asked("anything").status_code == 404


def test_metrics_are_for_who_has_the_token(settings: Any) -> None:
    settings.METRICS_TOKEN = "s3cret"
    assert asked("s3cret").status_code == 200
    assert asked("wrong").status_code == 404
    assert asked().status_code == 404


def test_metrics_are_for_the_addresses_that_are_named(settings: Any) -> None:
    settings.METRICS_FROM = "10.1.0.0/16, ::1"
    assert asked(address="10.1.2.3").status_code == 200
    assert asked(address="::1").status_code == 200
    assert asked(address="10.2.0.1").status_code == 404


def test_where_both_are_set_both_are_needed(settings: Any) -> None:
    settings.METRICS_TOKEN, settings.METRICS_FROM = "s3cret", "10.1.0.0/16"
    assert asked("s3cret", "10.1.0.1").status_code == 200
    assert asked("s3cret", "10.2.0.1").status_code == 404
    assert asked("", "10.1.0.1").status_code == 404


def test_an_address_that_a_stranger_writes_into_a_header_counts_for_nothing(
    settings: Any,
) -> None:
    settings.METRICS_FROM = "10.1.0.0/16"
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    answer = stranger.get(reverse("metrics"), headers={"X-Forwarded-For": "10.1.0.1"})
    assert answer.status_code == 404


def test_what_leaves_is_in_the_format_and_on_the_list() -> None:
    timer_runs.notify_missed()
    text = metrics.format_metrics()
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    named = set(re.findall(r"^# TYPE amana_(\w+) gauge$", text, re.MULTILINE))
    assert named == METRICS
    assert text.endswith("\n")


def test_a_timer_that_only_ever_failed_has_no_last_run() -> None:
    timer_runs.notify_missed()
    timer_runs.record_run("chase_steps")
    now = timezone.now()
    row = TimerRun.objects.filter(command="expire_consents")
    row.update(tried_at=now, unfinished_since=now, error="KeyError")
    last = [
        line for line in metrics.format_metrics().splitlines() if "_last_run_" in line
    ]
    assert [line for line in last if "expire_consents" in line] == []
    assert len([line for line in last if "chase_steps" in line]) == 1

    browser = given.sign_in(given.make_worker(role=Role.ADMINISTRATOR))
    text = browser.get(reverse("operation:state")).content.decode()
    [failed] = [row for row in text.split("<tr") if "expire_consents" in row]
    assert "<time" not in failed
    [done] = [row for row in text.split("<tr") if "chase_steps" in row]
    assert "<time" in done


def test_metrics_are_the_same_however_many_people_are_helped() -> None:
    def numbers() -> dict[str, str]:
        lines = [
            line for line in metrics.format_metrics().splitlines() if line[0] != "#"
        ]
        passing = ("seconds", "bytes")  # time goes on
        return dict(
            line.rsplit(" ", 1)
            for line in lines
            if not any(word in line.split("{")[0] for word in passing)
        )

    worker = given.make_worker()
    timer_runs.notify_missed()
    before = numbers()
    for _number in range(3):
        given.make_case(worked_on_by=worker)
    assert numbers() == before


def test_a_program_within_asks_past_the_proxy_and_a_stranger_through_it(
    settings: Any,
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.METRICS_FROM = "127.0.0.1"
    within = Client(REMOTE_ADDR="127.0.0.1")
    assert within.get(reverse("metrics")).status_code == 200
    through = {"X-Forwarded-For": "127.0.0.1, 203.0.113.9"}
    assert within.get(reverse("metrics"), headers=through).status_code == 404


# --- the page


def test_an_administrator_reads_the_same_in_words() -> None:
    browser = given.sign_in(given.make_worker(role=Role.ADMINISTRATOR))
    text = browser.get(reverse("operation:state")).content.decode()
    assert "No process is running the timers" in text
    assert "amana-timers" in text
    assert "No timer has run yet" in text
    timer_runs.notify_missed()
    assert "expire_consents" in browser.get(reverse("operation:state")).content.decode()


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_page_is_called_unlike_what_people_suffer(language: str) -> None:
    """In French both would be “Exploitation”; nor is a server well as a person is."""
    browser = given.sign_in(given.make_worker(role=Role.ADMINISTRATOR))
    browser.cookies["django_language"] = language
    text = browser.get(reverse("operation:state")).content.decode()
    with override(language):
        assert gettext("Operation") in text
        assert gettext("Exploitation") not in text
        assert f">{gettext('Well')}<" not in text


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.AUDITOR, Role.SUPERVISOR])
def test_nobody_else_reads_it(role: Role) -> None:
    browser = given.sign_in(given.make_worker(role=role))
    assert browser.get(reverse("operation:state")).status_code == 404
