"""A survivor says in Arabic, on an old telephone, how the help was; a coordinator sees
what it is about only when enough people said it."""

import pytest
from django.urls import reverse

from amana import given
from amana.insight.feedback import actions
from amana.insight.feedback.models import (
    Complaint,
    ComplaintKind,
    ComplaintOutcome,
    DeskDuty,
    Voice,
    WaitingVoice,
)
from amana.insight.feedback.questions import SlipMoment
from amana.insight.feedback.themes import Theme
from amana.trust.access.models import Role
from tests.journeys.conftest import overflow

pytestmark = [pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}
WORDS = "لا قفل على باب الغرفة."


@pytest.fixture
def coordinator(db):
    return given.make_worker(role=Role.COORDINATOR, name="Coordinator")


@pytest.fixture
def reader(coordinator):
    post = given.make_team(of=given.make_organisation(name="Listening Post"))
    reader = given.make_worker(of=post, role=Role.FOCAL_POINT, name="Reader")
    actions.appoint_team(post, DeskDuty.FEEDBACK, by=coordinator)
    actions.appoint_team(post, DeskDuty.COMPLAINTS, by=coordinator)
    return reader


@pytest.fixture
def codes(reader):
    house = given.make_organisation(name="Dar Amal")
    worker = given.make_worker(of=given.make_team(of=house))
    return actions.print_slips(house, SlipMoment.HELP, by=worker)


def said_by(page, name):
    """The button, by what stands in its form: the words are in another language."""
    return page.locator(f"button[name={name[0]}][value={name[1]}]")


def speak(page, code, look):
    """From the square on the slip to the thanks; by touch, on a small screen."""
    page.set_viewport_size(PHONE)
    page.goto(reverse("feedback:slip", args=[code]))
    look(page)
    said_by(page, ("age", "adult")).click()
    look(page)
    page.locator("label:has(input[name=q-safe][value=no])").click()
    said_by(page, ("go", "next")).click()
    said_by(page, ("go", "back")).click()
    assert page.locator("input[name=q-safe][value=no]").is_checked()
    said_by(page, ("go", "end")).click()
    page.locator("textarea[name=words]").fill(WORDS)
    look(page)
    page.locator("form#say button[type=submit]").first.click()
    page.wait_for_url("**/say/thanks*")
    look(page)


def read_one(page, accessible, picture):
    page.goto(reverse("feedback:read"))
    assert page.get_by_text(WORDS).is_visible()
    accessible(page)
    picture(page, "feedback-read")
    page.get_by_text("Feeling safe", exact=True).click()
    page.get_by_role("button", name="Save and read next").click()
    page.wait_for_url("**/desk/read/")


def test_a_theme_is_seen_when_eleven_people_spoke_of_it(
    codes, reader, coordinator, visit, sign_in, accessible, picture
):
    def look(page):
        assert page.locator("html").get_attribute("dir") == "rtl"
        assert page.title() == "معلومات"
        assert overflow(page) == []
        small = [
            box
            for control in page.locator("main button, main label.choice").all()
            if (box := control.bounding_box()) and box["height"] < 43
        ]
        assert small == []  # large enough for a thumb

    def look_closely(page):
        look(page)
        accessible(page)

    speak(visit(language="ar"), codes[0], look_closely)
    speak(visit(language="ar", scripts=False), codes[1], look)
    for code in codes[2:10]:
        actions.answer_with_slip(code, {"safe": "no"}, WORDS)
    assert WaitingVoice.objects.count() == 10
    actions.mix_words()

    reading = sign_in(reader)
    read_one(reading, accessible, picture)
    for voice in Voice.objects.unmarked():
        actions.mark_themes(voice, [Theme.SAFETY], by=reader)
    watching = sign_in(coordinator)
    desk = reverse("feedback:desk")
    watching.goto(desk)
    assert watching.get_by_text("Not enough people have mentioned").is_visible()
    accessible(watching)

    actions.answer_with_slip(codes[10], {}, WORDS)
    this_month = WaitingVoice.objects.get().month
    WaitingVoice.objects.update(
        month="2025-01-01"
    )  # so that it does not wait for others
    actions.mix_words()
    Voice.objects.update(month=this_month)
    read_one(reading, accessible, picture)
    watching.goto(desk)
    assert watching.get_by_role("cell", name="11 or more").first.is_visible()
    assert WORDS not in watching.content()
    accessible(watching)
    picture(watching, "feedback-desk")


NOT_CONTENT = "لم يسأل أحد الجيران."


def test_somebody_who_is_not_content_is_heard_by_others(
    reader, coordinator, visit, sign_in, accessible, picture
):
    house = given.make_organisation(name="Dar Amal")
    given.make_worker(of=given.make_team(of=house))
    council = given.make_team(of=given.make_organisation(name="Council for Rights"))
    second = given.make_worker(of=council, role=Role.FOCAL_POINT, name="Council")
    actions.appoint_team(council, DeskDuty.REVIEWS, by=coordinator)
    code = actions.take_complaint(ComplaintKind.SECRET, WORDS, about=house)
    answered = Complaint.objects.get()
    actions.close_complaint(
        answered, ComplaintOutcome.NOT, "We could not find it.", by=reader
    )

    page = visit(language="ar")
    page.set_viewport_size(PHONE)
    look_up(page, code)
    accessible(page)
    page.locator("form[action$='/again'] button[type=submit]").click()
    assert page.get_by_text("Council for Rights").is_visible()
    page.locator("textarea[name=words]").fill(NOT_CONTENT)
    for language in ("fr", "ar"):
        with page.expect_navigation():
            page.locator(f"button[name=in][value={language}]").click()
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("textarea[name=words]").input_value() == NOT_CONTENT
    assert overflow(page) == []
    accessible(page)
    picture(page, "feedback-again")
    page.locator("form#say button[name=send]").click()
    page.locator("form#say[action$='/state']").wait_for()
    assert page.locator("form[action$='/again']").count() == 0
    accessible(page)

    first = sign_in(reader)
    first.goto(reverse("home:today"))
    first.get_by_role("link", name="Hand over a complaint").click()
    accessible(first)
    first.get_by_role("button", name="Hand over").click()
    assert first.get_by_text("They have what the person wrote.").is_visible()

    deciding = sign_in(second)
    deciding.goto(reverse("home:today"))
    deciding.get_by_role("link", name="Review a complaint").click()
    for words in (WORDS, "We could not find it.", NOT_CONTENT):
        assert deciding.get_by_text(words).is_visible()
    accessible(deciding)
    picture(deciding, "feedback-review")
    deciding.get_by_label("Your message to the person").fill("سألناهم. كنتم على حق.")
    deciding.get_by_label("Outcome").select_option("changed")
    deciding.get_by_role("button", name="Send").click()
    assert deciding.get_by_text("The first answer was changed").first.is_visible()

    look_up(page, code)
    assert page.get_by_text("سألناهم. كنتم على حق.").is_visible()
    assert overflow(page) == []


def look_up(page, code):
    page.goto(reverse("feedback:state") + "?in=ar")
    page.locator("input[name=slip]").fill(code)
    page.locator("form#say button[type=submit]").click()
