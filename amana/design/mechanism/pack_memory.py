"""Read packs of files once for each wording, and keep them at hand."""

from collections.abc import Callable, Mapping, Sequence

from amana.design.mechanism.fingerprints import compute_digest, compute_fingerprint
from amana.design.mechanism.pack import reading
from amana.design.mechanism.pack.pack_model import Pack
from amana.errors import Refused
from amana.faults import Fault

type Read = tuple[Pack | None, list[Fault]]


class FaultyPack(Refused):
    """Files that do not make a mechanism: refused as a whole, with every fault."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = list(faults)


_read: dict[str, Read] = {}
MOST = 32
"""Wordings kept at hand: the one in force, and those that are worked on."""


def keep_in_memory[T](kept: dict[str, T], wording: str, found: T) -> None:
    while len(kept) >= MOST:
        kept.pop(next(iter(kept)), None)
    kept[wording] = found


def read_files(files: Mapping[str, bytes]) -> Read:
    """Read files once, whatever version they are or become. Raises nothing: faults are
    returned.

    Those that are loaded are read before the transaction that keeps them begins.
    """
    # The same hash that a version of them would have, so what was read before the
    # version existed is found again once it does.
    named = compute_fingerprint(
        (path, compute_digest(content)) for path, content in files.items()
    )
    found = _read.get(named)
    if found is None:
        found = reading.read_pack(files)
        keep_in_memory(_read, named, found)
    return found


def read_once(wording: str, load: Callable[[], Mapping[str, bytes]]) -> Read:
    """Read the files with this fingerprint; they are loaded unless they are at hand."""
    found = _read.get(wording)
    return read_files(load()) if found is None else found


def get_pack(wording: str, load: Callable[[], Mapping[str, bytes]]) -> Pack:
    """Get their pack. Raises `FaultyPack`."""
    pack, faults = read_once(wording, load)
    if pack is None:
        raise FaultyPack(faults)
    return pack
