"""Who finds a weakness reads whom to tell, and never an address that nobody reads."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from amana.trust.operation.checks import check_security_contact

pytestmark = pytest.mark.django_db
PAGE = "/.well-known/security.txt"


@pytest.fixture(autouse=True)
def _set(settings: Any) -> Any:
    settings.SECURITY_CONTACT = "mailto:security@example.org, tel:+962-6-555-0100"
    settings.SECURITY_CONTACT_UNTIL = "2027-06-30"
    with time_machine.travel(datetime(2026, 11, 29, tzinfo=UTC), tick=False):
        yield


def test_a_comma_too_many_is_no_contact(settings: Any) -> None:
    settings.SECURITY_CONTACT = "mailto:security@example.org, "
    answer = Client().get(PAGE)
    assert answer.content.startswith(b"Contact: mailto:security@example.org\nExpires")


def test_a_stranger_reads_whom_to_tell_and_until_when() -> None:
    answer = Client().get(PAGE)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == (
        "Contact: mailto:security@example.org\n"
        "Contact: tel:+962-6-555-0100\n"
        "Expires: 2027-06-30T23:59:59Z\n"
    )
    assert not answer.cookies
    assert check_security_contact() is None


def test_where_nothing_is_set_there_is_no_such_page(settings: Any) -> None:
    settings.SECURITY_CONTACT = settings.SECURITY_CONTACT_UNTIL = ""
    assert Client().get(PAGE).status_code == 404
    assert check_security_contact() is None


@pytest.mark.parametrize(
    ("contact", "until"),
    [
        ("mailto:security@example.org", ""),
        ("mailto:security@example.org", "next summer"),
        ("mailto:security@example.org", "2026-11-28"),  # over
        ("mailto:security@example.org", "2028-01-01"),  # further than anyone can say
        ("security@example.org", "2027-06-30"),  # RFC 9116 wants a scheme
        ("http://example.org/form", "2027-06-30"),
        ("mailto:", "2027-06-30"),
        ("mailto:a@example.org\nExpires: 2099-01-01T00:00:00Z", "2027-06-30"),
        ("mailto:security@example.org,not an address", "2027-06-30"),
        (",", "2027-06-30"),
    ],
)
def test_what_does_not_hold_is_not_shown_and_the_doctor_says_so(
    settings: Any, contact: str, until: str
) -> None:
    settings.SECURITY_CONTACT, settings.SECURITY_CONTACT_UNTIL = contact, until
    assert Client().get(PAGE).status_code == 404
    finding = check_security_contact()
    assert finding is not None
    assert "SECURITY_CONTACT_UNTIL" in finding.what


def test_it_ends_at_the_end_of_the_day_that_was_set() -> None:
    with time_machine.travel(datetime(2027, 6, 30, 23, 59, tzinfo=UTC)):
        assert Client().get(PAGE).status_code == 200
    with time_machine.travel(datetime(2027, 7, 1, tzinfo=UTC)):
        assert Client().get(PAGE).status_code == 404


def test_the_doctor_reminds_a_month_before() -> None:
    with time_machine.travel(datetime(2027, 5, 30, tzinfo=UTC)):
        assert check_security_contact() is None
    with time_machine.travel(datetime(2027, 6, 2, tzinfo=UTC)):
        assert check_security_contact() is not None
        assert Client().get(PAGE).status_code == 200
