#!/usr/bin/env python3
"""Check an exported audit log without its server, its database or its operator.

    python offline_verifier.py LOG --key "NAME+1234abcd+AXyz…" [--against OLDER]

LOG is what `export_audit` wrote. The key is the log's public key, which you noted on
the day you first met this log: never take it from the file that you check. OLDER is
an export that you kept; it shows whether the log has since been rewritten.

The file is one line for each thing, in order:

    log <origin>
    entry <position> <hash> <the event as JSON, or null when it is missing>
    checkpoint <a signed note as a JSON string>
    waiting <number of the event that is not yet in the tree>
    detail <number of the event> <salt> <the details as JSON>

Hashes and salts are hexadecimal. The tree is that of RFC 6962, checkpoints are
signed notes of C2SP (tlog-checkpoint, Ed25519). Needs Python 3.12 and `cryptography`.
"""

import argparse
import base64
import binascii
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = b"\x01"


class Wrong(Exception):
    """The first thing in the log that is not as it has to be."""


@dataclass
class Report:
    """What was found in a log that holds together."""

    entries: int = 0
    checkpoints: int = 0
    covered: int = 0
    """How many entries the last checkpoint vouches for."""
    details: int = 0
    waiting: list[str] = field(default_factory=list)


# --- hashes (RFC 6962, section 2.1)


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """The root of a growing tree, from the hashes of its complete parts alone."""

    def __init__(self) -> None:
        self.size = 0
        self.parts: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        self.size += 1
        self.parts.append((1, leaf))
        while len(self.parts) > 1 and self.parts[-1][0] == self.parts[-2][0]:
            (_, right), (size, left) = self.parts.pop(), self.parts.pop()
            self.parts.append((size * 2, node_hash(left, right)))

    @property
    def root(self) -> bytes:
        if not self.parts:
            return hashlib.sha256(b"").digest()
        *before, (_, root) = self.parts
        for _, left in reversed(before):
            root = node_hash(left, root)
        return root


def inclusion_holds(
    leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether `proof` shows `leaf` at `position` under `root` (RFC 9162, 2.1.3.2)."""
    if not 0 <= position < size:
        return False
    at, last, found = position, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(other, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, other)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def consistency_holds(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """Whether `proof` shows the old tree inside the new one (RFC 9162, 2.1.4.2)."""
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
            before, after = node_hash(other, before), node_hash(other, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, other)
        at, last = at >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


# --- checkpoints (C2SP signed notes)


@dataclass(frozen=True)
class Key:
    """The public key of a log: `name+id+key`, as C2SP writes it."""

    name: str
    id: bytes
    public: bytes

    @classmethod
    def of(cls, name: str, public: bytes) -> "Key":
        digest = hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()
        return cls(name, digest[:4], public)

    @classmethod
    def read(cls, text: str) -> "Key":
        try:
            name, given, blob = text.strip().split("+", 2)
            key = base64.b64decode(blob, validate=True)
        except (ValueError, binascii.Error) as error:
            raise Wrong("the key is not of the form name+id+key") from error
        found = cls.of(name, key[1:])
        if key[:1] != ED25519 or len(key) != 33 or found.id.hex() != given:
            raise Wrong("the key does not fit its own id")
        return found

    def __str__(self) -> str:
        blob = base64.b64encode(ED25519 + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{blob}"


def statement(origin: str, size: int, root: bytes) -> str:
    """What a checkpoint says, and its signature covers."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def read_checkpoint(note: str, key: Key) -> tuple[str, int, bytes]:
    """Origin, size and root of a checkpoint that `key` has signed."""
    text, _, signatures = note.partition("\n\n")
    text += "\n"
    for line in signatures.splitlines():
        dash, _, rest = line.partition(" ")
        name, _, blob = rest.partition(" ")
        if dash == "—" and name == key.name and _signed(text, blob, key):
            origin, size, root = text.split("\n")[:3]
            return origin, int(size), base64.b64decode(root)
    raise Wrong("its signature is not by the given key")


def _signed(text: str, blob: str, key: Key) -> bool:
    try:
        raw = base64.b64decode(blob, validate=True)
        public = Ed25519PublicKey.from_public_bytes(key.public)
        public.verify(raw[4:], text.encode())
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return raw[:4] == key.id


# --- the whole log


def check(lines: Iterable[str], key: Key) -> Report:
    """What a log holds, or Wrong, which names the first bad entry."""
    report, tree, commitments = Report(), Tree(), {}
    for line in lines:
        kind, _, rest = line.rstrip("\n").partition(" ")
        match kind:
            case "log":
                if rest != key.name:
                    raise Wrong(f"this is the log “{rest}”, not “{key.name}”")
            case "entry":
                event = _entry(rest, tree)
                commitments[str(event["id"])] = event["commitment"]
                report.entries += 1
            case "checkpoint":
                _checkpoint(str(json.loads(rest)), tree, key, report)
            case "detail":
                _detail(rest, commitments)
                report.details += 1
            case "waiting":
                report.waiting.append(rest)
            case _:
                raise Wrong(f"a line of an unknown kind: {kind[:20]}")
    if report.entries and not report.checkpoints:
        raise Wrong("no checkpoint vouches for any entry")
    return report


def _entry(rest: str, tree: Tree) -> dict[str, object]:
    position, given, text = rest.split(" ", 2)
    if position != str(tree.size):
        raise Wrong(f"entry {tree.size} is missing: after it comes {position}")
    if text == "null":
        raise Wrong(f"entry {position} is missing: its event is gone")
    event = json.loads(text)
    if not isinstance(event, dict):
        raise Wrong(f"entry {position} is no event")
    if leaf_hash(text.encode()).hex() != given:
        raise Wrong(f"entry {position} (event {event['id']}) was changed")
    tree.add(bytes.fromhex(given))
    return event


def _checkpoint(note: str, tree: Tree, key: Key, report: Report) -> None:
    try:
        origin, size, root = read_checkpoint(note, key)
    except Wrong as wrong:
        raise Wrong(f"the checkpoint after entry {tree.size - 1}: {wrong}") from None
    if origin != key.name:
        raise Wrong(f"a checkpoint of another log: {origin}")
    if size != tree.size:
        raise Wrong(
            f"a checkpoint vouches for {size} entries where there are {tree.size}"
        )
    if root != tree.root:
        raise Wrong(
            f"the entries {report.covered} to {size - 1} are not those that were "
            "signed: one of them was exchanged, together with its hash"
        )
    report.covered = size
    report.checkpoints += 1


def _detail(rest: str, commitments: dict[str, object]) -> None:
    event, salt, text = rest.split(" ", 2)
    found = hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()
    if commitments.get(event) != found:
        raise Wrong(f"the details of event {event} were changed")


def compare(lines: Iterable[str], older: Iterable[str]) -> None:
    """Wrong, naming the first entry in which the log differs from an older export."""
    now = _entries(lines)
    for before in _entries(older):
        position = before.split(" ", 1)[0]
        after = next(now, None)
        if after is None:
            raise Wrong(f"entry {position} was there before and is gone")
        if after != before:
            raise Wrong(f"entry {position} is not what it was in the older export")


def _entries(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        kind, _, rest = line.rstrip("\n").partition(" ")
        if kind == "entry":
            yield rest


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description="Check an exported audit log without its server."
    )
    parser.add_argument("log", type=Path)
    parser.add_argument("--key", required=True, help="public key: name+id+key")
    parser.add_argument("--against", type=Path, help="an export that you kept")
    asked = parser.parse_args(words)
    say = sys.stdout.write
    try:
        with asked.log.open(encoding="utf-8") as lines:
            report = check(lines, Key.read(asked.key))
        if asked.against:
            with (
                asked.log.open(encoding="utf-8") as lines,
                asked.against.open(encoding="utf-8") as older,
            ):
                compare(lines, older)
    except Wrong as wrong:
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
    if report.waiting:
        say(f"{len(report.waiting)} newer events wait to be sealed.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
