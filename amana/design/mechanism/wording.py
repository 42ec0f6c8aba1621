"""What a version's files say, read once for each wording."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from amana.design.mechanism import writing
from amana.design.mechanism.engine.faults import Fault
from amana.design.mechanism.outline import Outline, outline, said_in
from amana.errors import Refused

if TYPE_CHECKING:
    from amana.design.mechanism.models import Version
    from amana.design.mechanism.pack.model import Pack

type Read = "tuple[Pack | None, list[Fault]]"


class Faulty(Refused):
    """Files that do not make a mechanism: refused as a whole, with every fault."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = list(faults)


_read: dict[str, Read] = {}
_outlines: dict[str, Outline] = {}
MOST = 32
"""Wordings kept at hand: the one in force, and those that are worked on."""


def keep[T](kept: dict[str, T], wording: str, found: T) -> None:
    while len(kept) >= MOST:
        kept.pop(next(iter(kept)), None)
    kept[wording] = found


def read(version: "Version") -> Read:
    """Read the version's pack, None if it has faults; and its faults."""
    found = _read.get(version.sha256)
    return read_files(version.content()) if found is None else found


def pack_of(version: "Version") -> "Pack":
    pack, faults = read(version)
    if pack is None:
        raise Faulty(faults)
    return pack


def read_files(files: Mapping[str, bytes]) -> Read:
    """Read files once, whatever version they are or become. Raises nothing: faults are
    returned.

    Those that are loaded are read before the transaction that keeps them begins.
    """
    from amana.design.mechanism.models import digest, fingerprint
    from amana.design.mechanism.pack import reading

    # The same hash that a version of them would have, so what was read before the
    # version existed is found again once it does.
    named = fingerprint((path, digest(content)) for path, content in files.items())
    found = _read.get(named)
    if found is None:
        found = reading.read(files)
        keep(_read, named, found)
    return found


def plain_of(version: "Version") -> Mapping[str, Any]:
    """Read each YAML file of the version as data, also of a draft that has faults."""
    return outline_of(version).plain


def outline_of(version: "Version") -> Outline:
    """Read the outline of its files, to be shown or changed."""
    found = _outlines.get(version.sha256)
    if found is None:
        rows = version.files.filter(path__endswith=".yaml")
        files = {
            path: bytes(content)
            for path, content in rows.values_list("path", "content")
        }
        paths = version.files.order_by("path").values_list("path", flat=True)
        found = outline({path: writing.plain(files, path) for path in files}, paths)
        keep(_outlines, version.sha256, found)
    return found


def title_of(pack: "Pack") -> str:
    """Format its title in the mechanism's own language."""
    return said_in(pack.languages[0], pack.title)


# --- organisations


def names_of_organisations(pack: "Pack") -> dict[str, frozenset[str]]:
    """Map each organisation of the pack to the names by which it may be known here."""
    return {
        code: frozenset({organisation.name})
        for code, organisation in pack.organisations.items()
    }


def who_signs(version: "Version") -> list[str]:
    """List the codes of the organisations that have to sign: those in `signed_by`, or
    else all.
    """
    said = plain_of(version).get("mechanism.yaml") or {}
    named = said.get("signed_by") or list(said.get("organisations") or {})
    return [str(code) for code in named]


def signatories(version: "Version") -> dict[str, int]:
    """Map the codes of the organisations that have to sign to those bound to them here.
    """
    seats = version.mechanism.seats.filter(code__in=who_signs(version))
    return dict(seats.values_list("code", "organisation"))


def unsigned(version: "Version") -> list[str]:
    """List the names of those who have not signed these files yet."""
    # An organisation that no agency is bound to counts as unsigned: a mechanism must
    # not be adopted past a party that is missing.
    here = signatories(version)
    signed = set(
        version.signatures.filter(sha256=version.sha256).values_list(
            "organisation", flat=True
        )
    )
    said = (plain_of(version).get("mechanism.yaml") or {}).get("organisations") or {}
    return [
        str((said.get(code) or {}).get("name") or code)
        for code in who_signs(version)
        if here.get(code) not in signed
    ]
