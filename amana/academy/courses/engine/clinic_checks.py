"""Check whether a case for a clinic names only what exists: sources, lessons, sectors
and languages."""

from collections.abc import Iterator, Mapping
from typing import Any

from amana.academy.courses.engine.gathering import CourseSources
from amana.academy.courses.engine.placing import FILE as PLACEMENT
from amana.academy.courses.engine.references import NO_SOURCE, check_unique_codes
from amana.faults import Fault, check_known, gettext_noop
from amana.yaml_files.yamls import Place, YAMLSource

NO_LESSON = gettext_noop("There is no lesson “%(name)s”. Write it as m1/05-health.")
NO_SECTOR = gettext_noop("There is no sector “%(name)s” in placement.yaml.")
NO_LANGUAGE = gettext_noop("course.yaml does not name the language “%(name)s”.")

TEXTS = ("title", "note", "presenter", "situation", "asks")
LISTED = (
    ("answers", ("when", "text")),
    ("findings", ("text", "where")),
    ("others", ("text", "where")),
)
"""The parts that are lists, with the texts that each entry can have."""


def check_clinics(gathered: CourseSources) -> list[Fault]:
    return [
        fault
        for name in gathered.clinics
        for fault in check_clinic(gathered, gathered.sources[name])
    ]


def check_clinic(gathered: CourseSources, source: YAMLSource) -> Iterator[Fault]:
    plain = source.plain
    yield from check_unique_codes(source, plain["answers"], ("answers",))
    for place, said in iterate_clinic_texts(plain):
        # A text whose language is misspelt would never be shown, and never be missed.
        for language in said if isinstance(said, Mapping) else ():
            yield from check_known(
                source, (*place, language), NO_LANGUAGE, language, gathered.languages
            )
    if not gathered.misread("sources.yaml"):
        yield from check_finding_sources(gathered, source)
    if sectors := list_sectors(gathered):
        for at, name in enumerate(plain["sectors"]):
            yield from check_known(source, ("sectors", at), NO_SECTOR, name, sectors)
    lessons = list_lessons(gathered)
    for at, name in enumerate(plain["lessons"]):
        yield from check_known(source, ("lessons", at), NO_LESSON, name, lessons)


def iterate_clinic_texts(plain: Mapping[str, Any]) -> Iterator[tuple[Place, Any]]:
    """Yield each text of a case with its place, in one language or in several."""
    for key in TEXTS:
        yield (key,), plain[key]
    for at, question in enumerate(plain["advice"]):
        yield ("advice", at), question
    for part, keys in LISTED:
        for at, entry in enumerate(plain.get(part, ())):
            for key in keys:
                if key in entry:
                    yield (part, at, key), entry[key]


def check_finding_sources(
    gathered: CourseSources, source: YAMLSource
) -> Iterator[Fault]:
    known = gathered.plain("sources.yaml")
    for other, place, said in gathered.iterate_findings():
        if other is source and "source" in said:
            where = (*place, "source")
            yield from check_known(source, where, NO_SOURCE, said["source"], known)


def list_sectors(gathered: CourseSources) -> list[str]:
    placement = gathered.plain(PLACEMENT)
    return [sector["code"] for sector in placement.get("sectors", ())]


def list_lessons(gathered: CourseSources) -> set[str]:
    """List the lessons as others name them: the code of their module, and their
    part."""
    return {
        f"{gathered.module(folder)['code']}/{lesson.part}"
        for folder in gathered.folders
        for lesson in gathered.lessons_of(folder, gathered.first)
    }
