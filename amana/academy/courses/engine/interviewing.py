"""Check interviews of a course: whether each can be played and ends, says the same in
each language, and gives no answer away."""

from collections.abc import Iterator, Mapping
from typing import Any

from amana.academy.courses.engine import (
    interview_cues,
    interview_story,
    interview_translations,
)
from amana.academy.courses.engine.gathering import CourseSources, InterviewPlace, Plain
from amana.academy.courses.engine.interview_files import (
    InterviewFile,
    UnreadableInterview,
    list_interviews,
    read_interview,
)
from amana.faults import Fault, gettext_noop

WORDS = ("title", "about", "note")
"""What the head of an interview says in each language."""
ONCE = ("minutes", "lesson")
"""What only the head of the original says, for all of them."""

NO_HEAD = gettext_noop("“# %(name)s: …” is missing at the top of the interview.")
SAID_ONCE = gettext_noop(
    "“# %(name)s: …” belongs at the top of the original only, not of a translation."
)
NO_NUMBER = gettext_noop("“%(said)s” is not a whole number of minutes.")
NO_LESSON = gettext_noop("There is no lesson “%(name)s” in this module.")
NO_WAY_THERE = gettext_noop("Nothing leads to “%(name)s”.")
LEADS_NOWHERE = gettext_noop("Something leads to “%(name)s”, which does not exist.")
NO_END = gettext_noop("A path through this interview does not end: %(why)s")
IN_CIRCLES = gettext_noop("A path through this interview goes round in circles.")


def check_interviews(gathered: CourseSources) -> list[Fault]:
    read, faults = read_interviews(gathered)
    for interview in read.values():
        faults += check_head(gathered, interview)
        faults += check_links(interview)
        faults += check_paths(interview)
    return [*faults, *interview_translations.check_translations(gathered, read)]


def list_remarks(gathered: CourseSources) -> list[Fault]:
    read, _faults = read_interviews(gathered)
    return list(interview_translations.check_age(read))


def read_interviews(
    gathered: CourseSources,
) -> tuple[dict[InterviewPlace, InterviewFile], list[Fault]]:
    """Read those that can be read, and list what is wrong with the others."""
    read: dict[InterviewPlace, InterviewFile] = {}
    faults: list[Fault] = []
    for place in list_interviews(gathered):
        try:
            read[place] = read_interview(gathered, place)
        except UnreadableInterview as error:
            faults.append(error.fault)
    return read, faults


def check_head(gathered: CourseSources, interview: InterviewFile) -> Iterator[Fault]:
    name, head, place = interview.file, interview.head, interview.place
    for key in WORDS if place.language else (*WORDS, *ONCE):
        if not head.get(key):
            yield Fault(name, 1, NO_HEAD, {"name": key})
    if place.language:
        for key in ONCE:
            if key in head:
                yield Fault(name, 1, SAID_ONCE, {"name": key})
        return
    minutes = head.get("minutes")
    if minutes and not (minutes.isascii() and minutes.isdigit()):
        yield Fault(name, 1, NO_NUMBER, {"said": minutes})
    lesson = head.get("lesson")
    if lesson and lesson not in list_lesson_parts(gathered, place.folder):
        yield Fault(name, 1, NO_LESSON, {"name": lesson})


def list_lesson_parts(gathered: CourseSources, folder: str) -> set[str]:
    every = gathered.lessons.values()
    return {lesson.part for lesson in every if lesson.folder == folder}


# --- does everything lead somewhere?


def check_links(interview: InterviewFile) -> Iterator[Fault]:
    """Check for knots that nothing leads to, and links that lead to none."""
    name, knots = interview.file, interview.knots
    reached: set[str] = set()
    waiting = collect_targets(interview.top)
    while waiting:
        one = waiting.pop()
        if one in reached:
            continue
        reached.add(one)
        if one in knots:
            waiting |= collect_targets(knots[one])
        else:
            yield Fault(name, interview.get_line(one), LEADS_NOWHERE, {"name": one})
    for knot in knots.keys() - reached:
        yield Fault(name, interview.get_line(knot), NO_WAY_THERE, {"name": knot})


def collect_targets(within: object) -> set[str]:
    """Collect the knots to which something in it leads, by their names."""
    found: set[str] = set()
    todo = [within]  # and not by recursion: its author decides how deep it goes
    while todo:
        part = todo.pop()
        if isinstance(part, list):
            todo += part
        elif isinstance(part, dict):
            todo += part.values()
            found |= list_own_targets(part)
    return found


def list_own_targets(part: Mapping[str, Any]) -> set[str]:
    paths = (part.get(key) for key in ("->", "f()", "->t->", "^->", "CNT?"))
    names = {
        path.partition(".")[0]
        for path in paths
        if isinstance(path, str) and not part.get("var")
    }
    return {name for name in names if name and not name.isdigit()}


# --- does every way end?


def check_paths(interview: InterviewFile) -> Iterator[Fault]:
    """Check that every path ends, and that none can be found without reading."""
    try:
        places = list(interview_story.explore_story(interview.story))
    except interview_story.EndlessStory:
        yield Fault(interview.file, None, IN_CIRCLES)
    except interview_story.BrokenStory as broken:
        yield Fault(interview.file, None, NO_END, {"why": str(broken)})
    else:
        yield from interview_cues.check_cues(interview, places)


# --- in a version


def compile_interviews(gathered: CourseSources, folder: str) -> list[Plain]:
    return [
        compile_interview(gathered, place)
        for place in list_interviews(gathered)
        if place.folder == folder and not place.language
    ]


def compile_interview(gathered: CourseSources, place: InterviewPlace) -> Plain:
    original = read_interview(gathered, place)
    texts = {gathered.first: compile_text(original, original)}
    for language in gathered.languages[1:]:
        there = place._replace(language=language)
        if there in gathered.stories:
            texts[language] = compile_text(read_interview(gathered, there), original)
    return {
        "name": place.name,
        **{key: original.head[key] for key in ONCE},
        "texts": texts,
    }


def compile_text(interview: InterviewFile, original: InterviewFile) -> Plain:
    return {
        **{key: interview.head[key] for key in WORDS},
        "story": interview.story,
        "stale": interview_translations.is_stale(interview, original),
    }
