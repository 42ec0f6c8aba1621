"""What the other system hears of whoever agreed; one mark holds up no other."""

import re
from base64 import urlsafe_b64decode
from uuid import uuid4

import pytest
from django.urls import reverse

from amana import given
from amana.academy.courses import actions as courses
from amana.academy.courses.tests.test_actions import all_right
from amana.exchange import web
from amana.exchange.learning.lti import actions, keys, marks
from amana.exchange.learning.lti.models import AccountLink, Score
from amana.exchange.learning.lti.tests.platform import ISSUER, ITEM, confirmed
from amana.ui.once import make_form_key

REAL = web.request_json


def passes(user, module):
    enrolment = user.enrolments.get()
    attempt = courses.begin_test(enrolment, module, by=user)
    courses.submit_test(attempt, all_right(attempt), by=user, id=uuid4())


def test_the_other_system_hears_how_many_modules_were_passed(
    platform, moodle, course, learner
):
    confirmed(learner, course)
    assert marks.send_waiting() == (1, 0)
    passes(learner, "m1")
    assert marks.send_waiting() == (1, 0)
    assert marks.send_waiting() == (0, 0)

    urls, told = zip(*moodle.scores, strict=True)
    assert set(urls) == {ITEM.replace("lineitem?", "lineitem/scores?")}
    assert [score["scoreGiven"] for score in told] == [0, 1]
    assert told[1]["scoreMaximum"] == 2
    assert told[1]["userId"] == "user-5"
    assert (told[1]["activityProgress"], told[1]["gradingProgress"]) == (
        "InProgress",
        "Pending",
    )


def test_nothing_is_told_of_whoever_did_not_agree(platform, moodle, course, learner):
    confirmed(learner, course, tells=False)

    assert marks.send_waiting() == (0, 0)
    actions.set_sharing(AccountLink.objects.get(), True, by=learner)
    assert marks.send_waiting() == (1, 0)


def pressed(page, link):
    """What the button on a page sends."""
    url = reverse("lti:tell", args=[link.pk])
    form = page.partition(f'action="{url}"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    return url, fields


@pytest.mark.parametrize("tells", [True, False])
def test_the_button_of_an_old_page_does_what_it_says(
    platform, moodle, course, learner, tells
):
    confirmed(learner, course, tells=tells)
    link, client = AccountLink.objects.get(), given.sign_in(learner)
    pages = [client.get(reverse("lti:mine")).content.decode() for _tab in range(2)]

    for page in pages:
        url, fields = pressed(page, link)
        assert client.post(url, fields).status_code == 302
        link.refresh_from_db()
        assert link.tells is not tells

    assert client.post(url, make_form_key()).status_code == 302
    link.refresh_from_db()
    assert not link.tells


def test_nothing_is_told_after_the_link_or_the_system_ended(
    platform, moodle, course, learner, coordinator
):
    confirmed(learner, course)
    actions.close_platform(platform, by=coordinator)
    assert marks.send_waiting() == (0, 0)

    actions.unlink(AccountLink.objects.get(), by=learner)
    assert not Score.objects.exists()


def test_what_was_told_is_noted_with_its_time(platform, moodle, course, learner):
    confirmed(learner, course)
    mark = Score.objects.get()

    actions.record_sent(mark, 0, by=None)

    mark.refresh_from_db()
    assert mark.told_at is not None
    assert marks.send_waiting() == (0, 0)


def test_a_mark_that_did_not_arrive_goes_again(platform, moodle, course, learner):
    confirmed(learner, course)
    moodle.down = True
    assert marks.send_waiting() == (0, 1)

    moodle.down = False
    assert marks.send_waiting() == (1, 0)


ODD = [f"{ISSUER}/a line/9", f"{ISSUER}/é", "https://[moodle.example/9"]


@pytest.mark.parametrize("odd", ODD)
def test_one_mark_that_can_not_be_told_holds_up_no_other(
    platform, moodle, course, learner, monkeypatch, odd
):
    confirmed(learner, course)
    Score.objects.update(line_item=odd)
    confirmed(learner, course)
    assert Score.objects.count() == 2
    ask = web.request_json

    def real_where_odd(url, **said):
        """Their side is played only where an address leads to it."""
        return (REAL if url.startswith(odd) else ask)(url, **said)

    monkeypatch.setattr(web, "request_json", real_where_odd)

    assert marks.send_waiting() == (1, 1)
    assert [url for url, _said in moodle.scores] == [marks.build_scores_address(ITEM)]


def test_a_link_that_ends_meanwhile_holds_up_no_other_mark(
    platform, moodle, course, learner, monkeypatch
):
    confirmed(learner, course)
    Score.objects.update(line_item=f"{ISSUER}/first")
    confirmed(learner, course)
    first, send = Score.objects.earliest("pk"), marks.send

    def send_and_end(mark, *said):
        send(mark, *said)
        if mark == first:
            Score.objects.filter(pk=mark.pk).delete()

    monkeypatch.setattr(marks, "send", send_and_end)

    assert marks.send_waiting() == (1, 1)
    assert Score.objects.get().passed == 0


@pytest.mark.parametrize(
    "item", ["https://inside.example/marks", "http://moodle.example/x", ""]
)
def test_marks_go_to_no_other_host(platform, moodle, course, learner, item):
    confirmed(learner, course, item=item)

    assert not Score.objects.exists()


def test_our_own_key_is_as_strong_as_128_bits():
    modulus = keys.get_own_key().as_dict(private=False)["n"]
    assert len(urlsafe_b64decode(f"{modulus}==")) * 8 == 3072
