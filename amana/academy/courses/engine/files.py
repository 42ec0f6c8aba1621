"""Read a course's files from their folder: each known by its place, none too large."""

import re
from pathlib import Path

from amana.design.mechanism.pack import files
from amana.design.mechanism.pack.files import Files, PackLimits, get_limit
from amana.faults import Fault, gettext_noop

MOST_FILES = 1500
MOST_BYTES = 24 * 2**20

MODULE = r"modules/(?P<folder>[a-z0-9][a-z0-9-]{0,59})/"
LANGUAGE = r"(?P<language>[a-z]{2,3})"
LESSON = re.compile(MODULE + LANGUAGE + r"/(?P<part>[0-9]{2}-[a-z0-9-]{1,60})\.md")
KIT = re.compile(MODULE + LANGUAGE + r"/kit/(?P<part>[0-9]{2}-[a-z0-9-]{1,60})\.md")
TRANSLATED = re.compile(MODULE + LANGUAGE + r"/(?P<what>questions|bank)\.yaml")
FIGURE = re.compile(
    MODULE + r"figures/(?P<name>[a-z0-9][a-z0-9-]{0,59}(?:\.[a-z]{2,3})?)\.svg"
)
INTERVIEW = re.compile(
    MODULE
    + r"interviews/(?P<name>[a-z0-9][a-z0-9-]{0,59})"
    + rf"(?:\.{LANGUAGE})?\.ink(?P<story>\.json)?"
)
OF_MODULE = re.compile(
    MODULE + r"(?P<what>module|questions|bank|test|assignment|live)\.yaml"
)
OF_COURSE = re.compile(
    r"(?P<what>course|glossary|sources|certificates|placement)\.yaml"
)
LAB = re.compile(r"labs/(?P<name>[a-z0-9][a-z0-9-]{0,59})\.yaml")
CLINIC = re.compile(r"clinics/(?P<name>[a-z0-9][a-z0-9-]{0,59})\.yaml")
NOT_READ = re.compile(r"(?:.*/)?README\.md|coverage\.md|faq\.[a-z]{2,3}\.md")

KNOWN = (
    OF_COURSE,
    OF_MODULE,
    LAB,
    CLINIC,
    LESSON,
    KIT,
    TRANSLATED,
    FIGURE,
    INTERVIEW,
    NOT_READ,
)
"""All that a course may consist of."""

NO_COURSE = gettext_noop("There is no course.yaml here: this is not a course.")
TOO_MANY = gettext_noop("There are too many files: a course has at most %(most)s.")
TOO_LARGE = gettext_noop("The course is too large: it may hold at most %(most)s MB.")
FILE_TOO_LARGE = gettext_noop("This file is too large: at most %(most)s kB.")
NOT_A_PART = gettext_noop(
    "A course can’t contain a file of this name. The manual lists the names "
    "that it can."
)


LIMITS = PackLimits(
    "course.yaml", NO_COURSE, MOST_FILES, MOST_BYTES, 6, TOO_MANY, TOO_LARGE
)
"""Of a course in a folder, or as a zip with a folder around it or without."""


def read_folder(folder: Path) -> Files:
    return files.read_folder(folder, LIMITS)


def check_limits(given: Files) -> list[Fault]:
    """Check for what is too much, or has no place in a course, however it came here."""
    # Before anything is parsed: YAML and SVG take far more memory than their bytes.
    if len(given) > MOST_FILES:
        return [Fault("", None, TOO_MANY, {"most": MOST_FILES})]
    if sum(map(len, given.values())) > MOST_BYTES:
        return [Fault("", None, TOO_LARGE, {"most": MOST_BYTES // 2**20})]
    if "course.yaml" not in given:
        return [Fault("", None, NO_COURSE)]
    return [
        fault for name in sorted(given) if (fault := check_file(name, len(given[name])))
    ]


def check_file(name: str, size: int) -> Fault | None:
    if not any(pattern.fullmatch(name) for pattern in KNOWN):
        return Fault(name, None, NOT_A_PART)
    if size > get_limit(name):
        return Fault(name, None, FILE_TOO_LARGE, {"most": get_limit(name) // 2**10})
    return None
