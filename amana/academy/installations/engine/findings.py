"""What a check found: sentences with their values, for the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class CheckFinding:
    """A sentence of what was found, or of what to do."""

    sentence: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class CheckResult:
    """Whether work has what a check asks for, with what was found; where it has not,
    what to do comes after it."""

    check: str
    is_met: bool
    findings: tuple[CheckFinding, ...]

    def convert_to_plain(self) -> dict[str, Any]:
        return {
            "check": self.check,
            "met": self.is_met,
            "found": [[f.sentence, dict(f.values)] for f in self.findings],
        }


def build_finding(sentence: str, **values: object) -> CheckFinding:
    return CheckFinding(sentence, values)
