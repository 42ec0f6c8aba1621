"""Module 1 on a phone: kept there, learned and passed where there is no network, and
what was done arrives once."""

from playwright.sync_api import Page, ViewportSize, expect

from amana.academy.courses import actions as courses
from amana.academy.courses.learner_progress import load_progress
from amana.academy.courses.models import Enrolment, Event
from amana.academy.courses.tests.courses import RIGHT
from amana.academy.courses.tests.test_actions import map_to_page
from amana.trust.access.models import User

from .conftest import Looks
from .test_learning import fill

PHONE: ViewportSize = {"width": 360, "height": 740}


def ready(page: Page) -> None:
    expect(page.locator("html[data-ready]")).to_be_attached()


def keep(page: Page, whose: str) -> None:
    page.goto("/academy/small/m1/")
    page.locator('main a[href*="/offline/keep/"]').click()
    ready(page)
    page.locator(f'input[name=leaves][value="{whose}"]').check()
    page.locator("form[data-keep] button[type=submit]").click()
    expect(page.locator('[data-say="kept"]')).to_be_visible()


def not_sent(page: Page, count: int) -> None:
    expect(page.locator("[data-count]").first).to_have_text(str(count))


def learns_where_there_is_no_network(own: Page, look: Looks) -> None:
    own.set_viewport_size(PHONE)
    keep(own, "no")
    look(own, "academy-keep")
    own.context.set_offline(True)
    own.locator('[data-say="kept"] a').first.click()
    ready(own)
    look(own, "academy-kept-module")
    own.locator('main a[href*="01-asking-first"]').click()
    ready(own)
    for figure in own.locator("img.prose-figure").all():
        assert figure.evaluate("img => img.naturalWidth") > 0
    chooses(own, "1")
    expect(own.locator("#m1-q01 [data-when=wrong]")).to_be_visible()
    expect(own.locator('#m1-q01 [data-option="1"]')).to_be_visible()
    expect(own.locator('#m1-q01 [data-option="0"]')).to_be_hidden()
    not_sent(own, 1)
    look(own, "academy-kept-lesson")
    chooses(own, "0")
    expect(own.locator("#m1-q01 [data-when=right]")).to_be_visible()
    own.locator("[data-read]").click()
    own.wait_for_url("**/02-a-case/")
    ready(own)
    own.locator("[data-read]").click()
    not_sent(own, 4)
    assert not Event.objects.exists()
    own.context.set_offline(False)
    not_sent(own, 0)
    told = list(Event.objects.in_order().values_list("verb", flat=True))
    assert told == ["answered", "answered", "read", "read"], told


def chooses(page: Page, option: str) -> None:
    page.locator(f'#m1-q01 [value="{option}"]').check()
    page.locator("#m1-q01 button[type=submit]").click()


def passes_the_test(own: Page, person: User, look: Looks) -> None:
    """On the same device, again without a network; it arrives once."""
    enrolment = Enrolment.objects.get(person=person)
    before = enrolment.events.count()
    own.set_viewport_size(PHONE)
    own.goto("/academy/offline/kept/")
    ready(own)
    look(own, "academy-kept")
    own.context.set_offline(True)
    own.locator("[data-kept] a").first.click()
    ready(own)
    expect(own.locator('[data-tick="m1/01-asking-first"]')).to_be_visible()
    own.locator('main a[href$="/test/"]').first.click()
    ready(own)
    attempt = enrolment.attempts.get()
    drawn = courses.list_question_ids(attempt)
    assert own.locator("[data-drawn]").count() == len(drawn)
    fill(own, map_to_page(attempt, {name: RIGHT[name] for name in drawn}))
    look(own, "academy-kept-test")
    own.locator("[data-test] button[type=submit]").click()
    expect(own.locator('[data-say="handed-in"]')).to_be_visible()
    not_sent(own, 1)
    assert enrolment.events.count() == before
    own.context.set_offline(False)
    not_sent(own, 0)
    assert load_progress(enrolment).modules[0].passed
    own.reload()
    ready(own)
    assert enrolment.events.count() == before + 1
