"""A copy of a post's telephone opens no meeting; and what is finished is sent by its
worker alone."""

from threading import Lock
from uuid import UUID

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from amana import given
from amana.care.cases.models import Case
from amana.care.meetings.models import Meeting
from amana.care.referrals.models import Referral
from amana.trust.access.models import Role, User
from amana.trust.vault import drafts
from amana.trust.vault.keys import Locked
from amana.trust.vault.models import DraftKey
from tests.journeys.conftest import Looks, Watch
from tests.journeys.offline.phones import found_in

from .posts import (
    NAME,
    OPEN_WITH_ALL,
    SAID,
    SEALED_ROWS,
    Post,
    a_house,
    act,
    agree_to,
    an_officer,
    begin_meeting,
    make_ready,
    open_meeting,
    screen,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer() -> User:
    return an_officer()


def test_who_has_left_the_team_is_told_and_it_stays_on_the_device(
    officer: User, post: Post, watch: Watch, turns: Lock
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    watch.expect("403 (Forbidden)")
    page = post.switch_on()
    post.sign_in(officer)
    make_ready(page)
    post.network(there=False)
    begin_meeting(page)
    act(page, "finish")
    screen(page, "end")
    with turns:
        officer.memberships.update(ended_at=timezone.now())

    post.network(there=True)

    expect(page.locator('[data-sending] [data-tone="late"]')).to_be_visible()
    assert [row[0][0] for row in page.evaluate(SEALED_ROWS)] == ["f"]
    assert not Meeting.objects.exists()


def test_a_second_worker_neither_works_nor_sends_under_the_keys_of_the_first(
    officer: User, post: Post, watch: Watch, turns: Lock
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    with turns:
        second = given.make_worker(
            of=officer.memberships.get().team, role=Role.SCREENER, name="Sara Haddad"
        )
    page = post.switch_on()
    post.sign_in(officer)
    make_ready(page)
    post.network(there=False)
    begin_meeting(page)
    expect(page.locator('[data-screen="start"]')).to_contain_text("Post at the bridge")
    post.sign_in(second)
    act(page, "finish")
    screen(page, "end")

    post.network(there=True)

    expect(page.locator("[data-sending]")).to_contain_text("A colleague recorded this")
    assert [row[0][0] for row in page.evaluate(SEALED_ROWS)] == ["f"]
    page.goto("/cases/meet/")
    page.wait_for_url("**/cases/meet/?online")
    assert not Meeting.objects.exists()
    post.sign_in(officer)
    open_meeting(page)
    expect(page.locator('[data-row="f"]')).to_have_count(0)
    assert Meeting.objects.get().met_by == officer


def test_ten_wrong_tries_wipe_what_is_unfinished(
    officer: User, post: Post, watch: Watch
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    a_house("Dar Amal")
    page = post.switch_on()
    post.sign_in(officer)
    make_ready(page)
    post.network(there=False)
    begin_meeting(page)
    assert [row[0][0] for row in page.evaluate(SEALED_ROWS)] == ["u"]
    assert found_in(post.dump(), SAID) == []
    post.switch_off()
    assert post.on_the_disk(SAID) == []

    page = post.switch_on(offline=True)
    open_meeting(page)
    assert page.evaluate(OPEN_WITH_ALL, given.PASSPHRASE) == ["u"]
    for number in range(10):
        page.locator("#m_passphrase").fill(f"wrong {number}")
        page.locator("[data-opening] button").click()
        expect(page.locator("#notices .notice")).to_be_visible()
        if number < 9:
            expect(page.locator("#notices")).to_contain_text(f"{9 - number}")
            assert len(page.evaluate(SEALED_ROWS)) == 1
    expect(page.locator("[data-opening]")).to_be_hidden()
    expect(page.locator('[data-act="new"]')).to_be_hidden()
    assert page.evaluate(SEALED_ROWS) == []
    post.switch_off()
    assert post.on_the_disk(SAID) == []


def test_only_the_team_opens_what_is_finished(
    officer: User, post: Post, watch: Watch
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    house, _host = a_house("Dar Amal")
    page = post.switch_on()
    post.sign_in(officer)
    make_ready(page)
    post.network(there=False)
    begin_meeting(page)
    agree_to(page, [house])
    assert found_in(post.dump(), SAID) == []
    assert page.evaluate(OPEN_WITH_ALL, given.PASSPHRASE) == []
    [[pk, key, sealed]] = page.evaluate(SEALED_ROWS)
    post.switch_off()
    assert post.on_the_disk(SAID) == []

    draft_key = DraftKey.objects.get(pk=key)
    colleague = given.make_worker(of=draft_key.team, role=Role.CASE_WORKER)
    draft, blob = UUID(pk[1:]), bytes(sealed)
    content = drafts.open_finished(
        draft, blob, key=draft_key, sender=officer, by=colleague
    )
    assert ["identity_name", NAME] in content["fields"]
    stranger = given.make_worker()
    with pytest.raises(Locked):
        drafts.open_finished(draft, blob, key=draft_key, sender=officer, by=stranger)
    with pytest.raises(drafts.UnreadableDraft):
        drafts.open_finished(draft, blob, key=draft_key, sender=colleague, by=colleague)

    page = post.switch_on()
    post.sign_in(officer)
    open_meeting(page)
    expect(page.locator("#notices a[href*='/cases/']")).to_be_visible()
    assert page.evaluate(SEALED_ROWS) == []
    assert found_in(post.dump(), SAID) == []
    post.switch_off()
    assert post.on_the_disk(SAID) == []
    assert Referral.objects.get().service_id == house.pk


def test_any_page_sends_what_waits_and_says_how_much(
    officer: User, post: Post, watch: Watch, look: Looks, turns: Lock
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    page = post.switch_on()
    post.sign_in(officer)
    make_ready(page)
    page.goto("/directory/")
    expect(page.locator("[data-waits]")).to_be_hidden()
    other = post.new_page()
    post.network(there=False)
    begin_meeting(other)
    act(other, "finish")
    screen(other, "end")
    other.close()
    page.evaluate("dispatchEvent(new Event('online'))")
    waits = page.locator("[data-waits]")
    expect(waits).to_be_visible()
    expect(waits).to_contain_text("sent from this device: 1")
    look(page, "waits-to-be-sent")
    assert not Meeting.objects.exists()

    post.network(there=True)

    sent = page.locator('main [data-state="taken"]')
    expect(sent).to_contain_text("The case is open")
    expect(waits).to_be_hidden()
    with turns:
        case = Case.objects.get()
    expect(sent.locator(f"a[href*='{case.pk}']")).to_be_visible()
    look(page, "sent-by-any-page")


def test_any_page_of_a_colleague_sends_nothing(
    officer: User, post: Post, watch: Watch, turns: Lock
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    with turns:
        second = given.make_worker(
            of=officer.memberships.get().team, role=Role.SCREENER
        )
    page = post.switch_on()
    post.sign_in(officer)
    make_ready(page)
    post.network(there=False)
    begin_meeting(page)
    act(page, "finish")
    screen(page, "end")
    post.sign_in(second)
    post.network(there=True)
    page.goto("/directory/")

    expect(page.locator('main [data-state="others"]')).to_be_visible()
    expect(page.locator("[data-waits]")).to_contain_text("sent from this device: 1")
    assert not Meeting.objects.exists()
