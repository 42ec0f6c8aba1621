"""From a gap, an indicator or what was tried to what a draft begins with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from amana.insight.briefs import funding, labels
from amana.insight.briefs.cited_figures import SafeFigure
from amana.insight.briefs.drafting import CAUSES, DraftBeginning, format_placeholder
from amana.insight.costing import scenario_outcomes
from amana.insight.costing.models import Scenario
from amana.insight.feedback import heard
from amana.insight.feedback.themes import Theme
from amana.insight.gaps import gap_view
from amana.insight.gaps import labels as gap_labels
from amana.insight.gaps.finding import EVERYWHERE, Gap, GapKind
from amana.insight.gaps.gap_view import GapView

BESIDE = ("I26", "I20", "I21", "I13", "I24", "I45", "I12", "I19", "I01")
"""What is shown next to the first number, as far as it may be."""
MOST_CAUSES, MOST_VOICES = 4, 4


@dataclass(frozen=True)
class BriefSubject:
    """What a brief is to be about."""

    code: str
    gap: str = ""
    scenario: Scenario | None = None


def find_gap_key(scenario: Scenario) -> str:
    """Find the gap that it would close, by the kind of service and the area it was
    simulated for."""
    if not scenario.service_type:
        return ""
    area = scenario.area.code if scenario.area else EVERYWHERE
    found = gap_view.build_look().at(scenario.service_type, area)
    return ".".join(found[0].key) if found else ""


@dataclass(frozen=True)
class DraftWriter:
    """Reads once what there is, and formats it in each language."""

    beginning: BriefSubject
    offered: Mapping[str, SafeFigure]

    @cached_property
    def look(self) -> GapView:
        return gap_view.build_look()

    @cached_property
    def gap(self) -> Gap | None:
        key = tuple(self.beginning.gap.split("."))
        return self.look.by_key.get(key) if len(key) == 3 else None

    @cached_property
    def themes(self) -> dict[Theme, int]:
        return heard.list_themes()

    def start(self) -> DraftBeginning:
        """Build what a draft begins with, in the language that is active."""
        first = ("gap", "gap.unmet", self.beginning.code)
        names = [name for name in (*first, *BESIDE) if name in self.offered]
        chosen = list(dict.fromkeys(names))[:3]
        code = self.beginning.code
        gap = self.beginning.gap
        return DraftBeginning(
            what=labels.format_gap(gap) if gap else labels.format_title(code),
            code="gap.unmet" if "gap.unmet" in self.offered else code,
            figures=chosen,
            kind=str(self.gap.kind) if self.gap else "",
            voices=self.voices(),
            causes=self.causes(),
            funding=funding.list_funding_lines(timezone.localdate()),
            inaction=funding.describe_inaction(labels.parse_gap(gap)[0] if gap else ""),
            titles={name: self.offered[name].title for name in chosen},
            **self.tried(),
        )

    def voices(self) -> list[str]:
        """List themes that enough different people mentioned; never their words."""
        # Without how many people mentioned it: that number is in no release (ADR 33).
        said = list(self.themes)[:MOST_VOICES]
        return [
            _("%(theme)s: different people mentioned this, independently of each other")
            % {"theme": theme.label}
            for theme in said
        ]

    def causes(self) -> list[str]:
        """List the causes in words, with the one figure that goes out with the brief:
        those on the page of a gap are in no release."""
        if self.gap is None:
            return []
        said = list(self.of_services(self.gap))[:MOST_CAUSES]
        if labels.UNMET in self.offered:
            said.append(
                _("Of those who needed it, nothing acceptable was found for %(unmet)s.")
                % {"unmet": format_placeholder(labels.UNMET)}
            )
        return said

    def of_services(self, gap: Gap) -> Iterator[str]:
        """Describe each kind of gap that it is, without a figure of people."""
        for kind in (gap.kind, *gap.also):
            if kind == GapKind.INACCESSIBLE and gap.barrier is not None:
                yield gap_labels.describe_barrier(gap.barrier, gap, self.look.assumed)
            elif kind == GapKind.UNFUNDED:
                yield gap_labels.describe_ending(
                    gap.facing, gap.cells[0], self.look.assumed
                )
            else:
                yield str(CAUSES[kind])

    def tried(self) -> dict[str, str]:
        if self.beginning.scenario is None:
            return {}
        outcome = scenario_outcomes.load_outcome(self.beginning.scenario)
        return {
            "option": outcome.title,
            "effect": f"{outcome.waiting} {format_everywhere()}",
            "cost": outcome.money,
        }


def format_everywhere() -> str:
    return _("This was simulated with invented people, for the whole country.")
