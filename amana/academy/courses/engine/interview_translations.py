"""Check whether an interview is the same conversation in each language.

A learner who changes the language in the middle continues at the same place, since a
conversation is kept as the places of its choices (ADR 19). So a translation has the
same knots, choices, variables and tags in the same order; only the words differ."""

from collections.abc import Iterator, Mapping
from typing import Any

from amana.academy.courses.engine.gathering import CourseSources, InterviewPlace
from amana.academy.courses.engine.interview_files import (
    InterviewFile,
    is_knot,
    list_interviews,
)
from amana.academy.courses.engine.interview_story import split_tag
from amana.academy.courses.engine.references.course_faults import (
    NOT_TRANSLATED,
    UNKNOWN_LANGUAGE,
)
from amana.faults import Fault, gettext_noop

type Read = Mapping[InterviewPlace, InterviewFile]

OF_FIRST_LANGUAGE = gettext_noop(
    "The name of an interview in the course’s first language has no language in it."
)
NO_ORIGINAL = gettext_noop("There is no interview “%(name)s” for this translation.")
OTHER_PATHS = gettext_noop(
    "“%(name)s” has other choices, links, variables or tags than in the original. "
    "Only the words may differ."
)
STALE = gettext_noop(
    "The interview has changed since this translation. Once the translation "
    "matches it again, write # translated_from: %(sha256)s"
)
OF_UNKNOWN_AGE = gettext_noop(
    "It is not recorded which wording this is a translation of. Write "
    "# translated_from: %(sha256)s"
)
OF = "translated_from"


def check_translations(gathered: CourseSources, read: Read) -> Iterator[Fault]:
    known = list_interviews(gathered)
    for place in known:
        if place.language:
            yield from check_place(gathered, place, known)
            here, there = read.get(place), read.get(place.original)
            # What can't be read has a fault of its own.
            if here and there:
                yield from compare_paths(here, there)
        elif place in read:
            yield from check_missing(gathered, read[place], known)


def check_place(
    gathered: CourseSources, place: InterviewPlace, known: list[InterviewPlace]
) -> Iterator[Fault]:
    if place.language == gathered.first:
        yield Fault(place.file, None, OF_FIRST_LANGUAGE)
    elif gathered.languages and place.language not in gathered.languages:
        yield Fault(place.file, None, UNKNOWN_LANGUAGE, {"name": place.language})
    if place.original not in known:
        yield Fault(place.file, None, NO_ORIGINAL, {"name": place.name})


def check_missing(
    gathered: CourseSources, original: InterviewFile, known: list[InterviewPlace]
) -> Iterator[Fault]:
    """Check that who reads its lesson in a language can practise in that language."""
    place, lesson = original.place, original.head.get("lesson", "")
    for language in gathered.languages[1:]:
        # A module that is being translated is published meanwhile: what has no lesson
        # yet is a remark of its own, and learners see the first language.
        if (
            gathered.lesson(place.folder, language, lesson)
            and place._replace(language=language) not in known
        ):
            yield Fault(place.file, None, NOT_TRANSLATED, {"language": language})


# --- the same, but for its words?


def compare_paths(here: InterviewFile, there: InterviewFile) -> Iterator[Fault]:
    mine, theirs = map_parts(here), map_parts(there)
    for name in sorted(mine.keys() | theirs.keys()):
        if mine.get(name) != theirs.get(name):
            line = here.get_line(name)
            yield Fault(here.file, line, OTHER_PATHS, {"name": name})


def map_parts(interview: InterviewFile) -> dict[str, list[str]]:
    """Map everything of which a story consists, by what an author calls it, without its
    words."""
    *_top, named = interview.plain["root"]
    start = interview.top
    if start and isinstance(start[0], list):
        # Not its head: of that, each language has its own.
        start = [skip_head(start[0]), *start[1:]]
    parts = {"->": start, "LIST": interview.plain.get("listDefs")}
    for name, said in (named or {}).items():
        parts[name if is_knot(name) else "VAR"] = said
    return {name: list_structure(said) for name, said in parts.items()}


def skip_head(said: list[Any]) -> list[Any]:
    while said[:1] == ["#"]:
        said = said[3:]  # "#", the tag, "/#"
    return said


def list_structure(within: object) -> list[str]:
    """List what something compiled does, in order: where it leads, what it asks of
    variables and sets, which choices and kinds of tags it has; not what it says."""
    found: list[str] = []
    todo = [within]  # and not by recursion: its author decides how deep it goes
    while todo:
        part = todo.pop()
        if isinstance(part, list):
            # With its length, so that the list tells one nesting from another.
            found.append(f"[{len(part)}]")
            todo += [remove_words(part, at) for at in range(len(part))]
        elif isinstance(part, dict):
            found.append(repr(sorted(part)))
            todo += [part[key] for key in sorted(part)]
        else:
            found.append(repr(part))
    return found


def remove_words(parts: list[Any], at: int) -> Any:
    """Remove from a part what is said; of a tag its kind stays."""
    part = parts[at]
    if not isinstance(part, str) or not part.startswith("^"):
        return part
    is_tag = at > 0 and parts[at - 1] == "#"
    return f"# {split_tag(part[1:])[0]}" if is_tag else "^"


# --- of which wording?


def check_age(read: Read) -> Iterator[Fault]:
    for place, here in read.items():
        original = read.get(place.original)
        if not place.language or original is None:
            continue
        values = {"sha256": original.sha256}
        if OF not in here.head:
            yield Fault(here.file, 1, OF_UNKNOWN_AGE, values)
        elif is_stale(here, original):
            yield Fault(here.file, 1, STALE, values)


def is_stale(interview: InterviewFile, original: InterviewFile) -> bool:
    of = interview.head.get(OF)
    return interview is not original and of not in (None, original.sha256)
