"""A course's files, out of their folder: each known by its place, none too large."""

import re
from pathlib import Path

from amana.design.mechanism.engine.faults import Fault, gettext_noop
from amana.design.mechanism.pack.files import (
    BadPack,
    Limits,
    largest,
    read_within,
    walked,
)

type Files = dict[str, bytes]

MOST_FILES = 1500
MOST_BYTES = 24 * 2**20

MODULE = r"modules/(?P<folder>[a-z0-9][a-z0-9-]{0,59})/"
LANGUAGE = r"(?P<language>[a-z]{2,3})"
LESSON = re.compile(MODULE + LANGUAGE + r"/(?P<part>[0-9]{2}-[a-z0-9-]{1,60})\.md")
TRANSLATED = re.compile(MODULE + LANGUAGE + r"/(?P<what>questions)\.yaml")
FIGURE = re.compile(
    MODULE + r"figures/(?P<name>[a-z0-9][a-z0-9-]{0,59}(?:\.[a-z]{2,3})?)\.svg"
)
INTERVIEW = re.compile(
    MODULE + r"interviews/(?P<name>[a-z0-9][a-z0-9-]{0,59})\.ink(?P<story>\.json)?"
)
OF_MODULE = re.compile(
    MODULE + r"(?P<what>module|questions|test|assignment|live)\.yaml"
)
OF_COURSE = re.compile(
    r"(?P<what>course|glossary|sources|certificates|placement)\.yaml"
)
LAB = re.compile(r"labs/(?P<name>[a-z0-9][a-z0-9-]{0,59})\.yaml")
NOT_READ = re.compile(r"(?:.*/)?README\.md|coverage\.md|faq\.[a-z]{2,3}\.md")

NO_COURSE = gettext_noop("There is no course.yaml here: this is not a course.")
NO_FOLDER = gettext_noop("There is no such folder.")
TOO_MANY = gettext_noop("There are too many files: a course has at most %(most)s.")
TOO_LARGE = gettext_noop("The course is too large: it may hold at most %(most)s MB.")
FILE_TOO_LARGE = gettext_noop("This file is too large: at most %(most)s kB.")
NOT_A_PART = gettext_noop(
    "No file of this name belongs in a course. See which do in the manual."
)


LIMITS = Limits("course.yaml", NO_COURSE, MOST_FILES, MOST_BYTES, deepest=5)
"""Of a course that comes as a zip, with a folder around it or without."""


def of_folder(folder: Path) -> Files:
    if not folder.is_dir():
        raise BadPack(folder.name, NO_FOLDER)
    if not (folder / "course.yaml").is_file():
        raise BadPack("", NO_COURSE)
    found: Files = {}
    left = MOST_BYTES
    for path in walked(folder):
        name = path.relative_to(folder).as_posix()
        if len(found) == MOST_FILES:
            raise BadPack("", TOO_MANY, most=MOST_FILES)
        if left < 1:
            raise BadPack("", TOO_LARGE, most=MOST_BYTES // 2**20)
        with path.open("rb") as source:
            found[name] = read_within(source, name, left)
        left -= len(found[name])
    return found


def beyond_limits(files: Files) -> list[Fault]:
    """What is too much, or has no place in a course, however it came here."""
    if len(files) > MOST_FILES:
        return [Fault("", None, TOO_MANY, {"most": MOST_FILES})]
    if sum(map(len, files.values())) > MOST_BYTES:
        return [Fault("", None, TOO_LARGE, {"most": MOST_BYTES // 2**20})]
    if "course.yaml" not in files:
        return [Fault("", None, NO_COURSE)]
    return [
        fault for name in sorted(files) if (fault := wrong_with(name, len(files[name])))
    ]


def wrong_with(name: str, size: int) -> Fault | None:
    known = (OF_COURSE, OF_MODULE, LAB, LESSON, TRANSLATED, FIGURE, INTERVIEW, NOT_READ)
    if not any(one.fullmatch(name) for one in known):
        return Fault(name, None, NOT_A_PART)
    if size > largest(name):
        return Fault(name, None, FILE_TOO_LARGE, {"most": largest(name) // 2**10})
    return None
