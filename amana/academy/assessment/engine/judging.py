"""What a judgement comes to: levels by criterion, in the order of the rubric.

Work passes when every critical criterion is at its highest level and no criterion is at
its lowest. A critical one below its highest fails the work, whatever the rest says.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

type Rubric = Sequence[Mapping[str, Any]]
"""As a course is compiled: {criterion, critical, human, levels: [{level, text}]}."""


@dataclass(frozen=True)
class MarkOutcome:
    passed: bool
    failed: tuple[int, ...]
    """Critical criteria that are not met: each alone fails the work."""
    missing: tuple[int, ...]
    """Others at their lowest level."""


def compute_fingerprint(rubric: Rubric) -> str:
    """Compute the hash of the wording by which an assessor judged."""
    plain = json.dumps(list(rubric), ensure_ascii=False, sort_keys=True)
    return sha256(plain.encode()).hexdigest()


def has_fitting_levels(rubric: Rubric, levels: Sequence[int]) -> bool:
    """Check for one level for each criterion, and one that it has."""
    return len(levels) == len(rubric) and all(
        0 <= level < len(criterion["levels"])
        for criterion, level in zip(rubric, levels, strict=True)
    )


def compute_outcome(rubric: Rubric, levels: Sequence[int]) -> MarkOutcome:
    failed, missing = [], []
    for at, (criterion, level) in enumerate(zip(rubric, levels, strict=True)):
        if criterion["critical"] and level < len(criterion["levels"]) - 1:
            failed.append(at)
        elif level == 0:
            missing.append(at)
    return MarkOutcome(not failed and not missing, tuple(failed), tuple(missing))


def normalise_text(text: str) -> str:
    """Normalise a text, however the lines were broken where it was copied from."""
    return " ".join(text.split()).casefold()


def has_passage(text: str, passage: str) -> bool:
    """Check whether a passage is in a text."""
    return bool(normalise_text(passage)) and normalise_text(passage) in normalise_text(
        text
    )
