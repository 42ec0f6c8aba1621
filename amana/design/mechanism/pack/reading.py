"""From a pack's files to a `Pack`, or to every mistake that its authors have to
correct.

First each file by itself: its size and name, whether it can be read, whether it has the
shape of its schema. Then what the files say of one another, as far as they are sound. A
pack with any fault is refused as a whole."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from amana.design.forms.engine.form_model import Form
from amana.design.forms.engine.reading import read_form
from amana.design.instruments import Instrument, read_instrument
from amana.design.mechanism.pack import calendars, files, references, shelters
from amana.design.mechanism.pack.pack_model import (
    CaseConditions,
    Chapter,
    Duty,
    Indicator,
    Organisation,
    Pack,
    Provision,
    Role,
    Term,
)
from amana.design.mechanism.pack.references import PackSources
from amana.design.pathway.pathway_model import read_text
from amana.design.pathway.pathway_reading import read_pathway
from amana.faults import Fault, check_known, gettext_noop
from amana.working_time import parse_span
from amana.yaml_files import schema, yamls
from amana.yaml_files.yamls import YAMLSource

type Files = Mapping[str, bytes]
type Plain = Mapping[str, Any]

SCHEMAS = Path(__file__).parent / "schemas"
SCHEMA_NAMES = {
    "mechanism.yaml": "mechanism",
    "pathway.yaml": "pathway",
    "law.yaml": "law",
    "indicators.yaml": "indicators",
    "glossary.yaml": "glossary",
    "capacity.yaml": "capacity",
    "decisions": "decision",
    "screening": "screening",
}
FILES_KEPT = 128

NO_PATHWAY = gettext_noop("There is no pathway.yaml in this pack.")


def read_pack(given: Files) -> tuple[Pack | None, list[Fault]]:
    """Read a pack. Returns it, unless it has faults; and its faults, in the order of
    its files."""
    if too_much := files.find_faults(given):
        return None, too_much
    gathered = gather_files(given)
    # Before the checks across files, because their faults belong to the files
    # themselves.
    instruments = read_instruments(gathered)
    found = [*gathered.faults, *references.find_faults(gathered)]
    if found:
        return None, sorted(found, key=get_sort_key)
    return build_pack(given, gathered, instruments), []


def get_sort_key(fault: Fault) -> tuple[int, str, int]:
    first = {"mechanism.yaml": 0, "pathway.yaml": 1}
    return first.get(fault.file, 2), fault.file, fault.line or 0


# -- each file by itself ---------------------------------------------------------------


def gather_files(given: Files) -> PackSources:
    gathered = PackSources(
        given=frozenset(given),
        form_names=list_names(given, "forms/", ".xlsx"),
        instrument_names=list_names(given, "screening/", ".yaml"),
        decision_names=list_names(given, "decisions/", ".yaml"),
    )
    forms: dict[str, Form] = {}
    for name, content in sorted(given.items()):
        if name.endswith(".yaml"):
            read_yaml_file(gathered, name, content)
        elif name.endswith(".md"):
            read_prose_file(gathered, name, content)
        elif name.endswith(".xlsx"):
            form, found = read_form_file(content, name)
            gathered.faults += found
            if form:
                forms[get_stem(name)] = form
    gathered.forms = forms
    gathered.faults += shelters.find_faults(given)
    if "pathway.yaml" not in given:
        gathered.faults.append(Fault("pathway.yaml", None, NO_PATHWAY))
    return gathered


def list_names(given: Files, folder: str, ending: str) -> frozenset[str]:
    return frozenset(
        get_stem(name)
        for name in given
        if name.startswith(folder) and name.endswith(ending)
    )


def get_stem(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[0]


def read_yaml_file(gathered: PackSources, name: str, content: bytes) -> None:
    source, found = read_source(content, name)
    gathered.faults += found
    if source:
        gathered.sources[name] = source


@lru_cache(maxsize=FILES_KEPT)
def read_source(
    content: bytes, name: str
) -> tuple[YAMLSource | None, tuple[Fault, ...]]:
    """Read a YAML file and check its shape. The same content is read only once, however
    often its pack is."""
    # Cached by the content: an author who writes a draft changes one of many files.
    try:
        source = yamls.read_yaml(name, content)
    except yamls.UnreadableYAML as error:
        return None, (error.fault,)
    expected = SCHEMA_NAMES.get(name) or SCHEMA_NAMES[name.split("/")[0]]
    found = schema.find_faults(source, schema.load_validator(expected, SCHEMAS))
    return (None if found else source), tuple(found)


def read_prose_file(gathered: PackSources, name: str, content: bytes) -> None:
    try:
        # Line endings of Windows would make the same text a different one, and the
        # numbers of lines wrong.
        gathered.prose[name] = yamls.decode_text(name, content).replace("\r\n", "\n")
    except yamls.UnreadableYAML as error:
        gathered.faults.append(error.fault)


@lru_cache(maxsize=FILES_KEPT)
def read_form_file(content: bytes, name: str) -> tuple[Form | None, tuple[Fault, ...]]:
    """Read a form. The same content is read only once, however often its pack is."""
    form, found = read_form(content, name=name)
    return form, tuple(found)


def read_instruments(gathered: PackSources) -> dict[str, Instrument]:
    """Read the instruments that are sound; the faults of the others are added."""
    found: dict[str, Instrument] = {}
    for name, source in gathered.sources.items():
        if not name.startswith("screening/"):
            continue
        wanted = source.plain["form"]
        if wanted not in gathered.form_names:
            gathered.faults += check_known(
                source, ("form",), references.NO_FORM, wanted, gathered.form_names
            )
        # A form with faults is reported by itself; an instrument on it can't be judged
        # yet.
        elif wanted in gathered.forms:
            form = gathered.forms[wanted]
            instrument, faults = read_instrument(source.plain, form, source=source)
            gathered.faults += faults
            if instrument:
                found[get_stem(name)] = instrument
    return found


# -- the pack --------------------------------------------------------------------------


KEYS = "keys_taken_after"


def build_pack(
    given: Files, gathered: PackSources, instruments: dict[str, Instrument]
) -> Pack:
    """Build the pack from sound files."""
    plain = gathered.plain("mechanism.yaml")
    calendar = calendars.read_calendar(plain.get("calendar") or {})
    roles = {id: build_role(id, role) for id, role in plain["roles"].items()}
    pathway = read_pathway(
        gathered.plain("pathway.yaml"),
        decisions=gathered.decisions,
        calendar=calendar,
        roles=frozenset(roles),
    )
    return Pack(
        id=plain["id"],
        title=read_text(plain["title"]),
        notice=read_text(plain.get("notice")),
        jurisdiction=read_text(plain["jurisdiction"]),
        cases=CaseConditions(
            **{name: frozenset(all) for name, all in plain.get("cases", {}).items()}
        ),
        languages=gathered.languages,
        review_on=parse_day(plain.get("review_on")),
        keys_taken_after=parse_span(said) if (said := plain.get(KEYS)) else None,
        calendar=calendar,
        organisations={
            id: Organisation(id, **organisation)
            for id, organisation in plain["organisations"].items()
        },
        roles=roles,
        partners={
            id: read_text(partner)
            for id, partner in (plain.get("partners") or {}).items()
        },
        duties={
            id: build_duty(id, duty) for id, duty in (plain.get("duties") or {}).items()
        },
        clocks={
            urgency: {name: parse_span(span) for name, span in all.items()}
            for urgency, all in plain["clocks"].items()
        },
        sharing={sphere: frozenset(all) for sphere, all in plain["sharing"].items()},
        pathway=pathway,
        decisions=pathway.decisions,
        forms=dict(gathered.forms),
        instruments=instruments,
        law={
            id: build_provision(id, p) for id, p in gathered.plain("law.yaml").items()
        },
        consent={
            language: gathered.prose[f"consent/{language}.md"]
            for language in gathered.languages
        },
        sop=dict(iterate_procedures(gathered)),
        indicators={
            code: build_indicator(code, indicator, gathered.plain("indicators.yaml"))
            for code, indicator in gathered.plain("indicators.yaml")
            .get("indicators", {})
            .items()
        },
        glossary={
            id: Term(
                id,
                read_text(term["term"]),
                read_text(term["means"]),
                term.get("source", ""),
            )
            for id, term in gathered.plain("glossary.yaml").items()
        },
        capacity=gathered.plain("capacity.yaml"),
        services={
            name.removeprefix("services/"): content
            for name, content in given.items()
            if name.startswith("services/")
        },
        files=dict(given),
        plain={name: source.plain for name, source in gathered.sources.items()},
    )


def parse_day(plain: str | None) -> date | None:
    return date.fromisoformat(plain) if plain else None


def build_role(id: str, plain: Plain) -> Role:
    return Role(
        id=id,
        title=read_text(plain["title"]),
        who=tuple(plain["who"]),
        does=read_text(plain["does"]),
        calls=read_text(plain.get("calls")),
        access_role=plain["access_role"],
        sphere=plain["sphere"],
        may_refer=plain.get("may_refer", False),
        certificates=tuple(plain.get("certificates") or ()),
    )


def build_duty(id: str, plain: Plain) -> Duty:
    return Duty(
        id=id,
        title=read_text(plain["title"]),
        does=tuple(plain["does"]),
        answers_for=plain["answers_for"],
        is_asked=tuple(plain.get("is_asked") or ()),
        is_told=tuple(plain.get("is_told") or ()),
    )


def build_provision(id: str, plain: Plain) -> Provision:
    return Provision(
        id=id,
        instrument=read_text(plain["instrument"]),
        provision=read_text(plain["provision"]),
        obliges=read_text(plain["obliges"]),
        source=plain["source"],
        ratified_on=parse_day(plain.get("ratified_on")),
        honoured_by=tuple(plain.get("honoured_by") or ()),
        checked=plain["checked"] == "yes",
        note=read_text(plain.get("note")),
        vital_interests=plain.get("vital_interests") == "yes",
        kept_at_most=dict(plain.get("kept_at_most") or {}),
        requests_answered_within=plain.get("requests_answered_within") or "",
    )


def build_indicator(code: str, plain: Plain, around: Plain) -> Indicator:
    return Indicator(
        code=code,
        title=read_text(plain["title"]),
        counts=read_text(plain["counts"]),
        of=read_text(plain.get("of")),
        target=read_text(plain.get("target")),
        # The file's own `by` holds for every indicator that has none.
        by=tuple(plain.get("by") or around.get("by") or ()),
        source=plain["source"],
        checked=plain["checked"] == "yes",
        steps=tuple(plain.get("steps") or ()),
        asks=tuple(plain.get("asks") or ()),
    )


def iterate_procedures(
    gathered: PackSources,
) -> Iterator[tuple[str, tuple[Chapter, ...]]]:
    for language in gathered.languages:
        folder = f"sop/{language}/"
        found = sorted(name for name in gathered.prose if name.startswith(folder))
        if found:
            yield language, tuple(build_chapter(gathered, name) for name in found)


def build_chapter(gathered: PackSources, name: str) -> Chapter:
    words = gathered.prose[name].lstrip("\n")
    number, _, rest = get_stem(name).partition("-")
    body = words.partition("\n")[2].strip("\n")
    return Chapter(int(number), rest, references.read_title(words), body)
