"""What was taken out of a practice installation: a ZIP of a few named files, read
within limits."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from amana.faults import Fault

if TYPE_CHECKING:
    from amana.design.mechanism.pack.pack_model import Pack

FORMAT = "amana-practice-1"
MOST_BYTES = 32 * 1024 * 1024
"""Of all its files together, unpacked."""
MOST_FILES = 20

type Plain = Mapping[str, Any]


class PracticePart(StrEnum):
    """What can be taken out."""

    CONTACTS = "contacts"
    SERVICES = "services"
    MECHANISM = "mechanism"
    CASES = "cases"
    BRIEF = "brief"


class UnreadableWork(Exception):
    """This is no file that was taken out of a practice installation."""


def read_bundle(content: bytes) -> dict[str, bytes]:
    """Read its files by their names. Raises UnreadableWork."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = packed.infolist()
            sizes = sum(member.file_size for member in members)
            if len(members) > MOST_FILES or sizes > MOST_BYTES:
                raise UnreadableWork
            found = {member.filename: packed.read(member) for member in members}
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError) as error:
        raise UnreadableWork from error
    if parse_json(found, "practice.json", {}).get("format") != FORMAT:
        raise UnreadableWork
    return found


def parse_json(files: Mapping[str, bytes], name: str, otherwise: Any) -> Any:
    """Parse one of its files; `otherwise` where it is not there."""
    if name not in files:
        return otherwise
    try:
        return json.loads(files[name])
    except ValueError as error:
        raise UnreadableWork from error


@dataclass(frozen=True)
class PracticeWork:
    """What checks know of a piece of work."""

    contacts: Sequence[Plain] = ()
    services: Sequence[Plain] = ()
    service_faults: Sequence[str] = ()
    """What a reader of HSDS could not read of the directory's file."""
    version: Plain = field(default_factory=dict)
    """State and signatures of the mechanism; empty without a draft."""
    pack: "Pack | None" = None
    faults: Sequence[Fault] = ()
    """For which no other installation would load the mechanism."""
    cases: Sequence[Plain] = ()
    brief: Plain = field(default_factory=dict)
    words: str = ""
    """The page that comes with it."""


def build_work(
    files: Mapping[str, bytes],
    *,
    words: str,
    pack: "Pack | None",
    faults: Sequence[Fault],
) -> PracticeWork:
    """Build it from the files of a bundle, and from what a reader found in its
    mechanism."""
    return PracticeWork(
        contacts=parse_json(files, "contacts.json", ()),
        services=parse_json(files, "services-made.json", ()),
        service_faults=parse_json(files, "services-faults.json", ()),
        version=parse_json(files, "mechanism.json", {}),
        pack=pack,
        faults=faults,
        cases=parse_json(files, "cases.json", ()),
        brief=parse_json(files, "brief.json", {}),
        words=words,
    )
