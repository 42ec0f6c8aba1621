import pytest
from django.core.exceptions import PermissionDenied

from amana import given
from amana.academy.authoring import actions, file_shelves, question_files
from amana.academy.authoring.models import compute_digest
from amana.academy.courses import actions as courses
from amana.academy.courses.engine import reading
from amana.academy.courses.tests.courses import FILES, small_course
from amana.errors import Changed, Refused
from amana.trust.access.models import Role

LESSON = "modules/1-consent/en/01-asking-first.md"


def write(draft, text, by, path=LESSON):
    was = draft.files.get(path=path).sha256
    return actions.write_file(draft, path, text.encode(), was=was, by=by)


def test_what_is_published_is_what_was_written(draft, trainer, coordinator):
    write(draft, FILES[LESSON].replace("title: ", "title: Really "), trainer)
    with pytest.raises(PermissionDenied):
        actions.publish_draft_version(
            draft, by=trainer
        )  # whoever writes doesn't publish

    version = actions.publish_draft_version(draft, by=coordinator)

    assert "Really" in version.compiled
    draft.refresh_from_db()
    assert draft.published_as == version
    assert not draft.files.exists()


def test_whoever_wrote_in_it_does_not_publish_it(draft, coordinator):
    write(draft, FILES[LESSON].replace("title: ", "title: Really "), coordinator)
    with pytest.raises(Refused, match="colleague"):
        actions.publish_draft_version(draft, by=coordinator)

    colleague = given.make_worker(role=Role.COORDINATOR)
    assert actions.publish_draft_version(draft, by=colleague)


def test_a_draft_with_a_fault_is_kept_and_never_published(draft, trainer, coordinator):
    write(draft, "no front matter", trainer)
    assert reading.read_course(draft.content()).faults

    with pytest.raises(courses.FaultyCourse):
        actions.publish_draft_version(draft, by=coordinator)

    draft.refresh_from_db()
    assert draft.ended_at is None
    assert draft.content()[LESSON] == b"no front matter"


def test_the_second_of_two_who_write_is_told(draft, trainer):
    was = draft.files.get(path=LESSON).sha256
    actions.write_file(draft, LESSON, b"first", was=was, by=trainer)
    with pytest.raises(Changed):
        actions.write_file(draft, LESSON, b"second", was=was, by=trainer)
    assert draft.content()[LESSON] == b"first"


def test_of_two_who_change_one_question_the_second_is_told(draft, trainer):
    path, id = "modules/1-consent/questions.yaml", "m1-q04"
    files = draft.content()
    was = question_files.compute_state(files, [path], id)
    source = question_files.read_source(path, files[path])
    said = dict(question_files.list_questions(source)[3]) | {"text": "Sort them"}
    actions.write_entry(draft, id, {path: said}, was=was, by=trainer)
    with pytest.raises(Changed):
        actions.write_entry(draft, id, {path: said}, was=was, by=trainer)

    assert "  text: Sort them\n" in draft.content()[path].decode()
    assert draft.writers.filter(pk=trainer.pk).exists()


def test_a_question_is_not_written_into_a_file_that_can_not_be_read(draft, trainer):
    path = "modules/1-consent/questions.yaml"
    was = draft.files.get(path=path).sha256
    actions.write_file(draft, path, b"- id: [", was=was, by=trainer)
    nothing = question_files.compute_state({}, [path], "new")
    said = {"id": "new", "text": "What?"}
    with pytest.raises(Refused):
        actions.write_entry(draft, "new", {path: said}, was=nothing, by=trainer)


def test_a_file_that_belongs_nowhere_is_refused(draft, trainer):
    for path in ("../etc/passwd", "modules/x/en/a.exe", "course.yaml/x"):
        with pytest.raises(Refused):
            actions.write_file(draft, path, b"x", was="", by=trainer)


def test_a_file_is_removed_once(draft, trainer):
    actions.remove_file(draft, LESSON, by=trainer)
    with pytest.raises(Changed):
        actions.remove_file(draft, LESSON, by=trainer)


def test_what_was_put_away_takes_nothing_more(draft, trainer):
    actions.discard_draft(draft, by=trainer)
    with pytest.raises(Changed):
        actions.write_file(draft, LESSON, b"x", was="", by=trainer)
    with pytest.raises(Changed):
        actions.discard_draft(draft, by=trainer)


def test_only_the_academy_writes(draft, stranger):
    with pytest.raises(PermissionDenied):
        actions.begin_draft("mine", small_course(), by=stranger)
    with pytest.raises(PermissionDenied):
        actions.discard_draft(draft, by=stranger)


def test_a_translation_says_of_which_wording_it_is():
    text = "---\ntitle: Un\n---\nMots"
    once = file_shelves.mark_translation(text, compute_digest(b"one"))
    again = file_shelves.mark_translation(once, compute_digest(b"two"))

    assert f"translated_from: {compute_digest(b'two')}\n---" in again
    assert again.count("translated_from") == 1
    assert again.endswith("Mots")


def test_a_piece_of_a_kit_is_translated_next_to_its_original():
    files = {"modules/fr/en/kit/01-guide.md": b"Original"}
    find = file_shelves.find_original
    assert find("modules/fr/fr/kit/01-guide.md", files, "en") == b"Original"
    assert find("modules/fr/en/kit/01-guide.md", files, "en") is None
    assert find("modules/fr/fr/kit/02-slides.md", files, "en") is None
