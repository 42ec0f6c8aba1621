"""Where a fault of a draft is put right: the page that asks about that piece."""

from collections.abc import Iterable
from dataclasses import dataclass

from amana.design.mechanism import labels, version_contents
from amana.design.mechanism.labels import FaultText
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
from amana.design.mechanism.views.reader_pages import build_address
from amana.design.mechanism.views.texts import CONSENT
from amana.design.mechanism.writing import Place
from amana.faults import Fault


@dataclass(frozen=True)
class FaultLink:
    fault: FaultText
    url: str
    """Empty: it can only be put right in the file itself."""


def list_fixes(version: Version, faults: Iterable[Fault]) -> list[FaultLink]:
    listed = list(faults)
    seen = version_contents.read_outline(version)
    named = {fault.file.partition(" ")[0] for fault in listed}
    rows = version.files.filter(path__in=named).values_list("path", "content")
    content = {path: bytes(content) for path, content in rows}
    shown = labels.list_shown_faults(listed)
    return [
        FaultLink(words, find_page(version, seen, fault, content.get(fault.file, b"")))
        for fault, words in zip(listed, shown, strict=True)
    ]


def find_page(version: Version, seen: Outline, fault: Fault, content: bytes) -> str:
    folder, _slash, name = fault.file.rpartition("/")
    if fault.file.endswith(".md") and folder:
        return get_text_page(version, seen, folder, name.removesuffix(".md"))
    if folder == "forms":
        return build_address("files", version)
    place = find_place(fault.file, content, fault.line or 0)
    if folder == "decisions":
        return get_table_page(version, name.removesuffix(".yaml"), place)
    if fault.file == PATHWAY and (step := find_step(place)) in seen.steps:
        return build_address("change_step", version, step)
    for kind, kept in COLLECTIONS.items():
        depth = len(kept.place)
        inside = kept.path == fault.file and place[:depth] == kept.place
        if inside and len(place) > depth:
            return build_address("change_one", version, kind, place[depth])
    if fault.file == CAPACITY:
        return build_address("only", version, get_capacity_part(place))
    if fault.file == MECHANISM:
        return build_address("only", version, get_mechanism_part(place))
    return ""


def get_text_page(version: Version, seen: Outline, folder: str, name: str) -> str:
    code, language = (
        (CONSENT, name) if folder == "consent" else (name, folder.removeprefix("sop/"))
    )
    if language not in seen.languages:
        return build_address("texts", version)
    return build_address("change_text", version, code, language)


def get_table_page(version: Version, code: str, place: Place) -> str:
    if place[:1] == ("rows",) and len(place) > 1:
        return build_address("change_row", version, code, place[1])
    return build_address("change_table", version, code)


def find_step(place: Place) -> str:
    """Find the code of the innermost step in which a place is."""
    after = [at + 1 for at, key in enumerate(place[:-1]) if key == "steps"]
    # Steps are nested in parts and branches: the last one is the piece that is edited.
    return str(place[after[-1]]) if after else ""


def get_mechanism_part(place: Place) -> str:
    first = place[:1]
    if first == ("clocks",) and len(place) > 1 and place[1] in CLOCKS:
        return f"clocks-{place[1]}"
    return str(first[0]) if first in (("calendar",), ("sharing",)) else "about"


def get_capacity_part(place: Place) -> str:
    asked = {ask.name: part for part, piece in COUNTS.items() for ask in piece.asks}
    return f"capacity-{asked.get(str(place[0]) if place else '', 'people')}"


def find_place(path: str, content: bytes, line: int) -> Place:
    """Find the innermost piece that begins on this line, or last before it."""
    try:
        lines = yamls.read_yaml(path, content).lines
    except yamls.UnreadableYAML:
        # A file that can't be read has no places: it can only be repaired as a file.
        return ()
    before = [(at, len(place), place) for place, at in lines.items() if at <= line]
    return max(before, key=lambda one: one[:2])[2] if before else ()
