"""Whether each track of a course leads to lessons that exist, and has cases of its
own."""

from collections.abc import Mapping
from typing import Any

from amana.academy.courses.engine.gathering import CourseSources
from amana.academy.courses.engine.references.course_faults import (
    Found,
    check_unique_codes,
)
from amana.faults import check_known, gettext_noop
from amana.yaml_files.yamls import Place, YAMLSource

CASES = ("case", "activity")
"""The kinds of lessons in which learners work on a case."""

NO_TRACK = gettext_noop("There is no track “%(name)s” in course.yaml.")
NO_TRACK_MODULE = gettext_noop("No module has the code “%(name)s”.")
NO_PART = gettext_noop("There is no lesson or conversation “%(name)s” in this module.")
NOT_A_CASE = gettext_noop(
    "“%(name)s” is neither a case, an activity nor a conversation."
)
NO_OWN_CASE = gettext_noop(
    "The track “%(name)s” has no case of its own in the module “%(module)s”. List one "
    "under tracks in its module.yaml that no other track lists."
)


def check_tracks(gathered: CourseSources) -> Found:
    source = gathered.sources.get("course.yaml")
    if source is None:
        return
    tracks = source.plain.get("tracks") or ()
    yield from check_unique_codes(source, tracks, ("tracks",))
    codes = {track["code"] for track in tracks}
    # Of a module that can’t be read nothing is known; it has a fault of its own.
    for folder in gathered.folders:
        yield from check_module_tracks(gathered, folder, codes)
    yield from check_own_cases(gathered, source)


def check_module_tracks(gathered: CourseSources, folder: str, codes: set[str]) -> Found:
    """Check that what a module lists for a track is in it, and that cases are cases."""
    source = gathered.sources[f"modules/{folder}/module.yaml"]
    lessons = {
        lesson.part: str(lesson.said.get("kind", "lesson"))
        for lesson in gathered.lessons_of(folder, gathered.first)
    }
    talks = {place.name for place in gathered.interviews if place.folder == folder}
    for code, said in (source.plain.get("tracks") or {}).items():
        yield from check_known(source, ("tracks", code), NO_TRACK, code, codes)
        for key, known in (("first", lessons.keys()), ("cases", {*lessons, *talks})):
            for at, part in enumerate(said.get(key) or ()):
                place: Place = ("tracks", code, key, at)
                file = f"modules/{folder}/{gathered.first}/{part}.md"
                # A lesson that can't be read has a fault of its own.
                if gathered.lessons.get(file) is None and file in gathered.given:
                    continue
                yield from check_known(source, place, NO_PART, part, known)
                if key == "cases" and lessons.get(part, "case") not in CASES:
                    yield source.fault(place, NOT_A_CASE, name=part)


def check_own_cases(gathered: CourseSources, source: YAMLSource) -> Found:
    """Check that a track has a case of its own in each module where it says so."""
    modules = {
        gathered.module(folder)["code"]: gathered.module(folder).get("tracks") or {}
        for folder in gathered.folders
    }
    for at, track in enumerate(source.plain.get("tracks") or ()):
        for nth, code in enumerate(track["cases"]):
            place: Place = ("tracks", at, "cases", nth)
            yield from check_known(source, place, NO_TRACK_MODULE, code, modules)
            if code in modules and not list_own_cases(modules[code], track["code"]):
                values = {"name": track["code"], "module": code}
                yield source.fault(place, NO_OWN_CASE, **values)


def list_own_cases(tracks: Mapping[str, Any], code: str) -> list[str]:
    """List the cases of a track that no other track of the module has."""
    others = {
        part
        for other, said in tracks.items()
        if other != code
        for part in said.get("cases") or ()
    }
    mine = (tracks.get(code) or {}).get("cases") or ()
    return [part for part in mine if part not in others]
