"""Many cases, replayed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from amana.design.pathway.conformance.deviations import DeviationKind
from amana.design.pathway.conformance.replay import find_deviations
from amana.design.pathway.pathway_model import Pathway
from amana.design.pathway.run_events import RunEvent
from amana.design.pathway.run_state import split_key


@dataclass(frozen=True)
class Conformance:
    """Many cases, replayed."""

    cases: int
    facts: int
    conforming: int
    kinds: Mapping[DeviationKind, int]
    steps: Mapping[str, int]
    """How often each step was concerned, items taken together; the most often first."""

    @property
    def share(self) -> float:
        return self.conforming / self.cases if self.cases else 1.0


def measure_conformance(
    pathway: Pathway,
    cases: Iterable[Sequence[RunEvent]],
    *,
    now: datetime | None = None,
) -> Conformance:
    kinds: Counter[DeviationKind] = Counter()
    steps: Counter[str] = Counter()
    count = facts = conforming = 0
    for case in cases:
        found = find_deviations(pathway, case, now=now)
        count, facts = count + 1, facts + len(case)
        conforming += not found
        for deviation in found:
            kinds[deviation.kind] += 1
            if deviation.step:
                steps[split_key(deviation.step)[0]] += 1
    most = dict(steps.most_common())
    return Conformance(count, facts, conforming, dict(kinds.most_common()), most)
