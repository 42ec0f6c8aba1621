"""Check interviews of a course: whether each is compiled, can be played, and ends.

Next to `interviews/name.ink` lies `name.ink.json`, compiled from it by ink's own tools,
with the SHA-256 of the file from which it was made under `source`.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from hashlib import sha256
from typing import Any

from amana.academy.courses.engine import interview_story
from amana.academy.courses.engine.gathering import CourseSources, Plain
from amana.faults import Fault, gettext_noop

HEAD = ("title", "about", "note", "minutes", "lesson")
DEEPEST = 60
"""Choices on one way: beyond, it goes round in circles."""

NOT_COMPILED = gettext_noop("This interview is not compiled yet.")
STALE = gettext_noop(
    "The interview has changed since it was compiled. Compile it again."
)
NO_SOURCE = gettext_noop("The interview from which this was compiled is missing.")
UNREADABLE = gettext_noop("This is not a compiled interview: %(why)s")
NO_HEAD = gettext_noop("“# %(name)s: …” is missing at the top of the interview.")
NO_NUMBER = gettext_noop("“%(said)s” is not a whole number of minutes.")
NO_LESSON = gettext_noop("There is no lesson “%(name)s” in this module.")
NO_WAY_THERE = gettext_noop("Nothing leads to “%(name)s”.")
LEADS_NOWHERE = gettext_noop("Something leads to “%(name)s”, which does not exist.")
NO_END = gettext_noop("A path through this interview does not end: %(why)s")
IN_CIRCLES = gettext_noop("A path through this interview goes round in circles.")

type Place = tuple[str, str]
"""The folder of a module, and the name of an interview in it."""


def get_file_name(place: Place) -> str:
    return f"modules/{place[0]}/interviews/{place[1]}.ink"


def check_interviews(gathered: CourseSources) -> list[Fault]:
    return [
        fault
        for place in list_interviews(gathered)
        for fault in check_interview(gathered, place)
    ]


def list_interviews(gathered: CourseSources) -> list[Place]:
    return sorted(set(gathered.interviews) | set(gathered.stories))


def check_interview(gathered: CourseSources, place: Place) -> Iterator[Fault]:
    name = get_file_name(place)
    source, story = gathered.interviews.get(place), gathered.stories.get(place)
    if source is None:
        yield Fault(f"{name}.json", None, NO_SOURCE)
    elif story is None:
        yield Fault(name, None, NOT_COMPILED)
    else:
        yield from check_story(name, source, story, list_lesson_parts(gathered, place))


def list_lesson_parts(gathered: CourseSources, place: Place) -> set[str]:
    every = gathered.lessons.values()
    return {lesson.part for lesson in every if lesson.folder == place[0]}


def check_story(
    name: str, source: bytes, story: bytes, lessons: Collection[str]
) -> Iterator[Fault]:
    try:
        text, written = story.decode(), source.decode()
        plain = json.loads(text)
        head = interview_story.read_header(text)
        knots = dict(plain["root"][-1] or {})
    except (
        *(ValueError, interview_story.BrokenStory, TypeError, LookupError),
        RecursionError,  # nested without end
    ) as error:
        yield Fault(f"{name}.json", None, UNREADABLE, {"why": str(error)})
        return
    # Compiled by tools that an installation does not have (ADR 19): the hash is how an
    # outdated file is noticed.
    if plain.get("source") != sha256(source).hexdigest():
        yield Fault(name, None, STALE)
        return
    for key in HEAD:
        if not head.get(key):
            yield Fault(name, 1, NO_HEAD, {"name": key})
    minutes = head.get("minutes")
    if minutes and not (minutes.isascii() and minutes.isdigit()):
        yield Fault(name, 1, NO_NUMBER, {"said": minutes})
    if (lesson := head.get("lesson")) and lesson not in lessons:
        yield Fault(name, 1, NO_LESSON, {"name": lesson})
    knots = {knot: said for knot, said in knots.items() if is_knot(knot)}
    yield from check_links(name, written, plain["root"][:-1], knots)
    yield from check_endings(name, text)


def is_knot(name: str) -> bool:
    return not name.startswith("#") and name != "global decl"


# --- does everything lead somewhere?


def check_links(
    name: str, written: str, top: list[Any], knots: Mapping[str, Any]
) -> Iterator[Fault]:
    """Check for knots that nothing leads to, and links that lead to none."""
    reached: set[str] = set()
    waiting = collect_targets(top)
    while waiting:
        one = waiting.pop()
        if one in reached:
            continue
        reached.add(one)
        if one in knots:
            waiting |= collect_targets(knots[one])
        else:
            yield Fault(name, get_line(written, one), LEADS_NOWHERE, {"name": one})
    for knot in knots.keys() - reached:
        yield Fault(name, get_line(written, knot), NO_WAY_THERE, {"name": knot})


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


def get_line(written: str, knot: str) -> int | None:
    for number, line in enumerate(written.splitlines(), 1):
        if line.strip().strip("=").strip() == knot and line.strip().startswith("=="):
            return number
    return None


# --- does every way end?


def check_endings(name: str, story: str) -> Iterator[Fault]:
    """Check that every path ends: from each place that looks different, everything that
    can be chosen is tried."""
    waiting: list[tuple[int, ...]] = [()]
    seen: set[tuple[object, ...]] = set()
    while waiting:
        chosen = waiting.pop()
        try:
            scene = interview_story.play_interview(story, chosen)
        except interview_story.BrokenStory as broken:
            yield Fault(name, None, NO_END, {"why": str(broken)})
            return
        if len(chosen) >= DEEPEST:
            yield Fault(name, None, IN_CIRCLES)
            return
        # By what a learner sees there. Each path by itself would grow with every
        # choice, and many places are reached by several.
        place = (scene.turns[-1].passages, *scene.choices)
        if place in seen:
            continue
        seen.add(place)
        waiting += [(*chosen, at) for at in reversed(range(len(scene.choices)))]


# --- in a version


def compile_interviews(gathered: CourseSources, folder: str) -> list[Plain]:
    return [
        {"name": name, "story": text} | dict(interview_story.read_header(text))
        for module, name in list_interviews(gathered)
        if module == folder
        for text in [gathered.stories[module, name].decode()]
    ]
