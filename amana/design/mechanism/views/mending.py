"""Where a fault of a draft is put right: the page that asks about that piece."""

from collections.abc import Iterable
from dataclasses import dataclass

from amana.design.mechanism import sentences, wording
from amana.design.mechanism.engine.faults import Fault
from amana.design.mechanism.models import Version
from amana.design.mechanism.outline import Outline
from amana.design.mechanism.pack import yamls
from amana.design.mechanism.pieces import (
    CAPACITY,
    CLOCKS,
    COLLECTIONS,
    COUNTS,
    MECHANISM,
    PATHWAY,
)
from amana.design.mechanism.sentences import ShownFault
from amana.design.mechanism.views.reading import address
from amana.design.mechanism.views.texts import CONSENT
from amana.design.mechanism.writing import Place


@dataclass(frozen=True)
class Mended:
    fault: ShownFault
    url: str
    """Empty: it can only be put right in the file itself."""


def mended(version: Version, faults: Iterable[Fault]) -> list[Mended]:
    listed = list(faults)
    seen = wording.outline_of(version)
    named = {fault.file.partition(" ")[0] for fault in listed}
    rows = version.files.filter(path__in=named).values_list("path", "content")
    content = {path: bytes(content) for path, content in rows}
    shown = sentences.shown_faults(listed)
    return [
        Mended(words, page_for(version, seen, fault, content.get(fault.file, b"")))
        for fault, words in zip(listed, shown, strict=True)
    ]


def page_for(version: Version, seen: Outline, fault: Fault, content: bytes) -> str:
    folder, _slash, name = fault.file.rpartition("/")
    if fault.file.endswith(".md") and folder:
        return page_of_text(version, seen, folder, name.removesuffix(".md"))
    if folder == "forms":
        return address("files", version)
    place = place_at(fault.file, content, fault.line or 0)
    if folder == "decisions":
        return page_of_table(version, name.removesuffix(".yaml"), place)
    if fault.file == PATHWAY and (step := step_in(place)) in seen.steps:
        return address("change_step", version, step)
    for kind, kept in COLLECTIONS.items():
        depth = len(kept.place)
        inside = kept.path == fault.file and place[:depth] == kept.place
        if inside and len(place) > depth:
            return address("change_one", version, kind, place[depth])
    if fault.file == CAPACITY:
        return address("only", version, part_of_capacity(place))
    if fault.file == MECHANISM:
        return address("only", version, part_of_mechanism(place))
    return ""


def page_of_text(version: Version, seen: Outline, folder: str, name: str) -> str:
    code, language = (
        (CONSENT, name) if folder == "consent" else (name, folder.removeprefix("sop/"))
    )
    if language not in seen.languages:
        return address("texts", version)
    return address("change_text", version, code, language)


def page_of_table(version: Version, code: str, place: Place) -> str:
    if place[:1] == ("rows",) and len(place) > 1:
        return address("change_row", version, code, place[1])
    return address("change_table", version, code)


def step_in(place: Place) -> str:
    """Find the code of the innermost step in which a place is."""
    after = [at + 1 for at, key in enumerate(place[:-1]) if key == "steps"]
    # Steps are nested in parts and branches: the last one is the piece that is edited.
    return str(place[after[-1]]) if after else ""


def part_of_mechanism(place: Place) -> str:
    first = place[:1]
    if first == ("clocks",) and len(place) > 1 and place[1] in CLOCKS:
        return f"clocks-{place[1]}"
    return str(first[0]) if first in (("calendar",), ("sharing",)) else "about"


def part_of_capacity(place: Place) -> str:
    asked = {ask.name: part for part, piece in COUNTS.items() for ask in piece.asks}
    return f"capacity-{asked.get(str(place[0]) if place else '', 'people')}"


def place_at(path: str, content: bytes, line: int) -> Place:
    """Find the innermost piece that begins on this line, or last before it."""
    try:
        lines = yamls.read(path, content).lines
    except yamls.Misread:
        # A file that can't be read has no places: it can only be repaired as a file.
        return ()
    before = [(at, len(place), place) for place, at in lines.items() if at <= line]
    return max(before, key=lambda one: one[:2])[2] if before else ()
