"""A brief as it is now: its parts in each language, with its figures filled in.

A writer types a figure's name in braces, {I21}; the number itself is filled in when
the brief is read, so it can't be mistyped, and none that is not shown gets in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from amana.insight.briefs import cited_figures
from amana.insight.briefs.cited_figures import Citation, FigureChart, SafeFigure
from amana.insight.briefs.models import Brief, BriefKind, Passage
from amana.insight.briefs.parts import FIGURES, PARTS, BriefSection
from amana.insight.release.models import Release
from amana.insight.release.models import ReleaseState as Proposed
from amana.language_folders import list_complete_languages

PLACE = re.compile(r"\{([^{}\n]{1,40})\}")
DAYS = ("since", "until", "by_when")
LANGUAGES = list_complete_languages("amana/insight/briefs")
"""Those in which a brief can be drafted: its sentences are texts of the pages."""


@dataclass(frozen=True)
class BriefText:
    """All that is written in a brief."""

    brief: Brief
    passages: Mapping[tuple[str, str], Passage]

    @property
    def waiting(self) -> Release | None:
        """The release that is signed when the brief is published."""
        release = self.brief.release
        return release if release and release.state == Proposed.PROPOSED else None

    @cached_property
    def figures(self) -> Mapping[str, SafeFigure]:
        """Those that may be in it: as published, or as they would be today."""
        brief = self.brief
        if brief.is_published:
            return cited_figures.map_cited(brief.cited, brief.gap)
        if brief.kind == BriefKind.REPORT and brief.release is not None:
            return cited_figures.map_signed(brief.release)
        return cited_figures.map_offered(brief.year, brief.gap, self.waiting)

    @cached_property
    def chart(self) -> FigureChart | None:
        """The first number by groups, where one was chosen."""
        by, name = self.raw("chart"), self.raw(FIGURES[0])
        if self.brief.is_published:
            return cited_figures.build_cited_chart(
                name, by, self.brief.cited.get(cited_figures.CHART)
            )
        if not by or name not in self.figures:
            return None
        return cited_figures.build_chart(
            name, by, cited_figures.list_sources(self.brief.year, self.waiting)
        )

    @cached_property
    def cites(self) -> list[Citation]:
        """What is in it, each with its release; the chart too."""
        gap = self.brief.gap
        found = [
            Citation(
                name,
                figure.title,
                cited_figures.get_table(name, gap),
                figure.until,
                figure.release,
            )
            for name, figure in self.used.items()
        ]
        # A chart is a table of its own: its groups are published with it, and need the
        # same two signatures.
        if chart := self.chart:
            table = cited_figures.get_chart_table(chart.name, chart.by)
            cite = Citation(
                cited_figures.CHART, chart.title, table, chart.until, chart.release
            )
            found.append(cite)
        return found

    @cached_property
    def until(self) -> date:
        """The last day that is counted."""
        if self.brief.kind == BriefKind.REPORT and self.brief.release is not None:
            return self.brief.release.until - timedelta(days=1)
        days = [figure.until for figure in self.used.values() if figure.until]
        # The earliest: what the brief says of its period has to be true of each figure.
        return min(days) if days else cited_figures.get_last_day(self.brief.year)

    def raw(self, part: str, language: str = "") -> str:
        """Return a part as it was written, with the names of figures."""
        spoken = PARTS[part].is_spoken
        found = self.passages.get((part, language if spoken else ""))
        return found.words if found else ""

    def said(self, part: str, language: str) -> str:
        """Return a part as it is read, in the language that is active."""
        return PLACE.sub(self._figure, self.raw(part, language))

    def _figure(self, found: re.Match[str]) -> str:
        name = found[1]
        if name in DAYS:
            return self.day(name)
        if one := self.figures.get(name):
            return one.words
        return _("(a figure that is not shown)")

    def day(self, name: str) -> str:
        if name == "by_when":
            return format_day(self.raw(name)) if self.raw(name) else "…"
        return format_day(
            f"{self.brief.year}-01-01" if name == "since" else f"{self.until}"
        )

    def unknown(self, part: str, language: str) -> list[str]:
        """List the names in braces that stand for nothing that may be shown."""
        names = PLACE.findall(self.raw(part, language))
        return [name for name in names if name not in (*DAYS, *self.figures)]

    @cached_property
    def used(self) -> dict[str, SafeFigure]:
        """The figures that are in it, in any language."""
        names = {self.raw(figure) for figure in FIGURES}
        for passage in self.passages.values():
            names.update(PLACE.findall(passage.words))
        return {name: figure for name, figure in self.figures.items() if name in names}

    def newest(self, section: BriefSection, language: str) -> int:
        """Return the id of the section's passage that was written last."""
        keys = (
            (part.code, language if part.is_spoken else "") for part in section.parts
        )
        return max(
            (self.passages[key].pk for key in keys if key in self.passages), default=0
        )

    @property
    def latest(self) -> int:
        """Of all passages, the one written last."""
        return max((passage.pk for passage in self.passages.values()), default=0)

    def score(self, option: str, criterion: str) -> str:
        return self.raw(f"{option}_{criterion}")


def load_text(brief: Brief) -> BriefText:
    return BriefText(brief, brief.passages.all().newest())


def format_day(written: str) -> str:
    return date_format(date.fromisoformat(written), _("j F Y"))
