"""A pack's files: out of a folder or a zip, and back into one.

A zip comes from a stranger. Nothing in it is written to a disk, nothing in it is run,
and no size that it claims is believed.
"""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from amana.faults import Fault, gettext_noop

type Files = dict[str, bytes]

MOST_FILES = 400
MOST_BYTES = 16 * 2**20
"""Of a whole pack, unpacked."""
MOST_OF_ONE = {
    ".yaml": 512 * 2**10,
    ".md": 256 * 2**10,
    ".xlsx": 2 * 2**20,
    ".toml": 2 * 2**20,
    ".json": 4 * 2**20,
    ".csv": 4 * 2**20,
    **dict.fromkeys((".ogg", ".mp3", ".m4a"), 256 * 2**10),
}
BOUNDED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""Ways to pack that unpack no further than they are asked to; of others a whole chunk
is unpacked unasked."""
MOST_INSIDE_A_SHEET = 24 * 2**20
"""A form is itself a zip: what it holds, unpacked."""
DEEPEST = 4

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
BELONGS = re.compile(
    r"mechanism\.yaml|pathway\.yaml|law\.yaml|indicators\.yaml|glossary\.yaml"
    r"|capacity\.yaml|README\.md"
    r"|decisions/[^/]+\.yaml|screening/[^/]+\.yaml|forms/[^/]+\.xlsx"
    r"|consent/[^/]+\.md|sop/[^/]+/[^/]+\.md"
    r"|consent/audio/[a-z]{2,3}/[a-z0-9._-]+\.(?:ogg|mp3|m4a|wav)"
    r"|services/(?:[^/]+/)?[^/]+\.json"
)
BESIDE = re.compile(r"[^/]+\.(?:toml|geojson)")
"""May be in the folder without being part of the pack: the demo's own data."""
LEFT_BY_PROGRAMS = re.compile(r"(?:^|/)(?:\.(?!\.)|__MACOSX(?:/|$)|Thumbs\.db$|~\$)")

NO_MECHANISM = gettext_noop("There is no mechanism.yaml here: this is not a pack.")
NOT_A_FOLDER = gettext_noop("There is no such folder.")
NOT_A_ZIP = gettext_noop("This is not a zip file, or it is damaged.")
LOCKED = gettext_noop(
    "The zip file is protected with a password. Create it again without one."
)
TOO_MANY = gettext_noop("There are too many files: a pack has at most %(most)s.")
TOO_LARGE = gettext_noop("The pack is too large: it may hold at most %(most)s MB.")
FILE_TOO_LARGE = gettext_noop("This file is too large: at most %(most)s kB.")
SHEET_TOO_LARGE = gettext_noop(
    "This form is too large when unpacked: at most %(most)s MB."
)
NOT_A_RECORDING = gettext_noop(
    "This is not an audio file of the type that its name indicates."
)
SHEET_DAMAGED = gettext_noop("This is not an Excel file (.xlsx), or it is damaged.")
BAD_NAME = gettext_noop(
    "A file in the zip has a name that leads out of the pack, or that "
    "contains something other than letters without accents, digits, dots, "
    "hyphens and underscores: %(name)s"
)
LINK = gettext_noop("This is a link to somewhere else. Put the file itself here.")
TWICE = gettext_noop(
    "This file appears twice, or once more with different capital letters."
)
NOT_A_PART = gettext_noop(
    "A file with this name does not belong in a pack. See the manual for those that do."
)


@dataclass(frozen=True)
class PackLimits:
    """The file that a folder or a zip has to have, and its limits."""

    first: str
    """The file without which it is none."""
    no_first: str
    files: int
    size: int
    deepest: int
    """How many folders and a name; in a zip with the folder around all."""
    too_many: str = TOO_MANY
    too_large: str = TOO_LARGE

    def outgrown(self) -> "BadPack":
        return BadPack("", self.too_large, most=self.size // 2**20)


class BadPack(Exception):
    """What was given is not a pack, or not one that is safe to open: one fault."""

    def __init__(self, file: str, sentence: str, **values: object) -> None:
        self.fault = Fault(file, 0, sentence, values)
        super().__init__(str(self.fault))


OF_A_PACK = PackLimits("mechanism.yaml", NO_MECHANISM, MOST_FILES, MOST_BYTES, DEEPEST)


def read_folder(folder: Path, limits: PackLimits = OF_A_PACK) -> Files:
    """Read every file of a folder that is part of its pack. Raises `BadPack`."""
    if not folder.is_dir():
        raise BadPack(folder.name, NOT_A_FOLDER)
    if not (folder / limits.first).is_file():
        raise BadPack("", limits.no_first)
    found: Files = {}
    left = limits.size
    for path in iterate_files(folder, limits.deepest):
        name = path.relative_to(folder).as_posix()
        if len(found) == limits.files:
            raise BadPack("", limits.too_many, most=limits.files)
        with path.open("rb") as source:
            found[name] = read_within(source, name, left, limits)
        left -= len(found[name])
    return found


def iterate_files(folder: Path, deepest: int, depth: int = 1) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if LEFT_BY_PROGRAMS.search(path.name):
            continue
        # A link could lead to any file of the server, which would then be part of what
        # is downloaded.
        if path.is_symlink():
            raise BadPack(path.name, LINK)
        if path.is_dir() and depth < deepest:
            yield from iterate_files(path, deepest, depth + 1)
        elif path.is_file() and not (depth == 1 and BESIDE.fullmatch(path.name)):
            yield path


def read_zip(content: bytes, limits: PackLimits = OF_A_PACK) -> Files:
    """Read every file of a zip that is part of its pack; one folder may be around all.
    Raises `BadPack`."""
    # Nothing is unpacked of what is too large even packed.
    if len(content) > limits.size:
        raise limits.outgrown()
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            return unpack_zip(packed, limits)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
    ) as error:
        raise BadPack("", NOT_A_ZIP) from error


def unpack_zip(packed: zipfile.ZipFile, limits: PackLimits) -> Files:
    members = [member for member in packed.infolist() if not member.is_dir()]
    members = [
        member for member in members if not LEFT_BY_PROGRAMS.search(member.filename)
    ]
    if len(members) > limits.files:
        raise BadPack("", limits.too_many, most=limits.files)
    for member in members:
        check_member(member, limits.deepest)
    around = find_outer_folder(member.filename for member in members)
    found: Files = {}
    seen: set[str] = set()
    left = limits.size
    for member in members:
        name = member.filename.removeprefix(around)
        # On some disks names that differ only in case are one file: which of the two is
        # read would depend on the machine.
        if name.casefold() in seen:
            raise BadPack(name, TWICE)
        seen.add(name.casefold())
        if BESIDE.fullmatch(name):
            continue
        with packed.open(member) as source:
            found[name] = read_within(source, name, left, limits)
        left -= len(found[name])
    if limits.first not in found:
        raise BadPack("", limits.no_first)
    return found


def check_member(member: zipfile.ZipInfo, deepest: int) -> None:
    # `orig_filename` still has what ZipInfo has tidied away: backslashes, NUL.
    parts = member.orig_filename.split("/")
    if len(parts) > deepest or not all(NAME.fullmatch(part) for part in parts):
        raise BadPack("", BAD_NAME, name=format_name(member.orig_filename))
    if stat.S_ISLNK(member.external_attr >> 16):
        raise BadPack(format_name(member.filename), LINK)
    if member.flag_bits & 0x1:
        raise BadPack("", LOCKED)
    if member.compress_type not in BOUNDED:
        raise BadPack("", NOT_A_ZIP)


def format_name(name: str) -> str:
    """Format a stranger's file name so that it is harmless on a page."""
    return ascii(name[:60]).strip("'\"")


def find_outer_folder(names: Iterator[str]) -> str:
    """Find the one folder that all files of a zip are in ("pack/"); empty if there is
    none."""
    firsts = {name.split("/", 1)[0] if "/" in name else "" for name in names}
    return f"{firsts.pop()}/" if len(firsts) == 1 and "" not in firsts else ""


def read_within(source: IO[bytes], name: str, left: int, limits: PackLimits) -> bytes:
    """Read the content, no further than it may be long. Raises `BadPack` beyond
    that."""
    most = get_limit(name)
    # One byte more than allowed, because the size in the zip's index may be a lie.
    content = source.read(min(most, left) + 1)
    if len(content) > most:
        raise BadPack(name, FILE_TOO_LARGE, most=most // 2**10)
    if len(content) > left:
        raise limits.outgrown()
    return content


def get_limit(name: str) -> int:
    return MOST_OF_ONE.get(Path(name).suffix, 256 * 2**10)


def find_faults(files: Mapping[str, bytes]) -> list[Fault]:
    """Find what is too much, or has no place in a pack, however it came here."""
    if len(files) > MOST_FILES:
        return [Fault("", 0, TOO_MANY, {"most": MOST_FILES})]
    if sum(map(len, files.values())) > MOST_BYTES:
        return [Fault("", 0, TOO_LARGE, {"most": MOST_BYTES // 2**20})]
    if "mechanism.yaml" not in files:
        return [Fault("", 0, NO_MECHANISM, {})]
    return [
        fault
        for name, content in sorted(files.items())
        if (fault := find_fault(name, content))
    ]


def is_part(name: str) -> bool:
    parts = name.split("/")
    return bool(BELONGS.fullmatch(name)) and all(map(NAME.fullmatch, parts))


def find_fault(name: str, content: bytes) -> Fault | None:
    if not is_part(name):
        return Fault(format_name(name), 0, NOT_A_PART, {})
    most = get_limit(name)
    if len(content) > most:
        return Fault(name, 0, FILE_TOO_LARGE, {"most": most // 2**10})
    if name.endswith(".xlsx"):
        return find_sheet_fault(name, content)
    if name.startswith("consent/audio/") and not is_sound(name, content):
        return Fault(name, 0, NOT_A_RECORDING, {})
    return None


def is_sound(name: str, content: bytes) -> bool:
    """Check that a file begins as sound of the kind that its name indicates."""
    if name.endswith(".ogg"):
        return content.startswith(b"OggS")
    if name.endswith(".m4a"):
        return content[4:8] == b"ftyp"
    if name.endswith(".wav"):
        return content.startswith(b"RIFF") and content[8:12] == b"WAVE"
    # MP3 has no signature: a file begins with a tag, or with the eleven set bits of a
    # frame.
    mpeg_frame = len(content) > 1 and content[0] == 0xFF and content[1] & 0xE0 == 0xE0
    return content.startswith(b"ID3") or mpeg_frame


def find_sheet_fault(name: str, content: bytes) -> Fault | None:
    """Find what is wrong in a form's file, which is itself a zip: unpack it once, into
    nothing, before it is read."""
    left = MOST_INSIDE_A_SHEET
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            for member in packed.infolist():
                if member.compress_type not in BOUNDED:
                    return Fault(name, 0, SHEET_DAMAGED, {})
                with packed.open(member) as source:
                    # In pieces, so that a bomb takes no more memory than one of them.
                    while chunk := source.read(2**16):
                        left -= len(chunk)
                        if left < 0:
                            most = MOST_INSIDE_A_SHEET // 2**20
                            return Fault(name, 0, SHEET_TOO_LARGE, {"most": most})
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
    ):
        return Fault(name, 0, SHEET_DAMAGED, {})
    return None


def write_zip(files: Mapping[str, bytes]) -> bytes:
    """Write a zip; the same files give the same bytes, on any day and machine."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in sorted(files.items()):
            # ZipInfo dates a file at 1980; the time of writing would give other bytes,
            # and so another fingerprint of the same pack.
            member = zipfile.ZipInfo(name)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            packed.writestr(member, content)
    return buffer.getvalue()


def write_folder(files: Mapping[str, bytes], folder: Path) -> None:
    # Checked again before anything is written: names like ../x would leave the folder.
    if faults := find_faults(files):
        raise BadPack(faults[0].file, faults[0].sentence, **dict(faults[0].values))
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
