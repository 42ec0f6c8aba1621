"""What an exercise on paper is made from: a scenario and its mechanism, in one
language; used while that language is the active one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from amana.academy.exercises import labels
from amana.academy.exercises.engine.scenario import (
    ActPattern,
    Agency,
    OpeningHours,
    Scenario,
    Text,
)
from amana.academy.exercises.shipped_scenarios import ShippedScenario
from amana.design.mechanism.documents.source import PrintSource, build_file_edition
from amana.design.mechanism.labels import WEEKDAYS
from amana.design.mechanism.pack import files, reading
from amana.design.pathway.pathway_model import choose_words
from amana.ui.labels import format_list
from amana.working_time import TimeSpan

WHOLE_WEEK = 7
AT = "__:__"
"""Where a time is noted by hand."""


@dataclass(frozen=True)
class KitSource:
    scenario: Scenario
    mechanism: PrintSource

    @classmethod
    def read(cls, shipped: ShippedScenario, language: str) -> Self:
        content = files.read_folder(shipped.mechanism)
        pack, _faults = reading.read_pack(content)
        assert pack is not None  # or the scenario had not been loaded
        edition = build_file_edition(content)
        return cls(shipped.scenario, PrintSource(pack, language, edition))

    @property
    def language(self) -> str:
        return self.mechanism.language

    def say(self, text: Text) -> str:
        return choose_words(text, self.language, self.scenario.languages[0])

    # -- times

    def compute_time(self, span: TimeSpan | None) -> datetime:
        """Compute when that is in the exercise: so long after its start."""
        start = self.scenario.start
        if span is None:
            return start
        at = span.after(start, self.mechanism.pack.calendar)
        return at.astimezone(start.tzinfo)

    def format_time(self, at: datetime) -> str:
        return date_format(at, _("j F, H:i"))

    # -- names

    def name_seats(self, codes: Iterable[str]) -> str:
        return format_list(self.say(self.scenario.seats[code].title) for code in codes)

    def name_agency(self, code: str) -> str:
        return self.mechanism.organisation(code)

    def format_act(self, pattern: ActPattern) -> str:
        """Format an act, and of whom or towards whom it is."""
        whom = []
        if pattern.person:
            whom.append(self.scenario.people[pattern.person].name)
        if pattern.recipient:
            whom.append(self.name_agency(pattern.recipient))
        act = str(labels.ACTS[pattern.act])
        return f"{act} ({format_list(whom)})" if whom else act

    def format_hours(self, agency: Agency) -> str:
        if not agency.hours:
            return _("always open")
        return format_list(format_opening(hours) for hours in agency.hours)


def format_opening(hours: OpeningHours) -> str:
    times = f"{hours.opens:%H:%M}–{hours.closes:%H:%M}"
    if len(hours.days) == WHOLE_WEEK:
        return _("every day %(times)s") % {"times": times}
    names = list(WEEKDAYS.values())
    days = format_list(names[day] for day in sorted(hours.days))
    return f"{days} {times}"
