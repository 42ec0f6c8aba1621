"""The pages: who sees which, without a script, and what they say."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amana import confined, given
from amana.academy.assessment import actions
from amana.academy.assessment.actions import CriterionMark
from amana.academy.assessment.models import Assessor, CertificateName, HandIn
from amana.academy.assessment.tests.conftest import MET, WORDS
from amana.academy.courses import actions as courses
from amana.academy.courses.tests.courses import small_course
from amana.care.cases.tests.corpus import HOSTILE, a_pdf
from amana.trust.access.models import Role
from amana.trust.vault.files import inspect_file
from amana.ui.models import Submission
from amana.ui.once import make_form_key, make_key
from tests.races import at_once

PASSED = {
    "level_0": "1",
    "where_0": "text",
    "passage_0": "We say to whom",
    "to_do": "",
}


def url(name, *args):
    return reverse(f"assessment:{name}", args=args)


def get(user, name, *args):
    return given.sign_in(user).get(url(name, *args))


def text(user, name, *args):
    response = get(user, name, *args)
    assert response.status_code == 200, response.status_code
    assert len(response.content) < 60_000
    return response.content.decode()


def post(user, name, *args, **fields):
    return given.sign_in(user).post(url(name, *args), make_form_key() | fields)


def test_a_learner_hands_in_from_the_page_of_the_assignment(enrolment, learner):
    page = given.sign_in(learner).get("/academy/small/m1/assignment")
    assert url("hand_in", "small", "m1") in page.content.decode()
    assert "Written work" in text(learner, "hand_in", "small", "m1")

    file = SimpleUploadedFile("list.pdf", a_pdf())
    led = post(learner, "hand_in", "small", "m1", words=WORDS, file_1=file)

    work = HandIn.objects.get()
    assert led.url == url("work", work.pk)
    assert "list.pdf" in text(learner, "work", work.pk)
    saved = get(learner, "file", work.pk, work.files.get().pk)
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in saved.headers["Content-Security-Policy"]


def test_who_judges_reads_no_name_of_a_file(enrolment, learner, assessor, second):
    names = ("Amina Learner.pdf", "Amina.PDF")
    attached = [inspect_file(a_pdf(), name) for name in names]
    work = actions.submit_work(enrolment, "m1", WORDS, attached, by=learner)
    actions.take_work(work, by=assessor)
    last = work.files.latest("pk").pk
    asked = text(assessor, "judge", work.pk)
    cited = CriterionMark(1, f"file:{last}", "Page 2")
    actions.mark_work(work, [cited], by=assessor)

    again = text(second, "again", work.pk)
    for page in (asked, again, text(second, "work", work.pk)):
        assert "Amina" not in page
        assert "File 2.PDF" in page
    said = get(second, "file", work.pk, last).headers["Content-Disposition"]
    assert said == 'attachment; filename="File 2.PDF"'
    assert (
        "Amina.PDF"
        in get(learner, "file", work.pk, last).headers["Content-Disposition"]
    )
    assert text(learner, "work", work.pk).count("Amina.PDF") == 2  # and the verdict


def test_a_file_that_could_do_harm_is_refused_and_nothing_is_handed_in(
    enrolment, learner
):
    name, content = next(iter(HOSTILE.values()))
    file = SimpleUploadedFile(name, content)
    refused = post(learner, "hand_in", "small", "m1", words=WORDS, file_1=file)
    assert refused.status_code == 409
    assert not HandIn.objects.exists()


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
def test_others_save_while_a_file_is_looked_into(monkeypatch):
    """On SQLite there is one lock for writing, and a file may take twenty seconds."""
    given.people._founders.clear()
    coordinator, learner = given.make_worker(role=Role.COORDINATOR), given.make_worker()
    version = courses.publish_version(small_course(), by=coordinator)
    courses.begin_course(version, by=learner)
    look_into, saved = confined.ask_process, []

    def meanwhile(*asked):
        another = Submission(sender="another", key=make_key())
        saved.extend(at_once(another.save))
        return look_into(*asked)

    monkeypatch.setattr(confined, "ask_process", meanwhile)
    file = SimpleUploadedFile("list.pdf", a_pdf())
    led = post(learner, "hand_in", "small", "m1", words=WORDS, file_1=file)
    assert led.status_code == 302
    given.people._founders.clear()

    assert saved == [None]
    assert HandIn.objects.get().files.count() == 1
    assert Submission.objects.filter(sender="another").exists()


def test_the_same_form_hands_in_once(enrolment, learner):
    browser, form = given.sign_in(learner), make_form_key() | {"words": WORDS}
    for _time in range(2):
        browser.post(url("hand_in", "small", "m1"), form)
    assert HandIn.objects.count() == 1


def test_the_files_of_the_same_form_are_looked_into_once(
    enrolment, learner, monkeypatch
):
    looks, answer_of = [], confined.ask_process

    def answer(*asked):
        looks.append(asked)
        return answer_of(*asked)

    monkeypatch.setattr(confined, "ask_process", answer)
    browser, key = given.sign_in(learner), make_form_key()
    for _time in range(2):
        file = SimpleUploadedFile("list.pdf", a_pdf())
        form = key | {"words": WORDS, "file_1": file}
        led = browser.post(url("hand_in", "small", "m1"), form)
        assert led["Location"] == url("work", HandIn.objects.get().pk)
    assert len(looks) == 1


def test_nothing_is_refused_with_a_sentence(enrolment, learner):
    refused = post(learner, "hand_in", "small", "m1", words=" ")
    assert refused.status_code == 409
    assert "Write something" in refused.content.decode()


def test_there_is_no_page_for_work_that_nobody_asked_for(enrolment, learner, stranger):
    assert get(learner, "hand_in", "small", "m2").status_code == 404
    assert get(learner, "hand_in", "small", "m9").status_code == 404
    assert get(stranger, "hand_in", "small", "m1").status_code == 404


@pytest.mark.parametrize("name", ["work", "judge", "again", "appeal"])
def test_strangers_and_colleagues_find_nothing(name, taken, stranger, colleague):
    for person in (stranger, colleague):
        assert get(person, name, taken.pk).status_code == 404


def test_only_who_judges_has_the_queue(work, learner, stranger, assessor):
    for person in (learner, stranger):
        assert get(person, "queue").status_code == 404
        assert get(person, "assessors").status_code == 404
    assert get(assessor, "assessors").status_code == 404
    assert "A text on consent" in text(assessor, "queue")
    home = given.sign_in(assessor).get("/academy/").content.decode()
    assert url("queue") in home
    assert "1 waiting" in home


def test_no_page_of_an_assessor_names_the_learner(taken, assessor, coordinator):
    for person in (assessor, coordinator):
        assert "Amina" not in text(person, "queue")
        assert "Amina" not in text(person, "work", taken.pk)
    assert "Amina" not in text(assessor, "judge", taken.pk)
    assert "Hugo Assessor" in text(coordinator, "queue")


def test_whoever_is_close_sees_that_it_waits_and_not_what_it_is(
    team, work, colleague, coordinator
):
    given.join_team(coordinator, team, role=Role.SUPERVISOR)
    assert "close to you" in text(coordinator, "queue")
    assert get(coordinator, "work", work.pk).status_code == 404
    assert "No work to mark" in text(colleague, "queue")


def test_work_is_taken_and_judged_with_a_form(work, learner, assessor):
    assert "Start marking" in text(assessor, "work", work.pk)
    assert post(assessor, "take", work.pk).url == url("judge", work.pk)
    assert "Says to whom, what and why" in text(assessor, "judge", work.pk)

    assert post(assessor, "judge", work.pk, **PASSED).url == url("work", work.pk)

    page = text(learner, "work", work.pk)
    assert "Marked: passed" in page
    assert "We say to whom" in page
    assert "Hugo" not in page


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({"passage_0": "Not there"}, 422, "exactly as it appears in the text"),
        ({"level_0": ""}, 422, "This field is required"),
        ({"where_0": "file:9"}, 422, "not one of the available choices"),
        ({"level_0": "0"}, 409, "what the learner has to do"),
    ],
)
def test_a_judgement_that_is_not_whole_is_shown_again(
    taken, assessor, said, status, words
):
    refused = post(assessor, "judge", taken.pk, **PASSED | said)
    assert refused.status_code == status
    assert words in refused.content.decode()
    assert not taken.assessments.exists()


def test_what_is_given_back_others_take(taken, assessor, second):
    assert post(assessor, "give_back", taken.pk).url == url("queue")
    assert "Start marking" in text(second, "work", taken.pk)


def test_a_learner_takes_it_back(work, learner, assessor):
    assert post(assessor, "withdraw", work.pk).status_code == 404
    assert post(learner, "withdraw", work.pk).url == url("work", work.pk)
    assert url("hand_in", "small", "m1") in text(learner, "work", work.pk)


def test_what_to_do_is_said_and_somebody_else_looks_again(
    to_revise, learner, second, assessor
):
    assert "Say to whom." in text(learner, "work", to_revise.pk)
    assert "within 14 days" in text(learner, "appeal", to_revise.pk)
    assert post(learner, "appeal", to_revise.pk).status_code == 422
    post(learner, "appeal", to_revise.pk, words="Line two.")

    assert get(assessor, "again", to_revise.pk).status_code == 404
    assert "Line two." in text(second, "again", to_revise.pk)
    again = PASSED | {"reason": "It is there."}
    assert post(second, "again", to_revise.pk, **again).status_code == 302
    page = text(learner, "work", to_revise.pk)
    assert "It is there." in page
    assert "Appeal this mark" not in page


def test_progress_says_what_is_lacking_and_which_name(enrolment, learner, stranger):
    page = given.sign_in(learner).get("/academy/small/progress").content.decode()
    assert "You need “Asks first” first" in page
    assert "Not chosen yet" in page
    assert get(stranger, "name", "small").status_code == 404

    assert post(learner, "name", "small", shown="pseudonym").status_code == 422
    post(learner, "name", "small", shown="pseudonym", pseudonym="Jasmine")

    assert CertificateName.objects.get().pseudonym == "Jasmine"
    assert "Jasmine" in text(learner, "name", "small")


def test_progress_shows_the_certificate_when_it_is_there(ready, learner, assessor):
    work = actions.submit_work(ready, "m1", WORDS, by=learner)
    actions.take_work(work, by=assessor)
    actions.mark_work(work, MET, by=assessor)

    page = given.sign_in(learner).get("/academy/small/progress").content.decode()
    assert "In force" in page


def test_a_coordinator_says_who_judges(coordinator, stranger):
    assert "No assessors yet" in text(coordinator, "assessors")
    wrong = post(coordinator, "assessors", email="nobody@example.org")
    assert wrong.status_code == 422
    post(coordinator, "assessors", email=stranger.email)
    assert "Sami Stranger" in text(coordinator, "assessors")

    assessor = Assessor.objects.get()
    assert post(stranger, "end_assessor", assessor.pk).status_code == 404
    post(coordinator, "end_assessor", assessor.pk)
    assert "No assessors yet" in text(coordinator, "assessors")


def asked(user):
    """How many queries the queue takes, once the session is begun."""
    browser = given.sign_in(user)
    browser.get(url("queue"))
    with CaptureQueriesContext(connection) as seen:
        browser.get(url("queue"))
    return len(seen)


def test_the_queue_costs_the_same_for_many(taken, assessor):
    few = asked(assessor)
    for _one in range(4):
        learner = given.make_worker()
        enrolment = courses.begin_course(taken.enrolment.version, by=learner)
        work = actions.submit_work(enrolment, "m1", WORDS, by=learner)
        actions.take_work(work, by=assessor)
    assert asked(assessor) == few
