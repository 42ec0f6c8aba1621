"""Whether organisations, roles and languages are there."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from amana.design.mechanism.pack import calendars
from amana.design.mechanism.pack.ceiling import CEILING
from amana.design.mechanism.pack.references.pack_sources import (
    ABOVE_CEILING,
    NO_LANGUAGE,
    NO_ORGANISATION,
    NO_ROLE,
    NOT_IN_FIRST,
    PackFaults,
    PackSources,
)
from amana.yaml_files.yamls import Place


def check_organisations(gathered: PackSources, told: PackFaults) -> None:
    source = gathered.sources["mechanism.yaml"]
    among = source.plain["organisations"]
    for number, name in enumerate(source.plain.get("signed_by", ())):
        told.check_known(source, ("signed_by", number), NO_ORGANISATION, name, among)
    for id, role in source.plain["roles"].items():
        for number, name in enumerate(role["who"]):
            place = ("roles", id, "who", number)
            told.check_known(source, place, NO_ORGANISATION, name, among)


def check_duties(gathered: PackSources, told: PackFaults) -> None:
    source = gathered.sources["mechanism.yaml"]
    roles = source.plain["roles"]
    for id, duty in (source.plain.get("duties") or {}).items():
        place = ("duties", id, "answers_for")
        told.check_known(source, place, NO_ROLE, duty["answers_for"], roles)
        for part in ("does", "is_asked", "is_told"):
            for number, name in enumerate(duty.get(part) or []):
                told.check_known(
                    source, ("duties", id, part, number), NO_ROLE, name, roles
                )


def check_sharing(gathered: PackSources, told: PackFaults) -> None:
    source = gathered.sources["mechanism.yaml"]
    for sphere, compartments in source.plain["sharing"].items():
        for number, compartment in enumerate(compartments):
            if compartment not in CEILING[sphere]:
                place = ("sharing", sphere, number)
                values = {"compartment": compartment, "sphere": sphere}
                told.add([source.fault(place, ABOVE_CEILING, **values)])


def check_calendar(gathered: PackSources, told: PackFaults) -> None:
    told.add(calendars.find_faults(gathered.sources["mechanism.yaml"]))


def check_languages(gathered: PackSources, told: PackFaults) -> None:
    # The first language is the fallback of all others, so a text without it could be
    # shown to no one.
    first, *_ = languages = gathered.languages
    for name, source in gathered.sources.items():
        if name.startswith("screening/"):
            continue  # its own languages are checked with its form
        for place, words in iterate_texts(source.plain):
            for language in words:
                told.check_known(
                    source, (*place, language), NO_LANGUAGE, language, languages
                )
            if first not in words:
                told.add([source.fault(place, NOT_IN_FIRST, language=first)])


LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
TEXTS = frozenset(
    {
        "title", "notice", "does", "calls", "do", "how", "because", "instrument",
        "provision", "obliges", "note", "counts", "of", "term", "means",
    }
)  # fmt: skip
"""Names under which a schema has a text; `partners` has texts under codes."""


def iterate_texts(
    plain: Any, place: Place = ()
) -> Iterator[tuple[Place, Mapping[str, str]]]:
    """Yield every text that is given by language, with its place."""
    if isinstance(plain, Mapping):
        for key, value in plain.items():
            here = (*place, key)
            is_text = key in TEXTS or place == ("partners",)
            if is_text and isinstance(value, Mapping) and is_by_language(value):
                yield here, value
            else:
                yield from iterate_texts(value, here)
    elif isinstance(plain, list):
        for number, value in enumerate(plain):
            yield from iterate_texts(value, (*place, number))


def is_by_language(value: Mapping[str, object]) -> bool:
    """Check that all keys are languages: a term of the glossary may itself be called
    “means”, and that is no text."""
    return all(LANGUAGE.fullmatch(key) for key in value)
