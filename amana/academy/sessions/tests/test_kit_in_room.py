"""In the room, everyone sees the slide that is shown, a group reads what was handed to
it alone, and of feedback only counts of enough people are shown."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from amana.academy.courses.engine import reading
from amana.academy.courses.tests.courses import COURSE, small_course
from amana.academy.courses.tests.kits import ARABIC, ENGLISH, FRENCH, KIT, TEXTS
from amana.academy.sessions import actions, stream
from amana.academy.sessions.actions.kit_acts import SMALLEST_GROUP
from amana.academy.sessions.models import FeedbackCount, FeedbackGiven, Session
from amana.academy.sessions.plans import count_options
from amana.academy.sessions.rooms import get_room
from amana.academy.sessions.tests.meeting import (
    LIVE,
    a_cohort,
    a_learner,
    a_session,
)
from amana.errors import Refused
from amana.ui.once import make_form_key
from tests.worlds import kept

GUIDE, SLIDES, CARDS, BRIEF, SHEET = list(TEXTS)[:5]
FORM = "08-feedback"
ASKED = """\
questions:
  - {text: Was it too much?, options: [no, a little, yes]}
  - {text: Was the time right?, options: [yes, no]}
"""


def ask_on_screen() -> dict[str, str]:
    """Give the small kit, with questions in its feedback form."""
    kit = dict(KIT)
    for folder in (ENGLISH, FRENCH, ARABIC):
        path = f"{folder}/{FORM}.md"
        head, fence, body = kit[path].partition("\n---\n")
        lines = [row for row in head.split("\n") if "translated_from" not in row]
        kit[path] = "\n".join(lines) + "\n" + ASKED + fence.lstrip("\n") + body
    return kit


@kept
def cohort(trainer):
    course = COURSE.replace("languages: [en, fr]", "languages: [en, fr, ar]")
    return a_cohort(trainer, more={**ask_on_screen(), "course.yaml": course})


def page(browser, name, session, *more):
    return browser.get(reverse(f"sessions:{name}", args=[session.pk, *more]))


def read(browser, name, session, *more):
    return page(browser, name, session, *more).content.decode()


def do(browser, session, kind, **said):
    url = reverse("sessions:do", args=[session.pk, kind])
    return browser.post(url, said | make_form_key())


# --- slides


def test_the_slide_that_is_shown_is_on_everyones_page(
    open_room, inside, learner, trainer, browse
):
    leads, attends = browse(trainer), browse(learner)
    assert "Ask each time" not in read(attends, "room", open_room)

    do(leads, open_room, "slide", number="1")

    for name, browser in (("lead", leads), ("room", attends), ("slide", attends)):
        text = read(browser, name, open_room)
        assert "Ask each time" in text, name
        assert "A no is an answer" not in text, name
    news = stream.build_message(get_room(open_room.pk), count_options(open_room), 0)
    assert json.loads(news.split(b"data: ")[1])["slide"] == 1
    do(leads, open_room, "slide", number="2")
    assert "A no is an answer" in read(attends, "slide", open_room)
    do(leads, open_room, "slide", number="0")
    assert "A no is an answer" not in read(attends, "room", open_room)


def test_each_person_sees_it_in_their_language(
    open_room, inside, learner, trainer, browse
):
    actions.show_slide(open_room, 1, by=trainer, id=uuid4())
    url = reverse("sessions:slide", args=[open_room.pk])
    for language, direction in (("fr", "ltr"), ("ar", "rtl")):
        shown = browse(learner).get(url, headers={"accept-language": language})
        assert f'lang="{language}" dir="{direction}"' in shown.content.decode()


def test_there_is_no_slide_that_the_kit_has_not(open_room, trainer, learner):
    for number in (-1, 3):
        with pytest.raises(Refused, match="no such slide"):
            actions.show_slide(open_room, number, by=trainer, id=uuid4())
    with pytest.raises(PermissionDenied):
        actions.show_slide(open_room, 1, by=learner, id=uuid4())


def test_who_is_not_in_the_room_sees_no_slide(
    open_room, trainer, learner, other, stranger, browse
):
    actions.show_slide(open_room, 1, by=trainer, id=uuid4())
    for person in (other, stranger):
        assert page(browse(person), "slide", open_room).status_code == 404
    actions.enter_room(open_room, by=other)
    assert page(browse(other), "slide", open_room).status_code == 200
    actions.leave(open_room, by=other)
    assert page(browse(other), "slide", open_room).status_code == 404


# --- what is for groups


@pytest.fixture
def divided(open_room, inside, learner, other, cohort, trainer):
    """Two groups, and who is in the first and in the second."""
    people = [learner, other, a_learner(cohort), a_learner(cohort)]
    for person in people:
        actions.enter_room(open_room, by=person)
    actions.go_to_step(open_room, 1, by=trainer, id=uuid4())
    actions.divide(open_room, 2, by=trainer, id=uuid4())
    room = get_room(open_room.pk)
    in_group = {
        person: room.group_of(open_room.seats.get(person=person).number)
        for person in people
    }
    first = [person for person, group in in_group.items() if group == 1]
    second = [person for person, group in in_group.items() if group == 2]
    return first, second


def test_a_brief_is_read_by_the_group_that_it_was_handed_to(
    divided, open_room, trainer, browse
):
    first, second = divided
    board = read(browse(trainer), "lead", open_room)
    assert "What the listener knows" in board
    for person in [*first, *second]:
        assert page(browse(person), "handout", open_room, BRIEF).status_code == 404

    do(browse(trainer), open_room, "hand-out", part=BRIEF, group="1")

    for person in first:
        assert "What the listener knows" in read(browse(person), "room", open_room)
        assert "Periwinkle" in read(browse(person), "handout", open_room, BRIEF)
    for person in second:
        browser = browse(person)
        assert "What the listener knows" not in read(browser, "room", open_room)
        assert page(browser, "handout", open_room, BRIEF).status_code == 404
    news = stream.build_message(get_room(open_room.pk), count_options(open_room), 0)
    assert BRIEF.encode() not in news


def test_after_a_new_division_no_group_finds_what_another_had(
    divided, open_room, trainer, browse
):
    first, second = divided
    actions.share_with_groups(open_room, BRIEF, [1], by=trainer, id=uuid4())
    actions.gather(open_room, by=trainer, id=uuid4())
    assert page(browse(first[0]), "handout", open_room, BRIEF).status_code == 200

    actions.divide(open_room, 2, by=trainer, id=uuid4())

    for person in [*first, *second]:
        assert page(browse(person), "handout", open_room, BRIEF).status_code == 404


def test_a_latecomer_reads_what_their_group_has(
    divided, open_room, cohort, trainer, browse
):
    actions.share_with_groups(open_room, BRIEF, [1, 2], by=trainer, id=uuid4())
    late = a_learner(cohort)
    assert page(browse(late), "handout", open_room, BRIEF).status_code == 404
    actions.enter_room(open_room, by=late)
    assert page(browse(late), "handout", open_room, BRIEF).status_code == 200


def test_a_brief_is_read_while_the_room_is_open(divided, open_room, trainer, browse):
    first, _second = divided
    actions.share_with_groups(open_room, BRIEF, [1], by=trainer, id=uuid4())
    actions.close_room(open_room, by=trainer, id=uuid4())
    assert page(browse(first[0]), "handout", open_room, BRIEF).status_code == 404


def test_what_is_not_for_groups_is_handed_to_none(divided, open_room, trainer):
    first, _second = divided
    for part in (GUIDE, SLIDES, SHEET, "06-watch", "99-none"):
        with pytest.raises(Refused, match="not for groups"):
            actions.share_with_groups(open_room, part, [1], by=trainer, id=uuid4())
    for groups in ([], [3], [0]):
        with pytest.raises(Refused):
            actions.share_with_groups(open_room, BRIEF, groups, by=trainer, id=uuid4())
    with pytest.raises(PermissionDenied):
        actions.share_with_groups(open_room, BRIEF, [1], by=first[0], id=uuid4())


# --- feedback


def give(session, person, **choices):
    said = {int(name[1:]): option for name, option in choices.items()}
    actions.give_feedback(session, said, by=person)


@pytest.fixture
def many(open_room, cohort):
    """As many people as are needed for a count to be shown, but for one."""
    return [a_learner(cohort) for _number in range(SMALLEST_GROUP - 1)]


def test_counts_are_shown_once_enough_people_answered_and_it_is_closed(
    open_room, many, learner, trainer, browse
):
    leads = browse(trainer)
    do(leads, open_room, "feedback")
    for person in many:
        give(open_room, person, q0=0, q1=1)
    url = reverse("sessions:feedback", args=[open_room.pk])
    attends = browse(learner)
    assert "Was it too much?" in attends.get(url).content.decode()
    attends.post(url, {"question-0": "2"} | make_form_key())
    assert "Your answers were counted" in attends.get(url).content.decode()
    assert "Was it too much?" not in read(leads, "lead", open_room)

    do(leads, open_room, "end-feedback")

    board = read(leads, "lead", open_room)
    asked = board[board.index("Was it too much?") :]
    assert f"<strong>{SMALLEST_GROUP - 1}</strong>" in asked
    # Of the second question there is one answer too few.
    assert "Fewer than 11 answers: not shown." in asked[asked.index("time right") :]
    assert do(leads, open_room, "feedback").status_code == 409


def test_nothing_says_who_answered_what(open_room, many, trainer):
    actions.open_feedback(open_room, by=trainer, id=uuid4())
    for person in many:
        give(open_room, person, q0=1)

    fields = {field.name for field in FeedbackCount._meta.get_fields()}
    assert fields == {"id", "session", "question", "option", "count"}
    [row] = FeedbackCount.objects.all()
    assert (row.question, row.option, row.count) == (0, 1, len(many))
    assert {event.verb for event in open_room.events.all()} == {"opened", "feedback"}
    actions.close_feedback(open_room, by=trainer, id=uuid4())
    assert not FeedbackGiven.objects.exists()


def test_of_too_few_nothing_is_shown_and_it_stays_closed(
    open_room, many, trainer, browse
):
    """Who gave known answers a second time could take them away from the counts."""
    actions.open_feedback(open_room, by=trainer, id=uuid4())
    for person in many:
        give(open_room, person, q0=1)
    actions.close_feedback(open_room, by=trainer, id=uuid4())
    board = read(browse(trainer), "lead", open_room)
    assert board.count("Fewer than 11 answers: not shown.") == 2

    assert "Open the feedback form" not in board
    with pytest.raises(Refused, match="stays closed"):
        actions.open_feedback(open_room, by=trainer, id=uuid4())


@pytest.mark.parametrize(("days", "is_known"), [(6, True), (8, False)])
def test_who_answered_is_forgotten_after_a_week_though_no_one_closed_it(
    open_room, learner, trainer, browse, days, is_known
):
    actions.open_feedback(open_room, by=trainer, id=uuid4())
    give(open_room, learner, q0=1)
    ended = timezone.now() - timedelta(days=days)
    Session.objects.filter(pk=open_room.pk).update(
        starts_at=ended - timedelta(hours=1), ends_at=ended
    )
    call_command("forget_feedback")
    assert FeedbackGiven.objects.exists() == is_known
    board = read(browse(trainer), "lead", open_room)
    assert ("Close it to see them" in board) != is_known


def test_the_form_is_filled_in_once_and_only_while_it_is_open(
    open_room, learner, other, stranger, trainer
):
    with pytest.raises(Refused, match="not open"):
        give(open_room, learner, q0=0)
    actions.open_feedback(open_room, by=trainer, id=uuid4())
    for wrong in ({"q9": 0}, {"q0": 3}):
        with pytest.raises(Refused, match="not an answer"):
            give(open_room, learner, **wrong)
    give(open_room, learner, q0=0)
    with pytest.raises(Refused, match="already"):
        give(open_room, learner, q0=1)
    with pytest.raises(PermissionDenied):
        give(open_room, stranger, q0=0)
    actions.close_room(open_room, by=trainer, id=uuid4())
    give(open_room, other, q1=0)
    actions.close_feedback(open_room, by=trainer, id=uuid4())
    assert sum(row.count for row in FeedbackCount.objects.all()) == 2


def test_a_kit_without_questions_asks_none_on_screen(trainer, browse):
    cohort = a_cohort(trainer)
    session = a_session(cohort, by=trainer)
    actions.open_room(session, by=trainer, id=uuid4())
    with pytest.raises(Refused, match="no questions"):
        actions.open_feedback(session, by=trainer, id=uuid4())
    learner = a_learner(cohort)
    assert page(browse(learner), "feedback", session).status_code == 404
    assert "feedback" not in read(browse(trainer), "lead", session)


# --- the check


@pytest.mark.parametrize(
    ("path", "was", "becomes", "words"),
    [
        (f"{FRENCH}/{FORM}.md", "options: [yes, no]", "options: [yes]", "too few"),
        (f"{FRENCH}/{FORM}.md", "[no, a little, yes]", "[no, yes]", "other questions"),
        (f"{ENGLISH}/{GUIDE}.md", "copies:", f"{ASKED}copies:", "Only a feedback form"),
    ],
)
def test_a_fault_in_the_questions_of_a_form_is_named(path, was, becomes, words):
    files = {**ask_on_screen(), "modules/1-consent/live.yaml": LIVE}
    files["course.yaml"] = COURSE.replace("[en, fr]", "[en, fr, ar]")
    assert reading.read_course(small_course(**files)).faults == []
    files[path] = files[path].replace(was, becomes, 1)

    found = reading.read_course(small_course(**files)).faults

    assert [fault.file for fault in found] == [path], list(map(str, found))
    assert words in str(found[0])
