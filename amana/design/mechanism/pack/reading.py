"""From a pack's files to a `Pack`, or to every mistake that its authors have to
correct.

First each file by itself: its size and name, whether it can be read, whether it has the
shape of its schema. Then what the files say of one another, as far as they are sound. A
pack with any fault is refused as a whole."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from amana.design.forms.engine import faults as of_forms
from amana.design.forms.engine.model import Form
from amana.design.forms.engine.reading import read_form
from amana.design.mechanism.engine.calendar import parse
from amana.design.mechanism.engine.faults import Fault, gettext_noop
from amana.design.mechanism.engine.instruments import Instrument, read_instrument
from amana.design.mechanism.engine.pathway import read_pathway, text
from amana.design.mechanism.pack import (
    calendars,
    crossing,
    files,
    shapes,
    shelters,
    yamls,
)
from amana.design.mechanism.pack.crossing import Gathered
from amana.design.mechanism.pack.model import (
    Chapter,
    Duty,
    Indicator,
    Organisation,
    Pack,
    Provision,
    Role,
    Term,
)
from amana.design.mechanism.pack.yamls import Source

type Files = Mapping[str, bytes]
type Plain = Mapping[str, Any]

SCHEMAS = {
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


def read(given: Files) -> tuple[Pack | None, list[Fault]]:
    """Read a pack. Returns it, unless it has faults; and its faults, in the order of
    its files."""
    if too_much := files.beyond_limits(given):
        return None, too_much
    gathered = gather(given)
    # Before the checks across files, because their faults belong to the files
    # themselves.
    instruments = instruments_of(gathered)
    found = [*gathered.faults, *crossing.faults(gathered)]
    if found:
        return None, sorted(found, key=by_place)
    return build(given, gathered, instruments), []


def by_place(fault: Fault) -> tuple[int, str, int]:
    first = {"mechanism.yaml": 0, "pathway.yaml": 1}
    return first.get(fault.file, 2), fault.file, fault.line or 0


# -- each file by itself ---------------------------------------------------------------


def gather(given: Files) -> Gathered:
    gathered = Gathered(
        given=frozenset(given),
        form_names=names(given, "forms/", ".xlsx"),
        instrument_names=names(given, "screening/", ".yaml"),
        decision_names=names(given, "decisions/", ".yaml"),
    )
    forms: dict[str, Form] = {}
    for name, content in sorted(given.items()):
        if name.endswith(".yaml"):
            take_yaml(gathered, name, content)
        elif name.endswith(".md"):
            take_prose(gathered, name, content)
        elif name.endswith(".xlsx"):
            form, found = form_of(content, name)
            gathered.faults += map(as_ours, found)
            if form:
                forms[bare(name)] = form
    gathered.forms = forms
    gathered.faults += shelters.faults(given)
    if "pathway.yaml" not in given:
        gathered.faults.append(Fault("pathway.yaml", None, NO_PATHWAY))
    return gathered


def names(given: Files, folder: str, ending: str) -> frozenset[str]:
    return frozenset(
        bare(name)
        for name in given
        if name.startswith(folder) and name.endswith(ending)
    )


def bare(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[0]


def take_yaml(gathered: Gathered, name: str, content: bytes) -> None:
    source, found = source_of(content, name)
    gathered.faults += found
    if source:
        gathered.sources[name] = source


@lru_cache(maxsize=FILES_KEPT)
def source_of(content: bytes, name: str) -> tuple[Source | None, tuple[Fault, ...]]:
    """Read a YAML file and check its shape. The same content is read only once, however
    often its pack is."""
    # Cached by the content: an author who writes a draft changes one of many files.
    try:
        source = yamls.read(name, content)
    except yamls.Misread as error:
        return None, (error.fault,)
    schema = SCHEMAS.get(name) or SCHEMAS[name.split("/")[0]]
    found = shapes.faults(source, schema)
    return (None if found else source), tuple(found)


def take_prose(gathered: Gathered, name: str, content: bytes) -> None:
    try:
        # Line endings of Windows would make the same text a different one, and the
        # numbers of lines wrong.
        gathered.prose[name] = yamls.text_of(name, content).replace("\r\n", "\n")
    except yamls.Misread as error:
        gathered.faults.append(error.fault)


@lru_cache(maxsize=FILES_KEPT)
def form_of(
    content: bytes, name: str
) -> tuple[Form | None, tuple[of_forms.Fault, ...]]:
    """Read a form. The same content is read only once, however often its pack is."""
    form, found = read_form(content, name=name)
    return form, tuple(found)


def as_ours(fault: of_forms.Fault) -> Fault:
    """Convert a form's fault to one of the pack; its sheet is named with the file."""
    file = f"{fault.file} ({fault.sheet})" if fault.sheet else fault.file
    return Fault(file, fault.line or None, fault.sentence, fault.values)


def instruments_of(gathered: Gathered) -> dict[str, Instrument]:
    """Read the instruments that are sound; the faults of the others are added."""
    found: dict[str, Instrument] = {}
    for name, source in gathered.sources.items():
        if not name.startswith("screening/"):
            continue
        wanted = source.plain["form"]
        if wanted not in gathered.form_names:
            near = crossing.near(wanted, gathered.form_names)
            values = {"name": wanted, "near": near}
            gathered.faults.append(source.fault(("form",), crossing.NO_FORM, **values))
        # A form with faults is reported by itself; an instrument on it can't be judged
        # yet.
        elif wanted in gathered.forms:
            form = gathered.forms[wanted]
            instrument, faults = read_instrument(source.plain, form, source=source)
            gathered.faults += faults
            if instrument:
                found[bare(name)] = instrument
    return found


# -- the pack --------------------------------------------------------------------------


KEYS = "keys_taken_after"


def build(given: Files, gathered: Gathered, instruments: dict[str, Instrument]) -> Pack:
    """Build the pack from sound files."""
    plain = gathered.plain("mechanism.yaml")
    calendar = calendars.read(plain.get("calendar") or {})
    roles = {id: role_of(id, role) for id, role in plain["roles"].items()}
    pathway = read_pathway(
        gathered.plain("pathway.yaml"),
        decisions=gathered.decisions,
        calendar=calendar,
        roles=frozenset(roles),
    )
    return Pack(
        title=text(plain["title"]),
        notice=text(plain.get("notice")),
        jurisdiction=text(plain["jurisdiction"]),
        languages=gathered.languages,
        review_on=day(plain.get("review_on")),
        keys_taken_after=parse(said) if (said := plain.get(KEYS)) else None,
        calendar=calendar,
        organisations={
            id: Organisation(id, **organisation)
            for id, organisation in plain["organisations"].items()
        },
        roles=roles,
        partners={
            id: text(partner) for id, partner in (plain.get("partners") or {}).items()
        },
        duties={
            id: duty_of(id, duty) for id, duty in (plain.get("duties") or {}).items()
        },
        clocks={
            urgency: {name: parse(span) for name, span in all.items()}
            for urgency, all in plain["clocks"].items()
        },
        sharing={sphere: frozenset(all) for sphere, all in plain["sharing"].items()},
        pathway=pathway,
        decisions=pathway.decisions,
        forms=dict(gathered.forms),
        instruments=instruments,
        law={id: provision_of(id, p) for id, p in gathered.plain("law.yaml").items()},
        consent={
            language: gathered.prose[f"consent/{language}.md"]
            for language in gathered.languages
        },
        sop=dict(sop_of(gathered)),
        indicators={
            code: indicator_of(code, indicator, gathered.plain("indicators.yaml"))
            for code, indicator in gathered.plain("indicators.yaml")
            .get("indicators", {})
            .items()
        },
        glossary={
            id: Term(
                id, text(term["term"]), text(term["means"]), term.get("source", "")
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


def day(plain: str | None) -> date | None:
    return date.fromisoformat(plain) if plain else None


def role_of(id: str, plain: Plain) -> Role:
    return Role(
        id=id,
        title=text(plain["title"]),
        who=tuple(plain["who"]),
        does=text(plain["does"]),
        calls=text(plain.get("calls")),
        access_role=plain["access_role"],
        sphere=plain["sphere"],
        may_refer=plain.get("may_refer", False),
        certificates=tuple(plain.get("certificates") or ()),
    )


def duty_of(id: str, plain: Plain) -> Duty:
    return Duty(
        id=id,
        title=text(plain["title"]),
        does=tuple(plain["does"]),
        answers_for=plain["answers_for"],
        is_asked=tuple(plain.get("is_asked") or ()),
        is_told=tuple(plain.get("is_told") or ()),
    )


def provision_of(id: str, plain: Plain) -> Provision:
    return Provision(
        id=id,
        instrument=text(plain["instrument"]),
        provision=text(plain["provision"]),
        obliges=text(plain["obliges"]),
        source=plain["source"],
        ratified_on=day(plain.get("ratified_on")),
        honoured_by=tuple(plain.get("honoured_by") or ()),
        checked=plain["checked"] == "yes",
        note=text(plain.get("note")),
        vital_interests=plain.get("vital_interests") == "yes",
        kept_at_most=dict(plain.get("kept_at_most") or {}),
        requests_answered_within=plain.get("requests_answered_within") or "",
    )


def indicator_of(code: str, plain: Plain, around: Plain) -> Indicator:
    return Indicator(
        code=code,
        title=text(plain["title"]),
        counts=text(plain["counts"]),
        of=text(plain.get("of")),
        target=text(plain.get("target")),
        # The file's own `by` holds for every indicator that has none.
        by=tuple(plain.get("by") or around.get("by") or ()),
        source=plain["source"],
        checked=plain["checked"] == "yes",
        steps=tuple(plain.get("steps") or ()),
        asks=tuple(plain.get("asks") or ()),
    )


def sop_of(gathered: Gathered) -> Iterator[tuple[str, tuple[Chapter, ...]]]:
    for language in gathered.languages:
        folder = f"sop/{language}/"
        found = sorted(name for name in gathered.prose if name.startswith(folder))
        if found:
            yield language, tuple(chapter_of(gathered, name) for name in found)


def chapter_of(gathered: Gathered, name: str) -> Chapter:
    words = gathered.prose[name].lstrip("\n")
    number, _, rest = bare(name).partition("-")
    body = words.partition("\n")[2].strip("\n")
    return Chapter(int(number), rest, crossing.title_of(words), body)
