#!/usr/bin/env python3
"""Check an exported audit log without its server, its database or its operator.

    python offline_verifier.py LOG --key "NAME+1234abcd+AXyz…" [--against OLDER]
        [--kept CHECKPOINT] [--witness "NAME+1234abcd+BXyz…" … [--quorum 2]]

LOG is what `export_audit` wrote. The key is the log's public key, which you noted on
the day you first met this log: never take it from the file that you check. OLDER is
an export that you kept; it shows whether the log has since been rewritten. CHECKPOINT
is a file with one signed note that you kept: the log has to begin with what it signs.
Each witness is the public key of someone who cosigns; so many different ones have to
have cosigned a checkpoint.

The file is one line for each thing, in order, the details some entries later:

    log <origin>
    entry <position> <hash> <the event as JSON, or null when it is missing>
    checkpoint <a signed note as a JSON string, with its cosignatures>
    restoration <JSON: the new log's name, and the last note of the one before>
    detail <number of the event> <salt> <the details as JSON>
    waiting <number of the event that is not yet in the tree>

Hashes and salts are hexadecimal. The tree is that of RFC 6962, checkpoints are
signed notes of C2SP (tlog-checkpoint, tlog-cosignature, Ed25519). After a restoration
a new log begins under a new name, with the same key. Needs Python 3.12 and
`cryptography`.
"""

import argparse
import base64
import binascii
import hashlib
import json
import struct
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = b"\x01"
COSIGNATURE = b"\x04"
"""What kind of key it is, as C2SP numbers them: of a log, and of a witness."""

RESTORED = "declared restoration"
"""What the first event of a new log did; its thing names the last checkpoint seen."""


class LogBroken(Exception):
    """The first thing in the log that is not as it has to be."""


@dataclass
class LogReport:
    """What was found in a log that holds together."""

    entries: int = 0
    checkpoints: int = 0
    covered: int = 0
    """How many entries the last checkpoint vouches for."""
    details: int = 0
    waiting: list[str] = field(default_factory=list)
    restorations: list[str] = field(default_factory=list)
    """What was lost at each, in words."""
    cosigned: int = 0
    """How many entries the last checkpoint covers that enough witnesses cosigned."""
    witnesses: tuple[str, ...] = ()
    """Who cosigned that one."""


# --- hashes (RFC 6962, section 2.1)


def hash_leaf(entry: bytes) -> bytes:
    # The first byte keeps leaves and nodes apart: else an inner node could be shown as
    # an entry (RFC 6962, 2.1).
    return hashlib.sha256(b"\x00" + entry).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class HashTree:
    """The root of a growing tree, from the hashes of its complete parts alone."""

    def __init__(self) -> None:
        self.size = 0
        self.parts: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        self.size += 1
        self.parts.append((1, leaf))
        while len(self.parts) > 1 and self.parts[-1][0] == self.parts[-2][0]:
            (_, right), (size, left) = self.parts.pop(), self.parts.pop()
            self.parts.append((size * 2, hash_node(left, right)))

    @property
    def root(self) -> bytes:
        if not self.parts:
            return hashlib.sha256(b"").digest()
        *before, (_, root) = self.parts
        for _, left in reversed(before):
            root = hash_node(left, root)
        return root


def is_included(
    leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Return whether `proof` shows `leaf` at `position` under `root` (RFC 9162,
    2.1.3.2).
    """
    if not 0 <= position < size:
        return False
    at, last, found = position, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = hash_node(other, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = hash_node(found, other)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """Return whether `proof` shows the old tree inside the new one (RFC 9162,
    2.1.4.2).
    """
    if old == new:
        return not proof and old_root == new_root
    if not 0 < old < new or not proof:
        return old == 0 and not proof
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first, *rest = path
    before = after = first
    for other in rest:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = hash_node(other, before), hash_node(other, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = hash_node(after, other)
        at, last = at >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


# --- checkpoints (C2SP signed notes)


@dataclass(frozen=True)
class VerifierKey:
    """The public key of a log or of a witness: `name+id+key`, as C2SP writes it."""

    name: str
    id: bytes
    public: bytes
    kind: bytes = ED25519

    @classmethod
    def of(cls, name: str, public: bytes, kind: bytes = ED25519) -> "VerifierKey":
        digest = hashlib.sha256(name.encode() + b"\n" + kind + public).digest()
        return cls(name, digest[:4], public, kind)

    @classmethod
    def read(cls, text: str, kind: bytes = ED25519) -> "VerifierKey":
        try:
            name, given, blob = text.strip().split("+", 2)
            key = base64.b64decode(blob, validate=True)
        except (ValueError, binascii.Error) as error:
            raise LogBroken("the key is not of the form name+id+key") from error
        found = cls.of(name, key[1:], kind)
        # The id is a hash of name and key: a slip in typing either is noticed here.
        if key[:1] != kind or len(key) != 33 or found.id.hex() != given:
            raise LogBroken("the key does not fit its own id")
        if not name or any(sign.isspace() for sign in name):
            raise LogBroken("the key has no name")
        return found

    def __str__(self) -> str:
        blob = base64.b64encode(self.kind + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{blob}"

    def named(self, name: str) -> "VerifierKey":
        """Return the same key under another name."""
        return VerifierKey.of(name, self.public, self.kind)


def format_statement(origin: str, size: int, root: bytes) -> str:
    """Format what a checkpoint states, and its signature covers."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


@dataclass(frozen=True)
class SeenCheckpoint:
    """What a checkpoint says of a log: its name, how many entries, and their root."""

    origin: str
    size: int
    root: bytes


def split_note(note: str) -> tuple[str, list[tuple[str, str, bytes]]]:
    """Split a note into its text, and the signature lines under it: each with its name
    and its bytes. Raises `LogBroken` if it is no note.
    """
    text, middle, lines = note.rpartition("\n\n")
    if not middle:
        raise LogBroken("it is no signed note")
    found = []
    for line in lines.splitlines():
        dash, _, rest = line.partition(" ")
        name, _, blob = rest.partition(" ")
        try:
            raw = base64.b64decode(blob, validate=True)
        except (binascii.Error, ValueError):
            raise LogBroken("it has a line that is no signature") from None
        if dash != "—" or len(raw) < 5:
            raise LogBroken("it has a line that is no signature")
        found.append((line, name, raw))
    return text + "\n", found


def parse_head(note: str) -> SeenCheckpoint:
    """Parse what a checkpoint states, no matter who has signed it. Raises
    `LogBroken`."""
    try:
        origin, size, root = split_note(note)[0].split("\n")[:3]
        hash_ = base64.b64decode(root, validate=True)
        # One form for each number: “07” would be another text with the same meaning.
        if str(int(size)) != size or int(size) < 0 or len(hash_) != 32:
            raise ValueError(size)
    except ValueError as error:
        raise LogBroken("it is no checkpoint") from error
    return SeenCheckpoint(origin, int(size), hash_)


def read_checkpoint(note: str, key: VerifierKey) -> tuple[str, int, bytes]:
    """Read origin, size and root of a checkpoint that `key` has signed. Raises
    `LogBroken`.
    """
    text, lines = split_note(note)
    for _line, name, raw in lines:
        if name == key.name and raw[:4] == key.id and _fits(key, raw[4:], text):
            seen = parse_head(note)
            return seen.origin, seen.size, seen.root
    raise LogBroken("its signature is not by the given key")


def find_cosigners(note: str, witnesses: Sequence[VerifierKey]) -> dict[str, int]:
    """Find which of these have cosigned, and when, as POSIX time. Lines of others are
    passed over; a name counts once, with however many keys and lines. Raises
    `LogBroken`,
    naming the witness, if a cosignature under a known key does not fit.
    """
    text, lines = split_note(note)
    known = {(key.name, key.id): key for key in witnesses}
    found: dict[str, int] = {}
    for _line, name, raw in lines:
        key = known.get((name, raw[:4]))
        if key is None:
            continue
        at = find_cosigning_time(key, raw[4:], text)
        if at is None:
            raise LogBroken(f"the cosignature of {name} does not fit")
        found[name] = max(at, found.get(name, 0))
    return found


def find_cosigning_time(key: VerifierKey, signature: bytes, text: str) -> int | None:
    """Find when `key` cosigned this text (tlog-cosignature, Ed25519); None if it
    hasn't.
    """
    if key.kind != COSIGNATURE or len(signature) != 72:
        return None
    (at,) = struct.unpack(">Q", signature[:8])
    return at if _fits(key, signature[8:], format_cosigned_text(at, text)) else None


def format_cosigned_text(at: int, text: str) -> str:
    return f"cosignature/v1\ntime {at}\n{text}"


def _fits(key: VerifierKey, signature: bytes, text: str) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(key.public)
        public.verify(signature, text.encode())
    except (ValueError, InvalidSignature):
        return False
    return True


# --- the whole log


def check(
    lines: Iterable[str],
    key: VerifierKey,
    *,
    kept: Sequence[SeenCheckpoint] = (),
    witnesses: Sequence[VerifierKey] = (),
    quorum: int = 0,
) -> LogReport:
    """Check a log, and report what it holds. Raises `LogBroken`, which names the first
    bad
    entry.

    `kept`: what was seen of it elsewhere, and has to be in it. With `witnesses`, as
    many different ones as `quorum` must have cosigned some checkpoint.
    """
    log = VerifiedLog(key, kept=kept, witnesses=witnesses, quorum=quorum)
    for line in lines:
        log.read(line)
    return log.end()


class VerifiedLog:
    """What was read so far, and what still has to come."""

    def __init__(
        self,
        key: VerifierKey,
        *,
        kept: Sequence[SeenCheckpoint] = (),
        witnesses: Sequence[VerifierKey] = (),
        quorum: int = 0,
    ) -> None:
        self.first = self.key = key
        self.kept, self.witnesses, self.quorum = [*kept], [*witnesses], quorum
        self.report, self.tree, self.note = LogReport(), HashTree(), ""
        """The note is the last checkpoint that was read."""
        self.commitments: dict[str, object] = {}
        self.to_name: SeenCheckpoint | None = None
        """What the next entry has to name: the last checkpoint before a restoration."""

    def go_on(self, note: str, tree: HashTree) -> None:
        """Begin after a checkpoint up to which all was read before, where the log's
        tree has this right edge.
        """
        self.note, self.tree = note, tree
        self.key = self.key.named(parse_head(note).origin)
        self.report.entries = self.report.covered = tree.size

    def read(self, line: str) -> None:
        """Read the next line. Raises `LogBroken` if it is not as it has to be."""
        kind, _, rest = line.rstrip("\n").partition(" ")
        match kind:
            case "log":
                if rest != self.first.name:
                    raise LogBroken(
                        f"this is the log “{rest}”, not “{self.first.name}”"
                    )
            case "entry":
                self.entry(rest)
            case "checkpoint":
                self.checkpoint(str(json.loads(rest)))
            case "restoration":
                self.restoration(json.loads(rest))
            case "detail":
                _detail(rest, self.commitments)
                self.report.details += 1
            case "waiting":
                self.report.waiting.append(rest)
            case _:
                raise LogBroken(f"a line of an unknown kind: {kind[:20]}")

    def entry(self, rest: str) -> None:
        event = _entry(rest, self.tree)
        if self.to_name:
            _names(event, self.to_name, self.tree.size - 1)
            self.to_name = None
        self.commitments[str(event["id"])] = event["commitment"]
        self.report.entries += 1
        for seen in self.kept:
            if seen.size == self.tree.size and seen.root != self.tree.root:
                raise LogBroken(
                    f"the log was forked: its first {seen.size} entries are not those "
                    "that were seen signed"
                )

    def checkpoint(self, note: str) -> None:
        _checkpoint(note, self.tree, self.key, self.report)
        self.note = note
        found = find_cosigners(note, self.witnesses)
        if self.witnesses and len(found) >= self.quorum:
            self.report.cosigned = self.tree.size
            self.report.witnesses = tuple(sorted(found))

    def restoration(self, said: dict[str, str]) -> None:
        """End the log before here; a new one begins with what is left of it."""
        place = f"the restoration before entry {self.tree.size}"
        origin, number = said["origin"], len(self.report.restorations) + 2
        if not is_following_log(origin, self.key.name, self.first.name):
            raise LogBroken(f"{place} begins “{origin}”, not log {number}")
        try:
            seen = SeenCheckpoint(*read_checkpoint(said["seen"], self.key))
        except LogBroken as wrong:
            raise LogBroken(
                f"{place} does not name the last checkpoint: {wrong}"
            ) from None
        # What the reader has seen elsewhere counts as well: a restoration that names
        # less hides entries that were signed.
        known = [s.size for s in self.kept if s.origin == self.key.name]
        if seen.size < max([self.report.covered, *known]):
            raise LogBroken(
                f"{place} does not name the last checkpoint: it names one of "
                f"{seen.size} entries, and {max([self.report.covered, *known])} were "
                "signed"
            )
        lost = max(0, seen.size - self.tree.size)
        self.report.restorations.append(
            f"{lost} entries were lost before entry {self.tree.size}"
        )
        # Checkpoints of the old log beyond what is left can't be found in the new one.
        self.kept = [
            s
            for s in self.kept
            if s.origin != self.key.name or s.size <= self.tree.size
        ]
        self.key, self.to_name = self.key.named(origin), seen

    def end(self) -> LogReport:
        """Require what has to have come by now, and return what was found."""
        if self.report.entries and not self.report.covered:
            raise LogBroken("no checkpoint vouches for any entry")
        if self.to_name:
            raise LogBroken("a restoration is the end: no entry declares it")
        for seen in self.kept:
            if seen.size > self.tree.size:
                raise LogBroken(
                    f"the log was cut back: {seen.size} entries were signed, and there "
                    f"are {self.tree.size}"
                )
        if self.quorum and self.report.cosigned == 0:
            raise LogBroken(
                f"no checkpoint was cosigned by {self.quorum} different witnesses"
            )
        return self.report


def is_following_log(origin: str, before: str, first: str) -> bool:
    """Return whether this is the name of a log that follows: the first one's, with a
    higher number than the one before had.
    """
    number = get_log_number(origin, first)
    return number is not None and number > (get_log_number(before, first) or 0)


def get_log_number(origin: str, first: str) -> int | None:
    """Get 1 for the first log; 2, 3 … for those that restorations began; None for any
    other.
    """
    if origin == first:
        return 1
    number = origin.removeprefix(f"{first}/")
    is_number = number.isascii() and number.isdigit() and number != origin
    return int(number) if is_number and int(number) > 1 else None


def format_checkpoint_name(seen: SeenCheckpoint) -> str:
    """Format the name that an event has for a checkpoint."""
    return f"checkpoint:{seen.size}:{seen.root.hex()}"


def _names(event: dict[str, object], seen: SeenCheckpoint, position: int) -> None:
    if (event["did"], event["thing"]) != (RESTORED, format_checkpoint_name(seen)):
        raise LogBroken(
            f"entry {position} does not name the last checkpoint, though a restoration "
            "comes before it"
        )


def _entry(rest: str, tree: HashTree) -> dict[str, object]:
    position, given, text = rest.split(" ", 2)
    if position != str(tree.size):
        raise LogBroken(f"entry {tree.size} is missing: after it comes {position}")
    if text == "null":
        raise LogBroken(f"entry {position} is missing: its event is gone")
    event = json.loads(text)
    if not isinstance(event, dict):
        raise LogBroken(f"entry {position} is no event")
    if hash_leaf(text.encode()).hex() != given:
        raise LogBroken(f"entry {position} (event {event['id']}) was changed")
    tree.add(bytes.fromhex(given))
    return event


def _checkpoint(note: str, tree: HashTree, key: VerifierKey, report: LogReport) -> None:
    try:
        origin, size, root = read_checkpoint(note, key)
    except LogBroken as wrong:
        raise LogBroken(
            f"the checkpoint after entry {tree.size - 1}: {wrong}"
        ) from None
    if origin != key.name:
        raise LogBroken(f"a checkpoint of another log: {origin}")
    if size != tree.size:
        raise LogBroken(
            f"a checkpoint vouches for {size} entries where there are {tree.size}"
        )
    if root != tree.root:
        raise LogBroken(
            f"the entries {report.covered} to {size - 1} are not those that were "
            "signed: one of them was exchanged, together with its hash"
        )
    report.covered = size
    report.checkpoints += 1


def _detail(rest: str, commitments: dict[str, object]) -> None:
    event, salt, text = rest.split(" ", 2)
    found = hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()
    if commitments.get(event) != found:
        raise LogBroken(f"the details of event {event} were changed")


def compare(lines: Iterable[str], older: Iterable[str]) -> None:
    """Compare the log with an older export. Raises `LogBroken`, naming the first entry
    that
    differs.
    """
    now = _entries(lines)
    for before in _entries(older):
        position = before.split(" ", 1)[0]
        after = next(now, None)
        if after is None:
            raise LogBroken(f"entry {position} was there before and is gone")
        if after != before:
            raise LogBroken(f"entry {position} is not what it was in the older export")


def _entries(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        kind, _, rest = line.rstrip("\n").partition(" ")
        if kind == "entry":
            yield rest


def _kept(file: Path, key: VerifierKey) -> SeenCheckpoint:
    """Read the checkpoint in a file, signed by the log's key under one of its names."""
    note = file.read_text(encoding="utf-8")
    origin = parse_head(note).origin
    if get_log_number(origin, key.name) is None:
        raise LogBroken(f"the checkpoint that you kept is of another log: {origin}")
    return SeenCheckpoint(*read_checkpoint(note, key.named(origin)))


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description="Check an exported audit log without its server."
    )
    parser.add_argument("log", type=Path)
    parser.add_argument("--key", required=True, help="public key: name+id+key")
    parser.add_argument("--against", type=Path, help="an export that you kept")
    parser.add_argument("--kept", type=Path, help="a checkpoint that you kept")
    parser.add_argument(
        "--witness", action="append", default=[], help="public key of one who cosigns"
    )
    parser.add_argument("--quorum", type=int, default=0, help="how many must have")
    asked = parser.parse_args(words)
    say = sys.stdout.write
    try:
        with asked.log.open(encoding="utf-8") as lines:
            report = check(
                lines,
                VerifierKey.read(asked.key),
                kept=[_kept(asked.kept, VerifierKey.read(asked.key))]
                if asked.kept
                else [],
                witnesses=[VerifierKey.read(key, COSIGNATURE) for key in asked.witness],
                quorum=asked.quorum or min(1, len(asked.witness)),
            )
        if asked.against:
            with (
                asked.log.open(encoding="utf-8") as lines,
                asked.against.open(encoding="utf-8") as older,
            ):
                compare(lines, older)
    except LogBroken as wrong:
        say(f"WRONG: {wrong}.\n")
        return 1
    except (ValueError, KeyError) as error:
        say(f"WRONG: this file can't be read as a log ({error}).\n")
        return 1
    say(
        f"Right: {report.entries} entries, {report.checkpoints} checkpoints, "
        f"{report.details} details; the last checkpoint vouches for the first "
        f"{report.covered} entries.\n"
    )
    for lost in report.restorations:
        say(f"A restoration was declared: {lost}.\n")
    if report.witnesses:
        say(
            f"The first {report.cosigned} entries were cosigned by "
            f"{' and '.join(report.witnesses)}.\n"
        )
    if report.waiting:
        say(f"{len(report.waiting)} newer events wait to be sealed.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
