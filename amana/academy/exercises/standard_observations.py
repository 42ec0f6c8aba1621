"""What observers of an exercise look for: `observations.yaml` has it."""

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from amana.reviewed_files import Text, read_reviewed

FILE = Path(__file__).with_name("observations.yaml")


LEVELS: tuple[Text, ...] = (_("not done"), _("seen in part"), _("seen"))
"""How far something was seen, the least first."""
NO_OCCASION = _("no occasion")


@dataclass(frozen=True)
class StandardObservedCriterion:
    title: Text
    seen_by: Text
    why: Text


def read_observations(file: Path) -> dict[str, StandardObservedCriterion]:
    """Read what is looked for, by its codes. Raises FaultyFile."""
    entries = read_reviewed(file)
    return {
        code: StandardObservedCriterion(**entry)
        for code, entry in entries["observations"].items()
    }


OBSERVED = read_observations(FILE)
