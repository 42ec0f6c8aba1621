"""Captions as WebVTT (W3C, 2019): read as strictly as players need it."""

import re
from dataclasses import dataclass

LARGEST = 500_000
STAMP = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMES = re.compile(rf"^{STAMP}[ \t]+-->[ \t]+{STAMP}(?:[ \t]+\S.*)?$")
NOT_CUES = ("NOTE", "STYLE", "REGION")


class FaultyCaptions(Exception):
    """What is wrong, and in which line."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(line, what)
        self.line = line
        self.what = what


@dataclass(frozen=True)
class CaptionCue:
    start: float
    end: float
    text: str


def read(blob: bytes) -> list[CaptionCue]:
    """Read every caption. Raises `FaultyCaptions`: `size`, `encoding`, `header`,
    `times`,
    `order`, `empty`.
    """
    if len(blob) > LARGEST:
        raise FaultyCaptions(0, "size")
    try:
        text = blob.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FaultyCaptions(0, "encoding") from error
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not re.match(r"^WEBVTT(?:[ \t].*)?$", lines[0]):
        raise FaultyCaptions(1, "header")
    cues: list[CaptionCue] = []
    for first, block in split_blocks(lines[1:]):
        if block[0].startswith(NOT_CUES) and "-->" not in block[0]:
            continue
        cues.append(parse_cue(first, block))
        if len(cues) > 1 and cues[-1].start < cues[-2].start:
            raise FaultyCaptions(first, "order")
    if not cues:
        raise FaultyCaptions(0, "empty")
    return cues


def split_blocks(lines: list[str]) -> list[tuple[int, list[str]]]:
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


def parse_cue(first: int, block: list[str]) -> CaptionCue:
    # A cue may begin with a name of its own, before its times.
    place = 0 if "-->" in block[0] else 1
    times = TIMES.match(block[place]) if place < len(block) else None
    if times is None:
        raise FaultyCaptions(first + place, "times")
    start, end = parse_seconds(times.groups()[:4]), parse_seconds(times.groups()[4:])
    if end <= start:
        raise FaultyCaptions(first + place, "times")
    words = "\n".join(block[place + 1 :])
    return CaptionCue(start, end, re.sub(r"<[^>\n]*>", "", words).strip())


def parse_seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, whole, thousandths = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + whole + thousandths / 1000
