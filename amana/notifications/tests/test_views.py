"""The list, what a notification leads to, and the stream."""

import json

import pytest
from django.urls import reverse

from amana import given
from amana.care.cases import actions as cases
from amana.care.referrals import actions as referrals
from amana.design.directory.taxonomy import ServiceGroup
from amana.notifications import unread
from amana.notifications.models import Notification, NotificationTopic
from amana.trust.access.models import Session
from amana.trust.audit.models import AuditEvent
from amana.ui import badges
from amana.ui.once import make_form_key

pytestmark = pytest.mark.django_db
LIST, STREAM = "/notifications/", "/notifications/stream"


def page_of(user):
    (entry,) = unread.list_entries(user)
    return reverse("notifications:follow", args=[entry.notification.pk])


def main_of(answer):
    """Without the secrets of its forms, which differ each time."""
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def test_the_list_says_what_changed_and_no_word_about_a_person(
    referral, host, worker, browse
):
    page = browse(host).get(LIST)
    text = page.content.decode()
    assert "New referral" in text
    assert str(ServiceGroup(referral.need.group).label) in text
    assert str(referral.need.type.label) not in text
    assert "Zubaida" not in text
    assert "Zubaida" not in browse(worker).get(LIST).content.decode()


def test_to_follow_it_leads_there_and_is_to_have_read_it(referral, host, browse):
    browser = browse(host)
    answer = browser.get(page_of(host))
    assert answer.headers["Location"] == f"/referrals/{referral.pk}/"
    assert [entry.is_read for entry in unread.list_entries(host)] == [True]


def test_all_are_read_with_one_button(referral, host, browse):
    browse(host).post(LIST + "read", make_form_key())
    assert [entry.is_read for entry in unread.list_entries(host)] == [True]


def test_a_stranger_finds_nothing_and_the_same_as_for_no_number(
    referral, host, stranger, browse
):
    browser, there = browse(stranger), page_of(host)
    at_theirs, at_none = browser.get(there), browser.get(LIST + "999999/")
    assert at_theirs.status_code == at_none.status_code == 404
    assert main_of(at_theirs) == main_of(at_none)
    assert "no longer available" in at_theirs.content.decode()
    assert f'href="{there}"' not in browser.get(LIST).content.decode()


def test_of_a_case_restricted_meanwhile_the_link_says_nothing(
    case, worker, supervisor, browse
):
    cases.propose_closure(
        case, reason="lost_contact", checklist=[], left_open="She left", by=worker
    )
    there = page_of(supervisor)
    assert browse(supervisor).get(there).status_code == 302
    cases.restrict(case, people=[worker], by=supervisor)
    answer = browse(supervisor).get(there)
    assert answer.status_code == 404
    assert case.reference not in answer.content.decode()


def test_a_coordinator_is_led_to_the_list_of_what_is_late(
    referral, coordinator, browse
):
    from amana.notifications.actions import notify

    users = [coordinator.pk]
    notify(NotificationTopic.REFERRAL_LATE, referral.pk, users=users, by=None)
    answer = browse(coordinator).get(page_of(coordinator))
    assert answer.headers["Location"] == reverse("referrals:late")


def test_the_list_costs_the_same_for_one_and_for_thirty(
    referral, beds, worker, host, browse, django_assert_max_num_queries
):
    browser = browse(host)
    with django_assert_max_num_queries(16):
        browser.get(LIST)
    for _more in range(5):
        more = given.make_case(worked_on_by=worker)
        given.make_referral(need=more.needs.get(), to=beds, by=worker)
    with django_assert_max_num_queries(16):
        browser.get(LIST)


def test_every_page_shows_the_numbers_without_a_script(referral, host, browse):
    page = browse(host).get("/directory/").content.decode()
    assert '<span class="badge" data-badge="inbox">1</span>' in page
    assert '<span class="badge" data-badge="notifications">1</span>' in page


# --- the stream


def read(answer):
    """The messages of a stream that ended."""
    text = b"".join(answer.streaming_content).decode()
    parts = [
        dict(line.split(": ", 1) for line in part.split("\n") if ": " in line)
        for part in text.split("\n\n")
        if part
    ]
    return [(part["id"], json.loads(part["data"])) for part in parts if "data" in part]


def test_the_stream_tells_numbers_and_nothing_twice(referral, host, worker, browse):
    browser = browse(host)
    ((version, counts),) = read(browser.get(STREAM))
    assert counts == badges.count_badges(host)
    assert counts.pop("news")
    assert counts == {"inbox": 1, "notifications": 1, "tasks": 1}

    again = browser.get(STREAM, headers={"Last-Event-ID": version})
    assert again["Content-Type"] == "text/event-stream; charset=utf-8"
    assert again["X-Goes-On"] == f"waiting {host.pk} {version}"
    assert read(again) == []

    referrals.recall(referral, by=worker)
    ((_version, counts),) = read(browser.get(STREAM, {"since": version}))
    assert counts["inbox"] == 0


def test_where_the_server_can_it_goes_on_from_what_the_page_has(host, browse):
    answer = browse(host).get(
        STREAM, {"since": "inbox=0"}, headers={"X-Can-Go-On": "1"}
    )
    assert answer["X-Goes-On"] == f"waiting {host.pk} inbox=0"
    assert read(answer) == []


@pytest.mark.parametrize("said", ["", "x", "inbox=1\r\nSet-Cookie: a", "inbox=٣", "7"])
def test_what_a_browser_says_of_itself_is_never_repeated(host, browse, said):
    answer = browse(host).get(STREAM, {"since": said}, headers={"X-Can-Go-On": "1"})
    assert answer["X-Goes-On"] == f"waiting {host.pk} -"


def test_an_open_page_keeps_nobody_signed_in(host, browse):
    browser = browse(host)
    browser.get(LIST)
    seen = Session.objects.get(user=host).seen_at
    browser.get(STREAM)
    browser.get(LIST, headers={"HX-Request": "true"})
    assert Session.objects.get(user=host).seen_at == seen


def test_nobody_unknown_listens(client):
    assert client.get(STREAM).status_code == 302


def test_reading_is_no_event_of_the_log(referral, host, browse):
    browser = browse(host)
    before = AuditEvent.objects.count()
    browser.get(STREAM)
    assert AuditEvent.objects.count() == before
    assert Notification.objects.exists()
