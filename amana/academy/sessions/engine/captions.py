"""Captions as WebVTT (W3C, 2019): read as strictly as players need it."""

import re
from dataclasses import dataclass

LARGEST = 500_000
STAMP = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMES = re.compile(rf"^{STAMP}[ \t]+-->[ \t]+{STAMP}(?:[ \t]+\S.*)?$")
NOT_CUES = ("NOTE", "STYLE", "REGION")


class Faulty(Exception):
    """What is wrong, and in which line."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(line, what)
        self.line = line
        self.what = what


@dataclass(frozen=True)
class Cue:
    start: float
    end: float
    text: str


def read(blob: bytes) -> list[Cue]:
    """Read every caption. Raises `Faulty`: `size`, `encoding`, `header`, `times`,
    `order`, `empty`.
    """
    if len(blob) > LARGEST:
        raise Faulty(0, "size")
    try:
        text = blob.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Faulty(0, "encoding") from error
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not re.match(r"^WEBVTT(?:[ \t].*)?$", lines[0]):
        raise Faulty(1, "header")
    cues: list[Cue] = []
    for first, block in blocks(lines[1:]):
        if block[0].startswith(NOT_CUES) and "-->" not in block[0]:
            continue
        cues.append(cue_of(first, block))
        if len(cues) > 1 and cues[-1].start < cues[-2].start:
            raise Faulty(first, "order")
    if not cues:
        raise Faulty(0, "empty")
    return cues


def blocks(lines: list[str]) -> list[tuple[int, list[str]]]:
    """Split the lines at empty ones, each block with the number of its first line."""
    found: list[tuple[int, list[str]]] = []
    gap = True
    for number, line in enumerate(lines, 2):
        if line.strip() and gap:
            found.append((number, [line]))
        elif line.strip():
            found[-1][1].append(line)
        gap = not line.strip()
    return found


def cue_of(first: int, block: list[str]) -> Cue:
    # A cue may begin with a name of its own, before its times.
    place = 0 if "-->" in block[0] else 1
    times = TIMES.match(block[place]) if place < len(block) else None
    if times is None:
        raise Faulty(first + place, "times")
    start, end = seconds(times.groups()[:4]), seconds(times.groups()[4:])
    if end <= start:
        raise Faulty(first + place, "times")
    words = "\n".join(block[place + 1 :])
    return Cue(start, end, re.sub(r"<[^>\n]*>", "", words).strip())


def seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, whole, thousandths = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + whole + thousandths / 1000
