"""A session is led from its kit, on screen and on paper; participants read only what is
for everyone, and not before its step."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.academy.courses.engine.gathering import SCHEMAS
from amana.academy.courses.models import Version
from amana.academy.courses.tests.kits import (
    KIT,
    SECRETS,
    TEXTS,
)
from amana.academy.sessions import actions, labels
from amana.academy.sessions.models import Session
from amana.academy.sessions.rules import read_kit
from amana.academy.sessions.session_kit import find_session_kit
from amana.academy.sessions.tests.meeting import (
    a_cohort,
    a_cohort_with_a_kit,
    a_session,
)
from amana.trust.access.models import Role
from amana.yaml_files.schema import load_validator
from tests.worlds import kept

DIRECTIONS = {"en": "ltr", "fr": "ltr", "ar": "rtl"}
GUIDE, SLIDES, CARDS, BRIEF, SHEET = list(TEXTS)[:5]


@kept
def cohort(trainer):
    return a_cohort_with_a_kit(trainer)


@kept
def colleague(db):
    """A trainer who leads another cohort, or none yet."""
    return given.make_worker(role=Role.TRAINER)


def at(name, cohort, *more):
    place = ["small", cohort.version.number, "m1", *more]
    return reverse(f"sessions:{name}", args=place)


def list_pages(cohort):
    return [
        reverse("sessions:kits", args=["small"]),
        at("kit", cohort),
        at("kit_slides", cohort, SLIDES),
        *(at("kit_piece", cohort, part) for part in TEXTS),
    ]


def list_addresses(cohort):
    papers = [at("kit_pdf", cohort, "en"), at("kit_piece_pdf", cohort, GUIDE, "ar")]
    return [*list_pages(cohort), *papers]


def open_in(browser, url, language="en"):
    return browser.get(url, headers={"accept-language": language})


# --- who reads it


def test_those_who_may_lead_its_sessions_read_a_kit(
    cohort, trainer, colleague, learner, stranger
):
    cast = {
        "trainer": trainer,
        "colleague": colleague,
        "coordinator": given.make_worker(role=Role.COORDINATOR),
        "administrator": given.make_worker(role=Role.ADMINISTRATOR),
        "learner": learner,
        "only learns": given.make_learner(),
        "stranger": stranger,
    }
    every = Version.objects.all()
    for user in cast.values():
        listed = cohort.version in read_kit.among(every, user)
        assert listed == read_kit.permits(user, cohort.version)
    allowed = {who for who, user in cast.items() if read_kit.among(every, user)}
    assert allowed == {"trainer", "colleague", "coordinator"}


def test_who_leads_a_cohort_reads_the_kits_of_its_version_alone(cohort, stranger):
    cohort.facilitators.add(stranger)
    other = Version.objects.create(
        course=cohort.version.course,
        number=2,
        sha256="0" * 64,
        compiled="{}",
        published_by=stranger,
    )
    assert read_kit.permits(stranger, cohort.version)
    assert not read_kit.permits(stranger, other)


def test_neither_a_learner_nor_a_stranger_finds_any_of_its_pages(
    cohort, learner, stranger, browse
):
    for person in (learner, stranger):
        browser = browse(person)
        found = {url: browser.get(url).status_code for url in list_addresses(cohort)}
        assert set(found.values()) == {404}, found


def test_its_pages_are_light_and_have_one_title(cohort, colleague, browse):
    browser = browse(colleague)
    for url in list_pages(cohort):
        page = browser.get(url)
        assert page.status_code == 200, url
        assert len(page.content) < 60_000, url
        assert page.content.count(b"<h1") == 1, url


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("kit_piece", ["09-none"]),
        ("kit_slides", [GUIDE]),
        ("kit_pdf", ["sw"]),
        ("kit_piece_pdf", [GUIDE, "sw"]),
        ("kit_piece_pdf", ["09-none", "en"]),
    ],
)
def test_what_a_kit_has_not_is_not_found(cohort, trainer, browse, name, more):
    assert browse(trainer).get(at(name, cohort, *more)).status_code == 404


def test_a_module_without_a_kit_has_no_page(cohort, trainer, browse):
    url = reverse("sessions:kit", args=["small", cohort.version.number, "m2"])
    assert browse(trainer).get(url).status_code == 404


def test_the_page_of_a_course_leads_trainers_to_its_kits(
    cohort, colleague, learner, browse
):
    url = reverse("courses:course", args=["small"])
    assert "Session kits" in browse(colleague).get(url).content.decode()
    assert "Session kits" not in browse(learner).get(url).content.decode()


def test_the_page_of_a_session_leads_those_who_lead_it_to_its_kit(
    cohort, session, trainer, learner, browse
):
    url, kit = reverse("sessions:session", args=[session.pk]), at("kit", cohort)
    assert kit in browse(trainer).get(url).content.decode()
    assert kit not in browse(learner).get(url).content.decode()


def test_each_page_leads_back_to_those_above_it(cohort, trainer, browse):
    browser = browse(trainer)
    kits, kit = reverse("sessions:kits", args=["small"]), at("kit", cohort)
    for url, above in ((kit, [kits]), (at("kit_piece", cohort, GUIDE), [kits, kit])):
        text = browser.get(url).content.decode()
        crumbs = text[text.index('class="breadcrumbs"') : text.index("<h1")]
        assert [known for known in (kits, kit) if f'href="{known}"' in crumbs] == above


def test_a_course_without_kits_offers_none(trainer, browse):
    cohort = a_cohort(trainer)
    kits = reverse("sessions:kits", args=["small"])
    assert (
        "This course has no session kits" in browse(trainer).get(kits).content.decode()
    )
    session = a_session(cohort, by=trainer)
    page = browse(trainer).get(reverse("sessions:session", args=[session.pk]))
    assert "Session kit" not in page.content.decode()


# --- in three languages


@pytest.mark.parametrize(("language", "direction"), DIRECTIONS.items())
def test_a_piece_is_shown_in_the_language_of_the_page(
    cohort, trainer, browse, language, direction
):
    page = open_in(browse(trainer), at("kit_piece", cohort, GUIDE), language)
    text = page.content.decode()
    assert f'<html lang="{language}" dir="{direction}">' in text
    assert f'<article class="stack" lang="{language}" dir="{direction}">' in text
    titles = {"en": "How to lead it", "fr": "En français", "ar": "بالعربية"}
    assert titles[language] in text
    assert "Marigold" in text
    assert "Ethical recommendations" in text


def test_what_is_not_translated_is_shown_in_the_first_language_with_a_note(
    trainer, browse
):
    kit = {name: text for name, text in KIT.items() if "/en/" in name}
    cohort = a_cohort(trainer, more=kit)
    page = open_in(browse(trainer), at("kit_piece", cohort, GUIDE), "fr")
    text = page.content.decode()
    assert '<article class="stack" lang="en" dir="ltr">' in text
    shown = page.context["shown"]
    assert shown.language.is_other
    assert [language.code for language in shown.languages] == ["en"]
    french = at("kit_pdf", cohort, "fr")
    assert browse(trainer).get(french).status_code == 404


def test_the_list_names_what_to_print_for_whom_and_how_many(cohort, trainer, browse):
    text = browse(trainer).get(at("kit", cohort)).content.decode()
    for words in ("Three stories", "One group alone", "one set for each pair"):
        assert words in text
    assert "2. Where we stand" in text
    for language in DIRECTIONS:
        assert at("kit_pdf", cohort, language) in text


def test_every_kind_and_audience_has_a_name():
    properties = load_validator("kit", SCHEMAS).schema["properties"]
    assert set(properties["kind"]["enum"]) == set(labels.KIT_KINDS)
    assert set(properties["for"]["enum"]) == set(labels.AUDIENCES)


# --- slides


@pytest.mark.parametrize(("language", "direction"), DIRECTIONS.items())
def test_slides_follow_one_another_without_a_script(
    cohort, trainer, browse, language, direction
):
    page = open_in(browse(trainer), at("kit_slides", cohort, SLIDES), language)
    text = page.content.decode()
    assert f'<div class="deck" lang="{language}" dir="{direction}">' in text
    slides = re.findall(r'<div class="slide" id="([^"]+)"', text)
    assert slides == ["slide-1", "slide-2"]
    steps = re.findall(r'<nav class="slide-steps".*?</nav>', text)
    leads = [re.findall(r'href="([^"]+)"', step) for step in steps]
    back = at("kit_piece", cohort, SLIDES)
    assert leads == [[back, "#slide-2"], ["#slide-1", back]]


# --- participants


def go_to(session, place, trainer):
    actions.go_to_step(session, place, by=trainer, id=uuid4())


def test_participants_read_what_is_for_everyone_once_its_step_has_begun(
    open_room, inside, learner, trainer, browse
):
    browser = browse(learner)
    url = reverse("sessions:handout", args=[open_room.pk, SHEET])
    assert (
        url
        in browser.get(reverse("sessions:room", args=[open_room.pk])).content.decode()
    )
    assert browser.get(url).status_code == 404
    go_to(open_room, 0, trainer)
    for language, direction in DIRECTIONS.items():
        text = open_in(browser, url, language).content.decode()
        assert f'<article class="stack" lang="{language}" dir="{direction}">' in text
    go_to(open_room, 4, trainer)
    assert browser.get(url).status_code == 200


def test_a_poll_of_ones_own_begins_no_step_of_the_kit(
    open_room, inside, learner, trainer, browse
):
    options = ["yes", "no"]
    actions.add_poll(open_room, "Shall we stop early?", options, by=trainer)
    session = Session.objects.get(pk=open_room.pk)
    go_to(session, 5, trainer)
    url = reverse("sessions:handout", args=[session.pk, SHEET])
    assert browse(learner).get(url).status_code == 404


def test_a_meeting_of_ones_own_has_no_kit(cohort, trainer, browse):
    starts = timezone.now() + timedelta(days=1)
    own = actions.plan(
        cohort,
        "",
        title="Office hours",
        task="Ask.",
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        by=trainer,
    )
    page = browse(trainer).get(reverse("sessions:session", args=[own.pk]))
    assert "Session kit" not in page.content.decode()
    assert find_session_kit(own) is None


def test_participants_read_nothing_else_of_a_kit(
    open_room, inside, learner, trainer, browse
):
    go_to(open_room, 4, trainer)
    browser = browse(learner)
    for part in TEXTS:
        url = reverse("sessions:handout", args=[open_room.pk, part])
        assert browser.get(url).status_code == (200 if part == SHEET else 404), part
    for name in ("room", "session"):
        url = reverse(f"sessions:{name}", args=[open_room.pk])
        text = browser.get(url).content.decode()
        assert not any(secret in text for secret in SECRETS)
        titles = [TEXTS[part].splitlines()[1][7:] for part in TEXTS if part != SHEET]
        assert not any(title in text for title in titles), name


def test_a_stranger_reads_no_handout(open_room, trainer, stranger, browse):
    go_to(open_room, 0, trainer)
    url = reverse("sessions:handout", args=[open_room.pk, SHEET])
    assert browse(stranger).get(url).status_code == 404


def test_the_board_has_what_the_present_step_needs(open_room, trainer, cohort, browse):
    board = reverse("sessions:lead", args=[open_room.pk])
    go_to(open_room, 1, trainer)
    text = browse(trainer).get(board).content.decode()
    needed = [part for part in TEXTS if at("kit_piece", cohort, part) in text]
    assert needed == [CARDS, BRIEF, "06-watch", "07-between"]
