"""A course is learned for a sector: what is for it comes first, and it has its own
cases."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given as for_all
from hypothesis import strategies as st

from amana import given
from amana.academy.courses import actions
from amana.academy.courses.engine import files, reading
from amana.academy.courses.engine.course_content import build_course
from amana.academy.courses.engine.progress import compute_progress, sort_for_track
from amana.academy.courses.learner_progress import load_progress
from amana.academy.courses.tests.courses import COURSE, FILES, MODULE, small_course
from amana.errors import Refused
from amana.trust.access.models import Role
from amana.ui.once import make_form_key
from tests.architecture.code import ROOT
from tests.worlds import kept

TRACKS = """\
tracks:
  - {code: police, name: {en: Police, fr: La police}, cases: [m1]}
  - {code: health, name: Health, cases: [m1]}
"""
OF_MODULE = """\
tracks:
  police: {first: [03-third], cases: [02-a-case]}
  health: {first: [01-asking-first], cases: [04-their-case]}
"""
HERE = "modules/1-consent/module.yaml"
MORE = {
    "modules/1-consent/en/03-third.md": "---\ntitle: Third\nkind: case\n---\nSay no.\n",
    "modules/1-consent/en/04-their-case.md": (
        "---\ntitle: Theirs\nkind: activity\n---\nAsk him.\n"
    ),
}


def tracked(of_module: str = OF_MODULE, tracks: str = TRACKS) -> dict[str, bytes]:
    changed = {"course.yaml": COURSE + tracks, HERE: MODULE + of_module}
    return small_course(**MORE, **changed)


@kept
def version(db):
    coordinator = given.make_worker(role=Role.COORDINATOR)
    return actions.publish_version(tracked(), by=coordinator)


@kept
def learner(db):
    return given.make_worker(name="Grace Achieng")


@kept
def enrolment(version, learner):
    return actions.begin_course(version, by=learner)


def parts(progress):
    return [lesson.part for lesson in progress.modules[0].unread]


def test_what_is_for_the_track_comes_first_and_nothing_is_left_out(enrolment, learner):
    usual = parts(load_progress(enrolment))
    assert usual == ["01-asking-first", "02-a-case", "03-third", "04-their-case"]

    actions.choose_track(enrolment, "police", by=learner)

    mine = parts(load_progress(enrolment))
    assert mine == ["03-third", "02-a-case", "01-asking-first", "04-their-case"]
    following = load_progress(enrolment).next
    assert following
    assert following.lesson
    assert following.lesson.part == "03-third"
    actions.choose_track(enrolment, "", by=learner)
    assert parts(load_progress(enrolment)) == usual


def test_a_track_is_chosen_on_the_page_of_the_course(enrolment, learner):
    browser = given.sign_in(learner)
    page = reverse("courses:course", args=["small"])
    assert (
        "La police"
        in browser.get(page, headers={"accept-language": "fr"}).content.decode()
    )

    said = {"track": "police"} | make_form_key()
    browser.post(reverse("courses:track", args=["small"]), said)

    assert '<option value="police" selected>' in browser.get(page).content.decode()
    module = browser.get(reverse("courses:module", args=["small", "m1"]))
    text = module.content.decode()
    assert text.count("Case of your sector") == 1
    assert text.count("For your sector") == 1
    assert text.index("Third") < text.index("Asking first")
    wrong = {"track": "pirates"} | make_form_key()
    refused = browser.post(reverse("courses:track", args=["small"]), wrong)
    assert refused.status_code == 409


def test_no_one_chooses_for_another(enrolment, learner):
    with pytest.raises(PermissionDenied):
        actions.choose_track(enrolment, "police", by=given.make_worker())
    with pytest.raises(Refused, match="no such track"):
        actions.choose_track(enrolment, "pirates", by=learner)


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        ("cases: [02-a-case]", "cases: []", "no case of its own in the module “m1”"),
        ("[02-a-case]", "[04-their-case]", "no case of its own"),
        ("[02-a-case]", "[01-asking-first]", "neither a case"),
        ("[02-a-case]", "[02-a-kase]", "02-a-case"),
        ("police: {", "polise: {", "There is no track “polise”"),
        ("[03-third]", "[9-none]", "There is no lesson or conversation"),
    ],
)
def test_a_fault_in_what_a_module_has_for_a_track_is_named(was, becomes, words):
    assert reading.read_course(tracked()).faults == []

    found = reading.read_course(tracked(OF_MODULE.replace(was, becomes, 1))).faults

    assert any(words in str(fault) for fault in found), list(map(str, found))


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        ("cases: [m1]", "cases: [m2]", "no case of its own in the module “m2”"),
        ("cases: [m1]", "cases: [m9]", "No module has the code “m9”"),
        ("code: health", "code: police", "more than once"),
    ],
)
def test_a_fault_in_the_tracks_of_a_course_is_named(was, becomes, words):
    found = reading.read_course(tracked(tracks=TRACKS.replace(was, becomes, 1))).faults
    assert any(words in str(fault) for fault in found), list(map(str, found))
    assert found[0].file == "course.yaml"


def test_a_course_without_tracks_is_what_it_was():
    compiled = reading.read_course(small_course()).compiled
    assert '"tracks"' not in compiled
    assert build_course(compiled).tracks == ()
    assert FILES["course.yaml"] == COURSE


SHIPPED = ROOT / "courses" / "referral-mechanism"


@pytest.fixture(scope="module")
def shipped():
    return build_course(reading.read_course(files.read_folder(SHIPPED)).compiled)


def test_each_track_of_the_course_that_comes_along_is_in_every_module(shipped):
    codes = {track.code for track in shipped.tracks}
    assert codes == {"border", "health", "shelter", "justice", "monitoring"}
    for module in shipped.modules:
        assert module.tracks.keys() == codes, module.code
    for track in shipped.tracks:
        assert set(track.name) == {"en", "fr", "ar"}
        assert any(module.tracks[track.code].cases for module in shipped.modules)


@for_all(track=st.sampled_from(["", "border", "health", "shelter", "nothing"]))
def test_a_track_changes_the_order_alone(shipped, track):
    for module in shipped.modules:
        ordered = sort_for_track(module, track)
        assert sorted(lesson.part for lesson in ordered) == [
            lesson.part for lesson in module.lessons
        ]
    assert compute_progress(shipped, set(), [], track).steps == (
        compute_progress(shipped, set(), []).steps
    )


def test_a_conversation_marks_the_lesson_below_which_it_is_offered(shipped):
    first = sort_for_track(shipped.modules[0], "border")
    talk = shipped.modules[0].interviews[0]
    assert talk.lesson in [lesson.part for lesson in first[:3]]
