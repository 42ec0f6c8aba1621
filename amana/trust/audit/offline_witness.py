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
        LogBroken,
        SeenCheckpoint,
        VerifierKey,
        format_cosigned_text,
        is_consistent,
        parse_head,
        read_checkpoint,
        split_note,
    )
else:
    from offline_verifier import (  # type: ignore[no-redef, import-not-found]
        COSIGNATURE,
        LogBroken,
        SeenCheckpoint,
        VerifierKey,
        format_cosigned_text,
        is_consistent,
        parse_head,
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
class CosignRequest:
    """What a log asks: from where it was seen, the proof, and its new checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: str
    seen: SeenCheckpoint


class CosignRefusal(Exception):
    """Why a checkpoint is not cosigned, as the protocol has it."""

    def __init__(self, status: int, body: str = "") -> None:
        super().__init__(f"{status} {body}".strip())
        self.status = status
        self.body = body


class LogContradiction(CosignRefusal):
    """The log has signed two trees of one size."""


# --- what a request is


def write_request(old: int, proof: Sequence[bytes], note: str) -> str:
    lines = [base64.b64encode(hash_).decode() for hash_ in proof]
    return "\n".join([f"old {old}", *lines, "", note])


def read_request(text: str) -> CosignRequest:
    """Read a request. Raises `CosignRefusal` 400 if it is none."""
    above, middle, note = text.partition("\n\n")
    first, *proof = above.split("\n")
    word, _, number = first.partition(" ")
    try:
        old = int(number)
        hashes = tuple(base64.b64decode(line, validate=True) for line in proof)
        seen = parse_head(note)
    except (ValueError, binascii.Error, LogBroken) as error:
        raise CosignRefusal(400) from error
    fits = word == "old" and str(old) == number and number.isascii()
    fits = fits and seen.size < LARGEST
    whole = middle and note.endswith("\n") and {len(hash_) for hash_ in hashes} <= {32}
    if not fits or not whole or len(hashes) > MOST_LINES or not 0 <= old <= seen.size:
        raise CosignRefusal(400)
    return CosignRequest(old, hashes, note, seen)


# --- what is cosigned


def check_request(
    request: CosignRequest, key: VerifierKey, size: int, root: bytes
) -> None:
    """Check that the checkpoint may be cosigned by a witness who last saw `size`
    entries with this root. Raises `CosignRefusal`.
    """
    try:
        read_checkpoint(request.note, key)
    except LogBroken as error:
        raise CosignRefusal(403) from error
    # 409 with the size, as the protocol has it: the log asks again from there.
    if request.old != size:
        raise CosignRefusal(409, f"{size}\n")
    seen, root = request.seen, root if size else EMPTY
    if seen.size == size and seen.root != root:
        # Two trees of one size, both signed, prove that the log contradicts itself.
        raise LogContradiction(409, f"{size}\n")
    if not is_consistent(size, seen.size, request.proof, root, seen.root):
        # A wrong proof: anyone who has a checkpoint can send one.
        raise CosignRefusal(422)


def generate_private_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def derive_key(private: Ed25519PrivateKey, name: str) -> VerifierKey:
    return VerifierKey.of(name, private.public_key().public_bytes_raw(), COSIGNATURE)


def cosign(private: Ed25519PrivateKey, name: str, note: str, at: int) -> str:
    """Write the signature line of a witness under a checkpoint (cosignature/v1)."""
    key = derive_key(private, name)
    signature = private.sign(format_cosigned_text(at, split_note(note)[0]).encode())
    blob = base64.b64encode(key.id + struct.pack(">Q", at) + signature).decode()
    return f"— {name} {blob}\n"


# --- the machine without network


def answer_request(text: str, state: dict[str, Any], now: int) -> str:
    """Cosign, and record in `state` how far the log was seen. Raises
    `CosignRefusal`."""
    request = read_request(text)
    log = state["logs"].get(request.seen.origin)
    if log is None:
        raise CosignRefusal(404)
    check_request(
        request, VerifierKey.read(log["key"]), log["size"], bytes.fromhex(log["root"])
    )
    log |= {"size": request.seen.size, "root": request.seen.root.hex()}
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(state["private"]))
    return cosign(private, state["name"], request.note, now)


def write_state(file: Path, state: Mapping[str, object]) -> None:
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
            private = generate_private_key()
            raw = private.private_bytes_raw().hex()
            write_state(file, {"name": name, "private": raw, "logs": {}})
            say(f"{derive_key(private, name)}\n")
        case ["log", text]:
            try:
                log = VerifierKey.read(text)
            except LogBroken as wrong:
                say(f"REFUSED: {wrong}.\n")
                return 1
            state = json.loads(file.read_text())
            known = state["logs"].setdefault(log.name, {"size": 0, "root": ""})
            known["key"] = str(log)
            write_state(file, state)
        case ["cosign"]:
            state = json.loads(file.read_text())
            text = sys.stdin.read().strip() + "\n"
            try:
                line = answer_request(text, state, int(time.time()))
            except CosignRefusal as refusal:
                say(f"REFUSED: {refusal}. {WORDS.get(refusal.status, '')}\n")
                return 1
            write_state(file, state)
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
