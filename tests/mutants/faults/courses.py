"""Faults of courses: as they are written, certified, learned and led."""

from collections.abc import Mapping
from typing import Any

from .registry import fault, put

AUTHORING = "amana/academy/authoring/tests"
FORMS = f"{AUTHORING}/test_form_views.py"
FILES = f"{AUTHORING}/test_question_files.py"
ENDORSING = "amana/academy/credentials/tests/test_endorsing.py"
IN_ROOM = "amana/academy/sessions/tests/test_kit_in_room.py"
TRACKS = "amana/academy/courses/tests/test_tracks.py"


@fault(f"{FILES}::test_comments_between_questions_stay")
def question_takes_the_comment_below() -> None:
    """The lines of a question reach to the next one, with what stands above that."""
    from amana.academy.authoring import question_files

    right = question_files.find_span

    def find_span(source: Any, lines: Any, place: Any) -> tuple[int, int]:
        begin, end = right(source, lines, place)
        while end < len(lines) and lines[end][:1] in ("", "#"):
            end += 1
        return begin, end

    put(question_files, find_span=find_span)


@fault(f"{FORMS}::test_another_question_of_the_file_may_be_changed_meanwhile")
def question_is_overwritten() -> None:
    """What a colleague has written of a question meanwhile is not looked at."""
    from amana.academy.authoring import question_files

    def compute_state(given: Any, paths: Any, id: str) -> str:
        return "same"

    put(question_files, compute_state=compute_state)


@fault(f"{FORMS}::test_a_fault_is_at_its_field")
def fault_at_no_field() -> None:
    """The faults of a lesson are shown for the whole of it."""
    from amana.academy.authoring.lesson_form import LessonForm

    put(LessonForm, place_fault=lambda self, draft, fault: "")


@fault(f"{ENDORSING}::test_a_forged_endorsement_is_found")
def endorsement_is_not_checked() -> None:
    """An endorsement is taken as it comes."""
    from amana.academy.credentials.engine import endorsements

    put(endorsements, check=lambda document, keys: next(iter(keys)))


@fault(f"{ENDORSING}::test_a_forged_endorsement_is_found")
def endorsement_of_anything() -> None:
    """An endorsement of another certificate is recorded for this one."""
    from amana.academy.credentials.engine import endorsements

    put(endorsements, require_subject=lambda claims, address: None)


@fault(f"{ENDORSING}::test_one_that_was_revoked_or_is_over_is_named_so")
def revoked_endorsement_stands() -> None:
    """An endorsement that its body has revoked is shown as in force."""
    from amana.academy.credentials import endorsing

    put(endorsing, choose_state=lambda known, now: (endorsing.IN_FORCE, "good"))


@fault(f"{IN_ROOM}::test_a_brief_is_read_by_the_group_that_it_was_handed_to")
def brief_for_all_groups() -> None:
    """What was handed to one group is read by all."""
    from amana.academy.sessions import session_kit

    put(session_kit, list_handed_parts=lambda room, seat: list(room.handed))


@fault(f"{IN_ROOM}::test_counts_are_shown_once_enough_people_answered_and_it_is_closed")
def feedback_of_a_few() -> None:
    """Counts of a handful of people are shown."""
    from amana.academy.sessions.actions import kit_acts

    put(kit_acts, SMALLEST_GROUP=2)


@fault(f"{TRACKS}::test_a_fault_in_what_a_module_has_for_a_track_is_named")
def track_without_a_case() -> None:
    """A case that all tracks share counts as one of a track’s own."""
    from amana.academy.courses.engine.references import track_checks

    def list_own_cases(tracks: Mapping[str, Any], code: str) -> list[str]:
        return list((tracks.get(code) or {}).get("cases") or ())

    put(track_checks, list_own_cases=list_own_cases)


@fault(f"{TRACKS}::test_a_track_changes_the_order_alone")
def track_leaves_lessons_out() -> None:
    """Who learns for a sector is shown its lessons alone."""
    from amana.academy.courses.engine import progress

    right = progress.sort_for_track

    def sort_for_track(module: Any, track: str) -> Any:
        mine = module.tracks.get(track)
        ordered = right(module, track)
        return [lesson for lesson in ordered if mine is None or mine.has(lesson.part)]

    put(progress, sort_for_track=sort_for_track)
