#!/usr/bin/env python3
"""Cosign checkpoints of logs, on a machine that has no network (C2SP tlog-witness).

    python offline_witness.py new NAME                   makes witness.json; its key
    python offline_witness.py log "NAME+1234abcd+AXyz…"  lets a log's key in
    python offline_witness.py cosign < request           answers one request

A request is the text that the log's page shows, also as a QR code; the answer is one
line, to be typed in or carried back. `witness.json` holds the private key, and how far
each log has been seen: keep it in one place only, and never put back an older copy.
What is signed only ever grows: a log that was cut back or forked is refused.

Needs Python 3.12, `cryptography`, and `offline_verifier.py` beside this file.
"""

import base64
import binascii
import json
import os
import struct
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

if __package__:
    from amana.trust.audit.offline_verifier import (
        COSIGNATURE,
        Key,
        Seen,
        Wrong,
        consistency_holds,
        cosigned_text,
        head_of,
        read_checkpoint,
        split_note,
    )
else:
    from offline_verifier import (  # type: ignore[no-redef, import-not-found]
        COSIGNATURE,
        Key,
        Seen,
        Wrong,
        consistency_holds,
        cosigned_text,
        head_of,
        read_checkpoint,
        split_note,
    )

MOST_LINES = 63
LARGEST = 1 << 63
EMPTY = bytes.fromhex(
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)
"""The root of a log without entries."""


@dataclass(frozen=True)
class Request:
    """What a log asks: from where it was seen, the proof, and its new checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: str
    seen: Seen


class Refusal(Exception):
    """Why a checkpoint is not cosigned, as the protocol has it."""

    def __init__(self, status: int, body: str = "") -> None:
        super().__init__(f"{status} {body}".strip())
        self.status = status
        self.body = body


class Contradiction(Refusal):
    """The log has signed two trees of one size."""


# --- what a request is


def write_request(old: int, proof: Sequence[bytes], note: str) -> str:
    lines = [base64.b64encode(hash_).decode() for hash_ in proof]
    return "\n".join([f"old {old}", *lines, "", note])


def read_request(text: str) -> Request:
    """Read a request. Raises `Refusal` 400 if it is none."""
    above, middle, note = text.partition("\n\n")
    first, *proof = above.split("\n")
    word, _, number = first.partition(" ")
    try:
        old = int(number)
        hashes = tuple(base64.b64decode(line, validate=True) for line in proof)
        seen = head_of(note)
    except (ValueError, binascii.Error, Wrong) as error:
        raise Refusal(400) from error
    fits = word == "old" and str(old) == number and number.isascii()
    fits = fits and seen.size < LARGEST
    whole = middle and note.endswith("\n") and {len(hash_) for hash_ in hashes} <= {32}
    if not fits or not whole or len(hashes) > MOST_LINES or not 0 <= old <= seen.size:
        raise Refusal(400)
    return Request(old, hashes, note, seen)


# --- what is cosigned


def judge(request: Request, key: Key, size: int, root: bytes) -> None:
    """Check that the checkpoint may be cosigned by a witness who last saw `size`
    entries with this root. Raises `Refusal`.
    """
    try:
        read_checkpoint(request.note, key)
    except Wrong as error:
        raise Refusal(403) from error
    # 409 with the size, as the protocol has it: the log asks again from there.
    if request.old != size:
        raise Refusal(409, f"{size}\n")
    seen, root = request.seen, root if size else EMPTY
    if seen.size == size and seen.root != root:
        # Two trees of one size, both signed, prove that the log contradicts itself.
        raise Contradiction(409, f"{size}\n")
    if not consistency_holds(size, seen.size, request.proof, root, seen.root):
        raise Refusal(422)  # of a wrong proof: whoever has a checkpoint can send one


def new_private() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def key_of(private: Ed25519PrivateKey, name: str) -> Key:
    return Key.of(name, private.public_key().public_bytes_raw(), COSIGNATURE)


def cosign(private: Ed25519PrivateKey, name: str, note: str, at: int) -> str:
    """Write the signature line of a witness under a checkpoint (cosignature/v1)."""
    key = key_of(private, name)
    signature = private.sign(cosigned_text(at, split_note(note)[0]).encode())
    blob = base64.b64encode(key.id + struct.pack(">Q", at) + signature).decode()
    return f"— {name} {blob}\n"


# --- the machine without network


def answer(text: str, state: dict[str, Any], now: int) -> str:
    """Cosign, and record in `state` how far the log was seen. Raises `Refusal`."""
    request = read_request(text)
    log = state["logs"].get(request.seen.origin)
    if log is None:
        raise Refusal(404)
    judge(request, Key.read(log["key"]), log["size"], bytes.fromhex(log["root"]))
    log |= {"size": request.seen.size, "root": request.seen.root.hex()}
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(state["private"]))
    return cosign(private, state["name"], request.note, now)


def keep(file: Path, state: Mapping[str, Any]) -> None:
    """Write the state to the disk, before anything is answered."""
    draft = file.with_suffix(".new")
    draft.touch(mode=0o600)
    with draft.open("w", encoding="utf-8") as out:
        json.dump(state, out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    # Whole or not at all: a witness that forgot how far it saw would cosign a fork.
    draft.replace(file)


def main(words: Sequence[str]) -> int:
    file, say = Path("witness.json"), sys.stdout.write
    match words:
        case ["new", name] if not file.exists() and name and " " not in name:
            private = new_private()
            raw = private.private_bytes_raw().hex()
            keep(file, {"name": name, "private": raw, "logs": {}})
            say(f"{key_of(private, name)}\n")
        case ["log", text]:
            try:
                log = Key.read(text)
            except Wrong as wrong:
                say(f"REFUSED: {wrong}.\n")
                return 1
            state = json.loads(file.read_text())
            known = state["logs"].setdefault(log.name, {"size": 0, "root": ""})
            known["key"] = str(log)
            keep(file, state)
        case ["cosign"]:
            state = json.loads(file.read_text())
            text = sys.stdin.read().strip() + "\n"
            try:
                line = answer(text, state, int(time.time()))
            except Refusal as refusal:
                say(f"REFUSED: {refusal}. {WORDS.get(refusal.status, '')}\n")
                return 1
            keep(file, state)
            say(line)
        case _:
            say(__doc__ or "")
            return 2
    return 0


WORDS = {
    400: "This is no request.",
    403: "It is not signed by the log's key.",
    404: "This log was not let in.",
    409: "The log was last seen with so many entries; it asks from another place.",
    422: "The proof does not show that the log goes on from what was seen of it.",
}

if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
