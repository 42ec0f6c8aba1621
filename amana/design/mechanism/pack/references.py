"""Checks across the files of a pack: whether they fit together.

Each check reads only files that are sound in themselves, so that one mistake is
reported once. Of a name that is wrong in ten places, the first place is reported."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from amana.design.mechanism.engine.check import check_pathway
from amana.design.mechanism.engine.faults import Fault, gettext_noop
from amana.design.mechanism.pack import calendars, placeholders
from amana.design.mechanism.pack.ceiling import CEILING
from amana.design.mechanism.pack.yamls import Place, YAMLSource

NO_ORGANISATION = gettext_noop("There is no organisation “%(name)s”%(near)s.")
NO_ROLE = gettext_noop("There is no role “%(name)s”%(near)s.")
NO_ROLE_OR_PARTNER = gettext_noop("There is no role or partner “%(name)s”%(near)s.")
NO_STEP = gettext_noop("There is no step “%(name)s”%(near)s.")
NO_FORM = gettext_noop("There is no form “%(name)s” in forms%(near)s.")
NO_SCREENING = gettext_noop("There is no instrument “%(name)s” in screening%(near)s.")
NO_LANGUAGE = gettext_noop("The pack has no language “%(name)s”%(near)s.")
NO_PLACEHOLDER = gettext_noop("Nothing fills {{ %(name)s }}%(near)s.")
NO_NAME = gettext_noop("No step gives “%(name)s”%(near)s.")
NO_INTERRUPT = gettext_noop("There is no interrupt “%(name)s”%(near)s.")
NO_CODE = gettext_noop("“%(name)s” is not one of its codes%(near)s.")
NOT_IN_FIRST = gettext_noop(
    "The text in the pack’s first language (%(language)s) is missing."
)
ABOVE_CEILING = gettext_noop(
    "“%(compartment)s” is never shared with the sphere “%(sphere)s”, "
    "whatever is agreed."
)
NO_CONSENT = gettext_noop("There is no consent text in the language “%(language)s”.")
EMPTY_CONSENT = gettext_noop("This consent text is empty.")
CHAPTER_NAME = gettext_noop(
    "A chapter’s file is named by a number and a name: 07-screening.md."
)
CHAPTER_TWICE = gettext_noop("There are two chapters with the number %(number)s.")
NO_TITLE = gettext_noop("A chapter begins with its title: a line “# Title”.")
NO_CHAPTER = gettext_noop("This chapter is missing in the language “%(language)s”.")
NOT_ALONE = gettext_noop(
    "{{ %(name)s }} becomes a table, so it must be alone on its line."
)

CHAPTER = re.compile(r"(\d\d)-([a-z][a-z0-9-]*)\.md")


@dataclass
class PackSources:
    """The parts of a pack that could be read, and their faults."""

    sources: dict[str, YAMLSource] = field(default_factory=dict)
    """Files that have the shape of their schema."""
    prose: dict[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    """The names of all files, sound or not."""
    forms: Mapping[str, Any] = field(default_factory=dict)
    """By name, those that have no fault."""
    form_names: frozenset[str] = frozenset()
    instrument_names: frozenset[str] = frozenset()
    decision_names: frozenset[str] = frozenset()
    faults: list[Fault] = field(default_factory=list)

    def plain(self, name: str) -> Mapping[str, Any]:
        source = self.sources.get(name)
        return (source.plain or {}) if source else {}

    @property
    def decisions(self) -> dict[str, Mapping[str, Any]]:
        return {
            name: self.plain(f"decisions/{name}.yaml")
            for name in sorted(self.decision_names)
        }

    @property
    def pathway_is_whole(self) -> bool:
        """It and its tables have the shape of their schemas."""
        tables = {f"decisions/{name}.yaml" for name in self.decision_names}
        return {"pathway.yaml", *tables} <= self.sources.keys()

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.plain("mechanism.yaml").get("languages", ()))


class FaultList:
    """Faults, each cause once."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.seen: set[tuple[str, object]] = set()

    def tell(self, fault: Fault, cause: object = None) -> None:
        key = (fault.sentence, cause if cause is not None else str(fault))
        if key not in self.seen:
            self.seen.add(key)
            self.faults.append(fault)

    def unknown(
        self, source: YAMLSource, place: Place, sentence: str, name: str, among: Any
    ) -> None:
        """Report a name that is not among the known ones, once for each name."""
        if name not in among:
            values = {"name": name, "near": suggest_name(name, among)}
            self.tell(source.fault(place, sentence, **values), (name, *place[:1]))


def suggest_name(name: str, among: Collection[str]) -> str:
    """Suggest the nearest known name, in brackets; empty if none is near."""
    # Only the name: a sentence such as “is screen meant?” would have to be translated,
    # and is joined here to sentences in any language.
    found = get_close_matches(name, list(among), n=1)
    return f" ({found[0]}?)" if found else ""


def find_faults(gathered: PackSources) -> list[Fault]:
    told = FaultList()
    if "mechanism.yaml" in gathered.sources:
        for look in OF_MECHANISM:
            look(gathered, told)
        # Without its tables the pathway would seem to be full of unknown names.
        if gathered.pathway_is_whole:
            for look in OF_BOTH:
                look(gathered, told)
    return told.faults


# -- the mechanism and its languages ---------------------------------------------------


def check_organisations(gathered: PackSources, told: FaultList) -> None:
    source = gathered.sources["mechanism.yaml"]
    among = source.plain["organisations"]
    for number, name in enumerate(source.plain.get("signed_by", ())):
        told.unknown(source, ("signed_by", number), NO_ORGANISATION, name, among)
    for id, role in source.plain["roles"].items():
        for number, name in enumerate(role["who"]):
            place = ("roles", id, "who", number)
            told.unknown(source, place, NO_ORGANISATION, name, among)


def check_duties(gathered: PackSources, told: FaultList) -> None:
    source = gathered.sources["mechanism.yaml"]
    roles = source.plain["roles"]
    for id, duty in (source.plain.get("duties") or {}).items():
        place = ("duties", id, "answers_for")
        told.unknown(source, place, NO_ROLE, duty["answers_for"], roles)
        for part in ("does", "is_asked", "is_told"):
            for number, name in enumerate(duty.get(part) or []):
                told.unknown(source, ("duties", id, part, number), NO_ROLE, name, roles)


def check_sharing(gathered: PackSources, told: FaultList) -> None:
    source = gathered.sources["mechanism.yaml"]
    for sphere, compartments in source.plain["sharing"].items():
        for number, compartment in enumerate(compartments):
            if compartment not in CEILING[sphere]:
                place = ("sharing", sphere, number)
                values = {"compartment": compartment, "sphere": sphere}
                told.tell(source.fault(place, ABOVE_CEILING, **values))


def check_calendar(gathered: PackSources, told: FaultList) -> None:
    for fault in calendars.find_faults(gathered.sources["mechanism.yaml"]):
        told.tell(fault)


def check_languages(gathered: PackSources, told: FaultList) -> None:
    # The first language is the fallback of all others, so a text without it could be
    # shown to no one.
    first, *_ = languages = gathered.languages
    for name, source in gathered.sources.items():
        if name.startswith("screening/"):
            continue  # its own languages are checked with its form
        for place, words in iterate_texts(source.plain):
            for language in words:
                told.unknown(
                    source, (*place, language), NO_LANGUAGE, language, languages
                )
            if first not in words:
                told.tell(source.fault(place, NOT_IN_FIRST, language=first))


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


def is_by_language(value: Mapping[str, Any]) -> bool:
    """Check that all keys are languages: a term of the glossary may itself be called
    “means”, and that is no text."""
    return all(LANGUAGE.fullmatch(key) for key in value)


# -- consent and procedures ------------------------------------------------------------


def check_consent(gathered: PackSources, told: FaultList) -> None:
    for language in gathered.languages:
        name = f"consent/{language}.md"
        # Among all files, also unsound ones: a file that can't be read is not missing
        # too.
        if name not in gathered.given:
            told.tell(Fault(name, None, NO_CONSENT, {"language": language}))
        elif not gathered.prose.get(name, "unread").strip():
            told.tell(Fault(name, None, EMPTY_CONSENT))
    for name in gathered.prose:
        if name.startswith(("consent/", "sop/")):
            language = name.removesuffix(".md").split("/")[1]
            if language not in gathered.languages:
                values = {
                    "name": language,
                    "near": suggest_name(language, gathered.languages),
                }
                told.tell(Fault(name, None, NO_LANGUAGE, values), language)


def check_chapters(gathered: PackSources, told: FaultList) -> None:
    chapters = {name for name in gathered.prose if name.startswith("sop/")}
    named = {name.split("/", 2)[2] for name in chapters}
    for name in sorted(chapters):
        if not CHAPTER.fullmatch(name.split("/", 2)[2]):
            told.tell(Fault(name, None, CHAPTER_NAME), name.split("/", 2)[2])
        elif not read_title(gathered.prose[name]):
            told.tell(Fault(name, 1, NO_TITLE))
    for language in gathered.languages:
        for last in sorted(named):
            name = f"sop/{language}/{last}"
            if name not in gathered.given and CHAPTER.fullmatch(last):
                told.tell(Fault(name, None, NO_CHAPTER, {"language": language}))
    numbers: dict[str, str] = {}
    for last in sorted(named):
        if match := CHAPTER.fullmatch(last):
            if match[1] in numbers:
                values = {"number": match[1]}
                first = next(n for n in sorted(chapters) if n.endswith(last))
                told.tell(Fault(first, None, CHAPTER_TWICE, values), match[1])
            numbers[match[1]] = last


def read_title(words: str) -> str:
    first = words.lstrip("\n").split("\n", 1)[0]
    return first[2:].strip() if first.startswith("# ") else ""


# -- the pathway and what hangs on it --------------------------------------------------


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


def is_pathway_sound(gathered: PackSources, told: FaultList) -> None:
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
        told.tell(replace(fault, line=line), tuple(fault.values.items()))


def check_screenings(gathered: PackSources, told: FaultList) -> None:
    """Check that what follows from a screening is a step, or an instrument, of this
    pack."""
    steps = map_steps(gathered)
    for name, source in gathered.sources.items():
        if name.startswith("screening/"):
            for key in ("follows", "otherwise"):
                for number, row in enumerate(source.plain.get(key) or ()):
                    if step := row.get("step"):
                        place = (key, number, "step")
                        told.unknown(source, place, NO_STEP, step, steps)
                    if other := row.get("screening"):
                        place = (key, number, "screening")
                        among = gathered.instrument_names
                        told.unknown(source, place, NO_SCREENING, other, among)


def check_law(gathered: PackSources, told: FaultList) -> None:
    if source := gathered.sources.get("law.yaml"):
        for id, provision in source.plain.items():
            for number, name in enumerate(provision.get("honoured_by") or []):
                place = (id, "honoured_by", number)
                told.unknown(source, place, NO_STEP, name, map_steps(gathered))


def check_indicators(gathered: PackSources, told: FaultList) -> None:
    if source := gathered.sources.get("indicators.yaml"):
        for code, indicator in source.plain["indicators"].items():
            for number, name in enumerate(indicator.get("steps") or []):
                place = ("indicators", code, "steps", number)
                told.unknown(source, place, NO_STEP, name, map_steps(gathered))


def check_capacity(gathered: PackSources, told: FaultList) -> None:
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
            told.unknown(source, (key, name), sentence, name, among)
    for key in ("chance", "starts_with"):
        for name, shares in (source.plain.get(key) or {}).items():
            for code in shares if name in given else ():
                place = (key, name, code)
                told.unknown(source, place, NO_CODE, code, given[name])


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


def check_placeholders(gathered: PackSources, told: FaultList) -> None:
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
                values = {"name": place.name, "near": suggest_name(place.name, known)}
                told.tell(Fault(name, place.line, NO_PLACEHOLDER, values), place.name)
            elif place.name.startswith("table."):
                alone = placeholders.PLACE.fullmatch(lines[place.line - 1].strip())
                if not alone:
                    values = {"name": place.name}
                    told.tell(Fault(name, place.line, NOT_ALONE, values))


type Look = Callable[[PackSources, FaultList], None]

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
