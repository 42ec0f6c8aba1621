"""A brief as it is now: its parts in each language, with its figures filled in.

Whoever writes puts a figure's name in braces, {I21}; the number itself is filled in
when the brief is read, so nobody can mistype it, and none that is not shown gets in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from amana.insight.briefs import figures
from amana.insight.briefs.figures import Chart, Safe
from amana.insight.briefs.models import Brief, Passage
from amana.insight.briefs.parts import FIGURES, PARTS, Section

PLACE = re.compile(r"\{([^{}\n]{1,40})\}")
DAYS = ("since", "until", "by_when")
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True)
class Text:
    """All that is written in a brief."""

    brief: Brief
    passages: Mapping[tuple[str, str], Passage]

    @cached_property
    def figures(self) -> Mapping[str, Safe]:
        """Those that may stand in it: as published, or as counted today."""
        if self.brief.is_published:
            return figures.stored(self.brief.counted["figures"])
        if self.brief.release is not None:
            return figures.of_release(self.brief.release)
        return figures.offered(self.brief.year, self.brief.gap)

    @cached_property
    def chart(self) -> Chart | None:
        """The first number by groups, where one was chosen."""
        if self.brief.is_published:
            return figures.stored_chart(self.brief.counted["chart"])
        by, name = self.raw("chart"), self.raw(FIGURES[0])
        if not by or name not in self.figures:
            return None
        return figures.chart(name, by, self.brief.year)

    @cached_property
    def until(self) -> date:
        """The last day that is counted."""
        if self.brief.is_published:
            return date.fromisoformat(self.brief.counted["until"])
        if self.brief.release is not None:
            return self.brief.release.until - timedelta(days=1)
        return figures.until(self.brief.year)

    def raw(self, part: str, language: str = "") -> str:
        """As it was written, with the names of figures."""
        spoken = PARTS[part].is_spoken
        found = self.passages.get((part, language if spoken else ""))
        return found.words if found else ""

    def said(self, part: str, language: str) -> str:
        """As it is read, in the language that is active."""
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
            return as_day(self.raw(name)) if self.raw(name) else "…"
        return as_day(
            f"{self.brief.year}-01-01" if name == "since" else f"{self.until}"
        )

    def unknown(self, part: str, language: str) -> list[str]:
        """Names in braces that stand for nothing that may be shown."""
        names = PLACE.findall(self.raw(part, language))
        return [name for name in names if name not in (*DAYS, *self.figures)]

    @property
    def used(self) -> dict[str, Safe]:
        """The figures that stand in it, in any language."""
        names = {self.raw(one) for one in FIGURES}
        for passage in self.passages.values():
            names.update(PLACE.findall(passage.words))
        names.add(self.brief.about)
        return {name: one for name, one in self.figures.items() if name in names}

    def newest(self, section: Section, language: str) -> int:
        """Of a section's passages, the one written last."""
        keys = ((one.code, language if one.is_spoken else "") for one in section.parts)
        return max(
            (self.passages[key].pk for key in keys if key in self.passages), default=0
        )

    @property
    def latest(self) -> int:
        """Of all passages, the one written last."""
        return max((one.pk for one in self.passages.values()), default=0)

    def score(self, option: str, criterion: str) -> str:
        return self.raw(f"{option}_{criterion}")


def text_of(brief: Brief) -> Text:
    return Text(brief, brief.passages.all().newest())


def as_day(written: str) -> str:
    return date_format(date.fromisoformat(written), _("j F Y"))
