"""Whether consent, procedures and what hangs on the pathway fit."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from amana.design.mechanism.pack import placeholders
from amana.design.mechanism.pack.references.mechanism_checks import (
    check_calendar,
    check_duties,
    check_languages,
    check_organisations,
    check_sharing,
)
from amana.design.mechanism.pack.references.pack_sources import (
    CHAPTER,
    CHAPTER_NAME,
    CHAPTER_TWICE,
    EMPTY_CONSENT,
    NO_CHAPTER,
    NO_CODE,
    NO_CONSENT,
    NO_INTERRUPT,
    NO_LANGUAGE,
    NO_NAME,
    NO_PLACEHOLDER,
    NO_ROLE,
    NO_SCREENING,
    NO_STEP,
    NO_TITLE,
    NOT_ALONE,
    PackFaults,
    PackSources,
)
from amana.design.pathway.check import check_pathway
from amana.faults import Fault, PlainSource, check_known, find_near_name
from amana.yaml_files.yamls import Place


def check_consent(gathered: PackSources, told: PackFaults) -> None:
    for language in gathered.languages:
        name = f"consent/{language}.md"
        # Among all files, also unsound ones: a file that can't be read is not missing
        # too.
        if name not in gathered.given:
            told.add([Fault(name, None, NO_CONSENT, {"language": language})])
        elif not gathered.prose.get(name, "unread").strip():
            told.add([Fault(name, None, EMPTY_CONSENT)])
    for name in gathered.prose:
        if name.startswith(("consent/", "sop/")):
            language = name.removesuffix(".md").split("/")[1]
            source, known = PlainSource(name), gathered.languages
            found = check_known(source, (), NO_LANGUAGE, language, known)
            told.add(found, cause=language)


def check_chapters(gathered: PackSources, told: PackFaults) -> None:
    chapters = {name for name in gathered.prose if name.startswith("sop/")}
    named = {name.split("/", 2)[2] for name in chapters}
    for name in sorted(chapters):
        if not CHAPTER.fullmatch(name.split("/", 2)[2]):
            cause = name.split("/", 2)[2]
            told.add([Fault(name, None, CHAPTER_NAME)], cause=cause)
        elif not read_title(gathered.prose[name]):
            told.add([Fault(name, 1, NO_TITLE)])
    for language in gathered.languages:
        for last in sorted(named):
            name = f"sop/{language}/{last}"
            if name not in gathered.given and CHAPTER.fullmatch(last):
                told.add([Fault(name, None, NO_CHAPTER, {"language": language})])
    numbers: dict[str, str] = {}
    for last in sorted(named):
        if match := CHAPTER.fullmatch(last):
            if match[1] in numbers:
                values = {"number": match[1]}
                first = next(n for n in sorted(chapters) if n.endswith(last))
                told.add([Fault(first, None, CHAPTER_TWICE, values)], cause=match[1])
            numbers[match[1]] = last


def read_title(words: str) -> str:
    first = words.lstrip("\n").split("\n", 1)[0]
    return first[2:].strip() if first.startswith("# ") else ""


def map_steps(gathered: PackSources) -> dict[str, tuple[Place, Mapping[str, Any]]]:
    """Map the id of every step, those of parts too, to its place in the file and its
    content."""
    plain = gathered.plain("pathway.yaml")
    found: dict[str, tuple[Place, Mapping[str, Any]]] = {
        id: (("steps", id), step) for id, step in plain["steps"].items()
    }
    for name, part in (plain.get("parts") or {}).items():
        for id, step in part["steps"].items():
            found.setdefault(id, (("parts", name, "steps", id), step))
    return found


def is_pathway_sound(gathered: PackSources, told: PackFaults) -> None:
    """Check that every step can be reached and reaches an end, and uses known words."""
    mechanism = gathered.plain("mechanism.yaml")
    for fault in check_pathway(
        gathered.plain("pathway.yaml"),
        decisions=gathered.decisions,
        roles=mechanism["roles"],
        partners=mechanism.get("partners") or {},
        forms=gathered.form_names,
        screenings=gathered.instrument_names,
    ):
        source = gathered.sources[fault.file]
        # The engine reads plain values, and so knows places but no lines.
        line = fault.line or source.line(*fault.where)
        # Of a sentence without values, its place is the cause.
        cause = tuple(fault.values.items()) or None
        told.add([replace(fault, line=line)], cause=cause)


def check_screenings(gathered: PackSources, told: PackFaults) -> None:
    """Check that what follows from a screening is a step, or an instrument, of this
    pack."""
    steps = map_steps(gathered)
    for name, source in gathered.sources.items():
        if name.startswith("screening/"):
            for key in ("follows", "otherwise"):
                for number, row in enumerate(source.plain.get(key) or ()):
                    if step := row.get("step"):
                        place = (key, number, "step")
                        told.check_known(source, place, NO_STEP, step, steps)
                    if other := row.get("screening"):
                        place = (key, number, "screening")
                        among = gathered.instrument_names
                        told.check_known(source, place, NO_SCREENING, other, among)


def check_law(gathered: PackSources, told: PackFaults) -> None:
    steps = map_steps(gathered)
    if source := gathered.sources.get("law.yaml"):
        for id, provision in source.plain.items():
            for number, name in enumerate(provision.get("honoured_by") or []):
                place = (id, "honoured_by", number)
                told.check_known(source, place, NO_STEP, name, steps)


def check_indicators(gathered: PackSources, told: PackFaults) -> None:
    steps = map_steps(gathered)
    if source := gathered.sources.get("indicators.yaml"):
        for code, indicator in source.plain["indicators"].items():
            for number, name in enumerate(indicator.get("steps") or []):
                place = ("indicators", code, "steps", number)
                told.check_known(source, place, NO_STEP, name, steps)


def check_capacity(gathered: PackSources, told: PackFaults) -> None:
    source = gathered.sources.get("capacity.yaml")
    if source is None:
        return
    steps = map_steps(gathered)
    pathway = gathered.plain("pathway.yaml")
    given = map_given_codes(gathered)
    named: list[tuple[str, str, Collection[str]]] = [
        ("staff", NO_ROLE, gathered.plain("mechanism.yaml")["roles"]),
        ("work_hours", NO_STEP, steps),
        ("answers", NO_STEP, steps),
        ("places", NO_STEP, steps),
        ("chance", NO_NAME, given),
        ("items", NO_NAME, given),
        ("starts_with", NO_NAME, pathway.get("starts_with") or {}),
        ("interrupts", NO_INTERRUPT, pathway.get("interrupts") or {}),
    ]
    for key, sentence, among in named:
        for name in source.plain.get(key) or {}:
            told.check_known(source, (key, name), sentence, name, among)
    for key in ("chance", "starts_with"):
        for name, shares in (source.plain.get(key) or {}).items():
            for code in shares if name in given else ():
                place = (key, name, code)
                told.check_known(source, place, NO_CODE, code, given[name])


def map_given_codes(gathered: PackSources) -> dict[str, set[str]]:
    """Map every name that a case starts with or a step gives to its codes."""
    pathway = gathered.plain("pathway.yaml")
    found = {name: set(all) for name, all in (pathway.get("starts_with") or {}).items()}
    for _, step in map_steps(gathered).values():
        if isinstance(gives := step.get("gives"), Mapping):
            for name, codes in gives.items():
                found.setdefault(name, set()).update(
                    [codes] if isinstance(codes, str) else codes
                )
    return found


def check_placeholders(gathered: PackSources, told: PackFaults) -> None:
    mechanism = gathered.plain("mechanism.yaml")
    ordinary, in_consent = (
        placeholders.list_known_names(
            roles=mechanism["roles"],
            organisations=mechanism["organisations"],
            partners=mechanism.get("partners") or {},
            steps={id: step for id, (_, step) in map_steps(gathered).items()},
            clocks=mechanism["clocks"],
            forms=gathered.form_names,
            decisions=gathered.decision_names,
            spheres=mechanism["sharing"],
            in_consent=here,
        )
        # Recipient and fields exist only in a consent; elsewhere nothing would fill
        # them.
        for here in (False, True)
    )
    for name, words in sorted(gathered.prose.items()):
        # It is for the authors, and may explain placeholders by showing some.
        if name == "README.md":
            continue
        known = in_consent if name.startswith("consent/") else ordinary
        lines = words.split("\n")
        for place in placeholders.find_placeholders(words):
            if place.name not in known:
                near, values = find_near_name(place.name, known), {"name": place.name}
                fault = Fault(name, place.line, NO_PLACEHOLDER, values, near=near)
                told.add([fault], cause=place.name)
            elif place.name.startswith("table."):
                alone = placeholders.PLACE.fullmatch(lines[place.line - 1].strip())
                if not alone:
                    values = {"name": place.name}
                    told.add([Fault(name, place.line, NOT_ALONE, values)])


type Look = Callable[[PackSources, PackFaults], None]


OF_MECHANISM: tuple[Look, ...] = (
    check_organisations,
    check_duties,
    check_sharing,
    check_calendar,
    check_languages,
    check_consent,
    check_chapters,
)
OF_BOTH: tuple[Look, ...] = (
    is_pathway_sound,
    check_screenings,
    check_law,
    check_indicators,
    check_capacity,
    check_placeholders,
)
