"""From a gap or an indicator to what a draft begins with."""

from collections.abc import Mapping
from dataclasses import dataclass

from amana.insight.briefs import naming
from amana.insight.briefs.drafting import Start
from amana.insight.briefs.figures import Safe

BESIDE = ("I26", "I20", "I21", "I13", "I24", "I45", "I12", "I19", "I01")
"""What stands beside the first number, as far as it may be shown."""


@dataclass(frozen=True)
class Beginning:
    """What a brief is to be about."""

    code: str
    gap: str = ""


def starts(beginning: Beginning, offered: Mapping[str, Safe]) -> Start:
    """In the language that is active."""
    names = [one for one in (beginning.code, *BESIDE) if one in offered]
    chosen = list(dict.fromkeys(names))[:3]
    return Start(
        what=naming.title(beginning.code),
        code=beginning.code,
        figures=chosen,
        titles={one: naming.title(one) for one in chosen},
    )
